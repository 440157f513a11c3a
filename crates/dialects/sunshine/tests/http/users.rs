//! Users, clients and devices: what the whole-program tests do not look at.

use axum::body::Body;
use serde_json::{Value, json};

use crate::house::{House, NO_ID};

#[tokio::test]
async fn the_user_is_looked_for_before_the_body() {
    let house = House::open().await;
    house.user("ann").await;
    for (method, rest) in [("PATCH", ""), ("POST", "/clients")] {
        let wrong = json!({ "metadata": 5, "target": 5 });
        let path = format!("/users/nobody{rest}");
        house.json(method, &path, wrong.clone()).await.refuses(404, "user_not_found", "");
        let path = format!("/users/ann{rest}");
        house.json(method, &path, wrong).await.refuses(400, "bad_request", "");
    }
    house.post("/users/1/sync", json!({ "survivingZendeskId": 5 })).await.refuses(404, "user_not_found", "");
}

#[tokio::test]
async fn what_hangs_below_a_user_is_looked_for_behind_it() {
    let house = House::open().await;
    house.user("ann").await;
    for id in ["x", NO_ID] {
        house.get(&format!("/users/nobody/devices/{id}")).await.refuses(404, "user_not_found", "");
        house.get(&format!("/users/ann/devices/{id}")).await.refuses(404, "device_not_found", "");
        house.delete(&format!("/users/nobody/clients/{id}")).await.refuses(404, "user_not_found", "");
        house.delete(&format!("/users/ann/clients/{id}")).await.refuses(404, "client_not_found", "");
    }
}

#[tokio::test]
async fn a_link_that_is_asked_for_twice_is_made_once_also_within_a_brand() {
    let house = House::open().await;
    let user = json!({ "externalId": "ann", "brandId": "b" });
    let user = house.post("/users", user).await.is(201)["user"]["id"].clone();
    let body = json!({ "type": "personal", "participants": [{ "userId": user }] });
    let conversation = house.post("/conversations", body).await.is(201)["conversation"]["id"].clone();
    let twilio = json!({ "type": "twilio", "accountSid": "AC1", "authToken": "t", "phoneNumberSid": "PN1" });
    let channel = house.post("/integrations", twilio).await.is(201)["integration"]["id"].clone();
    let link = json!({
        "matchCriteria": { "type": "twilio", "integrationId": channel, "phoneNumber": "+15145550100" },
        "confirmation": { "type": "immediate" },
        "target": { "conversationId": conversation }
    });
    let path = house.path("/users/ann/clients?brandId=b");
    let headers = [("content-type", "application/json"), ("idempotency-key", "one")];
    let send = async || -> Value {
        house.send("POST", &path, &headers, Body::from(link.to_string())).await.is(201)["client"].clone()
    };
    let first = send().await;
    assert_eq!(send().await, first);
    let listed = house.get("/users/ann/clients?brandId=b").await.is(200);
    assert_eq!(listed["clients"], json!([first]));
    house.get("/users/ann/clients").await.refuses(404, "user_not_found", "");
}

#[tokio::test]
async fn a_repeated_request_makes_one_user() {
    let house = House::open().await;
    let headers = [("content-type", "application/json"), ("idempotency-key", "one")];
    let path = house.path("/users");
    let send = async |body: Value| house.send("POST", &path, &headers, Body::from(body.to_string())).await;
    let first = send(json!({ "externalId": "ann" })).await.is(201);
    assert_eq!(send(json!({ "externalId": "ann" })).await.is(201), first);
    send(json!({ "externalId": "bob" })).await.refuses(409, "conflict", "idempotency key");
}
