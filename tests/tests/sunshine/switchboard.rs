//! Switchboards, their members and the control actions (sunshine-v2.md §8). The order of what each
//! side is told stands in `main_job`.

use serde_json::{Value, json};
use testkit::scene::{App, Custom, HandOver, NO_ID, Talk};
use testkit::{Api, Crosspoint, Inbox, Reply, Sink, run, text_at};

async fn hand_over(server: &Crosspoint, sink: &Sink) -> (HandOver, [Inbox; 3]) {
    let inboxes = ["/bot", "/agent", "/crm"].map(|path| sink.inbox(path));
    let scene = HandOver::create(server, [&inboxes[0], &inboxes[1], &inboxes[2]], false).await;
    (scene, inboxes)
}

async fn act(api: &Api, talk: &Talk, action: &str, target: &str) -> Reply {
    let body = if target.is_empty() { json!({}) } else { json!({ "switchboardIntegration": target }) };
    api.post(&format!("{}/{action}", talk.path), &body).await
}

/// Names of the active and the pending seat.
async fn seats(app: &App, talk: &Talk) -> (Value, Value) {
    let conversation = app.api.get(&talk.path).await.ok()["conversation"].clone();
    let name = |which: &str| conversation[which]["name"].clone();
    (name("activeSwitchboardIntegration"), name("pendingSwitchboardIntegration"))
}

#[test]
fn one_switchboard_an_app() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let board = app.switchboard().await;
        app.api.post_nothing(&app.path("/switchboards")).await.refused(400, "bad_request");
        let path = app.path(&format!("/switchboards/{board}"));
        let unknown = json!({ "defaultSwitchboardIntegrationId": NO_ID });
        app.api.patch(&path, &unknown).await.refused(404, "switchboard_integration_not_found");
        let enabled = app.api.patch(&path, &json!({ "enabled": true })).await.ok();
        assert_eq!(enabled["switchboard"], json!({ "id": board, "enabled": true }));
        app.api.delete(&path).await.ok();
        app.api.delete(&path).await.refused(404, "switchboard_not_found");
        app.api.patch(&path, &json!({ "enabled": true })).await.refused(404, "switchboard_not_found");
        assert_eq!(app.get("/switchboards").await["switchboards"], json!([]));
        app.switchboard().await;
    });
}

#[test]
fn members_and_their_limits() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let app = App::create(&server).await;
        let mut customs: Vec<Custom> = Vec::new();
        for number in 0..10 {
            customs.push(app.custom(&format!("c{number}"), &sink.inbox(&format!("/{number}"))).await);
        }
        let board = app.switchboard().await;
        let path = app.path(&format!("/switchboards/{board}/switchboardIntegrations"));
        let made =
            app.api.post(&path, &json!({ "name": "first", "integrationId": customs[0].id })).await.ok();
        let member = &made["switchboardIntegration"];
        assert_eq!(
            (&member["deliverStandbyEvents"], &member["integrationType"]),
            (&json!(true), &json!("custom"))
        );
        let web = text_at(&app.post("/integrations", json!({ "type": "web" })).await, "/integration/id");
        let free = &customs[1].id;
        let bad = [
            json!({ "integrationId": free }),
            json!({ "name": "x" }),
            json!({ "name": "x", "integrationId": free, "integrationType": "custom" }),
            json!({ "name": "first", "integrationId": free }),
            json!({ "name": "next", "integrationId": free }),
            json!({ "name": "with space", "integrationId": free }),
            json!({ "name": "", "integrationId": free }),
            json!({ "name": "x".repeat(129), "integrationId": free }),
            json!({ "name": "x", "integrationId": customs[0].id }),
            json!({ "name": "x", "integrationId": web }),
            json!({ "name": "x", "integrationId": free, "messageHistoryCount": 0 }),
            json!({ "name": "x", "integrationId": free, "messageHistoryCount": 11 }),
            json!({ "name": "x", "integrationId": free, "deliverStandbyEvents": "yes" }),
        ];
        for body in bad {
            let reply = app.api.post(&path, &body).await;
            assert_eq!(reply.status, 400, "{body}: {}", reply.text);
        }
        for body in [
            json!({ "name": "x", "integrationId": NO_ID }),
            json!({ "name": "x", "integrationId": free, "nextSwitchboardIntegrationId": NO_ID }),
        ] {
            app.api.post(&path, &body).await.with_status(404);
        }
        for (number, custom) in customs.iter().enumerate().skip(1) {
            app.member(&board, json!({ "name": format!("m-{number}_"), "integrationId": custom.id })).await;
        }
        assert_eq!(app.api.get(&path).await.ok()["switchboardIntegrations"].as_array().unwrap().len(), 10);
        // Eleven custom integrations need one of them to give up its webhook.
        app.delete(&format!("/integrations/{}/webhooks/{}", customs[0].id, customs[0].webhook_id)).await;
        let last = app.custom("last", &sink.inbox("/last")).await;
        let eleventh = app.api.post(&path, &json!({ "name": "eleventh", "integrationId": last.id })).await;
        eleventh.refused(400, "too_many_switchboard_integrations");
    });
}

