//! Lists of conversations that have moved on: in other hands, closed, without their integration.

use serde_json::{Value, json};
use testkit::{run, text_at};

use super::scene::refused;
use super::shop::{Shop, texts};

/// The activities of a conversation that concern a side.
async fn of_side(shop: &Shop, conversation: &str, side: &str) -> Vec<Value> {
    let path = format!("/api/v1/interactions/activities/{conversation}?type={side}&leid=0");
    shop.tenant.engine.get(&path).await.ok().as_array().unwrap().clone()
}

fn text(text: &str) -> Value {
    json!({ "message": { "type": "text", "text": text } })
}

#[test]
fn who_got_an_activity_stays_so() {
    run(60, async {
        let shop = Shop::open().await;
        let bot = json!({ "integrationType": "Bot" });
        let bot = text_at(&shop.tenant.integration(&shop.hub, "Direct", "bot", bot).await, "/integrationId");
        let ann = shop.direct("ann", false).await;
        let talk = &ann.conversation;
        shop.send(talk, None, text("one")).await.ok();
        shop.answer(talk, json!({ "type": "text", "text": "I am here" })).await.ok();
        shop.send(talk, None, text("two")).await.ok();
        let before = [of_side(&shop, talk, "Bot").await, of_side(&shop, talk, "Agent").await];
        assert_eq!(before.each_ref().map(|side| texts(side)), [vec!["one"], vec!["I am here", "two"]]);
        assert_eq!(before[0][0]["recipient"]["integrationId"], json!(bot));
        assert_eq!(before[1][1]["recipient"]["integrationId"], json!(shop.agent));
        // Neither closing nor deleting changes what was.
        let close = format!("{}/close", shop.core(talk));
        shop.server.as_account().post(&close, &json!({})).await.ok();
        let portal = &shop.tenant.portal;
        for gone in [&bot, &shop.agent] {
            portal.call("DELETE", &format!("/api/v1/integrations/{gone}")).send().await.ok();
        }
        let after = [of_side(&shop, talk, "Bot").await, of_side(&shop, talk, "Agent").await];
        assert_eq!(after, before);
    });
}

#[test]
fn a_conversation_outlives_its_integration() {
    run(60, async {
        let shop = Shop::open().await;
        let ann = shop.direct("ann", false).await;
        shop.send(&ann.conversation, None, text("one")).await.ok();
        let engine = &shop.tenant.engine;
        let path = format!("/api/v1/conversations/{}", ann.conversation);
        let before = engine.get(&path).await.ok();
        let listed = of_side(&shop, &ann.conversation, "Customer").await;
        let gone = format!("/api/v1/integrations/{}", ann.integration);
        shop.tenant.portal.call("DELETE", &gone).send().await.ok();

        for sender in [None, Some(shop.agent.as_str())] {
            refused(shop.send(&ann.conversation, sender, text("two")).await, 400, &[6502]);
        }
        let takeover =
            json!({ "event": { "type": "payload", "payloadType": "hubster.takeover", "payload": {} } });
        refused(shop.send(&ann.conversation, Some(&shop.agent), takeover).await, 400, &[6502]);
        let mut wanted = before.clone();
        wanted["integration"]["statusId"] = json!(3001);
        assert_eq!(engine.get(&path).await.ok(), wanted);
        let established = engine.get(&format!("{path}/established")).await.ok();
        assert_eq!(established["integrationId"], json!(ann.integration));
        assert_eq!(of_side(&shop, &ann.conversation, "Customer").await, listed);
        let body = json!({ "integrationId": ann.integration, "binding": "b", "channelType": "Direct" });
        refused(engine.post("/api/v1/conversations/establish", &body).await, 404, &[6000]);
    });
}
