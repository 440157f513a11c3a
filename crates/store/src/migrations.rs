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
    Migration { version: 6, name: "visits", text: include_str!("../migrations/006-visits.sql") },
];

/// The version that this program writes.
pub fn newest_version() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

/// What the common text leaves to the engine.
const SQLITE_WORDS: &[(&str, &str)] =
    &[("{KEY}", "INTEGER PRIMARY KEY AUTOINCREMENT"), ("{BYTES}", "BLOB"), ("{NO_BYTES}", "X''")];

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
}
