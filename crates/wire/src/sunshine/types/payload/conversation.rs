//! Events of conversations.

use crate::string_enum::string_enum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::Metadata;
use super::super::activity::ActivityType;
use super::super::conversation::ConversationTruncated;
use super::super::message::Source;
use super::super::user::UserView;
use super::message::AuthorWebhook;

/// A conversation began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationCreatePayload {
    /// The conversation.
    pub conversation: ConversationTruncated,
    /// Why.
    pub creation_reason: CreationReason,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The user; only for personal ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserView>,
    /// What led to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
}

string_enum! {
    /// Why a conversation began.
    pub enum CreationReason {
        LinkRequest = "linkRequest",
        Message = "message",
        None = "none",
        Notification = "notification",
        PrechatCapture = "prechatCapture",
        StartConversation = "startConversation",
        ProactiveMessaging = "proactiveMessaging",
    }
}

/// What led a person here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Referral {
    /// The code of the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<ReferralDetails>,
}

/// More about a referral.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReferralDetails {
    /// Where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its kind.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The advertisement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ad_id: Option<String>,
}

/// A user joined or left a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MembershipPayload {
    /// The conversation.
    pub conversation: ConversationTruncated,
    /// The user.
    pub user: UserView,
}

/// A conversation was removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConversationPayload {
    /// The conversation.
    pub conversation: ConversationTruncated,
}

/// A postback button was pressed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostbackPayload {
    /// The button.
    pub postback: PostbackData,
    /// The conversation.
    pub conversation: ConversationTruncated,
    /// The user.
    pub user: UserView,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// A button that was pressed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostbackData {
    /// Its payload.
    pub payload: String,
    /// Its custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// A user read or typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActivityPayload {
    /// The conversation.
    pub conversation: ConversationTruncated,
    /// What was done.
    pub activity: ActivityData,
}

/// What was done, by whom and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityData {
    /// What was done.
    #[serde(rename = "type")]
    pub kind: ActivityType,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Who did it.
    pub author: AuthorWebhook,
}

/// A user came by a referral.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferralPayload {
    /// The conversation.
    pub conversation: ConversationTruncated,
    /// The user.
    pub user: UserView,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What led here.
    pub referral: Referral,
}

/// What a channel sent, as it came; the form is ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PassthroughPayload {
    /// The conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationTruncated>,
    /// The user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserView>,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What the channel sent.
    pub passthrough: Value,
}
