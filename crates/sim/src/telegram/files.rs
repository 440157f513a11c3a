//! Files that customers have sent (channels.md §4.2).

use serde_json::json;

use crate::http::{Refusal, Reply};
use crate::media::file;
use crate::shared::Handle;

use super::errors::{bad, not_found, unauthorized};
use super::ok;
use super::params::Params;

/// Larger files cannot be loaded by bots.
const DOWNLOAD_MAX: usize = 20 * 1024 * 1024;

/// `getFile`.
pub(super) fn get_file(shared: &Handle, params: &Params) -> Result<Reply, Refusal> {
    let id = params.text("file_id");
    if id.is_empty() {
        return Err(bad("telegram.file.id", "file_id not specified"));
    }
    let stored = shared.look(|world| world.files.get(&id).cloned());
    let stored = stored
        .ok_or_else(|| bad("telegram.file.id", "wrong file_id or the file is temporarily unavailable"))?;
    if stored.bytes.len() > DOWNLOAD_MAX {
        return Err(bad("telegram.file.size", "file is too big"));
    }
    let unique: String = id.chars().rev().take(12).collect();
    Ok(ok(&json!({
        "file_id": id, "file_unique_id": unique, "file_size": stored.bytes.len(), "file_path": format!("files/{id}"),
    })))
}

/// `GET /file/bot<TOKEN>/<file_path>`.
pub(super) fn download(shared: &Handle, bot: &str, path: &str) -> Result<Reply, Refusal> {
    let token = bot.strip_prefix("bot").ok_or_else(not_found)?;
    if !shared.look(|world| world.bots.iter().any(|state| state.bot.token == token)) {
        return Err(unauthorized("there is no such token"));
    }
    let id = path.strip_prefix("files/").ok_or_else(not_found)?;
    let stored = shared.look(|world| world.files.get(id).cloned()).ok_or_else(not_found)?;
    Ok(file(&stored))
}
