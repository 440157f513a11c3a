//! Connecting a number or a messaging service: its callbacks become ours, and get back what they were
//! when we leave (channels.md §5.5).

use http::StatusCode;
use model::content::Metadata;
use serde_json::{Map, Value};

use super::{MESSAGING_HOST, MMS, PHONE_NUMBER, account_call, judge, signed};
use crate::channel::{Account, Provision};
use crate::kit::provider::{endpoint, is_passing, text};
use crate::plan::Plan;

/// Among the secrets, what the callbacks were before: addresses may hold tokens.
const FORMER: &str = "formerCallbacks";

/// Among the settings, what Twilio says that the number can do.
const CAPABILITIES: &str = "capabilities";

/// What receives messages: a number or a messaging service.
struct Receiver {
    url: String,
    /// Settings that we change: the form's name, the answer's name, our value. The first holds the address
    /// for messages.
    settings: Vec<(&'static str, &'static str, String)>,
}

/// Account, receiver, the receiver's callbacks.
pub(super) fn set_up(account: &Account<'_>, answers: &[(StatusCode, Value)]) -> Provision {
    if let Some((status, body)) = answers.iter().find(|(status, _)| !status.is_success()) {
        return Provision::Refused(format!("Twilio refuses: {}", judge::reason(*status, body)));
    }
    let receiver = match receiver(account) {
        Ok(receiver) => receiver,
        Err(reason) => return Provision::Refused(reason.to_owned()),
    };
    match answers {
        [] => Provision::Call(signed(account, Plan::get(account_call(account, ".json")))),
        [(_, body)] if text(body, "/status").is_some_and(|status| status != "active") => {
            Provision::Refused("the Twilio account is not active".to_owned())
        }
        [_] => Provision::Call(signed(account, Plan::get(receiver.url))),
        [_, (_, found)] if found.pointer("/capabilities/sms") == Some(&Value::Bool(false)) => {
            Provision::Refused("the number cannot receive messages".to_owned())
        }
        [_, (_, found)] => Provision::Call(change(account, &receiver, found)),
        [_, (_, found), ..] => {
            Provision::Done { config: settings(found), secrets: former(account, &receiver, found) }
        }
    }
}

fn receiver(account: &Account<'_>) -> Result<Receiver, &'static str> {
    let is_sid = |sid: &str| !sid.is_empty() && sid.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_sid(account.text("accountSid")) {
        return Err("accountSid is not one of Twilio");
    }
    if account.text("authToken").is_empty() {
        return Err("authToken is missing");
    }
    let (number, service) = (account.text("phoneNumberSid"), account.text("messagingServiceSid"));
    let (hook, post) = (account.hook_url.to_owned(), "POST".to_owned());
    if is_sid(service) {
        let url = endpoint(account, MESSAGING_HOST, &format!("/v1/Services/{service}"));
        let settings = vec![
            ("InboundRequestUrl", "inbound_request_url", hook.clone()),
            ("InboundMethod", "inbound_method", post),
            ("StatusCallback", "status_callback", hook),
            ("UseInboundWebhookOnNumber", "use_inbound_webhook_on_number", "false".to_owned()),
        ];
        return Ok(Receiver { url, settings });
    }
    if !is_sid(number) {
        return Err("phoneNumberSid or messagingServiceSid is missing or not one of Twilio");
    }
    let url = account_call(account, &format!("/IncomingPhoneNumbers/{number}.json"));
    // A number's StatusCallback tells of its calls, which are none of ours: every message names its own.
    let settings = vec![
        ("SmsUrl", "sms_url", hook),
        ("SmsMethod", "sms_method", post),
        // An application would win over the address.
        ("SmsApplicationSid", "sms_application_sid", String::new()),
    ];
    Ok(Receiver { url, settings })
}

/// Only what is not so already.
fn change(account: &Account<'_>, receiver: &Receiver, found: &Value) -> Plan {
    let differs = |(_, field, wanted): &&(&str, &str, String)| *wanted != current(found, field);
    let fields =
        receiver.settings.iter().filter(differs).map(|(name, _, value)| ((*name).to_owned(), value.clone()));
    Plan { repeatable: true, ..signed(account, Plan::form(receiver.url.clone(), fields.collect())) }
}

fn current(found: &Value, field: &str) -> String {
    match found.get(field) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    }
}

/// Whether messages come to us.
fn is_ours(account: &Account<'_>, receiver: &Receiver, found: &Value) -> bool {
    receiver.settings.first().is_some_and(|(_, field, _)| account.is_hook_url(&current(found, field)))
}

/// What the callbacks were. Where they are ours already, what is known of the time before stays.
fn former(account: &Account<'_>, receiver: &Receiver, found: &Value) -> Map<String, Value> {
    if is_ours(account, receiver, found) {
        return Map::new();
    }
    let pairs =
        receiver.settings.iter().map(|(name, field, _)| ((*name).to_owned(), current(found, field).into()));
    Map::from_iter([(FORMER.to_owned(), Value::Object(pairs.collect()))])
}

fn settings(found: &Value) -> Metadata {
    let number = text(found, "/phone_number").map(|number| (PHONE_NUMBER.to_owned(), Value::from(number)));
    let able = |name: &str| {
        let able = found.pointer(&format!("/capabilities/{name}")).filter(|able| able.is_boolean());
        able.map(|able| (name.to_owned(), able.clone()))
    };
    let mms = able("mms").map(|(_, mms)| (MMS.to_owned(), mms));
    // A service picks the number; where that can send no media it sends an address instead, unless told not
    // to.
    let refuses = found.get("mms_converter") == Some(&Value::Bool(false));
    let mms = mms.or_else(|| refuses.then(|| (MMS.to_owned(), Value::Bool(false))));
    let capabilities: Map<String, Value> = ["mms", "sms", "voice"].into_iter().filter_map(able).collect();
    // A service has none of its own.
    let capabilities = Some(capabilities).filter(|all| !all.is_empty());
    let capabilities = capabilities.map(|all| (CAPABILITIES.to_owned(), Value::Object(all)));
    number.into_iter().chain(mms).chain(capabilities).collect()
}

/// Looks first: callbacks that somebody else has taken over in the meantime stay theirs.
pub(super) fn undo(account: &Account<'_>, answers: &[(StatusCode, Value)]) -> Provision {
    let done = Provision::Done { config: Metadata::new(), secrets: Map::new() };
    let Ok(receiver) = receiver(account) else { return done };
    match answers {
        [] => Provision::Call(signed(account, Plan::get(receiver.url))),
        [.., (status, body)] if is_passing(*status) => {
            Provision::Refused(format!("Twilio refuses: {}", judge::reason(*status, body)))
        }
        [(status, found)] if status.is_success() && is_ours(account, &receiver, found) => {
            Provision::Call(restore(account, &receiver))
        }
        _ => done,
    }
}

fn restore(account: &Account<'_>, receiver: &Receiver) -> Plan {
    let former = account.secrets.get(FORMER);
    let before = |name: &str| former.and_then(|former| former.get(name)).and_then(Value::as_str);
    let fields = receiver.settings.iter().filter_map(|(name, _, ours)| match before(name) {
        Some(before) => Some(((*name).to_owned(), before.to_owned())),
        // Nothing is known: an address of ours goes, a method may stay.
        None => (*ours == account.hook_url).then(|| ((*name).to_owned(), String::new())),
    });
    Plan { repeatable: true, ..signed(account, Plan::form(receiver.url.clone(), fields.collect())) }
}
