//! Ready-made apps, integrations, switchboards and people. Everything goes through the API.

use serde_json::{Value, json};

use crate::api::Api;
use crate::credentials::Key;
use crate::process::Crosspoint;
use crate::reply::text_at;
use crate::sink::Inbox;

/// Every trigger that the document names.
pub const TRIGGERS: [&str; 26] = [
    "client:add",
    "client:remove",
    "client:update",
    "conversation:create",
    "conversation:join",
    "conversation:leave",
    "conversation:remove",
    "conversation:message",
    "conversation:message:delivery:channel",
    "conversation:message:delivery:failure",
    "conversation:message:delivery:user",
    "conversation:postback",
    "conversation:read",
    "conversation:referral",
    "conversation:typing",
    "passthrough:messaging",
    "switchboard:acceptControl",
    "switchboard:acceptControl:failure",
    "switchboard:offerControl",
    "switchboard:offerControl:failure",
    "switchboard:passControl",
    "switchboard:passControl:failure",
    "switchboard:releaseControl",
    "user:merge",
    "user:remove",
    "user:update",
];

/// A well-formed id that no thing has.
pub const NO_ID: &str = "000000000000000000000000";

/// An app with a key of its own.
#[derive(Clone)]
pub struct App {
    /// Its id.
    pub id: String,
    /// Its key.
    pub key: Key,
    /// A client with that key.
    pub api: Api,
    /// A client with the account key.
    pub account: Api,
}

/// A custom integration with a webhook and a key.
#[derive(Clone)]
pub struct Custom {
    /// Its id.
    pub id: String,
    /// Its webhook's id.
    pub webhook_id: String,
    /// Its webhook's secret.
    pub webhook_secret: String,
    /// Its key.
    pub key: Key,
    /// A client with that key.
    pub api: Api,
}

/// A user with a conversation of type personal.
#[derive(Clone, Debug)]
pub struct Talk {
    /// The user's id.
    pub user: String,
    /// The conversation's id.
    pub conversation: String,
    /// `/v2/apps/…/conversations/…`.
    pub path: String,
}

impl App {
    /// A new app with a key.
    pub async fn create(server: &Crosspoint) -> App {
        App::create_by(server.as_account()).await
    }

    /// A new app with a key, made by this client of account scope.
    pub async fn create_by(account: Api) -> App {
        let app = account.post("/v2/apps", &json!({ "displayName": "Test app" })).await.ok();
        let id = text_at(&app, "/app/id");
        let key = account.post(&format!("/v2/apps/{id}/keys"), &json!({ "displayName": "test" })).await.ok();
        let key = Key::from_reply(&key);
        App { id, api: account.as_key(&key), key, account }
    }

    /// A path below the app: `path("/users")`.
    pub fn path(&self, rest: &str) -> String {
        format!("/v2/apps/{}{rest}", self.id)
    }

    /// POST below the app with the app's key; panics unless it succeeds.
    #[track_caller]
    pub fn post(&self, rest: &str, body: Value) -> impl Future<Output = Value> + use<> {
        let (api, path) = (self.api.clone(), self.path(rest));
        async move { api.post(&path, &body).await.ok() }
    }

    /// GET below the app with the app's key; panics unless it succeeds.
    pub async fn get(&self, rest: &str) -> Value {
        self.api.get(&self.path(rest)).await.ok()
    }

    /// PATCH below the app with the app's key; panics unless it succeeds.
    pub async fn patch(&self, rest: &str, body: Value) -> Value {
        self.api.patch(&self.path(rest), &body).await.ok()
    }

    /// DELETE below the app with the app's key; panics unless it succeeds.
    pub async fn delete(&self, rest: &str) {
        self.api.delete(&self.path(rest)).await.ok();
    }

    /// Changes settings of the app.
    pub async fn settings(&self, settings: Value) {
        self.patch("", json!({ "settings": settings })).await;
    }

    /// A custom integration that is told everything.
    pub async fn custom(&self, name: &str, inbox: &Inbox) -> Custom {
        self.custom_with(name, json!({ "target": inbox.url(), "triggers": TRIGGERS })).await
    }

    /// A custom integration with this webhook.
    pub async fn custom_with(&self, name: &str, webhook: Value) -> Custom {
        let body = json!({ "type": "custom", "displayName": name, "webhooks": [webhook] });
        let made = self.post("/integrations", body).await;
        let id = text_at(&made, "/integration/id");
        let key = self.post(&format!("/integrations/{id}/keys"), json!({ "displayName": name })).await;
        let key = Key::from_reply(&key);
        Custom {
            webhook_id: text_at(&made, "/integration/webhooks/0/id"),
            webhook_secret: text_at(&made, "/integration/webhooks/0/secret"),
            api: self.api.as_key(&key),
            key,
            id,
        }
    }

