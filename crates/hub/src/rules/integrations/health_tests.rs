//! Whatever signs come, in whatever order.

use IntegrationStatus::{Active, Error, Inactive, Paused};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn word() -> impl Strategy<Value = String> {
    select(&["dead", "deaf", "moved"][..]).prop_map(str::to_owned)
}

fn sign() -> impl Strategy<Value = Sign> {
    prop_oneof![
        Just(Sign::Took),
        Just(Sign::Heard),
        word().prop_map(Sign::Refused),
        of(word()).prop_map(|caveat| Sign::SetUp { caveat }),
        of(word()).prop_map(|caveat| Sign::Registered { caveat }),
        word().prop_map(Sign::Unregistered),
        Just(Sign::Paused),
        Just(Sign::Resumed),
    ]
}

fn begun(status: IntegrationStatus) -> Health {
    Health { status, reason: None, good_at: None }
}

proptest! {
    #[test]
    fn every_state_can_be_explained(
        first in select(&[Active, Paused, Inactive][..]), signs in vec((sign(), 0i64..100_000), 0..20),
    ) {
        let (mut health, mut now) = (begun(first), Millis(1));
        for (sign, passes) in signs {
            now = now.plus(passes);
            let after = health.after(&sign, now);
            // Who is refused is told why, and only a refusal makes it so.
            prop_assert!(after.status != Error || after.reason.is_some());
            if after.status == Error && health.status != Error {
                prop_assert!(matches!(sign, Sign::Refused(_)), "{:?}", sign);
            }
            // What heals a refused token is that the token works, other secrets, or a rest.
            if health.status == Error && after.status != Error {
                prop_assert!(matches!(sign, Sign::Took | Sign::SetUp { .. } | Sign::Paused), "{:?}", sign);
            }
            // Only its owner pauses it and lets it go on; nobody switches it on or off by a sign.
            if (after.status == Paused) != (health.status == Paused) {
                prop_assert!(matches!(sign, Sign::Paused | Sign::Resumed), "{:?}", sign);
            }
            prop_assert_eq!(after.status == Inactive, health.status == Inactive);
            // A good moment never goes back, and a bad sign is none.
            prop_assert!(after.good_at >= health.good_at);
            if matches!(sign, Sign::Refused(_) | Sign::Unregistered(_)) {
                prop_assert_eq!(after.good_at, health.good_at);
            }
            // The same sign in the same moment says nothing new.
            prop_assert_eq!(after.after(&sign, now), after.clone());
            prop_assert!(!after.after(&sign, now).is_news(&after, now));
            health = after;
        }
    }
}

#[test]
fn a_good_sign_is_news_once_in_a_while_and_at_once_when_it_mends_something() {
    let well = Health { good_at: Some(Millis(0)), ..begun(Active) };
    let news = |health: &Health, sign, at| health.after(&sign, Millis(at)).is_news(health, Millis(at));
    assert!(!news(&well, Sign::Took, GOOD_SIGN_EVERY_MS - 1));
    assert!(news(&well, Sign::Took, GOOD_SIGN_EVERY_MS));
    let deaf = Health { reason: Some("deaf".to_owned()), ..well.clone() };
    assert!(!news(&deaf, Sign::Took, 1), "a send says nothing of what is heard");
    assert!(news(&deaf, Sign::Heard, 1));
    let dead = Health { status: Error, ..deaf };
    assert!(news(&dead, Sign::Took, 1));
    assert!(!news(&dead, Sign::Heard, GOOD_SIGN_EVERY_MS), "a callback says nothing of the token");
    assert!(news(&dead, Sign::Refused("deader".to_owned()), 1));
    assert!(!news(&dead, Sign::Refused("deaf".to_owned()), 1));
}
