//! What providers tell of messages that they have taken: late, in any order, or that they never arrived.

use serde_json::Value;
use sim::{Fault, FaultKind, Receipts, SimConfig};
use testkit::{Hook, run, text_at};

use super::{Line, MESSENGER, SMS, Street, TELEGRAM, WHATSAPP};

const ACCEPTED: &str = "conversation:message:delivery:channel";
const ARRIVED: &str = "conversation:message:delivery:user";
const FAILED: &str = "conversation:message:delivery:failure";
const READ: &str = "conversation:read";

/// A street whose customers read what they get.
async fn readers() -> Street {
    Street::build_with(SimConfig { receipts: Receipts::Read, ..SimConfig::default() }, |builder| builder)
        .await
}

fn messages(hooks: &[Hook]) -> Vec<String> {
    hooks.iter().map(|hook| text_at(hook.payload(), "/message/id")).collect()
}

#[test]
fn the_business_hears_that_the_customer_has_read() {
    run(120, async {
        for line in [MESSENGER, WHATSAPP] {
            let street = readers().await;
            let (_, conversation) = street.begun(line).await;
            let message = street.answer_text(&conversation, "one").await;
            let read = street.event(READ).await;
            let payload: &Value = read.payload();
            assert_eq!(text_at(payload, "/conversation/id"), conversation, "{line:?}");
            assert_eq!(text_at(payload, "/activity/type"), READ, "{line:?}");
            assert_eq!(text_at(payload, "/activity/author/type"), "user", "{line:?}");
            let arrived = street.events(ARRIVED, 1).await;
            assert_eq!(messages(&arrived), [message], "{line:?}");
            street.sim.transcript().assert_clean();
        }
    });
}

/// Text messages and Telegram tell of no reading, however attentive the customer is.
#[test]
fn nothing_is_made_up_where_the_channel_does_not_tell() {
    run(120, async {
        for (line, last) in [(SMS, ARRIVED), (TELEGRAM, ACCEPTED)] {
            let street = readers().await;
            let (_, conversation) = street.begun(line).await;
            street.answer_text(&conversation, "one").await;
            street.answer_text(&conversation, "two").await;
            let told = street.events(last, 2).await;
            assert!(told.iter().all(|hook| hook.payload()["isFinalEvent"] == true), "{line:?}");
            assert_eq!(street.count(READ), 0, "{line:?}");
        }
    });
}

#[test]
fn what_was_taken_and_never_arrives_has_failed() {
    run(120, async {
        for line in [SMS, WHATSAPP] {
            let street = Street::build().await;
            let (_, conversation) = street.begun(line).await;
            street.sim.fault(Fault::new(FaultKind::Undelivered).times(1));
            let lost = street.answer_text(&conversation, "one").await;
            let failed = street.events(FAILED, 1).await;
            assert_eq!(messages(&failed), std::slice::from_ref(&lost), "{line:?}");
            assert_eq!(failed[0].payload()["isFinalEvent"], true, "{line:?}");
            let why = text_at(failed[0].payload(), "/error/message");
            assert!(why.contains("30003"), "{line:?}: {why}");
            let found = street.answer_text(&conversation, "two").await;
            assert_eq!(messages(&street.events(ARRIVED, 1).await), std::slice::from_ref(&found), "{line:?}");
            assert_eq!(messages(&street.events(ACCEPTED, 2).await), [lost, found], "{line:?}");
        }
    });
}

/// Messenger has no word for it: the acceptance is the last that is heard.
#[test]
fn what_messenger_does_not_deliver_stays_accepted() {
    run(60, async {
        let street = Street::build().await;
        let (_, conversation) = street.begun(MESSENGER).await;
        street.sim.fault(Fault::new(FaultKind::Undelivered).times(1));
        let lost = street.answer_text(&conversation, "one").await;
        let accepted = street.events(ACCEPTED, 1).await;
        assert_eq!(messages(&accepted), [lost]);
        assert_eq!(accepted[0].payload()["isFinalEvent"], false);
        let found = street.answer_text(&conversation, "two").await;
        assert_eq!(messages(&street.events(ARRIVED, 1).await), [found]);
        assert_eq!(street.count(FAILED), 0);
    });
}

#[test]
fn a_late_receipt_finds_its_message() {
    run(120, async {
        for line in [MESSENGER, SMS, WHATSAPP] {
            let street = Street::build().await;
            let (_, conversation) = street.begun(line).await;
            street.sim.fault(Fault::new(FaultKind::LateReceipts { ms: 1_000 }).times(1));
            let late = street.answer_text(&conversation, "one").await;
            let prompt = street.answer_text(&conversation, "two").await;
            let mut arrived = messages(&street.events(ARRIVED, 2).await);
            arrived.sort();
            assert_eq!(arrived, [late, prompt], "{line:?}");
            for hook in street.events(ARRIVED, 2).await {
                assert_eq!(hook.payload()["isFinalEvent"], true, "{line:?}");
            }
        }
    });
}

#[test]
fn receipts_in_the_wrong_order_tell_everything_once() {
    run(120, async {
        for (line, reads) in [(MESSENGER, 2), (SMS, 0), (WHATSAPP, 2)] {
            let street = readers().await;
            let (_, conversation) = street.begun(line).await;
            street.sim.fault(Fault::new(FaultKind::OutOfOrderReceipts).times(1));
            let first = street.answer_text(&conversation, "one").await;
            all_told(&street, line, 1).await;
            let second = street.answer_text(&conversation, "two").await;
            street.events(READ, reads).await;
            assert_eq!(messages(&street.events(ARRIVED, 2).await), [first, second], "{line:?}");
            all_told(&street, line, 2).await;
            assert_eq!((street.count(ACCEPTED), street.count(ARRIVED)), (2, 2), "{line:?}");
            assert_eq!((street.count(READ), street.count(FAILED)), (reads, 0), "{line:?}");
        }
    });
}

/// Waits until the provider has told everything of that many messages.
async fn all_told(street: &Street, line: Line, count: usize) {
    let callbacks: &[(&str, usize)] = match (line.provider, line.channel) {
        (sim::Provider::Messenger, _) => {
            &[("message_echoes", 1), ("message_deliveries", 1), ("message_reads", 1)]
        }
        (_, sim::Channel::Whatsapp) => &[("status", 3)],
        _ => &[("status", 2)],
    };
    let told = |transcript: &sim::Transcript| {
        callbacks
            .iter()
            .all(|(operation, each)| transcript.from_provider(line.provider, operation).len() >= each * count)
    };
    street.sim.wait_for("all receipts", told).await.unwrap();
}