    /// A user with this external id; gives the id.
    pub async fn user(&self, external_id: &str) -> String {
        text_at(&self.post("/users", json!({ "externalId": external_id })).await, "/user/id")
    }

    /// A personal conversation of a user; gives the id.
    pub async fn conversation(&self, user: &str) -> String {
        let body = json!({ "type": "personal", "participants": [{ "userId": user }] });
        text_at(&self.post("/conversations", body).await, "/conversation/id")
    }

    /// A new user with a personal conversation.
    pub async fn talk(&self, external_id: &str) -> Talk {
        let user = self.user(external_id).await;
        let conversation = self.conversation(&user).await;
        let path = self.path(&format!("/conversations/{conversation}"));
        Talk { user, conversation, path }
    }

    /// A switchboard, disabled as it is made; gives the id.
    pub async fn switchboard(&self) -> String {
        let made = self.api.post_nothing(&self.path("/switchboards")).await.ok();
        text_at(&made, "/switchboard/id")
    }

    /// A member of a switchboard; gives the switchboard integration's id.
    pub async fn member(&self, switchboard: &str, body: Value) -> String {
        let made = self.post(&format!("/switchboards/{switchboard}/switchboardIntegrations"), body).await;
        text_at(&made, "/switchboardIntegration/id")
    }
}

impl Talk {
    /// The customer writes; gives the message's id.
    pub async fn says(&self, api: &Api, text: &str) -> String {
        let body = json!({
            "author": { "type": "user", "userId": self.user }, "content": { "type": "text", "text": text }
        });
        self.post(api, &body).await
    }

    /// The business writes; gives the message's id.
    pub async fn answers(&self, api: &Api, text: &str) -> String {
        self.post(api, &business(text)).await
    }

    /// Any message; gives its id.
    pub async fn post(&self, api: &Api, body: &Value) -> String {
        let posted = api.post(&format!("{}/messages", self.path), body).await.ok();
        text_at(&posted, "/messages/0/id")
    }
}

/// The body of a text message of the business.
pub fn business(text: &str) -> Value {
    json!({ "author": { "type": "business" }, "content": { "type": "text", "text": text } })
}

/// The body of a business message with this content.
pub fn business_content(content: Value) -> Value {
    json!({ "author": { "type": "business" }, "content": content })
}

/// The worked hand-over of sunshine-v2.md §14: bot and agent in the switchboard, crm outside.
pub struct HandOver {
    /// The app.
    pub app: App,
    /// Member `bot`, the default, next is `agent`.
    pub bot: Custom,
    /// Member `agent`, next is `bot`, wants five messages of history.
    pub agent: Custom,
    /// In no switchboard.
    pub crm: Custom,
    /// The switchboard's id.
    pub switchboard: String,
    /// The switchboard integration of `bot`.
    pub bot_seat: String,
    /// The switchboard integration of `agent`.
    pub agent_seat: String,
}

impl HandOver {
    /// Builds it; the inboxes are those of bot, agent and crm.
    pub async fn create(server: &Crosspoint, inboxes: [&Inbox; 3], standby_events: bool) -> HandOver {
        let app = App::create(server).await;
        let bot = app.custom("bot", inboxes[0]).await;
        let agent = app.custom("agent", inboxes[1]).await;
        let crm = app.custom("crm", inboxes[2]).await;
        let switchboard = app.switchboard().await;
        let member = |name: &str, custom: &Custom| json!({ "name": name, "integrationId": custom.id, "deliverStandbyEvents": standby_events });
        let bot_seat = app.member(&switchboard, member("bot", &bot)).await;
        let mut body = member("agent", &agent);
        body["nextSwitchboardIntegrationId"] = json!(bot_seat);
        body["messageHistoryCount"] = json!(5);
        let agent_seat = app.member(&switchboard, body).await;
        let members = format!("/switchboards/{switchboard}/switchboardIntegrations");
        app.patch(&format!("{members}/{bot_seat}"), json!({ "nextSwitchboardIntegrationId": agent_seat }))
            .await;
        let enabled = json!({ "enabled": true, "defaultSwitchboardIntegrationId": bot_seat });
        app.patch(&format!("/switchboards/{switchboard}"), enabled).await;
        HandOver { app, bot, agent, crm, switchboard, bot_seat, agent_seat }
    }
}
