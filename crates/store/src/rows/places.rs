//! The places of one user in conversations: participants, seen from the user.

use model::record::{ConversationKey, ParticipantKey, UserKey};
use model::{Id, Millis};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

/// A user's place in a conversation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The participant.
    pub key: ParticipantKey,
    /// The conversation.
    pub conversation: ConversationKey,
    /// The conversation's public id; the order of places.
    pub conversation_id: Id,
    /// Messages up to this ordinal are read.
    pub read_total: i64,
    /// Own messages up to there, in a personal conversation.
    pub read_said: i64,
    /// Messages behind it that do not count as unread.
    pub skipped: i64,
    /// Last read.
    pub last_read: Option<Millis>,
}

fn place(row: &Row<'_>) -> Result<Place> {
    Ok(Place {
        key: ParticipantKey(row.int(0)?),
        conversation: ConversationKey(row.int(1)?),
        conversation_id: row.id(2)?,
        read_total: row.int(3)?,
        read_said: row.int(4)?,
        skipped: row.int(5)?,
        last_read: row.opt_time(6)?,
    })
}

/// A user's place in a conversation.
pub async fn of(read: &mut Read, user: UserKey, conversation: ConversationKey) -> Result<Option<Place>> {
    read.one(
        "SELECT k, conversation, conversation_id, read_total, read_said, skipped, last_read FROM participants \
         WHERE conversation = $2 AND user_key = $1",
        params![user, conversation],
        place,
    )
    .await
}

/// Up to `limit` places of a user in conversations behind one, whatever the state of these.
pub async fn behind(read: &mut Read, user: UserKey, conversation_id: Id, limit: usize) -> Result<Vec<Place>> {
    read.all(
        "SELECT k, conversation, conversation_id, read_total, read_said, skipped, last_read FROM participants \
         WHERE user_key = $1 AND conversation_id > $2 ORDER BY conversation_id LIMIT $3",
        params![user, conversation_id, limit as i64],
        place,
    )
    .await
}

/// Up to `limit` places of a user, in groups or in personal conversations that are there.
pub async fn living(read: &mut Read, user: UserKey, group: bool, limit: usize) -> Result<Vec<Place>> {
    read.all(
        "SELECT p.k, p.conversation, p.conversation_id, p.read_total, p.read_said, p.skipped, p.last_read \
         FROM participants p JOIN conversations c ON c.k = p.conversation \
         WHERE p.user_key = $1 AND c.is_group = $2 AND c.deleted_at IS NULL ORDER BY p.conversation_id LIMIT $3",
        params![user, group, limit as i64],
        place,
    )
    .await
}

/// Gives a place to another user, who must not have one there.
pub async fn set_user(tx: &mut Tx, place: ParticipantKey, user: UserKey) -> Result<()> {
    tx.change("UPDATE participants SET user_key = $2 WHERE k = $1", params![place, user]).await?;
    Ok(())
}

/// Writes what has been read.
pub async fn set_read(
    tx: &mut Tx,
    place: ParticipantKey,
    (read_total, read_said, skipped): (i64, i64, i64),
    last_read: Option<Millis>,
) -> Result<()> {
    tx.change(
        "UPDATE participants SET read_total = $2, read_said = $3, skipped = $4, last_read = $5 WHERE k = $1",
        params![place, read_total, read_said, skipped, last_read],
    )
    .await?;
    Ok(())
}

/// Copies the clients of a place to another place, where those that are there keep their rank.
pub async fn copy_associations(tx: &mut Tx, from: ParticipantKey, to: ParticipantKey) -> Result<()> {
    tx.change(
        "INSERT INTO client_associations (participant, client, rank) \
         SELECT CAST($2 AS BIGINT), client, rank FROM client_associations WHERE participant = $1 \
         ON CONFLICT (participant, client) DO NOTHING",
        params![from, to],
    )
    .await?;
    Ok(())
}
