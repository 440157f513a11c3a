//! What a provider tells of messages that we sent.

use model::channel::{ReceiptScope, ReceiptState};
use store::rows::clients;
use store::rows::sweeps::{self, SweepKind};
use store::{Ctx, Tx};

use super::receive::Arrival;
use crate::error::Result;
use crate::rules::receipts::{self, Rest};

/// Takes a receipt: a slice at once, the rest by the sweeper. Gives whether there is a rest.
pub(super) async fn take(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    scope: &ReceiptScope,
    state: &ReceiptState,
) -> Result<bool> {
    let (told, integration) = (state.clone(), arrival.integration);
    let (target, rest) = match scope {
        ReceiptScope::Messages(ids) => {
            let rest = receipts::take_ids(tx, ctx, integration, ids, told).await?;
            (0, rest)
        }
        ReceiptScope::UpTo(moment) => {
            let id = &arrival.event.person.external_id;
            let Some(client) = clients::by_external_id(tx, integration.key, id).await? else {
                return Ok(false);
            };
            let is_read = told == ReceiptState::Read;
            // It may speak of a message whose own answer has not come to us yet. No clock runs before ours.
            clients::note_arrived_up_to(tx, client.key, (*moment).min(ctx.now)).await?;
            let rest = receipts::take_up_to(tx, ctx, integration, &client, *moment, told).await?;
            if is_read {
                receipts::read_newest(tx, ctx, integration, &client).await?;
            }
            (client.key.0, rest)
        }
    };
    let Some(rest) = rest else { return Ok(false) };
    let detail = Rest::to_detail(&rest);
    sweeps::insert(tx, SweepKind::Receipts, target, integration.app, Some(&detail), ctx.now).await?;
    Ok(true)
}
