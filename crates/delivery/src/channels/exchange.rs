//! A plan of a connector becomes a request of the HTTP client.

use std::time::Duration;

use bytes::Bytes;
use channels::{Body, Part, PartSource, Plan};
use http::{HeaderName, HeaderValue, Method, header};
use hub::outbox::Outbox;
use model::limits::INBOUND_MEDIUM_BYTES_MAX;

use super::set::ChannelSet;
use crate::http::{AnswerBody, HttpError, HttpErrorKind, RequestPlan, Response, Target};

/// Bytes of a provider's answer that are read.
const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// For fetching a file that goes out as a part of a form.
const FILE_TIMEOUT: Duration = Duration::from_secs(30);

/// Carries out a plan.
pub(crate) async fn exchange(
    set: &ChannelSet,
    outbox: &Outbox,
    plan: Plan,
    timeout: Duration,
) -> Result<Response, HttpError> {
    let client = set.client_for(&plan.url);
    let request = request(set, outbox, plan, timeout, ANSWER_BYTES_MAX).await?;
    client.send(request).await
}

/// The request of a plan whose answer may have `answer_bytes_max` bytes.
pub(super) async fn request(
    set: &ChannelSet,
    outbox: &Outbox,
    plan: Plan,
    timeout: Duration,
    answer_bytes_max: usize,
) -> Result<RequestPlan, HttpError> {
    let Plan { method, url, headers, body, repeatable, better: _ } = plan;
    let target = Target::parse(&url)?;
    let (content_type, body) = encode(set, outbox, body).await?;
    let mut request = RequestPlan {
        timeout,
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

fn header_value(text: &str) -> Result<HeaderValue, HttpError> {
    HeaderValue::from_str(text).map_err(|_| bad("a header's value"))
}

/// A plan that no request can be made of.
fn bad(what: &'static str) -> HttpError {
    HttpError::new(HttpErrorKind::BadUrl, what)
}

async fn encode(set: &ChannelSet, outbox: &Outbox, body: Body) -> Result<(Option<String>, Bytes), HttpError> {
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
) -> Result<(Option<String>, Bytes), HttpError> {
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

/// The bytes behind an address: one of our attachments, or a file elsewhere.
async fn file(set: &ChannelSet, outbox: &Outbox, url: &str) -> Result<(Bytes, Option<String>), HttpError> {
    match outbox.own_file(url, INBOUND_MEDIUM_BYTES_MAX).await {
        Ok(Some((bytes, media_type))) => return Ok((bytes, Some(media_type))),
        Ok(None) => {}
        Err(error) => {
            tracing::warn!(%error, "an attachment could not be read for a channel");
            return Err(HttpError::new(HttpErrorKind::Closed, "an attachment could not be read"));
        }
    }
    let target = Target::parse(url)?;
    let answer = set.client_for(url).get_limited(target, INBOUND_MEDIUM_BYTES_MAX, FILE_TIMEOUT).await?;
    if !answer.status.is_success() {
        return Err(HttpError::new(HttpErrorKind::BadAnswer, "the file of the message could not be fetched"));
    }
    let media_type = answer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.map(str::to_owned);
    Ok((answer.body, media_type))
}

/// Whether it can never work, however often it is tried.
pub(crate) fn is_hopeless(error: &HttpError) -> bool {
    matches!(error.kind, HttpErrorKind::BadUrl | HttpErrorKind::TooLarge)
}
