//! Takeover and handover through activities are the switchboard's actions (hubster.md §9.9).

use serde_json::{Value, json};
use testkit::{Inbox, run, text_at};

use super::scene::{put, refused};
use super::shop::{Shop, activity};

const QUIET_MS: u64 = 200;

/// The shop with a bot, which is the first to answer, and a second agent.
struct Floor {
    shop: Shop,
    bot: String,
    bots: Inbox,
    second: String,
    seconds: Inbox,
    customers: String,
    conversation: String,
    told: Inbox,
}

impl Floor {
    async fn build() -> Floor {
        let shop = Shop::open().await;
        let inbox = |path: &str| {
            let inbox = shop.sink.inbox(path);
            inbox.unchecked();
            inbox
        };
        let (bots, seconds) = (inbox("/bots"), inbox("/seconds"));
        let bot = json!({ "integrationType": "Bot", "webhookUrl": bots.url() });
        let bot = text_at(&shop.tenant.integration(&shop.hub, "Direct", "bot", bot).await, "/integrationId");
        let second = json!({ "integrationType": "Agent", "webhookUrl": seconds.url() });
        let second =
            text_at(&shop.tenant.integration(&shop.hub, "Direct", "second", second).await, "/integrationId");
        // What the switchboard tells is seen through the other API.
        let told = shop.sink.inbox("/told");
        let triggers = ["switchboard:passControl", "switchboard:offerControl", "switchboard:acceptControl"];
        let ear = json!({ "type": "custom", "displayName": "ear", "webhooks": [{ "target": told.url(), "triggers": triggers }] });
        shop.server.as_account().post(&format!("{}/integrations", shop.app()), &ear).await.ok();
        let ann = shop.direct("ann", false).await;
        let (customers, conversation) = (ann.integration, ann.conversation);
        Floor { shop, bot, bots, second, seconds, customers, conversation, told }
    }

    async fn says(&self, text: &str) {
        let said = json!({ "message": { "type": "text", "text": text } });
        self.shop.send(&self.conversation, None, said).await.ok();
    }

    async fn moves(&self, sender: &str, kind: &str, payload: Value) -> testkit::Reply {
        let event = json!({ "type": "payload", "payloadType": kind, "payload": payload });
        self.shop.send(&self.conversation, Some(sender), json!({ "type": "event", "event": event })).await
    }
}

#[test]
fn a_bot_offers_the_conversation_and_the_agent_takes_it_and_gives_it_back() {
    run(60, async {
        let floor = Floor::build().await;
        let Floor { shop, bot, bots, seconds, told, .. } = &floor;
        floor.says("one").await;
        bots.wait_for(1).await;
        // Handing over to a person is an offer: both hear the customer until it is taken.
        floor.moves(bot, "hubster.handover", json!({ "why": "angry" })).await.ok();
        let hook = shop.agents.wait_for(1).await.remove(0);
        assert_eq!(activity(&hook)["event"]["payload"], json!({ "why": "angry" }));
        assert_eq!(activity(&hook)["eventTrigger"], "event:bot");
        assert_eq!(activity(&hook)["sender"]["integrationId"], json!(bot));
        assert_eq!(activity(&hook)["recipient"]["integrationId"], json!(shop.agent));
        told.wait_for(1).await;
        floor.says("two").await;
        shop.agents.wait_for(2).await;
        bots.wait_for(2).await;
        floor.moves(&shop.agent, "hubster.takeover", json!({})).await.ok();
        // Who loses it hears so.
        let lost = bots.wait_for(3).await.remove(2);
        assert_eq!(activity(&lost)["event"]["payloadType"], "hubster.takeover");
        floor.says("three").await;
        shop.agents.wait_for(3).await;
        bots.settles_at(3, QUIET_MS).await;
        // Taken twice is taken once.
        floor.moves(&shop.agent, "hubster.takeover", json!({})).await.ok();
        // Back to the program at once.
        floor.moves(&shop.agent, "hubster.handover", json!({})).await.ok();
        let back = bots.wait_for(4).await.remove(3);
        assert_eq!(activity(&back)["event"]["payloadType"], "hubster.handover");
        floor.says("four").await;
        bots.wait_for(5).await;
        shop.agents.settles_at(3, QUIET_MS).await;
        let kinds = ["switchboard:offerControl", "switchboard:acceptControl", "switchboard:passControl"];
        told.settles_at(3, QUIET_MS).await;
        assert_eq!(told.kinds(), kinds);
        assert!(seconds.hooks().is_empty());
    });
}

