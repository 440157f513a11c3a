//! Buttons whose press comes back as text.

use super::*;

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
