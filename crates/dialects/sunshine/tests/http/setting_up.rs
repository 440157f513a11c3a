//! Apps, keys, integrations, webhooks and switchboards.

use axum::body::Body;
use serde_json::{Value, json};

use crate::house::{House, NO_ID, Reply};

fn webhook() -> Value {
    json!({ "target": "https://hooks.example.org/in", "triggers": ["user:remove"] })
}

fn id<'a>(reply: &'a Value, pointer: &str) -> &'a str {
    reply.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} in {reply}"))
}

/// The path of a new custom integration, below the app.
async fn custom(house: &House) -> String {
    let made =
        house.post("/integrations", json!({ "type": "custom", "webhooks": [webhook()] })).await.is(201);
    format!("/integrations/{}", id(&made, "/integration/id"))
}

/// A POST under an idempotency key that no other path has.
async fn once(house: &House, path: &str, body: &Value) -> Reply {
    let headers = [("content-type", "application/json"), ("idempotency-key", path)];
    house.send("POST", path, &headers, Body::from(body.to_string())).await
}

#[tokio::test]
async fn whatever_is_made_is_made_once_under_an_idempotency_key() {
    let house = House::open().await;
    let integration = custom(&house).await;
    let linked = integration.strip_prefix("/integrations/").unwrap();
    let board = house.post("/switchboards", json!({})).await.is(201);
    let board = format!("/switchboards/{}", id(&board, "/switchboard/id"));
    let named = json!({ "displayName": "Named" });
    for (path, body, made) in [
        ("/v2/apps".to_owned(), named.clone(), "/v2/apps/{/app/id}".to_owned()),
        (house.path("/keys"), named.clone(), house.path("/keys/{/key/id}")),
        (
            house.path("/integrations"),
            json!({ "type": "web" }),
            house.path("/integrations/{/integration/id}"),
        ),
        (
            house.path(&format!("{integration}/keys")),
            named,
            house.path(&format!("{integration}/keys/{{/key/id}}")),
        ),
        (
            house.path(&format!("{integration}/webhooks")),
            webhook(),
            house.path(&format!("{integration}/webhooks/{{/webhook/id}}")),
        ),
        (
            house.path(&format!("{board}/switchboardIntegrations")),
            json!({ "name": "bot", "integrationId": linked }),
            house.path(&format!("{board}/switchboardIntegrations/{{/switchboardIntegration/id}}")),
        ),
    ] {
        let first = once(&house, &path, &body).await.is(201);
        assert_eq!(once(&house, &path, &body).await.is(201), first, "{path}");
        let (before, pointer) = made.strip_suffix('}').unwrap().split_once('{').unwrap();
        let made = format!("{before}{}", id(&first, pointer));
        house.send("DELETE", &made, &[], Body::empty()).await.is(200);
        once(&house, &path, &body).await.is(404);
    }
    house.delete(&board).await.is(200);
    let boards = house.path("/switchboards");
    let first = once(&house, &boards, &json!({})).await.is(201);
    assert_eq!(once(&house, &boards, &json!({})).await.is(201), first);
}

#[tokio::test]
async fn what_a_path_names_is_looked_for_before_the_body() {
    let house = House::open().await;
    let integration = custom(&house).await;
    let board = house.post("/switchboards", json!({})).await.is(201);
    let board = format!("/switchboards/{}", id(&board, "/switchboard/id"));
    let nobody = format!("/integrations/{NO_ID}");
    for (method, path, code) in [
        ("PATCH", nobody.clone(), "integration_not_found"),
        ("POST", format!("{nobody}/keys"), "integration_not_found"),
        ("POST", format!("{nobody}/webhooks"), "integration_not_found"),
        ("POST", "/integrations/me/webhooks".to_owned(), "integration_not_found"),
        ("PATCH", format!("{integration}/webhooks/{NO_ID}"), "not_found"),
        ("PATCH", format!("/switchboards/{NO_ID}"), "switchboard_not_found"),
        ("POST", format!("/switchboards/{NO_ID}/switchboardIntegrations"), "switchboard_not_found"),
        ("PATCH", format!("{board}/switchboardIntegrations/{NO_ID}"), "switchboard_integration_not_found"),
    ] {
        let wrong = json!({ "displayName": 5, "target": 5, "enabled": 5, "name": 5 });
        house.json(method, &path, wrong).await.refuses(404, code, "");
    }
    let web = house.post("/integrations", json!({ "type": "web" })).await.is(201);
    let hooks = format!("/integrations/{}/webhooks", id(&web, "/integration/id"));
    house.post(&hooks, json!({})).await.refuses(403, "forbidden", "custom");
}

