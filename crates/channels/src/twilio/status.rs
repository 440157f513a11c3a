//! What became of a message of ours (channels.md §5.2).

use model::ErrorCode;
use model::channel::{Inbound, InboundEvent, Person, ReceiptScope, ReceiptState, SendError};

use super::judge;
use super::parse::Form;

/// The receipt, and that the person wants to hear nothing more where the failure says so.
pub(super) fn receipts(form: &Form<'_>, sid: &str) -> Vec<Inbound> {
    let (Some(status), Some(to)) = (form.get("MessageStatus"), form.get("To")) else { return Vec::new() };
    let Some(state) = state(form, status) else { return Vec::new() };
    let code = form.get("ErrorCode").and_then(|code| code.parse().ok());
    let is_blocked = matches!(state, ReceiptState::Failed(_)) && code.is_some_and(judge::is_blocked);
    let inbound = |key: String, event| {
        let person = Person { external_id: to.to_owned(), ..Person::default() };
        Inbound { dedupe_key: key, serial: 0, at: None, person, event }
    };
    let messages = ReceiptScope::Messages(vec![sid.to_owned()]);
    let mut events = vec![inbound(format!("{sid}:{status}"), InboundEvent::Receipt { messages, state })];
    events.extend(is_blocked.then(|| inbound(format!("{sid}:consent"), InboundEvent::Blocked)));
    events
}

/// Why Twilio sends nothing of the account any more, if that is why a message has failed.
pub(super) fn refused(form: &Form<'_>) -> Option<String> {
    let status = form.get("MessageStatus").filter(|status| matches!(*status, "failed" | "undelivered"))?;
    let is_dead = form.get("ErrorCode").and_then(|code| code.parse().ok()).is_some_and(judge::is_dead);
    is_dead.then(|| failure(form, status).message)
}

/// States on the way say nothing that the answer to the send did not.
fn state(form: &Form<'_>, status: &str) -> Option<ReceiptState> {
    match status {
        "delivered" => Some(ReceiptState::Delivered),
        "read" => Some(ReceiptState::Read),
        "failed" | "undelivered" | "canceled" => Some(ReceiptState::Failed(failure(form, status))),
        _ => None,
    }
}

fn failure(form: &Form<'_>, status: &str) -> SendError {
    let code = form.get("ErrorCode").unwrap_or(status);
    let text = form.get("ErrorMessage").or_else(|| form.get("ChannelStatusMessage")).unwrap_or(status);
    let message = if code == text { code.to_owned() } else { format!("{code}: {text}") };
    SendError { code: ErrorCode::UncategorizedError, message }
}
