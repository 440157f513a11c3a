//! What was sent, and what is told and said of it afterwards; media of several integrations.

use model::channel::Shown;

use super::links::{link, link_saying};
use super::media::picture;
use super::*;

fn choice(kind: ActionKind, label: &str, shown: Shown) -> Choice {
    let payload = format!("{label}!");
    Choice { kind, label: label.into(), payload, key: None, metadata: None, shown }
}

impl Town {
    /// A person says something; gives the payload that it was turned into.
    async fn payload_of(&self, conversation: Id, said: &str) -> Option<String> {
        // Equal words have different ids.
        self.told("ann", vec![text(&format!("{said}{}", " ".repeat(self.next.get() as usize)))]).await;
        let newest = self.messages(conversation).await.pop().unwrap();
        match serde_json::from_str(&newest.message.content).unwrap() {
            Content::Text(text) => {
                assert_eq!(text.text.unwrap_or_default().trim(), said, "it is in the history");
                text.payload
            }
            other => panic!("{other:?}"),
        }
    }

    async fn with_ann() -> (Town, Id) {
        let town = Town::new().await;
        town.told("ann", vec![text("hello")]).await;
        let (_, conversation, _) = town.person("ann").await;
        (town, conversation)
    }

    async fn settle_failed(&self, place: SendPlace, external_ids: &[&str], may_have_come: bool) {
        let error = SendError { code: ErrorCode::BadRequest, message: "no".into() };
        let external_ids = external_ids.iter().map(|id| (*id).to_owned()).collect();
        let outcome = SendOutcome::Failed { error, blocked: false, external_ids, may_have_come };
        self.house.hub.outbox().settle_send(place, false, outcome).await.unwrap();
    }

    /// What was told from a point on: the type, the provider's ids and whether it is the last word.
    async fn deliveries(&self, after: usize) -> Vec<(E, Vec<String>, bool)> {
        let events = self.house.events().await.split_off(after);
        let told = events.into_iter().filter_map(|event| {
            let delivery = event.detail.and_then(|detail| detail.delivery)?;
            Some((event.kind, delivery.external_ids, delivery.is_final))
        });
        told.collect()
    }
}

#[tokio::test]
async fn a_number_means_a_choice_until_it_was_answered() {
    let (town, conversation) = Town::with_ann().await;
    let (place, _) = town.say(conversation, "choose").await;
    let choices = vec![
        choice(ActionKind::Reply, "Red", Shown::Numbered),
        choice(ActionKind::Postback, "Help", Shown::Numbered),
    ];
    town.accept(place, &["x1"], choices).await;
    assert_eq!(town.payload_of(conversation, "well").await, None, "any other text leaves them");
    assert_eq!(town.payload_of(conversation, "1").await.as_deref(), Some("Red!"));
    for said in ["1", "2", "help"] {
        assert_eq!(town.payload_of(conversation, said).await, None, "{said}: the question was answered");
    }
    assert!(town.house.events_of(&[E::ConversationPostback]).await.is_empty());
}

#[tokio::test]
async fn a_number_means_no_choice_behind_a_newer_message() {
    let (town, conversation) = Town::with_ann().await;
    let red = || vec![choice(ActionKind::Reply, "Red", Shown::Numbered)];
    let (first, _) = town.say(conversation, "choose").await;
    town.accept(first, &["x1"], red()).await;
    let (second, _) = town.say(conversation, "how many?").await;
    town.settle_failed(second, &[], false).await;
    let (third, _) = town.say(conversation, "how many, please?").await;
    town.accept(third, &["x3"], Vec::new()).await;
    assert_eq!(town.payload_of(conversation, "1").await, None);
    // One that was refused, and so was not seen, ends nothing; one that may have come does.
    for (may_have_come, payload) in [(false, Some("Red!")), (true, None)] {
        let (place, _) = town.say(conversation, "choose").await;
        town.accept(place, &["x4"], red()).await;
        let (refused, _) = town.say(conversation, "how many?").await;
        town.settle_failed(refused, &[], may_have_come).await;
        assert_eq!(town.payload_of(conversation, "1").await.as_deref(), payload);
    }
    // What was written at the provider is newer, too.
    let (place, _) = town.say(conversation, "choose").await;
    town.accept(place, &["x5"], red()).await;
    let echo = InboundMessage {
        external_id: "m:echo".into(),
        content: Content::Text(Text { text: Some("how many?".into()), ..Text::default() }),
        media: Vec::new(),
        quoted: None,
        original: None,
    };
    town.told("ann", vec![InboundEvent::Echo(echo)]).await;
    assert_eq!(town.payload_of(conversation, "1").await, None);
}

