//! Ids in the form that each provider gives them, from the simulator's seed.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand::rngs::StdRng;
use rand::{Rng as _, RngCore as _, SeedableRng as _};

/// The source of everything that is drawn.
pub(crate) struct Ids(StdRng);

impl Ids {
    pub(crate) fn new(seed: u64) -> Ids {
        Ids(StdRng::seed_from_u64(seed))
    }

    /// A Twilio id: two letters and 32 hex digits.
    pub(crate) fn twilio(&mut self, kind: &str) -> String {
        format!("{kind}{:032x}", self.0.random::<u128>())
    }

    /// A Messenger message id.
    pub(crate) fn mid(&mut self) -> String {
        let mut bytes = [0; 48];
        self.0.fill_bytes(&mut bytes);
        format!("m_{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What Meta writes into an error, to be found in its logs.
    pub(crate) fn fbtrace(&mut self) -> String {
        let mut bytes = [0; 8];
        self.0.fill_bytes(&mut bytes);
        format!("A{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// A number of so many digits, the first of them not 0.
    pub(crate) fn digits(&mut self, count: u32) -> String {
        let low = 10_u64.pow(count - 1);
        self.0.random_range(low..low * 10).to_string()
    }

    /// A Telegram file id.
    pub(crate) fn file_id(&mut self) -> String {
        let mut bytes = [0; 36];
        self.0.fill_bytes(&mut bytes);
        format!("AgACAgIAAxkB{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// A name for stored bytes that nobody guesses.
    pub(crate) fn token(&mut self) -> String {
        format!("{:032x}", self.0.random::<u128>())
    }

    /// Whether something that happens in this share of cases happens now. It always draws, so that the
    /// run stays the same whatever the share.
    pub(crate) fn happens(&mut self, chance: f64) -> bool {
        self.0.random::<f64>() < chance
    }
}

/// Standard base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _never_fails = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of standard base64.
pub(crate) fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text.trim()).ok()
}
