//! Tenants do not see each other: every route of the portal with the ids of another tenant is answered
//! as for ids that do not exist, and changes nothing; a token of the engine opens none of them.

use serde_json::{Value, json};
use testkit::{Api, Crosspoint, run, text_at};
use wire::operation::{Body, Scope};

use super::scene::{Tenant, refused};

/// What one tenant has, by the names of the paths' parameters.
struct Things {
    client: String,
    token: String,
    hub: String,
    integration: String,
    transfer: String,
    response: String,
}

impl Things {
    async fn make(tenant: &Tenant) -> Things {
        let hub = tenant.hub("mine").await;
        let portal = &tenant.portal;
        let client = format!("hubster.portal.api.{}", tenant.key.id);
        let token = portal
            .post(&format!("/api/v1/tenants/clients/{client}/tokens"), &json!({ "name": "t" }))
            .await
            .ok();
        let integration =
            tenant.integration(&hub, "Direct", "i", json!({ "integrationType": "Agent" })).await;
        let transfer = json!({ "name": "t", "url": "https://a.example", "linkDescription": "l" });
        let transfer = portal.post(&format!("/api/v1/commands/transfers/{hub}"), &transfer).await.ok();
        let response = json!({ "name": "r", "integrationTypeId": "agent", "type": "message", "responses": [{ "type": "text", "text": "x" }] });
        let response = portal.post(&format!("/api/v1/commands/responses/{hub}"), &response).await.ok();
        Things {
            client,
            token: token["id"].to_string(),
            integration: text_at(&integration, "/integrationId"),
            transfer: text_at(&transfer, "/commandId"),
            response: text_at(&response, "/commandId"),
            hub,
        }
    }

    /// The path of an operation with the ids of these things.
    fn path(&self, operation: &str, template: &str) -> String {
        let of_hub = operation.starts_with("PortalList") || operation.starts_with("PortalCreate");
        let id = match operation {
            _ if of_hub => &self.hub,
            _ if operation.contains("TransferCommand") => &self.transfer,
            _ if operation.contains("ResponseCommand") => &self.response,
            _ => &self.integration,
        };
        let path = template.replace("{clientId}", &self.client).replace("{tokenId}", &self.token);
        path.replace("{hubId}", &self.hub).replace("{id}", id).replace("{channelType}", "Direct")
    }

    /// Everything that the owner can read of them.
    async fn all(&self, portal: &Api) -> Vec<Value> {
        let mut seen = Vec::new();
        for path in [
            format!("/api/v1/tenants/clients/{}", self.client),
            "/api/v1/hubs".to_owned(),
            "/api/v1/integrations".to_owned(),
            format!("/api/v1/integrations/{}", self.integration),
            format!("/api/v1/commands/transfers/hub/{}", self.hub),
            format!("/api/v1/commands/responses/hub/{}", self.hub),
        ] {
            seen.push(portal.get(&path).await.ok());
        }
        seen
    }
}

#[test]
fn ids_of_another_tenant_do_not_exist_and_nothing_of_theirs_changes() {
    run(120, async {
        let server = Crosspoint::start().await;
        let (mine, other) = (Tenant::of(&server).await, Tenant::another(&server).await);
        let things = Things::make(&mine).await;
        let before = things.all(&mine.portal).await;
        let body = json!({ "name": "taken over", "statusId": 3002, "channelId": "Direct", "configuration": { "integrationType": "Agent" },
            "url": "https://b.example", "linkDescription": "x" });
        let mut walked = 0;
        for operation in
            wire::hubster::OPERATIONS.iter().filter(|row| row.allows(Scope::Portal) && row.path.contains('{'))
        {
            let path = things.path(operation.id, operation.path);
            let call = other.portal.call(operation.method.as_str(), &path);
            let call = if operation.body == Body::None { call } else { call.json(&body) };
            let reply = call.send().await;
            assert_eq!(reply.status, 404, "{} → {} {}", operation.id, reply.status, reply.text);
            walked += 1;
        }
        assert_eq!(walked, 22);
        // Two forms that the table does not tell: the update on the pattern of create, and a hub in the
        // query.
        let update =
            other.portal.post(&format!("/api/v1/integrations/hubs/{}", things.integration), &body).await;
        refused(update, 404, &[699]);
        let named = json!({ "name": "taken over", "statusId": 3002 });
        let update =
            other.portal.post(&format!("/api/v1/integrations/hubs/{}", things.integration), &named).await;
        refused(update, 404, &[799]);
        refused(other.portal.get(&format!("/api/v1/integrations?hubId={}", things.hub)).await, 404, &[699]);
        assert_eq!(things.all(&mine.portal).await, before);
        assert_eq!(other.portal.get("/api/v1/hubs").await.ok()["total"], 0);
        assert_eq!(other.portal.get("/api/v1/integrations").await.ok()["total"], 0);
        // The same name is free for the other tenant.
        other.hub("mine").await;
    });
}

#[test]
fn a_token_for_the_engine_opens_nothing_of_the_portal() {
    run(60, async {
        let server = Crosspoint::start().await;
        let mine = Tenant::of(&server).await;
        let things = Things::make(&mine).await;
        for operation in wire::hubster::OPERATIONS.iter().filter(|row| row.allows(Scope::Portal)) {
            let path = things.path(operation.id, operation.path);
            let call = mine.engine.call(operation.method.as_str(), &path);
            let call = if operation.body == Body::None { call } else { call.json(&json!({ "name": "x" })) };
            assert_eq!(call.send().await.status, 401, "{}", operation.id);
        }
    });
}
