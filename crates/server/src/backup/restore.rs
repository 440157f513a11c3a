//! Putting an archive back.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use sha2::{Digest as _, Sha256};
use store::Store;
use store::files::{ATTACHMENTS_FOLDER, Files};

use super::{CHECKSUMS_ENTRY, FORMAT, MANIFEST_ENTRY, Manifest, hex};
use crate::data_dir::{DataDir, KEY_FILE, Lock, sync_folder};
use crate::exit::{Failure, Result};

/// The manifest and the list of checksums are texts; a list names every attachment.
const TEXT_BYTES_MAX: u64 = 1 << 30;
const BUFFER_BYTES: usize = 256 * 1024;
/// Files that go into a bucket at the same time.
const UPLOADS_MAX: usize = 8;

/// What was put back.
#[derive(Debug)]
pub(crate) struct Restored {
    pub(crate) manifest: Manifest,
    pub(crate) attachments: usize,
}

/// A data directory that an archive will be put into, locked.
pub(crate) struct Target<'a> {
    dir: &'a DataDir,
    _lock: Lock,
}

impl<'a> Target<'a> {
    /// # Errors
    /// Refused: a directory that is not empty (unless `force`), one in which a server works, another user's.
    pub(crate) fn new(dir: &'a DataDir, force: bool) -> Result<Target<'a>> {
        dir.check_owner()?;
        dir.create()?;
        let lock = dir.lock()?;
        if !force && !dir.is_empty().map_err(|error| Failure::file(dir.path().display(), &error))? {
            let path = dir.path().display();
            return Err(Failure::refused(format!("{path} is not empty; --force replaces what is in it")));
        }
        Ok(Target { dir, _lock: lock })
    }

    /// Puts an archive into the directory, its attachments into a bucket if there is one. Everything is
    /// unpacked and verified beside what is there; only then it takes its place.
    ///
    /// # Errors
    /// Refused: an archive of a newer version, or one whose attachments are in a bucket while none is
    /// given. Failed: an archive that is damaged or not complete, a bucket that does not take the files.
    pub(crate) async fn restore(self, archive: &Path, bucket: Option<&Files>) -> Result<Restored> {
        let (dir, folder) = (self.dir, self.dir.restore_folder());
        let file = File::open(archive)
            .map_err(|error| Failure::refused(format!("{}: {error}", archive.display())))?;
        remove_folder(&folder)?;
        let filled = async {
            let restored = unpack(file, &folder)?;
            match (&restored.manifest.attachments_left_in, bucket) {
                (Some(url), None) => Err(left_behind(url)),
                (None, Some(files)) => {
                    upload(&folder.join(ATTACHMENTS_FOLDER), files).await?;
                    Ok(restored)
                }
                _ => Ok(restored),
            }
        };
        let restored = match filled.await {
            Ok(restored) => restored,
            Err(failure) => {
                remove_folder(&folder)?;
                return Err(failure);
            }
        };
        put_in_place(&folder, dir, &restored.manifest, bucket.is_some()).map_err(|error| {
            Failure::file(format_args!("moving the data into {}", dir.path().display()), &error)
        })?;
        Ok(restored)
    }
}

fn left_behind(url: &str) -> Failure {
    Failure::refused(format!(
        "the attachments of this backup were left in {url}: set attachments_url and the key of the bucket"
    ))
}

/// Writes the files of a folder into a bucket. A name stands for the same bytes for ever, so that what is
/// there already may be written again.
async fn upload(folder: &Path, files: &Files) -> Result<()> {
    let failed = |error: io::Error| Failure::file(folder.display(), &error);
    for group in std::fs::read_dir(folder).map_err(failed)? {
        let group = group.map_err(failed)?.path();
        let paths: Vec<PathBuf> = std::fs::read_dir(&group)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
            .map_err(failed)?;
        let written = stream::iter(paths).map(|path| async move { upload_one(&path, files).await });
        written.buffer_unordered(UPLOADS_MAX).try_collect::<()>().await?;
    }
    Ok(())
}

async fn upload_one(path: &Path, files: &Files) -> Result<()> {
    let failed = |error: io::Error| Failure::file(path.display(), &error);
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let (mut from, mut to) = (File::open(path).map_err(failed)?, files.write(&name));
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        // The command has this thread for itself.
        let count = from.read(&mut buffer).map_err(failed)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
        to.add(Bytes::copy_from_slice(bytes)).await?;
    }
    Ok(to.finish().await?)
}

fn remove_folder(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::file(format_args!("removing {}", folder.display()), &error))
        }
        _ => Ok(()),
    }
}

fn unpack(file: File, folder: &Path) -> Result<Restored> {
    make_folder(folder).map_err(|error| Failure::file(folder.display(), &error))?;
    let mut unpacking =
        Unpacking { folder: folder.to_owned(), sums: BTreeMap::new(), manifest: None, listed: None };
    let mut archive = tar::Archive::new(BufReader::with_capacity(BUFFER_BYTES, file));
    let broken = |error: io::Error| Failure::failed(format!("the archive is damaged: {error}"));
    for entry in archive.entries().map_err(broken)? {
        unpacking.take(entry.map_err(broken)?)?;
    }
    let manifest = unpacking.verify()?;
    Store::check_version(folder)?;
    let attachments = unpacking.sums.keys().filter(|name| name.starts_with(ATTACHMENTS_FOLDER)).count();
    unpacking.sync().map_err(|error| Failure::file(folder.display(), &error))?;
    Ok(Restored { manifest, attachments })
}

