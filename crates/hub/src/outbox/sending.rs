//! What an event asks a channel to do, and writing down what became of it.

use model::ErrorCode;
use model::channel::SendError;
use model::content::{Content, MediaRef};
use model::event::{ActivityKind, EventType};
use model::record::{
    AppSettings, Client, ClientKey, ClientStatus, IntegrationKey, IntegrationStatus, Link, Message, Quoted,
    SubscriptionKey,
};
use serde_json::Value;
use store::Read;
use store::rows::sends::{self, Progress};
use store::rows::{clients, messages, participants, users};

use super::{EventView, Outbox, SendOutcome};
use crate::channel::OpenChannel;
use crate::error::Result;
use crate::rules::links;
use crate::rules::words::{Words, disclaim, is_by_machine, words_for};

/// What an event asks an integration's channel to do.
#[derive(Debug)]
pub enum Errand {
    /// Nothing: the event is not for this channel, or it is done.
    Nothing,
    /// Wait: the integration is paused.
    Wait,
    /// Send a message.
    Message(Box<MessageErrand>),
    /// Nobody is there any more whom the message was for: it has failed.
    Unreachable {
        /// The integration.
        channel: Box<OpenChannel>,
        /// Who was to get it.
        client: ClientKey,
        /// What becomes of it.
        outcome: SendOutcome,
    },
    /// Tell that the business types or has read.
    Activity(Box<ActivityErrand>),
}

/// A message that is to be sent.
#[derive(Clone, Debug)]
pub struct MessageErrand {
    /// The integration.
    pub channel: OpenChannel,
    /// Who gets it.
    pub client: Client,
    /// What it says; every medium is an address.
    pub content: Content,
    /// The raw payload for this channel.
    pub raw: Option<Value>,
    /// The provider's id of the message that it answers.
    pub quoted: Option<String>,
    /// Requests that the provider has accepted before, in order.
    pub accepted: usize,
    /// Its ids of them.
    pub external_ids: Vec<String>,
    /// Whether the answer to the next request was lost once.
    pub unknown: bool,
    /// Why it cannot be sent, if that is known beforehand.
    pub refused: Option<SendError>,
    /// Whether it asks for the consent to a link.
    pub is_link: bool,
}

/// Something to be told that is no message.
#[derive(Debug)]
pub struct ActivityErrand {
    /// The integration.
    pub channel: OpenChannel,
    /// Who is told.
    pub client: Client,
    /// What the business does.
    pub activity: ActivityKind,
}

/// Clients of one conversation that are looked at.
const CLIENTS_MAX: usize = 20;
/// A sign of typing is worth nothing later than this.
const TYPING_LIFE_MS: i64 = 10 * 1_000;
/// Why nothing is sent to who was there when the message was posted, and is not now.
const GONE: &str = "the client takes no part in the conversation any more";
/// Why nothing is sent to somebody who has said so.
const OPTED_OUT: &str = "the person has blocked the business or opted out";

impl Outbox {
    /// What an event asks the channel of an integration to do.
    pub async fn errand(
        &self,
        subscription: SubscriptionKey,
        integration: IntegrationKey,
        event: &EventView,
    ) -> Result<Errand> {
        match event.kind {
            EventType::ConversationMessage => self.message_errand(subscription, integration, event).await,
            EventType::BusinessActivity => self.activity_errand(integration, event).await,
            EventType::ClientAdd => self.link_errand(subscription, integration, event).await,
            _ => Ok(Errand::Nothing),
        }
    }

