//! Clients: linking a channel, listing, removing (sunshine-v2.md §4.6–4.8).

use serde_json::{Value, json};
use testkit::scene::{App, NO_ID, Talk};
use testkit::{Crosspoint, Sink, run, text_at};

async fn channel(app: &App, body: Value) -> String {
    text_at(&app.post("/integrations", body).await, "/integration/id")
}

fn messagebird() -> Value {
    json!({ "type": "messagebird", "accessKey": "a", "signingKey": "s", "originator": "+15145550199" })
}

fn link(talk: &Talk, criteria: Value, confirmation: Value) -> Value {
    json!({
        "matchCriteria": criteria, "confirmation": confirmation,
        "target": { "conversationId": talk.conversation }
    })
}

#[test]
fn a_link_stays_pending_and_is_listed_and_removed() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/c");
        let app = App::create(&server).await;
        let triggers = json!(["client:add", "client:update", "client:remove"]);
        app.custom_with("c", json!({ "target": inbox.url(), "triggers": triggers })).await;
        let talk = app.talk("ann").await;
        let messagebird = channel(&app, messagebird()).await;
        let criteria =
            json!({ "type": "messagebird", "integrationId": messagebird, "phoneNumber": "+1 514-555-0100" });
        let body = link(&talk, criteria, json!({ "type": "immediate" }));
        let made = app.post("/users/ann/clients", body.clone()).await["client"].clone();
        assert_eq!(
            (&made["type"], &made["status"], &made["integrationId"]),
            (&json!("messagebird"), &json!("pending"), &json!(messagebird))
        );
        let listed = app.get("/users/ann/clients").await;
        assert_eq!(listed["clients"][0]["id"], made["id"]);
        let hooks = inbox.wait_for(1).await;
        assert_eq!(hooks[0].kind(), "client:add");
        let payload = hooks[0].payload();
        assert_eq!(payload["reason"], "channelLinking");
        assert_eq!(payload["conversation"]["id"], talk.conversation);
        assert_eq!((&payload["user"]["id"], &payload["client"]["id"]), (&json!(talk.user), &made["id"]));

        // A second link of the same channel cancels the first.
        let second = app.post("/users/ann/clients", body).await["client"].clone();
        assert_ne!(second["id"], made["id"]);
        let hooks = inbox.wait_for(3).await;
        let mut kinds: Vec<(&str, &Value)> =
            hooks[1..].iter().map(|it| (it.kind(), &it.payload()["reason"])).collect();
        kinds.sort_by_key(|(kind, _)| *kind);
        assert_eq!(
            kinds,
            [("client:add", &json!("channelLinking")), ("client:remove", &json!("linkCancelled"))]
        );
        let listed = app.get("/users/ann/clients").await;
        assert_eq!(listed["clients"].as_array().unwrap().len(), 1);

        let path = format!("/users/ann/clients/{}", text_at(&second, "/id"));
        app.delete(&path).await;
        app.api.delete(&app.path(&path)).await.refused(404, "client_not_found");
        let hooks = inbox.settles_at(4, 300).await;
        assert_eq!((hooks[3].kind(), &hooks[3].payload()["reason"]), ("client:remove", &json!("api")));
        assert_eq!(app.get("/users/ann/clients").await["clients"], json!([]));
    });
}

