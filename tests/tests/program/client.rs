//! The Rust client against the real server, and the example that is a whole bot.

use client::crosspoint::Start;
use client::sunshine::types::*;
use client::{Client, Credentials};
use futures::{StreamExt as _, TryStreamExt as _};
use testkit::{Crosspoint, Key, Sink, eventually, run};

#[path = "../../../crates/client/examples/echo_bot.rs"]
#[allow(dead_code)]
pub mod echo_bot;

fn client(server: &Crosspoint, key: &Key) -> Client {
    let credentials = Credentials::jwt(&key.id, &key.secret);
    Client::builder(server.base()).credentials(credentials).build().unwrap()
}

async fn said(client: &Client, app: &str, conversation: &str) -> Vec<String> {
    let messages = client.sunshine().list_messages(app, conversation).await.unwrap().messages;
    let text = |message: Message| match message.content {
        Content::Text(text) => text.text.unwrap_or_default(),
        other => other.type_name().to_owned(),
    };
    messages.into_iter().map(text).collect()
}

#[test]
fn the_bot_of_the_example_answers_and_hands_over() {
    run(60, async {
        let server = Crosspoint::start().await;
        let client = client(&server, &server.account_key());
        let app = echo_bot::set_up(&client).await.map_err(|error| error.to_string()).unwrap();
        let bot = {
            let (client, app) = (client.clone(), app.clone());
            tokio::spawn(
                async move { echo_bot::answer(&client, &app).await.map_err(|error| error.to_string()) },
            )
        };
        let sunshine = client.sunshine();
        let body = UserCreateBody { external_id: Some("ann".into()), ..Default::default() };
        let user = sunshine.create_user(&app, &body).await.unwrap().user.id;
        let body = ConversationCreateBody::personal(&user);
        let chat = sunshine.create_conversation(&app, &body).await.unwrap().conversation.id;
        let say = async |text: &str| {
            let message = MessagePost::new(Author::user(&user), Content::text(text));
            sunshine.post_message(&app, &chat, &message).await.unwrap();
        };
        say("hello").await;
        let echoed = || async { (said(&client, &app, &chat).await.len() == 2).then_some(()) };
        eventually(15, "the bot answers", echoed).await;
        say("a human, please").await;
        let handed_over = || async {
            let conversation = sunshine.get_conversation(&app, &chat).await.unwrap().conversation;
            (conversation.active_switchboard_integration?.name.as_deref() == Some("human")).then_some(())
        };
        eventually(15, "the bot hands over", handed_over).await;
        say("thank you").await;
        let expected = ["hello", "You said: hello", "a human, please", "A human comes.", "thank you"];
        assert_eq!(said(&client, &app, &chat).await, expected);
        bot.abort();
    });
}

#[test]
fn every_event_is_read_as_it_was_sent() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/all");
        let app = testkit::scene::App::create(&server).await;
        let custom = app.custom("all", &inbox).await;
        let talk = app.talk("ann").await;
        talk.says(&app.api, "hello").await;
        talk.answers(&app.api, "hi").await;
        let receiver = client::receive::Receiver::new(custom.webhook_secret.as_str()).require_signature();
        for hook in inbox.wait_for(3).await {
            let read = receiver.receive(&hook.headers, &hook.raw).unwrap();
            assert_eq!(serde_json::to_value(&read).unwrap(), hook.body);
            let stranger = client::receive::Receiver::new("0123456789abcdef0123456789abcdef");
            assert!(stranger.receive(&hook.headers, &hook.raw).is_err());
        }
    });
}

#[test]
fn lists_are_walked_and_writes_with_a_key_are_done_once() {
    run(60, async {
        let server = Crosspoint::start().await;
        let client = client(&server, &server.account_key());
        let sunshine = client.sunshine();
        for number in 0..7 {
            let body = AppCreateBody::new(format!("App {number}"));
            let (one, two) = (
                sunshine.create_app(&body).idempotency_key(format!("k{number}")).await.unwrap().app.id,
                sunshine.create_app(&body).idempotency_key(format!("k{number}")).await.unwrap().app.id,
            );
            assert_eq!(one, two);
        }
        let apps: Vec<App> = sunshine.list_apps().page_size(2).stream().try_collect().await.unwrap();
        let names: Vec<_> = apps.into_iter().filter_map(|app| app.display_name).collect();
        assert_eq!(names, (0..7).map(|number| format!("App {number}")).collect::<Vec<_>>());
        let error = sunshine.get_app("5d8cff3cd55b040010928b5b").await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(404), Some("app_not_found")));
        assert!(error.request_id().is_some());
    });
}

#[test]
fn following_begins_where_it_is_told() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = testkit::scene::App::create(&server).await;
        let client = client(&server, &app.key);
        let crosspoint = client.crosspoint();
        assert_eq!(crosspoint.newest_event(&app.id).await.unwrap(), Start::Oldest, "nothing happened yet");
        let talk = app.talk("ann").await;
        let start = crosspoint.newest_event(&app.id).await.unwrap();
        let id = talk.says(&app.api, "hello").await;
        let mut events = crosspoint.follow(&app.id, start);
        let event = events.next().await.unwrap().unwrap().typed().unwrap();
        let Payload::Message(told) = event.payload else { panic!("{}", event.kind) };
        assert_eq!(told.message.id, id);
        let all = crosspoint.follow(&app.id, Start::Oldest).take(2).map_ok(|event| event.kind.to_string());
        assert_eq!(
            all.try_collect::<Vec<_>>().await.unwrap(),
            ["conversation:create", "conversation:message"]
        );
        let since =
            crosspoint.follow(&app.id, Start::At(std::time::UNIX_EPOCH)).next().await.unwrap().unwrap();
        assert_eq!(since.kind, Trigger::ConversationCreate);
    });
}
