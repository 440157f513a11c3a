//! How events reach a webhook: headers, signature, retries, order, lanes, what ends in the dead
//! letters (sunshine-v2.md §9, decisions 29 and 31).

use std::time::Duration;

use serde_json::{Value, json};
use standardwebhooks::Webhook;
use testkit::scene::{App, business};
use testkit::{Answer, Crosspoint, Gate, Hook, Inbox, Sink, run, text_at};

/// What the server is told to take for the first pause (15 s otherwise); the others scale with it.
const FIRST_PAUSE_MS: u64 = 50;

fn answers(statuses: &[u16]) -> Vec<Answer> {
    statuses.iter().map(|status| Answer::Status(*status)).collect()
}

fn texts(hooks: &[Hook]) -> Vec<String> {
    hooks.iter().map(|hook| text_at(hook.payload(), "/message/content/text")).collect()
}

/// An app with one custom integration that is told only about messages.
async fn listening(server: &Crosspoint, inbox: &Inbox) -> (App, testkit::scene::Custom) {
    let app = App::create(server).await;
    let webhook = json!({ "target": inbox.url(), "triggers": ["conversation:message"] });
    let custom = app.custom_with("listener", webhook).await;
    (app, custom)
}

#[test]
fn the_request_its_secret_and_its_signature() {
    run(30, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/in/here");
        let (app, custom) = listening(&server, &inbox).await;
        let talk = app.talk("customer").await;
        talk.says(&app.api, "grüße 🙂").await;
        let hook = inbox.wait_for(1).await.remove(0);
        assert_eq!(hook.body["app"]["id"], app.id);
        assert_eq!(hook.body["webhook"], json!({ "id": custom.webhook_id, "version": "v2" }));
        assert!(hook.header("content-type").starts_with("application/json"));
        assert_eq!(hook.header("x-api-key"), custom.webhook_secret);
        assert_eq!(hook.header("content-length"), hook.raw.len().to_string());
        let secret = &custom.webhook_secret;
        assert!(secret.len() == 32 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()), "{secret}");
        // The published library verifies with the secret as it stands.
        let verifier = Webhook::new(secret).unwrap();
        verifier.verify(&hook.raw, &hook.headers).unwrap();
        let mut changed = hook.raw.to_vec();
        changed[10] ^= 1;
        assert!(verifier.verify(&changed, &hook.headers).is_err());
        assert!(Webhook::new(&"0".repeat(32)).unwrap().verify(&hook.raw, &hook.headers).is_err());
    });
}

#[test]
fn a_failing_webhook_is_tried_again_with_growing_pauses() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/flaky");
        let elsewhere = sink.inbox("/elsewhere");
        let redirect = Answer::With(302, vec![("location", elsewhere.url().to_owned())]);
        // A kept connection that ends unanswered is tried anew at once; the first one is not kept.
        inbox.script([Answer::Close, Answer::Status(500), redirect, Answer::Status(410)]);
        let (app, custom) = listening(&server, &inbox).await;
        let talk = app.talk("customer").await;
        talk.says(&app.api, "once").await;
        let hooks = inbox.settles_at(5, 500).await;
        assert!(elsewhere.hooks().is_empty(), "redirects are not followed");
        for pair in hooks.windows(2) {
            assert_eq!(pair[0].event(), pair[1].event(), "the same event in every attempt");
            assert_eq!(pair[0].header("webhook-id"), pair[1].header("webhook-id"));
        }
        for hook in &hooks {
            Webhook::new(&custom.webhook_secret).unwrap().verify(&hook.raw, &hook.headers).unwrap();
        }
        // 1 : 4 : 16 : 40 of the first pause; jitter and a busy machine only add to it.
        let pauses: Vec<Duration> = hooks.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
        for (pause, factor) in pauses.iter().zip([1, 4, 16, 40]) {
            assert!(*pause >= Duration::from_millis(FIRST_PAUSE_MS * factor).mul_f64(0.9), "{pauses:?}");
        }
    });
}

