//! What the operator decides about this dialect.

use hub::Limiter;

/// Settings of the dialect.
#[derive(Clone, Debug, Default)]
pub struct SunshineConfig {
    /// Counts the requests of each key, over all dialects.
    pub limiter: Limiter,
}
