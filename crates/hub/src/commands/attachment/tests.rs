//! Files that go with the messages that show them.
#![allow(clippy::unwrap_used)]

use model::Id;
use model::limits::UNUSED_UPLOAD_LIFE_MS;
use model::patch::Patch;
use model::record::Attachment;

use crate::test_support::House;
use crate::{AppPatch, Bearer, Grant, SettingsPatch, UserRef};

/// Whether a file is still there once the sweeper has been there.
async fn is_there(house: &House, file: &Attachment) -> bool {
    // What one round expires the next one removes.
    for _ in 0..2 {
        house.hub.sweep().await.unwrap();
    }
    house.hub.download(&file.token, Bearer::default(), None).await.is_ok()
}

/// A picture that is shown in two conversations, once in the first and twice in the second.
async fn shown_twice(house: &House, grant: &Grant) -> (Attachment, [Id; 2], [Id; 3]) {
    let (file, content) = house.picture(grant).await;
    let conversations = [house.conversation(grant, &[]).await, house.conversation(grant, &[]).await];
    let mut messages = Vec::new();
    for conversation in [conversations[0], conversations[1], conversations[1]] {
        messages.push(house.post(grant, conversation, None, content.clone()).await.message.id);
    }
    (file, conversations, messages.try_into().unwrap())
}

#[tokio::test]
async fn a_file_goes_with_the_last_message_that_shows_it() {
    let house = House::open();
    let grant = house.app().await;
    let (file, [one, other], messages) = shown_twice(&house, &grant).await;
    house.clock.advance(UNUSED_UPLOAD_LIFE_MS + 1);
    assert!(is_there(&house, &file).await, "it is used");
    house.hub.delete_message(&grant, one, messages[0]).await.unwrap();
    assert!(is_there(&house, &file).await);
    house.hub.delete_message(&grant, other, messages[2]).await.unwrap();
    assert!(is_there(&house, &file).await);
    house.hub.delete_message(&grant, other, messages[1]).await.unwrap();
    assert!(!is_there(&house, &file).await);
}

#[tokio::test]
async fn conversations_and_their_messages_take_only_their_own_part_with_them() {
    let house = House::open();
    let grant = house.app().await;
    let (file, [one, other], _) = shown_twice(&house, &grant).await;
    house.hub.delete_conversation(&grant, one).await.unwrap();
    assert!(is_there(&house, &file).await);
    house.hub.delete_all_messages(&grant, other).await.unwrap();
    assert!(!is_there(&house, &file).await);

    let (file, [one, other], _) = shown_twice(&house, &grant).await;
    house.hub.delete_all_messages(&grant, other).await.unwrap();
    assert!(is_there(&house, &file).await);
    house.hub.delete_conversation(&grant, one).await.unwrap();
    assert!(!is_there(&house, &file).await);
}

#[tokio::test]
async fn what_an_app_keeps_for_a_time_takes_its_files_with_it() {
    let house = House::open();
    let grant = house.app().await;
    let (file, [one, _], _) = shown_twice(&house, &grant).await;
    let patch = SettingsPatch { conversation_retention_seconds: Patch::Set(60), ..SettingsPatch::default() };
    house.hub.update_app(&grant, AppPatch { settings: patch, ..AppPatch::default() }).await.unwrap();
    house.clock.advance(50_000);
    house.say(&grant, one, None, "not idle").await;
    house.clock.advance(20_000);
    assert!(is_there(&house, &file).await, "the first conversation still shows it");
    house.clock.advance(60_000);
    assert!(!is_there(&house, &file).await);
}

#[tokio::test]
async fn a_user_takes_what_they_alone_have_shown_with_them() {
    let house = House::open();
    let grant = house.app().await;
    let (ann, bob) = (house.user(&grant, "ann").await, house.user(&grant, "bob").await);
    let group = house.conversation(&grant, &[&ann, &bob]).await;
    let (file, content) = house.picture(&grant).await;
    house.post(&grant, group, Some(&ann), content.clone()).await;
    house.post(&grant, group, Some(&bob), content).await;
    for (user, stays) in [("ann", true), ("bob", false)] {
        house.hub.delete_user(&grant, UserRef::new(user)).await.unwrap();
        assert_eq!(is_there(&house, &file).await, stays, "{user}");
    }
}

#[tokio::test]
async fn a_file_that_is_shown_often_can_be_removed() {
    let house = House::open();
    let grant = house.app().await;
    let (file, [one, other], _) = shown_twice(&house, &grant).await;
    let url = house.hub.attachment_url(&file.token, &file.name);
    house.hub.remove_attachment(&grant, &url).await.unwrap();
    assert!(!is_there(&house, &file).await);
    // The messages stay, and what they showed is no hindrance.
    house.hub.delete_all_messages(&grant, one).await.unwrap();
    house.hub.delete_conversation(&grant, other).await.unwrap();
    house.hub.sweep().await.unwrap();
}
