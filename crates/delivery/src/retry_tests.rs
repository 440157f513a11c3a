#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::*;

/// 1994-11-06T08:49:37Z, the date of RFC 9110's examples.
const NOW: i64 = 784_111_777_000;
const MINUTE: i64 = 60_000;

fn standard() -> RetryPolicy {
    Retries::STANDARD.into()
}

/// Other pauses, and no answer that ends them.
fn patient() -> RetryPolicy {
    let pauses_ms = &[120_000, 240_000, 360_000, 480_000, 600_000];
    Retries { pauses_ms, final_statuses: &[], timeout: Duration::from_secs(10) }.into()
}

fn answered(status: u16) -> Outcome<'static> {
    Outcome::Answered { status, retry_after: None }
}

fn busy(retry_after: &str) -> Outcome<'_> {
    Outcome::Answered { status: 503, retry_after: Some(retry_after) }
}

/// The times of all attempts after the first, in milliseconds since it, when each fails at once.
fn schedule(policy: &RetryPolicy, jitter_unit: f64) -> Vec<i64> {
    let mut times = Vec::new();
    let mut now = 0;
    for attempt in 1.. {
        match policy.next(attempt, &Outcome::Unanswered, jitter_unit, now) {
            Next::RetryAt(at) => times.push(at),
            Next::Dead => break,
            Next::Done => panic!("a failure is never done"),
        }
        now = *times.last().unwrap();
    }
    times
}

#[test]
fn the_schedules_are_those_of_decision_29() {
    let seconds = |times: &[i64]| times.iter().map(|second| second * 1_000).collect::<Vec<_>>();
    assert_eq!(schedule(&standard(), 0.0), seconds(&[15, 75, 315, 915]));
    assert_eq!(schedule(&standard(), 1.0), seconds(&[18, 90, 378, 1098]));
    assert_eq!(schedule(&patient(), 0.0), seconds(&[120, 360, 720, 1200, 1800]));
    assert_eq!(standard().attempts_max(), 5);
    assert_eq!(patient().attempts_max(), 6);
    assert_eq!(standard().timeout(), Duration::from_secs(20));
    assert_eq!(patient().timeout(), Duration::from_secs(10));
}

#[test]
fn the_base_replaces_the_first_pause_and_scales_the_others() {
    let scaled = standard().with_base_ms(Some(100));
    assert_eq!(schedule(&scaled, 0.0), [100, 500, 2_100, 6_100]);
    let scaled = patient().with_base_ms(Some(10));
    assert_eq!(schedule(&scaled, 0.0), [10, 30, 60, 100, 150]);
    let none = standard().with_base_ms(Some(0));
    assert_eq!(schedule(&none, 1.0), [0, 0, 0, 0]);
    let huge = standard().with_base_ms(Some(u64::MAX));
    assert_eq!(huge.next(4, &Outcome::Unanswered, 1.0, NOW), Next::RetryAt(i64::MAX));
    assert_eq!(standard().with_base_ms(None), standard());
}

#[test]
fn each_status_is_done_final_or_tried_again() {
    let (standard, patient) = (standard(), patient());
    for status in [200, 201, 202, 204, 299] {
        for policy in [&standard, &patient] {
            assert_eq!(policy.next(1, &answered(status), 0.5, NOW), Next::Done, "{status}");
        }
    }
    for status in [400, 401, 403, 404, 406] {
        assert_eq!(standard.next(1, &answered(status), 0.0, NOW), Next::Dead, "{status}");
        assert_eq!(patient.next(1, &answered(status), 0.0, NOW), Next::RetryAt(NOW + 2 * MINUTE), "{status}");
    }
    for status in
        [101, 199, 300, 301, 302, 304, 307, 402, 405, 407, 408, 409, 410, 422, 429, 500, 502, 503, 599]
    {
        assert_eq!(standard.next(1, &answered(status), 0.0, NOW), Next::RetryAt(NOW + 15_000), "{status}");
        assert_eq!(standard.next(5, &answered(status), 0.0, NOW), Next::Dead, "{status}");
    }
    assert_eq!(standard.next(1, &Outcome::Impossible, 0.0, NOW), Next::Dead);
    assert_eq!(standard.next(5, &answered(200), 0.0, NOW), Next::Done);
}

