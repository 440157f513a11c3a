//! Two users become one (sunshine-v2.md §4.5).
//!
//! The names, the event and the first slice of what moves are one transaction; the sweeper moves
//! the rest, so that no transaction touches an unbounded number of rows.

mod chains;
mod control;
mod defaults;
mod moving;
#[cfg(test)]
mod tests;

use model::event::{EventDetail, EventType, MergeDetail, Reason, UserMergeReason};
use model::metadata;
use model::record::{AppKey, Client, Profile, User};
use store::rows::sweeps::{self, SweepKind};
use store::rows::users;
use store::{Ctx, Tx};

pub(crate) use moving::move_slice;

use super::emit::{self, EventDraft};
use crate::error::{HubError, Result};

/// Makes `discarded` a part of `surviving`, which keeps its id and external id, and tells it once.
/// Gives the surviving user as it is now. `clients` are an existing client and the pending one that
/// fell onto it, when a link was the cause.
///
/// # Errors
/// `Invalid` for a user and itself.
pub(crate) async fn merge(
    tx: &mut Tx,
    ctx: &Ctx,
    app: AppKey,
    mut surviving: User,
    discarded: User,
    reason: UserMergeReason,
    clients: Option<(Client, Client)>,
) -> Result<User> {
    if surviving.key == discarded.key {
        return Err(HubError::invalid("a user cannot be merged with itself"));
    }
    let conversations = defaults::merge(tx, ctx, app, &surviving, &discarded).await?;
    let (united, dropped) = metadata::union(&surviving.metadata, &discarded.metadata);
    surviving.metadata = united;
    fill(&mut surviving.profile, &discarded.profile);
    if discarded.to_be_retained == Some(true) {
        surviving.to_be_retained = Some(true);
    }
    move_identities(tx, &mut surviving, &discarded).await?;
    users::update(tx, &surviving).await?;
    users::mark_merged(tx, discarded.key, surviving.key).await?;
    if move_slice(tx, ctx, app, discarded.key, surviving.key).await? {
        sweeps::insert(tx, SweepKind::UserMerge, discarded.key.0, app, None, ctx.now).await?;
    }
    let detail = MergeDetail {
        surviving: surviving.clone(),
        discarded,
        conversations,
        clients,
        discarded_metadata: (!dropped.is_empty()).then_some(dropped),
    };
    let draft = EventDraft {
        user: surviving.key,
        detail: Some(EventDetail {
            reason: Some(Reason::UserMerge(reason)),
            merge: Some(Box::new(detail)),
            ..EventDetail::default()
        }),
        ..EventDraft::default()
    };
    emit::in_user_lane(tx, ctx, EventType::UserMerge, app, draft).await?;
    Ok(surviving)
}

/// What an identity of a channel makes of two users.
pub(crate) enum Union {
    /// They are one from now on.
    Merged(Box<User>),
    /// They were one already.
    Same,
    /// The business knows them by different names, or one of them is being removed and must not take the
    /// other along: they stay two, and the client alone changes hands.
    Apart,
}

/// The owner of a client turns out to be the person behind another one (sunshine-v2.md §4.5). Both are users
/// as they are after all merges. Whom the business knows by a name survives. `clients` are the client that
/// stays and the one that falls onto it.
pub(crate) async fn unite(
    tx: &mut Tx,
    ctx: &Ctx,
    app: AppKey,
    owner: &User,
    other: &User,
    clients: (&Client, &Client),
) -> Result<Union> {
    if owner.key == other.key {
        return Ok(Union::Same);
    }
    let are_both_named = owner.external_id.is_some() && other.external_id.is_some();
    let are_living = users::is_living(tx, owner.key).await? && users::is_living(tx, other.key).await?;
    if are_both_named || !are_living {
        return Ok(Union::Apart);
    }
    let (surviving, discarded) = if other.external_id.is_some() { (other, owner) } else { (owner, other) };
    let (surviving, discarded) = (surviving.clone(), discarded.clone());
    let told = Some((clients.0.clone(), clients.1.clone()));
    let user = merge(tx, ctx, app, surviving, discarded, UserMergeReason::ChannelLinking, told).await?;
    Ok(Union::Merged(Box::new(user)))
}

/// What the surviving user does not say of itself is taken from the other.
fn fill(profile: &mut Profile, other: &Profile) {
    let take = |field: &mut Option<String>, other: &Option<String>| {
        if field.is_none() {
            field.clone_from(other);
        }
    };
    take(&mut profile.given_name, &other.given_name);
    take(&mut profile.surname, &other.surname);
    take(&mut profile.email, &other.email);
    take(&mut profile.avatar_url, &other.avatar_url);
    take(&mut profile.locale, &other.locale);
}

async fn move_identities(tx: &mut Tx, surviving: &mut User, discarded: &User) -> Result<()> {
    if discarded.identities.is_empty() {
        return Ok(());
    }
    users::remove_identities(tx, discarded.key).await?;
    for identity in &discarded.identities {
        users::add_identity(tx, surviving, identity).await?;
        surviving.identities.retain(|own| (&own.kind, &own.value) != (&identity.kind, &identity.value));
        surviving.identities.push(identity.clone());
    }
    Ok(())
}
