//! Keys of apps and of custom integrations (sunshine-v2.md §10.2, §10.3).

use serde_json::json;
use testkit::scene::App;
use testkit::{Crosspoint, Key, Sink, run, text_at};

#[test]
fn an_apps_keys_show_their_secret_once_and_are_ten_at_most() {
    run(30, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let path = app.path("/keys");
        let made = app.account.post(&path, &json!({ "displayName": "second" })).await.ok();
        let key = Key::from_reply(&made);
        assert!(key.id.starts_with("app_"));
        assert_eq!(key.secret.len(), 86, "64 bytes in URL-safe base64");
        let got = app.account.get(&format!("{path}/{}", key.id)).await.ok();
        assert_eq!(got["key"], json!({ "id": key.id, "displayName": "second" }));
        let listed = app.account.get(&path).await.ok();
        assert!(listed["keys"].as_array().unwrap().iter().all(|it| it.get("secret").is_none()), "{listed}");
        for number in 3..=10 {
            app.account.post(&path, &json!({ "displayName": format!("{number}") })).await.ok();
        }
        app.account.post(&path, &json!({ "displayName": "eleventh" })).await.refused(400, "bad_request");
        app.account.post(&path, &json!({})).await.bad_request("displayName");
        app.account.delete(&format!("{path}/{}", key.id)).await.ok();
        app.account.get(&format!("{path}/{}", key.id)).await.with_status(404);
        app.account.post(&path, &json!({ "displayName": "tenth" })).await.ok();
    });
}

#[test]
fn only_custom_integrations_have_keys() {
    run(30, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let app = App::create(&server).await;
        let custom = app.custom("c", &sink.inbox("/c")).await;
        let path = app.path(&format!("/integrations/{}/keys", custom.id));
        assert!(custom.key.id.starts_with("int_"));
        for number in 2..=10 {
            app.api.post(&path, &json!({ "displayName": format!("{number}") })).await.ok();
        }
        app.api.post(&path, &json!({ "displayName": "eleventh" })).await.refused(400, "bad_request");
        let listed = app.api.get(&path).await.ok();
        assert_eq!(listed["keys"].as_array().unwrap().len(), 10);
        assert!(!listed.to_string().contains(&custom.key.secret), "{listed}");
        custom.api.get(&path).await.refused(403, "forbidden");
        app.api.delete(&format!("{path}/{}", custom.key.id)).await.ok();
        custom.api.get(&app.path("/users/x")).await.refused(401, "unauthorized");

        let web = text_at(&app.post("/integrations", json!({ "type": "web" })).await, "/integration/id");
        let path = app.path(&format!("/integrations/{web}/keys"));
        app.api.get(&path).await.refused(400, "bad_request");
        app.api.post(&path, &json!({ "displayName": "k" })).await.refused(400, "bad_request");
        let one = format!("{path}/{}", custom.key.id);
        app.api.get(&one).await.refused(400, "bad_request");
        app.api.delete(&one).await.refused(400, "bad_request");
    });
}

#[test]
fn a_setting_shows_secrets_again_as_the_original_does() {
    run(30, async {
        let server = Crosspoint::start().env("CROSSPOINT_KEY_SECRETS_READABLE", "true").await;
        let app = App::create(&server).await;
        let listed = app.account.get(&app.path("/keys")).await.ok();
        assert_eq!(listed["keys"][0]["secret"], app.key.secret);
        let got = app.account.get(&app.path(&format!("/keys/{}", app.key.id))).await.ok();
        assert_eq!(got["key"]["secret"], app.key.secret);
    });
}
