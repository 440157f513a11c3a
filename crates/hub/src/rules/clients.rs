//! Taking clients away, and telling it.

use model::channel::SendError;
use model::event::{EventDetail, EventError, EventType};
use model::record::{AppKey, Client};
use store::rows::{clients, conversations, devices};
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
}

impl LinkEnd {
    fn reason(&self) -> &'static str {
        match self {
            LinkEnd::Replaced | LinkEnd::Refused => "linkCancelled",
            LinkEnd::Expired | LinkEnd::Failed(_) => "linkFailed",
        }
    }

    fn error(&self) -> EventError {
        let (code, message) = match self {
            LinkEnd::Replaced => ("link_cancelled", "another link to the same integration was begun"),
            LinkEnd::Expired => ("link_expired", "the link was not completed in time"),
            LinkEnd::Refused => ("link_refused", "the person has declined"),
            LinkEnd::Failed(error) => (error.code.as_str(), error.message.as_str()),
        };
        EventError { code: code.to_owned(), message: message.to_owned() }
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
    let conversation = match &client.link {
        Some(link) => conversations::by_key(tx, link.conversation).await?,
        None => None,
    };
    let living = match conversation {
        Some(conversation) => conversations::by_id(tx, app, conversation.id).await?,
        None => None,
    };
    let draft = EventDraft {
        user: client.user,
        client: client.key,
        detail: Some(EventDetail {
            reason: Some(end.reason().to_owned()),
            error: Some(end.error()),
            client: Some(Box::new(client)),
            ..EventDetail::default()
        }),
        ..EventDraft::default()
    };
    let kind = EventType::ClientRemove;
    match living {
        Some(mut conversation) => {
            let (key, state) = (conversation.key, &mut conversation.state);
            emit::in_conversation(tx, ctx, kind, app, key, state, draft).await?;
            conversations::save_state(tx, key, state).await?;
        }
        None => emit::in_user_lane(tx, ctx, kind, app, draft).await?,
    }
    Ok(())
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
            reason: Some("api".to_owned()),
            user: user.map(Box::new),
            client: Some(Box::new(client)),
            ..EventDetail::default()
        }),
        ..EventDraft::default()
    };
    emit::in_user_lane(tx, ctx, EventType::ClientRemove, app, draft).await
}

/// Tells in the lane of the user who had a client that it is somebody else's.
pub(crate) async fn tell_taken(tx: &mut Tx, ctx: &Ctx, app: AppKey, client: Client) -> Result<()> {
    let draft = EventDraft {
        user: client.user,
        client: client.key,
        detail: Some(EventDetail {
            reason: Some("theft".to_owned()),
            client: Some(Box::new(client)),
            ..EventDetail::default()
        }),
        ..EventDraft::default()
    };
    emit::in_user_lane(tx, ctx, EventType::ClientRemove, app, draft).await
}
