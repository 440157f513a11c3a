//! Twilio: SMS, MMS and the WhatsApp sender (channels.md §5, §6).

mod accounts;
mod content;
mod errors;
mod inbound;
mod messages;
mod refs;
mod segments;
mod whatsapp;

use bytes::Bytes;
use hmac::{Hmac, Mac as _};
use http::Method;
use sha1::Sha1;

use crate::callback::Ready;
use crate::fault::FaultKind;
use crate::front::Glance;
use crate::http::client::Outgoing;
use crate::http::{Incoming, Refusal, Reply, pairs};
use crate::ids::base64;
use crate::shared::Handle;
use crate::world::World;

pub(crate) use inbound::{inbound, stored};
use refs::authenticate;

/// An account.
#[derive(Clone, Debug)]
pub struct TwilioAccount {
    /// `AC` and 32 hex digits.
    pub account_sid: String,
    /// The secret of requests and of signatures.
    pub auth_token: String,
    /// `active`, `suspended` or `closed`.
    pub status: String,
    /// Its numbers.
    pub numbers: Vec<Number>,
    /// Its messaging services.
    pub services: Vec<Service>,
}

/// A number of an account.
#[derive(Clone, Debug, Default)]
pub struct Number {
    /// `PN` and 32 hex digits.
    pub sid: String,
    /// E.164.
    pub phone_number: String,
    /// Whether it sends pictures.
    pub mms: bool,
    /// Whether it is a WhatsApp sender, too.
    pub whatsapp: bool,
    /// Where incoming messages are told.
    pub sms_url: String,
    /// `POST` or `GET`.
    pub sms_method: String,
    /// Where the state of calls is told; messages have their own (empty for none).
    pub status_callback: String,
}

/// A messaging service: a pool of numbers with one behaviour.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// `MG` and 32 hex digits.
    pub sid: String,
    /// The numbers in it.
    pub numbers: Vec<String>,
    /// Where incoming messages are told.
    pub inbound_request_url: String,
    /// `POST` or `GET`.
    pub inbound_method: String,
    /// Where the state of messages is told when the message does not say.
    pub status_callback: String,
    /// Whether the number's own address is used instead.
    pub use_inbound_webhook_on_number: bool,
    /// Whether STOP and START are marked as such (`OptOutType`).
    pub advanced_opt_out: bool,
}

/// `X-Twilio-Signature` of a request: the address, and for each distinct pair in byte order its name and
/// its value, under HMAC-SHA1.
pub fn signature(auth_token: &str, url: &str, pairs: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = pairs.iter().collect();
    sorted.sort();
    sorted.dedup();
    let mut text = url.to_owned();
    for (name, value) in sorted {
        text.push_str(name);
        text.push_str(value);
    }
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(auth_token.as_bytes()) else { return String::new() };
    mac.update(text.as_bytes());
    base64(&mac.finalize().into_bytes())
}

/// A callback, made ready to be sent.
pub(crate) fn ready(
    world: &World,
    account_sid: &str,
    url: &str,
    get: bool,
    pairs: &[(String, String)],
    bad_signature: bool,
) -> Ready {
    let Some(account) = world.twilio.iter().find(|account| account.account_sid == account_sid) else {
        return Ready::Nowhere;
    };
    if url.is_empty() {
        return Ready::Nowhere;
    }
    let key = if bad_signature { "another key" } else { &account.auth_token };
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let (method, url, signed, body) = if get {
        let joint = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{joint}{form}");
        let signed = signature(key, &url, &[]);
        (Method::GET, url, signed, Bytes::new())
    } else {
        (Method::POST, url.to_owned(), signature(key, url, pairs), Bytes::from(form))
    };
    let mut headers = vec![
        ("x-twilio-signature", signed),
        ("user-agent", "TwilioProxy/1.1".to_owned()),
        ("accept", "*/*".to_owned()),
    ];
    if let Some((_, sid)) = pairs.iter().find(|(name, _)| name == "MessageSid") {
        headers.push(("i-twilio-idempotency-token", format!("token-{sid}")));
    }
    if !get {
        headers.push(("content-type", "application/x-www-form-urlencoded; charset=UTF-8".to_owned()));
    }
    Ready::Send(Outgoing { method, url, headers, body })
}

