//! Takes a deleted user out of groups: first its messages, then its place.

use model::event::{EventDetail, EventType};
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{Conversation, MessageKey, User};
use store::rows::messages::{self, Link};
use store::rows::places::{self, Place};
use store::rows::{attachments, conversations, participants};
use store::{Ctx, Tx};

use super::{Own, Walk};
use crate::error::Result;
use crate::rules::emit::{self, EventDraft};

/// One slice; gives whether there was anything to do. `progress` is what the next slice needs.
pub(super) async fn leave_slice(
    tx: &mut Tx,
    ctx: &Ctx,
    user: &User,
    progress: &mut Option<Walk>,
) -> Result<bool> {
    let mut steps = 0;
    let mut own = Own::of(user.key);
    while steps < SWEEP_SLICE_ROWS_MAX {
        let Some(place) = places::living(tx, user.key, true, 1).await?.pop() else { return Ok(steps > 0) };
        let Some(mut group) = conversations::by_key(tx, place.conversation).await? else {
            participants::remove(tx, place.key).await?;
            continue;
        };
        let begun = progress.take().filter(|begun| begun.conversation == group.key);
        let from = begun.map_or(group.state.last_message, |begun| begun.at);
        match erase_own(tx, ctx, &mut own, &mut group, from, &mut steps).await? {
            Some(at) => *progress = Some(Walk { conversation: group.key, at }),
            None => leave(tx, ctx, user, &mut group, &place).await?,
        }
        conversations::save_state(tx, group.key, &group.state).await?;
        steps += 1;
    }
    Ok(true)
}

/// Empties the user's messages from `from` backwards; gives where to go on, if more remain.
async fn erase_own(
    tx: &mut Tx,
    ctx: &Ctx,
    own: &mut Own,
    group: &mut Conversation,
    from: MessageKey,
    steps: &mut usize,
) -> Result<Option<MessageKey>> {
    let members = usize::try_from(participants::count(tx, group.key).await?).unwrap_or(0);
    let mut at = from;
    while *steps < SWEEP_SLICE_ROWS_MAX {
        let link = messages::link_by_key(tx, at).await?.filter(|link| link.ordinal() > group.state.floor);
        let Some(link) = link else { return Ok(None) };
        at = link.previous();
        *steps += 1;
        if let Link::Message(message) = link
            && own.wrote(tx, &message).await?
        {
            attachments::mark_deleted_with_message(tx, message.key, ctx.now).await?;
            participants::uncount(tx, group.key, message.ordinal, Some(own.target)).await?;
            messages::empty(tx, message.key).await?;
            group.state.count -= 1;
            // Every member's count of unread messages may have changed.
            *steps += members;
        }
    }
    Ok(Some(at))
}

async fn leave(tx: &mut Tx, ctx: &Ctx, user: &User, group: &mut Conversation, place: &Place) -> Result<()> {
    participants::remove(tx, place.key).await?;
    let detail = EventDetail { user: Some(Box::new(user.clone())), ..EventDetail::default() };
    let draft = EventDraft { user: user.key, detail: Some(detail), ..EventDraft::default() };
    emit::in_conversation(tx, ctx, EventType::ConversationLeave, group, draft).await
}
