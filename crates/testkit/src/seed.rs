//! Randomness that a failure can repeat.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// The seed of a round: `CROSSPOINT_TEST_SEED` when it is set, otherwise drawn. Print it, so that a
/// failure can be run again.
pub fn draw() -> u64 {
    match std::env::var("CROSSPOINT_TEST_SEED") {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("CROSSPOINT_TEST_SEED={text} is not a number")),
        Err(_) => rand::rng().random_range(0..1_000_000_000),
    }
}

/// A generator that gives the same row for the same seed.
pub fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// A text of `chars` characters, most of them outside ASCII, without control characters.
pub fn text(rng: &mut StdRng, chars: usize) -> String {
    const ALPHABET: [char; 12] = ['a', 'Z', '7', ' ', 'ß', 'é', '中', 'я', '✓', '🙂', '"', '\\'];
    (0..chars).map(|_| ALPHABET[rng.random_range(0..ALPHABET.len())]).collect()
}
