#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::channel::{
    Choice, Inbound, InboundEvent, InboundMedia, InboundMessage, Person, ReceiptScope, ReceiptState,
    SendError,
};
use model::content::{ActionKind, Content, MediaContent, MediaRef, Text};
use model::event::EventType as E;
use model::limits::TEXT_CHARS_MAX;
use model::patch::Patch;
use model::record::{ClientStatus, Integration, ShownAuthor, User};
use model::{Id, Millis};
use serde_json::json;
use store::rows::events::Event;
use store::rows::{clients, conversations, users};

use crate::outbox::{Errand, EventView, FileEnd, MessageErrand, SendOutcome, SendPlace};
use crate::rules::people::UserRef;
use crate::test_support::{House, text_of};
use crate::{AppPatch, Cursor, Grant, LinkDraft, PageRequest, Received, SettingsPatch};

struct Town {
    house: House,
    grant: Grant,
    integration: Integration,
    next: std::cell::Cell<u32>,
}

fn text(text: &str) -> InboundEvent {
    message(text, Content::Text(Text { text: Some(text.into()), ..Text::default() }))
}

fn message(id: &str, content: Content) -> InboundEvent {
    InboundEvent::Message(InboundMessage {
        external_id: format!("m:{id}"),
        content,
        media: Vec::new(),
        quoted: None,
        original: None,
    })
}

impl Town {
    async fn new() -> Town {
        let house = House::open();
        let grant = house.app().await;
        let integration = house.channel(&grant, "telegram").await;
        Town { house, grant, integration, next: 0.into() }
    }

    /// Things of one person, in one callback.
    async fn told(&self, who: &str, events: Vec<InboundEvent>) -> Received {
        let told = events.into_iter().map(|event| self.inbound(who, event)).collect();
        self.receive(told).await
    }

    fn inbound(&self, who: &str, event: InboundEvent) -> Inbound {
        self.next.set(self.next.get() + 1);
        Inbound {
            dedupe_key: format!("k{}", self.next.get()),
            at: Some(Millis(1_749_999_999_000)),
            person: Person {
                external_id: who.into(),
                display_name: Some(who.to_uppercase()),
                ..Person::default()
            },
            event,
        }
    }

    async fn receive(&self, told: Vec<Inbound>) -> Received {
        self.house.clock.advance(1);
        let open = self.house.hub.channel(self.integration.id).await.unwrap().unwrap();
        self.house.hub.receive(vec![(open, told)]).await.unwrap()
    }

    async fn kinds(&self) -> Vec<E> {
        self.house.events().await.into_iter().map(|event| event.kind).collect()
    }

    async fn newest(&self) -> Event {
        self.house.events().await.pop().unwrap()
    }

    /// The person's user and the conversation that was used last.
    async fn person(&self, who: &str) -> (User, Id, ClientStatus) {
        let reader = &mut *self.house.hub.reader().await.unwrap();
        let client = clients::by_external_id(reader, self.integration.key, who).await.unwrap().unwrap();
        let user = users::by_key(reader, client.user).await.unwrap().unwrap();
        let place = store::rows::participants::newest_place_of_client(reader, client.key).await.unwrap();
        let conversation = match place {
            Some(place) => conversations::by_key(reader, place.conversation).await.unwrap().unwrap().id,
            None => Id::MIN,
        };
        (user, conversation, client.status)
    }

    async fn messages(&self, conversation: Id) -> Vec<crate::MessageView> {
        let request = PageRequest { cursor: Cursor::Start, size: 100 };
        self.house.hub.list_messages(&self.grant, conversation, request).await.unwrap().items
    }

    async fn texts(&self, conversation: Id) -> Vec<String> {
        self.messages(conversation).await.iter().map(text_of).collect()
    }

    async fn settings(&mut self, settings: SettingsPatch) {
        let patch = AppPatch { settings, ..AppPatch::default() };
        self.house.hub.update_app(&self.grant, patch).await.unwrap();
        self.grant = self.house.hub.grant(self.grant.caller.clone(), self.grant.app.id).await.unwrap();
    }

    /// What the newest event asks the channel to do.
    async fn errand(&self) -> (std::sync::Arc<EventView>, Errand) {
        let outbox = self.house.hub.outbox();
        let event = outbox.event(self.newest().await.sequence).await.unwrap().unwrap();
        let subscription = self.house.channel_subscription(&self.integration).await;
        let errand = outbox.errand(subscription, self.integration.key, &event).await.unwrap();
        (event, errand)
    }

    /// The business says something; gives what the channel is asked to send.
    async fn say(&self, conversation: Id, what: &str) -> (SendPlace, Box<MessageErrand>) {
        self.house.say(&self.grant, conversation, None, what).await;
        match self.errand().await {
            (event, Errand::Message(errand)) => (self.place(&event, &errand).await, errand),
            (_, other) => panic!("a message: {other:?}"),
        }
    }

