//! The feed over a hub: one that breaks goes on.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crosspoint_realtime::{Bus, Publication, Topic, feed};
use futures::FutureExt as _;
use hub::outbox::{EventView, SocketRenderer};
use hub::seal::{SEALING_KEY_BYTES, Sealer};
use hub::{AppDraft, ConversationDraft, Hub, Settings, SettingsPatch, keep_running};
use model::Id;
use model::record::{AppKey, EventForm};
use store::files::Files;
use store::{Options, Store};
use tokio::sync::mpsc;

/// Every kind of event, and nothing of them.
struct Everything;

impl SocketRenderer for Everything {
    fn form(&self) -> EventForm {
        EventForm::Hubster
    }

    fn kinds(&self) -> i64 {
        -1
    }

    fn record(&self, _: &EventView, _: Id) -> Option<String> {
        None
    }
}

/// Listens to everything, and breaks the first who asks.
struct Brittle {
    broken: AtomicBool,
    asked: mpsc::UnboundedSender<AppKey>,
}

impl Bus for Brittle {
    fn listens_in(&self, app: AppKey) -> bool {
        assert!(self.broken.swap(true, Ordering::AcqRel), "this is what the test wants");
        self.asked.send(app).unwrap();
        true
    }

    fn listens(&self) -> bool {
        true
    }

    fn listens_to(&self, _: Topic) -> bool {
        true
    }

    fn publish(&self, _: Publication) {}

    fn end(&self, _: Topic) {}
}

#[tokio::test]
async fn a_feed_that_breaks_goes_on_with_what_happens() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = Store::open(Options::new(data_dir.path())).unwrap();
    let settings = Settings {
        public_url: "http://localhost".into(),
        allow_private_targets: true,
        event_retention_ms: model::time::DAY_MS,
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

    let (asked, mut asks) = mpsc::unbounded_channel();
    let bus = Arc::new(Brittle { broken: AtomicBool::new(false), asked });
    let mut feed = feed(hub.outbox(), vec![Arc::new(Everything)], bus.clone());
    let running = tokio::spawn(async move {
        keep_running("feed", std::future::pending(), &mut feed, |feed| feed.run().boxed()).await;
    });
    let group = || ConversationDraft { group: true, ..ConversationDraft::default() };
    hub.create_conversation(&grant, group()).await.unwrap();
    asks.recv().await.unwrap();
    assert!(bus.broken.load(Ordering::Acquire), "it broke before");
    hub.create_conversation(&grant, group()).await.unwrap();
    asks.recv().await.unwrap();
    running.abort();
}
