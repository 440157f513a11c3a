//! Apps, tokens and settings.

use std::sync::atomic::Ordering;

use model::time::DAY_MS;
use serde_json::{Value, json};

use crate::house::{APP, House, KEY_ID, Registered, SECRET, SETTING, registration};

fn setting(key: &str, value: &str) -> Option<Value> {
    Some(json!({ "Key": key, "Value": value }))
}

#[tokio::test]
async fn an_app_is_registered_read_changed_listed_and_deleted() {
    let house = House::open().await;
    let customer = house.customer().await;
    let Registered { app, token } = house.register(&customer, "Desk").await;
    assert_eq!((&app["ExotelApiToken"], &app["ExotelDomain"]), (&json!("token-1"), &json!("mumbai")));
    assert_eq!(house.grant(&app).await.app.name, "Desk");

    let read = house.ok("GET", APP, &token, None).await;
    assert_eq!((&read["AppID"], &read["ExotelAccountSid"]), (&app["AppID"], &json!("sid-1")));
    assert_eq!((&read["AppSecret"], &read["ExotelApiToken"]), (&json!("********"), &json!("********")));
    let change = json!({ "AppName": "Front", "ExotelDomain": "singapore", "ExotelApiToken": "********" });
    let changed = house.ok("PUT", APP, &token, Some(change)).await;
    assert_eq!((&changed["AppName"], &changed["ExotelApiKey"]), (&json!("Front"), &json!("key-1")));
    let listed = house.ok("GET", APP, &customer, None).await;
    assert_eq!(listed, json!([changed]));

    assert_eq!(house.ok("DELETE", APP, &token, None).await, "Deleted Successfully");
    house.refused(401, "GET", APP, &token, None).await;
    assert_eq!(house.ok("GET", APP, &customer, None).await, json!([]));
}

