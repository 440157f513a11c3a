//! What keeps the server there for everybody: one reader is enough, a store that fails is told, files are
//! private.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rusqlite::Connection;
use serde_json::json;
use testkit::scene::{App, business};
use testkit::{Crosspoint, binary_path, eventually, fresh_dir, raw, run, text_at};

use crate::hubster::scene::{Tenant, buy};

#[test]
fn with_one_reader_tokens_are_sold_to_those_who_may_and_to_nobody_else() {
    run(60, async {
        let mut server = Crosspoint::start().env("CROSSPOINT_READERS", "1").await;
        let strangers: Vec<_> = (0..64)
            .map(|number| {
                let api = server.api();
                let client = format!("hubster.portal.api.act_{number:024x}");
                tokio::spawn(async move { buy(&api, &client, "x").await.status })
            })
            .collect();
        for stranger in strangers {
            assert_eq!(stranger.await.unwrap(), 400);
        }
        let tenant = Tenant::of(&server).await;
        let hub = tenant.hub("Support").await;
        let body = json!({ "integrationTypeId": "Customer", "type": "message", "name": "hi",
            "responses": [{ "type": "text", "text": "Hello" }] });
        let made = tenant.portal.post(&format!("/api/v1/commands/responses/{hub}"), &body).await.ok();
        let path = format!("/api/v1/commands/responses/{}", text_at(&made, "/commandId"));
        // What is known of an app is read again after any app has changed.
        tenant.hub("Sales").await;
        tenant.portal.get(&path).await.ok();

        // Right after a start no key is known yet.
        server.sigterm();
        server.restart().await;
        let client = format!("hubster.engine.api.{}", server.account_key().id);
        buy(&server.api(), &client, &server.account_key().secret).await.ok();
        assert_eq!(server.api().get("/readyz").await.status, 200);
    });
}

#[test]
fn readiness_knows_whether_anything_can_be_written() {
    run(60, async {
        let failed = "a batch could not be committed";
        let server =
            Crosspoint::start().expect_error_log(failed).expect_error_log("database is locked").await;
        let app = App::create(&server).await;
        let talk = app.talk("ann").await;
        let ready = || raw::get(&server.base(), "/readyz").map(|(status, _)| status);
        assert_eq!(ready(), Some(200));

        // Somebody else writes for longer than is waited, as on a disk that takes nothing.
        let other = Connection::open(server.dir().join("crosspoint.db")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let url = format!("{}{}/messages", server.base(), talk.path);
        let said = reqwest::Client::new().post(&url).basic_auth(&app.key.id, Some(&app.key.secret));
        let said = said.json(&business("lost")).send().await.unwrap();
        assert_eq!(said.status(), 500);
        assert_eq!(ready(), Some(503));
        assert_eq!(raw::get(&server.base(), "/healthz").map(|(status, _)| status), Some(200));

        other.execute_batch("ROLLBACK").unwrap();
        eventually(30, "the store can be written again", async || (ready() == Some(200)).then_some(())).await;
        talk.answers(&app.api, "kept").await;
    });
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode()
        & 0o7777
}

/// Every file and folder below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(below(&path));
        }
        found.push(path);
    }
    found
}

#[test]
fn what_is_in_the_data_directory_is_for_its_owner_only() {
    run(60, async {
        let place = fresh_dir("private");
        let dir = place.join("data");
        std::fs::create_dir(&dir).unwrap();
        std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).unwrap();
        let server = Crosspoint::start().data_dir(&dir).await;
        let app = App::create(&server).await;
        let file = reqwest::multipart::Part::bytes(b"%PDF-1.4".to_vec()).file_name("bill.pdf");
        let file = file.mime_str("application/pdf").unwrap();
        let form = reqwest::multipart::Form::new().part("source", file);
        let path = app.path("/attachments?access=private");
        app.api.call("POST", &path).multipart(form).send().await.with_status(201);
        assert_eq!(mode(&dir), 0o700);
        let files = below(&dir);
        assert!(files.iter().any(|path| path.starts_with(dir.join("attachments")) && path.is_file()));
        for path in files {
            assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
        }
        drop(server);
        std::fs::remove_dir_all(place).unwrap();
    });
}

#[test]
fn a_signal_ends_a_start_that_takes_long() {
    run(60, async {
        // A bucket that takes connections and says nothing.
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = fresh_dir("starting");
        let mut command = Command::new(binary_path());
        command.args(["serve", "--listen", "127.0.0.1:0", "--attachments-url", "s3://bucket"]);
        command.arg("--data-dir").arg(place.join("data"));
        command.arg("--s3-endpoint").arg(format!("http://{}", silent.local_addr().unwrap()));
        command.env("CROSSPOINT_S3_ACCESS_KEY_ID", "id").env("CROSSPOINT_S3_SECRET_ACCESS_KEY", "secret");
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let (_asked, _) = silent.accept().await.unwrap();
        let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let ended = tokio::task::spawn_blocking(move || child.wait().unwrap());
        let ended = tokio::time::timeout(Duration::from_secs(30), ended).await;
        assert_eq!(ended.expect("the signal ends it").unwrap().code(), Some(0));
        std::fs::remove_dir_all(place).unwrap();
    });
}
