//! A plan of a connector becomes a request of the HTTP client.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use channels::{Body, Part, PartSource, Plan};
use http::{HeaderName, HeaderValue, Method, header};
use hub::outbox::Outbox;

use super::file::{FileError, file};
use super::set::ChannelSet;
use crate::http::{AnswerBody, HttpError, HttpErrorKind, RequestPlan, Response, Target};

/// Bytes of a provider's answer that are read.
pub(super) const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// Bytes a millisecond that a request with a file is given time for, beside that for any request.
const UPLOAD_BYTES_PER_MS: usize = 256;

/// Why a plan has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlanError {
    /// The request could not be made, or was not answered.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// A file that belongs into it could not be had; it was not made.
    #[error(transparent)]
    File(#[from] FileError),
}

impl PlanError {
    /// One word, for people who must not see more.
    pub(crate) fn word(&self) -> impl fmt::Display {
        match self {
            PlanError::Http(error) => error.kind.as_str(),
            PlanError::File(_) => "file",
        }
    }
}

/// Carries out a plan.
pub(crate) async fn carry_out(
    set: &ChannelSet,
    outbox: &Outbox,
    plan: Plan,
    timeout: Duration,
) -> Result<Response, PlanError> {
    let client = set.client_for(&plan.url);
    let request = request(set, outbox, plan, timeout, ANSWER_BYTES_MAX).await?;
    Ok(client.send(request).await?)
}

/// The request of a plan whose answer may have `answer_bytes_max` bytes.
pub(super) async fn request(
    set: &ChannelSet,
    outbox: &Outbox,
    plan: Plan,
    timeout: Duration,
    answer_bytes_max: usize,
) -> Result<RequestPlan, PlanError> {
    let Plan { method, url, headers, body, repeatable, better: _ } = plan;
    let target = Target::parse(&url)?;
    let (content_type, body) = encode(set, outbox, body).await?;
    let mut request = RequestPlan {
        timeout: timeout + upload_time(body.len()),
        answer_body: AnswerBody::Whole,
        repeatable: repeatable || method == Method::GET,
        method,
        body,
        ..RequestPlan::get(target, answer_bytes_max)
    };
    if let Some(content_type) = content_type {
        request.headers.insert(header::CONTENT_TYPE, header_value(&content_type)?);
    }
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad("a header's name"))?;
        let mut value = header_value(&value)?;
        value.set_sensitive(true);
        request.headers.insert(name, value);
    }
    Ok(request)
}

/// The time that sending a body may take besides.
fn upload_time(bytes: usize) -> Duration {
    Duration::from_millis((bytes / UPLOAD_BYTES_PER_MS) as u64)
}

fn header_value(text: &str) -> Result<HeaderValue, HttpError> {
    HeaderValue::from_str(text).map_err(|_| bad("a header's value"))
}

/// A plan that no request can be made of.
fn bad(what: &'static str) -> HttpError {
    HttpError::new(HttpErrorKind::BadUrl, what)
}

async fn encode(set: &ChannelSet, outbox: &Outbox, body: Body) -> Result<(Option<String>, Bytes), PlanError> {
    Ok(match body {
        Body::Empty => (None, Bytes::new()),
        Body::Json(value) => (Some("application/json".to_owned()), Bytes::from(value.to_string())),
        Body::Form(fields) => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(fields);
            (Some("application/x-www-form-urlencoded".to_owned()), Bytes::from(form.finish()))
        }
        Body::Multipart(parts) => multipart(set, outbox, parts).await?,
    })
}

async fn multipart(
    set: &ChannelSet,
    outbox: &Outbox,
    parts: Vec<Part>,
) -> Result<(Option<String>, Bytes), PlanError> {
    let boundary = format!("crosspoint-{:032x}", rand::random::<u128>());
    let mut body = Vec::new();
    for Part { name, source } in parts {
        body.extend_from_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(&name)).as_bytes(),
        );
        match source {
            PartSource::Text(text) => {
                body.extend_from_slice(b"\r\n\r\n");
                body.extend_from_slice(text.as_bytes());
            }
            PartSource::File { url, name, media_type } => {
                let (bytes, found) = file(set, outbox, &url).await?;
                let media_type =
                    media_type.or(found).unwrap_or_else(|| "application/octet-stream".to_owned());
                let head = format!(
                    "; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
                    quoted(&name),
                    media_type.replace(['\r', '\n'], "")
                );
                body.extend_from_slice(head.as_bytes());
                body.extend_from_slice(&bytes);
            }
        }
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok((Some(format!("multipart/form-data; boundary={boundary}")), Bytes::from(body)))
}

/// A name inside the quotes of a form's header, as browsers write it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
