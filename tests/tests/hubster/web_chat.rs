//! Visitors of pages: their tokens, their conversations, and nobody else's (hubster.md §3.4).

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use testkit::{Api, Credentials, Crosspoint, Reply, run, text_at};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::events::{Floor, TIME_MAX_S};
use super::listener::Listener;
use super::scene::{NOBODY, put, refused};

const ORIGIN: &str = "https://Shop.example.org:8443";

/// A floor whose customers come over a page.
struct Shop {
    floor: Floor,
    chat: String,
}

/// A visitor of the page.
struct Visitor {
    api: Api,
    token: String,
}

impl Shop {
    async fn open(server: &Crosspoint) -> Shop {
        let floor = Floor::open(server).await;
        let configuration = json!({ "allowedOrigins": ["localhost", "shop.example.org"], "start": [{ "type": "text", "text": "Welcome!" }] });
        let chat = floor.tenant.integration(&floor.hub, "WebChat", "chat", configuration).await;
        Shop { floor, chat: text_at(&chat, "/integrationId") }
    }

    async fn ask_for_token(&self, api: &Api, integration: &str, origin: Option<&str>) -> Reply {
        let call = api.call("GET", &format!("/api/v1/integrations/web-chat/token/{integration}"));
        match origin {
            Some(origin) => call.header("origin", origin).send().await,
            None => call.send().await,
        }
    }

    async fn visitor(&self, server: &Crosspoint) -> Visitor {
        let reply = self.ask_for_token(&server.api(), &self.chat, Some(ORIGIN)).await;
        assert_eq!(reply.header("access-control-allow-origin"), ORIGIN);
        let reply = reply.ok();
        assert_eq!((&reply["token_type"], &reply["expires_in"]), (&json!("WebBearer"), &json!(43_200)));
        let token = text_at(&reply, "/access_token");
        Visitor { api: server.api().with(Credentials::Bearer(token.clone())), token }
    }

    fn wish(&self, binding: Option<&str>) -> Value {
        let mut wish = json!({ "integrationId": self.chat, "channelType": "WebChat" });
        if let Some(binding) = binding {
            wish["bindingKey"] = json!(binding);
        }
        wish
    }
}

impl Visitor {
    async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        let call = self.api.call(method, path).header("origin", ORIGIN);
        match body {
            Some(body) => call.json(body).send().await,
            None => call.send().await,
        }
    }

    async fn establish(&self, wish: &Value) -> Value {
        self.call("POST", "/api/v1/conversations/establish", Some(wish)).await.ok()
    }

    async fn say(&self, conversation: &str, text: &str) -> Reply {
        let body =
            json!({ "sender": { "integrationId": NOBODY }, "message": { "type": "text", "text": text } });
        self.call("POST", &format!("/inbound/customer/v1/web-chat/{conversation}"), Some(&body)).await
    }

    async fn read(&self, conversation: &str) -> Reply {
        let path = format!("/api/v1/interactions/activities/{conversation}?type=Customer&leid=0");
        self.call("GET", &path, None).await
    }
}

