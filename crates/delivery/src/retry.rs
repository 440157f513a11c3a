//! When a webhook is tried again, and when it is given up (decision 29, sunshine-v2.md §9.3).
//!
//! Pure arithmetic: the time and the chance are inputs.

use std::time::{Duration, UNIX_EPOCH};

use crate::http::{HttpError, HttpErrorKind, Response};

/// How much of a pause the jitter adds at most; it never takes anything away.
const JITTER_MAX: f64 = 0.2;
/// How far `Retry-After` can move an attempt, milliseconds.
const RETRY_AFTER_MAX_MS: i64 = 10 * 60 * 1_000;

/// Pauses before the second and the later attempts, milliseconds.
const SUNSHINE_PAUSES_MS: &[u64] = &[15_000, 60_000, 240_000, 600_000];
const HUBSTER_PAUSES_MS: &[u64] = &[120_000, 240_000, 360_000, 480_000, 600_000];
/// Answers that no later attempt would change.
const SUNSHINE_FINAL: &[u16] = &[400, 401, 403, 404, 406];

/// How often, how long and how patiently one form of webhook is delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    pauses_ms: &'static [u64],
    final_statuses: &'static [u16],
    timeout: Duration,
    base_ms: Option<u64>,
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
    /// Five attempts at 0, 15, 75, 315 and 915 s, 20 s each; 400, 401, 403, 404, 406 are final.
    pub fn sunshine() -> RetryPolicy {
        RetryPolicy {
            pauses_ms: SUNSHINE_PAUSES_MS,
            final_statuses: SUNSHINE_FINAL,
            timeout: Duration::from_secs(20),
            base_ms: None,
        }
    }

    /// As [`RetryPolicy::sunshine`] with 15 s each.
    pub fn exotel() -> RetryPolicy {
        RetryPolicy { timeout: Duration::from_secs(15), ..RetryPolicy::sunshine() }
    }

    /// Six attempts at 0, 2, 6, 12, 20 and 30 min, 10 s each; no answer but 2xx is final.
    pub fn hubster() -> RetryPolicy {
        RetryPolicy {
            pauses_ms: HUBSTER_PAUSES_MS,
            final_statuses: &[],
            timeout: Duration::from_secs(10),
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
        u32::try_from(self.pauses_ms.len()).map_or(u32::MAX, |pauses| pauses.saturating_add(1))
    }

    /// The pause after attempt number `attempt` (the first is 1) without jitter, milliseconds. `None`
    /// after the last.
    pub fn pause_ms(&self, attempt: u32) -> Option<u64> {
        let place = usize::try_from(attempt.max(1) - 1).ok()?;
        let (first, planned) = (*self.pauses_ms.first()?, *self.pauses_ms.get(place)?);
        let Some(base) = self.base_ms else { return Some(planned) };
        let scaled = u128::from(planned) * u128::from(base) / u128::from(first.max(1));
        Some(u64::try_from(scaled).unwrap_or(u64::MAX))
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
        match self.pause_ms(attempt) {
            Some(pause) => {
                Next::RetryAt(now_ms.saturating_add(with_jitter(pause, jitter_unit).max(asked_ms)))
            }
            None => Next::Dead,
        }
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
