//! Errors end here: from the hub's kinds to `{status, errors:[{code, description}]}` (hubster.md §8).

use std::sync::LazyLock;

use axum::http::HeaderMap;
use dialect_common::body::ReadError;
use dialect_common::text::sentence;
use hub::{HubError, Thing};
use wire::Scope;
use wire::hubster::codes::{self, ErrorCode};
use wire::hubster::types::{ErrorEntry, ErrorEnvelope, OAuthError};

use super::reply::Reply;

pub(crate) type Result<T, E = ApiError> = std::result::Result<T, E>;

/// Where the engine answers, at addresses without an operation, too: the shortest folders in which nobody but
/// the engine has an operation. The rest below `/api/v1` is the portal's.
static ENGINE_FOLDERS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let (engine, others): (Vec<&wire::Operation>, Vec<&wire::Operation>) =
        operations().partition(|row| Resource::of(row) == Resource::Engine);
    let is_mixed = |folder: &str| others.iter().any(|row| is_below(row.path, folder));
    let mut found: Vec<String> = engine
        .iter()
        .filter_map(|row| folders(row.path).find(|folder| !is_mixed(folder)).map(str::to_owned))
        .collect();
    found.sort();
    found.dedup();
    found
});
/// The name of a request in the log; the server has put it there.
const REQUEST_ID: &str = "x-request-id";

/// The part of the API that answers; its codes begin with its letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    /// `PRT`
    Portal,
    /// `ENG`
    Engine,
    /// `IDT`
    Identity,
}

fn operations() -> impl Iterator<Item = &'static wire::Operation> {
    wire::hubster::OPERATIONS.iter().chain(wire::hubster::EVENTS)
}

/// Whether a path is a folder, or in it.
fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The folders of a path and the path itself, the shortest first: `/a` and `/a/b` of `/a/b`.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('/').map(|(at, _)| at).skip(1).chain([path.len()]);
    ends.map(|end| &path[..end])
}

impl Resource {
    /// The part that an operation belongs to.
    pub(crate) fn of(operation: &wire::Operation) -> Resource {
        match operation.scopes.first() {
            Some(Scope::Portal) => Resource::Portal,
            Some(_) => Resource::Engine,
            None if operation.path.starts_with("/api/") => Resource::Engine,
            None => Resource::Identity,
        }
    }

    /// The part that answers at a path, whatever is there; `None` for a path of somebody else's.
    pub(crate) fn at(path: &str) -> Option<Resource> {
        if ENGINE_FOLDERS.iter().any(|folder| is_below(path, folder)) {
            return Some(Resource::Engine);
        }
        let mut identity = operations().filter(|row| Resource::of(row) == Resource::Identity);
        if identity.any(|row| is_below(path, row.path)) {
            return Some(Resource::Identity);
        }
        is_below(path, "/api/v1").then_some(Resource::Portal)
    }

    fn letters(self) -> &'static str {
        match self {
            Resource::Portal => "PRT",
            Resource::Engine => "ENG",
            Resource::Identity => "IDT",
        }
    }
}

/// One fault.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    code: ErrorCode,
    text: String,
}

impl Fault {
    pub(crate) fn new(code: ErrorCode, text: impl Into<String>) -> Fault {
        Fault { code, text: text.into() }
    }

    /// The number of its code.
    #[cfg(test)]
    pub(crate) fn number(&self) -> u32 {
        self.code.number
    }
}

