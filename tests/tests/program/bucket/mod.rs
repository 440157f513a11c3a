//! Attachments in a bucket of S3: the rules that hold on disk hold there.

mod double;

use std::io::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Output;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use client::sunshine::types::AttachmentQuery;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use testkit::scene::App;
use testkit::{Builder, Crosspoint, eventually, fresh_dir, run, run_command, text_at};

use self::double::{Double, Gate, S3Key, Setting};
use super::{sunshine, upload};

/// So large that it goes in three parts.
const LARGE_BYTES: usize = 11 * 1024 * 1024;
/// An installation over a slow line comes first.
const TIME_MAX: u64 = 480;

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
fn succeeds(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
}

/// It does not begin, for a reason that names all of `parts`.
#[track_caller]
fn refuses(output: &Output, parts: &[&str]) {
    let said = said(output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(parts.iter().all(|part| said.contains(part)), "{parts:?}: {said}");
    assert!(!said.contains(&Double::shared().key.secret), "{said}");
}

/// A new place with the file of a setting.
struct World {
    place: PathBuf,
    bucket: String,
    config: String,
}

impl World {
    fn new(bucket: &str) -> World {
        let place = fresh_dir(bucket);
        Double::shared().make(bucket);
        let config = Setting::new(&format!("s3://{bucket}/in/here")).write(place.join("here.toml"));
        World { place, bucket: bucket.to_owned(), config }
    }

    fn dir(&self, name: &str) -> PathBuf {
        self.place.join(name)
    }

    fn server(&self, name: &str, config: &str) -> Builder {
        Crosspoint::start().data_dir(&self.dir(name)).arg("--config").arg(config)
    }

    fn command(&self, name: &str, arguments: &[&str], config: &str) -> Output {
        run_command(&self.dir(name), &[arguments, &["--config", config]].concat())
    }

    fn serve(&self, name: &str, config: &str) -> Output {
        self.command(name, &["serve", "--listen", "127.0.0.1:0"], config)
    }

    fn files(&self) -> Vec<String> {
        Double::shared().files(&self.bucket)
    }
}

async fn small(app: &App, text: &str) -> String {
    upload(&sunshine(app), &app.id, &AttachmentQuery::default(), text).await.unwrap()
}

fn large() -> Vec<u8> {
    (0..LARGE_BYTES).map(|at| b'a' + (at % 23) as u8).collect()
}

/// An upload whose answer nobody but the test judges.
async fn posted(app: &App, bytes: Vec<u8>) -> reqwest::Response {
    let form = Form::new().part("source", Part::bytes(bytes).file_name("a.txt"));
    let url = format!("{}{}", app.api.base(), app.path("/attachments?access=private"));
    let request = reqwest::Client::new().post(url).basic_auth(&app.key.id, Some(&app.key.secret));
    request.multipart(form).send().await.unwrap()
}

/// The path of an attachment, which is the same at every server.
fn path_of(url: &str) -> String {
    format!("/attachments/{}", url.split_once("/attachments/").unwrap().1)
}

fn token_of(url: &str) -> &str {
    url.split_once("/attachments/").unwrap().1.split('/').next().unwrap()
}

fn key_of(prefix: &str, url: &str) -> String {
    let token = token_of(url);
    format!("{prefix}/{}/{token}", &token[..2])
}

#[test]
fn a_file_is_in_the_bucket_and_goes_with_its_attachment() {
    run(TIME_MAX, async {
        let world = World::new("lives");
        let server = world.server("data", &world.config).await;
        let app = App::create(&server).await;
        let public = small(&app, "hello, bucket").await;
        let made = posted(&app, large()).await;
        assert_eq!(made.status(), 201);
        let private = text_at(&made.json().await.unwrap(), "/attachment/mediaUrl");
        let mut wanted = vec![key_of("in/here", &public), key_of("in/here", &private)];
        wanted.sort();
        assert_eq!(world.files(), wanted);
        assert_eq!(Double::shared().unfinished(&world.bucket), json!([]));

        assert_eq!(server.api().get(&public).await.text, "hello, bucket");
        server.api().get(&private).await.refused(401, "unauthorized");
        assert!(app.api.get(&private).await.text.into_bytes() == large());
        let part = app.api.call("GET", &private).header("range", "bytes=6000000-6000022").send().await;
        assert_eq!((part.status, part.text.as_bytes()), (206, &large()[6_000_000..6_000_023]));
        read_in_every_way(&public).await;

        let remove = app.path("/attachments/remove");
        app.api.post(&remove, &json!({ "mediaUrl": private })).await.ok();
        app.api.get(&private).await.with_status(404);
        let left = async || (world.files() == [key_of("in/here", &public)]).then_some(());
        eventually(20, "the object is gone", left).await;
        assert!(!world.dir("data").join("attachments").exists());
        let log = server.log_lines().join("\n");
        assert!(!log.contains(&Double::shared().key.secret), "{log}");
        drop(server);
        std::fs::remove_dir_all(&world.place).unwrap();
    });
}

/// 13 bytes, by a client that takes any answer.
async fn read_in_every_way(url: &str) {
    let http = reqwest::Client::new();
    let answered = async |call: reqwest::RequestBuilder, status: u16, length: &str| {
        let answer = call.send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["accept-ranges"].to_str().unwrap()),
            (status, "bytes")
        );
        let said = answer.headers().get("content-length").map_or("", |value| value.to_str().unwrap());
        assert_eq!(said, length);
        answer.headers()["etag"].to_str().unwrap().to_owned()
    };
    let tag = answered(http.get(url), 200, "13").await;
    answered(http.head(url), 200, "13").await;
    answered(http.head(url).header("range", "bytes=0-1"), 200, "13").await;
    answered(http.get(url).header("range", "bytes=-2"), 206, "2").await;
    answered(http.get(url).header("if-none-match", tag), 304, "").await;
    let behind = http.get(url).header("range", "bytes=99-").send().await.unwrap();
    assert_eq!(
        (behind.status().as_u16(), &behind.headers()["content-range"]),
        (416, &"bytes */13".parse().unwrap())
    );
}

