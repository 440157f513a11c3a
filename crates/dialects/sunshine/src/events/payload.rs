//! The payload of each type of event (sunshine-v2.md §9.6).

use hub::MessageView;
use model::event::{ActivityKind, EventType};
use serde::Serialize;
use serde_json::{Map, Value};
use wire::sunshine::types::{
    ActivityData, ActivityPayload, ActivityType, AuthorType, AuthorWebhook, ClientAddPayload,
    ClientRemovePayload, ClientUpdatePayload, ControlPayload, ConversationCreatePayload, ConversationPayload,
    DeliveryDestination, DeliveryPayload, MembershipPayload, Merged, MessageOut, MessagePayload, MessageRef,
    PassthroughPayload, Payload as Typed, PostbackData, PostbackPayload, Referral, ReferralPayload,
    UserMergePayload, UserRemovePayload, UserTruncated, UserUpdatePayload, UserView,
};

use super::parts::{Look, Parts};
use super::{control, message, reasons};
use crate::show;
use crate::show::content::MediaUrls;

/// A payload on its way out.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Payload<'a> {
    /// With a message as it is stored.
    Message(Box<MessagePayload<MessageOut<'a>>>),
    /// With messages as they are stored.
    Control(Box<ControlPayload<MessageOut<'a>>>),
    /// Any other.
    Typed(Typed),
}

/// The payload of an event.
pub(super) fn payload<'a>(
    urls: &dyn MediaUrls,
    parts: &Parts<'a>,
    look: Look,
    history: &'a [MessageView],
) -> Payload<'a> {
    use EventType as E;
    let typed = match parts.kind {
        E::ConversationMessage => return Payload::Message(Box::new(message::payload(urls, parts, look))),
        E::PassControl | E::OfferControl | E::AcceptControl | E::ReleaseControl => {
            return Payload::Control(Box::new(control::payload(urls, parts, look, history)));
        }
        E::PassControlFailure | E::OfferControlFailure | E::AcceptControlFailure => {
            Typed::ControlFailure(Box::new(control::failure(parts)))
        }
        E::ClientAdd => Typed::ClientAdd(Box::new(client_add(parts, look))),
        E::ClientRemove => Typed::ClientRemove(Box::new(client_remove(parts, look))),
        E::ClientUpdate => Typed::ClientUpdate(Box::new(client_update(parts, look))),
        E::ConversationCreate => Typed::ConversationCreate(Box::new(conversation_create(parts, look))),
        E::ConversationJoin | E::ConversationLeave => Typed::Membership(Box::new(MembershipPayload {
            conversation: parts.conversation(),
            user: parts.user(look),
        })),
        E::ConversationRemove => {
            Typed::ConversationRemove(Box::new(ConversationPayload { conversation: parts.conversation() }))
        }
        E::DeliveryChannel | E::DeliveryFailure | E::DeliveryUser => {
            Typed::Delivery(Box::new(delivery(parts, look)))
        }
        E::ConversationPostback => Typed::Postback(Box::new(postback(parts, look))),
        // What is for channels, endpoints and settings only reaches no webhook; it is an activity all the
        // same.
        E::ConversationRead
        | E::ConversationTyping
        | E::BusinessActivity
        | E::Signal
        | E::ConversationOpen
        | E::ConversationUnanswered
        | E::MessageRead => Typed::Activity(Box::new(activity(parts, look))),
        E::ConversationReferral => Typed::Referral(Box::new(ReferralPayload {
            conversation: parts.conversation(),
            user: parts.user(look),
            source: Some(parts.source(look)),
            referral: referral(parts).unwrap_or_default(),
        })),
        E::Passthrough => Typed::Passthrough(Box::new(PassthroughPayload {
            conversation: parts.conversation_if_any(),
            user: parts.user.map(|_| parts.user(look)),
            source: Some(parts.source(look)),
            passthrough: parts.detail.passthrough.clone().unwrap_or(Value::Null),
        })),
        E::UserMerge => Typed::UserMerge(Box::new(user_merge(parts, look))),
        E::UserRemove => Typed::UserRemove(Box::new(UserRemovePayload { user: removed_user(parts) })),
        E::UserUpdate => Typed::UserUpdate(Box::new(UserUpdatePayload {
            user: parts.user(look),
            reason: reasons::user_update(parts.detail.reason),
            source: Some(parts.source(look)),
        })),
    };
    Payload::Typed(typed)
}

fn client_add(parts: &Parts<'_>, look: Look) -> ClientAddPayload {
    ClientAddPayload {
        conversation: parts.conversation_if_any(),
        user: parts.user(look),
        client: parts.client(),
        reason: reasons::client_add(parts.detail.reason),
        source: Some(parts.source(look)),
    }
}

fn client_remove(parts: &Parts<'_>, look: Look) -> ClientRemovePayload {
    let error = parts.detail.error.as_ref().map(|error| {
        let fields = [("code", error.code.as_str()), ("message", &error.message)];
        fields.into_iter().map(|(name, text)| (name.to_owned(), Value::from(text))).collect::<Map<_, _>>()
    });
    ClientRemovePayload {
        conversation: parts.conversation_if_any(),
        user: parts.user(look),
        client: parts.client(),
        reason: reasons::client_remove(parts.detail.reason),
        error,
        source: Some(parts.source(look)),
    }
}

