//! Messages: every type of content and action with its limits, authors, destinations, deletion
//! (sunshine-v2.md §6).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use testkit::scene::{App, NO_ID, Talk, business, business_content};
use testkit::{Crosspoint, Reply, progress, run, text_at};

struct Room {
    _server: Crosspoint,
    app: App,
    talk: Talk,
}

impl Room {
    async fn create() -> Room {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let talk = app.talk("customer").await;
        Room { _server: server, app, talk }
    }

    async fn post(&self, body: &Value) -> Reply {
        self.app.api.post(&format!("{}/messages", self.talk.path), body).await
    }

    /// Posts content of the business and gives it as it is stored.
    async fn content(&self, content: Value) -> Value {
        let posted = self.post(&business_content(content)).await.with_status(201);
        let messages = posted["messages"].as_array().unwrap();
        assert_eq!(messages.len(), 1);
        let listed = self.list().await;
        assert_eq!(listed.last(), messages.last(), "a list shows what the reply showed");
        messages[0]["content"].clone()
    }

    async fn refuses(&self, what: &str, content: Value) {
        let reply = self.post(&business_content(content)).await;
        assert_eq!(reply.status, 400, "{what}: {}", reply.text);
    }

    async fn list(&self) -> Vec<Value> {
        let page = self.app.api.get(&format!("{}/messages", self.talk.path)).await.ok();
        page["messages"].as_array().unwrap().clone()
    }
}

fn link() -> Value {
    json!({ "type": "link", "text": "More", "uri": "https://a.example/more" })
}

fn item(title: &str) -> Value {
    json!({ "title": title, "actions": [link()] })
}

#[test]
fn text_in_all_its_forms() {
    run(60, async {
        let room = Room::create().await;
        let plain = json!({ "type": "text", "text": "grüße 🙂\n\"quoted\" \\ \u{0007}" });
        assert_eq!(room.content(plain.clone()).await, plain);
        let longest = json!({ "type": "text", "text": "🙂".repeat(4_096) });
        assert_eq!(room.content(longest.clone()).await, longest, "characters are counted, not bytes");
        room.refuses("4097 characters", json!({ "type": "text", "text": "x".repeat(4_097) })).await;

        let rich = room
            .content(json!({ "type": "text", "markdownText": "**bold** [here](https://a.example)" }))
            .await;
        assert!(text_at(&rich, "/htmlText").contains("<strong>bold</strong>"), "{rich}");
        assert!(text_at(&rich, "/text").contains("bold"), "{rich}");
        assert!(rich.get("markdownText").is_none());
        let html = json!({ "type": "text", "htmlText": "<p onclick=\"x()\">a <b>b</b><script>alert(1)</script></p>" });
        let rich = room.content(html).await;
        assert!(!rich.to_string().contains("script") && !rich.to_string().contains("onclick"), "{rich}");
        assert!(text_at(&rich, "/htmlText").contains("<b>b</b>"), "{rich}");
        let evil = json!({ "type": "text", "htmlText": "<a href=\"javascript:alert(1)\">x</a><a href=\"tel:1\">y</a>" });
        let rich = room.content(evil).await;
        assert!(!rich.to_string().contains("javascript"), "{rich}");
        assert!(text_at(&rich, "/htmlText").contains("tel:1"), "{rich}");

        let actions = json!([{ "type": "reply", "text": "Yes", "payload": "yes", "metadata": { "a": 1 } }]);
        let only_actions = json!({ "type": "text", "actions": actions });
        assert_eq!(room.content(only_actions.clone()).await, only_actions);
        room.refuses("nothing to say", json!({ "type": "text" })).await;
        room.refuses("both rich forms", json!({ "type": "text", "htmlText": "a", "markdownText": "a" }))
            .await;
        room.refuses("an unknown type", json!({ "type": "riddle", "text": "a" })).await;
        room.refuses("an alias of the clients", json!({ "type": "textMessage", "text": "a" })).await;
        room.refuses("no type", json!({ "text": "a" })).await;
    });
}

