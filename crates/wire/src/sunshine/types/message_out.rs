//! Messages on their way out, borrowed from where they are stored: the hot path of lists and events.

use super::Metadata;
use super::content::Content;
use super::message::{
    AuthorSubtype, AuthorType, MessageActivity, MessageListResponse, MessagePostResponse, QuotedMessage,
    Reference, Source,
};
use super::user::UserView;
use serde::Serialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A part that is either a value or stored JSON text, which is passed through unread.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Part<'a, T> {
    /// Stored text.
    Raw(&'a RawValue),
    /// Text that was read from the store for this purpose.
    Text(Box<RawValue>),
    /// A value.
    Typed(T),
}

impl<'a, T> From<&'a RawValue> for Part<'a, T> {
    fn from(text: &'a RawValue) -> Part<'a, T> {
        Part::Raw(text)
    }
}

impl<T> From<Box<RawValue>> for Part<'_, T> {
    fn from(text: Box<RawValue>) -> Self {
        Part::Text(text)
    }
}

/// [`Message`](super::Message) or [`MessageWebhook`](super::MessageWebhook) on its way out; the fields
/// mean the same.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageOut<'a> {
    /// Its id.
    pub id: Cow<'a, str>,
    /// When it came.
    pub received: Cow<'a, str>,
    /// Who wrote it.
    pub author: AuthorOut<'a>,
    /// The event that made it, for messages of the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<Part<'a, MessageActivity>>,
    /// What it says.
    pub content: Part<'a, Content>,
    /// Where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Part<'a, Source>>,
    /// The message it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted_message: Option<Part<'a, QuotedMessage>>,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Part<'a, Metadata>>,
    /// True for the placeholder of a deleted one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<bool>,
    /// What it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub references: Option<Part<'a, Vec<Reference>>>,
}

/// [`Author`](super::Author) or [`AuthorWebhook`](super::AuthorWebhook) on its way out.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorOut<'a> {
    /// Which side.
    #[serde(rename = "type")]
    pub kind: AuthorType,
    /// Exactly one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtypes: Option<Vec<AuthorSubtype>>,
    /// The user; only of type `user`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Cow<'a, str>>,
    /// The user; only of type `user` and only in events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Cow<'a, UserView>>,
    /// The name shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Cow<'a, str>>,
    /// Address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<Cow<'a, str>>,
}

/// Reply of ListMessages on its way out.
pub type MessageListOut<'a> = MessageListResponse<MessageOut<'a>>;

/// Reply of PostMessage on its way out.
pub type MessagePostOut<'a> = MessagePostResponse<MessageOut<'a>>;
