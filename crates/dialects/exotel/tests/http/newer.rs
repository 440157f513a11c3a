//! The paths of the vendor's newer pages, which answer without an envelope.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::house::{House, Registered, SETTING};
use crate::users::{USERS, user};

async fn bare(house: &House, method: &str, path: &str, token: &str, body: Option<Value>) -> (u16, Value) {
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let request = Request::builder().method(method).uri(path).header("authorization", token).body(body);
    let response = house.routes.clone().oneshot(request.unwrap()).await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap())
}

fn path(app: &Value, rest: &str) -> String {
    let text = |field: &str| app[field].as_str().unwrap().to_owned();
    format!("/v2/integrations/{}/apps/{}/{rest}", text("CustomerID"), text("AppID"))
}

#[tokio::test]
async fn settings_have_other_names_there() {
    let house = House::open().await;
    let Registered { app, token } = house.register(&house.customer().await, "Desk").await;
    let path = path(&app, "settings");
    let (status, answer) = bare(&house, "GET", &path, &token, None).await;
    assert_eq!((status, &answer["success"], &answer["data"]["app_id"]), (200, &json!(true), &app["AppID"]));
    let fresh = &answer["data"]["settings"];
    assert_eq!((&fresh["popup_url"], &fresh["recording_enabled"]), (&Value::Null, &json!(false)));
    assert_eq!(fresh["created_at"], fresh["updated_at"]);

    let change = json!({
        "popup_url": "https://example.com/p", "callback_url": "https://example.com/c", "recording_enabled": true,
        "streaming_url": "wss://example.com/s", "streaming_enabled": true,
        "recording_url": "https://example.com/r", "missed_call_url": "https://example.com/m",
    });
    let (status, answer) = bare(&house, "PUT", &path, &token, Some(change.clone())).await;
    assert_eq!(status, 200, "{answer}");
    for (name, value) in change.as_object().unwrap() {
        assert_eq!(&answer["data"]["settings"][name], value, "{name}");
    }
    let other = house.ok("GET", &format!("{SETTING}?key=record"), &token, None).await;
    assert_eq!(other["Value"], "true");
    let change = json!({ "popup_url": null, "missed_call_url": "", "recording_enabled": false });
    let (_, answer) = bare(&house, "PUT", &path, &token, Some(change)).await;
    let now = &answer["data"]["settings"];
    assert_eq!((&now["popup_url"], &now["missed_call_url"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&now["callback_url"], &now["recording_enabled"]),
        (&json!("https://example.com/c"), &json!(false))
    );
    house.refused(404, "GET", &format!("{SETTING}?key=popup"), &token, None).await;

    let wrong = json!({ "popup_url": "https://example.com/p", "callback_url": "http://127.0.0.1/" });
    let (status, error) = house.send("PUT", &path, &token, Some(wrong)).await;
    assert!(status == 400 && error.as_str().unwrap().starts_with("callback_url: must"), "{error}");
    let wrong = json!({ "streaming_url": "https://example.com/" });
    let (_, error) = house.send("PUT", &path, &token, Some(wrong)).await;
    assert_eq!(error, "streaming_url: must be an absolute wss URL");
    house.refused(400, "PUT", &path, &token, Some(json!({ "recording_enabled": "true" }))).await;
    house.refused(404, "GET", &format!("{SETTING}?key=popup"), &token, None).await;
}

#[tokio::test]
async fn devices_are_chosen_there() {
    let house = House::open().await;
    let Registered { app, token } = house.register(&house.customer().await, "Desk").await;
    house.ok("POST", USERS, &token, Some(json!([user("ann@x.com")]))).await;
    let devices = path(&app, "users/ann@x.com/devices");
    let (status, answer) = bare(&house, "PUT", &devices, &token, Some(json!({ "sip": false }))).await;
    let wanted = json!({
        "success": true,
        "data": { "app_id": app["AppID"], "user_id": "ann@x.com", "devices": { "phone": true, "sip": false } },
    });
    assert_eq!((status, answer), (200, wanted));
    let shown = house.ok("GET", &format!("{USERS}?user_id=ann@x.com"), &token, None).await;
    assert_eq!(shown["ActiveDeviceId"], shown["PhoneDeviceID"]);
    house.refused(400, "PUT", &devices, &token, Some(json!({ "phone": false }))).await;
    house.refused(400, "PUT", &devices, &token, Some(json!({ "phone": 1 }))).await;
    house.refused(400, "PUT", &path(&app, "users/%ff/devices"), &token, Some(json!({ "sip": true }))).await;
    house.refused(404, "PUT", &path(&app, "users/bob/devices"), &token, Some(json!({ "sip": true }))).await;
}

#[tokio::test]
async fn the_path_has_to_name_the_app_of_the_token() {
    let house = House::open().await;
    let customer = house.customer().await;
    let (ours, theirs) = (house.register(&customer, "Ours").await, house.register(&customer, "Theirs").await);
    let mut mixed = ours.app.clone();
    mixed["CustomerID"] = json!("00000000-0000-0000-0000-000000000000");
    for app in [&theirs.app, &mixed] {
        house.refused(401, "GET", &path(app, "settings"), &ours.token, None).await;
        house.refused(401, "PUT", &path(app, "settings"), &ours.token, Some(json!({}))).await;
        house.refused(401, "PUT", &path(app, "users/a/devices"), &ours.token, Some(json!({}))).await;
    }
    house.refused(401, "GET", &path(&ours.app, "settings"), &customer, None).await;
    house.refused(404, "GET", &path(&ours.app, "nothing"), &ours.token, None).await;
    house.refused(404, "GET", "/v2/integrations/app/more", &ours.token, None).await;
    house.refused(405, "POST", &path(&ours.app, "settings"), &ours.token, None).await;
}
