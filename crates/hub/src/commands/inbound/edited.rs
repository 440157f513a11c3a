//! A customer changes a message, or takes it back.

use model::event::EventType;
use model::record::Message;
use store::rows::{attachments, conversations, downloads, messages};
use store::{Ctx, Tx};

use super::ready::ReadyPart;
use super::receive::Arrival;
use crate::error::Result;
use crate::rules::arrival;
use crate::rules::emit::{self, EventDraft};

/// An empty text in the place of what was taken back.
const EMPTY_TEXT: &str = r#"{"type":"text","text":""}"#;

impl Arrival<'_> {
    /// The customer changed a message: it says something else now, and is told again.
    pub(super) async fn edit(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        external_id: &str,
        part: &ReadyPart,
    ) -> Result<()> {
        let Some(found) = self.own_message(tx, external_id).await? else { return Ok(()) };
        let (text, files) = self.announce_files(tx, ctx, part).await?;
        for (file, medium) in files.into_iter().zip(&part.media) {
            attachments::bind(tx, &medium.token, found.key).await?;
            downloads::insert(tx, &self.download(ctx, found.key, file, medium)).await?;
        }
        messages::replace_content(tx, found.key, part.content.kind(), &text).await?;
        let Some(mut conversation) = conversations::by_key(tx, found.conversation).await? else {
            return Ok(());
        };
        let user = found.author.user.unwrap_or_default();
        let draft = EventDraft { user, message: found.key, ..EventDraft::default() };
        emit::and_save(tx, ctx, EventType::ConversationMessage, &mut conversation, draft).await
    }

    /// The customer took a message back: a placeholder stays. There is no event for it.
    pub(super) async fn take_back(&self, tx: &mut Tx, external_id: &str) -> Result<()> {
        let Some(found) = self.own_message(tx, external_id).await? else { return Ok(()) };
        messages::set_placeholder(tx, found.key, EMPTY_TEXT).await?;
        Ok(())
    }

    /// A message that this very person wrote.
    async fn own_message(&self, tx: &mut Tx, external_id: &str) -> Result<Option<Message>> {
        let Some(known) = self.known(tx).await? else { return Ok(None) };
        let spoken = arrival::conversation(tx, self.app, &known.client, &known.user).await?;
        let newest = spoken.map(|spoken| spoken.conversation.state.last_message);
        let Some(found) = self.by_channel_id(tx, newest, external_id).await? else { return Ok(None) };
        let message = messages::by_key(tx, found).await?;
        Ok(message.filter(|message| message.author.user == Some(known.user.key) && !message.deleted))
    }
}
