//! The outbox: append-only events, each naming the previous one of its lane.

use model::event::{EventDetail, EventType};
use model::record::{AppKey, ClientKey, ConversationKey, IntegrationKey, MessageKey, UserKey};
use model::switchboard::{Control, Seat};
use model::{Id, Millis};

use crate::error::{Result, StoreError};
use crate::tx::{Read, Tx, readable};
use crate::value::{Json, Row, params};

/// An event as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number: rises in commit order.
    pub sequence: i64,
    /// Public id.
    pub id: Id,
    /// When it happened.
    pub at: Millis,
    /// The app.
    pub app: AppKey,
    /// What happened.
    pub kind: EventType,
    /// The conversation; also its lane, unless there is none (0).
    pub conversation: ConversationKey,
    /// The user; the lane of an event without a conversation.
    pub user: UserKey,
    /// The message, or the newest message at that moment.
    pub message: MessageKey,
    /// The client; of a message of the business the one whom it is for.
    pub client: ClientKey,
    /// Who was in control after it.
    pub control: Control,
    /// The event before it in its lane; 0 for none.
    pub previous: i64,
    /// What the payload needs and no living row keeps.
    pub detail: Option<EventDetail>,
    /// The integration through which a message of the business goes to its client; 0 for none.
    pub integration: IntegrationKey,
}

fn event(row: &Row<'_>) -> Result<Event> {
    let control = Control::from_stored(row.int(9)?, row.int(10)?);
    Ok(Event {
        sequence: row.int(0)?,
        id: row.id(1)?,
        at: row.time(2)?,
        app: AppKey(row.int(3)?),
        kind: row.code(4, EventType::from_code)?,
        conversation: ConversationKey(row.int(5)?),
        user: UserKey(row.int(6)?),
        message: MessageKey(row.int(7)?),
        client: ClientKey(row.int(8)?),
        control: control.map_err(|e| StoreError::Damaged(e.to_string()))?,
        previous: row.int(11)?,
        detail: row.opt_json(12)?,
        integration: IntegrationKey(row.int(13)?),
    })
}

/// The number of an event and the event, unless it is damaged: then those behind it go on.
fn numbered(row: &Row<'_>) -> Result<(i64, Option<Event>)> {
    Ok((row.int(0)?, readable("event", row, event(row))?))
}

/// Adds an event; its `sequence` is ignored and the new one is given back.
pub async fn insert(tx: &mut Tx, event: &Event) -> Result<i64> {
    let sequence = tx
        .insert(
            "INSERT INTO events (id, at, app, type, conversation, user_key, message, client, active, pending, \
             previous, detail, integration) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            params![
                event.id,
                event.at,
                event.app,
                event.kind as i64,
                event.conversation,
                event.user,
                event.message,
                event.client,
                Seat::to_stored(event.control.active()),
                Seat::to_stored(event.control.pending()),
                event.previous,
                event.detail.as_ref().map(Json),
                event.integration,
            ],
        )
        .await?;
    tx.event_of(event.app, sequence);
    Ok(sequence)
}

/// Up to `limit` events behind a number, in order, each with its number; without the event where it is
/// damaged.
pub async fn after(read: &mut Read, sequence: i64, limit: usize) -> Result<Vec<(i64, Option<Event>)>> {
    read.all(
        "SELECT k, id, at, app, type, conversation, user_key, message, client, active, pending, previous, detail, \
         integration FROM events WHERE k > $1 ORDER BY k LIMIT $2",
        params![sequence, limit as i64],
        numbered,
    )
    .await
}

/// Up to `limit` events of an app, of the numbers behind `after` up to `through`, in order, each with its
/// number; without the event where it is damaged.
pub async fn of_app(
    read: &mut Read,
    app: AppKey,
    after: i64,
    through: i64,
    limit: usize,
) -> Result<Vec<(i64, Option<Event>)>> {
    read.all(
        "SELECT k, id, at, app, type, conversation, user_key, message, client, active, pending, previous, detail, \
         integration FROM events WHERE k > $2 AND k <= $3 AND app = $1 ORDER BY k LIMIT $4",
        params![app, after, through, limit as i64],
        numbered,
    )
    .await
}

/// The number of the first event behind a number; 0 for none.
pub async fn first_after(read: &mut Read, sequence: i64) -> Result<i64> {
    read.number("SELECT k FROM events WHERE k > $1 ORDER BY k LIMIT 1", params![sequence]).await
}

/// The public id of the last event up to a number.
pub async fn id_up_to(read: &mut Read, sequence: i64) -> Result<Option<Id>> {
    let sql = "SELECT id FROM events WHERE k <= $1 ORDER BY k DESC LIMIT 1";
    read.one(sql, params![sequence], |row| row.id(0)).await
}

/// One event.
pub async fn by_sequence(read: &mut Read, sequence: i64) -> Result<Option<Event>> {
    read.one(
        "SELECT k, id, at, app, type, conversation, user_key, message, client, active, pending, previous, detail, \
         integration FROM events WHERE k = $1",
        params![sequence],
        event,
    )
    .await
}

/// Up to `limit` events of an app with a detail, of the numbers behind `after` up to `through`, in order:
/// number and event, which may be damaged.
pub async fn with_detail(
    read: &mut Read,
    app: AppKey,
    after: i64,
    through: i64,
    limit: usize,
) -> Result<Vec<(i64, Result<Event>)>> {
    read.all(
        "SELECT k, id, at, app, type, conversation, user_key, message, client, active, pending, previous, detail, \
         integration FROM events WHERE k > $2 AND k <= $3 AND app = $1 AND detail IS NOT NULL ORDER BY k LIMIT $4",
        params![app, after, through, limit as i64],
        |row| Ok((row.int(0)?, event(row))),
    )
    .await
}

/// Writes an event's detail again.
pub async fn set_detail(tx: &mut Tx, sequence: i64, detail: Option<&EventDetail>) -> Result<()> {
    tx.change("UPDATE events SET detail = $2 WHERE k = $1", params![sequence, detail.map(Json)]).await?;
    Ok(())
}

/// The event before one in its lane; 0 for none.
pub async fn previous(read: &mut Read, sequence: i64) -> Result<i64> {
    read.number("SELECT previous FROM events WHERE k = $1", params![sequence]).await
}

/// The newest event of a user's lane; 0 for none.
pub async fn newest_of_user(read: &mut Read, user: UserKey) -> Result<i64> {
    read.number("SELECT max(k) FROM events WHERE user_key = $1 AND conversation = 0", params![user]).await
}

/// The newest event of all; 0 for none.
pub async fn newest(read: &mut Read) -> Result<i64> {
    read.number("SELECT max(k) FROM events", params![]).await
}

/// The number of the last event, in the order of ids, that is not behind `id`; 0 for none. Ids rise
/// with numbers, so it is found by halving; gaps that retention has left are stepped over.
pub async fn last_up_to(read: &mut Read, id: Id) -> Result<i64> {
    let mut low = 1;
    let mut high = newest(read).await?;
    let mut found = 0;
    while low <= high {
        let middle = low + (high - low) / 2;
        let probe = read
            .one("SELECT k, id FROM events WHERE k >= $1 ORDER BY k LIMIT 1", params![middle], |row| {
                Ok((row.int(0)?, row.id(1)?))
            })
            .await?;
        match probe {
            Some((number, probed)) if probed <= id => {
                found = number;
                low = number + 1;
            }
            Some(_) | None => high = middle - 1,
        }
    }
    Ok(found)
}