fn client_update(parts: &Parts<'_>, look: Look) -> ClientUpdatePayload {
    ClientUpdatePayload {
        conversation: parts.conversation_if_any(),
        user: parts.user(look),
        client: parts.client(),
        reason: reasons::client_update(parts.detail.reason),
    }
}

/// The user comes with personal conversations only; groups have to be asked for theirs.
fn conversation_create(parts: &Parts<'_>, look: Look) -> ConversationCreatePayload {
    let personal = parts.conversation.is_some_and(|conversation| !conversation.group);
    ConversationCreatePayload {
        conversation: parts.conversation(),
        creation_reason: reasons::creation(parts.detail.reason),
        source: Some(parts.source(look)),
        user: parts.user.filter(|_| personal).map(|_| parts.user(look)),
        referral: referral(parts),
    }
}

fn delivery(parts: &Parts<'_>, look: Look) -> DeliveryPayload {
    let detail = parts.detail.delivery.as_ref();
    let external_ids = detail.map_or(&[][..], |detail| &detail.external_ids);
    let external_messages = external_ids.iter().map(|id| MessageRef { id: id.clone() });
    let id = parts.message.map_or(model::Id::MIN, |view| view.message.id);
    DeliveryPayload {
        user: parts.user(look),
        conversation: parts.conversation(),
        message: MessageRef { id: id.to_string() },
        destination: DeliveryDestination {
            kind: detail.map(|detail| detail.destination_type.clone()).unwrap_or_default(),
            integration_id: detail.and_then(|detail| detail.integration_id).map(|id| id.to_string()),
        },
        external_messages: (!external_ids.is_empty()).then(|| external_messages.collect()),
        is_final_event: detail.is_some_and(|detail| detail.is_final),
        error: (parts.kind == EventType::DeliveryFailure).then(|| control::error(parts)),
    }
}

fn postback(parts: &Parts<'_>, look: Look) -> PostbackPayload {
    let pressed = parts.detail.postback.as_ref();
    PostbackPayload {
        postback: PostbackData {
            payload: pressed.map(|pressed| pressed.payload.clone()).unwrap_or_default(),
            metadata: pressed.and_then(|pressed| pressed.metadata.clone()),
        },
        conversation: parts.conversation(),
        user: parts.user(look),
        source: Some(parts.source(look)),
    }
}

fn activity(parts: &Parts<'_>, look: Look) -> ActivityPayload {
    let author = AuthorWebhook {
        kind: AuthorType::User,
        subtypes: None,
        user_id: parts.user.map(|user| user.id.to_string()),
        user: parts.user.map(|_| parts.user(look)),
        display_name: None,
        avatar_url: None,
    };
    let kind = match parts.detail.activity {
        Some(ActivityKind::TypingStop) => ActivityType::TypingStop,
        Some(ActivityKind::Read) => ActivityType::Read,
        None if parts.kind == EventType::ConversationRead => ActivityType::Read,
        Some(ActivityKind::TypingStart) | None => ActivityType::TypingStart,
    };
    ActivityPayload {
        conversation: parts.conversation(),
        activity: ActivityData { kind, source: Some(parts.source(look)), author },
    }
}

fn referral(parts: &Parts<'_>) -> Option<Referral> {
    let stored = parts.detail.referral.as_ref()?;
    wire::body::from_value(stored).ok()
}

fn user_merge(parts: &Parts<'_>, look: Look) -> UserMergePayload {
    let reason = reasons::user_merge(parts.detail.reason);
    let Some(merge) = parts.detail.merge.as_deref() else {
        let merged_users = Merged { surviving: parts.user(look), discarded: parts.user(look) };
        return UserMergePayload {
            merged_users,
            merged_conversations: None,
            merged_clients: None,
            discarded_metadata: None,
            reason,
        };
    };
    let view = |user| -> UserView { show::user::view(user, look.full_user) };
    UserMergePayload {
        merged_users: Merged { surviving: view(&merge.surviving), discarded: view(&merge.discarded) },
        merged_conversations: merge.conversations.as_ref().map(|(surviving, discarded)| Merged {
            surviving: show::conversation::removed(surviving),
            discarded: show::conversation::removed(discarded),
        }),
        merged_clients: merge.clients.as_ref().map(|(surviving, discarded)| Merged {
            surviving: show::client::client(surviving),
            discarded: show::client::client(discarded),
        }),
        discarded_metadata: merge.discarded_metadata.clone(),
        reason,
    }
}

/// A removed user is always shown in the short form.
fn removed_user(parts: &Parts<'_>) -> UserTruncated {
    match (parts.user, parts.user(Look::default())) {
        (Some(user), _) => show::user::truncated(user),
        (None, UserView::Truncated(gone)) => gone,
        (None, UserView::Full(user)) => user.truncated(),
    }
}
