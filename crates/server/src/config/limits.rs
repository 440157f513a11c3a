//! How much one key may ask for.

use std::num::NonZeroU32;

/// How much one key may ask for.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitsConfig {
    /// Requests a second that each key may make on average; more are answered with 429. Without
    /// it: any number.
    #[arg(long, value_name = "COUNT")]
    pub rate_limit_per_second: Option<NonZeroU32>,
    /// Requests that a key may make at once after a pause. Without it: those of one second.
    #[arg(long, value_name = "COUNT")]
    pub rate_limit_burst: Option<NonZeroU32>,
}
