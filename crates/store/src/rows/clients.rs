//! Clients: users on channels, linked or still pending.

use model::record::{
    AppKey, Client, ClientKey, ClientStatus, ConversationKey, IntegrationKey, Link, UserKey,
};
use model::{Id, Millis};

use super::Seek;
use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

/// The kind of the one client of a user that stands for all installations of the messenger.
pub const SDK: &str = "sdk";

/// Clients that are looked at in one conversation, at most.
const OF_CONVERSATION_MAX: i64 = 64;

/// The client whose columns come first.
pub(super) fn client(row: &Row<'_>) -> Result<Client> {
    Ok(Client {
        key: ClientKey(row.int(0)?),
        id: row.id(1)?,
        user: UserKey(row.int(2)?),
        kind: row.text(3)?,
        status: row.code(4, ClientStatus::from_code)?,
        integration: row.opt_int(5)?.map(IntegrationKey),
        integration_id: row.opt_id(6)?,
        external_id: row.opt_text(7)?,
        last_seen: row.opt_time(8)?,
        linked_at: row.opt_time(9)?,
        display_name: row.opt_text(10)?,
        avatar_url: row.opt_text(11)?,
        info: row.opt_json(12)?,
        raw: row.opt_json(13)?,
        link: row.opt_json(14)?,
    })
}

/// The columns of a client, with where the id of its integration comes from: one that is known need not be
/// looked up.
macro_rules! client_columns {
    ($integration_id:literal) => {
        concat!(
            "c.k, c.id, c.user_key, c.kind, c.status, c.integration, ",
            $integration_id,
            ", c.external_id, c.last_seen, c.linked_at, c.display_name, c.avatar_url, c.info, c.raw, c.link, c.app"
        )
    };
}
pub(super) use client_columns;

/// The columns of a client; the rest of the statement follows.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            client_columns!("i.id"),
            " FROM clients c LEFT JOIN integrations i ON i.k = c.integration ",
            $rest
        )
    };
}

/// A client of an app.
pub async fn by_id(read: &mut Read, app: AppKey, id: Id) -> Result<Option<Client>> {
    read.one(select!("WHERE c.id = $1 AND c.app = $2"), params![id, app], client).await
}

/// A client of a user.
pub async fn one_of_user(read: &mut Read, user: UserKey, id: Id) -> Result<Option<Client>> {
    read.one(select!("WHERE c.id = $1 AND c.user_key = $2"), params![id, user], client).await
}

/// A client, for rendering.
pub async fn by_key(read: &mut Read, key: ClientKey) -> Result<Option<Client>> {
    read.one(select!("WHERE c.k = $1"), params![key], client).await
}

/// The clients through which people take part in a conversation: who has done so the longest first, and of
/// one person the primary one first. At most 64.
pub async fn of_conversation(read: &mut Read, conversation: ConversationKey) -> Result<Vec<Client>> {
    let sql = select!(
        "JOIN client_associations a ON a.client = c.k JOIN participants p ON p.k = a.participant \
         WHERE p.conversation = $1 ORDER BY p.id, a.rank DESC LIMIT $2"
    );
    read.all(sql, params![conversation, OF_CONVERSATION_MAX], client).await
}

/// A client through which somebody takes part in a conversation, or whoever stands there in its place:
/// another client of the same integration, as after a merge.
pub async fn taking_part(
    read: &mut Read,
    conversation: ConversationKey,
    client_key: ClientKey,
    integration: IntegrationKey,
) -> Result<Option<Client>> {
    let sql = select!(
        "JOIN client_associations a ON a.client = c.k JOIN participants p ON p.k = a.participant \
         WHERE p.conversation = $1 AND c.integration = $3 \
         ORDER BY CASE WHEN c.k = $2 THEN 0 ELSE 1 END, a.rank DESC LIMIT 1"
    );
    read.one(sql, params![conversation, client_key, integration], client).await
}

/// A page of the clients of a user, linked and pending ones alike.
pub async fn page(read: &mut Read, user: UserKey, seek: Seek, limit: usize) -> Result<Vec<Client>> {
    let limit = limit as i64;
    match seek {
        Seek::After(id) => {
            let sql = select!("WHERE c.user_key = $1 AND c.id > $2 ORDER BY c.id LIMIT $3");
            read.all(sql, params![user, id, limit], client).await
        }
        Seek::Before(id) => {
            let sql = select!("WHERE c.user_key = $1 AND c.id < $2 ORDER BY c.id DESC LIMIT $3");
            read.all(sql, params![user, id, limit], client).await
        }
    }
}

