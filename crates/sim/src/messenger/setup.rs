//! Tokens, subscriptions, profiles (channels.md §2.1, §2.5).

use http::Method;
use serde_json::{Value, json};

use crate::chat::{Channel, ChatKey};
use crate::http::client::is_web_address;
use crate::http::{Incoming, Reply};
use crate::shared::Handle;
use crate::world::World;

use super::callbacks::hmac_hex;
use super::errors::{Graph, dead_token, error, parameter};
use super::{Page, Params};

/// What a page can be subscribed to.
const FIELDS: &[&str] = &[
    "messages",
    "messaging_postbacks",
    "message_deliveries",
    "message_reads",
    "message_reactions",
    "messaging_referrals",
    "messaging_optins",
    "message_echoes",
    "messaging_handovers",
    "standby",
    "messaging_account_linking",
    "message_edits",
    "messaging_feedback",
    "messaging_policy_enforcement",
    "message_template_status_update",
    "messaging_optouts",
    "message_context",
    "feed",
];

/// The page that the token belongs to; `wanted` is `me` or its id.
pub(super) fn page(world: &World, request: &Incoming, wanted: &str, params: &Params) -> Result<Page, Graph> {
    let given = params.text("access_token");
    let token = request.bearer().unwrap_or(given);
    if token.is_empty() {
        let message = "An active access token must be used to query information about the current user.";
        return Err(error("messenger.token.required", 400, 2500, message));
    }
    let page = world.pages.iter().find(|page| page.access_token == token);
    let page = page.ok_or_else(|| dead_token("there is no such token"))?;
    if wanted != "me" && wanted != page.page_id {
        let message = format!(
            "Unsupported request. Object with ID '{wanted}' does not exist or cannot be loaded due to missing permissions"
        );
        return Err(parameter("messenger.page", &message));
    }
    let proof = params.text("appsecret_proof");
    if !proof.is_empty() {
        let app = world.meta_apps.iter().find(|app| app.app_id == page.app_id);
        if app.is_none_or(|app| hmac_hex(&app.app_secret, token.as_bytes()) != proof) {
            return Err(parameter("messenger.proof", "Invalid appsecret_proof provided in the API argument"));
        }
    }
    Ok(page.clone())
}

/// The app's own token.
fn check_app(shared: &Handle, app_id: &str, params: &Params) -> Result<(), Graph> {
    let expected = shared.look(|world| {
        let app = world.meta_apps.iter().find(|app| app.app_id == app_id)?;
        Some(format!("{app_id}|{}", app.app_secret))
    });
    match expected.as_deref() == Some(params.text("access_token")) {
        true => Ok(()),
        false => Err(dead_token("it has to be the app's own, {app id}|{app secret}")),
    }
}

/// `GET /{appId}/subscriptions`.
pub(super) fn subscriptions(shared: &Handle, app_id: &str, params: &Params) -> Result<Reply, Graph> {
    check_app(shared, app_id, params)?;
    let found = shared.look(|world| {
        let app = world.meta_apps.iter().find(|app| app.app_id == app_id)?;
        Some((app.callback_url.clone(), app.fields.clone()))
    });
    let (callback, fields) = found.filter(|(callback, _)| !callback.is_empty()).unzip();
    let fields: Vec<Value> =
        fields.unwrap_or_default().iter().map(|name| json!({"name": name, "version": "v23.0"})).collect();
    let all = callback
        .map(|url| json!([{"object": "page", "callback_url": url, "active": true, "fields": fields}]));
    Ok(Reply::json(200, &json!({"data": all.unwrap_or_else(|| json!([]))})))
}

/// `POST /{appId}/subscriptions`: Meta asks the callback address at once.
pub(super) async fn subscribe_app(shared: &Handle, app_id: &str, params: &Params) -> Result<Reply, Graph> {
    check_app(shared, app_id, params)?;
    if params.text("object") != "page" {
        return Err(parameter("messenger.subscription.object", "Param object must be one of {page}"));
    }
    let url = params.text("callback_url");
    if !is_web_address(url) {
        return Err(parameter("messenger.subscription.url", "callback_url has to be an https address"));
    }
    let verify_token = params.text("verify_token");
    if verify_token.is_empty() {
        return Err(parameter("messenger.subscription.token", "The parameter verify_token is required"));
    }
    let fields = fields(params, "fields")?;
    verify(shared, url, verify_token).await?;
    shared.with(|world| {
        if let Some(app) = world.meta_apps.iter_mut().find(|app| app.app_id == app_id) {
            url.clone_into(&mut app.callback_url);
            app.fields = fields;
        }
    });
    Ok(Reply::json(200, &json!({"success": true})))
}

