//! What the vendor's API has no word for: reading events, closing and opening, deliveries
//! (decisions 47, 49 and 50).

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::scene::{App, HandOver, NO_ID, business};
use testkit::{Answer, Crosspoint, Sink, run, text_at};

#[test]
fn events_are_read_as_a_webhook_gets_them() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/all");
        let app = App::create(&server).await;
        app.custom("all", &inbox).await;
        let talk = app.talk("ann").await;
        for number in 0..5 {
            talk.says(&app.api, &format!("m{number}")).await;
        }
        let hooks = inbox.settles_at(6, 200).await;
        let told: Vec<&Value> = hooks.iter().map(|hook| hook.event()).collect();
        let mut read: Vec<Value> = Vec::new();
        let mut after = String::new();
        loop {
            let page = app.get(&format!("/events?limit=4{after}")).await;
            let events = page["events"].as_array().unwrap();
            assert!(events.len() <= 4);
            read.extend(events.iter().cloned());
            after = format!("&after={}", text_at(&page, "/meta/afterCursor"));
            if page["meta"]["hasMore"] != true {
                break;
            }
        }
        assert_eq!(read.iter().collect::<Vec<_>>(), told);

        // Whoever waits is told when something happens, and nothing when the time is over.
        let begun = Instant::now();
        let waiting = {
            let (api, path) = (app.api.clone(), app.path(&format!("/events?wait=30{after}")));
            tokio::spawn(async move { api.get(&path).await.ok() })
        };
        tokio::time::sleep(Duration::from_millis(300)).await;
        let id = talk.says(&app.api, "late").await;
        let page = waiting.await.unwrap();
        assert!(begun.elapsed() < Duration::from_secs(29), "it was told before its time was over");
        assert_eq!(page["events"][0]["payload"]["message"]["id"], id);
        let after = text_at(&page, "/meta/afterCursor");
        let begun = Instant::now();
        let page = app.get(&format!("/events?after={after}&wait=1")).await;
        assert_eq!((&page["events"], begun.elapsed() >= Duration::from_millis(900)), (&json!([]), true));
        for bad in ["after=x", "limit=0", "limit=x", "wait=-1", "wait=x"] {
            app.api.get(&app.path(&format!("/events?{bad}"))).await.refused(400, "bad_request");
        }
        let custom = app.custom("reader", &inbox).await;
        custom.api.get(&app.path("/events")).await.refused(403, "forbidden");
    });
}

/// Waits until a key has as many waiting calls as it may.
async fn all_wait(app: &App) {
    let newest = text_at(&app.get("/events?limit=100").await, "/meta/afterCursor");
    loop {
        let path = app.path(&format!("/events?wait=1&after={newest}"));
        let call = app.api.call("GET", &path).send().await;
        if call.status == 429 {
            assert!(call.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
            call.refused(429, "too_many_requests");
            return;
        }
    }
}

#[test]
fn a_key_has_so_many_waiting_calls_and_the_end_of_the_server_answers_them() {
    run(60, async {
        let mut server = Crosspoint::start().env("CROSSPOINT_WAITING_CALLS_PER_KEY", "1").await;
        let app = App::create(&server).await;
        app.talk("ann").await;
        let newest = text_at(&app.get("/events?limit=100").await, "/meta/afterCursor");
        let waiting = {
            let (api, path) = (app.api.clone(), app.path(&format!("/events?wait=30&after={newest}")));
            tokio::spawn(async move {
                loop {
                    let reply = api.call("GET", &path).send().await;
                    if reply.status != 429 {
                        return reply.ok();
                    }
                }
            })
        };
        all_wait(&app).await;
        app.api.get(&app.path("/events")).await.ok();
        assert_eq!(server.sigterm().0, Some(0));
        let page = waiting.await.unwrap();
        assert_eq!((&page["events"], &page["meta"]["hasMore"]), (&json!([]), &json!(false)));
        assert_eq!(text_at(&page, "/meta/afterCursor"), newest);
    });
}

#[test]
fn closing_releases_and_a_customer_opens_again() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inboxes = ["/bot", "/agent", "/crm"].map(|path| sink.inbox(path));
        let scene = HandOver::create(&server, [&inboxes[0], &inboxes[1], &inboxes[2]], false).await;
        let app = &scene.app;
        let talk = app.talk("ann").await;
        let status = |body: &Value| text_at(body, "/conversation/status");
        let post = |action: &str| {
            let (api, path) = (app.api.clone(), format!("{}/{action}", talk.path));
            async move { api.post_nothing(&path).await }
        };
        talk.says(&app.api, "hello").await;
        app.api
            .post(&format!("{}/passControl", talk.path), &json!({ "switchboardIntegration": "agent" }))
            .await
            .ok();
        let closed = post("close").await.ok();
        assert_eq!(status(&closed), "closed");
        assert!(
            closed["conversation"].get("activeSwitchboardIntegration").is_none(),
            "closing releases control"
        );
        assert!(closed["conversation"]["closedAt"].is_string());
        assert_eq!(status(&post("close").await.ok()), "closed", "a repeat changes nothing");
        talk.answers(&app.api, "a business may write in each state").await;
        assert_eq!(status(&post("reopen").await.ok()), "open");
        post("close").await.ok();
        talk.says(&app.api, "me again").await;
        let now = app.api.get(&talk.path).await.ok();
        assert_eq!(now["conversation"]["activeSwitchboardIntegration"]["name"], "bot", "a fresh assignment");
        assert_eq!(status(&post("reopen").await.ok()), "open", "the customer opened it");
        let nowhere = app.path(&format!("/conversations/{NO_ID}/close"));
        app.api.post_nothing(&nowhere).await.refused(404, "conversation_not_found");
        scene.bot.api.post_nothing(&format!("{}/close", talk.path)).await.refused(403, "forbidden");
    });
}

