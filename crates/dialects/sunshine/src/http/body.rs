//! Reading a body: while it is read, never after, it is found too large; nesting is counted on the
//! bytes before anything is parsed.

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use serde::de::DeserializeOwned;

use super::error::{ApiError, Result};

/// Levels of nesting in a JSON body.
pub(crate) const JSON_DEPTH_MAX: usize = 64;

/// The whole body, unless it is larger than `bytes_max`.
pub(crate) async fn read(headers: &HeaderMap, body: Body, bytes_max: u64) -> Result<Bytes> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > bytes_max) {
        return Err(ApiError::too_large(bytes_max));
    }
    let mut pieces = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| ApiError::bad_request("The body ended too early"))?;
        if (whole.len() + piece.len()) as u64 > bytes_max {
            return Err(ApiError::too_large(bytes_max));
        }
        if whole.is_empty() && announced == Some(piece.len() as u64) {
            return Ok(piece);
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

/// Whether the body is announced as JSON; a missing type is no announcement.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// The body as a value of this type; the error names the field.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    check_depth(bytes)?;
    Ok(wire::parse_body(bytes)?)
}

/// Counts the nesting of JSON on its bytes.
pub(crate) fn check_depth(bytes: &[u8]) -> Result<()> {
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for byte in bytes {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => in_text = false,
            (true, _) => {}
            (false, b'"') => in_text = true,
            (false, b'{' | b'[') => {
                depth += 1;
                if depth > JSON_DEPTH_MAX {
                    let title = format!("The body is nested deeper than {JSON_DEPTH_MAX} levels");
                    return Err(ApiError::bad_request(title));
                }
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            (false, _) => {}
        }
    }
    Ok(())
}
