//! A connection: the handshake, records, and signs of life in both directions (hubster.md §6.3, §6.4).

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde::Serialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use wire::body::from_value;
use wire::hubster::signalr::{Handshake, HandshakeReply, RECEIVE_ACTIVITY, Record as Written, written};
use wire::hubster::types::Activity;

use super::dial::timed_out;
use super::records::{Record, Records};
use super::{HUB, closed_with, foreign, lost, refused};
use crate::error::{Error, Reason};

/// How long nothing is said before a sign of life is given.
const PING_EVERY: Duration = Duration::from_secs(15);
/// How long nothing is heard before the connection counts as broken.
const SILENCE_MAX: Duration = Duration::from_secs(30);

/// A connection that stands.
pub(super) struct Connection<S> {
    socket: WebSocketStream<S>,
    records: Records,
    said: Instant,
    heard: Instant,
}

/// What is heard of a connection.
pub(super) enum Heard {
    /// An activity.
    Activity(Box<Activity>),
    /// One that cannot be read; the connection goes on.
    Unreadable(Error),
    /// The server goes away for a moment.
    ComeAgain,
    /// The server ended the connection and wants no other.
    End,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// Agrees on the protocol.
    pub(super) async fn begin(socket: WebSocketStream<S>, within: Duration) -> Result<Connection<S>, Error> {
        let (records, now) = (Records::default(), Instant::now());
        let mut connection = Connection { socket, records, said: now, heard: now };
        connection.say(&Handshake::json()).await?;
        let agreed = timeout(within, connection.record()).await.map_err(|_| timed_out(within))??;
        let Some(agreed) = agreed else { return Err(broken("the connection ended during the handshake")) };
        let answer: HandshakeReply =
            serde_json::from_str(&agreed).map_err(|error| foreign(101, error.to_string()))?;
        match answer.error {
            Some(error) => Err(refused(400, vec![Reason::new(None, &error)])),
            None => Ok(connection),
        }
    }

    /// Waits for the next thing that the caller should know.
    pub(super) async fn hear(&mut self) -> Result<Heard, Error> {
        loop {
            let Some(text) = self.record().await? else { return Ok(Heard::End) };
            match Record::read(&text) {
                None => return Err(foreign(101, "a record that is none of the protocol's")),
                Some(Record::Ping | Record::Other) => {}
                Some(Record::Close { error: Some(error), .. }) => return Err(closed_with(&error)),
                Some(Record::Close { error: None, comes_again: true }) => return Ok(Heard::ComeAgain),
                Some(Record::Close { error: None, comes_again: false }) => return Ok(Heard::End),
                Some(Record::Invocation { target, arguments }) if target == RECEIVE_ACTIVITY => {
                    return Ok(match arguments.first().map(from_value) {
                        Some(Ok(activity)) => Heard::Activity(Box::new(activity)),
                        Some(Err(error)) => Heard::Unreadable(foreign(101, error.to_string())),
                        None => Heard::Unreadable(foreign(101, "a call without an activity")),
                    });
                }
                Some(Record::Invocation { target, .. }) => {
                    tracing::debug!(target, "the hub calls what we do not have");
                }
            }
        }
    }

    /// The next record; None when the server closed the socket as one does. Gives signs of life meanwhile.
    async fn record(&mut self) -> Result<Option<String>, Error> {
        loop {
            if let Some(record) = self.records.next() {
                return Ok(Some(record.to_owned()));
            }
            let (ping_at, silent_at) = (self.said + PING_EVERY, self.heard + SILENCE_MAX);
            let Ok(frame) = tokio::time::timeout_at(ping_at.min(silent_at), self.socket.next()).await else {
                if Instant::now() >= silent_at {
                    return Err(timed_out(SILENCE_MAX));
                }
                self.say(&Written::ping()).await?;
                continue;
            };
            self.heard = Instant::now();
            match frame {
                None => return Err(broken("the connection ended")),
                Some(Err(error)) => return Err(lost("the connection broke", error)),
                Some(Ok(Frame::Text(text))) => self
                    .records
                    .push(&text)
                    .map_err(|_| foreign(101, "a record that is longer than any activity"))?,
                Some(Ok(Frame::Close(frame))) => return ended(frame),
                Some(Ok(Frame::Binary(_))) => return Err(foreign(101, "a binary frame")),
                Some(Ok(Frame::Ping(_) | Frame::Pong(_) | Frame::Frame(_))) => {}
            }
        }
    }

