//! Where bot and agent sit: their webhooks, and the agent's page.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use sim::Loopback;

use super::bot::{Thought, think};
use super::scene::Scene;

const PAGE: &str = include_str!("desk.html");

/// Bot and agent.
pub(super) struct Desk {
    api: Loopback,
    scene: Scene,
    /// The conversations that the agent has, with the customer's name.
    held: Mutex<BTreeMap<String, String>>,
}

impl Desk {
    pub(super) fn new(api: Loopback, scene: Scene) -> Desk {
        Desk { api, scene, held: Mutex::default() }
    }

    fn path(&self, conversation: &str, rest: &str) -> String {
        format!("/v2/apps/{}/conversations/{conversation}{rest}", self.scene.app)
    }

    async fn say(&self, conversation: &str, who: &str, content: Value) -> Result<(), String> {
        let body = json!({"author": {"type": "business", "displayName": who}, "content": content});
        self.api.post(&self.path(conversation, "/messages"), &body).await.map(drop)
    }

    async fn pass(&self, conversation: &str, to: &str) -> Result<(), String> {
        let body = json!({"switchboardIntegration": to});
        self.api.post(&self.path(conversation, "/passControl"), &body).await.map(drop)
    }

    fn hold(&self, conversation: &str, name: &str) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(conversation.to_owned(), name.to_owned());
    }

    fn let_go(&self, conversation: &str) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).remove(conversation);
    }
}

/// The routes of bot and agent.
pub(super) fn routes(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/", get(async || Html(PAGE)))
        .route("/bot", post(bot_hears))
        .route("/agent", post(agent_hears))
        .route("/chats", get(chats))
        .route("/chats/{conversation}/say", post(agent_says))
        .route("/chats/{conversation}/back", post(give_back))
        .with_state(desk)
}

fn is_from_server(headers: &HeaderMap, secret: &str) -> bool {
    headers.get("x-api-key").is_some_and(|given| given.as_bytes() == secret.as_bytes())
}

/// What a customer did in an event: text of a message, payload of a button.
fn heard(event: &Value) -> Option<String> {
    let payload = &event["payload"];
    if event["type"] == "conversation:postback" {
        return payload["postback"]["payload"].as_str().map(str::to_owned);
    }
    let message = &payload["message"];
    if event["type"] != "conversation:message" || message["author"]["type"] != "user" {
        return None;
    }
    let content = &message["content"];
    let text = content["payload"].as_str().or_else(|| content["text"].as_str());
    Some(text.unwrap_or_default().to_owned())
}

fn events(body: &Value) -> impl Iterator<Item = (&Value, &str)> {
    let events = body["events"].as_array().map(Vec::as_slice).unwrap_or_default();
    events.iter().filter_map(|event| Some((event, event["payload"]["conversation"]["id"].as_str()?)))
}

async fn bot_hears(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<StatusCode, Wrong> {
    if !is_from_server(&headers, &desk.scene.bot_secret) {
        return Ok(StatusCode::UNAUTHORIZED);
    }
    for (event, conversation) in events(&body) {
        let Some(heard) = heard(event) else { continue };
        match think(&heard) {
            Thought::Say(content) => desk.say(conversation, "Bot", content).await?,
            Thought::Pass(content) => {
                desk.say(conversation, "Bot", content).await?;
                desk.pass(conversation, "agent").await?;
                desk.hold(conversation, &name(event));
            }
        }
    }
    Ok(StatusCode::OK)
}

fn name(event: &Value) -> String {
    let author = &event["payload"]["message"]["author"];
    let source = event["payload"]["message"]["source"]["type"].as_str().unwrap_or("chat");
    format!("{} ({source})", author["displayName"].as_str().unwrap_or("Customer"))
}

async fn agent_hears(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> StatusCode {
    if !is_from_server(&headers, &desk.scene.agent_secret) {
        return StatusCode::UNAUTHORIZED;
    }
    for (event, conversation) in events(&body).filter(|(event, _)| heard(event).is_some()) {
        desk.hold(conversation, &name(event));
    }
    StatusCode::OK
}

async fn chats(State(desk): State<Arc<Desk>>) -> Result<Json<Value>, Wrong> {
    let held = desk.held.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut chats = Vec::new();
    for (id, name) in held {
        let page = desk.api.get(&desk.path(&id, "/messages")).await?;
        chats.push(json!({"id": id, "name": name, "messages": page["messages"]}));
    }
    Ok(Json(json!({"chats": chats})))
}

async fn agent_says(
    State(desk): State<Arc<Desk>>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<StatusCode, Wrong> {
    if is_foreign(&headers) {
        return Ok(StatusCode::FORBIDDEN);
    }
    let text = body["text"].as_str().unwrap_or_default();
    desk.say(&conversation, "Agent", json!({"type": "text", "text": text})).await?;
    Ok(StatusCode::OK)
}

async fn give_back(
    State(desk): State<Arc<Desk>>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Wrong> {
    if is_foreign(&headers) {
        return Ok(StatusCode::FORBIDDEN);
    }
    desk.pass(&conversation, "bot").await?;
    desk.let_go(&conversation);
    Ok(StatusCode::OK)
}

/// Another site's page in the same browser must not act here.
fn is_foreign(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site")
}

/// What the server said no to.
struct Wrong(String);

impl From<String> for Wrong {
    fn from(text: String) -> Wrong {
        Wrong(text)
    }
}

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        tracing::warn!(error = %self.0, "the server said no");
        (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/plain")], self.0).into_response()
    }
}
