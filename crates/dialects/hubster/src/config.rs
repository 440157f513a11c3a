//! What the operator decides about this dialect.

use std::num::NonZeroU32;

/// Settings of the dialect.
#[derive(Clone, Debug, Default)]
pub struct HubsterConfig {
    /// Requests that one client may make, if they are limited.
    pub rate: Option<RateLimit>,
}

/// A limit of requests.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// Requests a second, on average.
    pub per_second: NonZeroU32,
    /// Requests at once.
    pub burst: NonZeroU32,
}
