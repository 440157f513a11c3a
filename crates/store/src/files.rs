//! The bytes of attachments, through the `object_store` crate: a folder of the data directory now,
//! any object store by a setting later.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use model::Millis;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{GetOptions, GetRange, ObjectStore, WriteMultipart};

use crate::error::{Result, StoreError};

/// The folder of a data directory in which a local store keeps the bytes of attachments.
pub const ATTACHMENTS_FOLDER: &str = "attachments";

/// Where the bytes of attachments are. Clones share it.
#[derive(Clone, Debug)]
pub struct Files {
    objects: Arc<dyn ObjectStore>,
    /// The folder of a local store, whose entries are made durable by us.
    folder: Option<Arc<Path>>,
}

/// A file that has not been written to for long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldFile {
    /// Whose it is.
    pub token: String,
    /// Whether it is what an upload that never ended has left.
    pub is_part: bool,
    name: String,
}

/// A part of a file that is being read.
pub struct FileRead {
    /// The bytes, in pieces.
    pub bytes: BoxStream<'static, std::io::Result<Bytes>>,
    /// The first byte and the one behind the last.
    pub range: std::ops::Range<u64>,
    /// Size of the whole file.
    pub size: u64,
}

/// A file that is being written; it exists once [`FileWrite::finish`] has returned.
pub struct FileWrite {
    upload: WriteMultipart,
    files: Files,
    token: String,
}

impl Files {
    /// Files in the folder `attachments` of a data directory.
    pub fn local(data_dir: &Path) -> Result<Files> {
        let folder = data_dir.join(ATTACHMENTS_FOLDER);
        let failed =
            |source| StoreError::File { what: format!("making the folder {}", folder.display()), source };
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let objects =
            LocalFileSystem::new_with_prefix(&folder).map_err(|e| StoreError::Engine(e.to_string()))?;
        Ok(Files { objects: Arc::new(objects.with_automatic_cleanup(true)), folder: Some(folder.into()) })
    }

    /// Begins to write the file of a token.
    pub async fn write(&self, token: &str) -> Result<FileWrite> {
        let upload = self.objects.put_multipart(&object_path(token)).await.map_err(failed)?;
        let upload = WriteMultipart::new(upload);
        Ok(FileWrite { upload, files: self.clone(), token: token.to_owned() })
    }

    /// Reads a file, or the part of it that is asked for; `None` when it is not there.
    pub async fn read(&self, token: &str, range: Option<GetRange>) -> Result<Option<FileRead>> {
        let options = GetOptions { range, ..GetOptions::default() };
        match self.objects.get_opts(&object_path(token), options).await {
            Ok(found) => Ok(Some(FileRead {
                range: found.range.clone(),
                size: found.meta.size,
                bytes: found.into_stream().map_err(std::io::Error::other).boxed(),
            })),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// Removes a file; one that is not there is as good.
    pub async fn remove(&self, token: &str) -> Result<()> {
        match self.objects.delete(&object_path(token)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    /// The folders with files.
    pub async fn folders(&self) -> Result<Vec<String>> {
        let Some(root) = self.folder.clone() else { return Ok(Vec::new()) };
        local(move || {
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

    /// Files of a folder that were last written to before a moment. The store itself does not list what
    /// unfinished uploads leave, so the folder is read here.
    pub async fn old_files(&self, folder: &str, before: Millis) -> Result<Vec<OldFile>> {
        let Some(root) = self.folder.clone() else { return Ok(Vec::new()) };
        let folder = root.join(folder);
        local(move || {
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

    /// Removes an old file; one that is not there is as good.
    pub async fn remove_old(&self, file: &OldFile) -> Result<()> {
        let Some(root) = self.folder.clone() else { return Ok(()) };
        let path = root.join(folder_of(&file.token)).join(&file.name);
        local(move || match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
        .await
    }

    /// Makes a local file and its folder entry durable; object stores are durable when they answer.
    async fn make_durable(&self, token: &str) -> Result<()> {
        let Some(folder) = self.folder.clone() else { return Ok(()) };
        let file = folder.join(object_path(token).as_ref());
        let synced = tokio::task::spawn_blocking(move || {
            std::fs::File::open(&file)?.sync_all()?;
            let parent = file.parent().unwrap_or(&folder);
            std::fs::File::open(parent)?.sync_all()?;
            std::fs::File::open(&*folder)?.sync_all()
        });
        let synced = synced.await.map_err(|_| StoreError::Closed)?;
        synced.map_err(|source| StoreError::File { what: "making an attachment durable".into(), source })
    }
}

impl FileWrite {
    /// Adds bytes. Waits while too much is on its way to the store.
    pub async fn add(&mut self, bytes: Bytes) -> Result<()> {
        self.upload.wait_for_capacity(2).await.map_err(failed)?;
        self.upload.put(bytes);
        Ok(())
    }

    /// Ends the file; it is durable when this returns.
    pub async fn finish(self) -> Result<()> {
        self.upload.finish().await.map_err(failed)?;
        self.files.make_durable(&self.token).await
    }

    /// Gives the file up.
    pub async fn abort(self) -> Result<()> {
        self.upload.abort().await.map_err(failed)
    }
}

/// Files are spread over 256 folders by the first two digits of their token.
fn object_path(token: &str) -> ObjectPath {
    ObjectPath::from_iter([folder_of(token).as_str(), token])
}

fn folder_of(token: &str) -> String {
    token.chars().take(2).collect()
}

/// Does something with the folder of a local store, off the threads that must not wait.
async fn local<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Closed)?;
    done.map_err(|source| StoreError::File { what: "looking through attachments".into(), source })
}

fn written_at(about: &std::fs::Metadata) -> std::io::Result<Millis> {
    let since_epoch = about.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(Millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)))
}

fn failed(error: object_store::Error) -> StoreError {
    StoreError::Engine(format!("attachments: {error}"))
}
