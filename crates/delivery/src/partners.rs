//! Partners that came in by OAuth are told at their remove URL when their access has ended
//! (sunshine-v2.md §1.8): a POST with who, where and which integration, tried like a webhook.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, header};
use hub::outbox::Retries;
use hub::{Hub, Parting};
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;

use crate::http::{HttpClient, RequestPlan, Target};
use crate::retry::{Next, Outcome, RetryPolicy};

/// Tells partners of every end since it was made. What it has not told when it is dropped stays untold.
pub struct Farewells {
    hub: Hub,
    client: HttpClient,
    policy: RetryPolicy,
    partings: Receiver<Parting>,
    telling: JoinSet<()>,
}

impl Farewells {
    /// Of a hub. `retry_base_ms` is the first pause between two attempts, milliseconds; `None` for the
    /// usual one.
    pub fn new(hub: Hub, client: HttpClient, retry_base_ms: Option<u64>) -> Farewells {
        let policy = RetryPolicy::from(Retries::STANDARD).with_base_ms(retry_base_ms);
        let partings = hub.partings();
        Farewells { hub, client, policy, partings, telling: JoinSet::new() }
    }

    /// Works until it is dropped.
    pub async fn run(&mut self) {
        loop {
            match self.partings.recv().await {
                Ok(parting) => {
                    let (hub, client, policy) = (self.hub.clone(), self.client.clone(), self.policy.clone());
                    self.telling.spawn(tell(hub, client, policy, parting));
                }
                Err(RecvError::Lagged(count)) => tracing::warn!(
                    count,
                    "farewells lost: the receiver lagged, so these partners are not told that their access has ended"
                ),
                Err(RecvError::Closed) => return,
            }
            while self.telling.try_join_next().is_some() {}
        }
    }
}

async fn tell(hub: Hub, client: HttpClient, policy: RetryPolicy, parting: Parting) {
    for attempt in 1..=policy.attempts_max() {
        let Some(plan) = plan(&parting, policy.timeout()) else {
            tracing::warn!(partner = %parting.client_id, "the remove URL is not an address that can be called");
            return;
        };
        let sent = client.send(plan).await;
        let now = hub.now().0;
        match policy.next(attempt, &Outcome::from(&sent), rand::random(), now) {
            Next::Done => return,
            Next::RetryAt(at) => {
                let pause = u64::try_from(at - now).unwrap_or_default();
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
            Next::Dead => break,
        }
    }
    tracing::warn!(partner = %parting.client_id, "the partner could not be told that its access has ended");
}

fn plan(parting: &Parting, timeout: Duration) -> Option<RequestPlan> {
    let Parting { url, client_id, app_id, integration_id } = parting;
    let body = json!({
        "clientId": client_id, "appId": app_id.to_string(), "integrationId": integration_id.to_string()
    });
    let target = Target::parse(url).ok()?;
    let mut plan = RequestPlan { timeout, ..RequestPlan::post(target, Bytes::from(body.to_string())) };
    plan.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Some(plan)
}
