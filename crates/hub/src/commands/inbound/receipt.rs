//! What a provider tells of messages that we sent.

use model::channel::{ReceiptScope, ReceiptState};
use model::record::{Client, ConversationKey};
use store::rows::external_messages::{self as external, ExternalMessage};
use store::rows::{clients, messages, participants};
use store::{Ctx, Tx};

use super::receive::Arrival;
use crate::error::Result;
use crate::rules::receipts::{self, Early};

/// Messages that one receipt settles, at most; those behind are settled by the next one.
const MESSAGES_MAX: usize = 100;

/// Takes a receipt.
pub(super) async fn take(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    scope: &ReceiptScope,
    state: &ReceiptState,
) -> Result<()> {
    let Some(early) = Early::of(state) else { return Ok(()) };
    match scope {
        ReceiptScope::Messages(ids) => {
            for id in ids.iter().take(MESSAGES_MAX) {
                one(arrival, tx, ctx, id, state, &early).await?;
            }
            Ok(())
        }
        ReceiptScope::UpTo(moment) => {
            let id = &arrival.event.person.external_id;
            let found = clients::by_external_id(tx, arrival.integration.key, id).await?;
            let Some(client) = found else { return Ok(()) };
            for found in external::open_up_to(tx, client.key, *moment, MESSAGES_MAX).await? {
                arrive(arrival, tx, ctx, &client, &found, state).await?;
            }
            if *state == ReceiptState::Read
                && let Some(place) = participants::newest_place_of_client(tx, client.key).await?
            {
                read(arrival, tx, ctx, &client, place.conversation).await?;
            }
            Ok(())
        }
    }
}

async fn one(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    external_id: &str,
    state: &ReceiptState,
    early: &Early,
) -> Result<()> {
    let integration = arrival.integration;
    let Some(found) = external::by_id(tx, integration.key, external_id).await? else {
        external::note_early(tx, integration.key, external_id, early, ctx.now).await?;
        return Ok(());
    };
    let Some(client) = receipts::client_of(tx, &found).await? else { return Ok(()) };
    arrive(arrival, tx, ctx, &client, &found, state).await?;
    if *state == ReceiptState::Read
        && let Some(message) = messages::by_key(tx, found.message).await?
    {
        read(arrival, tx, ctx, &client, message.conversation).await?;
    }
    Ok(())
}

async fn arrive(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    client: &Client,
    found: &ExternalMessage,
    state: &ReceiptState,
) -> Result<()> {
    match state {
        ReceiptState::Sent => Ok(()),
        ReceiptState::Delivered | ReceiptState::Read => {
            receipts::arrived(tx, ctx, arrival.integration, client, found).await
        }
        ReceiptState::Failed(error) => {
            receipts::failed(tx, ctx, arrival.integration, client, found, error).await
        }
    }
}

async fn read(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    client: &Client,
    conversation: ConversationKey,
) -> Result<()> {
    receipts::read_all(tx, ctx, arrival.integration, client, conversation).await
}
