//! What runs beside the requests for as long as the server does.

use std::future::pending;

use futures::future::BoxFuture;
use hub::keep_running;
use tokio::task::JoinSet;

/// Everything that runs in the background. It ends when this is dropped.
#[derive(Default)]
pub(crate) struct Background(JoinSet<()>);

impl Background {
    /// Starts a task, which is begun again whenever it breaks (see [`keep_running`]).
    pub(crate) fn start<S: Send + 'static>(
        &mut self,
        task: &'static str,
        mut state: S,
        work: impl for<'a> Fn(&'a mut S) -> BoxFuture<'a, ()> + Send + 'static,
    ) {
        self.0.spawn(async move { keep_running(task, pending(), &mut state, work).await });
    }

    /// Ends all of it, and waits until it has ended.
    pub(crate) async fn end(mut self) {
        self.0.shutdown().await;
    }
}
