//! What the addresses in an app's settings are sent (exotel.md, "What the vendor sends").

use std::time::Duration;

use hub::outbox::{EventRenderer, EventView, Notice as Facts, Retries, Subscriber};
use model::event::EventType;
use model::record::EventForm;
use wire::exotel::notice::Notice;

/// As the standard has it, with 15 s for one attempt.
const RETRIES: Retries = Retries { timeout: Duration::from_secs(15), ..Retries::STANDARD };

const INBOUND: &str = "inbound";
const OUTBOUND: &str = "outbound";
const ACTIVE: &str = "active";
const TERMINAL: &str = "terminal";

/// Writes what happened to messages and conversations in the vendor's words for calls.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoticeRenderer;

impl EventRenderer for NoticeRenderer {
    fn form(&self) -> EventForm {
        EventForm::Exotel
    }

    fn retries(&self) -> Retries {
        RETRIES
    }

    /// The vendor signs nothing.
    fn headers(&self, _: &EventView, _: &Subscriber, _: &[u8]) -> Option<Vec<(&'static str, String)>> {
        Some(Vec::new())
    }

    fn render(&self, event: &EventView, _: &Subscriber) -> Vec<u8> {
        let Some(facts) = &event.notice else { return Vec::new() };
        serde_json::to_vec(&notice(event, facts)).unwrap_or_default()
    }
}

/// What has happened, and whether nothing more follows.
fn state(event: &EventView, facts: &Facts) -> (&'static str, bool) {
    let is_final = event.detail.delivery.as_ref().is_some_and(|delivery| delivery.is_final);
    match event.kind {
        EventType::ConversationMessage => ("queued", false),
        EventType::DeliveryChannel => ("sent", is_final),
        EventType::DeliveryUser => ("delivered", !facts.tells_reading),
        EventType::DeliveryFailure => ("failed", is_final),
        EventType::MessageRead => ("read", true),
        EventType::ConversationOpen => ("opened", false),
        EventType::ConversationUnanswered => ("missed", true),
        _ => ("released", true),
    }
}

fn notice(event: &EventView, facts: &Facts) -> Notice {
    let (status, is_over) = state(event, facts);
    let message = event.message.as_ref().map(|view| &view.message);
    let conversation = event.conversation.as_ref().map(|found| found.id.to_guid()).unwrap_or_default();
    let began = message.map(|message| message.received).or(facts.opened_at).unwrap_or(event.at).to_string();
    let (customer, own) = (facts.customer.clone().unwrap_or_default(), facts.own.clone().unwrap_or_default());
    let direction = if message.is_some() { OUTBOUND } else { INBOUND };
    let (to_number, from_number) =
        if message.is_some() { (customer, own.clone()) } else { (own.clone(), customer) };
    let error = event.detail.error.as_ref();
    Notice {
        kind: "message".to_owned(),
        customer_id: facts.account_id.to_guid(),
        app_id: event.app_id.to_guid(),
        call_sid: message.map_or_else(|| conversation.clone(), |message| message.id.to_guid()),
        exotel_account_sid: facts.carrier_account.clone().unwrap_or_default(),
        dial_whom_number: String::new(),
        app_user_id: facts.responder.clone().unwrap_or_default(),
        virtual_number: own,
        direction: direction.to_owned(),
        call_status: status.to_owned(),
        call_state: if is_over { TERMINAL } else { ACTIVE }.to_owned(),
        to_number,
        from_number,
        total_duration: 0,
        call_recordings: String::new(),
        account_domain: facts.carrier_region.clone().unwrap_or_default(),
        ticket_id: conversation,
        call_detail: error.map(|error| format!("{}: {}", error.code, error.message)).unwrap_or_default(),
        start_time: began.clone(),
        end_time: if is_over { event.at.to_string() } else { String::new() },
        created_at: began,
        updated_at: event.at.to_string(),
    }
}