#[tokio::test]
async fn a_keyboard_has_labels_and_no_numbers_and_stays() {
    let (town, conversation) = Town::with_ann().await;
    let (place, _) = town.say(conversation, "choose").await;
    town.accept(place, &["x1"], vec![choice(ActionKind::Reply, "Red", Shown::Key)]).await;
    assert_eq!(town.payload_of(conversation, "1").await, None, "no number was shown");
    assert_eq!(town.payload_of(conversation, "Red").await.as_deref(), Some("Red!"));
    let (place, _) = town.say(conversation, "take your time").await;
    town.accept(place, &["x2"], Vec::new()).await;
    assert_eq!(town.payload_of(conversation, "Red").await.as_deref(), Some("Red!"), "the key is still there");
    let (place, _) = town.say(conversation, "choose again").await;
    town.accept(place, &["x3"], vec![choice(ActionKind::Reply, "Blue", Shown::Key)]).await;
    assert_eq!(town.payload_of(conversation, "Red").await, None, "another keyboard is in its place");
}

#[tokio::test]
async fn a_message_in_parts_fails_once_and_does_not_arrive_then() {
    let (town, conversation) = Town::with_ann().await;
    let ids = || vec!["x1".to_owned(), "x2".to_owned(), "x3".to_owned()];
    let (place, _) = town.say(conversation, "long").await;
    town.accept(place, &["x1", "x2", "x3"], Vec::new()).await;
    let before = town.house.events().await.len();
    let gone =
        || ReceiptState::Failed(SendError { code: ErrorCode::UncategorizedError, message: "gone".into() });
    town.told("ann", vec![receipt(&["x1"], gone()), receipt(&["x2"], ReceiptState::Delivered)]).await;
    town.told("ann", vec![receipt(&["x3"], gone())]).await;
    assert_eq!(town.deliveries(before).await, [(E::DeliveryFailure, ids(), true)]);
    // With all of them there it names all of them.
    let (place, _) = town.say(conversation, "long again").await;
    town.accept(place, &["y1", "y2"], Vec::new()).await;
    let before = town.house.events().await.len();
    town.told("ann", vec![receipt(&["y2"], ReceiptState::Delivered)]).await;
    town.told("ann", vec![receipt(&["y1"], ReceiptState::Delivered)]).await;
    let arrived = (E::DeliveryUser, vec!["y1".to_owned(), "y2".to_owned()], true);
    assert_eq!(town.deliveries(before).await, [arrived]);
    // Both words may be faster than the answer.
    let (place, _) = town.say(conversation, "and again").await;
    town.told("ann", vec![receipt(&["z1"], gone()), receipt(&["z2"], ReceiptState::Delivered)]).await;
    let before = town.house.events().await.len();
    town.accept(place, &["z1", "z2"], Vec::new()).await;
    let kinds: Vec<E> = town.deliveries(before).await.into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [E::DeliveryChannel, E::DeliveryFailure]);
}

#[tokio::test]
async fn a_watermark_meets_the_newest_message() {
    let (town, conversation) = Town::with_ann().await;
    let up_to = |moment| InboundEvent::Receipt {
        messages: ReceiptScope::UpTo(moment),
        state: ReceiptState::Delivered,
    };
    let settle = async |place, id: &str, sent_at| {
        let outcome =
            SendOutcome::Accepted { external_ids: vec![id.to_owned()], sent_at, tells_arrival: true };
        town.house.hub.outbox().settle_send(place, false, outcome).await.unwrap();
    };
    // The provider's time of a message lies between its sending and the moment when the answer is stored.
    let (place, _) = town.say(conversation, "one").await;
    let sent_at = town.house.hub.now();
    town.house.clock.advance(500);
    settle(place, "x1", sent_at).await;
    let before = town.house.events().await.len();
    town.told("ann", vec![up_to(sent_at.plus(200))]).await;
    assert_eq!(town.kinds().await[before..], [E::DeliveryUser]);
    // It may come before the answer is stored.
    let (place, _) = town.say(conversation, "two").await;
    let sent_at = town.house.hub.now();
    town.house.clock.advance(500);
    town.told("ann", vec![up_to(sent_at.plus(200))]).await;
    let before = town.house.events().await.len();
    settle(place, "x2", sent_at).await;
    assert_eq!(town.kinds().await[before..], [E::DeliveryChannel, E::DeliveryUser]);
    // What is sent behind it has not arrived.
    let (place, _) = town.say(conversation, "three").await;
    let before = town.house.events().await.len();
    settle(place, "x3", town.house.hub.now()).await;
    assert_eq!(town.kinds().await[before..], [E::DeliveryChannel]);
}

