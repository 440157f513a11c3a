//! Conversations, activities and webhooks (hubster.md §2.5–2.8, §5, §7 and appendix B).

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use testkit::{Answer, Api, Crosspoint, Hook, Inbox, Sink, run, text_at};

use super::scene::{NOBODY, Tenant, put, refused};

/// A hub with a customer's integration and an agent's, and webhooks for all that hear.
struct Desk {
    tenant: Tenant,
    hub: String,
    customer: String,
    agent: String,
    system: Inbox,
    agents: Inbox,
    keys: Value,
    _sink: Sink,
}

impl Desk {
    async fn open(server: &Crosspoint) -> Desk {
        let sink = Sink::start().await;
        let tenant = Tenant::of(server).await;
        let hub = tenant.hub("Support").await;
        let inbox = |path: &str| {
            let inbox = sink.inbox(path);
            inbox.unchecked();
            inbox
        };
        let (system, agents) = (inbox("/system"), inbox("/agents"));
        let customer =
            json!({ "integrationType": "Customer", "start": [{ "type": "text", "text": "Welcome!" }] });
        let customer = tenant.integration(&hub, "Direct", "customers", customer).await;
        let agent = json!({ "integrationType": "Agent", "echo": true, "webhookUrl": agents.url() });
        let agent = tenant.integration(&hub, "Direct", "agents", agent).await;
        let listening =
            json!({ "webhookUrl": system.url(), "events": ["message:customer", "message:agent"] });
        let listening = tenant.integration(&hub, "System", "archive", listening).await;
        Desk {
            customer: text_at(&customer, "/integrationId"),
            agent: text_at(&agent, "/integrationId"),
            keys: listening["configuration"].clone(),
            tenant,
            hub,
            system,
            agents,
            _sink: sink,
        }
    }

    fn engine(&self) -> &Api {
        &self.tenant.engine
    }

    async fn establish(&self, binding: &str) -> Value {
        let body = json!({ "integrationId": self.customer, "binding": binding, "channelType": "Direct" });
        self.engine().post("/api/v1/conversations/establish", &body).await.ok()
    }
}

/// Whether the signature is right, in the eyes of Node.js.
fn node_verifies(private_key: &str, hook: &Hook) -> bool {
    let program = "const c=require('crypto');let b=[];process.stdin.on('data',d=>b.push(d)).on('end',()=>{\
        const h=c.createHmac('sha256',process.argv[1]).update(Buffer.concat(b)).digest('base64');\
        process.exit(h===process.argv[2]?0:1)})";
    let mut node = Command::new("node");
    node.args(["-e", program, private_key, hook.header("x-hubster-signature")]).stdin(Stdio::piped());
    let mut child = node.spawn().expect("node");
    child.stdin.take().unwrap().write_all(&hook.raw).unwrap();
    child.wait().unwrap().success()
}

