//! Roots that were deleted and whose rows still have to be removed, slice by slice.

use model::Millis;
use model::record::{AppKey, AppSettings, ConversationKey};
use serde_json::Value;

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

/// What has to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum SweepKind {
    /// Everything of an app; the target is the app's key.
    App = 1,
    /// Everything of a user; the target is the user's key.
    User = 2,
    /// Everything of a conversation; the target is the conversation's key.
    Conversation = 3,
    /// The messages of a conversation up to the ordinal in `detail.through`.
    Messages = 4,
    /// What hangs below a deleted integration.
    Integration = 5,
    /// A user's names in messages up to the key in `detail.through`; the target is the user's key.
    UserNames = 6,
    /// What a user who was merged into another still has; the target is the user's key.
    UserMerge = 7,
    /// What waits for a removed subscription; the target is the subscription's key.
    Subscription = 8,
    /// The rest of a provider's receipt; the target is the client's key, or 0 for one of single messages.
    Receipts = 10,
    /// Snapshots in events, of an app that is gone or of a user (the target, otherwise 0) of whom nothing
    /// is to be known any more.
    Events = 11,
    /// Apps and keys of a deleted account; the target is the account's key, the app is 0.
    Account = 9,
    /// What events have kept of a user whose row is gone; the target is the user's key. It waits for those to
    /// whom the events are still to be delivered. Two indexes have its number.
    Departed = 12,
}

impl SweepKind {
    fn from_code(code: i64) -> Option<SweepKind> {
        use SweepKind::*;
        [
            App,
            User,
            Conversation,
            Messages,
            Integration,
            UserNames,
            UserMerge,
            Subscription,
            Account,
            Receipts,
            Events,
            Departed,
        ]
        .into_iter()
        .find(|kind| *kind as i64 == code)
    }
}

/// One root that has to be swept.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// Key inside the store.
    pub key: i64,
    /// What it is.
    pub kind: SweepKind,
    /// Its key.
    pub target: i64,
    /// Its app.
    pub app: AppKey,
    /// What the sweeper needs besides.
    pub detail: Option<Value>,
}

fn sweep(row: &Row<'_>) -> Result<Sweep> {
    Ok(Sweep {
        key: row.int(0)?,
        kind: row.code(1, SweepKind::from_code)?,
        target: row.int(2)?,
        app: AppKey(row.int(3)?),
        detail: row.opt_json(4)?,
    })
}

/// Adds a root to be swept.
pub async fn insert(
    tx: &mut Tx,
    kind: SweepKind,
    target: i64,
    app: AppKey,
    detail: Option<&Value>,
    now: Millis,
) -> Result<i64> {
    tx.insert(
        "INSERT INTO sweeps (kind, target, app, detail, created_at) VALUES ($1, $2, $3, $4, $5)",
        params![kind as i64, target, app, detail.map(Json), now],
    )
    .await
}

fn keyed(row: &Row<'_>) -> Result<(i64, Result<Sweep>)> {
    Ok((row.int(0)?, sweep(row)))
}

/// Up to `limit` of the roots that can be swept at once, behind one of them (0 for the first), oldest first:
/// key and root, which may be damaged.
pub async fn waiting(read: &mut Read, after: i64, limit: usize) -> Result<Vec<(i64, Result<Sweep>)>> {
    read.all(
        "SELECT k, kind, target, app, detail FROM sweeps WHERE kind <> 12 AND k > $1 ORDER BY k LIMIT $2",
        params![after, limit as i64],
        keyed,
    )
    .await
}

/// The newest of the roots that can be swept at once; 0 for none.
pub async fn newest_waiting(read: &mut Read) -> Result<i64> {
    read.number("SELECT max(k) FROM sweeps WHERE kind <> 12", params![]).await
}

/// Users whose rows are gone and of whom events may still keep something: up to `limit` behind a key, each
/// with its key.
pub async fn departed(read: &mut Read, after: i64, limit: usize) -> Result<Vec<(i64, Result<Sweep>)>> {
    read.all(
        "SELECT k, kind, target, app, detail FROM sweeps WHERE kind = 12 AND k > $1 ORDER BY k LIMIT $2",
        params![after, limit as i64],
        keyed,
    )
    .await
}

/// A root is done.
pub async fn remove(tx: &mut Tx, key: i64) -> Result<()> {
    tx.change("DELETE FROM sweeps WHERE k = $1", params![key]).await?;
    Ok(())
}

/// How far a sweep has come.
pub async fn set_detail(tx: &mut Tx, key: i64, detail: &Value) -> Result<()> {
    tx.change("UPDATE sweeps SET detail = $2 WHERE k = $1", params![key, Json(detail)]).await?;
    Ok(())
}