    async fn place(&self, event: &EventView, errand: &MessageErrand) -> SendPlace {
        SendPlace {
            subscription: self.house.channel_subscription(&self.integration).await,
            event: event.sequence,
            lane: event.lane,
            integration: self.integration.key,
            client: errand.client.key,
            message: event.message.as_ref().map(|view| view.message.key).unwrap_or_default(),
        }
    }

    async fn accept(&self, place: SendPlace, ids: &[&str], choices: Vec<Choice>) {
        let external_ids = ids.iter().map(|id| (*id).to_owned()).collect();
        let outcome = SendOutcome::Accepted { external_ids, tells_arrival: true };
        let outbox = self.house.hub.outbox();
        if !choices.is_empty() {
            outbox.offer(&place, &choices).await.unwrap();
        }
        outbox.settle_send(place, false, outcome).await.unwrap();
    }
}

fn receipt(ids: &[&str], state: ReceiptState) -> InboundEvent {
    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
    InboundEvent::Receipt { messages: ReceiptScope::Messages(ids), state }
}

#[tokio::test]
async fn the_first_message_makes_a_user_a_client_and_a_conversation() {
    let town = Town::new().await;
    let received = town.told("ann", vec![text("hello")]).await;
    assert_eq!((received.taken, received.repeated, received.newcomers.len()), (1, 0, 0));
    assert_eq!(town.kinds().await, [E::ConversationCreate, E::ConversationMessage]);
    let (_, conversation, _) = town.person("ann").await;
    let messages = town.messages(conversation).await;
    assert_eq!(text_of(&messages[0]), "hello");
    let source = messages[0].message.extra.source.clone().unwrap();
    assert_eq!((source.kind.as_str(), source.original_message_id.as_deref()), ("telegram", Some("m:hello")));
    assert_eq!(source.original_message_time, Some(1_749_999_999_000));
    assert_eq!(messages[0].message.author.shown.display_name.as_deref(), Some("ANN"));
    // So is what the business posts in their name.
    let (ann, _, _) = town.person("ann").await;
    let posted = town.house.say(&town.grant, conversation, Some(&ann), "by the API").await;
    assert_eq!(posted.message.author.shown.display_name.as_deref(), Some("ANN"));
    // The second one goes to the same place.
    town.told("ann", vec![text("again")]).await;
    assert_eq!(town.texts(conversation).await, ["hello", "by the API", "again"]);
    assert_eq!(town.newest().await.kind, E::ConversationMessage);
}

#[tokio::test]
async fn what_was_told_before_is_stored_once() {
    let town = Town::new().await;
    let first = town.inbound("ann", text("hello"));
    let second = town.inbound("bob", text("hi"));
    assert_eq!(town.receive(vec![first.clone()]).await.taken, 1);
    let received = town.receive(vec![first.clone(), second, first]).await;
    assert_eq!((received.taken, received.repeated), (1, 2));
    let (_, conversation, _) = town.person("ann").await;
    assert_eq!(town.texts(conversation).await, ["hello"]);
}

#[tokio::test]
async fn a_message_that_is_its_own_key_is_stored_once_whatever_it_says() {
    let town = Town::new().await;
    let own = |what: &str| Inbound { dedupe_key: format!("m:{what}"), ..town.inbound("ann", text(what)) };
    let hello = own("hello");
    assert_eq!(town.receive(vec![hello.clone(), hello.clone()]).await.repeated, 1);
    assert_eq!(town.receive(vec![hello.clone()]).await.repeated, 1);
    let (_, conversation, _) = town.person("ann").await;
    assert_eq!(town.texts(conversation).await, ["hello"]);
    // A button's answer that is no message leaves nothing but its key.
    let (place, _) = town.say(conversation, "choose").await;
    let (label, payload) = ("Help".to_owned(), "help!".to_owned());
    let choice = Choice { kind: ActionKind::Postback, label, payload, key: None, metadata: None };
    town.accept(place, &["x1"], vec![choice]).await;
    let pressed = own("1");
    assert_eq!(town.receive(vec![pressed.clone()]).await.taken, 1);
    let events = town.kinds().await.len();
    assert_eq!(town.receive(vec![pressed]).await.repeated, 1);
    assert_eq!(town.kinds().await.len(), events);
    // What the provider told of a message before it came does not hide the message.
    let early = receipt(&["m:late"], ReceiptState::Delivered);
    town.told("ann", vec![early]).await;
    assert_eq!(town.receive(vec![own("late")]).await.taken, 1);
}

#[tokio::test]
async fn a_sign_of_life_is_written_once_a_minute() {
    let town = Town::new().await;
    let seen = async || {
        let reader = &mut *town.house.hub.reader().await.unwrap();
        let client = clients::by_external_id(reader, town.integration.key, "ann").await.unwrap().unwrap();
        client.last_seen.unwrap().0
    };
    town.told("ann", vec![text("one")]).await;
    let first = seen().await;
    town.told("ann", vec![text("two")]).await;
    assert_eq!(seen().await, first);
    town.house.clock.advance(60_000);
    town.told("ann", vec![text("three")]).await;
    assert_eq!(seen().await, first + 60_002);
}

