//! Requests of the documentation with their answers as a whole: clients, establishing, reading a
//! conversation, webhooks, and integrations that the seed page has beside its main examples.

use serde_json::{Value, json};
use testkit::{Crosspoint, Inbox, run, text_at};

use super::scene::{Tenant, refused};
use super::shop::{Shop, activity};

const ESTABLISH: &str = "/api/v1/conversations/establish";

/// Takes the members whose values are made anew each time out of an answer; they are texts.
fn without(mut answer: Value, names: &[&str]) -> Value {
    for name in names {
        let taken = answer.as_object_mut().unwrap().remove(*name);
        assert!(taken.as_ref().is_some_and(Value::is_string), "{name}: {taken:?}");
    }
    answer
}

#[test]
fn create_token_as_the_page_shows_it() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let path = format!("/api/v1/tenants/clients/hubster.portal.api.{}/tokens", tenant.key.id);
        let body = json!({ "name": "my secret 3", "expiration": "2030-01-31T00:00:00" });
        let made = tenant.portal.post(&path, &body).await.ok();
        assert!(made["id"].is_i64(), "{made}");
        let wanted = json!({ "id": made["id"], "name": "my secret 3", "expiration": "2030-01-31T00:00:00" });
        assert_eq!(without(made, &["token"]), wanted);
    });
}

/// Who the customer of a conversation is in the core: the user's name and the client's.
async fn names(shop: &Shop, conversation: &str) -> (Value, Value) {
    let account = shop.server.as_account();
    let participants = account.get(&format!("{}/participants", shop.core(conversation))).await.ok();
    let user = format!("{}/users/{}", shop.app(), text_at(&participants, "/participants/0/userId"));
    let clients = account.get(&format!("{user}/clients")).await.ok();
    let shown = account.get(&user).await.ok();
    (shown["user"]["profile"]["givenName"].clone(), clients["clients"][0]["displayName"].clone())
}

#[test]
fn establishing_with_properties_as_the_page_shows_it() {
    run(60, async {
        let shop = Shop::open().await;
        let engine = &shop.tenant.engine;
        let customers = shop
            .tenant
            .integration(&shop.hub, "Direct", "customers", json!({ "integrationType": "Customer" }))
            .await;
        let integration = text_at(&customers, "/integrationId");
        let request = |properties: Value| json!({ "integrationId": integration, "binding": "u1", "channelType": "Direct", "properties": properties });
        // Its keys in the case of the newest clients, a collection of the caller's own, and nulls.
        let given = json!({ "profile": { "Full name": "User name here", "Phone": "+14165550001", "Tier": "gold", "email": null },
            "additional": null, "Cart": { "items": "3" } });
        let made = engine.post(ESTABLISH, &request(given)).await.ok();
        let conversation = text_at(&made, "/conversationId");
        let properties = json!({ "profile": { "device": "Direct", "full name": "User name here", "phone": "+14165550001", "Tier": "gold" },
            "additional": {}, "Cart": { "items": "3" } });
        let tenant_id = made["tenantId"].clone();
        let wanted = json!({ "hubId": shop.hub, "integrationId": integration, "isNew": true, "properties": properties });
        assert_eq!(without(made, &["tenantId", "conversationId", "tokenId", "openedDateTime"]), wanted);
        assert_eq!(names(&shop, &conversation).await, (json!("User name here"), json!("User name here")));

        // Again, in the other case: merged, and the core knows the new name.
        let given = json!({ "Profile": { "FULL NAME": "Eva Green", "tier": "silver", "device": "Phone" }, "cart": { "Items": "4" } });
        let again = engine.post(ESTABLISH, &request(given)).await.ok();
        let merged = json!({ "profile": { "device": "Phone", "full name": "Eva Green", "phone": "+14165550001", "tier": "silver" },
            "additional": {}, "cart": { "Items": "4" } });
        assert_eq!((&again["isNew"], &again["conversationId"]), (&json!(false), &json!(conversation)));
        assert_eq!(again["properties"], merged);
        assert_eq!(names(&shop, &conversation).await, (json!("Eva Green"), json!("Eva Green")));
        // A name of blanks, and no name, change nothing.
        for given in [json!({ "profile": { "full name": " " } }), json!({})] {
            let again = engine.post(ESTABLISH, &request(given)).await.ok();
            assert_eq!(again["properties"], merged);
        }

        // The same, read.
        let path = format!("/api/v1/conversations/{conversation}");
        let read = engine.get(&path).await.ok();
        for place in [
            "/integration/created",
            "/integration/modified",
            "/integration/hub/created",
            "/integration/hub/modified",
        ] {
            let moment = text_at(&read, place);
            assert!(moment.len() > 18 && !moment.ends_with('Z'), "{place}: {moment}");
        }
        let moment = |place: &str| read.pointer(place).cloned().unwrap();
        let wanted = json!({
            "conversationId": conversation, "integrationId": integration, "tokenId": again["tokenId"],
            "integration": {
                "integrationId": integration, "hubId": shop.hub,
                "hub": { "hubId": shop.hub, "tenantId": tenant_id, "name": "Shop", "description": "for a test", "statusId": 2000,
                    "created": moment("/integration/hub/created"), "modified": moment("/integration/hub/modified") },
                "integrationTypeId": "Customer", "channelId": "Direct", "name": "customers", "statusId": 3000,
                "created": moment("/integration/created"), "modified": moment("/integration/modified"),
            },
            "properties": merged, "openedDateTime": moment("/openedDateTime"),
        });
        assert_eq!(read, wanted);
        assert_eq!(moment("/integration/created"), moment("/integration/modified"));
        super::scene::put(
            &shop.tenant.portal,
            &format!("/api/v1/integrations/{integration}"),
            &json!({ "name": "c" }),
        )
        .await
        .ok();
        let read = engine.get(&path).await.ok();
        assert_eq!(read.pointer("/integration/created"), Some(&moment("/integration/created")));
        assert!(text_at(&read, "/integration/modified") > text_at(&read, "/integration/created"), "{read}");
        let established = engine.get(&format!("{path}/established")).await.ok();
        assert_eq!(established["properties"], merged);

        // As much as there may be, and no more: at once, and by merging.
        let keys = |count: usize| -> Value {
            (0..count).map(|at| (format!("k{at}"), json!("v"))).collect::<serde_json::Map<_, _>>().into()
        };
        refused(engine.post(ESTABLISH, &request(json!({ "profile": keys(65) }))).await, 400, &[207]);
        engine.post(ESTABLISH, &request(json!({ "more": keys(64) }))).await.ok();
        refused(engine.post(ESTABLISH, &request(json!({ "MORE": { "k64": "v" } }))).await, 400, &[207]);
    });
}

