//! Telegram, there and back.

use serde_json::json;
use sim::Channel;
use testkit::{run, text_at};

use super::{Street, conversation_of};

#[test]
fn a_customer_on_telegram_is_answered() {
    run(60, async {
        let street = Street::build().await;
        let integration = street.telegram().await;
        assert_eq!(integration["username"], "crosspoint_sim_bot");
        assert_eq!(integration["status"], "active");
        let webhook = street.sim.bot_webhook(street.sim.bot().id).expect("a webhook");
        assert!(webhook.url.ends_with(&format!("/hooks/telegram/{}", text_at(&integration, "/id"))));

        let ann = street.sim.customer(Channel::Telegram, "1111111");
        ann.say("Is anybody there?").await.unwrap();
        let told = street.event("conversation:message").await;
        assert_eq!(text_at(told.payload(), "/message/content/text"), "Is anybody there?");
        assert_eq!(text_at(told.payload(), "/message/source/type"), "telegram");
        assert_eq!(text_at(told.payload(), "/message/source/integrationId"), text_at(&integration, "/id"));
        assert_eq!(street.inbox.kinds(), ["conversation:create", "conversation:message"]);

        let conversation = conversation_of(&told);
        let message = street.answer_text(&conversation, "We are!").await;
        street.sim.wait_for_bubble(&ann, "the answer", |bubble| bubble.text == "We are!").await.unwrap();
        let accepted = street.event("conversation:message:delivery:channel").await;
        assert_eq!(text_at(accepted.payload(), "/message/id"), message);
        assert_eq!(text_at(accepted.payload(), "/destination/type"), "telegram");
        assert_eq!(accepted.payload()["isFinalEvent"], true);
        assert!(accepted.payload()["externalMessages"][0]["id"].is_string());
        street.sim.transcript().assert_clean();
    });
}

#[test]
fn buttons_bring_their_payload_back() {
    run(60, async {
        let street = Street::build().await;
        street.telegram().await;
        let ann = street.sim.customer(Channel::Telegram, "1111111");
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
            .wait_for_bubble(&ann, "the question", |bubble| bubble.text.contains("Which"))
            .await
            .unwrap();
        street.event("conversation:message:delivery:channel").await;
        ann.press("Blue").await.unwrap();
        let answers = street.events("conversation:message", 3).await;
        assert_eq!(text_at(answers[2].payload(), "/message/content/payload"), "BLUE");
        assert_eq!(text_at(answers[2].payload(), "/message/content/text"), "Blue");

        let actions = json!([{ "type": "postback", "text": "Buy", "payload": "BUY" }]);
        street.answer(&conversation, json!({ "type": "text", "text": "Done?", "actions": actions })).await;
        street.sim.wait_for_bubble(&ann, "the button", |bubble| bubble.text.contains("Done")).await.unwrap();
        ann.press("Buy").await.unwrap();
        let pressed = street.event("conversation:postback").await;
        assert_eq!(text_at(pressed.payload(), "/postback/payload"), "BUY");
        street.sim.transcript().assert_clean();
    });
}
