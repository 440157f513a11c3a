//! Removes what a deleted user had and tells it; the end last (sunshine-v2.md §4.2).

use model::Id;
use model::event::{EventDetail, EventType};
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{User, UserKey};
use serde_json::json;
use store::rows::sweeps::{self, Sweep};
use store::rows::{Seek, clients, users};
use store::{Command, Ctx, Tx};

use super::{Walk, groups};
use crate::commands::sweep::{self, Slice};
use crate::commands::user::delete::delete_personal;
use crate::error::{HubError, Result};
use crate::rules::clients::{strip, tell_removed};
use crate::rules::emit::{self, EventDraft};

/// Clients of one slice.
const SLICE_CLIENTS_MAX: usize = SWEEP_SLICE_ROWS_MAX / 10;

/// One slice.
pub(crate) struct RemoveUser(pub Sweep);

impl Command for RemoveUser {
    type Out = Slice;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Slice> {
        let key = UserKey(self.0.target);
        let Some(user) = users::by_key(tx, key).await?.filter(|user| user.key == key) else {
            sweeps::remove(tx, self.0.key).await?;
            return Ok(Slice::Done);
        };
        if delete_personal(tx, ctx, key).await?
            || self.leave_groups(tx, ctx, &user).await?
            || remove_clients(tx, ctx, &user).await?
        {
            return Ok(Slice::More);
        }
        if users::has_rows(tx, key).await? {
            // Its conversations or a merge are still being swept.
            return Ok(Slice::Waits);
        }
        let redirects = remove_redirects(tx, ctx, &user).await?;
        if redirects == Slice::Done {
            sweeps::remove(tx, self.0.key).await?;
            remove_row(tx, ctx, user).await?;
        }
        Ok(redirects)
    }
}

impl RemoveUser {
    async fn leave_groups(&self, tx: &mut Tx, ctx: &Ctx, user: &User) -> Result<bool> {
        let detail = self.0.detail.clone().unwrap_or_default();
        let mut progress: Option<Walk> = serde_json::from_value(detail).unwrap_or_default();
        if !groups::leave_slice(tx, ctx, user, &mut progress).await? {
            return Ok(false);
        }
        sweeps::set_detail(tx, self.0.key, &json!(progress)).await?;
        Ok(true)
    }
}

async fn remove_clients(tx: &mut Tx, ctx: &Ctx, user: &User) -> Result<bool> {
    let found = clients::page(tx, user.key, Seek::After(Id::MIN), SLICE_CLIENTS_MAX).await?;
    if found.is_empty() {
        return Ok(false);
    }
    let mut rest = SWEEP_SLICE_ROWS_MAX;
    for client in found {
        rest -= strip(tx, &client, rest).await?;
        if rest == 0 {
            break;
        }
        clients::remove(tx, client.key).await?;
        tell_removed(tx, ctx, user.app, client, Some(user.clone())).await?;
    }
    Ok(true)
}

/// Removes the rows of users that were merged into this one; it waits for one that still has something.
async fn remove_redirects(tx: &mut Tx, ctx: &Ctx, user: &User) -> Result<Slice> {
    let found = users::redirects_to(tx, user.key, SLICE_CLIENTS_MAX).await?;
    let is_full = found.len() == SLICE_CLIENTS_MAX;
    let mut ended = Slice::Waits;
    for redirect in found {
        if users::repoint(tx, redirect, user.key, SLICE_CLIENTS_MAX).await? > 0 {
            return Ok(Slice::More);
        }
        if users::has_rows(tx, redirect).await? {
            return Ok(ended);
        }
        sweep::remove_row(tx, ctx, user.app, redirect).await?;
        ended = Slice::More;
    }
    Ok(if is_full { ended } else { Slice::Done })
}

async fn remove_row(tx: &mut Tx, ctx: &Ctx, user: User) -> Result<()> {
    let (app, key) = (user.app, user.key);
    users::remove_identities(tx, key).await?;
    let detail = EventDetail { user: Some(Box::new(user)), ..EventDetail::default() };
    let draft = EventDraft { user: key, detail: Some(detail), ..EventDraft::default() };
    emit::in_user_lane(tx, ctx, EventType::UserRemove, app, draft).await?;
    sweep::remove_row(tx, ctx, app, key).await
}
