//! What the addresses in settings are told, and what is written only for them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::Id;
use model::event::ActivityKind;
use model::event::EventType::{self, *};
use model::record::{EventForm, Subscription, User};
use model::time::SECOND_MS;
use store::rows::subscriptions;

use crate::access::Grant;
use crate::test_support::House;
use crate::{ActivityAuthor, UserSelector};

const INNER: [EventType; 3] = [ConversationOpen, ConversationUnanswered, MessageRead];

async fn told(house: &House) -> Vec<Subscription> {
    let reader = &mut house.hub.reader().await.unwrap();
    let all = subscriptions::all(reader).await.unwrap();
    all.into_iter().filter(|found| found.form == EventForm::Exotel).collect()
}

async fn kinds(house: &House) -> Vec<EventType> {
    house.events_of(&INNER).await.into_iter().map(|event| event.kind).collect()
}

async fn set(house: &House, grant: &Grant, key: &str, value: &str) {
    house.hub.put_setting(grant, key, value).await.unwrap();
}

async fn talk(house: &House, grant: &Grant) -> (User, Id) {
    let user = house.user(grant, "ann").await;
    let conversation = house.conversation(grant, &[&user]).await;
    (user, conversation)
}

async fn later(house: &House, seconds: i64) {
    house.clock.advance(seconds * SECOND_MS);
    house.hub.tell_unanswered().await.unwrap();
}

#[tokio::test]
async fn an_address_has_one_subscription_that_goes_with_its_setting() {
    let house = House::open();
    let grant = house.app().await;
    let (user, conversation) = talk(&house, &grant).await;
    house.say(&grant, conversation, Some(&user), "before").await;
    let before = house.events().await.last().unwrap().sequence;
    set(&house, &grant, "callback", "https://example.com/a").await;
    set(&house, &grant, "colour", "https://example.com/a").await;
    let first = told(&house).await;
    assert_eq!(first.len(), 1);
    assert_eq!((first[0].target.as_str(), first[0].settled_through), ("https://example.com/a", before));
    set(&house, &grant, "callback", "https://example.com/b").await;
    let changed = told(&house).await;
    assert_eq!((changed.len(), changed[0].key), (1, first[0].key));
    assert_eq!(changed[0].target, "https://example.com/b");
    let changes = vec![
        ("callback".into(), None),
        ("popup".into(), Some("https://example.com/p".into())),
        ("missedCall".into(), None),
    ];
    house.hub.change_settings(&grant, changes).await.unwrap();
    let last = told(&house).await;
    assert_eq!((last.len(), last[0].triggers), (1, ConversationOpen.bit()));
    house.hub.remove_setting(&grant, "popup").await.unwrap();
    assert!(told(&house).await.is_empty());
}

