//! API keys (sunshine-v2.md §10.2).

use wire::sunshine::limits::DISPLAY_NAME_CHARS_MAX;
use wire::sunshine::types::KeyCreateBody;

use super::{At, Checked, text};

/// The name of a key that is to be made.
pub(crate) fn create(body: KeyCreateBody) -> Checked<String> {
    text::name(&body.display_name, DISPLAY_NAME_CHARS_MAX).at("displayName")?;
    Ok(body.display_name)
}
