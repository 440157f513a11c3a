#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use model::event::{EventDetail, EventType};
use model::record::{Access, ConversationKey, MessageKey, Profile, SubscriptionKey, User};
use model::time::{DAY_MS, HOUR_MS};
use model::{Clock, Id, Millis};
use store::rows::events::{self, Event};
use store::rows::{conversations, messages, sweeps};

use crate::outbox::{EventView, Failure, Lane, Parked};
use crate::test_support::House;
use crate::{Grant, UploadDraft, UserRef};

/// The store, past the program.
fn database(house: &House) -> rusqlite::Connection {
    let store = rusqlite::Connection::open(house.data_dir.path().join("crosspoint.db")).unwrap();
    store.busy_timeout(Duration::from_secs(5)).unwrap();
    store
}

/// Writes what the program would not; gives how many rows.
pub(super) fn change(house: &House, sql: &str) -> usize {
    database(house).execute(sql, []).unwrap()
}

/// Rows of a table that meet a condition.
pub(super) fn count(house: &House, table: &str, condition: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table} WHERE {condition}");
    database(house).query_row(&sql, [], |row| row.get(0)).unwrap()
}

/// A message of a user, in a conversation that was deleted and swept.
struct Gone {
    house: House,
    grant: Grant,
    webhook: SubscriptionKey,
    user: User,
    conversation: ConversationKey,
    message: (MessageKey, Id, Millis),
    event: i64,
    newest: i64,
}

impl Gone {
    /// `before` is what happens to the event before the conversation is deleted.
    async fn after(before: impl AsyncFnOnce(&House, SubscriptionKey, &Event)) -> Gone {
        let house = House::open();
        let grant = house.app().await;
        let webhook = house.custom(&grant).await.webhook.unwrap().subscription.key;
        let (user, other) = (house.user(&grant, "ann").await, house.user(&grant, "bob").await);
        let conversation = house.conversation(&grant, &[&user, &other]).await;
        for number in 0..70 {
            house.say(&grant, conversation, None, &format!("{number}")).await;
        }
        let said = house.say(&grant, conversation, Some(&user), "hello").await.message;
        house.say(&grant, conversation, None, "last").await;
        let told = house.events_of(&[EventType::ConversationMessage]).await;
        let told = told.iter().find(|event| event.message == said.key).unwrap();
        before(&house, webhook, told).await;
        house.hub.delete_conversation(&grant, conversation).await.unwrap();
        house.hub.sweep().await.unwrap();
        Gone {
            webhook,
            user,
            conversation: told.conversation,
            message: (said.key, said.id, said.received),
            event: told.sequence,
            newest: house.events().await.last().unwrap().sequence,
            house,
            grant,
        }
    }

    async fn event(&self) -> Option<std::sync::Arc<EventView>> {
        self.house.hub.outbox().event(self.event).await.unwrap()
    }

    /// The event still names its message, which says nothing any more.
    async fn is_told_as_deleted(&self) {
        let event = self.event().await.expect("the event");
        let view = event.message.as_ref().expect("the message");
        assert_eq!((view.message.id, view.message.received), (self.message.1, self.message.2));
        assert_eq!((view.author_id, view.message.author.user), (Some(self.user.id), Some(self.user.key)));
        assert!(view.message.deleted && !view.message.content.contains("hello"), "{view:?}");
    }

    /// Everything is settled, and was long ago; something else has happened since.
    async fn much_later(&self) {
        let outbox = self.house.hub.outbox();
        outbox.settle(vec![(self.webhook, self.newest)]).await.unwrap();
        self.house.clock.advance(8 * DAY_MS);
        self.house.user(&self.grant, &format!("{}", self.house.clock.now().0)).await;
        self.house.conversation(&self.grant, &[]).await;
        self.house.hub.sweep().await.unwrap();
    }

