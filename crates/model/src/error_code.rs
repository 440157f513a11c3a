//! The stable codes of what went wrong, as events and replies tell it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What went wrong, in a word that stays the same (sunshine-v2.md §2.4, channels.md §0.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The provider does not understand the message, or does not show such a thing.
    BadRequest,
    /// The integration's token is refused.
    Unauthorized,
    /// It may not be: the person has opted out, or the caller has no right.
    Forbidden,
    /// The person, or what is named, is not there.
    NotFound,
    /// It contradicts what is there.
    Conflict,
    /// The message is too large.
    PayloadTooLarge,
    /// Too many at once.
    TooManyRequests,
    /// Nothing of the other kinds.
    UncategorizedError,
    /// A link was given up for another one.
    LinkCancelled,
    /// Nobody completed a link in time.
    LinkExpired,
    /// The person has declined a link.
    LinkRefused,
    /// The identity of a link has a client already.
    LinkToExistingClient,
    /// The switchboard does not allow the action now.
    SwitchboardInvalidAction,
    /// The target of an action is nobody to whom control can go.
    SwitchboardInvalidTarget,
}

impl ErrorCode {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            ErrorCode::BadRequest => "bad_request",
            ErrorCode::Unauthorized => "unauthorized",
            ErrorCode::Forbidden => "forbidden",
            ErrorCode::NotFound => "not_found",
            ErrorCode::Conflict => "conflict",
            ErrorCode::PayloadTooLarge => "payload_too_large",
            ErrorCode::TooManyRequests => "too_many_requests",
            ErrorCode::UncategorizedError => "uncategorized_error",
            ErrorCode::LinkCancelled => "link_cancelled",
            ErrorCode::LinkExpired => "link_expired",
            ErrorCode::LinkRefused => "link_refused",
            ErrorCode::LinkToExistingClient => "link_to_existing_client",
            ErrorCode::SwitchboardInvalidAction => "switchboard_invalid_action",
            ErrorCode::SwitchboardInvalidTarget => "switchboard_invalid_target",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
