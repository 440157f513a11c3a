//! What a dialect brings to a socket.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use futures::future::BoxFuture;

use crate::listeners::{Full, Interest};

/// What follows from something that a client sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing more.
    Continue,
    /// The client has said what it speaks, and listens from now on. Comes once.
    Greeted,
    /// The client leaves.
    Leave,
    /// The client broke the protocol; the socket ends with this close code.
    End(u16),
}

/// Why the server ends a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Farewell {
    /// The socket may not listen, or no longer; the text is in the protocol's own form.
    Refused(String),
    /// The integration or the visitor has too many sockets.
    Full(Full),
    /// The server stops; the client may come again.
    Draining,
}

/// How a dialect speaks over a socket. One value serves one socket; it neither waits nor decides who
/// may listen.
pub trait Protocol: Send + 'static {
    /// Takes what the client has sent in one frame. What is to be said first goes into `replies`.
    fn receive(&mut self, frame: &[u8], replies: &mut Vec<Utf8Bytes>) -> Turn;

    /// What is sent to keep the connection alive.
    fn keep_alive(&self) -> Utf8Bytes;

    /// The last record, if there is one, and the close code.
    fn farewell(&self, why: &Farewell) -> (Option<Utf8Bytes>, u16);
}

/// What a socket may hear, asked for before it is opened and from time to time while it is open. The
/// error is a text in the protocol's own form.
#[derive(Clone)]
pub struct Admission {
    /// The answer at the beginning.
    pub first: Result<Interest, String>,
    /// Asks again.
    pub again: Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>,
}
