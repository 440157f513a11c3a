//! What waits for a removed subscription: parked lanes, dead deliveries, sends on their way. Of messages that
//! a channel has not sent the business hears that they have failed.

use model::ErrorCode;
use model::channel::SendError;
use model::event::EventType;
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::SubscriptionKey;
use serde_json::{Value, json};
use store::rows::deliveries::{self, Unsent};
use store::rows::sweeps::{self, Sweep};
use store::rows::{clients, integrations, messages, sends};
use store::{Command, Ctx, Tx};

use super::events::WINDOW_EVENTS;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::receipts::{self, Told};
use crate::rules::webhooks;

/// Messages of one slice; each changes a few rows.
const SLICE_MESSAGES_MAX: usize = SWEEP_SLICE_ROWS_MAX / 5;
/// Windows of events without one of them that are looked through before it is noted how far the sweep has
/// come.
const WINDOWS_MAX: usize = 20;
/// Why they have failed.
const GONE: &str = "the integration was deleted before the message was known to be sent";

/// One slice. Gives whether the sweep is done.
struct ForgetSubscription(Sweep);

impl Command for ForgetSubscription {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<bool> {
        let subscription = SubscriptionKey(self.0.target);
        let removed = deliveries::forget_subscription(tx, subscription, SWEEP_SLICE_ROWS_MAX).await?
            + sends::forget_subscription(tx, subscription, SWEEP_SLICE_ROWS_MAX).await?;
        if removed == 0 {
            sweeps::remove(tx, self.0.key).await?;
        }
        Ok(removed == 0)
    }
}

/// Messages that have failed, and how far the look for them came.
struct TellUnsent {
    sweep: Sweep,
    found: Vec<Unsent>,
    rest: webhooks::Unsent,
}

impl Command for TellUnsent {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        let app = self.sweep.app;
        let known = integrations::by_id_even_deleted(tx, app, self.rest.integration).await?;
        for unsent in &self.found {
            let Some((integration, _)) = &known else { break };
            // Nobody misses one that was deleted.
            if messages::by_key(tx, unsent.message).await?.is_none() {
                continue;
            }
            let error = SendError { code: ErrorCode::NotFound, message: GONE.to_owned() };
            let told = Told { external_ids: Vec::new(), is_final: true, error: Some(&error) };
            let (kind, message) = (EventType::DeliveryFailure, unsent.message);
            match clients::by_key(tx, unsent.client).await? {
                Some(client) => {
                    receipts::tell(tx, ctx, kind, integration, &client, message, told).await?;
                }
                None => receipts::tell_without_client(tx, ctx, kind, integration, message, told).await?,
            }
        }
        let left = match self.rest.after < self.rest.through {
            true => json!(self.rest),
            false => Value::Null,
        };
        Ok(sweeps::set_detail(tx, self.sweep.key, &left).await?)
    }
}

impl Hub {
    /// One slice. What a channel had to send is looked for by a reader, as in [`Hub::clear_events`].
    pub(super) async fn forget_subscription(&self, sweep: Sweep) -> Result<bool> {
        let detail = sweep.detail.clone().unwrap_or_default();
        let Ok(mut rest) = serde_json::from_value::<webhooks::Unsent>(detail) else {
            return self.run(ForgetSubscription(sweep)).await;
        };
        let mut reader = self.reader().await?;
        let known = integrations::by_id_even_deleted(&mut reader, sweep.app, rest.integration).await?;
        let Some((integration, _)) = known else {
            drop(reader);
            return self.run(ForgetSubscription(sweep)).await;
        };
        let (channel, limit) = ((SubscriptionKey(sweep.target), integration.key), SLICE_MESSAGES_MAX);
        let mut found = Vec::new();
        for _ in 0..WINDOWS_MAX {
            if rest.after >= rest.through || !found.is_empty() {
                break;
            }
            let end = rest.through.min(rest.after + WINDOW_EVENTS);
            let window = (rest.after, end);
            found = deliveries::unsent(&mut reader, channel, rest.settled, window, limit).await?;
            rest.after = found.last().filter(|_| found.len() >= limit).map_or(end, |last| last.event);
        }
        drop(reader);
        self.run(TellUnsent { sweep, found, rest }).await?;
        Ok(false)
    }
}
