//! Records of SignalR's JSON protocol: what a text frame carries, one or several or a part of one.

use serde_json::Value;
use wire::hubster::signalr::{END, Record as Written};

/// Longest record that is kept, bytes; an activity has at most 1 MiB.
const RECORD_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Records that came and were not read.
#[derive(Debug, Default)]
pub(super) struct Records {
    buffer: String,
    read: usize,
}

/// A record.
#[derive(Debug, PartialEq)]
pub(super) enum Record {
    /// Calls a method of ours.
    Invocation { target: String, arguments: Vec<Value> },
    /// A sign of life.
    Ping,
    /// The connection ends.
    Close { error: Option<String>, comes_again: bool },
    /// Any other, which needs no answer.
    Other,
}

/// Why a frame is refused: its record is too long.
#[derive(Debug, PartialEq)]
pub(super) struct TooLong;

impl Records {
    /// Takes in what a frame carries.
    pub(super) fn push(&mut self, frame: &str) -> Result<(), TooLong> {
        self.buffer.drain(..self.read);
        self.read = 0;
        if self.buffer.len().saturating_add(frame.len()) > RECORD_BYTES_MAX {
            return Err(TooLong);
        }
        self.buffer.push_str(frame);
        Ok(())
    }

    /// The text of the next whole record.
    pub(super) fn next(&mut self) -> Option<&str> {
        let begin = self.read;
        let length = self.buffer[begin..].find(END)?;
        self.read = begin + length + END.len_utf8();
        Some(&self.buffer[begin..begin + length])
    }
}

impl Record {
    /// Reads a record. None when it is none.
    pub(super) fn read(text: &str) -> Option<Record> {
        let record: Written = serde_json::from_str(text).ok()?;
        Some(match record.kind {
            Written::INVOCATION => Record::Invocation {
                target: record.target.unwrap_or_default(),
                arguments: record.arguments.unwrap_or_default(),
            },
            Written::PING => Record::Ping,
            Written::CLOSE => {
                Record::Close { error: record.error, comes_again: record.allow_reconnect.unwrap_or_default() }
            }
            _ => Record::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn records_are_known_by_their_type() {
        let read = |text| Record::read(text).unwrap();
        assert_eq!(read(r#"{"type":6}"#), Record::Ping);
        assert_eq!(read(r#"{"type":7}"#), Record::Close { error: None, comes_again: false });
        let close = read(r#"{"type":7,"error":"x","allowReconnect":true,"more":1}"#);
        assert_eq!(close, Record::Close { error: Some("x".into()), comes_again: true });
        assert_eq!(read(r#"{"type":99}"#), Record::Other);
        let call = read(r#"{"type":1,"target":"T","arguments":[1],"headers":{}}"#);
        assert_eq!(call, Record::Invocation { target: "T".into(), arguments: vec![1.into()] });
        assert_eq!(Record::read("{}"), None);
    }

    #[test]
    fn what_has_no_end_is_not_kept_for_ever() {
        let mut records = Records::default();
        let frame = "x".repeat(RECORD_BYTES_MAX);
        assert_eq!(records.push(&frame), Ok(()));
        assert_eq!(records.next(), None);
        assert_eq!(records.push("x"), Err(TooLong));
    }

    proptest! {
        /// However records are cut into frames, the same come out.
        #[test]
        fn records_survive_any_cut(
            texts in proptest::collection::vec("[^\u{1e}]{0,12}", 0..6), cuts in proptest::collection::vec(0usize..100, 0..8),
        ) {
            let whole: String = texts.iter().flat_map(|text| [text.as_str(), "\u{1e}"]).collect();
            let letters: Vec<char> = whole.chars().collect();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(letters.len())).collect();
            cuts.push(letters.len());
            cuts.sort_unstable();
            let (mut records, mut found, mut from) = (Records::default(), Vec::new(), 0);
            for cut in cuts {
                records.push(&letters[from..cut].iter().collect::<String>()).unwrap();
                from = cut;
                while let Some(record) = records.next() {
                    found.push(record.to_owned());
                }
            }
            prop_assert_eq!(found, texts);
        }
    }
}
