//! When a webhook is tried again, and when it is given up (decision 29, sunshine-v2.md §9.3).
//!
//! Pure arithmetic: the time and the chance are inputs.

use std::time::{Duration, UNIX_EPOCH};

use hub::outbox::Retries;

use crate::http::{HttpError, HttpErrorKind, Response};

/// How much of a pause the jitter adds at most; it never takes anything away.
const JITTER_MAX: f64 = 0.2;
/// How far `Retry-After` can move an attempt, milliseconds.
const RETRY_AFTER_MAX_MS: i64 = 10 * 60 * 1_000;

/// Pauses of channel sends: doubling from the first to the longest, for about 24 hours (decision 30).
const CHANNEL_PAUSES: Pauses = Pauses::Doubling { first_ms: 1_000, longest_ms: 300_000, count: 296 };
/// Pauses between attempts to tell a provider that an integration is gone: for about 24 hours, too.
const WITHDRAWAL_PAUSES: Pauses = Pauses::Doubling { first_ms: 5_000, longest_ms: 3_600_000, count: 33 };

/// How often, how long and how patiently one form of webhook is delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    pauses: Pauses,
    final_statuses: &'static [u16],
    timeout: Duration,
    base_ms: Option<u64>,
}

/// How long is waited between attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pauses {
    /// These, milliseconds.
    Listed(&'static [u64]),
    /// Each twice the one before, up to the longest.
    Doubling { first_ms: u64, longest_ms: u64, count: u32 },
}

impl Pauses {
    fn count(self) -> u32 {
        match self {
            Pauses::Listed(pauses) => u32::try_from(pauses.len()).unwrap_or(u32::MAX),
            Pauses::Doubling { count, .. } => count,
        }
    }