#[test]
fn after_five_attempts_a_delivery_is_dead_and_can_be_replayed() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/down");
        inbox.script(answers(&[500; 5]));
        let (app, _) = listening(&server, &inbox).await;
        let talk = app.talk("customer").await;
        talk.says(&app.api, "lost?").await;
        talk.says(&app.api, "later").await;
        let hooks = inbox.settles_at(6, 500).await;
        assert_eq!(texts(&hooks), ["lost?", "lost?", "lost?", "lost?", "lost?", "later"]);
        assert_eq!(server.metrics().value("crosspoint_deliveries_dead"), Some(1.0));

        let listed = app.api.get(&app.path("/deliveries")).await.ok();
        let delivery = &listed["deliveries"][0];
        assert!(delivery.to_string().contains("500"), "it keeps its last error: {listed}");
        let path = app.path(&format!("/deliveries/{}/replay", text_at(delivery, "/id")));
        app.api.post_nothing(&path).await.ok();
        let hooks = inbox.settles_at(7, 300).await;
        assert_eq!(hooks[6].event_id(), hooks[0].event_id());
        // The strict end asserts that nothing is dead any more.
    });
}

#[test]
fn permanent_refusals_are_not_tried_again() {
    run(60, async {
        let statuses = [400, 401, 403, 404, 406];
        let server = Crosspoint::start().expect_dead(statuses.len() as u64).await;
        let sink = Sink::start().await;
        let inbox = sink.inbox("/no");
        inbox.script(answers(&statuses));
        let (app, _) = listening(&server, &inbox).await;
        let talk = app.talk("customer").await;
        for number in 0..6 {
            talk.says(&app.api, &format!("m{number}")).await;
        }
        let hooks = inbox.settles_at(6, 700).await;
        assert_eq!(texts(&hooks), ["m0", "m1", "m2", "m3", "m4", "m5"]);
    });
}

#[test]
fn order_holds_inside_a_conversation_and_nobody_else_waits() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let (flaky, steady) = (sink.inbox("/flaky"), sink.inbox("/steady"));
        let (app, _) = listening(&server, &flaky).await;
        app.custom_with("steady", json!({ "target": steady.url(), "triggers": ["conversation:message"] }))
            .await;
        let (first, second) = (app.talk("first").await, app.talk("second").await);
        // It fails three times, the first time not before everything else has come that can come.
        let gate = Gate::shut();
        flaky.script([Answer::behind(&gate, 500)]);
        first.says(&app.api, "a0").await;
        flaky.wait_for(1).await;
        for number in 1..6 {
            first.says(&app.api, &format!("a{number}")).await;
        }
        second.says(&app.api, "b0").await;
        second.says(&app.api, "b1").await;
        // The other webhook has everything while the failing one still thinks.
        let told = steady.wait_for(8).await;
        assert_eq!(of_conversation(&told, &first.conversation), ["a0", "a1", "a2", "a3", "a4", "a5"]);
        assert_eq!(texts(&flaky.wait_for(3).await), ["a0", "b0", "b1"], "another conversation does not wait");
        flaky.script(answers(&[500, 503]));
        gate.open();
        let hooks = flaky.settles_at(8 + 3, 300).await;
        let told = of_conversation(&hooks, &first.conversation);
        assert_eq!(without_repeats(&told), ["a0", "a1", "a2", "a3", "a4", "a5"]);
        assert_eq!(without_repeats(&of_conversation(&hooks, &second.conversation)), ["b0", "b1"]);
    });
}

fn of_conversation(hooks: &[Hook], conversation: &str) -> Vec<String> {
    let own = hooks.iter().filter(|hook| hook.payload()["conversation"]["id"] == conversation);
    own.map(|hook| text_at(hook.payload(), "/message/content/text")).collect()
}

fn without_repeats(texts: &[String]) -> Vec<String> {
    let mut texts = texts.to_vec();
    texts.dedup();
    texts
}