#[test]
fn what_was_answered_is_there_after_kill_9() {
    run(TIME_MAX, async {
        let world = World::new("killed");
        let mut server = world.server("data", &world.config).await;
        let app = App::create(&server).await;
        let url = small(&app, "answered").await;
        server.kill9();
        server.restart().await;
        assert_eq!(server.api().get(&url).await.text, "answered");
        drop(server);
        // The directory knows where its files are: without the setting it does not begin on disk.
        let bare = world.place.join("bare.toml");
        std::fs::write(&bare, "").unwrap();
        refuses(&world.serve("data", bare.to_str().unwrap()), &["s3://killed/in/here", "attachments_url"]);
        // Nor does another directory begin there: to it these files would be orphans.
        refuses(&world.serve("other", &world.config), &["s3://killed/in/here/crosspoint-owner", "prefix"]);
        let empty = Setting::new("s3://killed/there").write(world.dir("there.toml"));
        refuses(&world.serve("data", &empty), &["aws s3 sync s3://killed/in/here s3://killed/there"]);
        std::fs::remove_dir_all(&world.place).unwrap();
    });
}

#[test]
fn a_wrong_setting_is_found_at_the_start() {
    run(TIME_MAX, async {
        let (world, double) = (World::new("wrong"), Double::shared());
        let right = Setting::new("s3://wrong");
        let other = |id: &str, secret: &str| Setting {
            key: S3Key { id: id.to_owned(), secret: secret.to_owned() },
            ..right.clone()
        };
        // Nobody listens there.
        let nobody = "http://127.0.0.1:9".to_owned();
        let cases: [(Setting, &[&str]); 4] = [
            (other(&double.key.id, "another secret"), &["SignatureDoesNotMatch", "s3_secret_access_key"]),
            (other("AKIANOBODY", &double.key.secret), &["InvalidAccessKeyId", "s3_access_key_id"]),
            (
                Setting { key: double.reader.clone(), ..right.clone() },
                &["AccessDenied", "put, get and delete"],
            ),
            (Setting::new("s3://missing"), &["NoSuchBucket", "attachments_url"]),
        ];
        for (number, (setting, parts)) in cases.iter().enumerate() {
            let config = setting.write(world.dir(&format!("{number}.toml")));
            refuses(&world.serve("data", &config), parts);
        }
        // Who is away may be there the next time.
        let away = Setting { endpoint: nobody, ..right.clone() };
        let ended = world.serve("data", &away.write(world.dir("away.toml")));
        assert_eq!(ended.status.code(), Some(1), "{}", said(&ended));
        assert!(said(&ended).contains("s3_endpoint"), "{}", said(&ended));
        let half = world.dir("half.toml");
        std::fs::write(&half, "attachments_url = \"s3://wrong\"\n").unwrap();
        refuses(&world.serve("data", half.to_str().unwrap()), &["s3_access_key_id"]);
        std::fs::remove_dir_all(&world.place).unwrap();
    });
}

