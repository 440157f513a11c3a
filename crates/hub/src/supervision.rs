//! Work that lasts as long as the program, or longer than whoever has asked for it. What breaks is begun
//! again: a fault in one place must not leave the rest of the program waiting for what nobody does any more.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::StoreError;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::error::Result;

/// Pause before work that broke is begun again; it doubles with every time.
const PAUSE_MIN: Duration = Duration::from_millis(100);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(60);
/// Work that went on for this long has proved that it can: the next pause is the first again.
const SOUND_AFTER: Duration = Duration::from_secs(60);

/// Does what has to be done until it ends by itself, or until `stopped` while it does not run. When it
/// panics, this is logged and counted (`crosspoint_background_restarts_total`, label `task`), and the work is
/// begun again after a growing pause, with the `state` that it has left. So the work begins by making its
/// state good from what is durable. The hook for panics logs the line of code.
///
/// Whoever drops this ends the work.
pub async fn keep_running<S>(
    task: &'static str,
    stopped: impl Future<Output = ()>,
    state: &mut S,
    work: impl for<'a> Fn(&'a mut S) -> BoxFuture<'a, ()>,
) {
    let mut stopped = pin!(stopped);
    let mut pause = Duration::ZERO;
    loop {
        let begun = Instant::now();
        let Err(panic) = AssertUnwindSafe(work(state)).catch_unwind().await else { return };
        pause = next_pause(pause, begun.elapsed());
        let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        tracing::error!(task, panic = text_of(&*panic), pause_ms, "work broke; it is begun again");
        metrics::counter!("crosspoint_background_restarts_total", "task" => task).increment(1);
        tokio::select! {
            biased;
            () = stopped.as_mut() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Does something to its end even if whoever waits for it goes away, as a caller who hangs up does. For what
/// asks others and then writes down what they said.
///
/// # Errors
/// Those of the work; `Internal` when it broke, or the program ends.
pub async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    tokio::spawn(work.in_current_span()).await.unwrap_or_else(|error| match error.is_panic() {
        true => Err(StoreError::Panicked.into()),
        false => Err(StoreError::Closed.into()),
    })
}

fn next_pause(last: Duration, worked_for: Duration) -> Duration {
    match worked_for >= SOUND_AFTER {
        true => PAUSE_MIN,
        false => (last * 2).clamp(PAUSE_MIN, PAUSE_MAX),
    }
}

fn text_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no text")
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[test]
    fn pauses_grow_up_to_a_minute_and_begin_again_after_sound_work() {
        let mut pause = Duration::ZERO;
        let mut pauses = Vec::new();
        for _ in 0..12 {
            pause = next_pause(pause, Duration::ZERO);
            pauses.push(pause);
        }
        assert_eq!(pauses[..3], [100, 200, 400].map(Duration::from_millis));
        assert_eq!(pauses[11], PAUSE_MAX);
        assert_eq!(next_pause(PAUSE_MAX, SOUND_AFTER), PAUSE_MIN);
    }

    async fn breaks_twice(runs: &mut i32) {
        *runs += 1;
        assert!(*runs > 2, "this is what the test wants");
    }

    #[tokio::test]
    async fn what_breaks_is_begun_again_with_its_state_until_it_ends() {
        let mut runs = 0;
        keep_running("test", pending(), &mut runs, |runs| breaks_twice(runs).boxed()).await;
        assert_eq!(runs, 3);
    }

    #[tokio::test]
    async fn what_breaks_while_it_is_to_stop_is_not_begun_again() {
        let mut runs = 0;
        keep_running("test", ready(()), &mut runs, |runs| breaks_twice(runs).boxed()).await;
        assert_eq!(runs, 1);
    }
}
