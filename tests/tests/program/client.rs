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

/// A client for one resource of Hubster's, with the account key of this server.
fn hubster(server: &Crosspoint, resource: &str) -> Client {
    let key = server.account_key();
    hubster_with(server, &format!("hubster.{resource}.api.{}", key.id), &key.secret)
}

fn nobody(server: &Crosspoint) -> Client {
    Client::builder(server.base()).build().unwrap()
}

fn hubster_with(server: &Crosspoint, client_id: &str, secret: &str) -> Client {
    Client::builder(server.base()).credentials(Credentials::hubster(client_id, secret)).build().unwrap()
}

#[test]
fn a_conversation_of_hubster_from_end_to_end() {
    use client::hubster::types::*;
    use client::receive::hubster::Receiver;

    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let [agents, archive] = ["/agents", "/archive"].map(|path| sink.inbox(path));
        agents.unchecked();
        archive.unchecked();
        let (portal, engine) = (hubster(&server, "portal").portal(), hubster(&server, "engine").engine());
        let hub = portal.create_hub(&HubCreate::new("Support", "First line")).await.unwrap().hub_id;
        let customers = DirectConfiguration::of(IntegrationType::Customer).create("customers");
        let customers = portal.create_integration(&hub, &customers).await.unwrap().integration_id;
        let desk = DirectConfiguration::of(IntegrationType::Agent).webhook(agents.url());
        let desk = portal.create_integration(&hub, &desk.create("desk")).await.unwrap();
        let listening = SystemConfiguration::new(archive.url()).create("archive");
        let listening = portal.create_integration(&hub, &listening).await.unwrap();
        let keys = [
            desk.configured::<DirectConfiguration>().unwrap().private_signing_key.unwrap(),
            listening.configured::<SystemConfiguration>().unwrap().private_signing_key.unwrap(),
        ];

        let begun = engine.establish(&EstablishRequest::direct(&customers, "u1")).await.unwrap();
        assert_eq!((begun.is_new, begun.hub_id.as_str()), (Some(true), hub.as_str()));
        let chat = begun.conversation_id.as_str();
        let buttons = Message::Text(Text {
            text: Some("Where is my parcel?".into()),
            actions: Some(vec![Action::Reply(Button {
                title: "Soon".into(),
                payload: "soon".into(),
                ..Default::default()
            })]),
            ..Default::default()
        });
        let said = ActivityRequest::message(buttons.clone()).external_id("mine");
        let first = engine.customer_activity(chat, &said).await.unwrap();
        assert_eq!(first.external_id.as_deref(), Some("mine"));
        let answer =
            ActivityRequest::message(Message::text("On its way.")).from_integration(&desk.integration_id);
        let second = engine.business_activity(chat, &answer).await.unwrap();
        assert!(second.event_id > first.event_id);

        for (inbox, key, count) in [(&agents, &keys[0], 1), (&archive, &keys[1], 2)] {
            let (receiver, stranger) = (Receiver::new(key.expose()), Receiver::new("another"));
            for hook in inbox.wait_for(count).await {
                let delivery = receiver.receive(&hook.headers, &hook.raw).unwrap();
                assert_eq!(serde_json::to_value(&delivery).unwrap(), hook.body, "nothing is lost");
                assert_eq!(delivery.conversation_id, chat);
                assert!(stranger.receive(&hook.headers, &hook.raw).is_err());
            }
        }
        let heard = agents.hooks().remove(0);
        let delivery = client::receive::hubster::read(&heard.raw).unwrap();
        let activity = delivery.activities().next().unwrap();
        assert_eq!(activity.said().unwrap(), Said::Message(buttons));

        let walk = engine.activities(chat, ActivityQuery::of(IntegrationType::Agent));
        let ids: Vec<i64> = walk.map_ok(|activity| activity.event_id).try_collect().await.unwrap();
        assert_eq!(ids, [first.event_id, second.event_id]);
        let read = engine.get_conversation(chat).await.unwrap();
        assert_eq!(
            (read.integration.hub.name.as_str(), read.integration_id.as_str()),
            ("Support", customers.as_str())
        );
        let listed = engine.list_established(&hub).await.unwrap();
        assert_eq!(listed, [engine.get_established(chat).await.unwrap()]);
        let empty = ActivityRequest::message(Message::Text(Text::default()));
        let error = engine.customer_activity(chat, &empty).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(400), Some("ENG005023")));
        assert!(error.request_id().is_some());
    });
}

#[test]
fn a_secret_of_hubster_that_is_deleted_buys_nothing_more() {
    use client::hubster::types::*;

    run(60, async {
        let server = Crosspoint::start().await;
        let portal = hubster(&server, "portal").portal();
        let client_id = format!("hubster.portal.api.{}", server.account_key().id);
        let made = portal.create_client_token(&client_id, &ClientSecretCreate::new("second")).await.unwrap();
        let second = hubster_with(&server, &client_id, &made.token).portal();
        for number in 0..3 {
            let body = HubCreate::new(format!("Hub {number}"), "for a test");
            second.create_hub(&body).await.unwrap();
        }
        let walk = second.list_hubs().page_size(2).stream();
        let names: Vec<String> = walk.map_ok(|hub| hub.name).try_collect().await.unwrap();
        assert_eq!(names, ["Hub 0", "Hub 1", "Hub 2"]);
        let shown = portal.get_client(&client_id).await.unwrap();
        assert_eq!(shown.secrets[0].id, made.id);
        portal.delete_client_token(&client_id, &made.id.to_string()).await.unwrap();
        // The token is refused, and another cannot be bought.
        let error = second.list_hubs().await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(400), Some("invalid_client")));
        let identity = nobody(&server).identity();
        assert!(identity.configuration().await.unwrap().jwks_uri.starts_with(&server.base()));
        assert_eq!(identity.keys().await.unwrap().keys.len(), 1);
    });
}
