//! Webhook delivery over a hub of its own.

mod breaking;
mod handing_out;
mod stalled;
mod stopping;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hub::outbox::{EventRenderer, EventView, Outbox, Retries, Subscriber};
use hub::seal::{SEALING_KEY_BYTES, Sealer};
use hub::{
    AppDraft, AuthorDraft, ConversationDraft, Grant, Hub, IntegrationDraft, MessageDraft, Settings,
    SettingsPatch, WebhookDraft,
};
use model::channel::{Inbound, InboundEvent, InboundMessage, Person};
use model::content::{Content, Text};
use model::event::EventType;
use model::record::{EventForm, Integration, ShownAuthor};
use model::{Clock, Id, Millis};
use store::files::Files;
use store::{Options, Store, SystemClock};
use tokio::sync::watch;

use super::handle::Status;
use super::slots::Slots;
use super::{Shared, WebhookConfig};
use crate::channels::{ChannelSet, ChannelSettings, Sender};
use crate::http::{HttpClient, HttpConfig};

/// A clock that is put forward and back by hand.
pub(super) struct HandClock(pub(super) AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

/// A hub with an app.
pub(super) struct House {
    pub(super) hub: Hub,
    pub(super) grant: Grant,
    stop: watch::Sender<bool>,
    cut: watch::Sender<bool>,
    _data_dir: tempfile::TempDir,
}

impl House {
    pub(super) async fn open() -> House {
        House::open_by(Arc::new(SystemClock)).await
    }

    pub(super) async fn open_by(clock: Arc<dyn Clock>) -> House {
        let data_dir = tempfile::tempdir().unwrap();
        let store =
            Store::open(Options { clock, one_reader_a_task: true, ..Options::new(data_dir.path()) }).unwrap();
        let settings = Settings {
            public_url: "http://localhost:8080".into(),
            allow_private_targets: true,
            event_retention_ms: 7 * model::time::DAY_MS,
            key_secrets_readable: false,
            author_roles_shown: false,
        };
        let files = Files::local(data_dir.path()).unwrap();
        let hub = Hub::new(store, files, Sealer::new(&[7; SEALING_KEY_BYTES]), settings);
        hub.ensure_default_account().await.unwrap();
        let key = hub.first_account_key().await.unwrap().unwrap().credential.id;
        let caller = hub.live_key(&key).await.unwrap().unwrap().caller.clone();
        let draft = AppDraft {
            name: "test".into(),
            settings: SettingsPatch::default(),
            metadata: Default::default(),
            unique_name: false,
        };
        let app = hub.create_app(&caller, None, draft).await.unwrap();
        let grant = hub.grant(caller, app.id).await.unwrap();
        let (stop, cut) = (watch::Sender::new(false), watch::Sender::new(false));
        House { hub, grant, stop, cut, _data_dir: data_dir }
    }

    /// A new webhook that hears messages, as its subscriber.
    pub(super) async fn webhook(&self, target: &str) -> Arc<Subscriber> {
        let webhook = WebhookDraft {
            target: target.to_owned(),
            triggers: vec![EventType::ConversationMessage],
            include_full_user: false,
            include_full_source: false,
        };
        let kind = Integration::CUSTOM.to_owned();
        let draft = IntegrationDraft { kind, webhooks: vec![webhook], ..IntegrationDraft::default() };
        self.hub.create_integration(&self.grant, draft).await.unwrap();
        self.subscribers().await.into_iter().max_by_key(|found| found.subscription.key.0).unwrap()
    }

    pub(super) async fn subscribers(&self) -> Vec<Arc<Subscriber>> {
        self.hub.outbox().subscribers().await.unwrap()
    }

    pub(super) async fn conversation(&self) -> Id {
        let draft = ConversationDraft { group: true, ..ConversationDraft::default() };
        self.hub.create_conversation(&self.grant, draft).await.unwrap().conversation.id
    }

    /// The business says something.
    pub(super) async fn say(&self, conversation: Id, text: &str) {
        let draft = MessageDraft {
            author: AuthorDraft::Business(ShownAuthor::default()),
            content: Content::Text(Text { text: Some(text.into()), ..Text::default() }),
            metadata: None,
            destination: None,
            overrides: None,
            schema: None,
        };
        self.hub.post_message(&self.grant, conversation, draft).await.unwrap();
    }

    /// A new integration of a channel; gives its id.
    pub(super) async fn channel(&self, kind: &str) -> Id {
        let draft = IntegrationDraft { kind: kind.to_owned(), ..IntegrationDraft::default() };
        self.hub.create_integration(&self.grant, draft).await.unwrap().integration.id
    }

    /// Somebody writes through a channel; gives the conversation.
    pub(super) async fn hears(&self, integration: Id, who: &str) -> Id {
        let open = self.hub.channel(integration).await.unwrap().unwrap();
        let message = InboundMessage {
            external_id: who.to_owned(),
            content: Content::Text(Text { text: Some("hello".into()), ..Text::default() }),
            media: Vec::new(),
            quoted: None,
            original: None,
        };
        let told = Inbound {
            dedupe_key: who.to_owned(),
            serial: 0,
            at: None,
            person: Person { external_id: who.to_owned(), ..Person::default() },
            event: InboundEvent::Message(message),
        };
        self.hub.receive(vec![(open, vec![told])]).await.unwrap();
        let (events, _) = self.outbox().after(0, 10_000, |_, _, _| true).await.unwrap();
        events.last().unwrap().conversation.as_ref().unwrap().id
    }

    /// The number of the newest event in the store.
    pub(super) async fn newest_event(&self) -> i64 {
        let newest = self.outbox().after(0, 10_000, |_, _, _| false).await.unwrap().1;
        // It is announced a moment after whoever made it is answered.
        self.outbox().newest_event().wait_for(|known| *known >= newest).await.unwrap();
        newest
    }

    /// What the workers of this house share.
    pub(super) fn shared(&self, renderer: impl EventRenderer, slots: Slots) -> Arc<Shared> {
        self.shared_with(HashMap::new(), renderer, slots)
    }

    /// The same with channels whose providers are at these addresses.
    pub(super) fn shared_with(
        &self,
        base_urls: HashMap<String, String>,
        renderer: impl EventRenderer,
        slots: Slots,
    ) -> Arc<Shared> {
        let config = HttpConfig { allow_private: true, ..HttpConfig::default() };
        let client = HttpClient::new(config).unwrap();
        let settings = ChannelSettings { public_url: "http://localhost:8080".into(), base_urls };
        let channels = ChannelSet::new(::channels::all(), settings, client.clone(), client.clone());
        let renderer: Arc<dyn EventRenderer> = Arc::new(renderer);
        Arc::new(Shared {
            outbox: self.outbox(),
            renderers: HashMap::from([(renderer.form(), renderer)]),
            sender: Sender::new(channels),
            client,
            config: WebhookConfig { retry_base_ms: Some(1) },
            slots,
            // Workers without a dispatcher need not wait for one.
            status: Arc::new(Status { shown: watch::Sender::new(u64::MAX), ..Status::default() }),
            stop: self.stop.subscribe(),
            cut: self.cut.subscribe(),
        })
    }

    pub(super) fn outbox(&self) -> Outbox {
        self.hub.outbox()
    }
}

/// Writes the text of a message, after `write` has seen it.
pub(super) struct Texts<F>(pub(super) F);

impl<F: Fn(&str) + Send + Sync + 'static> EventRenderer for Texts<F> {
    fn form(&self) -> EventForm {
        EventForm::Sunshine
    }

    fn retries(&self) -> Retries {
        Retries::STANDARD
    }

    fn render(&self, event: &EventView, _: &Subscriber) -> Vec<u8> {
        let view = event.message.as_ref().unwrap();
        let Content::Text(text) = serde_json::from_str(&view.message.content).unwrap() else {
            return Vec::new();
        };
        let text = text.text.unwrap_or_default();
        (self.0)(&text);
        text.into_bytes()
    }
}
