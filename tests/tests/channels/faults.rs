//! What goes wrong at providers loses and doubles nothing, and delays nobody else.

use serde_json::json;
use sim::{Channel, Customer, Fault, FaultKind, Provider};
use testkit::{Answer, Sink, run, text_at};

use super::{LINES, Line, Street, conversation_of};

#[test]
fn a_broken_provider_gets_the_message_once_it_works() {
    run(120, async {
        for line in LINES {
            let street = Street::build().await;
            let (ann, conversation) = street.begun(line).await;
            let broken = Fault::new(FaultKind::ServerError { status: None }).at(line.provider).on(line.send);
            street.sim.fault(broken.times(5));
            street.answer_text(&conversation, "one").await;
            street.answer_text(&conversation, "two").await;
            street.events("conversation:message:delivery:channel", 2).await;
            assert_eq!(texts(&ann), ["one", "two"], "{line:?}: once each, and in order");
            assert_eq!(sends(&street, line).len(), 7, "{line:?}");
        }
    });
}

#[test]
fn a_provider_that_asks_for_patience_is_given_it() {
    run(120, async {
        for line in LINES {
            let street = Street::build().await;
            let (ann, conversation) = street.begun(line).await;
            let patience = FaultKind::RateLimit { retry_after_s: Some(1) };
            street.sim.fault(Fault::new(patience).at(line.provider).on(line.send).times(1));
            street.answer_text(&conversation, "one").await;
            street.event("conversation:message:delivery:channel").await;
            let at = sends(&street, line);
            assert_eq!(at.len(), 2, "{line:?}");
            assert!(at[1] - at[0] >= 1_000, "{line:?}: {} ms", at[1] - at[0]);
            assert_eq!(texts(&ann), ["one"], "{line:?}");
        }
    });
}

#[test]
fn a_pause_that_a_provider_asks_for_holds_for_all_its_conversations() {
    run(60, async {
        let street = Street::build().await;
        street.messenger().await;
        let (ann, bob) = (
            street.sim.customer(Channel::Messenger, "7000000000000001"),
            street.sim.customer(Channel::Messenger, "7000000000000002"),
        );
        ann.say("Hello").await.unwrap();
        let first = conversation_of(&street.event("conversation:message").await);
        bob.say("Hello").await.unwrap();
        let second = conversation_of(&street.events("conversation:message", 2).await[1]);
        let patience = FaultKind::RateLimit { retry_after_s: Some(2) };
        street.sim.fault(Fault::new(patience).at(Provider::Messenger).on("me/messages").times(1));
        let sends =
            |transcript: &sim::Transcript| transcript.to_provider(Provider::Messenger, "me/messages").len();
        street.answer_text(&first, "one").await;
        street.sim.wait_for("the refusal", |transcript| sends(transcript) > 0).await.unwrap();
        // The pause begins when the refusal was read, which is counted.
        testkit::eventually(20, "a counted refusal", || async {
            let counted = street.server.metrics().value("crosspoint_channel_sends_total");
            (counted >= Some(1.0)).then_some(())
        })
        .await;
        street.answer_text(&second, "two").await;
        street.events("conversation:message:delivery:channel", 2).await;
        let transcript = street.sim.transcript();
        let sent = transcript.to_provider(Provider::Messenger, "me/messages");
        assert_eq!((sent.len(), bob.received().len()), (3, 1));
        let early = sent[1..].iter().find(|entry| entry.at_ms - sent[0].at_ms < 2_000);
        assert!(early.is_none(), "{early:?}");
    });
}

#[test]
fn a_send_whose_answer_is_lost_is_made_twice_and_no_more() {
    run(60, async {
        let street = Street::build().await;
        street.telegram().await;
        let ann = street.sim.customer(Channel::Telegram, "1111111");
        ann.say("Hello").await.unwrap();
        let conversation = conversation_of(&street.event("conversation:message").await);
        let lost =
            |times| Fault::new(FaultKind::LostAnswer).at(Provider::Telegram).on("sendMessage").times(times);
        street.sim.fault(lost(2));
        street.answer_text(&conversation, "one").await;
        let told = street.event("conversation:message:delivery:failure").await;
        assert_eq!(told.payload()["isFinalEvent"], true);
        let text = text_at(told.payload(), "/error/message");
        assert!(text.contains("lost twice, so the message may have arrived"), "{text}");
        // Lost once, it is known to be there after the second time.
        street.sim.fault(lost(1));
        street.answer_text(&conversation, "two").await;
        street.event("conversation:message:delivery:channel").await;
        let received: Vec<String> = ann.received().into_iter().map(|bubble| bubble.text).collect();
        assert_eq!(received, ["one", "one", "two", "two"]);
    });
}

