//! Administration: the commands of the operator, asked of a running server over its control socket
//! or, when none runs, of the files (decision 8).

mod admin;
mod client;
mod frame;
mod socket;

use serde::{Deserialize, Serialize};

use crate::backup::Contents;

pub(crate) use admin::Admin;
pub(crate) use client::{Connection, Parts};
pub(crate) use socket::Socket;

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub(crate) enum Request {
    /// Makes an account with its first key.
    CreateAccount { name: String },
    /// Ends an account with everything of it.
    DeleteAccount { id: String },
    /// All accounts.
    ListAccounts,
    /// Makes an account key; of the first account when none is named.
    CreateKey { account: Option<String>, name: String },
    /// The account keys of all accounts, or of one.
    ListKeys { account: Option<String> },
    /// Ends a key of any kind.
    RevokeKey { id: String },
    /// Registers a partner's program for OAuth.
    CreateOAuthClient { name: String, redirect_uris: Vec<String>, remove_url: Option<String> },
    /// All partners' programs.
    ListOAuthClients,
    /// Deliveries of an app that failed or wait, from the oldest on.
    ListDeliveries { app: String, after: Option<String>, limit: usize },
    /// Sends a dead delivery again, or all of an app.
    ReplayDeliveries { app: String, delivery: Option<String> },
    /// An archive; it comes as a stream.
    Backup(Contents),
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// A key with its secret, which is said here and never again.
    Key(NewKey),
    /// Keys, without secrets.
    Keys(Vec<KeyRow>),
    /// Accounts.
    Accounts(Vec<AccountRow>),
    /// A partner's program with its secret, which is said here and never again.
    OAuthClient(NewOAuthClient),
    /// Partners' programs, without secrets.
    OAuthClients(Vec<OAuthClientRow>),
    /// Deliveries, and whether there are more.
    Deliveries { rows: Vec<DeliveryRow>, more: bool },
    /// How many deliveries are sent again.
    Replayed(u64),
    /// It is done.
    Done,
}

/// A new account key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewKey {
    pub account_id: String,
    pub key_id: String,
    pub key_secret: String,
}

/// A key in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyRow {
    pub id: String,
    pub name: String,
    pub account_id: String,
    pub created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
}

/// An account in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountRow {
    pub id: String,
    pub name: String,
    pub created_at: String,
}

/// A new program of a partner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewOAuthClient {
    pub client_id: String,
    pub client_secret: String,
}

/// A program of a partner in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OAuthClientRow {
    pub client_id: String,
    pub name: String,
    pub redirect_uris: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remove_url: Option<String>,
    pub created_at: String,
}

/// A delivery in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryRow {
    pub id: String,
    /// `waiting`, `dead`, or `replaying` when it is about to be sent again.
    pub state: String,
    pub webhook_id: String,
    pub target: String,
    pub event_id: String,
    pub attempts: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub died_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<String>,
}

#[cfg(test)]
mod tests;
