//! Who gets a message of the business: decided when it is posted, whenever a channel looks at it.

use model::record::{Client, ClientKey, Destination, EventForm, IntegrationKey, UserKey};
use store::rows::{participants, sweeps};

use super::links::link;
use super::*;
use crate::ActivityAuthor;
use crate::commands::message::{AuthorDraft, MessageDraft};
use crate::error::HubError;
use crate::outbox::Parked;
use model::ErrorCode;
use model::event::ActivityKind;

/// A client on another channel of the same person, which is the primary one from now on.
async fn phone(town: &Town, integration: &Integration, user: UserKey, conversation: Id) -> Client {
    let (app, integration) = (town.grant.app.key, integration.clone());
    town.house.clock.advance(1);
    town.house
        .write(move |tx, ctx| {
            let integration = integration.clone();
            Box::pin(async move {
                let mut client = Client {
                    key: ClientKey::default(),
                    id: ctx.id(),
                    user,
                    kind: integration.kind.clone(),
                    status: ClientStatus::Active,
                    integration: Some(integration.key),
                    integration_id: Some(integration.id),
                    external_id: Some("+1514".into()),
                    last_seen: None,
                    linked_at: None,
                    display_name: None,
                    avatar_url: None,
                    info: None,
                    raw: None,
                    link: None,
                };
                client.key = clients::insert(tx, app, &client).await?;
                let found = conversations::by_id(tx, app, conversation).await?.unwrap();
                let place = participants::key_of(tx, found.key, user).await?.unwrap();
                participants::associate(tx, place, client.key, ctx.now).await?;
                Ok(client)
            })
        })
        .await
}

/// Ann, who has written through the town's channel and is reached by telephone since then.
async fn ann() -> (Town, Id, Integration, Client) {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (user, conversation, _) = town.person("ann").await;
    let twilio = town.house.channel(&town.grant, "twilio").await;
    let phone = phone(&town, &twilio, user.key, conversation).await;
    (town, conversation, twilio, phone)
}

fn is_to(errand: &Errand, external_id: &str) -> bool {
    matches!(errand, Errand::Message(errand) if errand.client.external_id.as_deref() == Some(external_id))
}

/// The message of an event cannot be sent; it is settled as what it is.
async fn fails(town: &Town, event: &EventView, errand: Errand, integration: IntegrationKey) -> Event {
    let Errand::Unreachable { client, outcome, .. } = errand else { panic!("nobody: {errand:?}") };
    let place = SendPlace {
        subscription: town.house.channel_subscription(&town.integration).await,
        event: event.sequence,
        lane: event.lane,
        integration,
        client,
        message: event.message.as_ref().unwrap().message.key,
    };
    town.house.hub.outbox().settle_send(place, false, outcome).await.unwrap();
    town.newest().await
}

#[tokio::test]
async fn what_was_decided_stays_whoever_is_primary_later() {
    let (town, conversation, twilio, _) = ann().await;
    town.house.say(&town.grant, conversation, None, "to the phone").await;
    let by_phone = town.newest().await.sequence;
    town.told("ann", vec![text("here again")]).await;
    town.house.say(&town.grant, conversation, None, "to the chat").await;
    let by_chat = town.newest().await.sequence;
    for (event, on_phone, on_chat) in [(by_phone, true, false), (by_chat, false, true)] {
        let (_, twilio) = town.errand_of(event, &twilio).await;
        let (_, telegram) = town.errand_of(event, &town.integration).await;
        assert_eq!((is_to(&twilio, "+1514"), is_to(&telegram, "ann")), (on_phone, on_chat), "{event}");
        assert!(matches!((&twilio, &telegram), (Errand::Nothing, _) | (_, Errand::Nothing)), "{event}");
    }
    // Whom it does not concern is not even handed it, and so never waits with it.
    let subscribers = town.house.hub.outbox().subscribers().await.unwrap();
    let event = town.house.hub.outbox().event(by_chat).await.unwrap().unwrap();
    let hear = subscribers.iter().filter(|one| one.subscription.form == EventForm::Channel);
    let hear: Vec<_> = hear.filter(|one| event.is_for(&one.subscription)).collect();
    assert_eq!(hear.len(), 1);
    assert_eq!(hear[0].subscription.integration, town.integration.key);
}

