//! When a call is sent again.

use std::time::{Duration, SystemTime};

use wire::operation::Method;

use crate::clock::unix_seconds;
#[cfg(any(feature = "sunshine", feature = "signalr"))]
use crate::error::Error;

/// When a call is sent again, and after which pause.
///
/// Sent again are, at most as often as `attempts` says:
/// - after 429 and 503: GET, PUT and DELETE, and what carries an idempotency key;
/// - after a broken connection or a time-out: GET, PUT, and what carries an idempotency key; not
///   DELETE, whose repeat would report that the thing is not there.
///
/// The pause is `Retry-After` if the server names one, and otherwise doubles from `pause` on; up to a
/// fifth is added by chance, so that many callers do not come back at once. A server that asks for more
/// than `pause_max` gets no second attempt, and the caller the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often a call is sent at most, the first time included.
    pub attempts: u32,
    /// The first pause.
    pub pause: Duration,
    /// The longest pause.
    pub pause_max: Duration,
}

/// What came of an attempt that may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An answer with this status.
    Answered(u16, Option<Duration>),
    /// No answer.
    Lost,
}

impl Default for Retry {
    /// Four attempts, 250 ms, 30 s.
    fn default() -> Retry {
        Retry { attempts: 4, pause: Duration::from_millis(250), pause_max: Duration::from_secs(30) }
    }
}

impl Retry {
    /// Every call is sent once.
    pub const fn never() -> Retry {
        Retry { attempts: 1, pause: Duration::ZERO, pause_max: Duration::ZERO }
    }

    /// The pause before the next attempt; None when there is none. `chance` is from 0 to 1.
    pub(crate) fn next(
        &self,
        attempt: u32,
        method: Method,
        keyed: bool,
        outcome: Outcome,
        chance: f64,
    ) -> Option<Duration> {
        if attempt >= self.attempts || !is_repeatable(method, keyed, outcome) {
            return None;
        }
        let doubled = self.doubled(attempt);
        let pause = match outcome {
            Outcome::Answered(_, Some(asked)) if asked > self.pause_max => return None,
            Outcome::Answered(_, Some(asked)) => asked.max(doubled),
            Outcome::Answered(_, None) | Outcome::Lost => doubled,
        };
        Some(with_jitter(pause, chance))
    }

    fn doubled(&self, attempt: u32) -> Duration {
        self.pause.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(self.pause_max)
    }
}

/// How often something failed that is tried as long as it may succeed, since it last did.
#[cfg(any(feature = "sunshine", feature = "signalr"))]
#[derive(Debug, Default)]
pub(crate) struct Failures(u32);

#[cfg(any(feature = "sunshine", feature = "signalr"))]
impl Failures {
    /// It succeeded.
    pub(crate) fn forget(&mut self) {
        self.0 = 0;
    }

    /// Takes note of an error. The pause before the next try; None when the error would come again.
    pub(crate) fn pause_after(&mut self, error: &Error, retry: Retry) -> Option<Duration> {
        let asked = match error {
            error if !error.is_temporary() => return None,
            Error::Refused { refusal, .. } => refusal.retry_after,
            _ => None,
        };
        Some(self.pause(retry).max(asked.unwrap_or_default()))
    }

    /// Takes note of a failure without an error: the pause before the next try, longer each time.
    pub(crate) fn pause(&mut self, retry: Retry) -> Duration {
        self.0 = self.0.saturating_add(1);
        // Who never repeats a call still wants to hear what comes; but not from a server that is run over.
        let retry = if retry.pause.is_zero() { Retry::default() } else { retry };
        with_jitter(retry.doubled(self.0), rand::random())
    }
}

/// Up to a fifth longer, so that many callers do not come back at once.
fn with_jitter(pause: Duration, chance: f64) -> Duration {
    pause + pause.mul_f64(0.2 * chance.clamp(0.0, 1.0))
}

fn is_repeatable(method: Method, keyed: bool, outcome: Outcome) -> bool {
    let harmless = keyed || matches!(method, Method::Get | Method::Put);
    match outcome {
        Outcome::Answered(429 | 503, _) => harmless || method == Method::Delete,
        Outcome::Answered(..) => false,
        Outcome::Lost => harmless,
    }
}

