//! Hubster's events hub: activities as they happen (hubster.md §6).
//!
//! ```no_run
//! use crosspoint_client::hubster::types::{Message, Said};
//! use crosspoint_client::signalr::{Listen, Signal};
//! use futures::StreamExt;
//! # async fn example(engine: crosspoint_client::hubster::Engine) -> Result<(), Box<dyn std::error::Error>> {
//! let mut signals = engine.listen(&Listen::to("00000000-0000-0000-0000-000000000006"));
//! while let Some(signal) = signals.next().await {
//!     match signal {
//!         Ok(Signal::Connected) => println!("listening"),
//!         Ok(Signal::Activity(activity)) => {
//!             if let Said::Message(Message::Text(said)) = activity.said()? {
//!                 println!("{:?}", said.text);
//!             }
//!         }
//!         Ok(_) => {}
//!         Err(error) => eprintln!("{error}"),
//!     }
//! }
//! # Ok(()) }
//! ```

mod connection;
mod dial;
mod records;

use std::time::Duration;

use futures::stream::{self, Stream, StreamExt as _};
use wire::hubster::types::Activity;
use wire::hubster::{EVENTS, codes};

use self::connection::{Connection, Heard};
use crate::client::Client;
use crate::error::{Error, Reason, Refusal, one_line};
use crate::hubster::Engine;
use crate::methods::{Method, checked_row};
use crate::retry::Failures;

/// What errors of listening name as their operation.
const HUB: &str = "EventsHub";

/// The two routes of the hub, which one does not call: one listens.
pub(crate) const METHODS: &[Method] = &[
    Method { operation: checked_row!(EVENTS, EventsNegotiate, []), name: "listen" },
    Method { operation: checked_row!(EVENTS, EventsConnect, []), name: "listen" },
];

/// Whose activities are listened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    integration_id: String,
    conversation_id: Option<String>,
}

/// What is heard.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Signal {
    /// The connection stands. What happened before, and since it last stood, was not heard:
    /// [`Engine::activities`] gives it.
    Connected,
    /// An activity, with the conversation in which it happened if the server says it.
    Activity(Box<Activity>),
}

impl Listen {
    /// To all that an agent's, bot's or customers' integration is sent.
    pub fn to(integration_id: impl Into<String>) -> Listen {
        Listen { integration_id: integration_id.into(), conversation_id: None }
    }

    /// Only in this conversation, as a customer does.
    #[must_use]
    pub fn in_conversation(mut self, conversation_id: impl Into<String>) -> Listen {
        self.conversation_id = Some(conversation_id.into());
        self
    }
}

impl Engine {
    /// Listens to activities as they happen. The hub sends each once to each connection, in the order of
    /// its conversation, and keeps none for later.
    ///
    /// When the connection breaks, the stream gives the error, and asked again it waits a moment, longer
    /// each time, and connects anew. It ends when the server says so, and after an error that would come
    /// again: a refused token, an integration that does not exist, a protocol that is not spoken.
    ///
    /// # Errors
    /// As items of the stream: 401 `ENG000102`, 403 `ENG000101`: the token, the origin; 404 `ENG006000`,
    /// `ENG006500`: the integration or conversation is unknown; 400 `ENG006501`–`ENG006503`: closed, ended,
    /// paused. Some of these come behind [`Signal::Connected`], since the hub says them over the connection.
    ///
    /// Source: `hubster.md#EventsConnect`, §6.
    ///
    /// ```no_run
    /// # use crosspoint_client::signalr::Listen;
    /// # use futures::StreamExt;
    /// # async fn example(engine: crosspoint_client::hubster::Engine) {
    /// let mut signals = engine.listen(&Listen::to("00000000-0000-0000-0000-000000000006"));
    /// while let Some(signal) = signals.next().await {
    ///     println!("{signal:?}");
    /// }
    /// # }
    /// ```
    pub fn listen(
        &self,
        listen: &Listen,
    ) -> impl Stream<Item = Result<Signal, Error>> + Send + Unpin + use<> {
        let listener = Listener {
            client: self.client.clone(),
            listen: listen.clone(),
            state: State::Apart { pause: Duration::ZERO },
            failures: Failures::default(),
        };
        stream::unfold(listener, |mut listener| async move {
            let next = listener.next().await?;
            Some((next, listener))
        })
        .boxed()
    }
}

