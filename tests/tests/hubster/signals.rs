//! Events of activities: they reach the other side, and nobody keeps them (hubster.md §5.4); commands that
//! agents write (§5.6).

use serde_json::{Value, json};
use testkit::{Hook, run, text_at};

use super::scene::refused;
use super::shop::{Shop, activity};

/// How long nothing may come that should not. What would come comes at once.
const QUIET_MS: u64 = 200;

fn event(hook: &Hook) -> &Value {
    &activity(hook)["event"]
}

#[test]
fn events_reach_the_other_side_and_nobody_keeps_them() {
    run(60, async {
        let shop = Shop::open().await;
        let ann = shop.direct("ann", false).await;
        shop.send(&ann.conversation, None, json!({ "message": { "type": "text", "text": "Hi" } })).await.ok();
        shop.agents.wait_for(1).await;
        let payload =
            json!({ "type": "payload", "payloadType": "cart", "payload": { "Items": 2, "none": null } });
        // The newest form, without the activity's type, and the two older ones.
        for (said, wanted) in [
            (
                json!({ "type": "event", "event": { "type": "typing_on" }, "externalId": "mine" }),
                json!({ "type": "typing_on" }),
            ),
            (json!({ "event": { "Type": "typing_off" } }), json!({ "type": "typing_off" })),
            (json!({ "type": "action", "action": { "type": "seen" } }), json!({ "type": "seen" })),
            (
                json!({ "type": "sender_action", "senderAction": { "action": "typing_on" } }),
                json!({ "type": "typing_on" }),
            ),
            (json!({ "type": "event", "event": payload }), payload.clone()),
        ] {
            let before = shop.agents.hooks().len();
            let reply = shop.send(&ann.conversation, None, said.clone()).await.ok();
            assert!(reply.get("interactionId").is_none(), "{reply}");
            assert_eq!(
                (&reply["integrationId"], &reply["externalId"]),
                (&json!(ann.integration), &said["externalId"])
            );
            let hook = shop.agents.wait_for(before + 1).await.remove(before);
            let told = activity(&hook);
            assert_eq!((&told["type"], &told["eventTrigger"]), (&json!("event"), &json!("event:customer")));
            assert_eq!((&told["event"], &told["eventId"]), (&wanted, &reply["eventId"]));
            assert_eq!((&told["externalId"], &told["isEcho"]), (&said["externalId"], &json!(false)));
            assert!(told.get("interactionId").is_none() && told.get("message").is_none(), "{told}");
            assert_eq!(told["sender"]["integrationId"], json!(ann.integration));
            assert_eq!(told["recipient"]["integrationId"], json!(shop.agent));
        }
        // The other way round.
        for said in [json!({ "type": "seen" }), json!({ "type": "typing_on" }), payload.clone()] {
            let before = ann.inbox.hooks().len();
            shop.send(&ann.conversation, Some(&shop.agent), json!({ "type": "event", "event": said }))
                .await
                .ok();
            let hook = ann.inbox.wait_for(before + 1).await.remove(before);
            assert_eq!((event(&hook), &activity(&hook)["eventTrigger"]), (&said, &json!("event:agent")));
        }
        // A listener hears what is said, and the list has it alone.
        shop.archive.settles_at(1, QUIET_MS).await;
        assert_eq!(shop.activities(&ann.conversation).await.len(), 1);
    });
}

#[test]
fn reading_and_typing_are_told_between_both_apis() {
    run(60, async {
        let shop = Shop::open().await;
        let account = shop.server.as_account();
        let hooks = shop.sink.inbox("/bot");
        let triggers = ["conversation:typing", "conversation:read"];
        let custom = json!({ "type": "custom", "displayName": "ear", "webhooks": [{ "target": hooks.url(), "triggers": triggers }] });
        account.post(&format!("{}/integrations", shop.app()), &custom).await.ok();
        let ann = shop.direct("ann", false).await;
        shop.send(&ann.conversation, None, json!({ "message": { "type": "text", "text": "Hi" } })).await.ok();
        for kind in ["typing_on", "typing_off", "seen"] {
            shop.send(&ann.conversation, None, json!({ "event": { "type": kind } })).await.ok();
        }
        let told = hooks.wait_for(3).await;
        let kinds: Vec<String> = told.iter().map(|hook| text_at(hook.payload(), "/activity/type")).collect();
        assert_eq!(kinds, ["typing:start", "typing:stop", "conversation:read"]);

        let path = format!("{}/activity", shop.core(&ann.conversation));
        for (said, wanted) in
            [("typing:start", "typing_on"), ("typing:stop", "typing_off"), ("conversation:read", "seen")]
        {
            let before = ann.inbox.hooks().len();
            account.post(&path, &json!({ "type": said, "author": { "type": "business" } })).await.ok();
            let hook = ann.inbox.wait_for(before + 1).await.remove(before);
            assert_eq!(
                (&event(&hook)["type"], &activity(&hook)["eventTrigger"]),
                (&json!(wanted), &json!("event:hubster"))
            );
        }
        let user = text_at(
            &account.get(&format!("{}/participants", shop.core(&ann.conversation))).await.ok(),
            "/participants/0/userId",
        );
        let before = shop.agents.hooks().len();
        account
            .post(
                &path,
                &json!({ "type": "conversation:read", "author": { "type": "user", "userId": user } }),
            )
            .await
            .ok();
        let hook = shop.agents.wait_for(before + 1).await.remove(before);
        assert_eq!(event(&hook), &json!({ "type": "seen" }));
    });
}

