//! Tells that nobody answered in time. Who waits stands in the store, so that a restart forgets nobody.

use std::time::Duration;

use model::event::EventType;
use model::limits::{ANSWER_LOOK_MESSAGES_MAX, SWEEP_SLICE_ROWS_MAX};
use model::record::Conversation;
use model::setting::Notice;
use store::rows::awaited_answers::{self, AwaitedAnswer};
use store::rows::{apps, conversations, settings};
use store::{Command, Ctx, Read, Tx};

use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::emit::{self, EventDraft};
use crate::rules::notices;

/// How often it is looked whether somebody has waited for too long.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Conversations that are settled in one command; each may need a look at many messages.
const AT_ONCE_MAX: usize = SWEEP_SLICE_ROWS_MAX / 25;

/// Settles whoever has waited for too long. Gives whether there may be more.
struct TellUnanswered;

impl Command for TellUnanswered {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let due = awaited_answers::due(tx, ctx.now, AT_ONCE_MAX).await?;
        for awaited in &due {
            awaited_answers::remove(tx, awaited.conversation).await?;
            let Some(mut conversation) = unanswered(tx, awaited).await? else { continue };
            let (kind, draft) = (EventType::ConversationUnanswered, EventDraft::default());
            emit::and_save(tx, ctx, kind, &mut conversation, draft).await?;
        }
        Ok(due.len() >= AT_ONCE_MAX)
    }
}

/// The conversation, if it is still open without an answer and somebody wants to hear of it.
async fn unanswered(read: &mut Read, awaited: &AwaitedAnswer) -> Result<Option<Conversation>> {
    let Some(found) = conversations::by_key(read, awaited.conversation).await? else { return Ok(None) };
    if found.state.closed_at.is_some()
        || conversations::by_id(read, found.app, found.id).await?.is_none()
        || apps::by_key(read, found.app).await?.is_none()
        || !settings::notices(read, found.app).await?.contains(&Notice::Unanswered)
    {
        return Ok(None);
    }
    let limit = ANSWER_LOOK_MESSAGES_MAX;
    let answered = notices::is_answered(read, &found.state, awaited.opened_at, limit).await?;
    Ok(Some(found).filter(|_| !answered))
}

impl Hub {
    /// Tells of conversations that nobody answered in time, until the program ends.
    pub async fn watch_answers(&self) {
        loop {
            if let Err(error) = self.tell_unanswered().await {
                tracing::error!(%error, "unanswered conversations could not be told; it tries again");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Tells of every conversation that has waited for too long by now.
    ///
    /// # Errors
    /// The store's; who was not told then is told the next time.
    pub async fn tell_unanswered(&self) -> Result<()> {
        let is_due = {
            let mut reader = self.reader().await?;
            !awaited_answers::due(&mut reader, self.now(), 1).await?.is_empty()
        };
        while is_due && self.run(TellUnanswered).await? {}
        Ok(())
    }
}