#[tokio::test]
async fn a_locale_that_a_channel_tells_later_is_told() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let learn = async |locale: Option<&str>| {
        let person = Person {
            external_id: "ann".into(),
            given_name: Some("Ann".into()),
            locale: locale.map(str::to_owned),
            ..Person::default()
        };
        let open = town.house.hub.channel(town.integration.id).await.unwrap().unwrap();
        town.house.hub.learn_profile(&open, person).await.unwrap();
    };
    let before = town.kinds().await.len();
    learn(None).await;
    assert_eq!(town.kinds().await.len(), before, "a name is no event");
    learn(Some("fr-CA")).await;
    let told = town.newest().await;
    let (user, _, _) = town.person("ann").await;
    assert_eq!(
        (told.kind, told.user, user.profile.locale.as_deref()),
        (E::UserUpdate, user.key, Some("fr-CA"))
    );
    let detail = told.detail.unwrap();
    assert_eq!(detail.reason.as_deref(), Some("localeDetection"));
    assert_eq!(detail.source.unwrap().integration_id, Some(town.integration.id));
    // What is known stays, and is not told again.
    learn(Some("de-DE")).await;
    assert_eq!(town.kinds().await.len(), before + 1);
}

#[tokio::test]
async fn an_integration_that_changed_is_read_again() {
    let town = Town::new().await;
    let open = async || town.house.hub.channel(town.integration.id).await.unwrap().unwrap();
    let before = open().await;
    assert!(std::sync::Arc::ptr_eq(&before, &open().await), "what is unchanged is held");
    town.house.hub.note_health(&before.integration, crate::Health::Refused("dead".into())).await.unwrap();
    assert_eq!(open().await.integration.health_reason.as_deref(), Some("dead"));
    town.house.hub.delete_integration(&town.grant, town.integration.id).await.unwrap();
    assert!(town.house.hub.channel(town.integration.id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_callback_is_stored_as_a_whole_or_not_at_all() {
    let town = Town::new().await;
    let before = town.house.events().await.len();
    town.told("ann", vec![text("one"), InboundEvent::Typing { starts: true }, text("two")]).await;
    let kinds = town.kinds().await;
    assert_eq!(
        kinds[before..],
        [E::ConversationCreate, E::ConversationMessage, E::ConversationTyping, E::ConversationMessage]
    );
}

#[tokio::test]
async fn a_text_that_is_too_long_becomes_several_messages() {
    let town = Town::new().await;
    let long = "word ".repeat(TEXT_CHARS_MAX / 5 + 10);
    town.told("ann", vec![text(&long)]).await;
    let (_, conversation, _) = town.person("ann").await;
    let texts = town.texts(conversation).await;
    assert_eq!(texts.len(), 2);
    assert!(texts.iter().all(|text| text.chars().count() <= TEXT_CHARS_MAX));
    assert_eq!(texts.join(" ").trim_end(), long.trim_end());
}

#[tokio::test]
async fn card_numbers_are_masked() {
    let town = Town::new().await;
    town.told("ann", vec![text("4111 1111 1111 1111")]).await;
    let (_, conversation, _) = town.person("ann").await;
    assert_eq!(town.texts(conversation).await, ["**** **** **** 1111"]);
}

#[tokio::test]
async fn a_closed_conversation_is_reopened_or_followed_by_a_new_one() {
    let mut town = Town::new().await;
    town.told("ann", vec![text("one")]).await;
    let (_, first, _) = town.person("ann").await;
    town.house.hub.close_conversation(&town.grant, first).await.unwrap();
    town.told("ann", vec![text("two")]).await;
    assert_eq!(town.texts(first).await, ["one", "two"]);
    town.settings(SettingsPatch {
        multi_convo_enabled: Some(true),
        disable_conversation_reopen: Some(true),
        ..SettingsPatch::default()
    })
    .await;
    town.house.hub.close_conversation(&town.grant, first).await.unwrap();
    town.told("ann", vec![text("three")]).await;
    let (_, second, _) = town.person("ann").await;
    assert_ne!(first, second);
    assert_eq!(town.texts(second).await, ["three"]);
}

#[tokio::test]
async fn postbacks_and_referrals_are_events() {
    let mut town = Town::new().await;
    let press = || InboundEvent::Postback { payload: "BUY".into(), label: Some("Buy".into()) };
    town.settings(SettingsPatch { ignore_auto_conversation_start: Some(true), ..SettingsPatch::default() })
        .await;
    town.told("ann", vec![press(), InboundEvent::Referral(json!({ "code": "ad" }))]).await;
    assert_eq!(town.kinds().await, [], "nothing begins by itself");
    town.settings(SettingsPatch {
        ignore_auto_conversation_start: Some(false),
        echo_postback: Some(true),
        ..SettingsPatch::default()
    })
    .await;
    town.told("ann", vec![InboundEvent::Referral(json!({ "code": "ad" }))]).await;
    let begun = town.newest().await;
    assert_eq!(begun.kind, E::ConversationCreate);
    let detail = begun.detail.unwrap();
    assert_eq!(
        (detail.reason.as_deref(), detail.referral),
        (Some("startConversation"), Some(json!({ "code": "ad" })))
    );
    town.told("ann", vec![press(), InboundEvent::Referral(json!({ "code": "ad2" }))]).await;
    assert_eq!(
        town.kinds().await,
        [E::ConversationCreate, E::ConversationMessage, E::ConversationPostback, E::ConversationReferral]
    );
    let (_, conversation, _) = town.person("ann").await;
    let messages = town.messages(conversation).await;
    assert!(messages[0].message.content.contains("BUY"), "{}", messages[0].message.content);
}

#[tokio::test]
async fn a_message_of_the_business_goes_to_the_primary_client_once() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (_, conversation, _) = town.person("ann").await;
    let (place, errand) = town.say(conversation, "hi").await;
    assert_eq!(errand.client.external_id.as_deref(), Some("ann"));
    assert_eq!(errand.refused, None);
    town.house.hub.outbox().note_progress(&place, 1, &["x1".to_owned()]).await.unwrap();
    let (_, Errand::Message(again)) = town.errand().await else { panic!("a message") };
    assert_eq!((again.accepted, again.external_ids), (1, vec!["x1".to_owned()]));
    town.accept(place, &["x1", "x2"], Vec::new()).await;
    let told = town.newest().await;
    assert_eq!(told.kind, E::DeliveryChannel);
    let delivery = told.detail.unwrap().delivery.unwrap();
    assert_eq!((delivery.external_ids, delivery.is_final), (vec!["x1".to_owned(), "x2".to_owned()], false));
    // A crash before the subscription is settled: nothing is sent or told again.
    let outbox = town.house.hub.outbox();
    let event = outbox.event(place.event).await.unwrap().unwrap();
    let errand = outbox.errand(place.subscription, town.integration.key, &event).await.unwrap();
    assert!(matches!(errand, Errand::Nothing), "{errand:?}");
    let count = town.house.events().await.len();
    town.accept(place, &["x1", "x2"], Vec::new()).await;
    assert_eq!(town.house.events().await.len(), count);
    // The customer's own messages, and what was written past us, are sent to nobody.
    town.told("ann", vec![text("thanks")]).await;
    assert!(matches!(town.errand().await.1, Errand::Nothing));
    let echo = InboundMessage {
        external_id: "e1".into(),
        content: Content::Text(Text { text: Some("from the inbox".into()), ..Text::default() }),
        media: Vec::new(),
        quoted: None,
        original: None,
    };
    town.told("ann", vec![InboundEvent::Echo(echo)]).await;
    assert!(matches!(town.errand().await.1, Errand::Nothing));
    assert_eq!(town.texts(conversation).await.last().unwrap(), "from the inbox");
}

#[tokio::test]
async fn receipts_become_delivery_events_once() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (_, conversation, _) = town.person("ann").await;
    let (place, _) = town.say(conversation, "hi").await;
    town.accept(place, &["x1", "x2"], Vec::new()).await;
    let before = town.house.events().await.len();
    town.told("ann", vec![receipt(&["x1"], ReceiptState::Sent), receipt(&["x1"], ReceiptState::Delivered)])
        .await;
    assert_eq!(town.house.events().await.len(), before, "the second part is still on its way");
    town.told("ann", vec![receipt(&["x2"], ReceiptState::Read), receipt(&["x2"], ReceiptState::Delivered)])
        .await;
    let kinds = town.kinds().await;
    assert_eq!(kinds[before..], [E::DeliveryUser, E::ConversationRead]);
    let late = SendError { code: "uncategorized_error".into(), message: "late".into() };
    town.told("ann", vec![receipt(&["x1"], ReceiptState::Failed(late.clone()))]).await;
    assert_eq!(town.house.events().await.len(), before + 2, "what has arrived cannot fail");
    let (place, _) = town.say(conversation, "hi again").await;
    town.accept(place, &["x3"], Vec::new()).await;
    town.told("ann", vec![receipt(&["x3"], ReceiptState::Failed(late))]).await;
    let told = town.newest().await;
    assert_eq!(
        (told.kind, told.detail.unwrap().error.unwrap().message.as_str()),
        (E::DeliveryFailure, "late")
    );
}

#[tokio::test]
async fn a_receipt_that_is_faster_than_the_answer_is_not_lost() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (_, conversation, _) = town.person("ann").await;
    let (place, _) = town.say(conversation, "hi").await;
    town.told("ann", vec![receipt(&["x1"], ReceiptState::Delivered)]).await;
    let before = town.house.events().await.len();
    town.accept(place, &["x1"], Vec::new()).await;
    assert_eq!(town.kinds().await[before..], [E::DeliveryChannel, E::DeliveryUser]);
}

