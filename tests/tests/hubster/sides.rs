//! A customer on several channels, and customers of the other API: who speaks, who hears, which conversation.

use serde_json::{Value, json};
use testkit::{Reply, run, text_at};

use super::scene::refused;
use super::shop::{Direct, Shop, activity};

impl Shop {
    /// The user of a conversation, as the other API names it.
    async fn user_of(&self, conversation: &str) -> String {
        let path = format!("{}/participants", self.core(conversation));
        text_at(&self.server.as_account().get(&path).await.ok(), "/participants/0/userId")
    }

    /// Links a telephone to the customer of a conversation; it is the primary client from then on.
    async fn link(&self, ann: &Direct, telephone: &str) {
        let user = self.user_of(&ann.conversation).await;
        let conversation = model::Id::from_guid(&ann.conversation).unwrap().to_string();
        let telephone = model::Id::from_guid(telephone).unwrap().to_string();
        let link = json!({ "confirmation": { "type": "immediate" }, "target": { "conversationId": conversation },
            "matchCriteria": { "type": "twilio", "integrationId": telephone, "phoneNumber": "+15145550177", "primary": true } });
        let api = self.server.as_account();
        api.post(&format!("{}/users/{user}/clients", self.app()), &link).await.ok();
    }

    async fn says(&self, conversation: &str, text: &str) -> Reply {
        self.send(conversation, None, json!({ "message": { "type": "text", "text": text } })).await
    }

    async fn establish(&self, ann: &Direct) -> Reply {
        let body = json!({ "integrationId": ann.integration, "binding": "b", "channelType": "Direct" });
        self.tenant.engine.post("/api/v1/conversations/establish", &body).await
    }
}

fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

#[test]
fn a_customer_keeps_their_own_side_when_a_telephone_is_linked() {
    run(60, async {
        let shop = Shop::open().await;
        let telephone = shop.twilio().await;
        let ann = shop.direct("ann", false).await;
        shop.says(&ann.conversation, "one").await.ok();
        shop.agents.wait_for(1).await;
        shop.link(&ann, &telephone).await;
        // Whatever is primary at the provider: the business is heard here, too.
        shop.answer(&ann.conversation, text("linked")).await.ok();
        let heard = ann.inbox.wait_for(1).await.remove(0);
        assert_eq!(activity(&heard)["recipient"]["integrationId"], json!(ann.integration));
        let reply = shop.says(&ann.conversation, "two").await.ok();
        assert_eq!(reply["integrationId"], json!(ann.integration));
        let told = shop.agents.wait_for(2).await.remove(1);
        let sender = &activity(&told)["sender"];
        assert_eq!(
            (&sender["integrationId"], &sender["channelType"]),
            (&json!(ann.integration), &json!("Direct"))
        );
        shop.answer(&ann.conversation, text("here")).await.ok();
        ann.inbox.wait_for(2).await;
        // By name, it is the customer on this integration; elsewhere nobody.
        let named = json!({ "message": text("three") });
        shop.send(&ann.conversation, Some(&ann.integration), named.clone()).await.ok();
        let told = shop.agents.wait_for(3).await.remove(2);
        assert_eq!(activity(&told)["eventTrigger"], "message:customer");
        let takeover =
            json!({ "event": { "type": "payload", "payloadType": "hubster.takeover", "payload": {} } });
        refused(shop.send(&ann.conversation, Some(&ann.integration), takeover).await, 400, &[5002]);
        let kept = shop.tenant.engine.get(&format!("/api/v1/conversations/{}", ann.conversation)).await.ok();
        assert_eq!(kept["integrationId"], json!(ann.integration));
        assert_eq!(shop.establish(&ann).await.ok()["conversationId"], json!(ann.conversation));
        // Neither rests nor ends with the telephone.
        shop.pause(&telephone, true).await;
        shop.says(&ann.conversation, "four").await.ok();
        let path = format!("/api/v1/integrations/{telephone}");
        shop.tenant.portal.call("DELETE", &path).send().await.ok();
        shop.says(&ann.conversation, "five").await.ok();
        shop.answer(&ann.conversation, text("still here")).await.ok();
        ann.inbox.wait_for(3).await;
        let list = format!("/api/v1/interactions/activities/{}?type=Agent&leid=0", ann.conversation);
        let list = shop.tenant.engine.get(&list).await.ok();
        let through = |activity: &Value| {
            let side = if activity["eventTrigger"] == "message:customer" { "sender" } else { "recipient" };
            activity[side]["integrationId"] == json!(ann.integration)
        };
        assert!(list.as_array().unwrap().iter().all(through), "{list}");
    });
}