#[test]
fn a_slow_webhook_takes_many_conversations_at_once_but_one_event_of_each() {
    run(60, async {
        const TALKS: usize = 8;
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/slow");
        let gate = Gate::shut();
        inbox.otherwise(Answer::behind(&gate, 200));
        let (app, _) = listening(&server, &inbox).await;
        let mut talks = Vec::new();
        for number in 0..TALKS {
            talks.push(app.talk(&format!("customer-{number}")).await);
        }
        for round in 0..3 {
            for talk in &talks {
                talk.says(&app.api, &format!("{round}")).await;
            }
        }
        // None is answered yet: of each conversation the first one, and no other.
        let hooks = inbox.settles_at(TALKS, 400).await;
        assert_eq!(hooks[TALKS - 1].open, TALKS, "they wait for each other");
        for talk in &talks {
            assert_eq!(of_conversation(&hooks, &talk.conversation), ["0"]);
        }
        gate.open();
        let hooks = inbox.settles_at(3 * TALKS, 400).await;
        for talk in &talks {
            assert_eq!(of_conversation(&hooks, &talk.conversation), ["0", "1", "2"]);
        }
    });
}

#[test]
fn retry_after_moves_the_next_attempt_later() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let (seconds, never_earlier) = (sink.inbox("/seconds"), sink.inbox("/earlier"));
        seconds.script([Answer::With(429, vec![("retry-after", "2".into())])]);
        never_earlier.script([
            Answer::Status(500),
            Answer::Status(500),
            Answer::With(503, vec![("retry-after", "0".into())]),
        ]);
        let (app, _) = listening(&server, &seconds).await;
        app.custom_with("e", json!({ "target": never_earlier.url(), "triggers": ["conversation:message"] }))
            .await;
        let talk = app.talk("customer").await;
        talk.says(&app.api, "hello").await;
        let hooks = seconds.settles_at(2, 100).await;
        let pause = hooks[1].at - hooks[0].at;
        assert!(pause >= Duration::from_millis(1_950), "{pause:?}");
        let hooks = never_earlier.settles_at(4, 100).await;
        let pause = hooks[3].at - hooks[2].at;
        assert!(pause >= Duration::from_millis(FIRST_PAUSE_MS * 16 * 3 / 4), "{pause:?}");
    });
}

#[test]
fn no_answer_within_20_seconds_is_a_failure_and_delays_nobody_else() {
    run(90, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/hanging");
        inbox.script([Answer::Hang]);
        let (app, _) = listening(&server, &inbox).await;
        let (stuck, free) = (app.talk("stuck").await, app.talk("free").await);
        stuck.says(&app.api, "stuck").await;
        inbox.wait_for(1).await;
        for number in 0..10 {
            free.says(&app.api, &format!("free {number}")).await;
        }
        let hooks = inbox.wait_within(Duration::from_secs(40), 12).await;
        let pause = hooks[11].at - hooks[0].at;
        assert_eq!(texts(&hooks)[11], "stuck", "the others came meanwhile");
        // The sink may have noticed the first one late, but not by seconds.
        assert!(pause >= Duration::from_secs(17), "{pause:?}");
    });
}

#[test]
fn what_waits_survives_a_stop_and_a_start() {
    run(60, async {
        // Nothing is given up while it is down, however long a stop and a start take.
        let server = Crosspoint::start().env("CROSSPOINT_WEBHOOK_RETRY_BASE_MS", "500");
        let (mut server, sink) = (server.await, Sink::start().await);
        let inbox = sink.inbox("/asleep");
        inbox.otherwise(Answer::Status(503));
        let (app, _) = listening(&server, &inbox).await;
        let talk = app.talk("customer").await;
        for number in 0..5 {
            talk.says(&app.api, &format!("m{number}")).await;
        }
        inbox.wait_for(2).await;
        let (code, time) = server.sigterm();
        assert_eq!(code, Some(0));
        assert!(time < Duration::from_secs(10), "{time:?}");
        inbox.clear();
        inbox.otherwise(Answer::Status(200));
        server.restart().await;
        let hooks = inbox.settles_at(5, 300).await;
        assert_eq!(texts(&hooks), ["m0", "m1", "m2", "m3", "m4"]);
    });
}

