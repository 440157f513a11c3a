//! Persons and groups whom a channel calls by another id from now on.

use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{AppKey, Client, IntegrationKey};
use store::rows::{clients, users};
use store::{Ctx, Tx};

use super::clients::take_from;
use super::merge::{self, Union};
use super::standing;
use crate::error::Result;

/// Gives the client of a former id the new one; nothing for an id that nobody has. What has come under the
/// new id before it was told whose it is becomes the same user's. Gives whether the sweeper has something to
/// do.
///
/// No event tells it: the vendor's `client:update` has no reason for it.
pub(crate) async fn follow(
    tx: &mut Tx,
    ctx: &Ctx,
    (app, integration): (AppKey, IntegrationKey),
    from: &str,
    to: &str,
) -> Result<bool> {
    let Some(mut client) = clients::by_external_id(tx, integration, from).await? else { return Ok(false) };
    if from == to {
        return Ok(false);
    }
    let newer = clients::by_external_id(tx, integration, to).await?;
    let needs_sweep = newer.is_some();
    client.external_id = Some(to.to_owned());
    if let Some(newer) = newer {
        unite(tx, ctx, app, &mut client, newer).await?;
    }
    clients::update(tx, &client).await?;
    // A group that was left under its former id is not left.
    standing::set_blocked(tx, ctx, app, &mut client, false).await?;
    Ok(needs_sweep)
}

/// The newer client goes; its user becomes one with that of the older client. Of two who stay apart, the
/// conversations of the newer one stay where they are, without a channel.
async fn unite(tx: &mut Tx, ctx: &Ctx, app: AppKey, client: &mut Client, newer: Client) -> Result<()> {
    clients::remove(tx, newer.key).await?;
    let (owner, other) = (users::by_key(tx, client.user).await?, users::by_key(tx, newer.user).await?);
    let (Some(owner), Some(other)) = (owner, other) else { return Ok(()) };
    client.user = match merge::unite(tx, ctx, app, &owner, &other, (client, &newer)).await? {
        Union::Apart => return take_from(tx, ctx, app, &newer).await,
        Union::Merged(user) => user.key,
        Union::Same => owner.key,
    };
    clients::replace_in_associations(tx, newer.key, client.key, SWEEP_SLICE_ROWS_MAX).await?;
    Ok(())
}
