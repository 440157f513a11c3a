//! One client's side of SignalR: what it says, and what it is answered (hubster.md §6.3–6.6).

use axum::extract::ws::Utf8Bytes;
use realtime::{Farewell, Full, Protocol, Turn};
use wire::hubster::signalr::{HandshakeReply, Record as Written, written};

use super::records::{self, Cutter, Record, TooLarge};

/// The code that clients are told where none of the API's fits: a request that cannot be read.
const UNREADABLE: u32 = 400;
const TOO_MANY: u32 = wire::hubster::codes::TOO_MANY_REQUESTS.number;

/// WebSocket closes: as agreed, and because the server goes away.
const CLOSE_NORMAL: u16 = 1000;
const CLOSE_AWAY: u16 = 1001;

/// One client's connection.
pub(super) struct Signalr {
    cutter: Cutter,
    greeted: bool,
}

/// The record that ends a connection with an error. Clients look for the number in the brackets.
pub(super) fn close_with(number: u32, text: &str) -> String {
    written(&Written::close(format!("Connection closed with an error. HubException: [{number}]: {text}")))
}

impl Signalr {
    pub(super) fn new(record_bytes_max: usize) -> Signalr {
        Signalr { cutter: Cutter::new(record_bytes_max), greeted: false }
    }

    fn greet(&mut self, record: &[u8], replies: &mut Vec<Utf8Bytes>) -> Turn {
        match records::handshake(record) {
            Ok(()) => {
                self.greeted = true;
                replies.push(written(&HandshakeReply::default()).into());
                Turn::Greeted
            }
            Err(error) => {
                replies.push(written(&HandshakeReply { error: Some(error) }).into());
                Turn::End(CLOSE_NORMAL)
            }
        }
    }

    fn answer(record: &[u8], replies: &mut Vec<Utf8Bytes>) -> Turn {
        match records::record(record) {
            Some(Record::Call { id, target }) => {
                let error = format!("Unknown hub method '{target}'");
                replies.push(written(&Written::failed(id, error)).into());
                Turn::Continue
            }
            Some(Record::Close) => Turn::Leave,
            Some(Record::Other) => Turn::Continue,
            None => {
                replies.push(close_with(UNREADABLE, "The message cannot be read.").into());
                Turn::End(CLOSE_NORMAL)
            }
        }
    }
}

impl Protocol for Signalr {
    fn receive(&mut self, frame: &[u8], replies: &mut Vec<Utf8Bytes>) -> Turn {
        let records = match self.cutter.take(frame) {
            Ok(records) => records,
            Err(TooLarge) => {
                replies.push(close_with(UNREADABLE, "The message is too large.").into());
                return Turn::End(CLOSE_NORMAL);
            }
        };
        let mut turn = Turn::Continue;
        for record in records {
            let next = match self.greeted {
                false => self.greet(&record, replies),
                true => Signalr::answer(&record, replies),
            };
            match next {
                Turn::Continue => {}
                Turn::Greeted => turn = Turn::Greeted,
                end => return end,
            }
        }
        turn
    }

    fn keep_alive(&self) -> Utf8Bytes {
        written(&Written::ping()).into()
    }

    fn farewell(&self, why: &Farewell) -> (Option<Utf8Bytes>, u16) {
        match why {
            Farewell::Refused(record) => (Some(record.clone().into()), CLOSE_NORMAL),
            Farewell::Full(full) => {
                let text = match full {
                    Full::Integration(max) => {
                        format!("The integration has {max} connections, and may have no more.")
                    }
                    Full::Visit(max) => format!("The visitor has {max} connections, and may have no more."),
                };
                (Some(close_with(TOO_MANY, &text).into()), CLOSE_NORMAL)
            }
            // Before it is greeted a client takes every record for the answer to its greeting.
            Farewell::Draining if !self.greeted => (None, CLOSE_AWAY),
            Farewell::Draining => (Some(written(&Written::come_again()).into()), CLOSE_AWAY),
        }
    }
}

