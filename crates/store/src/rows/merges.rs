//! What happens to conversations when two users become one.

use model::Millis;
use model::record::{ConversationKey, MessageKey, UserKey};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::params;

/// A message, or the empty link that one has left, as a part of its chain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChainLink {
    /// The row.
    pub key: MessageKey,
    /// The one before it; 0 for none.
    pub previous: MessageKey,
    /// The milestone in front of it; 0 for none.
    pub milestone: MessageKey,
    /// Its number in the conversation.
    pub ordinal: i64,
    /// When it was received.
    pub received: Millis,
}

/// One link of a chain.
pub async fn link(read: &mut Read, key: MessageKey) -> Result<Option<ChainLink>> {
    let sql = "SELECT k, previous, milestone, ordinal, received FROM messages WHERE k = $1";
    read.one(sql, params![key], |row| {
        Ok(ChainLink {
            key: MessageKey(row.int(0)?),
            previous: MessageKey(row.int(1)?),
            milestone: MessageKey(row.int(2)?),
            ordinal: row.int(3)?,
            received: row.time(4)?,
        })
    })
    .await
}

/// Puts a row into the chain of a conversation.
pub async fn relink(tx: &mut Tx, conversation: ConversationKey, link: &ChainLink) -> Result<()> {
    tx.change(
        "UPDATE messages SET conversation = $2, previous = $3, milestone = $4, ordinal = $5, received = $6 \
         WHERE k = $1",
        params![link.key, conversation, link.previous, link.milestone, link.ordinal, link.received],
    )
    .await?;
    Ok(())
}

/// How many attachments a conversation has; counts up to `limit`.
pub async fn count_attachments(read: &mut Read, conversation: ConversationKey, limit: usize) -> Result<i64> {
    read.number(
        "SELECT count(*) FROM (SELECT 1 FROM attachments WHERE conversation = $1 LIMIT $2) AS found",
        params![conversation, limit as i64],
    )
    .await
}

/// Gives the attachments of a conversation to another.
pub async fn move_attachments(tx: &mut Tx, from: ConversationKey, to: ConversationKey) -> Result<()> {
    tx.change("UPDATE attachments SET conversation = $2 WHERE conversation = $1", params![from, to]).await?;
    Ok(())
}

/// Gives a personal conversation to another user.
pub async fn set_owner(tx: &mut Tx, conversation: ConversationKey, owner: UserKey) -> Result<()> {
    let sql = "UPDATE conversations SET owner = $2 WHERE k = $1 AND is_group = 0";
    tx.change(sql, params![conversation, owner]).await?;
    Ok(())
}

/// Says whether a conversation is its owner's first.
pub async fn set_default(tx: &mut Tx, conversation: ConversationKey, is_default: bool) -> Result<()> {
    tx.change("UPDATE conversations SET is_default = $2 WHERE k = $1", params![conversation, is_default])
        .await?;
    Ok(())
}
