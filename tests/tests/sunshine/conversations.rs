//! Conversations and participants (sunshine-v2.md §5).

use serde_json::{Value, json};
use testkit::scene::{App, NO_ID, business};
use testkit::{Crosspoint, run, text_at};

fn participant(id: &str) -> Value {
    json!({ "userId": id, "subscribeSDKClient": false })
}

#[test]
fn personal_ones_have_one_participant() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let user = app.user("ann").await;
        let body = json!({
            "type": "personal", "participants": [{ "userExternalId": "ann" }], "displayName": "Chat",
            "description": "About it", "iconUrl": "https://a.example/i.png", "metadata": { "a": 1 }
        });
        let made = app.post("/conversations", body.clone()).await["conversation"].clone();
        for field in ["type", "displayName", "description", "iconUrl", "metadata"] {
            assert_eq!(made[field], body[field], "{field}");
        }
        assert_eq!(made["isDefault"], true, "the user's first");
        assert_eq!(made["createdAt"], made["lastUpdatedAt"]);
        assert!(made.get("businessLastRead").is_none());
        let second = app
            .post("/conversations", json!({ "type": "personal", "participants": [participant(&user)] }))
            .await;
        assert_eq!(second["conversation"]["isDefault"], false);
        let bad = [
            json!({}),
            json!({ "type": "personal" }),
            json!({ "type": "personal", "participants": [] }),
            json!({ "type": "personal", "participants": [participant(&user), participant(&user)] }),
            json!({ "type": "personal", "participants": [{}] }),
            json!({ "type": "personal", "participants": [{ "userId": user, "userExternalId": "ann" }] }),
            json!({ "type": "crowd", "participants": [participant(&user)] }),
            json!({ "type": "personal", "participants": [participant(&user)], "displayName": "" }),
            json!({ "type": "personal", "participants": [participant(&user)], "displayName": "x".repeat(101) }),
            json!({ "type": "personal", "participants": [participant(&user)], "description": "x".repeat(101) }),
            json!({ "type": "personal", "participants": [participant(&user)], "iconUrl": "no uri" }),
            json!({ "type": "personal", "participants": [participant(&user)], "metadata": { "a": [] } }),
        ];
        for body in bad {
            let reply = app.api.post(&app.path("/conversations"), &body).await;
            assert_eq!(reply.status, 400, "{body}: {}", reply.text);
        }
        let nobody = json!({ "type": "personal", "participants": [participant(NO_ID)] });
        app.api.post(&app.path("/conversations"), &nobody).await.refused(404, "user_not_found");
    });
}

#[test]
fn groups_are_joined_and_left() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let (ann, bob) = (app.user("ann").await, app.user("bob").await);
        let empty = app.post("/conversations", json!({ "type": "sdkGroup" })).await;
        let path = format!("/conversations/{}", text_at(&empty, "/conversation/id"));
        let members = || async { app.get(&format!("{path}/participants")).await["participants"].clone() };
        assert_eq!(members().await, json!([]));
        let joined = app.post(&format!("{path}/join"), participant(&ann)).await;
        let again = app.post(&format!("{path}/join"), participant(&ann)).await;
        assert_eq!(joined, again, "joining twice is a repeat");
        assert_eq!(joined["participant"]["clientAssociations"], json!([]));
        assert_eq!(joined["participant"]["userExternalId"], "ann");
        let subscribed = json!({ "userExternalId": "bob", "subscribeSDKClient": true });
        let joined = app.post(&format!("{path}/join"), subscribed).await;
        assert_eq!(joined["participant"]["clientAssociations"][0]["type"], "sdk");
        let clients = app.get("/users/bob/clients").await;
        assert_eq!(clients["clients"][0]["type"], "sdk");
        assert_eq!(members().await.as_array().unwrap().len(), 2);

        let api = &app.api;
        let (join, leave) = (app.path(&format!("{path}/join")), app.path(&format!("{path}/leave")));
        api.post(&join, &json!({ "userId": ann })).await.bad_request("subscribeSDKClient");
        api.post(&join, &json!({ "subscribeSDKClient": true })).await.refused(400, "bad_request");
        api.post(&join, &participant(NO_ID)).await.refused(404, "user_not_found");
        api.post(&leave, &json!({})).await.refused(400, "bad_request");
        api.post(&leave, &json!({ "userId": ann, "userExternalId": "ann" }))
            .await
            .refused(400, "bad_request");
        api.post(&leave, &json!({ "participantId": NO_ID })).await.with_status(404);
        let id = text_at(&members().await, "/0/id");
        assert_eq!(api.post(&leave, &json!({ "participantId": id })).await.ok(), json!({}));
        api.post(&leave, &json!({ "userId": ann })).await.with_status(404);
        api.post(&leave, &json!({ "userId": bob })).await.ok();
        assert_eq!(members().await, json!([]), "an empty group stays");

        let eleven: Vec<Value> = members_of(&app, 11).await;
        let body = json!({ "type": "sdkGroup", "participants": eleven });
        api.post(&app.path("/conversations"), &body).await.refused(400, "bad_request");
        let body = json!({ "type": "sdkGroup", "participants": eleven[..10] });
        app.post("/conversations", body).await;
        let body = json!({ "type": "sdkGroup", "participants": [{ "userId": ann }] });
        api.post(&app.path("/conversations"), &body).await.refused(400, "bad_request");
    });
}

