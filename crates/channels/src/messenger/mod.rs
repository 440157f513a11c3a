//! Facebook Messenger (channels.md §2): a page, its persons by their page-scoped ids.

mod attachment;
mod conversion;
mod judge;
mod parse;
mod profile;
mod provision;
mod render;
mod template;
mod verify;

use http::{Method, StatusCode};
use model::channel::{Feature, Person, SendError, Support};
use model::event::ActivityKind;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::channel::{
    Account, Answer, Channel, Conversion, Descriptor, HookError, HookReply, HookRequest, Hooked, MediaStep,
    Outgoing, OwnPace, Provision, Recipient, Rendered, Verdict,
};
use crate::kit::provider::{endpoint, id_text, text};
use crate::plan::{Body, Plan};

/// The channel.
pub struct Messenger;

const HOST: &str = "https://graph.facebook.com";
/// The version of the Graph API that we speak.
const VERSION: &str = "v23.0";

static DESCRIPTOR: Descriptor = Descriptor {
    kind: "messenger",
    base_url_word: "MESSENGER",
    base_url: HOST,
    hook_bytes_max: 4 << 20,
    sends_per_second: 300,
    sends_per_second_to_one: 0,
    support: &[
        (Feature::Text, Support::Native),
        (Feature::RichText, Support::Fallback),
        (Feature::Image, Support::Native),
        (Feature::File, Support::Native),
        (Feature::Carousel, Support::Native),
        (Feature::List, Support::Fallback),
        (Feature::Form, Support::Fallback),
        (Feature::Location, Support::Fallback),
        (Feature::Template, Support::Refused),
        (Feature::Buy, Support::Fallback),
        (Feature::Link, Support::Native),
        (Feature::LocationRequest, Support::Fallback),
        (Feature::Postback, Support::Native),
        (Feature::Reply, Support::Native),
        (Feature::Webview, Support::Native),
        (Feature::Quote, Support::Native),
        (Feature::Typing, Support::Native),
        (Feature::Read, Support::Native),
    ],
    senders: &[],
    may_begin: false,
    settings: &["appId", "pageId", "pageAccessToken", "appSecret"],
    signature_header: verify::SIGNATURE_HEADER,
};

/// Audio and video: ten a second of a page (channels.md §2.4).
const LONG_MEDIA: OwnPace = OwnPace { name: "long media", is_of_one: false, burst: 10, period_ms: 100 };

/// The address of a call, without its token.
fn graph(account: &Account<'_>, path: &str) -> String {
    endpoint(account, HOST, &format!("/{VERSION}/{path}"))
}

/// The address of a call with the page's token and the proof that we know the app's secret.
fn with_token(account: &Account<'_>, path: &str, more: &[(&str, &str)]) -> String {
    let (token, secret) = (account.text("pageAccessToken"), account.text("appSecret"));
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(more).append_pair("access_token", token);
    if !secret.is_empty() {
        query.append_pair("appsecret_proof", &verify::appsecret_proof(secret, token));
    }
    format!("{}?{}", graph(account, path), query.finish())
}

/// The id in an answer: letters and digits, since it becomes part of a path.
fn node_id(answer: &Value) -> Option<String> {
    id_text(answer, "/id").filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Some answers of the Graph API refuse with status 200 and `success: false`.
fn is_good(status: StatusCode, body: &Value) -> bool {
    status.is_success() && body.get("error").is_none() && body.get("success") != Some(&Value::Bool(false))
}

impl Channel for Messenger {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn handshake(&self, account: &Account<'_>, request: &HookRequest<'_>) -> Option<HookReply> {
        verify::handshake(account, request)
    }

    fn verify(&self, account: &Account<'_>, request: &HookRequest<'_>, _: i64) -> Result<(), HookError> {
        verify::signature(account, request)
    }

    fn parse(&self, account: &Account<'_>, request: &HookRequest<'_>) -> Result<Hooked, HookError> {
        if request.method != Method::POST {
            return Err(HookError::Unreadable("not a POST"));
        }
        parse::envelope(account, request.body)
    }

    fn reply(&self) -> HookReply {
        HookReply { status: StatusCode::OK, content_type: "text/plain", body: "EVENT_RECEIVED".to_owned() }
    }

    fn render(
        &self,
        account: &Account<'_>,
        to: Recipient<'_>,
        message: &Outgoing,
    ) -> Result<Rendered, SendError> {
        render::message(account, to, message)
    }

    fn activity(&self, account: &Account<'_>, to: Recipient<'_>, kind: ActivityKind) -> Option<Plan> {
        let action = match kind {
            ActivityKind::TypingStart => "typing_on",
            ActivityKind::TypingStop => "typing_off",
            ActivityKind::Read => "mark_seen",
        };
        let body = json!({ "recipient": { "id": to.external_id }, "sender_action": action });
        Some(Plan::json(with_token(account, "me/messages", &[]), body))
    }

    fn judge(&self, account: &Account<'_>, _: Recipient<'_>, answer: &Answer<'_>) -> Verdict {
        judge::answer(account, answer)
    }

    fn probe(&self, account: &Account<'_>) -> Option<Plan> {
        Some(Plan::get(with_token(account, "me", &[("fields", "id")])))
    }

    fn identity(&self) -> &'static [&'static str] {
        &["pageId", "appId"]
    }

    fn own_addresses(&self) -> &'static [&'static str] {
        &["pageId"]
    }

    fn tells_reading(&self, _: &str) -> bool {
        true
    }

    fn own_pace(&self, _: Recipient<'_>, plan: &Plan) -> Option<OwnPace> {
        let Body::Json(body) = &plan.body else { return None };
        matches!(text(body, "/message/attachment/type"), Some("audio" | "video")).then_some(LONG_MEDIA)
    }

    fn is_heir(&self, leaving: &Account<'_>, living: &Account<'_>) -> bool {
        provision::is_heir(leaving, living)
    }

    fn hand_over(
        &self,
        leaving: &Account<'_>,
        heir: &Account<'_>,
        answers: &[(StatusCode, Value)],
    ) -> Provision {
        provision::hand_over(leaving, heir, answers)
    }

    fn provision(&self, account: &Account<'_>, answers: &[(StatusCode, Value)], _: &str) -> Provision {
        provision::set_up(account, answers)
    }

    fn withdraw(&self, account: &Account<'_>, answers: &[(StatusCode, Value)]) -> Provision {
        provision::undo(account, answers)
    }

    fn fetch(&self, _: &Account<'_>, reference: &Value, _: Option<&Answer<'_>>) -> MediaStep {
        // The address is signed by itself: no token of ours goes to whatever host it names.
        match text(reference, "/url") {
            Some(url) => MediaStep::Get(Plan::get(url)),
            None => MediaStep::Gone("no address".to_owned()),
        }
    }

    fn convert(
        &self,
        account: &Account<'_>,
        to: Recipient<'_>,
        payload: &Map<String, Value>,
        answers: &[(StatusCode, Value)],
    ) -> Conversion {
        conversion::step(account, to, payload, answers)
    }

    fn ask_profile(&self, account: &Account<'_>, external_id: &str) -> Option<Plan> {
        profile::ask(account, external_id)
    }

    fn read_profile(&self, answer: &Answer<'_>) -> Option<Person> {
        profile::read(answer)
    }
}
