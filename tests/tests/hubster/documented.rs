//! Messages of the documentation as they stand: sent by an agent and by a customer, they are delivered,
//! echoed and listed as they were written (hubster.md §5.2, §5.3), and read by the other API.

use serde_json::{Value, json};
use testkit::run;

use super::shop::{Shop, activity};

/// Type in the other API, and the message.
fn messages() -> Vec<(&'static str, Value)> {
    vec![
        ("text", json!({ "type": "text", "text": "Hi there!" })),
        (
            "text",
            json!({ "type": "text", "text": "Select one of the following options", "actions": [
                { "type": "postback", "title": "Yes", "payload": "Yes", "channels": [{ "type": "Webchat", "metadata": [{ "key": "type", "value": "primary" }] }] },
                { "type": "reply", "title": "No", "payload": "No" },
                { "type": "link", "title": "hubster", "url": "https://hubster.io" }] }),
        ),
        (
            "text",
            json!({ "type": "youtube", "url": "https://www.youtube.com/embed/pfaSUYaSgRo", "label": "A film" }),
        ),
        ("text", json!({ "type": "vimeo", "url": "player.vimeo.com/video/12345678" })),
        (
            "file",
            json!({ "type": "video", "url": "http://site.com/film.mp4", "mimeType": "video/mp4", "label": "A film" }),
        ),
        ("file", json!({ "type": "audio", "url": "http://site.com/song.mp3", "mimeType": "audio/mpeg" })),
        (
            "image",
            json!({ "type": "image", "url": "http://site.com/image1.png", "urlAnchor": "http://site.com", "alt": "A picture", "title": "Look",
            "channels": [{ "type": "Webchat", "metadata": [{ "key": "caption-show", "value": "true" }, { "key": "caption-color", "value": "white" }] }] }),
        ),
        (
            "file",
            json!({ "type": "attachment", "label": "Year end report", "mimeType": "pdf", "url": "http://site.com/myfile.pdf" }),
        ),
        (
            "location",
            json!({ "type": "location", "address": "2640 Matheson, Mississauga, ON", "latitude": 43.8425254, "longitude": -79.5240196 }),
        ),
        ("text", json!({ "type": "location", "address": "2640 Matheson, Mississauga, ON" })),
        (
            "text",
            json!({ "type": "contact", "title": "Eva Green", "subtitle": "Mighty Health", "imageUrl": "https://site.com/eva.png",
            "properties": [{ "key": "Cell", "value": "(416) 555-0001", "type": "phone;cell" }] }),
        ),
        (
            "text",
            json!({ "type": "card", "title": "Eva Green", "subtitle": "s", "content": "c", "urlType": "youtube", "url": "https://youtu.be/x", "fallbackImageUrl": "https://site.com/eva.png" }),
        ),
        ("text", json!({ "type": "card", "title": "Eva Green", "imageUrl": "https://site.com/eva.png" })),
        (
            "text",
            json!({ "type": "text", "text": "Both", "items": [{ "type": "image", "url": "https://site.com/a.png" }, { "type": "audio", "url": "https://site.com/a.mp3" }] }),
        ),
    ]
}

fn of_business() -> Vec<(&'static str, Value)> {
    let items = json!([{ "title": "Victorious", "content": "A ship", "urlType": "image", "url": "http://site.com/image1.png",
        "actions": [{ "type": "reply", "title": "Select", "payload": "Victorious" }, { "type": "link", "title": "More Info", "url": "https://hubster.io" }] }]);
    vec![
        ("carousel", json!({ "type": "carousel", "items": items })),
        (
            "list",
            json!({ "type": "list", "items": items, "actions": [{ "type": "postback", "title": "See more options", "payload": "More Options" }] }),
        ),
    ]
}

/// How a message is delivered: what an older page calls `imageUrl` stands beside the present name.
fn delivered(mut message: Value) -> Value {
    if message["type"] == "card" && message.get("url").is_none() {
        message["url"] = message["imageUrl"].clone();
        message["urlType"] = json!("image");
    }
    message
}

#[test]
fn every_message_of_the_documentation_arrives_as_it_was_written() {
    run(60, async {
        let shop = Shop::open().await;
        let ann = shop.direct("ann", true).await;
        let (mut kinds, mut sent) = (Vec::new(), Vec::new());
        for (kind, message) in messages() {
            let reply = shop
                .send(&ann.conversation, None, json!({ "type": "message", "message": message }))
                .await
                .ok();
            assert!(reply["interactionId"].is_string(), "{message} → {reply}");
            kinds.push(kind);
            sent.push(delivered(message));
        }
        for (kind, message) in messages().into_iter().chain(of_business()) {
            shop.answer(&ann.conversation, message.clone()).await.ok();
            kinds.push(kind);
            sent.push(delivered(message));
        }
        // The customer hears both, their own as an echo; the agent the customer's; the archive all.
        let heard: Vec<Value> = ann
            .inbox
            .wait_for(sent.len())
            .await
            .iter()
            .map(|hook| activity(hook)["message"].clone())
            .collect();
        assert_eq!(heard, sent);
        let by_customer = messages().len();
        let heard: Vec<Value> = shop
            .agents
            .wait_for(by_customer)
            .await
            .iter()
            .map(|hook| activity(hook)["message"].clone())
            .collect();
        assert_eq!(heard, sent[..by_customer]);
        shop.archive.wait_for(sent.len()).await;
        let listed: Vec<Value> =
            shop.activities(&ann.conversation).await.iter().map(|it| it["message"].clone()).collect();
        assert_eq!(listed, sent);
        // What the other API makes of them, a page at a time; the fixture judges every answer.
        let account = shop.server.as_account();
        let seen =
            account.get(&format!("{}/messages?page[size]=100", shop.core(&ann.conversation))).await.ok();
        let found: Vec<&str> = seen["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["content"]["type"].as_str().unwrap())
            .collect();
        assert_eq!(found, kinds);
    });
}
