//! Access tokens and the secrets that buy them (hubster.md §2.1, §3).

use serde_json::json;
use testkit::{Credentials, Crosspoint, run, text_at};

use super::scene::{Tenant, buy, refused};

#[test]
fn a_token_opens_one_resource_and_carries_its_tenant() {
    run(60, async {
        let server = Crosspoint::start().await;
        let (api, key) = (server.api(), server.account_key());
        let reply = buy(&api, &format!("hubster.portal.api.{}", key.id), &key.secret).await;
        assert_eq!(reply.header("cache-control"), "no-store");
        let reply = reply.ok();
        assert_eq!((&reply["expires_in"], &reply["token_type"]), (&json!(2_592_000), &json!("Bearer")));
        assert_eq!(reply["scope"], "hubster-portal-api");

        let tenant = Tenant::of(&server).await;
        tenant.portal.get("/api/v1/hubs").await.ok();
        refused(tenant.engine.get("/api/v1/hubs").await, 401, &[102]);
        refused(api.get("/api/v1/hubs").await, 401, &[102]);
        let forged = format!("{}x", text_at(&reply, "/access_token"));
        refused(api.with(Credentials::Bearer(forged)).get("/api/v1/hubs").await, 401, &[102]);
        refused(api.as_key(&key).get("/api/v1/hubs").await, 401, &[102]);
        refused(api.as_jwt_of(&key).get("/api/v1/hubs").await, 401, &[102]);
        // The other way round: these tokens are nothing to the other API.
        tenant.portal.get("/v2/apps").await.refused(401, "unauthorized");
    });
}

#[test]
fn refusals_have_the_form_of_oauth() {
    run(60, async {
        let server = Crosspoint::start().await;
        let (api, key) = (server.api(), server.account_key());
        let client = format!("hubster.portal.api.{}", key.id);
        let refusal = async |form: &str| {
            let call = api.call("POST", "/connect/token").text("application/x-www-form-urlencoded", form);
            call.send().await.with_status(400)["error"].clone()
        };
        for (client, secret) in
            [(client.as_str(), "wrong"), ("hubster.portal.api.act_000000000000000000000000", "x"), ("x", "x")]
        {
            let form = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
            assert_eq!(refusal(&form).await, "invalid_client");
        }
        assert_eq!(refusal("client_id=x&client_secret=x").await, "invalid_request");
        assert_eq!(refusal("grant_type=implicit").await, "unsupported_grant_type");
        assert_eq!(refusal("grant_type=password&client_id=hubster.portal").await, "unauthorized_client");
        let scope = "hubster-engine-api";
        let form = format!(
            "grant_type=client_credentials&client_id={client}&client_secret={}&scope={scope}",
            key.secret
        );
        assert_eq!(refusal(&form).await, "invalid_scope");
    });
}

#[test]
fn a_client_gets_further_secrets_that_end_with_their_tokens() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let by_key = format!("/api/v1/tenants/clients/hubster.engine.api.{}", tenant.key.id);
        let client = tenant.portal.get(&by_key).await.ok();
        let tenant_id = text_at(&client, "/tenantId");
        assert_eq!(client["allowedScopes"], json!(["hubster-engine-api"]));
        assert_eq!(client["secrets"], json!([]));

        // The published form of the id: the tenant's GUID without hyphens, in either case.
        let client_id = format!("hubster.engine.api.{}", tenant_id.replace('-', "").to_uppercase());
        let path = format!("/api/v1/tenants/clients/{client_id}");
        let body = json!({ "name": "my secret 3", "expiration": "2090-01-31T00:00:00" });
        let made = tenant.portal.post(&format!("{path}/tokens"), &body).await.ok();
        assert_eq!(made["expiration"], "2090-01-31T00:00:00");
        let secret = text_at(&made, "/token");
        refused(tenant.portal.post(&format!("{path}/tokens"), &body).await, 400, &[600]);
        refused(tenant.portal.post(&format!("{path}/tokens"), &json!({})).await, 400, &[301]);
        let over = json!({ "name": "late", "expiration": "2020-01-31T00:00:00" });
        refused(tenant.portal.post(&format!("{path}/tokens"), &over).await, 400, &[207]);
        let bad = json!({ "expiration": "soon" });
        refused(tenant.portal.post(&format!("{path}/tokens"), &bad).await, 400, &[301, 204]);
        refused(tenant.portal.call("POST", &format!("{path}/tokens")).send().await, 400, &[300]);

        let shown = tenant.portal.get(&path).await.ok();
        assert_eq!(shown["clientId"], client_id);
        assert_eq!(shown["secrets"][0]["id"], made["id"]);
        assert_eq!(shown["secrets"][0]["token"], format!("{}...", &secret[..4]));

        buy(&server.api(), &client_id, &secret).await.ok();
        // It is the engine's: it buys nothing for the portal.
        let portal_id = client_id.replace("engine", "portal");
        assert_eq!(buy(&server.api(), &portal_id, &secret).await.with_status(400)["error"], "invalid_client");

        let token = format!("{path}/tokens/{}", made["id"]);
        assert_eq!(tenant.portal.delete(&token).await.text, "");
        refused(tenant.portal.delete(&token).await, 404, &[105]);
        assert_eq!(buy(&server.api(), &client_id, &secret).await.with_status(400)["error"], "invalid_client");
    });
}

#[test]
fn a_deleted_secret_ends_the_tokens_that_it_bought() {
    run(60, async {
        let server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let client_id = format!("hubster.portal.api.{}", tenant.key.id);
        let path = format!("/api/v1/tenants/clients/{client_id}/tokens");
        let made = tenant.portal.post(&path, &json!({ "name": "second" })).await.ok();
        let bought = buy(&server.api(), &client_id, &text_at(&made, "/token")).await.ok();
        let second = server.api().with(Credentials::Bearer(text_at(&bought, "/access_token")));
        second.get("/api/v1/hubs").await.ok();
        tenant.portal.delete(&format!("{path}/{}", made["id"])).await.ok();
        refused(second.get("/api/v1/hubs").await, 401, &[102]);
    });
}

#[test]
fn tokens_survive_a_restart_and_their_key_is_published() {
    run(60, async {
        let mut server = Crosspoint::start().await;
        let tenant = Tenant::of(&server).await;
        let found = server.api().get("/.well-known/openid-configuration").await.ok();
        let jwks = text_at(&found, "/jwks_uri");
        let keys = server.api().get(&jwks).await.ok();
        assert_eq!(keys["keys"][0]["kty"], "EC");
        server.sigterm();
        server.restart().await;
        tenant.portal.get("/api/v1/hubs").await.ok();
        assert_eq!(server.api().get(&jwks).await.ok(), keys);
    });
}