/// What a request is, before it is judged.
pub(crate) fn glance(request: &Incoming) -> Glance {
    let read = request.method == Method::GET;
    let verb =
        |read_word: &str, write_word: &str| if read { read_word.to_owned() } else { write_word.to_owned() };
    let parts = request.parts();
    let operation = match parts.as_slice() {
        ["2010-04-01", "Accounts", _, "Messages.json"] => verb("Messages.list", "Messages.create"),
        ["2010-04-01", "Accounts", _, "Messages", _, "Media", _] => "Media.fetch".to_owned(),
        ["2010-04-01", "Accounts", _, "Messages", _] => "Messages.fetch".to_owned(),
        ["2010-04-01", "Accounts", _, "IncomingPhoneNumbers.json"] => "IncomingPhoneNumbers.list".to_owned(),
        ["2010-04-01", "Accounts", _, "IncomingPhoneNumbers", _] => {
            verb("IncomingPhoneNumbers.fetch", "IncomingPhoneNumbers.update")
        }
        ["2010-04-01", "Accounts", _] => "Accounts.fetch".to_owned(),
        ["v1", "Services", _] => verb("Services.fetch", "Services.update"),
        ["v1", "Content"] => verb("Content.list", "Content.create"),
        ["v1", "Content", _] => verb("Content.fetch", "Content.delete"),
        _ => request.path.clone(),
    };
    let to = if operation == "Messages.create" { pairs(&request.body) } else { Vec::new() };
    let to = to.into_iter().find(|(name, _)| name == "To").map(|(_, to)| to);
    let customer = to.map(|to| to.strip_prefix("whatsapp:").unwrap_or(&to).to_owned());
    Glance { operation, customer, window_closed: false }
}

/// Judges a request and does what it asks.
pub(crate) async fn handle(shared: &Handle, request: &Incoming, glance: &Glance) -> Reply {
    judge(shared, request, glance).await.unwrap_or_else(Reply::from)
}

async fn judge(shared: &Handle, request: &Incoming, glance: &Glance) -> Result<Reply, Refusal> {
    let parts = request.parts();
    let account_sid = authenticate(shared, request, &parts)?;
    let (get, post) = (request.method == Method::GET, request.method == Method::POST);
    match parts.as_slice() {
        ["2010-04-01", "Accounts", _, "Messages.json"] if post => {
            messages::create(shared, request, glance, &account_sid).await
        }
        ["2010-04-01", "Accounts", _, "Messages", _, "Media", media] if get => messages::media(shared, media),
        ["2010-04-01", "Accounts", _, "Messages", message] if get => messages::fetch(shared, message),
        ["2010-04-01", "Accounts", _, "IncomingPhoneNumbers.json"] if get => {
            Ok(accounts::list_numbers(shared, request, &account_sid))
        }
        ["2010-04-01", "Accounts", _, "IncomingPhoneNumbers", number] => {
            accounts::number(shared, request, &account_sid, number)
        }
        ["2010-04-01", "Accounts", _] if get => accounts::account(shared, &account_sid),
        ["v1", "Services", service] => accounts::service(shared, request, &account_sid, service),
        ["v1", "Content"] if post => content::create(shared, request, &account_sid),
        ["v1", "Content", content] => content::one(shared, request, content),
        _ => Err(errors::not_found(&request.path)),
    }
}

/// A scripted fault in Twilio's words; `None` when it is played later.
pub(crate) fn fault(kind: FaultKind, request: &Incoming) -> Option<Reply> {
    let to = glance(request).customer.unwrap_or_default();
    let refusal = match kind {
        FaultKind::RateLimit { retry_after_s } => {
            let reply: Reply = errors::refuse("twilio.rate", 20429, 429, "Too Many Requests").into();
            return Some(match retry_after_s {
                Some(seconds) => reply.header("retry-after", seconds.to_string()),
                None => reply,
            });
        }
        FaultKind::ServerError { status } => errors::refuse(
            "twilio.server",
            20500,
            status.unwrap_or(500),
            "An internal server error has occurred",
        ),
        FaultKind::DeadToken => errors::unauthenticated("the token no longer holds"),
        FaultKind::BlockedUser => errors::opted_out(),
        FaultKind::NumberNotOwned => errors::not_owned(&to),
        _ => return None,
    };
    Some(refusal.into())
}

#[cfg(test)]
mod tests {
    use super::signature;

    const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn forms_are_signed_as_twilios_own_library_signs_them() {
        let call = pairs(&[
            ("CallSid", "CA1234567890ABCDE"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
            ("Caller", "+14158675309"),
        ]);
        assert_eq!(signature("12345", URL, &call), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
        let repeated = pairs(&[
            ("Sid", "CA123"),
            ("SidAccount", "AC123"),
            ("Digits", "5678"),
            ("Digits", "1234"),
            ("Digits", "1234"),
        ]);
        assert_eq!(signature("12345", URL, &repeated), "IK+Dwps556ElfBT0I3Rgjkr1wJU=");
    }

    #[test]
    fn the_values_are_signed_decoded() {
        let message = pairs(&[
            ("AccountSid", "AC00000000000000000000000000000001"),
            ("Body", "Hi & bye é"),
            ("From", "+15550001234"),
            ("MessageSid", "SM00000000000000000000000000000001"),
            ("NumMedia", "0"),
            ("To", "+15557654321"),
        ]);
        let url = "https://hub.example.com/hooks/twilio/5c9a34160c89726709136733";
        assert_eq!(signature("12345", url, &message), "sOknyN0O4iT4ls9/4a0IxGvLxaI=");
    }

    #[test]
    fn a_body_that_is_no_form_is_signed_by_its_hash_in_the_address() {
        let url =
            format!("{URL}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620");
        assert_eq!(signature("12345", &url, &[]), "a9nBmqA0ju/hNViExpshrM61xv4=");
    }
}
