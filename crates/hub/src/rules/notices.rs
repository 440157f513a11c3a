//! What only the addresses in an app's settings are told. Such an event is written only where somebody
//! is told of it.

use model::Millis;
use model::event::EventType;
use model::limits::READ_MESSAGES_TOLD_MAX;
use model::record::{
    AppKey, AuthorSubtype, Conversation, ConversationState, Destination, Message, MessageKey, UserKey,
};
use model::setting::{ANSWER_WITHIN_SECONDS, ANSWER_WITHIN_SECONDS_DEFAULT, Notice};
use model::time::SECOND_MS;
use store::rows::awaited_answers::{self, AwaitedAnswer};
use store::rows::messages::{self, Link};
use store::rows::{events, places, settings};
use store::{Ctx, Read, Tx};

use super::emit::{self, EventDraft};
use crate::error::Result;

/// Events of a conversation that are looked at for messages that failed, the newest.
const FAILURE_LOOK_EVENTS_MAX: usize = 500;

/// Whether a message is one that we hand to a channel for the business: of such the outbound states are
/// told.
pub(crate) fn is_outbound(message: &Message) -> bool {
    message.author.user.is_none()
        && !message.deleted
        && message.extra.source.is_none()
        && message.extra.destination != Some(Destination::Silent)
}

/// A customer's message has opened a conversation. The caller saves the state.
pub(crate) async fn opened(tx: &mut Tx, ctx: &Ctx, conversation: &mut Conversation) -> Result<()> {
    let app = conversation.app;
    let told = settings::notices(tx, app).await?;
    if told.contains(&Notice::Opened) {
        let draft = EventDraft::default();
        emit::in_conversation(tx, ctx, EventType::ConversationOpen, conversation, draft).await?;
    }
    if told.contains(&Notice::Unanswered) {
        let opened_at = conversation.state.opened_at.unwrap_or(ctx.now);
        let due_at = ctx.now.plus(answer_within_ms(tx, app).await?);
        awaited_answers::put(tx, &AwaitedAnswer { conversation: conversation.key, opened_at, due_at })
            .await?;
    }
    Ok(())
}

async fn answer_within_ms(read: &mut Read, app: AppKey) -> Result<i64> {
    let setting = settings::by_key(read, app, ANSWER_WITHIN_SECONDS).await?;
    let seconds = setting.and_then(|setting| setting.value.parse().ok());
    Ok(i64::from(seconds.unwrap_or(ANSWER_WITHIN_SECONDS_DEFAULT)) * SECOND_MS)
}

/// The customer is about to have read a conversation: each message of the business that they had not read
/// is told, the oldest first. The caller saves the state.
pub(crate) async fn read(
    tx: &mut Tx,
    ctx: &Ctx,
    conversation: &mut Conversation,
    user: UserKey,
) -> Result<()> {
    if !settings::notices(tx, conversation.app).await?.contains(&Notice::Outbound) {
        return Ok(());
    }
    let Some(place) = places::of(tx, user, conversation.key).await? else { return Ok(()) };
    let state = &conversation.state;
    let mut unread = unread_of(tx, state, place.read_total).await?;
    drop_failed(tx, state.last_event, &mut unread).await?;
    for message in unread.into_iter().rev() {
        let draft = EventDraft { user, message, ..EventDraft::default() };
        emit::in_conversation(tx, ctx, EventType::MessageRead, conversation, draft).await?;
    }
    Ok(())
}

/// Messages of the business behind an ordinal, the newest first.
async fn unread_of(read: &mut Read, state: &ConversationState, behind: i64) -> Result<Vec<MessageKey>> {
    let (mut found, mut next) = (Vec::new(), state.last_message);
    while next != MessageKey(0) && found.len() < READ_MESSAGES_TOLD_MAX {
        let Some(link) = messages::link_by_key(read, next).await? else { break };
        if link.ordinal() <= behind.max(state.floor) {
            break;
        }
        next = link.previous();
        if let Link::Message(message) = link
            && is_outbound(&message)
        {
            found.push(message.key);
        }
    }
    Ok(found)
}

/// Leaves out what has not reached the customer.
async fn drop_failed(read: &mut Read, newest_event: i64, unread: &mut Vec<MessageKey>) -> Result<()> {
    let Some(oldest) = unread.last().copied() else { return Ok(()) };
    let mut next = newest_event;
    for _ in 0..FAILURE_LOOK_EVENTS_MAX {
        let Some(event) = events::by_sequence(read, next).await? else { break };
        if event.kind == EventType::DeliveryFailure
            && event.detail.and_then(|detail| detail.delivery).is_some_and(|delivery| delivery.is_final)
        {
            unread.retain(|message| *message != event.message);
        }
        if event.kind == EventType::ConversationMessage && event.message <= oldest {
            break;
        }
        next = event.previous;
    }
    Ok(())
}

/// Whether somebody of the business has written since a moment, as far as the newest `limit` messages
/// say.
pub(crate) async fn is_answered(
    read: &mut Read,
    state: &ConversationState,
    since: Millis,
    limit: usize,
) -> Result<bool> {
    let mut next = state.last_message;
    for _ in 0..limit {
        let Some(link) = messages::link_by_key(read, next).await? else { break };
        next = link.previous();
        let Link::Message(message) = link else { continue };
        if message.received < since {
            break;
        }
        if is_answer(&message) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a message is one that the customer can take for an answer.
fn is_answer(message: &Message) -> bool {
    message.author.user.is_none()
        && message.author.shown.subtype != Some(AuthorSubtype::Activity)
        && message.extra.destination != Some(Destination::Silent)
}
