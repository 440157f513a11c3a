//! `GET /attachments/{token}/{name}`: the bytes behind a media URL (sunshine-v2.md §7.4, §7.8, §7.9).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use dialect_sunshine::authenticate_headers;
use http::header::{
    ACCEPT_RANGES, AUTHORIZATION, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_TYPE, ETAG, IF_NONE_MATCH, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use hub::{Bearer, Download, HubError, Thing};
use model::file_name::percent_encoded;
use model::record::{Access, Attachment};
use store::GetRange;

use super::range::{Asked, asked, is_known};
use super::reply;
use super::routes::Shared;

/// The route's name in metrics and log.
pub(super) const NAME: &str = "attachments";

/// Serves an attachment.
pub(super) async fn attachment(
    State(shared): State<Arc<Shared>>,
    method: Method,
    path: Result<Path<(String, String)>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    let caller = match headers.contains_key(AUTHORIZATION) {
        true => authenticate_headers(&shared.hub, &headers).await,
        false => None,
    };
    let answer = match path {
        Ok(Path((token, name))) => {
            let ticket = query.as_deref().and_then(ticket);
            let bearer = Bearer { caller: caller.as_ref(), ticket };
            let wants_all = method == Method::GET && !headers.contains_key(RANGE);
            match wants_all && !headers.contains_key(IF_NONE_MATCH) {
                true => whole(&shared, &token, &name, bearer).await,
                false => perhaps_less(&shared, &token, &name, bearer, &method, &headers).await,
            }
        }
        Err(_) => Err(HubError::NotFound(Thing::Attachment)),
    };
    reply::named(NAME, answer.unwrap_or_else(|error| refusal(&error, caller.is_some())))
}

/// What stands in an address that was made for a provider.
fn ticket(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("ticket="))
}

async fn whole(shared: &Shared, token: &str, name: &str, bearer: Bearer<'_>) -> hub::Result<Response<Body>> {
    let whole = shared.hub.download(token, bearer, None).await?;
    named_so(&whole.attachment, name)?;
    Ok(sent(StatusCode::OK, whole, &tag(token)))
}

/// Looks at the file first, so that no bytes are fetched from a bucket that nobody reads.
async fn perhaps_less(
    shared: &Shared,
    token: &str,
    name: &str,
    bearer: Bearer<'_>,
    method: &Method,
    headers: &HeaderMap,
) -> hub::Result<Response<Body>> {
    let (attachment, size) = shared.hub.describe_download(token, bearer).await?;
    named_so(&attachment, name)?;
    let tag = tag(token);
    if is_known(headers, &tag) {
        return Ok(described(StatusCode::NOT_MODIFIED, &attachment, &tag, Body::empty()));
    }
    // A range has a meaning for GET only (RFC 9110 §14.2).
    if method == Method::HEAD {
        let mut response = described(StatusCode::OK, &attachment, &tag, Body::empty());
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(size));
        return Ok(response);
    }
    match asked(headers, size, &tag) {
        Asked::Whole => Ok(sent(StatusCode::OK, shared.hub.download(token, bearer, None).await?, &tag)),
        Asked::Part(part) => {
            let part = Some(GetRange::Bounded(part));
            let part = shared.hub.download(token, bearer, part).await?;
            let range =
                format!("bytes {}-{}/{}", part.file.range.start, part.file.range.end - 1, part.file.size);
            let mut response = sent(StatusCode::PARTIAL_CONTENT, part, &tag);
            insert(&mut response, CONTENT_RANGE, &range);
            Ok(response)
        }
        Asked::Outside => {
            let title = "The file does not have these bytes";
            let mut response =
                reply::error(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable", title);
            insert(&mut response, CONTENT_RANGE, &format!("bytes */{size}"));
            Ok(response)
        }
    }
}

fn named_so(attachment: &Attachment, name: &str) -> hub::Result<()> {
    match attachment.name == name {
        true => Ok(()),
        false => Err(HubError::NotFound(Thing::Attachment)),
    }
}

/// Bytes never change under a token.
fn tag(token: &str) -> String {
    format!("\"{token}\"")
}

