//! One message on its way to a provider, and what came of each of its requests.

use channels::{Answer, Recipient, Verdict};
use hub::outbox::{MessageErrand, Outbox, SendPlace};
use model::channel::{Choice, SendError, Shown};
use model::{ErrorCode, Millis};
use std::time::Duration;

use super::file::FileTrouble;
use super::request::PlanError;
use super::set::Opened;
use crate::http::{HttpErrorKind, Response};
use crate::webhooks::{Receiver, Slot, Slots};

/// Attempts for a message whose file cannot be fetched from the author's server: the conversation waits
/// meanwhile, for about half a minute.
const FILE_ATTEMPTS_MAX: u32 = 6;

/// The message, and whom it goes to.
pub(super) struct Job<'a> {
    pub(super) outbox: &'a Outbox,
    pub(super) slots: &'a Slots,
    pub(super) place: SendPlace,
    pub(super) errand: &'a MessageErrand,
    pub(super) opened: Opened<'a>,
    pub(super) timeout: Duration,
}

/// What came of one request.
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    pub(super) sent: Sent,
    /// When it was begun.
    pub(super) at: Millis,
    /// Attempts that the message is worth.
    pub(super) attempts_max: u32,
}

/// Whether the provider has a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// It has not, or has refused it.
    No,
    /// It has taken it.
    Taken,
    /// Nobody knows: it was sent, and the answer was lost or is none.
    Unknown,
}

impl Job<'_> {
    /// Waits for a slot for one request to the provider.
    pub(super) async fn slot(&self) -> Slot {
        self.slots.take(Receiver::Channel(self.opened.channel.descriptor().kind)).await
    }

    /// Nothing was sent, since the provider does not work.
    pub(super) fn waits(&self, after_ms: Option<i64>, why: &str) -> Judged {
        let reason = format!("the provider has not answered before, and does not now: {why}");
        let verdict = Verdict::Retry { after_ms, reason };
        Judged { verdict, sent: Sent::No, at: self.outbox.now(), attempts_max: u32::MAX }
    }

    /// What came of a request that was begun at a moment.
    pub(super) fn judged(&self, sent: Result<Response, PlanError>, at: Millis) -> Judged {
        let judged = |verdict, sent| Judged { verdict, sent, at, attempts_max: u32::MAX };
        match sent {
            Ok(answer) => {
                let told = Answer { status: answer.status, headers: &answer.headers, body: &answer.body };
                let account = self.opened.account();
                let verdict =
                    self.opened.channel.judge(&account, Recipient::from(&self.errand.client), &told);
                let sent = match verdict {
                    Verdict::Accepted(_) => Sent::Taken,
                    Verdict::Retry { .. } if answer.status.is_success() => Sent::Unknown,
                    _ => Sent::No,
                };
                judged(verdict, sent)
            }
            Err(PlanError::File(error)) => {
                let verdict = match error.trouble {
                    FileTrouble::Lasting => {
                        Verdict::Permanent(error_of(ErrorCode::BadRequest, &error.to_string()))
                    }
                    _ => Verdict::Retry { after_ms: None, reason: error.to_string() },
                };
                let is_passing = error.trouble == FileTrouble::Passing;
                let attempts_max = if is_passing { FILE_ATTEMPTS_MAX } else { u32::MAX };
                Judged { attempts_max, ..judged(verdict, Sent::No) }
            }
            Err(PlanError::Http(error)) => {
                let sent = if error.kind.is_before_sending() { Sent::No } else { Sent::Unknown };
                let is_hopeless = matches!(error.kind, HttpErrorKind::BadUrl | HttpErrorKind::TooLarge);
                let verdict = match is_hopeless {
                    true => Verdict::Permanent(error_of(ErrorCode::BadRequest, &error.to_string())),
                    false => Verdict::Retry { after_ms: None, reason: error.to_string() },
                };
                judged(verdict, sent)
            }
        }
    }
}

/// An error as events tell it.
pub(super) fn error_of(code: ErrorCode, message: &str) -> SendError {
    SendError { code, message: message.to_owned() }
}

/// Choices as somebody sees them who gets buttons in the place of the numbered lines.
pub(super) fn as_buttons(choices: &[Choice]) -> Vec<Choice> {
    let shown = |choice: &Choice| match choice.shown {
        Shown::Numbered => Shown::Button,
        shown => shown,
    };
    choices.iter().map(|choice| Choice { shown: shown(choice), ..choice.clone() }).collect()
}
