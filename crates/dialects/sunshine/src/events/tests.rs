//! Payloads of every type of event.
#![allow(clippy::unwrap_used, clippy::panic)]

mod properties;

use std::sync::Arc;

use hub::MessageView;
use hub::outbox::ConversationBrief;
use model::content::ContentKind;
use model::event::{
    ActivityKind, ClientAddReason, ClientRemoveReason, ClientUpdateReason, ControlReason, CreationReason,
    DeliveryDetail, EventDetail, EventError, EventType, MergeDetail, Postback, Reason, RemovedConversation,
    Source, UserMergeReason, UserUpdateReason,
};
use model::record::{
    AppKey, Author, Client, ClientKey, ClientStatus, ConversationKey, Device, DeviceKey, Message,
    MessageExtra, MessageKey, Profile, Quoted, ShownAuthor, User, UserKey,
};
use model::switchboard::{Member, Seat};
use model::{ErrorCode, Id, Millis};
use serde_json::{Map, Value, json};
use wire::sunshine::types::{Payload as Typed, Trigger};

use super::parts::{Look, Parts};
use super::payload::payload;
use crate::show::content::MediaUrls;

const USER: &str = "26508c10541a4b0ff472e5e2";
const INTEGRATION: &str = "5f11a650e4e987667c2051d1";
const FULL: Look = Look { full_user: true, full_source: true };

struct Addresses;

impl MediaUrls for Addresses {
    fn url_of(&self, token: &str, name: &str) -> String {
        format!("https://hub.example/attachments/{token}/{name}")
    }
}

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn user() -> User {
    User {
        key: UserKey(7),
        id: id(USER),
        app: AppKey(1),
        external_id: Some("912382197".to_owned()),
        brand_id: None,
        authenticated: true,
        signed_up_at: Millis(0),
        to_be_retained: None,
        profile: Profile { given_name: Some("Steve".to_owned()), ..Profile::default() },
        metadata: object(json!({ "k": 1 })),
        identities: Vec::new(),
        zendesk_id: None,
        created_at: Millis(0),
    }
}

fn client() -> Client {
    Client {
        key: ClientKey(1),
        id: id("61290a4f7821c3f206d690a3"),
        user: UserKey(7),
        kind: "twilio".to_owned(),
        status: ClientStatus::Pending,
        integration: None,
        integration_id: Some(id(INTEGRATION)),
        external_id: None,
        last_seen: None,
        linked_at: None,
        display_name: None,
        avatar_url: None,
        info: None,
        raw: None,
        link: None,
    }
}

fn device() -> Device {
    Device {
        key: DeviceKey(1),
        id: id("61290a4f7821c3f206d690a4"),
        kind: "unity".to_owned(),
        guid: "g".to_owned(),
        client_id: client().id,
        active: true,
        integration_id: id(INTEGRATION),
        last_seen: Millis(0),
        push_token: None,
        info: None,
        app_version: None,
    }
}

fn member(name: &str) -> Member {
    Member {
        seat: Seat(1),
        id: "5eecde2dcdbffb08f5c3ed37".to_owned(),
        name: name.to_owned(),
        integration: Some(1),
        integration_id: Some(INTEGRATION.to_owned()),
        integration_type: "custom".to_owned(),
        next: None,
        deliver_standby_events: false,
        message_history_count: None,
    }
}

fn conversation() -> ConversationBrief {
    ConversationBrief {
        id: id("f52b01137aa6c250bc7251fa"),
        group: false,
        metadata: Some(object(json!({ "lang": "en-ca" }))),
        active: Some(member("bot")),
        pending: None,
    }
}