#[test]
fn images_files_and_places() {
    run(60, async {
        let room = Room::create().await;
        // Nothing is asked for there: the name says the type, the size stays unknown.
        let mut image = json!({
            "type": "image", "mediaUrl": "http://127.0.0.1:9/a.png", "altText": "A cat", "text": "Look",
            "actions": [link()]
        });
        let stored = room.content(image.clone()).await;
        image["mediaType"] = json!("image/png");
        assert_eq!(stored, image);
        let bare =
            room.content(json!({ "type": "image", "mediaUrl": "http://127.0.0.1:9/dir/a%20b.png" })).await;
        assert_eq!(bare["altText"], "a b.png");
        let file =
            room.content(json!({ "type": "file", "mediaUrl": "http://127.0.0.1:9/dir/a%20b.pdf" })).await;
        assert_eq!(file["mediaUrl"], "http://127.0.0.1:9/dir/a%20b.pdf");
        assert!(!text_at(&file, "/altText").is_empty(), "the file's name stands in: {file}");
        room.refuses("no address", json!({ "type": "image" })).await;
        room.refuses("no URI", json!({ "type": "image", "mediaUrl": "not a uri" })).await;
        let long = json!({ "type": "image", "mediaUrl": "http://127.0.0.1:9/a", "altText": "x".repeat(129) });
        room.refuses("129 characters", long).await;

        let place = json!({
            "type": "location", "coordinates": { "lat": 45.5, "long": -73.6 },
            "location": { "address": "1 Main St", "name": "Home" }
        });
        let stored = room.content(place.clone()).await;
        for field in ["coordinates", "location", "type"] {
            assert_eq!(stored[field], place[field]);
        }
        assert!(text_at(&stored, "/text").contains("45.5,-73.6"), "{stored}");
        room.refuses("no coordinates", json!({ "type": "location" })).await;
        room.refuses("half of them", json!({ "type": "location", "coordinates": { "lat": 1 } })).await;
        let text = json!({ "type": "location", "coordinates": { "lat": "1", "long": 2 } });
        room.refuses("a text for a number", text).await;
    });
}

#[test]
fn carousels_and_lists() {
    run(60, async {
        let room = Room::create().await;
        let full = json!({
            "title": "t".repeat(128), "description": "d".repeat(128), "mediaUrl": "https://a.example/i.png",
            "mediaType": "image/png", "altText": "a", "size": "large", "metadata": { "n": 1 },
            "actions": [
                link(),
                { "type": "postback", "text": "P", "payload": "p" },
                { "type": "buy", "text": "B", "amount": 100, "currency": "cad" }
            ]
        });
        for kind in ["carousel", "list"] {
            let stored = room.content(json!({ "type": kind, "items": [full, item("two")] })).await;
            assert_eq!(stored["items"][1]["title"], "two");
            for field in ["title", "description", "mediaUrl", "size", "metadata"] {
                assert_eq!(stored["items"][0][field], full[field], "{kind}.{field}");
            }
            let refuses = |what: &str, items: Value| {
                let (room, what) = (&room, format!("{kind}: {what}"));
                async move { room.refuses(&what, json!({ "type": kind, "items": items })).await }
            };
            refuses("none", json!([])).await;
            refuses("eleven", json!(vec![item("x"); 11])).await;
            refuses("no title", json!([{ "actions": [link()] }])).await;
            refuses("an empty title", json!([item("")])).await;
            refuses("a long title", json!([item(&"x".repeat(129))])).await;
            refuses("no action", json!([{ "title": "x", "actions": [] }])).await;
            refuses("four actions", json!([{ "title": "x", "actions": vec![link(); 4] }])).await;
            let reply = json!({ "type": "reply", "text": "r", "payload": "p" });
            refuses("a reply in an item", json!([{ "title": "x", "actions": [reply] }])).await;
            refuses("an unknown size", json!([{ "title": "x", "size": "tiny", "actions": [link()] }])).await;
        }
        let square = json!({ "imageAspectRatio": "square" });
        let stored = room
            .content(json!({ "type": "carousel", "items": [item("a")], "displaySettings": square }))
            .await;
        assert_eq!(stored["displaySettings"], square);
        assert!(text_at(&stored, "/text").contains("https://a.example/more"), "a fallback is made: {stored}");
        let round = json!({ "imageAspectRatio": "round" });
        let bad = json!({ "type": "carousel", "items": [item("a")], "displaySettings": round });
        room.refuses("an unknown ratio", bad).await;
        room.content(json!({ "type": "list", "items": [item("a")], "actions": [link()] })).await;
        room.refuses("no action", json!({ "type": "list", "items": [item("a")], "actions": [] })).await;
    });
}