#[tokio::test]
async fn a_message_for_a_client_that_was_removed_has_failed() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (user, conversation, _) = town.person("ann").await;
    town.house.say(&town.grant, conversation, None, "too late").await;
    let message = town.newest().await.sequence;
    let reference = UserRef::new(user.id.to_string());
    let request = PageRequest { cursor: Cursor::Start, size: 100 };
    let client = town.house.hub.list_clients(&town.grant, &reference, request).await.unwrap().items.remove(0);
    town.house.hub.remove_client(&town.grant, reference, client.id).await.unwrap();
    let (event, errand) = town.errand_of(message, &town.integration).await;
    let told = fails(&town, &event, errand, town.integration.key).await;
    assert_eq!((told.kind, told.user), (E::DeliveryFailure, user.key));
    let detail = told.detail.unwrap();
    assert_eq!(detail.error.unwrap().code, ErrorCode::NotFound);
    assert!(detail.delivery.unwrap().is_final);
    let (_, again) = town.errand_of(message, &town.integration).await;
    assert!(matches!(again, Errand::Nothing), "told once: {again:?}");
}

#[tokio::test]
async fn a_client_that_became_another_is_followed() {
    let town = Town::new().await;
    town.told("-400", vec![text("one")]).await;
    town.told("-1001", vec![text("two")]).await;
    let (_, conversation, _) = town.person("-1001").await;
    town.house.say(&town.grant, conversation, None, "three").await;
    let message = town.newest().await.sequence;
    // Both become one user with one conversation, and the newer client goes.
    town.told("-400", vec![InboundEvent::Moved { to: "-1001".into() }]).await;
    let (_, errand) = town.errand_of(message, &town.integration).await;
    assert!(is_to(&errand, "-1001"), "{errand:?}");
}

#[tokio::test]
async fn what_became_of_a_message_is_told_where_it_is_once_two_conversations_are_one() {
    let town = Town::new().await;
    let mut sent = Vec::new();
    for (group, id) in [("-400", "m1"), ("-1001", "m2")] {
        town.told(group, vec![text("hello")]).await;
        let (_, conversation, _) = town.person(group).await;
        sent.push((town.say(conversation, "on its way").await.0, id));
    }
    town.told("-400", vec![InboundEvent::Moved { to: "-1001".into() }]).await;
    let (_, kept, _) = town.person("-1001").await;
    let app = town.grant.app.key;
    let kept = {
        let reader = &mut *town.house.hub.reader().await.unwrap();
        conversations::by_id(reader, app, kept).await.unwrap().unwrap().key
    };
    assert!(sent.iter().any(|(place, _)| place.lane.conversation() != Some(kept)), "one of them is gone");
    for (place, id) in sent {
        town.accept(place, &[id], Vec::new()).await;
        let told = town.newest().await;
        assert_eq!((told.kind, told.conversation), (E::DeliveryChannel, kept), "{id}");
    }
}

#[tokio::test]
async fn a_client_of_a_deleted_integration_is_in_nobodys_way() {
    let (town, conversation, twilio, _) = ann().await;
    let kind = || Some(Destination::Kind("twilio".into()));
    let post = async |destination| {
        let draft = MessageDraft {
            author: AuthorDraft::Business(ShownAuthor::default()),
            content: Content::Text(Text { text: Some("hi".into()), ..Text::default() }),
            metadata: None,
            destination,
            overrides: None,
            schema: None,
        };
        town.house.hub.post_message(&town.grant, conversation, draft).await
    };
    post(kind()).await.unwrap();
    town.house.hub.delete_integration(&town.grant, twilio.id).await.unwrap();
    // At once, and when its clients are marked.
    for swept in [false, true] {
        if swept {
            town.house.hub.sweep().await.unwrap();
        }
        post(None).await.unwrap();
        assert!(is_to(&town.errand().await.1, "ann"), "{swept}");
        let refused = post(kind()).await;
        assert!(matches!(refused, Err(HubError::Invalid(_))), "{swept}: {:?}", refused.err());
        let (typing, author) = (ActivityKind::TypingStart, ActivityAuthor::Business);
        town.house.hub.post_activity(&town.grant, conversation, typing, author).await.unwrap();
        assert!(matches!(town.errand().await.1, Errand::Activity(_)), "{swept}");
    }
    // A new integration of the same type is not hidden by the old one.
    let other = town.house.channel(&town.grant, "twilio").await;
    let (user, ..) = town.person("ann").await;
    phone(&town, &other, user.key, conversation).await;
    post(kind()).await.unwrap();
    let event = town.newest().await.sequence;
    assert!(is_to(&town.errand_of(event, &other).await.1, "+1514"));
}

