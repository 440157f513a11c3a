//! Custom properties: flat, 4 KB (sunshine-v2.md §4.2).

use wire::sunshine::types::Metadata;

use super::{At, Checked, Invalid};

/// Checks custom properties that are stored or forwarded as they are; names the field `metadata`.
pub(crate) fn whole(metadata: Option<&Metadata>) -> Checked {
    let checked = metadata.map_or(Ok(()), model::metadata::check);
    checked.map_err(|error| Invalid::new(error.to_string())).at("metadata")
}

/// Checks changes of custom properties, where null removes a key.
pub(crate) fn changes(metadata: &Metadata) -> Checked {
    model::metadata::check_patch(metadata).map_err(|error| Invalid::new(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn object(value: serde_json::Value) -> Metadata {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn null_is_for_changes_only() {
        let removal = object(json!({ "a": null, "b": 1 }));
        assert_eq!(changes(&removal), Ok(()));
        let refusal = whole(Some(&removal)).unwrap_err();
        assert_eq!(refusal.to_string(), r#"metadata: "a": must be a string, a number or a boolean"#);
        assert_eq!(whole(None), Ok(()));
    }

    #[test]
    fn nested_and_large_ones_are_refused() {
        assert!(whole(Some(&object(json!({ "a": [] })))).is_err());
        assert!(changes(&object(json!({ "a": {} }))).is_err());
        assert!(whole(Some(&object(json!({ "a": "x".repeat(4_096) })))).is_err());
    }
}
