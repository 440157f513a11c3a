//! Media that are fetched after their message is stored.

use super::*;

pub(super) fn picture() -> InboundEvent {
    let content = Content::Image(MediaContent {
        media: MediaRef::Url("media:0".into()),
        media_type: None,
        media_size: None,
        alt_text: None,
        text: Some("look".into()),
        html_text: None,
        actions: Vec::new(),
        block_chat_input: None,
        attachment_id: None,
    });
    let medium = InboundMedia {
        reference: json!({ "file": 7 }),
        name: Some("cat.jpg".into()),
        media_type: Some("image/jpeg".into()),
        size: Some(5),
    };
    InboundEvent::Message(InboundMessage {
        external_id: "m:cat".into(),
        content,
        media: vec![medium],
        quoted: None,
        original: None,
    })
}

#[tokio::test]
async fn a_medium_has_its_address_at_once_and_its_bytes_later() {
    let town = Town::new().await;
    town.told("ann", vec![picture()]).await;
    let outbox = town.house.hub.outbox();
    let event = outbox.event(town.newest().await.sequence).await.unwrap().unwrap();
    assert!(event.awaits_media);
    let waiting = outbox.due_media(2, 10).await.unwrap().pop().unwrap();
    assert_eq!(waiting.medium.reference, json!({ "file": 7 }));
    let mut file = outbox.write_medium(&waiting).await.unwrap();
    file.add(bytes::Bytes::from_static(b"bytes")).await.unwrap();
    file.finish().await.unwrap();
    let end = FileEnd::Stored { media_type: "image/png".into(), size: 5 };
    outbox.settle_medium(waiting.key, end).await.unwrap();
    let event = outbox.event(event.sequence).await.unwrap().unwrap();
    assert!(!event.awaits_media);
    let (_, conversation, _) = town.person("ann").await;
    let message = town.messages(conversation).await.pop().unwrap();
    let Ok(Content::Image(image)) = serde_json::from_str(&message.message.content) else {
        panic!("an image")
    };
    assert_eq!((image.media_type.as_deref(), image.media_size), (Some("image/png"), Some(5)));
    let MediaRef::Attachment { token, name, .. } = image.media else { panic!("an attachment") };
    assert_eq!(name, "cat.jpg");
    let url = town.house.hub.attachment_url(&token, &name);
    let own = outbox.own_file(&url, 10).await.unwrap().unwrap();
    assert_eq!((own.media_type.as_str(), own.size), ("image/png", 5));
    assert_eq!(outbox.own_bytes(&own).await.unwrap().unwrap(), "bytes");
    assert!(outbox.own_file(&url, 4).await.unwrap().is_none(), "too large");
}

#[tokio::test]
async fn a_page_of_events_ends_in_front_of_a_medium_that_is_being_fetched() {
    let town = Town::new().await;
    town.told("ann", vec![picture()]).await;
    town.told("ann", vec![text("behind it")]).await;
    let (hub, grant) = (town.house.hub.clone(), town.grant.clone());
    let from = |after, wait| EventsRequest { after, limit: 100, wait: Duration::from_secs(wait) };
    let kinds = |page: &EventPage| page.events.iter().map(|event| event.kind).collect::<Vec<_>>();
    let first = hub.list_events(&grant, from(None, 0)).await.unwrap();
    assert!(!kinds(&first).contains(&E::ConversationMessage), "{:?}", kinds(&first));
    assert!(!first.has_more, "who asks again at once would ask for nothing");

    let waiting = hub.outbox().due_media(2, 10).await.unwrap().pop().unwrap();
    let request = from(first.after, 60);
    let poll = tokio::spawn(async move { hub.list_events(&grant, request).await.unwrap() });
    let mut file = town.house.hub.outbox().write_medium(&waiting).await.unwrap();
    file.add(bytes::Bytes::from_static(b"bytes")).await.unwrap();
    file.finish().await.unwrap();
    let end = FileEnd::Stored { media_type: "image/png".into(), size: 5 };
    town.house.hub.outbox().settle_medium(waiting.key, end).await.unwrap();
    let page = poll.await.unwrap();
    assert_eq!(kinds(&page), [E::ConversationMessage; 2]);
    assert!(page.events.iter().all(|event| !event.awaits_media));

    town.told("bob", vec![picture()]).await;
    let held = town.house.hub.list_events(&town.grant, from(page.after, 0)).await.unwrap();
    town.house.clock.advance(MEDIUM_WAIT_MS);
    let late = town.house.hub.list_events(&town.grant, from(held.after, 0)).await.unwrap();
    assert!(kinds(&late).contains(&E::ConversationMessage), "nobody waits for longer");

    town.told("cid", vec![picture()]).await;
    town.house.clock.advance(-365 * model::time::DAY_MS);
    let ahead = town.house.hub.list_events(&town.grant, from(late.after, 0)).await.unwrap();
    assert!(kinds(&ahead).contains(&E::ConversationMessage), "nor until a clock that was ahead comes there");
}

