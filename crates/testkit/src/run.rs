//! The shared runtime and bounded runs.

use std::future::Future;
use std::io::Write;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

/// The runtime on which clients and sinks of all tests of this process run. It outlives every test,
/// so that a server that drains at the end of a test still reaches its sinks.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("testkit")
            .enable_all()
            .build()
            .expect("a runtime for the tests")
    })
}

/// How many times as long as on a machine of its own everything may take: a test on a busy machine is slow,
/// not wrong. The limits end what hangs, so only a test that hangs has to be waited for.
pub const PATIENCE: u32 = 5;

/// Runs a test body; a body that needs more than [`PATIENCE`] times `seconds` fails the test.
pub fn run<F: Future<Output = ()>>(seconds: u64, body: F) {
    let began = Instant::now();
    let time = Duration::from_secs(seconds).saturating_mul(PATIENCE);
    let bounded = async {
        tokio::time::timeout(time, body).await.unwrap_or_else(|_| panic!("the test took more than {time:?}"));
    };
    runtime().block_on(bounded);
    if began.elapsed() > Duration::from_secs(10) {
        let name = std::thread::current().name().unwrap_or("a test").to_owned();
        progress_line(&format!("{name}: {:.1} s", began.elapsed().as_secs_f64()));
    }
}

/// Asks `probe` every 20 ms until it gives a value; after [`PATIENCE`] times `seconds` it panics with `what`.
pub async fn eventually<T, F>(seconds: u64, what: &str, mut probe: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let time = Duration::from_secs(seconds).saturating_mul(PATIENCE);
    let end = Instant::now() + time;
    loop {
        if let Some(value) = probe().await {
            return value;
        }
        assert!(Instant::now() < end, "waited {time:?} in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Writes one line to the real standard error, which the test runner does not capture.
pub fn progress_line(line: &str) {
    let _ = writeln!(std::io::stderr(), "  · {line}");
}
