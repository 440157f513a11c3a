//! Telegram's Bot API (channels.md §4): bots, private chats and groups.
//!
//! A message's id is unique within its chat only, so ours is `chat:message`. The customer is the chat. No
//! profile is asked for: every update names its sender, and the address of a picture holds the token.

mod content;
mod judge;
mod keyboard;
mod media;
mod parse;
mod provision;
mod render;

use http::{Method, StatusCode};
use model::channel::{Feature, SendError, Support};
use model::event::ActivityKind;
use serde_json::{Value, json};

use crate::channel::{
    Account, Answer, Channel, Descriptor, HookError, HookRequest, Hooked, MediaStep, Outgoing, OwnPace,
    Provision, Recipient, Rendered, Verdict,
};
use crate::kit::crypto::{same, single_header};
use crate::kit::provider;
use crate::plan::Plan;

/// The channel.
pub struct Telegram;

const HOST: &str = "https://api.telegram.org";
/// The header that repeats our secret.
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";
/// The secret's name among the integration's secrets.
const SECRET: &str = "webhookSecret";

static DESCRIPTOR: Descriptor = Descriptor {
    kind: "telegram",
    base_url_word: "TELEGRAM",
    base_url: HOST,
    hook_bytes_max: 4 << 20,
    sends_per_second: 30,
    sends_per_second_to_one: 1,
    support: &[
        (Feature::Text, Support::Native),
        (Feature::RichText, Support::Native),
        (Feature::Image, Support::Native),
        (Feature::File, Support::Native),
        (Feature::Carousel, Support::Fallback),
        (Feature::List, Support::Fallback),
        (Feature::Form, Support::Fallback),
        (Feature::Location, Support::Native),
        (Feature::Template, Support::Refused),
        (Feature::Buy, Support::Fallback),
        (Feature::Link, Support::Native),
        (Feature::LocationRequest, Support::Native),
        (Feature::Postback, Support::Native),
        (Feature::Reply, Support::Native),
        (Feature::Webview, Support::Native),
        (Feature::Quote, Support::Native),
        (Feature::Typing, Support::Native),
        (Feature::Read, Support::Refused),
    ],
    senders: &[],
    may_begin: false,
    settings: &["token", "botId", SECRET],
    signature_header: SECRET_HEADER,
};

/// At most 20 messages a minute to one group (channels.md §4.4).
const GROUP: OwnPace = OwnPace { name: "group", is_of_one: true, burst: 3, period_ms: 3_500 };

/// The address of a method of the bot. It holds the token.
fn method(account: &Account<'_>, name: &str) -> String {
    provider::endpoint(account, HOST, &format!("/bot{}/{name}", account.text("token")))
}

impl Channel for Telegram {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn verify(&self, account: &Account<'_>, request: &HookRequest<'_>, _: i64) -> Result<(), HookError> {
        let given = single_header(request.headers, SECRET_HEADER).unwrap_or_default();
        match same(account.text(SECRET).as_bytes(), given) {
            true => Ok(()),
            false => Err(HookError::Unverified(StatusCode::UNAUTHORIZED)),
        }
    }

    fn parse(&self, account: &Account<'_>, request: &HookRequest<'_>) -> Result<Hooked, HookError> {
        if request.method != Method::POST {
            return Err(HookError::Unreadable("not a POST"));
        }
        parse::update(account, request.body)
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
        let body = json!({ "chat_id": render::chat_id(to), "action": "typing" });
        (kind == ActivityKind::TypingStart).then(|| Plan::json(method(account, "sendChatAction"), body))
    }

    fn judge(&self, _: &Account<'_>, _: Recipient<'_>, answer: &Answer<'_>) -> Verdict {
        judge::answer(answer)
    }

    fn probe(&self, account: &Account<'_>) -> Option<Plan> {
        Some(Plan::get(method(account, "getMe")))
    }

    fn own_pace(&self, to: Recipient<'_>, _: &Plan) -> Option<OwnPace> {
        to.external_id.starts_with('-').then_some(GROUP)
    }

    /// Telegram tells nothing of a message that it has taken.
    fn tells_arrival(&self) -> bool {
        false
    }

    fn identity(&self) -> &'static [&'static str] {
        &["botId"]
    }

    fn own_addresses(&self) -> &'static [&'static str] {
        &["username"]
    }

    fn shares_set_up(&self) -> bool {
        false
    }

    fn sole_account(&self, account: &Account<'_>) -> Option<String> {
        provision::bot_id(account)
    }

    fn provision(&self, account: &Account<'_>, answers: &[(StatusCode, Value)], secret: &str) -> Provision {
        provision::set_up(account, answers, secret)
    }

    fn withdraw(&self, account: &Account<'_>, answers: &[(StatusCode, Value)]) -> Provision {
        provision::undo(account, answers)
    }

    fn fetch(&self, account: &Account<'_>, reference: &Value, answer: Option<&Answer<'_>>) -> MediaStep {
        media::step(account, reference, answer)
    }
}
