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
        shown: Shown::Numbered,
    };
    let choices = vec![
        choice(ActionKind::Reply, "Red", None),
        choice(ActionKind::Postback, "Help", None),
        choice(ActionKind::Reply, "Long", Some("p:1")),
    ];
    town.accept(place, &["x1"], choices.clone()).await;
    let payload_of = |view: &crate::MessageView| match serde_json::from_str(&view.message.content).unwrap() {
        Content::Text(text) => (text.text.unwrap_or_default(), text.payload),
        other => panic!("{other:?}"),
    };
    town.told("ann", vec![text("1")]).await;
    let newest = town.messages(conversation).await.pop().unwrap();
    assert_eq!(payload_of(&newest), ("1".to_owned(), Some("Red!".to_owned())));
    let (place, _) = town.say(conversation, "choose again").await;
    town.accept(place, &["x2"], choices.clone()).await;
    town.told("ann", vec![text("help")]).await;
    let told = town.newest().await;
    assert_eq!(told.kind, E::ConversationPostback);
    assert_eq!(told.detail.unwrap().postback.unwrap().payload, "Help!");
    town.told("ann", vec![InboundEvent::Postback { payload: "p:1".into(), label: None }]).await;
    let newest = town.messages(conversation).await.pop().unwrap();
    assert_eq!(payload_of(&newest), ("Long".to_owned(), Some("Long!".to_owned())));
    // A day later a number is a number.
    let (place, _) = town.say(conversation, "choose once more").await;
    town.accept(place, &["x3"], choices).await;
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
        shown: Shown::Numbered,
    };
    // One comes back as text, two as keys.
    let choices = vec![
        choice(ActionKind::Reply, "Red", None),
        choice(ActionKind::Reply, "Blue", Some("p:b")),
        choice(ActionKind::Postback, "Help", Some("p:h")),
    ];
    town.accept(place, &["x1"], choices).await;
    let payload = Some("p:b".to_owned());
    let tapped = Text { text: Some("Blue".into()), payload, ..Text::default() };
    for (said, shelf) in [(text("red"), "Red"), (message("tapped", Content::Text(tapped)), "Blue")] {
        town.told("ann", vec![said]).await;
        let newest = town.messages(conversation).await.pop().unwrap();
        assert_eq!(newest.message.metadata, Some(json!({ "shelf": shelf }).to_string()));
    }
    town.told("ann", vec![InboundEvent::Postback { payload: "p:h".into(), label: None }]).await;
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
async fn an_old_button_means_what_it_did_however_many_came_since() {
    let mut town = Town::new().await;
    town.settings(SettingsPatch { echo_postback: Some(true), ..SettingsPatch::default() }).await;
    town.told("ann", vec![text("hello")]).await;
    let (_, conversation, _) = town.person("ann").await;
    for shelf in 0..60 {
        let (place, _) = town.say(conversation, &format!("article {shelf}")).await;
        let buy = Choice {
            kind: ActionKind::Postback,
            label: "Buy".into(),
            payload: "BUY".into(),
            key: Some(format!("p:{shelf:02}")),
            metadata: json!({ "shelf": shelf }).as_object().cloned(),
            shown: Shown::Button,
        };
        town.accept(place, &[&format!("x{shelf}")], vec![buy]).await;
    }
    for shelf in [59, 1] {
        let (payload, label) = (format!("p:{shelf:02}"), Some("Buy it".to_owned()));
        town.told("ann", vec![InboundEvent::Postback { payload, label }]).await;
        let pressed = town.newest().await.detail.unwrap().postback.unwrap();
        assert_eq!(
            (pressed.payload.as_str(), pressed.metadata),
            ("BUY", json!({ "shelf": shelf }).as_object().cloned())
        );
        // What was read on the button is what is said.
        let said = town.messages(conversation).await.pop().unwrap();
        let Content::Text(said) = serde_json::from_str(&said.message.content).unwrap() else {
            panic!("a text")
        };
        assert_eq!((said.text.as_deref(), said.payload.as_deref()), (Some("Buy it"), Some("BUY")));
    }
}

#[tokio::test]
async fn choices_count_while_the_person_may_have_seen_them_and_once() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (_, conversation, _) = town.person("ann").await;
    let outbox = town.house.hub.outbox();
    let choice = |label: &str| {
        let (label, payload, shown) = (label.to_owned(), label.to_owned(), Shown::Numbered);
        vec![Choice { kind: ActionKind::Reply, label, payload, key: None, metadata: None, shown }]
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
    outbox.offer(&second, &choice("new")).await.unwrap();
    outbox.take_back_offer(&second).await.unwrap();
    assert_eq!(payload().await.as_deref(), Some("old"), "the provider has not taken it");
    // An attempt whose answer was lost, then another one.
    for answer in [Some("new"), None] {
        outbox.offer(&second, &choice("new")).await.unwrap();
        assert_eq!((payload().await.as_deref(), offers().await), (answer, 2), "once");
    }
    let error = model::channel::SendError { code: ErrorCode::BadRequest, message: "no".into() };
    let external_ids = errand.external_ids.clone();
    let outcome = SendOutcome::Failed { error, blocked: false, external_ids, may_have_come: false };
    outbox.settle_send(second, false, outcome).await.unwrap();
    assert_eq!(offers().await, 1, "nobody has seen it");
}
