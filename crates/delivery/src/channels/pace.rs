//! The pace that a provider allows: a bucket of tokens for each integration, and one for each person.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use channels::{Descriptor, OwnPace};
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
    /// Until when a provider wants to hear nothing of an integration, or of it for one person.
    closed: Mutex<HashMap<(IntegrationKey, Option<ClientKey>), Millis>>,
}

struct Buckets {
    all: Option<DefaultDirectRateLimiter>,
    people: Option<DefaultKeyedRateLimiter<i64>>,
    slow: Mutex<HashMap<&'static str, Arc<DefaultKeyedRateLimiter<i64>>>>,
}

impl Buckets {
    fn new(descriptor: &Descriptor) -> Buckets {
        let quota = |per_second: u32| NonZeroU32::new(per_second).map(Quota::per_second);
        Buckets {
            all: quota(descriptor.sends_per_second).map(RateLimiter::direct),
            people: quota(descriptor.sends_per_second_to_one).map(RateLimiter::keyed),
            slow: Mutex::default(),
        }
    }

    fn slow(&self, own: OwnPace) -> Option<Arc<DefaultKeyedRateLimiter<i64>>> {
        let mut slow = self.slow.lock().unwrap_or_else(PoisonError::into_inner);
        if !slow.contains_key(own.name) {
            let quota = Quota::with_period(Duration::from_millis(own.period_ms))?;
            let quota = NonZeroU32::new(own.burst).map_or(quota, |burst| quota.allow_burst(burst));
            slow.insert(own.name, Arc::new(RateLimiter::keyed(quota)));
        }
        slow.get(own.name).cloned()
    }
}

/// Whether a pause is not over yet. One that is longer than any was noted while the clock was ahead.
fn is_ahead(until: Millis, now: Millis) -> bool {
    until > now && until.since(now) <= CLOSED_MS_MAX
}

async fn until_ready(people: &DefaultKeyedRateLimiter<i64>, person: i64) {
    people.until_key_ready(&person).await;
    if people.len() > PEOPLE_MAX {
        people.retain_recent();
    }
}

impl Pace {
    /// The provider has asked to be left alone. Where it has a rate for each person, that is meant for this
    /// one, unless it has just asked the same for another: then for all conversations of the integration.
    pub(crate) fn close(
        &self,
        descriptor: &Descriptor,
        (integration, person): (IntegrationKey, ClientKey),
        now: Millis,
        asked_ms: i64,
    ) {
        let until = now.plus(asked_ms.clamp(0, CLOSED_MS_MAX));
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        closed.retain(|_, until| is_ahead(*until, now));
        let is_other = |(own, whom): &(IntegrationKey, Option<ClientKey>)| {
            *own == integration && whom.is_none_or(|whom| whom != person)
        };
        let is_of_all = descriptor.sends_per_second_to_one == 0 || closed.keys().any(is_other);
        let latest = closed.entry((integration, Some(person).filter(|_| !is_of_all))).or_insert(until);
        *latest = until.max(*latest);
    }

    /// Until when nothing is sent for an integration to a person; `None` when it may be.
    pub(crate) fn closed_until(
        &self,
        integration: IntegrationKey,
        person: ClientKey,
        now: Millis,
    ) -> Option<Millis> {
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |whom| closed.get(&(integration, whom)).copied().filter(|until| is_ahead(*until, now));
        of(None).max(of(Some(person)))
    }

    /// Waits until an integration may send to a person. Nobody else waits for that.
    pub(crate) async fn wait(
        &self,
        descriptor: &Descriptor,
        (integration, person): (IntegrationKey, ClientKey),
        slow: Option<OwnPace>,
    ) {
        let buckets = {
            let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
            senders.entry(integration).or_insert_with(|| Arc::new(Buckets::new(descriptor))).clone()
        };
        if let Some(own) = slow
            && let Some(limiter) = buckets.slow(own)
        {
            until_ready(&limiter, if own.is_of_one { person.0 } else { 0 }).await;
        }
        if let Some(people) = &buckets.people {
            until_ready(people, person.0).await;
        }
        if let Some(all) = &buckets.all {
            all.until_ready().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn descriptor(kind: &str) -> &'static Descriptor {
        channels::by_kind(kind).expect("a channel").descriptor()
    }

    #[test]
    fn a_pause_holds_for_the_whole_integration_and_ends() {
        let (pace, one, other, now) = (Pace::default(), IntegrationKey(1), IntegrationKey(2), Millis(10));
        let (twilio, ann, bob) = (descriptor("twilio"), ClientKey(1), ClientKey(2));
        pace.close(twilio, (one, ann), now, 5_000);
        pace.close(twilio, (one, ann), now, 2_000);
        assert_eq!(pace.closed_until(one, bob, now), Some(Millis(5_010)));
        assert_eq!(pace.closed_until(other, ann, now), None);
        assert_eq!(pace.closed_until(one, ann, Millis(5_010)), None);
        pace.close(twilio, (other, ann), now, i64::MAX);
        assert_eq!(pace.closed_until(other, ann, now), Some(Millis(10 + HOUR_MS)));
        // The clock was ahead, and is not any more.
        assert_eq!(pace.closed_until(other, ann, Millis(9)), None);
        pace.close(twilio, (other, ann), Millis(0), 2_000);
        assert_eq!(pace.closed_until(other, ann, Millis(0)), Some(Millis(2_000)));
    }

    #[test]
    fn a_pause_for_one_chat_holds_for_that_one_until_another_one_is_refused_too() {
        let (pace, bot, now) = (Pace::default(), IntegrationKey(1), Millis(10));
        let (telegram, ann, bob, cid) = (descriptor("telegram"), ClientKey(1), ClientKey(2), ClientKey(3));
        pace.close(telegram, (bot, ann), now, 5_000);
        assert_eq!(pace.closed_until(bot, ann, now), Some(Millis(5_010)));
        assert_eq!(pace.closed_until(bot, bob, now), None);
        pace.close(telegram, (bot, ann), now, 6_000);
        assert_eq!(pace.closed_until(bot, bob, now), None, "the same chat once more");
        pace.close(telegram, (bot, bob), now, 2_000);
        assert_eq!(pace.closed_until(bot, cid, now), Some(Millis(2_010)));
        assert_eq!(pace.closed_until(bot, ann, Millis(3_000)), Some(Millis(6_010)));
        pace.close(telegram, (bot, bob), Millis(9_000), 2_000);
        assert_eq!(pace.closed_until(bot, cid, Millis(9_000)), None, "the first one is over");
    }

    #[tokio::test]
    async fn own_paces_are_each_persons_own_or_the_integrations() {
        let pace = Pace::default();
        let passes = |kind, person: i64, own| {
            let waiting = pace.wait(descriptor(kind), (IntegrationKey(1), ClientKey(person)), Some(own));
            futures::future::poll_immediate(Box::pin(waiting))
        };
        let slow = |is_of_one| OwnPace { name: "slow", is_of_one, burst: 1, period_ms: 3_600_000 };
        assert_eq!(passes("twilio", 1, slow(true)).await, Some(()));
        assert_eq!(passes("twilio", 1, slow(true)).await, None);
        assert_eq!(passes("twilio", 2, slow(true)).await, Some(()));
        let shared = OwnPace { name: "shared", ..slow(false) };
        assert_eq!(passes("twilio", 1, shared).await, Some(()));
        assert_eq!(passes("twilio", 2, shared).await, None);
    }
}
