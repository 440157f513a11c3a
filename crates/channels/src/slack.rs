//! Slack: a code that Slack has given one of its users is traded for tokens (`oauth.v2.access`), and what
//! they stand for is asked (`auth.test`, `conversations.list`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::channel::Provision;
use crate::kit::provider::text;
use crate::plan::Plan;

const HOST: &str = "https://slack.com";
/// The channel that every workspace begins with; its name may be another one.
const GENERAL: &str = "general";
/// Channels in which the general one is looked for.
const CHANNELS_MAX: &str = "200";

/// The word that names Slack's addresses in the configuration.
pub const BASE_URL_WORD: &str = "SLACK";

/// The operator's own client at Slack. Its `Debug` shows nothing.
#[derive(Clone)]
pub struct SlackClient {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

impl std::fmt::Debug for SlackClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SlackClient").finish_non_exhaustive()
    }
}

/// The tokens of a code, what they stand for, then done: `teamId`, `botName` and `defaultPublicChannel`
/// among the settings, `botAccessToken` and, where a user's scopes were asked for, `appAccessToken` among
/// the secrets. `base_url` takes the place of Slack's own address.
pub fn trade_code(
    base_url: Option<&str>,
    client: &SlackClient,
    code: &str,
    answers: &[(StatusCode, Value)],
) -> Provision {
    let at = |path: &str| format!("{}/api/{path}", base_url.unwrap_or(HOST).trim_end_matches('/'));
    // Whether somebody may see the channels does not matter to who trades a code.
    if let Some(reason) = answers.iter().take(2).find_map(refusal) {
        return Provision::Refused(format!("Slack refuses: {reason}"));
    }
    let bot = answers.first().and_then(|(_, access)| text(access, "/access_token"));
    let bearer = format!("Bearer {}", bot.unwrap_or_default());
    match answers {
        [] => {
            let pair = STANDARD.encode(format!("{}:{}", client.id, client.secret));
            let plan = Plan::form(at("oauth.v2.access"), vec![("code".to_owned(), code.to_owned())]);
            Provision::Call(plan.header("authorization", format!("Basic {pair}")))
        }
        _ if bot.is_none() => Provision::Refused("the code is not one for a bot".to_owned()),
        [_] => Provision::Call(Plan::form(at("auth.test"), Vec::new()).header("authorization", bearer)),
        [_, _] => {
            let query = format!("conversations.list?types=public_channel&limit={CHANNELS_MAX}");
            Provision::Call(Plan::get(at(&query)).header("authorization", bearer))
        }
        [(_, access), (_, test), (_, list), ..] => done(access, test, list),
    }
}

/// Slack says what it does not like in a body, whatever the status is.
fn refusal((status, body): &(StatusCode, Value)) -> Option<String> {
    match body.get("ok") {
        Some(Value::Bool(true)) if status.is_success() => None,
        _ => Some(text(body, "/error").map_or_else(|| format!("HTTP {}", status.as_u16()), str::to_owned)),
    }
}

fn done(access: &Value, test: &Value, list: &Value) -> Provision {
    let channels = list.get("channels").and_then(Value::as_array);
    let general = channels.into_iter().flatten().find(|channel| channel["is_general"] == true);
    let general = general.and_then(|channel| text(channel, "/name")).unwrap_or(GENERAL);
    let team = text(access, "/team/id").or_else(|| text(test, "/team_id"));
    let Some(team) = team else { return Provision::Refused("the code is not one of a team".to_owned()) };
    let config = json!({ "teamId": team, "botName": text(test, "/user"), "defaultPublicChannel": general });
    let secrets = json!({
        "botAccessToken": text(access, "/access_token"),
        "appAccessToken": text(access, "/authed_user/access_token"),
    });
    Provision::Done { config: without_nulls(config), secrets: without_nulls(secrets) }
}

fn without_nulls(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use super::*;

    fn client() -> SlackClient {
        SlackClient { id: "1.2".to_owned(), secret: "s3cret".to_owned() }
    }

    fn after(answers: &[Value]) -> Provision {
        let answers: Vec<_> = answers.iter().map(|answer| (StatusCode::OK, answer.clone())).collect();
        trade_code(None, &client(), "c0de", &answers)
    }

    #[test]
    fn a_code_becomes_tokens_and_what_they_stand_for() {
        let Provision::Call(plan) = after(&[]) else { panic!("a call") };
        assert_eq!(plan.url, "https://slack.com/api/oauth.v2.access");
        assert_eq!(plan.headers, [("authorization", format!("Basic {}", STANDARD.encode("1.2:s3cret")))]);
        let access = json!({ "ok": true, "access_token": "xoxb-1", "team": { "id": "T5" }, "authed_user": { "access_token": "xoxp-1" } });
        let test = json!({ "ok": true, "user": "Hubster.io", "team_id": "T5" });
        let Provision::Call(plan) = after(std::slice::from_ref(&access)) else { panic!("a call") };
        assert_eq!(plan.headers, [("authorization", "Bearer xoxb-1".to_owned())]);
        let list =
            json!({ "ok": true, "channels": [{ "name": "random" }, { "name": "all", "is_general": true }] });
        let wanted = |channel: &str| Provision::Done {
            config: without_nulls(
                json!({ "teamId": "T5", "botName": "Hubster.io", "defaultPublicChannel": channel }),
            ),
            secrets: without_nulls(json!({ "botAccessToken": "xoxb-1", "appAccessToken": "xoxp-1" })),
        };
        assert_eq!(after(&[access.clone(), test.clone(), list]), wanted("all"));
        // Without the scope for it the general channel has its usual name.
        assert_eq!(
            after(&[access, test, json!({ "ok": false, "error": "missing_scope" })]),
            wanted("general")
        );
    }

    #[test]
    fn refusals_say_why() {
        let refused = |answers: &[Value]| match after(answers) {
            Provision::Refused(reason) => reason,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            refused(&[json!({ "ok": false, "error": "invalid_code" })]),
            "Slack refuses: invalid_code"
        );
        assert_eq!(refused(&[json!("down")]), "Slack refuses: HTTP 200");
        assert_eq!(refused(&[json!({ "ok": true })]), "the code is not one for a bot");
    }
}
