//! What a server is started with, and what is expected of its end.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a server is started with.
#[derive(Clone)]
pub struct Builder {
    pub(super) env: Vec<(String, String)>,
    pub(super) args: Vec<String>,
    pub(super) data_dir: Option<PathBuf>,
    pub(super) program: Option<PathBuf>,
    pub(super) expected_errors: Vec<String>,
    pub(super) dead: u64,
    pub(super) undrained: bool,
    pub(super) drain_time_max: Duration,
}

impl Builder {
    pub(super) fn new() -> Builder {
        Builder {
            env: Vec::new(),
            args: Vec::new(),
            data_dir: None,
            program: None,
            expected_errors: Vec::new(),
            dead: 0,
            undrained: false,
            drain_time_max: Duration::from_secs(15),
        }
    }

    /// Sets an environment variable of the server.
    pub fn env(mut self, name: &str, value: &str) -> Builder {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Sends everything that is for a provider to this simulator.
    pub fn providers(mut self, sim: &sim::Sim) -> Builder {
        for provider in sim::Provider::ALL {
            let name = format!("CROSSPOINT_CHANNEL_BASE_URL_{}", provider.word().to_uppercase());
            self = self.env(&name, &sim.base_url(provider));
        }
        self
    }

    /// Adds an argument behind `serve`.
    pub fn arg(mut self, argument: &str) -> Builder {
        self.args.push(argument.into());
        self
    }

    /// Uses this data directory and leaves it there afterwards.
    pub fn data_dir(mut self, path: &Path) -> Builder {
        self.data_dir = Some(path.to_owned());
        self
    }

    /// Starts another program than the one that was built.
    pub fn program(mut self, path: &Path) -> Builder {
        self.program = Some(path.to_owned());
        self
    }

    /// Error lines that contain this text are expected.
    pub fn expect_error_log(mut self, part: &str) -> Builder {
        self.expected_errors.push(part.into());
        self
    }

    /// That many dead deliveries are expected at the end.
    pub fn expect_dead(mut self, count: u64) -> Builder {
        self.dead = count;
        self
    }

    /// How long deliveries may take to end after the test, on a machine of its own; 15 s unless said.
    pub fn drain_within(mut self, time: Duration) -> Builder {
        self.drain_time_max = time;
        self
    }

    /// The outbox need not be empty at the end: sinks of this test never answer.
    pub fn may_end_undrained(mut self) -> Builder {
        self.undrained = true;
        self
    }
}
