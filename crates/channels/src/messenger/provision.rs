//! Connecting a page: who it is, the page's subscription, the app's callback (channels.md §2.5).

use http::StatusCode;
use model::content::Metadata;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::{graph, is_good, judge, node_id, verify, with_token};
use crate::channel::{Account, Provision};
use crate::kit::provider::{id_text, setting, text};
use crate::plan::Plan;

/// What Meta shall tell us.
const FIELDS: &str = "messages,messaging_postbacks,message_deliveries,message_reads,message_reactions,message_edits,\
                      messaging_referrals,messaging_optins,message_echoes,messaging_handovers";

/// The page's name, the page's subscription, the app's callback (which Meta asks for at once).
pub(super) fn set_up(account: &Account<'_>, answers: &[(StatusCode, Value)]) -> Provision {
    if let Some((status, body)) = answers.iter().find(|(status, body)| !is_good(*status, body)) {
        let reason = body
            .get("error")
            .map_or_else(|| format!("HTTP {}", status.as_u16()), |error| judge::reason(account, error));
        return Provision::Refused(format!("Meta refuses: {reason}"));
    }
    let lacks = |name: &&str| setting(account, name).is_none();
    // Without the secret of an app the page can be spoken for and not heard.
    let is_deaf = lacks(&"appSecret");
    let needed: &[&str] = if is_deaf { &["pageAccessToken"] } else { &["pageAccessToken", "appId"] };
    if let Some(missing) = needed.iter().copied().find(|name| lacks(name)) {
        return Provision::Refused(format!("{missing} is missing"));
    }
    match answers {
        [] => Provision::Call(Plan::get(with_token(account, "me", &[("fields", "id,name")]))),
        [(_, page)] if node_id(page).is_none() => {
            Provision::Refused("the token is not one of a page".to_owned())
        }
        [_] if is_deaf => Provision::Call(Plan::get(with_token(account, "app", &[("fields", "id")]))),
        [(_, page), (_, app)] if is_deaf => {
            let mut config = settings(account, page);
            config.extend(id_text(app, "/id").map(|id| ("appId".to_owned(), Value::from(id))));
            Provision::Partly { config, caveat: "inbound cannot be verified" }
        }
        [(_, page)] => {
            let path = format!("{}/subscribed_apps", node_id(page).unwrap_or_default());
            let fields = vec![("subscribed_fields".to_owned(), FIELDS.to_owned())];
            Provision::Call(Plan { repeatable: true, ..Plan::form(with_token(account, &path, &[]), fields) })
        }
        // Last, since the app has one callback for all its pages: an attempt that fails leaves it as it is.
        [_, _] => Provision::Call(callback(account)),
        [(_, page), ..] => Provision::Done { config: settings(account, page), secrets: Map::new() },
    }
}

/// The app's own token is its id and secret.
fn callback(account: &Account<'_>) -> Plan {
    let app = setting(account, "appId").unwrap_or_default();
    let fields = [
        ("object", "page".to_owned()),
        ("callback_url", account.hook_url.to_owned()),
        ("verify_token", verify::verify_token(account)),
        ("fields", FIELDS.to_owned()),
        ("access_token", format!("{app}|{}", account.text("appSecret"))),
    ];
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Plan { repeatable: true, ..Plan::form(graph(account, &format!("{app}/subscriptions")), fields) }
}

/// The published form shows the id as a number.
fn settings(account: &Account<'_>, page: &Value) -> Metadata {
    let id = node_id(page).map(|id| id.parse::<u64>().map_or_else(|_| Value::from(id), Value::from));
    let id = id.map(|id| ("pageId".to_owned(), id));
    let name = text(page, "/name").map(|name| ("pageName".to_owned(), Value::from(name)));
    let app = setting(account, "appId").map(|app| ("appId".to_owned(), Value::from(app)));
    id.into_iter().chain(name).chain(app).collect()
}

/// Whether another page's integration hears through the same app.
pub(super) fn is_heir(leaving: &Account<'_>, living: &Account<'_>) -> bool {
    let app = setting(leaving, "appId");
    app.is_some() && app == setting(living, "appId") && !living.text("appSecret").is_empty()
}

/// An app has one callback for all its pages: where it is the leaving integration's, it becomes that of
/// another one. One that somebody has set in the meantime stays.
pub(super) fn hand_over(
    leaving: &Account<'_>,
    heir: &Account<'_>,
    answers: &[(StatusCode, Value)],
) -> Provision {
    let done = Provision::Done { config: Metadata::new(), secrets: Map::new() };
    let app = setting(heir, "appId").unwrap_or_default();
    match answers {
        [] => {
            let token = form_urlencoded::Serializer::new(String::new())
                .append_pair("access_token", &format!("{app}|{}", heir.text("appSecret")))
                .finish();
            Provision::Call(Plan::get(format!("{}?{token}", graph(heir, &format!("{app}/subscriptions")))))
        }
        [.., (status, body)] if judge::is_passing_trouble(*status, body) => {
            let error = body.get("error").unwrap_or(body);
            Provision::Refused(format!("Meta refuses: {}", judge::reason(heir, error)))
        }
        [(status, found)] if is_good(*status, found) && calls_back(found, leaving) => {
            Provision::Call(callback(heir))
        }
        // Meta asks the heir at once, which may not answer yet.
        [_, (status, body)] if !is_good(*status, body) => {
            let error = body.get("error").unwrap_or(body);
            Provision::Refused(format!("Meta refuses: {}", judge::reason(heir, error)))
        }
        _ => done,
    }
}

fn calls_back(subscriptions: &Value, account: &Account<'_>) -> bool {
    let all = subscriptions.get("data").and_then(Value::as_array).into_iter().flatten();
    let mut of_pages = all.filter(|subscription| text(subscription, "/object") == Some("page"));
    of_pages
        .any(|subscription| text(subscription, "/callback_url").is_some_and(|url| account.is_hook_url(url)))
}

/// The page's subscription goes; what becomes of the app's callback is another step.
pub(super) fn undo(account: &Account<'_>, answers: &[(StatusCode, Value)]) -> Provision {
    let page = setting(account, "pageId").unwrap_or_else(|| "me".to_owned());
    match answers {
        [] if !account.text("pageAccessToken").is_empty() => {
            Provision::Call(Plan::delete(with_token(account, &format!("{page}/subscribed_apps"), &[])))
        }
        [.., (status, body)] if judge::is_passing_trouble(*status, body) => {
            let error = body.get("error").unwrap_or(body);
            Provision::Refused(format!("Meta refuses: {}", judge::reason(account, error)))
        }
        _ => Provision::Done { config: Metadata::new(), secrets: Map::new() },
    }
}