async fn members_of(app: &App, count: usize) -> Vec<Value> {
    let mut users = Vec::new();
    for number in 0..count {
        users.push(participant(&app.user(&format!("member-{number}")).await));
    }
    users
}

#[test]
fn personal_ones_are_not_joined() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let talk = app.talk("ann").await;
        let bob = app.user("bob").await;
        app.api.post(&format!("{}/join", talk.path), &participant(&bob)).await.refused(400, "bad_request");
        app.api
            .post(&format!("{}/leave", talk.path), &json!({ "userId": talk.user }))
            .await
            .refused(400, "bad_request");
    });
}

#[test]
fn changing_and_deleting() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let talk = app.talk("ann").await;
        let path = format!("/conversations/{}", talk.conversation);
        let before = app.get(&path).await["conversation"].clone();
        let body = json!({ "displayName": "Chat", "description": "d", "metadata": { "a": 1, "b": 2 } });
        let changed = app.patch(&path, body).await["conversation"].clone();
        assert_eq!(changed["lastUpdatedAt"], before["lastUpdatedAt"], "a change is no activity");
        let body = json!({ "displayName": null, "metadata": { "a": null } });
        let changed = app.patch(&path, body).await["conversation"].clone();
        assert!(changed.get("displayName").is_none(), "{changed}");
        assert_eq!((&changed["description"], &changed["metadata"]), (&json!("d"), &json!({ "b": 2 })));
        talk.answers(&app.api, "hello").await;
        let now = app.get(&path).await["conversation"].clone();
        assert!(now["lastUpdatedAt"].as_str() > before["lastUpdatedAt"].as_str());
        app.api.delete(&talk.path).await.refused(400, "bad_request");
        let second = app.conversation(&talk.user).await;
        let second = app.path(&format!("/conversations/{second}"));
        app.api.post(&format!("{second}/messages"), &business("hello")).await.ok();
        assert_eq!(app.api.delete(&second).await.ok(), json!({}));
        for rest in ["", "/messages", "/participants"] {
            app.api.get(&format!("{second}{rest}")).await.with_status(404);
        }
        app.api.delete(&second).await.refused(404, "conversation_not_found");
        app.api.post(&format!("{second}/messages"), &business("late")).await.with_status(404);
    });
}

#[test]
fn deleting_an_app_takes_everything_along() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let talk = app.talk("ann").await;
        talk.answers(&app.api, "hello").await;
        assert_eq!(app.account.delete(&app.path("")).await.ok(), json!({}));
        app.account.get(&app.path("")).await.refused(404, "app_not_found");
        app.account.get(&talk.path).await.refused(404, "app_not_found");
        // Its keys are gone with it.
        app.api.get(&talk.path).await.refused(401, "unauthorized");
        app.account.delete(&app.path("")).await.refused(404, "app_not_found");
        let listed = app.account.get("/v2/apps").await.ok();
        assert_eq!(listed["apps"], json!([]));
    });
}
