//! What delivery has to remember: lanes that wait, and deliveries that were given up. Events behind
//! a waiting lane are not copied; they are found through the lane's chain.

use std::collections::HashMap;

use model::event::EventType;
use model::record::{
    AppKey, ClientKey, ConversationKey, IntegrationKey, MessageKey, SubscriptionKey, UserKey,
};
use model::{Id, Millis};

use super::Seek;
use crate::error::{Result, StoreError, note_damage};
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

/// The queue in which events keep their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Of one conversation.
    Conversation(ConversationKey),
    /// Of one user's events without a conversation.
    User(UserKey),
}

impl Lane {
    /// The lane of an event of this conversation, 0 for none, and of this user.
    pub fn of(conversation: ConversationKey, user: UserKey) -> Lane {
        match conversation {
            ConversationKey(0) => Lane::User(user),
            conversation => Lane::Conversation(conversation),
        }
    }

    /// The conversation; `None` in a user's lane.
    pub fn conversation(self) -> Option<ConversationKey> {
        match self {
            Lane::Conversation(conversation) => Some(conversation),
            Lane::User(_) => None,
        }
    }

    /// As it is stored: the conversation and the user, 0 for the one that it is not of.
    pub(crate) fn columns(self) -> (ConversationKey, UserKey) {
        match self {
            Lane::Conversation(conversation) => (conversation, UserKey(0)),
            Lane::User(user) => (ConversationKey(0), user),
        }
    }
}

/// A lane that waits for its next attempt: everything of it from `first` on is undelivered.
#[derive(Clone, Debug, PartialEq)]
pub struct Parked {
    /// Whom the delivery is for.
    pub subscription: SubscriptionKey,
    /// The lane.
    pub lane: Lane,
    /// The first undelivered event.
    pub first: i64,
    /// The newest event that is known to wait.
    pub last: i64,
    /// Attempts that the first event has had.
    pub attempts: i64,
    /// When it is tried again.
    pub next_at: Millis,
    /// HTTP status of the last attempt, if there was an answer.
    pub status: Option<i64>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When the lane began to wait.
    pub parked_at: Millis,
}

/// A delivery that was given up.
#[derive(Clone, Debug, PartialEq)]
pub struct Dead {
    /// Public id.
    pub id: Id,
    /// The app.
    pub app: AppKey,
    /// Whom it was for.
    pub subscription: SubscriptionKey,
    /// The event.
    pub event: i64,
    /// Attempts it has had.
    pub attempts: i64,
    /// HTTP status of the last attempt, if there was an answer.
    pub status: Option<i64>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When it was given up.
    pub died_at: Millis,
    /// When it is sent again, if somebody asked for it.
    pub replay_at: Option<Millis>,
}

fn parked(row: &Row<'_>) -> Result<Parked> {
    Ok(Parked {
        subscription: SubscriptionKey(row.int(0)?),
        lane: Lane::of(ConversationKey(row.int(1)?), UserKey(row.int(2)?)),
        first: row.int(3)?,
        last: row.int(4)?,
        attempts: row.int(5)?,
        next_at: row.time(6)?,
        status: row.opt_int(7)?,
        error: row.opt_text(8)?,
        parked_at: row.time(9)?,
    })
}

fn dead(row: &Row<'_>) -> Result<Dead> {
    Ok(Dead {
        id: row.id(0)?,
        app: AppKey(row.int(1)?),
        subscription: SubscriptionKey(row.int(2)?),
        event: row.int(3)?,
        attempts: row.int(4)?,
        status: row.opt_int(5)?,
        error: row.opt_text(6)?,
        died_at: row.time(7)?,
        replay_at: row.opt_time(8)?,
    })
}

/// One of several, with its key behind its columns: one that is damaged keeps none of the others.
fn readable_dead(row: &Row<'_>) -> Result<Option<Dead>> {
    match dead(row) {
        Err(StoreError::Damaged(why)) => {
            note_damage("dead delivery", row.int(9)?, &why);
            Ok(None)
        }
        read => read.map(Some),
    }
}

/// Every lane that waits and can be read. Read once, at the start. None is tried later than `latest`.
pub async fn all_parked(read: &mut Read, latest: Millis) -> Result<Vec<Parked>> {
    read.all_readable(
        "waiting lane",
        "SELECT subscription, conversation, user_key, first_event, last_event, attempts, next_at, status, error, \
         parked_at FROM parked ORDER BY next_at",
        params![],
        |row| parked(row).map(|parked| Parked { next_at: parked.next_at.min(latest), ..parked }),
    )
    .await
}

