//! Conversations, participants, activities and control.

use serde_json::json;

use crate::house::{House, NO_ID, PUBLIC_URL, ids};

#[tokio::test]
async fn a_conversation_is_made_read_changed_and_deleted() {
    let house = House::open().await;
    house.user("ann").await;
    let body = json!({ "type": "personal", "participants": [{ "userExternalId": "ann" }], "displayName": "Chat",
        "metadata": { "a": 1, "b": 2 } });
    let made = house.post("/conversations", body.clone()).await.is(201)["conversation"].clone();
    assert_eq!(
        (&made["type"], &made["isDefault"], &made["displayName"]),
        (&json!("personal"), &json!(true), &json!("Chat"))
    );
    assert_eq!(made["createdAt"], made["lastUpdatedAt"]);
    assert_eq!(made.get("description"), None);
    let path = format!("/conversations/{}", made["id"].as_str().unwrap());
    assert_eq!(house.get(&path).await.is(200)["conversation"], made);

    let change = json!({ "displayName": null, "description": "d", "metadata": { "a": null } });
    let changed = house.json("PATCH", &path, change).await.is(200)["conversation"].clone();
    assert_eq!((changed.get("displayName"), &changed["metadata"]), (None, &json!({ "b": 2 })));

    house.delete(&path).await.refuses(400, "bad_request", "default conversation");
    let second = house.post("/conversations", body).await.is(201);
    let second = format!("/conversations/{}", second["conversation"]["id"].as_str().unwrap());
    assert_eq!(house.delete(&second).await.is(200), json!({}));
    house.get(&second).await.refuses(404, "conversation_not_found", "");
}

#[tokio::test]
async fn the_conversation_is_looked_for_before_the_body() {
    let house = House::open().await;
    for rest in
        ["/messages", "/join", "/leave", "/activity", "/passControl", "/download", "/conversionEvents"]
    {
        let path = format!("/conversations/{NO_ID}{rest}");
        house.post(&path, json!({ "wrong": true })).await.refuses(404, "conversation_not_found", "");
    }
    house.json("PATCH", &format!("/conversations/{NO_ID}"), json!({ "iconUrl": 5 })).await.is(404);
    let talk = house.talk("ann").await;
    let refused = house.json("PATCH", &talk, json!({ "iconUrl": 5 })).await;
    refused.refuses(400, "bad_request", "iconUrl: must be a string");
}

#[tokio::test]
async fn lists_have_cursors_and_absolute_links() {
    let house = House::open().await;
    let first = house.talk("ann").await;
    let body = json!({ "type": "personal", "participants": [{ "userExternalId": "ann" }] });
    for _ in 0..2 {
        house.post("/conversations", body.clone()).await.is(201);
    }
    let filter = "filter%5BuserExternalId%5D=ann";
    let all = house.get(&format!("/conversations?{filter}")).await.is(200);
    let ids = ids(&all["conversations"]);
    assert_eq!(ids.len(), 3);
    assert!(first.ends_with(&ids[0]));
    assert_eq!((&all["meta"], all.get("links")), (&json!({ "hasMore": false }), None));

    let page = house.get(&format!("/conversations?{filter}&page[size]=2")).await.is(200);
    assert_eq!(page["meta"], json!({ "hasMore": true, "afterCursor": ids[1] }));
    let next = page["links"]["next"].as_str().unwrap();
    let expected = format!(
        "{PUBLIC_URL}{}?filter%5BuserExternalId%5D=ann&page%5Bsize%5D=2&page%5Bafter%5D={}",
        house.path("/conversations"),
        ids[1]
    );
    assert_eq!(next, expected);
    let rest = house
        .send("GET", next.strip_prefix(PUBLIC_URL).unwrap(), &[], axum::body::Body::empty())
        .await
        .is(200);
    assert_eq!(rest["meta"], json!({ "hasMore": false, "beforeCursor": ids[2] }));
    assert!(rest["links"]["prev"].is_string() && rest["links"].get("next").is_none());

    house.get("/conversations").await.refuses(400, "bad_request", "filter: needs exactly one");
    house.get("/conversations?filter[userId]=x").await.refuses(404, "user_not_found", "");
}