/// Connections break without an answer, for longer than two attempts take.
#[test]
fn an_outage_that_swallows_answers_loses_and_doubles_nothing() {
    run(120, async {
        for line in LINES {
            let street = Street::build().await;
            let (ann, conversation) = street.begun(line).await;
            street.sim.fault(Fault::new(FaultKind::Reset).at(line.provider).times(5));
            street.answer_text(&conversation, "one").await;
            street.answer_text(&conversation, "two").await;
            street.events("conversation:message:delivery:channel", 2).await;
            assert_eq!(texts(&ann), ["one", "two"], "{line:?}");
            assert_eq!(street.count("conversation:message:delivery:failure"), 0, "{line:?}");
            // What may have come is sent again once the provider answers something that changes nothing.
            assert_eq!(sends(&street, line).len(), 3, "{line:?}");
        }
    });
}

#[test]
fn a_file_that_its_author_does_not_give_ends_its_message_and_nothing_else() {
    run(60, async {
        let street = Street::build().await;
        street.telegram().await;
        let ann = street.sim.customer(Channel::Telegram, "1111111");
        ann.say("Hello").await.unwrap();
        let conversation = conversation_of(&street.event("conversation:message").await);
        let sink = Sink::start().await;
        for (path, status, asked, what) in [
            ("/gone.txt", 404, 1, "could not be fetched: its server answered 404"),
            ("/broken.txt", 503, 6, "given up after 6 attempts: the file of the message at"),
        ] {
            street.inbox.clear();
            let files = sink.inbox(path);
            files.unchecked();
            files.otherwise(Answer::Status(status));
            street.answer(&conversation, json!({ "type": "file", "mediaUrl": files.url() })).await;
            street.answer_text(&conversation, path).await;
            let told = street.event("conversation:message:delivery:failure").await;
            assert_eq!(told.payload()["isFinalEvent"], true);
            let text = text_at(told.payload(), "/error/message");
            assert!(text.contains(what), "{text}");
            street.event("conversation:message:delivery:channel").await;
            assert_eq!(files.hooks().len(), asked, "{path}");
            assert_eq!(ann.received().last().map(|bubble| bubble.text.clone()).as_deref(), Some(path));
        }
    });
}

#[test]
fn a_callback_that_comes_twice_is_stored_once() {
    run(120, async {
        for line in LINES {
            let street = Street::build().await;
            street.connect(line).await;
            street.sim.fault(Fault::new(FaultKind::DuplicateCallback));
            let ann = street.sim.customer(line.channel, line.who);
            ann.say("one").await.unwrap();
            ann.say("two").await.unwrap();
            let conversation = conversation_of(&street.events("conversation:message", 2).await[0]);
            let page = street.app.get(&format!("/conversations/{conversation}/messages")).await;
            assert_eq!(page["messages"].as_array().unwrap().len(), 2, "{line:?}: {page}");
            let callbacks = street.sim.transcript().from_provider(line.provider, line.callback).len();
            assert!(callbacks >= 3, "{line:?}: {callbacks} callbacks");
        }
    });
}

/// A message like any other, signed with another key.
#[test]
fn a_callback_that_somebody_else_has_signed_stores_nothing() {
    run(120, async {
        for line in LINES {
            let street = Street::build().await;
            street.connect(line).await;
            street.sim.fault(Fault::new(FaultKind::BadSignature).at(line.provider).times(1));
            let liar = street.sim.customer(line.channel, line.who);
            let status = liar.say("I am Ann").await.unwrap().status;
            assert!(matches!(status, Some(401 | 403)), "{line:?}: {status:?}");
            assert_eq!(stored(&street), [0, 0, 0], "{line:?}");
            // Rightly signed the same is taken. Somebody else writes it: a provider that tries again goes on
            // with the first one of this chat.
            let other = line.who.replace('1', "2");
            let ann = street.sim.customer(line.channel, &other);
            assert_eq!(ann.say("I am Ann").await.unwrap().status, Some(200), "{line:?}");
            street.event("conversation:message").await;
            assert_eq!(stored(&street), [1, 1, 1], "{line:?}");
            // A provider that is asked for the profile may tell a locale besides.
            let mut kinds = street.inbox.kinds();
            kinds.retain(|kind| kind != "user:update");
            assert_eq!(kinds, ["conversation:create", "conversation:message"], "{line:?}");
        }
    });
}

/// How many users, clients and messages there are.
fn stored(street: &Street) -> [i64; 3] {
    let connection = rusqlite::Connection::open(street.server.dir().join("crosspoint.db")).unwrap();
    ["users", "clients", "messages"].map(|table| {
        let count = format!("SELECT count(*) FROM {table}");
        connection.query_row(&count, [], |row| row.get(0)).unwrap()
    })
}

#[test]
fn somebody_who_wants_to_hear_nothing_is_left_alone() {
    run(120, async {
        for line in LINES {
            let street = Street::build().await;
            let (ann, conversation) = street.begun(line).await;
            street.sim.fault(Fault::new(FaultKind::BlockedUser).at(line.provider).times(1));
            street.answer_text(&conversation, "one").await;
            let failed = street.event("conversation:message:delivery:failure").await;
            assert_eq!(failed.payload()["isFinalEvent"], true, "{line:?}");
            let update = street.event("client:update").await;
            assert_eq!(text_at(update.payload(), "/reason"), "blocked", "{line:?}");
            // From then on the provider is not even asked.
            street.answer_text(&conversation, "two").await;
            let failed = street.events("conversation:message:delivery:failure", 2).await.remove(1);
            assert_eq!(text_at(failed.payload(), "/error/code"), "forbidden", "{line:?}");
            assert_eq!(sends(&street, line).len(), 1, "{line:?}");
            assert!(ann.received().is_empty(), "{line:?}");
        }
    });
}

