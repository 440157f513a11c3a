//! Messages in events: the author with the user behind it (sunshine-v2.md §9.5).

use std::borrow::Cow;

use hub::MessageView;
use model::Id;
use serde_json::value::RawValue;
use wire::sunshine::types::{AuthorOut, AuthorType, MessageOut, MessagePayload, Part};

use super::parts::{Look, Parts};
use crate::show;
use crate::show::content::MediaUrls;

/// The payload of `conversation:message`.
pub(super) fn payload<'a>(
    urls: &dyn MediaUrls,
    parts: &Parts<'a>,
    look: Look,
) -> MessagePayload<MessageOut<'a>> {
    let message = match parts.message {
        Some(view) => {
            let mut message = message(urls, parts, view, look);
            if look.full_source && view.message.extra.source.is_some() {
                let source = show::source::of_message(&view.message);
                message.source = Some(Part::Typed(parts.complete(source, look)));
            }
            message
        }
        None => gone(parts),
    };
    MessagePayload { conversation: parts.conversation(), message, recent_notifications: None }
}

/// A message with the user who wrote it.
pub(super) fn message<'a>(
    urls: &dyn MediaUrls,
    parts: &Parts<'a>,
    view: &'a MessageView,
    look: Look,
) -> MessageOut<'a> {
    let user = view.author_id.and_then(|id| parts.person(id));
    let user = user.map(|user| show::user::view(user, look.full_user));
    show::message::with_author(urls, view, show::message::author(urls, view, user))
}

/// A message whose conversation was removed while the event waited.
fn gone<'a>(parts: &Parts<'_>) -> MessageOut<'a> {
    let author = AuthorOut {
        kind: AuthorType::Business,
        subtypes: None,
        user_id: None,
        user: None,
        display_name: None,
        avatar_url: None,
    };
    let content = serde_json::from_str::<&RawValue>(show::content::EMPTY).unwrap_or(RawValue::NULL);
    MessageOut {
        id: Cow::Owned(Id::MIN.to_string()),
        received: Cow::Owned(parts.at.to_string()),
        author,
        activity: None,
        content: Part::Raw(content),
        source: Some(show::source::api_part()),
        quoted_message: None,
        metadata: None,
        deleted: Some(true),
        references: None,
    }
}
