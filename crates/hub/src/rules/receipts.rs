//! What providers tell of messages that we sent: it becomes delivery events, once each.

use model::Millis;
use model::channel::{ReceiptState, SendError};
use model::event::{ActivityKind, DeliveryDetail, EventDetail, EventError, EventType};
use model::record::{
    AppKey, Client, Conversation, ConversationKey, Integration, IntegrationKey, MessageKey, UserKey,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::rows::external_messages::{self as external, ExternalMessage, ExternalState};
use store::rows::{clients, conversations, messages, participants};
use store::{Ctx, Read, Tx};

use super::emit::{self, EventDraft};
use super::notices;
use crate::error::Result;

/// Messages that one command settles, at most.
pub(crate) const MESSAGES_MAX: usize = 100;

/// What is left of a receipt after its first messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rest {
    /// Whose provider has told it.
    pub integration: IntegrationKey,
    /// What it has told.
    pub told: ReceiptState,
    /// Up to which moment, if it is not of single messages.
    pub up_to: Option<Millis>,
    /// Of which messages, by their ids at the provider.
    pub ids: Vec<String>,
}

impl Rest {
    /// As the sweeper keeps it.
    pub(crate) fn to_detail(&self) -> Value {
        json!(self)
    }

    pub(crate) fn of_detail(detail: &Value) -> Option<Rest> {
        serde_json::from_value(detail.clone()).ok()
    }
}

/// Takes what was told of single messages; gives what is left.
pub(crate) async fn take_ids(
    tx: &mut Tx,
    ctx: &Ctx,
    integration: &Integration,
    ids: &[String],
    told: ReceiptState,
) -> Result<Option<Rest>> {
    let (now, later) = ids.split_at(ids.len().min(MESSAGES_MAX));
    for id in now {
        let Some(found) = external::by_id(tx, integration.key, id).await? else {
            note_early(tx, ctx, integration, id, &told).await?;
            continue;
        };
        if let Some(client) = client_of(tx, &found).await? {
            apply(tx, ctx, integration, &client, &found, &told).await?;
        }
    }
    let rest = Rest { integration: integration.key, told, up_to: None, ids: later.to_vec() };
    Ok(Some(rest).filter(|rest| !rest.ids.is_empty()))
}

/// Keeps what was told of a message that is not known yet. The first word counts, as it does of a message
/// that is; reading alone says more than arriving.
async fn note_early(
    tx: &mut Tx,
    ctx: &Ctx,
    integration: &Integration,
    id: &str,
    told: &ReceiptState,
) -> Result<()> {
    match (external::early::<ReceiptState>(tx, integration.key, id).await?, told) {
        (None, _) | (Some(ReceiptState::Delivered), ReceiptState::Read) => {
            external::note_early(tx, integration.key, id, told, ctx.now).await?;
        }
        (Some(_), _) => {}
    }
    Ok(())
}

/// Takes what was told of every message to a person up to a moment; gives what is left. That the person
/// has read is told by [`read_newest`].
pub(crate) async fn take_up_to(
    tx: &mut Tx,
    ctx: &Ctx,
    integration: &Integration,
    client: &Client,
    moment: Millis,
    told: ReceiptState,
) -> Result<Option<Rest>> {
    let open = external::open_up_to(tx, client.key, moment, MESSAGES_MAX).await?;
    for found in &open {
        match &told {
            ReceiptState::Delivered | ReceiptState::Read => {
                arrived(tx, ctx, integration, client, found).await?
            }
            ReceiptState::Failed(error) => failed(tx, ctx, integration, client, found, error).await?,
        }
    }
    let rest = Rest { integration: integration.key, told, up_to: Some(moment), ids: Vec::new() };
    Ok(Some(rest).filter(|_| open.len() == MESSAGES_MAX))
}

/// The person has read everything in the conversation in which they were last seen.
pub(crate) async fn read_newest(
    tx: &mut Tx,
    ctx: &Ctx,
    integration: &Integration,
    client: &Client,
) -> Result<()> {
    match participants::newest_place_of_client(tx, client.key).await? {
        Some(place) => read_all(tx, ctx, integration, client, place.conversation).await,
        None => Ok(()),
    }
}

/// What a delivery event says, beside its type.
pub(crate) struct Told<'a> {
    pub external_ids: Vec<String>,
    pub is_final: bool,
    pub error: Option<&'a SendError>,
}

/// What is known of the other parts of a message.
async fn others(
    read: &mut Read,
    integration: &Integration,
    found: &ExternalMessage,
) -> Result<Vec<ExternalState>> {
    let mut states = Vec::new();
    for id in found.parts.iter().filter(|id| **id != found.external_id) {
        states.extend(external::by_id(read, integration.key, id).await?.map(|other| other.state));
    }
    Ok(states)
}

