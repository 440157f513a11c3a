//! Twilio's messages (channels.md §5, §6): SMS, MMS, and the WhatsApp sender, which is the same API with
//! `whatsapp:` in front of the numbers.

mod interactive;
mod judge;
mod parse;
mod provision;
mod render;
mod status;
mod verify;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Method, StatusCode};
use model::channel::{Feature, SendError, Support};
use model::content::Metadata;
use serde_json::Value;
use url::Url;

use crate::channel::{
    Account, Answer, Channel, Descriptor, HookError, HookReply, HookRequest, Hooked, MediaStep, Outgoing,
    Provision, Recipient, Rendered, Sender, Verdict,
};
use crate::kit::provider::{endpoint, text};
use crate::plan::Plan;

/// The channel.
pub struct Twilio;

const HOST: &str = "https://api.twilio.com";
/// Where messaging services are kept.
const MESSAGING_HOST: &str = "https://messaging.twilio.com";
/// Where contents are kept: buttons and templates.
const CONTENT_HOST: &str = "https://content.twilio.com";
/// In front of a number that is one of WhatsApp.
const WHATSAPP: &str = "whatsapp:";
/// The setting that keeps the number we send from.
const PHONE_NUMBER: &str = "phoneNumber";
/// The setting that says whether the number can send media.
const MMS: &str = "mms";

static DESCRIPTOR: Descriptor = Descriptor {
    kind: "twilio",
    base_url_word: "TWILIO",
    base_url: HOST,
    hook_bytes_max: 4 << 20,
    // Twilio queues by itself; its API takes about this many at once.
    sends_per_second: 100,
    sends_per_second_to_one: 0,
    support: &[
        (Feature::Text, Support::Native),
        (Feature::RichText, Support::Fallback),
        (Feature::Image, Support::Native),
        (Feature::File, Support::Fallback),
        (Feature::Carousel, Support::Fallback),
        (Feature::List, Support::Fallback),
        (Feature::Form, Support::Fallback),
        (Feature::Location, Support::Fallback),
        (Feature::Template, Support::Refused),
        (Feature::Buy, Support::Fallback),
        (Feature::Link, Support::Fallback),
        (Feature::LocationRequest, Support::Fallback),
        (Feature::Postback, Support::Fallback),
        (Feature::Reply, Support::Fallback),
        (Feature::Webview, Support::Fallback),
        (Feature::Quote, Support::Fallback),
        (Feature::Typing, Support::Refused),
        (Feature::Read, Support::Refused),
    ],
    senders: &[Sender {
        word: "whatsapp",
        title: "WhatsApp sender",
        prefix: WHATSAPP,
        support: &[
            (Feature::Text, Support::Native),
            (Feature::RichText, Support::Fallback),
            (Feature::Image, Support::Native),
            (Feature::File, Support::Native),
            (Feature::Carousel, Support::Fallback),
            (Feature::List, Support::Fallback),
            (Feature::Form, Support::Fallback),
            (Feature::Location, Support::Native),
            (Feature::Template, Support::Native),
            (Feature::Buy, Support::Fallback),
            (Feature::Link, Support::Fallback),
            (Feature::LocationRequest, Support::Fallback),
            (Feature::Postback, Support::Native),
            (Feature::Reply, Support::Native),
            (Feature::Webview, Support::Fallback),
            (Feature::Quote, Support::Fallback),
            (Feature::Typing, Support::Refused),
            (Feature::Read, Support::Refused),
        ],
    }],
    may_begin: true,
    settings: &["accountSid", "phoneNumberSid", PHONE_NUMBER, "authToken"],
    signature_header: verify::SIGNATURE_HEADER,
};

/// A call below the account.
fn account_call(account: &Account<'_>, path: &str) -> String {
    endpoint(account, HOST, &format!("/2010-04-01/Accounts/{}{path}", account.text("accountSid")))
}

