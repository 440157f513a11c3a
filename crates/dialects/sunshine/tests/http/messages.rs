//! Messages.

use serde_json::{Value, json};

use crate::house::{House, NO_ID, ids};

fn business(text: &str) -> Value {
    json!({ "author": { "type": "business" }, "content": { "type": "text", "text": text } })
}

#[tokio::test]
async fn a_message_is_shown_as_it_was_posted() {
    let house = House::open().await;
    let talk = house.talk("ann").await;
    let path = format!("{talk}/messages");
    let contents = [
        json!({ "type": "text", "text": "grüße 🙂\n\"quoted\" \\ \u{7}",
            "actions": [{ "type": "reply", "text": "Yes", "payload": "y", "metadata": { "a": 1 } }] }),
        json!({ "type": "image", "mediaUrl": "https://a.example/x", "altText": "A cat", "text": "Look" }),
        json!({ "type": "list", "items": [{ "title": "t", "mediaUrl": "https://a.example/x", "altText": "A cat", "size": "large",
            "actions": [{ "type": "link", "text": "More", "uri": "https://a.example/more" }] }] }),
    ];
    for content in &contents {
        let author = json!({ "type": "business", "displayName": "Ann", "subtypes": ["AI"] });
        let body = json!({ "author": author, "content": content, "metadata": { "m": true } });
        let posted = house.post(&path, body).await.is(201)["messages"][0].clone();
        assert_eq!((&posted["content"], &posted["author"]), (content, &author));
        assert_eq!(
            (&posted["source"], &posted["metadata"]),
            (&json!({ "type": "api:conversations" }), &json!({ "m": true }))
        );
        let listed = house.get(&path).await.is(200);
        assert_eq!(listed["messages"].as_array().unwrap().last(), Some(&posted));
    }
}

#[tokio::test]
async fn a_customer_has_id_and_name() {
    let house = House::open().await;
    let talk = house.talk("ann").await;
    let body = json!({ "author": { "type": "user", "userExternalId": "ann" }, "content": { "type": "text", "text": "hi" } });
    let posted = house.post(&format!("{talk}/messages"), body).await.is(201);
    let author = &posted["messages"][0]["author"];
    assert_eq!(author["type"], "user");
    assert!(author["userId"].is_string() && author["displayName"].is_string(), "{author}");
    assert_eq!(author.get("userExternalId"), None);
    house.user("bob").await;
    let stranger = json!({ "author": { "type": "user", "userExternalId": "bob" }, "content": { "type": "text", "text": "hi" } });
    house.post(&format!("{talk}/messages"), stranger).await.refuses(400, "bad_request", "author");
}

#[tokio::test]
async fn pages_hold_a_hundred_whatever_is_asked_for() {
    let house = House::open().await;
    let talk = house.talk("ann").await;
    let path = format!("{talk}/messages");
    let mut posted = Vec::new();
    for number in 0..105 {
        let reply = house.post(&path, business(&number.to_string())).await.is(201);
        posted.extend(ids(&reply["messages"]));
    }
    for size in ["", "?page[size]=25", "?page[size]=0", "?page=%7B%22size%22%3A%20900%7D"] {
        let page = house.get(&format!("{path}{size}")).await.is(200);
        assert_eq!(ids(&page["messages"]), posted[5..], "{size}");
        assert_eq!(page["meta"], json!({ "hasMore": true, "beforeCursor": posted[5] }), "{size}");
    }
    let before = house.get(&format!("{path}?page[before]={}", posted[5])).await.is(200);
    assert_eq!(ids(&before["messages"]), posted[..5]);
    assert_eq!(before["meta"], json!({ "hasMore": false, "afterCursor": posted[4] }));
    let after = house.get(&format!("{path}?page[after]={}", posted[102])).await.is(200);
    assert_eq!(ids(&after["messages"]), posted[103..]);
}

#[tokio::test]
async fn messages_are_deleted_one_by_one_and_all() {
    let house = House::open().await;
    let talk = house.talk("ann").await;
    let path = format!("{talk}/messages");
    let first = ids(&house.post(&path, business("one")).await.is(201)["messages"])[0].clone();
    house.post(&path, business("two")).await.is(201);
    assert_eq!(house.delete(&format!("{path}/{first}")).await.is(200), json!({}));
    house.delete(&format!("{path}/{first}")).await.refuses(404, "not_found", "Message");
    house.delete(&format!("{path}/nothing")).await.refuses(404, "not_found", "Message");
    house.delete(&format!("/conversations/{NO_ID}/messages/nothing")).await.refuses(
        404,
        "conversation_not_found",
        "",
    );
    assert_eq!(house.delete(&path).await.is(200), json!({}));
    assert_eq!(house.get(&path).await.is(200)["messages"], json!([]));
}

#[tokio::test]
async fn a_repeat_under_the_same_key_shows_the_first() {
    let house = House::open().await;
    let talk = house.talk("ann").await;
    let path = house.path(&format!("{talk}/messages"));
    let headers = [("content-type", "application/json"), ("idempotency-key", "k")];
    let post = |text: &str| house.send("POST", &path, &headers, business(text).to_string().into());
    let first = post("once").await.is(201);
    assert_eq!(post("once").await.is(201), first);
    post("other").await.refuses(409, "conflict", "");
    assert_eq!(house.get(&format!("{talk}/messages")).await.is(200)["messages"], first["messages"]);
}

#[tokio::test]
async fn refusals_name_the_field() {
    let house = House::open().await;
    let talk = house.talk("ann").await;
    let path = format!("{talk}/messages");
    let long = house.post(&path, business(&"x".repeat(4_097))).await;
    long.refuses(400, "bad_request", "content.text: must not be longer than 4096 characters");
    house.post(&path, json!({ "author": { "type": "business" } })).await.refuses(
        400,
        "bad_request",
        "content: is required",
    );
    let destination = json!({ "author": { "type": "business" }, "content": { "type": "text", "text": "a" },
        "destination": { "integrationType": "telegram" } });
    house.post(&path, destination).await.refuses(400, "bad_request", "destination");
}
