//! A request, read whole.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

use super::form::pairs;

/// A request, read whole.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub(crate) method: Method,
    /// As it came, without the query.
    pub(crate) path: String,
    /// The parts of the path behind the provider's word, decoded.
    pub(crate) segments: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Incoming {
    pub(crate) fn new(parts: &http::request::Parts, body: Bytes) -> Incoming {
        let path = parts.uri.path().to_owned();
        let decode = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        let segments = path.split('/').filter(|part| !part.is_empty()).map(decode).collect();
        let query = pairs(parts.uri.query().unwrap_or_default().as_bytes());
        Incoming { method: parts.method.clone(), path, segments, query, headers: parts.headers.clone(), body }
    }

    /// The same without the first part of its path.
    pub(crate) fn below_prefix(mut self) -> Incoming {
        if !self.segments.is_empty() {
            self.segments.remove(0);
        }
        self
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The media type of the body, without its parameters.
    pub(crate) fn media_type(&self) -> String {
        let given = self.header("content-type").unwrap_or_default();
        given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Name and password of basic authentication.
    pub(crate) fn basic(&self) -> Option<(String, String)> {
        let given = self.header("authorization")?.strip_prefix("Basic ")?;
        let text = String::from_utf8(STANDARD.decode(given).ok()?).ok()?;
        let (name, password) = text.split_once(':')?;
        Some((name.to_owned(), password.to_owned()))
    }

    pub(crate) fn bearer(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    pub(crate) fn parts(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }
}