/// What the customer has got.
fn texts(customer: &Customer) -> Vec<String> {
    customer.received().into_iter().map(|bubble| bubble.text).collect()
}

/// When the provider was asked to send.
fn sends(street: &Street, line: Line) -> Vec<i64> {
    let transcript = street.sim.transcript();
    transcript.to_provider(line.provider, line.send).iter().map(|entry| entry.at_ms).collect()
}

#[test]
fn a_dead_token_turns_the_integration_to_error_and_loses_nothing() {
    run(60, async {
        let street = Street::build().await;
        let id = text_at(&street.telegram().await, "/id");
        let ann = street.sim.customer(Channel::Telegram, "1111111");
        ann.say("Hello").await.unwrap();
        let conversation = conversation_of(&street.event("conversation:message").await);
        street.sim.fault(Fault::new(FaultKind::DeadToken).at(Provider::Telegram).on("sendMessage"));
        street.answer_text(&conversation, "one").await;
        let told = street.event("conversation:message:delivery:failure").await;
        assert_eq!(told.payload()["isFinalEvent"], false);
        assert_eq!(text_at(told.payload(), "/error/code"), "unauthorized");
        // It is tried again, and stays so until the token is good.
        let asked = |transcript: &sim::Transcript| {
            transcript.to_provider(Provider::Telegram, "sendMessage").len() >= 2
        };
        street.sim.wait_for("a second attempt", asked).await.unwrap();
        let shown = street.app.get(&format!("/integrations/{id}")).await;
        assert_eq!(text_at(&shown, "/integration/status"), "error");
        street.sim.heal();
        street.event("conversation:message:delivery:channel").await;
        let received: Vec<String> = ann.received().into_iter().map(|bubble| bubble.text).collect();
        assert_eq!(received, ["one"]);
        let shown = street.app.get(&format!("/integrations/{id}")).await;
        assert_eq!(text_at(&shown, "/integration/status"), "active");
    });
}

#[test]
fn a_stalled_provider_delays_nobody_else() {
    run(60, async {
        let street = Street::build_with(Default::default(), |builder| builder.may_end_undrained()).await;
        street.telegram().await;
        street.twilio().await;
        let stalled = street.sim.customer(Channel::Telegram, "1111111");
        let waiting = street.sim.customer(Channel::Sms, "+15145550100");
        stalled.say("Hello").await.unwrap();
        waiting.say("Hello").await.unwrap();
        let told = street.events("conversation:message", 2).await;
        street.sim.fault(Fault::new(FaultKind::Hang).at(Provider::Telegram).on("sendMessage"));
        for hook in &told {
            for number in 0..5 {
                street.answer_text(&conversation_of(hook), &format!("{number}")).await;
            }
        }
        // Not one of the first provider's has an answer when all of the second's have one.
        street.events("conversation:message:delivery:channel", 5).await;
        assert!(stalled.received().is_empty());
        assert_eq!(waiting.received().len(), 5);
    });
}

#[test]
fn a_kill_loses_and_doubles_nothing_that_was_settled() {
    run(120, async {
        let mut street = Street::build().await;
        street.telegram().await;
        let ann = street.sim.customer(Channel::Telegram, "1111111");
        ann.say("Hello").await.unwrap();
        let conversation = conversation_of(&street.event("conversation:message").await);
        for number in 0..3 {
            street.answer_text(&conversation, &format!("settled {number}")).await;
        }
        street.events("conversation:message:delivery:channel", 3).await;
        street.sim.fault(
            Fault::new(FaultKind::ServerError { status: None }).at(Provider::Telegram).on("sendMessage"),
        );
        street.answer_text(&conversation, "waiting").await;
        street
            .sim
            .wait_for("a refused send", |transcript| {
                transcript.to_provider(Provider::Telegram, "sendMessage").len() > 3
            })
            .await
            .unwrap();
        street.server.kill9();
        street.sim.heal();
        // What the customer writes meanwhile comes when the server is there again.
        let writing = tokio::spawn({
            let ann = street.sim.customer(Channel::Telegram, "1111111");
            async move { ann.say("still there?").await }
        });
        street.server.restart().await;
        let _told_now_or_later = writing.await;
        street.events("conversation:message:delivery:channel", 4).await;
        let received: Vec<String> = ann.received().into_iter().map(|bubble| bubble.text).collect();
        assert_eq!(received, ["settled 0", "settled 1", "settled 2", "waiting"]);
        street.events("conversation:message", 6).await;
    });
}
