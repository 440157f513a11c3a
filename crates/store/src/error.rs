//! What can go wrong in the store.

/// An error of the store. All are internal faults, except [`StoreError::Busy`] (too much load) and
/// [`StoreError::Setting`] (a bad setting).
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The writer's queue is full; try again shortly.
    #[error("the store is busy")]
    Busy,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The data were written by a newer version of the program.
    #[error(
        "the data directory has store version {found}, this program knows {known} at most: start the newer version, or restore a backup made by this one"
    )]
    Newer {
        /// Version found in the store.
        found: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// The bucket of attachments does not do what it is asked at the moment; what it says.
    #[error("the bucket of attachments does not answer: {0}")]
    Away(String),
    /// A setting that cannot be used; the text names it.
    #[error("{0}")]
    Setting(String),
    /// A unique key exists already.
    #[error("a row with the same unique key exists")]
    Duplicate,
    /// A stored value is not what this program writes.
    #[error("a stored value is damaged: {0}")]
    Damaged(String),
    /// A command ended in a panic; it changed nothing.
    #[error("a command failed unexpectedly")]
    Panicked,
    /// The engine failed.
    #[error("the database failed: {0}")]
    Engine(String),
    /// A file could not be read or written.
    #[error("{what}: {source}")]
    File {
        /// What was tried, with the path.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
}

/// Result of the store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        match error.sqlite_error().map(|e| e.extended_code) {
            Some(rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => {
                StoreError::Duplicate
            }
            _ => StoreError::Engine(error.to_string()),
        }
    }
}

/// Logs and counts a row that is left out since it is damaged, so that it stops nobody who does not need it
/// (`crosspoint_damaged_rows_total`, label `kind`).
pub fn note_damage(kind: &'static str, row: i64, why: &str) {
    tracing::error!(kind, row, why, "a stored row is damaged and is left out");
    metrics::counter!("crosspoint_damaged_rows_total", "kind" => kind).increment(1);
}

impl StoreError {
    /// A stored JSON text that this program did not write.
    pub(crate) fn json(column: &str, error: &serde_json::Error) -> StoreError {
        StoreError::Damaged(format!("{column}: {error}"))
    }
}
