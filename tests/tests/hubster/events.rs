//! Activities over SignalR, heard by the real client (hubster.md §6 and appendix B).

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Credentials, Crosspoint, run, text_at};

use super::listener::Listener;
use super::scene::{NOBODY, Tenant, buy, put};

/// A first installation of the client takes some of it.
pub const TIME_MAX_S: u64 = 240;

/// A hub whose customers and agents are on sockets.
pub struct Floor {
    pub tenant: Tenant,
    pub base: String,
    pub token: String,
    pub hub: String,
    pub customers: String,
    pub agents: String,
}

impl Floor {
    pub async fn of(server: &Crosspoint, tenant: Tenant) -> Floor {
        let hub = tenant.hub("Support").await;
        let customers =
            tenant.integration(&hub, "Direct", "customers", json!({ "integrationType": "Customer" })).await;
        let agents = json!({ "integrationType": "Agent", "echo": true });
        let agents = tenant.integration(&hub, "Direct", "agents", agents).await;
        let client = format!("hubster.engine.api.{}", tenant.key.id);
        let token = buy(&server.api(), &client, &tenant.key.secret).await.ok();
        Floor {
            base: server.base(),
            token: text_at(&token, "/access_token"),
            customers: text_at(&customers, "/integrationId"),
            agents: text_at(&agents, "/integrationId"),
            hub,
            tenant,
        }
    }

    pub async fn open(server: &Crosspoint) -> Floor {
        Floor::of(server, Tenant::of(server).await).await
    }

    /// The conversation of a customer.
    pub async fn establish(&self, binding: &str) -> String {
        let body = json!({ "integrationId": self.customers, "binding": binding, "channelType": "Direct" });
        let made = self.tenant.engine.post("/api/v1/conversations/establish", &body).await.ok();
        text_at(&made, "/conversationId")
    }

    /// The customer of a conversation says something.
    pub async fn ask(&self, conversation: &str, text: &str) -> Value {
        let path = format!("/inbound/customer/v1/direct/activity/{conversation}");
        let body = json!({ "type": "message", "message": { "type": "text", "text": text } });
        self.tenant.engine.post(&path, &body).await.ok()
    }

    /// The agent says something.
    pub async fn answer(&self, conversation: &str, text: &str) -> Value {
        let path = format!("/inbound/business/v1/direct/activity/{conversation}");
        let body = json!({ "type": "message", "sender": { "integrationId": self.agents }, "message": { "type": "text", "text": text } });
        self.tenant.engine.post(&path, &body).await.ok()
    }

    pub async fn listen(&self, integration: &str, more: Value) -> Listener {
        Listener::connected(&self.base, integration, &self.token, more).await
    }

    async fn refused(&self, integration: &str, token: &str, more: Value) -> String {
        Listener::start(&self.base, integration, token, more).await.why_closed().await
    }
}

#[test]
fn a_customer_and_an_agent_talk_over_sockets() {
    run(TIME_MAX_S, async {
        let server = Crosspoint::start().await;
        let floor = Floor::open(&server).await;
        let (ann, bob) = (floor.establish("ann").await, floor.establish("bob").await);
        let mut agent = floor.listen(&floor.agents, json!({})).await;
        let mut tab = floor.listen(&floor.customers, json!({ "conversation": ann })).await;
        let mut other_tab = floor
            .listen(&floor.customers, json!({ "conversation": ann.to_uppercase(), "skipNegotiation": true }))
            .await;
        let mut bobs = floor.listen(&floor.customers, json!({ "conversation": bob, "inQuery": true })).await;
        assert_eq!(server.metrics().value("crosspoint_sockets_open"), Some(4.0));

        let asked = floor.ask(&ann, "Hi").await;
        let heard = agent.activity().await;
        assert_eq!(
            (&heard["eventId"], &heard["interactionId"]),
            (&asked["eventId"], &asked["interactionId"])
        );
        assert_eq!((&heard["type"], &heard["eventTrigger"]), (&json!("message"), &json!("message:customer")));
        assert_eq!((&heard["isEcho"], &heard["conversationId"]), (&json!(false), &json!(ann)));
        assert_eq!(heard["message"], json!({ "type": "text", "text": "Hi" }));
        assert_eq!(heard["sender"]["integrationId"], floor.customers);
        assert_eq!(heard["recipient"]["integrationId"], floor.agents);
        assert_eq!(heard["recipient"]["tokenId"], format!("{ann}.{}", floor.agents));

        let answered = floor.answer(&ann, "Hello").await;
        let echo = agent.activity().await;
        assert_eq!((&echo["isEcho"], &echo["eventId"]), (&json!(true), &answered["eventId"]));
        for tab in [&mut tab, &mut other_tab] {
            let heard = tab.activity().await;
            assert_eq!((&heard["isEcho"], &heard["eventId"]), (&json!(false), &answered["eventId"]));
            assert_eq!(heard["eventTrigger"], "message:agent");
        }
        // The other customer hears nothing of it: the first that comes is their own.
        floor.ask(&bob, "And me?").await;
        assert_eq!(agent.text().await, "And me?");
        floor.answer(&bob, "You, too").await;
        assert_eq!(bobs.text().await, "You, too");
        // Many in a row keep their order.
        assert_eq!(agent.text().await, "You, too");
        for number in 0..50 {
            floor.ask(&ann, &format!("{number}")).await;
        }
        for number in 0..50 {
            assert_eq!(agent.text().await, format!("{number}"));
        }
        assert_eq!(tab.stop().await, json!({ "closed": null }));
    });
}

