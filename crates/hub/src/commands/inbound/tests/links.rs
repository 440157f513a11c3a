//! Links to a channel: matched, asked for, confirmed or declined.

use model::record::Access;
use store::rows::participants;

use super::*;
use crate::UploadDraft;

pub(super) async fn link(town: &Town, user: &User, confirmation: Confirmation, address: &str) -> Id {
    link_saying(town, user, confirmation, address, None).await
}

pub(super) async fn link_saying(
    town: &Town,
    user: &User,
    confirmation: Confirmation,
    address: &str,
    message: Option<Content>,
) -> Id {
    let conversation = town.house.conversation(&town.grant, &[user]).await;
    let draft = LinkDraft { message, ..draft(town, confirmation, address, conversation) };
    town.house.hub.create_client(&town.grant, UserRef::new(user.id.to_string()), draft).await.unwrap();
    conversation
}

fn draft(town: &Town, confirmation: Confirmation, address: &str, conversation: Id) -> LinkDraft {
    LinkDraft {
        kind: "telegram".into(),
        integration_id: town.integration.id,
        address: address.into(),
        subject: None,
        confirmation,
        message: None,
        primary: true,
        conversation_id: conversation,
    }
}

fn updated(reason: ClientUpdateReason) -> (E, Option<Reason>) {
    (E::ClientUpdate, Some(Reason::ClientUpdate(reason)))
}

fn removed(reason: ClientRemoveReason) -> (E, Option<Reason>) {
    (E::ClientRemove, Some(Reason::ClientRemove(reason)))
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

    async fn reasons(&self, after: usize) -> Vec<(E, Option<Reason>)> {
        let events = self.house.events().await.split_off(after);
        events.into_iter().map(|event| (event.kind, event.detail.unwrap_or_default().reason)).collect()
    }
}

