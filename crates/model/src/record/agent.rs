//! People who answer.

use super::{AgentKey, AppKey};
use crate::id::Id;
use crate::time::Millis;

/// A person who answers, and how they are reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Key inside the store.
    pub key: AgentKey,
    /// Public id.
    pub id: Id,
    /// The app.
    pub app: AppKey,
    /// Place in the app's list; rises.
    pub place: i64,
    /// The business's own id, unique in the app.
    pub external_id: String,
    /// Given name and surname.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// The account at the carrier.
    pub carrier_account: String,
    /// How the carrier calls them.
    pub carrier_name: String,
    /// Their own telephone.
    pub phone: Option<String>,
    /// The business's number that they speak from.
    pub line: String,
    /// Whether they are called on their telephone.
    pub rings_phone: bool,
    /// Whether they are called in their program.
    pub rings_sip: bool,
    /// When they were added.
    pub created_at: Millis,
    /// When they were last changed.
    pub updated_at: Millis,
}
