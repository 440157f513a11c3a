//! How connections are opened. Every pragma of the program stands here.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::Result;

/// Page cache of the writer, KiB. No larger: SQLite looks through all of it at each commit that has split a
/// page of an index (`docs/decisions/010-what-a-callback-costs.md`).
const WRITER_CACHE_KIB: i64 = 16 * 1024;
/// Page cache of one reader, KiB: small, since each reader has its own.
const READER_CACHE_KIB: i64 = 2 * 1024;
/// The log is cut to this many bytes when it starts again from its beginning: what it needs between two
/// checkpoints stays, what it has grown by while a backup was made goes.
const LOG_BYTES_KEPT: i64 = 64 * 1024 * 1024;
/// Statements that a connection keeps prepared.
const STATEMENTS_MAX: usize = 256;

/// The name of the database file in a data directory.
pub const DATABASE_FILE: &str = "crosspoint.db";

/// The database file in a data directory.
pub(crate) fn database_path(data_dir: &Path) -> PathBuf {
    data_dir.join(DATABASE_FILE)
}

/// The connection on which commands run.
pub(crate) fn open_writer(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    configure(&connection, WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // The checkpoint thread does it; an automatic one would stall the writer.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES_KEPT)?;
    // What is deleted is overwritten in the pages that are written anyway. Pages that become free as a whole
    // are not: that would be a write of each.
    connection.pragma_update(None, "secure_delete", "FAST")?;
    Ok(connection)
}

/// A connection to a new file that becomes a copy. It is worth nothing until it is complete, and is then
/// brought to disk at once.
pub(crate) fn open_copy(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "OFF")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    Ok(connection)
}

/// A connection that only reads.
pub(crate) fn open_reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    configure(&connection, READER_CACHE_KIB)?;
    Ok(connection)
}

/// A connection for the checkpoint thread.
pub(crate) fn open_checkpointer(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    configure(&connection, READER_CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(connection)
}

fn configure(connection: &Connection, cache_kib: i64) -> Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // Without it statements are compiled again for each new binding once statistics exist.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
