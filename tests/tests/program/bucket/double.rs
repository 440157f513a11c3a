//! A double of S3, and a gate before it that can be shut.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::{Value, json};
use testkit::text_at;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::program::official_clients::{install_python, prepared};

/// A key of the double.
#[derive(Clone)]
pub(super) struct S3Key {
    pub(super) id: String,
    pub(super) secret: String,
}

/// The double: one process for all tests of this one; it ends with it.
pub(super) struct Double {
    pub(super) url: String,
    /// May do everything.
    pub(super) key: S3Key,
    /// May list and read.
    pub(super) reader: S3Key,
    talk: Mutex<Talk>,
}

struct Talk {
    _child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Talk {
    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.from.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("the double of S3 ended: {error}: {line}"))
    }
}

impl Double {
    pub(super) fn shared() -> &'static Double {
        static DOUBLE: OnceLock<Double> = OnceLock::new();
        DOUBLE.get_or_init(|| {
            let home = prepared("s3");
            install_python(&home);
            Double::start(&home)
        })
    }

    fn start(home: &Path) -> Double {
        let log = std::fs::File::create(home.join("double.log")).unwrap();
        let mut child = Command::new(home.join(".venv/bin/python"))
            .arg(home.join("double.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut talk = Talk { _child: child, to, from };
        let told = talk.hear();
        let key = |name: &str| S3Key {
            id: text_at(&told, &format!("/{name}/id")),
            secret: text_at(&told, &format!("/{name}/secret")),
        };
        Double { url: text_at(&told, "/url"), key: key("key"), reader: key("reader"), talk: Mutex::new(talk) }
    }

    fn ask(&self, question: &Value) -> Value {
        let mut talk = self.talk.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(talk.to, "{question}").unwrap();
        talk.hear()
    }

    /// A new bucket.
    pub(super) fn make(&self, bucket: &str) {
        self.ask(&json!({ "word": "make", "bucket": bucket }));
    }

    /// The keys of all objects but those that no attachment is in.
    pub(super) fn files(&self, bucket: &str) -> Vec<String> {
        let listed = self.ask(&json!({ "word": "list", "bucket": bucket }));
        let keys: Vec<String> = serde_json::from_value(listed).unwrap();
        keys.into_iter().filter(|key| !key.contains("crosspoint-")).collect()
    }

    /// Uploads in parts that were neither ended nor given up.
    pub(super) fn unfinished(&self, bucket: &str) -> Value {
        self.ask(&json!({ "word": "unfinished", "bucket": bucket }))
    }

    pub(super) fn remove(&self, bucket: &str, key: &str) {
        self.ask(&json!({ "word": "remove", "bucket": bucket, "key": key }));
    }
}

/// What the configuration says of a bucket, as a file.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) url: String,
    pub(super) endpoint: String,
    pub(super) key: S3Key,
}

impl Setting {
    pub(super) fn new(url: &str) -> Setting {
        let double = Double::shared();
        Setting { url: url.to_owned(), endpoint: double.url.clone(), key: double.key.clone() }
    }

    pub(super) fn write(&self, path: PathBuf) -> String {
        let Setting { url, endpoint, key: S3Key { id, secret } } = self;
        let text = format!(
            "attachments_url = \"{url}\"\ns3_endpoint = \"{endpoint}\"\ns3_access_key_id = \"{id}\"\n\
             s3_secret_access_key = \"{secret}\"\n"
        );
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// A way to the double that can be shut: whoever comes then is sent away, and who is there is, too.
pub(super) struct Gate {
    pub(super) url: String,
    is_open: watch::Sender<bool>,
}

impl Gate {
    pub(super) async fn before(url: &str) -> Gate {
        let target = url.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let is_open = watch::Sender::new(true);
        let watched = is_open.subscribe();
        tokio::spawn(async move {
            while let Ok((from, _)) = listener.accept().await {
                tokio::spawn(pass(from, target.clone(), watched.clone()));
            }
        });
        Gate { url, is_open }
    }

    pub(super) fn open(&self, is_open: bool) {
        self.is_open.send_replace(is_open);
    }
}

async fn pass(mut from: TcpStream, target: String, mut is_open: watch::Receiver<bool>) {
    if !*is_open.borrow_and_update() {
        return;
    }
    let mut to = TcpStream::connect(target).await.unwrap();
    // What comes when it is shut already passes no more.
    tokio::select! {
        biased;
        _shut = is_open.changed() => {}
        _ended = tokio::io::copy_bidirectional(&mut from, &mut to) => {}
    }
}