#[tokio::test]
async fn changes_at_once_are_made_all_or_none() {
    let house = House::open();
    let grant = house.app().await;
    let changes = vec![
        ("popup".to_owned(), Some("https://example.com/p".to_owned())),
        ("callback".to_owned(), Some("http://127.0.0.1/".to_owned())),
    ];
    house.hub.change_settings(&grant, changes).await.unwrap_err();
    assert!(told(&house).await.is_empty() && house.hub.list_settings(&grant).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_opening_is_told_once_and_only_where_somebody_hears() {
    let house = House::open();
    let (ours, theirs) = (house.app().await, house.app().await);
    set(&house, &ours, "popup", "https://example.com/p").await;
    for grant in [&theirs, &ours] {
        let (user, conversation) = talk(&house, grant).await;
        house.say(grant, conversation, None, "the business begins").await;
        house.say(grant, conversation, Some(&user), "hello").await;
        house.say(grant, conversation, Some(&user), "again").await;
        house.hub.close_conversation(grant, conversation).await.unwrap();
        house.hub.reopen_conversation(grant, conversation).await.unwrap();
        house.hub.close_conversation(grant, conversation).await.unwrap();
        house.say(grant, conversation, Some(&user), "and again").await;
    }
    let found = house.events_of(&INNER).await;
    assert_eq!(found.iter().map(|event| event.kind).collect::<Vec<_>>(), [ConversationOpen; 2]);
    assert!(found.iter().all(|event| event.app == ours.app.key));
}

#[tokio::test]
async fn who_is_not_answered_in_time_is_told_of_once() {
    let house = House::open();
    let grant = house.app().await;
    let (user, conversation) = talk(&house, &grant).await;
    set(&house, &grant, "missedCall", "https://example.com/m").await;
    house.say(&grant, conversation, None, "a greeting does not count").await;
    house.say(&grant, conversation, Some(&user), "hello").await;
    later(&house, 299).await;
    house.say(&grant, conversation, Some(&user), "is nobody there?").await;
    assert!(kinds(&house).await.is_empty());
    later(&house, 1).await;
    assert_eq!(kinds(&house).await, [ConversationUnanswered]);
    later(&house, 86_400).await;
    assert_eq!(kinds(&house).await, [ConversationUnanswered]);
}

#[tokio::test]
async fn who_is_answered_closed_or_deleted_in_time_is_not_told_of() {
    let house = House::open();
    let grant = house.app().await;
    set(&house, &grant, "missedCall", "https://example.com/m").await;
    set(&house, &grant, "missedCallAfterSeconds", "10").await;
    let mut conversations = Vec::new();
    for name in ["answered", "closed", "deleted", "forgotten"] {
        let user = house.user(&grant, name).await;
        // Only the user's first one cannot be deleted.
        house.conversation(&grant, &[&user]).await;
        let conversation = house.conversation(&grant, &[&user]).await;
        house.say(&grant, conversation, Some(&user), "hello").await;
        conversations.push(conversation);
    }
    house.say(&grant, conversations[0], None, "good morning").await;
    house.hub.close_conversation(&grant, conversations[1]).await.unwrap();
    house.hub.delete_conversation(&grant, conversations[2]).await.unwrap();
    later(&house, 11).await;
    let found = house.events_of(&INNER).await;
    assert_eq!(found.len(), 1);
    let last = house.hub.conversation(&grant, conversations[3]).await.unwrap().conversation;
    assert_eq!(found[0].conversation, last.key);
}

#[tokio::test]
async fn nobody_is_told_of_whom_nobody_wants_to_hear_any_more() {
    let house = House::open();
    let grant = house.app().await;
    let (user, conversation) = talk(&house, &grant).await;
    set(&house, &grant, "missedCall", "https://example.com/m").await;
    house.say(&grant, conversation, Some(&user), "hello").await;
    house.hub.remove_setting(&grant, "missedCall").await.unwrap();
    later(&house, 301).await;
    set(&house, &grant, "missedCall", "https://example.com/m").await;
    later(&house, 301).await;
    assert!(kinds(&house).await.is_empty());
}

#[tokio::test]
async fn each_message_of_the_business_is_read_once_in_order() {
    let house = House::open();
    let grant = house.app().await;
    let (user, conversation) = talk(&house, &grant).await;
    let reads = async || {
        let author = ActivityAuthor::User(UserSelector::Id(user.id.to_string()));
        house.hub.post_activity(&grant, conversation, ActivityKind::Read, author).await.unwrap();
    };
    house.say(&grant, conversation, None, "before").await;
    reads().await;
    assert!(kinds(&house).await.is_empty(), "nobody hears");
    set(&house, &grant, "callback", "https://example.com/c").await;
    let first = house.say(&grant, conversation, None, "one").await.message.key;
    house.say(&grant, conversation, Some(&user), "mine").await;
    let second = house.say(&grant, conversation, None, "two").await.message.key;
    reads().await;
    reads().await;
    let found = house.events_of(&INNER).await;
    let messages: Vec<_> = found.iter().map(|event| event.message).collect();
    assert_eq!(messages, [first, second]);
}
