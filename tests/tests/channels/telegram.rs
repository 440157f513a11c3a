//! Telegram, there and back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sim::{Action, Channel, Provider};
use testkit::{run, text_at};

use super::{Street, TELEGRAM, conversation_of, knock};

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

#[test]
fn a_press_says_the_label_where_the_app_wants_it() {
    run(60, async {
        let street = Street::build().await;
        street.app.patch("", json!({ "settings": { "echoPostback": true } })).await;
        let (ann, conversation) = street.begun(TELEGRAM).await;
        let buy = |text: &str, shelf: i64| {
            let metadata = json!({ "shelf": shelf });
            json!({ "type": "postback", "text": text, "payload": "BUY", "metadata": metadata })
        };
        let plain = json!({ "type": "postback", "text": "Help me", "payload": "HELP" });
        let actions = json!([plain, buy("Red ones", 1), buy("Blue ones", 2)]);
        street.answer(&conversation, json!({ "type": "text", "text": "Well?", "actions": actions })).await;
        street.sim.wait_for_bubble(&ann, "the buttons", |bubble| bubble.text == "Well?").await.unwrap();
        for (number, (label, payload, metadata)) in [
            ("Help me", "HELP", None),
            ("Blue ones", "BUY", Some(json!({ "shelf": 2 }))),
            ("Red ones", "BUY", Some(json!({ "shelf": 1 }))),
        ]
        .into_iter()
        .enumerate()
        {
            ann.press(label).await.unwrap();
            let pressed = street.events("conversation:postback", number + 1).await.remove(number);
            let pressed = &pressed.payload()["postback"];
            assert_eq!((&pressed["payload"], pressed.get("metadata")), (&json!(payload), metadata.as_ref()));
            let said = street.events("conversation:message", number + 3).await.remove(number + 2);
            let content = &said.payload()["message"]["content"];
            assert_eq!((&content["text"], &content["payload"]), (&json!(label), &json!(payload)));
        }
        street.sim.transcript().assert_clean();
    });
}

#[test]
fn a_picture_that_telegram_does_not_get_by_its_address_is_uploaded() {
    run(60, async {
        let street = Street::build().await;
        let (ann, conversation) = street.begun(TELEGRAM).await;
        // Six megabytes, on somebody else's server.
        let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &vec![0; 6 << 20]].concat();
        let data = Some(STANDARD.encode(png));
        let large = Action::Media { data, content_type: Some("image/png".into()), name: None, caption: None };
        let other = street.sim.customer(Channel::Messenger, "7000000000000001");
        let _nobody_is_told = other.act(large).await;
        let place = other.bubbles().pop().expect("a picture").media[0].url.clone();
        let url = format!("{}{place}", street.sim.url());
        street.answer(&conversation, json!({ "type": "image", "mediaUrl": url, "text": "our shop" })).await;
        street.event("conversation:message:delivery:channel").await;
        let shown = ann.received().pop().expect("a message");
        assert_eq!((shown.text.as_str(), shown.media.len()), ("our shop", 1));
        assert_eq!(street.sim.transcript().to_provider(Provider::Telegram, "sendPhoto").len(), 2);
    });
}

#[test]
fn a_group_is_asked_for_its_place_in_words() {
    run(60, async {
        let street = Street::build().await;
        street.telegram().await;
        let group = street.sim.customer(Channel::Telegram, "-4001234");
        group.say("Hello all").await.unwrap();
        let conversation = conversation_of(&street.event("conversation:message").await);
        let actions = json!([{ "type": "locationRequest", "text": "Where are you?" }]);
        street.answer(&conversation, json!({ "type": "text", "text": "Well?", "actions": actions })).await;
        street.event("conversation:message:delivery:channel").await;
        assert_eq!(group.received()[0].text, "Well?\n\nWhere are you?");
        street.sim.transcript().assert_clean();
    });
}

#[test]
fn a_moving_sticker_is_a_picture_or_its_emoji() {
    run(60, async {
        let street = Street::build().await;
        let integration = street.telegram().await;
        let secret = street.sim.bot_webhook(street.sim.bot().id).expect("a webhook").secret_token;
        let path = format!("/hooks/telegram/{}", text_at(&integration, "/id"));
        let update = json!({ "update_id": 7, "message": { "message_id": 1, "date": 1_700_000_000,
            "chat": { "id": 1_111_111, "type": "private", "first_name": "Ann" },
            "sticker": { "file_id": "S", "is_animated": true, "emoji": "😀" } } });
        let taken = knock(&street, "POST", &path, &update.to_string(), secret.as_deref()).await;
        assert_eq!(taken.0, 200);
        let told = street.event("conversation:message").await;
        let content = &told.payload()["message"]["content"];
        assert_eq!((&content["type"], &content["text"]), (&json!("text"), &json!("😀")));
    });
}

