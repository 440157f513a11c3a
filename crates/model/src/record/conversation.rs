//! Conversations, participants, messages and attachments.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{AppKey, AttachmentKey, ClientKey, ConversationKey, MessageKey, ParticipantKey, UserKey};
use crate::content::{ContentKind, Metadata};
use crate::event::Source;
use crate::id::Id;
use crate::switchboard::{Control, Seat};
use crate::time::Millis;

/// A conversation with its narrow state.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    /// Key inside the store.
    pub key: ConversationKey,
    /// Public id.
    pub id: Id,
    /// The app.
    pub app: AppKey,
    /// Whether several users may take part.
    pub group: bool,
    /// The user of a personal conversation.
    pub owner: Option<UserKey>,
    /// Whether it is the owner's first.
    pub is_default: bool,
    /// For people.
    pub name: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// Picture.
    pub icon_url: Option<String>,
    /// The business's own data.
    pub metadata: Option<Metadata>,
    /// When it was made.
    pub created_at: Millis,
    /// What changes with every message.
    pub state: ConversationState,
}

/// What changes with every message.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ConversationState {
    /// The newest message; 0 for none.
    pub last_message: MessageKey,
    /// The newest event; 0 for none.
    pub last_event: i64,
    /// Time of the newest message.
    pub last_at: Option<Millis>,
    /// Messages ever added: the ordinal of the newest.
    pub total: i64,
    /// Messages that are there.
    pub count: i64,
    /// Messages up to this ordinal are gone.
    pub floor: i64,
    /// The newest message whose ordinal is a multiple of the milestone distance; 0 for none.
    pub milestone: MessageKey,
    /// Who is in control.
    pub control: Control,
    /// When the business last read.
    pub business_read_at: Option<Millis>,
    /// When the customer's first message, or the first after closing, came.
    pub opened_at: Option<Millis>,
    /// When it was closed.
    pub closed_at: Option<Millis>,
    /// The newest moment that was given to something in it.
    pub last_moment: Option<Millis>,
    /// Messages of the user of a personal conversation; 0 in a group, where each has a count of their own.
    pub said: i64,
}

impl ConversationState {
    /// Whether the customer has begun it, and nobody has closed it since.
    pub fn is_open(&self) -> bool {
        self.opened_at.is_some() && self.closed_at.is_none()
    }

    /// The moment of what happens now: strictly later than that of everything before it, so that a reader
    /// who goes on behind a moment misses nothing.
    pub fn next_moment(&mut self, now: Millis) -> Millis {
        let last = self.last_moment.max(self.last_at);
        let moment = last.map_or(now, |last| now.max(last.plus(1)));
        self.last_moment = Some(moment);
        moment
    }
}

/// A user in a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Participant {
    /// Key inside the store.
    pub key: ParticipantKey,
    /// Public id.
    pub id: Id,
    /// The conversation.
    pub conversation: ConversationKey,
    /// The user.
    pub user: UserKey,
    /// The user's public id.
    pub user_id: Id,
    /// The user's external id.
    pub user_external_id: Option<String>,
    /// Messages of others since the last read.
    pub unread_count: i64,
    /// Last read.
    pub last_read: Option<Millis>,
    /// Clients that are part of it, the primary first: type and id.
    pub clients: Vec<ClientAssociation>,
}

/// A client that takes part in a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientAssociation {
    /// Key inside the store.
    pub key: ClientKey,
    /// Public id.
    pub id: Id,
    /// Channel type, or `sdk`.
    pub kind: String,
}

/// Who wrote a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Author {
    /// The user; `None` for the business.
    pub user: Option<UserKey>,
    /// How the author is called, and more, as stored beside the message.
    pub shown: ShownAuthor,
}

/// What is shown of an author.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ShownAuthor {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    /// What else the author is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtype: Option<AuthorSubtype>,
}

/// What an author of the business is besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AuthorSubtype {
    /// A machine, as its author says.
    Ai,
    /// One who tells what has happened and answers nobody, as its author says.
    Activity,
    /// An agent, who answers through an endpoint.
    Agent,
    /// A bot, which answers through an endpoint.
    Bot,
}

impl ShownAuthor {
    /// Whether nothing is shown.
    pub fn is_empty(&self) -> bool {
        *self == ShownAuthor::default()
    }
}

/// What only few messages have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MessageExtra {
    /// Where it came from; absent for the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The message that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted: Option<Quoted>,
    /// Where it shall go, if not to the primary client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<Destination>,
    /// Raw payloads for single channels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Value>,
    /// The native schema of the content, for example `whatsapp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Sources that the answer relies on: `{uri, title?, description?}` each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub references: Option<Vec<Value>>,
    /// A system message's kind and data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<Value>,
    /// The integration through which the business wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<Id>,
    /// The writer's own id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// As its writer wrote it, where the content does not say all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Value>,
}

impl MessageExtra {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == MessageExtra::default()
    }
}

/// A message that another answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Quoted {
    /// One that we know.
    Message(MessageKey),
    /// One that only the channel knows.
    External(String),
}

/// Where a business message shall go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Destination {
    /// To the client of this integration.
    Integration(Id),
    /// To the client of this channel type.
    Kind(String),
    /// To nobody: kept and told to webhooks only.
    Silent,
}

/// A message as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Key inside the store.
    pub key: MessageKey,
    /// Public id.
    pub id: Id,
    /// The conversation.
    pub conversation: ConversationKey,
    /// The message before it in its conversation; 0 for none.
    pub previous: MessageKey,
    /// The milestone in front of it; 0 for none.
    pub milestone: MessageKey,
    /// Its number in the conversation, from 1 on.
    pub ordinal: i64,
    /// When it was received.
    pub received: Millis,
    /// Who wrote it.
    pub author: Author,
    /// The kind of its content.
    pub kind: ContentKind,
    /// The content as JSON text ([`crate::content::Content`]).
    pub content: String,
    /// The caller's own data as JSON text.
    pub metadata: Option<String>,
    /// What only few messages have.
    pub extra: MessageExtra,
    /// What came from the channel, where the content cannot say it: JSON text.
    pub original: Option<String>,
    /// Whether user or channel have deleted it.
    pub deleted: bool,
    /// Who was in control, for a user's message.
    pub seat: Option<Seat>,
}

/// A button that a customer pressed: no message, but listed among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Press {
    /// When; as strictly rising inside a conversation as the times of messages.
    pub at: Millis,
    /// The public id of its event.
    pub id: Id,
    /// Who was in control.
    pub seat: Option<Seat>,
    /// The button's payload.
    pub payload: String,
}

/// Who may read an attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum Access {
    /// Whoever knows its URL.
    Public = 1,
    /// Callers of its app.
    Private = 2,
}

/// A file that was uploaded or came with a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Attachment {
    /// Key inside the store.
    pub key: AttachmentKey,
    /// Public id.
    pub id: Id,
    /// The app.
    pub app: AppKey,
    /// The conversation that it was uploaded for.
    pub conversation: Option<ConversationKey>,
    /// Whether it goes when the last message that shows it goes.
    pub for_message: bool,
    /// The random part of its URL: 128 bits.
    pub token: String,
    /// File name.
    pub name: String,
    /// MIME type.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// Who may read it.
    pub access: Access,
    /// When it was made.
    pub created_at: Millis,
}
