//! A plan of a connector becomes a request of the HTTP client.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use channels::{Body, Part, PartSource, Plan};
use http::{HeaderName, HeaderValue, Method, header};
use hub::outbox::Outbox;
use tokio::sync::OwnedSemaphorePermit;

use super::file::{File, FileError, file};
use super::set::ChannelSet;
use crate::http::{AnswerBody, HttpClient, HttpError, HttpErrorKind, RequestPlan, Response, Target};

/// Bytes of a provider's answer that are read.
pub(super) const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// Bytes that come behind a file in its form.
const FORM_END_BYTES: usize = 128;

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

/// A plan that is ready to be carried out: its file, if it has one, is in memory.
pub(super) struct Prepared<'a> {
    client: &'a HttpClient,
    request: RequestPlan,
    /// The room that the file takes.
    _room: Option<OwnedSemaphorePermit>,
}

impl Prepared<'_> {
    /// Carries it out.
    pub(super) async fn send(self) -> Result<Response, PlanError> {
        Ok(self.client.send(self.request).await?)
    }
}

/// Makes a plan ready.
pub(super) async fn prepare<'a>(
    set: &'a ChannelSet,
    outbox: &Outbox,
    plan: Plan,
    timeout: Duration,
) -> Result<Prepared<'a>, PlanError> {
    let client = set.client_for(&plan.url);
    let Requested { request, room } = requested(set, outbox, plan, timeout, ANSWER_BYTES_MAX).await?;
    Ok(Prepared { client, request, _room: room })
}

/// Carries out a plan.
pub(crate) async fn carry_out(
    set: &ChannelSet,
    outbox: &Outbox,
    plan: Plan,
    timeout: Duration,
) -> Result<Response, PlanError> {
    prepare(set, outbox, plan, timeout).await?.send().await
}

/// A request, with the room that its file takes.
struct Requested {
    request: RequestPlan,
    room: Option<OwnedSemaphorePermit>,
}

/// The request of a plan without a file, whose answer may have `answer_bytes_max` bytes.
pub(super) async fn request(
    set: &ChannelSet,
    outbox: &Outbox,
    plan: Plan,
    timeout: Duration,
    answer_bytes_max: usize,
) -> Result<RequestPlan, PlanError> {
    requested(set, outbox, plan, timeout, answer_bytes_max).await.map(|requested| requested.request)
}

async fn requested(
    set: &ChannelSet,
    outbox: &Outbox,
    plan: Plan,
    timeout: Duration,
    answer_bytes_max: usize,
) -> Result<Requested, PlanError> {
    let Plan { method, url, headers, body, repeatable, better: _, instead: _ } = plan;
    let target = Target::parse(&url)?;
    let Encoded { content_type, body, room } = encode(set, outbox, body).await?;
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
    Ok(Requested { request, room })
}

/// A body as it is sent.
#[derive(Default)]
struct Encoded {
    content_type: Option<String>,
    body: Bytes,
    /// The room that its file takes.
    room: Option<OwnedSemaphorePermit>,
}

impl Encoded {
    fn of(content_type: &str, body: String) -> Encoded {
        Encoded { content_type: Some(content_type.to_owned()), body: Bytes::from(body), room: None }
    }
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

async fn encode(set: &ChannelSet, outbox: &Outbox, body: Body) -> Result<Encoded, PlanError> {
    Ok(match body {
        Body::Empty => Encoded::default(),
        Body::Json(value) => Encoded::of("application/json", value.to_string()),
        Body::Form(fields) => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(fields);
            Encoded::of("application/x-www-form-urlencoded", form.finish())
        }
        Body::Multipart(parts) => multipart(set, outbox, parts).await?,
    })
}

/// A form; of several files the last one's room is kept.
async fn multipart(set: &ChannelSet, outbox: &Outbox, parts: Vec<Part>) -> Result<Encoded, PlanError> {
    let boundary = format!("crosspoint-{:032x}", rand::random::<u128>());
    let (mut body, mut taken) = (Vec::new(), None);
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
                let File { bytes, media_type: found, room } = file(set, outbox, &url).await?;
                taken = room;
                let media_type =
                    media_type.or(found).unwrap_or_else(|| "application/octet-stream".to_owned());
                let head = format!(
                    "; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
                    quoted(&name),
                    media_type.replace(['\r', '\n'], "")
                );
                body.reserve_exact(head.len() + bytes.len() + FORM_END_BYTES);
                body.extend_from_slice(head.as_bytes());
                body.extend_from_slice(&bytes);
            }
        }
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let content_type = Some(format!("multipart/form-data; boundary={boundary}"));
    Ok(Encoded { content_type, body: Bytes::from(body), room: taken })
}

/// A name inside the quotes of a form's header, as browsers write it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
