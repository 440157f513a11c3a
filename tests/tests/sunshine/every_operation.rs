//! Every operation of the table, called with a valid request. The client compares each answer with
//! the document; this test compares what was called with the table.

use std::collections::BTreeSet;

use reqwest::multipart::{Form, Part};
use serde_json::json;
use testkit::scene::{App, TRIGGERS, business};
use testkit::{Api, Contract, Crosspoint, Sink, progress, run};

use super::oauth;

/// Whether a valid request of an operation is refused on this server, which speaks to no provider. `SyncUser`
/// and the devices are seen in rows that another version may have written.
fn cannot_succeed(id: &str) -> bool {
    wire::sunshine::limitation(id).is_some() && id != "SyncUser"
}

#[test]
fn every_operation_answers_as_the_document_says() {
    run(90, async {
        // With one reader a request that needs two at the same time never ends.
        let mut server = Crosspoint::start().env("CROSSPOINT_READERS", "1").await;
        let sink = Sink::start().await;
        progress!("every operation");
        apps_and_keys(&server).await;
        let app = App::create(&server).await;
        let target = sink.inbox("/hook").url().to_owned();
        integrations(&app, &target).await;
        switchboards(&app, &target).await;
        users(&app).await;
        conversations(&app).await;
        attachments(&app).await;
        oauth::whole_flow(&server, &app).await;
        imported(&mut server, app).await;

        let document: BTreeSet<&str> =
            Contract::shared().operations().iter().map(|op| op.id.as_str()).collect();
        let table: BTreeSet<&str> = wire::sunshine::OPERATIONS.iter().map(|row| row.id).collect();
        assert_eq!(table, document, "the table of operations is the document's");
        let succeeded = server.succeeded_operations();
        let missing: Vec<&&str> =
            table.iter().filter(|id| !succeeded.contains(**id) && !cannot_succeed(id)).collect();
        assert!(missing.is_empty(), "never succeeded: {missing:?}");
        for id in table.iter().filter(|id| cannot_succeed(id)) {
            assert!(!succeeded.contains(*id), "{id} can succeed: take it off the list");
        }
    });
}

async fn apps_and_keys(server: &Crosspoint) {
    let account = server.as_account();
    let body =
        json!({ "displayName": "One", "settings": { "useAnimalNames": true }, "metadata": { "a": 1 } });
    let made = account.post("/v2/apps", &body).await.ok();
    let id = testkit::text_at(&made, "/app/id");
    let path = format!("/v2/apps/{id}");
    let listed = account.get("/v2/apps").await.ok();
    assert_eq!(listed["apps"][0]["id"], id);
    let got = account.get(&path).await.ok();
    assert_eq!(got["app"]["settings"]["useAnimalNames"], true);
    assert!(got["app"]["subdomain"].is_string());
    let changed = account.patch(&path, &json!({ "displayName": "Two" })).await.ok();
    assert_eq!(changed["app"]["displayName"], "Two");

    let key = account.post(&format!("{path}/keys"), &json!({ "displayName": "k" })).await.ok();
    let key_path = format!("{path}/keys/{}", testkit::text_at(&key, "/key/id"));
    assert_eq!(account.get(&format!("{path}/keys")).await.ok()["keys"].as_array().unwrap().len(), 1);
    assert!(account.get(&key_path).await.ok()["key"].get("secret").is_none());
    account.delete(&key_path).await.ok();
    account.delete(&path).await.ok();
    account.get(&path).await.refused(404, "app_not_found");
}

async fn integrations(app: &App, target: &str) {
    let webhook = json!({ "target": target, "triggers": TRIGGERS });
    let body = json!({ "type": "custom", "displayName": "c", "webhooks": [webhook] });
    let made = app.post("/integrations", body).await;
    let path = format!("/integrations/{}", testkit::text_at(&made, "/integration/id"));
    assert_eq!(app.get("/integrations").await["integrations"].as_array().unwrap().len(), 1);
    assert_eq!(app.get(&path).await["integration"]["webhooks"][0]["target"], target);
    let changed = app.patch(&path, json!({ "displayName": "d" })).await;
    assert_eq!(changed["integration"]["displayName"], "d");

    let key = app.post(&format!("{path}/keys"), json!({ "displayName": "k" })).await;
    let key_path = format!("{path}/keys/{}", testkit::text_at(&key, "/key/id"));
    assert!(app.get(&format!("{path}/keys")).await["keys"][0].get("secret").is_none());
    assert_eq!(app.get(&key_path).await["key"]["displayName"], "k");
    app.delete(&key_path).await;

    let hooks = format!("{path}/webhooks");
    let hook = app.post(&hooks, json!({ "target": target, "triggers": ["user:remove"] })).await;
    let hook_path = format!("{hooks}/{}", testkit::text_at(&hook, "/webhook/id"));
    assert_eq!(app.get(&hooks).await["webhooks"].as_array().unwrap().len(), 2);
    let read = app.get(&hook_path).await;
    assert_eq!(read["webhook"]["secret"], hook["webhook"]["secret"]);
    let changed = app.patch(&hook_path, json!({ "includeFullUser": true })).await;
    assert_eq!(changed["webhook"]["includeFullUser"], true);
    app.delete(&hook_path).await;
    app.delete(&path).await;
}

