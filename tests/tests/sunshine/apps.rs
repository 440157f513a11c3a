//! Apps and their settings (sunshine-v2.md §10.4).

use serde_json::{Value, json};
use testkit::scene::App;
use testkit::{Crosspoint, run, text_at};

#[test]
fn settings_have_defaults_and_are_merged() {
    run(60, async {
        let server = Crosspoint::start().await;
        let account = server.as_account();
        let made = account.post("/v2/apps", &json!({ "displayName": "x".repeat(100) })).await.ok();
        let path = format!("/v2/apps/{}", text_at(&made, "/app/id"));
        let settings = &made["app"]["settings"];
        let on = ["appLocalizationEnabled", "maskCreditCardNumbers"];
        let off = [
            "echoPostback",
            "multiConvoEnabled",
            "useAnimalNames",
            "ignoreAutoConversationStart",
            "endSessionEnabled",
            "disableConversationReopen",
        ];
        assert!(on.iter().all(|name| settings[name] == true), "{settings}");
        assert!(off.iter().all(|name| settings[name] == false), "{settings}");
        assert!(settings.get("conversationRetentionSeconds").is_none());
        let body = json!({ "settings": { "useAnimalNames": true, "conversationRetentionSeconds": 60 } });
        let changed = account.patch(&path, &body).await.ok();
        assert_eq!(changed["app"]["settings"]["useAnimalNames"], true);
        assert_eq!(changed["app"]["settings"]["conversationRetentionSeconds"], 60);
        assert_eq!(changed["app"]["settings"]["maskCreditCardNumbers"], true);
        assert_eq!(account.get(&path).await.ok()["app"]["settings"], changed["app"]["settings"]);
    });
}

#[test]
fn settings_that_depend_on_others() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let change = |settings: Value| {
            let (api, path) = (app.api.clone(), app.path(""));
            async move { api.patch(&path, &json!({ "settings": settings })).await }
        };
        for needs in ["endSessionEnabled", "disableConversationReopen"] {
            change(json!({ needs: true })).await.refused(400, "bad_request");
        }
        change(json!({ "multiConvoEnabled": true, "endSessionEnabled": true })).await.ok();
        change(json!({ "multiConvoEnabled": false })).await.refused(400, "bad_request");
        for wrong in [json!({ "useAnimalNames": "yes" }), json!({ "conversationRetentionSeconds": -1 })] {
            change(wrong).await.refused(400, "bad_request");
        }
    });
}

#[test]
fn names_and_metadata() {
    run(60, async {
        let server = Crosspoint::start().await;
        let account = server.as_account();
        for bad in [
            json!({}),
            json!({ "displayName": null }),
            json!({ "displayName": "" }),
            json!({ "displayName": 1 }),
        ] {
            account.post("/v2/apps", &bad).await.refused(400, "bad_request");
        }
        account
            .post("/v2/apps", &json!({ "displayName": "x".repeat(101) }))
            .await
            .refused(400, "bad_request");
        let body = json!({ "displayName": "App", "metadata": { "a": 1, "b": "x" } });
        let made = account.post("/v2/apps", &body).await.ok();
        let path = format!("/v2/apps/{}", text_at(&made, "/app/id"));
        let changed = account.patch(&path, &json!({ "metadata": { "a": null, "c": true } })).await.ok();
        assert_eq!(changed["app"]["metadata"], json!({ "b": "x", "c": true }));
        let large = json!({ "metadata": { "d": "x".repeat(4_096) } });
        account.patch(&path, &large).await.refused(400, "bad_request");
    });
}

#[test]
fn animal_names_stand_in_for_users_without_a_name() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let talk = app.talk("ann").await;
        let name = || async {
            let id = talk.says(&app.api, "hi").await;
            let page = app.api.get(&format!("{}/messages", talk.path)).await.ok();
            let message = page["messages"].as_array().unwrap().iter().find(|it| it["id"] == id).cloned();
            text_at(&message.unwrap(), "/author/displayName")
        };
        let generic = name().await;
        app.settings(json!({ "useAnimalNames": true })).await;
        let animal = name().await;
        assert_ne!(generic, animal);
        assert_eq!(animal, name().await, "the same animal each time");
        app.patch("/users/ann", json!({ "profile": { "givenName": "Ann", "surname": "Lee" } })).await;
        assert_eq!(name().await, "Ann Lee");
    });
}
