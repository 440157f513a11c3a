//! Events of clients.

use crate::string_enum::string_enum;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::client::Client;
use super::super::conversation::ConversationTruncated;
use super::super::message::Source;
use super::super::user::UserView;

/// A client came to a user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientAddPayload {
    /// The conversation that it was linked to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationTruncated>,
    /// The user.
    pub user: UserView,
    /// The client.
    pub client: Client,
    /// Why.
    pub reason: ClientAddReason,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

string_enum! {
    /// Why a client came to a user.
    pub enum ClientAddReason {
        ChannelLinking = "channelLinking",
        SdkLogin = "sdkLogin",
        AuthCode = "authCode",
    }
}

/// A client left a user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientRemovePayload {
    /// The conversation that it was to be linked to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationTruncated>,
    /// The user.
    pub user: UserView,
    /// The client.
    pub client: Client,
    /// Why.
    pub reason: ClientRemoveReason,
    /// What went wrong with a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Map<String, Value>>,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

string_enum! {
    /// Why a client left a user.
    pub enum ClientRemoveReason {
        Api = "api",
        LinkCancelled = "linkCancelled",
        LinkFailed = "linkFailed",
        Sdk = "sdk",
        Theft = "theft",
    }
}

/// A client changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientUpdatePayload {
    /// The conversation that it is linked to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationTruncated>,
    /// The user.
    pub user: UserView,
    /// The client.
    pub client: Client,
    /// Why.
    pub reason: ClientUpdateReason,
}

string_enum! {
    /// Why a client changed.
    pub enum ClientUpdateReason {
        Confirmed = "confirmed",
        Blocked = "blocked",
        Unblocked = "unblocked",
        Matched = "matched",
    }
}
