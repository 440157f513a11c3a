//! Backup while it runs, restore, refused data directories (issue 3, decisions 18 and 54).

use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use client::sunshine::types::AttachmentQuery;
use serde_json::Value;
use testkit::scene::{App, business};
use testkit::{Crosspoint, Sink, fresh_dir, run, run_command, text_at};

use super::{sunshine, upload};

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn succeeds(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
}

#[test]
fn a_backup_of_a_busy_server_holds_everything_acknowledged_before_it() {
    run(120, async {
        let place = fresh_dir("backup");
        let (server, sink) = (Crosspoint::start().await, Sink::start().await);
        let app = App::create(&server).await;
        let custom = app.custom("c", &sink.inbox("/c")).await;
        let talk = app.talk("ann").await;
        let media = upload(&sunshine(&app), &app.id, &AttachmentQuery::default(), "kept").await.unwrap();
        for number in 0..50 {
            talk.answers(&app.api, &format!("before {number}")).await;
        }
        let stop = Arc::new(AtomicBool::new(false));
        let writer = {
            let (api, path, stop) = (app.api.clone(), format!("{}/messages", talk.path), stop.clone());
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    api.post(&path, &business("meanwhile")).await.ok();
                }
            })
        };
        let file = place.join("all.backup");
        succeeds(&server.command(&["backup", file.to_str().unwrap()]));
        stop.store(true, Ordering::Relaxed);
        writer.await.unwrap();
        restored(&place, &file, &app, &custom.webhook_secret, &talk.path, &media).await;
        std::fs::remove_dir_all(place).unwrap();
    });
}

async fn restored(place: &Path, file: &Path, app: &App, secret: &str, talk: &str, media: &str) {
    let dir = place.join("data");
    succeeds(&run_command(&dir, &["restore", file.to_str().unwrap()]));
    // Its webhooks point to sinks that still answer.
    let server = Crosspoint::start().data_dir(&dir).await;
    let api = server.api().as_key(&app.key);
    let mut texts = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = api.get(&format!("{talk}/messages{cursor}")).await.ok();
        texts.extend(page["messages"].as_array().unwrap().iter().map(|it| text_at(it, "/content/text")));
        if page["meta"]["hasMore"] != true {
            break;
        }
        cursor = format!("?page[before]={}", text_at(&page, "/meta/beforeCursor"));
    }
    for number in 0..50 {
        assert!(texts.contains(&format!("before {number}")), "{number} is missing");
    }
    // The sealing key came along: secrets can be read again.
    let integrations = api.get(&app.path("/integrations")).await.ok();
    assert_eq!(integrations["integrations"][0]["webhooks"][0]["secret"], secret);
    let path = media.split_once("/attachments/").unwrap().1;
    assert_eq!(api.get(&format!("/attachments/{path}")).await.text, "kept");
}

#[test]
fn a_restore_overwrites_nothing_and_says_why() {
    run(60, async {
        let place = fresh_dir("restore");
        let file = place.join("all.backup");
        let server = Crosspoint::start().await;
        App::create(&server).await;
        succeeds(&server.command(&["backup", file.to_str().unwrap()]));
        let refused = server.command(&["restore", file.to_str().unwrap()]);
        assert!(matches!(refused.status.code(), Some(1 | 2)), "{}", said(&refused));
        assert!(!said(&refused).trim().is_empty());
        let missing = run_command(&place.join("x"), &["restore", place.join("nothing").to_str().unwrap()]);
        assert!(matches!(missing.status.code(), Some(1 | 2)), "{}", said(&missing));
        std::fs::write(place.join("garbage"), b"no archive at all").unwrap();
        let garbage = run_command(&place.join("y"), &["restore", place.join("garbage").to_str().unwrap()]);
        assert!(matches!(garbage.status.code(), Some(1 | 2)), "{}", said(&garbage));
        server.as_account().get("/v2/apps").await.ok();
        std::fs::remove_dir_all(place).unwrap();
    });
}

