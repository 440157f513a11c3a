//! What providers tell of messages that we sent: it becomes delivery events, once each.

use model::channel::{ReceiptState, SendError};
use model::event::{DeliveryDetail, EventDetail, EventError, EventType};
use model::record::{Client, ConversationKey, Integration, MessageKey, UserKey};
use serde::{Deserialize, Serialize};
use store::rows::external_messages::{self as external, ExternalMessage, ExternalState};
use store::rows::{clients, conversations, messages, participants};
use store::{Ctx, Read, Tx};

use super::emit::{self, EventDraft};
use super::notices;
use crate::error::Result;

/// What a provider said of a message before the answer to our request was stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Early {
    Arrived,
    Read,
    Failed(SendError),
}

impl Early {
    pub(crate) fn of(state: &ReceiptState) -> Option<Early> {
        match state {
            ReceiptState::Sent => None,
            ReceiptState::Delivered => Some(Early::Arrived),
            ReceiptState::Read => Some(Early::Read),
            ReceiptState::Failed(error) => Some(Early::Failed(error.clone())),
        }
    }
}

/// What a delivery event says, beside its type.
pub(crate) struct Told<'a> {
    pub external_ids: Vec<String>,
    pub is_final: bool,
    pub error: Option<&'a SendError>,
}

/// A message of ours reached the person. The event comes with the last of its parts.
pub(crate) async fn arrived(
    tx: &mut Tx,
    ctx: &Ctx,
    integration: &Integration,
    client: &Client,
    found: &ExternalMessage,
) -> Result<()> {
    if found.state != ExternalState::Sent {
        return Ok(());
    }
    external::set_state(tx, integration.key, &found.external_id, ExternalState::Arrived).await?;
    if external::is_open(tx, client.key, found.message).await? {
        return Ok(());
    }
    let told = Told { external_ids: vec![found.external_id.clone()], is_final: true, error: None };
    tell(tx, ctx, EventType::DeliveryUser, integration, client, found.message, told).await
}

/// A message of ours will not arrive after all.
pub(crate) async fn failed(
    tx: &mut Tx,
    ctx: &Ctx,
    integration: &Integration,
    client: &Client,
    found: &ExternalMessage,
    error: &SendError,
) -> Result<()> {
    if found.state != ExternalState::Sent {
        return Ok(());
    }
    external::set_state(tx, integration.key, &found.external_id, ExternalState::Failed).await?;
    let told = Told { external_ids: vec![found.external_id.clone()], is_final: true, error: Some(error) };
    tell(tx, ctx, EventType::DeliveryFailure, integration, client, found.message, told).await
}

/// The person has read everything in a conversation.
pub(crate) async fn read_all(
    tx: &mut Tx,
    ctx: &Ctx,
    integration: &Integration,
    client: &Client,
    conversation: ConversationKey,
) -> Result<()> {
    let Some(mut found) = conversations::by_key(tx, conversation).await? else { return Ok(()) };
    let Some(place) = participants::key_of(tx, conversation, client.user).await? else { return Ok(()) };
    notices::read(tx, ctx, integration.app, &mut found, client.user).await?;
    participants::mark_read(tx, place, found.state.total, ctx.now).await?;
    let detail = EventDetail {
        activity: Some("conversation:read".into()),
        source: Some(source(integration, client)),
        ..EventDetail::default()
    };
    let draft = EventDraft { user: client.user, detail: Some(detail), ..EventDraft::default() };
    let (key, state) = (found.key, &mut found.state);
    emit::in_conversation(tx, ctx, EventType::ConversationRead, integration.app, key, state, draft).await?;
    conversations::save_state(tx, key, state).await?;
    Ok(())
}

/// Where an activity came from that has no message.
pub(crate) fn source(integration: &Integration, client: &Client) -> model::event::Source {
    model::event::Source {
        kind: integration.kind.clone(),
        integration_id: Some(integration.id),
        client_id: Some(client.id),
        ..model::event::Source::default()
    }
}

/// Writes a delivery event about a message into the lane of its conversation.
pub(crate) async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: EventType,
    integration: &Integration,
    client: &Client,
    message: MessageKey,
    told: Told<'_>,
) -> Result<()> {
    let Some(conversation) = conversation_of(tx, message).await? else { return Ok(()) };
    tell_in(tx, ctx, kind, integration, client.user, (conversation, message), told).await
}

async fn conversation_of(read: &mut Read, message: MessageKey) -> Result<Option<ConversationKey>> {
    Ok(messages::by_key_even_deleted(read, message).await?.map(|message| message.conversation))
}

/// The same for a conversation that is known.
pub(crate) async fn tell_in(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: EventType,
    integration: &Integration,
    user: UserKey,
    (conversation, message): (ConversationKey, MessageKey),
    told: Told<'_>,
) -> Result<()> {
    let Some(mut found) = conversations::by_key(tx, conversation).await? else { return Ok(()) };
    let detail = EventDetail {
        delivery: Some(DeliveryDetail {
            destination_type: integration.kind.clone(),
            integration_id: Some(integration.id),
            external_ids: told.external_ids,
            is_final: told.is_final,
        }),
        error: told
            .error
            .map(|error| EventError { code: error.code.clone(), message: error.message.clone() }),
        ..EventDetail::default()
    };
    let draft = EventDraft { user, message, detail: Some(detail), ..EventDraft::default() };
    let (key, state) = (found.key, &mut found.state);
    emit::in_conversation(tx, ctx, kind, integration.app, key, state, draft).await?;
    conversations::save_state(tx, key, state).await?;
    Ok(())
}

/// What a provider told too early is applied, now that the message is known.
pub(crate) async fn apply_early(
    tx: &mut Tx,
    ctx: &Ctx,
    integration: &Integration,
    client: &Client,
    told: Vec<(ExternalMessage, Early)>,
) -> Result<()> {
    for (found, early) in told {
        match early {
            Early::Arrived => arrived(tx, ctx, integration, client, &found).await?,
            Early::Failed(error) => failed(tx, ctx, integration, client, &found, &error).await?,
            Early::Read => {
                arrived(tx, ctx, integration, client, &found).await?;
                if let Some(conversation) = conversation_of(tx, found.message).await? {
                    read_all(tx, ctx, integration, client, conversation).await?;
                }
            }
        }
    }
    Ok(())
}

/// The client behind a message at its provider.
pub(crate) async fn client_of(read: &mut Read, found: &ExternalMessage) -> Result<Option<Client>> {
    Ok(clients::by_key(read, found.client).await?)
}
