//! Telegram's Bot API (channels.md §4).

mod errors;
mod files;
mod groups;
mod html;
mod inbound;
mod keyboard;
mod markdown;
mod medium;
mod params;
mod send;
mod webhook;

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::chat::ChatKey;
use crate::fault::FaultKind;
use crate::front::Glance;
use crate::http::{Incoming, Refusal, Reply};
use crate::shared::Handle;

pub(crate) use inbound::inbound;
pub use webhook::Webhook;
pub(crate) use webhook::{flush, ready};

use params::Params;

/// A bot.
#[derive(Clone, Debug)]
pub struct Bot {
    /// `<id>:<35 characters>`.
    pub token: String,
    /// Its number, the first part of the token.
    pub id: i64,
    /// Without the at sign.
    pub username: String,
    /// What people see.
    pub first_name: String,
}

/// A bot with what the simulator remembers of it.
#[derive(Clone, Debug)]
pub(crate) struct BotState {
    pub(crate) bot: Bot,
    pub(crate) webhook: Option<Webhook>,
    /// Updates that wait for a webhook: kind, chat and update.
    pub(crate) pending: VecDeque<(&'static str, ChatKey, Value)>,
    pub(crate) last_update: i64,
    /// Button presses that are not answered yet.
    pub(crate) open_presses: Vec<String>,
}

impl BotState {
    pub(crate) fn new(bot: Bot) -> BotState {
        BotState {
            bot,
            webhook: None,
            pending: VecDeque::new(),
            last_update: 10_000,
            open_presses: Vec::new(),
        }
    }
}

/// What a request is, before it is judged.
pub(crate) async fn glance(request: &Incoming) -> Glance {
    let parts = request.parts();
    let (operation, customer) = match parts.as_slice() {
        ["file", ..] => ("file".to_owned(), None),
        [_, method] => {
            let is_send = method.starts_with("send") && *method != "sendChatAction";
            let chat =
                if is_send { Params::read(request).await.map(|params| params.text("chat_id")) } else { None };
            ((*method).to_owned(), chat)
        }
        _ => (request.path.clone(), None),
    };
    Glance { operation, customer, window_closed: false }
}

/// Judges a request and does what it asks.
pub(crate) async fn handle(shared: &Handle, request: &Incoming) -> Reply {
    judge(shared, request).await.unwrap_or_else(Reply::from)
}

async fn judge(shared: &Handle, request: &Incoming) -> Result<Reply, Refusal> {
    let parts = request.parts();
    match parts.as_slice() {
        ["file", bot, path @ ..] => files::download(shared, bot, &path.join("/")),
        [bot, method] => {
            let bot = authenticate(shared, bot)?;
            let params = Params::read(request).await;
            let params =
                params.ok_or_else(|| errors::bad("telegram.body", "can't parse the body of the request"))?;
            call(shared, &bot, method, &params).await
        }
        _ => Err(errors::not_found()),
    }
}

/// The bot of a path's first part, `bot<TOKEN>`.
fn authenticate(shared: &Handle, part: &str) -> Result<Bot, Refusal> {
    let token = part.strip_prefix("bot").ok_or_else(errors::not_found)?;
    let well_formed = token.split_once(':').is_some_and(|(id, secret)| {
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) && !secret.is_empty()
    });
    if !well_formed {
        return Err(errors::not_found());
    }
    let known = shared.look(|world| {
        world.bots.iter().find(|state| state.bot.token == token).map(|state| state.bot.clone())
    });
    known.ok_or_else(|| errors::unauthorized("there is no such token"))
}

async fn call(shared: &Handle, bot: &Bot, method: &str, params: &Params) -> Result<Reply, Refusal> {
    // Names of methods are case-insensitive.
    match method.to_ascii_lowercase().as_str() {
        "getme" => Ok(ok(&show_bot(bot))),
        "setwebhook" => webhook::set(shared, bot, params),
        "deletewebhook" => Ok(webhook::delete(shared, bot, params)),
        "getwebhookinfo" => Ok(webhook::info(shared, bot)),
        "getupdates" => webhook::get_updates(shared, bot),
        "getfile" => files::get_file(shared, params),
        "getuserprofilephotos" => Ok(ok(&json!({"total_count": 0, "photos": []}))),
        "getchat" => send::get_chat(shared, bot, params),
        "answercallbackquery" => send::answer_press(shared, bot, params),
        "sendchataction" => send::chat_action(shared, bot, params),
        "editmessagetext" => send::edit_text(shared, bot, params),
        "editmessagereplymarkup" => send::edit_markup(shared, bot, params),
        "deletemessage" => send::delete(shared, bot, params),
        "sendmediagroup" => send::album(shared, bot, params).await,
        other => match send::Kind::of(other) {
            Some(kind) => send::message(shared, bot, kind, params).await,
            None => Err(errors::not_found()),
        },
    }
}

/// A good answer.
fn ok(result: &Value) -> Reply {
    Reply::json(200, &json!({"ok": true, "result": result}))
}

fn show_bot(bot: &Bot) -> Value {
    json!({
        "id": bot.id, "is_bot": true, "first_name": bot.first_name, "username": bot.username,
        "can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": false,
    })
}

/// A scripted fault in Telegram's words; `None` when it is none of Telegram's.
pub(crate) fn fault(kind: FaultKind) -> Option<Reply> {
    let refusal = match kind {
        FaultKind::RateLimit { retry_after_s } => errors::too_many(retry_after_s),
        FaultKind::ServerError { status } => {
            errors::refuse("telegram.server", status.unwrap_or(500), "Internal Server Error")
        }
        FaultKind::DeadToken => errors::unauthorized("the token no longer holds"),
        FaultKind::BlockedUser => errors::blocked(),
        _ => return None,
    };
    Some(refusal.into())
}
