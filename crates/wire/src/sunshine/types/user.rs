//! Users (sunshine-v2.md §4).

use crate::patch::Patch;
use serde::{Deserialize, Serialize};

use super::Metadata;

/// The short form of a user in events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserTruncated {
    /// The user's id.
    pub id: String,
    /// Whether the user ever logged in with a token.
    #[serde(default)]
    pub authenticated: bool,
    /// The business's id of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The help desk's id of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zendesk_id: Option<String>,
    /// The brand that the user belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_id: Option<String>,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The user's id.
    pub id: String,
    /// Whether the user ever logged in with a token.
    #[serde(default)]
    pub authenticated: bool,
    /// The business's id of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The help desk's id of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zendesk_id: Option<String>,
    /// The brand that the user belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_id: Option<String>,
    /// When the user signed up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_up_at: Option<String>,
    /// Whether inactivity clean-up leaves the user alone; only when set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_be_retained: Option<bool>,
    /// Always there, `{}` when nothing is known.
    pub profile: Profile,
    /// Always there.
    #[serde(default)]
    pub metadata: Metadata,
    /// Always there.
    #[serde(default)]
    pub identities: Vec<Identity>,
}

impl User {
    /// The short form.
    pub fn truncated(&self) -> UserTruncated {
        UserTruncated {
            id: self.id.clone(),
            authenticated: self.authenticated,
            external_id: self.external_id.clone(),
            zendesk_id: self.zendesk_id.clone(),
            brand_id: self.brand_id.clone(),
        }
    }
}

/// A user as an event shows it: in full where the webhook asks for it (sunshine-v2.md §9.5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum UserView {
    /// With `includeFullUser`; told by its `profile`.
    Full(Box<User>),
    /// Without.
    Truncated(UserTruncated),
}

/// What is known about a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// 1–128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// 1–128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// An e-mail address, 1–128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// An address, 1–2048 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    /// A language tag, 1–64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// Changes of a profile, merged per key; null clears.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileUpdate {
    /// See [`Profile`].
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub given_name: Patch<String>,
    /// See [`Profile`].
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub surname: Patch<String>,
    /// See [`Profile`].
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub email: Patch<String>,
    /// See [`Profile`].
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub avatar_url: Patch<String>,
    /// See [`Profile`].
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub locale: Patch<String>,
}

/// A proven identity of a user; read-only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// `email`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The address, 1–128 characters.
    pub value: String,
    /// How it was proven, as `sso`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<String>,
}

/// Body of CreateUser.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserCreateBody {
    /// 1–1024 characters, unique per app and brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// 1–24 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_id: Option<String>,
    /// A time with offset; now when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_up_at: Option<String>,
    /// Whether inactivity clean-up leaves the user alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_be_retained: Option<bool>,
    /// What is known about the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// Body of UpdateUser.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserUpdateBody {
    /// A time with offset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_up_at: Option<String>,
    /// Whether inactivity clean-up leaves the user alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_be_retained: Option<bool>,
    /// Merged per key.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub profile: Patch<ProfileUpdate>,
    /// Merged per key; a null removes its key.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub metadata: Patch<Metadata>,
}

/// Body of SyncUser.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncUserBody {
    /// The user to merge into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surviving_zendesk_id: Option<String>,
}

/// Reply with one user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserResponse {
    /// The user.
    pub user: User,
}

/// Reply of ListUsers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserListResponse {
    /// The users found.
    pub users: Vec<User>,
}