/// The linked client of a person on a channel.
pub async fn by_external_id(
    read: &mut Read,
    integration: IntegrationKey,
    external_id: &str,
) -> Result<Option<Client>> {
    let sql = select!("WHERE c.integration = $1 AND c.external_id = $2 AND c.link IS NULL");
    read.one(sql, params![integration, external_id], client).await
}

/// The newest link that waits for a person on a channel, once the channel has found them.
pub async fn pending_for(
    read: &mut Read,
    integration: IntegrationKey,
    external_id: &str,
) -> Result<Option<Client>> {
    let sql = select!(
        "WHERE c.integration = $1 AND c.external_id = $2 AND c.link IS NOT NULL ORDER BY c.k DESC LIMIT 1"
    );
    read.one(sql, params![integration, external_id], client).await
}

/// Writes what changes of a client while it is linked and while it is used.
pub async fn update(tx: &mut Tx, client: &Client) -> Result<()> {
    tx.change(
        "UPDATE clients SET status = $2, external_id = $3, last_seen = $4, linked_at = $5, display_name = $6, \
         avatar_url = $7, info = $8, raw = $9, link = $10, link_expires_at = $11, user_key = $12 WHERE k = $1",
        params![
            client.key,
            client.status as i64,
            client.external_id,
            client.last_seen,
            client.linked_at,
            client.display_name,
            client.avatar_url,
            client.info.as_ref().map(Json),
            client.raw.as_ref().map(Json),
            client.link.as_ref().map(Json),
            client.link.as_ref().map(|link| link.expires_at),
            client.user,
        ],
    )
    .await?;
    Ok(())
}

/// The client of a user that stands for the messenger.
pub async fn sdk_of(read: &mut Read, user: UserKey) -> Result<Option<Client>> {
    read.one(select!("WHERE c.user_key = $1 AND c.kind = 'sdk'"), params![user], client).await
}

/// The link of a user to an integration that is not complete.
pub async fn pending_of(
    read: &mut Read,
    user: UserKey,
    integration: IntegrationKey,
) -> Result<Option<Client>> {
    let sql = select!("WHERE c.user_key = $1 AND c.integration = $2 AND c.link IS NOT NULL");
    read.one(sql, params![user, integration], client).await
}

/// Up to `limit` links of a user that are not complete.
pub async fn links_of(read: &mut Read, user: UserKey, limit: usize) -> Result<Vec<Client>> {
    let sql = select!("WHERE c.user_key = $1 AND c.link IS NOT NULL LIMIT $2");
    read.all(sql, params![user, limit as i64], client).await
}

/// Up to `limit` links whose time is over, the longest waiting first: app and client.
pub async fn expired_links(read: &mut Read, now: Millis, limit: usize) -> Result<Vec<(AppKey, ClientKey)>> {
    let sql = "SELECT app, k FROM clients WHERE link_expires_at IS NOT NULL AND link_expires_at <= $1 \
               ORDER BY link_expires_at LIMIT $2";
    read.all(sql, params![now, limit as i64], |row| Ok((AppKey(row.int(0)?), ClientKey(row.int(1)?)))).await
}

/// Adds a client; the record's `key` and `integration_id` are ignored.
pub async fn insert(tx: &mut Tx, app: AppKey, new: &Client) -> Result<ClientKey> {
    let key = tx
        .insert(
            "INSERT INTO clients (id, app, user_key, kind, status, integration, external_id, last_seen, linked_at, \
             display_name, avatar_url, info, raw, link, link_expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            params![
                new.id,
                app,
                new.user,
                new.kind,
                new.status as i64,
                new.integration,
                new.external_id,
                new.last_seen,
                new.linked_at,
                new.display_name,
                new.avatar_url,
                new.info.as_ref().map(Json),
                new.raw.as_ref().map(Json),
                new.link.as_ref().map(Json),
                new.link.as_ref().map(|link| link.expires_at),
            ],
        )
        .await?;
    Ok(ClientKey(key))
}

/// Lets a pending link lead to another conversation.
pub async fn set_link(tx: &mut Tx, key: ClientKey, link: &Link) -> Result<()> {
    let sql = "UPDATE clients SET link = $2, link_expires_at = $3 WHERE k = $1";
    tx.change(sql, params![key, Json(link), link.expires_at]).await?;
    Ok(())
}