#[tokio::test]
async fn a_watermark_settles_everything_up_to_it() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (_, conversation, _) = town.person("ann").await;
    for id in ["x1", "x2"] {
        let (place, _) = town.say(conversation, id).await;
        town.accept(place, &[id], Vec::new()).await;
    }
    let before = town.house.events().await.len();
    let messages = ReceiptScope::UpTo(town.house.hub.now());
    town.told("ann", vec![InboundEvent::Receipt { messages, state: ReceiptState::Read }]).await;
    assert_eq!(town.kinds().await[before..], [E::DeliveryUser, E::DeliveryUser, E::ConversationRead]);
}

#[tokio::test]
async fn numbers_and_keys_are_turned_into_payloads() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (_, conversation, _) = town.person("ann").await;
    let (place, _) = town.say(conversation, "choose").await;
    let choice = |kind, label: &str, key: Option<&str>| Choice {
        kind,
        label: label.into(),
        payload: format!("{label}!"),
        key: key.map(str::to_owned),
        metadata: None,
    };
    let choices = vec![
        choice(ActionKind::Reply, "Red", None),
        choice(ActionKind::Postback, "Help", None),
        choice(ActionKind::Reply, "Long", Some("p:1")),
    ];
    town.accept(place, &["x1"], choices).await;
    let payload_of = |view: &crate::MessageView| match serde_json::from_str(&view.message.content).unwrap() {
        Content::Text(text) => (text.text.unwrap_or_default(), text.payload),
        other => panic!("{other:?}"),
    };
    town.told("ann", vec![text("1")]).await;
    let newest = town.messages(conversation).await.pop().unwrap();
    assert_eq!(payload_of(&newest), ("1".to_owned(), Some("Red!".to_owned())));
    town.told("ann", vec![text("help")]).await;
    let told = town.newest().await;
    assert_eq!(told.kind, E::ConversationPostback);
    assert_eq!(told.detail.unwrap().postback.unwrap().payload, "Help!");
    town.told("ann", vec![InboundEvent::Postback { payload: "p:1".into(), label: None }]).await;
    let newest = town.messages(conversation).await.pop().unwrap();
    assert_eq!(payload_of(&newest), ("Long".to_owned(), Some("Long!".to_owned())));
    // A day later a number is a number.
    town.house.clock.advance(2 * model::time::DAY_MS);
    town.told("ann", vec![text("2")]).await;
    let newest = town.messages(conversation).await.pop().unwrap();
    assert_eq!(payload_of(&newest), ("2".to_owned(), None));
}

