//! A customer with two channels gets each message once, on the channel that was meant when it was posted,
//! however late a provider takes it.

use serde_json::{Value, json};
use sim::{Customer, Fault, FaultKind, Transcript};
use testkit::{run, text_at};

use super::{Line, SMS, Street, TELEGRAM};

const TAKEN: &str = "conversation:message:delivery:channel";
const FAILED: &str = "conversation:message:delivery:failure";

/// Ann, who is reached on Telegram and by telephone, in one conversation.
struct Ann {
    street: Street,
    on_telegram: Customer,
    by_phone: Customer,
    conversation: String,
    user: String,
    telephone: String,
    /// Messages of hers that the business has heard.
    said: usize,
}

impl Ann {
    /// She has written on Telegram last.
    async fn meet() -> Ann {
        let street = Street::build().await;
        let (on_telegram, conversation) = street.begun(TELEGRAM).await;
        let telephone = text_at(&street.twilio().await, "/id");
        let participants = street.app.get(&format!("/conversations/{conversation}/participants")).await;
        let user = text_at(&participants, "/participants/0/userId");
        let link = json!({
            "matchCriteria": { "type": "twilio", "integrationId": telephone, "phoneNumber": SMS.who },
            "confirmation": { "type": "immediate" },
            "target": { "conversationId": conversation },
        });
        street.app.post(&format!("/users/{user}/clients"), link).await;
        street.events("client:update", 2).await;
        let by_phone = street.sim.customer(SMS.channel, SMS.who);
        let mut ann = Ann { street, on_telegram, by_phone, conversation, user, telephone, said: 1 };
        ann.writes(TELEGRAM).await;
        ann
    }

    /// She writes on a channel, which is the primary one when this returns.
    async fn writes(&mut self, line: Line) {
        let on = if line.provider == TELEGRAM.provider { &self.on_telegram } else { &self.by_phone };
        on.say("It is me").await.unwrap();
        self.said += 1;
        let said = || self.street.inbox.hooks().into_iter().filter(|hook| is_said(hook.payload())).count();
        testkit::eventually(20, "her words", || async { (said() == self.said).then_some(()) }).await;
    }

    /// The provider takes nothing, and has been asked for this message.
    async fn refuses(&self, line: Line, text: &str) {
        let broken = Fault::new(FaultKind::ServerError { status: Some(503) });
        self.street.sim.fault(broken.at(line.provider).on(line.send));
        let asked = |transcript: &Transcript| transcript.to_provider(line.provider, line.send).len();
        let before = asked(&self.street.sim.transcript());
        self.says(text).await;
        self.street.sim.wait_for("an attempt", |transcript| asked(transcript) > before).await.unwrap();
    }

    async fn says(&self, text: &str) {
        self.street.answer_text(&self.conversation, text).await;
    }

    /// What she has got, on Telegram and by telephone.
    fn got(&self) -> [Vec<String>; 2] {
        [&self.on_telegram, &self.by_phone]
            .map(|on| on.received().into_iter().map(|bubble| bubble.text).collect())
    }
}

/// Whether an event tells of a message that the customer has written.
fn is_said(payload: &Value) -> bool {
    payload["message"]["author"]["type"] == "user"
}

#[test]
fn a_message_that_waits_for_one_channel_is_not_lost_when_the_customer_uses_another() {
    run(60, async {
        let mut ann = Ann::meet().await;
        ann.refuses(TELEGRAM, "one").await;
        ann.writes(SMS).await;
        ann.says("two").await;
        ann.street.event(TAKEN).await;
        ann.street.sim.heal();
        ann.street.events(TAKEN, 2).await;
        assert_eq!(ann.got(), [vec!["one"], vec!["two"]]);
        assert_eq!(ann.street.count(FAILED), 0);
    });
}

#[test]
fn what_one_channel_has_sent_is_not_sent_again_by_another_that_was_late() {
    run(60, async {
        let mut ann = Ann::meet().await;
        ann.writes(SMS).await;
        ann.refuses(SMS, "one").await;
        ann.writes(TELEGRAM).await;
        for text in ["two", "three"] {
            ann.says(text).await;
        }
        ann.street.events(TAKEN, 2).await;
        ann.writes(SMS).await;
        ann.street.sim.heal();
        ann.says("four").await;
        // Behind everything that waited for this channel.
        let last = |bubble: &sim::Bubble| bubble.text == "four";
        ann.street.sim.wait_for_bubble(&ann.by_phone, "the last one", last).await.unwrap();
        assert_eq!(ann.got(), [vec!["two", "three"], vec!["one", "four"]]);
        ann.street.events(TAKEN, 4).await;
        assert_eq!(ann.street.count(FAILED), 0);
    });
}

#[test]
fn a_message_for_a_client_that_is_removed_meanwhile_is_told_to_have_failed() {
    run(60, async {
        let ann = Ann::meet().await;
        ann.refuses(TELEGRAM, "one").await;
        let clients = format!("/users/{}/clients", ann.user);
        let listed = ann.street.app.get(&clients).await;
        let found = listed["clients"].as_array().unwrap();
        let client = found.iter().find(|client| client["type"] == "telegram").unwrap();
        ann.street.app.delete(&format!("{clients}/{}", text_at(client, "/id"))).await;
        // An attempt may be under way, which is to be refused, too.
        let told = ann.street.event(FAILED).await;
        ann.street.sim.heal();
        assert_eq!(told.payload()["isFinalEvent"], true);
        assert_eq!(text_at(told.payload(), "/user/id"), ann.user);
        assert_eq!(text_at(told.payload(), "/destination/type"), "telegram");
        let text = text_at(told.payload(), "/error/message");
        assert!(text.contains("takes no part"), "{text}");
        // The other one is the way to her now.
        ann.says("two").await;
        ann.street.event(TAKEN).await;
        assert_eq!(ann.got(), [vec![], vec!["two"]]);
    });
}

#[test]
fn a_customer_is_answered_on_what_is_left_when_an_integration_is_deleted() {
    run(60, async {
        let mut ann = Ann::meet().await;
        ann.writes(SMS).await;
        ann.street.app.delete(&format!("/integrations/{}", ann.telephone)).await;
        ann.says("one").await;
        ann.street.event(TAKEN).await;
        assert_eq!(ann.got(), [vec!["one"], vec![]]);
        let body = json!({
            "author": { "type": "business" }, "content": { "type": "text", "text": "two" },
            "destination": { "integrationType": "twilio" },
        });
        let path = ann.street.app.path(&format!("/conversations/{}/messages", ann.conversation));
        ann.street.app.api.post(&path, &body).await.with_status(400);
    });
}
