//! Our own routes.

use std::time::Duration;

use serde_json::{Value, json};

use crate::house::{House, NO_ID, shared};

fn business(text: &str) -> Value {
    json!({ "author": { "type": "business" }, "content": { "type": "text", "text": text } })
}

#[tokio::test]
async fn conversations_close_and_open_again() {
    let house = House::open().await;
    let talk = house.talk("ann").await;
    let closed = house.post(&format!("{talk}/close"), json!({})).await.is(200);
    assert_eq!(closed["conversation"]["status"], "closed");
    assert!(closed["conversation"]["closedAt"].is_string());
    let opened = house.post(&format!("{talk}/reopen"), json!({})).await.is(200);
    assert_eq!(
        (&opened["conversation"]["status"], opened["conversation"].get("closedAt")),
        (&json!("open"), None)
    );
    house.post(&format!("/conversations/{NO_ID}/close"), json!({})).await.refuses(
        404,
        "conversation_not_found",
        "",
    );
}

#[tokio::test]
async fn events_are_read_in_pages() {
    let house = House::open().await;
    let talk = house.talk("ann").await;
    house.post(&format!("{talk}/messages"), business("one")).await.is(201);
    let page = house.get("/events?limit=1").await.is(200);
    assert_eq!(page["events"][0]["type"], "conversation:create");
    assert_eq!(page["meta"]["hasMore"], true);
    let after = page["meta"]["afterCursor"].as_str().unwrap();
    let page = house.get(&format!("/events?after={after}")).await.is(200);
    assert_eq!(page["events"].as_array().unwrap().len(), 1);
    assert_eq!(page["events"][0]["payload"]["message"]["content"]["text"], "one");
    assert_eq!(page["meta"]["hasMore"], false);
    let after = page["meta"]["afterCursor"].as_str().unwrap();
    let nothing = house.get(&format!("/events?after={after}")).await.is(200);
    assert_eq!(nothing, json!({ "events": [], "meta": { "hasMore": false, "afterCursor": after } }));
    for wrong in ["after=x", "limit=0", "limit=101", "wait=31", "wait=-1"] {
        house.get(&format!("/events?{wrong}")).await.refuses(400, "bad_request", "");
    }
}

#[tokio::test]
async fn whoever_waits_for_an_event_is_told() {
    let house = shared(House::open().await);
    let talk = house.talk("ann").await;
    let page = house.get("/events").await.is(200);
    let after = page["meta"]["afterCursor"].as_str().unwrap().to_owned();
    let waiting = {
        let house = house.clone();
        tokio::spawn(async move { house.get(&format!("/events?after={after}&wait=30")).await.is(200) })
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    house.post(&format!("{talk}/messages"), business("late")).await.is(201);
    let told = tokio::time::timeout(Duration::from_secs(29), waiting).await.unwrap().unwrap();
    assert_eq!(told["events"][0]["payload"]["message"]["content"]["text"], "late");
}

#[tokio::test]
async fn an_app_without_failures_has_no_deliveries() {
    let house = House::open().await;
    assert_eq!(
        house.get("/deliveries").await.is(200),
        json!({ "deliveries": [], "meta": { "hasMore": false } })
    );
    house.post(&format!("/deliveries/{NO_ID}/replay"), json!({})).await.refuses(404, "not_found", "Delivery");
}

#[tokio::test]
async fn settings_are_written_read_and_deleted() {
    let house = House::open().await;
    assert_eq!(house.get("/settings").await.is(200), json!({ "settings": [] }));
    let put = async |key: &str, body: Value| house.json("PUT", &format!("/settings/{key}"), body).await;
    let written = put("callback", json!({ "value": "https://hook.example/1" })).await.is(200);
    assert_eq!(written["setting"]["value"], "https://hook.example/1");
    assert!(written["setting"]["updatedAt"].is_string());
    put("my%20key%2F%C3%BC", json!({ "value": "x" })).await.is(200);
    assert_eq!(house.get("/settings/my%20key%2F%C3%BC").await.is(200)["setting"]["key"], "my key/ü");
    assert_eq!(house.get("/settings").await.is(200)["settings"].as_array().unwrap().len(), 2);
    house.delete("/settings/callback").await.is(200);
    for gone in [house.get("/settings/callback").await, house.delete("/settings/callback").await] {
        gone.refuses(404, "not_found", "Setting not found");
    }
}

#[tokio::test]
async fn settings_that_are_refused_change_nothing() {
    let house = House::open().await;
    for (key, body, told) in [
        ("record", json!({ "value": "maybe" }), "value: must be true or false"),
        ("any", json!({}), "value"),
        ("any", json!({ "value": 5 }), "value"),
        ("any", json!({ "value": "" }), "value: must have 1 to 16384 bytes"),
        ("any%00", json!({ "value": "x" }), "key: must not contain NUL"),
    ] {
        house.json("PUT", &format!("/settings/{key}"), body).await.refuses(400, "bad_request", told);
    }
    let long = "k".repeat(257);
    let refused = house.json("PUT", &format!("/settings/{long}"), json!({ "value": "x" })).await;
    refused.refuses(400, "bad_request", "key: must have 1 to 256 bytes");
    assert_eq!(house.get("/settings").await.is(200), json!({ "settings": [] }));
}
