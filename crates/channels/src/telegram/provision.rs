//! Setting a bot's webhook, and taking it away (channels.md §4.1, §4.5).

use http::StatusCode;
use model::content::Metadata;
use serde_json::{Map, Value, json};

use super::{SECRET, judge, method};
use crate::channel::{Account, Provision};
use crate::kit::provider::{id_text, is_passing, text};
use crate::plan::Plan;

/// What Telegram shall tell us.
const UPDATES: &[&str] =
    &["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"];

/// getMe, then setWebhook with our secret: the one that is kept, where there is one, since Telegram uses what
/// it is told from that moment on, and a change that is not kept would leave us with another.
pub(super) fn set_up(account: &Account<'_>, answers: &[(StatusCode, Value)], fresh: &str) -> Provision {
    let secret = Some(account.text(SECRET)).filter(|kept| !kept.is_empty()).unwrap_or(fresh);
    if let Some((status, body)) = answers.iter().find(|(status, body)| !is_ok(*status, body)) {
        return Provision::Refused(format!("Telegram refuses: {}", judge::reason(*status, body)));
    }
    match answers {
        [] if account.text("token").is_empty() => Provision::Refused("token is missing".to_owned()),
        [] => Provision::Call(Plan::get(method(account, "getMe"))),
        [(_, me)] if me.pointer("/result/is_bot") != Some(&Value::Bool(true)) => {
            Provision::Refused("the token is not one of a bot".to_owned())
        }
        [_] => {
            let body = json!({
                "url": account.hook_url,
                "secret_token": secret,
                "allowed_updates": UPDATES,
                "max_connections": 40,
                "drop_pending_updates": false,
            });
            Provision::Call(Plan { repeatable: true, ..Plan::json(method(account, "setWebhook"), body) })
        }
        [(_, me), ..] => Provision::Done {
            config: bot(me),
            secrets: Map::from_iter([(SECRET.to_owned(), Value::from(secret))]),
        },
    }
}

fn is_ok(status: StatusCode, body: &Value) -> bool {
    status.is_success() && body.get("ok") == Some(&Value::Bool(true))
}

/// The bot's name and id.
fn bot(me: &Value) -> Metadata {
    let id = id_text(me, "/result/id").map(|id| ("botId".to_owned(), Value::from(id)));
    let name = text(me, "/result/username").map(|name| ("username".to_owned(), Value::from(name)));
    id.into_iter().chain(name).collect()
}

/// Looks first: a webhook that another integration of the bot has set in the meantime stays.
pub(super) fn undo(account: &Account<'_>, answers: &[(StatusCode, Value)]) -> Provision {
    match answers {
        [] if !account.text("token").is_empty() => {
            Provision::Call(Plan::get(method(account, "getWebhookInfo")))
        }
        [.., (status, body)] if is_passing(*status) => {
            Provision::Refused(format!("Telegram refuses: {}", judge::reason(*status, body)))
        }
        [(_, info)] if text(info, "/result/url").is_some_and(|url| account.is_hook_url(url)) => {
            let plan = Plan::json(method(account, "deleteWebhook"), json!({ "drop_pending_updates": false }));
            Provision::Call(Plan { repeatable: true, ..plan })
        }
        _ => Provision::Done { config: Metadata::new(), secrets: Map::new() },
    }
}

/// The bot's id, which its token begins with.
pub(super) fn bot_id(account: &Account<'_>) -> Option<String> {
    let (id, _) = account.text("token").split_once(':')?;
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then(|| id.to_owned())
}