/// Writes whether a client can be reached, and its last sign of life.
pub async fn set_seen(
    tx: &mut Tx,
    key: ClientKey,
    status: ClientStatus,
    last_seen: Option<Millis>,
) -> Result<()> {
    let sql = "UPDATE clients SET status = $2, last_seen = $3 WHERE k = $1";
    tx.change(sql, params![key, status as i64, last_seen]).await?;
    Ok(())
}

/// Everything up to a moment has reached the person, if that is news.
pub async fn note_arrived_up_to(tx: &mut Tx, key: ClientKey, moment: Millis) -> Result<()> {
    let sql = "UPDATE clients SET arrived_up_to = $2 WHERE k = $1 AND arrived_up_to < $2";
    tx.change(sql, params![key, moment]).await?;
    Ok(())
}

/// Up to which moment everything has reached the person, as far as the provider has told it so.
pub async fn arrived_up_to(read: &mut Read, key: ClientKey) -> Result<Millis> {
    Ok(Millis(read.number("SELECT arrived_up_to FROM clients WHERE k = $1", params![key]).await?))
}

/// A client is no longer the one behind its id on the channel.
pub async fn clear_external_id(tx: &mut Tx, key: ClientKey) -> Result<()> {
    tx.change("UPDATE clients SET external_id = NULL WHERE k = $1", params![key]).await?;
    Ok(())
}

/// Notes whether the person has asked to hear nothing.
pub async fn set_opted_out(tx: &mut Tx, key: ClientKey, opted_out: bool) -> Result<()> {
    let sql = "UPDATE clients SET opted_out = $2 WHERE k = $1";
    tx.change(sql, params![key, i64::from(opted_out)]).await?;
    Ok(())
}

/// Whether the person has asked to hear nothing.
pub async fn has_opted_out(read: &mut Read, key: ClientKey) -> Result<bool> {
    Ok(read.number("SELECT opted_out FROM clients WHERE k = $1", params![key]).await? != 0)
}

/// Gives a client to another user.
pub async fn set_user(tx: &mut Tx, key: ClientKey, user: UserKey) -> Result<()> {
    tx.change("UPDATE clients SET user_key = $2 WHERE k = $1", params![key, user]).await?;
    Ok(())
}

/// Clears what channels have said about the person in up to `limit` clients of a user; gives in how
/// many.
pub async fn clear_personal(tx: &mut Tx, user: UserKey, limit: usize) -> Result<u64> {
    tx.change(
        "UPDATE clients SET display_name = NULL, avatar_url = NULL, info = NULL, raw = NULL \
         WHERE k IN (SELECT k FROM clients WHERE user_key = $1 AND (display_name IS NOT NULL \
         OR avatar_url IS NOT NULL OR info IS NOT NULL OR raw IS NOT NULL) LIMIT $2)",
        params![user, limit as i64],
    )
    .await
}

/// Takes a client out of up to `limit` conversations; gives out of how many.
pub async fn drop_associations(tx: &mut Tx, client: ClientKey, limit: usize) -> Result<u64> {
    tx.change(
        "DELETE FROM client_associations WHERE client = $1 AND participant IN \
         (SELECT participant FROM client_associations WHERE client = $1 LIMIT $2)",
        params![client, limit as i64],
    )
    .await
}

/// Lets a client stand in for another one in up to `limit` conversations; gives in how many.
pub async fn replace_in_associations(
    tx: &mut Tx,
    old: ClientKey,
    new: ClientKey,
    limit: usize,
) -> Result<u64> {
    tx.change(
        "INSERT INTO client_associations (participant, client, rank) \
         SELECT participant, CAST($2 AS BIGINT), rank FROM client_associations WHERE client = $1 \
         ORDER BY rank, participant LIMIT $3 \
         ON CONFLICT (participant, client) DO NOTHING",
        params![old, new, limit as i64],
    )
    .await?;
    tx.change(
        "DELETE FROM client_associations WHERE client = $1 AND participant IN \
         (SELECT participant FROM client_associations WHERE client = $1 ORDER BY rank, participant LIMIT $2)",
        params![old, limit as i64],
    )
    .await
}

/// Removes the row.
pub async fn remove(tx: &mut Tx, key: ClientKey) -> Result<()> {
    tx.change("DELETE FROM clients WHERE k = $1", params![key]).await?;
    Ok(())
}
