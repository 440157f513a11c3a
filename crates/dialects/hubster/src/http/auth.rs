//! Who calls: by the access token of the `Authorization` header (hubster.md §3).

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::error::{ApiError, Result};

/// The token that a request presents, of whichever of the two schemes.
pub(crate) fn presented(headers: &HeaderMap) -> Result<&str> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) =
        header.and_then(|header| header.trim().split_once(' ')).ok_or_else(ApiError::unauthorized)?;
    if !scheme.eq_ignore_ascii_case("bearer") && !scheme.eq_ignore_ascii_case("webbearer") {
        return Err(ApiError::unauthorized());
    }
    Ok(token.trim())
}
