//! Writing down what became of deliveries.

use model::record::{AppKey, SubscriptionKey};
use store::rows::deliveries::{self, Dead, Lane, Parked};
use store::rows::{sends, subscriptions};
use store::{Command, Ctx, Tx};

use super::Outbox;
use crate::error::{HubError, Result};

/// Why an attempt failed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Failure {
    /// HTTP status, if there was an answer.
    pub status: Option<i64>,
    /// For people; no secrets.
    pub error: String,
}

/// One entry in the ledger.
enum Entry {
    Settled(Vec<(SubscriptionKey, i64)>),
    Parked(Box<Parked>),
    Unparked(SubscriptionKey, Lane),
    Buried { app: AppKey, subscription: SubscriptionKey, event: i64, attempts: i64, failure: Failure },
    Replayed(SubscriptionKey, i64),
}

impl Command for Entry {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        match self {
            Entry::Settled(progress) => {
                for (subscription, through) in progress {
                    // Of one that is gone the sweeper has to know what was sent.
                    if subscriptions::settle(tx, *subscription, *through).await? {
                        sends::forget_done(tx, *subscription, *through).await?;
                    }
                }
            }
            // A webhook may have been deleted while it was called; nothing waits for it then.
            Entry::Parked(parked) => {
                if let Some(app) = subscriptions::app_of(tx, parked.subscription).await? {
                    deliveries::park(tx, app, ctx.id(), parked).await?;
                }
            }
            Entry::Unparked(subscription, lane) => deliveries::unpark(tx, *subscription, *lane).await?,
            Entry::Buried { app, subscription, event, attempts, failure } => {
                let dead = Dead {
                    id: ctx.id(),
                    app: *app,
                    subscription: *subscription,
                    event: *event,
                    attempts: *attempts,
                    status: failure.status,
                    error: Some(failure.error.clone()),
                    died_at: ctx.now,
                    replay_at: None,
                };
                if subscriptions::exists(tx, dead.subscription).await? {
                    deliveries::bury(tx, &dead).await?;
                }
            }
            Entry::Replayed(subscription, event) => {
                deliveries::remove_dead(tx, *subscription, *event).await?
            }
        }
        Ok(())
    }
}

impl Outbox {
    /// Every event up to these numbers is delivered, parked or dead.
    pub async fn settle(&self, progress: Vec<(SubscriptionKey, i64)>) -> Result<()> {
        self.hub.run(Entry::Settled(progress)).await
    }

    /// A lane waits.
    pub async fn park(&self, parked: Parked) -> Result<()> {
        self.hub.run(Entry::Parked(Box::new(parked))).await
    }

    /// A lane waits no more.
    pub async fn unpark(&self, subscription: SubscriptionKey, lane: Lane) -> Result<()> {
        self.hub.run(Entry::Unparked(subscription, lane)).await
    }

    /// A delivery is given up; it is kept and can be sent again by hand.
    pub async fn bury(
        &self,
        app: AppKey,
        subscription: SubscriptionKey,
        event: i64,
        attempts: i64,
        failure: Failure,
    ) -> Result<()> {
        self.hub.run(Entry::Buried { app, subscription, event, attempts, failure }).await
    }

    /// A dead delivery was delivered after all.
    pub async fn replayed(&self, subscription: SubscriptionKey, event: i64) -> Result<()> {
        self.hub.run(Entry::Replayed(subscription, event)).await
    }
}
