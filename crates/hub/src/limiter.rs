//! How many requests a key may make. One limit holds for a key over all APIs.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

/// A limit of requests.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// Requests a second, on average.
    pub per_second: NonZeroU32,
    /// Requests at once.
    pub burst: NonZeroU32,
}

/// What all who want a token of somebody who does not exist count as together: made-up ids are neither a way
/// around the limit nor remembered.
const NOBODY: &str = "tokens of nobody";

/// Requests between two looks at the keys that can be forgotten.
const FORGET_EVERY: u64 = 4_096;

/// Counts requests by key. Clones share the counts. Keys that have not been used for as long as their whole
/// allowance takes to come back are forgotten.
#[derive(Clone, Debug, Default)]
pub struct Limiter(Option<Arc<Counts>>);

#[derive(Debug)]
struct Counts {
    by_key: DefaultKeyedRateLimiter<String>,
    requests: AtomicU64,
}

impl Limiter {
    /// A limiter; without a limit it lets everything pass.
    pub fn new(rate: Option<RateLimit>) -> Limiter {
        Limiter(rate.map(|RateLimit { per_second, burst }| {
            let by_key = DefaultKeyedRateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst));
            Arc::new(Counts { by_key, requests: AtomicU64::new(0) })
        }))
    }

    /// Counts a request of a key.
    ///
    /// # Errors
    /// The whole seconds after which the next request may come, when this one comes too early.
    pub fn check(&self, key_id: &str) -> Result<(), u64> {
        let Some(Counts { by_key, requests }) = self.0.as_deref() else { return Ok(()) };
        if requests.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            by_key.retain_recent();
            by_key.shrink_to_fit();
        }
        // The limiter knows its keys by value.
        by_key
            .check_key(&key_id.to_owned())
            .map_err(|until| until.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }

    /// Counts an attempt to buy a token that was refused: by the id that it names, spelled in one way, if
    /// there is something of this id. What a right secret buys is not counted: many know the ids, and whoever
    /// guesses must not keep the owner of the secret out.
    ///
    /// # Errors
    /// As [`Limiter::check`].
    pub fn check_refused(&self, known_id: Option<&str>) -> Result<(), u64> {
        self.check_tokens(known_id)
    }

    /// Counts a wish for a token that needs no secret, before it is fulfilled.
    ///
    /// # Errors
    /// As [`Limiter::check`].
    pub fn check_free(&self, known_id: Option<&str>) -> Result<(), u64> {
        self.check_tokens(known_id)
    }

    fn check_tokens(&self, known_id: Option<&str>) -> Result<(), u64> {
        match known_id {
            Some(id) => self.check(&format!("tokens of {id}")),
            None => self.check(NOBODY),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_key_is_counted_for_itself_and_over_clones() {
        // One comes back each second that a busy machine takes: far less than a burst.
        const BURST: u32 = 60;
        let (per_second, burst) = (NonZeroU32::MIN, NonZeroU32::new(BURST).unwrap());
        let limiter = Limiter::new(Some(RateLimit { per_second, burst }));
        let other = limiter.clone();
        // How many pass before one does not: of who is new at least a burst, of who was counted less.
        let passed = |check: &dyn Fn() -> Result<(), u64>| {
            let last = (0..).map(|_| check()).position(|checked| checked.is_err_and(|seconds| seconds >= 1));
            u32::try_from(last.unwrap()).unwrap()
        };
        assert!(passed(&|| limiter.check("a")) >= BURST && passed(&|| other.check("a")) < BURST);
        assert!(other.check("b").is_ok());
        assert!(passed(&|| limiter.check_refused(Some("a"))) >= BURST, "each id for itself");
        assert!(passed(&|| other.check_free(Some("a"))) < BURST);
        assert!(passed(&|| limiter.check_refused(None)) >= BURST);
        assert!(passed(&|| other.check_refused(None)) < BURST, "nobody is one");
        let many = (0..FORGET_EVERY * 2).map(|key| limiter.check(&key.to_string()));
        assert!(many.into_iter().all(|checked| checked.is_ok()));
        assert!(passed(&|| limiter.check("a")) < BURST, "who is still counted is not forgotten");
        assert!((0..1_000).all(|_| Limiter::new(None).check("a").is_ok()));
    }
}