#[test]
fn a_conversation_from_end_to_end() {
    run(60, async {
        let server = Crosspoint::start().await;
        let desk = Desk::open(&server).await;
        let made = desk.establish("u1").await;
        let conversation = text_at(&made, "/conversationId");
        assert_eq!((&made["isNew"], &made["hubId"]), (&json!(true), &json!(desk.hub)));
        assert_eq!(made["properties"]["profile"]["device"], "Direct");
        assert_eq!(made["properties"]["additional"], json!({}));
        assert!(!text_at(&made, "/properties/profile/full name").is_empty());
        assert_eq!(desk.establish("u1").await["isNew"], false);

        // As the published client writes: no type, members with a capital in front.
        let inbound = format!("/inbound/customer/v1/direct/activity/{conversation}");
        let said =
            json!({ "isEcho": false, "message": { "Text": "Hi", "Type": "text" }, "externalId": "mine" });
        let first = desk.engine().post(&inbound, &said).await.ok();
        assert_eq!((&first["integrationId"], &first["externalId"]), (&json!(desk.customer), &json!("mine")));
        let hook = desk.agents.wait_for(1).await.remove(0);
        let activity = &hook.body["activity"];
        assert_eq!(
            (&activity["type"], &activity["eventTrigger"]),
            (&json!("message"), &json!("message:customer"))
        );
        assert_eq!(
            (&activity["eventId"], &activity["interactionId"]),
            (&first["eventId"], &first["interactionId"])
        );
        assert_eq!((&activity["isEcho"], &activity["externalId"]), (&json!(false), &json!("mine")));
        assert_eq!(activity["message"], json!({ "type": "text", "text": "Hi" }));
        assert_eq!(
            (&activity["sender"]["integrationId"], &activity["recipient"]["integrationId"]),
            (&json!(desk.customer), &json!(desk.agent))
        );
        assert_eq!(activity["recipient"]["integrationType"], "Agent");

        let business = format!("/inbound/business/v1/direct/activity/{conversation}");
        let answer = json!({ "type": "message", "sender": { "integrationId": desk.agent }, "message": { "type": "text", "text": "Hello" } });
        let second = desk.engine().post(&business, &answer).await.ok();
        assert!(second["eventId"].as_i64() > first["eventId"].as_i64());
        // The agent's own, as an echo; the archive hears each once.
        let echo = desk.agents.wait_for(2).await.remove(1);
        assert_eq!(
            (&echo.body["activity"]["isEcho"], &echo.body["activity"]["eventTrigger"]),
            (&json!(true), &json!("message:agent"))
        );
        let archived = desk.system.settles_at(2, 200).await;
        assert_eq!(archived[1].body["activities"][0]["isEcho"], false);
        assert_eq!(archived[0].body["conversationProperties"], made["properties"]);
        for hook in &archived {
            assert_eq!(hook.header("x-source-system"), "engine.hubster.io");
            assert_eq!(hook.header("x-hub-id"), desk.hub);
            assert_eq!(hook.header("x-conversation-id"), conversation);
            assert_eq!(hook.header("x-integration-id"), hook.body["integrationId"]);
            assert_eq!(hook.header("x-hubster-public-key"), desk.keys["publicSigningKey"]);
            assert_eq!(hook.header("content-length"), hook.raw.len().to_string());
            assert!(hook.header("x-api-key").is_empty());
            assert!(node_verifies(&text_at(&desk.keys, "/privateSigningKey"), hook));
        }

        let read = async |query: &str| {
            desk.engine().get(&format!("/api/v1/interactions/activities/{conversation}?{query}")).await
        };
        let all = read("type=Customer&leid=0").await.ok();
        let triggers: Vec<&str> =
            all.as_array().unwrap().iter().filter_map(|it| it["eventTrigger"].as_str()).collect();
        assert_eq!(triggers, ["message:hubster", "message:customer", "message:agent"]);
        assert_eq!(all[0]["message"], json!({ "type": "text", "text": "Welcome!" }));
        let news = read(&format!("type=agent&leid={}", first["eventId"])).await.ok();
        assert_eq!(news.as_array().unwrap().len(), 1);
        assert_eq!(news[0]["interactionId"], second["interactionId"]);
        refused(read("leid=x").await, 400, &[200, 210]);
        refused(read("type=System").await, 400, &[206]);

        let got = desk.engine().get(&format!("/api/v1/conversations/{conversation}")).await.ok();
        assert_eq!(got["integration"]["hub"]["name"], "Support");
        assert!(got["integration"].get("configuration").is_none());
        let listed =
            desk.engine().get(&format!("/api/v1/conversations/hubs/{}/established", desk.hub)).await.ok();
        let one = desk.engine().get(&format!("/api/v1/conversations/{conversation}/established")).await.ok();
        assert_eq!(listed, json!([one]));
    });
}

#[test]
fn what_the_core_cannot_say_comes_back_as_it_was_and_the_other_api_reads_it() {
    run(60, async {
        let server = Crosspoint::start().await;
        let desk = Desk::open(&server).await;
        let conversation = text_at(&desk.establish("u1").await, "/conversationId");
        let card = json!({ "type": "card", "title": "Eva", "urlType": "image", "url": "https://site.com/eva.png", "content": "x",
            "channels": [{ "type": "Webchat", "metadata": [{ "key": "caption-show", "value": "true" }] }] });
        let carousel = json!({ "type": "carousel", "items": [{ "title": "Victorious", "urlType": "image", "url": "http://site.com/1.png",
            "actions": [{ "type": "reply", "title": "Select", "payload": "V" }] }] });
        let business = format!("/inbound/business/v1/direct/activity/{conversation}");
        for message in [&card, &carousel] {
            let body = json!({ "sender": { "integrationId": desk.agent }, "message": message });
            desk.engine().post(&business, &body).await.ok();
        }
        let read = format!("/api/v1/interactions/activities/{conversation}?type=Agent");
        let all = desk.engine().get(&read).await.ok();
        assert_eq!((&all[0]["message"], &all[1]["message"]), (&card, &carousel));

        // The same conversation in the Sunshine API, and an answer from there.
        let account = server.as_account();
        let app = model::Id::from_guid(&desk.hub).unwrap();
        let core = model::Id::from_guid(&conversation).unwrap();
        let path = format!("/v2/apps/{app}/conversations/{core}/messages");
        let seen = account.get(&path).await.ok();
        let kinds: Vec<&str> = seen["messages"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|it| it["content"]["type"].as_str())
            .collect();
        assert_eq!(kinds, ["text", "text", "carousel"]);
        let answer = json!({ "author": { "type": "business" }, "content": { "type": "image", "mediaUrl": "https://a.example/b.png" } });
        account.post(&path, &answer).await.ok();
        let all = desk
            .engine()
            .get(&format!("/api/v1/interactions/activities/{conversation}?type=Customer"))
            .await
            .ok();
        assert_eq!(
            all[3]["message"],
            json!({ "type": "image", "url": "https://a.example/b.png", "alt": "b.png" })
        );
    });
}

