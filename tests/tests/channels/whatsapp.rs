//! WhatsApp behind Twilio: buttons are contents that are made before.

use serde_json::{Value, json};
use sim::{Channel, Customer, Fault, FaultKind, Provider, Transcript};
use testkit::{Hook, eventually, run, text_at};

use super::{Street, conversation_of};

fn reply(word: &str) -> Value {
    json!({ "type": "reply", "text": word, "payload": word.to_uppercase() })
}

fn question(words: &[&str]) -> Value {
    let actions: Vec<Value> = words.iter().map(|word| reply(word)).collect();
    json!({ "type": "text", "text": "Which one?", "actions": actions })
}

async fn street() -> (Street, Customer, String) {
    let street = Street::build().await;
    street.twilio().await;
    let ann = street.sim.customer(Channel::Whatsapp, "+15145550100");
    ann.say("menu").await.unwrap();
    let conversation = conversation_of(&street.event("conversation:message").await);
    (street, ann, conversation)
}

/// The message of a customer with this text.
async fn said(street: &Street, text: &str) -> Hook {
    eventually(20, text, || async {
        let hooks = street.inbox.hooks();
        hooks.into_iter().find(|hook| hook.payload()["message"]["content"]["text"] == *text)
    })
    .await
}

fn made(transcript: &Transcript) -> usize {
    transcript.to_provider(Provider::Twilio, "Content.create").len()
}

#[test]
fn buttons_are_pressed_and_bring_their_payload_back() {
    run(60, async {
        let (street, ann, conversation) = street().await;
        let replies = question(&["Red", "Blue"]);
        street.answer(&conversation, replies.clone()).await;
        let shown = |bubble: &sim::Bubble| bubble.buttons.len() == 2;
        let bubble = street.sim.wait_for_bubble(&ann, "the buttons", shown).await.unwrap();
        assert_eq!(bubble.text, "Which one?");
        // Who types a label instead is understood, too; no number was shown.
        ann.say("1").await.unwrap();
        assert_eq!(said(&street, "1").await.payload()["message"]["content"].get("payload"), None);
        ann.say("red").await.unwrap();
        assert_eq!(text_at(said(&street, "red").await.payload(), "/message/content/payload"), "RED");
        ann.press("Blue").await.unwrap();
        assert_eq!(text_at(said(&street, "Blue").await.payload(), "/message/content/payload"), "BLUE");
        let actions = json!([
            { "type": "postback", "text": "Help", "payload": "HELP" },
            { "type": "link", "text": "Shop", "uri": "https://a.example/shop" },
        ]);
        street.answer(&conversation, json!({ "type": "text", "text": "Or this?", "actions": actions })).await;
        let shown = |bubble: &sim::Bubble| bubble.text == "Or this?\n\nShop: https://a.example/shop";
        street.sim.wait_for_bubble(&ann, "the other button", shown).await.unwrap();
        ann.press("Help").await.unwrap();
        let told = street.event("conversation:postback").await;
        assert_eq!(text_at(told.payload(), "/postback/payload"), "HELP");
        // Equal buttons are made once.
        street.answer(&conversation, replies).await;
        street.events("conversation:message:delivery:channel", 3).await;
        assert_eq!(made(&street.sim.transcript()), 2);
        street.sim.transcript().assert_clean();
    });
}

#[test]
fn more_buttons_are_a_list_and_too_many_are_numbered() {
    run(60, async {
        let (street, ann, conversation) = street().await;
        street
            .answer(&conversation, question(&["One", "Two", "Three", "Four is a longer row of the list"]))
            .await;
        let shown = |bubble: &sim::Bubble| bubble.buttons.len() == 4;
        let bubble = street.sim.wait_for_bubble(&ann, "the list", shown).await.unwrap();
        ann.press(&bubble.buttons[3].label).await.unwrap();
        let payload = "FOUR IS A LONGER ROW OF THE LIST";
        eventually(20, "the row", || async {
            let hooks = street.inbox.hooks();
            hooks.into_iter().find(|hook| hook.payload()["message"]["content"]["payload"] == payload)
        })
        .await;
        let many: Vec<String> = (0..11).map(|number| format!("Choice {number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        street.answer(&conversation, question(&many)).await;
        let numbered = |bubble: &sim::Bubble| bubble.text.contains("11. Choice 10");
        street.sim.wait_for_bubble(&ann, "the numbers", numbered).await.unwrap();
        assert_eq!(made(&street.sim.transcript()), 1);
        street.sim.transcript().assert_clean();
    });
}

#[test]
fn a_content_that_twilio_does_not_make_is_numbered_and_one_that_fails_is_made_later() {
    run(60, async {
        let (street, ann, conversation) = street().await;
        let broken = Fault::new(FaultKind::ServerError { status: None }).at(Provider::Twilio);
        street.sim.fault(broken.on("Content.create").times(3));
        street.answer(&conversation, question(&["Red", "Blue"])).await;
        let shown = |bubble: &sim::Bubble| bubble.buttons.len() == 2;
        street.sim.wait_for_bubble(&ann, "the buttons", shown).await.unwrap();
        assert_eq!(made(&street.sim.transcript()), 4);
        let refused = Fault::new(FaultKind::ServerError { status: Some(404) }).at(Provider::Twilio);
        street.sim.fault(refused.on("Content.create").times(1));
        street.answer(&conversation, question(&["Small", "Large"])).await;
        let numbered = |bubble: &sim::Bubble| bubble.text == "Which one?\n\n1. Small\n2. Large";
        street.sim.wait_for_bubble(&ann, "the numbers", numbered).await.unwrap();
        ann.say("2").await.unwrap();
        assert_eq!(text_at(said(&street, "2").await.payload(), "/message/content/payload"), "LARGE");
    });
}
