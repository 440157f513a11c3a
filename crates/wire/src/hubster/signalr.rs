//! What the events hub and its clients say to each other: negotiation, handshake and records of SignalR's
//! JSON protocol (hubster.md §6.2–6.5).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::types::Activity;

/// The path of the hub.
pub const PATH: &str = "/engine-chat-hub";
/// The path of the question how to connect.
pub const NEGOTIATE_PATH: &str = "/engine-chat-hub/negotiate";
/// What stands behind each record.
pub const END: char = '\u{1e}';
/// The method that the hub calls for each activity, with one argument.
pub const RECEIVE_ACTIVITY: &str = "ReceiveDirectActivities";

/// A record as it is sent, with its end.
pub fn written(record: &impl Serialize) -> String {
    // Records are structs with texts as names, which always can be written.
    let mut text = serde_json::to_string(record).unwrap_or_default();
    text.push(END);
    text
}

/// How to connect; the answer of EventsNegotiate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Negotiation {
    /// 1, or 0 for clients that ask for no version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub negotiate_version: Option<u32>,
    /// Names the connection; in version 0 it is the secret that opens it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<String>,
    /// The secret that opens the connection, from version 1 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_token: Option<String>,
    /// Ways to connect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_transports: Option<Vec<Transport>>,
    /// Another hub, which is to be asked instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Why there is no connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A way to connect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transport {
    /// Its name.
    pub transport: String,
    /// What may be sent over it.
    pub transfer_formats: Vec<String>,
}

impl Transport {
    /// WebSockets.
    pub fn web_sockets() -> Transport {
        let transfer_formats = vec!["Text".to_owned(), "Binary".to_owned()];
        Transport { transport: "WebSockets".to_owned(), transfer_formats }
    }
}

/// The first record of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handshake {
    /// The protocol: `json`.
    pub protocol: String,
    /// Its version.
    pub version: i64,
}

impl Handshake {
    /// The name of the JSON protocol.
    pub const JSON: &'static str = "json";

    /// The JSON protocol in its first version, without reconnecting with a state.
    pub fn json() -> Handshake {
        Handshake { protocol: Handshake::JSON.to_owned(), version: 1 }
    }
}

/// The answer to the first record: empty when both agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandshakeReply {
    /// Why the connection ends here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A record after the handshake. `A` are the arguments of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record<A = Vec<Value>> {
    /// What it is: one of the constants, or a kind that is not spoken here.
    #[serde(rename = "type")]
    pub kind: i64,
    /// The call that is answered, or that wants an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invocation_id: Option<String>,
    /// The method that is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What it is called with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<A>,
    /// Why a call failed, or the connection ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether a client that was closed may come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_reconnect: Option<bool>,
}

impl Record<()> {
    /// Calls a method.
    pub const INVOCATION: i64 = 1;
    /// Answers a call.
    pub const COMPLETION: i64 = 3;
    /// Calls a method that answers with a stream.
    pub const STREAM_INVOCATION: i64 = 4;
    /// A sign of life.
    pub const PING: i64 = 6;
    /// The connection ends.
    pub const CLOSE: i64 = 7;

    fn of(kind: i64) -> Record<()> {
        Record {
            kind,
            invocation_id: None,
            target: None,
            arguments: None,
            error: None,
            allow_reconnect: None,
        }
    }

    /// A sign of life.
    pub fn ping() -> Record<()> {
        Record::of(Record::PING)
    }

    /// A call failed.
    pub fn failed(invocation_id: impl Into<String>, error: impl Into<String>) -> Record<()> {
        let invocation_id = Some(invocation_id.into());
        Record { invocation_id, error: Some(error.into()), ..Record::of(Record::COMPLETION) }
    }

    /// The connection ends for this reason.
    pub fn close(error: impl Into<String>) -> Record<()> {
        Record { error: Some(error.into()), ..Record::of(Record::CLOSE) }
    }

    /// The server goes away for a moment.
    pub fn come_again() -> Record<()> {
        Record { allow_reconnect: Some(true), ..Record::of(Record::CLOSE) }
    }
}

impl Record<[Activity; 1]> {
    /// An activity for a client.
    pub fn activity(activity: Activity) -> Record<[Activity; 1]> {
        Record {
            kind: Record::INVOCATION,
            invocation_id: None,
            target: Some(RECEIVE_ACTIVITY.to_owned()),
            arguments: Some([activity]),
            error: None,
            allow_reconnect: None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn records_are_written_as_the_protocol_has_them() {
        for (text, wanted) in [
            (written(&Record::ping()), "{\"type\":6}\u{1e}"),
            (written(&Record::close("x")), "{\"type\":7,\"error\":\"x\"}\u{1e}"),
            (written(&Record::come_again()), "{\"type\":7,\"allowReconnect\":true}\u{1e}"),
            (written(&Record::failed("7", "x")), "{\"type\":3,\"invocationId\":\"7\",\"error\":\"x\"}\u{1e}"),
            (written(&Handshake::json()), "{\"protocol\":\"json\",\"version\":1}\u{1e}"),
            (written(&HandshakeReply::default()), "{}\u{1e}"),
        ] {
            assert_eq!(text, wanted);
        }
        let call: Record =
            serde_json::from_str(r#"{"type":1,"target":"T","arguments":[1],"more":{}}"#).unwrap();
        assert_eq!((call.kind, call.arguments), (Record::INVOCATION, Some(vec![1.into()])));
    }

    #[test]
    fn the_paths_are_those_of_the_table() {
        let path = |id| crate::hubster::operation(id).map(|row| row.path);
        assert_eq!(path("EventsConnect"), Some(PATH));
        assert_eq!(path("EventsNegotiate"), Some(NEGOTIATE_PATH));
    }
}
