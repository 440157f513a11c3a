//! Only for tests and benches: starts the real server, talks to it, receives its webhooks, and is
//! strict at its end.
//!
//! - [`Crosspoint`]: a started server of its own data directory. When it is dropped it asserts that
//!   the outbox is empty, that nothing is dead, that the log has no error line, that no answer was a
//!   5xx and that it stops within its time with exit code 0.
//! - [`Api`]: a thin client. Every answer is compared with the facts of the OpenAPI document and
//!   with the house rules of replies ([`contract`]).
//! - [`Sink`]: a local receiver of webhooks with scriptable answers; every body is compared, too.
//! - [`scene`]: apps, integrations, switchboards and people, ready made.
//! - [`run`]: a bounded test on the shared runtime. [`seed`]: randomness that a failure can repeat.

// A test helper fails a test by panicking; it has no caller who could handle an error.
#![allow(clippy::expect_used, clippy::panic)]

pub mod api;
pub mod contract;
mod credentials;
mod log;
mod metrics;
mod process;
pub mod providers;
pub mod raw;
mod reply;
mod run;
pub mod scene;
pub mod seed;
mod sink;
mod watch;

pub use api::{Api, Call};
pub use contract::{Contract, Operation};
pub use credentials::{Credentials, Key, jwt, jwt_with, unix_now};
pub use metrics::Metrics;
pub use process::{Builder, Crosspoint, binary_path, fresh_dir, run_command};
pub use reply::{Reply, text_at};
pub use run::{PATIENCE, eventually, progress_line, run, runtime};
pub use sink::{Answer, Gate, Hook, Inbox, Sink};

/// Prints a line of progress past the test runner's capture, so that a long run is seen to live.
#[macro_export]
macro_rules! progress {
    ($($part:tt)*) => { $crate::progress_line(&format!($($part)*)) };
}
