//! What the business sends besides words: files that not everybody may read, and payloads of its own.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use sim::Channel;
use testkit::{run, text_at};

use super::{LINES, MESSENGER, SMS, Street, TELEGRAM, WHATSAPP};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// Uploads a picture; gives its address.
async fn uploaded(street: &Street, access: &str, bytes: Vec<u8>) -> String {
    let form = Form::new().part("source", Part::bytes(bytes).file_name("our shop.png"));
    let path = street.app.path(&format!("/attachments?access={access}"));
    let made = street.app.api.call("POST", &path).multipart(form).send().await.with_status(201);
    text_at(&made, "/attachment/mediaUrl")
}

/// Uploads a file by its name; gives its address.
async fn uploaded_as(street: &Street, name: &str, bytes: Vec<u8>) -> String {
    let form = Form::new().part("source", Part::bytes(bytes).file_name(name.to_owned()));
    let path = street.app.path("/attachments?access=public");
    let made = street.app.api.call("POST", &path).multipart(form).send().await.with_status(201);
    text_at(&made, "/attachment/mediaUrl")
}

/// Status and bytes behind an address, for somebody without a key.
async fn loaded(url: &str) -> (u16, Vec<u8>) {
    let reply = reqwest::get(url).await.unwrap();
    (reply.status().as_u16(), reply.bytes().await.unwrap().to_vec())
}

#[test]
fn a_private_file_reaches_the_customer_and_nobody_else() {
    run(120, async {
        for line in LINES {
            let street = Street::build().await;
            let (ann, conversation) = street.begun(line).await;
            let (url, other) = (
                uploaded(&street, "private", PNG.into()).await,
                uploaded(&street, "private", PNG.into()).await,
            );
            let content = json!({ "type": "image", "mediaUrl": url, "text": "our shop" });
            let message = street.answer(&conversation, content).await;
            street.event("conversation:message:delivery:channel").await;
            let got = ann.received().into_iter().find_map(|bubble| bubble.media.into_iter().next());
            let signed = got.expect("a picture").url;
            assert_eq!(loaded(&signed).await, (200, PNG.to_vec()), "{line:?}");
            // The address alone opens nothing, and what stands behind it no other file.
            assert_eq!(loaded(&url).await.0, 401, "{line:?}");
            let ticket = signed.strip_prefix(&url).expect("the same address");
            assert_eq!(loaded(&format!("{other}{ticket}")).await.0, 401, "{line:?}");
            let bent = format!("{}A{}", &signed[..signed.len() - 9], &signed[signed.len() - 8..]);
            assert!(bent == signed || loaded(&bent).await.0 == 401, "{line:?}");
            // Nobody who reads the conversation sees more than the address.
            let page = street.app.get(&format!("/conversations/{conversation}/messages")).await;
            let shown = page["messages"].as_array().unwrap().iter().find(|it| it["id"] == *message);
            assert_eq!(shown.unwrap()["content"]["mediaUrl"], *url, "{line:?}");
            street.sim.transcript().assert_clean();
        }
    });
}

/// Drawings and films of other kinds reach the customer on every channel, in whatever form.
#[test]
fn what_a_provider_does_not_show_arrives_all_the_same() {
    run(120, async {
        for line in [TELEGRAM, MESSENGER, WHATSAPP] {
            let street = Street::build().await;
            let (ann, conversation) = street.begun(line).await;
            let svg = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec();
            let mut films = [b"\0\0\0\x14ftypqt  ".as_slice(), &[0; 64]].concat();
            films.push(0);
            let drawing = uploaded_as(&street, "logo.svg", svg).await;
            let film = uploaded_as(&street, "tour.mov", films).await;
            let card = json!({ "title": "Shoes", "mediaUrl": drawing, "mediaType": "image/svg+xml",
                "actions": [{ "type": "postback", "text": "Buy", "payload": "BUY" }] });
            for (number, content) in [
                json!({ "type": "image", "mediaUrl": drawing }),
                json!({ "type": "file", "mediaUrl": film }),
                json!({ "type": "carousel", "items": [card] }),
            ]
            .into_iter()
            .enumerate()
            {
                street.answer(&conversation, content).await;
                street.events("conversation:message:delivery:channel", number + 1).await;
            }
            assert!(ann.received().len() >= 3, "{line:?}");
            assert_eq!(street.count("conversation:message:delivery:failure"), 0, "{line:?}");
            street.sim.transcript().assert_clean();
        }
    });
}

#[test]
fn the_message_of_a_link_shows_a_private_file_and_masks_cards() {
    run(60, async {
        let street = Street::build().await;
        let integration = street.twilio().await;
        let talk = street.app.talk("customer").await;
        let url = uploaded(&street, "private", PNG.into()).await;
        let content = json!({ "type": "image", "mediaUrl": url, "text": "for 4111 1111 1111 1111" });
        let body = json!({
            "matchCriteria": {
                "type": "twilio", "integrationId": text_at(&integration, "/id"), "phoneNumber": "+15145550100",
            },
            "confirmation": {
                "type": "immediate", "message": { "author": { "type": "business" }, "content": content },
            },
            "target": { "conversationId": talk.conversation },
        });
        let path = format!("/users/{}/clients", talk.user);
        let first = street.app.post(&path, body.clone()).await;
        street.events("client:update", 2).await;
        let ann = street.sim.customer(Channel::Sms, "+15145550100");
        let bubbles = ann.received();
        let media: Vec<_> = bubbles.iter().flat_map(|bubble| &bubble.media).collect();
        assert_eq!(loaded(&media[0].url).await, (200, PNG.to_vec()));
        assert!(bubbles.iter().any(|bubble| bubble.text.contains("for **** **** **** 1111")), "{bubbles:?}");
        // A second link of the number falls onto the same client, and says so.
        let second = street.app.post(&path, body).await;
        let ended = street.event("client:remove").await;
        let ended = ended.payload();
        assert_eq!(
            (&ended["reason"], &ended["client"]["id"]),
            (&json!("linkCancelled"), &second["client"]["id"])
        );
        let updates = street.events("client:update", 4).await;
        assert_eq!(updates[3].payload()["client"]["id"], first["client"]["id"]);
        street.sim.transcript().assert_clean();
    });
}

