//! Plain tables: the same with the indexes that one would give them without measuring, on a message's
//! conversation and on its id. Beside one commit each they are what the design was measured against
//! (docs/decisions/002-messages-without-an-index.md).

use std::io;
use std::path::Path;

use rusqlite::Connection;

const INDEXES: &str = "CREATE INDEX plain_messages_by_conversation ON messages (conversation, k); \
                       CREATE UNIQUE INDEX plain_messages_by_id ON messages (id);";

/// Copies the data directory of a server that does not run, and gives the copy plain tables.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    let database = to.join(store::DATABASE_FILE);
    let connection = Connection::open(database).map_err(io::Error::other)?;
    connection.execute_batch(INDEXES).map_err(io::Error::other)
}
