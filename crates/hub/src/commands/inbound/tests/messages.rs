//! What people say and do: stored once, in the right conversation.

use super::*;

#[tokio::test]
async fn the_first_message_makes_a_user_a_client_and_a_conversation() {
    let town = Town::new().await;
    let received = town.told("ann", vec![text("hello")]).await;
    assert_eq!((received.taken, received.repeated, received.newcomers.len()), (1, 0, 0));
    assert_eq!(town.kinds().await, [E::ConversationCreate, E::ConversationMessage]);
    let (_, conversation, _) = town.person("ann").await;
    let messages = town.messages(conversation).await;
    assert_eq!(text_of(&messages[0]), "hello");
    let source = messages[0].message.extra.source.clone().unwrap();
    assert_eq!((source.kind.as_str(), source.original_message_id.as_deref()), ("telegram", Some("m:hello")));
    assert_eq!(source.original_message_time, Some(1_749_999_999_000));
    assert_eq!(messages[0].message.author.shown.display_name.as_deref(), Some("ANN"));
    // So is what the business posts in their name.
    let (ann, _, _) = town.person("ann").await;
    let posted = town.house.say(&town.grant, conversation, Some(&ann), "by the API").await;
    assert_eq!(posted.message.author.shown.display_name.as_deref(), Some("ANN"));
    // The second one goes to the same place.
    town.told("ann", vec![text("again")]).await;
    assert_eq!(town.texts(conversation).await, ["hello", "by the API", "again"]);
    assert_eq!(town.newest().await.kind, E::ConversationMessage);
}

#[tokio::test]
async fn what_was_told_before_is_stored_once() {
    let town = Town::new().await;
    let first = town.inbound("ann", text("hello"));
    let second = town.inbound("bob", text("hi"));
    assert_eq!(town.receive(vec![first.clone()]).await.taken, 1);
    let received = town.receive(vec![first.clone(), second, first]).await;
    assert_eq!((received.taken, received.repeated), (1, 2));
    let (_, conversation, _) = town.person("ann").await;
    assert_eq!(town.texts(conversation).await, ["hello"]);
}

#[tokio::test]
async fn a_message_that_is_its_own_key_is_stored_once_whatever_it_says() {
    let town = Town::new().await;
    let own = |what: &str| Inbound {
        dedupe_key: format!("m:{what}"),
        serial: 0,
        ..town.inbound("ann", text(what))
    };
    let hello = own("hello");
    assert_eq!(town.receive(vec![hello.clone(), hello.clone()]).await.repeated, 1);
    assert_eq!(town.receive(vec![hello.clone()]).await.repeated, 1);
    let (_, conversation, _) = town.person("ann").await;
    assert_eq!(town.texts(conversation).await, ["hello"]);
    // A button's answer that is no message leaves nothing but its key.
    let (place, _) = town.say(conversation, "choose").await;
    let (label, payload) = ("Help".to_owned(), "help!".to_owned());
    let choice = Choice {
        kind: ActionKind::Postback,
        label,
        payload,
        key: None,
        metadata: None,
        shown: Shown::Numbered,
    };
    town.accept(place, &["x1"], vec![choice]).await;
    let pressed = own("1");
    assert_eq!(town.receive(vec![pressed.clone()]).await.taken, 1);
    let events = town.kinds().await.len();
    assert_eq!(town.receive(vec![pressed]).await.repeated, 1);
    assert_eq!(town.kinds().await.len(), events);
    // What the provider told of a message before it came does not hide the message.
    let early = receipt(&["m:late"], ReceiptState::Delivered);
    town.told("ann", vec![early]).await;
    assert_eq!(town.receive(vec![own("late")]).await.taken, 1);
}

#[tokio::test]
async fn a_sign_of_life_is_written_once_a_minute() {
    let town = Town::new().await;
    let seen = async || {
        let reader = &mut *town.house.hub.reader().await.unwrap();
        let client = clients::by_external_id(reader, town.integration.key, "ann").await.unwrap().unwrap();
        client.last_seen.unwrap().0
    };
    town.told("ann", vec![text("one")]).await;
    let first = seen().await;
    town.told("ann", vec![text("two")]).await;
    assert_eq!(seen().await, first);
    town.house.clock.advance(60_000);
    town.told("ann", vec![text("three")]).await;
    assert_eq!(seen().await, first + 60_002);
}