#[test]
fn forms() {
    run(60, async {
        let room = Room::create().await;
        let text = json!({ "type": "text", "name": "n", "label": "Name" });
        let form = json!({
            "type": "form", "text": "Please",
            "fields": [
                { "type": "text", "name": "a", "label": "A", "minSize": 2, "maxSize": 30, "placeholder": "p" },
                { "type": "email", "name": "b", "label": "B" },
                { "type": "select", "name": "c", "label": "C",
                  "options": [{ "name": "x", "label": "X" }, { "name": "y", "label": "Y" }] }
            ]
        });
        let stored = room.content(form.clone()).await;
        assert_eq!(stored["submitted"], false);
        assert_eq!(stored["fields"][2]["options"], form["fields"][2]["options"]);
        let refuses = |what: &str, fields: Value| {
            let what = what.to_owned();
            let room = &room;
            async move { room.refuses(&what, json!({ "type": "form", "fields": fields })).await }
        };
        refuses("none", json!([])).await;
        refuses("two of one name", json!([text, text])).await;
        refuses("an unknown type", json!([{ "type": "date", "name": "n", "label": "l" }])).await;
        refuses("no name", json!([{ "type": "text", "label": "l" }])).await;
        refuses("an empty label", json!([{ "type": "text", "name": "n", "label": "" }])).await;
        let mut sizes = text.clone();
        (sizes["minSize"], sizes["maxSize"]) = (json!(10), json!(5));
        refuses("more at least than at most", json!([sizes])).await;
        let mut size = text.clone();
        size["maxSize"] = json!(257);
        refuses("257 at most", json!([size])).await;
        let option = json!({ "name": "x", "label": "X" });
        let select =
            |options: Value| json!([{ "type": "select", "name": "c", "label": "C", "options": options }]);
        refuses("two options of one name", select(json!([option, option]))).await;
        let many: Vec<Value> = (0..201).map(|n| json!({ "name": n.to_string(), "label": "l" })).collect();
        refuses("201 options", select(json!(many))).await;
        let fields: Vec<Value> =
            (0..21).map(|n| json!({ "type": "text", "name": n.to_string(), "label": "l" })).collect();
        refuses("21 fields", json!(fields)).await;
        let response = json!({
            "type": "formResponse", "fields": [{ "type": "text", "name": "a", "label": "A", "text": "x" }]
        });
        room.refuses("an answer that only the messenger gives", response).await;
    });
}

