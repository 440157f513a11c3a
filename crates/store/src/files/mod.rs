//! The bytes of attachments, through the `object_store` crate: a folder of the data directory, or a
//! bucket of S3. Both have the same names, so that a folder can be copied into a bucket and back.

mod bucket;
mod folder;
mod upload;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use model::Millis;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{GetOptions, GetRange, ObjectStore};

pub use bucket::{BucketSettings, BucketTrouble, TroubleKind};
pub use upload::FileWrite;

use crate::error::{Result, StoreError};

/// The folder of a data directory in which a local store keeps the bytes of attachments.
pub const ATTACHMENTS_FOLDER: &str = "attachments";

/// Digits of a token that name its folder.
const FOLDER_DIGITS: usize = 2;
/// Files of a bucket that are removed at the same time.
const REMOVALS_MAX: usize = 8;

/// Where the bytes of attachments are. Clones share it.
#[derive(Clone)]
pub struct Files {
    objects: Arc<dyn ObjectStore>,
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    /// A folder, whose entries are made durable by us.
    Folder(Arc<Path>),
    /// A bucket with the address that its owner knows it by; it is durable when it answers.
    #[cfg_attr(not(feature = "s3"), allow(dead_code, reason = "only the client of S3 makes one"))]
    Bucket(Arc<str>),
}

/// What holds the objects has the keys of the bucket in it: it is not shown.
impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Files").field(&self.place).finish()
    }
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

impl Files {
    /// Files in the folder `attachments` of a data directory.
    pub fn local(data_dir: &Path) -> Result<Files> {
        let folder = data_dir.join(ATTACHMENTS_FOLDER);
        let failed =
            |source| StoreError::File { what: format!("making the folder {}", folder.display()), source };
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let objects =
            LocalFileSystem::new_with_prefix(&folder).map_err(|e| StoreError::Engine(e.to_string()))?;
        let objects = Arc::new(objects.with_automatic_cleanup(true));
        Ok(Files { objects, place: Place::Folder(folder.into()) })
    }

    /// The folder, if it is one.
    pub fn folder(&self) -> Option<&Path> {
        match &self.place {
            Place::Folder(folder) => Some(folder),
            Place::Bucket(_) => None,
        }
    }

    /// Begins to write the file of a token.
    pub fn write(&self, token: &str) -> FileWrite {
        FileWrite::new(self.clone(), token)
    }

    /// Reads a file, or the part of it that is asked for; `None` when it is not there.
    pub async fn read(&self, token: &str, range: Option<GetRange>) -> Result<Option<FileRead>> {
        let options = GetOptions { range, ..GetOptions::default() };
        let path = object_path(token);
        let Some(found) = self.there(self.objects.get_opts(&path, options)).await? else { return Ok(None) };
        let (range, size) = (found.range.clone(), found.meta.size);
        let bytes = found.into_stream().map_err(std::io::Error::other).boxed();
        let bytes = if self.folder().is_some() { bytes } else { bucket::patient(bytes) };
        Ok(Some(FileRead { bytes, range, size }))
    }

    /// Bytes of a file; `None` when it is not there.
    pub async fn size(&self, token: &str) -> Result<Option<u64>> {
        let path = object_path(token);
        Ok(self.there(self.objects.head(&path)).await?.map(|about| about.size))
    }

    /// Removes a file; one that is not there is as good.
    pub async fn remove(&self, token: &str) -> Result<()> {
        let path = object_path(token);
        self.there(self.objects.delete(&path)).await.map(|_| ())
    }

    /// Removes files; those that are not there are as good. Gives those that could not be removed, by their
    /// place in `tokens`, and why.
    ///
    /// # Errors
    /// A bucket that does not answer: no more is asked of it.
    pub async fn remove_all(&self, tokens: &[String]) -> Result<Vec<(usize, String)>> {
        // The tasks own what they work on: a borrowing stream is not `Send` for every lifetime.
        let removals = tokens.iter().enumerate().map(|(place, token)| (place, self.clone(), token.clone()));
        let mut removals = stream::iter(removals.collect::<Vec<_>>())
            .map(|(place, files, token)| async move { (place, files.remove_one(&token).await) })
            .buffer_unordered(REMOVALS_MAX);
        let mut left = Vec::new();
        while let Some((place, removed)) = removals.next().await {
            if let Some(why) = removed? {
                left.push((place, why));
            }
        }
        Ok(left)
    }

    /// Removes one of several files; gives why it alone could not be removed.
    async fn remove_one(&self, token: &str) -> Result<Option<String>> {
        let path = object_path(token);
        match self.ask(bucket::ANSWER_TIME_MAX, self.objects.delete(&path)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => match &self.place {
                Place::Folder(_) => Ok(Some(error.to_string())),
                Place::Bucket(_) => match bucket::trouble("removing", &error) {
                    trouble if trouble.kind == TroubleKind::Unreachable => Err(self.failed(error)),
                    trouble => Ok(Some(trouble.said)),
                },
            },
        }
    }

    /// The folders with files.
    pub async fn folders(&self) -> Result<Vec<String>> {
        match &self.place {
            Place::Folder(root) => folder::folders(root.clone()).await,
            Place::Bucket(_) => self.bucket_folders().await,
        }
    }

    /// Files of a folder that were last written to before a moment.
    pub async fn old_files(&self, folder: &str, before: Millis) -> Result<Vec<OldFile>> {
        match &self.place {
            Place::Folder(root) => folder::old_files(root.join(folder), before).await,
            Place::Bucket(_) => self.old_objects(folder, before).await,
        }
    }

    /// Removes an old file; one that is not there is as good.
    pub async fn remove_old(&self, file: &OldFile) -> Result<()> {
        match &self.place {
            Place::Folder(root) => folder::remove(root.join(folder_of(&file.token)).join(&file.name)).await,
            Place::Bucket(_) => self.remove(&file.token).await,
        }
    }

    /// Makes a local file and its folder entry durable; a bucket is durable when it answers.
    async fn make_durable(&self, token: &str) -> Result<()> {
        match &self.place {
            Place::Folder(folder) => folder::sync(folder.clone(), object_path(token)).await,
            Place::Bucket(_) => Ok(()),
        }
    }

    /// What an object store answers, in the time that it has for it.
    async fn ask<T>(
        &self,
        time_max: Duration,
        question: impl Future<Output = object_store::Result<T>>,
    ) -> object_store::Result<T> {
        match &self.place {
            Place::Folder(_) => question.await,
            Place::Bucket(_) => bucket::in_time(time_max, question).await,
        }
    }

    /// The same for a thing that need not be there.
    async fn there<T>(&self, question: impl Future<Output = object_store::Result<T>>) -> Result<Option<T>> {
        match self.ask(bucket::ANSWER_TIME_MAX, question).await {
            Ok(found) => Ok(Some(found)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// A bucket that does not answer may do so again: whoever asked is told to come back.
    fn failed(&self, error: object_store::Error) -> StoreError {
        match &self.place {
            Place::Folder(_) => StoreError::Engine(format!("attachments: {error}")),
            Place::Bucket(url) => bucket::away(url, &error),
        }
    }
}

/// Files are spread over 256 folders by the first two digits of their token.
fn object_path(token: &str) -> ObjectPath {
    ObjectPath::from_iter([folder_of(token).as_str(), token])
}

/// The name of a token's file, below the folder of attachments or the prefix of a bucket.
pub fn file_name(token: &str) -> String {
    object_path(token).into()
}

fn folder_of(token: &str) -> String {
    token.chars().take(FOLDER_DIGITS).collect()
}

#[cfg(test)]
mod tests;
