//! What the messenger asks before the first message: the field `prechatCapture` of type `web`.

use serde_json::Value;
use wire::sunshine::types::{FormField, PrechatCapture};

use super::super::{At, Checked, Invalid, form, text, url};

/// The questions as they are kept: only what the description knows, since strict readers lose a whole
/// list to one wrong field in it (sunshine-v2.md §12.1).
pub(super) fn checked(given: &Value) -> Checked<Value> {
    let read = wire::body::from_value(given);
    let mut capture: PrechatCapture = read.map_err(Invalid::from)?;
    text::opt(capture.avatar_url.as_ref(), url::web).at("avatarUrl")?;
    for (index, field) in capture.fields.iter_mut().flatten().enumerate() {
        form::field(field.clone()).nth("fields", index)?;
        *field = FormField { text: None, email: None, select: None, ..field.clone() };
    }
    serde_json::to_value(capture).map_err(|error| Invalid::new(error.to_string()))
}