#[test]
fn a_dead_bucket_is_told_and_leaves_nothing_half_done() {
    run(TIME_MAX, async {
        let (world, double) = (World::new("dead"), Double::shared());
        let gate = Gate::before(&double.url).await;
        let setting = Setting { endpoint: gate.url.clone(), ..Setting::new("s3://dead/in/here") };
        // A sweep at the start says that it cannot look through the files.
        let start = world.server("data", &setting.write(world.dir("gate.toml")));
        let mut server = start.expect_error_log("files without a row").await;
        let mut app = App::create(&server).await;
        let talk = app.talk("ann").await;
        let url = small(&app, "before").await;

        gate.open(false);
        for bytes in [b"small".to_vec(), large()] {
            let refused = posted(&app, bytes).await;
            assert_eq!(
                (refused.status().as_u16(), &refused.headers()["retry-after"]),
                (503, &"1".parse().unwrap())
            );
        }
        let refused = reqwest::get(&url).await.unwrap();
        assert_eq!(
            (refused.status().as_u16(), &refused.headers()["retry-after"]),
            (503, &"1".parse().unwrap())
        );
        // Whatever needs no file goes on, and begins.
        talk.answers(&app.api, "still here").await;
        server.sigterm();
        server.restart().await;
        app.api = server.api().as_key(&app.key);
        talk.answers(&app.api, "here again").await;
        assert_eq!(reqwest::get(&url).await.unwrap().status(), 503);

        gate.open(true);
        assert_eq!(server.api().get(&url).await.text, "before");
        let again = small(&app, "after").await;
        let mut wanted = vec![key_of("in/here", &url), key_of("in/here", &again)];
        wanted.sort();
        assert_eq!((world.files(), double.unfinished("dead")), (wanted, json!([])));
        drop(server);
        std::fs::remove_dir_all(&world.place).unwrap();
    });
}

#[test]
fn an_upload_whose_client_goes_away_leaves_no_parts() {
    run(TIME_MAX, async {
        let (world, double) = (World::new("gone"), Double::shared());
        let server = world.server("data", &world.config).await;
        let app = App::create(&server).await;
        let mut stream = TcpStream::connect(server.base().strip_prefix("http://").unwrap()).unwrap();
        let credentials = STANDARD.encode(format!("{}:{}", app.key.id, app.key.secret));
        let path = app.path("/attachments?access=public");
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Basic {credentials}\r\ncontent-length: 20000000\r\n\
             content-type: multipart/form-data; boundary=x\r\n\r\n--x\r\ncontent-disposition: form-data; \
             name=\"source\"; filename=\"a.txt\"\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&large()).unwrap();
        let begun = async || (double.unfinished("gone") != json!([])).then_some(());
        eventually(30, "parts are under way", begun).await;
        drop(stream);
        let given_up = async || (double.unfinished("gone") == json!([])).then_some(());
        eventually(30, "the parts are given up", given_up).await;
        assert_eq!(world.files(), [""; 0]);
        drop(server);
        std::fs::remove_dir_all(&world.place).unwrap();
    });
}

