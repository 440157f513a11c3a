//! A hub over a store of its own and a clock that is moved by hand, for tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use model::content::{Content, MediaContent, MediaRef, Text};
use model::event::EventType;
use model::record::{
    Access, Account, AccountKey, App, AppKey, AppSettings, Attachment, CredentialKey, EventForm, Integration,
    IntegrationKey, IntegrationStatus, ShownAuthor, User,
};
use model::{Clock, Id, Millis};
use store::files::Files;
use store::rows::events::{self, Event};
use store::rows::{accounts, apps, integrations};
use store::{Command, Ctx, Options, Store, Tx};

use crate::access::{Caller, Grant, Reach};
use crate::error::{HubError, Result};
use crate::seal::{SEALING_KEY_BYTES, Sealer};
use crate::{
    AuthorDraft, ConversationDraft, Hub, IntegrationDraft, IntegrationView, MessageDraft, MessageView,
    ParticipantDraft, Settings, UploadDraft, UserDraft, UserSelector, WebhookDraft,
};

/// A clock that stands still until it is moved.
pub(crate) struct ManualClock(AtomicI64);

impl ManualClock {
    /// Moves it forward.
    pub(crate) fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::AcqRel);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::Acquire))
    }
}

/// A hub with all that it needs.
pub(crate) struct House {
    pub hub: Hub,
    pub clock: Arc<ManualClock>,
    pub data_dir: tempfile::TempDir,
}

type Writing<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Rows that a test writes by itself.
struct Write<F>(F);

impl<T, F> Command for Write<F>
where
    T: Send + 'static,
    F: for<'a> Fn(&'a mut Tx, &'a Ctx) -> Writing<'a, T> + Send + Sync + 'static,
{
    type Out = T;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<T> {
        (self.0)(tx, ctx).await
    }
}

impl House {
    /// A hub over a fresh store; the clock stands at a moment in 2025.
    pub(crate) fn open() -> House {
        House::open_with(|_| {})
    }

    /// The same with other settings.
    pub(crate) fn open_with(change: impl FnOnce(&mut Settings)) -> House {
        let data_dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock(AtomicI64::new(1_750_000_000_000)));
        let options =
            Options { clock: clock.clone(), one_reader_a_task: true, ..Options::new(data_dir.path()) };
        let store = Store::open(options).unwrap();
        let files = Files::local(data_dir.path()).unwrap();
        let mut settings = Settings {
            public_url: "http://localhost:8080".into(),
            allow_private_targets: false,
            event_retention_ms: 7 * model::time::DAY_MS,
            key_secrets_readable: false,
            author_roles_shown: false,
        };
        change(&mut settings);
        let hub = Hub::new(store, files, Sealer::new(&[7; SEALING_KEY_BYTES]), settings);
        House { hub, clock, data_dir }
    }

    /// Writes rows in a transaction.
    pub(crate) async fn write<T, F>(&self, change: F) -> T
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a mut Tx, &'a Ctx) -> Writing<'a, T> + Send + Sync + 'static,
    {
        self.hub.run(Write(change)).await.unwrap()
    }

    /// A new app in an account of its own, and an account key's grant for it.
    pub(crate) async fn app(&self) -> Grant {
        let app_id = self.write(|tx, ctx| Box::pin(insert_app(tx, ctx))).await;
        let app = apps::by_id(&mut self.hub.reader().await.unwrap(), app_id).await.unwrap().unwrap();
        let caller = Caller {
            credential: CredentialKey(1),
            key_id: "act_0123456789abcdef01234567".into(),
            account: app.account,
            reach: Reach::Account,
        };
        self.hub.grant(Arc::new(caller), app_id).await.unwrap()
    }

    /// A new integration of a type.
    pub(crate) async fn integration(&self, grant: &Grant, kind: &str) -> Integration {
        let (app, kind) = (grant.app.key, kind.to_owned());
        self.write(move |tx, ctx| Box::pin(insert_integration(tx, ctx, app, kind.clone()))).await
    }

    /// A new integration of a channel, as it comes through the hub.
    pub(crate) async fn channel(&self, grant: &Grant, kind: &str) -> Integration {
        let draft = IntegrationDraft { kind: kind.into(), ..IntegrationDraft::default() };
        self.hub.create_integration(grant, draft).await.unwrap().integration
    }

    /// The hidden subscription of a channel.
    pub(crate) async fn channel_subscription(
        &self,
        integration: &Integration,
    ) -> model::record::SubscriptionKey {
        let reader = &mut self.hub.reader().await.unwrap();
        let found = store::rows::subscriptions::of_integration(reader, integration.key).await.unwrap();
        found
            .into_iter()
            .find(|found| found.form == EventForm::Channel)
            .expect("a channel's subscription")
            .key
    }

    /// A new user with an external id and a given name.
    pub(crate) async fn user(&self, grant: &Grant, external_id: &str) -> User {
        let mut draft = UserDraft { external_id: Some(external_id.into()), ..UserDraft::default() };
        draft.profile.given_name = Some(external_id.to_uppercase());
        self.hub.create_user(grant, draft).await.unwrap()
    }

    /// A new conversation of users; a group if there is not exactly one. Gives its id.
    pub(crate) async fn conversation(&self, grant: &Grant, users: &[&User]) -> Id {
        let participants = users.iter().map(|user| participant(user)).collect();
        let draft =
            ConversationDraft { group: users.len() != 1, participants, ..ConversationDraft::default() };
        self.hub.create_conversation(grant, draft).await.unwrap().conversation.id
    }

    /// Adds a text, of a user or of the business, one millisecond later.
    pub(crate) async fn say(
        &self,
        grant: &Grant,
        conversation: Id,
        user: Option<&User>,
        text: &str,
    ) -> MessageView {
        let content = Content::Text(Text { text: Some(text.into()), ..Text::default() });
        self.post(grant, conversation, user, content).await
    }

    /// The same with any content.
    pub(crate) async fn post(
        &self,
        grant: &Grant,
        conversation: Id,
        user: Option<&User>,
        content: Content,
    ) -> MessageView {
        self.clock.advance(1);
        let shown = ShownAuthor::default();
        let author = match user {
            Some(user) => AuthorDraft::User { user: UserSelector::Id(user.id.to_string()), shown },
            None => AuthorDraft::Business(shown),
        };
        let draft = MessageDraft {
            author,
            content,
            metadata: None,
            destination: None,
            overrides: None,
            schema: None,
        };
        self.hub.post_message(grant, conversation, draft).await.unwrap()
    }

    /// A picture that goes with the messages that show it, and a message that shows it.
    pub(crate) async fn picture(&self, grant: &Grant) -> (Attachment, Content) {
        let draft = UploadDraft { access: Access::Public, for_message: true, conversation: None };
        let mut upload = self.hub.begin_upload(grant, draft).await.unwrap();
        upload.add(b"bytes"[..].into()).await.unwrap();
        let (name, media_type) = ("a.png".to_owned(), "image/png".to_owned());
        let picture = self.hub.finish_upload(grant, upload, name, media_type).await.unwrap();
        let media = MediaRef::Url(self.hub.attachment_url(&picture.token, &picture.name));
        let content = Content::Image(MediaContent::at(media));
        (picture, content)
    }

    /// Every event so far.
    pub(crate) async fn events(&self) -> Vec<Event> {
        let reader = &mut self.hub.reader().await.unwrap();
        events::after(reader, 0, 10_000).await.unwrap().into_iter().filter_map(|(_, event)| event).collect()
    }

    /// The events of some types, in the order in which they were written.
    pub(crate) async fn events_of(&self, kinds: &[EventType]) -> Vec<Event> {
        self.events().await.into_iter().filter(|event| kinds.contains(&event.kind)).collect()
    }
}

