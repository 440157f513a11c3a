//! Microsoft's own SignalR client in a process of its own, which writes down what it hears.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::PATIENCE;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::program::official_clients::{install, prepared};

/// No line may take longer; the server looks every 15 s whether a socket may still listen.
const LINE_TIME_MAX: Duration = Duration::from_secs(40).saturating_mul(PATIENCE);

/// A client that listens, until it is dropped.
pub struct Listener {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

/// Where the client is installed; once, whoever asks first.
fn home() -> &'static PathBuf {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let home = prepared("signalr");
        install(&home, "package-lock.json", &[&["npm", "ci", "--no-progress"]]);
        home
    })
}

impl Listener {
    /// Begins to listen to `integration`, as `more` says.
    pub async fn start(base: &str, integration: &str, token: &str, more: Value) -> Listener {
        let home = tokio::task::spawn_blocking(home).await.unwrap();
        let mut asked = json!({ "token": token });
        let mut url = format!("{base}/engine-chat-hub?iId={integration}");
        for (name, value) in more.as_object().unwrap() {
            match name.as_str() {
                "conversation" => url.push_str(&format!("&cId={}", value.as_str().unwrap())),
                _ => asked[name] = value.clone(),
            }
        }
        asked["url"] = json!(url);
        let mut command = Command::new("node");
        command.arg("listen.mjs").arg(asked.to_string()).current_dir(home);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("node");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Listener { child, lines }
    }

    /// The same, and waits until it is connected.
    pub async fn connected(base: &str, integration: &str, token: &str, more: Value) -> Listener {
        let mut listener = Listener::start(base, integration, token, more).await;
        assert_eq!(listener.next().await, json!({ "connected": true }));
        listener
    }

    /// What it writes next.
    pub async fn next(&mut self) -> Value {
        let line = tokio::time::timeout(LINE_TIME_MAX, self.lines.next_line()).await;
        let line = line.expect("the client says nothing").unwrap().expect("the client has ended");
        serde_json::from_str(&line).unwrap()
    }

    /// The activity that it hears next; it comes alone.
    pub async fn activity(&mut self) -> Value {
        let mut line = self.next().await;
        assert_eq!(line["count"], 1, "{line}");
        line["activity"].take()
    }

    /// The text of the activity that it hears next.
    pub async fn text(&mut self) -> String {
        testkit::text_at(&self.activity().await, "/message/text")
    }

    /// Why it was closed, or could not begin.
    pub async fn why_closed(&mut self) -> String {
        loop {
            let line = self.next().await;
            let said = line.get("closed").or_else(|| line.get("failed"));
            if let Some(said) = said {
                return said.as_str().unwrap_or("no reason").to_owned();
            }
            assert_eq!(line, json!({ "connected": true }));
        }
    }

    /// Stops as a page does that is left; gives what it says at its end.
    pub async fn stop(mut self) -> Value {
        drop(self.child.stdin.take());
        let said = self.next().await;
        assert!(self.child.wait().await.unwrap().success());
        said
    }
}
