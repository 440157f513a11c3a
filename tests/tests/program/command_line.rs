//! The commands that speak to a server: what they print, how they end, what they never show.

use std::collections::HashMap;
use std::io::{BufRead as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use testkit::scene::App;
use testkit::{Answer, Crosspoint, Sink, binary_path, fresh_dir, run};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A person with a configuration folder of their own.
pub struct Person {
    pub home: PathBuf,
    env: HashMap<String, String>,
}

impl Person {
    pub fn new() -> Person {
        Person { home: fresh_dir("person"), env: HashMap::new() }
    }

    /// Somebody with the account key of this server.
    pub fn with_key_of(server: &Crosspoint) -> Person {
        let key = server.account_key();
        let env = [
            ("CROSSPOINT_URL", server.base()),
            ("CROSSPOINT_KEY_ID", key.id.clone()),
            ("CROSSPOINT_KEY_SECRET", key.secret.clone()),
        ];
        let env = env.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Person { home: fresh_dir("person"), env }
    }

    /// A command of the program, not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary_path());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CROSSPOINT_")) {
            command.env_remove(name);
        }
        command.env("XDG_CONFIG_HOME", &self.home).envs(&self.env).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary can be started")
    }

    /// The JSON that a command prints.
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        let printed = text(&output.stdout);
        assert_eq!(printed.lines().count(), 1, "one line: {printed}");
        serde_json::from_str(&printed).unwrap()
    }

    fn login(&self, server: &Crosspoint, secret: &str, more: &[&str]) -> Output {
        let key = &server.account_key().id;
        let base = server.base();
        let mut command = self.command(&[&["login", "--url", &base, "--key-id", key], more].concat());
        command.env("CROSSPOINT_KEY_SECRET", secret);
        command.output().unwrap()
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

/// One line on standard error, nothing else, and this exit code.
fn refused(output: &Output, code: i32, part: &str) {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains(part) && !said.contains("sssss") && !said.contains("panicked"), "{said}");
    assert!(output.stdout.is_empty(), "{}", text(&output.stdout));
}

