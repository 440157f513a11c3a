//! Places in conversations, clients and devices go over to the surviving user, slice by slice.

use model::Id;
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{AppKey, Client, ClientStatus, UserKey};
use store::rows::places::{self, Place};
use store::rows::{Seek, clients, devices, merges, participants};
use store::{Ctx, Tx};

use crate::error::Result;
use crate::rules::clients::{LinkEnd, end_link};

/// Places of one slice; each changes a few rows.
const SLICE_PLACES_MAX: usize = SWEEP_SLICE_ROWS_MAX / 5;
/// Clients of one slice.
const SLICE_CLIENTS_MAX: usize = SWEEP_SLICE_ROWS_MAX / 10;

/// Moves one slice from a merged user to the one that it is now; gives whether more remains.
pub(crate) async fn move_slice(
    tx: &mut Tx,
    ctx: &Ctx,
    app: AppKey,
    from: UserKey,
    to: UserKey,
) -> Result<bool> {
    let places = places::behind(tx, from, Id::MIN, SLICE_PLACES_MAX).await?;
    for place in &places {
        move_place(tx, place, to).await?;
    }
    if places.len() == SLICE_PLACES_MAX {
        return Ok(true);
    }
    let found = clients::page(tx, from, Seek::After(Id::MIN), SLICE_CLIENTS_MAX).await?;
    let more = found.len() == SLICE_CLIENTS_MAX;
    for client in found {
        if !move_client(tx, ctx, app, client, to).await? {
            return Ok(true);
        }
    }
    Ok(more)
}

async fn move_place(tx: &mut Tx, place: &Place, to: UserKey) -> Result<()> {
    match participants::key_of(tx, place.conversation, to).await? {
        Some(own) => {
            places::copy_associations(tx, place.key, own).await?;
            participants::remove(tx, place.key).await?;
        }
        None => places::set_user(tx, place.key, to).await?,
    }
    merges::set_owner(tx, place.conversation, to).await?;
    Ok(())
}

/// Gives whether the client is done; `false` when too much hangs below it for one slice.
async fn move_client(tx: &mut Tx, ctx: &Ctx, app: AppKey, mut client: Client, to: UserKey) -> Result<bool> {
    let limit = SWEEP_SLICE_ROWS_MAX;
    let is_all = |moved: u64| moved < limit as u64;
    if client.kind == clients::SDK
        && let Some(own) = clients::sdk_of(tx, to).await?
    {
        // A user has one client for the messenger: the devices go below it.
        let devices = devices::move_to(tx, client.key, own.key, to, limit).await?;
        let conversations = clients::replace_in_associations(tx, client.key, own.key, limit).await?;
        if !is_all(devices) || !is_all(conversations) {
            return Ok(false);
        }
        let status = if client.status == ClientStatus::Active { client.status } else { own.status };
        clients::set_seen(tx, own.key, status, own.last_seen.max(client.last_seen)).await?;
        clients::remove(tx, client.key).await?;
        return Ok(true);
    }
    if client.link.is_some()
        && let Some(integration) = client.integration
        && clients::pending_of(tx, to, integration).await?.is_some()
    {
        client.user = to;
        end_link(tx, ctx, app, client, LinkEnd::Replaced).await?;
        return Ok(true);
    }
    if !is_all(devices::move_to(tx, client.key, client.key, to, limit).await?) {
        return Ok(false);
    }
    clients::set_user(tx, client.key, to).await?;
    Ok(true)
}