#[tokio::test]
async fn groups_are_joined_and_left() {
    let house = House::open().await;
    let ann = house.user("ann").await;
    let made = house.post("/conversations", json!({ "type": "sdkGroup" })).await.is(201);
    let path = format!("/conversations/{}", made["conversation"]["id"].as_str().unwrap());
    let body = json!({ "userId": ann, "subscribeSDKClient": true });
    let joined = house.post(&format!("{path}/join"), body.clone()).await.is(201);
    assert_eq!(joined, house.post(&format!("{path}/join"), body).await.is(201));
    let member = &joined["participant"];
    assert_eq!((&member["userId"], &member["unreadCount"]), (&json!(ann), &json!(0)));
    assert_eq!(member["clientAssociations"][0]["type"], "sdk");
    let listed = house.get(&format!("{path}/participants")).await.is(200);
    assert_eq!(listed["participants"], json!([member]));
    house.post(&format!("{path}/leave"), json!({ "participantId": "x" })).await.refuses(
        404,
        "not_found",
        "Participant",
    );
    assert_eq!(
        house.post(&format!("{path}/leave"), json!({ "userExternalId": "ann" })).await.is(200),
        json!({})
    );
    house.post(&format!("{path}/leave"), json!({ "userId": ann })).await.is(404);
}

#[tokio::test]
async fn activities_are_noted() {
    let house = House::open().await;
    let talk = house.talk("ann").await;
    let read = json!({ "type": "conversation:read", "author": { "type": "business" } });
    assert_eq!(house.post(&format!("{talk}/activity"), read).await.is(200), json!({}));
    assert!(house.get(&talk).await.is(200)["conversation"]["businessLastRead"].is_string());
    let typing = json!({ "type": "typing:start", "author": { "type": "user", "userExternalId": "ann" } });
    house.post(&format!("{talk}/activity"), typing).await.refuses(
        400,
        "bad_request",
        "type: must be conversation:read",
    );
}

#[tokio::test]
async fn control_needs_a_switchboard() {
    let house = House::open().await;
    let talk = house.talk("ann").await;
    house.post(&format!("{talk}/passControl"), json!({ "switchboardIntegration": "x" })).await.is(400);
    house.post(&format!("{talk}/passControl"), json!({})).await.refuses(
        400,
        "bad_request",
        "switchboardIntegration: is required",
    );
    house.post(&format!("{talk}/acceptControl"), json!({})).await.is(400);
    let path = house.path(&format!("{talk}/releaseControl"));
    let nothing = house.send("POST", &path, &[], axum::body::Body::empty()).await;
    assert!([200, 400].contains(&nothing.status.as_u16()), "{nothing:?}");
}

#[tokio::test]
async fn channels_without_connectors_are_named() {
    let house = House::open().await;
    let talk = house.talk("ann").await;
    let events = json!({ "whatsapp": { "payload": { "data": [{}] } } });
    house.post(&format!("{talk}/conversionEvents"), events).await.refuses(400, "bad_request", "whatsapp");
    house.post(&format!("{talk}/conversionEvents"), json!({})).await.refuses(
        400,
        "bad_request",
        "exactly one of",
    );
    let reference = json!({ "url": "u", "bid": "b", "key": "k", "signature": "s", "owner": "o" });
    let body = json!({ "userId": "u", "apple": { "interactiveDataRef": reference } });
    house.post(&format!("{talk}/download"), body).await.refuses(
        400,
        "bad_request",
        "Apple Messages for Business",
    );
    house.post(&format!("{talk}/download"), json!({ "userId": "u" })).await.refuses(
        400,
        "bad_request",
        "apple: is required",
    );
}

#[tokio::test]
async fn an_empty_segment_names_nothing() {
    let house = House::open().await;
    for path in ["/v2/apps//conversations?filter[userId]=x", &house.path("/conversations//messages")] {
        house.send("GET", path, &[], axum::body::Body::empty()).await.refuses(
            404,
            "not_found",
            "nothing at this path",
        );
    }
}
