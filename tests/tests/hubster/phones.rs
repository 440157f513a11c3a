//! Customers on phones: what agents and bots of this API send reaches them, and what they press comes back
//! (hubster.md §5.2, §5.3).

use serde_json::json;
use sim::{ButtonKind, Channel};
use testkit::{run, text_at};

use super::scene::refused;
use super::shop::{Shop, activity, archived};

#[test]
fn a_carousel_reaches_telegram_and_its_button_comes_back() {
    run(60, async {
        let shop = Shop::open().await;
        let telegram = shop.telegram().await;
        let ann = shop.sim.customer(Channel::Telegram, "1111111");
        ann.say("menu").await.unwrap();
        let hook = shop.agents.wait_for(1).await.remove(0);
        let conversation = text_at(&hook.body, "/conversationId");
        assert_eq!(activity(&hook)["sender"]["integrationId"], json!(telegram));
        assert_eq!(activity(&hook)["sender"]["channelType"], "Telegram");
        let carousel = json!({ "type": "carousel", "items": [
            { "title": "Victorious", "content": "A ship", "actions": [
                { "type": "postback", "title": "Board her", "payload": "BOARD" },
                { "type": "link", "title": "More Info", "url": "https://hubster.io" }] }] });
        shop.answer(&conversation, carousel).await.ok();
        let shown = shop
            .sim
            .wait_for_bubble(&ann, "the carousel", |it| it.text.contains("Victorious"))
            .await
            .unwrap();
        let labels: Vec<&str> = shown.buttons.iter().map(|button| button.label.as_str()).collect();
        assert_eq!(labels, ["Board her", "More Info"]);
        ann.press("Board her").await.unwrap();
        let pressed = shop.agents.wait_for(2).await.remove(1);
        assert_eq!(activity(&pressed)["message"], json!({ "type": "text", "text": "BOARD" }));
        assert_eq!(activity(&pressed)["eventTrigger"], "message:customer");
        assert!(activity(&pressed)["interactionId"].is_string());
        let heard = archived(&shop.archive.wait_for(3).await);
        assert_eq!(heard[2]["message"]["text"], "BOARD");
        // It stands in the list as it was told.
        assert_eq!(shop.activities(&conversation).await[2], *activity(&pressed));
        shop.sim.transcript().assert_clean();
    });
}

#[test]
fn a_quick_reply_is_gone_after_use_and_says_its_payload() {
    run(60, async {
        let shop = Shop::open().await;
        shop.telegram().await;
        // What a reply means is known once the provider's answer is stored: this tells it.
        let sent = shop.sink.inbox("/sent");
        let ear = json!({ "type": "custom", "displayName": "ear", "webhooks": [
            { "target": sent.url(), "triggers": ["conversation:message:delivery:channel"] }] });
        shop.server.as_account().post(&format!("{}/integrations", shop.app()), &ear).await.ok();
        let ann = shop.sim.customer(Channel::Telegram, "1111111");
        ann.say("hello").await.unwrap();
        let conversation = text_at(&shop.agents.wait_for(1).await[0].body, "/conversationId");
        let question = json!({ "type": "text", "text": "Select one", "actions": [
            { "type": "reply", "title": "Yes", "payload": "YES" }, { "type": "reply", "title": "No", "payload": "NO" }] });
        shop.answer(&conversation, question).await.ok();
        let shown =
            shop.sim.wait_for_bubble(&ann, "the question", |it| it.text == "Select one").await.unwrap();
        assert!(shown.buttons.iter().all(|button| button.kind == ButtonKind::Reply), "{shown:?}");
        sent.wait_for(1).await;
        ann.press("Yes").await.unwrap();
        let pressed = shop.agents.wait_for(2).await.remove(1);
        assert_eq!(activity(&pressed)["message"], json!({ "type": "text", "text": "YES" }));
        assert_eq!(shop.activities(&conversation).await[2]["message"]["text"], "YES");
    });
}

