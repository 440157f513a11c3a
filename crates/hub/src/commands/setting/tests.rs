#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::error::{HubError, Thing};
use crate::test_support::House;

#[tokio::test]
async fn a_setting_is_replaced_found_by_its_exact_key_and_removed_once() {
    let house = House::open();
    let (ours, theirs) = (house.app().await, house.app().await);
    house.hub.put_setting(&ours, "theme", "dark").await.unwrap();
    house.hub.put_setting(&ours, "Theme", "another").await.unwrap();
    house.clock.advance(5);
    let replaced = house.hub.put_setting(&ours, "theme", "light").await.unwrap();
    assert_eq!(house.hub.setting(&ours, "theme").await.unwrap(), replaced);
    let keys: Vec<_> = house.hub.list_settings(&ours).await.unwrap().into_iter().map(|it| it.key).collect();
    assert_eq!(keys, ["Theme", "theme"]);
    assert!(house.hub.list_settings(&theirs).await.unwrap().is_empty());
    assert!(matches!(
        house.hub.remove_setting(&theirs, "theme").await,
        Err(HubError::NotFound(Thing::Setting))
    ));
    house.hub.remove_setting(&ours, "theme").await.unwrap();
    let again = house.hub.remove_setting(&ours, "theme").await;
    assert!(matches!(again, Err(HubError::NotFound(Thing::Setting))), "{again:?}");
}

#[tokio::test]
async fn a_value_of_the_wrong_form_changes_nothing() {
    let house = House::open();
    let grant = house.app().await;
    for (key, value) in [
        ("callback", "not a URL"),
        ("callback", "http://127.0.0.1/hook"),
        ("popup", "ftp://example.com"),
        ("streaming", "https://example.com"),
        ("record", "yes"),
        ("missedCallAfterSeconds", "0"),
        ("missedCallAfterSeconds", "86401"),
        ("missedCallAfterSeconds", "1.5"),
        ("", "x"),
        ("x", ""),
        ("x\0", "x"),
    ] {
        let refused = house.hub.put_setting(&grant, key, value).await;
        assert!(matches!(refused, Err(HubError::Invalid(_))), "{key}={value}: {refused:?}");
    }
    assert!(house.hub.list_settings(&grant).await.unwrap().is_empty());
    for (key, value) in [
        ("callback", "https://example.com/hook"),
        ("streaming", "wss://example.com/audio"),
        ("record", "true"),
        ("missedCallAfterSeconds", "300"),
        ("Callback", "not a URL"),
    ] {
        house.hub.put_setting(&grant, key, value).await.unwrap();
    }
}

#[tokio::test]
async fn an_app_has_a_thousand_settings_at_most() {
    let house = House::open();
    let grant = house.app().await;
    for number in 0..1_000 {
        house.hub.put_setting(&grant, &format!("key {number}"), "x").await.unwrap();
    }
    let refused = house.hub.put_setting(&grant, "one more", "x").await;
    assert!(matches!(refused, Err(HubError::TooMany { thing: Thing::Setting, max: 1_000 })), "{refused:?}");
    house.hub.put_setting(&grant, "key 7", "another").await.unwrap();
    assert_eq!(house.hub.list_settings(&grant).await.unwrap().len(), 1_000);
    house.hub.remove_setting(&grant, "key 8").await.unwrap();
    house.hub.put_setting(&grant, "one more", "x").await.unwrap();
}
