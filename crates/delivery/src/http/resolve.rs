//! From a name to its addresses.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::sync::{Arc, Mutex, PoisonError};

use futures::future::{BoxFuture, FutureExt as _, Shared, WeakShared};
use tokio::sync::Semaphore;

/// Finds the addresses of a host. Nothing that it says is trusted: the guard sees each address.
pub trait Resolve: Send + Sync + 'static {
    /// The addresses of `host`, in the order in which they are to be tried.
    fn resolve(&self, host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// Look-ups that run at the same time. Each keeps a thread busy, and a name whose server is silent
/// keeps it for many seconds.
const LOOKUPS_AT_ONCE: usize = 64;

type Lookup = Shared<BoxFuture<'static, Result<Vec<IpAddr>, Arc<io::Error>>>>;
type WeakLookup = WeakShared<BoxFuture<'static, Result<Vec<IpAddr>, Arc<io::Error>>>>;

/// The resolver of the operating system. Callers that want the same name at the same time share one
/// look-up, so that a silent name server of one target cannot take every thread.
pub struct SystemResolver {
    running: Mutex<HashMap<String, WeakLookup>>,
    threads: Arc<Semaphore>,
}

impl SystemResolver {
    fn lookup(&self, host: &str) -> Lookup {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lookup) = running.get(host).and_then(WeakShared::upgrade) {
            return lookup;
        }
        running.retain(|_, lookup| lookup.upgrade().is_some());
        let lookup = ask_system(host.to_owned(), Arc::clone(&self.threads)).boxed().shared();
        if let Some(weak) = lookup.downgrade() {
            running.insert(host.to_owned(), weak);
        }
        lookup
    }
}

impl Default for SystemResolver {
    fn default() -> SystemResolver {
        SystemResolver { running: Mutex::default(), threads: Arc::new(Semaphore::new(LOOKUPS_AT_ONCE)) }
    }
}

impl Resolve for SystemResolver {
    fn resolve(&self, host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let lookup = self.lookup(host);
        async move { lookup.await.map_err(|error| io::Error::new(error.kind(), error.to_string())) }.boxed()
    }
}

async fn ask_system(host: String, threads: Arc<Semaphore>) -> Result<Vec<IpAddr>, Arc<io::Error>> {
    let permit = threads.acquire_owned().await.map_err(io::Error::other)?;
    let answer = tokio::task::spawn_blocking(move || {
        // held by the thread, not by the caller, who may have given up long before
        let _permit = permit;
        (host.as_str(), 0).to_socket_addrs().map(|found| found.map(|address| address.ip()).collect())
    });
    Ok(answer.await.map_err(io::Error::other)??)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[tokio::test]
    async fn callers_at_the_same_time_share_a_look_up() {
        let resolver = SystemResolver::default();
        let (first, second, other) =
            (resolver.lookup("localhost"), resolver.lookup("localhost"), resolver.lookup("127.0.0.1"));
        assert!(first.ptr_eq(&second) && !first.ptr_eq(&other));
        assert!(first.await.unwrap().iter().all(IpAddr::is_loopback));
        assert_eq!(other.await.unwrap(), ["127.0.0.1".parse::<IpAddr>().unwrap()]);
        drop(second);
        resolver.lookup("localhost").await.unwrap();
        assert_eq!(resolver.running.lock().unwrap().len(), 1, "ended look-ups are forgotten");
    }

    #[tokio::test]
    async fn waiting_look_ups_do_not_lose_their_turn() {
        let resolver = SystemResolver { threads: Arc::new(Semaphore::new(1)), ..SystemResolver::default() };
        let lookups = (1..20).map(|host| resolver.resolve(&format!("127.0.0.{host}")));
        for found in futures::future::join_all(lookups).await {
            assert!(found.unwrap()[0].is_loopback());
        }
    }
}