#[test]
fn a_login_is_tried_saved_for_its_owner_only_and_used() {
    run(60, async {
        let server = Crosspoint::start().await;
        let person = Person::new();
        refused(&person.run(&["apps", "list"]), 2, "crosspoint login");
        refused(&person.login(&server, "wrong", &[]), 1, "crosspoint login");
        let file = person.home.join("crosspoint/profiles.toml");
        assert!(!file.exists(), "what is not good is not saved");
        let done = person.login(&server, &server.account_key().secret, &[]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        assert!(!text(&done.stdout).contains("sssss"));
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
        person.login(&server, &server.account_key().secret, &["--profile", "second"]);
        let app = person.json(&["apps", "create", "--name", "Shop"]);
        let listed = person.run(&["apps", "list", "--profile", "second"]);
        assert!(text(&listed.stdout).contains(id(&app)) && text(&listed.stdout).starts_with("APP "));
        let elsewhere = person.run(&["apps", "list", "--url", "http://127.0.0.1:1"]);
        refused(&elsewhere, 2, "the key has no secret");
        refused(&person.run(&["apps", "list", "--key-id", "act_1"]), 2, "the key has no secret");
        assert_eq!(person.run(&["logout"]).status.code(), Some(0));
        refused(&person.run(&["apps", "list"]), 2, "crosspoint login");
        refused(&person.run(&["apps", "list", "--profile", "third"]), 2, "no profile");
    });
}

#[test]
fn a_login_begins_anew_when_its_file_cannot_be_read() {
    run(60, async {
        let server = Crosspoint::start().await;
        let person = Person::new();
        let folder = person.home.join("crosspoint");
        let file = folder.join("profiles.toml");
        std::fs::create_dir_all(&folder).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        for (number, spoiled) in [(1, &b"[default\nkey_secret = \"sssss\""[..]), (2, &[0xff, 0xfe][..])] {
            std::fs::write(&file, spoiled).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
            refused(&person.run(&["apps", "list"]), 2, "crosspoint login writes it anew");
            refused(&person.run(&["logout"]), 2, "crosspoint login writes it anew");
            refused(&person.login(&server, "wrong", &[]), 1, "crosspoint login");
            assert_eq!(
                std::fs::read(&file).unwrap(),
                spoiled,
                "nothing is changed for a key that is no good"
            );
            let done = person.login(&server, &server.account_key().secret, &[]);
            assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
            let kept = folder.join(format!("profiles.unreadable-{number}"));
            assert!(text(&done.stderr).contains("profiles.unreadable-"), "{}", text(&done.stderr));
            assert_eq!((std::fs::read(&kept).unwrap(), mode(&kept)), (spoiled.to_vec(), 0o600));
            assert_eq!(mode(&file), 0o600);
            assert_eq!(person.run(&["apps", "list"]).status.code(), Some(0));
        }
    });
}

#[test]
fn things_are_made_listed_changed_and_deleted() {
    run(120, async {
        let server = Crosspoint::start().await;
        let mut person = Person::with_key_of(&server);
        let app = person.json(&["apps", "create", "--name", "Shop"]);
        let changed =
            person.json(&["apps", "update", id(&app), "--data", r#"{"settings":{"echoPostback":true}}"#]);
        assert_eq!(
            (&changed["displayName"], &changed["settings"]["echoPostback"]),
            (&"Shop".into(), &true.into())
        );
        person.env.insert("CROSSPOINT_APP".into(), id(&app).into());
        let target = ["--target", "https://bot.example.com/hook", "--trigger", "user:merge"];
        let custom =
            |name| [&["integrations", "create", "--type", "custom", "--name", name][..], &target].concat();
        let bot = person.json(&custom("Bot"));
        let agent = person.json(&custom("Agent"));
        assert_eq!(person.json(&["integrations", "list", "--type", "custom"]).as_array().unwrap().len(), 2);
        person.json(&["integrations", "update", id(&bot), "--name", "Robot"]);
        assert_eq!(person.json(&["integrations", "get", id(&bot)])["displayName"], "Robot");

        let hook = person.json(&[&["webhooks", "create", id(&bot)][..], &target].concat());
        person.json(&["webhooks", "update", id(&bot), id(&hook), "--trigger", "user:update"]);
        assert_eq!(person.json(&["webhooks", "get", id(&bot), id(&hook)])["triggers"][0], "user:update");
        person.json(&["webhooks", "delete", id(&bot), id(&hook)]);
        assert_eq!(person.json(&["webhooks", "list", id(&bot)]).as_array().unwrap().len(), 1);

        let user = person.json(&["users", "create", "--external-id", "ann", "--given-name", "Ann"]);
        assert_eq!(person.json(&["users", "update", "ann", "--surname", "Lee"])["profile"]["surname"], "Lee");
        assert_eq!(person.json(&["users", "get", "ann"])["id"], user["id"]);
        assert_eq!(person.json(&["users", "list", "--email", "a@b.example"]), serde_json::json!([]));
        let chat = person.json(&["conversations", "create", "--user", "ann", "--name", "Parcel"]);
        assert_eq!(person.json(&["conversations", "list", "--user", "ann"])[0]["id"], chat["id"]);
        assert_eq!(
            person.json(&["conversations", "update", id(&chat), "--name", "Box"])["displayName"],
            "Box"
        );
        assert_eq!(person.json(&["conversations", "close", id(&chat)])["status"], "closed");
        assert_eq!(person.json(&["conversations", "reopen", id(&chat)])["status"], "open");

        person.json(&["switchboard", "create"]);
        person.json(&["switchboard", "create", "--name", "bot", "--integration", id(&bot)]);
        person.json(&["switchboard", "create", "--name", "agent", "--integration", id(&agent)]);
        person.json(&["switchboard", "update", "--enabled", "true", "--default", "bot"]);
        person.json(&["switchboard", "update", "agent", "--data", r#"{"messageHistoryCount":3}"#]);
        assert_eq!(person.json(&["switchboard", "get"])["enabled"], true);
        assert_eq!(person.json(&["switchboard", "list"])[1]["messageHistoryCount"], 3);
        let said = person.json(&["messages", "create", id(&chat), "--as-user", "ann", "--text", "hello"]);
        let active = |person: &Person| {
            person.json(&["conversations", "get", id(&chat)])["activeSwitchboardIntegration"]["name"].clone()
        };
        assert_eq!(active(&person), "bot");
        person.json(&["switchboard", "pass", id(&chat), "agent"]);
        assert_eq!(active(&person), "agent");
        person.json(&["switchboard", "offer", id(&chat), "bot"]);
        person.json(&["switchboard", "accept", id(&chat)]);
        assert_eq!(active(&person), "bot");
        person.json(&["switchboard", "release", id(&chat)]);
        assert_eq!(active(&person), Value::Null);
        person.json(&["messages", "create", id(&chat), "--text", "good bye"]);
        let table = text(&person.run(&["messages", "list", id(&chat)]).stdout);
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[1].ends_with("hello") && lines[2].ends_with("good bye"), "{table}");
        let previews = person.json(&["messages", "preview", "--text", "good bye"]);
        assert!(previews.as_array().unwrap().iter().any(|preview| preview["channel"] == "telegram"));
        person.json(&["messages", "delete", id(&chat), id(&said)]);
        person.json(&["switchboard", "delete"]);
        person.json(&["conversations", "list", "--user", "ann", "--limit", "1"]);
        person.json(&["users", "delete", "ann"]);
        person.json(&["integrations", "delete", id(&bot)]);
        person.json(&["apps", "delete", id(&app)]);
        refused(&person.run(&["apps", "get"]), 1, "app_not_found");
    });
}

#[test]
fn settings_are_written_read_and_deleted() {
    run(60, async {
        let server = Crosspoint::start().await;
        let mut person = Person::with_key_of(&server);
        let app = person.json(&["apps", "create", "--name", "Shop"]);
        refused(&person.run(&["settings", "list"]), 2, "--app");
        person.env.insert("CROSSPOINT_APP".into(), id(&app).into());
        assert_eq!(person.json(&["settings", "list"]), serde_json::json!([]));
        let written = person.json(&["settings", "set", "colour", "-red"]);
        assert_eq!((&written["key"], &written["value"]), (&"colour".into(), &"-red".into()));
        person.json(&["settings", "update", "colour", "blue"]);
        person.json(&["settings", "create", "popup", "https://desk.example.com/"]);
        assert_eq!(person.json(&["settings", "get", "colour"])["value"], "blue");
        let table = text(&person.run(&["settings", "list"]).stdout);
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[0].starts_with("KEY ") && lines[1].starts_with("colour  blue"), "{table}");
        assert_eq!(lines.len(), 3);
        refused(&person.run(&["settings", "set", "record", "perhaps"]), 1, "bad_request");
        person.json(&["settings", "delete", "colour"]);
        refused(&person.run(&["settings", "get", "colour"]), 1, "not_found");
        refused(&person.run(&["settings", "delete", "colour"]), 1, "not_found");
        assert_eq!(person.run(&["settings", "set", "colour"]).status.code(), Some(2), "wrong usage");
    });
}

#[test]
fn kept_events_are_listed_from_any_place() {
    run(60, async {
        let server = Crosspoint::start().await;
        let mut person = Person::with_key_of(&server);
        let app = person.json(&["apps", "create", "--name", "Shop"]);
        person.env.insert("CROSSPOINT_APP".into(), id(&app).into());
        person.json(&["users", "create", "--external-id", "ann"]);
        let chat = person.json(&["conversations", "create", "--user", "ann"]);
        for said in ["one", "two", "three"] {
            person.json(&["messages", "create", id(&chat), "--as-user", "ann", "--text", said]);
        }
        let all = person.json(&["events", "list", "--since", "1h"]);
        let kinds: Vec<&str> =
            all.as_array().unwrap().iter().map(|it| it["type"].as_str().unwrap()).collect();
        let message = "conversation:message";
        assert_eq!(kinds, ["conversation:create", message, message, message]);
        assert_eq!(person.json(&["events", "list"]), all);
        let first = person.json(&["events", "list", "--limit", "2"]);
        let rest = person.json(&["events", "list", "--after", id(&first[1])]);
        assert_eq!(
            [first.as_array().unwrap().clone(), rest.as_array().unwrap().clone()].concat(),
            *all.as_array().unwrap()
        );
        let table = text(&person.run(&["events", "list", "--limit", "1"]).stdout);
        assert!(table.starts_with("EVENT ") && table.trim().ends_with("conversation:create"), "{table}");
        refused(&person.run(&["events", "list", "--after", "nonsense"]), 1, "bad_request");
        assert_eq!(person.run(&["events", "list", "--since", "yesterday"]).status.code(), Some(2));
    });
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    run(60, async {
        let mut server = Crosspoint::start().await;
        let mut person = Person::with_key_of(&server);
        refused(&person.run(&["users", "get", "ann"]), 2, "--app");
        refused(&person.run(&["apps", "create", "--data", "{"]), 2, "--data: not valid JSON");
        refused(&person.run(&["apps", "create"]), 2, "displayName: is required");
        refused(&person.run(&["apps", "create", "--name", ""]), 1, "bad_request");
        refused(&person.run(&["apps", "create", "--data", "@/no/such/file"]), 2, "/no/such/file");
        assert_eq!(person.run(&["apps", "make"]).status.code(), Some(2), "wrong usage");
        person.env.insert("CROSSPOINT_KEY_SECRET".into(), "sssssswrong".into());
        refused(&person.run(&["apps", "list"]), 1, "crosspoint login");
        person.env.insert("CROSSPOINT_URL".into(), "ftp://a".into());
        refused(&person.run(&["apps", "list"]), 2, "must begin with http");
        person.env.insert("CROSSPOINT_URL".into(), server.base());
        server.sigterm();
        refused(&person.run(&["apps", "list"]), 1, "cannot be reached");
        server.restart().await;
    });
}

/// A server that gives every request this answer.
fn foreign(status: &'static str, body: &'static str) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = std::io::BufReader::new(stream.unwrap());
            let mut line = String::new();
            while line != "\r\n" {
                line.clear();
                if stream.read_line(&mut line).unwrap_or(0) == 0 {
                    break;
                }
            }
            let head =
                format!("HTTP/1.1 {status}\r\nx-request-id: r-7\r\ncontent-length: {}\r\n", body.len());
            let _gone = write!(stream.get_mut(), "{head}connection: close\r\n\r\n{body}");
        }
    });
    base
}