#[test]
fn a_visitor_talks_with_an_agent() {
    run(TIME_MAX_S, async {
        let server = Crosspoint::start().await;
        let shop = Shop::open(&server).await;
        let floor = &shop.floor;
        let visitor = shop.visitor(&server).await;
        let made = visitor.establish(&shop.wish(None)).await;
        let conversation = text_at(&made, "/conversationId");
        assert_eq!(
            (&made["isNew"], &made["properties"]["profile"]["device"]),
            (&json!(true), &json!("WebChat"))
        );
        let more = json!({ "conversation": conversation, "origin": ORIGIN, "scheme": "WebBearer" });
        let mut page = Listener::connected(&floor.base, &shop.chat, &visitor.token, more).await;
        // A browser has no other scheme than Bearer; and without a conversation it hears its own.
        let more = json!({ "origin": ORIGIN });
        let mut tab = Listener::connected(&floor.base, &shop.chat, &visitor.token, more).await;
        let mut agent = Listener::connected(&floor.base, &floor.agents, &floor.token, json!({})).await;

        let said = visitor.say(&conversation, "Hi").await.ok();
        assert_eq!(said["integrationId"], shop.chat);
        let heard = agent.activity().await;
        assert_eq!(
            (&heard["sender"]["channelType"], &heard["message"]["text"]),
            (&json!("WebChat"), &json!("Hi"))
        );
        for page in [&mut page, &mut tab] {
            let echo = page.activity().await;
            assert_eq!((&echo["isEcho"], &echo["eventId"]), (&json!(true), &said["eventId"]));
        }
        floor.answer(&conversation, "Hello").await;
        assert_eq!((page.text().await, tab.text().await), ("Hello".to_owned(), "Hello".to_owned()));
        let read = visitor.read(&conversation).await.ok();
        let texts: Vec<&str> =
            read.as_array().unwrap().iter().filter_map(|it| it["message"]["text"].as_str()).collect();
        assert_eq!(texts, ["Welcome!", "Hi", "Hello"]);
        assert_eq!(read[0]["eventTrigger"], "message:hubster");
        let known = format!("/api/v1/conversations/{conversation}/established");
        assert_eq!(visitor.call("GET", &known, None).await.ok()["conversationId"], conversation);
    });
}

#[test]
fn tokens_are_given_to_pages_that_may_embed_it() {
    run(60, async {
        let server = Crosspoint::start().await;
        let shop = Shop::open(&server).await;
        let api = server.api();
        for origin in [None, Some("https://example.org"), Some("https://a.shop.example.org"), Some("null")] {
            refused(shop.ask_for_token(&api, &shop.chat, origin).await, 403, &[101]);
        }
        shop.ask_for_token(&api, &shop.chat, Some("http://localhost:3000")).await.ok();
        refused(shop.ask_for_token(&api, "x", Some(ORIGIN)).await, 400, &[203]);
        for other in [NOBODY, &shop.floor.customers, &shop.floor.agents] {
            refused(shop.ask_for_token(&api, other, Some(ORIGIN)).await, 404, &[6000]);
        }
        let path = format!("/api/v1/integrations/{}", shop.chat);
        put(&shop.floor.tenant.portal, &path, &json!({ "statusId": 3002 })).await.ok();
        refused(shop.ask_for_token(&api, &shop.chat, Some(ORIGIN)).await, 400, &[6503]);
    });
}

