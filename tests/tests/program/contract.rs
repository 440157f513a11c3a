//! What tools outside rely on: health, metrics, signals, exit codes, configuration (the design's
//! "contract of the program").

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use testkit::scene::{App, business};
use testkit::{Answer, Crosspoint, Key, Sink, fresh_dir, run, run_command};

#[test]
fn health_readiness_and_metrics_answer_without_credentials() {
    run(60, async {
        let server = Crosspoint::start().await;
        for path in ["/healthz", "/readyz"] {
            assert_eq!(server.api().get(path).await.status, 200, "{path}");
        }
        App::create(&server).await;
        let text = server.api().get("/metrics").await.text;
        for name in ["crosspoint_outbox_pending", "crosspoint_deliveries_dead"] {
            assert!(server.metrics().value(name).is_some(), "{name} is not in {text}");
        }
        let page = server.api().get("/docs").await.text;
        for api in ["sunshine", "crosspoint", "exotel", "hubster"] {
            let path = format!("/docs/{api}.json");
            assert!(page.contains(&format!("href=\"{path}\"")), "the page names {path}");
            assert_eq!(server.api().get(&path).await.body["openapi"], "3.0.3", "{path}");
        }
        // Every answer names its request.
        assert!(!server.as_account().get("/v2/apps").await.header("x-request-id").is_empty());
    });
}