/// The ids of all parts of a message.
fn all_ids(found: &ExternalMessage) -> Vec<String> {
    match found.parts.is_empty() {
        true => vec![found.external_id.clone()],
        false => found.parts.clone(),
    }
}

/// A message of ours reached the person. The event comes with the last of its parts, and not at all when
/// one of them has failed: that was told, and was the last word.
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
    let others = others(tx, integration, found).await?;
    if others.iter().any(|state| *state != ExternalState::Arrived) {
        return Ok(());
    }
    let told = Told { external_ids: all_ids(found), is_final: true, error: None };
    tell(tx, ctx, EventType::DeliveryUser, integration, client, found.message, told).await
}

/// A message of ours will not arrive after all. That is told once, however many of its parts do not.
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
    if others(tx, integration, found).await?.contains(&ExternalState::Failed) {
        return Ok(());
    }
    let told = Told { external_ids: all_ids(found), is_final: true, error: Some(error) };
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
    notices::read(tx, ctx, &mut found, client.user).await?;
    participants::mark_read(tx, place, &found.state, ctx.now).await?;
    let detail = EventDetail {
        activity: Some(ActivityKind::Read),
        source: Some(source(integration, client)),
        ..EventDetail::default()
    };
    let draft = EventDraft { user: client.user, detail: Some(detail), ..EventDraft::default() };
    emit::and_save(tx, ctx, EventType::ConversationRead, &mut found, draft).await
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

/// The same where the client is gone: it is told of whose conversation it is, if that is still there.
pub(crate) async fn tell_without_client(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: EventType,
    integration: &Integration,
    message: MessageKey,
    told: Told<'_>,
) -> Result<()> {
    let Some(conversation) = conversation_of(tx, message).await? else { return Ok(()) };
    let living = conversations::living_by_key(tx, integration.app, conversation).await?;
    let Some(owner) = living.and_then(|living| living.owner) else { return Ok(()) };
    tell_in(tx, ctx, kind, integration, owner, (conversation, message), told).await
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
    let Some(mut found) = told_in(tx, integration.app, conversation, message).await? else { return Ok(()) };
    let detail = EventDetail {
        delivery: Some(DeliveryDetail {
            destination_type: integration.kind.clone(),
            integration_id: Some(integration.id),
            external_ids: told.external_ids,
            is_final: told.is_final,
        }),
        error: told.error.map(|error| EventError { code: error.code, message: error.message.clone() }),
        ..EventDetail::default()
    };
    let draft = EventDraft { user, message, detail: Some(detail), ..EventDraft::default() };
    emit::and_save(tx, ctx, kind, &mut found, draft).await
}

/// Where it is told: in the conversation, or in the one that it has become a part of since.
async fn told_in(
    read: &mut Read,
    app: AppKey,
    conversation: ConversationKey,
    message: MessageKey,
) -> Result<Option<Conversation>> {
    if let Some(living) = conversations::living_by_key(read, app, conversation).await? {
        return Ok(Some(living));
    }
    let now = conversation_of(read, message).await?;
    Ok(conversations::by_key(read, now.unwrap_or(conversation)).await?)
}

/// What a provider told too early is applied, now that the message is known.
pub(crate) async fn apply_early(
    tx: &mut Tx,
    ctx: &Ctx,
    integration: &Integration,
    client: &Client,
    told: Vec<(ExternalMessage, ReceiptState)>,
) -> Result<()> {
    for (found, early) in told {
        apply(tx, ctx, integration, client, &found, &early).await?;
    }
    Ok(())
}

/// What was told of one message.
async fn apply(
    tx: &mut Tx,
    ctx: &Ctx,
    integration: &Integration,
    client: &Client,
    found: &ExternalMessage,
    told: &ReceiptState,
) -> Result<()> {
    match told {
        ReceiptState::Delivered => arrived(tx, ctx, integration, client, found).await,
        ReceiptState::Failed(error) => failed(tx, ctx, integration, client, found, error).await,
        ReceiptState::Read => {
            arrived(tx, ctx, integration, client, found).await?;
            match conversation_of(tx, found.message).await? {
                Some(conversation) => read_all(tx, ctx, integration, client, conversation).await,
                None => Ok(()),
            }
        }
    }
}

/// The client behind a message at its provider.
async fn client_of(read: &mut Read, found: &ExternalMessage) -> Result<Option<Client>> {
    Ok(clients::by_key(read, found.client).await?)
}