#[tokio::test]
async fn an_app_is_shown_as_the_description_has_it() {
    let house = House::open().await;
    let settings = json!({
        "appLocalizationEnabled": true, "echoPostback": false, "maskCreditCardNumbers": true,
        "multiConvoEnabled": false, "useAnimalNames": false, "ignoreAutoConversationStart": false,
        "endSessionEnabled": false, "disableConversationReopen": false
    });
    let app = json!({ "id": house.grant.app.id.to_string(), "displayName": "App", "settings": settings });
    let listed = house.send("GET", "/v2/apps", &[], Body::empty()).await.is(200);
    assert_eq!(listed, json!({ "apps": [app], "meta": { "hasMore": false } }));
    let mut with_subdomain = app.clone();
    with_subdomain["subdomain"] = app["id"].clone();
    assert_eq!(house.get("").await.is(200), json!({ "app": with_subdomain }));
    let changed = house.json("PATCH", "", json!({ "metadata": { "a": 1 } })).await.is(200);
    assert_eq!(changed["app"]["metadata"], json!({ "a": 1 }));
    let nobody = format!("/v2/apps?filter[serviceAccountId]=svc_{NO_ID}");
    let listed = house.send("GET", &nobody, &[], Body::empty()).await.is(200);
    assert_eq!(listed, json!({ "apps": [], "meta": { "hasMore": false } }));
}

#[tokio::test]
async fn members_and_webhooks_are_shown_as_the_description_has_them() {
    let house = House::open().await;
    let integration = custom(&house).await;
    let linked = integration.strip_prefix("/integrations/").unwrap();
    let hooks = house.get(&format!("{integration}/webhooks")).await.is(200);
    let shown = &hooks["webhooks"][0];
    let expected = json!({
        "id": shown["id"], "version": "v2", "target": "https://hooks.example.org/in", "triggers": ["user:remove"],
        "secret": shown["secret"], "includeFullUser": false, "includeFullSource": false
    });
    assert_eq!(*shown, expected);
    assert_eq!(house.get(&integration).await.is(200)["integration"]["webhooks"], json!([expected]));

    let board = house.post("/switchboards", json!({})).await.is(201)["switchboard"].clone();
    assert_eq!(board, json!({ "id": board["id"], "enabled": false }));
    let members = format!("/switchboards/{}/switchboardIntegrations", id(&board, "/id"));
    let member = json!({ "name": "bot", "integrationId": linked });
    let made = house.post(&members, member).await.is(201)["switchboardIntegration"].clone();
    let expected = json!({
        "id": made["id"], "name": "bot", "integrationId": linked, "integrationType": "custom",
        "deliverStandbyEvents": true
    });
    assert_eq!(made, expected);
    assert_eq!(house.get(&members).await.is(200), json!({ "switchboardIntegrations": [expected] }));
    let next = json!({ "nextSwitchboardIntegrationId": made["id"], "messageHistoryCount": 10 });
    let changed = house.json("PATCH", &format!("{members}/{}", id(&made, "/id")), next.clone()).await.is(200);
    let changed = &changed["switchboardIntegration"];
    for field in ["nextSwitchboardIntegrationId", "messageHistoryCount"] {
        assert_eq!(changed[field], next[field]);
    }
}
