//! Who waits for events of one app. Only apps that somebody waits for are remembered, so that everybody
//! else's events wake nobody.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::record::AppKey;
use tokio::sync::watch;

/// The apps that somebody waits for.
#[derive(Default)]
pub(crate) struct WatchedApps(Mutex<HashMap<AppKey, watch::Sender<()>>>);

impl WatchedApps {
    fn apps(&self) -> MutexGuard<'_, HashMap<AppKey, watch::Sender<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to watch an app.
    pub(crate) fn watch(self: &Arc<WatchedApps>, app: AppKey) -> AppWatch {
        let told = self.apps().entry(app).or_default().subscribe();
        AppWatch { all: self.clone(), app, told: Some(told) }
    }

    /// Events of these apps are durable.
    pub(crate) fn tell(&self, apps: &[AppKey]) {
        let watched = self.apps();
        if !watched.is_empty() {
            for told in apps.iter().filter_map(|app| watched.get(app)) {
                told.send_replace(());
            }
        }
    }
}

/// Tells when an app has new events, from the moment on at which it is made.
pub struct AppWatch {
    all: Arc<WatchedApps>,
    app: AppKey,
    told: Option<watch::Receiver<()>>,
}

impl AppWatch {
    /// Whether the app has had events since it was asked the last time.
    pub fn take_news(&mut self) -> bool {
        let Some(told) = &mut self.told else { return false };
        let is_news = told.has_changed().unwrap_or(false);
        told.borrow_and_update();
        is_news
    }

    /// Waits until the app has events that were not asked for with [`AppWatch::take_news`].
    pub async fn news(&mut self) {
        match &mut self.told {
            // The sender lives as long as this.
            Some(told) => drop(told.changed().await),
            None => std::future::pending().await,
        }
    }
}

impl Drop for AppWatch {
    fn drop(&mut self) {
        let mut watched = self.all.apps();
        self.told = None;
        if watched.get(&self.app).is_some_and(|told| told.receiver_count() == 0) {
            watched.remove(&self.app);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_whoever_waits_for_the_app_is_told_and_nobody_else_is_remembered() {
        let all = Arc::<WatchedApps>::default();
        let (mut one, mut same, mut other) =
            (all.watch(AppKey(1)), all.watch(AppKey(1)), all.watch(AppKey(2)));
        all.tell(&[AppKey(1), AppKey(3)]);
        one.news().await;
        assert!(same.take_news() && !same.take_news() && !other.take_news());
        assert_eq!(all.apps().len(), 2);
        drop(one);
        all.tell(&[AppKey(1)]);
        assert!(same.take_news());
        drop((same, other));
        assert!(all.apps().is_empty());
    }
}
