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
    let applied = sqlite_applied(connection, found)?;
    for migration in MIGRATIONS.iter().filter(|migration| !applied.contains(&migration.version)) {
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
