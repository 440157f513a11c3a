#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use futures::FutureExt;
use model::event::EventType;
use model::record::User;

use super::*;
use crate::commands::sweep::tests::change;
use crate::test_support::House;
use crate::{Grant, UserRef};

/// A user with so many messages in their own conversation.
async fn talker(house: &House, grant: &Grant, external_id: &str, messages: usize) -> User {
    let user = house.user(grant, external_id).await;
    let conversation = house.conversation(grant, &[&user]).await;
    for number in 0..messages {
        house.say(grant, conversation, Some(&user), &format!("{number}")).await;
    }
    user
}

async fn delete(house: &House, grant: &Grant, user: &User) {
    house.hub.delete_user(grant, UserRef::new(user.id.to_string())).await.unwrap();
}

async fn waiting(house: &House) -> usize {
    sweeps::waiting(&mut house.hub.reader().await.unwrap(), 0, 10).await.unwrap().len()
}

#[tokio::test]
async fn a_user_of_more_messages_than_two_slices_is_removed_and_told_last() {
    let house = House::open();
    let grant = house.app().await;
    let user = talker(&house, &grant, "ann", 1_100).await;
    delete(&house, &grant, &user).await;
    house.hub.sweep().await.unwrap();
    assert_eq!(waiting(&house).await, 0);
    let last = house.events().await.pop().unwrap();
    assert_eq!((last.kind, last.user), (EventType::UserRemove, user.key));
}

#[tokio::test]
async fn who_waits_for_a_root_that_fails_holds_up_nobody() {
    let house = House::open();
    let grant = house.app().await;
    let (ann, bob) = (talker(&house, &grant, "ann", 1).await, talker(&house, &grant, "bob", 600).await);
    delete(&house, &grant, &ann).await;
    let of_ann = format!("WHERE owner = {}", ann.key.0);
    assert_eq!(change(&house, &format!("UPDATE conversations SET metadata = 'no JSON' {of_ann}")), 1);
    delete(&house, &grant, &bob).await;
    assert!(house.hub.sweep().await.is_err());
    assert_eq!(waiting(&house).await, 2, "the conversation, and the user who waits for it");
    let removed = async || house.events_of(&[EventType::UserRemove]).await;
    assert_eq!(removed().await.iter().map(|event| event.user).collect::<Vec<_>>(), [bob.key]);

    change(&house, &format!("UPDATE conversations SET metadata = NULL {of_ann}"));
    house.hub.sweep().await.unwrap();
    assert_eq!(waiting(&house).await, 0);
    assert_eq!(removed().await.last().unwrap().user, ann.key);
}

#[tokio::test]
async fn what_takes_long_lets_the_other_steps_have_their_turn() {
    let house = House::open();
    let grant = house.app().await;
    let user = talker(&house, &grant, "ann", 600).await;
    delete(&house, &grant, &user).await;
    let woken = async || house.hub.sweeper().notified().now_or_never().is_some();
    assert!(woken().await, "by the deletion");
    house.hub.sweep_roots(&mut HashSet::new(), 1).await.unwrap();
    assert!(waiting(&house).await > 0);
    assert!(woken().await, "for the rest");
    house.hub.sweep_roots(&mut HashSet::new(), 100).await.unwrap();
    assert_eq!(waiting(&house).await, 0);
    assert!(!woken().await);
}