    async fn message_errand(
        &self,
        subscription: SubscriptionKey,
        integration: IntegrationKey,
        event: &EventView,
    ) -> Result<Errand> {
        let Some(view) = &event.message else { return Ok(Errand::Nothing) };
        let (message, recipient) = (&view.message, event.recipient);
        if message.deleted || recipient.integration != integration {
            return Ok(Errand::Nothing);
        }
        let mut reader = self.hub.reader().await?;
        let (place, key) = (message.conversation, recipient.client);
        let client = clients::taking_part(&mut reader, place, key, integration).await?;
        let progress = sends::progress(&mut reader, subscription, event.sequence).await?;
        if progress.done {
            return Ok(Errand::Nothing);
        }
        let quoted = self.quoted(&mut reader, message).await?;
        drop(reader);
        let Some(channel) = self.hub.channel_by_key(integration).await? else { return Ok(Errand::Nothing) };
        if channel.integration.status == IntegrationStatus::Paused {
            return Ok(Errand::Wait);
        }
        let Some(client) = client else { return self.unreachable(channel, key, progress).await };
        let Some(mut content) = self.resolved(&message.content).await? else { return Ok(Errand::Nothing) };
        if is_by_machine(&message.author.shown) && shows_disclaimer(&channel) {
            disclaim(&mut content, self.words_for(&client).await?);
        }
        let kind = channel.integration.kind.as_str();
        let overrides = message.extra.overrides.as_ref();
        let raw = overrides.and_then(|all| all.get(kind)).and_then(|one| one.get("payload")).cloned();
        let refused = refused(&channel, &client);
        let Progress { accepted, external_ids, unknown, .. } = progress;
        let accepted = usize::try_from(accepted).unwrap_or(0);
        Ok(Errand::Message(Box::new(MessageErrand {
            channel,
            client,
            content,
            raw,
            quoted,
            accepted,
            external_ids,
            unknown,
            refused,
            is_link: false,
        })))
    }

    /// Whom a message was for is gone, and nobody stands in that place: it will not be sent, or no further. A
    /// link that still waits never was a way to the person.
    async fn unreachable(
        &self,
        channel: OpenChannel,
        client: ClientKey,
        progress: Progress,
    ) -> Result<Errand> {
        let found = clients::by_key(&mut *self.hub.reader().await?, client).await?;
        if found.is_some_and(|found| found.link.is_some()) {
            return Ok(Errand::Nothing);
        }
        let outcome = SendOutcome::Failed {
            error: SendError { code: ErrorCode::NotFound, message: GONE.to_owned() },
            blocked: false,
            external_ids: progress.external_ids,
            may_have_come: progress.unknown,
        };
        Ok(Errand::Unreachable { channel: Box::new(channel), client, outcome })
    }

    /// A link that waits on this channel begins: the person is asked, or just noted.
    async fn link_errand(
        &self,
        subscription: SubscriptionKey,
        integration: IntegrationKey,
        event: &EventView,
    ) -> Result<Errand> {
        let Some(client) = event.client.as_ref().filter(|client| client.integration == Some(integration))
        else {
            return Ok(Errand::Nothing);
        };
        let mut reader = self.hub.reader().await?;
        // As it is now: the link may be over.
        let client = clients::by_key(&mut reader, client.key).await?;
        let Some((mut client, link)) =
            client.and_then(|client| client.link.clone().map(|link| (client, link)))
        else {
            return Ok(Errand::Nothing);
        };
        let progress = sends::progress(&mut reader, subscription, event.sequence).await?;
        let opted_out = opted_out(&mut reader, integration, &link).await?;
        drop(reader);
        if progress.done {
            return Ok(Errand::Nothing);
        }
        let Some(channel) = self.hub.channel_by_key(integration).await? else { return Ok(Errand::Nothing) };
        if channel.integration.status == IntegrationStatus::Paused {
            return Ok(Errand::Wait);
        }
        client.external_id = client.external_id.or(Some(link.address.clone()));
        let content = links::opening_message(&link, self.words_for(&client).await?);
        let content = content.and_then(|content| serde_json::to_string(&content).ok());
        let content = match content {
            Some(content) => self.resolved(&content).await?,
            None => None,
        };
        // Nothing to say is a message without a request.
        let content = content.unwrap_or_else(|| Content::Text(model::content::Text::default()));
        let Progress { accepted, external_ids, unknown, .. } = progress;
        let accepted = usize::try_from(accepted).unwrap_or(0);
        let refused = refused(&channel, &client).or(opted_out);
        Ok(Errand::Message(Box::new(MessageErrand {
            channel,
            client,
            content,
            raw: None,
            quoted: None,
            accepted,
            external_ids,
            unknown,
            refused,
            is_link: true,
        })))
    }