#[test]
fn what_is_said_elsewhere_comes_with_what_to_do_and_steers_no_terminal() {
    let mut person = Person::new();
    person.env.insert("CROSSPOINT_KEY_ID".into(), "act_1".into());
    person.env.insert("CROSSPOINT_KEY_SECRET".into(), "sssss".into());
    let said = r#"{"errors":[{"code":"a\nb","title":"two\nlines\u001b[2J"}]}"#;
    for (status, body, part) in [
        ("200 OK", "<html>", "is --url a Crosspoint server?"),
        ("404 Not Found", "<html>", "is --url a Crosspoint server?"),
        ("404 Not Found", said, "two lines [2J (request r-7); check the ids and --app"),
        ("400 Bad Request", said, "two lines [2J"),
        ("500 Internal Server Error", said, "see what the server's log says of request r-7"),
    ] {
        person.env.insert("CROSSPOINT_URL".into(), foreign(status, body));
        let output = person.run(&["apps", "get", "5d8cff3cd55b040010928b5b"]);
        refused(&output, 1, part);
        assert!(!text(&output.stderr).contains('\u{1b}'), "{}", text(&output.stderr));
    }
    refused(&person.run(&["chat", "--json"]), 2, "--json: a chat is for people");
    refused(&person.run(&["chat"]), 2, "a chat needs a terminal; crosspoint messages create");
    let unfit = person.run(&["listen", "--forward-to", "notaurl"]);
    refused(&unfit, 2, "--forward-to must be an address as http://127.0.0.1:9000/hook");
    person.env.remove("CROSSPOINT_KEY_ID");
    refused(&person.run(&["login"]), 2, "give --key-id, or set CROSSPOINT_KEY_ID");
}

