//! Fresh resources for one request of any operation.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use testkit::scene::{App, Custom, Talk, business};
use testkit::{Api, Credentials, Crosspoint, text_at};
use wire::Operation;

use super::super::oauth;

/// An app with a custom integration, the caller of integration scope.
pub struct World<'a> {
    server: &'a Crosspoint,
    target: String,
    pub app: App,
    pub custom: Custom,
}

impl World<'_> {
    pub async fn create<'a>(server: &'a Crosspoint, target: &str) -> World<'a> {
        let app = App::create(server).await;
        let webhook = json!({ "target": target, "triggers": ["user:merge"] });
        let custom = app.custom_with("caller", webhook).await;
        World { server, target: target.to_owned(), app, custom }
    }

    /// A client of this scope that belongs to the app.
    pub async fn caller(&self, row: &Operation, scope: &str) -> Api {
        match scope {
            "account" => self.app.account.clone(),
            "app" => self.app.api.clone(),
            // Only an integration that was authorized can be revoked.
            _ if row.id == "RevokeAccess" => {
                let token = oauth::access_token(self.server, &self.app).await;
                self.app.api.with(Credentials::Bearer(token))
            }
            _ => self.custom.api.clone(),
        }
    }

    /// Path and body of a valid request on fresh resources.
    pub async fn request(&self, row: &Operation) -> (String, Option<Value>) {
        match row.path {
            path if path.contains("{conversationId}") => self.in_conversation(row).await,
            path if path.contains("{userIdOrExternalId}") => self.of_user(row).await,
            path if path.contains("{integrationId}") => self.of_integration(row).await,
            path if path.contains("/switchboards") => self.of_switchboard(row).await,
            _ => self.of_app(row).await,
        }
    }

    /// Whether the owner still can do what a stranger tried.
    pub async fn request_again(&self, row: &Operation, path: &str, body: &Option<Value>) -> bool {
        let reply = super::send(&self.app.account, row, path, body).await;
        let anyway =
            super::REFUSED_ANYWAY.iter().any(|(id, status)| *id == row.id && *status == reply.status);
        reply.status < 300 || anyway
    }

    fn fill(&self, row: &Operation, values: &[(&str, &str)]) -> String {
        let mut path = row.path.replace("{appId}", &self.app.id);
        for (name, value) in values {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        assert!(!path.contains('{'), "no resource is known for {path}");
        path
    }

    async fn of_app(&self, row: &Operation) -> (String, Option<Value>) {
        let named = Some(json!({ "displayName": "Named" }));
        let (values, body): (Vec<(&str, String)>, Option<Value>) = match row.id {
            "CreateApp" | "CreateAppKey" | "UpdateApp" => (vec![], named),
            "GetAppKey" | "DeleteAppKey" => (vec![("keyId", self.app_key().await)], None),
            "DeleteAttachment" => (vec![], Some(json!({ "mediaUrl": self.attachment().await }))),
            "CreateConversation" => {
                let user = self.user().await;
                (vec![], Some(json!({ "type": "personal", "participants": [{ "userId": user }] })))
            }
            "CreateIntegration" => (vec![], Some(json!({ "type": "web" }))),
            "CreateUser" => (vec![], Some(json!({}))),
            "SyncUser" => (vec![("zendeskId", "12345".into())], None),
            "GetToken" => (vec![], Some(oauth::token_request(self.server, &self.app).await)),
            _ => (vec![], None),
        };
        let borrowed: Vec<(&str, &str)> =
            values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut path = self.fill(row, &borrowed);
        match row.id {
            "UploadAttachment" => path.push_str("?access=public"),
            "ListConversations" => path.push_str(&format!("?filter[userId]={}", self.user().await)),
            "ListUsers" => path.push_str("?filter[identities.email]=a@example.org"),
            "Authorize" => path = oauth::authorize_path(self.server).await,
            _ => {}
        }
        (path, body)
    }

    async fn in_conversation(&self, row: &Operation) -> (String, Option<Value>) {
        let board = matches!(row.id, "PassControl" | "ReleaseControl" | "OfferControl" | "AcceptControl");
        if board {
            self.board().await;
        }
        let talk = self.talk().await;
        let mut conversation = talk.conversation.clone();
        let user = &talk.user;
        let mut message = String::new();
        let body = match row.id {
            "UpdateConversation" => Some(json!({ "displayName": "Named" })),
            "DeleteConversation" => {
                conversation = self.app.conversation(user).await;
                None
            }
            "JoinConversation" | "LeaveConversation" => {
                let (group, member, other) = self.group().await;
                conversation = group;
                match row.id {
                    "JoinConversation" => Some(json!({ "userId": other, "subscribeSDKClient": false })),
                    _ => Some(json!({ "userId": member })),
                }
            }
            "PostMessage" => Some(business("hello")),
            "DeleteMessage" => {
                message = talk.answers(&self.app.api, "delete me").await;
                None
            }
            "PostActivity" => Some(json!({ "type": "typing:start", "author": { "type": "business" } })),
            "PassControl" => Some(json!({ "switchboardIntegration": "other" })),
            "OfferControl" => Some(json!({ "switchboardIntegration": "other" })),
            "AcceptControl" => {
                self.offer_to_caller(&talk).await;
                Some(json!({}))
            }
            "DownloadMessageRef" => Some(download_body(user)),
            "PostConversionEvents" => Some(json!({ "messenger": { "payload": { "data": [{}] } } })),
            _ => None,
        };
        (self.fill(row, &[("conversationId", &conversation), ("messageId", &message)]), body)
    }

    async fn of_user(&self, row: &Operation) -> (String, Option<Value>) {
        let talk = self.talk().await;
        let mut client = String::new();
        let body = match row.id {
            "UpdateUser" => Some(json!({ "profile": { "givenName": "Named" } })),
            "CreateClient" => Some(self.link(&talk).await),
            "RemoveClient" => {
                let link = self.link(&talk).await;
                let made = self.app.post(&format!("/users/{}/clients", talk.user), link).await;
                client = text_at(&made, "/client/id");
                None
            }
            _ => None,
        };
        let device = testkit::scene::NO_ID;
        let values =
            [("userIdOrExternalId", talk.user.as_str()), ("clientId", &client), ("deviceId", device)];
        (self.fill(row, &values), body)
    }

    async fn of_integration(&self, row: &Operation) -> (String, Option<Value>) {
        let webhook = json!({ "target": self.target, "triggers": ["user:remove"] });
        let body = match row.id {
            "UpdateIntegration" | "CreateCustomIntegrationKey" => Some(json!({ "displayName": "Named" })),
            "CreateWebhook" | "UpdateWebhook" => Some(webhook),
            _ => None,
        };
        let values = [
            ("integrationId", self.custom.id.as_str()),
            ("keyId", &self.custom.key.id),
            ("webhookId", &self.custom.webhook_id),
        ];
        (self.fill(row, &values), body)
    }

    async fn of_switchboard(&self, row: &Operation) -> (String, Option<Value>) {
        if row.id == "CreateSwitchboard" {
            return (self.fill(row, &[]), None);
        }
        let board = self.app.switchboard().await;
        let mut member = String::new();
        let link = json!({ "name": "caller", "integrationId": self.custom.id });
        let body = match row.id {
            "CreateSwitchboardIntegration" => Some(link),
            "UpdateSwitchboardIntegration" | "DeleteSwitchboardIntegration" => {
                member = self.app.member(&board, link).await;
                (row.id == "UpdateSwitchboardIntegration").then(|| json!({ "deliverStandbyEvents": false }))
            }
            "UpdateSwitchboard" => Some(json!({ "enabled": false })),
            _ => None,
        };
        (self.fill(row, &[("switchboardId", &board), ("switchboardIntegrationId", &member)]), body)
    }

    /// A switchboard in which the caller is the default and next to it stands `other`.
    async fn board(&self) {
        let webhook = json!({ "target": self.target, "triggers": ["user:merge"] });
        let other = self.app.custom_with("other", webhook).await;
        let board = self.app.switchboard().await;
        let caller =
            self.app.member(&board, json!({ "name": "caller", "integrationId": self.custom.id })).await;
        self.app.member(&board, json!({ "name": "other", "integrationId": other.id })).await;
        let enabled = json!({ "enabled": true, "defaultSwitchboardIntegrationId": caller });
        self.app.patch(&format!("/switchboards/{board}"), enabled).await;
    }

    async fn offer_to_caller(&self, talk: &Talk) {
        let to = |name: &str| json!({ "switchboardIntegration": name });
        self.app.api.post(&format!("{}/passControl", talk.path), &to("other")).await.ok();
        self.app.api.post(&format!("{}/offerControl", talk.path), &to("caller")).await.ok();
    }

    async fn app_key(&self) -> String {
        let made = self.app.account.post(&self.app.path("/keys"), &json!({ "displayName": "k" })).await.ok();
        text_at(&made, "/key/id")
    }

    async fn user(&self) -> String {
        text_at(&self.app.post("/users", json!({})).await, "/user/id")
    }

    async fn talk(&self) -> Talk {
        let user = self.user().await;
        let conversation = self.app.conversation(&user).await;
        let path = self.app.path(&format!("/conversations/{conversation}"));
        Talk { user, conversation, path }
    }

    async fn group(&self) -> (String, String, String) {
        let (member, other) = (self.user().await, self.user().await);
        let participants = json!([{ "userId": member, "subscribeSDKClient": false }]);
        let body = json!({ "type": "sdkGroup", "participants": participants });
        let made = self.app.post("/conversations", body).await;
        (text_at(&made, "/conversation/id"), member, other)
    }

    async fn attachment(&self) -> String {
        let upload = self.app.api.call("POST", &self.app.path("/attachments?access=public"));
        text_at(&upload.multipart(upload_form()).send().await.ok(), "/attachment/mediaUrl")
    }

    async fn link(&self, talk: &Talk) -> Value {
        let messagebird = json!({ "type": "messagebird", "accessKey": "a", "signingKey": "s", "originator": "+15145550199" });
        let channel = text_at(&self.app.post("/integrations", messagebird).await, "/integration/id");
        json!({
            "matchCriteria": { "type": "messagebird", "integrationId": channel, "phoneNumber": "+15145550100" },
            "confirmation": { "type": "immediate" },
            "target": { "conversationId": talk.conversation }
        })
    }
}

/// A small file in the part that the document names.
pub fn upload_form() -> Form {
    let part = Part::bytes(b"hello".to_vec()).file_name("hello.txt");
    Form::new().part("source", part.mime_str("text/plain").expect("a media type"))
}

fn download_body(user: &str) -> Value {
    let reference =
        json!({ "url": "https://a.example/x", "bid": "b", "key": "k", "signature": "s", "owner": "o" });
    json!({ "userId": user, "apple": { "interactiveDataRef": reference } })
}
