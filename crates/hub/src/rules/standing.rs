//! Whether a person on a channel wants to hear from us, and telling it.

use model::event::{ClientUpdateReason, EventDetail, EventType, Reason};
use model::record::{AppKey, Client, ClientStatus};
use store::rows::{clients, participants};
use store::{Ctx, Tx};

use super::emit::{self, EventDraft};
use crate::error::Result;

/// The person has blocked us, or not any more. Nothing is told when that is no news.
pub(crate) async fn set_blocked(
    tx: &mut Tx,
    ctx: &Ctx,
    app: AppKey,
    client: &mut Client,
    blocked: bool,
) -> Result<()> {
    let (from, to, reason) = match blocked {
        true => (ClientStatus::Active, ClientStatus::Blocked, ClientUpdateReason::Blocked),
        false => (ClientStatus::Blocked, ClientStatus::Active, ClientUpdateReason::Unblocked),
    };
    if client.status != from {
        return Ok(());
    }
    client.status = to;
    clients::set_seen(tx, client.key, to, client.last_seen).await?;
    tell(tx, ctx, app, client, reason).await
}

/// The person has asked to hear nothing more, or to hear from us again.
pub(crate) async fn consent(
    tx: &mut Tx,
    ctx: &Ctx,
    app: AppKey,
    client: &mut Client,
    given: bool,
) -> Result<()> {
    clients::set_opted_out(tx, client.key, !given).await?;
    set_blocked(tx, ctx, app, client, !given).await
}

/// The person does something by themselves: whoever was blocked because a provider did not reach them is not
/// any more. Whoever has asked to hear nothing still is.
pub(crate) async fn alive(tx: &mut Tx, ctx: &Ctx, app: AppKey, client: &mut Client) -> Result<()> {
    if client.status != ClientStatus::Blocked || clients::has_opted_out(tx, client.key).await? {
        return Ok(());
    }
    set_blocked(tx, ctx, app, client, false).await
}

/// Tells a change of a client in the lane of the conversation where it was last used or, if that is gone, of
/// its user.
pub(crate) async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    app: AppKey,
    client: &Client,
    reason: ClientUpdateReason,
) -> Result<()> {
    let detail = EventDetail {
        reason: Some(Reason::ClientUpdate(reason)),
        client: Some(Box::new(client.clone())),
        ..EventDetail::default()
    };
    let draft =
        EventDraft { user: client.user, client: client.key, detail: Some(detail), ..EventDraft::default() };
    let conversation = match &client.link {
        Some(link) => Some(link.conversation),
        None => participants::newest_place_of_client(tx, client.key).await?.map(|place| place.conversation),
    };
    emit::in_lane_of(tx, ctx, EventType::ClientUpdate, app, conversation, draft).await
}
