//! What the tests stand on: a simulator, a client, and a business that hears callbacks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use sim::{Sim, SimConfig, Transcript, Verdict};

/// A simulator with a client.
pub struct Bench {
    pub sim: Sim,
    pub http: reqwest::Client,
}

impl Bench {
    pub async fn start() -> Bench {
        Bench::with(quick()).await
    }

    pub async fn with(config: SimConfig) -> Bench {
        Bench { sim: Sim::start(config).await.unwrap(), http: reqwest::Client::new() }
    }

    /// Calls a method of the first bot.
    pub async fn bot(&self, method: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/telegram/bot{}/{method}", self.sim.url(), self.sim.bot().token);
        answer(self.http.post(url).json(&body).send().await.unwrap()).await
    }

    /// Sends by the first Twilio account.
    pub async fn twilio(&self, fields: &[(&str, &str)]) -> (u16, Value) {
        let account = self.sim.twilio();
        let url =
            format!("{}/twilio/2010-04-01/Accounts/{}/Messages.json", self.sim.url(), account.account_sid);
        let request = self.http.post(url).basic_auth(account.account_sid, Some(account.auth_token));
        answer(request.form(fields).send().await.unwrap()).await
    }

    /// Sends by the first page.
    pub async fn page(&self, body: Value) -> (u16, Value) {
        let token = self.sim.page().access_token;
        let url = format!("{}/messenger/v24.0/me/messages?access_token={token}", self.sim.url());
        answer(self.http.post(url).json(&body).send().await.unwrap()).await
    }
}

pub async fn answer(response: reqwest::Response) -> (u16, Value) {
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or_default())
}

/// Without pauses that a test would have to sit out.
pub fn quick() -> SimConfig {
    SimConfig { receipt_delay_ms: 0, retry_base_ms: 1, ..SimConfig::default() }
}

/// The rule that the newest request to a provider broke.
pub fn newest_rule(transcript: &Transcript) -> &'static str {
    let newest = transcript.entries().rev().find(|entry| entry.direction == sim::Direction::ToProvider);
    match newest.map(|entry| &entry.verdict) {
        Some(Verdict::Refused { rule, .. } | Verdict::Failed { rule, .. }) => rule,
        Some(Verdict::Fault { fault }) => fault,
        _ => "",
    }
}

/// What a business heard.
#[derive(Clone, Debug)]
pub struct Heard {
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Heard {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }

    pub fn field(&self, name: &str) -> String {
        self.form().into_iter().find(|(known, _)| known == name).map(|(_, value)| value).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A business that hears callbacks. It answers Meta's handshake when the token is `right`.
#[derive(Clone, Default)]
pub struct Business {
    heard: Arc<Mutex<Vec<Heard>>>,
    /// Statuses of the next answers; 200 when there are none.
    answers: Arc<Mutex<VecDeque<u16>>>,
    pub url: String,
}

impl Business {
    pub async fn open() -> Business {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let business = Business { url, ..Business::default() };
        let router = Router::new().fallback(hear).with_state(business.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        business
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    pub fn answer_next(&self, statuses: &[u16]) {
        self.answers.lock().unwrap().extend(statuses);
    }
}

async fn hear(State(business): State<Business>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let asked = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    if let Some(challenge) = asked("hub.challenge") {
        let right = asked("hub.verify_token").as_deref() == Some("right");
        return if right { challenge.into_response() } else { StatusCode::FORBIDDEN.into_response() };
    }
    if uri.path() == "/large.png" {
        return ([("content-type", "image/png")], vec![0_u8; 9 * 1024 * 1024]).into_response();
    }
    if uri.path() == "/page.html" {
        return ([("content-type", "text/html")], "<p>no picture</p>").into_response();
    }
    if uri.path() == "/small.png" {
        return ([("content-type", "image/png")], vec![0_u8; 10]).into_response();
    }
    business.heard.lock().unwrap().push(Heard { headers, body });
    let status = business.answers.lock().unwrap().pop_front().unwrap_or(200);
    StatusCode::from_u16(status).unwrap().into_response()
}
