//! Buttons that customers pressed: no messages, but listed among them.

use model::Millis;
use model::record::{ConversationKey, Press};
use model::switchboard::Seat;

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

fn press(row: &Row<'_>) -> Result<Press> {
    let seat = Seat::from_stored(row.int(2)?);
    Ok(Press { at: row.time(0)?, id: row.id(1)?, seat, payload: row.text(3)? })
}

/// Keeps a press.
pub async fn insert(tx: &mut Tx, conversation: ConversationKey, press: &Press) -> Result<()> {
    tx.change(
        "INSERT INTO presses (conversation, at, id, seat, payload) VALUES ($1, $2, $3, $4, $5)",
        params![conversation, press.at, press.id, Seat::to_stored(press.seat), press.payload],
    )
    .await?;
    Ok(())
}

/// Up to `limit` presses of a conversation behind a moment, oldest first.
pub async fn after(
    read: &mut Read,
    conversation: ConversationKey,
    moment: Millis,
    limit: usize,
) -> Result<Vec<Press>> {
    let sql =
        "SELECT at, id, seat, payload FROM presses WHERE conversation = $1 AND at > $2 ORDER BY at LIMIT $3";
    read.all(sql, params![conversation, moment, limit as i64], press).await
}

/// Removes up to `limit` presses of a conversation up to a moment; gives how many there were this time.
pub async fn remove(
    tx: &mut Tx,
    conversation: ConversationKey,
    through: Millis,
    limit: usize,
) -> Result<u64> {
    tx.change(
        "DELETE FROM presses WHERE conversation = $1 AND at IN \
         (SELECT at FROM presses WHERE conversation = $1 AND at <= $2 ORDER BY at LIMIT $3)",
        params![conversation, through, limit as i64],
    )
    .await
}

/// Gives up to `limit` presses of a conversation to another one, which has none of the same moments.
pub async fn hand_on(tx: &mut Tx, from: ConversationKey, to: ConversationKey, limit: usize) -> Result<()> {
    tx.change(
        "UPDATE presses SET conversation = $2 WHERE conversation = $1 AND at IN \
         (SELECT at FROM presses WHERE conversation = $1 \
         AND at NOT IN (SELECT at FROM presses WHERE conversation = $2) ORDER BY at LIMIT $3)",
        params![from, to, limit as i64],
    )
    .await?;
    Ok(())
}
