#![allow(clippy::unwrap_used, clippy::panic)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use hub::Hub;
use store::files::Files;
use store::{Options, Store};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;

use super::*;
use crate::backup::{Contents, Part, Target};
use crate::config::Config;
use crate::data_dir::{DataDir, Lock, SealingKey};
use crate::server::hub_settings;

fn config(dir: &Path) -> Config {
    Config::from_values([("data_dir", dir.to_str().unwrap())]).unwrap()
}

/// A running server, as far as the socket is concerned.
struct Running {
    task: JoinHandle<()>,
    store: Store,
    hub: Hub,
    _lock: Lock,
}

impl Running {
    async fn start(dir: &DataDir) -> Running {
        dir.create().unwrap();
        let lock = dir.lock().unwrap();
        let key = SealingKey::find_or_make(None, dir).unwrap();
        let store = Store::open(Options::new(dir.path())).unwrap();
        let settings = hub_settings(&config(dir.path()), "http://localhost");
        let files = Files::local(dir.path()).unwrap();
        let hub = Hub::new(store.clone(), files.clone(), key.sealer(), settings);
        hub.ensure_default_account().await.unwrap();
        let admin = Admin { hub: hub.clone(), store: store.clone(), files, dir: dir.clone(), key };
        let socket = Socket::bind(dir).unwrap();
        let task = tokio::spawn(async move { socket.serve(Arc::new(admin)).await });
        Running { task, store, hub, _lock: lock }
    }

    async fn stop(self, dir: &DataDir) {
        self.task.abort();
        let _aborted = self.task.await;
        drop(self.hub);
        dir.remove_traces();
        self.store.close().await;
    }
}

async fn create_account(connection: &mut Connection, name: &str) -> NewKey {
    match connection.ask(Request::CreateAccount { name: name.into() }).await.unwrap() {
        Answer::Key(key) => key,
        other => panic!("{other:?}"),
    }
}

async fn keys(connection: &mut Connection, account: Option<&str>) -> Vec<KeyRow> {
    match connection.ask(Request::ListKeys { account: account.map(str::to_owned) }).await.unwrap() {
        Answer::Keys(rows) => rows,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_same_is_done_over_the_socket_and_on_the_files() {
    let root = tempfile::tempdir().unwrap();
    // Longer than the address of a socket may be.
    let dir = DataDir::new(root.path().join("d".repeat(120)));
    let running = Running::start(&dir).await;
    let mode = std::fs::metadata(dir.control_socket()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let mut connection = Connection::open(&config(dir.path())).await.unwrap();
    assert!(matches!(connection, Connection::Server(_)));
    let made = create_account(&mut connection, "over the socket").await;
    assert_eq!(keys(&mut connection, Some(&made.account_id)).await[0].id, made.key_id);
    let refused = connection.ask(Request::RevokeKey { id: "act_unknown".into() }).await.unwrap_err();
    assert_eq!((refused.exit_code(), refused.to_string().as_str()), (1, "key not found"));
    connection.close().await;
    running.stop(&dir).await;

    let mut connection = Connection::open(&config(dir.path())).await.unwrap();
    assert!(matches!(connection, Connection::Files(_)));
    assert!(keys(&mut connection, None).await.iter().any(|row| row.id == made.key_id));
    connection.ask(Request::RevokeKey { id: made.key_id.clone() }).await.unwrap();
    assert_eq!(keys(&mut connection, Some(&made.account_id)).await, []);
    let other = create_account(&mut connection, "on the files").await;
    let made =
        connection.ask(Request::CreateKey { account: Some(other.account_id.clone()), name: "second".into() });
    assert!(matches!(made.await.unwrap(), Answer::Key(key) if key.account_id == other.account_id));
    connection.close().await;
}

#[tokio::test]
async fn a_backup_streams_the_same_bytes_as_it_announced() {
    let root = tempfile::tempdir().unwrap();
    let dir = DataDir::new(root.path());
    let running = Running::start(&dir).await;
    let mut connection = Connection::open(&config(dir.path())).await.unwrap();
    let mut bytes = Vec::new();
    {
        let mut parts = connection.backup(Contents { with_key: true, with_attachments: true }).await.unwrap();
        loop {
            match parts.next().await {
                Part::Bytes(piece) => bytes.extend_from_slice(&piece),
                Part::Progress { .. } => {}
                Part::End => break,
                Part::Failed(error) => panic!("{error}"),
            }
        }
    }
    // The conversation goes on behind the stream.
    create_account(&mut connection, "after the backup").await;
    let archive = root.path().join("backup.tar");
    std::fs::write(&archive, bytes).unwrap();
    let target = DataDir::new(root.path().join("target"));
    let restored = Target::new(&target, false).unwrap().restore(&archive, None).await.unwrap();
    assert!(restored.manifest.sealing_key);
    running.stop(&dir).await;
    let mut restored = Connection::open(&config(target.path())).await.unwrap();
    assert_eq!(keys(&mut restored, None).await, []);
    restored.close().await;
}

#[tokio::test]
async fn what_the_server_does_not_understand_is_said() {
    let root = tempfile::tempdir().unwrap();
    let dir = DataDir::new(root.path());
    let running = Running::start(&dir).await;
    let mut stream = UnixStream::connect(dir.control_socket()).await.unwrap();
    stream.write_all(b"{\"command\":\"fly\"}\n").await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    assert!(said.contains("does not understand"), "{said}");
    running.stop(&dir).await;
}

#[tokio::test]
async fn without_data_and_without_the_lock_nothing_is_opened() {
    let root = tempfile::tempdir().unwrap();
    let dir = DataDir::new(root.path());
    let refused = |opened: crate::exit::Result<Connection>| opened.err().unwrap().exit_code();
    assert_eq!(refused(Connection::open(&config(dir.path())).await), 2);
    let _lock = dir.lock().unwrap();
    std::fs::write(dir.database(), "").unwrap();
    assert_eq!(refused(Connection::open(&config(dir.path())).await), 1);
}

#[tokio::test]
async fn a_stopped_server_of_another_user_is_left_alone() {
    let root = tempfile::tempdir().unwrap();
    let dir = DataDir::new(root.path());
    std::fs::write(dir.database(), "").unwrap();
    // Only root can give a file away.
    if std::os::unix::fs::chown(dir.database(), Some(4_711), None).is_err() {
        return;
    }
    let opened = Connection::open(&config(root.path())).await;
    let restored = Target::new(&dir, true);
    for failure in [opened.err(), restored.err()] {
        let failure = failure.unwrap();
        assert_eq!(failure.exit_code(), 2);
        assert!(failure.to_string().contains("sudo -u '#4711'"), "{failure}");
    }
    assert!(!root.path().join("lock").exists(), "nothing is left behind");
}