async fn holds(world: &World, name: &str, config: Option<&str>, paths: [&str; 2]) {
    let start = Crosspoint::start().data_dir(&world.dir(name));
    let server = match config {
        Some(config) => start.arg("--config").arg(config),
        None => start,
    };
    let server = server.await;
    assert_eq!(server.api().get(paths[0]).await.text, "small");
    assert!(server.api().get(paths[1]).await.text.into_bytes() == large());
}

fn on_disk(dir: &Path) -> bool {
    dir.join("attachments").exists()
}

#[test]
fn a_backup_takes_the_bucket_along_and_is_restored_to_a_bucket_or_to_disk() {
    run(TIME_MAX, async {
        let world = World::new("saved");
        let archive = world.dir("all.tar").to_str().unwrap().to_owned();
        let slim = world.dir("slim.tar").to_str().unwrap().to_owned();
        let (first, second) = {
            let server = world.server("data", &world.config).await;
            let app = App::create(&server).await;
            let form = Form::new().part("source", Part::bytes(large()).file_name("a.txt"));
            let call = app.api.call("POST", &app.path("/attachments?access=public")).multipart(form);
            let second = text_at(&call.send().await.with_status(201), "/attachment/mediaUrl");
            let first = small(&app, "small").await;
            succeeds(&server.command(&["backup", &archive]));
            let made = server.command(&["backup", "--without-attachments", &slim]);
            succeeds(&made);
            assert!(said(&made).contains("bucket"), "{}", said(&made));
            (path_of(&first), path_of(&second))
        };
        let paths = [first.as_str(), second.as_str()];
        // The same without a server.
        succeeds(&world.command("data", &["backup", &archive], &world.config));
        let sizes = [&archive, &slim].map(|path| std::fs::metadata(path).unwrap().len());
        assert!(sizes[0] > LARGE_BYTES as u64 && sizes[1] < sizes[0] - LARGE_BYTES as u64, "{sizes:?}");

        // To another place in a bucket, and to disk.
        let there = Setting::new("s3://saved/there").write(world.dir("there.toml"));
        succeeds(&world.command("there", &["restore", &archive], &there));
        assert_eq!(world.files().iter().filter(|key| key.starts_with("there/")).count(), 2);
        assert!(!on_disk(&world.dir("there")));
        holds(&world, "there", Some(&there), paths).await;
        succeeds(&run_command(&world.dir("disk"), &["restore", &archive]));
        assert!(on_disk(&world.dir("disk")));
        holds(&world, "disk", None, paths).await;
        // From disk into a bucket: the start says what was forgotten, the restore does it.
        let moved = Setting::new("s3://saved/moved").write(world.dir("moved.toml"));
        refuses(&world.serve("disk", &moved), &["aws s3 sync", "s3://saved/moved"]);
        let refused =
            run_command(&world.dir("disk"), &["backup", "--without-attachments", &slim.replace("slim", "x")]);
        assert!(refused.status.code() == Some(1) && said(&refused).contains("on disk"), "{}", said(&refused));
        succeeds(&world.command("disk", &["restore", "--force", &archive], &moved));
        assert!(!on_disk(&world.dir("disk")));
        holds(&world, "disk", Some(&moved), paths).await;
        // And back.
        succeeds(&run_command(&world.dir("disk"), &["restore", "--force", &archive]));
        holds(&world, "disk", None, paths).await;
        lost_machine(&world, &slim, paths).await;
        std::fs::remove_dir_all(&world.place).unwrap();
    });
}

/// The data directory is lost, the bucket is not.
async fn lost_machine(world: &World, slim: &str, paths: [&str; 2]) {
    std::fs::remove_dir_all(world.dir("data")).unwrap();
    let without = run_command(&world.dir("again"), &["restore", slim]);
    refuses(&without, &["s3://saved/in/here", "attachments_url"]);
    let owned = world.command("again", &["restore", slim], &world.config);
    refuses(&owned, &["s3://saved/in/here/crosspoint-owner"]);
    Double::shared().remove("saved", "in/here/crosspoint-owner");
    succeeds(&world.command("again", &["restore", slim], &world.config));
    holds(world, "again", Some(&world.config), paths).await;
}
