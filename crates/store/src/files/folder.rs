//! What a folder of files needs besides the object store, which lists no unfinished uploads and makes
//! no entry durable.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::Millis;
use object_store::path::Path as ObjectPath;

use super::OldFile;
use crate::error::{Result, StoreError};

/// The folders in a folder.
pub(super) async fn folders(root: Arc<Path>) -> Result<Vec<String>> {
    apart(move || {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&*root)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                found.extend(entry.file_name().into_string());
            }
        }
        Ok(found)
    })
    .await
}

/// Files of a folder that were last written to before a moment, unfinished uploads among them.
pub(super) async fn old_files(folder: PathBuf, before: Millis) -> Result<Vec<OldFile>> {
    apart(move || {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            // Whoever has removed it meanwhile was first.
            let Ok(about) = entry.metadata() else { continue };
            let Ok(name) = entry.file_name().into_string() else { continue };
            if about.is_file() && written_at(&about)? < before {
                let token = name.split('#').next().unwrap_or_default().to_owned();
                found.push(OldFile { is_part: token != name, token, name });
            }
        }
        Ok(found)
    })
    .await
}

/// Removes a file; one that is not there is as good.
pub(super) async fn remove(path: PathBuf) -> Result<()> {
    apart(move || match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    })
    .await
}

/// Makes a file and its folder entry durable.
pub(super) async fn sync(folder: Arc<Path>, path: ObjectPath) -> Result<()> {
    let file = folder.join(path.as_ref());
    let synced = tokio::task::spawn_blocking(move || {
        std::fs::File::open(&file)?.sync_all()?;
        let parent = file.parent().unwrap_or(&folder);
        std::fs::File::open(parent)?.sync_all()?;
        std::fs::File::open(&*folder)?.sync_all()
    });
    let synced = synced.await.map_err(|_| StoreError::Closed)?;
    synced.map_err(|source| StoreError::File { what: "making an attachment durable".into(), source })
}

/// Does something with files, off the threads that must not wait.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Closed)?;
    done.map_err(|source| StoreError::File { what: "looking through attachments".into(), source })
}

fn written_at(about: &std::fs::Metadata) -> std::io::Result<Millis> {
    let since_epoch = about.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(Millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)))
}
