//! The pace that a provider allows: a bucket of tokens for each integration, and one for each person.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use channels::Descriptor;
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use model::record::{ClientKey, IntegrationKey};

/// People after whose number the buckets of those who are full again are dropped.
const PEOPLE_MAX: usize = 10_000;

/// All buckets.
#[derive(Default)]
pub(crate) struct Pace {
    senders: Mutex<HashMap<IntegrationKey, Arc<Buckets>>>,
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
