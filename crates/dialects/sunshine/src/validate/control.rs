//! The four control actions (sunshine-v2.md §8.5).

use hub::ControlDraft;
use model::event;
use model::switchboard::{Action, Reference};
use wire::sunshine::types::{
    AcceptControlBody, ControlReason, Metadata, OfferControlBody, PassControlBody, ReleaseControlBody,
};

use super::{At, Checked, metadata, one_of, text};

/// A pass.
pub(crate) fn pass(body: PassControlBody) -> Checked<ControlDraft> {
    draft(Action::Pass { target: target(body.switchboard_integration)? }, body.metadata, body.reason)
}

/// An offer.
pub(crate) fn offer(body: OfferControlBody) -> Checked<ControlDraft> {
    draft(Action::Offer { target: target(body.switchboard_integration)? }, body.metadata, None)
}

/// An acceptance.
pub(crate) fn accept(body: AcceptControlBody) -> Checked<ControlDraft> {
    draft(Action::Accept, body.metadata, None)
}

/// A release.
pub(crate) fn release(body: ReleaseControlBody) -> Checked<ControlDraft> {
    draft(Action::Release, body.metadata, body.reason)
}

fn target(name: String) -> Checked<Reference> {
    text::within(&name, 1, usize::MAX).at("switchboardIntegration")?;
    Ok(Reference(name))
}

fn draft(action: Action, metadata: Option<Metadata>, reason: Option<ControlReason>) -> Checked<ControlDraft> {
    metadata::whole(metadata.as_ref())?;
    let reason = match reason {
        None => None,
        Some(ControlReason::TicketClosed) => Some(event::ControlReason::TicketClosed),
        Some(ControlReason::TransferToEmail) => Some(event::ControlReason::TransferToEmail),
        Some(_) => one_of(None, false, ControlReason::KNOWN).at("reason")?,
    };
    let metadata = metadata.filter(|metadata| !metadata.is_empty());
    Ok(ControlDraft { action, metadata, reason })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pass_names_its_target_and_may_say_why() {
        let body =
            json!({ "switchboardIntegration": "next", "metadata": { "a": 1 }, "reason": "ticketClosed" });
        let draft = pass(serde_json::from_value(body).unwrap()).unwrap();
        assert_eq!(draft.action, Action::Pass { target: Reference("next".to_owned()) });
        assert_eq!(draft.reason, Some(event::ControlReason::TicketClosed));
        assert!(draft.metadata.is_some());
    }

    #[test]
    fn wrong_bodies_are_named() {
        let passed = |body| pass(serde_json::from_value(body).unwrap()).unwrap_err().to_string();
        assert_eq!(
            passed(json!({ "switchboardIntegration": "" })),
            "switchboardIntegration: must not be empty"
        );
        assert_eq!(
            passed(json!({ "switchboardIntegration": "a", "reason": "x" })),
            "reason: must be one of ticketClosed, transferToEmail"
        );
        let nested = json!({ "metadata": { "a": {} } });
        assert!(accept(serde_json::from_value(nested.clone()).unwrap()).is_err());
        assert!(release(serde_json::from_value(nested).unwrap()).is_err());
    }
}
