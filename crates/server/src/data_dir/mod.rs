//! The directory that holds everything of one server, and who may work in it.

mod bucket_mark;
mod owner;
mod sealing_key;

use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

pub(crate) use bucket_mark::BucketMark;
pub use sealing_key::{KEY_FILE, SealingKey};

use crate::exit::{Failure, Result};

/// The file whose lock says that somebody works in the directory.
const LOCK_FILE: &str = "lock";
/// The file that says where the server is reached from this machine.
const URL_FILE: &str = "url";
/// What an interrupted restore leaves.
const RESTORE_FOLDER: &str = "restore.tmp";
/// What tells a data directory from any other.
const OURS: &[&str] = &[LOCK_FILE, KEY_FILE, store::DATABASE_FILE, RESTORE_FOLDER];
/// The bits of a mode that are for others than the owner.
const FOR_OTHERS: u32 = 0o077;
/// The bit of a mode that a folder has in which everybody may write.
const STICKY: u32 = 0o1000;
/// The bit that lets everybody write.
const WRITE_FOR_ALL: u32 = 0o002;
/// How the copies of the database begin that a backup makes and removes.
pub const BACKUP_COPY_PREFIX: &str = "backup.tmp.";

/// A data directory. Only whoever holds a [`Lock`] opens its files.
#[derive(Clone, Debug)]
pub struct DataDir {
    path: PathBuf,
}

/// The right to work in a data directory; it ends when this is dropped, or the process ends.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file would not end it yet: a child that is being started has the file open, too, until
        // its program begins.
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "the lock of the data directory ends a moment later");
        }
    }
}

impl DataDir {
    /// The data directory at a path; nothing is made yet.
    pub fn new(path: impl Into<PathBuf>) -> DataDir {
        DataDir { path: path.into() }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it if it does not exist, and closes it to others than its owner where it is this program's
    /// alone. One that is not, as a volume whose group may write, stays as it is: the files in it are closed
    /// anyway.
    ///
    /// # Errors
    /// Refused: it cannot be made, or anybody may put other files into the place of ours.
    pub fn create(&self) -> Result<()> {
        let path = self.path.display();
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.path);
        made.map_err(|error| {
            let advice = "name one that this user may make with --data-dir";
            Failure::refused(format!("making the data directory {path}: {error}: {advice}"))
        })?;
        let mode = self.close_to_others();
        let mode = mode.map_err(|error| Failure::refused(format!("the data directory {path}: {error}")))?;
        if mode & WRITE_FOR_ALL != 0 {
            return Err(Failure::refused(format!(
                "every user may write in the data directory {path}; give the server one of its own (chmod 700)"
            )));
        }
        if mode & FOR_OTHERS != 0 {
            tracing::warn!(%path, "other users may look into the data directory, though not into its files (chmod 700)");
        }
        Ok(())
    }

    /// Gives the mode that it has then. Somebody who names /tmp, or a home, by mistake keeps it as it is.
    fn close_to_others(&self) -> std::io::Result<u32> {
        let mode = std::fs::metadata(&self.path)?.permissions().mode();
        let is_own = mode & FOR_OTHERS != 0 && mode & STICKY == 0 && self.is_ours()?;
        let is_closed = is_own && std::fs::set_permissions(&self.path, Permissions::from_mode(0o700)).is_ok();
        Ok(if is_closed { 0o700 } else { mode })
    }

