//! Webhooks and updates (channels.md §4.1).

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use crate::callback::{Callback, Ready, Route, push};
use crate::http::client::{Outgoing, is_web_address, reaches_loopback};
use crate::http::{Refusal, Reply};
use crate::shared::Handle;
use crate::world::World;

use super::errors::{bad, refuse};
use super::params::Params;
use super::{Bot, ok};

const SECRET_MAX: usize = 256;
/// What is told when nothing is asked for; reactions are not in it.
const USUAL: &[&str] = &["message", "edited_message", "callback_query", "my_chat_member"];
const PORTS: [u16; 4] = [443, 80, 88, 8443];

/// Where a bot's updates go.
#[derive(Clone, Debug, Default)]
pub struct Webhook {
    /// The address.
    pub url: String,
    /// Repeated in `X-Telegram-Bot-Api-Secret-Token`.
    pub secret_token: Option<String>,
    /// The kinds of updates; empty for the usual ones.
    pub allowed_updates: Vec<String>,
    /// As asked for.
    pub max_connections: u32,
}

impl Webhook {
    fn wants(&self, kind: &str) -> bool {
        if self.allowed_updates.is_empty() {
            return USUAL.contains(&kind);
        }
        self.allowed_updates.iter().any(|known| known == kind)
    }
}

/// `setWebhook`. An empty address takes the webhook away.
pub(super) fn set(shared: &Handle, bot: &Bot, params: &Params) -> Result<Reply, Refusal> {
    let url = params.text("url");
    if url.is_empty() {
        return Ok(delete(shared, bot, params));
    }
    if !is_web_address(&url) {
        return Err(bad("telegram.webhook.url", "bad webhook: An HTTPS URL must be provided for webhook"));
    }
    let port = url::Url::parse(&url).ok().and_then(|url| url.port_or_known_default());
    if !reaches_loopback(&url) && !port.is_some_and(|port| PORTS.contains(&port)) {
        let why = "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443";
        return Err(bad("telegram.webhook.port", why));
    }
    let secret = params.text("secret_token");
    if secret.len() > SECRET_MAX {
        return Err(bad("telegram.webhook.secret", "secret token is too long"));
    }
    if !secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
        return Err(bad("telegram.webhook.secret", "secret token contains unallowed characters"));
    }
    let webhook = Webhook {
        url,
        secret_token: Some(secret).filter(|secret| !secret.is_empty()),
        allowed_updates: allowed_updates(params)?,
        max_connections: max_connections(params)?,
    };
    shared.with(|world| {
        if let Some(state) = world.bots.iter_mut().find(|state| state.bot.id == bot.id) {
            state.webhook = Some(webhook);
            if params.flag("drop_pending_updates") {
                state.pending.clear();
            }
        }
    });
    flush(shared, bot.id);
    let body = json!({"ok": true, "result": true, "description": "Webhook was set"});
    Ok(Reply::json(200, &body))
}