#[tokio::test]
async fn the_data_of_a_button_comes_back_with_its_press() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (_, conversation, _) = town.person("ann").await;
    let (place, _) = town.say(conversation, "choose").await;
    let choice = |kind, label: &str, key: Option<&str>| Choice {
        kind,
        label: label.into(),
        payload: format!("{label}!"),
        key: key.map(str::to_owned),
        metadata: json!({ "shelf": label }).as_object().cloned(),
    };
    // One comes back as text, two with their payloads.
    let choices = vec![
        choice(ActionKind::Reply, "Red", None),
        choice(ActionKind::Reply, "Blue", Some("Blue!")),
        choice(ActionKind::Postback, "Help", Some("Help!")),
    ];
    town.accept(place, &["x1"], choices).await;
    let payload = Some("Blue!".to_owned());
    let tapped = Text { text: Some("Blue".into()), payload, ..Text::default() };
    for (said, shelf) in [(text("red"), "Red"), (message("tapped", Content::Text(tapped)), "Blue")] {
        town.told("ann", vec![said]).await;
        let newest = town.messages(conversation).await.pop().unwrap();
        assert_eq!(newest.message.metadata, Some(json!({ "shelf": shelf }).to_string()));
    }
    town.told("ann", vec![InboundEvent::Postback { payload: "Help!".into(), label: None }]).await;
    let pressed = town.newest().await.detail.unwrap().postback.unwrap();
    assert_eq!(
        (pressed.payload.as_str(), pressed.metadata),
        ("Help!", json!({ "shelf": "Help" }).as_object().cloned())
    );
    // Any other payload is a button without data.
    town.told("ann", vec![InboundEvent::Postback { payload: "Other!".into(), label: None }]).await;
    assert_eq!(town.newest().await.detail.unwrap().postback.unwrap().metadata, None);
}