    async fn is_forgotten(&self) {
        assert!(self.event().await.is_none());
        let reader = &mut self.house.hub.reader().await.unwrap();
        assert!(messages::link_by_key(reader, self.message.0).await.unwrap().is_none());
        assert!(conversations::by_key(reader, self.conversation).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn an_event_that_waits_names_the_message_of_a_deleted_conversation() {
    let gone = Gone::after(async |house, webhook, event| {
        let parked = Parked {
            subscription: webhook,
            lane: Lane::Conversation(event.conversation),
            first: event.sequence,
            last: event.sequence,
            attempts: 1,
            next_at: house.clock.now(),
            status: None,
            error: None,
            parked_at: house.clock.now(),
        };
        house.hub.outbox().park(parked).await.unwrap();
    })
    .await;
    gone.is_told_as_deleted().await;
    gone.much_later().await;
    gone.is_told_as_deleted().await;
    let lane = Lane::Conversation(gone.conversation);
    gone.house.hub.outbox().unpark(gone.webhook, lane).await.unwrap();
    gone.much_later().await;
    gone.is_forgotten().await;
}

#[tokio::test]
async fn a_dead_delivery_keeps_its_message_until_it_is_delivered() {
    let gone = Gone::after(async |house, webhook, event| {
        let failure = Failure { status: Some(500), error: "no".into() };
        house.hub.outbox().bury(event.app, webhook, event.sequence, 5, failure).await.unwrap();
    })
    .await;
    gone.much_later().await;
    gone.is_told_as_deleted().await;
    gone.house.hub.outbox().replayed(gone.webhook, gone.event).await.unwrap();
    gone.much_later().await;
    gone.is_forgotten().await;
}

#[tokio::test]
async fn what_nobody_waits_for_goes_with_the_events() {
    let gone = Gone::after(async |_, _, _| {}).await;
    gone.is_told_as_deleted().await;
    gone.much_later().await;
    gone.is_forgotten().await;
}

/// A user of whom events keep what was known: every tenth of `count` has a snapshot.
async fn known(house: &House, grant: &Grant, external_id: &str, count: usize) -> User {
    let user = house.user(grant, external_id).await;
    let (app, snapshot) = (grant.app.key, user.clone());
    house
        .write(move |tx, ctx| {
            let snapshot = snapshot.clone();
            Box::pin(async move {
                for number in 0..count {
                    let detail = EventDetail { user: Some(Box::new(snapshot.clone())), ..Default::default() };
                    let event = Event {
                        sequence: 0,
                        id: ctx.id(),
                        at: ctx.now,
                        app,
                        kind: EventType::UserUpdate,
                        conversation: ConversationKey(0),
                        user: snapshot.key,
                        message: MessageKey(0),
                        client: Default::default(),
                        control: Default::default(),
                        previous: 0,
                        detail: (number % 10 == 0).then_some(detail),
                        integration: Default::default(),
                    };
                    events::insert(tx, &event).await?;
                }
                Ok(())
            })
        })
        .await;
    user
}

async fn snapshots(house: &House, user: &User) -> Vec<User> {
    let found = house.events().await.into_iter().filter(|event| event.user == user.key);
    found.filter_map(|event| event.detail?.user).map(|snapshot| *snapshot).collect()
}

#[tokio::test]
async fn events_of_a_deleted_app_say_nothing_of_people() {
    let house = House::open();
    let (grant, neighbour) = (house.app().await, house.app().await);
    let (gone, stays) = (known(&house, &grant, "ann", 1).await, known(&house, &neighbour, "bob", 1).await);
    assert_eq!(snapshots(&house, &gone).await.len(), 1);
    house.hub.delete_app(&grant).await.unwrap();
    house.hub.sweep().await.unwrap();
    let events = house.events().await;
    assert!(events.iter().any(|event| event.app == grant.app.key), "the rows stay until they are settled");
    assert!(events.iter().filter(|event| event.app == grant.app.key).all(|event| event.detail.is_none()));
    assert_eq!(snapshots(&house, &stays).await[0].profile, stays.profile);
}

#[tokio::test]
async fn events_know_nothing_of_a_person_whose_information_was_deleted() {
    let house = House::open();
    let grant = house.app().await;
    // More than a slice of snapshots, and more than a window of events.
    let (ann, bob) = (known(&house, &grant, "ann", 7_000).await, known(&house, &grant, "bob", 1).await);
    assert_eq!(snapshots(&house, &ann).await.len(), 700);
    let person = UserRef::new(ann.id.to_string());
    house.hub.delete_personal_information(&grant, person).await.unwrap();
    house.hub.sweep().await.unwrap();
    let left = snapshots(&house, &ann).await;
    assert_eq!(left.len(), 700);
    assert!(
        left.iter().all(|user| user.profile == Profile::default() && user.external_id == ann.external_id)
    );
    assert_eq!(snapshots(&house, &bob).await[0].profile, bob.profile, "others stay as they were");
    let reader = &mut house.hub.reader().await.unwrap();
    assert!(sweeps::waiting(reader, 0, 10).await.unwrap().is_empty());
}

/// A file as it lies in the data directory, last written to at a moment.
fn file(house: &House, name: &str, written: Millis) -> PathBuf {
    let folder = house.data_dir.path().join("attachments").join(&name[..2]);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    if !path.exists() {
        std::fs::write(&path, b"bytes").unwrap();
    }
    let written = UNIX_EPOCH + Duration::from_millis(written.0.try_into().unwrap());
    File::options().write(true).open(&path).unwrap().set_modified(written).unwrap();
    path
}

#[tokio::test]
async fn files_without_a_row_go_after_a_day() {
    let house = House::open();
    let grant = house.app().await;
    let now = house.clock.now();
    let draft = UploadDraft { access: Access::Public, for_message: false, conversation: None };
    let mut upload = house.hub.begin_upload(&grant, draft).await.unwrap();
    upload.add(Bytes::from_static(b"hello")).await.unwrap();
    let kept =
        house.hub.finish_upload(&grant, upload, "a.txt".into(), "text/plain".into()).await.unwrap().token;
    let kept = [file(&house, &kept, now), file(&house, "aa0000new", now.plus(20 * HOUR_MS))];
    let orphans = [file(&house, "ab0000old", now), file(&house, "cd0000cut#1", now)];
    house.clock.advance(23 * HOUR_MS);
    house.hub.sweep().await.unwrap();
    assert!(kept.iter().chain(&orphans).all(|path| path.exists()));
    house.clock.advance(7 * HOUR_MS);
    house.hub.sweep().await.unwrap();
    assert!(orphans.iter().all(|path| !path.exists()));
    assert!(kept.iter().all(|path| path.exists()));
}

#[tokio::test]
async fn idle_conversations_are_found_window_by_window() {
    let house = House::open();
    let grant = house.app().await;
    let mut all = Vec::new();
    for number in 0..5 {
        let conversation = house.conversation(&grant, &[]).await;
        if number == 3 {
            house.say(&grant, conversation, None, "old").await;
        }
        all.push(conversation);
    }
    house.clock.advance(DAY_MS);
    house.say(&grant, all[1], None, "new").await;
    let before = house.clock.now().plus(-HOUR_MS);
    let reader = &mut house.hub.reader().await.unwrap();
    let (mut after, mut windows, mut idle) = (Some(ConversationKey(0)), 0, Vec::new());
    while let Some(from) = after {
        let (found, last) = conversations::idle_since(reader, grant.app.key, before, from, 2).await.unwrap();
        idle.extend(found);
        after = last;
        windows += 1;
    }
    let found = conversations::by_id(reader, grant.app.key, all[3]).await.unwrap().unwrap();
    assert_eq!((windows, idle), (3, vec![found.key]));
}

#[tokio::test]
async fn what_waits_in_one_app_keeps_no_events_of_others() {
    let house = House::open();
    let (grant, neighbour) = (house.app().await, house.app().await);
    let webhook = house.custom(&grant).await.webhook.unwrap().subscription.key;
    let other = house.custom(&neighbour).await.webhook.unwrap().subscription.key;
    house.conversation(&grant, &[]).await;
    house.conversation(&neighbour, &[]).await;
    let told = house.events().await;
    let first_of = |app| told.iter().find(|event| event.app == app).unwrap();
    let (own, newest) = (first_of(grant.app.key), told.last().unwrap().sequence);
    let parked = Parked {
        subscription: webhook,
        lane: Lane::Conversation(own.conversation),
        first: own.sequence,
        last: newest,
        attempts: 1,
        next_at: house.clock.now(),
        status: None,
        error: None,
        parked_at: house.clock.now(),
    };
    let outbox = house.hub.outbox();
    outbox.park(parked).await.unwrap();
    outbox.settle(vec![(webhook, newest), (other, newest)]).await.unwrap();
    house.clock.advance(8 * DAY_MS);
    house.conversation(&neighbour, &[]).await;
    house.hub.sweep_queues(&mut Default::default()).await.unwrap();
    assert!(house.events().await.len() > told.len(), "the timer's work is not done for whoever wakes it");
    house.hub.sweep().await.unwrap();
    let left = house.events().await;
    let old_of = |app| left.iter().filter(|event| event.app == app && event.sequence <= newest).count();
    assert_eq!(old_of(neighbour.app.key), 0);
    assert_eq!(old_of(grant.app.key), told.iter().filter(|event| event.app == grant.app.key).count());
}