#[test]
fn whoever_may_not_listen_is_told_the_right_number() {
    run(TIME_MAX_S, async {
        let server = Crosspoint::start().env("CROSSPOINT_SOCKETS_PER_INTEGRATION", "1").await;
        let floor = Floor::open(&server).await;
        let other = Floor::of(&server, Tenant::another(&server).await).await;
        let system = json!({ "webhookUrl": "http://127.0.0.1:9/", "events": ["message:bot"] });
        let system = floor.tenant.integration(&floor.hub, "System", "archive", system).await;
        let system = text_at(&system, "/integrationId");
        let gone = json!({ "integrationType": "Bot" });
        let gone = floor.tenant.integration(&floor.hub, "Direct", "gone", gone).await;
        let gone = text_at(&gone, "/integrationId");
        let path = format!("/api/v1/integrations/{gone}");
        floor.tenant.portal.call("DELETE", &path).send().await.ok();
        let (own, theirs) = (floor.establish("ann").await, other.establish("ann").await);
        let portal = format!("hubster.portal.api.{}", floor.tenant.key.id);
        let portal = buy(&server.api(), &portal, &floor.tenant.key.secret).await.ok();

        let forged = format!("{}x", floor.token);
        for token in ["nothing", forged.as_str(), text_at(&portal, "/access_token").as_str()] {
            let said = floor.refused(&floor.agents, token, json!({})).await;
            assert!(said.contains("401"), "{said}");
        }
        let cases = [
            ("", json!({}), 200),
            ("not-a-guid", json!({}), 203),
            (NOBODY, json!({}), 6000),
            (other.agents.as_str(), json!({}), 6000),
            (system.as_str(), json!({}), 6000),
            (gone.as_str(), json!({}), 6502),
            (floor.customers.as_str(), json!({ "conversation": "x" }), 203),
            (floor.customers.as_str(), json!({ "conversation": NOBODY }), 6500),
            (floor.customers.as_str(), json!({ "conversation": theirs }), 6500),
            (floor.agents.as_str(), json!({ "conversation": theirs }), 6500),
        ];
        for (integration, more, number) in cases {
            let said = floor.refused(integration, &floor.token, more).await;
            let wanted = format!("HubException: [{number}]: ");
            assert!(said.contains(&wanted), "{integration}: {said} is not {wanted}");
            assert!(said.ends_with(&format!("(code: ENG{number:06})")), "{said}");
        }
        let first = floor.listen(&floor.customers, json!({ "conversation": own })).await;
        let said = floor.refused(&floor.customers, &floor.token, json!({ "conversation": own })).await;
        assert!(said.contains("HubException: [429]: "), "{said}");
        // The place of one that has left is free again.
        first.stop().await;
        floor.listen(&floor.customers, json!({ "conversation": own })).await;
        // Each tenant's own are heard by itself alone.
        let mut agent = floor.listen(&floor.agents, json!({})).await;
        let mut theirs_agent = other.listen(&other.agents, json!({})).await;
        other.ask(&theirs, "theirs").await;
        floor.ask(&own, "ours").await;
        assert_eq!((agent.text().await, theirs_agent.text().await), ("ours".to_owned(), "theirs".to_owned()));
    });
}

