//! The numbers that say how old a memory is, and rows that are left out since they are damaged.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::pin::Pin;

use crosspoint_store::rows::events::{self, Event};
use crosspoint_store::rows::{credentials, integrations, subscriptions};
use crosspoint_store::{Command, Ctx, DATABASE_FILE, Options, Store, StoreError, Tx};
use model::event::EventType;
use model::record::{
    AppKey, ClientKey, ConversationKey, CredentialKey, EventForm, IntegrationKey, IntegrationStatus,
    MessageKey, Subscription, SubscriptionKey, UserKey,
};
use model::switchboard::Control;

type Writing<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

/// Rows that a test writes.
struct Write<F>(F);

impl<F> Command for Write<F>
where
    F: for<'a> Fn(&'a mut Tx, &'a Ctx) -> Writing<'a> + Send + Sync + 'static,
{
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<(), StoreError> {
        (self.0)(tx, ctx).await
    }
}

async fn write<F>(store: &Store, change: F)
where
    F: for<'a> Fn(&'a mut Tx, &'a Ctx) -> Writing<'a> + Send + Sync + 'static,
{
    store.run(Write(change)).await.unwrap();
}

async fn subscribe(tx: &mut Tx, ctx: &Ctx) -> Result<(), StoreError> {
    let new = Subscription {
        key: SubscriptionKey(0),
        id: ctx.id(),
        app: AppKey(1),
        integration: IntegrationKey(1),
        form: EventForm::Sunshine,
        target: "http://hooks.example.org/".into(),
        triggers: 1,
        sealed_secret: vec![1],
        include_full_user: false,
        include_full_source: false,
        settled_through: 0,
        created_at: ctx.now,
    };
    subscriptions::insert(tx, &new).await.map(drop)
}

#[tokio::test]
async fn each_number_rises_with_what_it_is_for_before_the_caller_is_answered_and_with_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Options::new(folder.path())).unwrap();
    let numbers = || (store.settings_version(), store.keys_version(), store.audience_version());
    let mut waiting = store.watch_audience();
    assert_eq!(numbers(), (0, 0, 0));
    write(&store, |tx, ctx| Box::pin(subscribe(tx, ctx))).await;
    assert_eq!(numbers(), (0, 0, 1));
    assert!(waiting.has_changed().unwrap());
    waiting.mark_unchanged();
    write(&store, |tx, _| {
        Box::pin(async move { subscriptions::settle(tx, SubscriptionKey(1), 7).await.map(|_| ()) })
    })
    .await;
    assert_eq!(numbers(), (0, 0, 1), "progress is no change");
    write(&store, |tx, _| Box::pin(credentials::remove(tx, CredentialKey(1)))).await;
    assert_eq!(numbers(), (0, 1, 1));
    let key = IntegrationKey(1);
    write(&store, move |tx, ctx| Box::pin(integrations::note_sign(tx, key, None, Some(ctx.now)))).await;
    assert_eq!(numbers(), (1, 1, 1), "a good sign is for nobody who delivers");
    let status = IntegrationStatus::Error;
    write(&store, move |tx, _| Box::pin(integrations::set_health(tx, key, status, None, None))).await;
    assert_eq!(numbers(), (2, 1, 2));
    write(&store, move |tx, ctx| Box::pin(integrations::mark_deleted(tx, key, ctx.now))).await;
    assert_eq!(numbers(), (3, 2, 3), "it goes with its keys");
    write(&store, |tx, _| Box::pin(subscriptions::remove(tx, SubscriptionKey(1)))).await;
    assert_eq!(numbers(), (3, 2, 4));
    assert!(waiting.has_changed().unwrap());
    store.close().await;
}

async fn happen(tx: &mut Tx, ctx: &Ctx) -> Result<(), StoreError> {
    let event = Event {
        sequence: 0,
        id: ctx.id(),
        at: ctx.now,
        app: AppKey(1),
        kind: EventType::UserUpdate,
        conversation: ConversationKey(0),
        user: UserKey(1),
        message: MessageKey(0),
        client: ClientKey(0),
        control: Control::NONE,
        previous: 0,
        detail: None,
        integration: IntegrationKey(0),
    };
    events::insert(tx, &event).await.map(drop)
}

#[tokio::test]
async fn damaged_rows_are_left_out_and_those_beside_them_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Options::new(folder.path())).unwrap();
    for _ in 0..3 {
        write(&store, |tx, ctx| Box::pin(happen(tx, ctx))).await;
        write(&store, |tx, ctx| Box::pin(subscribe(tx, ctx))).await;
    }
    let damage = rusqlite::Connection::open(folder.path().join(DATABASE_FILE)).unwrap();
    damage
        .execute_batch(
            "UPDATE events SET detail = '{' WHERE k >= 2; UPDATE subscriptions SET id = x'00' WHERE k = 2",
        )
        .unwrap();
    let mut reader = store.reader().await.unwrap();
    let found = events::after(&mut reader, 0, 10).await.unwrap();
    let found: Vec<_> = found.iter().map(|(number, event)| (*number, event.is_some())).collect();
    assert_eq!(found, [(1, true), (2, false), (3, false)], "their numbers are known, so that others go on");
    let found = events::of_app(&mut reader, AppKey(1), 0, 3, 10).await.unwrap();
    assert_eq!(found.iter().filter(|(_, event)| event.is_some()).count(), 1);
    let found = subscriptions::all(&mut reader).await.unwrap();
    assert_eq!(found.iter().map(|found| found.key.0).collect::<Vec<_>>(), [1, 3]);
    drop(reader);
    store.close().await;
}
