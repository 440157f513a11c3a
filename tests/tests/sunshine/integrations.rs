//! All sixteen types of integration: what each needs, hides and may change (sunshine-v2.md §10.1).

use serde_json::{Value, json};
use testkit::scene::{App, HandOver, NO_ID};
use testkit::{Crosspoint, Sink, run, text_at};

/// Type, a full body and the required fields. The client asserts for every reply that nothing
/// write-only is in it and that only fields of the type are.
fn types() -> Vec<(&'static str, Value, &'static [&'static str])> {
    let long = "x".repeat(88);
    vec![
        ("android", json!({ "projectId": "p", "clientEmail": "c@a.example", "privateKey": "k" }), &[]),
        (
            "apple",
            json!({ "businessId": "b", "apiSecret": "s", "mspId": "m", "authenticationMessageSecret": long }),
            &["businessId", "apiSecret", "mspId"],
        ),
        (
            "instagram",
            json!({ "pageAccessToken": "t", "appId": "1", "appSecret": "s", "storyRepliesEnabled": false }),
            &["pageAccessToken", "appId", "appSecret"],
        ),
        (
            "ios",
            json!({ "certificate": "c", "password": "p", "production": true, "autoUpdateBadge": true }),
            &[],
        ),
        ("line", json!({ "channelId": "1", "channelSecret": "s", "channelAccessToken": "t" }), &[]),
        (
            "mailgun",
            json!({ "apiKey": "k", "domain": "mg.example.org", "incomingAddress": "in@mg.example.org",
                            "hideUnsubscribeLink": true }),
            &["apiKey", "domain", "incomingAddress"],
        ),
        (
            "messagebird",
            json!({ "accessKey": "a", "signingKey": "s", "originator": "+15145550100" }),
            &["accessKey", "signingKey", "originator"],
        ),
        (
            "messenger",
            json!({ "pageAccessToken": "EAAsimulatedPageAccessToken", "appId": "1517776481860111",
                            "appSecret": "simulated-meta-app-secret" }),
            &["pageAccessToken", "appId", "appSecret"],
        ),
        ("telegram", json!({ "token": "4200000042:AAHsimulatedTelegramBotToken0000000" }), &["token"]),
        (
            "twilio",
            json!({ "accountSid": "AC00000000000000000000000000000001", "authToken": "simulated-twilio-auth-token",
                            "phoneNumberSid": "PN00000000000000000000000000000001" }),
            &["accountSid", "authToken", "phoneNumberSid"],
        ),
        (
            "twitter",
            json!({ "tier": "enterprise", "consumerKey": "a", "consumerSecret": "b", "accessTokenKey": "c",
                            "accessTokenSecret": "d" }),
            &["tier", "consumerKey", "consumerSecret", "accessTokenKey", "accessTokenSecret"],
        ),
        ("unity", json!({ "canUserCreateMoreConversations": true }), &[]),
        ("viber", json!({ "token": "t" }), &["token"]),
        (
            "web",
            json!({ "brandColor": "65758e", "displayStyle": "tab", "originWhitelist": ["https://a.example"] }),
            &[],
        ),
        (
            "whatsapp",
            json!({ "hsmFallbackLanguage": "fr", "accountId": "1", "accountManagementAccessToken": "t" }),
            &[],
        ),
    ]
}

fn typed(kind: &str, mut fields: Value) -> Value {
    fields["type"] = json!(kind);
    fields
}

#[test]
fn every_type_is_made_read_listed_changed_and_deleted() {
    run(90, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        for (kind, fields, _) in types() {
            let made = app.post("/integrations", typed(kind, fields.clone())).await["integration"].clone();
            assert_eq!((&made["type"], &made["status"]), (&json!(kind), &json!("active")), "{made}");
            let secrets = ["apiSecret", "consumerKey", "accessTokenKey"];
            for name in secrets.iter().filter(|name| fields.get(**name).is_some()) {
                assert_eq!(made[name], "********", "{kind} for the strict reader");
            }
            let path = format!("/integrations/{}", text_at(&made, "/id"));
            assert_eq!(app.get(&path).await["integration"], made);
            let changed = app
                .patch(&path, json!({ "displayName": "Named", "type": "custom", "status": "error" }))
                .await;
            assert_eq!(changed["integration"]["displayName"], "Named");
            assert_eq!(
                (&changed["integration"]["type"], &changed["integration"]["status"]),
                (&json!(kind), &json!("active"))
            );
            let cleared = app.patch(&path, json!({ "displayName": null })).await;
            assert_eq!(cleared["integration"], made, "{kind}");
        }
        let listed = app.get("/integrations?page[size]=100").await["integrations"].clone();
        let kinds: Vec<&str> =
            listed.as_array().unwrap().iter().map(|it| it["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, types().iter().map(|(kind, _, _)| *kind).collect::<Vec<_>>(), "by creation");
        for integration in listed.as_array().unwrap() {
            app.delete(&format!("/integrations/{}", text_at(integration, "/id"))).await;
        }
        assert_eq!(app.get("/integrations").await["integrations"], json!([]));
    });
}

#[test]
fn required_fields_are_required() {
    run(90, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        for (kind, fields, required) in types() {
            for name in required {
                for absent in [None, Some(json!("")), Some(json!(5))] {
                    let mut body = typed(kind, fields.clone());
                    match absent {
                        None => drop(body.as_object_mut().unwrap().remove(*name)),
                        Some(value) => body[name] = value,
                    }
                    let reply = app.api.post(&app.path("/integrations"), &body).await;
                    assert_eq!(reply.status, 400, "{kind} {name} {body}: {}", reply.text);
                    assert!(reply.text.contains(name), "{kind}: {} does not name {name}", reply.text);
                }
            }
        }
        assert_eq!(app.get("/integrations").await["integrations"], json!([]));
    });
}

#[test]
fn rules_between_fields() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let bad = [
            json!({}),
            json!({ "type": "pigeon" }),
            json!({ "type": "zd:agentWorkspace" }),
            json!({ "type": 5 }),
            json!({ "type": "twilio", "accountSid": "A", "authToken": "t" }),
            json!({ "type": "twilio", "accountSid": "A", "authToken": "t", "phoneNumberSid": "P", "messagingServiceSid": "M" }),
            json!({ "type": "line", "channelId": "1" }),
            json!({ "type": "line", "channelSecret": "1" }),
            json!({ "type": "mailgun", "apiKey": "k", "domain": "a.example", "incomingAddress": "in@b.example" }),
            json!({ "type": "apple", "businessId": "b", "apiSecret": "s", "mspId": "m", "authenticationMessageSecret": "short" }),
            json!({ "type": "twitter", "tier": "basic", "consumerKey": "a", "consumerSecret": "b", "accessTokenKey": "c",
                    "accessTokenSecret": "d" }),
            json!({ "type": "web", "brandColor": "#65758e" }),
            json!({ "type": "web", "brandColor": "12345" }),
            json!({ "type": "web", "displayStyle": "window" }),
            json!({ "type": "web", "fixedIntroPane": "yes" }),
            json!({ "type": "web", "displayName": "x".repeat(101) }),
            json!({ "type": "custom" }),
            json!({ "type": "custom", "webhooks": [] }),
        ];
        for body in bad {
            let reply = app.api.post(&app.path("/integrations"), &body).await;
            assert_eq!(reply.status, 400, "{body}: {}", reply.text);
        }
        let web = app.post("/integrations", json!({ "type": "web", "unknown": [1, 2], "id": NO_ID })).await;
        assert_ne!(web["integration"]["id"], NO_ID);
        let defaults = [
            ("brandColor", json!("65758e")),
            ("conversationColor", json!("0099ff")),
            ("actionColor", json!("0099ff")),
            ("displayStyle", json!("button")),
            ("buttonWidth", json!("58")),
            ("fixedIntroPane", json!(false)),
            ("showAIDisclaimer", json!(true)),
        ];
        for (name, value) in defaults {
            assert_eq!(web["integration"][name], value, "{name}");
        }
    });
}

