//! Subscriptions: which events go where, in which form.

use model::record::{AppKey, IntegrationKey, Subscription, SubscriptionKey};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

fn subscription(row: &Row<'_>) -> Result<Subscription> {
    Ok(Subscription {
        key: SubscriptionKey(row.int(0)?),
        id: row.id(1)?,
        app: AppKey(row.int(2)?),
        integration: IntegrationKey(row.int(3)?),
        form: row.text(4)?,
        target: row.text(5)?,
        triggers: row.int(6)?,
        sealed_secret: row.bytes(7)?,
        include_full_user: row.bool(8)?,
        include_full_source: row.bool(9)?,
        settled_through: row.int(10)?,
        created_at: row.time(11)?,
    })
}

/// Every subscription.
pub async fn all(read: &mut Read) -> Result<Vec<Subscription>> {
    read.all(
        "SELECT k, id, app, integration, form, target, triggers, sealed_secret, include_full_user, \
         include_full_source, settled_through, created_at FROM subscriptions ORDER BY k",
        params![],
        subscription,
    )
    .await
}

/// Every event up to this number is settled for a subscription.
pub async fn settle(tx: &mut Tx, key: SubscriptionKey, through: i64) -> Result<()> {
    tx.change("UPDATE subscriptions SET settled_through = $2 WHERE k = $1", params![key, through]).await?;
    Ok(())
}
