//! The pace that a provider allows: a bucket of tokens for each integration, and one for each person.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use channels::Descriptor;
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use model::Millis;
use model::record::{ClientKey, IntegrationKey};
use model::time::HOUR_MS;

/// People after whose number the buckets of those who are full again are dropped.
const PEOPLE_MAX: usize = 10_000;

/// A provider is asked again after this time, whatever it has said: it will say it again.
const CLOSED_MS_MAX: i64 = HOUR_MS;

/// All buckets.
#[derive(Default)]
pub(crate) struct Pace {
    senders: Mutex<HashMap<IntegrationKey, Arc<Buckets>>>,
    /// Until when a provider wants to hear nothing of an integration.
    closed: Mutex<HashMap<IntegrationKey, Millis>>,
}

struct Buckets {
    all: Option<DefaultDirectRateLimiter>,
    people: Option<DefaultKeyedRateLimiter<i64>>,
}

impl Buckets {
    fn new(descriptor: &Descriptor) -> Buckets {
        let quota = |per_second: u32| NonZeroU32::new(per_second).map(Quota::per_second);
        Buckets {
            all: quota(descriptor.sends_per_second).map(RateLimiter::direct),
            people: quota(descriptor.sends_per_second_to_one).map(RateLimiter::keyed),
        }
    }
}

impl Pace {
    /// The provider has asked to be left alone, which is meant for all conversations of the integration.
    pub(crate) fn close(&self, integration: IntegrationKey, now: Millis, asked_ms: i64) {
        let until = now.plus(asked_ms.clamp(0, CLOSED_MS_MAX));
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        closed.retain(|_, until| *until > now);
        let latest = closed.entry(integration).or_insert(until);
        *latest = until.max(*latest);
    }

    /// Until when nothing is sent for an integration; `None` when it may be.
    pub(crate) fn closed_until(&self, integration: IntegrationKey, now: Millis) -> Option<Millis> {
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        closed.get(&integration).copied().filter(|until| *until > now)
    }

    /// Waits until an integration may send to a person. Nobody else waits for that.
    pub(crate) async fn wait(&self, descriptor: &Descriptor, integration: IntegrationKey, person: ClientKey) {
        let buckets = {
            let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
            senders.entry(integration).or_insert_with(|| Arc::new(Buckets::new(descriptor))).clone()
        };
        if let Some(people) = &buckets.people {
            people.until_key_ready(&person.0).await;
            if people.len() > PEOPLE_MAX {
                people.retain_recent();
            }
        }
        if let Some(all) = &buckets.all {
            all.until_ready().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_holds_for_the_whole_integration_and_ends() {
        let (pace, one, other, now) = (Pace::default(), IntegrationKey(1), IntegrationKey(2), Millis(10));
        pace.close(one, now, 5_000);
        pace.close(one, now, 2_000);
        assert_eq!(pace.closed_until(one, now), Some(Millis(5_010)));
        assert_eq!(pace.closed_until(other, now), None);
        assert_eq!(pace.closed_until(one, Millis(5_010)), None);
        pace.close(other, now, i64::MAX);
        assert_eq!(pace.closed_until(other, now), Some(Millis(10 + HOUR_MS)));
    }
}
