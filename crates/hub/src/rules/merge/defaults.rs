//! The default conversations of two users become one, if they are small enough for one transaction.

use model::event::{EventDetail, EventType, RemovedConversation};
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{AppKey, Conversation, ConversationKey, ConversationState, User, UserKey};
use model::switchboard::{Control, Seat};
use store::rows::messages::MILESTONE_DISTANCE;
use store::rows::places::{self, Place};
use store::rows::sweeps::{self, SweepKind};
use store::rows::{awaited_answers, clients, conversations, merges, participants, presses};
use store::{Ctx, Read, Tx};

use super::chains::{self, Moved};
use super::control;
use crate::error::Result;
use crate::rules::emit::{self, EventDraft};

/// Two default conversations that can be merged, with all that is needed for it.
struct Plan {
    surviving: (Conversation, Place),
    discarded: (Conversation, Place),
    /// The new chain; `None` when the discarded conversation has no message.
    woven: Option<Vec<Moved>>,
}

/// Merges the default conversations of both users; gives the two when they became one.
///
/// When there are too many messages or attachments for one transaction, or messages of one of them
/// were deleted as a whole and are still being swept, the discarded user's default conversation
/// stays a conversation of its own, no longer default.
pub(super) async fn merge(
    tx: &mut Tx,
    ctx: &Ctx,
    app: AppKey,
    surviving: &User,
    discarded: &User,
) -> Result<Option<(RemovedConversation, RemovedConversation)>> {
    let kept = conversations::default_of(tx, app, surviving.key).await?;
    let gone = conversations::default_of(tx, app, discarded.key).await?;
    let (Some(kept), Some(gone)) = (kept, gone) else { return Ok(None) };
    let (gone_key, told) = (gone.key, (removed(&kept), removed(&gone)));
    let kept_place = places::of(tx, surviving.key, kept.key).await?;
    let gone_place = places::of(tx, discarded.key, gone.key).await?;
    let (Some(kept_place), Some(gone_place)) = (kept_place, gone_place) else { return Ok(None) };
    match plan(tx, (kept, kept_place), (gone, gone_place)).await? {
        Some(plan) => {
            let kept_key = plan.surviving.0.key;
            carry_out(tx, ctx, plan).await?;
            lead_links(tx, discarded.key, gone_key, kept_key).await?;
            Ok(Some(told))
        }
        None => {
            merges::set_default(tx, gone_key, false).await?;
            Ok(None)
        }
    }
}

fn removed(conversation: &Conversation) -> RemovedConversation {
    RemovedConversation {
        id: conversation.id,
        group: conversation.group,
        metadata: conversation.metadata.clone(),
    }
}

async fn plan(
    read: &mut Read,
    surviving: (Conversation, Place),
    discarded: (Conversation, Place),
) -> Result<Option<Plan>> {
    let limit = SWEEP_SLICE_ROWS_MAX;
    if merges::count_attachments(read, discarded.0.key, limit + 1).await? > limit as i64 {
        return Ok(None);
    }
    let (kept, gone) = (&surviving.0.state, &discarded.0.state);
    if gone.count == 0 {
        return Ok(Some(Plan { surviving, discarded, woven: None }));
    }
    if kept.floor > 0 || gone.floor > 0 || kept.total + gone.total > limit as i64 {
        return Ok(None);
    }
    let kept = chains::read_chain(read, kept.last_message, limit).await?;
    let gone = chains::read_chain(read, gone.last_message, limit).await?;
    let (Some(kept), Some(gone)) = (kept, gone) else { return Ok(None) };
    Ok(Some(Plan { surviving, discarded, woven: Some(chains::weave(kept, gone)) }))
}

