//! Links to a channel: matched, asked for, confirmed or declined.

use super::*;

pub(super) async fn link(town: &Town, user: &User, confirmation: crate::Confirmation, address: &str) -> Id {
    link_saying(town, user, confirmation, address, None).await
}

pub(super) async fn link_saying(
    town: &Town,
    user: &User,
    confirmation: crate::Confirmation,
    address: &str,
    message: Option<serde_json::Value>,
) -> Id {
    let conversation = town.house.conversation(&town.grant, &[user]).await;
    let draft = LinkDraft {
        kind: "telegram".into(),
        integration_id: town.integration.id,
        address: address.into(),
        subject: None,
        confirmation,
        message,
        primary: true,
        conversation_id: conversation,
    };
    town.house.hub.create_client(&town.grant, UserRef::new(user.id.to_string()), draft).await.unwrap();
    conversation
}

impl Town {
    /// Lets the channel begin a link.
    pub(super) async fn begin_link(&self) {
        let (event, errand) = self.errand().await;
        let Errand::Message(errand) = errand else { panic!("a link: {errand:?}") };
        assert!(errand.is_link);
        let place = self.place(&event, &errand).await;
        let sent_at = self.house.hub.now();
        let outcome = SendOutcome::Accepted { external_ids: vec![], sent_at, tells_arrival: true };
        self.house.hub.outbox().settle_send(place, true, outcome).await.unwrap();
    }

    async fn reasons(&self, after: usize) -> Vec<(E, String)> {
        let events = self.house.events().await.split_off(after);
        events
            .into_iter()
            .map(|event| (event.kind, event.detail.unwrap_or_default().reason.unwrap_or_default()))
            .collect()
    }
}

#[tokio::test]
async fn an_immediate_link_is_matched_and_confirmed_and_can_be_written_to() {
    let town = Town::new().await;
    let user = town.house.user(&town.grant, "ext").await;
    let conversation = link(&town, &user, crate::Confirmation::Immediate, "+1514").await;
    let count = town.house.events().await.len();
    town.begin_link().await;
    let told = |kind, reason: &str| (kind, reason.to_owned());
    assert_eq!(
        town.reasons(count).await,
        [told(E::ClientUpdate, "matched"), told(E::ClientUpdate, "confirmed")]
    );
    let (_, errand) = town.say(conversation, "hi").await;
    assert_eq!(errand.client.external_id.as_deref(), Some("+1514"));
    town.told("+1514", vec![text("hello")]).await;
    assert_eq!(town.texts(conversation).await, ["hi", "hello"]);
}

#[tokio::test]
async fn an_answer_confirms_a_link_by_activity() {
    let town = Town::new().await;
    let user = town.house.user(&town.grant, "ext").await;
    let conversation = link(&town, &user, crate::Confirmation::UserActivity, "+1514").await;
    town.begin_link().await;
    let count = town.house.events().await.len();
    town.told("+1514", vec![text("hello")]).await;
    let told = |kind, reason: &str| (kind, reason.to_owned());
    assert_eq!(
        town.reasons(count).await,
        [told(E::ClientUpdate, "confirmed"), told(E::ConversationMessage, "")]
    );
    assert_eq!(town.texts(conversation).await, ["hello"]);
    assert_eq!(town.person("+1514").await.0.id, user.id);
}

#[tokio::test]
async fn a_prompt_is_accepted_or_declined_outside_of_the_history() {
    let town = Town::new().await;
    let user = town.house.user(&town.grant, "ext").await;
    let conversation = link(&town, &user, crate::Confirmation::Prompt, "+1514").await;
    town.begin_link().await;
    let count = town.house.events().await.len();
    town.told("+1514", vec![text("No")]).await;
    let told = |kind, reason: &str| (kind, reason.to_owned());
    assert_eq!(town.reasons(count).await, [told(E::ClientRemove, "linkCancelled")]);
    let second = link(&town, &user, crate::Confirmation::Prompt, "+1514").await;
    town.begin_link().await;
    town.told("+1514", vec![text("yes"), text("so?")]).await;
    assert_eq!(town.texts(second).await, ["so?"]);
    assert!(town.texts(conversation).await.is_empty());
}