#[test]
fn somebody_who_opts_out_gets_no_answer() {
    run(60, async {
        let shop = Shop::open().await;
        shop.twilio().await;
        let ann = shop.sim.customer(Channel::Sms, "+15145550100");
        ann.say("hello").await.unwrap();
        let conversation = text_at(&shop.agents.wait_for(1).await[0].body, "/conversationId");
        let answer = json!({ "type": "text", "text": "Good morning" });
        shop.answer(&conversation, answer.clone()).await.ok();
        ann.say("STOP").await.unwrap();
        refused(shop.answer(&conversation, answer.clone()).await, 400, &[6501]);
        ann.say("START").await.unwrap();
        shop.answer(&conversation, answer).await.ok();
    });
}

#[test]
fn the_other_api_answers_a_direct_customer_and_its_form_comes_as_text() {
    run(60, async {
        let shop = Shop::open().await;
        let ann = shop.direct("ann", false).await;
        shop.send(&ann.conversation, None, json!({ "message": { "type": "text", "text": "Hi" } })).await.ok();
        let carousel = json!({ "type": "carousel", "items": [{ "title": "Ship", "description": "Wood", "mediaUrl": "https://a.example/b.png",
            "actions": [{ "type": "postback", "text": "Board", "payload": "B" }] }] });
        for content in [
            json!({ "type": "text", "text": "Yes?", "actions": [{ "type": "reply", "text": "Go", "payload": "GO" }] }),
            carousel,
        ] {
            shop.post(&ann.conversation, content).await;
        }
        let heard = ann.inbox.wait_for(2).await;
        assert_eq!(
            activity(&heard[0])["message"],
            json!({ "type": "text", "text": "Yes?", "actions": [{ "type": "reply", "title": "Go", "payload": "GO" }] })
        );
        assert_eq!(
            activity(&heard[1])["message"],
            json!({ "type": "carousel", "items": [{ "title": "Ship", "content": "Wood", "urlType": "image", "url": "https://a.example/b.png",
                "actions": [{ "type": "postback", "title": "Board", "payload": "B" }] }] })
        );
        assert_eq!(activity(&heard[0])["eventTrigger"], "message:hubster");
        assert_eq!(activity(&heard[0])["recipient"]["integrationId"], json!(ann.integration));
    });
}

#[test]
fn a_text_that_is_a_link_is_what_it_leads_to() {
    run(60, async {
        let shop = Shop::open().await;
        let ann = shop.direct("ann", true).await;
        for (text, kind) in [("https://youtu.be/abc", "youtube"), ("https://a.example/b.png", "image")] {
            let before = ann.inbox.hooks().len();
            shop.send(&ann.conversation, None, json!({ "message": { "type": "text", "text": text } }))
                .await
                .ok();
            let echo = ann.inbox.wait_for(before + 1).await.remove(before);
            assert_eq!(activity(&echo)["message"], json!({ "type": kind, "url": text }));
            assert_eq!(activity(&echo)["isEcho"], true);
        }
        let both = "Look: https://a.example/b.png";
        shop.send(&ann.conversation, None, json!({ "message": { "type": "text", "text": both } })).await.ok();
        let echo = ann.inbox.wait_for(3).await.remove(2);
        let items = json!([{ "type": "image", "url": "https://a.example/b.png" }]);
        assert_eq!(activity(&echo)["message"], json!({ "type": "text", "text": both, "items": items }));
        let seen =
            shop.server.as_account().get(&format!("{}/messages", shop.core(&ann.conversation))).await.ok();
        assert_eq!(seen["messages"][1]["content"]["type"], "image");
        assert_eq!(seen["messages"][2]["content"]["text"], both, "the link is not said twice");
    });
}

#[test]
fn an_agents_typing_is_shown_on_telegram() {
    run(60, async {
        let shop = Shop::open().await;
        shop.telegram().await;
        let ann = shop.sim.customer(Channel::Telegram, "1111111");
        ann.say("hello").await.unwrap();
        let conversation = text_at(&shop.agents.wait_for(1).await[0].body, "/conversationId");
        shop.send(&conversation, Some(&shop.agent), json!({ "event": { "type": "typing_on" } })).await.ok();
        testkit::eventually(20, "a sign of typing", || async {
            let transcript = shop.sim.transcript();
            transcript.entries().any(|entry| entry.operation == "sendChatAction").then_some(())
        })
        .await;
        shop.sim.transcript().assert_clean();
    });
}
