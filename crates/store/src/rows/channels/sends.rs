//! How far the sending of an event to a channel came, and choices that were offered as text.

use model::Millis;
use model::channel::Choice;
use model::record::{ClientKey, SubscriptionKey};

use crate::error::Result;
use crate::rows::deliveries::Lane;
use crate::tx::{Read, Tx};
use crate::value::{Json, params};

/// How far the sending of an event came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Requests that the provider has accepted.
    pub accepted: i64,
    /// Its ids of them.
    pub external_ids: Vec<String>,
    /// Whether the answer to the next request was lost once.
    pub unknown: bool,
    /// Whether nothing is left to do.
    pub done: bool,
}

/// How far an event came; nothing for one that was never begun.
pub async fn progress(read: &mut Read, subscription: SubscriptionKey, event: i64) -> Result<Progress> {
    let sql =
        "SELECT accepted, external_ids, unknown, done FROM sends WHERE subscription = $1 AND event = $2";
    let found = read
        .one(sql, params![subscription, event], |row| {
            Ok(Progress {
                accepted: row.int(0)?,
                external_ids: row.json(1)?,
                unknown: row.bool(2)?,
                done: row.bool(3)?,
            })
        })
        .await?;
    Ok(found.unwrap_or_default())
}

/// Writes how far an event came.
pub async fn save(tx: &mut Tx, subscription: SubscriptionKey, event: i64, progress: &Progress) -> Result<()> {
    tx.change(
        "INSERT INTO sends (subscription, event, accepted, external_ids, unknown, done) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (subscription, event) DO UPDATE SET accepted = excluded.accepted, \
         external_ids = excluded.external_ids, unknown = excluded.unknown, done = excluded.done",
        params![
            subscription,
            event,
            progress.accepted,
            Json(&progress.external_ids),
            progress.unknown,
            progress.done,
        ],
    )
    .await?;
    Ok(())
}

/// The subscription has settled every event up to this number: what is done is remembered no more.
pub async fn forget_done(tx: &mut Tx, subscription: SubscriptionKey, through: i64) -> Result<()> {
    let sql = "DELETE FROM sends WHERE subscription = $1 AND event <= $2 AND done = 1";
    tx.change(sql, params![subscription, through]).await?;
    Ok(())
}

/// Looks at up to `limit` sendings behind one of them (0, 0 for the first): those of events that their
/// subscription has settled, in no lane that waits and not dead, and the last one looked at, if there may be
/// more. What such an event has left is of no use: its message was deleted in the middle, or its client is
/// gone.
pub async fn left_behind(
    read: &mut Read,
    after: (SubscriptionKey, i64),
    limit: usize,
) -> Result<(Vec<(SubscriptionKey, i64)>, Option<(SubscriptionKey, i64)>)> {
    let sql = "SELECT s.subscription, s.event, CASE WHEN \
               s.event <= (SELECT b.settled_through FROM subscriptions b WHERE b.k = s.subscription) \
               AND NOT EXISTS (SELECT 1 FROM events e JOIN parked p ON p.subscription = s.subscription \
               AND p.conversation = e.conversation \
               AND p.user_key = CASE WHEN e.conversation = 0 THEN e.user_key ELSE 0 END \
               WHERE e.k = s.event AND p.first_event <= s.event) \
               AND NOT EXISTS (SELECT 1 FROM dead_deliveries d \
               WHERE d.subscription = s.subscription AND d.event = s.event) THEN 1 ELSE 0 END \
               FROM sends s WHERE (s.subscription, s.event) > ($1, $2) \
               ORDER BY s.subscription, s.event LIMIT $3";
    let looked_at = read
        .all(sql, params![after.0, after.1, limit as i64], |row| {
            Ok(((SubscriptionKey(row.int(0)?), row.int(1)?), row.bool(2)?))
        })
        .await?;
    let last = looked_at.last().filter(|_| looked_at.len() >= limit).map(|(send, _)| *send);
    Ok((looked_at.into_iter().filter(|(_, is_left)| *is_left).map(|(send, _)| send).collect(), last))
}

/// Forgets one sending.
pub async fn forget(tx: &mut Tx, subscription: SubscriptionKey, event: i64) -> Result<()> {
    tx.change("DELETE FROM sends WHERE subscription = $1 AND event = $2", params![subscription, event])
        .await?;
    Ok(())
}