#[tokio::test]
async fn what_we_say_ourselves_follows_the_locale_of_the_user() {
    let mut town = Town::new().await;
    let user = town.house.user(&town.grant, "ext").await;
    speaks(&town, &user, "fr-CA").await;
    let asked = async |town: &Town| match town.errand().await {
        (_, Errand::Message(errand)) => match errand.content {
            Content::Text(text) => (text.text.unwrap(), text.actions[0].text.clone()),
            other => panic!("{other:?}"),
        },
        (_, other) => panic!("a link: {other:?}"),
    };
    link(&town, &user, crate::Confirmation::Prompt, "+1514").await;
    let (question, yes) = asked(&town).await;
    assert_eq!((question.as_str(), yes.as_str()), ("Voulez-vous poursuivre notre conversation ici ?", "Oui"));
    // The app does not want it: English, and only English is understood.
    town.settings(SettingsPatch { app_localization_enabled: Some(false), ..SettingsPatch::default() }).await;
    let conversation = link(&town, &user, crate::Confirmation::Prompt, "+1514").await;
    assert_eq!(asked(&town).await.1, "Yes");
    town.begin_link().await;
    town.told("+1514", vec![text("OUI")]).await;
    assert!(town.texts(conversation).await.is_empty(), "it is said by somebody unknown");
    town.settings(SettingsPatch { app_localization_enabled: Some(true), ..SettingsPatch::default() }).await;
    town.told("+1514", vec![text("Oui !")]).await;
    assert_eq!(town.person("+1514").await.0.id, user.id);
    // So does what is added to what an AI says.
    let shown = ShownAuthor { subtype: Some("AI".into()), ..ShownAuthor::default() };
    let draft = crate::MessageDraft {
        author: crate::AuthorDraft::Business(shown),
        content: Content::Text(Text { text: Some("Bonjour".into()), ..Text::default() }),
        metadata: None,
        destination: None,
        overrides: None,
        schema: None,
    };
    town.house.hub.post_message(&town.grant, conversation, draft).await.unwrap();
    let (_, Errand::Message(errand)) = town.errand().await else { panic!("a message") };
    let Content::Text(said) = errand.content else { panic!("a text") };
    assert_eq!(said.text.as_deref(), Some("Bonjour\n\n(Ce message a été rédigé par une IA.)"));
}

#[tokio::test]
async fn an_identity_of_somebody_else_is_merged_or_goes_over() {
    let town = Town::new().await;
    town.told("+1514", vec![text("before")]).await;
    let (stranger, _, _) = town.person("+1514").await;
    let user = town.house.user(&town.grant, "ext").await;
    link(&town, &user, crate::Confirmation::Immediate, "+1514").await;
    let count = town.house.events().await.len();
    town.begin_link().await;
    let told = |kind, reason: &str| (kind, reason.to_owned());
    let reasons = town.reasons(count).await;
    assert!(reasons.contains(&told(E::UserMerge, "channelLinking")), "{reasons:?}");
    assert_eq!(reasons.last(), Some(&told(E::ClientUpdate, "confirmed")));
    let (now, conversation, status) = town.person("+1514").await;
    assert_eq!((now.id, status), (user.id, ClientStatus::Active));
    assert_ne!(now.id, stranger.id);
    assert_eq!(town.texts(conversation).await, ["before"]);
    // Two that the business knows by different names stay two.
    let other = town.house.user(&town.grant, "other").await;
    link(&town, &other, crate::Confirmation::Immediate, "+1514").await;
    let count = town.house.events().await.len();
    town.begin_link().await;
    assert!(town.reasons(count).await.contains(&told(E::ClientRemove, "theft")));
    assert_eq!(town.person("+1514").await.0.id, other.id);
    // It is told in the conversation that the client was used in.
    let theft = town.house.events_of(&[E::ClientRemove]).await.pop().unwrap();
    let reader = &mut *town.house.hub.reader().await.unwrap();
    let left = conversations::by_id(reader, town.grant.app.key, conversation).await.unwrap().unwrap();
    assert_eq!((theft.conversation, theft.user), (left.key, now.key));
}