fn sent(status: StatusCode, download: Download, tag: &str) -> Response<Body> {
    let Download { attachment, file } = download;
    let bytes = file.range.end - file.range.start;
    let mut response = described(status, &attachment, tag, Body::from_stream(file.bytes));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(bytes));
    response
}

fn described(status: StatusCode, attachment: &Attachment, tag: &str, body: Body) -> Response<Body> {
    let unknown = HeaderValue::from_static("application/octet-stream");
    let media_type = HeaderValue::from_str(&attachment.media_type).unwrap_or(unknown);
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, media_type);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // Kept, but asked for each time: a deleted attachment is gone at once (§7.6).
    let cache = match attachment.access {
        Access::Public => "public, no-cache",
        Access::Private => "private, no-cache",
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    insert(&mut response, CONTENT_DISPOSITION, &disposition(attachment));
    insert(&mut response, ETAG, tag);
    response
}

/// Only what a browser shows without running anything is shown inline.
fn disposition(attachment: &Attachment) -> String {
    let kind = attachment.media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let media = ["image/", "audio/", "video/"].iter().any(|family| kind.starts_with(family));
    let inline = (media && !kind.starts_with("image/svg")) || kind == "application/pdf";
    let how = if inline { "inline" } else { "attachment" };
    let plain: String =
        attachment.name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    match plain == attachment.name {
        true => format!("{how}; filename=\"{plain}\""),
        false => {
            format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{}", percent_encoded(&attachment.name))
        }
    }
}

fn is_plain(letter: char) -> bool {
    (letter == ' ' || letter.is_ascii_graphic()) && !matches!(letter, '"' | '\\' | '%')
}

fn insert(response: &mut Response<Body>, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Wrong credentials are as good as none (sunshine-v2.md §1.7).
fn refusal(error: &HubError, has_caller: bool) -> Response<Body> {
    match error {
        HubError::NotFound(_) => reply::error(StatusCode::NOT_FOUND, "not_found", "Attachment not found"),
        HubError::Forbidden(_) if !has_caller => {
            let title = "The attachment is private: Authorization is required";
            reply::error(StatusCode::UNAUTHORIZED, "unauthorized", title)
        }
        HubError::Forbidden(_) => reply::error(
            StatusCode::FORBIDDEN,
            "forbidden",
            "The attachment is private, and this key does not open it",
        ),
        HubError::Coming => {
            let mut response =
                reply::error(StatusCode::NOT_FOUND, "not_found", "The file is still being fetched");
            insert(&mut response, http::header::RETRY_AFTER, "1");
            response
        }
        HubError::Busy => {
            let title = "The server is busy; try again shortly";
            let mut response = reply::error(StatusCode::SERVICE_UNAVAILABLE, "service_unavailable", title);
            insert(&mut response, http::header::RETRY_AFTER, "1");
            response
        }
        other => {
            tracing::error!(error = ?other, "an attachment could not be read");
            reply::error(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Internal error")
        }
    }
}

#[cfg(test)]
mod tests {
    use model::record::{AppKey, AttachmentKey};
    use model::{Id, Millis};

    use super::*;

    fn attachment(name: &str, media_type: &str) -> Attachment {
        Attachment {
            key: AttachmentKey::default(),
            id: Id::MIN,
            app: AppKey::default(),
            conversation: None,
            for_message: false,
            token: "0".repeat(32),
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            size: 1,
            access: Access::Public,
            created_at: Millis(0),
        }
    }

    #[test]
    fn only_harmless_media_are_inline() {
        let how = |media_type: &str| disposition(&attachment("a.x", media_type));
        for inline in ["image/png", "audio/mpeg", "video/mp4", "application/pdf", "IMAGE/JPEG"] {
            assert_eq!(how(inline), "inline; filename=\"a.x\"", "{inline}");
        }
        for file in
            ["image/svg+xml", "text/html", "text/plain", "application/zip", "application/octet-stream"]
        {
            assert_eq!(how(file), "attachment; filename=\"a.x\"", "{file}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        let how = disposition(&attachment("a\"\r\nx: ü.png", "image/png"));
        assert_eq!(how, "inline; filename=\"a___x: _.png\"; filename*=UTF-8''a%22%0D%0Ax%3A%20%C3%BC.png");
    }
}
