//! Kill -9 at any moment: what was acknowledged is there, once, and is told at least once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use client::sunshine::Sunshine;
use client::sunshine::types::{AttachmentQuery, UserCreateBody};
use rand::Rng;
use serde_json::{Value, json};
use testkit::scene::{App, Talk, business};
use testkit::{Api, Crosspoint, Inbox, Sink, progress, run, seed, text_at};

use super::{sunshine, upload};

const ROUNDS: u64 = 20;
/// Rounds on a machine that writes so little in one that the usual number shows nothing.
const ROUNDS_MAX: u64 = 100;
/// Acknowledged messages, at least, of which none may be lost.
const MESSAGES_MIN: usize = 100;
const WRITERS: usize = 8;
const CONVERSATIONS: usize = 4;

/// What the writers know. A write without an answer may or may not have happened.
#[derive(Default)]
struct Ledger {
    /// Text of an acknowledged message → its id and conversation.
    messages: BTreeMap<String, (String, String)>,
    /// Texts that were sent and never answered.
    unanswered: BTreeSet<String>,
    /// External ids of acknowledged users.
    users: BTreeSet<String>,
    /// Addresses of acknowledged attachments → what they hold.
    attachments: BTreeMap<String, String>,
    /// Marks of acknowledged passes of control.
    passes: BTreeSet<String>,
    /// Acknowledged conversations.
    conversations: BTreeSet<String>,
}

type Shared = Arc<Mutex<Ledger>>;

#[test]
fn nothing_acknowledged_is_lost_by_kill_9() {
    run(420, async {
        let seed = seed::draw();
        progress!("crash: CROSSPOINT_TEST_SEED={seed} repeats this row");
        let mut rng = seed::rng(seed);
        let sink = Sink::start().await;
        let inbox = sink.inbox("/all");
        // Every seventh delivery fails, so that crashes meet parked lanes, too; no event fails so often that
        // it is given up.
        inbox.refuse_every(7);
        let mut server = Crosspoint::start().await;
        let mut app = App::create(&server).await;
        let members = [app.custom("one", &inbox).await, app.custom("two", &sink.inbox("/two")).await];
        enable_switchboard(&app, [&members[0].id, &members[1].id]).await;
        let ledger = Shared::default();
        let written = || ledger.lock().unwrap().messages.len();
        for round in (1..=ROUNDS_MAX).take_while(|round| *round <= ROUNDS || written() < MESSAGES_MIN) {
            let moment = Duration::from_millis(rng.random_range(5..350));
            let talks = talks(&app, round).await;
            let begun = talks.iter().map(|talk| talk.conversation.clone());
            ledger.lock().unwrap().conversations.extend(begun);
            let stop = Arc::new(AtomicBool::new(false));
            let tasks: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    let (app, ledger, stop) = (app.clone(), ledger.clone(), stop.clone());
                    let name = format!("s{seed}-r{round}-w{writer}");
                    tokio::spawn(write(writer, name, app, talks.clone(), ledger, stop))
                })
                .collect();
            tokio::time::sleep(moment).await;
            server.kill9();
            stop.store(true, Ordering::Relaxed);
            for task in tasks {
                task.await.unwrap_or_else(|error| panic!("seed {seed}, round {round}: {error}"));
            }
            server.restart().await;
            // Connections of the dead server are no longer good.
            app.api = server.api().as_key(&app.key);
            app.account = server.as_account();
            verify_stored(&app, &ledger, &talks, seed, round).await;
            let count = written();
            progress!(
                "crash: round {round} of {ROUNDS}, killed after {moment:?}, {count} messages acknowledged"
            );
        }
        verify_told(&server, &inbox, &ledger, seed).await;
        let count = written();
        assert!(count >= MESSAGES_MIN, "seed {seed}: only {count} messages were written, that shows nothing");
    });
}

