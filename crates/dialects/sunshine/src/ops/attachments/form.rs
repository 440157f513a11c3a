//! The form of an upload: its one part is the file (sunshine-v2.md §7.1, §7.2).

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use bytes::{Bytes, BytesMut};
use multer::{Field, Multipart};

use crate::http::body::forget;
use crate::http::error::{ApiError, Result};

/// The name of the part that is the file.
const FILE_PART: &str = "source";
/// Bytes by which a file's type is told.
const HEAD_BYTES: usize = 4_096;

/// The file of a form, while it is read. Its size is counted on the way.
pub(super) struct FormFile {
    field: Field<'static>,
    /// Bytes that were read ahead.
    head: Option<Bytes>,
    bytes_left: u64,
    bytes_max: u64,
}

impl FormFile {
    /// The file in a body; other parts in front of it are skipped.
    ///
    /// # Errors
    /// 415 for a body that is no form, 400 for one without the file.
    pub(super) async fn open(headers: &HeaderMap, body: Body, bytes_max: u64) -> Result<FormFile> {
        let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| {
            ApiError::unsupported_media_type("The body must be of type multipart/form-data with a boundary")
        })?;
        let mut form = Multipart::new(body.into_data_stream(), boundary);
        while let Some(field) = form.next_field().await.map_err(broken)? {
            if field.name() == Some(FILE_PART) {
                return Ok(FormFile { field, head: None, bytes_left: bytes_max, bytes_max });
            }
        }
        Err(ApiError::bad_request(format!("{FILE_PART}: is required")))
    }

    /// The name that the sender gave it.
    pub(super) fn name(&self) -> Option<&str> {
        self.field.file_name()
    }

    /// The type that the sender says.
    pub(super) fn declared_type(&self) -> Option<&str> {
        self.field.content_type().map(|kind| kind.as_ref())
    }

    /// Its first bytes, which stay to be read.
    pub(super) async fn head(&mut self) -> Result<Bytes> {
        let mut head = BytesMut::new();
        while head.len() < HEAD_BYTES {
            let Some(piece) = self.next().await? else { break };
            head.extend_from_slice(&piece);
        }
        let head = head.freeze();
        self.head = Some(head.clone()).filter(|head| !head.is_empty());
        Ok(head)
    }

    /// The next bytes.
    ///
    /// # Errors
    /// 413 as soon as there are too many.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>> {
        if let Some(head) = self.head.take() {
            return Ok(Some(head));
        }
        let Some(piece) = self.field.chunk().await.map_err(broken)? else { return Ok(None) };
        match self.bytes_left.checked_sub(piece.len() as u64) {
            Some(left) => self.bytes_left = left,
            None => return Err(ApiError::too_large(self.bytes_max)),
        }
        Ok(Some(piece))
    }

    /// Reads what the sender has not sent yet, so that it stays to hear the refusal; not for ever.
    pub(super) async fn drain(mut self) {
        forget(&mut self.field, self.bytes_max).await;
    }
}

fn broken(error: multer::Error) -> ApiError {
    ApiError::bad_request(format!("The form could not be read: {error}"))
}