#[test]
fn an_agent_who_speaks_takes_over_from_a_bot() {
    run(60, async {
        let server = Crosspoint::start().await;
        let desk = Desk::open(&server).await;
        let bots = desk._sink.inbox("/bots");
        bots.unchecked();
        let bot = json!({ "integrationType": "Bot", "webhookUrl": bots.url() });
        desk.tenant.integration(&desk.hub, "Direct", "bot", bot).await;
        let conversation = text_at(&desk.establish("u1").await, "/conversationId");
        let inbound = format!("/inbound/customer/v1/direct/activity/{conversation}");
        let say = async |sender: Option<&str>, text: &str| {
            let mut body = json!({ "message": { "type": "text", "text": text } });
            if let Some(sender) = sender {
                body["sender"] = json!({ "integrationId": sender });
            }
            desk.engine().post(&inbound, &body).await.ok()
        };
        say(None, "to the bot").await;
        bots.wait_for(1).await;
        say(Some(&desk.agent), "I am here").await;
        say(None, "to the agent").await;
        let heard = desk.agents.settles_at(2, 200).await;
        assert_eq!(heard[1].body["activity"]["message"]["text"], "to the agent");
        assert_eq!(bots.hooks().len(), 1);
    });
}

#[test]
fn faults_have_their_codes_and_paused_is_paused() {
    run(60, async {
        let server = Crosspoint::start().await;
        let desk = Desk::open(&server).await;
        let engine = desk.engine();
        let establish = "/api/v1/conversations/establish";
        refused(engine.call("POST", establish).send().await, 400, &[3000]);
        refused(engine.post(establish, &json!({})).await, 400, &[3001, 3001, 3001]);
        let body = |integration: &str, channel: Value| json!({ "integrationId": integration, "binding": "b", "channelType": channel });
        refused(engine.post(establish, &body("x", json!(1))).await, 400, &[3002]);
        refused(engine.post(establish, &body(NOBODY, json!(1))).await, 404, &[6000]);
        refused(engine.post(establish, &body(&desk.customer, json!("WebChat"))).await, 400, &[3001]);
        refused(engine.post(establish, &body(&desk.agent, json!(2000))).await, 404, &[6000]);

        let conversation = text_at(&desk.establish("u1").await, "/conversationId");
        let inbound = format!("/inbound/customer/v1/direct/activity/{conversation}");
        let business = format!("/inbound/business/v1/direct/activity/{conversation}");
        let text = json!({ "type": "text", "text": "x" });
        for (body, code) in [
            (json!({}), 5023),
            (json!({ "externalId": "x" }), 5003),
            (json!({ "message": text, "event": { "type": "seen" } }), 5004),
            (json!({ "type": "fax", "message": text }), 5002),
            (json!({ "message": { "type": "fax" } }), 5002),
            (json!({ "message": { "type": "text" } }), 5023),
            (json!({ "message": { "type": "list", "items": [] } }), 5002),
            (json!({ "message": { "type": "image" } }), 5001),
            (json!({ "message": { "type": "location" } }), 5024),
            (json!({ "message": text, "sender": { "integrationId": "x" } }), 5020),
        ] {
            refused(engine.post(&inbound, &body).await, 400, &[code]);
        }
        refused(engine.call("POST", &inbound).send().await, 400, &[5000]);
        refused(engine.post(&business, &json!({ "message": text })).await, 400, &[5001]);
        let stranger = json!({ "message": text, "sender": { "integrationId": NOBODY } });
        refused(engine.post(&business, &stranger).await, 404, &[6000]);
        refused(
            engine
                .post(&format!("/inbound/customer/v1/direct/activity/{NOBODY}"), &json!({ "message": text }))
                .await,
            404,
            &[6500],
        );
        refused(engine.get("/api/v1/conversations/x").await, 400, &[203]);
        refused(engine.get(&format!("/api/v1/conversations/hubs/{NOBODY}/established")).await, 404, &[5500]);
        refused(desk.tenant.portal.get(&format!("/api/v1/conversations/{conversation}")).await, 401, &[102]);

        // Paused: the integration, then the hub.
        let portal = &desk.tenant.portal;
        let path = format!("/api/v1/integrations/{}", desk.customer);
        put(portal, &path, &json!({ "statusId": 3002 })).await.ok();
        refused(engine.post(&inbound, &json!({ "message": text })).await, 400, &[6503]);
        refused(engine.post(establish, &body(&desk.customer, json!(1))).await, 400, &[6503]);
        put(portal, &path, &json!({ "statusId": 3000 })).await.ok();
        engine.post(&inbound, &json!({ "message": text })).await.ok();
        put(portal, &format!("/api/v1/hubs/{}", desk.hub), &json!({ "statusId": 2002 })).await.ok();
        refused(engine.post(&inbound, &json!({ "message": text })).await, 400, &[6503]);
        put(portal, &format!("/api/v1/hubs/{}", desk.hub), &json!({ "statusId": 2000 })).await.ok();

        // Without anybody who answers nothing begins.
        let empty = desk.tenant.hub("empty").await;
        let lonely =
            desk.tenant.integration(&empty, "Direct", "c", json!({ "integrationType": "Customer" })).await;
        refused(
            engine.post(establish, &body(&text_at(&lonely, "/integrationId"), json!("direct"))).await,
            400,
            &[5501],
        );

        // Closed: the business hears so, and the customer begins anew.
        let app = model::Id::from_guid(&desk.hub).unwrap();
        let core = model::Id::from_guid(&conversation).unwrap();
        server
            .as_account()
            .post(&format!("/v2/apps/{app}/conversations/{core}/close"), &json!({}))
            .await
            .ok();
        let answer = json!({ "message": text, "sender": { "integrationId": desk.agent } });
        refused(engine.post(&business, &answer).await, 400, &[6501]);
        let again = desk.establish("u1").await;
        assert_eq!(again["isNew"], true);
        assert_ne!(again["conversationId"], json!(conversation));
    });
}

