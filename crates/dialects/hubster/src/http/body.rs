//! Reading a body: while it is read, never after, it is found too large.

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use wire::hubster::codes;

use super::error::{ApiError, Result};

/// The whole body, unless it is larger than `bytes_max`.
pub(crate) async fn read(headers: &HeaderMap, body: Body, bytes_max: u64) -> Result<Bytes> {
    let too_large =
        || ApiError::of(codes::OUT_OF_RANGE, format!("The body is larger than {bytes_max} bytes."));
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > bytes_max) {
        return Err(too_large());
    }
    let mut pieces = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| ApiError::of(codes::BODY_MISSING, "The body ended too early."))?;
        if (whole.len() + piece.len()) as u64 > bytes_max {
            return Err(too_large());
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}