/// How many frames of a client are understood before the connection would end.
pub(super) fn understood(frames: &[&[u8]]) -> usize {
    let mut signalr = Signalr::new(32 * 1024);
    let goes_on = |frame: &&&[u8]| {
        let mut replies = Vec::new();
        let turn = signalr.receive(frame, &mut replies);
        debug_assert!(replies.iter().all(|reply| reply.ends_with('\u{1e}')));
        matches!(turn, Turn::Continue | Turn::Greeted)
    };
    frames.iter().take_while(goes_on).count()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::Value;

    use super::*;

    fn said(signalr: &mut Signalr, frame: &str) -> (Turn, Vec<String>) {
        let mut replies = Vec::new();
        let turn = signalr.receive(frame.as_bytes(), &mut replies);
        (turn, replies.iter().map(ToString::to_string).collect())
    }

    const HELLO: &str = "{\"protocol\":\"json\",\"version\":1}\u{1e}";

    #[test]
    fn a_client_is_greeted_and_what_follows_in_the_same_frame_counts() {
        let mut signalr = Signalr::new(1_000);
        assert_eq!(said(&mut signalr, "{\"protocol\":").0, Turn::Continue);
        let (turn, replies) = said(&mut signalr, "\"json\",\"version\":1}\u{1e}{\"type\":6}\u{1e}");
        assert_eq!((turn, replies), (Turn::Greeted, vec!["{}\u{1e}".to_owned()]));
        let call = "{\"type\":1,\"invocationId\":\"7\",\"target\":\"Foo\",\"arguments\":[]}\u{1e}";
        let (turn, replies) = said(&mut signalr, call);
        let answer = "{\"type\":3,\"invocationId\":\"7\",\"error\":\"Unknown hub method 'Foo'\"}\u{1e}";
        assert_eq!((turn, replies), (Turn::Continue, vec![answer.to_owned()]));
        assert_eq!(said(&mut signalr, "{\"type\":7}\u{1e}"), (Turn::Leave, Vec::new()));
        let both = format!("{HELLO}{{\"type\":7}}\u{1e}");
        assert_eq!(said(&mut Signalr::new(1_000), &both).0, Turn::Leave);
    }

    #[test]
    fn what_cannot_be_read_ends_the_connection_with_a_number() {
        let mut signalr = Signalr::new(100);
        said(&mut signalr, HELLO);
        let (turn, replies) = said(&mut signalr, "nonsense\u{1e}");
        assert_eq!(turn, Turn::End(1000));
        let record: Value = serde_json::from_str(replies[0].trim_end_matches('\u{1e}')).unwrap();
        let error = record["error"].as_str().unwrap();
        let number = error.split("HubException: [").nth(1).unwrap().split("]: ").next().unwrap();
        assert_eq!((record["type"].as_i64(), number.parse::<u32>()), (Some(7), Ok(400)));
        let mut signalr = Signalr::new(100);
        said(&mut signalr, HELLO);
        assert_eq!(said(&mut signalr, &"x".repeat(101)).0, Turn::End(1000));
        let mut signalr = Signalr::new(100);
        let (turn, replies) = said(&mut signalr, "{\"protocol\":\"messagepack\",\"version\":1}\u{1e}");
        let answer = "{\"error\":\"The protocol 'messagepack' is not supported.\"}\u{1e}".to_owned();
        assert_eq!((turn, replies), (Turn::End(1000), vec![answer]));
    }

    #[test]
    fn a_client_that_was_not_greeted_is_not_sent_a_close_record() {
        let mut signalr = Signalr::new(100);
        assert_eq!(signalr.farewell(&Farewell::Draining), (None, 1001));
        said(&mut signalr, HELLO);
        let (record, code) = signalr.farewell(&Farewell::Draining);
        assert_eq!((record.unwrap().as_str(), code), ("{\"type\":7,\"allowReconnect\":true}\u{1e}", 1001));
    }
}