/// A page of the lanes of an app that wait, with their public ids; without those that cannot be read.
pub async fn parked_of_app(
    read: &mut Read,
    app: AppKey,
    seek: Seek,
    limit: usize,
) -> Result<Vec<(Id, Parked)>> {
    let (kind, limit) = ("waiting lane", limit as i64);
    let with_id = |row: &Row<'_>| Ok((row.id(10)?, parked(row)?));
    match seek {
        Seek::After(id) => {
            let sql = "SELECT subscription, conversation, user_key, first_event, last_event, attempts, next_at, \
                       status, error, parked_at, id FROM parked WHERE app = $1 AND id > $2 ORDER BY id LIMIT $3";
            read.all_readable(kind, sql, params![app, id, limit], with_id).await
        }
        Seek::Before(id) => {
            let sql = "SELECT subscription, conversation, user_key, first_event, last_event, attempts, next_at, \
                       status, error, parked_at, id FROM parked WHERE app = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
            read.all_readable(kind, sql, params![app, id, limit], with_id).await
        }
    }
}

/// Parks a lane under a new public id, or changes how long it waits.
pub async fn park(tx: &mut Tx, app: AppKey, id: Id, parked: &Parked) -> Result<()> {
    let (conversation, user) = parked.lane.columns();
    tx.change(
        "INSERT INTO parked (subscription, conversation, user_key, first_event, last_event, attempts, next_at, \
         status, error, parked_at, app, id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (subscription, conversation, user_key) DO UPDATE SET first_event = excluded.first_event, \
         last_event = excluded.last_event, attempts = excluded.attempts, next_at = excluded.next_at, \
         status = excluded.status, error = excluded.error",
        params![
            parked.subscription,
            conversation,
            user,
            parked.first,
            parked.last,
            parked.attempts,
            parked.next_at,
            parked.status,
            parked.error,
            parked.parked_at,
            app,
            id,
        ],
    )
    .await?;
    Ok(())
}

/// The first event of all lanes that wait for a subscription.
pub async fn first_parked(read: &mut Read, subscription: SubscriptionKey) -> Result<Option<i64>> {
    let sql = "SELECT min(first_event) FROM parked WHERE subscription = $1";
    Ok(read.one(sql, params![subscription], |row| row.opt_int(0)).await?.flatten())
}

/// A message that a channel was to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Its event.
    pub event: i64,
    /// The message.
    pub message: MessageKey,
    /// Who was to get it.
    pub client: ClientKey,
}

/// Up to `limit` messages for an integration, of events behind `after` up to `through`, that its channel's
/// subscription has not sent: behind what it had settled, or in lanes that wait.
pub async fn unsent(
    read: &mut Read,
    (subscription, integration): (SubscriptionKey, IntegrationKey),
    settled: i64,
    (after, through): (i64, i64),
    limit: usize,
) -> Result<Vec<Unsent>> {
    read.all(
        "SELECT e.k, e.message, e.client FROM events e WHERE e.k > $1 AND e.k <= $2 AND e.integration = $3 \
         AND (e.k > $4 OR EXISTS (SELECT 1 FROM parked p WHERE p.subscription = $5 \
         AND p.conversation = e.conversation AND p.user_key = 0 AND p.first_event <= e.k)) \
         AND NOT EXISTS (SELECT 1 FROM sends s WHERE s.subscription = $5 AND s.event = e.k AND s.done = 1) \
         ORDER BY e.k LIMIT $6",
        params![after, through, integration, settled, subscription, limit as i64],
        |row| {
            let (message, client) = (MessageKey(row.int(1)?), ClientKey(row.int(2)?));
            Ok(Unsent { event: row.int(0)?, message, client })
        },
    )
    .await
}

/// A lane waits no more.
pub async fn unpark(tx: &mut Tx, subscription: SubscriptionKey, lane: Lane) -> Result<()> {
    let (conversation, user) = lane.columns();
    tx.change(
        "DELETE FROM parked WHERE subscription = $1 AND conversation = $2 AND user_key = $3",
        params![subscription, conversation, user],
    )
    .await?;
    Ok(())
}

