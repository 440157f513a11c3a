//! Media: fetched from where a message says, as the providers do, and served to whoever may load them.

use bytes::Bytes;

use crate::http::client::reaches_loopback;
use crate::http::{Incoming, Reply};
use crate::shared::Shared;
use crate::world::Stored;

/// What a provider found behind an address.
#[derive(Clone, Debug)]
pub(crate) enum Fetched {
    /// A file.
    File { content_type: String, bytes: Bytes },
    /// The address is not on this machine: taken as it is.
    Elsewhere,
    /// Nothing that can be used.
    Failed(String),
}

/// Fetches a medium as a provider would.
pub(crate) async fn fetch(shared: &Shared, url: &str) -> Fetched {
    if !reaches_loopback(url) {
        return Fetched::Elsewhere;
    }
    match shared.client.get(url, shared.callback_timeout()).await {
        Ok(answer) if answer.status == 200 => {
            let given = answer.headers.get("content-type").and_then(|value| value.to_str().ok());
            let content_type =
                given.map(|given| given.split(';').next().unwrap_or_default().trim().to_owned());
            let content_type = content_type.unwrap_or_else(|| looks_like(&answer.body).to_owned());
            Fetched::File { content_type, bytes: answer.body }
        }
        Ok(answer) => Fetched::Failed(format!("{url} answers {}", answer.status)),
        Err(why) => Fetched::Failed(format!("{url}: {why}")),
    }
}

/// The MIME type that bytes look like.
pub(crate) fn looks_like(bytes: &[u8]) -> &'static str {
    infer::get(bytes).map_or("application/octet-stream", |kind| kind.mime_type())
}

/// A small picture, for customers who have none at hand.
pub(crate) fn small_picture() -> Bytes {
    const PNG: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    crate::ids::base64_bytes(PNG).map(Bytes::from).unwrap_or_default()
}

/// `GET /media/{token}`: what a provider's storage host serves to whoever knows the address.
pub(crate) fn serve(shared: &Shared, request: &Incoming) -> Reply {
    let stored =
        request.segments.get(1).and_then(|token| shared.look(|world| world.files.get(token).cloned()));
    match stored {
        Some(stored) => file(&stored),
        None => Reply::empty(404),
    }
}

/// A stored file as an answer.
pub(crate) fn file(stored: &Stored) -> Reply {
    let reply = Reply::bytes(stored.content_type.clone(), stored.bytes.clone());
    match &stored.name {
        Some(name) => {
            let plain = name.chars().map(|c| if c.is_ascii_graphic() && c != '"' { c } else { '_' });
            reply.header("content-disposition", format!("inline; filename=\"{}\"", plain.collect::<String>()))
        }
        None => reply,
    }
}
