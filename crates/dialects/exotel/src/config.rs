//! What the operator decides about this dialect.

use hub::Limiter;

/// Settings of the dialect.
#[derive(Clone, Debug, Default)]
pub struct ExotelConfig {
    /// Counts the requests of each key, over all dialects.
    pub limiter: Limiter,
    /// Whether anybody may make a customer; otherwise only the operator does.
    pub customer_registration: bool,
}