/// Forgets up to `limit` rows of what waits for a subscription that is gone; gives how many. 0 means
/// that nothing is left.
pub async fn forget_subscription(tx: &mut Tx, subscription: SubscriptionKey, limit: usize) -> Result<u64> {
    let parked = tx
        .change(
            "DELETE FROM parked WHERE (subscription, conversation, user_key) IN \
             (SELECT subscription, conversation, user_key FROM parked WHERE subscription = $1 LIMIT $2)",
            params![subscription, limit as i64],
        )
        .await?;
    if parked > 0 {
        return Ok(parked);
    }
    tx.change(
        "DELETE FROM dead_deliveries WHERE k IN (SELECT k FROM dead_deliveries WHERE subscription = $1 LIMIT $2)",
        params![subscription, limit as i64],
    )
    .await
}

/// Keeps a delivery that was given up.
pub async fn bury(tx: &mut Tx, dead: &Dead) -> Result<()> {
    tx.change(
        "INSERT INTO dead_deliveries (id, app, subscription, event, conversation, attempts, status, error, died_at) \
         VALUES ($1, $2, $3, $4, coalesce((SELECT e.conversation FROM events e WHERE e.k = $4), 0), \
         $5, $6, $7, $8) ON CONFLICT (subscription, event) DO UPDATE SET \
         attempts = excluded.attempts, status = excluded.status, error = excluded.error, \
         died_at = excluded.died_at, replay_at = NULL",
        params![
            dead.id,
            dead.app,
            dead.subscription,
            dead.event,
            dead.attempts,
            dead.status,
            dead.error,
            dead.died_at,
        ],
    )
    .await?;
    Ok(())
}

/// A dead delivery was delivered after all.
pub async fn remove_dead(tx: &mut Tx, subscription: SubscriptionKey, event: i64) -> Result<()> {
    let sql = "DELETE FROM dead_deliveries WHERE subscription = $1 AND event = $2";
    tx.change(sql, params![subscription, event]).await?;
    Ok(())
}

/// Asks for a dead delivery to be sent again; gives whether there is such a one.
pub async fn replay(tx: &mut Tx, app: AppKey, id: Id, at: Millis) -> Result<bool> {
    let sql = "UPDATE dead_deliveries SET replay_at = $3 WHERE id = $1 AND app = $2";
    Ok(tx.change(sql, params![id, app, at]).await? > 0)
}

/// A place among the dead deliveries that are to be sent again: when that was asked for, and the row.
pub type ReplayPlace = (Millis, i64);

/// Up to `limit` dead deliveries that are to be sent again, behind a place, and the last one's place if there
/// may be more. Those that cannot be read are left out.
pub async fn to_replay(
    read: &mut Read,
    after: ReplayPlace,
    limit: usize,
) -> Result<(Vec<Dead>, Option<ReplayPlace>)> {
    let mut last = None;
    let mut count = 0;
    let found = read
        .all(
            "SELECT id, app, subscription, event, attempts, status, error, died_at, replay_at, k FROM dead_deliveries \
             WHERE replay_at IS NOT NULL AND (replay_at, k) > ($1, $2) ORDER BY replay_at, k LIMIT $3",
            params![after.0, after.1, limit as i64],
            |row| {
                let place = (row.time(8)?, row.int(9)?);
                (last, count) = (Some(place), count + 1);
                readable_dead(row)
            },
        )
        .await?;
    Ok((found.into_iter().flatten().collect(), last.filter(|_| count >= limit)))
}

/// A page of the dead deliveries of an app.
pub async fn dead_of_app(read: &mut Read, app: AppKey, seek: Seek, limit: usize) -> Result<Vec<Dead>> {
    let limit = limit as i64;
    let found = match seek {
        Seek::After(id) => {
            let sql = "SELECT id, app, subscription, event, attempts, status, error, died_at, replay_at, k \
                       FROM dead_deliveries WHERE app = $1 AND id > $2 ORDER BY id LIMIT $3";
            read.all(sql, params![app, id, limit], readable_dead).await?
        }
        Seek::Before(id) => {
            let sql = "SELECT id, app, subscription, event, attempts, status, error, died_at, replay_at, k \
                       FROM dead_deliveries WHERE app = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
            read.all(sql, params![app, id, limit], readable_dead).await?
        }
    };
    Ok(found.into_iter().flatten().collect())
}

/// A dead delivery of an app.
pub async fn dead_by_id(read: &mut Read, app: AppKey, id: Id) -> Result<Option<Dead>> {
    read.one(
        "SELECT id, app, subscription, event, attempts, status, error, died_at, replay_at FROM dead_deliveries \
         WHERE id = $1 AND app = $2",
        params![id, app],
        dead,
    )
    .await
}

