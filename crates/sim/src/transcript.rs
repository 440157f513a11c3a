//! Everything that went over the wire, with what was thought of it.

use std::collections::VecDeque;

use serde::Serialize;

use crate::chat::Provider;

/// Which way a request went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// To the provider: a send, a set-up, a download.
    ToProvider,
    /// From the provider: a callback.
    FromProvider,
}

/// What was thought of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "verdict")]
pub enum Verdict {
    /// Right; for a callback: answered with 2xx.
    Accepted,
    /// Wrong; for a callback: not answered with 2xx.
    Refused {
        /// The rule, as a path: `telegram.text.length`.
        rule: &'static str,
        /// For people.
        why: String,
    },
    /// Taken, and failed afterwards for a reason that lies in the request.
    Failed {
        /// The rule.
        rule: &'static str,
        /// For people.
        why: String,
    },
    /// A scripted fault, whatever the request was.
    Fault {
        /// Which.
        fault: &'static str,
    },
}

/// One request and its answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Counts from 1.
    pub number: u64,
    /// When it came or went, in milliseconds.
    pub at_ms: i64,
    /// Which way.
    pub direction: Direction,
    /// Whose API.
    pub provider: Provider,
    /// What it is: `sendMessage`, `Messages.create`, `message`, `status`.
    pub operation: String,
    /// The method.
    pub method: String,
    /// Path and query, secrets masked.
    pub path: String,
    /// Headers, secrets masked.
    pub headers: Vec<(String, String)>,
    /// The body as text; bytes that are no text are counted.
    pub body: String,
    /// Who was written to, where a send says so.
    pub customer: Option<String>,
    /// The answer's status; none while it runs, and when there was no answer.
    pub status: Option<u16>,
    /// The answer's body.
    pub answer: String,
    /// What was thought of it.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// Everything that went over the wire.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    entries: VecDeque<Entry>,
    count: u64,
    max: usize,
}

const BODY_SHOWN_MAX: usize = 8 * 1024;

impl Transcript {
    pub(crate) fn new(max: usize) -> Transcript {
        Transcript { entries: VecDeque::new(), count: 0, max: max.max(1) }
    }

    pub(crate) fn add(&mut self, mut entry: Entry) {
        self.count += 1;
        entry.number = self.count;
        if self.entries.len() == self.max {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + Clone {
        self.entries.iter()
    }

    /// How many requests there were, those that are no longer kept included.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What was sent to a provider's operation.
    pub fn to_provider(&self, provider: Provider, operation: &str) -> Vec<&Entry> {
        self.of(Direction::ToProvider, provider, operation)
    }

    /// The callbacks of one kind.
    pub fn from_provider(&self, provider: Provider, operation: &str) -> Vec<&Entry> {
        self.of(Direction::FromProvider, provider, operation)
    }

    fn of(&self, direction: Direction, provider: Provider, operation: &str) -> Vec<&Entry> {
        let wanted = |entry: &&Entry| {
            entry.direction == direction && entry.provider == provider && entry.operation == operation
        };
        self.entries.iter().filter(wanted).collect()
    }

    /// What the providers refused or could not carry out for a reason that lies in the request.
    pub fn refused(&self) -> Vec<&Entry> {
        let wrong = |entry: &&Entry| {
            entry.direction == Direction::ToProvider
                && matches!(entry.verdict, Verdict::Refused { .. } | Verdict::Failed { .. })
        };
        self.entries.iter().filter(wrong).collect()
    }

    /// Fails a test when a provider refused something.
    ///
    /// # Panics
    /// When something was refused, with all of it.
    #[track_caller]
    pub fn assert_clean(&self) {
        let refused = self.refused();
        assert!(refused.is_empty(), "the providers refused: {refused:#?}");
    }
}

/// A body as text, cut where it is long.
pub(crate) fn shown(body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok(text) if text.len() <= BODY_SHOWN_MAX => text.to_owned(),
        Ok(text) => {
            let end = (0..=BODY_SHOWN_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            format!("{}… ({} bytes)", &text[..end], text.len())
        }
        Err(_) => format!("({} bytes)", body.len()),
    }
}