#[test]
fn conversations_of_another_tenant_do_not_exist() {
    run(60, async {
        let server = Crosspoint::start().await;
        let desk = Desk::open(&server).await;
        let other = Tenant::another(&server).await;
        let conversation = text_at(&desk.establish("u1").await, "/conversationId");
        let read = format!("/api/v1/interactions/activities/{conversation}?type=Customer");
        let before = desk.engine().get(&read).await.ok();
        let said =
            json!({ "message": { "type": "text", "text": "x" }, "sender": { "integrationId": desk.agent } });
        for path in ["customer", "business"] {
            let path = format!("/inbound/{path}/v1/direct/activity/{conversation}");
            refused(other.engine.post(&path, &said).await, 404, &[6500]);
        }
        refused(other.engine.get(&read).await, 404, &[6500]);
        refused(other.engine.get(&format!("/api/v1/conversations/{conversation}")).await, 404, &[6500]);
        refused(
            other.engine.get(&format!("/api/v1/conversations/{conversation}/established")).await,
            404,
            &[6500],
        );
        refused(
            other.engine.get(&format!("/api/v1/conversations/hubs/{}/established", desk.hub)).await,
            404,
            &[5500],
        );
        let body = json!({ "integrationId": desk.customer, "binding": "u1", "channelType": 1 });
        refused(other.engine.post("/api/v1/conversations/establish", &body).await, 404, &[6000]);
        assert_eq!(desk.engine().get(&read).await.ok(), before);
    });
}