#[test]
fn actions() {
    run(60, async {
        let room = Room::create().await;
        let with = |actions: Value| json!({ "type": "text", "text": "choose", "actions": actions });
        let all = json!([
            link(),
            { "type": "postback", "text": "P", "payload": "p", "metadata": { "k": true } },
            { "type": "buy", "text": "B", "amount": 1000 },
            { "type": "locationRequest", "text": "Where?" },
            { "type": "webview", "text": "W", "uri": "https://a.example", "fallback": "https://b.example",
              "size": "tall", "openOnReceive": true }
        ]);
        let stored = room.content(with(all)).await;
        assert_eq!(stored["actions"][2]["currency"], "usd", "the default");
        assert_eq!(stored["actions"][1]["metadata"], json!({ "k": true }));
        let reply =
            json!({ "type": "reply", "text": "R", "payload": "r", "iconUrl": "https://a.example/i.png" });
        let stored = room.content(with(json!(vec![reply.clone(); 3]))).await;
        assert_eq!(stored["actions"][0], reply);
        let bad = [
            ("an unknown type", json!([{ "type": "dance", "text": "x" }])),
            ("no payload", json!([{ "type": "postback", "text": "x" }])),
            ("no uri", json!([{ "type": "link", "text": "x" }])),
            ("no fallback", json!([{ "type": "webview", "text": "x", "uri": "https://a.example" }])),
            ("a text for an amount", json!([{ "type": "buy", "text": "x", "amount": "1" }])),
            ("a fraction for an amount", json!([{ "type": "buy", "text": "x", "amount": 1.5 }])),
            ("reply beside link", json!([reply, link()])),
            ("26 actions", json!(vec![link(); 26])),
            (
                "nested metadata",
                json!([{ "type": "reply", "text": "x", "payload": "p", "metadata": { "a": [] } }]),
            ),
        ];
        for (what, actions) in bad {
            room.refuses(what, with(actions)).await;
        }
        let webview = json!({
            "type": "webview", "text": "x", "uri": "https://a.example", "fallback": "https://a.example",
            "openOnReceive": true
        });
        room.refuses("two that open at once", with(json!([webview, webview]))).await;
    });
}

#[test]
fn no_text_holds_the_character_zero() {
    run(60, async {
        let room = Room::create().await;
        for body in [
            business("a\0b"),
            json!({ "author": { "type": "business" }, "content": { "type": "text", "text": "a" },
                "metadata": { "k": "\0" } }),
        ] {
            room.post(&body).await.refused(400, "bad_request");
        }
        room.post(&business("a\u{1}b \\u0000")).await.with_status(201);
    });
}

#[test]
fn templates_and_overrides() {
    run(60, async {
        let room = Room::create().await;
        let template =
            json!({ "type": "template", "template": { "name": "hello", "language": { "code": "en" } } });
        let mut body = business_content(template.clone());
        room.post(&body).await.refused(400, "bad_request");
        body["schema"] = json!("whatsapp");
        let posted = room.post(&body).await.with_status(201);
        assert_eq!(posted["messages"][0]["content"]["template"], template["template"]);
        body["schema"] = json!("telex");
        room.post(&body).await.refused(400, "bad_request");
        let mut body = business("with an override");
        body["override"] = json!({ "whatsapp": { "payload": { "a": 1 } } });
        let posted = room.post(&body).await.with_status(201);
        assert!(posted["messages"][0].get("override").is_none());
        for wrong in [
            json!({}),
            json!({ "pigeon": { "payload": {} } }),
            json!({ "line": { "payload": 5 } }),
            json!({ "line": {} }),
        ] {
            body["override"] = wrong;
            room.post(&body).await.refused(400, "bad_request");
        }
        body["override"] = json!({ "apple": { "payload": {}, "withCapabilities": ["LIST", "DANCE"] } });
        room.post(&body).await.refused(400, "bad_request");
    });
}

