//! A URL that was read once and can be called many times.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Uri};
use url::Url;

use super::error::{HttpError, HttpErrorKind};

/// Where a request goes: an absolute `http` or `https` URL. Clones share its bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    uri: Uri,
    authorization: Option<HeaderValue>,
}

impl Target {
    /// Reads a URL as browsers do, so that each spelling of an address becomes the usual one. A name
    /// and password in it become Basic authorization, the fragment is dropped. Errors: `BadUrl`.
    pub fn parse(text: &str) -> Result<Target, HttpError> {
        let mut url = Url::parse(text).map_err(|error| bad_url(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad_url("neither http nor https"));
        }
        let authorization = basic_authorization(&url)?;
        url.set_fragment(None);
        // both fail only for URLs without a host, which these two schemes do not have
        let stripped = url.set_username("").and_then(|()| url.set_password(None));
        stripped.map_err(|()| bad_url("without a host"))?;
        let uri = Uri::try_from(String::from(url)).map_err(|error| bad_url(error.to_string()))?;
        Ok(Target { uri, authorization })
    }

    /// The URL without name and password.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    pub(super) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }
}

/// The URL without name and password.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uri.fmt(f)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({})", self.uri)
    }
}

fn bad_url(detail: impl Into<std::borrow::Cow<'static, str>>) -> HttpError {
    HttpError::new(HttpErrorKind::BadUrl, detail)
}

fn basic_authorization(url: &Url) -> Result<Option<HeaderValue>, HttpError> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(None);
    }
    let mut plain: Vec<u8> = percent_encoding::percent_decode_str(url.username()).collect();
    plain.push(b':');
    plain.extend(percent_encoding::percent_decode_str(url.password().unwrap_or_default()));
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(plain)))
        .map_err(|error| bad_url(error.to_string()))?;
    value.set_sensitive(true);
    Ok(Some(value))
}