/// The body of the only webhook, without what is said in it.
async fn only(inbox: &Inbox) -> Value {
    inbox.wait_for(1).await.remove(0).body
}

#[test]
fn webhooks_as_the_page_shows_them() {
    run(60, async {
        let shop = Shop::open().await;
        let ann = shop.direct("ann", false).await;
        let said = json!({ "type": "message", "externalId": "my-external-id", "message": { "type": "text", "text": "Hi there!" } });
        let reply = shop.send(&ann.conversation, None, said).await.ok();
        let established = shop
            .tenant
            .engine
            .get(&format!("/api/v1/conversations/{}/established", ann.conversation))
            .await
            .ok();
        let (to_system, to_agent) = (only(&shop.archive).await, only(&shop.agents).await);
        let wanted = json!({
            "type": "message", "eventTrigger": "message:customer", "eventId": reply["eventId"], "externalId": "my-external-id",
            "isEcho": false, "interactionId": reply["interactionId"], "flowProcess": "Default",
            "sender": { "integrationId": ann.integration, "integrationType": "Customer", "channelType": "Direct", "tokenId": established["tokenId"] },
            "recipient": { "integrationId": shop.agent, "integrationType": "Agent", "channelType": "Direct",
                "tokenId": format!("{}.{}", ann.conversation, shop.agent) },
            "message": { "type": "text", "text": "Hi there!" },
        });
        let around = |integration: &Value| {
            json!({ "hubId": shop.hub, "tenantId": established["tenantId"], "integrationId": integration,
                "conversationId": ann.conversation, "conversationProperties": established["properties"] })
        };
        let mut system = around(&to_system["integrationId"]);
        system["activities"] = json!([wanted]);
        assert_eq!(to_system, system);
        let mut direct = around(&json!(shop.agent));
        direct["activity"] = wanted;
        assert_eq!(to_agent, direct);
    });
}

