//! What customers send besides words.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sim::{Action, Channel, Customer};
use testkit::{run, text_at};

use super::{MESSENGER, SMS, Street, TELEGRAM, WHATSAPP, conversation_of};

/// Has a customer send a picture: the event that tells of it names our address of its bytes.
async fn picture_arrives(street: &Street, customer: &Customer) {
    customer.picture("look").await.unwrap();
    let told = street.event("conversation:message").await;
    assert_eq!(text_at(told.payload(), "/message/content/type"), "image");
    assert_eq!(text_at(told.payload(), "/message/content/text"), "look");
    let url = text_at(told.payload(), "/message/content/mediaUrl");
    let path = url.strip_prefix(&street.server.base()).expect("ours").to_owned();
    let reply = street.server.api().get(&path).await;
    assert_eq!(reply.status, 200, "its file is there when the event comes");
    assert!(!reply.text.is_empty());
    assert_eq!(text_at(told.payload(), "/message/content/mediaType"), reply.header("content-type"));
}

#[test]
fn a_picture_comes_with_the_address_of_its_bytes() {
    run(60, async {
        let street = Street::build().await;
        street.telegram().await;
        picture_arrives(&street, &street.sim.customer(Channel::Telegram, "1111111")).await;
    });
}

#[test]
fn a_picture_of_an_mms_is_fetched_with_the_accounts_token() {
    run(60, async {
        let street = Street::build().await;
        street.twilio().await;
        picture_arrives(&street, &street.sim.customer(Channel::Sms, "+15145550100")).await;
    });
}

#[test]
fn a_program_becomes_a_text_that_says_so() {
    run(60, async {
        let street = Street::build().await;
        street.messenger().await;
        let ann = street.sim.customer(Channel::Messenger, "7000000000000001");
        ann.act(Action::Media {
            data: Some(STANDARD.encode(b"MZ\x90\0\x03\0\0\0")),
            content_type: Some("application/pdf".into()),
            name: Some("invoice.pdf".into()),
            caption: None,
        })
        .await
        .unwrap();
        let told = street.event("conversation:message").await;
        assert_eq!(text_at(told.payload(), "/message/content/type"), "text");
        let text = text_at(told.payload(), "/message/content/text");
        assert!(text.contains("was not received: its type ") && text.contains(" is not allowed"), "{text}");
    });
}

#[test]
fn what_the_content_cannot_say_stands_beside_it() {
    run(120, async {
        for line in [TELEGRAM, MESSENGER, WHATSAPP] {
            let street = Street::build().await;
            street.connect(line).await;
            let ann = street.sim.customer(line.channel, line.who);
            ann.act(Action::Unknown).await.unwrap();
            let told = street.event("conversation:message").await;
            let text = text_at(told.payload(), "/message/content/text");
            assert!(text.starts_with("Unsupported message: "), "{line:?}: {text}");
            let raw = &told.payload()["message"]["source"]["raw"];
            assert!(raw.as_object().is_some_and(|raw| !raw.is_empty()), "{line:?}: {raw}");
            let path = format!("/conversations/{}/messages", conversation_of(&told));
            let page = street.app.get(&path).await;
            assert_eq!(&page["messages"][0]["source"]["raw"], raw, "{line:?}");
            // Everything else has said it.
            ann.say("Hello").await.unwrap();
            let told = street.events("conversation:message", 2).await.remove(1);
            assert!(told.payload()["message"]["source"].get("raw").is_none(), "{line:?}");
        }
    });
}

#[test]
fn a_file_that_is_too_large_becomes_a_text_that_says_so() {
    run(240, async {
        let ours = "was not received: larger than 50 MB";
        // Telegram gives bots no more than 20 MB and says so in its own words.
        let lines = [(TELEGRAM, 21, "file is too big"), (MESSENGER, 51, ours), (SMS, 51, ours)];
        for (line, megabytes, why) in lines {
            let street = Street::build().await;
            street.connect(line).await;
            let ann = street.sim.customer(line.channel, line.who);
            let bytes = vec![b'x'; megabytes * 1024 * 1024];
            ann.act(Action::Media {
                data: Some(STANDARD.encode(bytes)),
                content_type: Some("application/zip".into()),
                name: Some("archive.zip".into()),
                caption: None,
            })
            .await
            .unwrap();
            let told = street.event("conversation:message").await;
            assert_eq!(text_at(told.payload(), "/message/content/type"), "text", "{line:?}");
            let text = text_at(told.payload(), "/message/content/text");
            assert!(text.contains("was not received: ") && text.contains(why), "{line:?}: {text}");
        }
    });
}
