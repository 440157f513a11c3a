//! Whatever event is rendered, a reader of the published client gets the same event.

use model::content::Metadata;
use proptest::collection::btree_map;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use wire::sunshine::types::{AppRef, Event as Told, WebhookBody, WebhookRef};

use super::*;

/// Texts. Strategies are boxed: the trees of a whole event do not fit on the stack of a test.
fn text() -> BoxedStrategy<String> {
    prop_oneof!["[a-zA-Z]{1,12}", "\\PC{0,20}", Just("\"\\\u{1}\u{7f}😀".to_owned())].boxed()
}

/// Types and the like: those that the description knows, and others.
fn word() -> BoxedStrategy<String> {
    const KNOWN: &[&str] = &["telegram", "sdk", "twilio", "custom"];
    prop_oneof![select(KNOWN).prop_map(str::to_owned), text()].boxed()
}

/// A reason of any family, whatever the event is.
fn reason() -> impl Strategy<Value = Reason> {
    select(
        &[
            Reason::Creation(CreationReason::StartConversation),
            Reason::ClientAdd(ClientAddReason::ChannelLinking),
            Reason::ClientRemove(ClientRemoveReason::LinkCancelled),
            Reason::ClientUpdate(ClientUpdateReason::Confirmed),
            Reason::UserMerge(UserMergeReason::ByCaller),
            Reason::UserUpdate(UserUpdateReason::LocaleDetection),
            Reason::Control(ControlReason::TransferToEmail),
        ][..],
    )
}

fn code() -> impl Strategy<Value = ErrorCode> {
    select(&[ErrorCode::BadRequest, ErrorCode::LinkRefused, ErrorCode::SwitchboardInvalidAction][..])
}

fn activity() -> impl Strategy<Value = ActivityKind> {
    select(&[ActivityKind::Read, ActivityKind::TypingStart, ActivityKind::TypingStop][..])
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        text().prop_map(Value::from)
    ]
}

fn metadata() -> BoxedStrategy<Metadata> {
    btree_map(text(), value(), 0..4).prop_map(|fields| fields.into_iter().collect::<Metadata>()).boxed()
}

prop_compose! {
    fn some_user()(
        external_id in of(text()), brand_id in of(text()), authenticated: bool, to_be_retained in of(any::<bool>()),
        given_name in of(text()), email in of(text()), metadata in metadata(),
    ) -> User {
        let profile = Profile { given_name, email, ..Profile::default() };
        User { external_id, brand_id, authenticated, to_be_retained, profile, metadata, ..user() }
    }
}

prop_compose! {
    fn some_client()(
        kind in word(), external_id in of(text()), seen in of(0i64..4_000_000_000_000), name in of(text()),
        info in of(metadata()), raw in of(metadata()), status in select(&[
            ClientStatus::Active, ClientStatus::Blocked, ClientStatus::Inactive, ClientStatus::Pending,
        ][..]),
    ) -> Client {
        let (last_seen, linked_at) = (seen.map(Millis), seen.map(Millis));
        Client { kind, status, external_id, last_seen, linked_at, display_name: name, info, raw, ..client() }
    }
}

prop_compose! {
    fn some_conversation()(
        group: bool, metadata in of(metadata()), active in of(text()), pending in of(text()),
    ) -> ConversationBrief {
        let [active, pending] = [active, pending].map(|name| name.map(|name| member(&name)));
        ConversationBrief { group, metadata, active, pending, ..conversation() }
    }
}

prop_compose! {
    fn some_message()(
        by_user: bool, deleted: bool, name in of(text()), said in text(), metadata in of(metadata()),
        quoted in of(text()), received in 0i64..4_000_000_000_000,
    ) -> MessageView {
        let mut view = message(by_user);
        view.message.deleted = deleted;
        view.message.received = Millis(received);
        view.message.author.shown.display_name = name;
        view.message.content = json!({ "type": "text", "text": said }).to_string();
        view.message.metadata = metadata.map(|metadata| Value::Object(metadata).to_string());
        view.message.extra.quoted = quoted.map(Quoted::External);
        view
    }
}

prop_compose! {
    fn some_detail()(
        reason in of(reason()), metadata in of(metadata()), error in of((code(), text())),
        activity in of(activity()),
        with_source: bool, postback in of((text(), of(metadata()))), passthrough in of(value()),
        delivery in of((word(), any::<bool>(), proptest::collection::vec(text(), 0..3))),
        merged in of((some_user().boxed(), some_user().boxed(), of(metadata()))),
    ) -> EventDetail {
        EventDetail {
            reason,
            metadata,
            error: error.map(|(code, message)| EventError { code, message }),
            activity,
            source: with_source.then(source),
            postback: postback.map(|(payload, metadata)| Postback { payload, metadata }),
            passthrough,
            delivery: delivery.map(|(destination_type, is_final, external_ids)| DeliveryDetail {
                destination_type, integration_id: Some(id(INTEGRATION)), external_ids, is_final,
            }),
            merge: merged.map(|(surviving, discarded, discarded_metadata)| Box::new(MergeDetail {
                surviving, discarded, conversations: None, clients: Some((client(), client())), discarded_metadata,
            })),
            ..EventDetail::default()
        }
    }
}

prop_compose! {
    fn some_event()(
        kind in select(EventType::ALL), conversation in of(some_conversation().boxed()), user in of(some_user().boxed()),
        message in of(some_message().boxed()), client in of(some_client().boxed()), source_client in of(some_client().boxed()),
        with_device: bool, detail in some_detail().boxed(), people in proptest::collection::vec(some_user().boxed(), 0..2),
    ) -> Event {
        let people = people.into_iter().map(Arc::new).collect();
        let source_device = with_device.then(device);
        Event { kind, conversation, user, message, client, source_client, source_device, detail, people }
    }
}

proptest! {
    #[test]
    fn a_reader_gets_the_event_that_was_rendered(
        event in some_event().boxed(), full_user: bool, full_source: bool,
        history in proptest::collection::vec(some_message().boxed(), 0..3),
    ) {
        let told = Told {
            id: USER.to_owned(),
            created_at: Millis(0).to_string(),
            kind: Trigger::from(event.kind.name()),
            payload: event.payload(Look { full_user, full_source }, &history),
        };
        let body = WebhookBody {
            app: AppRef { id: USER.to_owned() },
            webhook: WebhookRef { id: INTEGRATION.to_owned(), version: "v2".to_owned() },
            events: vec![told],
        };
        let sent = serde_json::to_vec(&body).unwrap();
        let read = client_library::receive::read(&sent).unwrap();
        prop_assert!(!matches!(read.events[0].payload, Typed::Unknown(_)));
        prop_assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::to_value(&body).unwrap());
    }
}
