//! Conversations and participants.

use model::Id;
use model::record::Participant;
use store::rows::{Seek, conversations, participants};

use crate::access::Grant;
use crate::error::{OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::page::{Page, PageRequest};
use crate::rules::board::load_board;
use crate::rules::seats::{self, ConversationView};
use crate::selector::UserSelector;

impl Hub {
    /// One conversation.
    ///
    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn conversation(&self, grant: &Grant, id: Id) -> Result<ConversationView> {
        let mut reader = self.reader().await?;
        let found = conversations::by_id(&mut reader, grant.app.key, id).await?;
        seats::view(&mut reader, found.or_not_found(Thing::Conversation)?).await
    }

    /// A page of the conversations of a user, oldest first.
    ///
    /// # Errors
    /// `NotFound` for an unknown user.
    pub async fn list_conversations(
        &self,
        grant: &Grant,
        user: &UserSelector,
        request: PageRequest,
    ) -> Result<Page<ConversationView>> {
        let mut reader = self.reader().await?;
        let app = grant.app.key;
        let user = user.find(&mut reader, app).await?;
        let board = load_board(&mut reader, app).await?.map(|(_, board)| board);
        let (seek, limit) = (Seek::from(request.cursor), request.size + 1);
        let found = conversations::of_user(&mut reader, app, user.key, seek, limit).await?;
        let mut page = Page::cut(request, found);
        if let Some(beyond) = page.beyond(request, |found| found.id) {
            let found = conversations::of_user(&mut reader, app, user.key, beyond, 1).await?;
            page = page.with_beyond(!found.is_empty());
        }
        Ok(page.map(|found| ConversationView::new(found, board.as_ref())))
    }

    /// A page of the participants of a conversation, in the order in which they joined.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation.
    pub async fn list_participants(
        &self,
        grant: &Grant,
        conversation: Id,
        request: PageRequest,
    ) -> Result<Page<Participant>> {
        let mut reader = self.reader().await?;
        let found = conversations::by_id(&mut reader, grant.app.key, conversation).await?;
        let conversation = found.or_not_found(Thing::Conversation)?;
        let (seek, limit) = (Seek::from(request.cursor), request.size + 1);
        let found = participants::page(&mut reader, conversation.key, seek, limit).await?;
        let page = Page::cut(request, found);
        let Some(beyond) = page.beyond(request, |participant| participant.id) else { return Ok(page) };
        let found = participants::page(&mut reader, conversation.key, beyond, 1).await?;
        Ok(page.with_beyond(!found.is_empty()))
    }

    /// A participant of a conversation.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation or participant.
    pub async fn participant(&self, grant: &Grant, conversation: Id, id: Id) -> Result<Participant> {
        let mut reader = self.reader().await?;
        let found = conversations::by_id(&mut reader, grant.app.key, conversation).await?;
        let conversation = found.or_not_found(Thing::Conversation)?;
        participants::by_id(&mut reader, conversation.key, id).await?.or_not_found(Thing::Participant)
    }
}
