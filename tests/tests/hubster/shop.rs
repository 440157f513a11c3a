//! A hub whose customers are on simulated providers, with an agent's webhook and an archive's.

use serde_json::{Value, json};
use sim::{Sim, SimConfig};
use testkit::{Crosspoint, Hook, Inbox, Sink, text_at};

use super::scene::{Tenant, put};

/// A hub with an agent and a listener; channels come by [`Shop::twilio`] and [`Shop::telegram`].
pub struct Shop {
    pub server: Crosspoint,
    pub sim: Sim,
    pub tenant: Tenant,
    pub hub: String,
    pub agent: String,
    pub agents: Inbox,
    pub archive: Inbox,
    pub sink: Sink,
}

impl Shop {
    pub async fn open() -> Shop {
        Shop::open_with(|builder| builder).await
    }

    pub async fn open_with(change: impl FnOnce(testkit::Builder) -> testkit::Builder) -> Shop {
        let sim = Sim::start(SimConfig::default()).await.unwrap();
        let server = change(Crosspoint::start().providers(&sim)).await;
        let sink = Sink::start().await;
        let tenant = Tenant::of(&server).await;
        let hub = tenant.hub("Shop").await;
        let inbox = |path: &str| {
            let inbox = sink.inbox(path);
            inbox.unchecked();
            inbox
        };
        let (agents, archive) = (inbox("/agents"), inbox("/archive"));
        let agent = json!({ "integrationType": "Agent", "webhookUrl": agents.url() });
        let agent = text_at(&tenant.integration(&hub, "Direct", "agents", agent).await, "/integrationId");
        let listening = json!({ "webhookUrl": archive.url(), "events": ["message"] });
        tenant.integration(&hub, "System", "archive", listening).await;
        Shop { server, sim, tenant, hub, agent, agents, archive, sink }
    }

    /// Connects a simulated telephone number; gives the integration's id.
    pub async fn twilio(&self) -> String {
        let account = self.sim.twilio();
        let configuration = json!({ "authToken": account.auth_token, "accountSid": account.account_sid,
            "numberSid": account.numbers[0].sid });
        let made = self.tenant.integration(&self.hub, "TwilioSMS", "number", configuration).await;
        text_at(&made, "/integrationId")
    }

    /// Connects a simulated bot; gives the integration's id.
    pub async fn telegram(&self) -> String {
        let configuration = json!({ "botToken": self.sim.bot().token });
        let made = self.tenant.integration(&self.hub, "Telegram", "telegram", configuration).await;
        text_at(&made, "/integrationId")
    }

    /// Makes an integration through which a program of the customer's speaks, and its conversation. It
    /// hears by this inbox.
    pub async fn direct(&self, name: &str, echo: bool) -> Direct {
        let inbox = self.sink.inbox(&format!("/{name}"));
        inbox.unchecked();
        let configuration = json!({ "integrationType": "Customer", "echo": echo, "webhookUrl": inbox.url() });
        let made = self.tenant.integration(&self.hub, "Direct", name, configuration).await;
        let integration = text_at(&made, "/integrationId");
        let body = json!({ "integrationId": integration, "binding": "b", "channelType": "Direct" });
        let begun = self.tenant.engine.post("/api/v1/conversations/establish", &body).await.ok();
        Direct { integration, conversation: text_at(&begun, "/conversationId"), inbox }
    }

    /// Sends an activity as the customer, or as an integration that answers.
    pub async fn send(
        &self,
        conversation: &str,
        sender: Option<&str>,
        mut activity: Value,
    ) -> testkit::Reply {
        if let Some(sender) = sender {
            activity["sender"] = json!({ "integrationId": sender });
        }
        let path = format!("/inbound/customer/v1/direct/activity/{conversation}");
        self.tenant.engine.post(&path, &activity).await
    }

    /// Makes an integration rest, or wakes it.
    pub async fn pause(&self, integration: &str, paused: bool) {
        let status = if paused { 3002 } else { 3000 };
        let path = format!("/api/v1/integrations/{integration}");
        put(&self.tenant.portal, &path, &json!({ "statusId": status })).await.ok();
    }

    /// Makes the whole hub rest, or wakes it.
    pub async fn pause_hub(&self, paused: bool) {
        let status = if paused { 2002 } else { 2000 };
        let path = format!("/api/v1/hubs/{}", self.hub);
        put(&self.tenant.portal, &path, &json!({ "statusId": status })).await.ok();
    }

    /// Says something as the agent.
    pub async fn answer(&self, conversation: &str, message: Value) -> testkit::Reply {
        self.send(conversation, Some(&self.agent), json!({ "message": message })).await
    }

    /// The path of the hub in the Sunshine API.
    pub fn app(&self) -> String {
        format!("/v2/apps/{}", model::Id::from_guid(&self.hub).unwrap())
    }

    /// The path of a conversation in the Sunshine API.
    pub fn core(&self, conversation: &str) -> String {
        format!("{}/conversations/{}", self.app(), model::Id::from_guid(conversation).unwrap())
    }

    /// Says something as the business, through the Sunshine API.
    pub async fn post(&self, conversation: &str, content: Value) {
        let body = json!({ "author": { "type": "business" }, "content": content });
        let path = format!("{}/messages", self.core(conversation));
        self.server.as_account().post(&path, &body).await.ok();
    }

    /// The activities of a conversation that concern its customer.
    pub async fn activities(&self, conversation: &str) -> Vec<Value> {
        let path = format!("/api/v1/interactions/activities/{conversation}?type=Customer");
        self.tenant.engine.get(&path).await.ok().as_array().unwrap().clone()
    }
}

/// A customer whose program speaks through Direct.
pub struct Direct {
    pub integration: String,
    pub conversation: String,
    pub inbox: Inbox,
}

/// What a text says, for each activity.
pub fn texts(activities: &[Value]) -> Vec<&str> {
    activities.iter().map(|activity| activity["message"]["text"].as_str().unwrap_or_default()).collect()
}

/// The activity of a Direct webhook.
pub fn activity(hook: &Hook) -> &Value {
    &hook.body["activity"]
}

/// The activities of System webhooks.
pub fn archived(hooks: &[Hook]) -> Vec<Value> {
    hooks.iter().map(|hook| hook.body["activities"][0].clone()).collect()
}