#[test]
fn integrations_of_the_seed_page_beside_its_main_examples() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let hub = tenant.hub("h").await;
        let start = json!([{ "type": "text", "text": "Welcome to Hubster! How can we help you?" }]);
        // The seed's answer to creating a Direct integration has a greeting.
        let given = json!({ "integrationType": "Agent", "echo": true, "webhookUrl": "https://url_end_point.com", "start": start });
        let made = tenant.integration(&hub, "Direct", "My cool integration name.", given).await;
        let keys = &made["configuration"];
        let wanted = json!({ "hubId": hub, "integrationTypeId": "Agent", "channelId": "Direct", "name": "My cool integration name.",
            "statusId": 3000, "configuration": { "integrationType": "Agent", "echo": true, "webhookUrl": "https://url_end_point.com",
                "publicSigningKey": keys["publicSigningKey"], "privateSigningKey": keys["privateSigningKey"], "start": start } });
        assert_eq!(without(made.clone(), &["integrationId"]), wanted);
        // The newer page has one text in place of it.
        let given = json!({ "integrationType": "Customer", "WelcomeMessage": "Welcome to Hubster! How can we help you?" });
        let made = tenant.integration(&hub, "Direct", "welcome", given).await;
        let wanted = json!({ "integrationType": "Customer", "echo": false, "start": start });
        assert_eq!(made["configuration"], wanted);
        // Channels that are listed and have no example.
        let made = tenant.integration(&hub, "Bot", "bot", json!({})).await;
        let wanted = json!({ "hubId": hub, "integrationTypeId": "Bot", "channelId": "Bot", "name": "bot", "statusId": 3000,
            "configuration": { "integrationType": "Bot", "echo": false } });
        assert_eq!(without(made, &["integrationId"]), wanted);
        let given = json!({ "channelAccessToken": "t", "channelSecret": "s" });
        let made = tenant.integration(&hub, "Line", "line", given.clone()).await;
        let wanted = json!({ "hubId": hub, "integrationTypeId": "Customer", "channelId": "Line", "name": "line", "statusId": 3000,
            "configuration": given });
        assert_eq!(without(made, &["integrationId"]), wanted);
    });
}

#[test]
fn what_was_written_beforehand_is_shown_as_it_was_and_said_as_the_documentation_writes_it() {
    run(60, async {
        let shop = Shop::open().await;
        let (portal, engine) = (&shop.tenant.portal, &shop.tenant.engine);
        let written = json!([
            { "Type": "Text", "Text": "Pay with 4111 1111 1111 1111" },
            { "type": "text", "text": "https://site.com/a.png" },
            { "type": "Location", "Latitude": "43.5", "Longitude": -79 },
        ]);
        let given = json!({ "integrationType": "Customer", "start": written });
        let made = shop.tenant.integration(&shop.hub, "Direct", "customers", given).await;
        assert_eq!(made["configuration"]["start"], written);
        let body = json!({ "integrationId": made["integrationId"], "binding": "u1", "channelType": 1 });
        let conversation = text_at(&engine.post(ESTABLISH, &body).await.ok(), "/conversationId");
        let said = shop.activities(&conversation).await;
        let first = text_at(&said[0], "/message/text");
        assert!(said[0]["message"]["type"] == "text" && !first.contains("1111 1111 1111"), "{first}");
        assert_eq!(said[1]["message"], json!({ "type": "image", "url": "https://site.com/a.png" }));
        assert_eq!(said[2]["message"], json!({ "type": "location", "latitude": 43.5, "longitude": -79 }));
        assert!(said.iter().all(|it| it["flowProcess"] == "Default"), "{said:?}");
        let seen = shop.server.as_account().get(&format!("{}/messages", shop.core(&conversation))).await.ok();
        assert!(!seen.to_string().contains("1111 1111 1111"), "{seen}");

        let responses = json!([{ "TYPE": "Text", "Text": "One moment", "Actions": [{ "Type": "Reply", "Title": "Ok", "Payload": "OK" }] }]);
        let command = json!({ "name": "wait", "integrationTypeId": "customer", "type": "message", "responses": responses });
        let made = portal.post(&format!("/api/v1/commands/responses/{}", shop.hub), &command).await.ok();
        assert_eq!(made["responses"], responses);
        shop.answer(&conversation, json!({ "type": "text", "text": "::resp -n wait" })).await.ok();
        let said = shop.activities(&conversation).await;
        let wanted = json!({ "type": "text", "text": "One moment", "actions": [{ "type": "reply", "title": "Ok", "payload": "OK" }] });
        assert_eq!(said[3]["message"], wanted);
        // What the platform answers by itself is told apart.
        shop.answer(&conversation, json!({ "type": "text", "text": "::resp --list" })).await.ok();
        let hook = shop.agents.wait_for(1).await.remove(0);
        assert_eq!(
            (&activity(&hook)["message"]["type"], &activity(&hook)["flowProcess"]),
            (&json!("command"), &json!("AutoReplay"))
        );
    });
}
