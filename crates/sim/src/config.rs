//! How a simulator is started.

use std::net::{Ipv4Addr, SocketAddr};

use serde::{Deserialize, Serialize};

use crate::clock::Clock;

/// How a simulator is started. The default listens on a free port of loopback.
#[derive(Clone, Debug)]
pub struct SimConfig {
    /// Where it listens; an address that is not loopback is refused.
    pub listen: SocketAddr,
    /// The seed of ids and of faults with a chance: the same seed and the same requests in the same
    /// order give the same ids and the same faults.
    pub seed: u64,
    /// How long every provider takes to answer, in milliseconds.
    pub latency_ms: u64,
    /// What becomes of an accepted message on a channel that tells.
    pub receipts: Receipts,
    /// Between an accepted message and its first receipt, in milliseconds.
    pub receipt_delay_ms: u64,
    /// The first pause before a callback is tried again, in milliseconds; it doubles up to a minute.
    pub retry_base_ms: u64,
    /// How often Messenger tries a callback in all. Telegram tries until it is taken, Twilio once.
    pub messenger_tries: u32,
    /// How long a callback may take, in milliseconds.
    pub callback_timeout_ms: u64,
    /// Entries of the transcript that are kept; the oldest go first.
    pub transcript_max: usize,
    /// Whether Telegram's and Messenger's rates are enforced: 1 message a second to a chat and 30 a
    /// second for a bot, 300 a second for a page.
    pub enforce_rates: bool,
    /// Where the time comes from.
    pub clock: Clock,
}

/// How far an accepted message comes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Receipts {
    /// Nothing is ever told.
    None,
    /// Until the provider has passed it on (Twilio's `sent`).
    Sent,
    /// Until the telephone has it.
    Delivered,
    /// Until the customer has read it, where the channel tells.
    Read,
}

impl Default for SimConfig {
    fn default() -> SimConfig {
        SimConfig {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: 1,
            latency_ms: 0,
            receipts: Receipts::Delivered,
            receipt_delay_ms: 20,
            retry_base_ms: 200,
            messenger_tries: 8,
            callback_timeout_ms: 15_000,
            transcript_max: 20_000,
            enforce_rates: false,
            clock: Clock::system(),
        }
    }
}
