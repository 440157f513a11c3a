//! Groups that the channel calls by another id.

use super::*;

const BEFORE: &str = "-400";
const AFTER: &str = "-1001";

fn moved() -> InboundEvent {
    InboundEvent::Moved { to: AFTER.into() }
}

/// Gives a person to a user whom the business knows by a name.
async fn name(town: &Town, who: &str, external_id: &str) {
    let named = town.house.user(&town.grant, external_id).await.key;
    let (integration, who) = (town.integration.key, who.to_owned());
    town.house
        .write(move |tx, _| {
            let who = who.clone();
            Box::pin(async move {
                let client = clients::by_external_id(tx, integration, &who).await?.unwrap();
                Ok(clients::set_user(tx, client.key, named).await?)
            })
        })
        .await;
}

#[tokio::test]
async fn a_conversation_goes_on_under_the_new_id() {
    let town = Town::new().await;
    town.told(BEFORE, vec![text("one")]).await;
    let (user, conversation, _) = town.person(BEFORE).await;
    // Both chats tell it.
    town.told(BEFORE, vec![moved()]).await;
    town.told(BEFORE, vec![moved()]).await;
    town.told(AFTER, vec![text("two")]).await;
    let (now, place, _) = town.person(AFTER).await;
    assert_eq!((now.key, place), (user.key, conversation));
    assert_eq!(town.texts(conversation).await, ["one", "two"]);
    let (_, errand) = town.say(conversation, "three").await;
    assert_eq!(errand.client.external_id.as_deref(), Some(AFTER));
}

#[tokio::test]
async fn nobody_is_made_by_it() {
    let town = Town::new().await;
    let received = town.told(BEFORE, vec![moved()]).await;
    assert_eq!((received.taken, town.kinds().await), (1, Vec::new()));
}

#[tokio::test]
async fn what_came_under_the_new_id_before_becomes_the_same_users() {
    let town = Town::new().await;
    town.told(BEFORE, vec![text("one")]).await;
    town.told(AFTER, vec![text("two")]).await;
    let (user, conversation, _) = town.person(BEFORE).await;
    assert_ne!(town.person(AFTER).await.0.key, user.key);
    town.told(BEFORE, vec![InboundEvent::Consent { given: false }, moved()]).await;
    let (now, place, status) = town.person(AFTER).await;
    assert_eq!((now.key, place, status), (user.key, conversation, ClientStatus::Active));
    assert!(town.kinds().await.contains(&E::UserMerge));
    town.told(AFTER, vec![text("three")]).await;
    assert_eq!(town.texts(conversation).await, ["one", "two", "three"]);
    let (_, errand) = town.say(conversation, "four").await;
    assert_eq!(errand.client.external_id.as_deref(), Some(AFTER));
}

#[tokio::test]
async fn two_whom_the_business_knows_apart_stay_two() {
    let town = Town::new().await;
    town.told(BEFORE, vec![text("one")]).await;
    town.told(AFTER, vec![text("two")]).await;
    name(&town, BEFORE, "old").await;
    name(&town, AFTER, "new").await;
    let (user, conversation, _) = town.person(BEFORE).await;
    town.told(BEFORE, vec![moved()]).await;
    let told = town.newest().await;
    assert_eq!(
        (told.kind, told.detail.unwrap().reason),
        (E::ClientRemove, Some(Reason::ClientRemove(ClientRemoveReason::Theft)))
    );
    town.told(AFTER, vec![text("three")]).await;
    let (now, ..) = town.person(AFTER).await;
    assert_eq!(now.key, user.key);
    assert_eq!(town.texts(conversation).await, ["one", "three"]);
}

#[tokio::test]
async fn a_send_that_learns_it_is_settled_for_the_same_client() {
    let town = Town::new().await;
    town.told(BEFORE, vec![text("one")]).await;
    let (_, conversation, _) = town.person(BEFORE).await;
    let (place, _) = town.say(conversation, "two").await;
    let outbox = town.house.hub.outbox();
    outbox.follow(place, AFTER).await.unwrap();
    outbox.follow(place, AFTER).await.unwrap();
    town.accept(place, &["-1001:5"], Vec::new()).await;
    assert_eq!(town.newest().await.kind, E::DeliveryChannel);
    assert_eq!(town.person(AFTER).await.1, conversation);
}

#[tokio::test]
async fn a_user_who_is_being_removed_takes_no_other_along() {
    let town = Town::new().await;
    town.told(BEFORE, vec![text("one")]).await;
    town.told(AFTER, vec![text("two")]).await;
    let (leaving, ..) = town.person(BEFORE).await;
    let (user, conversation, _) = town.person(AFTER).await;
    town.house.hub.delete_user(&town.grant, UserRef::new(leaving.id.to_string())).await.unwrap();
    town.told(BEFORE, vec![moved()]).await;
    town.house.hub.sweep().await.unwrap();
    assert!(!town.kinds().await.contains(&E::UserMerge));
    let named = UserRef::new(user.id.to_string());
    assert_eq!(town.house.hub.user(&town.grant, &named).await.unwrap().key, user.key);
    assert_eq!(town.texts(conversation).await, ["two"]);
}
