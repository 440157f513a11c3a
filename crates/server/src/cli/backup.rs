//! `crosspoint backup` and `crosspoint restore`.

use std::fs::{File, OpenOptions};
use std::io::{IsTerminal as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use store::files::Files;

use super::output;
use super::place::{Place, block_on};
use crate::attachments;
use crate::backup::{Contents, Part, Target};
use crate::control::{Connection, Parts};
use crate::data_dir::{DataDir, sync_folder};
use crate::exit::{Failure, Result};

const WITHOUT_KEY: &str = "The sealing key is not in the backup. Whoever restores it needs the key besides (sealing.key \
                           in the data directory, or CROSSPOINT_SEALING_KEY): without it no key and no webhook secret \
                           in the backup can be read.";

/// Write everything of a server into one file, while it works.
///
/// Database, attachments and sealing key. Run it as the user of the server.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  crosspoint backup --data-dir ./data crosspoint-backup.tar")]
pub(super) struct Backup {
    /// The file to write. One that is there is replaced when the new one is complete.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Leave out the sealing key, to keep it in another place than the data.
    #[arg(long)]
    without_key: bool,
    /// Leave the attachments in their bucket, which is copied by other means. Those on disk cannot be left
    /// out.
    #[arg(long)]
    without_attachments: bool,
    #[command(flatten)]
    place: Place,
}

impl Backup {
    pub(super) fn run(self) -> Result<()> {
        let config = self.place.config()?;
        let mut writing = Writing::begin(&self.file)?;
        let contents = Contents { with_key: !self.without_key, with_attachments: !self.without_attachments };
        let bytes = block_on(async {
            let mut connection = Connection::open(&config).await?;
            let mut parts = connection.backup(contents).await?;
            let taken = take(&mut parts, &mut writing).await;
            drop(parts);
            connection.close().await;
            taken
        })?;
        writing.finish()?;
        output::line(format_args!("{} holds {bytes} bytes", self.file.display()));
        if self.without_attachments {
            output::note("The attachments are not in the backup: a restore needs their bucket as it is now.");
        }
        if self.without_key {
            output::note(WITHOUT_KEY);
        } else {
            output::note(
                "The backup opens everything, since the sealing key is in it: keep it as safe as the server.",
            );
        }
        Ok(())
    }
}

async fn take(parts: &mut Parts<'_>, writing: &mut Writing) -> Result<u64> {
    let mut bytes = 0;
    let shown = std::io::stderr().is_terminal();
    loop {
        match parts.next().await {
            Part::Progress { done, of } => {
                if shown && of > 0 {
                    progress(format_args!("copying the database: {} %", done * 100 / of));
                }
            }
            Part::Bytes(piece) => {
                writing.write(&piece)?;
                bytes += piece.len() as u64;
                if shown {
                    progress(format_args!("writing: {} MiB", bytes >> 20));
                }
            }
            Part::End => {
                if shown {
                    output::note("");
                }
                return Ok(bytes);
            }
            Part::Failed(text) => return Err(Failure::Failed(text)),
        }
    }
}

/// Writes over the same line again and again.
fn progress(text: impl std::fmt::Display) {
    let _reader_may_have_gone = write!(std::io::stderr(), "\r{text:<40}");
}

/// A file that takes its name when it is complete.
struct Writing {
    path: PathBuf,
    temporary: PathBuf,
    file: File,
    complete: bool,
}

impl Writing {
    fn begin(path: &Path) -> Result<Writing> {
        let name = path
            .file_name()
            .filter(|_| !path.is_dir())
            .ok_or_else(|| Failure::refused(format!("{}: the name of a file is needed", path.display())))?;
        let mut temporary = name.to_owned();
        temporary.push(".partial");
        let temporary = path.with_file_name(temporary);
        let file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&temporary);
        let file = file.map_err(|error| Failure::refused(format!("{}: {error}", temporary.display())))?;
        Ok(Writing { path: path.to_owned(), temporary, file, complete: false })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|error| Failure::file(self.temporary.display(), &error))
    }

    fn finish(mut self) -> Result<()> {
        let finished = (|| {
            self.file.sync_all()?;
            std::fs::rename(&self.temporary, &self.path)?;
            sync_folder(self.path.parent().unwrap_or(Path::new(".")))
        })();
        self.complete = finished.is_ok();
        finished.map_err(|error| Failure::file(self.path.display(), &error))
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if !self.complete {
            let _nothing_more_to_do = std::fs::remove_file(&self.temporary);
        }
    }
}

/// Put a backup into an empty data directory.
///
/// The server must be stopped. Attachments go into the bucket if attachments_url names one. The archive is
/// verified before anything is replaced. Run it as the user of the server.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  crosspoint restore crosspoint-backup.tar --data-dir ./data")]
pub(super) struct Restore {
    /// The file that crosspoint backup wrote.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace what is in the data directory.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    place: Place,
}

impl Restore {
    pub(super) fn run(self) -> Result<()> {
        let config = self.place.config()?;
        let dir = DataDir::new(&config.store.data_dir);
        let restored = block_on(async {
            let target = Target::new(&dir, self.force)?;
            let bucket = config.attachments.bucket().map(|settings| Files::bucket(&settings)).transpose()?;
            if let Some(files) = &bucket {
                attachments::claim(files, &dir, true).await?;
            }
            target.restore(&self.file, bucket.as_ref()).await
        })?;
        let (manifest, path) = (restored.manifest, dir.path().display());
        output::line(format_args!(
            "{path} holds the data of {} with {} attachments",
            manifest.created_at, restored.attachments
        ));
        if let Some(owner) = dir.foreign_owner() {
            output::note(format_args!(
                "The directory is user {owner}'s, and the files are this user's: give them to the server's user \
                 before it starts (chown -R '{owner}' {path})."
            ));
        }
        if let Some(url) = &manifest.attachments_left_in {
            output::note(format_args!("The attachments were left in {url}; see that the bucket has them."));
        }
        if !manifest.sealing_key {
            output::note(
                "The backup was made without the sealing key; put it back before you start the server.",
            );
        }
        Ok(())
    }
}