#[test]
fn a_deleted_webhook_gets_nothing_more() {
    run(60, async {
        let server = Crosspoint::start().env("CROSSPOINT_WEBHOOK_RETRY_BASE_MS", "500");
        let (server, sink) = (server.await, Sink::start().await);
        let (inbox, other) = (sink.inbox("/gone"), sink.inbox("/other"));
        let gate = Gate::shut();
        inbox.otherwise(Answer::behind(&gate, 500));
        let (app, custom) = listening(&server, &inbox).await;
        app.custom_with("other", json!({ "target": other.url(), "triggers": ["conversation:message"] }))
            .await;
        let talk = app.talk("customer").await;
        talk.says(&app.api, "one").await;
        talk.says(&app.api, "two").await;
        inbox.wait_for(1).await;
        // It goes while its first answer is awaited: that failure is not followed by another attempt.
        app.delete(&format!("/integrations/{}/webhooks/{}", custom.id, custom.webhook_id)).await;
        gate.open();
        talk.says(&app.api, "three").await;
        other.wait_for(3).await;
        inbox.settles_at(1, 1_500).await;
    });
}

#[test]
fn the_flags_widen_users_and_the_update_counts_at_delivery() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let (narrow, wide) = (sink.inbox("/narrow"), sink.inbox("/wide"));
        let app = App::create(&server).await;
        let hook = |inbox: &Inbox| json!({ "target": inbox.url(), "triggers": ["conversation:message"] });
        app.custom_with("narrow", hook(&narrow)).await;
        let custom = app.custom_with("wide", hook(&wide)).await;
        let path = format!("/integrations/{}/webhooks/{}", custom.id, custom.webhook_id);
        let changed = app.patch(&path, json!({ "includeFullUser": true, "includeFullSource": true })).await;
        assert_eq!(changed["webhook"]["secret"], custom.webhook_secret, "an update keeps the secret");
        let body = json!({ "externalId": "full", "profile": { "givenName": "Ada" }, "metadata": { "a": 1 } });
        let user = text_at(&app.post("/users", body).await, "/user/id");
        let conversation = app.conversation(&user).await;
        let path = app.path(&format!("/conversations/{conversation}"));
        testkit::scene::Talk { user: user.clone(), conversation, path }.says(&app.api, "hi").await;
        let author = |hooks: Vec<Hook>| hooks[0].payload()["message"]["author"]["user"].clone();
        let truncated = author(narrow.wait_for(1).await);
        assert_eq!(truncated, json!({ "id": user, "externalId": "full", "authenticated": false }));
        let full = author(wide.wait_for(1).await);
        assert_eq!(full["profile"]["givenName"], "Ada");
        assert_eq!(full["metadata"], json!({ "a": 1 }));
        assert!(full["signedUpAt"].is_string() && full["identities"].is_array(), "{full}");
    });
}

#[test]
fn only_the_subscribed_triggers_come() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/some");
        let app = App::create(&server).await;
        let triggers = ["conversation:read", "user:remove"];
        app.custom_with("some", json!({ "target": inbox.url(), "triggers": triggers })).await;
        let talk = app.talk("customer").await;
        talk.says(&app.api, "hello").await;
        let read = json!({ "type": "conversation:read", "author": { "type": "user", "userId": talk.user } });
        app.api.post(&format!("{}/activity", talk.path), &read).await.ok();
        app.delete(&format!("/users/{}", talk.user)).await;
        let hooks = inbox.settles_at(2, 300).await;
        let mut kinds: Vec<&str> = hooks.iter().map(Hook::kind).collect();
        // The conversation and the user are told of by themselves, each as fast as it goes.
        kinds.sort_unstable();
        assert_eq!(kinds, ["conversation:read", "user:remove"]);
    });
}