#[tokio::test]
async fn what_was_told_early_is_not_forgotten_for_less() {
    let (town, conversation) = Town::with_ann().await;
    let (place, _) = town.say(conversation, "hi").await;
    town.told("ann", vec![receipt(&["x1"], ReceiptState::Delivered), receipt(&["x1"], ReceiptState::Read)])
        .await;
    town.told("ann", vec![receipt(&["x1"], ReceiptState::Delivered)]).await;
    let before = town.house.events().await.len();
    town.accept(place, &["x1"], Vec::new()).await;
    assert_eq!(town.kinds().await[before..], [E::DeliveryChannel, E::DeliveryUser, E::ConversationRead]);
}

#[tokio::test]
async fn who_has_opted_out_is_not_written_to_again_by_a_link() {
    let town = Town::new().await;
    town.told("+1514", vec![text("hello"), InboundEvent::Consent { given: false }]).await;
    let user = town.house.user(&town.grant, "ext").await;
    let conversation = link(&town, &user, Confirmation::Immediate, "+1514").await;
    town.begin_link().await;
    let (now, _, status) = town.person("+1514").await;
    assert_eq!((now.id, status), (user.id, ClientStatus::Blocked), "nobody has asked the person");
    let (_, errand) = town.say(conversation, "hi").await;
    assert_eq!(errand.refused.map(|error| error.code), Some(ErrorCode::Forbidden));
    // Their own answer to a question is theirs.
    link(&town, &user, Confirmation::Prompt, "+1514").await;
    town.begin_link().await;
    town.told("+1514", vec![text("yes")]).await;
    assert_eq!(town.person("+1514").await.2, ClientStatus::Active);
}

#[tokio::test]
async fn a_link_that_asks_nothing_sends_nothing_to_who_has_opted_out() {
    let town = Town::new().await;
    town.told("+1514", vec![text("hello"), InboundEvent::Consent { given: false }]).await;
    let user = town.house.user(&town.grant, "ext").await;
    let content = Content::Text(Text { text: Some("hi".into()), ..Text::default() });
    link_saying(&town, &user, Confirmation::Immediate, "+1514", Some(content)).await;
    let (_, Errand::Message(errand)) = town.errand().await else { panic!("a link") };
    assert_eq!(errand.refused.map(|error| error.code), Some(ErrorCode::Forbidden));
}

#[tokio::test]
async fn media_of_one_integration_leave_room_for_others() {
    let town = Town::new().await;
    let other = town.house.channel(&town.grant, "messenger").await;
    for _ in 0..5 {
        town.told("ann", vec![picture()]).await;
    }
    let open = town.house.hub.channel(other.id).await.unwrap().unwrap();
    town.house.clock.advance(1);
    town.house.hub.receive(vec![(open, vec![town.inbound("bob", picture())])]).await.unwrap();
    let outbox = town.house.hub.outbox();
    let owners = async |limit| -> Vec<_> {
        let due = outbox.due_media(2, limit).await.unwrap();
        due.into_iter().map(|medium| medium.integration).collect()
    };
    assert_eq!(owners(10).await, [town.integration.key, town.integration.key, other.key]);
    assert_eq!(owners(1).await, [town.integration.key], "the longest waiting first");
    // What is being fetched is not due, until another start.
    for medium in outbox.due_media(2, 10).await.unwrap() {
        outbox.postpone_medium(medium.key, 0, town.house.hub.now().plus(150_000)).await.unwrap();
    }
    assert_eq!(owners(10).await, [town.integration.key, town.integration.key]);
    outbox.begin_media().await.unwrap();
    assert!(owners(10).await.contains(&other.key));
}
