//! What comes from channels: an app with a channel, and people who write through it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod choices;
mod leaving;
mod links;
mod media;
mod messages;
mod moved;
mod receipts;
mod recipients;
mod sent;

use std::time::Duration;

use model::channel::{
    Choice, Inbound, InboundEvent, InboundMedia, InboundMessage, Person, ReceiptScope, ReceiptState,
    SendError, Shown,
};
use model::content::{ActionKind, Content, MediaContent, MediaRef, Text};
use model::event::{
    ClientRemoveReason, ClientUpdateReason, CreationReason, EventType as E, Reason, UserMergeReason,
    UserUpdateReason,
};
use model::limits::{CONVERSATION_MESSAGES_MAX, MEDIUM_WAIT_MS, TEXT_CHARS_MAX};
use model::patch::Patch;
use model::record::{AuthorSubtype, ClientStatus, Confirmation, Integration, ShownAuthor, User};
use model::{ErrorCode, Id, Millis};
use serde_json::json;
use store::rows::events::Event;
use store::rows::{clients, conversations, users};

use crate::outbox::{Errand, EventView, FileEnd, MessageErrand, SendOutcome, SendPlace};
use crate::queries::events::{EventPage, EventsRequest};
use crate::rules::people::UserRef;
use crate::test_support::{House, text_of};
use crate::{AppPatch, Cursor, Grant, LinkDraft, PageRequest, Received, SettingsPatch};

/// An app with a channel, and people who write through it.
struct Town {
    house: House,
    grant: Grant,
    integration: Integration,
    next: std::cell::Cell<u32>,
}

fn text(text: &str) -> InboundEvent {
    message(text, Content::Text(Text { text: Some(text.into()), ..Text::default() }))
}

fn message(id: &str, content: Content) -> InboundEvent {
    InboundEvent::Message(InboundMessage {
        external_id: format!("m:{id}"),
        content,
        media: Vec::new(),
        quoted: None,
        original: None,
    })
}

impl Town {
    async fn new() -> Town {
        let house = House::open();
        let grant = house.app().await;
        let integration = house.channel(&grant, "telegram").await;
        Town { house, grant, integration, next: 0.into() }
    }

    /// Things of one person, in one callback.
    async fn told(&self, who: &str, events: Vec<InboundEvent>) -> Received {
        let told = events.into_iter().map(|event| self.inbound(who, event)).collect();
        self.receive(told).await
    }

    fn inbound(&self, who: &str, event: InboundEvent) -> Inbound {
        self.next.set(self.next.get() + 1);
        Inbound {
            dedupe_key: format!("k{}", self.next.get()),
            serial: i64::from(self.next.get()),
            at: Some(Millis(1_749_999_999_000)),
            person: Person {
                external_id: who.into(),
                display_name: Some(who.to_uppercase()),
                ..Person::default()
            },
            event,
        }
    }

    async fn receive(&self, told: Vec<Inbound>) -> Received {
        self.house.clock.advance(1);
        let open = self.house.hub.channel(self.integration.id).await.unwrap().unwrap();
        self.house.hub.receive(vec![(open, told)]).await.unwrap()
    }

    async fn kinds(&self) -> Vec<E> {
        self.house.events().await.into_iter().map(|event| event.kind).collect()
    }

    async fn newest(&self) -> Event {
        self.house.events().await.pop().unwrap()
    }

    /// The person's user and the conversation that was used last.
    async fn person(&self, who: &str) -> (User, Id, ClientStatus) {
        let reader = &mut *self.house.hub.reader().await.unwrap();
        let client = clients::by_external_id(reader, self.integration.key, who).await.unwrap().unwrap();
        let user = users::by_key(reader, client.user).await.unwrap().unwrap();
        let place = store::rows::participants::newest_place_of_client(reader, client.key).await.unwrap();
        let conversation = match place {
            Some(place) => conversations::by_key(reader, place.conversation).await.unwrap().unwrap().id,
            None => Id::MIN,
        };
        (user, conversation, client.status)
    }

    async fn messages(&self, conversation: Id) -> Vec<crate::MessageView> {
        let request = PageRequest { cursor: Cursor::Start, size: 100 };
        self.house.hub.list_messages(&self.grant, conversation, request).await.unwrap().items
    }

    async fn texts(&self, conversation: Id) -> Vec<String> {
        self.messages(conversation).await.iter().map(text_of).collect()
    }

    /// A conversation has so many messages.
    async fn fill(&self, conversation: Id, count: i64) {
        let app = self.grant.app.key;
        self.house
            .write(move |tx, _| {
                Box::pin(async move {
                    let mut found = conversations::by_id(tx, app, conversation).await?.unwrap();
                    found.state.count = count;
                    Ok(conversations::save_state(tx, found.key, &found.state).await?)
                })
            })
            .await;
    }

    async fn settings(&mut self, settings: SettingsPatch) {
        let patch = AppPatch { settings, ..AppPatch::default() };
        self.house.hub.update_app(&self.grant, patch).await.unwrap();
        self.grant = self.house.hub.grant(self.grant.caller.clone(), self.grant.app.id).await.unwrap();
    }

    /// What the newest event asks the channel to do.
    async fn errand(&self) -> (std::sync::Arc<EventView>, Errand) {
        let newest = self.newest().await.sequence;
        self.errand_of(newest, &self.integration).await
    }

    /// What an event asks a channel to do.
    async fn errand_of(&self, event: i64, of: &Integration) -> (std::sync::Arc<EventView>, Errand) {
        let outbox = self.house.hub.outbox();
        let event = outbox.event(event).await.unwrap().unwrap();
        let subscription = self.house.channel_subscription(of).await;
        let errand = outbox.errand(subscription, of.key, &event).await.unwrap();
        (event, errand)
    }

    /// The business says something; gives what the channel is asked to send.
    async fn say(&self, conversation: Id, what: &str) -> (SendPlace, Box<MessageErrand>) {
        self.house.say(&self.grant, conversation, None, what).await;
        match self.errand().await {
            (event, Errand::Message(errand)) => (self.place(&event, &errand).await, errand),
            (_, other) => panic!("a message: {other:?}"),
        }
    }

    async fn place(&self, event: &EventView, errand: &MessageErrand) -> SendPlace {
        SendPlace {
            subscription: self.house.channel_subscription(&self.integration).await,
            event: event.sequence,
            lane: event.lane,
            integration: self.integration.key,
            client: errand.client.key,
            message: event.message.as_ref().map(|view| view.message.key).unwrap_or_default(),
        }
    }

    async fn accept(&self, place: SendPlace, ids: &[&str], choices: Vec<Choice>) {
        let external_ids = ids.iter().map(|id| (*id).to_owned()).collect();
        let sent_at = self.house.hub.now();
        let outcome = SendOutcome::Accepted { external_ids, sent_at, tells_arrival: true };
        let outbox = self.house.hub.outbox();
        if !choices.is_empty() {
            outbox.offer(&place, &choices).await.unwrap();
        }
        outbox.settle_send(place, false, outcome).await.unwrap();
    }
}

fn receipt(ids: &[&str], state: ReceiptState) -> InboundEvent {
    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
    InboundEvent::Receipt { messages: ReceiptScope::Messages(ids), state }
}

/// The user's profile names a locale.
async fn speaks(town: &Town, user: &User, locale: &str) {
    let profile = crate::ProfilePatch { locale: Patch::Set(locale.into()), ..Default::default() };
    let patch = crate::UserPatch { profile: Patch::Set(profile), ..Default::default() };
    town.house.hub.update_user(&town.grant, UserRef::new(user.id.to_string()), patch).await.unwrap();
}