    /// Whether it is empty, or something of ours is in it.
    fn is_ours(&self) -> std::io::Result<bool> {
        let mut is_empty = true;
        for entry in std::fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            if OURS.iter().any(|ours| name == *ours) {
                return Ok(true);
            }
            // What a volume has of itself.
            is_empty &= name == "lost+found";
        }
        Ok(is_empty)
    }

    /// Whether a store was made in it.
    pub fn has_store(&self) -> bool {
        self.database().exists()
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.path.join(store::DATABASE_FILE)
    }

    /// The folder of attachments.
    pub fn attachments(&self) -> PathBuf {
        self.path.join(store::files::ATTACHMENTS_FOLDER)
    }

    /// The control socket.
    pub fn control_socket(&self) -> PathBuf {
        self.path.join("control.sock")
    }

    /// Where a restore unpacks.
    pub fn restore_folder(&self) -> PathBuf {
        self.path.join(RESTORE_FOLDER)
    }

    /// Takes the lock. `None` when another process holds it.
    pub fn try_lock(&self) -> Result<Option<Lock>> {
        let path = self.path.join(LOCK_FILE);
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::PermissionDenied => owner::not_ours(&path),
            _ => Failure::refused(format!("locking {}: {error}", path.display())),
        };
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
        let file = file.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Takes the lock, or refuses because another process works here.
    pub fn lock(&self) -> Result<Lock> {
        self.try_lock()?.ok_or_else(|| {
            let path = self.path.display();
            Failure::refused(format!("another crosspoint works in the data directory {path}; stop it first"))
        })
    }

    /// Refuses a directory in which a restore did not come to its end.
    pub fn check_restored(&self) -> Result<()> {
        match self.restore_folder().exists() {
            false => Ok(()),
            true => Err(Failure::refused(format!(
                "a restore into {} did not come to its end; run it again with --force",
                self.path.display()
            ))),
        }
    }

    /// Whether there is nothing in it that somebody could miss.
    pub fn is_empty(&self) -> std::io::Result<bool> {
        for entry in std::fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            if ![LOCK_FILE, RESTORE_FOLDER, bucket_mark::MARK_FILE].iter().any(|ours| name == *ours) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Removes what a backup that was interrupted left. Needs the lock.
    pub fn remove_backup_copies(&self) {
        for entry in std::fs::read_dir(&self.path).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(BACKUP_COPY_PREFIX) {
                let _next_start_tries_again = std::fs::remove_file(entry.path());
            }
        }
    }

    /// Writes down where the server is reached from this machine.
    pub fn write_url(&self, url: &str) -> Result<()> {
        let path = self.path.join(URL_FILE);
        write_durably(&path, format!("{url}\n").as_bytes(), 0o600)
    }

    /// Bytes that are free where it lies, for whoever is not root.
    pub fn free_bytes(&self) -> std::io::Result<u64> {
        let about = rustix::fs::statvfs(&self.path)?;
        Ok(about.f_bavail.saturating_mul(about.f_frsize))
    }

    /// Bytes of the database and its log.
    pub fn database_bytes(&self) -> u64 {
        let log = self.path.join(format!("{}-wal", store::DATABASE_FILE));
        let bytes = |path: PathBuf| std::fs::metadata(path).map_or(0, |about| about.len());
        bytes(self.database()) + bytes(log)
    }

    /// Removes what only a running server has.
    pub fn remove_traces(&self) {
        for path in [self.path.join(URL_FILE), self.control_socket()] {
            if let Err(error) = std::fs::remove_file(&path)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(%error, path = %path.display(), "a file could not be removed");
            }
        }
    }
}

/// From now on whatever the program makes is for its user only.
pub fn make_files_private() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(FOR_OTHERS));
}

/// Writes a file so that a reader sees all of it or nothing, and a crash leaves it whole.
pub fn write_durably(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let temporary = path.with_extension("new");
    let written = (|| {
        let mut file =
            OpenOptions::new().create(true).truncate(true).write(true).mode(mode).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)?;
        sync_folder(path.parent().unwrap_or(Path::new(".")))
    })();
    written.map_err(|error| Failure::file(format_args!("writing {}", path.display()), &error))
}

/// Makes the entries of a folder durable.
pub fn sync_folder(path: &Path) -> std::io::Result<()> {
    // The parent of a bare file name is the empty path.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(path)?.sync_all()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_at_a_time_works_in_it() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path().join("new/data"));
        data.create().unwrap();
        let held = data.lock().unwrap();
        assert_eq!(data.lock().unwrap_err().exit_code(), 2);
        // What a child has of it whose program has not begun.
        let _inherited = held.file.try_clone().unwrap();
        drop(held);
        data.lock().unwrap();
    }

    #[test]
    fn the_url_is_written_down_and_goes_with_the_traces() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path());
        let url = || std::fs::read_to_string(dir.path().join(URL_FILE)).ok();
        data.write_url("http://127.0.0.1:1").unwrap();
        assert_eq!(url().as_deref(), Some("http://127.0.0.1:1\n"));
        data.remove_traces();
        assert_eq!(url(), None);
    }

    #[test]
    fn one_that_is_there_is_closed_to_others_if_it_is_ours() {
        let root = tempfile::tempdir().unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        let make = |name: &str, mode: u32, file: Option<&str>| {
            let path = root.path().join(name);
            std::fs::create_dir(&path).unwrap();
            if let Some(file) = file {
                std::fs::write(path.join(file), "").unwrap();
            }
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            path
        };
        for (name, file) in [
            ("empty", None),
            ("volume", Some("lost+found")),
            ("used", Some(store::DATABASE_FILE)),
            ("key", Some(KEY_FILE)),
        ] {
            let path = make(name, 0o755, file);
            DataDir::new(&path).create().unwrap();
            assert_eq!(mode(&path), 0o700, "{name}");
        }
        let path = make("home", 0o775, Some("letter.txt"));
        DataDir::new(&path).create().unwrap();
        assert_eq!(mode(&path), 0o775, "it stays as it was");
        for (name, given, file) in [("shared", 0o1777, None), ("open", 0o777, Some("letter.txt"))] {
            let path = make(name, given, file);
            assert_eq!(DataDir::new(&path).create().unwrap_err().exit_code(), 2, "{name}");
            assert_eq!(mode(&path), given, "{name}");
        }
        let path = make("private", 0o700, Some("letter.txt"));
        DataDir::new(&path).create().unwrap();
        assert_eq!(mode(&path), 0o700);
    }
}