async fn enable_switchboard(app: &App, integrations: [&String; 2]) {
    let board = app.switchboard().await;
    let names = ["one", "two"];
    for (name, integration) in names.iter().zip(integrations) {
        app.member(&board, json!({ "name": name, "integrationId": integration })).await;
    }
    app.patch(&format!("/switchboards/{board}"), json!({ "enabled": true })).await;
}

async fn talks(app: &App, round: u64) -> Vec<Talk> {
    let mut talks = Vec::new();
    for number in 0..CONVERSATIONS {
        talks.push(app.talk(&format!("customer-{round}-{number}")).await);
    }
    talks
}

/// One writer: writes one thing after another until the server is gone.
async fn write(
    writer: usize,
    name: String,
    app: App,
    talks: Vec<Talk>,
    ledger: Shared,
    stop: Arc<AtomicBool>,
) {
    let (api, sunshine) = (&app.api, sunshine(&app));
    for number in 0.. {
        let text = format!("{name}-{number}");
        let talk = &talks[(writer + number) % talks.len()];
        let answered = match writer {
            6 => user_or_attachment(&sunshine, &app.id, number, &text, &ledger).await,
            7 => pass_control(api, talk, number, &text, &ledger).await,
            _ => message(api, talk, &text, &ledger).await,
        };
        if !answered || stop.load(Ordering::Relaxed) {
            return;
        }
    }
}

async fn message(api: &Api, talk: &Talk, text: &str, ledger: &Shared) -> bool {
    let call = api.call("POST", &format!("{}/messages", talk.path)).json(&business(text));
    let Ok(reply) = call.try_send().await else {
        ledger.lock().unwrap().unanswered.insert(text.to_owned());
        return false;
    };
    let id = text_at(&reply.with_status(201), "/messages/0/id");
    ledger.lock().unwrap().messages.insert(text.to_owned(), (id, talk.conversation.clone()));
    true
}

/// The client repeats neither: they are POSTs without a key.
async fn user_or_attachment(
    sunshine: &Sunshine,
    app: &str,
    number: usize,
    text: &str,
    ledger: &Shared,
) -> bool {
    if number.is_multiple_of(2) {
        let user = UserCreateBody { external_id: Some(text.to_owned()), ..UserCreateBody::default() };
        let made = sunshine.create_user(app, &user).await;
        return answered(made).map(|_| ledger.lock().unwrap().users.insert(text.to_owned())).is_some();
    }
    let stored = upload(sunshine, app, &AttachmentQuery::default(), text).await;
    let noted = |url| ledger.lock().unwrap().attachments.insert(url, text.to_owned());
    answered(stored).map(noted).is_some()
}

/// What was answered, if the server lived long enough; it refuses nothing.
fn answered<T>(answer: Result<T, client::Error>) -> Option<T> {
    match answer {
        Ok(answer) => Some(answer),
        Err(error) if error.status().is_none() => None,
        Err(error) => panic!("{error}"),
    }
}

async fn pass_control(api: &Api, talk: &Talk, number: usize, text: &str, ledger: &Shared) -> bool {
    // The same target twice in a row would be a repeat, which is told to nobody.
    let target = if (number / CONVERSATIONS).is_multiple_of(2) { "one" } else { "two" };
    let body = json!({ "switchboardIntegration": target, "metadata": { "name": text } });
    let call = api.call("POST", &format!("{}/passControl", talk.path)).json(&body);
    let Ok(reply) = call.try_send().await else { return false };
    reply.with_status(200);
    ledger.lock().unwrap().passes.insert(text.to_owned());
    true
}