#[test]
fn usage_lines_name_what_must_be_given_and_not_what_the_environment_gives() {
    let mut person = Person::new();
    for name in ["URL", "KEY_ID", "APP", "PROFILE"] {
        person.env.insert(format!("CROSSPOINT_{name}"), "x".to_owned());
    }
    for arguments in [&["messages", "list"][..], &["messages", "list", "--bogus"]] {
        let output = person.run(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("Usage: crosspoint messages list [OPTIONS] <CONVERSATION_ID>\n"), "{said}");
    }
}

#[test]
fn the_simulator_says_in_words_what_it_cannot_do() {
    let person = Person::new();
    refused(
        &person.run(&["sim", "act", "telegram", "1", "nonsense"]),
        1,
        r#"a JSON object as {"do": "block"}"#,
    );
    refused(&person.run(&["sim", "fault", "slow", "--with", "[1]"]), 1, "--with must be a JSON object");
    run(60, async {
        let sim = sim::Sim::start(sim::SimConfig::default()).await.unwrap();
        let url = sim.url();
        let act = |action: &'static str| {
            let (person, url) = (&person, url.to_string());
            async move {
                let mut command = person.command(&["sim", "act", "telegram", "1", action, "--sim", &url]);
                tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
            }
        };
        let output = act(r#"{"do":"dance"}"#).await;
        refused(&output, 1, "unknown variant `dance`");
        assert!(!text(&output.stderr).contains("{\"error"), "{}", text(&output.stderr));
    });
}