async fn switchboards(app: &App, target: &str) {
    let one = app.custom_with("one", json!({ "target": target, "triggers": ["user:remove"] })).await;
    let two = app.custom_with("two", json!({ "target": target, "triggers": ["user:remove"] })).await;
    let board = app.switchboard().await;
    let path = format!("/switchboards/{board}");
    assert_eq!(app.get("/switchboards").await["switchboards"][0]["enabled"], false);
    let members = format!("{path}/switchboardIntegrations");
    let first = app.member(&board, json!({ "name": "one", "integrationId": one.id })).await;
    let second = app.member(&board, json!({ "name": "two", "integrationId": two.id })).await;
    let list = app.get(&members).await;
    assert_eq!(list["switchboardIntegrations"][0]["integrationType"], "custom");
    let changed = app.patch(&format!("{members}/{second}"), json!({ "messageHistoryCount": 3 })).await;
    assert_eq!(changed["switchboardIntegration"]["messageHistoryCount"], 3);
    app.patch(&path, json!({ "enabled": true, "defaultSwitchboardIntegrationId": first })).await;

    let talk = app.talk("controlled").await;
    let control = |action: &str| format!("{}/{action}", talk.path);
    app.api.post(&control("passControl"), &json!({ "switchboardIntegration": "two" })).await.ok();
    app.api.post(&control("offerControl"), &json!({ "switchboardIntegration": first })).await.ok();
    app.api.post(&control("acceptControl"), &json!({})).await.ok();
    app.api.post_nothing(&control("releaseControl")).await.ok();

    app.delete(&format!("{members}/{second}")).await;
    app.delete(&path).await;
}

async fn users(app: &App) {
    let body =
        json!({ "externalId": "ext/1", "profile": { "givenName": "Ada", "email": "ada@example.org" } });
    let made = app.post("/users", body).await;
    let id = testkit::text_at(&made, "/user/id");
    let path = format!("/users/{id}");
    assert_eq!(app.get("/users/ext%2F1").await["user"]["id"], id);
    let changed = app.patch(&path, json!({ "metadata": { "vip": true } })).await;
    assert_eq!(changed["user"]["metadata"]["vip"], true);
    let found = app.get("/users?filter[identities.email]=ada@example.org").await;
    assert_eq!(found["users"], json!([]), "a profile's e-mail address is no identity");

    let conversation = app.conversation(&id).await;
    let messagebird =
        json!({ "type": "messagebird", "accessKey": "a", "signingKey": "s", "originator": "+15145550199" });
    let channel = app.post("/integrations", messagebird).await;
    let link = json!({
        "matchCriteria": {
            "type": "messagebird", "integrationId": channel["integration"]["id"], "phoneNumber": "+1 514 555-0100"
        },
        "confirmation": { "type": "immediate" },
        "target": { "conversationId": conversation }
    });
    let client = app.post(&format!("{path}/clients"), link).await;
    assert_eq!(client["client"]["status"], "pending");
    let clients = app.get(&format!("{path}/clients")).await;
    assert_eq!(clients["clients"][0]["id"], client["client"]["id"]);
    app.delete(&format!("{path}/clients/{}", testkit::text_at(&client, "/client/id"))).await;

    assert_eq!(app.get(&format!("{path}/devices")).await, json!({ "devices": [] }));
    let no_device = app.path(&format!("{path}/devices/{}", testkit::scene::NO_ID));
    app.api.get(&no_device).await.refused(404, "device_not_found");
    app.api.post_nothing(&app.path("/users/12345/sync")).await.with_status(404);
    let bare = app.api.delete(&app.path(&format!("{path}/personalinformation"))).await.ok();
    assert_eq!(bare["user"]["profile"], json!({}));
    app.delete(&path).await;
    app.api.get(&app.path(&path)).await.refused(404, "user_not_found");
}

async fn conversations(app: &App) {
    let user = app.user("talker").await;
    app.conversation(&user).await;
    let group = json!({
        "type": "sdkGroup", "displayName": "Group", "participants": [{ "userId": user, "subscribeSDKClient": false }]
    });
    let made = app.post("/conversations", group).await;
    let path = format!("/conversations/{}", testkit::text_at(&made, "/conversation/id"));
    let listed = app.get(&format!("/conversations?filter[userId]={user}")).await;
    assert_eq!(listed["conversations"].as_array().unwrap().len(), 2);
    assert_eq!(app.get(&path).await["conversation"]["type"], "sdkGroup");
    app.patch(&path, json!({ "description": "All of us" })).await;

    let other = app.user("other").await;
    let joined =
        app.post(&format!("{path}/join"), json!({ "userId": other, "subscribeSDKClient": true })).await;
    assert_eq!(joined["participant"]["userId"], other);
    let participants = app.get(&format!("{path}/participants")).await;
    assert_eq!(participants["participants"].as_array().unwrap().len(), 2);
    app.post(&format!("{path}/leave"), json!({ "userId": other })).await;

    let messages = format!("{path}/messages");
    let posted = app.post(&messages, business("hello")).await;
    let id = testkit::text_at(&posted, "/messages/0/id");
    app.post(&messages, business("world")).await;
    assert_eq!(app.get(&messages).await["messages"].as_array().unwrap().len(), 2);
    let read = json!({ "type": "conversation:read", "author": { "type": "user", "userId": user } });
    app.post(&format!("{path}/activity"), read).await;
    app.delete(&format!("{messages}/{id}")).await;
    app.delete(&messages).await;

    refused_without_a_channel(&app.api, &app.path(&path), &user).await;
    app.delete(&path).await;
}

