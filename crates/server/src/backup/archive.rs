//! Writing an archive.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use sha2::{Digest as _, Sha256};
use store::Store;
use store::files::{ATTACHMENTS_FOLDER, Files, file_name};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::{CHECKSUMS_ENTRY, FORMAT, MANIFEST_ENTRY, Manifest, hex};
use crate::data_dir::{BACKUP_COPY_PREFIX, DataDir, KEY_FILE, SealingKey};

/// Bytes that travel together.
const PIECE_BYTES: usize = 256 * 1024;
/// Parts that wait for their reader, at most.
const PARTS_MAX: usize = 8;

/// Objects of a bucket that are asked for before their turn.
const READ_AHEAD: usize = 8;

/// What an archive is made of.
pub(crate) struct Source {
    pub(crate) dir: DataDir,
    pub(crate) store: Store,
    pub(crate) files: Files,
    /// The sealing key, if it shall be in the archive.
    pub(crate) key: Option<SealingKey>,
    pub(crate) with_attachments: bool,
}

/// What comes out while an archive is made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    /// How far the copy of the database has come, in pages.
    Progress { done: i64, of: i64 },
    /// The next bytes of the archive.
    Bytes(Bytes),
    /// It is complete.
    End,
    /// It will not be complete.
    Failed(String),
}

/// Begins to make an archive; its parts come in order. It ends when nobody takes them any more.
pub(crate) fn start(source: Source) -> mpsc::Receiver<Part> {
    let (parts, taken) = mpsc::channel(PARTS_MAX);
    tokio::task::spawn_blocking(move || {
        let last = match write(&source, &parts) {
            Ok(()) => Part::End,
            Err(error) => Part::Failed(error),
        };
        let _reader_may_have_gone = parts.blocking_send(last);
    });
    taken
}

fn write(source: &Source, parts: &mpsc::Sender<Part>) -> Result<(), String> {
    if source.files.folder().is_some() && !source.with_attachments {
        return Err(
            "the attachments are on disk, and nowhere else: only those of a bucket can be left out".into()
        );
    }
    let free = source.dir.free_bytes().map_err(|error| format!("asking for the free space: {error}"))?;
    check_room(free, source.dir.database_bytes())?;
    let copy = Copy::new(&source.dir).map_err(|error| format!("making a copy of the database: {error}"))?;
    let progress = |done: i32, of: i32| {
        let _only_progress = parts.try_send(Part::Progress { done: done.into(), of: of.into() });
    };
    source.store.backup(&copy.0, progress).map_err(|error| error.to_string())?;
    let pieces = BufWriter::with_capacity(PIECE_BYTES, Pieces(parts.clone()));
    let waiter = Waiter { runtime: Handle::current(), parts: parts.clone() };
    let mut archive = Archive { tar: tar::Builder::new(pieces), checksums: String::new(), waiter };
    archive.fill(source, &copy.0).map_err(|error| format!("writing the archive: {error}"))
}

/// Refuses a copy that would fill the disk on which the server works.
fn check_room(free: u64, needed: u64) -> Result<(), String> {
    match free < needed {
        false => Ok(()),
        true => Err(format!(
            "the copy of the database needs {needed} bytes in the data directory, and {free} are free there"
        )),
    }
}

struct Archive<W: Write> {
    tar: tar::Builder<W>,
    checksums: String,
    waiter: Waiter,
}

impl<W: Write> Archive<W> {
    fn fill(&mut self, source: &Source, database: &Path) -> io::Result<()> {
        let left_in = source.files.bucket_url().filter(|_| !source.with_attachments);
        let manifest = Manifest {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            store_version: store::newest_version(),
            created_at: source.store.clock().now().to_string(),
            sealing_key: source.key.is_some(),
            attachments_left_in: left_in.map(str::to_owned),
        };
        self.text(MANIFEST_ENTRY, &serde_json::to_string_pretty(&manifest)?)?;
        if let Some(key) = &source.key {
            self.text(KEY_FILE, &format!("{}\n", key.expose()))?;
        }
        self.file(store::DATABASE_FILE, File::open(database)?)?;
        // After the database: a row's file was there before the row.
        match source.files.folder() {
            Some(folder) => self.attachments(folder)?,
            None if source.with_attachments => self.objects(&source.files)?,
            None => {}
        }
        let checksums = std::mem::take(&mut self.checksums);
        self.text(CHECKSUMS_ENTRY, &checksums)?;
        self.tar.finish()?;
        self.tar.get_mut().flush()
    }