#[test]
fn each_kind_of_criteria_and_confirmation() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let talk = app.talk("ann").await;
        let mailgun = json!({
            "type": "mailgun", "apiKey": "k", "domain": "mg.example.org", "incomingAddress": "in@mg.example.org"
        });
        let mailgun = channel(&app, mailgun).await;
        let messagebird = json!({ "type": "messagebird", "accessKey": "a", "signingKey": "s", "originator": "+15145550199" });
        let messagebird = channel(&app, messagebird).await;
        let whatsapp = channel(&app, json!({ "type": "whatsapp" })).await;
        let message =
            json!({ "author": { "type": "business" }, "content": { "type": "text", "text": "Is it you?" } });
        let links = [
            (
                json!({ "type": "mailgun", "integrationId": mailgun, "address": "ann@example.org",
                        "subject": "From {appName}", "primary": false }),
                json!({ "type": "prompt", "message": message }),
            ),
            (
                json!({ "type": "messagebird", "integrationId": messagebird, "phoneNumber": "+15145550101" }),
                json!({ "type": "userActivity" }),
            ),
            (
                json!({ "type": "whatsapp", "integrationId": whatsapp, "phoneNumber": "+15145550102" }),
                json!({ "type": "immediate" }),
            ),
        ];
        for (criteria, confirmation) in links {
            let kind = criteria["type"].clone();
            let made = app.post("/users/ann/clients", link(&talk, criteria, confirmation)).await;
            assert_eq!(made["client"]["type"], kind);
        }
        assert_eq!(app.get("/users/ann/clients").await["clients"].as_array().unwrap().len(), 3);
    });
}

#[test]
fn links_that_cannot_be_are_refused() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let (talk, other) = (app.talk("ann").await, app.talk("bob").await);
        let messagebird = channel(&app, messagebird()).await;
        let web = channel(&app, json!({ "type": "web" })).await;
        let good =
            json!({ "type": "messagebird", "integrationId": messagebird, "phoneNumber": "+15145550100" });
        let now = json!({ "type": "immediate" });
        let with = |name: &str, value: Value| {
            let mut changed = good.clone();
            changed[name] = value;
            changed
        };
        let image = json!({ "type": "image", "mediaUrl": "https://a.example/a.png" });
        let form = json!({ "type": "form", "fields": [{ "type": "text", "name": "a", "label": "b" }] });
        let message = |content: Value| json!({ "type": "prompt", "message": { "author": { "type": "business" }, "content": content } });
        let postback = json!([{ "type": "postback", "text": "a", "payload": "b" }]);
        let cases = [
            (400, link(&talk, with("integrationId", json!(web)), now.clone())),
            (404, link(&talk, with("integrationId", json!(NO_ID)), now.clone())),
            (400, link(&talk, with("type", json!("telegram")), now.clone())),
            (400, link(&talk, with("phoneNumber", json!("5145550100")), now.clone())),
            (400, link(&talk, with("phoneNumber", json!("+1 abc")), now.clone())),
            (400, link(&talk, with("phoneNumber", Value::Null), now.clone())),
            (400, link(&talk, good.clone(), json!({ "type": "later" }))),
            (400, link(&talk, good.clone(), message(form))),
            (
                400,
                link(
                    &talk,
                    good.clone(),
                    message(json!({ "type": "text", "text": "a", "actions": postback })),
                ),
            ),
            (404, link(&other, good.clone(), now.clone())),
            (400, json!({ "matchCriteria": good, "confirmation": now })),
        ];
        for (status, body) in cases {
            let reply = app.api.post(&app.path("/users/ann/clients"), &body).await;
            assert_eq!(reply.status, status, "{body}: {}", reply.text);
        }
        app.post("/users/ann/clients", link(&talk, good, message(image))).await;
    });
}

#[test]
fn the_sdk_client_goes_with_its_user_only() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        app.user("ann").await;
        let participant = json!({ "userExternalId": "ann", "subscribeSDKClient": true });
        app.post("/conversations", json!({ "type": "personal", "participants": [participant] })).await;
        let clients = app.get("/users/ann/clients").await;
        assert_eq!(clients["clients"][0]["type"], "sdk");
        let path = app.path(&format!("/users/ann/clients/{}", text_at(&clients, "/clients/0/id")));
        let refused = app.api.delete(&path).await.refused(400, "bad_request");
        assert_eq!(refused, "Cannot remove a client of type 'sdk'");
        assert_eq!(app.get("/users/ann/clients").await, clients);
    });
}
