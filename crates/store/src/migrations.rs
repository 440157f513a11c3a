//! Versioned changes of the tables, applied at start.

use crate::error::{Result, StoreError};

/// One step of the schema.
struct Migration {
    version: i64,
    name: &'static str,
    text: &'static str,
}

/// In rising order. Numbers are given when work begins, so that one may be missing for a while.
const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "foundation", text: include_str!("../migrations/001-foundation.sql") },
    Migration { version: 2, name: "channels", text: include_str!("../migrations/002-channels.sql") },
    Migration { version: 3, name: "endpoints", text: include_str!("../migrations/003-endpoints.sql") },
    Migration { version: 4, name: "settings", text: include_str!("../migrations/004-settings.sql") },
    Migration { version: 5, name: "agents", text: include_str!("../migrations/005-agents.sql") },
    Migration { version: 6, name: "visits", text: include_str!("../migrations/006-visits.sql") },
    Migration { version: 7, name: "withdrawals", text: include_str!("../migrations/007-withdrawals.sql") },
    Migration { version: 8, name: "signals", text: include_str!("../migrations/008-signals.sql") },
];

/// The version that this program writes.
pub fn newest_version() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

/// What the common text leaves to the engine. A `{KEY}` is never used twice; a `{ROW}` is cheaper, for
/// tables whose newest row stays, or whose keys nobody keeps. The rows of a table `{BY_PRIMARY_KEY}` lie in
/// the order of its primary key, so that a list of them is read in one go.
const SQLITE_WORDS: &[(&str, &str)] = &[
    ("{KEY}", "INTEGER PRIMARY KEY AUTOINCREMENT"),
    ("{ROW}", "INTEGER PRIMARY KEY"),
    ("{BYTES}", "BLOB"),
    ("{BY_PRIMARY_KEY}", "WITHOUT ROWID"),
    ("{NO_BYTES}", "X''"),
    ("{RANDOM_ID}", "randomblob(12)"),
];

fn for_sqlite(text: &str) -> String {
    SQLITE_WORDS.iter().fold(text.to_owned(), |text, (word, meaning)| text.replace(word, meaning))
}

/// The version of a SQLite store; 0 for an empty one.
pub(crate) fn sqlite_version(connection: &rusqlite::Connection) -> Result<i64> {
    let exists: bool = connection.query_row(
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_versions'",
        [],
        |row| row.get(0),
    )?;
    if !exists {
        return Ok(0);
    }
    Ok(connection.query_row("SELECT coalesce(max(version), 0) FROM schema_versions", [], |row| row.get(0))?)
}

