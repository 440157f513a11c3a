//! Users and their verified identities. A user who was merged into another stays as a redirect.

use model::record::{AppKey, Identity, User, UserKey};
use model::{Id, Millis};

use crate::error::{Result, StoreError};
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

/// Merges that are followed at most. They make no circles; the bound only guards against damage.
const HOPS_MAX: usize = 64;

/// A row of users, beside which its identities stand.
pub(super) struct Found {
    user: User,
    merged_into: Option<UserKey>,
    is_living: bool,
    has_identities: bool,
}

fn user(row: &Row<'_>) -> Result<Found> {
    user_at(row, 0)
}

/// The user whose columns begin at `at`.
pub(super) fn user_at(row: &Row<'_>, at: usize) -> Result<Found> {
    let user = User {
        key: UserKey(row.int(at)?),
        id: row.id(at + 1)?,
        app: AppKey(row.int(at + 2)?),
        external_id: row.opt_text(at + 3)?,
        brand_id: Some(row.text(at + 4)?).filter(|brand| !brand.is_empty()),
        authenticated: row.bool(at + 5)?,
        signed_up_at: row.time(at + 6)?,
        to_be_retained: row.opt_int(at + 7)?.map(|flag| flag != 0),
        profile: row.json(at + 8)?,
        metadata: row.json(at + 9)?,
        identities: Vec::new(),
        zendesk_id: row.opt_text(at + 10)?,
        created_at: row.time(at + 11)?,
    };
    Ok(Found {
        user,
        merged_into: row.opt_int(at + 12)?.map(UserKey),
        is_living: row.opt_int(at + 13)?.is_none(),
        has_identities: row.bool(at + 14)?,
    })
}

/// How many columns a user has.
pub(super) const USER_COLUMNS: usize = 15;

/// The columns of a user.
macro_rules! user_columns {
    () => {
        "u.k, u.id, u.app, u.external_id, u.brand_id, u.authenticated, u.signed_up_at, u.to_be_retained, \
         u.profile, u.metadata, u.zendesk_id, u.created_at, u.merged_into, u.deleted_at, \
         EXISTS (SELECT 1 FROM identities n WHERE n.user_key = u.k)"
    };
}
pub(super) use user_columns;

/// The columns of a user; the rest of the statement follows.
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", user_columns!(), " FROM users u ", $rest)
    };
}

/// A user of an app. Deleted and merged users are not found.
pub async fn by_id(read: &mut Read, app: AppKey, id: Id) -> Result<Option<User>> {
    let sql = select!("WHERE u.id = $1 AND u.app = $2 AND u.deleted_at IS NULL AND u.merged_into IS NULL");
    let found = read.one(sql, params![id, app], user).await?;
    one_with_identities(read, found).await
}

/// A user by the business's own id within a brand (empty for none). Deleted and merged users are
/// not found.
pub async fn by_external_id(
    read: &mut Read,
    app: AppKey,
    brand: &str,
    external_id: &str,
) -> Result<Option<User>> {
    let sql = select!(
        "WHERE u.app = $1 AND u.brand_id = $2 AND u.external_id = $3 AND u.deleted_at IS NULL \
         AND u.merged_into IS NULL"
    );
    let found = read.one(sql, params![app, brand, external_id], user).await?;
    one_with_identities(read, found).await
}

/// A user by the id at the help desk. Deleted and merged users are not found.
pub async fn by_zendesk_id(read: &mut Read, app: AppKey, zendesk_id: &str) -> Result<Option<User>> {
    let sql =
        select!("WHERE u.app = $1 AND u.zendesk_id = $2 AND u.deleted_at IS NULL AND u.merged_into IS NULL");
    let found = read.one(sql, params![app, zendesk_id], user).await?;
    one_with_identities(read, found).await
}

/// The users with a verified address, oldest first; of one brand or, without one, of all. At most
/// `limit`.
pub async fn by_email(
    read: &mut Read,
    app: AppKey,
    email: &str,
    brand: Option<&str>,
    limit: usize,
) -> Result<Vec<User>> {
    let sql = select!(
        "JOIN identities i ON i.user_key = u.k WHERE i.app = $1 AND i.kind = 'email' AND i.value_folded = $2 \
         AND ($3 IS NULL OR i.brand_id = $3) AND u.deleted_at IS NULL AND u.merged_into IS NULL \
         ORDER BY u.id LIMIT $4"
    );
    let rows = read.all(sql, params![app, fold(email), brand, limit as i64], user).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(with_identities(read, row).await?);
    }
    Ok(found)
}