#[test]
fn a_token_opens_one_integration_and_the_conversations_it_established() {
    run(TIME_MAX_S, async {
        let server = Crosspoint::start().await;
        let shop = Shop::open(&server).await;
        let floor = &shop.floor;
        let (ann, bob) = (shop.visitor(&server).await, shop.visitor(&server).await);
        let anns = text_at(&ann.establish(&shop.wish(Some("ann"))).await, "/conversationId");
        let bobs = text_at(&bob.establish(&shop.wish(Some("bob"))).await, "/conversationId");
        refused(bob.say(&anns, "x").await, 404, &[6500]);
        refused(bob.read(&anns).await, 404, &[6500]);
        bob.say(&bobs, "mine").await.ok();
        // Nothing but the four routes.
        let body = json!({ "message": { "type": "text", "text": "x" } });
        for (method, path) in [
            ("POST", format!("/inbound/customer/v1/direct/activity/{anns}")),
            ("POST", format!("/inbound/business/v1/direct/activity/{anns}")),
            ("GET", format!("/api/v1/conversations/{anns}")),
            ("GET", format!("/api/v1/conversations/hubs/{}/established", floor.hub)),
            ("GET", "/api/v1/hubs".to_owned()),
        ] {
            refused(ann.call(method, &path, (method == "POST").then_some(&body)).await, 401, &[102]);
        }
        let engine_token = &floor.tenant.engine;
        refused(
            engine_token.post(&format!("/inbound/customer/v1/web-chat/{anns}"), &body).await,
            401,
            &[102],
        );
        let elsewhere = json!({ "integrationId": floor.customers, "channelType": "Direct", "binding": "x" });
        refused(ann.call("POST", "/api/v1/conversations/establish", Some(&elsewhere)).await, 403, &[101]);
        // From another page, even one that may embed it, the token is worth nothing.
        let path = format!("/api/v1/interactions/activities/{anns}?type=Customer");
        for origin in ["https://evil.example.org", "http://localhost"] {
            refused(ann.api.call("GET", &path).header("origin", origin).send().await, 403, &[101]);
        }
        refused(ann.api.get(&path).await, 403, &[101]);
        // The same customer with a new token after a while.
        let again = shop.visitor(&server).await;
        refused(again.read(&anns).await, 404, &[6500]);
        assert_eq!(again.establish(&shop.wish(Some("ann"))).await["isNew"], false);
        again.read(&anns).await.ok();

        let closed = async |integration: &str, token: &str, more: Value| {
            Listener::start(&floor.base, integration, token, more).await.why_closed().await
        };
        let said = closed(
            &shop.chat,
            &ann.token,
            json!({ "conversation": anns, "origin": "https://evil.example.org" }),
        )
        .await;
        assert!(said.contains("HubException: [101]: "), "{said}");
        let said = closed(&floor.customers, &ann.token, json!({ "origin": ORIGIN })).await;
        assert!(said.contains("HubException: [101]: "), "{said}");
        let said = closed(&shop.chat, &ann.token, json!({ "conversation": bobs, "origin": ORIGIN })).await;
        assert!(said.contains("HubException: [6500]: "), "{said}");
        // Origins that are taken away are gone at once.
        let path = format!("/api/v1/integrations/{}", shop.chat);
        let fewer = json!({ "configuration": { "allowedOrigins": ["localhost"] } });
        put(&floor.tenant.portal, &path, &fewer).await.ok();
        refused(ann.read(&anns).await, 403, &[101]);
    });
}

#[test]
fn a_visitor_has_ten_sockets_and_leaves_the_others_to_others() {
    run(TIME_MAX_S, async {
        let server = Crosspoint::start().await;
        let shop = Shop::open(&server).await;
        let (ann, bob) = (shop.visitor(&server).await, shop.visitor(&server).await);
        let base = &shop.floor.base;
        let mut windows = Vec::new();
        for _ in 0..10 {
            windows.push(socket(base, &shop.chat, &ann.token).await);
        }
        for window in &mut windows {
            assert_eq!(window.next().await.unwrap().unwrap().to_text().unwrap(), "{}\u{1e}");
        }
        let mut further = socket(base, &shop.chat, &ann.token).await;
        let mut said = String::new();
        while let Some(Ok(Message::Text(text))) = further.next().await {
            said.push_str(&text);
        }
        assert!(said.contains("[429]") && said.contains("visitor has 10"), "{said}");
        let mut other = socket(base, &shop.chat, &bob.token).await;
        assert_eq!(other.next().await.unwrap().unwrap().to_text().unwrap(), "{}\u{1e}");
    });
}

/// A socket of a page's visitor that has said what it speaks.
async fn socket(base: &str, integration: &str, token: &str) -> WebSocketStream<MaybeTlsStream<TcpStream>> {
    let url = format!("{}/engine-chat-hub?iId={integration}", base.replace("http", "ws"));
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("WebBearer {token}").parse().unwrap());
    request.headers_mut().insert("origin", ORIGIN.parse().unwrap());
    let (mut socket, _) = connect_async(request).await.unwrap();
    socket.send(Message::text("{\"protocol\":\"json\",\"version\":1}\u{1e}")).await.unwrap();
    socket
}