/// The steps that a SQLite store of this version has made: all up to it, unless one was missing then.
fn sqlite_applied(connection: &rusqlite::Connection, found: i64) -> Result<Vec<i64>> {
    if found == 0 {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare("SELECT version FROM schema_versions")?;
    let versions = statement.query_map([], |row| row.get(0))?;
    Ok(versions.collect::<rusqlite::Result<_>>()?)
}

/// Brings a SQLite store to the newest version, or refuses one that is newer than this program.
pub(crate) fn migrate_sqlite(connection: &mut rusqlite::Connection, now: model::Millis) -> Result<()> {
    let found = sqlite_version(connection)?;
    if found > newest_version() {
        return Err(StoreError::Newer { found, known: newest_version() });
    }
    apply(connection, found, newest_version(), now)
}

/// Applies what is missing, up to `newest`.
fn apply(connection: &mut rusqlite::Connection, found: i64, newest: i64, now: model::Millis) -> Result<()> {
    let applied = sqlite_applied(connection, found)?;
    let missing =
        |migration: &&Migration| !applied.contains(&migration.version) && migration.version <= newest;
    for migration in MIGRATIONS.iter().filter(missing) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(
            "CREATE TABLE IF NOT EXISTS schema_versions \
             (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)",
        )?;
        transaction.execute_batch(&for_sqlite(migration.text))?;
        transaction.execute(
            "INSERT INTO schema_versions (version, name, applied_at) VALUES ($1, $2, $3)",
            rusqlite::params![migration.version, migration.name, now.0],
        )?;
        transaction.commit()?;
        tracing::info!(version = migration.version, name = migration.name, "store migrated");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use model::Millis;
    use rusqlite::{Connection, params};

    use super::*;

    fn integration(connection: &Connection, number: u8, kind: &str, oauth: Option<&str>, gone: Option<i64>) {
        let sql = "INSERT INTO integrations (id, app, kind, status, config, created_at, oauth_client_id, deleted_at) \
                   VALUES ($1, 7, $2, 1, '{}', 1000, $3, $4)";
        connection.execute(sql, params![[number; 12], kind, oauth, gone]).unwrap();
    }

    #[test]
    fn channels_of_the_first_version_get_their_hidden_subscription() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, 0, 1, Millis(1)).unwrap();
        assert_eq!(sqlite_version(&connection).unwrap(), 1);
        integration(&connection, 1, "telegram", None, None);
        integration(&connection, 2, "viber", None, None);
        integration(&connection, 3, "twilio", None, Some(2000));
        integration(&connection, 4, "telegram", Some("partner"), None);
        for (number, kind) in [(5, "custom"), (6, "web"), (7, "ios"), (8, "android"), (9, "unity")] {
            integration(&connection, number, kind, None, None);
        }
        let event = "INSERT INTO events (k, id, at, app, type) VALUES (41, X'00', 1, 7, 1)";
        connection.execute(event, []).unwrap();

        migrate_sqlite(&mut connection, Millis(2)).unwrap();
        assert_eq!(sqlite_version(&connection).unwrap(), newest_version());
        let sql = "SELECT s.id, s.app, s.integration, i.kind, s.form, s.settled_through FROM subscriptions s \
                   JOIN integrations i ON i.k = s.integration ORDER BY s.k";
        let mut statement = connection.prepare(sql).unwrap();
        let found: Vec<([u8; 12], i64, i64, String, String, i64)> = statement
            .query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
            })
            .unwrap()
            .map(std::result::Result::unwrap)
            .collect();
        let form = || "channel".to_owned();
        let wanted = [
            ([1; 12], 7, 1, "telegram".to_owned(), form(), 41),
            ([2; 12], 7, 2, "viber".to_owned(), form(), 41),
        ];
        assert_eq!(found, wanted, "living channels, with their own id, from now on");
        drop(statement);
        // A second start changes nothing more.
        migrate_sqlite(&mut connection, Millis(3)).unwrap();
        let count: i64 =
            connection.query_row("SELECT count(*) FROM subscriptions", [], |row| row.get(0)).unwrap();
        assert_eq!(count, 2);
    }

    #[test]
    fn addresses_that_were_set_before_are_told_from_now_on() {
        use model::setting::Notice;

        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, 0, 4, Millis(1)).unwrap();
        connection
            .execute_batch(
                "INSERT INTO accounts (k, id, name, created_at) VALUES (1, X'01', 'a', 1); \
             INSERT INTO apps (k, id, account, name, settings, metadata, created_at, deleted_at) VALUES \
             (7, X'07', 1, 'a', '{}', '{}', 1, NULL), (8, X'08', 1, 'b', '{}', '{}', 1, 2); \
             INSERT INTO events (k, id, at, app, type) VALUES (41, X'00', 1, 7, 1); \
             INSERT INTO settings (app, key, value, updated_at) VALUES (7, 'callback', 'https://c', 5), \
             (7, 'popup', 'https://p', 5), (7, 'missedCall', 'https://m', 5), (7, 'other', 'x', 5), \
             (7, 'incomingCallHangup', 'https://h', 5), (8, 'callback', 'https://gone', 5)",
            )
            .unwrap();
        migrate_sqlite(&mut connection, Millis(2)).unwrap();
        let sql = "SELECT s.key, s.value, u.target, u.triggers, u.settled_through, length(u.id) \
                   FROM settings s JOIN subscriptions u ON u.k = s.subscription ORDER BY s.key";
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| {
            let key: String = row.get(0)?;
            assert_eq!(row.get::<_, String>(1)?, row.get::<_, String>(2)?);
            assert_eq!((row.get::<_, i64>(4)?, row.get::<_, i64>(5)?), (41, 12));
            Ok((key, row.get(3)?))
        });
        let found: Vec<(String, i64)> = rows.unwrap().map(std::result::Result::unwrap).collect();
        let wanted = ["callback", "incomingCallHangup", "missedCall", "popup"]
            .map(|key| (key.to_owned(), Notice::of(key).unwrap().triggers()));
        assert_eq!(found, wanted);
    }

    #[test]
    fn endpoints_of_before_hear_signals_too() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, 0, 4, Millis(1)).unwrap();
        for (key, role, triggers) in [(1, 4, 256), (2, 2, 256), (3, 1, 256), (4, 3, 768)] {
            let endpoint = "INSERT INTO endpoints (integration, app, role, surface, echo, allowed_origins, greeting, hears) \
                            VALUES ($1, 7, $2, 'Direct', 0, '[]', '[]', '[]')";
            connection.execute(endpoint, params![key, role]).unwrap();
            let subscription = "INSERT INTO subscriptions (id, app, integration, form, target, triggers, sealed_secret, \
                                include_full_user, include_full_source, settled_through, created_at) \
                                VALUES ($1, 7, $2, 'x', '', $3, X'', 0, 0, 0, 1)";
            connection.execute(subscription, params![[key as u8; 12], key, triggers]).unwrap();
        }
        migrate_sqlite(&mut connection, Millis(2)).unwrap();
        let mut statement =
            connection.prepare("SELECT triggers FROM subscriptions ORDER BY integration").unwrap();
        let found: Vec<i64> =
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let bits = |kinds: &[model::event::EventType]| kinds.iter().fold(0, |bits, kind| bits | kind.bit());
        use model::event::EventType as E;
        let listener = bits(&[E::ConversationMessage, E::ConversationPostback]);
        let other =
            listener | bits(&[E::ConversationRead, E::ConversationTyping, E::BusinessActivity, E::Signal]);
        assert_eq!(found, [listener, other, other, 768]);
    }
}
