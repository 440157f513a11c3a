//! Subscriptions: which events go where, in which form.

use model::Id;
use model::record::{AppKey, EventForm, IntegrationKey, IntegrationStatus, Subscription, SubscriptionKey};

use crate::error::{Result, StoreError};
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

fn subscription(row: &Row<'_>) -> Result<Subscription> {
    Ok(Subscription {
        key: SubscriptionKey(row.int(0)?),
        id: row.id(1)?,
        app: AppKey(row.int(2)?),
        integration: IntegrationKey(row.int(3)?),
        form: form(&row.text(4)?)?,
        target: row.text(5)?,
        triggers: row.int(6)?,
        sealed_secret: row.bytes(7)?,
        include_full_user: row.bool(8)?,
        include_full_source: row.bool(9)?,
        settled_through: row.int(10)?,
        created_at: row.time(11)?,
    })
}

fn form(word: &str) -> Result<EventForm> {
    EventForm::from_word(word).ok_or_else(|| StoreError::Damaged(format!("no events have the form {word}")))
}

/// The columns of a subscription; the rest of the statement follows.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT k, id, app, integration, form, target, triggers, sealed_secret, include_full_user, \
             include_full_source, settled_through, created_at FROM subscriptions ",
            $rest
        )
    };
}

/// Every subscription that can be read.
pub async fn all(read: &mut Read) -> Result<Vec<Subscription>> {
    read.all_readable("subscription", select!("ORDER BY k"), params![], subscription).await
}

/// The subscriptions whose integration is paused.
pub async fn of_paused_integrations(read: &mut Read) -> Result<Vec<SubscriptionKey>> {
    let sql =
        "SELECT s.k FROM subscriptions s JOIN integrations i ON i.k = s.integration WHERE i.status = $1";
    read.all(sql, params![IntegrationStatus::Paused as i64], |row| row.int(0).map(SubscriptionKey)).await
}

/// A subscription of an integration.
pub async fn by_id(read: &mut Read, integration: IntegrationKey, id: Id) -> Result<Option<Subscription>> {
    read.one(select!("WHERE id = $1 AND integration = $2"), params![id, integration], subscription).await
}

/// The app of a subscription; `None` when it is not there.
pub async fn app_of(read: &mut Read, key: SubscriptionKey) -> Result<Option<AppKey>> {
    read.one("SELECT app FROM subscriptions WHERE k = $1", params![key], |row| row.int(0).map(AppKey)).await
}

/// Whether a subscription is there.
pub async fn exists(read: &mut Read, key: SubscriptionKey) -> Result<bool> {
    Ok(read.number("SELECT 1 FROM subscriptions WHERE k = $1", params![key]).await? != 0)
}

/// The subscriptions of an integration, oldest first.
pub async fn of_integration(read: &mut Read, integration: IntegrationKey) -> Result<Vec<Subscription>> {
    read.all(select!("WHERE integration = $1 ORDER BY id"), params![integration], subscription).await
}

/// The oldest subscription of an integration.
pub async fn oldest_of_integration(
    read: &mut Read,
    integration: IntegrationKey,
) -> Result<Option<Subscription>> {
    let sql = select!("WHERE integration = $1 ORDER BY id LIMIT 1");
    read.one(sql, params![integration], subscription).await
}

/// The oldest subscription of an integration in a form.
pub async fn oldest_in_form(
    read: &mut Read,
    integration: IntegrationKey,
    form: EventForm,
) -> Result<Option<Subscription>> {
    let sql = select!("WHERE integration = $1 AND form = $2 ORDER BY id LIMIT 1");
    read.one(sql, params![integration, form.as_str()], subscription).await
}

/// Up to `limit` keys of subscriptions of an app.
pub async fn keys_of_app(read: &mut Read, app: AppKey, limit: usize) -> Result<Vec<SubscriptionKey>> {
    let sql = "SELECT k FROM subscriptions WHERE app = $1 ORDER BY id LIMIT $2";
    read.all(sql, params![app, limit as i64], |row| row.int(0).map(SubscriptionKey)).await
}

/// How many subscriptions of a form an app has.
pub async fn count_of_app(read: &mut Read, app: AppKey, form: EventForm) -> Result<i64> {
    read.number(
        "SELECT count(*) FROM subscriptions WHERE app = $1 AND form = $2",
        params![app, form.as_str()],
    )
    .await
}

/// Adds a subscription; its `key` is ignored and the new one is given back.
pub async fn insert(tx: &mut Tx, subscription: &Subscription) -> Result<SubscriptionKey> {
    tx.audience_changes();
    let added = tx
        .insert(
            "INSERT INTO subscriptions (id, app, integration, form, target, triggers, sealed_secret, \
             include_full_user, include_full_source, settled_through, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            params![
                subscription.id,
                subscription.app,
                subscription.integration,
                subscription.form.as_str(),
                subscription.target,
                subscription.triggers,
                subscription.sealed_secret,
                subscription.include_full_user,
                subscription.include_full_source,
                subscription.settled_through,
                subscription.created_at,
            ],
        )
        .await?;
    Ok(SubscriptionKey(added))
}

/// Saves target, triggers and flags of a subscription.
pub async fn update(tx: &mut Tx, subscription: &Subscription) -> Result<()> {
    tx.audience_changes();
    tx.change(
        "UPDATE subscriptions SET target = $2, triggers = $3, include_full_user = $4, include_full_source = $5 \
         WHERE k = $1",
        params![
            subscription.key,
            subscription.target,
            subscription.triggers,
            subscription.include_full_user,
            subscription.include_full_source,
        ],
    )
    .await?;
    Ok(())
}

/// Gives a subscription another target.
pub async fn set_target(tx: &mut Tx, key: SubscriptionKey, target: &str) -> Result<()> {
    tx.audience_changes();
    tx.change("UPDATE subscriptions SET target = $2 WHERE k = $1", params![key, target]).await?;
    Ok(())
}

/// Gives a subscription another secret.
pub async fn set_secret(tx: &mut Tx, key: SubscriptionKey, sealed_secret: &[u8]) -> Result<()> {
    tx.audience_changes();
    tx.change("UPDATE subscriptions SET sealed_secret = $2 WHERE k = $1", params![key, sealed_secret])
        .await?;
    Ok(())
}

/// Every event up to this number is settled for a subscription. Gives whether it is there.
pub async fn settle(tx: &mut Tx, key: SubscriptionKey, through: i64) -> Result<bool> {
    let sql = "UPDATE subscriptions SET settled_through = $2 WHERE k = $1";
    Ok(tx.change(sql, params![key, through]).await? > 0)
}

/// Removes a subscription. What waits for it is removed by [`super::deliveries::forget_subscription`].
pub async fn remove(tx: &mut Tx, key: SubscriptionKey) -> Result<()> {
    tx.audience_changes();
    tx.change("DELETE FROM subscriptions WHERE k = $1", params![key]).await?;
    Ok(())
}