#[test]
fn control_goes_to_whom_is_named_and_an_offer_is_accepted_by_speaking() {
    run(60, async {
        let floor = Floor::build().await;
        let Floor { shop, bot, second, seconds, told, .. } = &floor;
        floor.says("one").await;
        floor.moves(bot, "Hubster.Handover", json!({ "integrationId": second })).await.ok();
        seconds.wait_for(1).await;
        let said = json!({ "message": { "type": "text", "text": "I am here" } });
        shop.send(&floor.conversation, Some(second), said).await.ok();
        floor.says("two").await;
        let heard = seconds.wait_for(2).await.remove(1);
        assert_eq!(activity(&heard)["message"]["text"], "two");
        assert_eq!(told.wait_for(2).await[1].kind(), "switchboard:acceptControl");
        // An agent takes it from another without being asked.
        floor.moves(&shop.agent, "hubster.takeover", json!({})).await.ok();
        assert_eq!(told.wait_for(3).await[2].kind(), "switchboard:passControl");

        // A takeover, as everything else, waits for nobody: it is refused while the customer's side is
        // paused.
        shop.pause(&floor.customers, true).await;
        refused(floor.moves(second, "hubster.takeover", json!({})).await, 400, &[6503]);
        refused(floor.moves(&shop.agent, "hubster.handover", json!({})).await, 400, &[6503]);
        shop.pause(&floor.customers, false).await;

        let nobody = json!({ "integrationId": super::scene::NOBODY });
        refused(floor.moves(bot, "hubster.handover", nobody).await, 404, &[6000]);
        let malformed = json!({ "integrationId": "x" });
        refused(floor.moves(bot, "hubster.handover", malformed).await, 400, &[5020]);
        shop.pause(bot, true).await;
        refused(floor.moves(bot, "hubster.takeover", json!({})).await, 400, &[6503]);
    });
}

#[test]
fn a_bot_on_standby_hears_its_own_echo_and_nothing_else() {
    run(60, async {
        let floor = Floor::build().await;
        let Floor { shop, bot, bots, conversation, .. } = &floor;
        let settings = json!({ "configuration": { "echo": true, "webhookUrl": bots.url() } });
        put(&shop.tenant.portal, &format!("/api/v1/integrations/{bot}"), &settings).await.ok();
        floor.says("one").await;
        bots.wait_for(1).await;
        let event = json!({ "type": "payload", "payloadType": "hubster.takeover", "payload": {} });
        let takeover = json!({ "externalId": "t1", "event": event });
        let taken = shop.send(conversation, Some(&shop.agent), takeover).await.ok();
        let lost = bots.wait_for(2).await.remove(1);
        assert_eq!((&activity(&lost)["externalId"], &taken["externalId"]), (&json!("t1"), &json!("t1")));
        assert_eq!(activity(&lost)["eventId"], taken["eventId"]);
        let said = json!({ "externalId": "b1", "message": { "type": "text", "text": "By the way" } });
        let said = shop.send(conversation, Some(bot), said).await.ok();
        let echo = bots.wait_for(3).await.remove(2);
        assert_eq!(
            (&activity(&echo)["isEcho"], &activity(&echo)["externalId"]),
            (&json!(true), &json!("b1"))
        );
        assert_eq!(activity(&echo)["interactionId"], said["interactionId"]);
        // It has not taken control by it.
        floor.says("two").await;
        let heard = shop.agents.wait_for(1).await.remove(0);
        assert_eq!(activity(&heard)["message"]["text"], "two");
        bots.settles_at(3, QUIET_MS).await;
    });
}
