//! What goes wrong on purpose.

use serde::{Deserialize, Serialize};

use crate::chat::Provider;

/// A fault and where it strikes. The first armed fault that fits strikes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// What happens.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// Only at this provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Provider>,
    /// Only at this operation: `sendMessage`, `Messages.create`, `me/messages`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Only for what goes to this customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// How often; absent: until it is taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// In which share of cases, between 0 and 1, drawn from the seed.
    #[serde(default = "always")]
    pub chance: f64,
}

fn always() -> f64 {
    1.0
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FaultKind {
    /// Refused for going too fast.
    RateLimit {
        /// What `Retry-After` or `retry_after` says; absent: it does not say.
        retry_after_s: Option<u32>,
    },
    /// The provider is broken.
    ServerError {
        /// 500 when absent.
        status: Option<u16>,
    },
    /// Answers late.
    Slow {
        /// By how much.
        ms: u64,
    },
    /// Accepts the connection, reads, never answers.
    Hang,
    /// Closes the connection after reading; nothing was done.
    Reset,
    /// Does what was asked and closes the connection instead of answering.
    LostAnswer,
    /// The credentials no longer hold.
    DeadToken,
    /// The customer wants to hear nothing.
    BlockedUser,
    /// The sender is not ours (Twilio).
    NumberNotOwned,
    /// The time to answer is over (Messenger, WhatsApp).
    WindowClosed,
    /// Taken, and never delivered (channels with receipts).
    Undelivered,
    /// Receipts come later.
    LateReceipts {
        /// By how much.
        ms: u64,
    },
    /// Receipts come in reverse.
    OutOfOrderReceipts,
    /// Receipts come before the answer to the send.
    EarlyReceipts,
    /// Callbacks come twice.
    DuplicateCallback,
    /// Callbacks are signed with another key.
    BadSignature,
}

impl FaultKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            FaultKind::RateLimit { .. } => "rateLimit",
            FaultKind::ServerError { .. } => "serverError",
            FaultKind::Slow { .. } => "slow",
            FaultKind::Hang => "hang",
            FaultKind::Reset => "reset",
            FaultKind::LostAnswer => "lostAnswer",
            FaultKind::DeadToken => "deadToken",
            FaultKind::BlockedUser => "blockedUser",
            FaultKind::NumberNotOwned => "numberNotOwned",
            FaultKind::WindowClosed => "windowClosed",
            FaultKind::Undelivered => "undelivered",
            FaultKind::LateReceipts { .. } => "lateReceipts",
            FaultKind::OutOfOrderReceipts => "outOfOrderReceipts",
            FaultKind::EarlyReceipts => "earlyReceipts",
            FaultKind::DuplicateCallback => "duplicateCallback",
            FaultKind::BadSignature => "badSignature",
        }
    }

    /// When it has its say.
    fn stage(self) -> Stage {
        match self {
            FaultKind::Undelivered
            | FaultKind::LateReceipts { .. }
            | FaultKind::OutOfOrderReceipts
            | FaultKind::EarlyReceipts => Stage::Receipts,
            FaultKind::DuplicateCallback | FaultKind::BadSignature => Stage::Callback,
            FaultKind::BlockedUser | FaultKind::NumberNotOwned | FaultKind::WindowClosed => Stage::Send,
            _ => Stage::Request,
        }
    }
}

/// When a fault has its say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// A request comes in.
    Request,
    /// A request that would send something comes in.
    Send,
    /// An accepted message's receipts are planned.
    Receipts,
    /// A callback goes out.
    Callback,
}

/// What a fault is compared with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Occasion<'a> {
    pub(crate) provider: Provider,
    pub(crate) operation: &'a str,
    pub(crate) customer: Option<&'a str>,
}

impl Fault {
    /// A fault that strikes everywhere and always.
    pub fn new(kind: FaultKind) -> Fault {
        Fault { kind, provider: None, operation: None, customer: None, times: None, chance: 1.0 }
    }

    /// Only at this provider.
    #[must_use]
    pub fn at(mut self, provider: Provider) -> Fault {
        self.provider = Some(provider);
        self
    }

    /// Only at this operation.
    #[must_use]
    pub fn on(mut self, operation: &str) -> Fault {
        self.operation = Some(operation.to_owned());
        self
    }

    /// Only for this customer.
    #[must_use]
    pub fn to(mut self, customer: &str) -> Fault {
        self.customer = Some(customer.to_owned());
        self
    }

    /// Only so often.
    #[must_use]
    pub fn times(mut self, times: u32) -> Fault {
        self.times = Some(times);
        self
    }

    /// Only in this share of cases.
    #[must_use]
    pub fn chance(mut self, chance: f64) -> Fault {
        self.chance = chance;
        self
    }

    pub(crate) fn fits(&self, stage: Stage, occasion: Occasion<'_>) -> bool {
        let is_send = occasion.customer.is_some();
        self.kind.stage() == stage
            && (stage != Stage::Send || is_send)
            && self.times != Some(0)
            && self.provider.is_none_or(|provider| provider == occasion.provider)
            && self.operation.as_deref().is_none_or(|operation| operation == occasion.operation)
            && self.customer.as_deref().is_none_or(|customer| Some(customer) == occasion.customer)
    }
}