#[test]
fn registration_is_judged() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let app = App::create(&server).await;
        let custom = app.custom("c", &sink.inbox("/c")).await;
        let path = app.path(&format!("/integrations/{}/webhooks", custom.id));
        let target = sink.inbox("/c").url().to_owned();
        let refuse = |body: Value| {
            let (api, path) = (app.api.clone(), path.clone());
            async move { api.post(&path, &body).await.refused(400, "bad_request") }
        };
        refuse(json!({ "target": target, "triggers": [] })).await;
        refuse(json!({ "target": target })).await;
        refuse(json!({ "triggers": ["user:remove"] })).await;
        refuse(json!({ "target": target, "triggers": ["*"] })).await;
        refuse(json!({ "target": target, "triggers": ["message:appUser"] })).await;
        refuse(json!({ "target": target, "triggers": ["User:Remove"] })).await;
        for bad in ["", "x", "/relative", "ftp://a.example", "http://", "javascript:alert(1)"] {
            refuse(json!({ "target": bad, "triggers": ["user:remove"] })).await;
        }
        let twice = json!({ "target": target, "triggers": ["user:remove", "user:remove", "user:merge"] });
        let made = app.api.post(&path, &twice).await.ok();
        assert_eq!(made["webhook"]["triggers"].as_array().unwrap().len(), 2);
        // Ten an app, not ten an integration: the first came with the custom integration.
        let other = app.custom("d", &sink.inbox("/d")).await;
        let other_path = app.path(&format!("/integrations/{}/webhooks", other.id));
        for _ in 0..7 {
            app.api.post(&other_path, &json!({ "target": target, "triggers": ["user:remove"] })).await.ok();
        }
        refuse(json!({ "target": target, "triggers": ["user:remove"] })).await;
        let webhook = json!({ "target": target, "triggers": ["user:remove"] });
        let eleventh = json!({ "type": "custom", "webhooks": [webhook] });
        app.api.post(&app.path("/integrations"), &eleventh).await.refused(400, "bad_request");
        // A channel has no webhooks.
        let web = text_at(&app.post("/integrations", json!({ "type": "web" })).await, "/integration/id");
        let web_path = app.path(&format!("/integrations/{web}/webhooks"));
        app.api.post(&web_path, &webhook).await.refused(403, "forbidden");
        app.api.get(&web_path).await.refused(403, "forbidden");
    });
}

#[test]
fn internal_addresses_are_refused_in_any_spelling() {
    run(60, async {
        let server = Crosspoint::start().env("CROSSPOINT_WEBHOOK_ALLOW_PRIVATE", "false").await;
        let app = App::create(&server).await;
        let spellings = [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[fe80::1]",
            "[fd00::1]",
            "localhost",
            "LOCALHOST",
            "a.localhost",
            "localhost.",
        ];
        let mut let_in = Vec::new();
        for host in spellings {
            let webhook = json!({ "target": format!("http://{host}:8080/x"), "triggers": ["user:remove"] });
            let body = json!({ "type": "custom", "webhooks": [webhook] });
            let reply = app.api.post(&app.path("/integrations"), &body).await;
            if reply.status != 400 {
                let_in.push(host);
            }
        }
        assert!(let_in.is_empty(), "accepted: {let_in:?}");
        let outside = json!({ "target": "https://hooks.example.com/x", "triggers": ["user:remove"] });
        app.post("/integrations", json!({ "type": "custom", "webhooks": [outside] })).await;
    });
}

#[test]
fn own_messages_are_echoed_to_the_integration_that_posted_them() {
    run(30, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/echo");
        let (app, custom) = listening(&server, &inbox).await;
        let talk = app.talk("customer").await;
        let id = talk.post(&custom.api, &business("mine")).await;
        assert_eq!(inbox.wait_for(1).await[0].payload()["message"]["id"], id);
    });
}