/// One slice of what an app has besides conversations, removed; gives how many rows. 0 means that
/// nothing is left.
pub async fn remove_slice_of_app(tx: &mut Tx, app: AppKey, limit: usize) -> Result<u64> {
    const STATEMENTS: &[&str] = &[
        "DELETE FROM devices WHERE k IN (SELECT d.k FROM devices d JOIN users u ON u.k = d.user_key \
         WHERE u.app = $1 LIMIT $2)",
        "DELETE FROM identities WHERE user_key IN (SELECT user_key FROM identities WHERE app = $1 LIMIT $2)",
        "DELETE FROM clients WHERE k IN (SELECT c.k FROM clients c JOIN users u ON u.k = c.user_key \
         WHERE u.app = $1 LIMIT $2)",
        "DELETE FROM users WHERE k IN (SELECT k FROM users WHERE app = $1 LIMIT $2)",
        "DELETE FROM switchboard_integrations WHERE k IN (SELECT m.k FROM switchboard_integrations m \
         JOIN switchboards s ON s.k = m.switchboard WHERE s.app = $1 LIMIT $2)",
        "DELETE FROM switchboards WHERE k IN (SELECT k FROM switchboards WHERE app = $1 LIMIT $2)",
        "DELETE FROM former_seats WHERE seat IN (SELECT seat FROM former_seats WHERE app = $1 LIMIT $2)",
        "DELETE FROM dead_deliveries WHERE k IN (SELECT k FROM dead_deliveries WHERE app = $1 LIMIT $2)",
        "DELETE FROM credentials WHERE k IN (SELECT k FROM credentials WHERE app = $1 LIMIT $2)",
        "DELETE FROM oauth_codes WHERE code_hash IN (SELECT code_hash FROM oauth_codes WHERE app = $1 LIMIT $2)",
        "DELETE FROM agents WHERE k IN (SELECT k FROM agents WHERE app = $1 LIMIT $2)",
        "DELETE FROM settings WHERE app = $1 AND key IN (SELECT key FROM settings WHERE app = $1 LIMIT $2)",
        "DELETE FROM carrier_accounts WHERE app IN (SELECT app FROM carrier_accounts WHERE app = $1 LIMIT $2)",
        "DELETE FROM canned_replies WHERE id IN (SELECT id FROM canned_replies WHERE app = $1 LIMIT $2)",
        "DELETE FROM transfer_links WHERE id IN (SELECT id FROM transfer_links WHERE app = $1 LIMIT $2)",
        "DELETE FROM endpoints WHERE integration IN (SELECT integration FROM endpoints WHERE app = $1 LIMIT $2)",
        "DELETE FROM integrations WHERE k IN (SELECT k FROM integrations WHERE app = $1 LIMIT $2)",
    ];
    tx.settings_change();
    for sql in STATEMENTS {
        let removed = tx.change(sql, params![app, limit as i64]).await?;
        if removed > 0 {
            return Ok(removed);
        }
    }
    Ok(0)
}

/// Removes the row of an app of which nothing else is left.
pub async fn remove_app(tx: &mut Tx, app: AppKey) -> Result<()> {
    tx.settings_change();
    tx.change("DELETE FROM apps WHERE k = $1", params![app]).await?;
    Ok(())
}

/// Clients of a deleted integration become inactive; gives how many there were this time.
pub async fn deactivate_clients(tx: &mut Tx, integration: i64, limit: usize) -> Result<u64> {
    tx.change(
        "UPDATE clients SET status = $3 WHERE k IN \
         (SELECT k FROM clients WHERE integration = $1 AND status <> $3 LIMIT $2)",
        params![integration, limit as i64, model::record::ClientStatus::Inactive as i64],
    )
    .await
}

/// A conversation that was deleted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeletedConversation {
    /// The conversation.
    pub key: ConversationKey,
    /// When.
    pub deleted_at: Millis,
    /// Whether no event that is kept tells of it, so that its rows can go.
    pub untold: bool,
}

/// Whether a conversation (`c` with its state `s`) is told by no event any more. Events go oldest first
/// once they are settled and wait for nobody, so the newest is the last; but for those that a dead
/// delivery names.
macro_rules! untold {
    () => {
        "(NOT EXISTS (SELECT 1 FROM events e WHERE e.k = s.last_event) \
         AND NOT EXISTS (SELECT 1 FROM dead_deliveries d WHERE d.conversation = c.k))"
    };
}

/// Whether a conversation is deleted and told by no event any more.
pub async fn is_untold(read: &mut Read, conversation: ConversationKey) -> Result<bool> {
    let sql = concat!(
        "SELECT 1 FROM conversations c JOIN conversation_state s ON s.conversation = c.k \
         WHERE c.k = $1 AND c.deleted_at IS NOT NULL AND ",
        untold!()
    );
    Ok(read.one(sql, params![conversation], |_| Ok(())).await?.is_some())
}

/// Up to `limit` conversations that were deleted before `before`, behind one of them, in the order in
/// which they were deleted.
pub async fn deleted_conversations(
    read: &mut Read,
    before: Millis,
    after: (Millis, ConversationKey),
    limit: usize,
) -> Result<Vec<DeletedConversation>> {
    read.all(
        concat!(
            "SELECT c.k, c.deleted_at, CASE WHEN ",
            untold!(),
            " THEN 1 ELSE 0 END FROM conversations c JOIN conversation_state s ON s.conversation = c.k \
             WHERE c.deleted_at IS NOT NULL AND c.deleted_at < $1 AND (c.deleted_at, c.k) > ($2, $3) \
             ORDER BY c.deleted_at, c.k LIMIT $4"
        ),
        params![before, after.0, after.1, limit as i64],
        |row| {
            Ok(DeletedConversation {
                key: ConversationKey(row.int(0)?),
                deleted_at: row.time(1)?,
                untold: row.bool(2)?,
            })
        },
    )
    .await
}

/// An app with its settings, which may be damaged.
pub type AppWithSettings = (AppKey, Result<AppSettings>);

/// Apps whose conversations close by themselves.
pub async fn apps_with_auto_close(read: &mut Read) -> Result<Vec<AppWithSettings>> {
    let sql = "SELECT k, settings FROM apps WHERE deleted_at IS NULL AND settings LIKE '%autoCloseDays%'";
    read.all(sql, params![], |row| Ok((AppKey(row.int(0)?), row.json(1)))).await
}

/// Apps whose messages are kept for a limited time.
pub async fn apps_with_retention(read: &mut Read) -> Result<Vec<AppWithSettings>> {
    let sql = "SELECT k, settings FROM apps WHERE deleted_at IS NULL AND settings LIKE '%conversationRetentionSeconds%'";
    read.all(sql, params![], |row| Ok((AppKey(row.int(0)?), row.json(1)))).await
}
