//! `/docs`: our OpenAPI documents, and a page that shows them.

mod hubster;

use std::sync::LazyLock;

use axum::body::Body;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use http::{HeaderValue, Response};
use wire::crosspoint::OPENAPI_CROSSPOINT;
use wire::exotel::OPENAPI_EXOTEL;
use wire::sunshine::OPENAPI_SUNSHINE;

use super::reply;

/// The routes' name in metrics and log.
pub(super) const NAME: &str = "docs";

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// The page is one file: style and script stand in it.
static PAGE: LazyLock<String> = LazyLock::new(|| {
    include_str!("docs/page.html")
        .replace("/* page.css */", include_str!("docs/page.css"))
        .replace("/* page.js */", include_str!("docs/page.js"))
        .replace("{version}", env!("CARGO_PKG_VERSION"))
});

/// It loads nothing but the documents of this server.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; \
                      img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The description that is made of tables.
static OPENAPI_HUBSTER: LazyLock<String> = LazyLock::new(|| hubster::document().to_string());

pub(super) async fn page() -> Response<Body> {
    let mut response = served(HTML, PAGE.as_str());
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

pub(super) async fn sunshine() -> Response<Body> {
    served(reply::JSON, OPENAPI_SUNSHINE)
}

pub(super) async fn crosspoint() -> Response<Body> {
    served(reply::JSON, OPENAPI_CROSSPOINT)
}

pub(super) async fn exotel() -> Response<Body> {
    served(reply::JSON, OPENAPI_EXOTEL)
}

pub(super) async fn hubster() -> Response<Body> {
    served(reply::JSON, OPENAPI_HUBSTER.as_str())
}

fn served(content_type: HeaderValue, text: &'static str) -> Response<Body> {
    let mut response = reply::with_type(content_type, text);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    reply::named(NAME, response)
}