#[tokio::test]
async fn a_medium_that_does_not_come_leaves_what_was_put_in_its_place() {
    let town = Town::new().await;
    town.told("ann", vec![picture()]).await;
    let (_, conversation, _) = town.person("ann").await;
    let outbox = town.house.hub.outbox();
    let first = outbox.due_media(2, 10).await.unwrap().pop().unwrap();
    let InboundEvent::Message(mut other) = picture() else { panic!("a message") };
    other.media[0].name = Some("dog.jpg".into());
    let InboundMessage { external_id, content, media, .. } = other;
    town.told("ann", vec![InboundEvent::Edit { external_id, content, media }]).await;
    let second = outbox.due_media(2, 10).await.unwrap();
    let second = second.into_iter().find(|medium| medium.key != first.key).unwrap();
    town.house.clock.advance(60_000);
    let count = town.house.events().await.len();
    outbox.settle_medium(first.key, FileEnd::Refused("larger than 50 MB".into())).await.unwrap();
    assert_eq!(town.house.events().await.len(), count, "nothing is told of what is not shown");
    let shown = town.messages(conversation).await.pop().unwrap();
    assert!(shown.message.content.contains("dog.jpg"), "{}", shown.message.content);
    // The note about the one that is shown takes its place, as ever.
    outbox.settle_medium(second.key, FileEnd::Refused("gone".into())).await.unwrap();
    assert_eq!(town.texts(conversation).await, ["look\n\n(dog.jpg was not received: gone)"]);
}

#[tokio::test]
async fn a_medium_that_does_not_come_becomes_a_text_that_says_why() {
    let town = Town::new().await;
    town.told("ann", vec![picture()]).await;
    let (_, conversation, _) = town.person("ann").await;
    let outbox = town.house.hub.outbox();
    let waiting = outbox.due_media(2, 10).await.unwrap().pop().unwrap();
    let count = town.house.events().await.len();
    outbox.settle_medium(waiting.key, FileEnd::Refused("larger than 50 MB".into())).await.unwrap();
    assert_eq!(town.texts(conversation).await, ["look\n\n(cat.jpg was not received: larger than 50 MB)"]);
    assert_eq!(town.house.events().await.len(), count, "its event has waited");
    let mut other = picture();
    if let InboundEvent::Message(message) = &mut other {
        message.external_id = "m:cat2".into();
    }
    town.told("ann", vec![other]).await;
    let waiting = outbox.due_media(2, 10).await.unwrap().pop().unwrap();
    town.house.clock.advance(60_000);
    speaks(&town, &town.person("ann").await.0, "es-MX").await;
    let count = town.house.events().await.len();
    outbox.settle_medium(waiting.key, FileEnd::Refused("gone".into())).await.unwrap();
    assert_eq!(town.kinds().await[count..], [E::ConversationMessage], "it is told again");
    assert_eq!(town.texts(conversation).await[1], "look\n\n(cat.jpg no se recibió: gone)");
}