/// Why a request was refused.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// What is wrong with the request; the first fault decides the status.
    Faults(Vec<Fault>),
    /// What the hub says.
    Hub(HubError),
    /// Several things at once that the hub says.
    Several(Vec<HubError>),
    /// The client is too fast; try again after so many seconds.
    TooFast(u64),
    /// A token is refused, in the form of OAuth.
    OAuth(&'static str, Option<String>),
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> ApiError {
        ApiError::Faults(vec![fault])
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> ApiError {
        match error {
            ReadError::TooLarge(bytes_max) => {
                ApiError::of(codes::OUT_OF_RANGE, format!("The body is larger than {bytes_max} bytes."))
            }
            ReadError::EndedEarly => ApiError::of(codes::BODY_MISSING, "The body ended too early."),
        }
    }
}

impl From<HubError> for ApiError {
    fn from(error: HubError) -> ApiError {
        ApiError::Hub(error)
    }
}

impl ApiError {
    /// A fault by itself.
    pub(crate) fn of(code: ErrorCode, text: impl Into<String>) -> ApiError {
        Fault::new(code, text).into()
    }

    /// 401: the caller could not be told.
    pub(crate) fn unauthorized() -> ApiError {
        ApiError::of(
            codes::UNAUTHORIZED,
            "The access token is missing, wrong, expired or for another resource.",
        )
    }

    /// The first fault: its number, and what it says.
    pub(crate) fn first(self, resource: Resource) -> (u32, String) {
        let fault = self.into_faults(resource).into_iter().next();
        let fault = fault.unwrap_or_else(|| Fault::new(codes::SYSTEM, "System error."));
        (fault.code.number, description(&fault, resource))
    }

    fn into_faults(self, resource: Resource) -> Vec<Fault> {
        match self {
            ApiError::Faults(faults) => faults,
            ApiError::Hub(error) => vec![of_hub(error, resource)],
            ApiError::Several(errors) => errors.into_iter().map(|error| of_hub(error, resource)).collect(),
            ApiError::TooFast(_) => vec![Fault::new(codes::TOO_MANY_REQUESTS, "Too many requests.")],
            ApiError::OAuth(error, _) => vec![Fault::new(codes::UNAUTHORIZED, error)],
        }
    }

    /// The answer to a request with these headers.
    pub(crate) fn into_reply(self, resource: Resource, asked: &HeaderMap) -> Reply {
        let retry_after_s = match &self {
            ApiError::TooFast(seconds) => Some((*seconds).max(1)),
            ApiError::Hub(HubError::Busy | HubError::Coming) => Some(1),
            _ => None,
        };
        if let ApiError::OAuth(error, description) = self {
            let body = OAuthError { error: error.to_owned(), error_description: description };
            return Reply::with_status(400, &body);
        }
        let faults = self.into_faults(resource);
        let id = asked.get(REQUEST_ID).and_then(|id| id.to_str().ok());
        let reply = envelope(&faults, resource, id);
        match retry_after_s {
            Some(seconds) => reply.header("retry-after", seconds.to_string()),
            None => reply,
        }
    }
}

/// What a fault says to people, with its full code at the end.
fn description(fault: &Fault, resource: Resource) -> String {
    format!("{} (code: {}{:06})", fault.text, resource.letters(), fault.code.number)
}

fn envelope(faults: &[Fault], resource: Resource, request_id: Option<&str>) -> Reply {
    let status = faults.first().map_or(500, |fault| fault.code.status);
    let entry =
        |fault: &Fault| ErrorEntry { code: fault.code.number, description: description(fault, resource) };
    let errors = faults.iter().map(entry).collect();
    // Who asks why the server could not finds it in the log.
    let tracking_id = request_id.filter(|_| status >= 500).map(str::to_owned);
    Reply::with_status(status, &ErrorEnvelope { status, errors, tracking_id, timestamp: None })
}

/// A fault of what the hub said.
fn of_hub(error: HubError, resource: Resource) -> Fault {
    let text = format!("{}.", sentence(&error.to_string()));
    let code = match &error {
        HubError::NotFound(thing) => not_found(*thing, resource),
        HubError::Paused => codes::CONVERSATION_PAUSED,
        HubError::NobodyAnswers => codes::NOBODY_ANSWERS,
        HubError::Closed => codes::CUSTOMER_GONE,
        HubError::OwnTarget => codes::ACTIVITY_NOT_SUPPORTED,
        HubError::Terminated => codes::INTEGRATION_TERMINATED,
        HubError::NameTaken(Thing::Integration) => codes::INTEGRATION_NAME_EXISTS,
        HubError::NameTaken(_) => codes::NAME_EXISTS,
        HubError::AccountTaken { .. } => codes::CHANNEL_BOUND,
        HubError::Invalid(_) | HubError::Switchboard { .. } => codes::VALUE_NOT_SUPPORTED,
        HubError::TooMany { .. } | HubError::Full { .. } => codes::OUT_OF_RANGE,
        HubError::Forbidden(_) => codes::FORBIDDEN,
        HubError::Conflict(_) | HubError::Repeated { .. } => codes::ALREADY_EXISTS,
        HubError::Coming => codes::NOT_FOUND,
        HubError::Busy => codes::UNAVAILABLE,
        HubError::Internal(source) => {
            tracing::error!(error = %source, ?resource, "a request failed inside");
            codes::SYSTEM
        }
    };
    Fault::new(code, text)
}

fn not_found(thing: Thing, resource: Resource) -> ErrorCode {
    match (thing, resource) {
        (Thing::App, Resource::Engine) => codes::ENGINE_HUB_NOT_FOUND,
        (Thing::Integration, Resource::Engine) => codes::ENGINE_INTEGRATION_NOT_FOUND,
        (Thing::Conversation, Resource::Engine) => codes::CONVERSATION_NOT_FOUND,
        (Thing::App, _) => codes::HUB_NOT_FOUND,
        (Thing::Integration, _) => codes::INTEGRATION_NOT_FOUND,
        _ => codes::NOT_FOUND,
    }
}

/// The body of a fault of the server at a path: where to look for it in the log. `None` for a path that is
/// not this dialect's.
pub fn internal_error_body(path: &str, request_id: &str) -> Option<Vec<u8>> {
    let letters = Resource::at(path)?.letters();
    let number = codes::SYSTEM.number;
    let body = ErrorEnvelope {
        status: codes::SYSTEM.status,
        errors: vec![ErrorEntry {
            code: number,
            description: format!("System error. (code: {letters}{number:06})"),
        }],
        tracking_id: Some(request_id.to_owned()),
        timestamp: None,
    };
    Some(serde_json::to_vec(&body).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_operation_is_where_its_path_says() {
        for row in operations() {
            assert_eq!(Resource::at(row.path), Some(Resource::of(row)), "{}", row.id);
        }
        for (path, resource) in [
            ("/api/v1/conversations/x/nothing", Some(Resource::Engine)),
            ("/api/v1/nothing", Some(Resource::Portal)),
            ("/inbound/nothing", Some(Resource::Engine)),
            ("/engine-chat-hub/nothing", Some(Resource::Engine)),
            ("/api/v1/integrations/web-chat/nothing", Some(Resource::Engine)),
            ("/api/v1/integrations/nothing", Some(Resource::Portal)),
            ("/connect/token", Some(Resource::Identity)),
            ("/.well-known/nothing", None),
            ("/inboundx", None),
            ("/v2/apps", None),
        ] {
            assert_eq!(Resource::at(path), resource, "{path}");
        }
    }

    #[test]
    fn faults_of_the_server_say_where_to_look() {
        let asked =
            HeaderMap::from_iter([(axum::http::HeaderName::from_static(REQUEST_ID), "r1".parse().unwrap())]);
        let body = |error: ApiError| -> serde_json::Value {
            let reply = error.into_reply(Resource::Engine, &asked);
            serde_json::from_slice(reply.body()).unwrap()
        };
        assert_eq!(body(HubError::Busy.into())["trackingId"], "r1");
        assert_eq!(body(HubError::Paused.into()).get("trackingId"), None);
        let body = internal_error_body("/inbound/x", "r2").unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&body["trackingId"], &body["errors"][0]["code"]), (&"r2".into(), &100.into()));
        assert!(body["errors"][0]["description"].as_str().unwrap().ends_with("(code: ENG000100)"));
    }
}
