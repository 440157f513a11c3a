//! Messages (sunshine-v2.md §6.1). The hot path of lists and events: stored texts pass through as
//! they are.

use std::borrow::Cow;

use hub::MessageView;
use model::record::{self, Message, Quoted};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use wire::sunshine::types::{
    AuthorOut, AuthorSubtype, AuthorType, MessageActivity, MessageOut, Metadata, Part, QuotedMessage,
    Reference, UserView,
};

use super::content::{self, MediaUrls};
use super::source;

/// The system message that clients of version 17 cannot read (sunshine-v2.md §12.1).
const ENDED_BY_USER: &str = "conversation:endedByUser";

/// A message as replies show it.
pub(crate) fn message<'a>(urls: &dyn MediaUrls, view: &'a MessageView) -> MessageOut<'a> {
    with_author(urls, view, author(urls, view, None))
}

/// A message with an author who is put together elsewhere, as for events.
pub(crate) fn with_author<'a>(
    urls: &dyn MediaUrls,
    view: &'a MessageView,
    author: AuthorOut<'a>,
) -> MessageOut<'a> {
    let message = &view.message;
    MessageOut {
        id: Cow::Owned(message.id.to_string()),
        received: Cow::Owned(message.received.to_string()),
        author,
        activity: activity(message),
        content: content::content(urls, message.kind, &message.content),
        source: Some(source::part(message)),
        quoted_message: quoted(urls, view),
        metadata: metadata(message),
        deleted: message.deleted.then_some(true),
        references: references(message),
    }
}

/// The author of a message. `user` is for events.
pub(crate) fn author<'a>(
    urls: &dyn MediaUrls,
    view: &'a MessageView,
    user: Option<UserView>,
) -> AuthorOut<'a> {
    let author = &view.message.author;
    let is_user = author.user.is_some();
    AuthorOut {
        kind: if is_user { AuthorType::User } else { AuthorType::Business },
        subtypes: subtype(urls, author.shown.subtype).map(|subtype| vec![subtype]),
        user_id: view.author_id.filter(|_| is_user).map(|id| Cow::Owned(id.to_string())),
        user: user.map(Cow::Owned),
        display_name: author.shown.display_name.as_deref().map(Cow::Borrowed),
        avatar_url: author.shown.avatar_url.as_deref().map(Cow::Borrowed),
    }
}

/// `agent` and `bot` make whole pages unreadable for some clients (sunshine-v2.md §12.1): they are shown
/// only where the operator has asked for them.
fn subtype(urls: &dyn MediaUrls, stored: Option<record::AuthorSubtype>) -> Option<AuthorSubtype> {
    match stored? {
        record::AuthorSubtype::Ai => Some(AuthorSubtype::Ai),
        record::AuthorSubtype::Activity => Some(AuthorSubtype::Activity),
        record::AuthorSubtype::Agent => Some(AuthorSubtype::Agent).filter(|_| urls.shows_roles()),
        record::AuthorSubtype::Bot => Some(AuthorSubtype::Bot).filter(|_| urls.shows_roles()),
    }
}

fn metadata(message: &Message) -> Option<Part<'_, Metadata>> {
    let stored = message.metadata.as_deref()?;
    serde_json::from_str::<&RawValue>(stored).ok().map(Part::Raw)
}

fn activity(message: &Message) -> Option<Part<'_, MessageActivity>> {
    let stored = message.extra.activity.as_ref()?;
    if stored.get("type").and_then(Value::as_str) == Some(ENDED_BY_USER) {
        return None;
    }
    to_raw_value(stored).ok().map(Part::Text)
}

fn references(message: &Message) -> Option<Part<'_, Vec<Reference>>> {
    let stored = message.extra.references.as_ref().filter(|references| !references.is_empty())?;
    to_raw_value(stored).ok().map(Part::Text)
}

/// The message that is answered, one level deep.
fn quoted<'a>(urls: &dyn MediaUrls, view: &MessageView) -> Option<Part<'a, QuotedMessage>> {
    #[derive(Serialize)]
    #[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
    enum Out<'b> {
        Message { message: Box<MessageOut<'b>> },
        ExternalMessageId { external_message_id: &'b str },
    }
    let out = match view.message.extra.quoted.as_ref()? {
        Quoted::External(id) => Out::ExternalMessageId { external_message_id: id },
        Quoted::Message(_) => {
            let quoted = view.quoted.as_deref()?;
            Out::Message { message: Box::new(message(urls, quoted)) }
        }
    };
    to_raw_value(&out).ok().map(Part::Text)
}