#[test]
fn authors() {
    run(60, async {
        let room = Room::create().await;
        let stranger = room.app.user("stranger").await;
        let by = |author: Value| json!({ "author": author, "content": { "type": "text", "text": "hi" } });
        let user = &room.talk.user;
        let posted =
            room.post(&by(json!({ "type": "user", "userExternalId": "customer" }))).await.with_status(201);
        let author = &posted["messages"][0]["author"];
        assert_eq!(author["userId"], *user);
        assert!(author["displayName"].as_str().is_some_and(|name| !name.is_empty()), "{author}");
        assert_eq!(posted["messages"][0]["source"], json!({ "type": "api:conversations" }));
        let named =
            json!({ "type": "business", "displayName": "Ann", "avatarUrl": "https://a.example/a.png" });
        let posted = room.post(&by(named.clone())).await.with_status(201);
        assert_eq!(posted["messages"][0]["author"], named);
        let machine = json!({ "type": "business", "subtypes": ["AI"] });
        let posted = room.post(&by(machine.clone())).await.with_status(201);
        assert_eq!(posted["messages"][0]["author"], machine);
        let nameless =
            room.post(&by(json!({ "type": "business", "displayName": "" }))).await.with_status(201);
        assert_eq!(nameless["messages"][0]["author"], json!({ "type": "business" }), "an empty name is none");
        let refused = [
            ("nobody named", json!({ "type": "user" })),
            ("both names", json!({ "type": "user", "userId": user, "userExternalId": "customer" })),
            ("no participant", json!({ "type": "user", "userId": stranger })),
            ("nobody of that id", json!({ "type": "user", "userId": NO_ID })),
            ("a business with a user", json!({ "type": "business", "userId": user })),
            ("an unknown type", json!({ "type": "bot" })),
            ("a subtype of replies", json!({ "type": "business", "subtypes": ["agent"] })),
            ("two subtypes", json!({ "type": "business", "subtypes": ["AI", "activity"] })),
        ];
        for (what, author) in refused {
            let reply = room.post(&by(author)).await;
            assert!([400, 404].contains(&reply.status), "{what}: {} {}", reply.status, reply.text);
        }
    });
}

#[test]
fn destinations() {
    run(60, async {
        let room = Room::create().await;
        let web = text_at(&room.app.post("/integrations", json!({ "type": "web" })).await, "/integration/id");
        let mut body = business("quietly");
        body["destination"] = json!({ "integrationType": "none" });
        room.post(&body).await.with_status(201);
        let bad = [
            json!({ "integrationType": "whatsapp" }),
            json!({ "integrationId": NO_ID }),
            json!({ "integrationId": web }),
            json!({ "integrationId": web, "integrationType": "none" }),
            json!({}),
        ];
        for destination in bad {
            body["destination"] = destination.clone();
            let reply = room.post(&body).await;
            assert_eq!(reply.status, 400, "{destination}: {}", reply.text);
        }
        let mut body = json!({
            "author": { "type": "user", "userId": room.talk.user }, "content": { "type": "text", "text": "x" }
        });
        body["destination"] = json!({ "integrationType": "none" });
        room.post(&body).await.refused(400, "bad_request");
        let group = text_at(
            &room.app.post("/conversations", json!({ "type": "sdkGroup" })).await,
            "/conversation/id",
        );
        let mut body = business("to a group");
        body["destination"] = json!({ "integrationType": "none" });
        let path = room.app.path(&format!("/conversations/{group}/messages"));
        room.app.api.post(&path, &body).await.refused(400, "bad_request");
    });
}

#[test]
fn metadata_is_flat_and_four_kilobytes_at_most() {
    run(60, async {
        let room = Room::create().await;
        let with = |metadata: Value| {
            let mut body = business("hi");
            body["metadata"] = metadata;
            body
        };
        let all = json!({ "text": "a", "number": 1.5, "yes": true, "": "empty key" });
        let posted = room.post(&with(all.clone())).await.with_status(201);
        assert_eq!(posted["messages"][0]["metadata"], all);
        let frame = "{\"k\":\"\"}".len();
        room.post(&with(json!({ "k": "x".repeat(4_096 - frame) }))).await.with_status(201);
        room.post(&with(json!({ "k": "x".repeat(4_097 - frame) }))).await.refused(400, "bad_request");
        room.post(&with(json!({ "k": "ß".repeat(2_048) }))).await.refused(400, "bad_request");
        for nested in
            [json!({ "a": {} }), json!({ "a": [1] }), json!({ "a": null }), json!([]), json!("text")]
        {
            let reply = room.post(&with(nested.clone())).await;
            assert_eq!(reply.status, 400, "{nested}: {}", reply.text);
        }
    });
}

