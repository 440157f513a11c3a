//! Events of the switchboard (sunshine-v2.md §8.5). They carry no user and no source; the messages
//! that are handed over are in the copy of the one who gets control.

use hub::MessageView;
use model::ErrorCode;
use wire::sunshine::types::{ControlFailurePayload, ControlPayload, EventError, MessageOut};

use super::message::message;
use super::parts::{Look, Parts};
use super::reasons;
use crate::show::content::MediaUrls;

/// The payload of a change of control, or of an offer.
pub(super) fn payload<'a>(
    urls: &dyn MediaUrls,
    parts: &Parts<'a>,
    look: Look,
    history: &'a [MessageView],
) -> ControlPayload<MessageOut<'a>> {
    let handed_over = || history.iter().map(|view| message(urls, parts, view, look)).collect();
    ControlPayload {
        conversation: parts.conversation(),
        metadata: parts.detail.metadata.clone(),
        reason: reasons::control(parts.detail.reason),
        message_history: (!history.is_empty()).then(handed_over),
    }
}

/// The payload of a refused action.
pub(super) fn failure(parts: &Parts<'_>) -> ControlFailurePayload {
    ControlFailurePayload {
        error: error(parts),
        conversation: parts.conversation(),
        metadata: parts.detail.metadata.clone(),
    }
}

/// What went wrong.
pub(super) fn error(parts: &Parts<'_>) -> EventError {
    match &parts.detail.error {
        Some(error) => EventError { code: error.code.to_string(), message: error.message.clone() },
        None => EventError {
            code: ErrorCode::UncategorizedError.to_string(),
            message: "Unknown error".to_owned(),
        },
    }
}