/// The user behind a key: of a merged one the surviving user, even one whose removal has begun.
pub async fn by_key(read: &mut Read, key: UserKey) -> Result<Option<User>> {
    let found = read.one(select!("WHERE u.k = $1"), params![key], user).await?;
    let found = surviving_row(read, found).await?;
    one_with_identities(read, found).await
}

/// Whether the user behind a key, after all merges, is there and no removal has begun.
pub async fn is_living(read: &mut Read, key: UserKey) -> Result<bool> {
    let Some(key) = surviving(read, key).await? else { return Ok(false) };
    let sql = "SELECT 1 FROM users WHERE k = $1 AND deleted_at IS NULL";
    Ok(read.one(sql, params![key], |row| row.int(0)).await?.is_some())
}

/// The user that a user is now, with everything; `None` when it is gone or its removal has begun.
pub(super) async fn living_user(read: &mut Read, found: Option<Found>) -> Result<Option<User>> {
    let found = surviving_row(read, found).await?.filter(|found| found.is_living);
    one_with_identities(read, found).await
}

/// The row of the user that a user is now, after all merges; `None` when it is gone.
async fn surviving_row(read: &mut Read, found: Option<Found>) -> Result<Option<Found>> {
    let mut found = found;
    for _ in 0..HOPS_MAX {
        match found {
            Some(Found { merged_into: Some(into), .. }) => {
                found = read.one(select!("WHERE u.k = $1"), params![into], user).await?;
            }
            survivor => return Ok(survivor),
        }
    }
    Err(too_many_merges(found.map_or(UserKey(0), |found| found.user.key)))
}

fn too_many_merges(key: UserKey) -> StoreError {
    StoreError::Damaged(format!("user {}: too many merges in a row", key.0))
}

/// The key of the user that a user is now, after all merges; `None` when the row is gone.
pub async fn surviving(read: &mut Read, key: UserKey) -> Result<Option<UserKey>> {
    let mut at = key;
    for _ in 0..HOPS_MAX {
        match merged_into(read, at).await? {
            None => return Ok(None),
            Some(None) => return Ok(Some(at)),
            Some(Some(into)) => at = into,
        }
    }
    Err(too_many_merges(key))
}

/// Whether `key` is `target` or was, by one or more merges, made a part of it.
pub async fn is_part_of(read: &mut Read, key: UserKey, target: UserKey) -> Result<bool> {
    let mut at = key;
    for _ in 0..HOPS_MAX {
        if at == target {
            return Ok(true);
        }
        let Some(Some(into)) = merged_into(read, at).await? else { return Ok(false) };
        at = into;
    }
    Ok(false)
}

async fn merged_into(read: &mut Read, key: UserKey) -> Result<Option<Option<UserKey>>> {
    let sql = "SELECT merged_into FROM users WHERE k = $1";
    read.one(sql, params![key], |row| Ok(row.opt_int(0)?.map(UserKey))).await
}

async fn one_with_identities(read: &mut Read, found: Option<Found>) -> Result<Option<User>> {
    match found {
        Some(found) => with_identities(read, found).await.map(Some),
        None => Ok(None),
    }
}

async fn with_identities(read: &mut Read, found: Found) -> Result<User> {
    let Found { mut user, has_identities, .. } = found;
    if has_identities {
        user.identities = identities_of(read, user.key).await?;
    }
    Ok(user)
}

async fn identities_of(read: &mut Read, user: UserKey) -> Result<Vec<Identity>> {
    read.all(
        "SELECT kind, value, verification FROM identities WHERE user_key = $1 ORDER BY kind, value_folded",
        params![user],
        |row| Ok(Identity { kind: row.text(0)?, value: row.text(1)?, verification: row.text(2)? }),
    )
    .await
}

/// Adds a user; the record's `key` and `identities` are ignored.
pub async fn insert(tx: &mut Tx, new: &User) -> Result<UserKey> {
    let key = tx
        .insert(
            "INSERT INTO users (id, app, external_id, brand_id, authenticated, signed_up_at, to_be_retained, \
             profile, metadata, zendesk_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            params![
                new.id,
                new.app,
                new.external_id,
                new.brand_id.as_deref().unwrap_or_default(),
                new.authenticated,
                new.signed_up_at,
                new.to_be_retained,
                Json(&new.profile),
                Json(&new.metadata),
                new.zendesk_id,
                new.created_at,
            ],
        )
        .await?;
    Ok(UserKey(key))
}

