//! Tells that somebody reads or types.

use model::Id;
use model::event::{ActivityKind, EventDetail, EventType};
use model::record::{AppKey, Conversation};
use store::rows::{conversations, participants};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::emit::{self, EventDraft};
use crate::rules::notices;
use crate::selector::UserSelector;

/// Who does it.
#[derive(Clone, Debug)]
pub enum ActivityAuthor {
    /// The business.
    Business,
    /// A user, who takes part in the conversation.
    User(UserSelector),
}

struct PostActivity {
    app: AppKey,
    conversation: Id,
    kind: ActivityKind,
    author: ActivityAuthor,
    /// The integration whose key the caller has.
    sender: Option<Id>,
}

impl Command for PostActivity {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let found = conversations::by_id(tx, self.app, self.conversation).await?;
        let mut conversation = found.or_not_found(Thing::Conversation)?;
        match (&self.author, self.kind) {
            (ActivityAuthor::Business, kind) => {
                if kind == ActivityKind::Read {
                    conversation.state.business_read_at = Some(ctx.now);
                }
                self.tell_channel(tx, ctx, &mut conversation).await?;
            }
            (ActivityAuthor::User(_), ActivityKind::TypingStart | ActivityKind::TypingStop) => {
                return Err(HubError::invalid("type: an activity of a user can only be conversation:read"));
            }
            (ActivityAuthor::User(user), ActivityKind::Read) => {
                let user = user.find(tx, self.app).await?;
                let place = participants::key_of(tx, conversation.key, user.key).await?;
                let place = place.ok_or_else(|| {
                    HubError::invalid("author: the user does not take part in the conversation")
                })?;
                notices::read(tx, ctx, &mut conversation, user.key).await?;
                participants::mark_read(tx, place, &conversation.state, ctx.now).await?;
                let detail = EventDetail { activity: Some(ActivityKind::Read), ..EventDetail::default() };
                let draft = EventDraft { user: user.key, detail: Some(detail), ..EventDraft::default() };
                let kind = EventType::ConversationRead;
                emit::in_conversation(tx, ctx, kind, &mut conversation, draft).await?;
            }
        }
        conversations::save_state(tx, conversation.key, &conversation.state).await?;
        Ok(())
    }
}

impl PostActivity {
    /// The customer's channel is told what the business does; of typing nothing else is kept.
    async fn tell_channel(&self, tx: &mut Tx, ctx: &Ctx, conversation: &mut Conversation) -> Result<()> {
        if participants::client_keys_of_conversation(tx, conversation.key, 1).await?.is_empty() {
            return Ok(());
        }
        let detail = EventDetail { activity: Some(self.kind), sender: self.sender, ..EventDetail::default() };
        let draft = EventDraft { detail: Some(detail), ..EventDraft::default() };
        emit::in_conversation(tx, ctx, EventType::BusinessActivity, conversation, draft).await
    }
}

impl Hub {
    /// Tells that somebody reads or types (sunshine-v2.md §6.7).
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation or user, `Invalid` for a user who does not take part
    /// or an activity that users do not have.
    pub async fn post_activity(
        &self,
        grant: &Grant,
        conversation: Id,
        kind: ActivityKind,
        author: ActivityAuthor,
    ) -> Result<()> {
        let sender = grant.caller.integration().map(|(_, id)| id);
        self.run_once(grant, PostActivity { app: grant.app.key, conversation, kind, author, sender }).await
    }
}
