//! Who finds which integration, how one does and how it goes.

pub(crate) mod health;

use std::sync::Arc;

use model::Id;
use model::limits::SWITCHBOARD_MEMBERS_MAX;
use model::record::{AppKey, Integration, IntegrationKey, KeyKind};
use model::time::SECOND_MS;
use store::rows::sweeps::{self, SweepKind};
use store::rows::withdrawals::{self, Withdrawal};
use store::rows::{credentials, endpoints, integrations, subscriptions};
use store::{Ctx, Read, Tx};

use super::board::BoardRows;
use super::webhooks;
use crate::access::Caller;
use crate::error::{HubError, OrNotFound, Result, Thing};

/// An integration as the app's owner finds it: those of OAuth clients are hidden.
pub(crate) async fn find(read: &mut Read, app: AppKey, id: Id) -> Result<Integration> {
    let found = integrations::by_id(read, app, id).await?;
    found.filter(|found| !found.is_oauth()).or_not_found(Thing::Integration)
}

/// An integration that is not deleted, inside a command.
pub(crate) async fn known(tx: &mut Tx, key: IntegrationKey) -> Result<Option<Arc<Integration>>> {
    if let Some(known) = tx.recall::<Integration>(key.0) {
        return Ok(Some(known));
    }
    let found = integrations::by_key(tx, key).await?;
    Ok(found.map(|found| tx.remember(key.0, found)))
}

/// Refuses a name that another integration of the app has.
pub(crate) async fn check_name_free(
    read: &mut Read,
    app: AppKey,
    name: &str,
    own: Option<IntegrationKey>,
) -> Result<()> {
    match integrations::name_is_taken(read, app, name, own).await? {
        true => Err(HubError::NameTaken(Thing::Integration)),
        false => Ok(()),
    }
}

/// What a new integration needs that others may have taken.
#[derive(Clone, Copy, Debug, Default)]
pub struct Claims<'a> {
    /// A name that no other integration of the app has.
    pub name: Option<&'a str>,
    /// An account at a provider, by type and name, that no other integration of any app holds.
    pub account: Option<(&'a str, &'a str)>,
    /// A seat on the app's switchboard.
    pub seat: bool,
}

/// The refusal of an account that an integration holds: which one is said to its own app only.
async fn account_taken(read: &mut Read, app: AppKey, holder: IntegrationKey) -> Result<HubError> {
    let holder = integrations::by_key(read, holder).await?.filter(|holder| holder.app == app);
    Ok(HubError::AccountTaken { holder: holder.map(|holder| holder.id) })
}

/// Refuses an account at a provider, by type and name, that another integration holds alone.
pub(crate) async fn check_account_free(
    read: &mut Read,
    app: AppKey,
    (kind, name): (&str, &str),
) -> Result<()> {
    match endpoints::holder(read, kind, name).await? {
        Some(holder) => Err(account_taken(read, app, holder).await?),
        None => Ok(()),
    }
}

/// Gives an account at a provider to an integration alone.
///
/// # Errors
/// `AccountTaken`.
pub(crate) async fn claim_account(
    tx: &mut Tx,
    app: AppKey,
    (kind, name): (&str, &str),
    integration: IntegrationKey,
) -> Result<()> {
    match endpoints::claim(tx, kind, name, app, integration).await? {
        true => Ok(()),
        false => check_account_free(tx, app, (kind, name)).await,
    }
}

/// Everything that stands against a new integration.
pub(crate) async fn obstacles(read: &mut Read, app: AppKey, claims: Claims<'_>) -> Result<Vec<HubError>> {
    let mut found = Vec::new();
    let namesake = match claims.name {
        Some(name) => integrations::named(read, app, name).await?,
        None => None,
    };
    if namesake.is_some() {
        found.push(HubError::NameTaken(Thing::Integration));
    }
    if let Some((kind, name)) = claims.account
        && let Some(holder) = endpoints::holder(read, kind, name).await?
        // The same integration once more is one obstacle.
        && namesake != Some(holder)
    {
        found.push(account_taken(read, app, holder).await?);
    }
    if claims.seat
        && let Some(rows) = BoardRows::of_app(read, app).await?
        && rows.members.len() >= SWITCHBOARD_MEMBERS_MAX
    {
        found.push(HubError::TooMany {
            thing: Thing::SwitchboardIntegration,
            max: SWITCHBOARD_MEMBERS_MAX as i64,
        });
    }
    Ok(found)
}

/// A custom integration as the app's owner finds it; only those have API keys (decision 39).
pub(crate) async fn find_custom(read: &mut Read, app: AppKey, id: Id) -> Result<Integration> {
    let found = find(read, app, id).await?;
    if !found.is_custom() {
        return Err(HubError::invalid("only custom integrations have API keys"));
    }
    Ok(found)
}

/// An integration whose webhooks the caller may see and change: under integration scope its own, for
/// others a custom one (sunshine-v2.md §1.4, §9.1).
pub(crate) async fn find_webhook_owner(
    read: &mut Read,
    app: AppKey,
    caller: &Caller,
    id: Id,
) -> Result<Integration> {
    if let Some((key, own)) = caller.integration() {
        if own != id {
            return Err(HubError::Forbidden("this key opens only its own integration".into()));
        }
        return integrations::by_key(read, key).await?.or_not_found(Thing::Integration);
    }
    let found = find(read, app, id).await?;
    if !found.is_custom() {
        return Err(HubError::Forbidden("only custom integrations have webhooks".into()));
    }
    Ok(found)
}

/// The caller of the command tells the provider itself; only if it has not done so within this time does the
/// sweeper take the withdrawal over.
pub(crate) const IN_HAND_MS: i64 = 30 * SECOND_MS;

/// Notes that the provider of an integration has to be told that it is gone, `in_ms` from now on; nothing
/// for what has no provider. It is called while the integration still has its secrets.
pub(crate) async fn withdraw(
    tx: &mut Tx,
    ctx: &Ctx,
    integration: &Integration,
    in_ms: i64,
) -> Result<Option<Withdrawal>> {
    if integration.is_oauth() || !Integration::is_channel_kind(&integration.kind) {
        return Ok(None);
    }
    let mut due = Withdrawal::of(integration, ctx.now, ctx.now.plus(in_ms));
    due.key = withdrawals::insert(tx, &due).await?;
    Ok(Some(due))
}

/// Takes an integration away with its webhooks and keys; its clients become inactive by and by. Gives what
/// its provider has to be told.
pub(crate) async fn remove(tx: &mut Tx, ctx: &Ctx, integration: &Integration) -> Result<Option<Withdrawal>> {
    for subscription in subscriptions::of_integration(tx, integration.key).await? {
        match subscription.form == webhooks::CHANNEL_FORM {
            true => webhooks::end_channel(tx, ctx, &subscription, integration).await?,
            false => webhooks::end(tx, ctx, integration.app, subscription.key).await?,
        }
    }
    credentials::remove_of_integration(tx, integration.key).await?;
    endpoints::retire(tx, integration.key).await?;
    let withdrawal = withdraw(tx, ctx, integration, IN_HAND_MS).await?;
    integrations::mark_deleted(tx, integration.key, ctx.now).await?;
    sweeps::insert(tx, SweepKind::Integration, integration.key.0, integration.app, None, ctx.now).await?;
    Ok(withdrawal)
}

/// The hidden key with which the tokens of an OAuth integration are signed.
pub(crate) async fn signing_key(
    read: &mut Read,
    integration: &Integration,
) -> Result<Option<model::record::Credential>> {
    Ok(credentials::of_integration(read, integration.key, KeyKind::OAuth).await?.pop())
}