/// Writes what may change of a user; not the names, and not the identities.
pub async fn update(tx: &mut Tx, user: &User) -> Result<()> {
    tx.change(
        "UPDATE users SET authenticated = $2, signed_up_at = $3, to_be_retained = $4, profile = $5, \
         metadata = $6 WHERE k = $1",
        params![
            user.key,
            user.authenticated,
            user.signed_up_at,
            user.to_be_retained,
            Json(&user.profile),
            Json(&user.metadata),
        ],
    )
    .await?;
    Ok(())
}

/// Adds a verified identity. It belongs to one user of a brand: the latest owner wins.
pub async fn add_identity(tx: &mut Tx, user: &User, identity: &Identity) -> Result<()> {
    tx.change(
        "INSERT INTO identities (app, brand_id, kind, value_folded, value, verification, user_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (app, kind, value_folded, brand_id) \
         DO UPDATE SET value = excluded.value, verification = excluded.verification, user_key = excluded.user_key",
        params![
            user.app,
            user.brand_id.as_deref().unwrap_or_default(),
            identity.kind,
            fold(&identity.value),
            identity.value,
            identity.verification,
            user.key,
        ],
    )
    .await?;
    Ok(())
}

/// Addresses are compared without regard to case.
fn fold(value: &str) -> String {
    value.to_lowercase()
}

/// Removes every identity of a user.
pub async fn remove_identities(tx: &mut Tx, user: UserKey) -> Result<()> {
    tx.change("DELETE FROM identities WHERE user_key = $1", params![user]).await?;
    Ok(())
}

/// Marks a user as deleted: nothing finds it any more, its names are free, the sweeper removes what
/// it has.
pub async fn mark_deleted(tx: &mut Tx, key: UserKey, now: Millis) -> Result<()> {
    tx.change("UPDATE users SET deleted_at = $2 WHERE k = $1", params![key, now]).await?;
    Ok(())
}

/// Turns a user into a redirect to the one that it was merged into.
pub async fn mark_merged(tx: &mut Tx, key: UserKey, into: UserKey) -> Result<()> {
    tx.change(
        "UPDATE users SET merged_into = $2, external_id = NULL, zendesk_id = NULL, profile = '{}', metadata = '{}' \
         WHERE k = $1",
        params![key, into],
    )
    .await?;
    Ok(())
}

/// Users that were merged into this one.
pub async fn redirects_to(read: &mut Read, user: UserKey, limit: usize) -> Result<Vec<UserKey>> {
    let sql = "SELECT k FROM users WHERE merged_into = $1 LIMIT $2";
    read.all(sql, params![user, limit as i64], |row| Ok(UserKey(row.int(0)?))).await
}

/// Lets up to `limit` users that were merged into one be merged into another; gives how many.
pub async fn repoint(tx: &mut Tx, from: UserKey, to: UserKey, limit: usize) -> Result<u64> {
    tx.change(
        "UPDATE users SET merged_into = $2 WHERE k IN (SELECT k FROM users WHERE merged_into = $1 LIMIT $3)",
        params![from, to, limit as i64],
    )
    .await
}

/// Whether a user still has places in conversations or clients, or personal conversations of theirs
/// still have messages.
pub async fn has_rows(read: &mut Read, user: UserKey) -> Result<bool> {
    for sql in [
        "SELECT 1 FROM participants p JOIN conversations c ON c.k = p.conversation WHERE p.user_key = $1 LIMIT 1",
        "SELECT 1 FROM clients WHERE user_key = $1 LIMIT 1",
        "SELECT 1 FROM conversations c JOIN conversation_state s ON s.conversation = c.k \
         WHERE c.owner = $1 AND c.deleted_at IS NOT NULL AND s.last_message <> 0 LIMIT 1",
    ] {
        if read.one(sql, params![user], |_| Ok(())).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes the row, at the end of a sweep.
pub async fn remove(tx: &mut Tx, key: UserKey) -> Result<()> {
    tx.change("DELETE FROM users WHERE k = $1", params![key]).await?;
    Ok(())
}
