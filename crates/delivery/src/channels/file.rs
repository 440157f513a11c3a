//! A file that goes out as a part of a form: one of our attachments, or one at an address of the author's.

use std::time::Duration;

use bytes::Bytes;
use channels::kit::provider::is_passing;
use http::{StatusCode, header};
use hub::outbox::Outbox;
use model::limits::INBOUND_MEDIUM_BYTES_MAX;

use super::set::ChannelSet;
use crate::http::{HttpError, HttpErrorKind, Target};

/// For fetching a file elsewhere.
const TIMEOUT: Duration = Duration::from_secs(30);

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

/// The bytes behind an address, and their type if it is told.
pub(super) async fn file(
    set: &ChannelSet,
    outbox: &Outbox,
    url: &str,
) -> Result<(Bytes, Option<String>), FileError> {
    match outbox.own_file(url, INBOUND_MEDIUM_BYTES_MAX).await {
        Ok(Some((bytes, media_type))) => return Ok((bytes, Some(media_type))),
        Ok(None) => {}
        Err(error) => {
            tracing::warn!(%error, "an attachment could not be read for a channel");
            let text = "an attachment could not be read".to_owned();
            return Err(FileError { text, trouble: FileTrouble::Ours });
        }
    }
    let unsent = |error: HttpError| not_fetched(url, &error.to_string(), of_error(error.kind));
    let target = Target::parse(url).map_err(unsent)?;
    let got = set.client_for(url).get_limited(target, INBOUND_MEDIUM_BYTES_MAX, TIMEOUT).await;
    let answer = got.map_err(unsent)?;
    if !answer.status.is_success() {
        let why = format!("its server answered {}", answer.status.as_u16());
        return Err(not_fetched(url, &why, of_status(answer.status)));
    }
    let media_type = answer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.map(str::to_owned);
    Ok((answer.body, media_type))
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
    fn a_text_names_the_host_and_no_more() {
        let error = not_fetched("https://ann:pw@a.example/x.txt?key=1", "no", FileTrouble::Passing);
        assert_eq!(error.to_string(), "the file of the message at a.example could not be fetched: no");
    }
}
