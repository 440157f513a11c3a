//! Paused means that nothing is lost and nothing goes out, until it is active again; then everything
//! comes, in order (hubster.md §1; decision 33).

use serde_json::json;
use sim::Channel;
use testkit::{Crosspoint, eventually, run, text_at};

use super::events::{Floor, TIME_MAX_S};
use super::scene::{put, refused};
use super::shop::{Shop, archived, texts};

/// How long nothing may come while something is paused. What would come comes at once.
const QUIET_MS: u64 = 300;

#[test]
fn a_paused_number_takes_what_comes_and_holds_both_directions_in_order() {
    run(60, async {
        let shop = Shop::open().await;
        let number = shop.twilio().await;
        let ann = shop.sim.customer(Channel::Sms, "+15145550100");
        ann.say("before").await.unwrap();
        let first = shop.archive.wait_for(1).await.remove(0);
        let conversation = text_at(&first.body, "/conversationId");
        shop.answer(&conversation, json!({ "type": "text", "text": "answer 1" })).await.ok();
        shop.archive.wait_for(2).await;
        shop.sim.wait_for_bubble(&ann, "an answer", |bubble| bubble.text == "answer 1").await.unwrap();

        shop.pause(&number, true).await;
        // The provider is thanked, and what it told is stored.
        for text in ["while it is paused 1", "while it is paused 2"] {
            assert_eq!(ann.say(text).await.unwrap().status, Some(200));
        }
        let stored = shop.activities(&conversation).await;
        assert_eq!(texts(&stored), ["before", "answer 1", "while it is paused 1", "while it is paused 2"]);
        // This API refuses to speak; the other one is taken, and waits.
        let more = json!({ "type": "text", "text": "no" });
        refused(shop.answer(&conversation, more).await, 400, &[6503]);
        for text in ["answer 2", "answer 3"] {
            shop.post(&conversation, json!({ "type": "text", "text": text })).await;
        }
        // Another customer's conversation does not wait for it.
        let customers = json!({ "integrationType": "Customer" });
        let customers = shop.tenant.integration(&shop.hub, "Direct", "customers", customers).await;
        let body = json!({ "integrationId": customers["integrationId"], "binding": "b", "channelType": 1 });
        let other = shop.tenant.engine.post("/api/v1/conversations/establish", &body).await.ok();
        let path = format!("/inbound/customer/v1/direct/activity/{}", text_at(&other, "/conversationId"));
        let said = json!({ "message": { "type": "text", "text": "beside" } });
        shop.tenant.engine.post(&path, &said).await.ok();
        let quiet = archived(&shop.archive.settles_at(3, QUIET_MS).await);
        assert_eq!(texts(&quiet), ["before", "answer 1", "beside"]);
        assert_eq!(ann.received().len(), 1);

        shop.pause(&number, false).await;
        let all = archived(&shop.archive.settles_at(7, QUIET_MS).await);
        assert_eq!(
            texts(&all)[3..],
            ["while it is paused 1", "while it is paused 2", "answer 2", "answer 3"],
            "in order, once each"
        );
        let heard = eventually(20, "the answers", || async {
            let received = ann.received();
            (received.len() == 3).then_some(received)
        });
        let heard: Vec<String> = heard.await.into_iter().map(|bubble| bubble.text).collect();
        assert_eq!(heard, ["answer 1", "answer 2", "answer 3"]);
        shop.sim.transcript().assert_clean();
    });
}

#[test]
fn a_paused_hub_holds_everybody_even_over_a_restart() {
    run(60, async {
        let mut shop = Shop::open().await;
        shop.twilio().await;
        let ann = shop.sim.customer(Channel::Sms, "+15145550100");
        ann.say("before").await.unwrap();
        let first = shop.archive.wait_for(1).await.remove(0);
        let conversation = text_at(&first.body, "/conversationId");
        shop.agents.wait_for(1).await;

        shop.pause_hub(true).await;
        assert_eq!(ann.say("one").await.unwrap().status, Some(200));
        shop.post(&conversation, json!({ "type": "text", "text": "two" })).await;
        let more = json!({ "type": "text", "text": "no" });
        refused(shop.answer(&conversation, more).await, 400, &[6503]);
        shop.server.sigterm();
        shop.server.restart().await;
        assert_eq!(ann.say("three").await.unwrap().status, Some(200));
        shop.archive.settles_at(1, QUIET_MS).await;
        shop.agents.settles_at(1, QUIET_MS).await;
        assert!(ann.received().is_empty());

        shop.pause_hub(false).await;
        let all = archived(&shop.archive.settles_at(4, QUIET_MS).await);
        assert_eq!(texts(&all), ["before", "one", "two", "three"]);
        let heard = shop.agents.settles_at(3, QUIET_MS).await;
        let heard: Vec<String> = heard.iter().map(|it| text_at(&it.body, "/activity/message/text")).collect();
        assert_eq!(heard, ["before", "one", "three"]);
        shop.sim.wait_for_bubble(&ann, "the answer", |bubble| bubble.text == "two").await.unwrap();
    });
}

#[test]
fn a_paused_agent_is_told_afterwards_and_nobody_else_waits() {
    run(60, async {
        let shop = Shop::open().await;
        shop.twilio().await;
        let ann = shop.sim.customer(Channel::Sms, "+15145550100");
        ann.say("one").await.unwrap();
        shop.agents.wait_for(1).await;
        shop.pause(&shop.agent, true).await;
        for text in ["two", "three"] {
            ann.say(text).await.unwrap();
        }
        shop.archive.wait_for(3).await;
        shop.agents.settles_at(1, QUIET_MS).await;
        shop.pause(&shop.agent, false).await;
        let heard = shop.agents.settles_at(3, QUIET_MS).await;
        let heard: Vec<String> = heard.iter().map(|it| text_at(&it.body, "/activity/message/text")).collect();
        assert_eq!(heard, ["one", "two", "three"]);
    });
}

#[test]
fn sockets_that_have_missed_something_in_a_pause_end_with_it() {
    run(TIME_MAX_S, async {
        let server = Crosspoint::start().await;
        let floor = Floor::open(&server).await;
        let ann = floor.establish("ann").await;
        let mut agent = floor.listen(&floor.agents, json!({})).await;
        let mut tab = floor.listen(&floor.customers, json!({ "conversation": ann })).await;
        floor.ask(&ann, "before").await;
        assert_eq!(agent.text().await, "before");
        let agents = format!("/api/v1/integrations/{}", floor.agents);
        let pause =
            async |status: i32| put(&floor.tenant.portal, &agents, &json!({ "statusId": status })).await.ok();
        // Nothing is said in the first pause.
        pause(3002).await;
        pause(3000).await;
        floor.ask(&ann, "between").await;
        assert_eq!(agent.text().await, "between");

        pause(3002).await;
        floor.ask(&ann, "missed").await;
        let id = |guid: &str| model::Id::from_guid(guid).unwrap();
        let path = format!("/v2/apps/{}/conversations/{}/messages", id(&floor.hub), id(&ann));
        let body =
            json!({ "author": { "type": "business" }, "content": { "type": "text", "text": "behind it" } });
        server.as_account().post(&path, &body).await.ok();
        assert_eq!(tab.text().await, "behind it");
        pause(3000).await;
        agent.why_closed().await;
        // Who has missed nothing goes on, and who comes again hears.
        let mut again = floor.listen(&floor.agents, json!({})).await;
        floor.ask(&ann, "after").await;
        assert_eq!(again.text().await, "after");
        floor.answer(&ann, "hello").await;
        assert_eq!(tab.text().await, "hello");
    });
}
