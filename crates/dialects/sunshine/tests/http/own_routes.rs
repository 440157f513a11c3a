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
        tokio::spawn(async move { house.get(&format!("/events?after={after}&wait=20")).await.is(200) })
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    house.post(&format!("{talk}/messages"), business("late")).await.is(201);
    let told = tokio::time::timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap();
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