/// Every acknowledged message is there exactly once, in the order of ids; nothing else is there but
/// what was sent and not answered.
async fn verify_stored(app: &App, ledger: &Shared, talks: &[Talk], seed: u64, round: u64) {
    let place = format!("seed {seed}, round {round}");
    for talk in talks {
        let stored = all_messages(app, talk).await;
        let ids: Vec<&str> = stored.iter().map(|message| message["id"].as_str().unwrap()).collect();
        assert!(ids.is_sorted(), "{place}: ids rise");
        let times: Vec<&str> = stored.iter().map(|message| message["received"].as_str().unwrap()).collect();
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{place}: received rises strictly");
        let mut texts = BTreeMap::new();
        for message in &stored {
            let text = message["content"]["text"].as_str().unwrap().to_owned();
            let twice = texts.insert(text.clone(), message["id"].as_str().unwrap().to_owned());
            assert_eq!(twice, None, "{place}: {text} is there twice");
        }
        let ledger = ledger.lock().unwrap();
        for (text, (id, _)) in ledger.messages.iter().filter(|(_, (_, place))| *place == talk.conversation) {
            assert_eq!(texts.remove(text).as_ref(), Some(id), "{place}: {text} was acknowledged");
        }
        for text in texts.keys() {
            assert!(ledger.unanswered.contains(text), "{place}: nobody sent {text}");
        }
    }
    let (users, attachments) = {
        let ledger = ledger.lock().unwrap();
        (ledger.users.clone(), ledger.attachments.clone())
    };
    let prefix = format!("s{seed}-r{round}-");
    for external_id in users.iter().filter(|it| it.starts_with(&prefix)) {
        app.get(&format!("/users/{external_id}")).await;
    }
    for (url, content) in attachments.iter().filter(|(_, content)| content.starts_with(&prefix)) {
        let reply = app.api.get(url).await;
        assert_eq!((reply.status, reply.text.as_str()), (200, content.as_str()), "{place}: {url}");
    }
}

async fn all_messages(app: &App, talk: &Talk) -> Vec<Value> {
    let mut messages: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.api.get(&format!("{}/messages{cursor}", talk.path)).await.ok();
        let mut older = page["messages"].as_array().unwrap().clone();
        older.append(&mut messages);
        messages = older;
        if page["meta"]["hasMore"] != true {
            return messages;
        }
        cursor = format!("?page[before]={}", text_at(&page, "/meta/beforeCursor"));
    }
}

/// Every stored message, pass and conversation was told to the webhook at least once, a message under one
/// event id, and the first tellings of one conversation stand in its order.
async fn verify_told(server: &Crosspoint, inbox: &Inbox, ledger: &Shared, seed: u64) {
    testkit::eventually(60, "the outbox is empty", || async {
        (server.metrics().value("crosspoint_outbox_pending") == Some(0.0)).then_some(())
    })
    .await;
    let mut first_told: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut order: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut passes, mut conversations) = (BTreeSet::new(), BTreeSet::new());
    for (place, hook) in inbox.hooks().iter().enumerate() {
        if hook.kind() == "switchboard:passControl" {
            passes.insert(text_at(hook.payload(), "/metadata/name"));
        }
        if hook.kind() == "conversation:create" {
            conversations.insert(text_at(hook.payload(), "/conversation/id"));
        }
        if hook.kind() != "conversation:message" {
            continue;
        }
        let message = text_at(hook.payload(), "/message/id");
        let told = first_told.entry(message.clone()).or_insert_with(|| {
            let conversation = text_at(hook.payload(), "/conversation/id");
            order.entry(conversation).or_default().push(message);
            (place, hook.event_id().to_owned())
        });
        assert_eq!(told.1, hook.event_id(), "seed {seed}: one event, one id, in every attempt");
    }
    for (text, (id, _)) in &ledger.lock().unwrap().messages {
        assert!(first_told.contains_key(id), "seed {seed}: {text} ({id}) was never told");
    }
    for text in &ledger.lock().unwrap().passes {
        assert!(passes.contains(text), "seed {seed}: the pass {text} was never told");
    }
    for conversation in &ledger.lock().unwrap().conversations {
        assert!(
            conversations.contains(conversation),
            "seed {seed}: that {conversation} began was never told"
        );
    }
    for (conversation, ids) in order {
        assert!(ids.is_sorted(), "seed {seed}: {conversation} was told out of order");
    }
}