#[tokio::test]
async fn choices_count_while_the_person_may_have_seen_them_and_once() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (_, conversation, _) = town.person("ann").await;
    let outbox = town.house.hub.outbox();
    let choice = |label: &str| {
        let (kind, label, payload) = (ActionKind::Reply, label.into(), label.into());
        vec![Choice { kind, label, payload, key: None, metadata: None }]
    };
    let (first, _) = town.say(conversation, "choose").await;
    town.accept(first, &["x1"], choice("old")).await;
    let payload = async || {
        town.told("ann", vec![text(&format!("1{}", " ".repeat(town.house.events().await.len())))]).await;
        let newest = town.messages(conversation).await.pop().unwrap();
        match serde_json::from_str(&newest.message.content).unwrap() {
            Content::Text(text) => text.payload,
            other => panic!("{other:?}"),
        }
    };
    let offers = async || {
        let client = first.client;
        let reader = &mut town.house.hub.reader().await.unwrap();
        store::rows::sends::offered(reader, client, 9).await.unwrap().len()
    };
    let (second, errand) = town.say(conversation, "choose again").await;
    // An attempt whose answer was lost, then another one.
    for _ in 0..2 {
        outbox.offer(&second, &choice("new")).await.unwrap();
        assert_eq!((payload().await.as_deref(), offers().await), (Some("new"), 2));
    }
    outbox.take_back_offer(&second).await.unwrap();
    assert_eq!(payload().await.as_deref(), Some("old"), "the provider has not taken it");
    outbox.offer(&second, &choice("new")).await.unwrap();
    let error = model::channel::SendError { code: "bad_request".into(), message: "no".into() };
    let outcome = SendOutcome::Failed { error, blocked: false, external_ids: errand.external_ids.clone() };
    outbox.settle_send(second, false, outcome).await.unwrap();
    assert_eq!((payload().await.as_deref(), offers().await), (Some("old"), 1), "nobody has seen it");
}

#[tokio::test]
async fn a_receipt_reaches_every_message_however_many_there_are() {
    const MESSAGES: usize = 230;
    let by_time = |town: &Town| ReceiptScope::UpTo(town.house.hub.now());
    let by_id = |_: &Town| ReceiptScope::Messages((0..MESSAGES).map(|number| format!("x{number}")).collect());
    for scope in [by_time as fn(&Town) -> ReceiptScope, by_id] {
        let town = Town::new().await;
        town.told("ann", vec![text("hello")]).await;
        let (_, conversation, _) = town.person("ann").await;
        for number in 0..MESSAGES {
            let (place, _) = town.say(conversation, "news").await;
            town.accept(place, &[&format!("x{number}")], Vec::new()).await;
        }
        let arrived = async || town.house.events_of(&[E::DeliveryUser]).await;
        let event = InboundEvent::Receipt { messages: scope(&town), state: ReceiptState::Read };
        town.told("ann", vec![event]).await;
        assert_eq!(arrived().await.len(), 100, "the callback's command stays small");
        town.house.hub.sweep().await.unwrap();
        town.house.hub.sweep().await.unwrap();
        let told = arrived().await;
        let messages: std::collections::BTreeSet<_> = told.iter().map(|event| event.message.0).collect();
        assert_eq!((told.len(), messages.len()), (MESSAGES, MESSAGES), "each once");
        assert!(!town.house.events_of(&[E::ConversationRead]).await.is_empty());
    }
}

#[tokio::test]
async fn somebody_who_opts_out_is_blocked_until_they_come_back() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello"), InboundEvent::Consent { given: false }]).await;
    let (_, conversation, status) = town.person("ann").await;
    assert_eq!(status, ClientStatus::Blocked);
    let told = town.newest().await;
    assert_eq!((told.kind, told.detail.unwrap().reason.as_deref()), (E::ClientUpdate, Some("blocked")));
    let (_, errand) = town.say(conversation, "hi").await;
    assert!(errand.refused.is_some());
    town.told("ann", vec![InboundEvent::Consent { given: false }, text("a message is no consent")]).await;
    assert_eq!(town.person("ann").await.2, ClientStatus::Blocked);
    town.told("ann", vec![InboundEvent::Consent { given: true }]).await;
    assert_eq!(town.person("ann").await.2, ClientStatus::Active);
    assert_eq!(town.newest().await.detail.unwrap().reason.as_deref(), Some("unblocked"));
}

#[tokio::test]
async fn edits_reactions_and_deletions_find_their_message() {
    let town = Town::new().await;
    town.told("ann", vec![text("helo")]).await;
    let (_, conversation, _) = town.person("ann").await;
    let edited = Content::Text(Text { text: Some("hello".into()), ..Text::default() });
    let edit = |content| InboundEvent::Edit { external_id: "m:helo".into(), content, media: Vec::new() };
    town.told("bob", vec![edit(edited.clone())]).await;
    assert_eq!(town.texts(conversation).await, ["helo"], "nobody edits what another wrote");
    town.told("ann", vec![edit(edited)]).await;
    assert_eq!(town.texts(conversation).await, ["hello"]);
    assert_eq!(town.newest().await.kind, E::ConversationMessage);
    let react = |emoji: Option<&str>| InboundEvent::Reaction {
        external_id: "m:helo".into(),
        emoji: emoji.map(str::to_owned),
    };
    town.told("ann", vec![react(Some("👍")), react(None)]).await;
    let messages = town.messages(conversation).await;
    assert_eq!(text_of(&messages[1]), "👍");
    assert_eq!(messages[1].quoted.as_ref().map(|quoted| text_of(quoted)).as_deref(), Some("hello"));
    town.told("ann", vec![InboundEvent::Delete { external_id: "m:helo".into() }]).await;
    let messages = town.messages(conversation).await;
    assert!(messages[0].message.deleted);
    assert_eq!(text_of(&messages[0]), "");
}