#[tokio::test]
async fn a_locale_that_a_channel_tells_later_is_told() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let learn = async |locale: Option<&str>| {
        let person = Person {
            external_id: "ann".into(),
            given_name: Some("Ann".into()),
            locale: locale.map(str::to_owned),
            ..Person::default()
        };
        let open = town.house.hub.channel(town.integration.id).await.unwrap().unwrap();
        town.house.hub.learn_profile(&open, person).await.unwrap();
    };
    let before = town.kinds().await.len();
    learn(None).await;
    assert_eq!(town.kinds().await.len(), before, "a name is no event");
    learn(Some("fr-CA")).await;
    let told = town.newest().await;
    let (user, _, _) = town.person("ann").await;
    assert_eq!(
        (told.kind, told.user, user.profile.locale.as_deref()),
        (E::UserUpdate, user.key, Some("fr-CA"))
    );
    let detail = told.detail.unwrap();
    assert_eq!(detail.reason, Some(Reason::UserUpdate(UserUpdateReason::LocaleDetection)));
    assert_eq!(detail.source.unwrap().integration_id, Some(town.integration.id));
    // What is known stays, and is not told again.
    learn(Some("de-DE")).await;
    assert_eq!(town.kinds().await.len(), before + 1);
}

#[tokio::test]
async fn an_integration_that_changed_is_read_again() {
    let town = Town::new().await;
    let open = async || town.house.hub.channel(town.integration.id).await.unwrap().unwrap();
    let before = open().await;
    assert!(std::sync::Arc::ptr_eq(&before, &open().await), "what is unchanged is held");
    town.house.hub.note_sign(&before.integration, crate::Sign::Refused("dead".into())).await.unwrap();
    assert_eq!(open().await.integration.health_reason.as_deref(), Some("dead"));
    town.house.hub.delete_integration(&town.grant, town.integration.id).await.unwrap();
    assert!(town.house.hub.channel(town.integration.id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_callback_is_stored_as_a_whole_or_not_at_all() {
    let town = Town::new().await;
    let before = town.house.events().await.len();
    town.told("ann", vec![text("one"), InboundEvent::Typing { starts: true }, text("two")]).await;
    let kinds = town.kinds().await;
    assert_eq!(
        kinds[before..],
        [E::ConversationCreate, E::ConversationMessage, E::ConversationTyping, E::ConversationMessage]
    );
}

#[tokio::test]
async fn a_text_that_is_too_long_becomes_several_messages() {
    let town = Town::new().await;
    let long = "word ".repeat(TEXT_CHARS_MAX / 5 + 10);
    let told = town.inbound("ann", text(&long));
    town.receive(vec![told.clone()]).await;
    assert_eq!(town.receive(vec![told]).await.repeated, 1);
    let (_, conversation, _) = town.person("ann").await;
    let texts = town.texts(conversation).await;
    assert_eq!(texts.len(), 2);
    assert!(texts.iter().all(|text| text.chars().count() <= TEXT_CHARS_MAX));
    assert_eq!(texts.join(" ").trim_end(), long.trim_end());
    // Letters that belong together stay together, and an address whole.
    let family = "👨\u{200d}👩\u{200d}👧";
    let address = format!("https://a.example/{}", "x".repeat(2_500));
    for (whole, parts) in [
        (family.repeat(900), vec![family.repeat(819), family.repeat(81)]),
        (format!("{},{address}", "y".repeat(2_000)), vec![format!("{},", "y".repeat(2_000)), address]),
        (" ".repeat(TEXT_CHARS_MAX + 1), vec![String::new()]),
    ] {
        let before = town.texts(conversation).await.len();
        town.told("ann", vec![message("long", Content::Text(Text { text: Some(whole), ..Text::default() }))])
            .await;
        assert_eq!(town.texts(conversation).await[before..], parts);
    }
}

#[tokio::test]
async fn card_numbers_are_masked() {
    let town = Town::new().await;
    town.told("ann", vec![text("4111 1111 1111 1111")]).await;
    let (_, conversation, _) = town.person("ann").await;
    assert_eq!(town.texts(conversation).await, ["**** **** **** 1111"]);
}

#[tokio::test]
async fn a_closed_conversation_is_reopened_or_followed_by_a_new_one() {
    let mut town = Town::new().await;
    town.told("ann", vec![text("one")]).await;
    let (_, first, _) = town.person("ann").await;
    town.house.hub.close_conversation(&town.grant, first).await.unwrap();
    town.told("ann", vec![text("two")]).await;
    assert_eq!(town.texts(first).await, ["one", "two"]);
    town.settings(SettingsPatch {
        multi_convo_enabled: Some(true),
        disable_conversation_reopen: Some(true),
        ..SettingsPatch::default()
    })
    .await;
    town.house.hub.close_conversation(&town.grant, first).await.unwrap();
    town.told("ann", vec![text("three")]).await;
    let (_, second, _) = town.person("ann").await;
    assert_ne!(first, second);
    assert_eq!(town.texts(second).await, ["three"]);
}

#[tokio::test]
async fn what_is_pressed_in_a_conversation_that_is_over_begins_a_new_one() {
    let mut town = Town::new().await;
    town.settings(SettingsPatch {
        multi_convo_enabled: Some(true),
        disable_conversation_reopen: Some(true),
        ..SettingsPatch::default()
    })
    .await;
    let press = || InboundEvent::Postback { payload: "BUY".into(), label: Some("Buy".into()) };
    let came = || InboundEvent::Referral(json!({ "code": "ad" }));
    town.told("ann", vec![text("one")]).await;
    for (echoes, acts, told) in [
        (false, press(), vec![E::ConversationCreate, E::ConversationPostback]),
        (true, press(), vec![E::ConversationCreate, E::ConversationMessage, E::ConversationPostback]),
        // How somebody came is told with the beginning.
        (false, came(), vec![E::ConversationCreate]),
    ] {
        town.settings(SettingsPatch { echo_postback: Some(echoes), ..SettingsPatch::default() }).await;
        let (_, over, _) = town.person("ann").await;
        town.house.hub.close_conversation(&town.grant, over).await.unwrap();
        let before = town.kinds().await.len();
        town.told("ann", vec![acts]).await;
        assert_eq!(town.kinds().await[before..], told);
        let (_, next, _) = town.person("ann").await;
        assert_ne!(next, over);
        let state = town.house.hub.conversation(&town.grant, over).await.unwrap().conversation.state;
        assert!(state.closed_at.is_some(), "it stays closed");
    }
    // Where nothing begins by itself, nothing is told of it either.
    town.settings(SettingsPatch { ignore_auto_conversation_start: Some(true), ..SettingsPatch::default() })
        .await;
    let (_, over, _) = town.person("ann").await;
    town.house.hub.close_conversation(&town.grant, over).await.unwrap();
    let before = town.kinds().await.len();
    town.told("ann", vec![press()]).await;
    assert_eq!(town.kinds().await.len(), before);
}

#[tokio::test]
async fn what_does_not_fit_into_a_full_conversation_begins_a_new_one() {
    let mut town = Town::new().await;
    town.settings(SettingsPatch { echo_postback: Some(true), ..SettingsPatch::default() }).await;
    let long = "word ".repeat(TEXT_CHARS_MAX / 5 + 10);
    let InboundEvent::Message(echo) = text(&long) else { unreachable!() };
    for (comes, room) in [
        (InboundEvent::Postback { payload: "BUY".into(), label: Some("Buy".into()) }, 0),
        (text(&long), 1),
        (InboundEvent::Echo(echo), 1),
    ] {
        town.told("ann", vec![text(&format!("hello {}", town.next.get()))]).await;
        let (_, full, _) = town.person("ann").await;
        town.fill(full, CONVERSATION_MESSAGES_MAX - room).await;
        town.told("ann", vec![comes]).await;
        let (_, next, _) = town.person("ann").await;
        assert_ne!(next, full);
        let state = town.house.hub.conversation(&town.grant, full).await.unwrap().conversation.state;
        assert_eq!(state.count, CONVERSATION_MESSAGES_MAX - room);
    }
}

#[tokio::test]
async fn postbacks_and_referrals_are_events() {
    let mut town = Town::new().await;
    let press = || InboundEvent::Postback { payload: "BUY".into(), label: Some("Buy".into()) };
    town.settings(SettingsPatch { ignore_auto_conversation_start: Some(true), ..SettingsPatch::default() })
        .await;
    town.told("ann", vec![press(), InboundEvent::Referral(json!({ "code": "ad" }))]).await;
    assert_eq!(town.kinds().await, [], "nothing begins by itself");
    town.settings(SettingsPatch {
        ignore_auto_conversation_start: Some(false),
        echo_postback: Some(true),
        ..SettingsPatch::default()
    })
    .await;
    town.told("ann", vec![InboundEvent::Referral(json!({ "code": "ad" }))]).await;
    let begun = town.newest().await;
    assert_eq!(begun.kind, E::ConversationCreate);
    let detail = begun.detail.unwrap();
    assert_eq!(
        (detail.reason, detail.referral),
        (Some(Reason::Creation(CreationReason::StartConversation)), Some(json!({ "code": "ad" })))
    );
    town.told("ann", vec![press(), InboundEvent::Referral(json!({ "code": "ad2" }))]).await;
    assert_eq!(
        town.kinds().await,
        [E::ConversationCreate, E::ConversationMessage, E::ConversationPostback, E::ConversationReferral]
    );
    let (_, conversation, _) = town.person("ann").await;
    let messages = town.messages(conversation).await;
    assert!(messages[0].message.content.contains("BUY"), "{}", messages[0].message.content);
}

#[tokio::test]
async fn a_message_of_the_business_goes_to_the_primary_client_once() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (_, conversation, _) = town.person("ann").await;
    let (place, errand) = town.say(conversation, "hi").await;
    assert_eq!(errand.client.external_id.as_deref(), Some("ann"));
    assert_eq!(errand.refused, None);
    town.house.hub.outbox().note_progress(&place, 1, &["x1".to_owned()], false).await.unwrap();
    let (_, Errand::Message(again)) = town.errand().await else { panic!("a message") };
    assert_eq!((again.accepted, again.external_ids), (1, vec!["x1".to_owned()]));
    town.accept(place, &["x1", "x2"], Vec::new()).await;
    let told = town.newest().await;
    assert_eq!(told.kind, E::DeliveryChannel);
    let delivery = told.detail.unwrap().delivery.unwrap();
    assert_eq!((delivery.external_ids, delivery.is_final), (vec!["x1".to_owned(), "x2".to_owned()], false));
    // A crash before the subscription is settled: nothing is sent or told again.
    let outbox = town.house.hub.outbox();
    let event = outbox.event(place.event).await.unwrap().unwrap();
    let errand = outbox.errand(place.subscription, town.integration.key, &event).await.unwrap();
    assert!(matches!(errand, Errand::Nothing), "{errand:?}");
    let count = town.house.events().await.len();
    town.accept(place, &["x1", "x2"], Vec::new()).await;
    assert_eq!(town.house.events().await.len(), count);
    // The customer's own messages, and what was written past us, are sent to nobody.
    town.told("ann", vec![text("thanks")]).await;
    assert!(matches!(town.errand().await.1, Errand::Nothing));
    let echo = InboundMessage {
        external_id: "e1".into(),
        content: Content::Text(Text { text: Some("from the inbox".into()), ..Text::default() }),
        media: Vec::new(),
        quoted: None,
        original: None,
    };
    town.told("ann", vec![InboundEvent::Echo(echo)]).await;
    assert!(matches!(town.errand().await.1, Errand::Nothing));
    assert_eq!(town.texts(conversation).await.last().unwrap(), "from the inbox");
}

#[tokio::test]
async fn somebody_who_opts_out_is_blocked_until_they_come_back() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello"), InboundEvent::Consent { given: false }]).await;
    let (_, conversation, status) = town.person("ann").await;
    assert_eq!(status, ClientStatus::Blocked);
    let told = town.newest().await;
    assert_eq!(
        (told.kind, told.detail.unwrap().reason),
        (E::ClientUpdate, Some(Reason::ClientUpdate(ClientUpdateReason::Blocked)))
    );
    let (_, errand) = town.say(conversation, "hi").await;
    assert!(errand.refused.is_some());
    town.told("ann", vec![InboundEvent::Consent { given: false }, text("a message is no consent")]).await;
    assert_eq!(town.person("ann").await.2, ClientStatus::Blocked);
    town.told("ann", vec![InboundEvent::Consent { given: true }]).await;
    assert_eq!(town.person("ann").await.2, ClientStatus::Active);
    assert_eq!(
        town.newest().await.detail.unwrap().reason,
        Some(Reason::ClientUpdate(ClientUpdateReason::Unblocked))
    );
}

#[tokio::test]
async fn what_the_person_wrote_is_not_unread_for_them() {
    let town = Town::new().await;
    town.told("ann", vec![text("one"), text("two")]).await;
    let (user, conversation, _) = town.person("ann").await;
    let unread = async || {
        let reader = &mut *town.house.hub.reader().await.unwrap();
        let found = conversations::by_id(reader, town.grant.app.key, conversation).await.unwrap().unwrap();
        let place = store::rows::participants::of(reader, found.key, user.key).await.unwrap().unwrap();
        (place.unread_count, found.state.said)
    };
    assert_eq!(unread().await, (0, 2));
    town.say(conversation, "answer").await;
    town.told("ann", vec![text("three")]).await;
    assert_eq!(unread().await, (1, 3));
    let seen = InboundEvent::Receipt {
        messages: ReceiptScope::UpTo(town.house.hub.now()),
        state: ReceiptState::Read,
    };
    town.told("ann", vec![seen]).await;
    assert_eq!(unread().await, (0, 3));
    town.say(conversation, "more").await;
    assert_eq!(unread().await, (1, 3));
}

#[tokio::test]
async fn a_message_is_found_by_its_id_through_its_own_integration_only() {
    let town = Town::new().await;
    town.told("ann", vec![text("first")]).await;
    for number in 0..70 {
        town.told("ann", vec![text(&format!("message {number}"))]).await;
    }
    let (_, conversation, _) = town.person("ann").await;
    let quoting = |id: &str| {
        let InboundEvent::Message(message) = text("about that") else { unreachable!() };
        InboundEvent::Message(InboundMessage { quoted: Some(id.to_owned()), ..message })
    };
    town.told("ann", vec![quoting("m:first")]).await;
    let messages = town.messages(conversation).await;
    let quoted = messages.last().unwrap().quoted.as_ref().map(|quoted| text_of(quoted));
    assert_eq!(quoted.as_deref(), Some("first"));
    // Another bot counts its messages by itself: its ids may be the same.
    let reader = &mut *town.house.hub.reader().await.unwrap();
    let newest = messages.last().unwrap().message.key;
    let find = async |integration: Id, reader: &mut store::Read| {
        store::rows::messages::of_channel(reader, newest, integration, "m:first", 100).await.unwrap()
    };
    assert_eq!(find(town.integration.id, reader).await, Some(messages[0].message.key));
    assert_eq!(find(Id::MIN, reader).await, None);
}

#[tokio::test]
async fn whom_a_provider_did_not_reach_is_there_again_when_they_write() {
    let town = Town::new().await;
    town.told("ann", vec![text("hello")]).await;
    let (_, conversation, _) = town.person("ann").await;
    let refused = async |what| {
        let (place, _) = town.say(conversation, what).await;
        let error = SendError { code: ErrorCode::Forbidden, message: "551".into() };
        let outcome =
            SendOutcome::Failed { error, blocked: true, external_ids: Vec::new(), may_have_come: false };
        town.house.hub.outbox().settle_send(place, false, outcome).await.unwrap();
        town.person("ann").await.2
    };
    assert_eq!(refused("one").await, ClientStatus::Blocked);
    let before = town.house.events().await.len();
    town.told("ann", vec![text("here I am")]).await;
    assert_eq!(town.person("ann").await.2, ClientStatus::Active);
    let told = &town.house.events().await[before];
    assert_eq!(
        (told.kind, told.detail.as_ref().unwrap().reason),
        (E::ClientUpdate, Some(Reason::ClientUpdate(ClientUpdateReason::Unblocked)))
    );
    let press = InboundEvent::Postback { payload: "BUY".into(), label: None };
    for comes_back in [press, InboundEvent::Reaction { external_id: "m:x".into(), emoji: Some("👍".into()) }]
    {
        town.told("ann", vec![InboundEvent::Blocked]).await;
        assert_eq!(town.person("ann").await.2, ClientStatus::Blocked);
        town.told("ann", vec![comes_back]).await;
        assert_eq!(town.person("ann").await.2, ClientStatus::Active);
    }

    // Whoever has said STOP, before or after that, has to say START.
    assert_eq!(refused("two").await, ClientStatus::Blocked);
    town.told("ann", vec![InboundEvent::Consent { given: false }, text("only a word")]).await;
    town.told("ann", vec![InboundEvent::Blocked, text("another one")]).await;
    assert_eq!(town.person("ann").await.2, ClientStatus::Blocked);
    town.told("ann", vec![InboundEvent::Consent { given: true }]).await;
    assert_eq!(refused("three").await, ClientStatus::Blocked);
    town.told("ann", vec![text("START was meant for all that came before")]).await;
    assert_eq!(town.person("ann").await.2, ClientStatus::Active);
}

#[tokio::test]
async fn how_somebody_came_is_told_with_the_message_that_begins_it() {
    let mut town = Town::new().await;
    town.settings(SettingsPatch { ignore_auto_conversation_start: Some(true), ..SettingsPatch::default() })
        .await;
    let came = InboundEvent::Referral(json!({ "ref": "spring" }));
    let others = town.inbound("bob", InboundEvent::Referral(json!({ "ref": "autumn" })));
    let told = vec![town.inbound("ann", came.clone()), others, town.inbound("ann", text("/start spring"))];
    town.receive(told).await;
    let begun = town.house.events().await.into_iter().find(|event| event.kind == E::ConversationCreate);
    let detail = begun.unwrap().detail.unwrap();
    assert_eq!(
        (detail.reason, detail.referral),
        (Some(Reason::Creation(CreationReason::Message)), Some(json!({ "ref": "spring" })))
    );
    // Where it may begin one itself, or there is one, it is told by itself and once.
    town.told("ann", vec![came, text("again")]).await;
    let kinds = town.kinds().await;
    assert_eq!(kinds.iter().filter(|kind| **kind == E::ConversationReferral).count(), 1);
    assert_eq!(kinds.iter().filter(|kind| **kind == E::ConversationCreate).count(), 1);
}

#[tokio::test]
async fn edits_reactions_and_deletions_find_their_message() {
    let town = Town::new().await;
    town.told("ann", vec![text("helo")]).await;
    let (_, conversation, _) = town.person("ann").await;
    let edited = Content::Text(Text { text: Some("hello".into()), ..Text::default() });
    let edit = |content| InboundEvent::Edit { external_id: "m:helo".into(), content, media: Vec::new() };
    town.told("bob", vec![edit(edited.clone())]).await;
    assert_eq!(town.texts(conversation).await, ["helo"], "nobody edits what another wrote");
    town.told("ann", vec![edit(edited)]).await;
    assert_eq!(town.texts(conversation).await, ["hello"]);
    assert_eq!(town.newest().await.kind, E::ConversationMessage);
    let react = |emoji: Option<&str>| InboundEvent::Reaction {
        external_id: "m:helo".into(),
        emoji: emoji.map(str::to_owned),
    };
    town.told("ann", vec![react(Some("👍")), react(None)]).await;
    let messages = town.messages(conversation).await;
    assert_eq!(text_of(&messages[1]), "👍");
    assert_eq!(messages[1].quoted.as_ref().map(|quoted| text_of(quoted)).as_deref(), Some("hello"));
    town.told("ann", vec![InboundEvent::Delete { external_id: "m:helo".into() }]).await;
    let messages = town.messages(conversation).await;
    assert!(messages[0].message.deleted);
    assert_eq!(text_of(&messages[0]), "");
}

#[tokio::test]
async fn cards_are_masked_in_what_people_write_but_not_in_keys_of_buttons() {
    let town = Town::new().await;
    let card = "4539\u{a0}5787\u{a0}6362\u{a0}1486";
    let (key, said) = (Some("4539578763621486".to_owned()), Some(card.to_owned()));
    let content = Content::Text(Text { text: said, payload: key.clone(), ..Text::default() });
    let original =
        json!({ "id": 4539578763621486_u64, "text": card, "at": "https://a.example/4539578763621486" });
    let event = InboundEvent::Message(InboundMessage {
        external_id: "m:1".into(),
        content,
        media: Vec::new(),
        quoted: None,
        original: Some(original),
    });
    town.told("ann", vec![event]).await;
    let (_, conversation, _) = town.person("ann").await;
    let message = town.messages(conversation).await[0].message.clone();
    let masked = "****\u{a0}****\u{a0}****\u{a0}1486";
    let content: Content = serde_json::from_str(&message.content).unwrap();
    let text = Some(masked.to_owned());
    assert_eq!(content, Content::Text(Text { text, payload: key, ..Text::default() }));
    let original: serde_json::Value = serde_json::from_str(&message.original.unwrap()).unwrap();
    let expected =
        json!({ "id": 4539578763621486_u64, "text": masked, "at": "https://a.example/4539578763621486" });
    assert_eq!(original, expected);
}
