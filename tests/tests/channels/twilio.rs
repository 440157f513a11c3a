//! Twilio, there and back: receipts, numbered choices, linking, opting out.

use serde_json::json;
use sim::{Channel, Fault, FaultKind};
use testkit::{run, text_at};

use super::{Street, conversation_of};

#[test]
fn a_customer_with_a_telephone_is_answered_and_reads() {
    run(60, async {
        let street = Street::build().await;
        street.twilio().await;
        let ann = street.sim.customer(Channel::Sms, "+15145550100");
        ann.say("Hello").await.unwrap();
        let told = street.event("conversation:message").await;
        assert_eq!(text_at(told.payload(), "/message/content/text"), "Hello");
        let message = street.answer_text(&conversation_of(&told), "Good morning").await;
        street.sim.wait_for_bubble(&ann, "the answer", |bubble| bubble.text == "Good morning").await.unwrap();
        let accepted = street.event("conversation:message:delivery:channel").await;
        assert_eq!(accepted.payload()["isFinalEvent"], false);
        let arrived = street.event("conversation:message:delivery:user").await;
        assert_eq!(text_at(arrived.payload(), "/message/id"), message);
        assert_eq!(arrived.payload()["isFinalEvent"], true);
        assert_eq!(
            arrived.payload()["externalMessages"],
            accepted.payload()["externalMessages"],
            "both name the same message"
        );
        street.sim.transcript().assert_clean();
    });
}

#[test]
fn a_number_means_a_button() {
    run(60, async {
        let street = Street::build().await;
        street.twilio().await;
        let ann = street.sim.customer(Channel::Sms, "+15145550100");
        ann.say("menu").await.unwrap();
        let conversation = conversation_of(&street.event("conversation:message").await);
        let actions = json!([
            { "type": "reply", "text": "Red", "payload": "RED" },
            { "type": "reply", "text": "Blue", "payload": "BLUE" },
        ]);
        street
            .answer(&conversation, json!({ "type": "text", "text": "Which one?", "actions": actions }))
            .await;
        street
            .sim
            .wait_for_bubble(&ann, "the choices", |bubble| bubble.text.contains("2. Blue"))
            .await
            .unwrap();
        // As it stands there, so it may be typed.
        ann.say("2. Blue").await.unwrap();
        let answers = street.events("conversation:message", 3).await;
        assert_eq!(text_at(answers[2].payload(), "/message/content/payload"), "BLUE");
    });
}

/// The customer has the choices although nobody has told us so: the provider's answer was lost, later
/// attempts fail, the program is killed.
#[test]
fn a_number_means_a_button_before_the_provider_has_answered() {
    run(120, async {
        // Pauses between attempts that are long enough to write in one.
        let change = |builder: testkit::Builder| builder.env("CROSSPOINT_WEBHOOK_RETRY_BASE_MS", "500");
        let mut street = Street::build_with(Default::default(), change).await;
        street.twilio().await;
        let ann = street.sim.customer(Channel::Sms, "+15145550100");
        ann.say("menu").await.unwrap();
        let conversation = conversation_of(&street.event("conversation:message").await);
        let choice = |word: &str| json!({ "type": "reply", "text": word, "payload": word.to_uppercase() });
        let question = |text: &str, words: [&str; 2]| json!({ "type": "text", "text": text, "actions": words.map(choice) });
        street.answer(&conversation, question("Which one?", ["Red", "Blue"])).await;
        street.event("conversation:message:delivery:channel").await;

        let sends = |transcript: &sim::Transcript| {
            transcript.to_provider(sim::Provider::Twilio, "Messages.create").len()
        };
        let faulty = |kind| Fault::new(kind).at(sim::Provider::Twilio).on("Messages.create");
        // Each answer is another text, since a kill may tell an event twice.
        let payload = async |street: &Street, word: &str| {
            ann.say(word).await.unwrap();
            testkit::eventually(20, word, || async {
                let hooks = street.inbox.hooks();
                let is_it = |hook: &&testkit::Hook| hook.payload()["message"]["content"]["text"] == *word;
                hooks.iter().find(is_it).map(|hook| text_at(hook.payload(), "/message/content/payload"))
            })
            .await
        };
        // Refused: the customer has seen nothing of it, so the older question counts.
        street.sim.fault(faulty(FaultKind::ServerError { status: None }));
        street.answer(&conversation, question("How large?", ["Small", "Large"])).await;
        // While a request is under way the customer may have seen it: only a pause between two is sure.
        testkit::eventually(20, "a fourth refusal that was noted", || async {
            let listed = street.app.get("/deliveries").await;
            let waiting = listed["deliveries"].as_array().into_iter().flatten();
            waiting.filter_map(|lane| lane["attempts"].as_u64()).any(|attempts| attempts >= 4).then_some(())
        })
        .await;
        assert_eq!(payload(&street, "2").await, "BLUE");
        street.sim.heal();
        street.events("conversation:message:delivery:channel", 2).await;
        assert_eq!(payload(&street, " 2").await, "LARGE");

        // Taken, and the answer lost; what follows fails.
        street.sim.fault(faulty(FaultKind::LostAnswer).times(1));
        street.sim.fault(faulty(FaultKind::ServerError { status: None }));
        let so_far = sends(&street.sim.transcript());
        street.answer(&conversation, question("How many?", ["One", "Two"])).await;
        street.sim.wait_for("a later attempt", |transcript| sends(transcript) > so_far + 2).await.unwrap();
        assert!(ann.received().iter().any(|bubble| bubble.text.contains("2. Two")));
        street.server.kill9();
        street.server.restart().await;
        assert_eq!(payload(&street, " 2 ").await, "TWO");
        street.sim.heal();
        street.events("conversation:message:delivery:channel", 3).await;
        // Answered once, and the second copy asks nothing new.
        ann.say("1").await.unwrap();
        let plain = testkit::eventually(20, "a plain number", || async {
            let hooks = street.inbox.hooks();
            hooks.into_iter().find(|hook| hook.payload()["message"]["content"]["text"] == "1")
        })
        .await;
        assert_eq!(plain.payload()["message"]["content"].get("payload"), None);
    });
}