fn picture() -> InboundEvent {
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
    let waiting = outbox.due_media(10, false).await.unwrap().pop().unwrap();
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
    assert_eq!(outbox.own_file(&url, 10).await.unwrap().unwrap().0, "bytes");
}

#[tokio::test]
async fn a_medium_that_does_not_come_becomes_a_text_that_says_why() {
    let town = Town::new().await;
    town.told("ann", vec![picture()]).await;
    let (_, conversation, _) = town.person("ann").await;
    let outbox = town.house.hub.outbox();
    let waiting = outbox.due_media(10, false).await.unwrap().pop().unwrap();
    let count = town.house.events().await.len();
    outbox.settle_medium(waiting.key, FileEnd::Refused("larger than 50 MB".into())).await.unwrap();
    assert_eq!(town.texts(conversation).await, ["look\n\n(cat.jpg was not received: larger than 50 MB)"]);
    assert_eq!(town.house.events().await.len(), count, "its event has waited");
    let mut other = picture();
    if let InboundEvent::Message(message) = &mut other {
        message.external_id = "m:cat2".into();
    }
    town.told("ann", vec![other]).await;
    let waiting = outbox.due_media(10, false).await.unwrap().pop().unwrap();
    town.house.clock.advance(60_000);
    speaks(&town, &town.person("ann").await.0, "es-MX").await;
    let count = town.house.events().await.len();
    outbox.settle_medium(waiting.key, FileEnd::Refused("gone".into())).await.unwrap();
    assert_eq!(town.kinds().await[count..], [E::ConversationMessage], "it is told again");
    assert_eq!(town.texts(conversation).await[1], "look\n\n(cat.jpg no se recibió: gone)");
}

/// The user's profile names a locale.
async fn speaks(town: &Town, user: &User, locale: &str) {
    let profile = crate::ProfilePatch { locale: Patch::Set(locale.into()), ..Default::default() };
    let patch = crate::UserPatch { profile: Patch::Set(profile), ..Default::default() };
    town.house.hub.update_user(&town.grant, UserRef::new(user.id.to_string()), patch).await.unwrap();
}

async fn link(town: &Town, user: &User, confirmation: crate::Confirmation, address: &str) -> Id {
    let conversation = town.house.conversation(&town.grant, &[user]).await;
    let draft = LinkDraft {
        kind: "telegram".into(),
        integration_id: town.integration.id,
        address: address.into(),
        subject: None,
        confirmation,
        message: None,
        primary: true,
        conversation_id: conversation,
    };
    town.house.hub.create_client(&town.grant, UserRef::new(user.id.to_string()), draft).await.unwrap();
    conversation
}

impl Town {
    /// Lets the channel begin a link.
    async fn begin_link(&self) {
        let (event, errand) = self.errand().await;
        let Errand::Message(errand) = errand else { panic!("a link: {errand:?}") };
        assert!(errand.is_link);
        let place = self.place(&event, &errand).await;
        let outcome = SendOutcome::Accepted { external_ids: vec![], tells_arrival: true };
        self.house.hub.outbox().settle_send(place, true, outcome).await.unwrap();
    }

    async fn reasons(&self, after: usize) -> Vec<(E, String)> {
        let events = self.house.events().await.split_off(after);
        events
            .into_iter()
            .map(|event| (event.kind, event.detail.unwrap_or_default().reason.unwrap_or_default()))
            .collect()
    }
}

#[tokio::test]
async fn an_immediate_link_is_matched_and_confirmed_and_can_be_written_to() {
    let town = Town::new().await;
    let user = town.house.user(&town.grant, "ext").await;
    let conversation = link(&town, &user, crate::Confirmation::Immediate, "+1514").await;
    let count = town.house.events().await.len();
    town.begin_link().await;
    let told = |kind, reason: &str| (kind, reason.to_owned());
    assert_eq!(
        town.reasons(count).await,
        [told(E::ClientUpdate, "matched"), told(E::ClientUpdate, "confirmed")]
    );
    let (_, errand) = town.say(conversation, "hi").await;
    assert_eq!(errand.client.external_id.as_deref(), Some("+1514"));
    town.told("+1514", vec![text("hello")]).await;
    assert_eq!(town.texts(conversation).await, ["hi", "hello"]);
}

#[tokio::test]
async fn an_answer_confirms_a_link_by_activity() {
    let town = Town::new().await;
    let user = town.house.user(&town.grant, "ext").await;
    let conversation = link(&town, &user, crate::Confirmation::UserActivity, "+1514").await;
    town.begin_link().await;
    let count = town.house.events().await.len();
    town.told("+1514", vec![text("hello")]).await;
    let told = |kind, reason: &str| (kind, reason.to_owned());
    assert_eq!(
        town.reasons(count).await,
        [told(E::ClientUpdate, "confirmed"), told(E::ConversationMessage, "")]
    );
    assert_eq!(town.texts(conversation).await, ["hello"]);
    assert_eq!(town.person("+1514").await.0.id, user.id);
}

