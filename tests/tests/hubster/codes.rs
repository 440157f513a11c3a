//! The table of faults and codes (hubster.md §8): every wrong or missing property, each with its own code,
//! and several in one answer.

use serde_json::{Value, json};
use testkit::run;

use super::scene::{NOBODY, put, refused};
use super::shop::Shop;

#[test]
fn faults_at_the_portal() {
    run(60, async {
        // With one reader a request that needs two at the same time never ends.
        let shop = Shop::open_with(|builder| builder.env("CROSSPOINT_READERS", "1")).await;
        let portal = &shop.tenant.portal;
        let integrations = format!("/api/v1/integrations/hubs/{}", shop.hub);
        let responses = format!("/api/v1/commands/responses/{}", shop.hub);
        let transfers = format!("/api/v1/commands/transfers/{}", shop.hub);
        let of = |channel: Value, configuration: Value| json!({ "channelId": channel, "name": "n", "configuration": configuration });
        let start =
            |message: Value| of(json!("WebChat"), json!({ "allowedOrigins": ["a"], "start": [message] }));
        let long = "x".repeat(5_000);
        for (path, body, codes) in [
            ("/api/v1/hubs", json!({}), &[301, 301][..]),
            ("/api/v1/hubs", json!({ "name": 5, "description": [] }), &[302, 302]),
            ("/api/v1/hubs", json!({ "name": "a", "description": "d", "statusId": 2001 }), &[206]),
            ("/api/v1/hubs", json!({ "name": "a", "description": "d", "statusId": "x" }), &[302]),
            (
                "/api/v1/hubs",
                json!({ "name": "a", "description": "d", "closeDormantConversation": -1 }),
                &[209],
            ),
            ("/api/v1/hubs", json!({ "name": "Shop", "description": "d" }), &[600]),
            ("/api/v1/hubs", json!({ "name": long, "description": "d" }), &[207]),
            // A14, and everything at once.
            (
                &integrations,
                json!({ "channelId": "TwilioSMS", "statusId": 50000, "configuration": { "authToken": "a", "accountSid": "b", "numberSid": "c" } }),
                &[301, 206],
            ),
            (&integrations, json!({}), &[301, 301, 301]),
            (
                &integrations,
                json!({ "channelId": "Fax", "name": null, "statusId": 3001, "configuration": 5 }),
                &[206, 301, 206, 302],
            ),
            (&integrations, of(json!("TwilioSMS"), json!({})), &[301, 301, 301]),
            (
                &integrations,
                of(json!(102), json!({ "authToken": 5, "accountSid": " ", "numberSid": null })),
                &[302, 301, 301],
            ),
            (&integrations, of(json!("messenger"), json!({})), &[301]),
            (&integrations, of(json!("Slack"), json!({})), &[301, 301]),
            (&integrations, of(json!("Direct"), json!({})), &[301]),
            (
                &integrations,
                of(json!("Direct"), json!({ "integrationType": "System", "echo": "yes", "webhookUrl": "x" })),
                &[206, 302, 206],
            ),
            (
                &integrations,
                of(json!("System"), json!({ "webhookUrl": "https://a.example", "events": "message" })),
                &[302],
            ),
            (&integrations, of(json!("System"), json!({ "events": [] })), &[301, 306]),
            (&integrations, of(json!("WebChat"), json!({ "allowedOrigins": [5, ""] })), &[206, 206]),
            (&integrations, of(json!("Telegram"), json!({})), &[301]),
            (&integrations, of(json!("Line"), json!({})), &[301, 301]),
            (&integrations, start(json!({ "type": "fax" })), &[303]),
            (&integrations, start(json!({ "type": "text" })), &[307]),
            (&integrations, start(json!({ "type": "location" })), &[308]),
            (&integrations, start(json!({ "type": "location", "latitude": "x", "longitude": 1 })), &[304]),
            (&integrations, start(json!({ "type": "list", "items": [] })), &[306]),
            (&integrations, start(json!({ "type": "attachment" })), &[301, 301, 301]),
            (
                &responses,
                json!({ "name": "r", "integrationTypeId": "customer", "type": "event", "responses": [{ "type": "wave" }] }),
                &[303],
            ),
            (
                &responses,
                json!({ "name": "r", "integrationTypeId": 9, "type": 5, "responses": "x" }),
                &[206, 206, 302],
            ),
            (
                &responses,
                json!({ "name": "r", "integrationTypeId": "agent", "type": "event",
                "responses": [{ "type": "payload", "payloadType": "hubster.handover", "payload": { "integrationId": "x" } }] }),
                &[305],
            ),
            (
                &transfers,
                json!({ "name": "t", "url": "x", "linkDescription": 5, "mountDelay": "soon" }),
                &[206, 302, 302],
            ),
        ] {
            let reply = portal.post(path, &body).await;
            refused(reply, 400, codes);
        }
        for body in ["", " ", "{", "[]", "\"x\"", "nothing"] {
            let call = portal.call("POST", &integrations).text("application/json", body);
            refused(call.send().await, 400, &[300]);
        }
        for (path, status, code) in [
            ("/api/v1/hubs/x", 400, 203),
            (&format!("/api/v1/hubs/{NOBODY}"), 404, 699),
            ("/api/v1/integrations/x", 400, 203),
            (&format!("/api/v1/integrations/{NOBODY}"), 404, 799),
            ("/api/v1/commands/transfers/x", 400, 203),
            (&format!("/api/v1/commands/transfers/{NOBODY}"), 404, 105),
            (&format!("/api/v1/commands/responses/{NOBODY}"), 404, 105),
            (&format!("/api/v1/commands/responses/hub/{NOBODY}"), 404, 699),
            (&format!("/api/v1/integrations/hubs/{}/Fax", shop.hub), 400, 206),
            ("/api/v1/hubs?pageSize=0", 400, 207),
            ("/api/v1/hubs?pageSize=101", 400, 207),
            ("/api/v1/hubs?pageNumber=-1", 400, 209),
            ("/api/v1/hubs?pageNumber=x", 400, 210),
            ("/api/v1/integrations?hubId=x", 400, 203),
            ("/api/v1/nothing", 404, 105),
        ] {
            refused(portal.get(path).await, status, &[code]);
        }
        refused(portal.get("/api/v1/hubs?pageNumber=x&pageSize=0").await, 400, &[210, 207]);
        refused(
            put(portal, &format!("/api/v1/integrations/{}", shop.agent), &json!({ "name": "archive" })).await,
            400,
            &[700],
        );
        refused(
            put(
                portal,
                &format!("/api/v1/integrations/{}", shop.agent),
                &json!({ "name": 5, "statusId": 1 }),
            )
            .await,
            400,
            &[302, 206],
        );
    });
}

