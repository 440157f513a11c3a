//! Files in forms (`multipart/form-data`): taken in while they are read.

use std::sync::Arc;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use bytes::{Bytes, BytesMut};
use hub::{Grant, Hub, HubError, Upload, UploadDraft};
use model::record::Attachment;
use multer::{Field, Multipart};

use crate::media_type::{self, Rejected};
use crate::metered::{Cut, Metered};
use crate::pieces::drain;

/// Bytes by which a file's type is told.
const HEAD_BYTES: usize = 4_096;
/// Bytes of a form besides those of its files: what frames the parts, and small fields.
const FRAME_BYTES_MAX: u64 = 64 * 1024;

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// The body is not announced as a form.
    #[error("The body must be of type multipart/form-data with a boundary")]
    NoForm,
    /// The form cannot be read.
    #[error("The form could not be read: {0}")]
    Broken(multer::Error),
    /// No part begins, or one has a header without an end.
    #[error("The form could not be read: no part begins within {0} bytes")]
    NoPart(u64),
    /// The file, or everything in the form, has more bytes than this.
    #[error("The file is larger than {0} bytes")]
    TooLarge(u64),
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// Its type is not taken.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// The hub does not take it.
    #[error(transparent)]
    Hub(#[from] HubError),
}

/// A form, while it is read.
pub struct Form {
    parts: Multipart<'static>,
    /// What the parts are read from.
    body: Arc<Metered>,
    /// Bytes that all its files may still have.
    bytes_left: u64,
    bytes_max: u64,
}

/// A file of a form, while it is read. Its size is counted on the way.
pub struct FormFile<'a> {
    field: Field<'static>,
    form: &'a mut Form,
    /// Bytes that were read ahead.
    head: Option<Bytes>,
}

impl Form {
    /// The form in a body whose files may have `bytes_max` bytes together. Parts that nobody asks for count
    /// as well: the body may have 64 KiB more than that, and no more of it is kept in memory at once.
    ///
    /// # Errors
    /// `NoForm`.
    pub fn open(headers: &HeaderMap, body: Body, bytes_max: u64) -> Result<Form, FormError> {
        let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| FormError::NoForm)?;
        let body = Arc::new(Metered::new(body, bytes_max.saturating_add(FRAME_BYTES_MAX)));
        let parts = Multipart::new(Metered::pieces(&body), boundary);
        Ok(Form { parts, body, bytes_left: bytes_max, bytes_max })
    }

    /// The next file whose part has this name; others are skipped.
    ///
    /// # Errors
    /// `Broken`, `NoPart`, `TooLarge`.
    pub async fn next_file(&mut self, part: &str) -> Result<Option<FormFile<'_>>, FormError> {
        match self.find(part).await {
            Ok(field) => Ok(field.map(|field| FormFile { field, form: self, head: None })),
            Err(refusal) => {
                self.drain().await;
                Err(refusal)
            }
        }
    }

    async fn find(&mut self, part: &str) -> Result<Option<Field<'static>>, FormError> {
        loop {
            // Between parts nothing of the body leaves memory again, so little of it may come.
            self.body.expect_at_most(FRAME_BYTES_MAX);
            let field = self.parts.next_field().await.map_err(|error| self.refusal(error))?;
            self.body.expect_anything();
            let Some(mut field) = field else { return Ok(None) };
            if field.name() == Some(part) {
                return Ok(Some(field));
            }
            while field.chunk().await.map_err(|error| self.refusal(error))?.is_some() {}
        }
    }

    fn refusal(&self, error: multer::Error) -> FormError {
        match &error {
            multer::Error::StreamReadFailed(cause) => match cause.downcast_ref::<Cut>() {
                Some(Cut::Whole) => FormError::TooLarge(self.bytes_max),
                Some(Cut::Frame) => FormError::NoPart(FRAME_BYTES_MAX),
                None => FormError::Broken(error),
            },
            _ => FormError::Broken(error),
        }
    }

    /// Reads what the sender has not sent yet, so that they stay to hear why the form is refused.
    async fn drain(&self) {
        drain(&mut Metered::rest(&self.body), self.bytes_max).await;
    }
}

impl FormFile<'_> {
    /// Judges the file by its name and first bytes, then takes it in. What the sender has not sent yet is
    /// read when it is refused, so that the sender stays to hear why.
    ///
    /// # Errors
    /// All but `NoForm` and `NoPart`.
    pub async fn take(
        mut self,
        hub: &Hub,
        grant: &Grant,
        draft: UploadDraft,
    ) -> Result<Attachment, FormError> {
        let taken = self.upload(hub, grant, draft).await;
        if taken.is_err() {
            self.form.drain().await;
        }
        taken
    }

    async fn upload(
        &mut self,
        hub: &Hub,
        grant: &Grant,
        draft: UploadDraft,
    ) -> Result<Attachment, FormError> {
        let head = self.head().await?;
        if head.is_empty() {
            return Err(FormError::Empty);
        }
        let declared = self.field.content_type().map(|kind| kind.as_ref());
        let (name, media_type) = media_type::judge(self.field.file_name(), declared, &head)?;
        let mut upload = hub.begin_upload(grant, draft).await?;
        if let Err(refusal) = self.copy(&mut upload).await {
            upload.abort().await?;
            return Err(refusal);
        }
        Ok(hub.finish_upload(grant, upload, name, media_type.to_owned()).await?)
    }

    async fn copy(&mut self, upload: &mut Upload) -> Result<(), FormError> {
        while let Some(bytes) = self.next().await? {
            upload.add(bytes).await?;
        }
        Ok(())
    }

    /// Its first bytes, which stay to be read.
    async fn head(&mut self) -> Result<Bytes, FormError> {
        let mut head = BytesMut::new();
        while head.len() < HEAD_BYTES {
            let Some(piece) = self.next().await? else { break };
            head.extend_from_slice(&piece);
        }
        let head = head.freeze();
        self.head = Some(head.clone()).filter(|head| !head.is_empty());
        Ok(head)
    }

    async fn next(&mut self) -> Result<Option<Bytes>, FormError> {
        if let Some(head) = self.head.take() {
            return Ok(Some(head));
        }
        let piece = self.field.chunk().await.map_err(|error| self.form.refusal(error))?;
        let Some(piece) = piece else { return Ok(None) };
        match self.form.bytes_left.checked_sub(piece.len() as u64) {
            Some(left) => self.form.bytes_left = left,
            None => return Err(FormError::TooLarge(self.form.bytes_max)),
        }
        Ok(Some(piece))
    }
}
