//! What the operator decides about this dialect.

use std::num::NonZeroU32;

/// Settings of the dialect.
#[derive(Clone, Debug, Default)]
pub struct SunshineConfig {
    /// Requests that one key may make, if they are limited.
    pub rate: Option<RateLimit>,
    /// Whether replies show who answered as `author.subtypes` `agent` and `bot`, and ended sessions.
    /// Off, since the Python and Java clients of version 17 fail on them (sunshine-v2.md §12.1).
    pub emit_author_subtypes: bool,
}

/// A limit of requests.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// Requests a second, on average.
    pub per_second: NonZeroU32,
    /// Requests at once.
    pub burst: NonZeroU32,
}
