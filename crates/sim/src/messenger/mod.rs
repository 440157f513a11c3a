//! Facebook Messenger: Meta's Graph API (channels.md §2).

mod callbacks;
mod conversions;
mod errors;
mod inbound;
mod judge;
mod send;
mod setup;

use http::Method;
use serde_json::{Map, Value};

use crate::fault::FaultKind;
use crate::front::Glance;
use crate::http::{Incoming, Refusal, Reply, Upload, multipart, pairs};
use crate::shared::Handle;
use crate::world::World;

pub(crate) use callbacks::ready;
pub use callbacks::signature;
pub(crate) use conversions::Dataset;
pub(crate) use inbound::inbound;

use errors::{Graph, error};

/// A page that people write to.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its id.
    pub page_id: String,
    /// Its name.
    pub name: String,
    /// The token of requests in its name.
    pub access_token: String,
    /// The app that the token was made for.
    pub app_id: String,
    /// The events that the app gets; empty until it subscribes.
    pub subscribed_fields: Vec<String>,
    /// Whether the page may use the tag `HUMAN_AGENT`.
    pub human_agent: bool,
}

/// An app of a developer.
#[derive(Clone, Debug, Default)]
pub struct MetaApp {
    /// Its id.
    pub app_id: String,
    /// The key of its callbacks' signatures.
    pub app_secret: String,
    /// Where callbacks of pages go; empty until it subscribes.
    pub callback_url: String,
    /// The events that it wants.
    pub fields: Vec<String>,
}

/// The parameters of a request, wherever they stand.
#[derive(Debug, Default)]
pub(super) struct Params {
    pub(super) values: Map<String, Value>,
    pub(super) files: Vec<Upload>,
    /// Whether the body is none of the forms that Graph reads.
    pub(super) unreadable: bool,
}

impl Params {
    async fn read(request: &Incoming) -> Params {
        let mut params = Params::default();
        params.take(request.query.clone());
        match request.media_type().as_str() {
            "application/json" => match serde_json::from_slice(&request.body) {
                Ok(Value::Object(values)) => params.values.extend(values),
                _ => params.unreadable = true,
            },
            "application/x-www-form-urlencoded" => params.take(pairs(&request.body)),
            "multipart/form-data" => match multipart(request).await {
                Some((texts, files)) => {
                    params.take(texts);
                    params.files = files;
                }
                None => params.unreadable = true,
            },
            _ => params.unreadable = !request.body.is_empty(),
        }
        params
    }

    /// Objects stand in forms as JSON text.
    fn take(&mut self, texts: Vec<(String, String)>) {
        for (name, text) in texts {
            let is_json = text.starts_with('{') || text.starts_with('[');
            let value = Some(&text).filter(|_| is_json).and_then(|text| serde_json::from_str(text).ok());
            self.values.insert(name, value.unwrap_or(Value::String(text)));
        }
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.values.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// What a request is, before it is judged.
pub(crate) async fn glance(request: &Incoming) -> Glance {
    let parts = without_version(request);
    let operation = match parts.as_slice() {
        [_, "messages"] => "me/messages",
        [_, "message_attachments"] => "me/message_attachments",
        [_, "subscriptions"] => "subscriptions",
        [_, "subscribed_apps"] => "subscribed_apps",
        [_, "dataset"] => "dataset",
        [_, "events"] => "events",
        ["me"] => "me",
        [_] => "profile",
        _ => request.path.as_str(),
    };
    let customer = if operation == "me/messages" {
        let params = Params::read(request).await;
        params.values.get("recipient").and_then(|to| to["id"].as_str()).map(str::to_owned)
    } else {
        None
    };
    Glance { operation: operation.to_owned(), customer, window_closed: false }
}

/// The parts of the path without `v24.0`; `unversioned` when that is wrong.
fn without_version(request: &Incoming) -> Vec<&str> {
    let mut parts = request.parts();
    let is_version = |part: &str| {
        let numbers = part.strip_prefix('v').and_then(|rest| rest.split_once('.'));
        numbers.is_some_and(|(major, minor)| major.parse::<u8>().is_ok() && minor.parse::<u8>().is_ok())
    };
    if parts.first().is_some_and(|first| is_version(first)) {
        parts.remove(0);
    }
    parts
}

/// Judges a request and does what it asks.
pub(crate) async fn handle(shared: &Handle, request: &Incoming, glance: &Glance) -> Reply {
    let judged = judge(shared, request, glance).await;
    judged.unwrap_or_else(|refused| refused.finish(&shared.with(|world| world.ids.fbtrace())).into())
}

async fn judge(shared: &Handle, request: &Incoming, glance: &Glance) -> Result<Reply, Graph> {
    let params = Params::read(request).await;
    if params.unreadable {
        return Err(errors::parameter("messenger.body", "The body is no JSON object and no form"));
    }
    let post = request.method == Method::POST;
    match without_version(request).as_slice() {
        [app, "subscriptions"] if post => setup::subscribe_app(shared, app, &params).await,
        [app, "subscriptions"] if request.method == Method::GET => setup::subscriptions(shared, app, &params),
        [page, "subscribed_apps"] => setup::subscribed_apps(shared, request, page, &params),
        [page, "messages"] if post => send::message(shared, request, page, params, glance).await,
        [page, "message_attachments"] if post => send::attachment(shared, request, page, params).await,
        [page, "dataset"] if post => conversions::dataset(shared, request, page, &params),
        [dataset, "events"] if post => conversions::events(shared, request, dataset, &params),
        [node] if request.method == Method::GET => setup::node(shared, request, node, &params),
        _ => {
            let message = format!("Unknown path components: {}", request.path);
            Err(error("messenger.path", 400, 2500, &message))
        }
    }
}

/// A scripted fault in Meta's words; `None` when it is none of Meta's.
pub(crate) fn fault(kind: FaultKind, world: &mut World) -> Option<Reply> {
    let refused = match kind {
        FaultKind::RateLimit { retry_after_s } => {
            let message = "(#613) Calls to this api have exceeded the rate limit.";
            let refusal = error("messenger.rate", 429, 613, message).finish(&world.ids.fbtrace());
            let reply = Reply::from(refusal);
            return Some(match retry_after_s {
                Some(seconds) => reply.header("retry-after", seconds.to_string()),
                None => reply,
            });
        }
        FaultKind::ServerError { status } => error(
            "messenger.server",
            status.unwrap_or(500),
            2,
            "An unexpected error has occurred. Please retry your request later.",
        ),
        FaultKind::DeadToken => errors::dead_token("the token no longer holds"),
        FaultKind::BlockedUser => errors::blocked(),
        FaultKind::WindowClosed => errors::window(),
        _ => return None,
    };
    Some(Refusal::into(refused.finish(&world.ids.fbtrace())))
}