fn message(by_user: bool) -> MessageView {
    MessageView {
        message: Message {
            key: MessageKey(1),
            id: id("5f74c7d84a146f3abd72af1d"),
            conversation: ConversationKey(1),
            previous: MessageKey(0),
            milestone: MessageKey(0),
            ordinal: 1,
            received: Millis(1_601_488_856_820),
            author: Author {
                user: by_user.then_some(UserKey(7)),
                shown: ShownAuthor {
                    display_name: Some("Steve Rogers".to_owned()),
                    ..ShownAuthor::default()
                },
            },
            kind: ContentKind::Text,
            content: r#"{"type":"text","text":"hello"}"#.to_owned(),
            metadata: Some(r#"{"a":1}"#.to_owned()),
            extra: MessageExtra::default(),
            original: None,
            deleted: false,
            seat: None,
        },
        author_id: by_user.then(|| id(USER)),
        quoted: None,
    }
}

fn source() -> Source {
    Source { kind: "web".to_owned(), integration_id: Some(id(INTEGRATION)), ..Source::default() }
}

/// What an event of this type is made of, as full as it can be.
#[derive(Debug)]
struct Event {
    kind: EventType,
    conversation: Option<ConversationBrief>,
    user: Option<User>,
    message: Option<MessageView>,
    client: Option<Client>,
    source_client: Option<Client>,
    source_device: Option<Device>,
    detail: EventDetail,
    people: Vec<Arc<User>>,
}

impl Event {
    fn new(kind: EventType, detail: EventDetail) -> Event {
        Event {
            kind,
            conversation: Some(conversation()),
            user: Some(user()),
            message: Some(message(true)),
            client: Some(client()),
            source_client: Some(client()),
            source_device: Some(device()),
            detail,
            people: vec![Arc::new(user())],
        }
    }

    /// The payload, which the vendor's type for it can read.
    fn payload(&self, look: Look, history: &[MessageView]) -> Value {
        let parts = Parts {
            kind: self.kind,
            at: Millis(0),
            conversation: self.conversation.as_ref(),
            user: self.user.as_ref(),
            message: self.message.as_ref(),
            client: self.client.as_ref(),
            source_client: self.source_client.as_ref(),
            source_device: self.source_device.as_ref(),
            detail: &self.detail,
            people: &self.people,
        };
        let shown = serde_json::to_value(payload(&Addresses, &parts, look, history)).unwrap();
        let trigger = Trigger::from(self.kind.name());
        assert!(trigger.is_known());
        let read = Typed::read(&trigger, shown.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), shown, "{}", self.kind.name());
        shown
    }
}

fn shown_conversation() -> Value {
    json!({ "id": "f52b01137aa6c250bc7251fa", "type": "personal", "metadata": { "lang": "en-ca" },
        "activeSwitchboardIntegration": { "id": "5eecde2dcdbffb08f5c3ed37", "name": "bot", "integrationId": INTEGRATION,
            "integrationType": "custom" } })
}

fn short_user() -> Value {
    json!({ "id": USER, "authenticated": true, "externalId": "912382197" })
}

fn full_user() -> Value {
    json!({ "id": USER, "authenticated": true, "externalId": "912382197", "signedUpAt": "1970-01-01T00:00:00.000Z",
        "profile": { "givenName": "Steve" }, "metadata": { "k": 1 }, "identities": [] })
}

fn shown_client() -> Value {
    json!({ "id": "61290a4f7821c3f206d690a3", "type": "twilio", "status": "pending", "integrationId": INTEGRATION })
}

fn api() -> Value {
    json!({ "type": "api:conversations" })
}

fn shown_message() -> Value {
    json!({ "id": "5f74c7d84a146f3abd72af1d", "received": "2020-09-30T18:00:56.820Z",
        "author": { "type": "user", "userId": USER, "user": short_user(), "displayName": "Steve Rogers" },
        "content": { "type": "text", "text": "hello" }, "source": api(), "metadata": { "a": 1 } })
}

#[test]
fn a_message_comes_with_its_conversation() {
    let event = Event::new(EventType::ConversationMessage, EventDetail::default());
    let shown = event.payload(Look::default(), &[]);
    assert_eq!(shown, json!({ "conversation": shown_conversation(), "message": shown_message() }));
    let full = event.payload(FULL, &[]);
    assert_eq!(full["message"]["author"]["user"], full_user());
    assert_eq!(full["message"]["source"], api());
}

