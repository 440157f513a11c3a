//! Begins a link of a user to a channel.

use model::Id;
use model::content::Content;
use model::event::{ClientAddReason, EventDetail, EventType, Reason};
use model::limits::LINK_LIFE_MS;
use model::masking::mask_content;
use model::record::{App, AppKey, Client, ClientStatus, Conversation, Integration, Link, ShownAuthor, User};
use serde_json::Value;
use store::rows::{clients, conversations, integrations, participants};
use store::{Command, Ctx, Tx};

use super::draft::LinkDraft;
use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::clients::{LinkEnd, end_link};
use crate::rules::emit::{self, EventDraft};
use crate::rules::people::UserRef;
use crate::rules::pictures::LastingPicture;

struct CreateClient {
    app: AppKey,
    user: UserRef,
    draft: LinkDraft,
    /// What asks for consent, as it is stored.
    message: Option<Value>,
}

impl Command for CreateClient {
    type Out = Client;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Client> {
        let user = self.user.find(tx, self.app).await?;
        let found = integrations::by_id(tx, self.app, self.draft.integration_id).await?;
        let integration = found.or_not_found(Thing::Integration)?;
        if integration.kind != self.draft.kind {
            return Err(HubError::invalid(format!(
                "matchCriteria: the integration is of type {}, not {}",
                integration.kind, self.draft.kind
            )));
        }
        let found = conversations::by_id(tx, self.app, self.draft.conversation_id).await?;
        let conversation = found.or_not_found(Thing::Conversation)?;
        participants::key_of(tx, conversation.key, user.key).await?.or_not_found(Thing::Conversation)?;
        if conversation.group {
            return Err(HubError::invalid("target: a channel cannot take part in a group"));
        }
        if let Some(other) = clients::pending_of(tx, user.key, integration.key).await? {
            end_link(tx, ctx, self.app, other, LinkEnd::Replaced).await?;
        }
        self.create(tx, ctx, &user, &integration, conversation.id).await
    }
}

impl CreateClient {
    async fn create(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        user: &User,
        integration: &Integration,
        conversation: Id,
    ) -> Result<Client> {
        // Read again: a link that was ended may have written an event into its lane.
        let found = conversations::by_id(tx, self.app, conversation).await?;
        let mut conversation = found.or_not_found(Thing::Conversation)?;
        let mut client = self.pending(ctx, user, integration, &conversation);
        client.key = clients::insert(tx, self.app, &client).await?;
        let draft = EventDraft {
            user: user.key,
            client: client.key,
            detail: Some(EventDetail {
                reason: Some(Reason::ClientAdd(ClientAddReason::ChannelLinking)),
                client: Some(Box::new(client.clone())),
                ..EventDetail::default()
            }),
            ..EventDraft::default()
        };
        emit::and_save(tx, ctx, EventType::ClientAdd, &mut conversation, draft).await?;
        Ok(client)
    }

    fn pending(
        &self,
        ctx: &Ctx,
        user: &User,
        integration: &Integration,
        conversation: &Conversation,
    ) -> Client {
        let draft = self.draft.clone();
        let link = Link {
            conversation: conversation.key,
            address: draft.address,
            subject: draft.subject,
            confirmation: draft.confirmation,
            message: self.message.clone(),
            primary: draft.primary,
            expires_at: ctx.now.plus(LINK_LIFE_MS),
        };
        Client {
            key: Default::default(),
            id: ctx.id(),
            user: user.key,
            kind: draft.kind,
            status: ClientStatus::Pending,
            integration: Some(integration.key),
            integration_id: Some(integration.id),
            external_id: None,
            last_seen: None,
            linked_at: None,
            display_name: None,
            avatar_url: None,
            info: None,
            raw: None,
            link: Some(link),
        }
    }
}

impl Hub {
    /// Begins a link of a user to a channel. It is pending until the channel completes it; a user
    /// has one pending link to an integration, so a new one cancels the one before.
    ///
    /// # Errors
    /// `NotFound` for an unknown user or integration, or a conversation in which the user does not take part;
    /// `Invalid` for an integration of another type or a group, or a message that shows an attachment of ours
    /// that is gone or goes with a message.
    pub async fn create_client(&self, grant: &Grant, user: UserRef, mut draft: LinkDraft) -> Result<Client> {
        let message = match draft.message.take() {
            Some(content) => Some(self.link_message(&grant.app, content).await?),
            None => None,
        };
        self.run_once(grant, CreateClient { app: grant.app.key, user, draft, message }).await
    }

    /// The message of a link as it is stored: masked as every message is, with references to our own
    /// attachments, which the provider then gets addresses of. One that goes with its messages is refused:
    /// this one enters no history, so that nothing would keep it.
    async fn link_message(&self, app: &App, mut content: Content) -> Result<Value> {
        if app.settings.mask_credit_card_numbers {
            mask_content(&mut content);
        }
        let mut shown = self.resolve_media(app, &mut content).await?;
        shown.extend(self.pictures_of(app.key, &ShownAuthor::default(), &content).await?);
        for token in shown {
            let picture = LastingPicture::of("confirmation.message", token);
            picture.check(&mut *self.reader().await?).await?;
        }
        serde_json::to_value(&content).map_err(|error| HubError::invalid(error.to_string()))
    }
}