#[test]
fn a_socket_ends_with_the_secret_that_bought_its_token() {
    run(TIME_MAX_S, async {
        let server = Crosspoint::start().await;
        let floor = Floor::open(&server).await;
        let client = format!("hubster.engine.api.{}", floor.tenant.key.id);
        let path = format!("/api/v1/tenants/clients/{client}/tokens");
        let made = floor.tenant.portal.post(&path, &json!({ "name": "short" })).await.ok();
        let bought = buy(&server.api(), &client, &text_at(&made, "/token")).await.ok();
        let token = text_at(&bought, "/access_token");
        let mut agent = Listener::connected(&floor.base, &floor.agents, &token, json!({})).await;
        floor.tenant.portal.delete(&format!("{path}/{}", made["id"])).await.ok();
        let said = floor.refused(&floor.agents, &token, json!({})).await;
        assert!(said.contains("401"), "{said}");
        // It is looked at every 15 s.
        let said = agent.why_closed().await;
        assert!(said.contains("HubException: [102]: "), "{said}");

        // One that ends by itself.
        let end = testkit::unix_now() + 10;
        let body = json!({ "name": "brief", "expiration": model::Millis(end * 1_000).to_string() });
        let made = floor.tenant.portal.post(&path, &body).await.ok();
        let bought = buy(&server.api(), &client, &text_at(&made, "/token")).await.ok();
        let brief = server.api().with(Credentials::Bearer(text_at(&bought, "/access_token")));
        let known = format!("/api/v1/conversations/hubs/{}/established", floor.hub);
        while brief.get(&known).await.status == 200 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let said = floor.refused(&floor.agents, &text_at(&bought, "/access_token"), json!({})).await;
        assert!(said.contains("401"), "{said}");
    });
}

#[test]
fn a_client_comes_back_after_a_restart_and_reads_what_it_missed() {
    run(TIME_MAX_S, async {
        let mut server = Crosspoint::start().await;
        let floor = Floor::open(&server).await;
        let conversation = floor.establish("ann").await;
        let more = json!({ "conversation": conversation, "reconnect": true });
        let mut tab = floor.listen(&floor.customers, more).await;
        floor.ask(&conversation, "Hi").await;
        let first = floor.answer(&conversation, "Hello").await;
        assert_eq!(tab.text().await, "Hello");

        let (code, _) = server.sigterm();
        assert_eq!(code, Some(0));
        assert!(tab.next().await["reconnecting"].is_string());
        server.restart().await;
        let missed = floor.answer(&conversation, "Are you there?").await;
        // It may have been back in time to hear it.
        let mut line = tab.next().await;
        if line["activity"].is_null() {
            assert_eq!(line, json!({ "reconnected": true }));
        } else {
            assert_eq!(line["activity"]["eventId"], missed["eventId"]);
            line = tab.next().await;
        }
        drop(line);
        let path =
            format!("/api/v1/interactions/activities/{conversation}?type=Agent&leid={}", first["eventId"]);
        let read = floor.tenant.engine.get(&path).await.ok();
        assert_eq!(read[0]["eventId"], missed["eventId"]);
        floor.answer(&conversation, "Good").await;
        while tab.text().await != "Good" {}
    });
}

#[test]
fn methods_that_clients_call_are_answered() {
    run(TIME_MAX_S, async {
        let server = Crosspoint::start().await;
        let floor = Floor::open(&server).await;
        let mut agent = floor.listen(&floor.agents, json!({ "call": "Foo" })).await;
        let refused = agent.next().await;
        assert!(text_at(&refused, "/refused").ends_with("Unknown hub method 'Foo'"), "{refused}");
        floor.ask(&floor.establish("ann").await, "still here").await;
        assert_eq!(agent.text().await, "still here");
    });
}

#[test]
fn an_integration_with_a_webhook_hears_nothing_over_sockets() {
    run(TIME_MAX_S, async {
        let server = Crosspoint::start().await;
        let floor = Floor::open(&server).await;
        let conversation = floor.establish("ann").await;
        let sink = testkit::Sink::start().await;
        let inbox = sink.inbox("/agents");
        inbox.unchecked();
        let mut agent = floor.listen(&floor.agents, json!({})).await;
        let path = format!("/api/v1/integrations/{}", floor.agents);
        let portal = &floor.tenant.portal;
        let hooked = json!({ "configuration": { "webhookUrl": inbox.url() } });
        put(portal, &path, &hooked).await.ok();
        floor.ask(&conversation, "to the webhook").await;
        inbox.wait_for(1).await;
        put(portal, &path, &json!({ "configuration": {} })).await.ok();
        floor.ask(&conversation, "to the socket").await;
        assert_eq!(agent.text().await, "to the socket");
        inbox.settles_at(1, 100).await;
    });
}
