//! Messages of the business at their provider: its ids, to which receipts, reactions and answers refer.

use model::Millis;
use model::record::{ClientKey, IntegrationKey, MessageKey};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

/// What is known of a message at its provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum ExternalState {
    /// The provider told of it: it was written there, or its receipt came before the answer to our request.
    Told = 0,
    /// The provider has taken it.
    Sent = 1,
    /// It reached the person.
    Arrived = 2,
    /// It will not arrive.
    Failed = 3,
}

impl ExternalState {
    fn from_code(code: i64) -> Option<ExternalState> {
        use ExternalState::*;
        [Told, Sent, Arrived, Failed].into_iter().find(|state| *state as i64 == code)
    }
}

/// A message at its provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalMessage {
    /// The provider's id.
    pub external_id: String,
    /// The message; 0 while we do not know it.
    pub message: MessageKey,
    /// Who got it.
    pub client: ClientKey,
    /// What is known.
    pub state: ExternalState,
    /// The ids of all parts, of a message that was sent in several; none for one that is whole.
    pub parts: Vec<String>,
}

fn external(row: &Row<'_>) -> Result<ExternalMessage> {
    Ok(ExternalMessage {
        external_id: row.text(0)?,
        message: MessageKey(row.int(1)?),
        client: ClientKey(row.int(2)?),
        state: row.code(3, ExternalState::from_code)?,
        parts: row.opt_json(4)?.unwrap_or_default(),
    })
}

/// The message of the business behind a provider's id. Of what customers wrote see
/// [`messages::of_channel`](crate::rows::messages::of_channel).
pub async fn by_id(
    read: &mut Read,
    integration: IntegrationKey,
    external_id: &str,
) -> Result<Option<ExternalMessage>> {
    let sql = "SELECT external_id, message, client, state, parts FROM external_messages \
               WHERE integration = $1 AND external_id = $2 AND message <> 0";
    read.one(sql, params![integration, external_id], external).await
}

/// Up to `limit` messages to a client, sent up to a moment, of whose arrival we have not heard.
pub async fn open_up_to(
    read: &mut Read,
    client: ClientKey,
    up_to: Millis,
    limit: usize,
) -> Result<Vec<ExternalMessage>> {
    let sql = "SELECT external_id, message, client, state, parts FROM external_messages \
               WHERE client = $1 AND state = 1 AND at <= $2 ORDER BY message LIMIT $3";
    read.all(sql, params![client, up_to, limit as i64], external).await
}

/// Notes a message under its provider's id; what the provider said too early stays. `false` when another
/// message has the id: that one stays. `at` is when it was sent.
pub async fn insert(
    tx: &mut Tx,
    integration: IntegrationKey,
    new: &ExternalMessage,
    at: Millis,
) -> Result<bool> {
    let parts = (!new.parts.is_empty()).then_some(Json(&new.parts));
    let changed = tx
        .change(
            "INSERT INTO external_messages (integration, external_id, message, client, state, at, parts) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (integration, external_id) DO UPDATE \
         SET message = excluded.message, client = excluded.client, state = excluded.state, at = excluded.at, \
         parts = excluded.parts WHERE external_messages.message = 0",
            params![integration, new.external_id, new.message, new.client, new.state as i64, at, parts],
        )
        .await?;
    Ok(changed == 1)
}

/// What became of a message.
pub async fn set_state(
    tx: &mut Tx,
    integration: IntegrationKey,
    external_id: &str,
    state: ExternalState,
) -> Result<()> {
    let sql = "UPDATE external_messages SET state = $3 WHERE integration = $1 AND external_id = $2";
    tx.change(sql, params![integration, external_id, state as i64]).await?;
    Ok(())
}

/// Keeps what the provider said of a message that we do not know yet: its receipt can be faster than
/// the answer to our request.
pub async fn note_early<T: Serialize>(
    tx: &mut Tx,
    integration: IntegrationKey,
    external_id: &str,
    told: &T,
    now: Millis,
) -> Result<()> {
    tx.change(
        "INSERT INTO external_messages (integration, external_id, message, client, state, at, early) \
         VALUES ($1, $2, 0, 0, 0, $3, $4) ON CONFLICT (integration, external_id) DO UPDATE \
         SET early = excluded.early WHERE external_messages.message = 0",
        params![integration, external_id, now, Json(told)],
    )
    .await?;
    Ok(())
}

/// What the provider said too early of a message.
pub async fn early<T: DeserializeOwned + Send>(
    read: &mut Read,
    integration: IntegrationKey,
    external_id: &str,
) -> Result<Option<T>> {
    let sql =
        "SELECT early FROM external_messages WHERE integration = $1 AND external_id = $2 AND message = 0";
    Ok(read.one(sql, params![integration, external_id], |row| row.opt_json(0)).await?.flatten())
}

/// Of the `limit` oldest ids, those of the future are of now: they were noted while the clock was ahead, and
/// would be in front of all others until then.
pub async fn age(tx: &mut Tx, now: Millis, limit: usize) -> Result<()> {
    let sql = "UPDATE external_messages SET at = $1 WHERE k IN (SELECT k FROM external_messages ORDER BY k LIMIT $2) AND at > $1";
    tx.change(sql, params![now, limit as i64]).await?;
    Ok(())
}

/// Forgets up to `limit` ids that are older than `before`; gives how many.
pub async fn forget(tx: &mut Tx, before: Millis, limit: usize) -> Result<u64> {
    tx.change(
        "DELETE FROM external_messages WHERE k IN (SELECT k FROM external_messages ORDER BY k LIMIT $2) \
         AND at < $1",
        params![before, limit as i64],
    )
    .await
}
