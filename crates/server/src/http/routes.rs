//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::{any, get};
use dialect_exotel::ExotelConfig;
use dialect_hubster::HubsterConfig;
use dialect_sunshine::SunshineConfig;
use http::{HeaderValue, Response, StatusCode};
use hub::Hub;
use realtime::Sockets;

use super::hooks::{self, Hooks};
use super::{attachments, docs, reply};
use crate::telemetry::{Exporter, Gauges};

/// The form of Prometheus' text.
const PROMETHEUS: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

const HEALTHZ: &str = "healthz";
const READYZ: &str = "readyz";
const METRICS: &str = "metrics";

/// Settings of the dialects.
pub(crate) struct Dialects {
    pub(crate) sunshine: SunshineConfig,
    pub(crate) exotel: ExotelConfig,
    pub(crate) hubster: HubsterConfig,
}

/// What the server's own routes need.
pub(crate) struct Shared {
    pub(crate) hub: Hub,
    pub(crate) gauges: Gauges,
    pub(crate) exporter: Exporter,
    pub(crate) hooks: Hooks,
    pub(crate) sockets: Sockets,
}

/// The names under which requests are counted.
pub(crate) fn operations() -> impl Iterator<Item = &'static str> {
    let tables = wire::sunshine::OPERATIONS.iter().chain(wire::crosspoint::OPERATIONS);
    let tables = tables.chain(wire::crosspoint::FORMS).chain(wire::exotel::OPERATIONS);
    let tables = tables.chain(wire::hubster::OPERATIONS).chain(wire::hubster::EVENTS);
    let own = [HEALTHZ, READYZ, METRICS, attachments::NAME, docs::NAME, hooks::NAME];
    tables.map(|operation| operation.id).chain(own)
}

/// Everything but what is for operators.
pub(crate) fn routes(shared: Arc<Shared>, dialects: &Dialects, with_metrics: bool) -> Router {
    let mut own = Router::new()
        .route("/attachments/{token}/{name}", get(attachments::attachment))
        .route("/hooks/{channel}/{integration}", any(hooks::hook))
        .route("/docs", get(docs::page))
        .route("/docs/sunshine.json", get(docs::sunshine))
        .route("/docs/crosspoint.json", get(docs::crosspoint))
        .route("/docs/exotel.json", get(docs::exotel))
        .route("/docs/hubster.json", get(docs::hubster))
        .merge(health());
    if with_metrics {
        own = own.route("/metrics", get(metrics));
    }
    let own = own.method_not_allowed_fallback(reply::no_such_method).with_state(shared.clone());
    dialect_sunshine::router(shared.hub.clone(), &dialects.sunshine)
        .merge(dialect_exotel::router(shared.hub.clone(), &dialects.exotel))
        .merge(dialect_hubster::router(shared.hub.clone(), shared.sockets.clone(), &dialects.hubster))
        .merge(own)
        .fallback(reply::no_such_path)
}

/// What is for operators, on an address of its own.
pub(crate) fn admin_routes(shared: Arc<Shared>) -> Router {
    let routes = health().route("/metrics", get(metrics));
    routes.method_not_allowed_fallback(reply::no_such_method).fallback(reply::no_such_path).with_state(shared)
}

fn health() -> Router<Arc<Shared>> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz))
}

async fn healthz() -> Response<Body> {
    reply::named(HEALTHZ, reply::state(StatusCode::OK, "ok"))
}

async fn readyz(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let answer = match shared.hub.is_ready().await {
        true => reply::state(StatusCode::OK, "ready"),
        false => reply::state(
            StatusCode::SERVICE_UNAVAILABLE,
            "the store cannot be read or written; the log says why",
        ),
    };
    reply::named(READYZ, answer)
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response<Body> {
    shared.gauges.read().await;
    reply::named(METRICS, reply::with_type(PROMETHEUS, shared.exporter.render()))
}