/// Forgets everything of a subscription that is gone.
pub async fn forget_subscription(tx: &mut Tx, subscription: SubscriptionKey, limit: usize) -> Result<u64> {
    tx.change(
        "DELETE FROM sends WHERE subscription = $1 AND event IN \
         (SELECT event FROM sends WHERE subscription = $1 LIMIT $2)",
        params![subscription, limit as i64],
    )
    .await
}

/// A waiting lane goes on behind an event.
pub async fn advance_lane(tx: &mut Tx, subscription: SubscriptionKey, lane: Lane, event: i64) -> Result<()> {
    let (conversation, user) = lane.columns();
    tx.change(
        "UPDATE parked SET first_event = $4 + 1, attempts = 0 WHERE subscription = $1 AND conversation = $2 \
         AND user_key = $3 AND first_event <= $4",
        params![subscription, conversation, user, event],
    )
    .await?;
    Ok(())
}

/// Keeps the choices that a person is offered with the message of an event; those that are kept stay. Gives
/// whether they are new.
pub async fn offer(
    tx: &mut Tx,
    client: ClientKey,
    event: i64,
    choices: &[Choice],
    now: Millis,
) -> Result<bool> {
    let added = tx
        .change(
            "INSERT INTO choices (client, choices, offered_at, event) SELECT $1, $2, $3, $4 \
         WHERE NOT EXISTS (SELECT 1 FROM choices WHERE client = $1 AND event = $4)",
            params![client, Json(choices), now, event],
        )
        .await?;
    Ok(added != 0)
}

/// The person has not seen the choices of an event after all.
pub async fn take_back_offer(tx: &mut Tx, client: ClientKey, event: i64) -> Result<()> {
    tx.change("DELETE FROM choices WHERE client = $1 AND event = $2", params![client, event]).await?;
    Ok(())
}

/// A typed text means none of the choices any more that a person was offered before an event.
pub async fn close_offers(tx: &mut Tx, client: ClientKey, before: i64) -> Result<()> {
    let sql = "UPDATE choices SET open = 0 WHERE client = $1 AND open = 1 AND event < $2";
    tx.change(sql, params![client, before]).await?;
    Ok(())
}

/// Choices that a person was offered with one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// When.
    pub at: Millis,
    /// Whether a typed number or label still means one.
    pub is_open: bool,
    /// The choices.
    pub choices: Vec<Choice>,
}

/// The choices that a person was offered, the newest message first; at most `limit`.
pub async fn offered(read: &mut Read, client: ClientKey, limit: usize) -> Result<Vec<Offered>> {
    let sql = "SELECT offered_at, open, choices FROM choices WHERE client = $1 ORDER BY k DESC LIMIT $2";
    read.all(sql, params![client, limit as i64], |row| {
        Ok(Offered { at: row.time(0)?, is_open: row.bool(1)?, choices: row.json(2)? })
    })
    .await
}

/// The choices of the messages in which a key stands, the newest first; at most `limit`. A letter of the key
/// may stand for another one there: the database knows no better.
pub async fn offered_with(
    read: &mut Read,
    client: ClientKey,
    key: &str,
    limit: usize,
) -> Result<Vec<Vec<Choice>>> {
    let sql = "SELECT choices FROM choices WHERE client = $1 AND choices LIKE '%' || $2 || '%' \
               ORDER BY k DESC LIMIT $3";
    read.all(sql, params![client, key, limit as i64], |row| row.json(0)).await
}

/// Of the `limit` oldest offers, those of the future are of now: they were noted while the clock was ahead,
/// and would be in front of all others until then.
pub async fn age_offers(tx: &mut Tx, now: Millis, limit: usize) -> Result<()> {
    let sql = "UPDATE choices SET offered_at = $1 WHERE k IN (SELECT k FROM choices ORDER BY k LIMIT $2) AND offered_at > $1";
    tx.change(sql, params![now, limit as i64]).await?;
    Ok(())
}

/// Forgets up to `limit` offers that are older than `before`; gives how many.
pub async fn forget_offers(tx: &mut Tx, before: Millis, limit: usize) -> Result<u64> {
    tx.change(
        "DELETE FROM choices WHERE k IN (SELECT k FROM choices ORDER BY k LIMIT $2) AND offered_at < $1",
        params![before, limit as i64],
    )
    .await
}