#[test]
fn sigterm_finishes_what_runs() {
    run(60, async {
        let (mut server, sink) = (Crosspoint::start().await, Sink::start().await);
        let inbox = sink.inbox("/slow");
        inbox.otherwise(Answer::slow(1_000));
        let app = App::create(&server).await;
        app.custom("c", &inbox).await;
        let talk = app.talk("ann").await;
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let (api, path) = (app.api.clone(), format!("{}/messages", talk.path));
                tokio::spawn(async move {
                    api.call("POST", &path).json(&business(&number.to_string())).try_send().await
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(30)).await;
        let (code, time) = server.sigterm();
        assert_eq!(code, Some(0));
        assert!(time < Duration::from_secs(10), "{time:?}");
        let mut acknowledged = 0;
        for task in tasks {
            acknowledged += usize::from(task.await.unwrap().is_ok_and(|reply| reply.status == 201));
        }
        server.restart().await;
        let stored = server.api().as_key(&app.key).get(&format!("{}/messages", talk.path)).await.ok();
        assert!(stored["messages"].as_array().unwrap().len() >= acknowledged);
        inbox.otherwise(Answer::Status(200));
    });
}

#[test]
fn a_stopped_server_leaves_nothing_in_the_log_of_its_database() {
    run(60, async {
        let place = fresh_dir("stopped");
        let dir = place.join("data");
        let mut server = Crosspoint::start().data_dir(&dir).await;
        let app = App::create(&server).await;
        app.talk("ann").await.answers(&app.api, "hello").await;
        assert_eq!(server.sigterm().0, Some(0));
        let log = std::fs::metadata(dir.join("crosspoint.db-wal")).map_or(0, |log| log.len());
        assert_eq!(log, 0);
        let lines = server.log_lines();
        assert!(!lines.iter().any(|line| line.contains("not closed in time")), "{lines:#?}");
        std::fs::remove_dir_all(place).unwrap();
    });
}

/// Asks over a connection that stays open; gives the status line.
fn ask(stream: &mut TcpStream) -> String {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n").unwrap();
    answer(stream)
}

fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = [0; 4_096];
    let count = stream.read(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes[..count]).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_connection_beyond_the_limit_waits_until_another_ends() {
    run(60, async {
        let server = Crosspoint::start().env("CROSSPOINT_CONNECTIONS", "1").await;
        let address = server.base().replace("http://", "");
        let connect = || TcpStream::connect(&address).unwrap();
        let mut first = connect();
        assert_eq!(ask(&mut first), "HTTP/1.1 200 OK");
        let mut second = connect();
        second.write_all(b"GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n").unwrap();
        for _ in 0..20 {
            assert_eq!(ask(&mut first), "HTTP/1.1 200 OK");
        }
        second.set_nonblocking(true).unwrap();
        let waits = second.read(&mut [0; 16]).map_err(|error| error.kind());
        assert_eq!(waits, Err(ErrorKind::WouldBlock));
        second.set_nonblocking(false).unwrap();
        drop(first);
        assert_eq!(answer(&mut second), "HTTP/1.1 200 OK");
    });
}

#[test]
fn what_cannot_start_exits_with_2() {
    run(60, async {
        let place = fresh_dir("refused");
        let server = Crosspoint::start().await;
        let taken = server.base().replace("http://", "");
        let refused = |arguments: &[&str]| {
            let output = run_command(&place.join("data"), arguments);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
            assert!(!said.trim().is_empty() && !said.contains("panicked"), "{arguments:?}: {said}");
        };
        refused(&["serve", "--listen", &taken]);
        refused(&["serve", "--listen", "nonsense"]);
        refused(&["serve", "--no-such-option"]);
        refused(&["no-such-command"]);
        let config = place.join("config.toml");
        refused(&["serve", "--config", config.to_str().unwrap()]);
        std::fs::write(&config, "no_such_key = 1\n").unwrap();
        refused(&["serve", "--config", config.to_str().unwrap()]);
        std::fs::write(&config, "not toml").unwrap();
        refused(&["serve", "--config", config.to_str().unwrap()]);
        // Two servers on one data directory.
        let output = run_command(server.dir(), &["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::remove_dir_all(place).unwrap();
    });
}

#[test]
fn help_of_every_command_shows_an_example() {
    run(60, async {
        let place = fresh_dir("help");
        let commands: [&[&str]; 18] = [
            &[],
            &["serve"],
            &["keys"],
            &["keys", "create"],
            &["keys", "list"],
            &["keys", "revoke"],
            &["accounts", "create"],
            &["accounts", "list"],
            &["accounts", "delete"],
            &["deliveries", "list"],
            &["deliveries", "replay"],
            &["oauth-clients", "create"],
            &["backup"],
            &["restore"],
            &["accounts"],
            &["oauth-clients", "list"],
            &["deliveries"],
            &["config"],
        ];
        for command in commands {
            let output = run_command(&place, &[command, &["--help"]].concat());
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert_eq!(output.status.code(), Some(0), "{command:?}: {text}");
            assert!(
                text.contains("crosspoint ") && text.to_lowercase().contains("example"),
                "{command:?}: {text}"
            );
        }
        std::fs::remove_dir_all(place).unwrap();
    });
}

#[test]
fn the_seeded_key_is_seeded_once_and_can_be_replaced() {
    run(60, async {
        let place = fresh_dir("seeds");
        let dir = place.join("data");
        let other = Key { id: "act_5f0000000000000000000002".into(), secret: "t".repeat(86) };
        let first = Crosspoint::start().data_dir(&dir).await;
        let app = App::create(&first).await;
        drop(first);
        let again = Crosspoint::start().data_dir(&dir).await;
        again.as_account().get(&app.path("")).await.ok();
        let old = again.account_key();
        drop(again);
        let replaced = Crosspoint::start()
            .data_dir(&dir)
            .env("CROSSPOINT_ACCOUNT_KEY_ID", &other.id)
            .env("CROSSPOINT_ACCOUNT_KEY_SECRET", &other.secret)
            .await;
        let api = replaced.api();
        api.as_key(&other).get(&app.path("")).await.ok();
        api.as_key(&old).get(&app.path("")).await.refused(401, "unauthorized");
        drop(replaced);
        let changed =
            Crosspoint::start().data_dir(&dir).env("CROSSPOINT_ACCOUNT_KEY_SECRET", &other.secret).await;
        changed.api().as_key(&old).get(&app.path("")).await.refused(401, "unauthorized");
        let same_id = Key { secret: other.secret.clone(), ..old };
        changed.api().as_key(&same_id).get(&app.path("")).await.ok();
        drop(changed);
        std::fs::remove_dir_all(place).unwrap();
    });
}

/// More than a rate of one a second gives back on any machine.
const REQUESTS_MAX: u32 = 100;

#[test]
fn rate_limits_answer_429_with_retry_after() {
    run(60, async {
        let server = Crosspoint::start()
            .env("CROSSPOINT_RATE_LIMIT_PER_SECOND", "1")
            .env("CROSSPOINT_RATE_LIMIT_BURST", "5")
            .await;
        let api = server.as_account();
        let mut refused = None;
        for _ in 0..REQUESTS_MAX {
            let reply = api.get("/v2/apps").await;
            if reply.status == 429 {
                refused = Some(reply);
                break;
            }
        }
        let refused = refused.expect("so many are too many");
        assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1));
        assert_eq!(refused.body["errors"][0]["code"], "too_many_requests");
        assert_eq!(server.api().get("/healthz").await.status, 200, "health is not counted");
        let guess = |secret: u32| {
            let id = server.account_key().id;
            let form = format!(
                "grant_type=client_credentials&client_id=hubster.portal.api.{id}&client_secret={secret}"
            );
            let call = server.api().call("POST", "/connect/token");
            call.text("application/x-www-form-urlencoded", &form).send()
        };
        let first = guess(0).await;
        assert_eq!(first.status, 400, "{}", first.text);
        let mut refused = None;
        for secret in 1..REQUESTS_MAX {
            refused = Some(guess(secret).await).filter(|guess| guess.status == 429);
            if refused.is_some() {
                break;
            }
        }
        let refused = refused.expect("guessing is counted");
        assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1));
        assert_eq!(refused.body["errors"][0]["code"], 429);
        // Whoever guesses does not keep out who knows the secret.
        let Key { id, secret } = server.account_key();
        for _ in 0..10 {
            let client = format!("hubster.portal.api.{id}");
            crate::hubster::scene::buy(&server.api(), &client, &secret).await.ok();
        }
        // Integrations that do not exist count together, whatever they are called.
        let mut statuses = Vec::new();
        for number in 0..REQUESTS_MAX {
            let path = format!("/api/v1/integrations/web-chat/token/01a21c8a78ba019a{number:08x}");
            statuses.push(server.api().get(&path).await.status);
            if statuses.contains(&429) {
                break;
            }
        }
        assert_eq!((statuses[0], statuses.contains(&429)), (404, true), "{statuses:?}");
    });
}

#[test]
fn secrets_are_in_no_log() {
    run(60, async {
        let (server, sink) = (Crosspoint::start().env("CROSSPOINT_LOG", "debug").await, Sink::start().await);
        let app = App::create(&server).await;
        let custom = app.custom("c", &sink.inbox("/c")).await;
        let token = testkit::providers::shared().bot().token;
        let telegram = serde_json::json!({ "type": "telegram", "token": token });
        app.post("/integrations", telegram).await;
        app.talk("ann").await.answers(&custom.api, "hello").await;
        sink.inbox("/c").wait_for(2).await;
        let wrong = Key { secret: "mistyped-secret".into(), ..app.key.clone() };
        app.api.as_key(&wrong).get(&app.path("")).await.refused(401, "unauthorized");
        let log = server.log_lines().join("\n");
        let secrets =
            [&app.key.secret, &custom.key.secret, &custom.webhook_secret, &server.account_key().secret];
        for secret in secrets.into_iter().map(String::as_str).chain([token.as_str(), "mistyped-secret"]) {
            assert!(!log.contains(secret), "a secret stands in the log");
        }
    });
}
