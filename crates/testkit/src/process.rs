//! The real server as a child process, strict at its end.

mod binary;
mod builder;
mod ending;

use std::future::{Future, IntoFuture};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub use binary::path as binary_path;
pub use builder::Builder;

use crate::api::Api;
use crate::credentials::{Credentials, Key};
use crate::log::Log;
use crate::metrics::Metrics;
use crate::providers;
use crate::raw;
use crate::run::PATIENCE;
use crate::watch::Watch;

/// A start takes far less; this bounds a server that hangs.
const START_TIME_MAX: Duration = Duration::from_secs(30).saturating_mul(PATIENCE);
/// A command beside a running server takes far less.
const COMMAND_TIME_MAX: Duration = Duration::from_secs(30).saturating_mul(PATIENCE);
/// The program gives itself nearly ten seconds, to which a busy machine adds.
const STOP_TIME_MAX: Duration = Duration::from_secs(30);

impl IntoFuture for Builder {
    type Output = Crosspoint;
    type IntoFuture = Pin<Box<dyn Future<Output = Crosspoint>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(Crosspoint::launch(self))
    }
}

/// A started server.
pub struct Crosspoint {
    settings: Builder,
    own_dir: Option<PathBuf>,
    dir: PathBuf,
    child: Option<Child>,
    base: Arc<RwLock<String>>,
    log: Log,
    log_readers: Vec<JoinHandle<()>>,
    watch: Arc<Watch>,
    account_key: Key,
}

impl Crosspoint {
    /// A server with its own empty data directory and a seeded account key; await it.
    pub fn start() -> Builder {
        Builder::new()
            .env("CROSSPOINT_WEBHOOK_ALLOW_PRIVATE", "true")
            .env("CROSSPOINT_WEBHOOK_RETRY_BASE_MS", "50")
            .providers(providers::shared())
    }

    async fn launch(settings: Builder) -> Crosspoint {
        let account_key = Key { id: "act_5f0000000000000000000001".into(), secret: "s".repeat(86) };
        let own_dir = if settings.data_dir.is_none() { Some(fresh_dir("server")) } else { None };
        let dir = match (&settings.data_dir, &own_dir) {
            (Some(dir), _) => dir.clone(),
            (None, Some(own)) => own.join("data"),
            (None, None) => panic!("a server needs a data directory"),
        };
        let mut server = Crosspoint {
            settings,
            own_dir,
            dir,
            child: None,
            base: Arc::default(),
            log: Log::default(),
            log_readers: Vec::new(),
            watch: Arc::default(),
            account_key,
        };
        server.spawn().await;
        server
    }

    /// Starts it again on the same port with the same data directory.
    pub async fn restart(&mut self) {
        assert!(self.child.is_none(), "stop it first");
        self.spawn().await;
    }

    /// The same with another value of an environment variable, from now on.
    pub async fn restart_with(&mut self, name: &str, value: &str) {
        self.settings = self.settings.clone().env(name, value);
        self.restart().await;
    }

