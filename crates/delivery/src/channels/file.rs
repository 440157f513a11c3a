//! A file that goes out as a part of a form: one of our attachments, or one at an address of the author's.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use channels::kit::provider::is_passing;
use http::{StatusCode, header};
use hub::outbox::Outbox;
use model::limits::INBOUND_MEDIUM_BYTES_MAX;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::set::ChannelSet;
use crate::http::{HttpError, HttpErrorKind, Target};
use crate::webhooks::{Receiver, Slots};

/// For fetching a file elsewhere.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of all files that wait to be sent or are sent.
const BYTES_MAX: usize = 4 * INBOUND_MEDIUM_BYTES_MAX;
/// Files elsewhere: a half of so many are fetched at once, and of one host a quarter.
const FETCHES_MAX: usize = 16;

/// A file that could not be had; nothing was sent. The text is for the author of the message and names the
/// host of the address alone: the rest may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub(crate) struct FileError {
    text: String,
    /// What is to be expected of another try.
    pub(crate) trouble: FileTrouble,
}

/// What is to be expected of another try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileTrouble {
    /// Nothing: the address leads nowhere.
    Lasting,
    /// Perhaps something, soon: the author's server or its name does not work.
    Passing,
    /// It is our own store.
    Ours,
}

/// A file in memory.
pub(super) struct File {
    pub(super) bytes: Bytes,
    /// Its type, if that is told.
    pub(super) media_type: Option<String>,
    /// The room that it takes, until it was sent.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// Room for the files that go out: they are in memory until they were sent.
pub(super) struct Room {
    kibibytes: Arc<Semaphore>,
    /// For fetching files of unknown size from elsewhere, of one host a part.
    fetches: Slots,
}

impl Default for Room {
    fn default() -> Room {
        Room { kibibytes: Arc::new(Semaphore::new(BYTES_MAX / 1_024)), fetches: Slots::new(FETCHES_MAX) }
    }
}

impl Room {
    /// Waits until there is room for so many bytes.
    async fn take(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let kibibytes = u32::try_from(bytes.min(BYTES_MAX).div_ceil(1_024)).unwrap_or(u32::MAX);
        self.kibibytes.clone().acquire_many_owned(kibibytes).await.ok()
    }
}

/// The file behind an address, once there is room for it.
pub(super) async fn file(set: &ChannelSet, outbox: &Outbox, url: &str) -> Result<File, FileError> {
    match own(set, outbox, url).await {
        Ok(Some(file)) => Ok(file),
        Ok(None) => elsewhere(set, url).await,
        Err(error) => {
            tracing::warn!(%error, "an attachment could not be read for a channel");
            let text = "an attachment could not be read".to_owned();
            Err(FileError { text, trouble: FileTrouble::Ours })
        }
    }
}

async fn own(set: &ChannelSet, outbox: &Outbox, url: &str) -> hub::Result<Option<File>> {
    let Some(own) = outbox.own_file(url, INBOUND_MEDIUM_BYTES_MAX).await? else { return Ok(None) };
    let room = set.room().take(own.size).await;
    let bytes = outbox.own_bytes(&own).await?;
    Ok(bytes.map(|bytes| File { bytes, media_type: Some(own.media_type), room }))
}

async fn elsewhere(set: &ChannelSet, url: &str) -> Result<File, FileError> {
    let unsent = |error: HttpError| not_fetched(url, &error.to_string(), of_error(error.kind));
    let target = Target::parse(url).map_err(unsent)?;
    // Whoever fetches holds at most one file, and those who have one hold room: nobody waits for them here.
    let fetch = set.room().fetches.take(Receiver::Webhook(target.uri().host().unwrap_or_default())).await;
    let got = set.client_for(url).get_limited(target, INBOUND_MEDIUM_BYTES_MAX, TIMEOUT).await;
    let answer = got.map_err(unsent)?;
    if !answer.status.is_success() {
        let why = format!("its server answered {}", answer.status.as_u16());
        return Err(not_fetched(url, &why, of_status(answer.status)));
    }
    let media_type = answer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let (bytes, media_type) = (answer.body, media_type.map(str::to_owned));
    let room = set.room().take(bytes.len()).await;
    drop(fetch);
    Ok(File { bytes, media_type, room })
}

fn not_fetched(url: &str, why: &str, trouble: FileTrouble) -> FileError {
    let url = url::Url::parse(url).ok();
    let host = url.as_ref().and_then(|url| url.host_str()).unwrap_or("an address that is none");
    FileError { text: format!("the file of the message at {host} could not be fetched: {why}"), trouble }
}

fn of_error(kind: HttpErrorKind) -> FileTrouble {
    match kind {
        HttpErrorKind::BadUrl | HttpErrorKind::TooLarge | HttpErrorKind::Refused => FileTrouble::Lasting,
        _ => FileTrouble::Passing,
    }
}

/// Redirects are not followed, so one does not get better either.
fn of_status(status: StatusCode) -> FileTrouble {
    match is_passing(status) {
        true => FileTrouble::Passing,
        false => FileTrouble::Lasting,
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn what_cannot_get_better_is_told_from_what_can() {
        use FileTrouble::{Lasting, Passing};
        for (status, trouble) in
            [(302, Lasting), (400, Lasting), (403, Lasting), (404, Lasting), (410, Lasting)]
                .into_iter()
                .chain([(408, Passing), (429, Passing), (500, Passing), (503, Passing)])
        {
            assert_eq!(StatusCode::from_u16(status).ok().map(of_status), Some(trouble), "{status}");
        }
        for (kind, trouble) in [
            (HttpErrorKind::BadUrl, Lasting),
            (HttpErrorKind::Refused, Lasting),
            (HttpErrorKind::TooLarge, Lasting),
            (HttpErrorKind::Dns, Passing),
            (HttpErrorKind::Connect, Passing),
            (HttpErrorKind::Timeout, Passing),
        ] {
            assert_eq!(of_error(kind), trouble, "{kind}");
        }
    }

    #[test]
    fn files_wait_until_there_is_room_for_them() {
        let room = Room::default();
        let half = || Box::pin(room.take(2 * INBOUND_MEDIUM_BYTES_MAX));
        let held: Vec<_> = (0..2).map(|_| half().now_or_never().flatten().expect("room")).collect();
        let mut waiting = half();
        assert!(waiting.as_mut().now_or_never().is_none());
        assert!(room.take(1).now_or_never().is_none(), "first come, first served");
        drop(held);
        assert!(waiting.as_mut().now_or_never().flatten().is_some());
        assert!(room.take(10 * BYTES_MAX).now_or_never().flatten().is_some(), "nothing waits for ever");
    }

    #[test]
    fn a_text_names_the_host_and_no_more() {
        let error = not_fetched("https://ann:pw@a.example/x.txt?key=1", "no", FileTrouble::Passing);
        assert_eq!(error.to_string(), "the file of the message at a.example could not be fetched: no");
    }
}
