//! What the operator decides about this dialect.

use hub::Limiter;

/// Settings of the dialect.
#[derive(Clone, Debug, Default)]
pub struct SunshineConfig {
    /// Counts the requests of each key, over all dialects.
    pub limiter: Limiter,
    /// Whether replies show who answered as `author.subtypes` `agent` and `bot`, and ended sessions.
    /// Off, since the Python and Java clients of version 17 fail on them (sunshine-v2.md §12.1).
    pub emit_author_subtypes: bool,
}
