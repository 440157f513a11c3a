#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use store::{Options, Store};

use super::restore::Restored;
use super::*;
use crate::data_dir::{DataDir, KEY_FILE, SealingKey};
use crate::exit::Result;

struct World {
    _root: tempfile::TempDir,
    data: DataDir,
    archive: PathBuf,
    target: DataDir,
}

/// A store with an attachment, and its archive.
async fn backed_up(with_key: bool) -> World {
    let root = tempfile::tempdir().unwrap();
    let data = DataDir::new(root.path().join("data"));
    data.create().unwrap();
    let key = SealingKey::find_or_make(None, &data).unwrap();
    let store = Store::open(Options::new(data.path())).unwrap();
    std::fs::create_dir_all(data.attachments().join("ab")).unwrap();
    std::fs::write(data.attachments().join("ab/abcd"), vec![7; 700_000]).unwrap();
    std::fs::write(data.attachments().join("ab/abcd#1"), "half").unwrap();
    let files = store::files::Files::local(data.path()).unwrap();
    let key = with_key.then_some(key);
    let source = Source { dir: data.clone(), store: store.clone(), files, key, with_attachments: true };
    let mut parts = start(source);
    let mut bytes = Vec::new();
    loop {
        match parts.recv().await.unwrap() {
            Part::Bytes(piece) => bytes.extend_from_slice(&piece),
            Part::Progress { done, of } => assert!(done <= of),
            Part::End => break,
            Part::Failed(error) => panic!("{error}"),
        }
    }
    store.close().await;
    let archive = root.path().join("backup.tar");
    std::fs::write(&archive, bytes).unwrap();
    let target = DataDir::new(root.path().join("target"));
    World { _root: root, data, archive, target }
}

async fn restored(archive: &Path, dir: &DataDir, force: bool) -> Result<Restored> {
    Target::new(dir, force)?.restore(archive, None).await
}

#[tokio::test]
async fn what_was_backed_up_is_restored() {
    let world = backed_up(true).await;
    let restored = restored(&world.archive, &world.target, false).await.unwrap();
    assert_eq!((restored.attachments, restored.manifest.sealing_key), (1, true));
    let read = |dir: &DataDir, name: &str| std::fs::read(dir.path().join(name)).unwrap();
    for name in ["attachments/ab/abcd", KEY_FILE] {
        assert_eq!(read(&world.data, name), read(&world.target, name), "{name}");
    }
    assert!(!world.target.attachments().join("ab/abcd#1").exists());
    assert!(!world.target.restore_folder().exists());
    Store::open(Options::new(world.target.path())).unwrap().close().await;
    let left: Vec<_> =
        std::fs::read_dir(world.data.path()).unwrap().flatten().map(|it| it.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("backup.tmp")), "{left:?}");
}

#[tokio::test]
async fn without_the_key_the_key_that_is_there_stays() {
    let world = backed_up(false).await;
    world.target.create().unwrap();
    std::fs::write(world.target.path().join(KEY_FILE), "mine").unwrap();
    assert_eq!(restored(&world.archive, &world.target, false).await.unwrap_err().exit_code(), 2);
    assert!(!restored(&world.archive, &world.target, true).await.unwrap().manifest.sealing_key);
    assert_eq!(std::fs::read_to_string(world.target.path().join(KEY_FILE)).unwrap(), "mine");
}

#[tokio::test]
async fn what_is_there_is_replaced_only_by_force_and_only_as_a_whole() {
    let world = backed_up(true).await;
    restored(&world.archive, &world.target, false).await.unwrap();
    let log = world.target.path().join("crosspoint.db-wal");
    std::fs::write(&log, "an old log").unwrap();
    std::fs::write(world.target.attachments().join("ab/old"), "old").unwrap();
    assert_eq!(restored(&world.archive, &world.target, false).await.unwrap_err().exit_code(), 2);
    assert!(log.exists());
    restored(&world.archive, &world.target, true).await.unwrap();
    assert!(!log.exists() && !world.target.attachments().join("ab/old").exists());
}

#[tokio::test]
async fn a_server_that_works_there_is_not_disturbed() {
    let world = backed_up(true).await;
    world.target.create().unwrap();
    let _lock = world.target.lock().unwrap();
    assert_eq!(restored(&world.archive, &world.target, true).await.unwrap_err().exit_code(), 2);
}

#[tokio::test]
async fn an_archive_that_is_cut_or_changed_leaves_everything_as_it_was() {
    let world = backed_up(true).await;
    let whole = std::fs::read(&world.archive).unwrap();
    let mut changed = whole.clone();
    let middle = changed.windows(8).position(|bytes| bytes == [7; 8]).unwrap();
    changed[middle] = 8;
    for bytes in [&whole[..whole.len() / 2], &whole[..512 * 3], &changed, b"no archive".as_slice(), b""] {
        std::fs::write(&world.archive, bytes).unwrap();
        assert_eq!(restored(&world.archive, &world.target, false).await.unwrap_err().exit_code(), 1);
        assert!(world.target.is_empty().unwrap() && !world.target.restore_folder().exists());
    }
}

#[tokio::test]
async fn a_newer_archive_and_foreign_files_are_refused() {
    let world = backed_up(true).await;
    let manifest = |store_version| Manifest {
        format: FORMAT,
        program: "9".into(),
        store_version,
        created_at: "2030-01-01T00:00:00.000Z".into(),
        sealing_key: false,
        attachments_left_in: None,
    };
    let archive = |manifest: &Manifest, name: &str| {
        let mut builder = tar::Builder::new(Vec::new());
        let text = serde_json::to_string(manifest).unwrap();
        for (name, text) in [(MANIFEST_ENTRY, text.as_str()), (name, "x")] {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            // The library refuses such a path; somebody else's does not.
            header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            builder.append(&header, text.as_bytes()).unwrap();
        }
        std::fs::write(&world.archive, builder.into_inner().unwrap()).unwrap();
    };
    archive(&manifest(store::newest_version() + 1), "crosspoint.db");
    assert_eq!(restored(&world.archive, &world.target, false).await.unwrap_err().exit_code(), 2);
    for name in ["../outside", "/etc/outside", "attachments/../../outside", "attachments/ab/..", "other"] {
        archive(&manifest(1), name);
        let error = restored(&world.archive, &world.target, false).await.unwrap_err();
        assert!(error.to_string().contains("does not belong"), "{name}: {error}");
    }
    assert!(!world.target.path().join("../outside").exists());
}