    /// The pause after attempt number `attempt`, from 1 on.
    fn after(self, attempt: u32) -> Option<u64> {
        let place = attempt.max(1) - 1;
        match self {
            Pauses::Listed(pauses) => pauses.get(usize::try_from(place).ok()?).copied(),
            Pauses::Doubling { count, .. } if place >= count => None,
            Pauses::Doubling { first_ms, longest_ms, .. } => {
                Some(first_ms.saturating_mul(1u64.checked_shl(place).unwrap_or(u64::MAX)).min(longest_ms))
            }
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// An answer with this status and, as it came, its header `Retry-After`.
    Answered {
        /// The HTTP status.
        status: u16,
        /// Seconds or an HTTP date; anything else counts as absent.
        retry_after: Option<&'a str>,
    },
    /// No answer: refused, no connection, no answer in time.
    Unanswered,
    /// The request cannot be made at all, now or later.
    Impossible,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Delivered.
    Done,
    /// Another attempt, not before this Unix time in milliseconds.
    RetryAt(i64),
    /// Given up: to the dead letters.
    Dead,
}

impl RetryPolicy {
    /// Pauses from 1 s to 5 min for about 24 hours, 20 s each attempt; what is final is said by the
    /// channel and not by the status.
    pub fn channel() -> RetryPolicy {
        RetryPolicy {
            pauses: CHANNEL_PAUSES,
            final_statuses: &[],
            timeout: Duration::from_secs(20),
            base_ms: None,
        }
    }

    /// Pauses from 5 s to an hour for about 24 hours, 5 s each attempt.
    pub fn withdrawal() -> RetryPolicy {
        RetryPolicy {
            pauses: WITHDRAWAL_PAUSES,
            final_statuses: &[],
            timeout: Duration::from_secs(5),
            base_ms: None,
        }
    }

    /// With another first pause (`CROSSPOINT_WEBHOOK_RETRY_BASE_MS`); the others keep their ratio to it.
    pub fn with_base_ms(self, base_ms: Option<u64>) -> RetryPolicy {
        RetryPolicy { base_ms, ..self }
    }

    /// How long one attempt may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// How many attempts are made, the first included.
    pub fn attempts_max(&self) -> u32 {
        self.pauses.count().saturating_add(1)
    }

    /// The pause after attempt number `attempt` (the first is 1) without jitter, milliseconds. `None`
    /// after the last.
    pub fn pause_ms(&self, attempt: u32) -> Option<u64> {
        self.pauses.after(attempt).map(|planned| self.scale(planned))
    }

    /// Another pause, in the proportion in which the operator has changed those of the policy;
    /// milliseconds.
    pub fn scaled(&self, planned_ms: u64) -> i64 {
        i64::try_from(self.scale(planned_ms)).unwrap_or(i64::MAX)
    }

    fn scale(&self, planned_ms: u64) -> u64 {
        let (Some(base), Some(first)) = (self.base_ms, self.pauses.after(1)) else { return planned_ms };
        let scaled = u128::from(planned_ms) * u128::from(base) / u128::from(first.max(1));
        u64::try_from(scaled).unwrap_or(u64::MAX)
    }

    /// What follows attempt number `attempt` that failed for a time; `asked_ms` is how long the receiver
    /// wants to be left alone.
    pub fn again(&self, attempt: u32, asked_ms: i64, jitter_unit: f64, now_ms: i64) -> Next {
        match self.pause_ms(attempt) {
            Some(pause) => {
                Next::RetryAt(now_ms.saturating_add(with_jitter(pause, jitter_unit).max(asked_ms)))
            }
            None => Next::Dead,
        }
    }

    /// What follows attempt number `attempt` (the first is 1), whose `outcome` became known at
    /// `now_ms` (Unix milliseconds). `jitter_unit` is a random number from 0 to 1.
    pub fn next(&self, attempt: u32, outcome: &Outcome<'_>, jitter_unit: f64, now_ms: i64) -> Next {
        let asked_ms = match *outcome {
            Outcome::Answered { status: 200..=299, .. } => return Next::Done,
            Outcome::Answered { status, .. } if self.final_statuses.contains(&status) => return Next::Dead,
            Outcome::Impossible => return Next::Dead,
            Outcome::Answered { status: 429 | 503, retry_after: Some(text) } => retry_after_ms(text, now_ms),
            Outcome::Answered { .. } | Outcome::Unanswered => 0,
        };
        self.again(attempt, asked_ms, jitter_unit, now_ms)
    }
}

impl From<Retries> for RetryPolicy {
    fn from(retries: Retries) -> RetryPolicy {
        let Retries { pauses_ms, final_statuses, timeout } = retries;
        RetryPolicy { pauses: Pauses::Listed(pauses_ms), final_statuses, timeout, base_ms: None }
    }
}

impl<'a> From<&'a Result<Response, HttpError>> for Outcome<'a> {
    fn from(sent: &'a Result<Response, HttpError>) -> Outcome<'a> {
        match sent {
            Ok(answer) => {
                Outcome::Answered { status: answer.status.as_u16(), retry_after: answer.retry_after() }
            }
            Err(HttpError { kind: HttpErrorKind::BadUrl, .. }) => Outcome::Impossible,
            Err(_) => Outcome::Unanswered,
        }
    }
}

fn with_jitter(pause_ms: u64, jitter_unit: f64) -> i64 {
    // what is no number adds nothing: NaN as an integer is 0
    let added = (pause_ms as f64 * JITTER_MAX * jitter_unit.clamp(0.0, 1.0)) as u64;
    i64::try_from(pause_ms.saturating_add(added)).unwrap_or(i64::MAX)
}

/// How long the receiver wants to be left alone, 0 to ten minutes in milliseconds.
fn retry_after_ms(text: &str, now_ms: i64) -> i64 {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // more digits than fit are a very long time
        let seconds: i64 = text.parse().unwrap_or(i64::MAX);
        return seconds.saturating_mul(1_000).min(RETRY_AFTER_MAX_MS);
    }
    let Ok(date) = httpdate::parse_http_date(text) else { return 0 };
    let since_epoch = date.duration_since(UNIX_EPOCH).unwrap_or_default();
    let date_ms = i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX);
    date_ms.saturating_sub(now_ms).clamp(0, RETRY_AFTER_MAX_MS)
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;
