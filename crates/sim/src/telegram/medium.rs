//! Files that a bot sends: uploaded, known by id, or fetched from an address (channels.md §4.3, §19).

use crate::chat::Medium;
use crate::http::client::is_web_address;
use crate::http::{Refusal, Upload};
use crate::media::{Fetched, fetch};
use crate::shared::Shared;
use crate::world::Stored;

use super::errors::bad;
use super::params::Params;

const MEBIBYTE: usize = 1024 * 1024;
const UPLOAD_MAX: usize = 50 * MEBIBYTE;
/// What is a photo; other pictures are documents.
const PHOTOS: &[&str] = &["image/jpeg", "image/png", "image/webp", "image/gif"];

/// What holds for one kind of file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    name: &'static str,
    /// Largest file behind an address.
    url_max: usize,
    upload_max: usize,
    /// What a file behind an address has to be; empty for anything.
    types: &'static [&'static str],
}

impl Rules {
    pub(super) fn of(name: &'static str) -> Rules {
        let (url_max, upload_max, types): (usize, usize, &[&str]) = match name {
            "photo" => (5 * MEBIBYTE, 10 * MEBIBYTE, PHOTOS),
            "document" => (20 * MEBIBYTE, UPLOAD_MAX, &["application/pdf", "application/zip", "image/gif"]),
            "video" | "animation" => (20 * MEBIBYTE, UPLOAD_MAX, &["video/", "image/gif"]),
            "audio" | "voice" => (20 * MEBIBYTE, UPLOAD_MAX, &["audio/", "application/ogg"]),
            _ => (20 * MEBIBYTE, UPLOAD_MAX, &[]),
        };
        Rules { name, url_max, upload_max, types }
    }
}

/// The file that a reference means: `attach://part`, an address, an id, or the part of the same name.
pub(super) async fn medium(
    shared: &Shared,
    params: &Params,
    reference: &str,
    rules: Rules,
) -> Result<Medium, Refusal> {
    let part = reference.strip_prefix("attach://").unwrap_or(rules.name);
    if (reference.is_empty() || reference.starts_with("attach://"))
        && let Some(file) = params.files.iter().find(|file| file.field == part)
    {
        return upload(shared, file, rules);
    }
    if reference.is_empty() {
        return Err(bad("telegram.file.required", &format!("there is no {} in the request", rules.name)));
    }
    if let Some(known) = shared.look(|world| world.files.get(reference).cloned()) {
        return Ok(Medium { url: format!("/media/{reference}"), content_type: known.content_type });
    }
    if !is_web_address(reference) && !reference.starts_with("http://") {
        return Err(bad("telegram.file.reference", "wrong file identifier/HTTP URL specified"));
    }
    match fetch(shared, reference).await {
        Fetched::Elsewhere => {
            let content_type = if rules.name == "photo" { "image/*" } else { "application/octet-stream" };
            Ok(Medium { url: reference.to_owned(), content_type: content_type.to_owned() })
        }
        Fetched::Failed(_) => Err(bad("telegram.file.fetch", "failed to get HTTP URL content")),
        Fetched::File { content_type, bytes } => {
            if bytes.len() > rules.url_max {
                return Err(bad("telegram.file.size", "file is too big"));
            }
            if !rules.types.is_empty() && !rules.types.iter().any(|known| content_type.starts_with(known)) {
                return Err(bad("telegram.file.type", "wrong type of the web page content"));
            }
            Ok(Medium { url: reference.to_owned(), content_type })
        }
    }
}

fn upload(shared: &Shared, file: &Upload, rules: Rules) -> Result<Medium, Refusal> {
    if file.bytes.is_empty() {
        return Err(bad("telegram.file.empty", "file must be non-empty"));
    }
    if file.bytes.len() > rules.upload_max {
        return Err(bad("telegram.file.size", "file is too big"));
    }
    let content_type = file.content_type.clone().unwrap_or_else(|| "application/octet-stream".to_owned());
    if rules.name == "photo" && !PHOTOS.contains(&crate::media::looks_like(&file.bytes)) {
        return Err(bad("telegram.file.type", "IMAGE_PROCESS_FAILED"));
    }
    let stored =
        Stored { content_type: content_type.clone(), name: file.name.clone(), bytes: file.bytes.clone() };
    let token = shared.with(|world| world.keep(stored));
    Ok(Medium { url: format!("/media/{token}"), content_type })
}