    async fn activity_errand(&self, integration: IntegrationKey, event: &EventView) -> Result<Errand> {
        let Some(activity) = event.detail.activity else { return Ok(Errand::Nothing) };
        let is_late = activity.is_typing() && self.now().since(event.at) > TYPING_LIFE_MS;
        let Some(place) = event.lane.conversation().filter(|_| !is_late) else { return Ok(Errand::Nothing) };
        let mut reader = self.hub.reader().await?;
        let keys = participants::client_keys_of_conversation(&mut reader, place, CLIENTS_MAX).await?;
        let Some(first) = keys.first() else { return Ok(Errand::Nothing) };
        let client = clients::by_key(&mut reader, *first).await?;
        let is_here = |client: &Client| {
            client.integration == Some(integration) && client.status == ClientStatus::Active
        };
        let Some(client) = client.filter(is_here) else { return Ok(Errand::Nothing) };
        drop(reader);
        let Some(channel) = self.hub.channel_by_key(integration).await? else { return Ok(Errand::Nothing) };
        Ok(Errand::Activity(Box::new(ActivityErrand { channel, client, activity })))
    }

    /// The words in which we speak to the person behind a client.
    async fn words_for(&self, client: &Client) -> Result<&'static Words> {
        let user = users::by_key(&mut *self.hub.reader().await?, client.user).await?;
        let Some(user) = user else { return Ok(words_for(&AppSettings::default(), None)) };
        let app = self.hub.directory().app_by_key(&self.hub, user.app).await?;
        let settings = app.map(|app| app.settings.clone()).unwrap_or_default();
        Ok(words_for(&settings, Some(&user)))
    }

    /// The content with addresses of our attachments that the provider can fetch.
    async fn resolved(&self, content: &str) -> Result<Option<Content>> {
        let mut content: Content = match serde_json::from_str(content) {
            Ok(content) => content,
            Err(error) => {
                tracing::error!(%error, "a stored content cannot be read");
                return Ok(None);
            }
        };
        for slot in content.media_mut() {
            if let MediaRef::Attachment { token, name, .. } = &slot.media {
                *slot.media = MediaRef::Url(self.hub.address_for_providers(token, name).await?);
            }
        }
        Ok(Some(content))
    }

    async fn quoted(&self, read: &mut Read, message: &Message) -> Result<Option<String>> {
        Ok(match &message.extra.quoted {
            None => None,
            Some(Quoted::External(id)) => Some(id.clone()),
            Some(Quoted::Message(key)) => {
                let quoted = messages::by_key(read, *key).await?;
                quoted.and_then(|quoted| quoted.extra.source).and_then(|source| source.original_message_id)
            }
        })
    }
}

/// Why the message of a link that asks nothing cannot be sent: the person is known, and has opted out.
async fn opted_out(read: &mut Read, integration: IntegrationKey, link: &Link) -> Result<Option<SendError>> {
    if !links::is_immediate(link) || links::own_message(link).is_none() {
        return Ok(None);
    }
    let known = clients::by_external_id(read, integration, &link.address).await?;
    Ok(known.filter(|known| known.status == ClientStatus::Blocked).map(|_| forbidden(OPTED_OUT)))
}

fn forbidden(message: &str) -> SendError {
    SendError { code: ErrorCode::Forbidden, message: message.to_owned() }
}

/// Why nothing can be sent to a client, if that is known beforehand.
fn refused(channel: &OpenChannel, client: &Client) -> Option<SendError> {
    if channel.integration.status == IntegrationStatus::Inactive {
        return Some(forbidden("the integration is inactive"));
    }
    match client.status {
        ClientStatus::Blocked => Some(forbidden(OPTED_OUT)),
        ClientStatus::Inactive => Some(forbidden("the client is inactive")),
        ClientStatus::Active | ClientStatus::Pending => None,
    }
}

fn shows_disclaimer(channel: &OpenChannel) -> bool {
    channel.integration.config.get("showAIDisclaimer") != Some(&Value::Bool(false))
}
