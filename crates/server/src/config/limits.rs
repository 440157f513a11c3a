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
    /// Calls of one key that may wait for events at the same time (wait of ListEvents); more are answered
    /// with 429.
    #[arg(long, value_name = "COUNT", default_value = "100", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub waiting_calls_per_key: u32,
    /// Connections to the API that may be open at the same time, sockets included; more wait until one
    /// ends. Without it: 256 less than the process may have open files, and 10000 at most.
    #[arg(long, value_name = "COUNT")]
    pub connections: Option<NonZeroU32>,
    /// Sockets of one integration that may be open at the same time; more are told so and closed. Without
    /// it: half of the connections, so that no integration takes the places of all others.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub sockets_per_integration: Option<u32>,
    /// Bytes of the largest record that a client may send over a socket.
    #[arg(long, value_name = "BYTES", default_value = "32768", value_parser = clap::value_parser!(u32).range(1_024..=16_777_216))]
    pub socket_record_bytes: u32,
}
