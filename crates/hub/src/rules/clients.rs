//! Taking clients away, and telling it.

use model::channel::SendError;
use model::event::{ClientRemoveReason, EventDetail, EventError, EventType, Reason};
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{AppKey, Client};
use model::{ErrorCode, Id};
use store::rows::{clients, devices, participants};
use store::{Ctx, Tx};

use super::emit::{self, EventDraft};
use crate::error::Result;

/// Why a link was not completed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum LinkEnd {
    /// Another link to the same integration took its place.
    Replaced,
    /// Nobody completed it in time.
    Expired,
    /// The person has declined.
    Refused,
    /// The channel does not reach the person.
    Failed(SendError),
    /// The identity has a client already, of this id, which is linked in its place.
    Known(Id),
}

impl LinkEnd {
    fn reason(&self) -> ClientRemoveReason {
        match self {
            LinkEnd::Replaced | LinkEnd::Refused | LinkEnd::Known(_) => ClientRemoveReason::LinkCancelled,
            LinkEnd::Expired | LinkEnd::Failed(_) => ClientRemoveReason::LinkFailed,
        }
    }

    fn error(&self) -> EventError {
        let error = |code, message: &str| EventError { code, message: message.into() };
        match self {
            LinkEnd::Replaced => {
                error(ErrorCode::LinkCancelled, "another link to the same integration was begun")
            }
            LinkEnd::Expired => error(ErrorCode::LinkExpired, "the link was not completed in time"),
            LinkEnd::Refused => error(ErrorCode::LinkRefused, "the person has declined"),
            LinkEnd::Failed(reason) => error(reason.code, &reason.message),
            LinkEnd::Known(client) => {
                let message = format!("the address has a client already, which is linked instead: {client}");
                error(ErrorCode::LinkToExistingClient, &message)
            }
        }
    }
}

/// Removes a client whose link was not completed and tells it in the lane of its conversation or, if
/// that is gone, of its user.
pub(crate) async fn end_link(
    tx: &mut Tx,
    ctx: &Ctx,
    app: AppKey,
    client: Client,
    end: LinkEnd,
) -> Result<()> {
    clients::remove(tx, client.key).await?;
    let conversation = client.link.as_ref().map(|link| link.conversation);
    let draft = EventDraft {
        user: client.user,
        client: client.key,
        detail: Some(EventDetail {
            reason: Some(Reason::ClientRemove(end.reason())),
            error: Some(end.error()),
            client: Some(Box::new(client)),
            ..EventDetail::default()
        }),
        ..EventDraft::default()
    };
    emit::in_lane_of(tx, ctx, EventType::ClientRemove, app, conversation, draft).await
}

/// A channel's identity turned out to be another user's: takes the client away from the one who had it and
/// tells it in the lane of the conversation where it was last used or, if that is gone, of that user.
pub(crate) async fn take_from(tx: &mut Tx, ctx: &Ctx, app: AppKey, client: &Client) -> Result<()> {
    let place = participants::newest_place_of_client(tx, client.key).await?;
    strip(tx, client, SWEEP_SLICE_ROWS_MAX).await?;
    let draft = EventDraft {
        user: client.user,
        client: client.key,
        detail: Some(EventDetail {
            reason: Some(Reason::ClientRemove(ClientRemoveReason::Theft)),
            client: Some(Box::new(client.clone())),
            ..EventDetail::default()
        }),
        ..EventDraft::default()
    };
    let conversation = place.map(|place| place.conversation);
    emit::in_lane_of(tx, ctx, EventType::ClientRemove, app, conversation, draft).await
}

/// Removes up to `limit` rows below a client: its devices, and its part in conversations. Gives how
/// many; fewer than `limit` means that nothing is left.
pub(crate) async fn strip(tx: &mut Tx, client: &Client, limit: usize) -> Result<usize> {
    let devices = devices::remove_of_client(tx, client.key, limit).await? as usize;
    let associations = clients::drop_associations(tx, client.key, limit - devices).await? as usize;
    Ok(devices + associations)
}

/// Tells in the user's lane that a caller had a client removed.
pub(crate) async fn tell_removed(
    tx: &mut Tx,
    ctx: &Ctx,
    app: AppKey,
    client: Client,
    user: Option<model::record::User>,
) -> Result<()> {
    let draft = EventDraft {
        user: client.user,
        client: client.key,
        detail: Some(EventDetail {
            reason: Some(Reason::ClientRemove(ClientRemoveReason::ByCaller)),
            user: user.map(Box::new),
            client: Some(Box::new(client)),
            ..EventDetail::default()
        }),
        ..EventDraft::default()
    };
    emit::in_user_lane(tx, ctx, EventType::ClientRemove, app, draft).await
}