    fn attachments(&mut self, folder: &Path) -> io::Result<()> {
        for group in entries(folder)? {
            for file in entries(&folder.join(&group))? {
                // An upload that is not complete has a name with a number sign.
                if file.contains('#') {
                    continue;
                }
                match File::open(folder.join(&group).join(&file)) {
                    Ok(open) => self.file(&format!("{ATTACHMENTS_FOLDER}/{group}/{file}"), open)?,
                    // Removed meanwhile.
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// The attachments of a bucket; this thread may wait for them.
    fn objects(&mut self, files: &Files) -> io::Result<()> {
        let read = |token: String| {
            let files = files.clone();
            async move { files.read(&token, None).await.map(|found| (token, found)) }
        };
        let mut opened = files.tokens().map_ok(read).try_buffered(READ_AHEAD).boxed();
        let next = async |opened: &mut BoxStream<'_, _>| opened.try_next().await.map_err(io::Error::other);
        while let Some((token, found)) = self.waiter.wait(next(&mut opened))? {
            // Removed meanwhile.
            let Some(found) = found else { continue };
            let bytes = Waiting { waiter: self.waiter.clone(), pieces: found.bytes, piece: Bytes::new() };
            self.entry(&format!("{ATTACHMENTS_FOLDER}/{}", file_name(&token)), found.size, bytes)?;
        }
        Ok(())
    }

    fn file(&mut self, name: &str, file: File) -> io::Result<()> {
        let bytes = file.metadata()?.len();
        self.entry(name, bytes, file)
    }

    fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.entry(name, text.len() as u64, text.as_bytes())
    }

    fn entry(&mut self, name: &str, bytes: u64, content: impl Read) -> io::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes);
        header.set_mode(0o600);
        header.set_entry_type(tar::EntryType::Regular);
        let mut summed = Summed { content: content.take(bytes), sum: Sha256::new(), left: bytes };
        self.tar.append_data(&mut header, name, &mut summed)?;
        self.checksums.push_str(&format!("{}  {name}\n", hex(&summed.sum.finalize())));
        Ok(())
    }
}

/// The names in a folder, in order; none for a folder that is not there.
fn entries(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    match std::fs::read_dir(folder) {
        Ok(found) => {
            for entry in found {
                names.extend(entry?.file_name().into_string().ok());
            }
        }
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
        Err(error) => return Err(error),
    }
    names.sort();
    Ok(names)
}

/// A reader that sums up what it gives, and gives as many bytes as it promised.
struct Summed<R> {
    content: R,
    sum: Sha256,
    left: u64,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.content.read(buffer)?;
        if count == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "a file became shorter while it was read"));
        }
        self.left -= count as u64;
        self.sum.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// Waits for what is asynchronous, on a thread that may, while somebody takes the archive.
#[derive(Clone)]
struct Waiter {
    runtime: Handle,
    parts: mpsc::Sender<Part>,
}

impl Waiter {
    fn wait<T>(&self, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
        self.runtime.block_on(async {
            tokio::select! {
                // The runtime of a server that stops must not be waited on.
                () = self.parts.closed() => Err(ErrorKind::BrokenPipe.into()),
                done = work => done,
            }
        })
    }
}

/// A reader that waits for the pieces of a stream.
struct Waiting {
    waiter: Waiter,
    pieces: BoxStream<'static, io::Result<Bytes>>,
    /// What is left of the last piece.
    piece: Bytes,
}

impl Read for Waiting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.waiter.wait(self.pieces.try_next())? {
                Some(piece) => self.piece = piece,
                None => return Ok(0),
            }
        }
        let count = self.piece.as_ref().read(buffer)?;
        let _taken = self.piece.split_to(count);
        Ok(count)
    }
}

/// A writer that hands out what it gets.
struct Pieces(mpsc::Sender<Part>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = Part::Bytes(Bytes::copy_from_slice(bytes));
        self.0.blocking_send(part).map_err(|_| io::Error::from(ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A copy of the database beside the original; it goes when the archive is made.
struct Copy(PathBuf);

impl Copy {
    /// An empty file for its owner only, into which the store copies.
    fn new(dir: &DataDir) -> io::Result<Copy> {
        let path = dir.path().join(format!("{BACKUP_COPY_PREFIX}{:016x}", rand::random::<u64>()));
        OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path)?;
        Ok(Copy(path))
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _may_not_exist = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_copy_that_does_not_fit_is_not_begun() {
        assert_eq!(check_room(2_000, 2_000), Ok(()));
        let refused = check_room(1_999, 2_000).unwrap_err();
        assert!(refused.contains("2000 bytes") && refused.contains("1999 are free"), "{refused}");
    }
}