async fn carry_out(tx: &mut Tx, ctx: &Ctx, plan: Plan) -> Result<()> {
    let Plan { surviving: (mut kept, kept_place), discarded: (mut gone, gone_place), woven } = plan;
    let unread = unread(&kept.state, &kept_place) + unread(&gone.state, &gone_place);
    let taken_over = control::taken_over(tx, kept.app, &kept.state, &gone.state).await?;
    kept.state = joined(&kept.state, &gone.state, woven.as_deref());
    if let Some(woven) = &woven {
        chains::write(tx, kept.key, woven).await?;
        let (read_total, skipped) = chains::read_in(woven, &kept_place, &gone_place, unread);
        let last_read = kept_place.last_read.max(gone_place.last_read);
        places::set_read(tx, kept_place.key, (read_total, kept.state.said, skipped), last_read).await?;
        // The chain has gone over: the sweeper must not find it from here.
        gone.state = ConversationState { last_event: gone.state.last_event, ..ConversationState::default() };
        conversations::save_state(tx, gone.key, &gone.state).await?;
    }
    if let Some(control) = taken_over {
        pass_control(tx, ctx, &mut kept, control).await?;
    }
    conversations::save_state(tx, kept.key, &kept.state).await?;
    awaited_answers::hand_on(tx, gone.key, kept.key).await?;
    merges::move_attachments(tx, gone.key, kept.key).await?;
    presses::hand_on(tx, gone.key, kept.key, SWEEP_SLICE_ROWS_MAX).await?;
    places::copy_associations(tx, gone_place.key, kept_place.key).await?;
    participants::remove(tx, gone_place.key).await?;
    conversations::mark_deleted(tx, gone.key, ctx.now).await?;
    sweeps::insert(tx, SweepKind::Conversation, gone.key.0, gone.app, None, ctx.now).await?;
    Ok(())
}

/// The surviving conversation goes to whoever held the other one, and all who hear of it are told. The caller
/// saves the state.
async fn pass_control(tx: &mut Tx, ctx: &Ctx, kept: &mut Conversation, control: Control) -> Result<()> {
    let previous = std::mem::replace(&mut kept.state.control, control);
    let detail = EventDetail {
        previous_active: Some(Seat::to_stored(previous.active())),
        previous_pending: Some(Seat::to_stored(previous.pending())),
        target: control.active().map(|seat| seat.0),
        ..EventDetail::default()
    };
    let draft = EventDraft { detail: Some(detail), ..EventDraft::default() };
    emit::in_conversation(tx, ctx, EventType::PassControl, kept, draft).await
}

/// Pending links to the discarded conversation lead to the one that stays.
async fn lead_links(tx: &mut Tx, user: UserKey, from: ConversationKey, to: ConversationKey) -> Result<()> {
    for client in clients::links_of(tx, user, SWEEP_SLICE_ROWS_MAX).await? {
        if let Some(mut link) = client.link
            && link.conversation == from
        {
            link.conversation = to;
            clients::set_link(tx, client.key, &link).await?;
        }
    }
    Ok(())
}

fn unread(state: &ConversationState, place: &Place) -> i64 {
    (state.total - place.read_total - (state.said - place.read_said) - place.skipped).max(0)
}

/// The state of the conversation that both become; control is still that of the surviving one.
fn joined(kept: &ConversationState, gone: &ConversationState, woven: Option<&[Moved]>) -> ConversationState {
    let mut state = *kept;
    state.business_read_at = kept.business_read_at.max(gone.business_read_at);
    state.last_moment = kept.last_moment.max(gone.last_moment);
    let Some(woven) = woven else { return state };
    match (kept.is_open(), gone.is_open()) {
        (true, true) => state.opened_at = kept.opened_at.min(gone.opened_at),
        (false, true) => {
            state.opened_at = gone.opened_at;
            state.closed_at = None;
        }
        (true, false) => {}
        (false, false) => {
            state.opened_at = kept.opened_at.max(gone.opened_at);
            state.closed_at = kept.closed_at.max(gone.closed_at);
        }
    }
    state.total = woven.len() as i64;
    state.count = kept.count + gone.count;
    state.said = kept.said + gone.said;
    if let Some(Moved { link, .. }) = woven.last() {
        state.last_message = link.key;
        state.last_at = Some(link.received);
        state.milestone = if link.ordinal % MILESTONE_DISTANCE == 0 { link.key } else { link.milestone };
    }
    state
}
