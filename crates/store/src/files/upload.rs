//! Writing a file: in one request while it is small, in parts when it is not; never all of a large one
//! in memory.

use bytes::Bytes;
use object_store::{MultipartUpload, ObjectStore as _, PutPayloadMut};
use tokio::task::JoinSet;

use super::bucket::{ANSWER_TIME_MAX, PART_TIME_MAX};
use super::{Files, object_path};
use crate::error::Result;

/// Bytes of a part; S3 takes no smaller ones but the last.
const PART_BYTES: usize = 5 * 1024 * 1024;
/// Parts that are under way at the same time before more bytes are taken.
const PARTS_MAX: usize = 2;

/// A file that is being written; it exists once [`FileWrite::finish`] has returned. What is dropped
/// before leaves nothing.
pub struct FileWrite {
    files: Files,
    token: String,
    /// Bytes that are not under way yet.
    waiting: PutPayloadMut,
    /// Of a file that has become too large for one request.
    parts: Option<Box<dyn MultipartUpload>>,
    running: JoinSet<object_store::Result<()>>,
}

impl FileWrite {
    pub(super) fn new(files: Files, token: &str) -> FileWrite {
        let token = token.to_owned();
        FileWrite { files, token, waiting: PutPayloadMut::new(), parts: None, running: JoinSet::new() }
    }

    /// Adds bytes. Waits while too much is on its way to the store.
    pub async fn add(&mut self, mut bytes: Bytes) -> Result<()> {
        while self.waiting.content_length() + bytes.len() >= PART_BYTES {
            let room = PART_BYTES - self.waiting.content_length();
            self.waiting.push(bytes.split_to(room));
            self.send_part().await?;
        }
        if !bytes.is_empty() {
            self.waiting.push(bytes);
        }
        Ok(())
    }

    /// Ends the file; it is durable when this returns.
    pub async fn finish(mut self) -> Result<()> {
        let finished = match self.parts.is_some() {
            true => self.finish_parts().await,
            false => self.put_whole().await,
        };
        match finished {
            Ok(()) => self.files.make_durable(&self.token).await,
            Err(error) => {
                // What went wrong first is told.
                let _removed_or_dropped = self.abort().await;
                Err(error)
            }
        }
    }

    /// Gives the file up.
    pub async fn abort(mut self) -> Result<()> {
        self.running.shutdown().await;
        match self.parts.take() {
            Some(mut parts) => {
                let aborted = self.files.ask(ANSWER_TIME_MAX, parts.abort()).await;
                aborted.map_err(|error| self.files.failed(error))
            }
            None => Ok(()),
        }
    }

    async fn put_whole(&mut self) -> Result<()> {
        let (path, bytes) = (object_path(&self.token), std::mem::take(&mut self.waiting));
        let put = self.files.ask(PART_TIME_MAX, self.files.objects.put(&path, bytes.freeze())).await;
        put.map(|_| ()).map_err(|error| self.files.failed(error))
    }

    async fn finish_parts(&mut self) -> Result<()> {
        if !self.waiting.is_empty() {
            self.send_part().await?;
        }
        self.wait_for_room(0).await?;
        let Some(parts) = &mut self.parts else { return Ok(()) };
        let ended = self.files.ask(ANSWER_TIME_MAX, parts.complete()).await;
        ended.map_err(|error| self.files.failed(error))?;
        self.parts = None;
        Ok(())
    }

    /// Sends what waits as the next part.
    async fn send_part(&mut self) -> Result<()> {
        self.wait_for_room(PARTS_MAX - 1).await?;
        let path = object_path(&self.token);
        let parts = match &mut self.parts {
            Some(parts) => parts,
            None => {
                let begun = self.files.ask(ANSWER_TIME_MAX, self.files.objects.put_multipart(&path)).await;
                self.parts.insert(begun.map_err(|error| self.files.failed(error))?)
            }
        };
        let part = parts.put_part(std::mem::take(&mut self.waiting).freeze());
        let files = self.files.clone();
        self.running.spawn(async move { files.ask(PART_TIME_MAX, part).await });
        Ok(())
    }

    /// Waits until no more than `left` parts are under way.
    async fn wait_for_room(&mut self, left: usize) -> Result<()> {
        while self.running.len() > left {
            if let Some(Ok(Err(error))) = self.running.join_next().await {
                return Err(self.files.failed(error));
            }
        }
        Ok(())
    }
}

/// The parts of a file whose writer went away would stay, and be paid for, in a bucket.
impl Drop for FileWrite {
    fn drop(&mut self) {
        if let (Some(mut parts), Ok(runtime)) = (self.parts.take(), tokio::runtime::Handle::try_current()) {
            let mut running = std::mem::take(&mut self.running);
            runtime.spawn(async move {
                running.shutdown().await;
                let _lifecycle_rule_removes_them = parts.abort().await;
            });
        }
    }
}