#[test]
fn a_store_of_a_newer_version_is_refused() {
    run(60, async {
        let place = fresh_dir("newer");
        let dir = place.join("data");
        drop(Crosspoint::start().data_dir(&dir).await);
        let database = std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path());
        let is_database = |path: &std::path::PathBuf| {
            path.is_file() && std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3"))
        };
        let database = database.into_iter().find(is_database).expect("a database in the data directory");
        let connection = rusqlite::Connection::open(database).unwrap();
        let later = "INSERT INTO schema_versions (version, name, applied_at) VALUES (9999, 'later', 0)";
        connection.execute(later, []).unwrap();
        drop(connection);
        let refused = run_command(&dir, &["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(
            said(&refused).contains("9999") && !said(&refused).contains("panicked"),
            "{}",
            said(&refused)
        );
        std::fs::remove_dir_all(place).unwrap();
    });
}

#[test]
fn a_backup_without_the_key_says_what_that_means() {
    run(60, async {
        let place = fresh_dir("keyless");
        let file = place.join("all.backup");
        let server = Crosspoint::start().await;
        App::create(&server).await;
        let made = server.command(&["backup", "--without-key", file.to_str().unwrap()]);
        succeeds(&made);
        assert!(said(&made).contains("key"), "{}", said(&made));
        let dir = place.join("data");
        succeeds(&run_command(&dir, &["restore", file.to_str().unwrap()]));
        // A store without its key cannot be opened.
        let refused = run_command(&dir, &["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        std::fs::remove_dir_all(place).unwrap();
    });
}

#[test]
fn keys_and_accounts_are_managed_beside_a_running_server() {
    run(60, async {
        let server = Crosspoint::start().await;
        let line = |arguments: &[&str]| {
            let output = server.command(arguments);
            succeeds(&output);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            serde_json::from_str::<Value>(text.trim()).unwrap_or_else(|error| panic!("{error}: {text}"))
        };
        let made = line(&["keys", "create", "--json"]);
        let key = testkit::Key { id: text_at(&made, "/keyId"), secret: text_at(&made, "/keySecret") };
        let api = server.api().as_key(&key);
        api.get("/v2/apps").await.ok();
        let listed = server.command(&["keys", "list"]);
        succeeds(&listed);
        assert!(said(&listed).contains(&key.id) && !said(&listed).contains(&key.secret), "{}", said(&listed));
        succeeds(&server.command(&["keys", "revoke", &key.id]));
        api.get("/v2/apps").await.refused(401, "unauthorized");
        let account = line(&["accounts", "create", "Other", "--json"]);
        let stranger =
            testkit::Key { id: text_at(&account, "/keyId"), secret: text_at(&account, "/keySecret") };
        server.as_account().post("/v2/apps", &serde_json::json!({ "displayName": "ours" })).await.ok();
        let theirs = server.api().as_key(&stranger).get("/v2/apps").await.ok();
        assert_eq!(theirs["apps"], serde_json::json!([]));
        let listed = server.command(&["accounts", "list"]);
        succeeds(&listed);
        assert!(said(&listed).contains("Other"), "{}", said(&listed));

        let (id, api) = (text_at(&account, "/accountId"), server.api().as_key(&stranger));
        api.post("/v2/apps", &serde_json::json!({ "displayName": "theirs" })).await.ok();
        let hesitant = server.command(&["accounts", "delete", &id]);
        assert_eq!(hesitant.status.code(), Some(2), "{}", said(&hesitant));
        api.get("/v2/apps").await.ok();
        succeeds(&server.command(&["accounts", "delete", &id, "--yes"]));
        api.get("/v2/apps").await.refused(401, "unauthorized");
        let gone = server.command(&["accounts", "delete", &id, "--yes"]);
        assert_eq!(gone.status.code(), Some(1), "{}", said(&gone));
        let first = text_at(&made, "/accountId");
        let refused = server.command(&["accounts", "delete", &first, "--yes"]);
        assert_eq!(refused.status.code(), Some(1), "the default account stays: {}", said(&refused));
        assert_eq!(server.as_account().get("/v2/apps").await.ok()["apps"][0]["displayName"], "ours");
    });
}