#[test]
fn faulty_events_have_their_codes() {
    run(60, async {
        let shop = Shop::open().await;
        let ann = shop.direct("ann", false).await;
        for (said, codes) in [
            (json!({}), &[5023][..]),
            (json!({ "type": "event" }), &[5003]),
            (json!({ "event": { "type": "wave" } }), &[5002]),
            (json!({ "event": {} }), &[5001]),
            (json!({ "event": 5 }), &[5002]),
            (json!({ "event": { "type": "payload" } }), &[5001, 5001]),
            (json!({ "event": { "type": "payload", "payloadType": "x", "payload": [1] } }), &[5002]),
            (json!({ "type": "message", "event": { "type": "seen" } }), &[5002]),
            (json!({ "type": "event", "message": { "type": "text", "text": "x" } }), &[5002]),
            (
                json!({ "event": { "type": "payload", "payloadType": "hubster.takeover", "payload": {} } }),
                &[5002],
            ),
        ] {
            let reply = shop.send(&ann.conversation, None, said.clone()).await;
            refused(reply, 400, codes);
        }
    });
}

#[test]
fn a_command_sends_what_was_prepared() {
    run(60, async {
        let shop = Shop::open().await;
        let ann = shop.direct("ann", false).await;
        let portal = &shop.tenant.portal;
        let path = format!("/api/v1/commands/responses/{}", shop.hub);
        let carousel = json!({ "type": "carousel", "items": [{ "title": "t", "urlType": "image", "url": "https://a.example/b.png",
            "actions": [{ "type": "postback", "title": "a", "payload": "b" }] }] });
        let command = |text: &str| json!({ "message": { "type": "text", "text": text } });
        let told = async |text: &str| shop.send(&ann.conversation, Some(&shop.agent), command(text)).await;

        // Before there is anything, and what is no command.
        refused(told("::").await, 400, &[9000]);
        refused(told("::fax x").await, 400, &[9001]);
        refused(told("::resp --fax").await, 400, &[9299]);
        refused(told("::resp").await, 400, &[9200]);
        refused(told("::resp -n contact.eva.green").await, 400, &[9201]);
        refused(told("::resp --list").await, 400, &[9201]);
        refused(told("::trans --list").await, 400, &[9201]);

        let responses = json!([{ "type": "text", "text": "Eva Green, (416) 555-0001" }, carousel]);
        for (name, receiver, kind, responses) in [
            ("contact.eva.green", "customer", "message", responses.clone()),
            ("hint", "agent", "message", json!([{ "type": "text", "text": "Be kind" }])),
            (
                "signs",
                "customer",
                "event",
                json!([{ "type": "typing_on" }, { "type": "payload", "payloadType": "x", "payload": {} }]),
            ),
        ] {
            let body = json!({ "name": name, "category": "contacts", "description": format!("about {name}"),
                "integrationTypeId": receiver, "type": kind, "responses": responses });
            portal.post(&path, &body).await.ok();
        }
        refused(told("::resp -n nobody").await, 400, &[9200]);
        refused(told("::resp --list cars").await, 400, &[9202]);

        // To the customer: what was prepared, in order, and not the command.
        let reply = told("::resp -n contact.eva.green").await.ok();
        let heard = ann.inbox.wait_for(2).await;
        assert_eq!(activity(&heard[0])["message"], responses[0]);
        assert_eq!(activity(&heard[1])["message"], responses[1]);
        assert_eq!(activity(&heard[0])["interactionId"], reply["interactionId"]);
        assert_eq!(activity(&heard[0])["eventTrigger"], "message:agent");
        assert_eq!(shop.activities(&ann.conversation).await.len(), 2);
        // Back to the agent, by the platform, and kept nowhere.
        told("::resp -n hint").await.ok();
        let hint = shop.agents.wait_for(1).await.remove(0);
        assert_eq!(activity(&hint)["message"]["text"], "Be kind");
        assert_eq!(
            (&activity(&hint)["eventTrigger"], &activity(&hint)["isEcho"]),
            (&json!("message:hubster"), &json!(false))
        );
        told("::resp --list contacts").await.ok();
        let list = shop.agents.wait_for(2).await.remove(1);
        let names: Vec<&str> = activity(&list)["message"]["properties"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["key"].as_str().unwrap())
            .collect();
        assert_eq!(
            (names, &activity(&list)["message"]["type"]),
            (vec!["contact.eva.green", "hint", "signs"], &json!("command"))
        );
        // Events.
        told("::resp -n signs").await.ok();
        let signs = ann.inbox.wait_for(4).await;
        assert_eq!(
            (event(&signs[2]), &event(&signs[3])["payloadType"]),
            (&json!({ "type": "typing_on" }), &json!("x"))
        );
        assert_eq!(shop.activities(&ann.conversation).await.len(), 2);

        let link = json!({ "name": "shopify", "url": "https://mysite.io", "linkDescription": "Click here to be transferred", "mountDelay": 1000 });
        portal.post(&format!("/api/v1/commands/transfers/{}", shop.hub), &link).await.ok();
        refused(told("::trans -n ebay").await, 400, &[9200]);
        told("::trans -force -n shopify").await.ok();
        let hook = ann.inbox.settles_at(5, QUIET_MS).await.remove(4);
        // As the documentation shows it.
        let wanted = json!({ "type": "payload", "payloadType": "hubster.transfer", "payload": {
            "url": "https://mysite.io", "label": "Click here to be transferred", "mount": 1000, "force": true } });
        assert_eq!((event(&hook), &activity(&hook)["eventTrigger"]), (&wanted, &json!("event:hubster")));

        // A customer's text is a text.
        shop.send(&ann.conversation, None, command("::resp -n hint")).await.ok();
        let heard = shop.agents.settles_at(3, QUIET_MS).await.remove(2);
        assert_eq!(activity(&heard)["message"]["text"], "::resp -n hint");
    });
}