#[test]
fn an_old_button_does_not_open_a_conversation_that_is_over() {
    run(60, async {
        let street = Street::build().await;
        let settings = json!({ "multiConvoEnabled": true, "disableConversationReopen": true });
        street.app.patch("", json!({ "settings": settings })).await;
        let (ann, over) = street.begun(TELEGRAM).await;
        let actions = json!([{ "type": "postback", "text": "Buy", "payload": "BUY" }]);
        street.answer(&over, json!({ "type": "text", "text": "Done?", "actions": actions })).await;
        street.sim.wait_for_bubble(&ann, "the button", |bubble| bubble.text.contains("Done")).await.unwrap();
        let close = street.app.path(&format!("/conversations/{over}/close"));
        street.app.api.post_nothing(&close).await.ok();
        ann.press("Buy").await.unwrap();
        let begun = street.events("conversation:create", 2).await;
        let next = conversation_of(&begun[1]);
        assert_ne!(next, over);
        let pressed = street.event("conversation:postback").await;
        assert_eq!(conversation_of(&pressed), next);
        // What is written behind it goes there, too.
        ann.say("Did it work?").await.unwrap();
        let said = street.events("conversation:message", 3).await;
        assert_eq!(conversation_of(&said[2]), next);
        street.sim.transcript().assert_clean();
    });
}

#[test]
fn a_group_that_becomes_a_supergroup_is_followed() {
    run(60, async {
        let street = Street::build().await;
        street.telegram().await;
        let group = street.sim.customer(Channel::Telegram, "-4001234");
        group.say("Hello all").await.unwrap();
        let told = street.event("conversation:message").await;
        let conversation = conversation_of(&told);
        let user = text_at(told.payload(), "/message/author/userId");
        group.act(Action::Upgrade { silently: false }).await.unwrap();
        let supergroup = street.sim.supergroup(&group).unwrap();
        supergroup.say("Still here").await.unwrap();
        let told = street.events("conversation:message", 2).await;
        assert_eq!(conversation_of(&told[1]), conversation);
        assert_eq!(text_at(told[1].payload(), "/message/content/text"), "Still here");
        street.answer_text(&conversation, "Hello to you").await;
        street
            .sim
            .wait_for_bubble(&supergroup, "the answer", |bubble| bubble.text == "Hello to you")
            .await
            .unwrap();
        let clients = street.app.get(&format!("/users/{user}/clients")).await;
        assert_eq!(text_at(&clients, "/clients/0/externalId"), supergroup.key().customer);
        assert_eq!(street.count("conversation:create"), 1);
        street.sim.transcript().assert_clean();
    });
}

#[test]
fn a_message_to_a_group_that_has_become_a_supergroup_is_sent_there_once() {
    run(60, async {
        let street = Street::build().await;
        street.telegram().await;
        let group = street.sim.customer(Channel::Telegram, "-4001234");
        group.say("Hello all").await.unwrap();
        let conversation = conversation_of(&street.event("conversation:message").await);
        group.act(Action::Upgrade { silently: true }).await.unwrap();
        let supergroup = street.sim.supergroup(&group).unwrap();
        let message = street.answer_text(&conversation, "Are you there?").await;
        let accepted = street.event("conversation:message:delivery:channel").await;
        assert_eq!(text_at(accepted.payload(), "/message/id"), message);
        let id = text_at(accepted.payload(), "/externalMessages/0/id");
        assert!(id.starts_with(&supergroup.key().customer), "{id}");
        let sends = || street.sim.transcript().to_provider(Provider::Telegram, "sendMessage").len();
        assert_eq!((sends(), supergroup.received().len()), (2, 1));
        // The next one knows the way, and so does whoever answers.
        street.answer_text(&conversation, "Hello?").await;
        street.events("conversation:message:delivery:channel", 2).await;
        assert_eq!((sends(), supergroup.received().len(), group.received().len()), (3, 2, 0));
        supergroup.say("Yes").await.unwrap();
        let told = street.events("conversation:message", 4).await;
        assert_eq!(conversation_of(&told[3]), conversation);
        assert_eq!(street.count("conversation:message:delivery:failure"), 0);
    });
}
