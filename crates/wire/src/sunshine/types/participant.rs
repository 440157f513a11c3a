//! Participants of conversations (sunshine-v2.md §5.2).

use serde::{Deserialize, Serialize};

use super::client::ClientType;
use super::page::{Links, Meta};

/// A user's part in a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// Its id.
    pub id: String,
    /// The user.
    pub user_id: String,
    /// Messages since the last read.
    pub unread_count: u64,
    /// Clients in it, the latest used first.
    #[serde(default)]
    pub client_associations: Vec<ClientAssociation>,
    /// The business's id of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_external_id: Option<String>,
    /// When the user last read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_read: Option<String>,
}

/// A client in a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientAssociation {
    /// Its channel.
    #[serde(rename = "type")]
    pub kind: ClientType,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
}

/// A user to take part: exactly one of the two names. Also the body of JoinConversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantSpec {
    /// The user's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The business's id of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_external_id: Option<String>,
    /// Whether the user's messenger client takes part; required in groups.
    #[serde(rename = "subscribeSDKClient", skip_serializing_if = "Option::is_none")]
    pub subscribe_sdk_client: Option<bool>,
}

/// Body of LeaveConversation: exactly one of the three.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantLeaveBody {
    /// The user's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The business's id of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_external_id: Option<String>,
    /// The participant's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_id: Option<String>,
}

/// Reply of JoinConversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParticipantResponse {
    /// The participant.
    pub participant: Participant,
}

/// Reply of ListParticipants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParticipantListResponse {
    /// The participants of the page.
    pub participants: Vec<Participant>,
    /// How the list goes on; the vendor leaves it out of some lists that have one page.
    #[serde(default)]
    pub meta: Meta,
    /// The neighbouring pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<Links>,
}