#[test]
fn what_is_used_is_not_deleted() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let (scene, _) = hand_over(&server, &sink).await;
        let app = &scene.app;
        let member = |seat: &str| {
            app.path(&format!("/switchboards/{}/switchboardIntegrations/{seat}", scene.switchboard))
        };
        // bot is the default, agent is the next of bot.
        app.api.delete(&member(&scene.bot_seat)).await.refused(400, "bad_request");
        app.api.delete(&member(&scene.agent_seat)).await.refused(400, "bad_request");
        app.api
            .delete(&app.path(&format!("/integrations/{}", scene.bot.id)))
            .await
            .refused(400, "bad_request");
        let cleared =
            app.api.patch(&member(&scene.bot_seat), &json!({ "nextSwitchboardIntegrationId": null })).await;
        assert!(cleared.ok()["switchboardIntegration"].get("nextSwitchboardIntegrationId").is_none());
        let talk = app.talk("ann").await;
        act(&app.api, &talk, "passControl", "agent").await.ok();
        app.api.delete(&member(&scene.agent_seat)).await.ok();
        app.api.delete(&member(&scene.agent_seat)).await.refused(404, "switchboard_integration_not_found");
        // Whoever was in control is gone: the next activity assigns anew.
        assert_eq!(seats(app, &talk).await.0, Value::Null);
        talk.says(&app.api, "anybody?").await;
        assert_eq!(seats(app, &talk).await.0, "bot");
        app.delete(&format!("/integrations/{}", scene.agent.id)).await;
    });
}

#[test]
fn targets_are_named_by_id_name_or_next() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let (scene, inboxes) = hand_over(&server, &sink).await;
        let app = &scene.app;
        let talk = app.talk("ann").await;
        act(&app.api, &talk, "passControl", &scene.agent_seat).await.ok();
        assert_eq!(seats(app, &talk).await.0, "agent");
        act(&app.api, &talk, "passControl", "bot").await.ok();
        assert_eq!(seats(app, &talk).await.0, "bot");
        // Two members are custom: the type alone does not say which.
        act(&app.api, &talk, "passControl", "custom").await.with_status(400);
        act(&app.api, &talk, "passControl", "nobody").await.with_status(404);
        act(&app.api, &talk, "offerControl", NO_ID).await.with_status(404);
        act(&app.api, &talk, "passControl", "").await.refused(400, "bad_request");
        // An app's `next` is the next of whoever is active: each call moves one step.
        for expected in ["agent", "bot", "agent"] {
            act(&app.api, &talk, "passControl", "next").await.ok();
            assert_eq!(seats(app, &talk).await.0, expected);
        }
        // An integration's `next` is its own: a repeat changes nothing.
        for _ in 0..2 {
            act(&scene.bot.api, &talk, "passControl", "next").await.ok();
            assert_eq!(seats(app, &talk).await.0, "agent");
        }
        act(&app.api, &talk, "releaseControl", "").await.ok();
        act(&app.api, &talk, "passControl", "next").await.refused(400, "switchboard_invalid_target");
        // create, pass, pass, three failures, pass ×3, release, failure; the empty body never came so far.
        let hooks = inboxes[2].settles_at(11, 300).await;
        let failures = hooks.iter().filter(|hook| hook.kind().ends_with(":failure"));
        assert_eq!(failures.count(), 4);
    });
}

#[test]
fn offers_are_replaced_accepted_and_voided() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let (scene, _) = hand_over(&server, &sink).await;
        let app = &scene.app;
        let third = app.custom("third", &sink.inbox("/third")).await;
        app.member(&scene.switchboard, json!({ "name": "third", "integrationId": third.id })).await;
        let talk = app.talk("ann").await;
        act(&app.api, &talk, "offerControl", "agent").await.ok();
        act(&app.api, &talk, "offerControl", "third").await.ok();
        assert_eq!(seats(app, &talk).await, (json!("bot"), json!("third")));
        act(&scene.agent.api, &talk, "acceptControl", "").await.refused(403, "forbidden");
        act(&third.api, &talk, "acceptControl", "").await.ok();
        assert_eq!(seats(app, &talk).await, (json!("third"), Value::Null));
        act(&app.api, &talk, "offerControl", "agent").await.ok();
        act(&app.api, &talk, "passControl", "bot").await.ok();
        assert_eq!(seats(app, &talk).await, (json!("bot"), Value::Null), "a pass voids the offer");
        act(&app.api, &talk, "offerControl", "agent").await.ok();
        act(&app.api, &talk, "acceptControl", "").await.ok();
        assert_eq!(seats(app, &talk).await.0, "agent", "an app may accept for the pending one");
        // Who is no member has no part in it.
        for action in ["passControl", "offerControl"] {
            for target in ["bot", "next", "nobody"] {
                act(&scene.crm.api, &talk, action, target).await.refused(403, "forbidden");
            }
        }
        act(&scene.crm.api, &talk, "acceptControl", "").await.refused(403, "forbidden");
        act(&scene.crm.api, &talk, "releaseControl", "").await.refused(403, "forbidden");
        assert_eq!(seats(app, &talk).await, (json!("agent"), Value::Null));
        act(&app.api, &talk, "offerControl", "bot").await.ok();
        act(&scene.agent.api, &talk, "releaseControl", "").await.ok();
        assert_eq!(seats(app, &talk).await, (Value::Null, Value::Null), "a release voids the offer");
        act(&app.api, &talk, "releaseControl", "").await.ok();
        act(&app.api, &talk, "offerControl", "agent").await.ok();
        assert_eq!(seats(app, &talk).await, (Value::Null, json!("agent")), "nobody need be active");
    });
}

