//! Lets a user leave a group.

use model::Id;
use model::event::EventType;
use model::record::{AppKey, Conversation, Participant};
use store::rows::{conversations, participants};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::emit::{self, EventDraft};
use crate::selector::UserSelector;

/// Who leaves.
#[derive(Clone, Debug)]
pub enum Leaver {
    /// A user.
    User(UserSelector),
    /// A participant.
    Participant(Id),
}

struct LeaveConversation {
    app: AppKey,
    conversation: Id,
    leaver: Leaver,
}

impl Command for LeaveConversation {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let found = conversations::by_id(tx, self.app, self.conversation).await?;
        let conversation = found.or_not_found(Thing::Conversation)?;
        if !conversation.group {
            return Err(HubError::invalid("only a group can be left"));
        }
        let member = match &self.leaver {
            Leaver::Participant(id) => participants::by_id(tx, conversation.key, *id).await?,
            Leaver::User(user) => {
                let user = user.find(tx, self.app).await?;
                participants::of(tx, conversation.key, user.key).await?
            }
        };
        leave(tx, ctx, conversation, &member.or_not_found(Thing::Participant)?).await
    }
}

/// Removes a participant of a group and tells it.
pub(crate) async fn leave(
    tx: &mut Tx,
    ctx: &Ctx,
    mut conversation: Conversation,
    member: &Participant,
) -> Result<()> {
    participants::remove(tx, member.key).await?;
    let draft = EventDraft { user: member.user, ..EventDraft::default() };
    emit::and_save(tx, ctx, EventType::ConversationLeave, &mut conversation, draft).await
}

impl Hub {
    /// Lets a user leave a group; the last one leaves an empty group.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation, or who does not take part; `Invalid` for a personal
    /// conversation.
    pub async fn leave_conversation(&self, grant: &Grant, conversation: Id, leaver: Leaver) -> Result<()> {
        self.run_once(grant, LeaveConversation { app: grant.app.key, conversation, leaver }).await
    }
}
