//! What goes over the control socket: one JSON object a line; the bytes of an archive stand, with
//! their number announced, between two lines.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _,
};

use super::Answer;

/// Longest line; lists of keys and deliveries stay far below it.
const LINE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Largest announced number of bytes.
const PIECE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What the server sends.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Frame {
    /// The answer; nothing follows.
    Answer(Answer),
    /// How far an archive has come.
    Progress { done: i64, of: i64 },
    /// That many bytes of an archive follow the line.
    Bytes(usize),
    /// The archive is complete.
    End,
    /// Why it was not done. Exit code 2 when `refused`, otherwise 1.
    Error { text: String, refused: bool },
}

/// Reads a line; `None` at the end of the stream.
pub(super) async fn read_line<T: DeserializeOwned>(
    stream: &mut (impl AsyncBufRead + Unpin),
) -> std::io::Result<Option<T>> {
    let mut line = Vec::new();
    stream.take(LINE_BYTES_MAX).read_until(b'\n', &mut line).await?;
    if line.is_empty() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&line)?))
}

/// Reads the bytes that a line has announced.
pub(super) async fn read_bytes(
    stream: &mut (impl AsyncRead + Unpin),
    count: usize,
) -> std::io::Result<Bytes> {
    if count > PIECE_BYTES_MAX {
        return Err(std::io::Error::other("too many bytes at once"));
    }
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes.into())
}

/// Writes a line.
pub(super) async fn write_line(
    stream: &mut (impl AsyncWrite + Unpin),
    value: &impl Serialize,
) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    stream.write_all(&line).await
}