#[test]
fn faults_at_the_engine() {
    run(60, async {
        let shop = Shop::open().await;
        let ann = shop.direct("ann", false).await;
        let engine = &shop.tenant.engine;
        let establish = "/api/v1/conversations/establish";
        for (body, codes) in [
            (json!({}), &[3001, 3001, 3001][..]),
            (json!({ "integrationId": "x", "binding": " ", "channelType": "Fax" }), &[3002, 3001, 3001]),
            (json!({ "integrationId": 5, "binding": 5, "channelType": "Direct" }), &[3001, 3001]),
            (json!({ "integrationId": ann.integration, "binding": "b", "channelType": 106 }), &[3001]),
            (
                json!({ "integrationId": ann.integration, "binding": "b", "channelType": 1, "properties": "x" }),
                &[3001],
            ),
            (
                json!({ "integrationId": ann.integration, "binding": "b", "channelType": 1,
                    "properties": { "profile": 5, "additional": { "a": 1, "b": null }, "more": { "c": [] } } }),
                &[3001, 3001, 3001],
            ),
        ] {
            refused(engine.post(establish, &body).await, 400, codes);
        }
        let message = |message: Value| json!({ "message": message });
        let card = json!({ "type": "card", "title": "t", "url": "https://a.example/b" });
        for (body, codes) in [
            (json!({ "type": "message" }), &[5003][..]),
            (message(json!(5)), &[5002]),
            (message(json!({})), &[5001]),
            (message(json!({ "type": "command" })), &[5002]),
            (message(json!({ "type": "text", "text": " " })), &[5023]),
            (message(json!({ "type": "text", "text": 5 })), &[5002]),
            (message(json!({ "type": "text", "text": "x".repeat(4_097) })), &[207]),
            (
                message(json!({ "type": "text", "text": "x", "items": [{ "type": "list" }, {}] })),
                &[5002, 5001],
            ),
            (
                message(
                    json!({ "type": "text", "text": "x", "actions": [{ "type": "link" }, { "type": "reply" }, { "type": "x" }] }),
                ),
                &[5001, 5001, 5001, 5001, 5002],
            ),
            (message(json!({ "type": "youtube" })), &[5001]),
            (message(json!({ "type": "vimeo", "url": "http://" })), &[5002]),
            (message(json!({ "type": "video" })), &[5001]),
            (message(json!({ "type": "audio", "url": 5 })), &[5002]),
            (message(json!({ "type": "image", "url": "ftp://a.example/b.png" })), &[5002]),
            (message(json!({ "type": "attachment", "url": "https://a.example/b" })), &[5001, 5001]),
            (message(json!({ "type": "location" })), &[5024]),
            (message(json!({ "type": "location", "latitude": "x", "longitude": {} })), &[5021, 5021]),
            (message(json!({ "type": "location", "latitude": 5 })), &[5001]),
            (message(json!({ "type": "location", "address": "a", "imageUrl": 5 })), &[5002]),
            (message(json!({ "type": "video", "url": "https://a.example/b", "length": "long" })), &[5002]),
            (message(json!({ "type": "image", "url": "https://a.example/b", "titleColor": 5 })), &[5002]),
            (message(json!({ "type": "text", "text": "x", "channels": "all" })), &[5002]),
            (message(json!({ "type": "text", "text": "x", "channels": [{}, 5] })), &[5001, 5002]),
            (message(json!({ "type": "contact", "properties": [{ "key": "k" }] })), &[5001, 5001]),
            (message(card), &[5001]),
            (message(json!({ "type": "card" })), &[5023]),
            (message(json!({ "type": "carousel", "items": [] })), &[5002]),
        ] {
            let reply = shop.send(&ann.conversation, None, body).await;
            refused(reply, 400, codes);
        }
        let by_agent = async |body: Value| shop.send(&ann.conversation, Some(&shop.agent), body).await;
        refused(by_agent(message(json!({ "type": "carousel" }))).await, 400, &[5001]);
        refused(by_agent(message(json!({ "type": "carousel", "items": [] }))).await, 400, &[5015]);
        refused(by_agent(message(json!({ "type": "list", "items": [5] }))).await, 400, &[5002]);
        let both = json!({ "externalId": 5, "message": { "type": "fax" } });
        refused(shop.send(&ann.conversation, Some("x"), both).await, 400, &[5020, 5002, 5002]);
        let path = format!("/inbound/customer/v1/direct/activity/{}", ann.conversation);
        for body in ["", "{", "[]"] {
            let call = engine.call("POST", &path).text("application/json", body);
            refused(call.send().await, 400, &[5000]);
            let call = engine.call("POST", establish).text("application/json", body);
            refused(call.send().await, 400, &[3000]);
        }
        let activities = format!("/api/v1/interactions/activities/{}", ann.conversation);
        refused(engine.get(&activities).await, 400, &[200]);
        refused(engine.get(&format!("{activities}?type=Fax&leid=x")).await, 400, &[206, 210]);
        refused(engine.get("/api/v1/conversations/x/established").await, 400, &[203]);
        refused(engine.get(&format!("/api/v1/conversations/hubs/{NOBODY}/established")).await, 404, &[5500]);
        for path in [
            "/inbound/nothing",
            "/api/v1/conversations/x/y/z",
            "/api/v1/interactions/nothing",
            "/api/v1/resources/x/y",
        ] {
            refused(engine.post(path, &json!({})).await, 404, &[105]);
        }
        refused(engine.call("PUT", establish).json(&json!({})).send().await, 501, &[103]);
        refused(engine.call("PUT", &path).json(&json!({})).send().await, 501, &[103]);
        let nobody = format!("/inbound/business/v1/direct/activity/{NOBODY}");
        refused(engine.post(&nobody, &json!({})).await, 404, &[6500]);
    });
}
