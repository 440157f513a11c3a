//! `crosspoint chat` and `crosspoint listen` in a terminal (tmux): keys are typed and the screen is read.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use client::sunshine::types::{Conversation, ConversationFilter};
use client::{Client, Credentials};
use serde_json::{Value, json};
use testkit::scene::App;
use testkit::{Crosspoint, PATIENCE, Sink, binary_path, eventually, run};

use super::client::echo_bot;

/// Runs a command and says on the screen how it ended; the shell outlives a SIGINT that it gets, too.
const WATCHED: &str = r#"trap : INT; "$0" "$@"; echo "ended with $?"; exec sleep 600"#;

/// A terminal in which one command runs.
struct Terminal {
    /// The socket of a tmux of our own.
    socket: String,
}

impl Terminal {
    /// Starts a command of the program with the account key of this server.
    fn start(server: &Crosspoint, arguments: &[&str]) -> Terminal {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let socket = format!("crosspoint-{}-{number}", std::process::id());
        let terminal = Terminal { socket };
        let key = server.account_key();
        let program = binary_path();
        let mut command = Command::new("tmux");
        command.args(["-L", &terminal.socket, "-f", "/dev/null"]);
        command.args(["new-session", "-d", "-x", "110", "-y", "30"]);
        for (name, value) in [
            ("CROSSPOINT_URL", server.base().as_str()),
            ("CROSSPOINT_KEY_ID", &key.id),
            ("CROSSPOINT_KEY_SECRET", &key.secret),
            ("CROSSPOINT_WEBHOOK_SECRET", SECRET),
            ("XDG_CONFIG_HOME", "/nonexistent"),
        ] {
            command.args(["-e", &format!("{name}={value}")]);
        }
        let command = command.args(["sh", "-c", WATCHED]).arg(program).args(arguments);
        let started = command.output().expect("tmux is installed");
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
        terminal
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let output = Command::new("tmux").args(["-L", &self.socket]).args(arguments).output().expect("tmux");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn screen(&self) -> String {
        // With what has left it at the top: what is said in the end moves the first line out.
        self.tmux(&["capture-pane", "-p", "-S", "-5"])
    }

    /// Types a text and Enter.
    fn say(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
        self.tmux(&["send-keys", "Enter"]);
    }

    fn press(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    /// Waits until the screen shows this.
    async fn shows(&self, part: &str) {
        let end = Instant::now() + Duration::from_secs(20).saturating_mul(PATIENCE);
        while !self.screen().contains(part) {
            assert!(Instant::now() < end, "no {part:?} on the screen:\n{}", self.screen());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the command has ended, and gives its exit code as a shell tells it.
    async fn ends(&self) -> String {
        let ended = || async {
            let screen = self.screen();
            let (_, code) = screen.rsplit_once("ended with ")?;
            Some(code.trim().to_owned()).filter(|code| !code.is_empty())
        };
        eventually(10, "the command ends", ended).await
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn account(server: &Crosspoint) -> Client {
    let key = server.account_key();
    let credentials = Credentials::basic(key.id, key.secret);
    Client::builder(server.base()).credentials(credentials).build().unwrap()
}

#[test]
fn a_customer_a_bot_and_a_human_talk_in_two_terminals() {
    run(120, async {
        let server = Crosspoint::start().await;
        let client = account(&server);
        let app = echo_bot::set_up(&client).await.map_err(|error| error.to_string()).unwrap();
        let bot = {
            let (client, app) = (client.clone(), app.clone());
            tokio::spawn(
                async move { echo_bot::answer(&client, &app).await.map_err(|error| error.to_string()) },
            )
        };
        let customer = Terminal::start(&server, &["chat", "--app", &app, "--user", "ann"]);
        customer.shows("Enter sends").await;
        customer.say("hello");
        customer.shows("You said: hello").await;
        customer.shows("in control: bot").await;
        customer.say("a human, please");
        customer.shows("human is in control").await;

        let filter = ConversationFilter { user_external_id: Some("ann".into()), ..Default::default() };
        let Conversation { id, .. } =
            client.sunshine().list_conversations(&app, &filter).await.unwrap().conversations.remove(0);
        let agent =
            Terminal::start(&server, &["chat", "--app", &app, "--as", "agent", "--member", "human", &id]);
        agent.shows("a human, please").await;
        agent.say("I am Bob");
        customer.shows("human: I am Bob").await;
        agent.press("F3");
        agent.shows("bot is in control").await;
        customer.shows("bot is in control").await;
        customer.say("still there?");
        customer.shows("You said: still there?").await;
        agent.press("F2");
        agent.shows("in control: human").await;
        customer.say("thank you");
        agent.shows("thank you").await;
        assert!(!customer.screen().contains("You said: thank you"), "{}", customer.screen());
        for terminal in [&customer, &agent] {
            terminal.press("Escape");
            assert_eq!(terminal.ends().await, "0");
        }
        bot.abort();
    });
}

#[test]
fn listening_goes_on_behind_a_restart_of_the_server() {
    run(120, async {
        let (mut server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/laptop");
        let app = App::create(&server).await;
        let talk = app.talk("ann").await;
        talk.says(&app.api, "before").await;
        let listening = ["listen", "--app", &app.id, "--forward-to", inbox.url(), "--since", "1h"];
        let terminal = Terminal::start(&server, &listening);
        terminal.shows("conversation:message").await;
        for number in 0..20 {
            talk.says(&app.api, &format!("m{number}")).await;
        }
        server.kill9();
        terminal.shows("waiting for the server").await;
        server.restart().await;
        for number in 20..40 {
            talk.says(&app.api, &format!("m{number}")).await;
        }
        let page = app.get("/events?limit=100").await;
        let events = page["events"].as_array().unwrap();
        assert_eq!(events.len(), 42);
        let all = || async {
            let hooks = inbox.hooks();
            let last = hooks.last()?;
            (last.event_id() == events[41]["id"]).then_some(hooks)
        };
        let hooks = eventually(20, "the last event is forwarded", all).await;
        let mut told: Vec<&Value> = hooks.iter().map(|hook| hook.event()).collect();
        told.dedup();
        assert_eq!(told, events.iter().collect::<Vec<_>>(), "each, in order, none missing");
        let receiver = client::receive::Receiver::new(SECRET).require_signature();
        for hook in &hooks {
            receiver.verify(&hook.headers, &hook.raw).unwrap();
        }
        terminal.press("C-c");
        assert_eq!(terminal.ends().await, "130", "SIGINT");
    });
}

#[test]
fn what_could_not_be_said_stays_in_the_terminal_and_is_said_later() {
    run(120, async {
        let mut server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let customer = Terminal::start(&server, &["chat", "--app", &app.id, "--user", "ann"]);
        customer.shows("Enter sends").await;
        customer.tmux(&["set-buffer", "where is\nmy parcel"]);
        customer.tmux(&["paste-buffer", "-p", "-r"]);
        customer.shows("where is my parcel").await;
        server.kill9();
        customer.shows("waiting for the server").await;
        customer.press("Enter");
        customer.shows("cannot be reached").await;
        customer.shows("where is my parcel").await;
        server.restart().await;
        customer.press("Enter");
        customer.shows(": where is my parcel").await;
        let page = app.get("/events?limit=100").await;
        let kinds: Vec<_> = page["events"].as_array().unwrap().iter().map(|it| it["type"].clone()).collect();
        assert_eq!(kinds, ["conversation:create", "conversation:message"], "it is one message, said once");
        customer.press("Escape");
        assert_eq!(customer.ends().await, "0");
    });
}

#[test]
fn a_customer_sees_buttons_presses_them_and_leaves_no_remains_of_emoji() {
    run(120, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let talk = app.talk("ann").await;
        let customer = Terminal::start(&server, &["chat", "--app", &app.id, "--user", "ann"]);
        customer.shows("Enter sends").await;
        let ask = async |text: &str, actions: Value| {
            let asked = json!({ "author": { "type": "business" },
                "content": { "type": "text", "text": text, "actions": actions } });
            talk.post(&app.api, &asked).await
        };
        let links = json!([{ "type": "link", "text": "Details", "uri": "https://a.example/1" },
            { "type": "postback", "text": "Track it", "payload": "track" },
            { "type": "postback", "text": "Cancel", "payload": "cancel" }]);
        ask("Your order?", links).await;
        customer.shows("2. Cancel").await;
        customer.shows("Details: https://a.example/1").await;
        customer.say("/2");
        customer.shows(": Cancel").await;
        ask("Really?", json!([{ "type": "reply", "text": "Of course", "payload": "yes" }])).await;
        customer.shows("1. Of course").await;
        customer.say("/1");
        customer.shows(": Of course").await;
        let page = app.get(&format!("/conversations/{}/messages", talk.conversation)).await;
        let said: Vec<_> = page["messages"].as_array().unwrap().iter().map(|it| &it["content"]).collect();
        assert_eq!((&said[1]["payload"], &said[3]["payload"]), (&json!("cancel"), &json!("yes")));

        customer.say("👨‍👩‍👧 family");
        customer.shows(": 👨").await;
        let input = |screen: &str| screen.lines().rev().find(|line| line.starts_with('│')).map(str::to_owned);
        let empty = format!("│{}│", " ".repeat(108));
        let cleared = || async { input(&customer.screen()).filter(|line| *line == empty) };
        eventually(10, "nothing remains in the line that is typed into", cleared).await;
        customer.press("Escape");
        assert_eq!(customer.ends().await, "0");
    });
}

#[test]
fn a_chat_that_cannot_begin_says_why() {
    run(60, async {
        let server = Crosspoint::start().await;
        let terminal = Terminal::start(&server, &["chat", "--app", testkit::scene::NO_ID]);
        terminal.shows("app_not_found").await;
        assert_eq!(terminal.ends().await, "1");
        let screen = terminal.screen();
        assert!(!screen.contains(&server.account_key().secret) && !screen.contains("panicked"), "{screen}");
    });
}