#[test]
fn a_customer_gets_their_own_open_conversation_and_no_other() {
    run(60, async {
        let shop = Shop::open().await;
        let (ann, bob) = (shop.direct("ann", false).await, shop.direct("bob", false).await);
        shop.says(&ann.conversation, "hello").await.ok();
        let (user, other) = (shop.user_of(&ann.conversation).await, shop.user_of(&bob.conversation).await);
        let api = shop.server.as_account();
        let conversations = format!("{}/conversations", shop.app());
        // Newer ones, in which she does not take part through this client, or with others.
        let personal = json!({ "type": "personal", "participants": [{ "userId": user }] });
        api.post(&conversations, &personal).await.ok();
        let group = json!({ "type": "sdkGroup",
            "participants": [{ "userId": user, "subscribeSDKClient": true }, { "userId": other, "subscribeSDKClient": true }] });
        api.post(&conversations, &group).await.ok();
        let again = shop.establish(&ann).await.ok();
        assert_eq!((&again["conversationId"], &again["isNew"]), (&json!(ann.conversation), &json!(false)));
        // An older one that is open counts, too.
        api.post(&format!("{}/close", shop.core(&ann.conversation)), &json!({})).await.ok();
        let second = text_at(&shop.establish(&ann).await.ok(), "/conversationId");
        assert_ne!(second, ann.conversation);
        api.post(&format!("{}/reopen", shop.core(&ann.conversation)), &json!({})).await.ok();
        api.post(&format!("{}/close", shop.core(&second)), &json!({})).await.ok();
        assert_eq!(shop.establish(&ann).await.ok()["conversationId"], json!(ann.conversation));
        // Who is deleted begins anew at once.
        api.call("DELETE", &format!("{}/users/{user}", shop.app())).send().await.ok();
        let anew = shop.establish(&ann).await.ok();
        assert_eq!(anew["isNew"], true);
        assert_ne!(anew["conversationId"], json!(ann.conversation));
        shop.says(&text_at(&anew, "/conversationId"), "hello again").await.ok();
        assert_ne!(shop.user_of(&text_at(&anew, "/conversationId")).await, user);
    });
}

#[test]
fn an_agent_answers_customers_of_the_other_api() {
    run(60, async {
        let shop = Shop::open().await;
        let api = shop.server.as_account();
        let user = api.post(&format!("{}/users", shop.app()), &json!({ "externalId": "zoe" })).await.ok();
        let user = text_at(&user, "/user/id");
        let wish = json!({ "type": "personal", "participants": [{ "userId": user }] });
        let made = api.post(&format!("{}/conversations", shop.app()), &wish).await.ok();
        let core = text_at(&made, "/conversation/id");
        let said = json!({ "author": { "type": "user", "userId": user }, "content": { "type": "text", "text": "Hi" } });
        let messages = format!("{}/conversations/{core}/messages", shop.app());
        api.post(&messages, &said).await.ok();
        let heard = shop.agents.wait_for(1).await.remove(0);
        let conversation = text_at(&heard.body, "/conversationId");
        shop.answer(&conversation, text("Hello")).await.ok();
        let list = api.get(&messages).await.ok();
        assert_eq!(list["messages"][1]["content"]["text"], "Hello");
        // A customer who is on no channel of this API does not speak through it.
        refused(shop.says(&conversation, "me").await, 404, &[6500]);
        let engine = &shop.tenant.engine;
        let shown = engine.get(&format!("/api/v1/conversations/{conversation}")).await.ok();
        assert_eq!(shown["integrationId"], "00000000-0000-0000-0000-000000000000");
        let open = engine.get(&format!("/api/v1/conversations/hubs/{}/established", shop.hub)).await.ok();
        assert_eq!(open[0]["conversationId"], json!(conversation));
    });
}

#[test]
fn what_a_customer_has_seen_the_callback_address_is_told() {
    run(60, async {
        let shop = Shop::open().await;
        let callback = shop.sink.inbox("/callback");
        callback.unchecked();
        let api = shop.server.as_account();
        let path = format!("{}/settings/callback", shop.app());
        api.call("PUT", &path).json(&json!({ "value": callback.url() })).send().await.ok();
        let ann = shop.direct("ann", false).await;
        shop.says(&ann.conversation, "hello").await.ok();
        shop.answer(&ann.conversation, text("here")).await.ok();
        let before = callback.wait_for(1).await.len();
        shop.send(&ann.conversation, None, json!({ "event": { "type": "seen" } })).await.ok();
        let told = callback.wait_for(before + 1).await.remove(before);
        assert_eq!(told.body["CallStatus"], "read");
    });
}

#[test]
fn seats_of_agents_and_bots_are_not_the_other_apis_to_take() {
    run(60, async {
        let shop = Shop::open().await;
        let api = shop.server.as_account();
        let boards = format!("{}/switchboards", shop.app());
        let board = text_at(&api.get(&boards).await.ok(), "/switchboards/0/id");
        let seats = format!("{boards}/{board}/switchboardIntegrations");
        let seat = text_at(&api.get(&seats).await.ok(), "/switchboardIntegrations/0/id");
        for path in [format!("{seats}/{seat}"), format!("{boards}/{board}")] {
            let reply = api.call("DELETE", &path).send().await;
            assert_eq!(reply.status, 403, "{}", reply.text);
        }
        let ann = shop.direct("ann", false).await;
        shop.says(&ann.conversation, "hello").await.ok();
        shop.agents.wait_for(1).await;
        // Nobody hands over to itself.
        let own = json!({ "integrationId": shop.agent });
        let event = json!({ "type": "payload", "payloadType": "hubster.handover", "payload": own });
        let reply = shop.send(&ann.conversation, Some(&shop.agent), json!({ "event": event })).await;
        refused(reply, 400, &[5002]);
    });
}