/// For what hangs below apps.
impl House {
    /// The caller who holds a key.
    pub(crate) async fn holder(&self, key_id: &str) -> Arc<Caller> {
        self.hub.live_key(key_id).await.unwrap().expect("a live key").caller.clone()
    }

    /// A new custom integration with one webhook that hears about messages.
    pub(crate) async fn custom(&self, grant: &Grant) -> IntegrationView {
        let webhooks = vec![webhook("https://hooks.example.org/in")];
        let kind = Integration::CUSTOM.to_owned();
        let draft = IntegrationDraft { kind, webhooks, ..IntegrationDraft::default() };
        self.hub.create_integration(grant, draft).await.unwrap()
    }

    /// The grant of a new key of a custom integration.
    pub(crate) async fn as_integration(&self, grant: &Grant, integration: Id) -> Grant {
        let key = self.hub.create_integration_key(grant, integration, "key").await.unwrap();
        self.hub.grant(self.holder(&key.credential.id).await, grant.app.id).await.unwrap()
    }
}

/// A webhook that hears about messages.
pub(crate) fn webhook(target: &str) -> WebhookDraft {
    WebhookDraft {
        target: target.into(),
        triggers: vec![EventType::ConversationMessage],
        include_full_user: false,
        include_full_source: false,
    }
}

/// A user who shall take part, without the messenger.
pub(crate) fn participant(user: &User) -> ParticipantDraft {
    ParticipantDraft { user: UserSelector::Id(user.id.to_string()), subscribe_sdk_client: false }
}

/// The text of a text message.
pub(crate) fn text_of(view: &MessageView) -> String {
    match serde_json::from_str(&view.message.content).unwrap() {
        Content::Text(text) => text.text.unwrap_or_default(),
        other => panic!("no text: {other:?}"),
    }
}

async fn insert_app(tx: &mut Tx, ctx: &Ctx) -> Result<Id> {
    let row =
        Account { key: AccountKey(0), id: ctx.id(), name: "test".into(), email: None, created_at: ctx.now };
    let account = accounts::insert(tx, &row).await?;
    let app = App {
        key: AppKey(0),
        id: ctx.id(),
        account,
        name: "test".into(),
        settings: AppSettings::default(),
        metadata: Default::default(),
        created_at: ctx.now,
    };
    apps::insert(tx, &app).await?;
    Ok(app.id)
}

async fn insert_integration(tx: &mut Tx, ctx: &Ctx, app: AppKey, kind: String) -> Result<Integration> {
    let mut integration = Integration {
        key: IntegrationKey(0),
        id: ctx.id(),
        app,
        kind,
        status: IntegrationStatus::Active,
        name: None,
        config: Default::default(),
        sealed_secrets: None,
        default_responder: None,
        oauth_client_id: None,
        created_at: ctx.now,
        health_reason: None,
        last_good_at: None,
    };
    integration.key = integrations::insert(tx, &integration).await?;
    Ok(integration)
}