#[tokio::test]
async fn a_prompt_is_accepted_or_declined_outside_of_the_history() {
    let town = Town::new().await;
    let user = town.house.user(&town.grant, "ext").await;
    let conversation = link(&town, &user, crate::Confirmation::Prompt, "+1514").await;
    town.begin_link().await;
    let count = town.house.events().await.len();
    town.told("+1514", vec![text("No")]).await;
    let told = |kind, reason: &str| (kind, reason.to_owned());
    assert_eq!(town.reasons(count).await, [told(E::ClientRemove, "linkCancelled")]);
    let second = link(&town, &user, crate::Confirmation::Prompt, "+1514").await;
    town.begin_link().await;
    town.told("+1514", vec![text("yes"), text("so?")]).await;
    assert_eq!(town.texts(second).await, ["so?"]);
    assert!(town.texts(conversation).await.is_empty());
}

#[tokio::test]
async fn what_we_say_ourselves_follows_the_locale_of_the_user() {
    let mut town = Town::new().await;
    let user = town.house.user(&town.grant, "ext").await;
    speaks(&town, &user, "fr-CA").await;
    let asked = async |town: &Town| match town.errand().await {
        (_, Errand::Message(errand)) => match errand.content {
            Content::Text(text) => (text.text.unwrap(), text.actions[0].text.clone()),
            other => panic!("{other:?}"),
        },
        (_, other) => panic!("a link: {other:?}"),
    };
    link(&town, &user, crate::Confirmation::Prompt, "+1514").await;
    let (question, yes) = asked(&town).await;
    assert_eq!((question.as_str(), yes.as_str()), ("Voulez-vous poursuivre notre conversation ici ?", "Oui"));
    // The app does not want it: English, and only English is understood.
    town.settings(SettingsPatch { app_localization_enabled: Some(false), ..SettingsPatch::default() }).await;
    let conversation = link(&town, &user, crate::Confirmation::Prompt, "+1514").await;
    assert_eq!(asked(&town).await.1, "Yes");
    town.begin_link().await;
    town.told("+1514", vec![text("OUI")]).await;
    assert!(town.texts(conversation).await.is_empty(), "it is said by somebody unknown");
    town.settings(SettingsPatch { app_localization_enabled: Some(true), ..SettingsPatch::default() }).await;
    town.told("+1514", vec![text("Oui !")]).await;
    assert_eq!(town.person("+1514").await.0.id, user.id);
    // So does what is added to what an AI says.
    let shown = ShownAuthor { subtype: Some("AI".into()), ..ShownAuthor::default() };
    let draft = crate::MessageDraft {
        author: crate::AuthorDraft::Business(shown),
        content: Content::Text(Text { text: Some("Bonjour".into()), ..Text::default() }),
        metadata: None,
        destination: None,
        overrides: None,
        schema: None,
    };
    town.house.hub.post_message(&town.grant, conversation, draft).await.unwrap();
    let (_, Errand::Message(errand)) = town.errand().await else { panic!("a message") };
    let Content::Text(said) = errand.content else { panic!("a text") };
    assert_eq!(said.text.as_deref(), Some("Bonjour\n\n(Ce message a été rédigé par une IA.)"));
}

#[tokio::test]
async fn an_identity_of_somebody_else_is_merged_or_goes_over() {
    let town = Town::new().await;
    town.told("+1514", vec![text("before")]).await;
    let (stranger, _, _) = town.person("+1514").await;
    let user = town.house.user(&town.grant, "ext").await;
    link(&town, &user, crate::Confirmation::Immediate, "+1514").await;
    let count = town.house.events().await.len();
    town.begin_link().await;
    let told = |kind, reason: &str| (kind, reason.to_owned());
    let reasons = town.reasons(count).await;
    assert!(reasons.contains(&told(E::UserMerge, "channelLinking")), "{reasons:?}");
    assert_eq!(reasons.last(), Some(&told(E::ClientUpdate, "confirmed")));
    let (now, conversation, status) = town.person("+1514").await;
    assert_eq!((now.id, status), (user.id, ClientStatus::Active));
    assert_ne!(now.id, stranger.id);
    assert_eq!(town.texts(conversation).await, ["before"]);
    // Two that the business knows by different names stay two.
    let other = town.house.user(&town.grant, "other").await;
    link(&town, &other, crate::Confirmation::Immediate, "+1514").await;
    let count = town.house.events().await.len();
    town.begin_link().await;
    assert!(town.reasons(count).await.contains(&told(E::ClientRemove, "theft")));
    assert_eq!(town.person("+1514").await.0.id, other.id);
}