#[test]
fn a_number_that_has_never_written_is_linked_and_written_to() {
    run(60, async {
        let street = Street::build().await;
        let integration = street.twilio().await;
        let talk = street.app.talk("customer").await;
        let body = json!({
            "matchCriteria": {
                "type": "twilio", "integrationId": text_at(&integration, "/id"), "phoneNumber": "+1 514 555 0100",
            },
            "confirmation": { "type": "immediate" },
            "target": { "conversationId": talk.conversation },
        });
        let client = street.app.post(&format!("/users/{}/clients", talk.user), body).await;
        assert_eq!(text_at(&client, "/client/status"), "pending");
        let updates = street.events("client:update", 2).await;
        let reasons: Vec<String> = updates.iter().map(|hook| text_at(hook.payload(), "/reason")).collect();
        assert_eq!(reasons, ["matched", "confirmed"]);
        let ann = street.sim.customer(Channel::Sms, "+15145550100");
        street.answer_text(&talk.conversation, "Your parcel has arrived").await;
        street
            .sim
            .wait_for_bubble(&ann, "the message", |bubble| bubble.text.contains("parcel"))
            .await
            .unwrap();
        ann.say("Thank you").await.unwrap();
        let told = street.events("conversation:message", 2).await.remove(1);
        assert_eq!(conversation_of(&told), talk.conversation);
        assert_eq!(text_at(told.payload(), "/message/author/userId"), talk.user);
        street.sim.transcript().assert_clean();
    });
}

#[test]
fn somebody_who_opts_out_is_blocked() {
    run(60, async {
        let street = Street::build().await;
        street.twilio().await;
        let ann = street.sim.customer(Channel::Sms, "+15145550100");
        ann.say("Hello").await.unwrap();
        let conversation = conversation_of(&street.event("conversation:message").await);
        ann.say("STOP").await.unwrap();
        let update = street.event("client:update").await;
        assert_eq!(text_at(update.payload(), "/reason"), "blocked");
        street.answer_text(&conversation, "Wait!").await;
        let failed = street.event("conversation:message:delivery:failure").await;
        assert_eq!(text_at(failed.payload(), "/error/code"), "forbidden");
        assert_eq!(failed.payload()["isFinalEvent"], true);
    });
}

#[test]
fn a_receipt_may_be_faster_than_the_answer() {
    run(60, async {
        let street = Street::build().await;
        street.twilio().await;
        let ann = street.sim.customer(Channel::Sms, "+15145550100");
        ann.say("Hello").await.unwrap();
        let conversation = conversation_of(&street.event("conversation:message").await);
        street.sim.fault(Fault::new(FaultKind::EarlyReceipts));
        street.answer_text(&conversation, "Good morning").await;
        street.event("conversation:message:delivery:user").await;
        let kinds = street.inbox.kinds();
        let at = |kind: &str| kinds.iter().position(|it| it == kind);
        assert!(
            at("conversation:message:delivery:channel") < at("conversation:message:delivery:user"),
            "{kinds:?}"
        );
    });
}
