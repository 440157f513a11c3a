//! Who writes while their user is being removed is somebody new.

use super::links::link;
use super::*;

/// A text that the business wrote past us.
fn echo(what: &str) -> InboundEvent {
    match text(what) {
        InboundEvent::Message(message) => InboundEvent::Echo(message),
        other => other,
    }
}

impl Town {
    async fn remove(&self, user: &User) {
        self.house.hub.delete_user(&self.grant, UserRef::new(user.id.to_string())).await.unwrap();
    }
}

#[tokio::test]
async fn what_comes_while_a_user_is_removed_stays() {
    for comes in [text, echo] {
        let town = Town::new().await;
        town.told("ann", vec![text("before")]).await;
        let (old, first, _) = town.person("ann").await;
        town.remove(&old).await;
        assert_eq!(town.told("ann", vec![comes("meanwhile")]).await.taken, 1);
        let (new, second, _) = town.person("ann").await;
        assert!(new.id != old.id && second != first);
        town.house.hub.sweep().await.unwrap();
        town.told("ann", vec![text("afterwards")]).await;
        let (now, place, _) = town.person("ann").await;
        assert_eq!((now.id, place), (new.id, second));
        assert_eq!(town.texts(second).await, ["meanwhile", "afterwards"]);
        assert!(town.house.hub.conversation(&town.grant, first).await.is_err(), "the old one is gone");
    }
}

#[tokio::test]
async fn nobody_is_linked_to_a_user_who_is_being_removed() {
    let town = Town::new().await;
    let user = town.house.user(&town.grant, "ext").await;
    link(&town, &user, Confirmation::UserActivity, "+1514").await;
    town.begin_link().await;
    town.remove(&user).await;
    town.told("+1514", vec![text("hello")]).await;
    let (stranger, conversation, _) = town.person("+1514").await;
    assert_ne!(stranger.id, user.id);
    town.house.hub.sweep().await.unwrap();
    assert_eq!(town.texts(conversation).await, ["hello"]);
}