#[test]
fn card_numbers_are_masked_unless_the_app_says_otherwise() {
    run(60, async {
        let room = Room::create().await;
        let said = |text: &str| json!({ "type": "text", "text": text });
        let text = "my card is 4111 1111 1111 1111, call 514-555-0100";
        let stored = text_at(&room.content(said(text)).await, "/text");
        assert!(
            !stored.contains("4111 1111") && stored.contains("1111") && stored.contains("514-555-0100"),
            "{stored}"
        );
        // Fails Luhn's check: no card.
        let other = "order 4111111111111112";
        assert_eq!(text_at(&room.content(said(other)).await, "/text"), other);
        let rich = json!({ "type": "text", "htmlText": "<p>4539 5787 <b>6362 1486</b> \
            <a href=\"https://shop.example/o/4539578763621486\">order</a></p>" });
        let stored = room.content(rich).await;
        let html = text_at(&stored, "/htmlText");
        assert!(html.contains("**** **** <b>**** 1486</b>"), "{html}");
        assert!(html.contains("https://shop.example/o/4539578763621486"), "an address stays one: {html}");
        let plain = text_at(&stored, "/text");
        assert_eq!(plain, "**** **** **** 1486 order (https://shop.example/o/4539578763621486)");
        let card = "4539\u{a0}5787\u{2011}6362\u{a0}1486";
        let form = json!({ "type": "form", "fields": [{ "type": "text", "name": "a", "label": card }] });
        assert!(!room.content(form).await.to_string().contains("4539"));
        let reply = json!({ "type": "reply", "text": card, "payload": card });
        let asked = json!({ "type": "text", "text": "which?", "actions": [reply] });
        assert!(!room.content(asked).await.to_string().contains("4539"));
        room.app.settings(json!({ "maskCreditCardNumbers": false })).await;
        assert_eq!(text_at(&room.content(said(text)).await, "/text"), text);
    });
}

#[test]
fn deleting_one_and_all() {
    run(60, async {
        let room = Room::create().await;
        let first = room.talk.answers(&room.app.api, "one").await;
        let second = room.talk.answers(&room.app.api, "two").await;
        let path = |id: &str| format!("{}/messages/{id}", room.talk.path);
        let conversation = room.app.get(&format!("/conversations/{}", room.talk.conversation)).await;
        assert_eq!(room.app.api.delete(&path(&first)).await.ok(), json!({}));
        room.app.api.delete(&path(&first)).await.with_status(404);
        room.app.api.delete(&path(NO_ID)).await.with_status(404);
        let left: Vec<Value> = room.list().await;
        assert_eq!(left.len(), 1, "no placeholder");
        assert_eq!(left[0]["id"], second);
        assert_eq!(room.app.get(&format!("/conversations/{}", room.talk.conversation)).await, conversation);
        room.talk.answers(&room.app.api, "three").await;
        let all = format!("{}/messages", room.talk.path);
        assert_eq!(room.app.api.delete(&all).await.ok(), json!({}));
        assert_eq!(room.list().await, Vec::<Value>::new());
        let participants = room.app.api.get(&format!("{}/participants", room.talk.path)).await.ok();
        assert_eq!(participants["participants"][0]["unreadCount"], 0);
        room.talk.answers(&room.app.api, "four").await;
        assert_eq!(room.list().await.len(), 1);
    });
}

