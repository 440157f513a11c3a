//! What a provider tells of messages that were sent.

use super::*;

#[tokio::test]
async fn receipts_become_delivery_events_once() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (_, conversation, _) = town.person("ann").await;
    let (place, _) = town.say(conversation, "hi").await;
    town.accept(place, &["x1", "x2"], Vec::new()).await;
    let before = town.house.events().await.len();
    town.told("ann", vec![receipt(&["x1"], ReceiptState::Delivered)]).await;
    assert_eq!(town.house.events().await.len(), before, "the second part is still on its way");
    town.told("ann", vec![receipt(&["x2"], ReceiptState::Read), receipt(&["x2"], ReceiptState::Delivered)])
        .await;
    let kinds = town.kinds().await;
    assert_eq!(kinds[before..], [E::DeliveryUser, E::ConversationRead]);
    let late = SendError { code: ErrorCode::UncategorizedError, message: "late".into() };
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
