//! Files that go with the messages that show them.
#![allow(clippy::unwrap_used, clippy::panic)]

use model::Id;
use model::limits::UNUSED_UPLOAD_LIFE_MS;
use model::patch::Patch;
use model::record::{Attachment, ShownAuthor};
use serde_json::json;

use crate::test_support::House;
use crate::{
    AppPatch, AuthorDraft, Bearer, ConversationDraft, ConversationPatch, Grant, HubError, MessageDraft,
    ProfilePatch, SettingsPatch, UserDraft, UserPatch, UserRef,
};

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

#[tokio::test]
async fn a_message_keeps_the_pictures_that_it_shows_besides_its_media() {
    let house = House::open();
    let grant = house.app().await;
    let conversation = house.conversation(&grant, &[]).await;
    let (avatar, _) = house.picture(&grant).await;
    let (icon, _) = house.picture(&grant).await;
    let url = |file: &Attachment| house.hub.attachment_url(&file.token, &file.name);
    let content = json!({ "type": "text", "text": "which?", "actions": [
        { "type": "reply", "text": "a", "payload": "a", "iconUrl": url(&icon) },
    ] });
    let shown = ShownAuthor { avatar_url: Some(url(&avatar)), ..ShownAuthor::default() };
    let draft = MessageDraft {
        author: AuthorDraft::Business(shown),
        content: serde_json::from_value(content).unwrap(),
        metadata: None,
        destination: None,
        overrides: None,
        schema: None,
    };
    let message = house.hub.post_message(&grant, conversation, draft).await.unwrap().message.id;
    house.clock.advance(UNUSED_UPLOAD_LIFE_MS + 1);
    for file in [&avatar, &icon] {
        assert!(is_there(&house, file).await, "it is shown");
    }
    house.hub.delete_message(&grant, conversation, message).await.unwrap();
    for file in [&avatar, &icon] {
        assert!(!is_there(&house, file).await);
    }
}

#[tokio::test]
async fn people_and_conversations_show_only_pictures_that_stay() {
    let house = House::open();
    let grant = house.app().await;
    let conversation = house.conversation(&grant, &[]).await;
    let ann = UserRef::new(house.user(&grant, "ann").await.id.to_string());
    let (file, _) = house.picture(&grant).await;
    let url = house.hub.attachment_url(&file.token, &file.name);
    let mut draft = UserDraft::default();
    draft.profile.avatar_url = Some(url.clone());
    let profile = ProfilePatch { avatar_url: Patch::Set(url.clone()), ..ProfilePatch::default() };
    let change = UserPatch { profile: Patch::Set(profile), ..UserPatch::default() };
    let icon = Some(url.clone());
    let group = ConversationDraft { group: true, icon_url: icon, ..ConversationDraft::default() };
    let patch = ConversationPatch { icon_url: Patch::Set(url), ..ConversationPatch::default() };
    let (hub, grant) = (&house.hub, &grant);
    for refused in [
        hub.create_user(grant, draft).await.err(),
        hub.update_user(grant, ann, change.clone()).await.err(),
        hub.create_conversation(grant, group).await.err(),
        hub.update_conversation(grant, conversation, patch).await.err(),
    ] {
        let Some(HubError::Invalid(title)) = refused else { panic!("not refused") };
        assert!(title.contains("for=message") && title.contains("Url: "), "{title}");
    }
    let unknown = hub.update_user(grant, UserRef::new("nobody"), change).await;
    assert!(matches!(unknown, Err(HubError::NotFound(_))), "who is not there is told first");
}