#[test]
fn reading_and_typing() {
    run(60, async {
        let room = Room::create().await;
        let act = |kind: &str, author: Value| {
            let (api, path) = (room.app.api.clone(), format!("{}/activity", room.talk.path));
            let body = json!({ "type": kind, "author": author });
            async move { api.post(&path, &body).await }
        };
        let (business, user) =
            (json!({ "type": "business" }), json!({ "type": "user", "userId": room.talk.user }));
        room.talk.answers(&room.app.api, "one").await;
        room.talk.answers(&room.app.api, "two").await;
        room.talk.says(&room.app.api, "three").await;
        let participant = || async {
            let list = room.app.api.get(&format!("{}/participants", room.talk.path)).await.ok();
            list["participants"][0].clone()
        };
        let before = participant().await;
        assert_eq!(before["unreadCount"], 2, "own messages are not unread");
        assert!(before.get("lastRead").is_none());
        assert_eq!(act("conversation:read", user.clone()).await.ok(), json!({}));
        let after = participant().await;
        assert_eq!(after["unreadCount"], 0);
        assert!(after["lastRead"].is_string());
        let conversation = || room.app.get(&room.talk.path[room.app.path("").len()..]);
        assert!(conversation().await["conversation"].get("businessLastRead").is_none());
        act("conversation:read", business.clone()).await.ok();
        assert!(conversation().await["conversation"]["businessLastRead"].is_string());
        act("typing:start", business.clone()).await.ok();
        act("typing:stop", business.clone()).await.ok();
        act("typing:start", user.clone()).await.refused(400, "bad_request");
        act("conversation:leave", business.clone()).await.refused(400, "bad_request");
        act("conversation:read", json!({ "type": "user" })).await.refused(400, "bad_request");
        act("conversation:read", json!({})).await.refused(400, "bad_request");
        let by_name = json!({ "type": "user", "userExternalId": "customer" });
        act("conversation:read", by_name).await.ok();
    });
}

#[test]
fn received_and_ids_rise_under_many_writers() {
    run(60, async {
        let room = Room::create().await;
        let tasks: Vec<_> = (0..8)
            .map(|writer| {
                let (api, path) = (room.app.api.clone(), format!("{}/messages", room.talk.path));
                tokio::spawn(async move {
                    let mut last = String::new();
                    for number in 0..12 {
                        let posted = api.post(&path, &business(&format!("{writer}-{number}"))).await.ok();
                        let id = text_at(&posted, "/messages/0/id");
                        assert!(id > last, "one writer's ids rise");
                        last = id;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let listed = room.list().await;
        assert_eq!(listed.len(), 96);
        for field in ["id", "received"] {
            let values: Vec<String> = listed.iter().map(|it| text_at(it, &format!("/{field}"))).collect();
            assert!(values.windows(2).all(|pair| pair[0] < pair[1]), "{field} rises strictly");
        }
    });
}

#[test]
fn a_full_conversation_is_locked_until_something_is_deleted() {
    run(300, async {
        const FULL: usize = 30_000;
        const WRITERS: usize = 48;
        let room = Room::create().await;
        progress!("30,000 messages into one conversation");
        let next = Arc::new(AtomicUsize::new(0));
        let tasks: Vec<_> = (0..WRITERS)
            .map(|_| {
                let (api, path, next) =
                    (room.app.api.clone(), format!("{}/messages", room.talk.path), next.clone());
                tokio::spawn(async move {
                    while next.fetch_add(1, Ordering::Relaxed) < FULL {
                        api.post(&path, &business("x")).await.with_status(201);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        room.post(&business("one too many")).await.refused(423, "locked");
        let newest = room.list().await;
        let id = text_at(&newest[99], "/id");
        room.app.api.delete(&format!("{}/messages/{id}", room.talk.path)).await.ok();
        room.post(&business("in its place")).await.with_status(201);
        room.post(&business("one too many")).await.refused(423, "locked");
        room.app.api.delete(&format!("{}/messages", room.talk.path)).await.ok();
        room.post(&business("room again")).await.with_status(201);
    });
}
