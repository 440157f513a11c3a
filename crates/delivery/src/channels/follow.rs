//! What is due after a callback was answered, best effort: acknowledging a button, asking for the name
//! of somebody new.

use std::sync::Arc;
use std::time::Duration;

use channels::{Answer, Plan};
use hub::{Hub, Newcomer, OpenChannel};
use tokio::sync::Semaphore;

use super::request::carry_out;
use super::set::ChannelSet;

/// How long such a request may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Such requests at once; what comes while all are taken is left out.
const REQUESTS_MAX: usize = 64;

/// Carries them out in the background.
#[derive(Clone)]
pub struct Followers {
    hub: Hub,
    set: ChannelSet,
    slots: Arc<Semaphore>,
}

impl Followers {
    /// For the callbacks of a server.
    pub fn new(hub: Hub, set: ChannelSet) -> Followers {
        Followers { hub, set, slots: Arc::new(Semaphore::new(REQUESTS_MAX)) }
    }

    /// Sends a connector's follow-ups; whatever is answered.
    pub fn follow_up(&self, plans: Vec<Plan>) {
        for plan in plans {
            let Ok(slot) = self.slots.clone().try_acquire_owned() else { return };
            let (hub, set) = (self.hub.clone(), self.set.clone());
            tokio::spawn(async move {
                if let Err(error) = carry_out(&set, &hub.outbox(), plan, TIMEOUT).await {
                    tracing::debug!(%error, "a follow-up of a callback failed");
                }
                drop(slot);
            });
        }
    }

    /// Asks the provider for the names of people who have written for the first time.
    pub fn meet(&self, channel: &OpenChannel, newcomers: &[Newcomer]) {
        for newcomer in newcomers.iter().filter(|newcomer| newcomer.integration == channel.integration.id) {
            let Ok(slot) = self.slots.clone().try_acquire_owned() else { return };
            let (this, channel, id) = (self.clone(), channel.clone(), newcomer.external_id.clone());
            tokio::spawn(async move {
                this.ask_profile(&channel, &id).await;
                drop(slot);
            });
        }
    }

    async fn ask_profile(&self, channel: &OpenChannel, external_id: &str) {
        let Some(opened) = self.set.open(channel) else { return };
        let Some(plan) = opened.channel.ask_profile(&opened.account(), external_id) else { return };
        let answer = match carry_out(&self.set, &self.hub.outbox(), plan, TIMEOUT).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::debug!(%error, "a profile could not be asked for");
                return;
            }
        };
        let answer = Answer { status: answer.status, headers: &answer.headers, body: &answer.body };
        let Some(mut person) = opened.channel.read_profile(&answer) else { return };
        external_id.clone_into(&mut person.external_id);
        if let Err(error) = self.hub.learn_profile(channel, person).await {
            tracing::warn!(%error, "a profile could not be stored");
        }
    }
}
