//! `Idempotency-Key` on POSTs (decision 19).

use serde_json::{Value, json};
use testkit::scene::{App, business};
use testkit::{Api, Crosspoint, Key, Reply, Sink, run, text_at};

async fn keyed(api: &Api, path: &str, key: &str, body: &Value) -> Reply {
    api.call("POST", path).header("idempotency-key", key).json(body).send().await
}

#[test]
fn a_repeat_gives_the_same_thing_and_does_it_once() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/c");
        let app = App::create(&server).await;
        app.custom_with("c", json!({ "target": inbox.url(), "triggers": ["conversation:message"] })).await;
        let talk = app.talk("ann").await;
        let path = format!("{}/messages", talk.path);
        let first = keyed(&app.api, &path, "k1", &business("once")).await.with_status(201);
        let again = keyed(&app.api, &path, "k1", &business("once")).await.with_status(201);
        assert_eq!(first, again);
        keyed(&app.api, &path, "k1", &business("something else")).await.refused(409, "conflict");
        keyed(&app.api, &app.path("/users"), "k1", &json!({})).await.refused(409, "conflict");
        let elsewhere = format!("{path}?brandId=b");
        keyed(&app.api, &elsewhere, "k1", &business("once")).await.refused(409, "conflict");
        keyed(&app.api, &path, "k2", &business("once")).await.with_status(201);
        let other = keyed(&app.account, &path, "k1", &business("another key's own")).await.with_status(201);
        assert_ne!(first, other);
        inbox.settles_at(3, 300).await;
        let listed = app.api.get(&path).await.ok();
        assert_eq!(listed["messages"].as_array().unwrap().len(), 3);
    });
}

#[test]
fn repeats_at_the_same_time_do_it_once() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let talk = app.talk("ann").await;
        let tasks: Vec<_> = (0..16)
            .map(|_| {
                let (api, path) = (app.api.clone(), format!("{}/messages", talk.path));
                tokio::spawn(
                    async move { keyed(&api, &path, "race", &business("once")).await.with_status(201) },
                )
            })
            .collect();
        let mut bodies = Vec::new();
        for task in tasks {
            bodies.push(task.await.unwrap());
        }
        bodies.dedup();
        assert_eq!(bodies.len(), 1);
        let listed = app.api.get(&format!("{}/messages", talk.path)).await.ok();
        assert_eq!(listed["messages"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn it_outlives_a_crash_and_shows_a_keys_secret_again() {
    run(60, async {
        let mut server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let body = json!({ "displayName": "k" });
        let made = keyed(&app.account, &app.path("/keys"), "k", &body).await.with_status(201);
        server.kill9();
        server.restart().await;
        let again = keyed(&server.as_account(), &app.path("/keys"), "k", &body).await.with_status(201);
        assert_eq!(Key::from_reply(&made), Key::from_reply(&again));
    });
}

#[test]
fn only_successes_are_kept_and_a_repeat_shows_the_present() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let users = app.path("/users");
        let bad = json!({ "externalId": "" });
        keyed(&app.api, &users, "k", &bad).await.refused(400, "bad_request");
        let body = json!({ "externalId": "ann" });
        let made = keyed(&app.api, &users, "k", &body).await.with_status(201);
        app.patch("/users/ann", json!({ "metadata": { "a": 1 } })).await;
        let again = keyed(&app.api, &users, "k", &body).await.with_status(201);
        assert_eq!(again["user"]["id"], made["user"]["id"]);
        assert_eq!(again["user"]["metadata"], json!({ "a": 1 }), "the thing as it is now");
        app.delete(&format!("/users/{}", text_at(&made, "/user/id"))).await;
        keyed(&app.api, &users, "k", &body).await.with_status(404);
    });
}

#[test]
fn the_query_tells_requests_from_each_other() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let mut users = Vec::new();
        for brand in ["one", "two"] {
            let made = app.post("/users", json!({ "externalId": "ann", "brandId": brand })).await;
            users.push(json!({ "userId": made["user"]["id"], "subscribeSDKClient": false }));
        }
        let talk =
            app.post("/conversations", json!({ "type": "personal", "participants": [users[0]] })).await;
        let channel = json!({ "type": "messagebird", "accessKey": "k", "signingKey": "s", "originator": "+15145550199" });
        let channel = app.post("/integrations", channel).await;
        let body = json!({
            "matchCriteria": { "type": "messagebird", "integrationId": channel["integration"]["id"],
                "phoneNumber": "+15145550100" },
            "confirmation": { "type": "immediate" },
            "target": { "conversationId": talk["conversation"]["id"] }
        });
        let path = |brand: &str| app.path(&format!("/users/ann/clients?brandId={brand}"));
        let first = keyed(&app.api, &path("one"), "k", &body).await.with_status(201);
        keyed(&app.api, &path("two"), "k", &body).await.refused(409, "conflict");
        assert_eq!(keyed(&app.api, &path("one"), "k", &body).await.with_status(201), first);
    });
}