/// What a delivery is about, by public ids.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// The subscription.
    pub subscription_id: Id,
    /// Where its bodies are posted.
    pub target: String,
    /// The event.
    pub event_id: Id,
    /// What happened.
    pub kind: EventType,
    /// When it happened.
    pub event_at: Millis,
    /// The conversation of the event, if it has one that is still known.
    pub conversation_id: Option<Id>,
}

/// What a delivery is about; `None` when its subscription or event is gone.
pub async fn about(read: &mut Read, subscription: SubscriptionKey, event: i64) -> Result<Option<About>> {
    read.one(
        "SELECT s.id, s.target, e.id, e.type, e.at, c.id FROM subscriptions s JOIN events e ON e.k = $2 \
         LEFT JOIN conversations c ON c.k = e.conversation WHERE s.k = $1",
        params![subscription, event],
        |row| {
            Ok(About {
                subscription_id: row.id(0)?,
                target: row.text(1)?,
                event_id: row.id(2)?,
                kind: row.code(3, EventType::from_code)?,
                event_at: row.time(4)?,
                conversation_id: row.opt_id(5)?,
            })
        },
    )
    .await
}

/// Whether somebody who asked for events of this type has still to be told an event, or its lane waits.
pub async fn is_awaited(
    read: &mut Read,
    app: AppKey,
    kind: EventType,
    lane: Lane,
    event: i64,
) -> Result<bool> {
    let sql = "SELECT 1 FROM subscriptions s WHERE s.app = $1 AND (s.triggers & $2) <> 0 \
               AND (s.settled_through < $5 OR EXISTS (SELECT 1 FROM parked p WHERE p.subscription = s.k \
               AND p.conversation = $3 AND p.user_key = $4 AND p.first_event <= $5)) LIMIT 1";
    let (conversation, user) = lane.columns();
    let found = read.one(sql, params![app, kind.bit(), conversation, user, event], |_| Ok(())).await?;
    Ok(found.is_some())
}

/// How many deliveries are dead, and how many lanes wait. For the metrics.
pub async fn counts(read: &mut Read) -> Result<(i64, i64)> {
    let dead = read.number("SELECT count(*) FROM dead_deliveries", params![]).await?;
    let parked = read.number("SELECT count(*) FROM parked", params![]).await?;
    Ok((dead, parked))
}

/// An event that may go when it is old enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaving {
    /// The event.
    pub event: i64,
    /// When it happened.
    pub at: Millis,
    /// Its app.
    pub app: AppKey,
}

/// Up to `limit` events behind `after` that no dead delivery names, in order. The newest event stays, so that
/// no number is used twice.
pub async fn leaving(read: &mut Read, after: i64, limit: usize) -> Result<Vec<Leaving>> {
    read.all(
        "SELECT k, at, app FROM events WHERE k > $1 AND k < (SELECT max(k) FROM events) \
         AND NOT EXISTS (SELECT 1 FROM dead_deliveries d WHERE d.event = events.k) ORDER BY k LIMIT $2",
        params![after, limit as i64],
        |row| Ok(Leaving { event: row.int(0)?, at: row.time(1)?, app: AppKey(row.int(2)?) }),
    )
    .await
}

/// The first event that somebody has still to get, of each app that has subscriptions.
pub async fn first_awaited(read: &mut Read) -> Result<HashMap<AppKey, i64>> {
    let pair = |row: &Row<'_>| Ok((AppKey(row.int(0)?), row.int(1)?));
    let sql = "SELECT app, min(settled_through) + 1 FROM subscriptions GROUP BY app";
    let mut first: HashMap<_, _> = read.all(sql, params![], pair).await?.into_iter().collect();
    let sql = "SELECT s.app, min(p.first_event) FROM parked p JOIN subscriptions s ON s.k = p.subscription \
               GROUP BY s.app";
    for (app, parked) in read.all(sql, params![], pair).await? {
        first.entry(app).and_modify(|first| *first = parked.min(*first)).or_insert(parked);
    }
    Ok(first)
}

/// Removes an event, unless a dead delivery names it.
pub async fn forget_event(tx: &mut Tx, event: i64) -> Result<()> {
    let sql = "DELETE FROM events WHERE k = $1 \
               AND NOT EXISTS (SELECT 1 FROM dead_deliveries d WHERE d.event = $1)";
    tx.change(sql, params![event]).await?;
    Ok(())
}