#[tokio::test]
async fn a_registration_that_is_refused_makes_nothing() {
    let house = House::open().await;
    let customer = house.customer().await;
    for field in ["AppName", "ExotelAccountSid", "ExotelApiKey", "ExotelApiToken", "ExotelDomain", "IsActive"]
    {
        let mut body = registration("Desk");
        body.as_object_mut().unwrap().remove(field);
        house.refused(400, "POST", APP, &customer, Some(body)).await;
    }
    for (field, value) in [("AppName", json!(" ")), ("ExotelDomain", json!("pluto")), ("IsActive", json!(1))]
    {
        let mut body = registration("Desk");
        body[field] = value;
        house.refused(400, "POST", APP, &customer, Some(body)).await;
    }
    house.refused(400, "POST", APP, &customer, None).await;
    let app = house.register(&customer, "Desk").await;
    house.refused(401, "POST", APP, &app.token, Some(registration("Another"))).await;
    assert_eq!(house.ok("GET", APP, &customer, None).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn settings_are_written_read_and_deleted_in_every_spelling() {
    let house = House::open().await;
    let Registered { app, token } = house.register(&house.customer().await, "Desk").await;
    assert_eq!(house.ok("GET", SETTING, &token, None).await, json!([]));
    let url = "https://webhook.site/a4089342";
    let written = house.ok("POST", SETTING, &token, setting("callback", url)).await;
    let (customer_id, app_id) = (&app["CustomerID"], &app["AppID"]);
    let expected = json!({ "CustomerID": customer_id, "AppID": app_id, "Key": "callback", "Value": url });
    assert_eq!(written, expected);
    for query in ["?key=callback", "?Key=callback"] {
        assert_eq!(house.ok("GET", &format!("{SETTING}{query}"), &token, None).await, expected);
    }
    house.ok("POST", SETTING, &token, Some(json!({ "key": "Any", "value": "1" }))).await;
    house.ok("POST", SETTING, &token, setting("Any", "2")).await;
    let all = house.ok("GET", SETTING, &format!("Bearer {token}"), None).await;
    assert_eq!((all.as_array().unwrap().len(), &all[0]["Value"]), (2, &json!("2")));

    let deleted = house.ok("DELETE", &format!("{SETTING}?key=callback"), &token, None).await;
    assert_eq!(deleted, "Deleted Successfully");
    house.ok("DELETE", SETTING, &format!("bearer {token}"), Some(json!({ "Key": "Any" }))).await;
    assert_eq!(house.ok("GET", SETTING, &token, None).await, json!([]));
}

#[tokio::test]
async fn settings_that_are_refused_change_nothing() {
    let house = House::open().await;
    let Registered { token, .. } = house.register(&house.customer().await, "Desk").await;
    house.ok("POST", SETTING, &token, setting("kept", "as it is")).await;
    let before = house.ok("GET", SETTING, &token, None).await;
    for body in [
        json!({ "Value": "x" }),
        json!({ "Key": "x" }),
        json!({ "Key": "", "Value": "x" }),
        json!({ "Key": "kept", "Value": "" }),
        json!({ "Key": "kept", "Value": 5 }),
        json!({ "Key": "kept", "key": "kept", "Value": "x" }),
        json!({ "Key": "kept\u{0}", "Value": "x" }),
        json!({ "Key": "k".repeat(257), "Value": "x" }),
        json!({ "Key": "kept", "Value": "v".repeat(16_385) }),
        json!({ "Key": "callback", "Value": "no URL" }),
        json!({ "Key": "callback", "Value": "http://127.0.0.1/" }),
        json!(["kept", "x"]),
    ] {
        house.refused(400, "POST", SETTING, &token, Some(body)).await;
    }
    house.refused(400, "POST", SETTING, &token, None).await;
    house.refused(413, "POST", SETTING, &token, setting("kept", &"v".repeat(200_000))).await;
    house.refused(404, "GET", &format!("{SETTING}?key=Kept"), &token, None).await;
    house.refused(404, "DELETE", &format!("{SETTING}?key=Kept"), &token, None).await;
    house.refused(400, "GET", &format!("{SETTING}?key="), &token, None).await;
    house.refused(400, "DELETE", SETTING, &token, None).await;
    house.refused(405, "PATCH", SETTING, &token, None).await;
    house.refused(404, "GET", "/v2/integrations/nothing", &token, None).await;
    house.refused(501, "POST", "/v2/integrations/call/outbound_call", &token, None).await;
    assert_eq!(house.ok("GET", SETTING, &token, None).await, before);
}

#[tokio::test]
async fn only_the_token_of_the_app_opens_its_settings() {
    let house = House::open().await;
    let customer = house.customer().await;
    let (ours, theirs) = (house.register(&customer, "Ours").await, house.register(&customer, "Theirs").await);
    house.ok("POST", SETTING, &ours.token, setting("secret", "ours")).await;
    assert_eq!(house.ok("GET", SETTING, &theirs.token, None).await, json!([]));
    house.refused(404, "DELETE", &format!("{SETTING}?key=secret"), &theirs.token, None).await;

    let forged = hub::token::sign(KEY_ID, "guessed", &json!({ "entity": "customer" })).unwrap();
    let foreign = hub::token::sign(KEY_ID, SECRET, &json!({ "scope": "account" })).unwrap();
    let mistaken = hub::token::sign(KEY_ID, SECRET, &json!({ "entity": "app" })).unwrap();
    for wrong in ["", "Bearer", "Bearer ", "nonsense", "a.b.c", &customer, &forged, &foreign, &mistaken] {
        for method in ["GET", "POST", "DELETE"] {
            house.refused(401, method, &format!("{SETTING}?key=secret"), wrong, setting("secret", "x")).await;
        }
    }
    let kept = house.ok("GET", &format!("{SETTING}?key=secret"), &ours.token, None).await;
    assert_eq!(kept["Value"], "ours");

    house.clock.0.fetch_add(90 * DAY_MS - 1_000, Ordering::AcqRel);
    house.ok("GET", SETTING, &ours.token, None).await;
    house.clock.0.fetch_add(62_000, Ordering::AcqRel);
    house.refused(401, "GET", SETTING, &ours.token, None).await;
}

#[tokio::test]
async fn a_token_ends_with_its_key() {
    let house = House::open().await;
    let Registered { app, token } = house.register(&house.customer().await, "Desk").await;
    let grant = house.grant(&app).await;
    let key = house.hub.list_app_keys(&grant).await.unwrap().remove(0);
    house.hub.delete_app_key(&grant, &key.credential.id).await.unwrap();
    house.refused(401, "GET", SETTING, &token, None).await;
}

#[tokio::test]
async fn tokens_are_given_for_the_right_secret_of_the_right_entity_only() {
    let house = House::open().await;
    let customer = house.customer().await;
    let first = house.register(&customer, "First").await.app;
    let second = house.register(&customer, "Second").await.app;
    // The customer may also be named by its own id.
    let named = house.token("customer", first["CustomerID"].as_str().unwrap(), SECRET).await;
    assert_eq!(house.ok("GET", APP, &named, None).await.as_array().unwrap().len(), 2);

    let ask = |id: &Value, secret: &Value, entity: &str| {
        Some(json!({ "Id": id, "Secret": secret, "Entity": entity }))
    };
    let path = "/v2/integrations/token";
    for body in [
        ask(&first["AppID"], &second["AppSecret"], "app"),
        ask(&first["AppID"], &first["AppSecret"], "customer"),
        ask(&json!(KEY_ID), &json!(SECRET), "app"),
        ask(&json!(KEY_ID), &json!("guessed"), "customer"),
        ask(&json!("nobody"), &json!(SECRET), "customer"),
        ask(&json!("00000000-0000-0000-0000-000000000000"), &json!(SECRET), "app"),
    ] {
        house.refused(401, "POST", path, "", body).await;
    }
    house.refused(400, "POST", path, "", ask(&json!(KEY_ID), &json!(SECRET), "king")).await;
    house.refused(400, "POST", path, "", Some(json!({ "Id": KEY_ID, "Secret": SECRET }))).await;
    house.refused(400, "POST", path, "", None).await;
}