#[test]
fn retry_after_moves_the_next_attempt_later_but_never_earlier() {
    let policy = standard();
    let at = |attempt, text| match policy.next(attempt, &busy(text), 0.0, NOW) {
        Next::RetryAt(at) => at - NOW,
        other => panic!("{other:?}"),
    };
    assert_eq!(at(1, "120"), 2 * MINUTE);
    assert_eq!(at(1, " 120 "), 2 * MINUTE);
    assert_eq!(at(1, "1"), 15_000);
    assert_eq!(at(1, "0"), 15_000);
    assert_eq!(at(1, "601"), 10 * MINUTE);
    assert_eq!(at(1, "99999999999999999999999"), 10 * MINUTE);
    assert_eq!(at(3, "120"), 4 * MINUTE);
    assert_eq!(at(4, "700"), 10 * MINUTE);
    // two minutes after NOW in the three forms that a date has, then one long ago and one far off
    assert_eq!(at(1, "Sun, 06 Nov 1994 08:51:37 GMT"), 2 * MINUTE);
    assert_eq!(at(1, "Sunday, 06-Nov-94 08:51:37 GMT"), 2 * MINUTE);
    assert_eq!(at(1, "Sun Nov  6 08:51:37 1994"), 2 * MINUTE);
    assert_eq!(at(1, "Sat, 05 Nov 1994 08:51:37 GMT"), 15_000);
    assert_eq!(at(1, "Fri, 31 Dec 2094 08:51:37 GMT"), 10 * MINUTE);
    for nonsense in ["", " ", "-5", "+5", "soon", "1.5", "1e9", "Sun, 06 Nov"] {
        assert_eq!(at(1, nonsense), 15_000, "{nonsense:?}");
    }
}

#[test]
fn retry_after_counts_only_on_429_and_503_and_is_not_scaled() {
    let policy = standard().with_base_ms(Some(100));
    for (status, expected) in [(429, 120_000), (503, 120_000), (500, 100), (302, 100), (408, 100)] {
        let outcome = Outcome::Answered { status, retry_after: Some("120") };
        assert_eq!(policy.next(1, &outcome, 0.0, NOW), Next::RetryAt(NOW + expected), "{status}");
    }
    assert_eq!(policy.next(5, &busy("120"), 0.0, NOW), Next::Dead);
    assert_eq!(
        policy.next(1, &Outcome::Answered { status: 404, retry_after: Some("1") }, 0.0, NOW),
        Next::Dead
    );
}

#[test]
fn a_jitter_that_is_no_fraction_is_held_to_one() {
    let policy = standard();
    for (unit, expected) in [(-1.0, 15_000), (f64::NAN, 15_000), (f64::INFINITY, 18_000), (7.0, 18_000)] {
        assert_eq!(policy.next(1, &Outcome::Unanswered, unit, NOW), Next::RetryAt(NOW + expected));
    }
}

fn policies() -> impl Strategy<Value = RetryPolicy> {
    let forms = vec![standard(), patient()];
    (prop::sample::select(forms), prop::option::of(0u64..100_000))
        .prop_map(|(policy, base)| policy.with_base_ms(base))
}

proptest! {
    #[test]
    fn an_attempt_is_never_early_and_at_most_a_fifth_late(
        policy in policies(), attempt in 1u32..8, unit in 0.0f64..=1.0, now in 0i64..1 << 50,
    ) {
        match (policy.next(attempt, &Outcome::Unanswered, unit, now), policy.pause_ms(attempt)) {
            (Next::RetryAt(at), Some(pause)) => {
                let pause = i64::try_from(pause).unwrap();
                prop_assert!(at - now >= pause && at - now <= pause + pause / 5 + 1);
            }
            (Next::Dead, None) => prop_assert!(attempt >= policy.attempts_max()),
            (next, pause) => prop_assert!(false, "{next:?} with a pause of {pause:?}"),
        }
    }

    #[test]
    fn the_last_attempt_is_at_least_fifteen_minutes_after_the_first(
        units in prop::collection::vec(0.0f64..=1.0, 4), durations in prop::collection::vec(0i64..20_000, 4),
    ) {
        let policy = standard();
        let mut now = NOW;
        for (attempt, (unit, duration)) in (1..).zip(units.into_iter().zip(durations)) {
            match policy.next(attempt, &answered(500), unit, now + duration) {
                Next::RetryAt(at) => now = at,
                other => prop_assert!(false, "{other:?}"),
            }
        }
        prop_assert!(now - NOW >= 15 * MINUTE);
        prop_assert_eq!(policy.next(5, &answered(500), 0.5, now), Next::Dead);
    }

    #[test]
    fn no_header_makes_an_attempt_earlier_or_more_than_ten_minutes_away(
        policy in policies(), attempt in 1u32..5, unit in 0.0f64..=1.0, now in 0i64..1 << 42,
        text in prop_oneof!["\\PC{0,40}", "[0-9]{1,30}", "[A-Z][a-z]{2}, [0-3][0-9] Nov [0-9]{4} 08:[0-9]{2}:37 GMT"],
    ) {
        let plain = policy.next(attempt, &answered(503), unit, now);
        let asked = policy.next(attempt, &busy(&text), unit, now);
        match (plain, asked) {
            (Next::RetryAt(plain), Next::RetryAt(asked)) => {
                prop_assert!(asked >= plain && asked <= plain.max(now + RETRY_AFTER_MAX_MS));
            }
            (plain, asked) => prop_assert_eq!(plain, asked),
        }
    }

    #[test]
    fn no_input_makes_it_panic(
        attempt: u32, status: u16, unit: f64, now: i64, base: Option<u64>, text in "\\PC{0,30}",
    ) {
        let outcome = Outcome::Answered { status, retry_after: Some(&text) };
        let next = standard().with_base_ms(base).next(attempt, &outcome, unit, now);
        prop_assert_eq!(next == Next::Done, (200..300).contains(&status));
    }
}
