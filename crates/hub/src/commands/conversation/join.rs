//! Lets a user join a group.

use model::Id;
use model::event::EventType;
use model::limits::GROUP_PARTICIPANTS_MAX;
use model::record::{AppKey, Participant};
use store::rows::{conversations, participants};
use store::{Command, Ctx, Tx};

use super::participant::{self, ParticipantDraft};
use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::emit::{self, EventDraft};

struct JoinConversation {
    app: AppKey,
    conversation: Id,
    draft: ParticipantDraft,
}

impl Command for JoinConversation {
    type Out = Participant;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Participant> {
        let found = conversations::by_id(tx, self.app, self.conversation).await?;
        let mut conversation = found.or_not_found(Thing::Conversation)?;
        if !conversation.group {
            return Err(HubError::invalid("only a group can be joined"));
        }
        let user = self.draft.user.find(tx, self.app).await?;
        if let Some(member) = participants::of(tx, conversation.key, user.key).await? {
            return Ok(member);
        }
        if participants::count(tx, conversation.key).await? >= GROUP_PARTICIPANTS_MAX {
            return Err(HubError::TooMany { thing: Thing::Participant, max: GROUP_PARTICIPANTS_MAX });
        }
        let (key, id, total) = (conversation.key, conversation.id, conversation.state.total);
        participant::add(tx, ctx, key, id, &user, self.draft.subscribe_sdk_client, total).await?;
        let draft = EventDraft { user: user.key, ..EventDraft::default() };
        emit::and_save(tx, ctx, EventType::ConversationJoin, &mut conversation, draft).await?;
        participants::of(tx, key, user.key).await?.or_not_found(Thing::Participant)
    }
}

impl Hub {
    /// Lets a user join a group. One who takes part already stays, and nobody is told.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation or user, `Invalid` for a personal conversation,
    /// `TooMany` for a full group.
    pub async fn join_conversation(
        &self,
        grant: &Grant,
        conversation: Id,
        draft: ParticipantDraft,
    ) -> Result<Participant> {
        self.run_once(grant, JoinConversation { app: grant.app.key, conversation, draft }).await
    }
}