/// What a `Retry-After` header asks for: seconds, or a date (RFC 9110 §10.2.3).
pub(crate) fn retry_after(header: &str) -> Option<Duration> {
    if let Ok(seconds) = header.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(header.trim()).ok()?;
    let seconds = date.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    Some(Duration::from_secs(seconds.saturating_sub(unix_seconds())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    const BUSY: Outcome = Outcome::Answered(503, None);
    const RETRY: Retry =
        Retry { attempts: 4, pause: Duration::from_millis(100), pause_max: Duration::from_secs(5) };

    #[test]
    fn a_write_is_repeated_only_with_a_key() {
        use Method::*;
        for (method, keyed, outcome, repeated) in [
            (Get, false, BUSY, true),
            (Put, false, Outcome::Answered(429, None), true),
            (Delete, false, BUSY, true),
            (Delete, false, Outcome::Lost, false),
            (Post, false, BUSY, false),
            (Post, false, Outcome::Lost, false),
            (Patch, false, BUSY, false),
            (Post, true, BUSY, true),
            (Post, true, Outcome::Lost, true),
            (Get, false, Outcome::Lost, true),
            (Get, false, Outcome::Answered(500, None), false),
            (Get, false, Outcome::Answered(404, None), false),
        ] {
            let next = RETRY.next(1, method, keyed, outcome, 0.5);
            assert_eq!(next.is_some(), repeated, "{method:?} {keyed} {outcome:?}");
        }
    }

    #[test]
    fn the_pause_doubles_and_ends() {
        let pauses: Vec<_> =
            (1..=4).map(|attempt| RETRY.next(attempt, Method::Get, false, BUSY, 0.0)).collect();
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(pauses, [ms(100), ms(200), ms(400), None]);
        assert_eq!(Retry::never().next(1, Method::Get, false, BUSY, 0.0), None);
    }

    #[test]
    fn a_header_is_read_in_both_forms() {
        assert_eq!(retry_after(" 120 "), Some(Duration::from_secs(120)));
        let soon = SystemTime::UNIX_EPOCH + Duration::from_secs(unix_seconds() + 100);
        let asked = retry_after(&httpdate::fmt_http_date(soon)).unwrap();
        assert!((95..=100).contains(&asked.as_secs()), "{asked:?}");
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert_eq!(retry_after("soon"), None);
    }

    #[cfg(any(feature = "sunshine", feature = "signalr"))]
    #[test]
    fn what_is_tried_for_ever_is_tried_more_and_more_seldom() {
        let refused = |status, retry_after| {
            let refusal = crate::error::Refusal { status, errors: Vec::new(), request_id: None, retry_after };
            Error::Refused { operation: "X", refusal: Box::new(refusal) }
        };
        let (busy, mut failures) = (refused(503, None), Failures::default());
        let mut within = |retry: Retry, ms: u64| {
            let (least, pause) = (Duration::from_millis(ms), failures.pause_after(&busy, retry).unwrap());
            assert!(pause >= least && pause <= least.mul_f64(1.2), "{pause:?}, not {least:?}");
        };
        for ms in [100, 200, 400, 800, 1600, 3200, 5000, 5000] {
            within(RETRY, ms);
        }
        failures.forget();
        assert!(failures.pause(RETRY) < Duration::from_millis(200));
        assert!(failures.pause(Retry::never()) >= Duration::from_millis(500), "there is always a pause");
        let asked = Some(Duration::from_secs(60));
        assert_eq!(failures.pause_after(&refused(429, asked), RETRY), asked);
        for status in [400, 401, 403, 404, 423] {
            assert_eq!(failures.pause_after(&refused(status, asked), RETRY), None, "{status}");
        }
    }

    proptest! {
        #[test]
        fn it_never_comes_back_before_it_may(
            attempt in 1u32..4, asked in 0u64..10_000, chance in 0.0f64..1.0,
        ) {
            let asked = Duration::from_millis(asked);
            let outcome = Outcome::Answered(429, Some(asked));
            match RETRY.next(attempt, Method::Get, false, outcome, chance) {
                Some(pause) => prop_assert!(pause >= asked && pause <= RETRY.pause_max.mul_f64(1.2)),
                None => prop_assert!(asked > RETRY.pause_max),
            }
        }
    }
}
