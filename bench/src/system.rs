//! A server that is measured: the program itself, or the floor, as a process of its own.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::http::{Connection, request};

/// The account key of every server that is measured.
pub const KEY_ID: &str = "act_5d8cff3cd55b040010928b5b";
/// Its secret.
pub const KEY_SECRET: &str = "bench-secret";

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The program as it is.
    Full,
    /// The program with one commit per command.
    OneCommitEach,
    /// The same handler with the store taken out.
    Floor,
    /// A bare broadcast over WebSockets.
    Broadcast,
}

/// A running server.
pub struct System {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process to the first answer.
    pub started_in: Duration,
}

impl System {
    /// Starts a server on a data directory.
    pub async fn start(kind: Kind, data_dir: &Path) -> io::Result<System> {
        System::start_with(kind, data_dir, &[]).await
    }

    /// The same with more variables in its environment.
    pub async fn start_with(
        kind: Kind,
        data_dir: &Path,
        environment: &[(String, String)],
    ) -> io::Result<System> {
        let me = std::env::current_exe()?;
        let program = me.with_file_name("crosspoint");
        let url_file = data_dir.join("url");
        let _ = std::fs::remove_file(&url_file);
        let mut command = match kind {
            Kind::Floor | Kind::Broadcast => {
                let mut command = Command::new(&me);
                command.arg(if kind == Kind::Floor { "floor" } else { "broadcast" }).arg(data_dir);
                command
            }
            Kind::Full | Kind::OneCommitEach => {
                let mut command = Command::new(program);
                command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data_dir);
                command
            }
        };
        if kind == Kind::OneCommitEach {
            command.env("CROSSPOINT_COMMIT_BATCH", "1");
        }
        command
            .envs(environment.iter().cloned())
            .env("CROSSPOINT_ACCOUNT_KEY_ID", KEY_ID)
            .env("CROSSPOINT_ACCOUNT_KEY_SECRET", KEY_SECRET)
            .env("CROSSPOINT_WEBHOOK_ALLOW_PRIVATE", "true")
            .env("CROSSPOINT_LOG", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::inherit());
        let begin = Instant::now();
        let child = command.spawn()?;
        let mut system = System { child, address: ([127, 0, 0, 1], 0).into(), started_in: Duration::ZERO };
        while begin.elapsed() < Duration::from_secs(30) {
            if let Some(address) = read_address(&url_file)
                && let Ok(mut open) = Connection::open(address).await
                && let Ok(answer) = open.call(&request("GET", "/healthz", "none", "")).await
                && (answer.status == 200 || matches!(kind, Kind::Floor | Kind::Broadcast))
            {
                system.address = address;
                system.started_in = begin.elapsed();
                return Ok(system);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Err(io::Error::other("the server did not start within 30 s"))
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory in MB.
    pub fn resident_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: f64 = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0.0);
        kib / 1_024.0
    }

    /// Calls the API with the account key.
    pub async fn call(&self, method: &str, path: &str, body: &Value) -> io::Result<Value> {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let mut open = Connection::open(self.address).await?;
        let answer = open.call(&request(method, path, &authorization(), &text)).await?;
        if !(200..300).contains(&answer.status) {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            return Err(io::Error::other(format!("{method} {path}: {} {text}", answer.status)));
        }
        serde_json::from_slice(&answer.body).map_err(io::Error::other)
    }

    /// Ends the server and waits for it.
    pub fn stop(mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

impl Drop for System {
    fn drop(&mut self) {
        let _already_ended = self.child.kill();
    }
}

/// The header of the account key.
pub fn authorization() -> String {
    format!("Basic {}", STANDARD.encode(format!("{KEY_ID}:{KEY_SECRET}")))
}

fn read_address(file: &Path) -> Option<SocketAddr> {
    std::fs::read_to_string(file).ok()?.trim().strip_prefix("http://")?.parse().ok()
}

/// An app with conversations to write into.
pub struct Scene {
    /// The app's id.
    pub app: String,
    /// The conversations' ids.
    pub conversations: Vec<String>,
}

impl Scene {
    /// Makes an app with conversations, each of a user of its own.
    pub async fn make(system: &System, conversations: usize) -> io::Result<Scene> {
        let app = system.call("POST", "/v2/apps", &json!({"displayName": "Bench"})).await?;
        let app = text(&app, "/app/id");
        let mut scene = Scene { app, conversations: Vec::with_capacity(conversations) };
        for number in 0..conversations {
            let external = format!("user-{number}");
            let path = format!("/v2/apps/{}/users", scene.app);
            system.call("POST", &path, &json!({"externalId": external})).await?;
            let body = json!({"type": "personal", "participants": [{"userExternalId": external}]});
            let made = system.call("POST", &format!("/v2/apps/{}/conversations", scene.app), &body).await?;
            scene.conversations.push(text(&made, "/conversation/id"));
        }
        Ok(scene)
    }

    /// The path of a conversation's messages.
    pub fn messages_path(&self, conversation: usize) -> String {
        let id = &self.conversations[conversation % self.conversations.len()];
        format!("/v2/apps/{}/conversations/{id}/messages", self.app)
    }
}

/// The text at a place of a JSON value.
pub fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A message of a business with a text of 300 bytes.
pub fn message_body() -> String {
    let text = "All work and no play makes a hub a dull switch. ".repeat(7);
    json!({"author": {"type": "business"}, "content": {"type": "text", "text": &text[..300]}}).to_string()
}

/// A new, empty folder for a server's data.
pub fn fresh_dir(name: &str) -> io::Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("crosspoint-bench-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
