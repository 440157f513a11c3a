//! Adds a message.

use std::sync::Arc;

use model::Id;
use model::record::{App, Conversation, Destination, Message, ParticipantKey, ShownAuthor, User};
use store::rows::{conversations, integrations, participants};
use store::{Command, Ctx, Read, Tx};

use super::draft::{AuthorDraft, MessageDraft, ReadyContent};
use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::queries::messages::MessageView;
use crate::rules::append::{self, Appended};
use crate::rules::assignment::assign_default;
use crate::rules::people::display_name;

struct PostMessage {
    app: Arc<App>,
    conversation: Id,
    author: AuthorDraft,
    ready: ReadyContent,
}

/// The user who writes, and their place in the conversation.
type WritingUser = Option<(User, ParticipantKey)>;

impl Command for PostMessage {
    type Out = (Message, Option<User>);
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Self::Out> {
        let found = conversations::by_id(tx, self.app.key, self.conversation).await?;
        let mut conversation = found.or_not_found(Thing::Conversation)?;
        append::check_room(&conversation)?;
        let (user, shown) = self.author(tx, &conversation).await?;
        self.check_destination(tx, &conversation, user.is_none()).await?;
        if user.is_some() {
            assign_default(tx, self.app.key, &mut conversation.state, None).await?;
        }
        let new = Appended {
            author: user.as_ref().map(|(user, place)| (user.key, *place)),
            shown,
            kind: self.ready.kind,
            content: &self.ready.content,
            metadata: self.ready.metadata.as_deref(),
            extra: &self.ready.extra,
            attachments: &self.ready.attachments,
            original: None,
        };
        let message = append::append(tx, ctx, &self.app, &mut conversation, new).await?;
        conversations::save_state(tx, conversation.key, &conversation.state).await?;
        Ok((message, user.map(|(user, _)| user)))
    }
}

impl PostMessage {
    async fn author(
        &self,
        read: &mut Read,
        conversation: &Conversation,
    ) -> Result<(WritingUser, ShownAuthor)> {
        let (user, shown) = match &self.author {
            AuthorDraft::Business(shown) => return Ok((None, shown.clone())),
            AuthorDraft::User { user, shown } => (user.find(read, self.app.key).await, shown.clone()),
        };
        let stranger = || HubError::invalid("author: the user does not take part in the conversation");
        let user = user.map_err(|error| match error {
            HubError::NotFound(_) => stranger(),
            other => other,
        })?;
        let place = participants::key_of(read, conversation.key, user.key).await?.ok_or_else(stranger)?;
        let mut shown = shown;
        if shown.display_name.is_none() {
            // One statement more, and only for who has no name of their own.
            let on_channel = match user.profile.full_name() {
                Some(_) => None,
                None => participants::name_on_channel(read, place).await?,
            };
            shown.display_name = Some(display_name(&user, on_channel.as_deref(), &self.app.settings));
        }
        if shown.avatar_url.is_none() {
            shown.avatar_url = user.profile.avatar_url.clone();
        }
        Ok((Some((user, place)), shown))
    }

    /// A destination counts for business messages in personal conversations only, and must be a
    /// channel through which the user takes part (sunshine-v2.md §6.4).
    async fn check_destination(
        &self,
        read: &mut Read,
        conversation: &Conversation,
        business: bool,
    ) -> Result<()> {
        let Some(destination) = &self.ready.extra.destination else { return Ok(()) };
        if !business || conversation.group {
            let text = "destination: only for messages of the business in personal conversations";
            return Err(HubError::invalid(text));
        }
        let reachable = match destination {
            Destination::Silent => true,
            Destination::Integration(id) => match integrations::by_id(read, self.app.key, *id).await? {
                Some(integration) => {
                    participants::takes_part_through(read, conversation.key, Some(integration.key), None)
                        .await?
                }
                None => false,
            },
            Destination::Kind(kind) => {
                participants::takes_part_through(read, conversation.key, None, Some(kind)).await?
            }
        };
        if reachable {
            return Ok(());
        }
        Err(HubError::invalid("destination: the user does not take part through such an integration"))
    }
}

impl Hub {
    /// Adds a message and tells every subscriber. Durable when this returns.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation; `Invalid` for an author who does not take part, a
    /// destination that cannot be reached or an attachment that is gone; `Full` when the
    /// conversation has no room.
    pub async fn post_message(
        &self,
        grant: &Grant,
        conversation: Id,
        draft: MessageDraft,
    ) -> Result<MessageView> {
        let (author, mut ready) = self.make_ready(&grant.app, draft).await?;
        if let (AuthorDraft::Business(_), Some((_, integration))) = (&author, grant.caller.integration()) {
            ready.extra.sender = Some(integration);
        }
        let command = PostMessage { app: grant.app.clone(), conversation, author, ready };
        let (message, user) = self.run_once(grant, command).await?;
        Ok(MessageView { message, author_id: user.map(|user| user.id), quoted: None })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::test_support::House;

    #[tokio::test]
    async fn a_message_cannot_show_what_was_deleted_while_it_was_made_ready() {
        let house = House::open();
        let grant = house.app().await;
        let conversation = house.conversation(&grant, &[]).await;
        let (file, content) = house.picture(&grant).await;
        let author = AuthorDraft::Business(ShownAuthor::default());
        let draft = MessageDraft {
            author,
            content,
            metadata: None,
            destination: None,
            overrides: None,
            schema: None,
        };
        let (author, ready) = house.hub.make_ready(&grant.app, draft).await.unwrap();
        let url = house.hub.attachment_url(&file.token, &file.name);
        house.hub.remove_attachment(&grant, &url).await.unwrap();
        let command = PostMessage { app: grant.app.clone(), conversation, author, ready };
        let refused = house.hub.run_once(&grant, command).await;
        assert!(matches!(refused, Err(HubError::Invalid(_))), "{:?}", refused.err());
    }
}