/// The handshake: the address has to repeat the challenge.
async fn verify(shared: &Handle, url: &str, verify_token: &str) -> Result<(), Graph> {
    let challenge = shared.with(|world| world.ids.digits(10));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.challenge", &challenge)
        .append_pair("hub.verify_token", verify_token)
        .finish();
    let joint = if url.contains('?') { '&' } else { '?' };
    let answer = shared.client.get(&format!("{url}{joint}{query}"), shared.callback_timeout()).await;
    let wrong = match answer {
        Ok(answer) if answer.status == 200 && answer.body == challenge.as_bytes() => return Ok(()),
        Ok(answer) if answer.status == 200 => "the answer is not the challenge".to_owned(),
        Ok(answer) => format!("HTTP Status Code = {}", answer.status),
        Err(why) => why,
    };
    let message = format!("(#2200) Callback verification failed with the following errors: {wrong}");
    Err(error("messenger.subscription.handshake", 400, 2200, &message))
}

fn fields(params: &Params, name: &str) -> Result<Vec<String>, Graph> {
    let fields: Vec<String> = match params.values.get(name) {
        Some(Value::Array(fields)) => fields.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(text)) => text.split(',').map(|field| field.trim().to_owned()).collect(),
        _ => Vec::new(),
    };
    if fields.iter().all(String::is_empty) {
        return Err(parameter("messenger.subscription.fields", &format!("The parameter {name} is required")));
    }
    match fields.iter().find(|field| !FIELDS.contains(&field.as_str())) {
        Some(unknown) => {
            let message = format!("Param {name}[0] must be one of the known fields, not {unknown}");
            Err(parameter("messenger.subscription.fields", &message))
        }
        None => Ok(fields),
    }
}

/// `/{pageId}/subscribed_apps`.
pub(super) fn subscribed_apps(
    shared: &Handle,
    request: &Incoming,
    page_id: &str,
    params: &Params,
) -> Result<Reply, Graph> {
    let known = shared.look(|world| page(world, request, page_id, params))?;
    let change = match request.method {
        Method::POST => fields(params, "subscribed_fields")?,
        Method::DELETE => Vec::new(),
        _ => {
            let apps = json!([{"id": known.app_id, "subscribed_fields": known.subscribed_fields}]);
            let apps = if known.subscribed_fields.is_empty() { json!([]) } else { apps };
            return Ok(Reply::json(200, &json!({"data": apps})));
        }
    };
    shared.with(|world| {
        if let Some(page) = world.pages.iter_mut().find(|page| page.page_id == known.page_id) {
            page.subscribed_fields = change;
        }
    });
    Ok(Reply::json(200, &json!({"success": true})))
}

/// `GET /me`, `GET /app` and `GET /{id}`: the page itself, the app of its token, or somebody who has
/// written to it.
pub(super) fn node(shared: &Handle, request: &Incoming, node: &str, params: &Params) -> Result<Reply, Graph> {
    let is_page = shared.look(|world| world.pages.iter().any(|page| page.page_id == node));
    let wanted = if is_page { node } else { "me" };
    let page = shared.look(|world| page(world, request, wanted, params))?;
    let all = if node == "me" || is_page {
        json!({"id": page.page_id, "name": page.name, "category": "Shopping"})
    } else if node == "app" {
        json!({"id": page.app_id, "name": "Simulated app"})
    } else {
        let key = ChatKey { channel: Channel::Messenger, account: page.page_id, customer: node.to_owned() };
        let names = shared.look(|world| {
            world.chats.get(&key).map(|chat| (chat.first_name.clone(), chat.last_name.clone()))
        });
        let message = format!("Unsupported get request. Object with ID '{node}' does not exist");
        let (first, last) = names.ok_or_else(|| parameter("messenger.profile", &message).subcode(33))?;
        json!({"id": node, "first_name": first, "last_name": last, "name": format!("{first} {last}"),
            "locale": "en_US", "profile_pic": format!("{}{}", shared.origin, crate::control::PICTURE)})
    };
    let fields = params.text("fields");
    let mut shown = serde_json::Map::new();
    let asked = if fields.is_empty() { "id,name" } else { fields };
    for field in asked.split(',').map(str::trim).chain(["id"]) {
        match all.get(field) {
            Some(value) => shown.insert(field.to_owned(), value.clone()),
            None => {
                let message = format!("Tried accessing nonexisting field ({field})");
                return Err(parameter("messenger.fields", &message));
            }
        };
    }
    Ok(Reply::json(200, &Value::Object(shown)))
}
