//! Twilio's signature: over the address that it was given and the decoded form (channels.md §5.1).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::uri::Authority;
use http::{Method, StatusCode};
use url::form_urlencoded;

use crate::channel::{Account, HookError, HookRequest};
use crate::kit::crypto::{hex, hmac_sha1, same, sha256, single_header};

pub(super) const SIGNATURE_HEADER: &str = "x-twilio-signature";

/// Base64 of the HMAC-SHA1 of the address and the form.
pub(super) fn signature(account: &Account<'_>, request: &HookRequest<'_>) -> Result<(), HookError> {
    let refused = Err(HookError::Unverified(StatusCode::UNAUTHORIZED));
    let token = account.text("authToken");
    let Some(given) = single_header(request.headers, SIGNATURE_HEADER) else { return refused };
    if token.is_empty() {
        return refused;
    }
    let form = match body_digest(request.query) {
        Some(digest) if same(hex(&sha256(request.body)).as_bytes(), digest.as_bytes()) => String::new(),
        Some(_) => return refused,
        None if request.method == Method::GET => String::new(),
        None => form_text(request.body),
    };
    // Every form of the address is tried, so that the time says nothing about which one fits.
    let fits = addresses(account.hook_url, request.query).iter().fold(false, |fits, address| {
        let expected = hmac_sha1(token.as_bytes(), format!("{address}{form}").as_bytes());
        same(STANDARD.encode(expected).as_bytes(), given) | fits
    });
    if fits { Ok(()) } else { refused }
}

/// The digest of a body that is no form.
fn body_digest(query: &str) -> Option<String> {
    let found = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "bodySHA256");
    found.map(|(_, digest)| digest.into_owned())
}

/// Every distinct name in byte order with its distinct values in order, without anything between.
fn form_text(body: &[u8]) -> String {
    let mut fields: Vec<(Cow<'_, str>, Cow<'_, str>)> = form_urlencoded::parse(body).collect();
    fields.sort_unstable();
    fields.dedup();
    fields.iter().flat_map(|(name, value)| [name.as_ref(), value.as_ref()]).collect()
}

/// Our address with the query that came, as it was registered, and with and without the usual port.
fn addresses(hook_url: &str, query: &str) -> Vec<String> {
    let base = hook_url.split('?').next().unwrap_or_default();
    let whole = if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") };
    let mut addresses = vec![whole.clone()];
    let Some((scheme, behind)) = whole.split_once("://") else { return addresses };
    let (authority, rest) = behind.split_at(behind.find(['/', '?']).unwrap_or(behind.len()));
    let Ok(authority) = authority.parse::<Authority>() else { return addresses };
    let usual = if scheme == "https" { 443 } else { 80 };
    if authority.port_u16().is_none_or(|port| port == usual) {
        let host = authority.host();
        addresses.push(format!("{scheme}://{host}:{usual}{rest}"));
        addresses.push(format!("{scheme}://{host}{rest}"));
    }
    addresses
}