#[test]
fn a_message_of_the_business_has_no_user() {
    let event = Event {
        message: Some(message(false)),
        ..Event::new(EventType::ConversationMessage, EventDetail::default())
    };
    let author = event.payload(FULL, &[])["message"]["author"].clone();
    assert_eq!(author, json!({ "type": "business", "displayName": "Steve Rogers" }));
}

#[test]
fn an_inbound_message_shows_client_and_device_to_who_wants_them() {
    let mut inbound = message(true);
    inbound.message.extra.source = Some(source());
    inbound.message.original = Some(r#"{"dice":{"value":4}}"#.to_owned());
    inbound.message.extra.quoted = Some(Quoted::External("e1".to_owned()));
    let event = Event {
        message: Some(inbound),
        ..Event::new(EventType::ConversationMessage, EventDetail::default())
    };
    let short = event.payload(Look::default(), &[])["message"].clone();
    let raw = json!({ "dice": { "value": 4 } });
    assert_eq!(short["source"], json!({ "type": "web", "integrationId": INTEGRATION, "raw": raw }));
    assert_eq!(short["quotedMessage"], json!({ "type": "externalMessageId", "externalMessageId": "e1" }));
    let full = event.payload(FULL, &[])["message"]["source"].clone();
    assert_eq!((&full["client"], &full["raw"]), (&shown_client(), &raw));
    assert_eq!(full["device"]["type"], "android");
}

#[test]
fn a_message_that_is_gone_is_told_as_deleted() {
    let mut deleted = message(false);
    deleted.message.deleted = true;
    let event = Event {
        message: Some(deleted),
        ..Event::new(EventType::ConversationMessage, EventDetail::default())
    };
    assert_eq!(event.payload(Look::default(), &[])["message"]["deleted"], true);
    let event = Event { message: None, ..event };
    assert_eq!(event.payload(Look::default(), &[])["message"]["deleted"], true);
}

#[test]
fn a_conversation_that_began_says_why() {
    let detail =
        || EventDetail { reason: Some(Reason::Creation(CreationReason::ByCaller)), ..EventDetail::default() };
    let event = Event::new(EventType::ConversationCreate, detail());
    let shown = json!({ "conversation": shown_conversation(), "creationReason": "none", "source": api(), "user": short_user() });
    assert_eq!(event.payload(Look::default(), &[]), shown);
    let group = ConversationBrief { group: true, ..conversation() };
    let referral = Some(json!({ "code": "c", "details": { "source": "s", "type": "t", "adId": "a" } }));
    let detail = EventDetail {
        reason: Some(Reason::Creation(CreationReason::StartConversation)),
        source: Some(source()),
        referral,
        ..detail()
    };
    let event = Event { conversation: Some(group), ..Event::new(EventType::ConversationCreate, detail) };
    let shown = event.payload(Look::default(), &[]);
    assert_eq!((shown.get("user"), &shown["conversation"]["type"]), (None, &json!("sdkGroup")));
    assert_eq!(
        shown["referral"],
        json!({ "code": "c", "details": { "source": "s", "type": "t", "adId": "a" } })
    );
    assert_eq!(shown["source"]["type"], "web");
}

#[test]
fn joins_leaves_and_removals_are_short() {
    let member = json!({ "conversation": shown_conversation(), "user": short_user() });
    for kind in [EventType::ConversationJoin, EventType::ConversationLeave] {
        assert_eq!(Event::new(kind, EventDetail::default()).payload(Look::default(), &[]), member);
    }
    let removed = Event::new(EventType::ConversationRemove, EventDetail::default());
    assert_eq!(removed.payload(FULL, &[]), json!({ "conversation": shown_conversation() }));
}

#[test]
fn deliveries_name_message_and_channel() {
    let detail = EventDetail {
        delivery: Some(DeliveryDetail {
            destination_type: "telegram".to_owned(),
            integration_id: Some(id(INTEGRATION)),
            external_ids: vec!["e1".to_owned()],
            is_final: true,
        }),
        ..EventDetail::default()
    };
    let mut shown = json!({ "user": short_user(), "conversation": shown_conversation(),
        "message": { "id": "5f74c7d84a146f3abd72af1d" }, "destination": { "type": "telegram", "integrationId": INTEGRATION },
        "externalMessages": [{ "id": "e1" }], "isFinalEvent": true });
    for kind in [EventType::DeliveryChannel, EventType::DeliveryUser] {
        assert_eq!(Event::new(kind, detail.clone()).payload(Look::default(), &[]), shown);
    }
    let error = Some(EventError { code: ErrorCode::UncategorizedError, message: "Unsupported".to_owned() });
    let failure = Event::new(EventType::DeliveryFailure, EventDetail { error, ..detail });
    shown["error"] = json!({ "code": "uncategorized_error", "message": "Unsupported" });
    assert_eq!(failure.payload(Look::default(), &[]), shown);
}

#[test]
fn activities_and_postbacks_name_the_user() {
    let detail = |activity| EventDetail { activity: Some(activity), ..EventDetail::default() };
    let shown = |activity: &str| {
        json!({ "conversation": shown_conversation(), "activity": { "type": activity, "source": api(),
            "author": { "type": "user", "userId": USER, "user": short_user() } } })
    };
    let read = Event::new(EventType::ConversationRead, detail(ActivityKind::Read));
    assert_eq!(read.payload(Look::default(), &[]), shown("conversation:read"));
    let typing = Event::new(EventType::ConversationTyping, detail(ActivityKind::TypingStop));
    assert_eq!(typing.payload(Look::default(), &[]), shown("typing:stop"));
    let pressed = Postback { payload: "Greet".to_owned(), metadata: Some(object(json!({ "a": 1 }))) };
    let postback = EventDetail { postback: Some(pressed), source: Some(source()), ..EventDetail::default() };
    let postback = Event::new(EventType::ConversationPostback, postback).payload(FULL, &[]);
    assert_eq!(postback["postback"], json!({ "payload": "Greet", "metadata": { "a": 1 } }));
    assert_eq!((&postback["user"], &postback["source"]["client"]), (&full_user(), &shown_client()));
}

#[test]
fn referrals_and_raw_payloads_pass_through() {
    let detail = EventDetail { referral: Some(json!({ "code": "c" })), ..EventDetail::default() };
    let referral = Event::new(EventType::ConversationReferral, detail).payload(Look::default(), &[]);
    assert_eq!(referral["referral"], json!({ "code": "c" }));
    let detail = EventDetail {
        passthrough: Some(json!({ "x": [1] })),
        source: Some(source()),
        ..EventDetail::default()
    };
    let raw = Event::new(EventType::Passthrough, detail).payload(Look::default(), &[]);
    assert_eq!(raw["passthrough"], json!({ "x": [1] }));
}

#[test]
fn control_carries_metadata_and_for_the_target_the_history() {
    let detail = EventDetail {
        metadata: Some(object(json!({ "m": true }))),
        reason: Some(Reason::Control(ControlReason::TicketClosed)),
        ..EventDetail::default()
    };
    let event = Event::new(EventType::PassControl, detail);
    let mut shown =
        json!({ "conversation": shown_conversation(), "metadata": { "m": true }, "reason": "ticketClosed" });
    assert_eq!(event.payload(Look::default(), &[]), shown);
    shown["messageHistory"] = json!([shown_message()]);
    assert_eq!(event.payload(Look::default(), &[message(true)]), shown);
    for kind in [EventType::OfferControl, EventType::AcceptControl, EventType::ReleaseControl] {
        let bare = Event::new(kind, EventDetail::default()).payload(FULL, &[]);
        assert_eq!(bare, json!({ "conversation": shown_conversation() }));
    }
    let pending = ConversationBrief { active: None, pending: Some(member("agent")), ..conversation() };
    let offer =
        Event { conversation: Some(pending), ..Event::new(EventType::OfferControl, EventDetail::default()) };
    let shown = offer.payload(Look::default(), &[]);
    assert_eq!(shown["conversation"]["pendingSwitchboardIntegration"]["name"], "agent");
    assert_eq!(shown["conversation"].get("activeSwitchboardIntegration"), None);
}

#[test]
fn refused_control_says_why() {
    let error = || Some(EventError { code: ErrorCode::SwitchboardInvalidTarget, message: "no".to_owned() });
    for kind in
        [EventType::PassControlFailure, EventType::OfferControlFailure, EventType::AcceptControlFailure]
    {
        let event = Event::new(kind, EventDetail { error: error(), ..EventDetail::default() });
        let shown = json!({ "error": { "code": "switchboard_invalid_target", "message": "no" },
            "conversation": shown_conversation() });
        assert_eq!(event.payload(Look::default(), &[]), shown);
    }
}

#[test]
fn clients_come_go_and_change() {
    let detail = |reason| EventDetail { reason: Some(reason), ..EventDetail::default() };
    let add = Event::new(EventType::ClientAdd, detail(Reason::ClientAdd(ClientAddReason::ChannelLinking)))
        .payload(Look::default(), &[]);
    assert_eq!(
        add,
        json!({ "conversation": shown_conversation(), "user": short_user(), "client": shown_client(),
            "reason": "channelLinking", "source": api() })
    );
    let error = Some(EventError { code: ErrorCode::LinkExpired, message: "late".to_owned() });
    let gone = EventDetail { error, ..detail(Reason::ClientRemove(ClientRemoveReason::LinkFailed)) };
    let remove = Event { conversation: None, ..Event::new(EventType::ClientRemove, gone) }
        .payload(Look::default(), &[]);
    assert_eq!(remove["error"], json!({ "code": "link_expired", "message": "late" }));
    assert_eq!((remove.get("conversation"), &remove["reason"]), (None, &json!("linkFailed")));
    let update =
        Event::new(EventType::ClientUpdate, detail(Reason::ClientUpdate(ClientUpdateReason::Matched)))
            .payload(FULL, &[]);
    assert_eq!(
        update,
        json!({ "conversation": shown_conversation(), "user": full_user(), "client": shown_client(), "reason": "matched" })
    );
}

#[test]
fn users_merge_change_and_go() {
    let last = |id: &str| RemovedConversation { id: self::id(id), group: false, metadata: None };
    let merge = MergeDetail {
        surviving: user(),
        discarded: User { id: id(INTEGRATION), external_id: None, ..user() },
        conversations: Some((last(USER), last(INTEGRATION))),
        clients: Some((client(), client())),
        discarded_metadata: Some(object(json!({ "lost": 1 }))),
    };
    let detail = EventDetail {
        reason: Some(Reason::UserMerge(UserMergeReason::ByCaller)),
        merge: Some(Box::new(merge)),
        ..EventDetail::default()
    };
    let merged = Event::new(EventType::UserMerge, detail).payload(Look::default(), &[]);
    assert_eq!(
        merged,
        json!({ "mergedUsers": { "surviving": short_user(), "discarded": { "id": INTEGRATION, "authenticated": true } },
            "mergedConversations": { "surviving": { "id": USER, "type": "personal" },
                "discarded": { "id": INTEGRATION, "type": "personal" } },
            "mergedClients": { "surviving": shown_client(), "discarded": shown_client() },
            "discardedMetadata": { "lost": 1 }, "reason": "api" })
    );
    let detail = EventDetail {
        reason: Some(Reason::UserUpdate(UserUpdateReason::LocaleDetection)),
        source: Some(source()),
        ..EventDetail::default()
    };
    let update = Event::new(EventType::UserUpdate, detail).payload(FULL, &[]);
    assert_eq!((&update["user"], &update["reason"]), (&full_user(), &json!("localeDetection")));
    let remove = Event::new(EventType::UserRemove, EventDetail::default()).payload(FULL, &[]);
    assert_eq!(remove, json!({ "user": short_user() }));
}

#[test]
fn every_type_is_told_even_when_everything_else_is_gone() {
    for kind in EventType::ALL {
        let event = Event {
            conversation: None,
            user: None,
            message: None,
            client: None,
            source_client: None,
            source_device: None,
            people: Vec::new(),
            ..Event::new(*kind, EventDetail::default())
        };
        assert!(event.payload(FULL, &[]).is_object());
    }
}
