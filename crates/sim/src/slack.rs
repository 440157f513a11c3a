//! Slack, as far as an app is installed: codes are traded for tokens, and tokens say what they stand for.

use http::Method;
use serde_json::{Value, json};

use crate::fault::FaultKind;
use crate::front::Glance;
use crate::http::{Incoming, Refusal, Reply, pairs};
use crate::shared::Handle;
use crate::world::World;

/// An app at Slack, with the workspace that installs it.
#[derive(Clone, Debug, Default)]
pub struct SlackApp {
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: String,
    /// The workspace.
    pub team_id: String,
    /// The bot's name there.
    pub bot_name: String,
    /// The token of the bot.
    pub bot_token: String,
    /// The token of the user who installs it.
    pub user_token: String,
    /// Codes that were given and not traded yet; each is good for one trade.
    pub codes: Vec<String>,
}

/// A refusal: status 200, as Slack has it.
fn refuse(rule: &'static str, error: &str) -> Refusal {
    Refusal::new(rule, error, 200, &json!({ "ok": false, "error": error }))
}

pub(crate) fn glance(request: &Incoming) -> Glance {
    let operation = request.segments.get(1).cloned().unwrap_or_default();
    Glance { operation, ..Glance::default() }
}

pub(crate) fn fault(kind: FaultKind) -> Option<Reply> {
    match kind {
        FaultKind::ServerError { status } => {
            let body = json!({ "ok": false, "error": "internal_error" });
            Some(Reply::json(status.unwrap_or(500), &body))
        }
        FaultKind::DeadToken => Some(Reply::json(200, &json!({ "ok": false, "error": "token_revoked" }))),
        _ => None,
    }
}

pub(crate) fn handle(shared: &Handle, request: &Incoming) -> Reply {
    let done = shared.with(|world| match (&request.method, request.parts().as_slice()) {
        (&Method::POST, ["api", "oauth.v2.access"]) => trade(world, request),
        (&Method::POST, ["api", "auth.test"]) => test(world, request),
        (&Method::GET, ["api", "conversations.list"]) => channels(world, request),
        _ => Err(refuse("slack.method", "unknown_method")),
    });
    done.unwrap_or_else(Reply::from)
}

/// Client and code, in the form or as basic authentication.
fn trade(world: &mut World, request: &Incoming) -> Result<Reply, Refusal> {
    if request.media_type() != "application/x-www-form-urlencoded" {
        return Err(refuse("slack.form", "invalid_form_data"));
    }
    let form = pairs(&request.body);
    let field = |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let in_form = field("client_id").zip(field("client_secret"));
    let Some((id, secret)) = request.basic().or(in_form) else {
        return Err(refuse("slack.client", "invalid_client_id"));
    };
    let Some(app) = world.slack.iter_mut().find(|app| app.client_id == id) else {
        return Err(refuse("slack.client", "invalid_client_id"));
    };
    if app.client_secret != secret {
        return Err(refuse("slack.secret", "bad_client_secret"));
    }
    let code = field("code").unwrap_or_default();
    let Some(at) = app.codes.iter().position(|known| *known == code) else {
        return Err(refuse("slack.code", "invalid_code"));
    };
    app.codes.remove(at);
    Ok(Reply::json(
        200,
        &json!({
            "ok": true, "app_id": "A0SIMULATED", "scope": "chat:write,channels:read", "token_type": "bot",
            "access_token": app.bot_token, "bot_user_id": "U0SIMULATEDBOT",
            "team": { "id": app.team_id, "name": "Simulated workspace" }, "enterprise": null,
            "authed_user": {
                "id": "U0SIMULATED", "scope": "chat:write", "token_type": "user", "access_token": app.user_token,
            },
        }),
    ))
}

fn app<'a>(world: &'a World, request: &Incoming) -> Result<&'a SlackApp, Refusal> {
    let token = request.bearer().ok_or_else(|| refuse("slack.token", "not_authed"))?;
    let found = world.slack.iter().find(|app| app.bot_token == token);
    found.ok_or_else(|| refuse("slack.token", "invalid_auth"))
}

fn test(world: &World, request: &Incoming) -> Result<Reply, Refusal> {
    let app = app(world, request)?;
    let body = json!({
        "ok": true, "url": "https://simulated.slack.example/", "team": "Simulated workspace", "user": app.bot_name,
        "team_id": app.team_id, "user_id": "U0SIMULATEDBOT", "bot_id": "B0SIMULATED",
    });
    Ok(Reply::json(200, &body))
}

fn channels(world: &World, request: &Incoming) -> Result<Reply, Refusal> {
    app(world, request)?;
    let channel = |id: &str, name: &str, is_general: bool| -> Value {
        json!({ "id": id, "name": name, "is_channel": true, "is_general": is_general, "is_archived": false })
    };
    let all = [channel("C1", "random", false), channel("C2", "general", true)];
    Ok(Reply::json(200, &json!({ "ok": true, "channels": all, "response_metadata": { "next_cursor": "" } })))
}