fn allowed_updates(params: &Params) -> Result<Vec<String>, Refusal> {
    let wrong = || bad("telegram.webhook.updates", "can't parse allowed updates JSON array");
    let Some(list) = params.json("allowed_updates").map_err(|()| wrong())? else { return Ok(Vec::new()) };
    let list = list.as_array().ok_or_else(wrong)?;
    list.iter().map(|kind| kind.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

fn max_connections(params: &Params) -> Result<u32, Refusal> {
    let text = params.text("max_connections");
    if text.is_empty() {
        return Ok(40);
    }
    let wanted = text.parse().ok().filter(|count| (1..=100).contains(count));
    wanted.ok_or_else(|| bad("telegram.webhook.connections", "max_connections must be between 1 and 100"))
}

/// `deleteWebhook`.
pub(super) fn delete(shared: &Handle, bot: &Bot, params: &Params) -> Reply {
    let was_set = shared.with(|world| {
        let Some(state) = world.bots.iter_mut().find(|state| state.bot.id == bot.id) else { return false };
        if params.flag("drop_pending_updates") {
            state.pending.clear();
        }
        state.webhook.take().is_some()
    });
    let description = if was_set { "Webhook was deleted" } else { "Webhook is already deleted" };
    Reply::json(200, &json!({"ok": true, "result": true, "description": description}))
}

/// `getWebhookInfo`.
pub(super) fn info(shared: &Handle, bot: &Bot) -> Reply {
    let (webhook, pending) = shared.look(|world| {
        let state = world.bots.iter().find(|state| state.bot.id == bot.id);
        state.map(|state| (state.webhook.clone(), state.pending.len())).unwrap_or_default()
    });
    let webhook = webhook.unwrap_or_default();
    let mut info =
        json!({"url": webhook.url, "has_custom_certificate": false, "pending_update_count": pending});
    if !webhook.url.is_empty() {
        info["max_connections"] = webhook.max_connections.into();
        info["allowed_updates"] = json!(webhook.allowed_updates);
    }
    ok(&info)
}

/// `getUpdates` cannot be used beside a webhook; without one it shows what waits.
pub(super) fn get_updates(shared: &Handle, bot: &Bot) -> Result<Reply, Refusal> {
    shared.with(|world| {
        let state = world.bots.iter_mut().find(|state| state.bot.id == bot.id);
        match state {
            Some(state) if state.webhook.is_some() => {
                let why = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to \
                           delete the webhook first";
                Err(refuse("telegram.updates.conflict", 409, why))
            }
            Some(state) => {
                let updates: Vec<Value> = state.pending.drain(..).map(|(_, _, update)| update).collect();
                Ok(ok(&json!(updates)))
            }
            None => Ok(ok(&json!([]))),
        }
    })
}

/// An update, made ready. Without a webhook it waits; what is not wanted goes nowhere.
pub(crate) fn ready(
    world: &mut World,
    bot_id: i64,
    kind: &'static str,
    update: &Value,
    bad_signature: bool,
) -> Ready {
    let Some(state) = world.bots.iter_mut().find(|state| state.bot.id == bot_id) else {
        return Ready::Nowhere;
    };
    let Some(webhook) = &state.webhook else {
        if let Some(key) = chat_of(bot_id, update) {
            state.pending.push_back((kind, key, update.clone()));
        }
        return Ready::Nowhere;
    };
    if !webhook.wants(kind) {
        return Ready::Nowhere;
    }
    let mut headers = vec![("content-type", "application/json".to_owned())];
    if bad_signature {
        headers.push(("x-telegram-bot-api-secret-token", "another-key".to_owned()));
    } else if let Some(secret) = &webhook.secret_token {
        headers.push(("x-telegram-bot-api-secret-token", secret.clone()));
    }
    let body = Bytes::from(update.to_string());
    Ready::Send(Outgoing { method: Method::POST, url: webhook.url.clone(), headers, body })
}

fn chat_of(bot_id: i64, update: &Value) -> Option<crate::chat::ChatKey> {
    let parts = update.as_object()?;
    let part = parts.values().find(|part| part.is_object())?;
    let chat = part.get("chat").or_else(|| part["message"].get("chat"))?;
    Some(crate::chat::ChatKey {
        channel: crate::chat::Channel::Telegram,
        account: bot_id.to_string(),
        customer: chat["id"].as_i64()?.to_string(),
    })
}

/// Sends what has waited for a webhook.
pub(crate) fn flush(shared: &Handle, bot_id: i64) {
    let waiting = shared.with(|world| {
        let state = world.bots.iter_mut().find(|state| state.bot.id == bot_id);
        state.map(|state| state.pending.drain(..).collect::<Vec<_>>()).unwrap_or_default()
    });
    for (kind, key, update) in waiting {
        push(shared, Callback::new(key, Route::Telegram { bot_id, kind, update }));
    }
}