struct Unpacking {
    folder: PathBuf,
    /// Entry by entry, the sum of what was read.
    sums: BTreeMap<String, String>,
    manifest: Option<Manifest>,
    /// The list at the end of the archive.
    listed: Option<String>,
}

impl Unpacking {
    fn take(&mut self, mut entry: tar::Entry<'_, impl Read>) -> Result<()> {
        let name = entry.path().ok().and_then(|path| path.to_str().map(str::to_owned)).unwrap_or_default();
        if entry.header().entry_type() != tar::EntryType::Regular || self.sums.contains_key(&name) {
            return Err(foreign(&name));
        }
        if self.manifest.is_none() && name != MANIFEST_ENTRY {
            return Err(Failure::failed(
                "this is not a backup of Crosspoint: it does not begin with a manifest",
            ));
        }
        match name.as_str() {
            MANIFEST_ENTRY => {
                let text = self.read_text(&name, &mut entry)?;
                self.manifest = Some(checked(&text)?);
            }
            CHECKSUMS_ENTRY => self.listed = Some(self.read_text(&name, &mut entry)?),
            _ if is_ours(&name) => self.write_file(name, &mut entry)?,
            _ => return Err(foreign(&name)),
        }
        Ok(())
    }

    fn read_text(&mut self, name: &str, content: &mut impl Read) -> Result<String> {
        let mut text = String::new();
        let read = content.take(TEXT_BYTES_MAX).read_to_string(&mut text);
        read.map_err(|error| Failure::failed(format!("the archive is damaged: {error}")))?;
        self.sums.insert(name.to_owned(), hex(&Sha256::digest(text.as_bytes())));
        Ok(text)
    }

    fn write_file(&mut self, name: String, content: &mut impl Read) -> Result<()> {
        let sum = write_file(&self.folder.join(&name), content);
        let sum = sum.map_err(|error| Failure::failed(format!("unpacking {name}: {error}")))?;
        self.sums.insert(name, sum);
        Ok(())
    }

    /// Everything that the list names was read as it was written, and nothing else.
    fn verify(&mut self) -> Result<Manifest> {
        let incomplete = || Failure::failed("the archive is not complete; was the backup interrupted?");
        let listed = self.listed.take().ok_or_else(incomplete)?;
        self.sums.remove(CHECKSUMS_ENTRY);
        let mut expected = BTreeMap::new();
        for line in listed.lines() {
            let (sum, name) = line.split_once("  ").ok_or_else(incomplete)?;
            expected.insert(name.to_owned(), sum.to_owned());
        }
        if expected != self.sums || !self.sums.contains_key(store::DATABASE_FILE) {
            return Err(Failure::failed("the archive is damaged: its checksums do not fit"));
        }
        self.manifest.take().ok_or_else(incomplete)
    }

    /// The files are durable; so become their folders.
    fn sync(&self) -> io::Result<()> {
        let attachments = self.folder.join(ATTACHMENTS_FOLDER);
        make_folder(&attachments)?;
        for group in std::fs::read_dir(&attachments)? {
            sync_folder(&group?.path())?;
        }
        sync_folder(&attachments)?;
        sync_folder(&self.folder)
    }
}

fn checked(text: &str) -> Result<Manifest> {
    let manifest: Manifest = serde_json::from_str(text)
        .map_err(|_| Failure::failed("this is not a backup of Crosspoint: its manifest cannot be read"))?;
    let known = store::newest_version();
    if manifest.format > FORMAT || manifest.store_version > known {
        return Err(Failure::refused(format!(
            "the backup was made by version {} with store version {}; this program knows {known} at most",
            manifest.program, manifest.store_version
        )));
    }
    Ok(manifest)
}

/// Only what a backup writes: no path leads out of the folder.
fn is_ours(name: &str) -> bool {
    let token = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match name.split('/').collect::<Vec<_>>().as_slice() {
        [file] => *file == store::DATABASE_FILE || *file == KEY_FILE,
        [folder, group, file] => *folder == ATTACHMENTS_FOLDER && token(group) && token(file),
        _ => false,
    }
}

fn foreign(name: &str) -> Failure {
    Failure::failed(format!("the archive is damaged: {name} does not belong into a backup"))
}

fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a durable file; gives its sum.
fn write_file(path: &Path, content: &mut impl Read) -> io::Result<String> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path)?;
    let mut sum = Sha256::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let count = content.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
        sum.update(bytes);
        file.write_all(bytes)?;
    }
    file.sync_all()?;
    Ok(hex(&sum.finalize()))
}

/// Moves what was unpacked to its place. A crash in between leaves the folder, and with it the start
/// refuses.
fn put_in_place(folder: &Path, dir: &DataDir, manifest: &Manifest, in_bucket: bool) -> io::Result<()> {
    let gone = |removed: io::Result<()>| match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    // A log of the old database must never meet the new one.
    for suffix in ["-wal", "-shm"] {
        let mut log = dir.database().into_os_string();
        log.push(suffix);
        gone(std::fs::remove_file(log))?;
    }
    gone(std::fs::remove_dir_all(dir.attachments()))?;
    std::fs::rename(folder.join(store::DATABASE_FILE), dir.database())?;
    if !in_bucket {
        std::fs::rename(folder.join(ATTACHMENTS_FOLDER), dir.attachments())?;
        dir.remove_bucket_mark()?;
    }
    if manifest.sealing_key {
        std::fs::rename(folder.join(KEY_FILE), dir.path().join(KEY_FILE))?;
    }
    sync_folder(dir.path())?;
    std::fs::remove_dir_all(folder)?;
    sync_folder(dir.path())
}