#[test]
fn events_that_are_forwarded_are_told_to_scripts_one_a_line() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/laptop");
        inbox.script([Answer::Status(503)]);
        let app = App::create(&server).await;
        app.talk("ann").await.says(&app.api, "hello").await;
        let person = Person::with_key_of(&server);
        let listening = ["listen", "--app", &app.id, "--forward-to", inbox.url(), "--since", "7d"];
        let mut command = person.command(&[&listening[..], &["--json", "--secret-stdin"]].concat());
        let mut listen = command.stdin(Stdio::piped()).spawn().unwrap();
        listen.stdin.take().unwrap().write_all(SECRET.as_bytes()).unwrap();
        let hooks = inbox.wait_for(3).await;
        let attempts: Vec<&str> =
            hooks.iter().map(|hook| hook.headers["x-crosspoint-attempt"].to_str().unwrap()).collect();
        assert_eq!(attempts, ["1", "2", "1"], "the first one was sent again");
        client::receive::Receiver::new(SECRET)
            .require_signature()
            .verify(&hooks[0].headers, &hooks[0].raw)
            .unwrap();
        let mut lines = std::io::BufReader::new(listen.stdout.take().unwrap()).lines();
        for hook in &hooks[1..] {
            let told: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
            assert_eq!((&told["id"], &told["status"]), (&hook.event()["id"], &200.into()));
            assert_eq!((&told["type"], &told["payload"]), (&hook.event()["type"], &hook.event()["payload"]));
        }
        listen.kill().unwrap();
        let said = text(&listen.wait_with_output().unwrap().stderr);
        assert!(!said.contains("no event of before"), "the app is younger than what was asked for: {said}");
        assert!(!said.contains(SECRET), "{said}");
    });
}

#[test]
fn shells_and_man_learn_the_commands() {
    let person = Person::new();
    for shell in ["bash", "zsh", "fish"] {
        let output = person.run(&["completions", shell]);
        assert!(output.status.success() && text(&output.stdout).contains("switchboard"), "{shell}");
    }
    let dir = person.home.join("man");
    assert!(person.run(&["man", dir.to_str().unwrap()]).status.success());
    let page = std::fs::read_to_string(dir.join("crosspoint-switchboard-pass.1")).unwrap();
    assert!(page.contains("Make another member active"));
}