/// The plan with the account's credentials.
fn signed(account: &Account<'_>, plan: Plan) -> Plan {
    let pair = format!("{}:{}", account.text("accountSid"), account.text("authToken"));
    plan.header("authorization", format!("Basic {}", STANDARD.encode(pair)))
}

impl Channel for Twilio {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn verify(&self, account: &Account<'_>, request: &HookRequest<'_>, _: i64) -> Result<(), HookError> {
        verify::signature(account, request)
    }

    fn parse(&self, _: &Account<'_>, request: &HookRequest<'_>) -> Result<Hooked, HookError> {
        let form = if request.method == Method::GET { request.query.as_bytes() } else { request.body };
        parse::callback(form)
    }

    fn reply(&self) -> HookReply {
        HookReply { status: StatusCode::OK, content_type: "text/xml", body: "<Response/>".to_owned() }
    }

    fn render(
        &self,
        account: &Account<'_>,
        to: Recipient<'_>,
        message: &Outgoing,
    ) -> Result<Rendered, SendError> {
        render::message(account, to, message)
    }

    fn judge(&self, _: &Account<'_>, _: Recipient<'_>, answer: &Answer<'_>) -> Verdict {
        judge::answer(answer)
    }

    fn probe(&self, account: &Account<'_>) -> Option<Plan> {
        Some(signed(account, Plan::get(account_call(account, ".json"))))
    }

    /// A number that can send pictures.
    fn sample(&self) -> Metadata {
        let number = (PHONE_NUMBER.to_owned(), Value::from("{sender}"));
        Metadata::from_iter([number, (MMS.to_owned(), Value::Bool(true))])
    }

    fn identity(&self) -> &'static [&'static str] {
        &["accountSid", "phoneNumberSid", "messagingServiceSid"]
    }

    fn own_addresses(&self) -> &'static [&'static str] {
        &[PHONE_NUMBER]
    }

    /// Only those who use WhatsApp.
    fn tells_reading(&self, external_id: &str) -> bool {
        external_id.starts_with(WHATSAPP)
    }

    fn shares_set_up(&self) -> bool {
        false
    }

    fn sole_account(&self, account: &Account<'_>) -> Option<String> {
        let service = Some(account.text("messagingServiceSid")).filter(|sid| !sid.is_empty());
        let sender = service.unwrap_or_else(|| account.text("phoneNumberSid"));
        (!sender.is_empty()).then(|| sender.to_owned())
    }

    fn provision(&self, account: &Account<'_>, answers: &[(StatusCode, Value)], _: &str) -> Provision {
        provision::set_up(account, answers)
    }

    fn withdraw(&self, account: &Account<'_>, answers: &[(StatusCode, Value)]) -> Provision {
        provision::undo(account, answers)
    }

    fn fetch(&self, account: &Account<'_>, reference: &Value, _: Option<&Answer<'_>>) -> MediaStep {
        match text(reference, "/url").and_then(|url| medium(account, url)) {
            Some(plan) => MediaStep::Get(plan),
            None => MediaStep::Gone("no address of Twilio".to_owned()),
        }
    }
}

/// The request for a medium. Our credentials go to Twilio and nobody else.
fn medium(account: &Account<'_>, url: &str) -> Option<Plan> {
    let parsed = Url::parse(url).ok()?;
    let is_twilio =
        parsed.scheme() == "https" && parsed.host_str().is_some_and(|host| host.ends_with(".twilio.com"));
    let own = account.base_url.and_then(|base| url.strip_prefix(base)).filter(|rest| rest.starts_with('/'));
    let target = match (own, account.base_url) {
        (Some(rest), _) => endpoint(account, HOST, rest),
        (None, Some(_)) if is_twilio => endpoint(account, HOST, &format!("/{}", url.splitn(4, '/').nth(3)?)),
        (None, None) if is_twilio => url.to_owned(),
        _ => return None,
    };
    Some(signed(account, Plan::get(target)))
}
