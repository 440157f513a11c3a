//! Events of users.

use crate::string_enum::string_enum;
use serde::{Deserialize, Serialize};

use super::super::Metadata;
use super::super::client::Client;
use super::super::conversation::ConversationTruncated;
use super::super::message::Source;
use super::super::user::{UserTruncated, UserView};

/// Two users became one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserMergePayload {
    /// The users.
    pub merged_users: Merged<UserView>,
    /// Their default conversations, where two became one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_conversations: Option<Merged<ConversationTruncated>>,
    /// Their clients, where two became one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_clients: Option<Merged<Client>>,
    /// Custom properties for which there was no room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discarded_metadata: Option<Metadata>,
    /// Why.
    pub reason: UserMergeReason,
}

/// Two things that became one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Merged<T> {
    /// What it is now.
    pub surviving: T,
    /// What is gone.
    pub discarded: T,
}

string_enum! {
    /// Why two users became one.
    pub enum UserMergeReason {
        Api = "api",
        ChannelLinking = "channelLinking",
        SdkLogin = "sdkLogin",
    }
}

/// A user was identified.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserUpdatePayload {
    /// The user.
    pub user: UserView,
    /// Why.
    pub reason: UserUpdateReason,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

string_enum! {
    /// Why a user changed.
    pub enum UserUpdateReason {
        Authentication = "authentication",
        LocaleDetection = "localeDetection",
    }
}

/// A user was deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserRemovePayload {
    /// The user.
    pub user: UserTruncated,
}
