//! Begins a conversation.

use model::content::Metadata;
use model::record::{AppKey, Conversation, User};
use store::rows::conversations::NewConversation;
use store::{Command, Ctx, Tx};

use super::participant::{self, ParticipantDraft};
use crate::access::Grant;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::beginning::{self, Beginning};
use crate::rules::pictures::LastingPicture;
use crate::rules::seats::{self, ConversationView};

/// A conversation that a caller wants to begin.
#[derive(Clone, Debug, Default)]
pub struct ConversationDraft {
    /// Whether several users may take part.
    pub group: bool,
    /// Who takes part: exactly one in a personal conversation.
    pub participants: Vec<ParticipantDraft>,
    /// For people.
    pub name: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// Picture.
    pub icon_url: Option<String>,
    /// The business's own data.
    pub metadata: Option<Metadata>,
}

struct CreateConversation {
    app: AppKey,
    draft: ConversationDraft,
    picture: Option<LastingPicture>,
}

impl Command for CreateConversation {
    type Out = Conversation;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Conversation> {
        let users = participant::find_users(tx, self.app, &self.draft.participants).await?;
        let owner = match (self.draft.group, users.as_slice()) {
            (true, _) => None,
            (false, [(user, _)]) => Some(user),
            (false, _) => {
                return Err(HubError::invalid("participants: a personal conversation has exactly one"));
            }
        };
        if let Some(picture) = &self.picture {
            picture.check(tx).await?;
        }
        self.create(tx, ctx, owner, &users).await
    }
}

impl CreateConversation {
    async fn create(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        owner: Option<&User>,
        users: &[(User, bool)],
    ) -> Result<Conversation> {
        let new = NewConversation {
            id: ctx.id(),
            app: self.app,
            group: self.draft.group,
            owner: owner.map(|user| user.key),
            is_default: false,
            name: self.draft.name.as_deref(),
            description: self.draft.description.as_deref(),
            icon_url: self.draft.icon_url.as_deref(),
            metadata: self.draft.metadata.as_ref(),
            created_at: ctx.now,
        };
        let mut conversation = beginning::insert(tx, new).await?;
        for (user, subscribe) in users {
            participant::add(tx, ctx, conversation.key, conversation.id, user, *subscribe, 0).await?;
        }
        let why = Beginning::default();
        beginning::announce(tx, ctx, &mut conversation, why).await?;
        Ok(conversation)
    }
}

impl Hub {
    /// Begins a conversation; the switchboard's default is in control of it from the start.
    ///
    /// # Errors
    /// `NotFound` for an unknown user, `Invalid` for a user named twice or a personal conversation
    /// without exactly one, or a picture that goes with a message.
    pub async fn create_conversation(
        &self,
        grant: &Grant,
        draft: ConversationDraft,
    ) -> Result<ConversationView> {
        let picture = self.lasting("iconUrl", draft.icon_url.as_ref());
        let command = CreateConversation { app: grant.app.key, draft, picture };
        let conversation = self.run_once(grant, command).await?;
        let mut reader = self.reader().await?;
        seats::view(&mut reader, conversation).await
    }
}