#[test]
fn a_custom_one_and_its_webhooks_are_one_thing() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let app = App::create(&server).await;
        let target = sink.inbox("/c").url().to_owned();
        let custom = app.custom("c", &sink.inbox("/c")).await;
        let path = format!("/integrations/{}", custom.id);
        let two = json!([{ "target": target, "triggers": ["user:remove"] }, { "target": target, "triggers": ["user:merge"] }]);
        let body = json!({ "type": "custom", "webhooks": two });
        app.api.post(&app.path("/integrations"), &body).await.refused(400, "bad_request");
        let hook = json!({ "target": target, "triggers": ["user:merge"] });
        let second = app.post(&format!("{path}/webhooks"), hook).await;
        // Strict readers want exactly one: the oldest that is left.
        let shown = |it: Value| it["integration"]["webhooks"].clone();
        assert_eq!(shown(app.get(&path).await)[0]["id"], custom.webhook_id);
        assert_eq!(shown(app.get(&path).await)[0]["secret"], custom.webhook_secret);
        app.delete(&format!("{path}/webhooks/{}", custom.webhook_id)).await;
        let left = shown(app.get(&path).await);
        assert_eq!((left.as_array().unwrap().len(), &left[0]["id"]), (1, &second["webhook"]["id"]));
        app.delete(&format!("{path}/webhooks/{}", text_at(&second, "/webhook/id"))).await;
        assert_eq!(shown(app.get(&path).await), json!([]));
        app.delete(&path).await;
        app.api.get(&app.path(&path)).await.refused(404, "integration_not_found");
        custom.api.get(&app.path("/users/x")).await.refused(401, "unauthorized");
    });
}

#[test]
fn default_responders() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inboxes = ["/bot", "/agent", "/crm"].map(|path| sink.inbox(path));
        let scene = HandOver::create(&server, [&inboxes[0], &inboxes[1], &inboxes[2]], false).await;
        let app = &scene.app;
        let made = app.post("/integrations", json!({ "type": "viber", "token": "t" })).await;
        let path = format!("/integrations/{}", text_at(&made, "/integration/id"));
        let inherited = &made["integration"]["defaultResponder"];
        assert_eq!((&inherited["name"], &inherited["inherited"]), (&json!("bot"), &json!(true)));
        for id in [&scene.agent_seat, &scene.agent.id] {
            let changed = app.patch(&path, json!({ "defaultResponderId": id })).await;
            let own = &changed["integration"]["defaultResponder"];
            assert_eq!((&own["name"], &own["inherited"]), (&json!("agent"), &json!(false)));
            assert_eq!(own["nextSwitchboardIntegrationId"], scene.bot_seat);
            assert!(changed["integration"].get("defaultResponderId").is_none());
        }
        let cleared = app.patch(&path, json!({ "defaultResponderId": null })).await;
        assert_eq!(cleared["integration"]["defaultResponder"]["name"], "bot");
        let unknown = json!({ "defaultResponderId": NO_ID });
        app.api.patch(&app.path(&path), &unknown).await.refused(400, "bad_request");
    });
}