struct Listener {
    client: Client,
    listen: Listen,
    state: State,
    /// How often the connection did not stand, since something was heard.
    failures: Failures,
}

enum State {
    /// There is no connection; the next is made after a pause.
    Apart { pause: Duration },
    /// It stands.
    Together(Box<Connection<reqwest::Upgraded>>),
    /// It is over.
    Over,
}

impl Listener {
    async fn next(&mut self) -> Option<Result<Signal, Error>> {
        loop {
            match &mut self.state {
                State::Over => return None,
                State::Apart { pause } => {
                    tokio::time::sleep(*pause).await;
                    match dial::dial(&self.client, &self.listen).await {
                        Ok(connection) => {
                            tracing::debug!("listening");
                            self.state = State::Together(Box::new(connection));
                            return Some(Ok(Signal::Connected));
                        }
                        Err(error) => return Some(Err(self.lost(error))),
                    }
                }
                State::Together(connection) => match connection.hear().await {
                    Ok(Heard::Activity(activity)) => {
                        self.failures.forget();
                        return Some(Ok(Signal::Activity(activity)));
                    }
                    Ok(Heard::Unreadable(error)) => return Some(Err(error)),
                    Ok(Heard::ComeAgain) => {
                        self.state = State::Apart { pause: self.failures.pause(self.client.inner.retry) };
                    }
                    Ok(Heard::End) => self.state = State::Over,
                    Err(error) => return Some(Err(self.lost(error))),
                },
            }
        }
    }

    /// Takes note of a connection that broke or was not made.
    fn lost(&mut self, error: Error) -> Error {
        let pause = self.failures.pause_after(&error, self.client.inner.retry);
        self.state = pause.map_or(State::Over, |pause| State::Apart { pause });
        error
    }
}

/// What the hub says when it closes with an error: `… HubException: [6000]: text (code: ENG006000)`.
fn closed_with(said: &str) -> Error {
    let exception = said.split_once("HubException: [").and_then(|(_, rest)| rest.split_once("]: "));
    let number = exception.and_then(|(number, _)| number.parse::<u32>().ok());
    let text = exception.map_or(said, |(_, text)| text);
    let coded = text.rsplit_once(" (code: ").and_then(|(title, code)| Some((title, code.strip_suffix(')')?)));
    let (title, code) = coded.map_or((text, None), |(title, code)| (title, Some(code.to_owned())));
    let known = number.and_then(|number| {
        let mut codes = codes::COMMON.iter().chain(codes::ENGINE);
        codes.find(|code| code.number == number).map(|code| code.status)
    });
    let reason = Reason::new(code.or(number.map(|number| number.to_string())), title);
    refused(known.unwrap_or(400), vec![reason])
}

fn refused(status: u16, errors: Vec<Reason>) -> Error {
    let refusal = Refusal { status, errors, request_id: None, retry_after: None };
    Error::Refused { operation: HUB, refusal: Box::new(refusal) }
}

fn lost(reason: &str, source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Unreachable { operation: HUB, reason: format!("{reason}: {source}"), source: Box::new(source) }
}

/// A protocol that is not the hub's.
fn foreign(status: u16, reason: impl Into<String>) -> Error {
    Error::Unreadable { operation: HUB, status, reason: one_line(&reason.into()), request_id: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_hub_says_at_the_end_is_a_refusal() {
        for (said, status, code, title) in [
            (
                "Connection closed with an error. HubException: [6000]: There is none. (code: ENG006000)",
                404,
                Some("ENG006000"),
                "There is none.",
            ),
            ("HubException: [101]: Not from there", 403, Some("101"), "Not from there"),
            ("HubException: [x]: y", 400, None, "y"),
            ("two\nlines \u{1b}[2J", 400, None, "two lines  [2J"),
            ("Out of memory", 400, None, "Out of memory"),
        ] {
            let error = closed_with(said);
            assert_eq!((error.status(), error.code()), (Some(status), code), "{said}");
            assert_eq!(error.reasons()[0].title, title);
        }
    }
}
