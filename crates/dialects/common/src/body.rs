//! Reading a body: while it is read, never after, it is found too large.

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, EXPECT};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;

use crate::pieces::drain;

/// Bytes of a refused body that are read and forgotten, so that its sender stays to hear why.
const DRAINED_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It has more bytes than this.
    TooLarge(u64),
    /// The sender has stopped before its end.
    EndedEarly,
}

/// The whole body of a request with these headers, unless it is larger than `bytes_max`.
///
/// # Errors
/// `TooLarge`, before anything is read where the length is announced; `EndedEarly`.
pub async fn read(headers: &HeaderMap, body: Body, bytes_max: u64) -> Result<Bytes, ReadError> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let mut pieces = body.into_data_stream();
    if announced.is_some_and(|bytes| bytes > bytes_max) {
        // Whoever waits for a word before sending has not sent anything yet.
        if !headers.contains_key(EXPECT) && announced.is_some_and(|bytes| bytes <= DRAINED_BYTES_MAX) {
            drain(&mut pieces, DRAINED_BYTES_MAX).await;
        }
        return Err(ReadError::TooLarge(bytes_max));
    }
    let mut whole = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| ReadError::EndedEarly)?;
        if (whole.len() + piece.len()) as u64 > bytes_max {
            drain(&mut pieces, DRAINED_BYTES_MAX).await;
            return Err(ReadError::TooLarge(bytes_max));
        }
        if whole.is_empty() && announced == Some(piece.len() as u64) {
            return Ok(piece);
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

#[cfg(test)]
mod tests {
    use std::io;

    use axum::http::HeaderValue;
    use futures::executor::block_on;
    use futures::stream;

    use super::*;

    fn pieces(pieces: &[&'static str]) -> Body {
        let pieces: Vec<_> =
            pieces.iter().map(|piece| Ok::<_, io::Error>(Bytes::from_static(piece.as_bytes()))).collect();
        Body::from_stream(stream::iter(pieces))
    }

    fn announced(bytes: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_LENGTH, HeaderValue::from_static(bytes))])
    }

    #[test]
    fn a_body_is_whole_or_refused() {
        let unannounced = HeaderMap::new();
        for headers in [&unannounced, &announced("4")] {
            let read = block_on(read(headers, pieces(&["ab", "cd"]), 4));
            assert_eq!(read.as_deref(), Ok(&b"abcd"[..]));
        }
        assert_eq!(block_on(read(&announced("4"), pieces(&["abcd"]), 4)).as_deref(), Ok(&b"abcd"[..]));
        assert_eq!(block_on(read(&unannounced, Body::empty(), 0)).as_deref(), Ok(&b""[..]));
    }

    #[tokio::test]
    async fn what_is_too_large_or_cut_is_refused() {
        let too_large = Err(ReadError::TooLarge(4));
        let body = || pieces(&["abc", "de"]);
        assert_eq!(read(&HeaderMap::new(), body(), 4).await, too_large);
        assert_eq!(read(&announced("5"), body(), 4).await, too_large);
        assert_eq!(read(&announced("4"), body(), 4).await, too_large, "it is not what was announced");
        let cut = [Ok(Bytes::from_static(b"a")), Err(io::Error::other("gone"))];
        let cut = Body::from_stream(stream::iter(cut));
        assert_eq!(read(&announced("4"), cut, 4).await, Err(ReadError::EndedEarly));
    }
}