async fn refused_without_a_channel(api: &Api, path: &str, user: &str) {
    let reference =
        json!({ "url": "https://a.example/x", "bid": "b", "key": "k", "signature": "s", "owner": "o" });
    let download = json!({ "userId": user, "apple": { "interactiveDataRef": reference } });
    let reply = api.post(&format!("{path}/download"), &download).await;
    reply.bad_request("pple");
    let conversion = json!({ "messenger": { "payload": { "data": [{ "event_name": "Purchase" }] } } });
    api.post(&format!("{path}/conversionEvents"), &conversion).await.refused(400, "bad_request");
}

async fn attachments(app: &App) {
    let part = Part::bytes(b"hello".to_vec()).file_name("hello.txt").mime_str("text/plain").unwrap();
    let upload = app.api.call("POST", &app.path("/attachments?access=public"));
    let made = upload.multipart(Form::new().part("source", part)).send().await.ok();
    let url = testkit::text_at(&made, "/attachment/mediaUrl");
    assert_eq!(made["attachment"]["mediaType"], "text/plain");
    let gone = app.post("/attachments/remove", json!({ "mediaUrl": url })).await;
    assert_eq!(gone, json!({}));
}

/// Devices and a help desk's ids, which no operation makes: the rows are written while the server is down.
async fn imported(server: &mut Crosspoint, mut app: App) {
    app.user("ann").await;
    app.user("eve").await;
    let participant = json!({ "userExternalId": "ann", "subscribeSDKClient": true });
    app.post("/conversations", json!({ "type": "personal", "participants": [participant] })).await;
    let client = testkit::text_at(&app.get("/users/ann/clients").await, "/clients/0/id");
    let web = app.post("/integrations", json!({ "type": "web" })).await;
    let web = testkit::text_at(&web, "/integration/id");
    server.kill9();
    let rows = rusqlite::Connection::open(server.dir().join("crosspoint.db")).unwrap();
    for (name, zendesk_id) in [("ann", "12345"), ("eve", "67890")] {
        let set = "UPDATE users SET zendesk_id = ?1 WHERE external_id = ?2";
        assert_eq!(rows.execute(set, [zendesk_id, name]).unwrap(), 1);
    }
    let device = "INSERT INTO devices (id, client, user_key, kind, guid, active, integration, last_seen, \
        push_token, info, app_version) SELECT ?1, c.k, c.user_key, ?2, ?3, 1, i.k, ?4, ?5, ?6, ?7 \
        FROM clients c, integrations i WHERE c.id = ?8 AND i.id = ?9";
    let bytes = |id: &str| id.parse::<model::Id>().unwrap().as_bytes().to_vec();
    let all = [("5d8cff3cd55b040010928b5b", "web", None), ("5d8cff3cd55b040010928b5c", "ios", Some("2.1"))];
    for (number, (id, kind, version)) in all.into_iter().enumerate() {
        let seen = 1_750_000_000_000_i64 + number as i64;
        let info = version.map(|_| r#"{"devicePlatform":"iPhone"}"#);
        let row = rusqlite::params![
            bytes(id),
            kind,
            format!("guid-{number}"),
            seen,
            version.map(|_| "token"),
            info,
            version,
            bytes(&client),
            bytes(&web)
        ];
        assert_eq!(rows.execute(device, row).unwrap(), 1);
    }
    drop(rows);
    server.restart().await;
    app.api = server.api().as_key(&app.key);
    // The client of these calls compares each answer with the document.
    let listed = app.get("/users/ann/devices").await;
    let kinds = [&listed["devices"][0]["type"], &listed["devices"][1]["type"]];
    assert_eq!(kinds, ["ios", "web"], "last seen first: {listed}");
    for device in listed["devices"].as_array().unwrap() {
        let path = format!("/users/ann/devices/{}", testkit::text_at(device, "/id"));
        assert_eq!(app.get(&path).await["device"], *device);
    }
    let alone = app.api.post_nothing(&app.path("/users/12345/sync")).await.ok();
    assert_eq!((&alone["user"]["externalId"], &alone["user"]["zendeskId"]), (&json!("ann"), &json!("12345")));
    let merged = app.post("/users/12345/sync", json!({ "survivingZendeskId": "67890" })).await;
    assert_eq!(merged["user"]["externalId"], "eve");
    assert_eq!(app.get("/users/eve/devices").await["devices"].as_array().unwrap().len(), 2);
}