    /// Kills it at once (SIGKILL) and waits until it is gone.
    pub fn kill9(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it can be killed");
            child.wait().expect("it can be waited for");
            self.read_log_to_its_end();
        }
    }

    /// Asks it to stop (SIGTERM) and gives exit code and time; panics when it takes more than 30 s.
    pub fn sigterm(&mut self) -> (Option<i32>, Duration) {
        let mut child = self.child.take().expect("a running server");
        let began = Instant::now();
        terminate(&child);
        loop {
            if let Some(status) = child.try_wait().expect("it can be waited for") {
                let time = began.elapsed();
                self.read_log_to_its_end();
                return (status.code(), time);
            }
            if began.elapsed() > STOP_TIME_MAX {
                let _ = child.kill();
                let _ = child.wait();
                panic!("SIGTERM did not end the server in {STOP_TIME_MAX:?}\n{}", self.log.tail(30));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What it has written last is still on its way when it has ended.
    fn read_log_to_its_end(&mut self) {
        for reader in self.log_readers.drain(..) {
            reader.join().expect("no panic while it reads");
        }
    }

    /// Where it listens, without a slash at the end.
    pub fn base(&self) -> String {
        self.base.read().expect("no panic while held").clone()
    }

    /// Its data directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Its process id while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// The seeded account key.
    pub fn account_key(&self) -> Key {
        self.account_key.clone()
    }

    /// A client with the account key.
    pub fn as_account(&self) -> Api {
        self.api().as_key(&self.account_key)
    }

    /// A client without credentials.
    pub fn api(&self) -> Api {
        Api::new(self.base.clone(), self.watch.clone(), Credentials::None)
    }

    /// Everything it wrote and that was read so far; the last lines of one that runs may still be on their
    /// way.
    pub fn log_lines(&self) -> Vec<String> {
        self.log.lines()
    }

    /// Operations that succeeded at least once, over all clients.
    pub fn succeeded_operations(&self) -> std::collections::BTreeSet<String> {
        self.watch.succeeded()
    }

    /// A reading of its metrics.
    pub fn metrics(&self) -> Metrics {
        match raw::get(&self.base(), "/metrics") {
            Some((200, text)) => Metrics::parse(&text),
            other => panic!("GET /metrics gave {other:?}\n{}", self.log.tail(10)),
        }
    }

    /// Runs another command of the program on this data directory.
    pub fn command(&self, arguments: &[&str]) -> Output {
        run_command(&self.dir, arguments)
    }

    async fn spawn(&mut self) {
        let url_file = self.dir.join("url");
        let _ = std::fs::remove_file(&url_file);
        let mut child = self.serve_command().spawn().expect("the server's binary can be started");
        self.log_readers = vec![
            self.log.follow(child.stdout.take().expect("its standard output")),
            self.log.follow(child.stderr.take().expect("its standard error")),
        ];
        let began = Instant::now();
        let base = loop {
            if let Some(status) = child.try_wait().expect("it can be waited for") {
                self.read_log_to_its_end();
                panic!("the server ended at its start with {status}\n{}", self.log.tail(30));
            }
            let written = std::fs::read_to_string(&url_file).unwrap_or_default();
            let url = written.trim().trim_end_matches('/').to_owned();
            if url.starts_with("http") && matches!(raw::get(&url, "/healthz"), Some((200, _))) {
                break url;
            }
            if began.elapsed() > START_TIME_MAX {
                let _ = child.kill();
                panic!("no answer from {url:?} within {START_TIME_MAX:?}\n{}", self.log.tail(30));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        *self.base.write().expect("no panic while held") = base;
        self.child = Some(child);
    }

    fn serve_command(&self) -> Command {
        let before = self.base();
        let listen = before.strip_prefix("http://").unwrap_or("127.0.0.1:0").to_owned();
        let mut command = clean_command(self.settings.program.clone().unwrap_or_else(binary::path));
        command.arg("serve").arg("--data-dir").arg(&self.dir).arg("--listen").arg(listen);
        command.args(&self.settings.args);
        command.env("CROSSPOINT_ACCOUNT_KEY_ID", &self.account_key.id);
        command.env("CROSSPOINT_ACCOUNT_KEY_SECRET", &self.account_key.secret);
        command.envs(self.settings.env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// Runs a command of the program on a data directory and waits for its end; one that does not end
/// is killed, which shows as an end without an exit code.
pub fn run_command(data_dir: &Path, arguments: &[&str]) -> Output {
    let mut command = clean_command(binary::path());
    command.env("CROSSPOINT_DATA_DIR", data_dir).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary can be started");
    let began = Instant::now();
    while child.try_wait().expect("it can be waited for").is_none() && began.elapsed() < COMMAND_TIME_MAX {
        std::thread::sleep(Duration::from_millis(5));
    }
    // Without effect on a child that has ended.
    let _ = child.kill();
    child.wait_with_output().expect("its output")
}

/// A directory that did not exist before, under the system's directory for temporary files.
pub fn fresh_dir(name: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let dir = std::env::temp_dir().join(format!("crosspoint-{name}-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    dir
}

/// The program without what the caller's environment says about it.
fn clean_command(program: PathBuf) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars() {
        if name.starts_with("CROSSPOINT_") {
            command.env_remove(name);
        }
    }
    command
}

fn terminate(child: &Child) {
    let kill = format!("kill -TERM {}", child.id());
    let sent = Command::new("sh").args(["-c", &kill]).status().expect("a shell");
    assert!(sent.success(), "the signal was not sent");
}
