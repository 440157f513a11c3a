//! Changes what is shown of a conversation.

use model::Id;
use model::content::Metadata;
use model::metadata;
use model::patch::Patch;
use model::record::{AppKey, Conversation};
use store::rows::conversations;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::pictures::LastingPicture;
use crate::rules::seats::{self, ConversationView};

/// A change of a conversation.
#[derive(Clone, Debug, Default)]
pub struct ConversationPatch {
    /// For people.
    pub name: Patch<String>,
    /// For people.
    pub description: Patch<String>,
    /// Picture.
    pub icon_url: Patch<String>,
    /// The business's own data: merged key by key, null removes a key.
    pub metadata: Patch<Metadata>,
}

struct UpdateConversation {
    app: AppKey,
    conversation: Id,
    patch: ConversationPatch,
    picture: Option<LastingPicture>,
}

impl Command for UpdateConversation {
    type Out = Conversation;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<Conversation> {
        let found = conversations::by_id(tx, self.app, self.conversation).await?;
        let mut conversation = found.or_not_found(Thing::Conversation)?;
        if let Some(picture) = &self.picture {
            picture.check(tx).await?;
        }
        let patch = self.patch.clone();
        patch.name.apply(&mut conversation.name);
        patch.description.apply(&mut conversation.description);
        patch.icon_url.apply(&mut conversation.icon_url);
        match patch.metadata {
            Patch::Keep => {}
            Patch::Clear => conversation.metadata = None,
            Patch::Set(change) => {
                let current = conversation.metadata.take().unwrap_or_default();
                let merged = metadata::merge(&current, &change);
                let merged = merged.map_err(|e| HubError::invalid(format!("metadata: {e}")))?;
                conversation.metadata = (!merged.is_empty()).then_some(merged);
            }
        }
        conversations::update(tx, &conversation).await?;
        Ok(conversation)
    }
}

impl Hub {
    /// Changes what is shown of a conversation. No event tells it.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation, `Invalid` for metadata that grow too large, or a picture that
    /// goes with a message.
    pub async fn update_conversation(
        &self,
        grant: &Grant,
        conversation: Id,
        patch: ConversationPatch,
    ) -> Result<ConversationView> {
        let picture = self.lasting_change("iconUrl", &patch.icon_url);
        let command = UpdateConversation { app: grant.app.key, conversation, patch, picture };
        let conversation = self.run(command).await?;
        let mut reader = self.reader().await?;
        seats::view(&mut reader, conversation).await
    }
}
