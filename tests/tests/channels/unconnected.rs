//! Integrations without a connector: nothing that is sent there ends in silence.

use std::sync::Arc;

use serde_json::json;
use server::{Config, RunningServer, Server};
use sim::{Channel, Provider, Sim, SimConfig};
use store::SystemClock;
use testkit::scene::App;
use testkit::{Api, Key, Sink, eventually, fresh_dir, run, text_at};

use super::{Street, conversation_of};

/// A server in this process, since the program itself speaks whatever it was built with.
async fn start(
    dir: &std::path::Path,
    sim: &Sim,
    key: &Key,
    connected: &[&'static dyn channels::Channel],
) -> RunningServer {
    let base = sim.base_url(Provider::Telegram);
    let values = [
        ("data_dir", dir.to_str().unwrap()),
        ("listen", "127.0.0.1:0"),
        ("account_key_id", &key.id),
        ("account_key_secret", &key.secret),
        ("webhook_allow_private", "true"),
        ("channel_base_url_telegram", &base),
    ];
    let config = Config::from_values(values).unwrap();
    Server::start_with(config, Arc::new(SystemClock), connected).await.unwrap()
}

#[test]
fn a_message_to_a_client_whose_channel_is_not_connected_fails_and_says_so() {
    run(60, async {
        let sim = Sim::start(SimConfig::default()).await.unwrap();
        let (place, sink) = (fresh_dir("unconnected"), Sink::start().await);
        let inbox = sink.inbox("/business");
        let key = Key { id: "act_5f0000000000000000000001".into(), secret: "s".repeat(86) };
        let server = start(&place, &sim, &key, channels::all()).await;
        let app = App::create_by(Api::at(server.url()).as_key(&key)).await;
        app.custom("business", &inbox).await;
        app.post("/integrations", json!({ "type": "telegram", "token": sim.bot().token })).await;
        let ann = sim.customer(Channel::Telegram, "1111111");
        ann.say("Hello").await.unwrap();
        let of_kind = |kind: &'static str, count: usize| {
            let inbox = inbox.clone();
            async move {
                eventually(20, kind, || async {
                    let found: Vec<_> =
                        inbox.hooks().into_iter().filter(|hook| hook.kind() == kind).collect();
                    (found.len() >= count).then_some(found)
                })
                .await
            }
        };
        let conversation = conversation_of(&of_kind("conversation:message", 1).await[0]);
        server.shutdown().await;

        // The next version speaks no Telegram any more, or an older one does not yet.
        let server = start(&place, &sim, &key, &[]).await;
        let api = Api::at(server.url()).as_key(&key);
        let path = format!("/v2/apps/{}/conversations/{conversation}/messages", app.id);
        for text in ["one", "two"] {
            let body =
                json!({ "author": { "type": "business" }, "content": { "type": "text", "text": text } });
            api.post(&path, &body).await.ok();
        }
        let told = of_kind("conversation:message:delivery:failure", 2).await;
        for hook in &told {
            let payload = hook.payload();
            assert_eq!(payload["isFinalEvent"], true);
            assert_eq!(text_at(payload, "/error/code"), "uncategorized_error");
            let why = "channel not connected: this server does not speak telegram yet";
            assert_eq!(text_at(payload, "/error/message"), why);
            assert_eq!(text_at(payload, "/destination/type"), "telegram");
        }
        assert!(ann.received().is_empty());
        server.shutdown().await;
        std::fs::remove_dir_all(place).unwrap();
    });
}

/// Every type of the document that no connector speaks, with what it needs. Without a connector nobody
/// becomes a client there, so that a message is refused before it is stored.
#[test]
fn a_message_for_a_type_that_nobody_is_a_client_of_is_refused() {
    run(60, async {
        let street = Street::build().await;
        let talk = street.app.talk("ann").await;
        let web = street.integration(json!({ "type": "web" })).await;
        assert!(web.get("health").is_none() && street.telegram().await["health"].get("reason").is_none());
        let types = [
            json!({ "type": "messagebird", "accessKey": "a", "signingKey": "s", "originator": "+15145550199" }),
            json!({ "type": "mailgun", "apiKey": "k", "domain": "mg.example.org", "incomingAddress": "in@mg.example.org" }),
            json!({ "type": "viber", "token": "t" }),
            json!({ "type": "line" }),
            json!({ "type": "whatsapp" }),
        ];
        for body in types {
            let kind = text_at(&body, "/type");
            let made = street.integration(body).await;
            let id = text_at(&made, "/id");
            assert_eq!(made["status"], "active", "{kind}: it is kept as it was made");
            let why = format!("channel not connected: this server does not speak {kind} yet");
            let shown = street.app.get(&format!("/integrations/{id}")).await;
            assert_eq!(shown["integration"]["health"], json!({ "reason": why }));
            for destination in [json!({ "integrationId": id }), json!({ "integrationType": kind })] {
                let body = json!({
                    "author": { "type": "business" },
                    "content": { "type": "text", "text": "Hello" },
                    "destination": destination,
                });
                let reply = street.app.api.post(&format!("{}/messages", talk.path), &body).await;
                let title = reply.refused(400, "bad_request");
                assert!(title.contains("destination"), "{kind}: {title}");
            }
        }
    });
}