/// The words of the customer's newest message.
async fn sent(street: &Street, line: super::Line, overrides: Value) -> String {
    let (ann, conversation) = street.begun(line).await;
    let body = json!({
        "author": { "type": "business" },
        "content": { "type": "text", "text": "the content" },
        "override": overrides,
    });
    street.app.post(&format!("/conversations/{conversation}/messages"), body).await;
    street.event("conversation:message:delivery:channel").await;
    street.sim.transcript().assert_clean();
    ann.received().pop().expect("a message").text
}

#[test]
fn a_payload_of_its_own_goes_in_place_of_the_content() {
    run(120, async {
        let words = "the payload";
        let telegram =
            json!({ "method": "sendMessage", "text": format!("<b>{words}</b>"), "parse_mode": "HTML" });
        let cases = [
            (TELEGRAM, "telegram", telegram),
            (MESSENGER, "messenger", json!({ "message": { "text": words } })),
            (SMS, "twilio", json!({ "Body": words })),
            (WHATSAPP, "twilio", json!({ "Body": words })),
        ];
        for (line, kind, payload) in cases {
            let street = Street::build().await;
            let text = sent(&street, line, json!({ kind: { "payload": payload } })).await;
            assert!(text.contains(words), "{line:?}: {text}");
        }
        // WhatsApp's own type is another one than Twilio's sender.
        let street = Street::build().await;
        let meta = json!({ "whatsapp": { "payload": { "type": "text", "text": { "body": words } } } });
        assert_eq!(sent(&street, WHATSAPP, meta).await, "the content");
    });
}

#[test]
fn what_a_machine_wrote_says_so_on_every_channel_in_either_form() {
    run(120, async {
        const NOTE: &str = "(This message was written by AI.)";
        let author = json!({ "type": "business", "subtypes": ["AI"] });
        for line in LINES {
            let street = Street::build().await;
            let (ann, conversation) = street.begun(line).await;
            for (number, form) in ["text", "markdownText"].into_iter().enumerate() {
                let body = json!({ "author": author, "content": { "type": "text", form: "Hi" } });
                let previews = street.app.post("/messages/preview", body.clone()).await;
                for preview in previews["previews"].as_array().unwrap() {
                    assert!(preview["requests"].to_string().contains(NOTE), "{form}: {preview}");
                }
                street.app.post(&format!("/conversations/{conversation}/messages"), body).await;
                street.events("conversation:message:delivery:channel", number + 1).await;
                let text = ann.received().pop().expect("a message").text;
                assert_eq!(text, format!("Hi\n\n{NOTE}"), "{line:?}: {form}");
            }
        }
    });
}

#[test]
fn a_preview_knows_the_senders_and_the_files() {
    run(60, async {
        let street = Street::build().await;
        let preview = async |content: Value| -> Vec<Value> {
            let body = json!({ "author": { "type": "business" }, "content": content });
            street.app.post("/messages/preview", body).await["previews"].as_array().unwrap().clone()
        };
        let senders = |previews: &[Value]| -> Vec<(String, String)> {
            let word = |preview: &Value, name: &str| preview[name].as_str().unwrap_or_default().to_owned();
            previews.iter().map(|preview| (word(preview, "channel"), word(preview, "sender"))).collect()
        };
        let actions = json!([{ "type": "reply", "text": "Yes", "payload": "YES" }]);
        let previews = preview(json!({ "type": "text", "text": "Shall we?", "actions": actions })).await;
        let expected = [("messenger", ""), ("telegram", ""), ("twilio", ""), ("twilio", "whatsapp")];
        assert_eq!(
            senders(&previews),
            expected.map(|(channel, sender)| (channel.to_owned(), sender.to_owned()))
        );
        let (sms, whatsapp) = (&previews[2]["requests"][0], &previews[3]["requests"][0]);
        assert_eq!((&sms["To"], &sms["Body"]), (&json!("{recipient}"), &json!("Shall we?\n\n1. Yes")));
        assert_eq!(whatsapp["To"], "whatsapp:{recipient}");
        assert_eq!(whatsapp["From"], "whatsapp:{sender}");
        let made = &whatsapp["ContentSid"]["types"]["twilio/quick-reply"];
        assert_eq!((&made["body"], &made["actions"][0]["title"]), (&json!("Shall we?"), &json!("Yes")));

        // Only we know how large a file of ours is.
        let large = [PNG, &vec![0; 12 << 20]].concat();
        for (bytes, is_native) in [(PNG.to_vec(), true), (large, false)] {
            let url = uploaded(&street, "public", bytes).await;
            let previews = preview(json!({ "type": "image", "mediaUrl": url })).await;
            for preview in [&previews[0], &previews[2], &previews[3]] {
                assert_eq!(preview["losses"].as_array().unwrap().is_empty(), is_native, "{preview}");
                assert!(preview["requests"][0].to_string().contains(&url), "{preview}");
            }
            let telegram = previews[1]["requests"][0].to_string();
            assert_eq!(telegram.contains("document"), !is_native, "{telegram}");
        }
    });
}
