//! Records of the JSON protocol: cut out of frames, and read. Pure: bytes in, values out.

use serde::de::IgnoredAny;
use wire::hubster::signalr::{self, Handshake, Record as Written};

/// Ends every record.
const END: u8 = signalr::END as u8;

/// A client has sent more than one record may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

/// Cuts records out of frames: a frame may hold several, and a record may be spread over frames.
#[derive(Debug)]
pub(super) struct Cutter {
    bytes: Vec<u8>,
    record_bytes_max: usize,
}

impl Cutter {
    pub(super) fn new(record_bytes_max: usize) -> Cutter {
        Cutter { bytes: Vec::new(), record_bytes_max }
    }

    /// Takes a frame; gives the records that are complete with it, without their ends.
    ///
    /// # Errors
    /// A record is too large; nothing behind it can be read.
    pub(super) fn take(&mut self, frame: &[u8]) -> Result<Vec<Vec<u8>>, TooLarge> {
        let mut complete = Vec::new();
        let mut rest = frame;
        while let Some(end) = rest.iter().position(|byte| *byte == END) {
            let (last, behind) = rest.split_at(end);
            self.keep(last)?;
            complete.push(std::mem::take(&mut self.bytes));
            rest = behind.get(1..).unwrap_or_default();
        }
        self.keep(rest)?;
        Ok(complete)
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), TooLarge> {
        if self.bytes.len() + bytes.len() > self.record_bytes_max {
            return Err(TooLarge);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}

/// Versions of the JSON protocol that are spoken. The second adds records that are only sent where
/// reconnecting with a state was agreed on.
const VERSIONS: [i64; 2] = [1, 2];

/// Reads the first record.
///
/// # Errors
/// The text that the client is told.
pub(super) fn handshake(record: &[u8]) -> Result<(), String> {
    let read: Handshake = serde_json::from_slice(record)
        .map_err(|_| "An unexpected error occurred during connection handshake.".to_owned())?;
    if read.protocol != Handshake::JSON {
        let shown: String = read.protocol.chars().take(NAME_CHARS_SHOWN).collect();
        return Err(format!("The protocol '{shown}' is not supported."));
    }
    if !VERSIONS.contains(&read.version) {
        return Err(format!("The server does not support version {} of the 'json' protocol.", read.version));
    }
    Ok(())
}

/// Characters of a name that are repeated to whoever sent it.
const NAME_CHARS_SHOWN: usize = 100;

/// A record after the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// A method is called, by this id and this name. Calls without an id are never answered.
    Call { id: String, target: String },
    /// The client leaves.
    Close,
    /// Nothing that is answered: keep-alives, streams, calls without an id, kinds that are not known.
    Other,
}

/// Reads a record; `None` for what is no JSON object of the protocol.
pub(super) fn record(bytes: &[u8]) -> Option<Record> {
    let read: Written<IgnoredAny> = serde_json::from_slice(bytes).ok()?;
    let record = match (read.kind, read.invocation_id) {
        (Written::INVOCATION | Written::STREAM_INVOCATION, Some(id)) => {
            let target = read.target.unwrap_or_default().chars().take(NAME_CHARS_SHOWN).collect();
            Record::Call { id, target }
        }
        (Written::CLOSE, _) => Record::Close,
        _ => Record::Other,
    };
    Some(record)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn records_are_the_same_however_they_are_framed(
            records in prop::collection::vec("[ -~é]{0,40}", 0..8),
            cuts in prop::collection::vec(0usize..300, 0..10),
        ) {
            let mut bytes = Vec::new();
            for record in &records {
                bytes.extend_from_slice(record.as_bytes());
                bytes.push(END);
            }
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let mut cutter = Cutter::new(80);
            let mut found = Vec::new();
            for pair in cuts.windows(2) {
                found.extend(cutter.take(&bytes[pair[0]..pair[1]]).unwrap());
            }
            let found: Vec<String> = found.into_iter().map(|it| String::from_utf8(it).unwrap()).collect();
            prop_assert_eq!(found, records);
        }

        #[test]
        fn no_more_than_one_record_is_ever_kept(frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..20)) {
            let mut cutter = Cutter::new(50);
            for frame in &frames {
                let taken = cutter.take(frame);
                prop_assert!(cutter.bytes.len() <= 50);
                let Ok(records) = taken else { break };
                prop_assert!(records.iter().all(|record| record.len() <= 50 && !record.contains(&END)));
            }
        }

        #[test]
        fn anything_is_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "\\{.{0,80}\\}") {
            let _any = (record(&bytes), handshake(&bytes), record(text.as_bytes()), handshake(text.as_bytes()));
        }
    }

    #[test]
    fn the_first_record_names_protocol_and_version() {
        assert_eq!(handshake(br#"{"protocol":"json","version":1}"#), Ok(()));
        assert_eq!(handshake(br#"{"protocol":"json","version":2,"more":[]}"#), Ok(()));
        let said = handshake(br#"{"protocol":"messagepack","version":1}"#);
        assert_eq!(said, Err("The protocol 'messagepack' is not supported.".to_owned()));
        let said = handshake(br#"{"protocol":"json","version":9}"#);
        assert_eq!(said, Err("The server does not support version 9 of the 'json' protocol.".to_owned()));
        assert!(handshake(b"{}").is_err() && handshake(b"").is_err());
    }

    #[test]
    fn records_are_told_apart() {
        let read = |text: &str| record(text.as_bytes());
        let call = Record::Call { id: "1".to_owned(), target: "Foo".to_owned() };
        assert_eq!(
            read(r#"{"type":1,"invocationId":"1","target":"Foo","arguments":[1,{"a":null}]}"#),
            Some(call.clone())
        );
        assert_eq!(read(r#"{"type":4,"invocationId":"1","target":"Foo","arguments":[]}"#), Some(call));
        assert_eq!(read(r#"{"type":7,"error":"x"}"#), Some(Record::Close));
        for text in [
            r#"{"type":6}"#,
            r#"{"type":1,"target":"Foo","arguments":[]}"#,
            r#"{"type":99}"#,
            r#"{"type":5,"invocationId":"1"}"#,
        ] {
            assert_eq!(read(text), Some(Record::Other), "{text}");
        }
        for text in ["", "{}", "[]", "7", r#"{"type":"1"}"#, r#"{"type":1"#] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