#[tokio::test]
async fn an_immediate_link_is_matched_and_confirmed_and_can_be_written_to() {
    let town = Town::new().await;
    let user = town.house.user(&town.grant, "ext").await;
    let conversation = link(&town, &user, Confirmation::Immediate, "+1514").await;
    let count = town.house.events().await.len();
    town.begin_link().await;
    assert_eq!(
        town.reasons(count).await,
        [updated(ClientUpdateReason::Matched), updated(ClientUpdateReason::Confirmed)]
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
    let conversation = link(&town, &user, Confirmation::UserActivity, "+1514").await;
    town.begin_link().await;
    let count = town.house.events().await.len();
    town.told("+1514", vec![text("hello")]).await;
    assert_eq!(
        town.reasons(count).await,
        [updated(ClientUpdateReason::Confirmed), (E::ConversationMessage, None)]
    );
    assert_eq!(town.texts(conversation).await, ["hello"]);
    assert_eq!(town.person("+1514").await.0.id, user.id);
}

#[tokio::test]
async fn a_prompt_is_accepted_or_declined_outside_of_the_history() {
    let town = Town::new().await;
    let user = town.house.user(&town.grant, "ext").await;
    let conversation = link(&town, &user, Confirmation::Prompt, "+1514").await;
    town.begin_link().await;
    let count = town.house.events().await.len();
    town.told("+1514", vec![text("No")]).await;
    assert_eq!(town.reasons(count).await, [removed(ClientRemoveReason::LinkCancelled)]);
    let second = link(&town, &user, Confirmation::Prompt, "+1514").await;
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
    link(&town, &user, Confirmation::Prompt, "+1514").await;
    let (question, yes) = asked(&town).await;
    assert_eq!((question.as_str(), yes.as_str()), ("Voulez-vous poursuivre notre conversation ici ?", "Oui"));
    // The app does not want it: English, and only English is understood.
    town.settings(SettingsPatch { app_localization_enabled: Some(false), ..SettingsPatch::default() }).await;
    let conversation = link(&town, &user, Confirmation::Prompt, "+1514").await;
    assert_eq!(asked(&town).await.1, "Yes");
    town.begin_link().await;
    town.told("+1514", vec![text("OUI")]).await;
    assert!(town.texts(conversation).await.is_empty(), "it is said by somebody unknown");
    town.settings(SettingsPatch { app_localization_enabled: Some(true), ..SettingsPatch::default() }).await;
    town.told("+1514", vec![text("Oui !")]).await;
    assert_eq!(town.person("+1514").await.0.id, user.id);
    // So does what is added to what an AI says.
    let shown = ShownAuthor { subtype: Some(AuthorSubtype::Ai), ..ShownAuthor::default() };
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
    link(&town, &user, Confirmation::Immediate, "+1514").await;
    let count = town.house.events().await.len();
    town.begin_link().await;
    let reasons = town.reasons(count).await;
    assert!(
        reasons.contains(&(E::UserMerge, Some(Reason::UserMerge(UserMergeReason::ChannelLinking)))),
        "{reasons:?}"
    );
    assert_eq!(reasons.last(), Some(&updated(ClientUpdateReason::Confirmed)));
    let (now, conversation, status) = town.person("+1514").await;
    assert_eq!((now.id, status), (user.id, ClientStatus::Active));
    assert_ne!(now.id, stranger.id);
    assert_eq!(town.texts(conversation).await, ["before"]);
    // Two that the business knows by different names stay two.
    let other = town.house.user(&town.grant, "other").await;
    link(&town, &other, Confirmation::Immediate, "+1514").await;
    let count = town.house.events().await.len();
    town.begin_link().await;
    assert!(town.reasons(count).await.contains(&removed(ClientRemoveReason::Theft)));
    assert_eq!(town.person("+1514").await.0.id, other.id);
    // It is told in the conversation that the client was used in.
    let is_theft = |event: &Event| {
        event.detail.as_ref().and_then(|detail| detail.reason) == removed(ClientRemoveReason::Theft).1
    };
    let removed = town.house.events_of(&[E::ClientRemove]).await;
    let theft = removed.into_iter().find(is_theft).unwrap();
    let reader = &mut *town.house.hub.reader().await.unwrap();
    let left = conversations::by_id(reader, town.grant.app.key, conversation).await.unwrap().unwrap();
    assert_eq!((theft.conversation, theft.user), (left.key, now.key));
}

#[tokio::test]
async fn a_link_onto_a_client_of_the_same_user_says_what_became_of_its_own() {
    let town = Town::new().await;
    town.told("+1514", vec![text("before")]).await;
    let (user, first, _) = town.person("+1514").await;
    let second = link(&town, &user, Confirmation::Immediate, "+1514").await;
    let pending = town.newest().await.client;
    let count = town.house.events().await.len();
    town.begin_link().await;
    let expected = [
        updated(ClientUpdateReason::Matched),
        removed(ClientRemoveReason::LinkCancelled),
        updated(ClientUpdateReason::Confirmed),
    ];
    assert_eq!(town.reasons(count).await, expected);
    let client = {
        let reader = &mut *town.house.hub.reader().await.unwrap();
        clients::by_external_id(reader, town.integration.key, "+1514").await.unwrap().unwrap()
    };
    let ended = town.house.events_of(&[E::ClientRemove]).await.pop().unwrap();
    assert_eq!(ended.client, pending);
    let detail = ended.detail.unwrap();
    assert_eq!(detail.client.unwrap().status, ClientStatus::Pending);
    let error = detail.error.unwrap();
    assert_eq!(error.code, ErrorCode::LinkToExistingClient);
    assert!(error.message.ends_with(&client.id.to_string()), "{}", error.message);
    for conversation in [first, second] {
        let (_, errand) = town.say(conversation, "hi").await;
        assert_eq!(errand.client.key, client.key);
    }
}

#[tokio::test]
async fn a_client_whose_user_was_merged_a_moment_ago_is_the_surviving_users() {
    let town = Town::new().await;
    town.told("+1514", vec![text("before")]).await;
    let (stranger, ..) = town.person("+1514").await;
    let user = town.house.user(&town.grant, "ext").await;
    // The sweeper has not brought the client over yet.
    let (from, to) = (stranger.key, user.key);
    town.house.write(move |tx, _| Box::pin(async move { Ok(users::mark_merged(tx, from, to).await?) })).await;
    link(&town, &user, Confirmation::Immediate, "+1514").await;
    let count = town.house.events().await.len();
    town.begin_link().await;
    assert_eq!(town.reasons(count).await.pop(), Some(updated(ClientUpdateReason::Confirmed)));
    let reader = &mut *town.house.hub.reader().await.unwrap();
    let client = clients::by_external_id(reader, town.integration.key, "+1514").await.unwrap().unwrap();
    assert_eq!(client.user, user.key);
}

#[tokio::test]
async fn whoever_is_being_removed_takes_nobody_along() {
    let town = Town::new().await;
    town.told("+1514", vec![text("before")]).await;
    let (stranger, ..) = town.person("+1514").await;
    town.house.hub.delete_user(&town.grant, UserRef::new(stranger.id.to_string())).await.unwrap();
    let user = town.house.user(&town.grant, "ext").await;
    let conversation = link(&town, &user, Confirmation::Immediate, "+1514").await;
    town.begin_link().await;
    assert!(!town.kinds().await.contains(&E::UserMerge));
    town.house.hub.sweep().await.unwrap();
    assert_eq!(town.person("+1514").await.0.key, user.key);
    assert!(town.texts(conversation).await.is_empty(), "what the other one said is gone");
}

#[tokio::test]
async fn a_link_that_is_not_to_be_primary_demotes_nobody() {
    let town = Town::new().await;
    town.told("+1514", vec![text("before")]).await;
    let (user, conversation, _) = town.person("+1514").await;
    // Another client took part before.
    let other = town.house.channel(&town.grant, "twilio").await;
    let (owner, kind) = (user.key, other.kind.clone());
    let place = town
        .house
        .write(move |tx, ctx| {
            let (owner, kind, app) = (owner, kind.clone(), other.app);
            let (integration, id) = (other.key, other.id);
            Box::pin(async move {
                let mut client =
                    clients::page(tx, owner, store::rows::Seek::After(Id::MIN), 1).await?.remove(0);
                let place = participants::newest_place_of_client(tx, client.key).await?.unwrap();
                (client.id, client.kind) = (ctx.id(), kind);
                (client.integration, client.integration_id) = (Some(integration), Some(id));
                client.key = clients::insert(tx, app, &client).await?;
                participants::associate(tx, place.participant, client.key, Millis(1)).await?;
                Ok(place.participant)
            })
        })
        .await;
    let kinds = async || {
        let reader = &mut *town.house.hub.reader().await.unwrap();
        let found = participants::clients_of(reader, place).await.unwrap();
        found.into_iter().map(|client| client.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds().await, ["telegram", "twilio"]);
    let draft = LinkDraft { primary: false, ..draft(&town, Confirmation::Immediate, "+1514", conversation) };
    town.house.hub.create_client(&town.grant, UserRef::new(user.id.to_string()), draft).await.unwrap();
    town.begin_link().await;
    assert_eq!(kinds().await, ["telegram", "twilio"]);
}

#[tokio::test]
async fn the_message_of_a_link_is_made_ready_as_every_message_is() {
    let town = Town::new().await;
    let user = town.house.user(&town.grant, "ext").await;
    let uploaded = async |for_message: bool| {
        let draft = UploadDraft { access: Access::Private, for_message, conversation: None };
        let mut upload = town.house.hub.begin_upload(&town.grant, draft).await.unwrap();
        upload.add(b"bytes"[..].into()).await.unwrap();
        let (name, media_type) = ("a.png".to_owned(), "image/png".to_owned());
        let file = town.house.hub.finish_upload(&town.grant, upload, name, media_type).await.unwrap();
        town.house.hub.attachment_url(&file.token, &file.name)
    };
    let (_, shown) = town.house.picture(&town.grant).await;
    let Content::Image(shown) = shown else { panic!("a picture") };
    let url = uploaded(false).await;
    let text = Some("card 4111 1111 1111 1111".to_owned());
    let content = Content::Image(MediaContent { media: MediaRef::Url(url.clone()), text, ..shown.clone() });
    link_saying(&town, &user, Confirmation::Immediate, "+1514", Some(content)).await;
    let (_, Errand::Message(errand)) = town.errand().await else { panic!("a link") };
    let Content::Image(said) = errand.content else { panic!("a picture") };
    assert_eq!(said.text.as_deref(), Some("card **** **** **** 1111"));
    let MediaRef::Url(given) = said.media else { panic!("an address") };
    assert!(given.starts_with(&format!("{url}?ticket=")), "{given}");
    // Nothing would keep what goes with its messages; what is gone cannot be shown.
    let gone = uploaded(false).await;
    town.house.hub.remove_attachment(&town.grant, &gone).await.unwrap();
    let conversation = town.house.conversation(&town.grant, &[&user]).await;
    for (url, why) in [(uploaded(true).await, "goes with its message"), (gone, "does not exist any more")] {
        let content = Content::Image(MediaContent { media: MediaRef::Url(url), ..shown.clone() });
        let draft = LinkDraft {
            message: Some(content),
            ..draft(&town, Confirmation::Immediate, "+1514", conversation)
        };
        let refused =
            town.house.hub.create_client(&town.grant, UserRef::new(user.id.to_string()), draft).await;
        assert!(matches!(&refused, Err(crate::HubError::Invalid(text)) if text.contains(why)), "{refused:?}");
    }
}