    /// Sends a record.
    async fn say(&mut self, record: &impl Serialize) -> Result<(), Error> {
        let sending = self.socket.send(Frame::text(written(record)));
        let sent = timeout(SILENCE_MAX, sending).await.map_err(|_| timed_out(SILENCE_MAX))?;
        sent.map_err(|error| lost("the connection broke", error))?;
        self.said = Instant::now();
        Ok(())
    }
}

/// What a close frame means: 1000 and none are an end, all else a broken connection.
fn ended(frame: Option<CloseFrame>) -> Result<Option<String>, Error> {
    match frame {
        None => Ok(None),
        Some(frame) if u16::from(frame.code) == 1000 => Ok(None),
        Some(frame) => Err(broken(&format!("the server closed the socket with {}", u16::from(frame.code)))),
    }
}

/// A connection that broke without an error of the system's.
pub(super) fn broken(reason: &str) -> Error {
    let source = std::io::Error::from(std::io::ErrorKind::ConnectionAborted);
    Error::Unreachable { operation: HUB, reason: reason.to_owned(), source: Box::new(source) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tokio::io::DuplexStream;
    use tokio_tungstenite::tungstenite::protocol::Role;

    use super::*;

    type Side = WebSocketStream<DuplexStream>;

    async fn pair() -> (Connection<DuplexStream>, Side) {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let ours = WebSocketStream::from_raw_socket(ours, Role::Client, None).await;
        let mut theirs = WebSocketStream::from_raw_socket(theirs, Role::Server, None).await;
        theirs.send(Frame::text("{}\u{1e}")).await.unwrap();
        let connection = Connection::begin(ours, Duration::from_secs(5)).await.unwrap();
        assert_eq!(
            theirs.next().await.unwrap().unwrap(),
            Frame::text("{\"protocol\":\"json\",\"version\":1}\u{1e}")
        );
        (connection, theirs)
    }

    #[tokio::test(start_paused = true)]
    async fn signs_of_life_are_given_and_silence_is_the_end() {
        let (mut connection, mut theirs) = pair().await;
        let begun = Instant::now();
        let heard = tokio::spawn(async move { connection.hear().await.map(|_| ()) });
        let ping = theirs.next().await.unwrap().unwrap();
        assert_eq!((ping, begun.elapsed()), (Frame::text("{\"type\":6}\u{1e}"), PING_EVERY));
        let error = heard.await.unwrap().unwrap_err();
        assert_eq!(error.to_string(), "EventsHub: no answer within 30 s");
        assert_eq!(begun.elapsed(), SILENCE_MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_signs_of_life_is_waited_for() {
        let (mut connection, mut theirs) = pair().await;
        let speaking = tokio::spawn(async move {
            for _ in 0..9 {
                tokio::time::sleep(SILENCE_MAX - Duration::from_secs(1)).await;
                theirs.send(Frame::text("{\"type\":6}\u{1e}")).await.unwrap();
            }
            theirs.send(Frame::text("{\"type\":7}\u{1e}")).await.unwrap();
            theirs
        });
        assert!(matches!(connection.hear().await, Ok(Heard::End)));
        drop(speaking.await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_handshake_that_nobody_answers_is_given_up() {
        let (ours, _theirs) = tokio::io::duplex(1024);
        let ours = WebSocketStream::from_raw_socket(ours, Role::Client, None).await;
        let refused = Connection::begin(ours, Duration::from_secs(5)).await.err().unwrap();
        assert_eq!(refused.to_string(), "EventsHub: no answer within 5 s");
    }
}
