//! Events of the switchboard.

use serde::{Deserialize, Serialize};

use super::super::Metadata;
use super::super::control::ControlReason;
use super::super::conversation::ConversationTruncated;
use super::message::{EventError, MessageWebhook};

/// Control moved, was offered or was given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ControlPayload<M = MessageWebhook> {
    /// The conversation, with its new state.
    pub conversation: ConversationTruncated,
    /// From the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Only for pass and release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ControlReason>,
    /// The last messages, the oldest first; only in the copy of the one who gets control.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_history: Option<Vec<M>>,
}

/// A control action failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ControlFailurePayload {
    /// Why.
    pub error: EventError,
    /// The conversation.
    pub conversation: ConversationTruncated,
    /// From the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}