#[test]
fn reasons_and_metadata_ride_on_the_events() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let (scene, inboxes) = hand_over(&server, &sink).await;
        let talk = scene.app.talk("ann").await;
        let post = |action: &str, body: Value| {
            let (api, path) = (scene.app.api.clone(), format!("{}/{action}", talk.path));
            async move { api.post(&path, &body).await }
        };
        let metadata = json!({ "ticket": 5, "vip": true });
        let pass =
            json!({ "switchboardIntegration": "agent", "metadata": metadata, "reason": "ticketClosed" });
        post("passControl", pass).await.ok();
        post("releaseControl", json!({ "metadata": { "a": "b" }, "reason": "transferToEmail" })).await.ok();
        let hooks = inboxes[2].wait_for(3).await;
        let payload = hooks[1].payload();
        assert_eq!((&payload["metadata"], &payload["reason"]), (&metadata, &json!("ticketClosed")));
        let payload = hooks[2].payload();
        assert_eq!(
            (&payload["metadata"], &payload["reason"]),
            (&json!({ "a": "b" }), &json!("transferToEmail"))
        );
        let large = json!({ "switchboardIntegration": "bot", "metadata": { "a": "x".repeat(4_096) } });
        post("passControl", large).await.refused(400, "bad_request");
        let nested = json!({ "switchboardIntegration": "bot", "metadata": { "a": {} } });
        post("passControl", nested).await.refused(400, "bad_request");
        // No word about either at the conversation itself.
        let conversation = scene.app.api.get(&talk.path).await.ok();
        assert!(conversation["conversation"].get("metadata").is_none(), "{conversation}");
    });
}

#[test]
fn switched_off_everybody_is_told_everything() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let (scene, inboxes) = hand_over(&server, &sink).await;
        let app = &scene.app;
        let board = format!("/switchboards/{}", scene.switchboard);
        app.patch(&board, json!({ "enabled": false })).await;
        let talk = app.talk("ann").await;
        assert_eq!(seats(app, &talk).await.0, Value::Null);
        for action in ["passControl", "offerControl"] {
            act(&app.api, &talk, action, "agent").await.with_status(400);
        }
        talk.says(&app.api, "one").await;
        for inbox in &inboxes {
            inbox.settles_at(2, 200).await;
            assert_eq!(inbox.kinds(), ["conversation:create", "conversation:message"]);
        }
        app.patch(&board, json!({ "enabled": true })).await;
        assert_eq!(seats(app, &talk).await.0, Value::Null, "enabling touches no conversation");
        talk.says(&app.api, "two").await;
        assert_eq!(seats(app, &talk).await.0, "bot", "the default takes older conversations, too");
        inboxes[0].wait_for(3).await;
        inboxes[1].settles_at(2, 300).await;
        app.delete(&board).await;
        talk.says(&app.api, "three").await;
        inboxes[1].wait_for(3).await;
        let conversation = app.api.get(&talk.path).await.ok();
        assert!(conversation["conversation"].get("activeSwitchboardIntegration").is_none());
    });
}

#[test]
fn what_counts_as_activity() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let (scene, _) = hand_over(&server, &sink).await;
        let app = &scene.app;
        let talk = app.talk("ann").await;
        act(&app.api, &talk, "releaseControl", "").await.ok();
        talk.answers(&app.api, "a business message").await;
        let read = json!({ "type": "conversation:read", "author": { "type": "user", "userId": talk.user } });
        app.api.post(&format!("{}/activity", talk.path), &read).await.ok();
        assert_eq!(seats(app, &talk).await.0, Value::Null, "neither assigns");
        talk.says(&app.api, "a customer's message").await;
        assert_eq!(seats(app, &talk).await.0, "bot");
    });
}