#[test]
fn deliveries_that_wait_and_are_dead_are_listed() {
    run(60, async {
        let server = Crosspoint::start().env("CROSSPOINT_WEBHOOK_RETRY_BASE_MS", "500");
        let (server, sink) = (server.expect_dead(1).await, Sink::start().await);
        let inbox = sink.inbox("/down");
        let (app, other) = (App::create(&server).await, App::create(&server).await);
        app.custom_with("c", json!({ "target": inbox.url(), "triggers": ["conversation:message"] })).await;
        inbox.script([Answer::Status(404), Answer::With(503, vec![("retry-after", "3".into())])]);
        inbox.otherwise(Answer::Status(503));
        let (one, two) = (app.talk("one").await, app.talk("two").await);
        one.post(&app.api, &business("refused for good")).await;
        inbox.wait_for(1).await;
        two.post(&app.api, &business("told to wait")).await;
        inbox.wait_for(2).await;
        let both = || async {
            let listed = app.get("/deliveries").await["deliveries"].clone();
            (listed.as_array()?.len() == 2).then_some(listed)
        };
        let listed = testkit::eventually(20, "both are listed", both).await;
        let of = |conversation: &str| {
            let all = listed.as_array().unwrap();
            all.iter().find(|it| it["conversationId"] == conversation).cloned().unwrap()
        };
        let (dead, waiting) = (of(&one.conversation), of(&two.conversation));
        assert_eq!(
            (&dead["status"], &dead["lastStatus"], &dead["attempts"]),
            (&json!("dead"), &json!(404), &json!(1))
        );
        assert_eq!((&waiting["status"], &waiting["lastStatus"]), (&json!("waiting"), &json!(503)));
        assert_eq!(dead["event"]["type"], "conversation:message");
        assert_eq!(other.get("/deliveries").await["deliveries"], json!([]), "another app's are not shown");
        let foreign = other.path(&format!("/deliveries/{}/replay", text_at(&dead, "/id")));
        other.api.post_nothing(&foreign).await.with_status(404);
        inbox.otherwise(Answer::Status(200));
        inbox.wait_for(3).await;
        // The command beside the server shows the same and replays, too.
        let listed = server.command(&["deliveries", "list", "--app", &app.id]);
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        assert!(listed.status.success() && text.contains(&text_at(&dead, "/id")), "{text}");
        assert_ne!(waiting["id"], waiting["event"]["id"]);
    });
}

#[test]
fn the_command_replays_what_is_dead() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/down");
        let app = App::create(&server).await;
        app.custom_with("c", json!({ "target": inbox.url(), "triggers": ["conversation:message"] })).await;
        inbox.script([Answer::Status(404)]);
        let talk = app.talk("one").await;
        talk.answers(&app.api, "once more").await;
        let dead = || async {
            let listed = app.get("/deliveries").await;
            listed["deliveries"][0]["id"].as_str().map(String::from)
        };
        let id = testkit::eventually(20, "it is dead", dead).await;
        let replayed = server.command(&["deliveries", "replay", "--app", &app.id, &id]);
        assert_eq!(replayed.status.code(), Some(0), "{}", String::from_utf8_lossy(&replayed.stderr));
        let hooks = inbox.settles_at(2, 300).await;
        assert_eq!(hooks[0].event_id(), hooks[1].event_id());
        let unknown = server.command(&["deliveries", "replay", "--app", &app.id, NO_ID]);
        assert_eq!(unknown.status.code(), Some(1));
    });
}