#[test]
fn a_bot_of_the_other_api_answers_and_passes_control_to_an_agent() {
    run(60, async {
        let server = Crosspoint::start().await;
        let desk = Desk::open(&server).await;
        let archive =
            json!({ "configuration": { "webhookUrl": desk.system.url(), "events": ["message:bot"] } });
        let listed =
            desk.tenant.portal.get(&format!("/api/v1/integrations/hubs/{}/System", desk.hub)).await.ok();
        put(
            &desk.tenant.portal,
            &format!("/api/v1/integrations/{}", text_at(&listed, "/0/integrationId")),
            &archive,
        )
        .await
        .ok();

        // A bot that was made in the Sunshine API takes the first seat.
        let account = server.as_account();
        let app = format!("/v2/apps/{}", model::Id::from_guid(&desk.hub).unwrap());
        let hooks = desk._sink.inbox("/bot");
        let custom = json!({ "type": "custom", "displayName": "bot", "webhooks": [{ "target": hooks.url(), "triggers": ["conversation:message"] }] });
        let bot =
            text_at(&account.post(&format!("{app}/integrations"), &custom).await.ok(), "/integration/id");
        let key = account
            .post(&format!("{app}/integrations/{bot}/keys"), &json!({ "displayName": "k" }))
            .await
            .ok();
        let as_bot = account.as_key(&testkit::Key::from_reply(&key));
        let board = text_at(&account.get(&format!("{app}/switchboards")).await.ok(), "/switchboards/0/id");
        let board = format!("{app}/switchboards/{board}");
        let seats = account.get(&format!("{board}/switchboardIntegrations")).await.ok();
        let agent_seat = text_at(&seats, "/switchboardIntegrations/0/id");
        let seat = json!({ "name": "bot", "integrationId": bot, "deliverStandbyEvents": false });
        let seat = account.post(&format!("{board}/switchboardIntegrations"), &seat).await.ok();
        let first =
            json!({ "defaultSwitchboardIntegrationId": text_at(&seat, "/switchboardIntegration/id") });
        account.patch(&board, &first).await.ok();

        let conversation = text_at(&desk.establish("u1").await, "/conversationId");
        let inbound = format!("/inbound/customer/v1/direct/activity/{conversation}");
        desk.engine().post(&inbound, &json!({ "message": { "type": "text", "text": "Hi" } })).await.ok();
        hooks.wait_for(1).await;
        let core = format!("{app}/conversations/{}", model::Id::from_guid(&conversation).unwrap());
        let answer =
            json!({ "author": { "type": "business" }, "content": { "type": "text", "text": "I am a bot" } });
        as_bot.post(&format!("{core}/messages"), &answer).await.ok();
        let heard = desk.system.settles_at(1, 200).await.remove(0);
        assert_eq!(heard.body["activities"][0]["eventTrigger"], "message:bot");
        assert_eq!(heard.body["activities"][0]["sender"]["integrationType"], "Bot");
        assert!(desk.agents.hooks().is_empty());

        let pass = json!({ "switchboardIntegration": agent_seat });
        as_bot.post(&format!("{core}/passControl"), &pass).await.ok();
        desk.engine()
            .post(&inbound, &json!({ "message": { "type": "text", "text": "A human, please" } }))
            .await
            .ok();
        let hook = desk.agents.settles_at(1, 200).await.remove(0);
        assert_eq!(hook.body["activity"]["message"]["text"], "A human, please");
    });
}

#[test]
fn a_webhook_that_fails_gets_the_same_request_again_and_in_order() {
    run(60, async {
        let server = Crosspoint::start().await;
        let desk = Desk::open(&server).await;
        let conversation = text_at(&desk.establish("u1").await, "/conversationId");
        // Refusals of every kind are tried again.
        desk.system.script([Answer::Status(400), Answer::Status(503), Answer::Close]);
        let inbound = format!("/inbound/customer/v1/direct/activity/{conversation}");
        for text in ["one", "two"] {
            desk.engine().post(&inbound, &json!({ "message": { "type": "text", "text": text } })).await.ok();
        }
        let hooks = desk.system.settles_at(5, 300).await;
        for hook in &hooks[1..4] {
            assert_eq!(
                (&hook.raw, hook.header("x-hubster-signature")),
                (&hooks[0].raw, hooks[0].header("x-hubster-signature"))
            );
        }
        assert_eq!(hooks[4].body["activities"][0]["message"]["text"], "two");
    });
}

#[test]
fn renewed_keys_sign_and_a_webhook_that_is_gone_hears_nothing() {
    run(60, async {
        let server = Crosspoint::start().await;
        let desk = Desk::open(&server).await;
        let conversation = text_at(&desk.establish("u1").await, "/conversationId");
        let inbound = format!("/inbound/customer/v1/direct/activity/{conversation}");
        let say = async |text: &str| {
            desk.engine().post(&inbound, &json!({ "message": { "type": "text", "text": text } })).await.ok();
        };
        let path = format!("/api/v1/integrations/{}", desk.agent);
        let renew = json!({ "configuration": { "webhookUrl": desk.agents.url(), "regenerateKeys": true } });
        let renewed = put(&desk.tenant.portal, &path, &renew).await.ok();
        say("one").await;
        let hook = desk.agents.wait_for(1).await.remove(0);
        assert_eq!(hook.header("x-hubster-public-key"), renewed["configuration"]["publicSigningKey"]);
        assert!(node_verifies(&text_at(&renewed, "/configuration/privateSigningKey"), &hook));
        put(&desk.tenant.portal, &path, &json!({ "configuration": {} })).await.ok();
        say("two").await;
        desk.system.wait_for(2).await;
        assert_eq!(desk.agents.settles_at(1, 200).await.len(), 1);
    });
}
