//! What stands beside an integration through which people and programs speak by our own sockets and
//! webhooks: endpoints, prepared messages, transfer links, and the keys that sign access tokens.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{AppKey, IntegrationKey};
use crate::content::Content;
use crate::id::Id;
use crate::time::Millis;

/// Who speaks through an integration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[repr(i64)]
pub enum Role {
    /// Customers.
    Customer = 1,
    /// A person who answers.
    Agent = 2,
    /// A program that answers.
    Bot = 3,
    /// Nobody: it only hears.
    Listener = 4,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 4] = [Role::Customer, Role::Agent, Role::Bot, Role::Listener];

    /// Reads the stored number.
    pub fn from_code(code: i64) -> Option<Role> {
        Role::ALL.into_iter().find(|role| *role as i64 == code)
    }

    /// Whether it answers customers, and so has a seat on the switchboard.
    pub const fn answers(self) -> bool {
        matches!(self, Role::Agent | Role::Bot)
    }
}

/// A message that was written beforehand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// What it says; none for what is only handed through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// As its author wrote it.
    pub original: Value,
    /// As it is delivered, where that is not as it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<Value>,
}

impl Prepared {
    /// A message with its two forms.
    pub fn new(content: Option<Content>, original: Value, delivered: Value) -> Prepared {
        let delivered = Some(delivered).filter(|delivered| *delivered != original);
        Prepared { content, original, delivered }
    }

    /// As it is delivered.
    pub fn said(&self) -> &Value {
        self.delivered.as_ref().unwrap_or(&self.original)
    }
}

/// How the other side of an integration is reached, and how it wants to be spoken to.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// The integration.
    pub integration: IntegrationKey,
    /// The app.
    pub app: AppKey,
    /// Who speaks through it.
    pub role: Role,
    /// The kind of program on the other side, in the word of the dialect that made it.
    pub surface: String,
    /// Whether it hears what it says itself.
    pub echo: bool,
    /// The hosts whose pages may speak through it; only web pages are bound to them.
    pub allowed_origins: Vec<String>,
    /// The greeting: what is said when a conversation begins.
    pub greeting: Vec<Prepared>,
    /// Where events are posted; without it they go over sockets.
    pub target: Option<String>,
    /// Whose messages a listener hears; `None` among them stands for everybody's.
    pub hears: Vec<Option<Role>>,
    /// The public half of the signing keys, 32 hex digits: it names the private one.
    pub public_key: Option<String>,
    /// The sealed private half, 32 hex digits: bodies are signed with it.
    pub sealed_private_key: Option<Vec<u8>>,
}

/// Whether a canned reply says something or does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum ReplyKind {
    /// It is said.
    Message = 1,
    /// It is signalled, and not kept.
    Event = 2,
}

impl ReplyKind {
    /// Reads the stored number.
    pub fn from_code(code: i64) -> Option<ReplyKind> {
        [ReplyKind::Message, ReplyKind::Event].into_iter().find(|kind| *kind as i64 == code)
    }
}

/// A canned reply: what agents send by its name.
#[derive(Clone, Debug, PartialEq)]
pub struct CannedReply {
    /// Public id.
    pub id: Id,
    /// The app.
    pub app: AppKey,
    /// Unique name in the app.
    pub name: String,
    /// For lists.
    pub category: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// Who receives it: customer or agent.
    pub receiver: Role,
    /// What becomes of it.
    pub kind: ReplyKind,
    /// What is sent, in order; at least one.
    pub items: Vec<Prepared>,
    /// When it was made.
    pub created_at: Millis,
}

/// A transfer link: where agents send a customer by its name.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferLink {
    /// Public id.
    pub id: Id,
    /// The app.
    pub app: AppKey,
    /// Unique name in the app.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// Where it leads.
    pub url: String,
    /// Its text.
    pub label: String,
    /// After how many milliseconds the conversation opens there again; below 0 never.
    pub mount_delay_ms: i64,
    /// When it was made.
    pub created_at: Millis,
}

/// The random id of an access token of a web page's visitor: 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VisitToken(pub [u8; 16]);

/// A visit of a web page: it speaks for the customers whose conversations it has established.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Its access token.
    pub token: VisitToken,
    /// When the token ends.
    pub ends_at: Millis,
}

/// A key pair with which access tokens are signed.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenKey {
    /// Its name in tokens.
    pub id: String,
    /// The sealed private half.
    pub sealed_private_key: Vec<u8>,
    /// The public half, as its algorithm writes it.
    pub public_key: Vec<u8>,
    /// When it was made.
    pub created_at: Millis,
}