#[tokio::test]
async fn what_a_deleted_integration_had_not_sent_has_failed() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (_, conversation, _) = town.person("ann").await;
    let (sent, _) = town.say(conversation, "sent").await;
    town.accept(sent, &["m1"], Vec::new()).await;
    let (waits, _) = town.say(conversation, "waits").await;
    let (taken_back, _) = town.say(conversation, "taken back").await;
    let message = town.messages(conversation).await.pop().unwrap().message.id;
    town.house.hub.delete_message(&town.grant, conversation, message).await.unwrap();
    let (open, _) = town.say(conversation, "not looked at").await;
    let now = town.house.hub.now();
    let parked = Parked {
        subscription: waits.subscription,
        lane: waits.lane,
        first: waits.event,
        last: taken_back.event,
        attempts: 1,
        next_at: now,
        status: None,
        error: None,
        parked_at: now,
    };
    let outbox = town.house.hub.outbox();
    outbox.park(parked).await.unwrap();
    outbox.settle(vec![(waits.subscription, taken_back.event)]).await.unwrap();
    town.house.hub.delete_integration(&town.grant, town.integration.id).await.unwrap();
    for _ in 0..2 {
        town.house.hub.sweep().await.unwrap();
        let told = town.house.events_of(&[E::DeliveryFailure]).await;
        let messages: Vec<_> = told.iter().map(|event| event.message).collect();
        assert_eq!(messages, [waits.message, open.message], "each of them once");
        let detail = told[0].detail.clone().unwrap();
        assert_eq!(detail.error.unwrap().code, ErrorCode::NotFound);
        assert!(detail.delivery.unwrap().is_final);
    }
    let reader = &mut *town.house.hub.reader().await.unwrap();
    assert!(sweeps::waiting(reader, 0, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_message_behind_an_immediate_link_goes_where_it_leads() {
    let town = Town::new().await;
    let user = town.house.user(&town.grant, "ext").await;
    for (confirmation, is_sent) in [(Confirmation::Immediate, true), (Confirmation::UserActivity, false)] {
        let address = format!("+1514{is_sent}");
        let conversation = link(&town, &user, confirmation, &address).await;
        let event = town.newest().await.sequence;
        town.house.say(&town.grant, conversation, None, "hi").await;
        let message = town.newest().await.sequence;
        let (_, early) = town.errand_of(message, &town.integration).await;
        assert!(matches!(early, Errand::Nothing), "the link waits: {early:?}");
        let (view, errand) = town.errand_of(event, &town.integration).await;
        let Errand::Message(begun) = errand else { panic!("a link: {errand:?}") };
        let sent_at = town.house.hub.now();
        let outcome = SendOutcome::Accepted { external_ids: vec![], sent_at, tells_arrival: true };
        let place = town.place(&view, &begun).await;
        town.house.hub.outbox().settle_send(place, true, outcome).await.unwrap();
        let (_, errand) = town.errand_of(message, &town.integration).await;
        assert_eq!(is_to(&errand, &address), is_sent, "{errand:?}");
    }
}

#[tokio::test]
async fn a_channel_that_comes_later_is_not_overlooked() {
    let house = House::open();
    let grant = house.app().await;
    let user = house.user(&grant, "ext").await;
    let conversation = house.conversation(&grant, &[&user]).await;
    house.say(&grant, conversation, None, "nobody else hears this").await;
    let before = house.events().await.pop().unwrap();
    assert_eq!((before.client, before.integration), (ClientKey(0), IntegrationKey(0)));
    let integration = house.channel(&grant, "telegram").await;
    let town = Town { house, grant, integration, next: 0.into() };
    phone(&town, &town.integration, user.key, conversation).await;
    let (_, errand) = town.say(conversation, "hi").await;
    assert_eq!(errand.client.external_id.as_deref(), Some("+1514"));
    assert!(matches!(town.errand_of(before.sequence, &town.integration).await.1, Errand::Nothing));
    // What a user says, and a whisper, go to nobody.
    town.house.say(&town.grant, conversation, Some(&user), "me").await;
    assert_eq!(town.newest().await.client, ClientKey(0));
    let draft = MessageDraft {
        author: AuthorDraft::Business(ShownAuthor::default()),
        content: Content::Text(Text { text: Some("hush".into()), ..Text::default() }),
        metadata: None,
        destination: Some(Destination::Silent),
        overrides: None,
        schema: None,
    };
    town.house.hub.post_message(&town.grant, conversation, draft).await.unwrap();
    assert_eq!(town.newest().await.client, ClientKey(0));
}
