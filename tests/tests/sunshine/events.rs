//! What each trigger carries (sunshine-v2.md §9.6), as far as the API alone can fire it. The sink
//! compares every body with the document.

use serde_json::json;
use testkit::scene::{App, TRIGGERS};
use testkit::{Crosspoint, Hook, Inbox, Sink, run, text_at};

async fn told(server: &Crosspoint, sink: &Sink) -> (App, Inbox) {
    let inbox = sink.inbox("/all");
    let app = App::create(server).await;
    app.custom("all", &inbox).await;
    (app, inbox)
}

fn participant(id: &str) -> serde_json::Value {
    json!({ "userId": id, "subscribeSDKClient": false })
}

#[test]
fn a_groups_life() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let (app, inbox) = told(&server, &sink).await;
        let (ann, bob) = (app.user("ann").await, app.user("bob").await);
        let body = json!({ "type": "sdkGroup", "participants": [participant(&ann)], "metadata": { "a": 1 } });
        let made = app.post("/conversations", body).await;
        let id = text_at(&made, "/conversation/id");
        let path = format!("/conversations/{id}");
        app.post(&format!("{path}/join"), participant(&bob)).await;
        app.post(&format!("{path}/join"), participant(&bob)).await;
        app.post(&format!("{path}/leave"), json!({ "userId": bob })).await;
        app.delete(&path).await;
        let hooks = inbox.settles_at(4, 300).await;
        let kinds: Vec<&str> = hooks.iter().map(Hook::kind).collect();
        assert_eq!(
            kinds,
            ["conversation:create", "conversation:join", "conversation:leave", "conversation:remove"]
        );
        for hook in &hooks {
            assert_eq!(hook.payload()["conversation"]["id"], id, "{}", hook.kind());
            assert_eq!(hook.payload()["conversation"]["type"], "sdkGroup");
            assert_eq!(hook.payload()["conversation"]["metadata"], json!({ "a": 1 }), "{}", hook.kind());
        }
        assert!(hooks[0].payload().get("user").is_none(), "a group's participants are to be fetched");
        assert_eq!(hooks[1].payload()["user"]["externalId"], "bob");
        assert_eq!(hooks[2].payload()["user"]["id"], bob);
    });
}

#[test]
fn reading_is_told_of_customers_only() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let (app, inbox) = told(&server, &sink).await;
        let talk = app.talk("ann").await;
        let activity = format!("{}/activity", talk.path);
        for author in [json!({ "type": "business" }), json!({ "type": "user", "userExternalId": "ann" })] {
            app.api.post(&activity, &json!({ "type": "conversation:read", "author": author })).await.ok();
        }
        let hooks = inbox.settles_at(2, 300).await;
        let activity = &hooks[1].payload()["activity"];
        assert_eq!((hooks[1].kind(), &activity["type"]), ("conversation:read", &json!("conversation:read")));
        assert_eq!(
            (&activity["author"]["type"], &activity["author"]["userId"]),
            (&json!("user"), &json!(talk.user))
        );
        assert_eq!(activity["source"]["type"], "api:conversations");
    });
}

#[test]
fn deleting_a_user_is_told_in_order() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let (app, inbox) = told(&server, &sink).await;
        let user = app.user("ann").await;
        let body =
            json!({ "type": "personal", "participants": [{ "userId": user, "subscribeSDKClient": true }] });
        let personal = text_at(&app.post("/conversations", body).await, "/conversation/id");
        let group = json!({ "type": "sdkGroup", "participants": [participant(&user)] });
        let group = text_at(&app.post("/conversations", group).await, "/conversation/id");
        let before = inbox.wait_for(2).await.len();
        app.delete(&format!("/users/{user}")).await;
        let mut hooks = inbox.settles_at(before + 4, 300).await.split_off(before);
        // Each conversation and the user is told of by itself; what happened when is what the ids say.
        hooks.sort_by(|one, other| one.event_id().cmp(other.event_id()));
        let find = |kind: &str| hooks.iter().find(|hook| hook.kind() == kind).unwrap().payload();
        assert_eq!(find("conversation:remove")["conversation"]["id"], personal);
        assert_eq!(find("conversation:leave")["conversation"]["id"], group);
        assert_eq!(find("client:remove")["reason"], "api");
        assert_eq!(hooks[3].kind(), "user:remove", "the last word");
        let payload = hooks[3].payload();
        assert_eq!((&payload["user"]["id"], &payload["user"]["externalId"]), (&json!(user), &json!("ann")));
    });
}

#[test]
fn changing_a_user_is_not_told() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let (app, inbox) = told(&server, &sink).await;
        app.user("ann").await;
        app.patch("/users/ann", json!({ "profile": { "givenName": "Ann" } })).await;
        app.api.delete(&app.path("/users/ann/personalinformation")).await.ok();
        let talk = app.talk("bob").await;
        let id = talk.answers(&app.api, "hi").await;
        app.api.delete(&format!("{}/messages/{id}", talk.path)).await.ok();
        inbox.settles_at(2, 500).await;
        assert_eq!(inbox.kinds(), ["conversation:create", "conversation:message"]);
    });
}

#[test]
fn an_unknown_trigger_is_none_of_the_26() {
    assert_eq!(TRIGGERS.len(), 26);
    for trigger in TRIGGERS {
        assert!(testkit::Contract::shared().knows_event(trigger), "{trigger}");
    }
}
