//! How a conversation begins, and who takes part in it.

use model::event::{CreationReason, EventDetail, EventType, Reason, Source};
use model::record::{AppKey, Conversation, ParticipantKey, UserKey};
use model::switchboard::Seat;
use serde_json::Value;
use store::rows::conversations::{self, NewConversation};
use store::rows::participants;
use store::{Ctx, Tx};

use super::assignment::assign_default;
use super::emit::{self, EventDraft};
use crate::error::{OrNotFound, Result, Thing};

/// Why a conversation begins, and who answers in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beginning {
    /// Why it begins.
    pub reason: CreationReason,
    /// Who is in control first, before the switchboard's default.
    pub responder: Option<Seat>,
    /// Through what it came.
    pub source: Option<Source>,
    /// How the customer came.
    pub referral: Option<Value>,
}

/// A conversation, and the place of somebody who takes part in it.
pub(crate) struct Entered {
    pub conversation: Conversation,
    pub place: ParticipantKey,
    /// Whether the conversation has just begun.
    pub has_begun: bool,
}

impl Entered {
    /// Writes what has changed in the conversation's state.
    pub(crate) async fn save(&self, tx: &mut Tx) -> Result<()> {
        Ok(conversations::save_state(tx, self.conversation.key, &self.conversation.state).await?)
    }
}

/// Begins a personal conversation, and tells it.
pub(crate) async fn begin(
    tx: &mut Tx,
    ctx: &Ctx,
    app: AppKey,
    user: UserKey,
    beginning: Beginning,
) -> Result<Entered> {
    let new = NewConversation {
        id: ctx.id(),
        app,
        group: false,
        owner: Some(user),
        is_default: false,
        name: None,
        description: None,
        icon_url: None,
        metadata: None,
        created_at: ctx.now,
    };
    let mut conversation = insert(tx, new).await?;
    let place = participants::insert(tx, ctx.id(), conversation.key, conversation.id, user, 0).await?;
    announce(tx, ctx, &mut conversation, beginning).await?;
    Ok(Entered { conversation, place, has_begun: true })
}

/// Adds a conversation in which nobody takes part yet. The first personal one of a user is their default one,
/// whatever `new` says of it.
pub(crate) async fn insert(tx: &mut Tx, new: NewConversation<'_>) -> Result<Conversation> {
    let is_default = match new.owner {
        Some(owner) => conversations::default_of(tx, new.app, owner).await?.is_none(),
        None => false,
    };
    let key = conversations::insert(tx, &NewConversation { is_default, ..new }).await?;
    conversations::by_key(tx, key).await?.or_not_found(Thing::Conversation)
}

/// Gives a new conversation to whoever answers first, and tells that it began.
pub(crate) async fn announce(
    tx: &mut Tx,
    ctx: &Ctx,
    conversation: &mut Conversation,
    beginning: Beginning,
) -> Result<()> {
    let Beginning { reason, responder, source, referral } = beginning;
    assign_default(tx, conversation.app, &mut conversation.state, responder).await?;
    let detail =
        EventDetail { reason: Some(Reason::Creation(reason)), source, referral, ..EventDetail::default() };
    let draft = EventDraft {
        user: conversation.owner.unwrap_or_default(),
        detail: Some(detail),
        ..EventDraft::default()
    };
    emit::and_save(tx, ctx, EventType::ConversationCreate, conversation, draft).await
}

/// The place of a user in a conversation: if they have none, they take part from now on.
pub(crate) async fn take_part(
    tx: &mut Tx,
    ctx: &Ctx,
    conversation: &Conversation,
    user: UserKey,
) -> Result<ParticipantKey> {
    match participants::key_of(tx, conversation.key, user).await? {
        Some(place) => Ok(place),
        None => Ok(participants::insert(tx, ctx.id(), conversation.key, conversation.id, user, 0).await?),
    }
}
