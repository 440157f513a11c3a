//! Metadata: small flat objects that belong to the business (sunshine-v2.md §4.2, §4.5).

use serde_json::{Map, Value};

/// Bytes of a whole object as compact JSON, keys and values counted.
pub const METADATA_BYTES_MAX: usize = 4_096;

/// Why an object is no metadata.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// A value is not a string, a number or a boolean. Null is one only in a patch.
    #[error("{key:?}: must be a string, a number or a boolean")]
    NotFlat {
        /// The first key with such a value.
        key: String,
    },
    /// More than [`METADATA_BYTES_MAX`].
    #[error("must not be larger than {METADATA_BYTES_MAX} bytes, has {bytes}")]
    TooLarge {
        /// Bytes of compact JSON that it has.
        bytes: usize,
    },
}

/// A text or number as text: providers' ids come as both.
pub fn id_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Checks an object that is stored or forwarded as it is: flat, and small enough.
pub fn check(metadata: &Map<String, Value>) -> Result<(), MetadataError> {
    check_flat(metadata, false)?;
    check_bytes(compact_bytes(metadata))
}

/// Checks a patch: as [`check`], but null is allowed. Its size is that of what it sets; the size of
/// the result is checked by [`merge`].
pub fn check_patch(patch: &Map<String, Value>) -> Result<(), MetadataError> {
    check_flat(patch, true)?;
    check_bytes(bytes_of(patch.iter().filter(|(_, value)| !value.is_null())))
}

/// The object after a patch, key by key: null removes a key, another value sets it. Keys keep their
/// places, new ones follow. Refused when the patch is none or the result is too large.
pub fn merge(
    current: &Map<String, Value>,
    patch: &Map<String, Value>,
) -> Result<Map<String, Value>, MetadataError> {
    check_flat(patch, true)?;
    let mut merged: Map<String, Value> = current
        .iter()
        .map(|(key, value)| (key, patch.get(key).unwrap_or(value)))
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let added = patch.iter().filter(|(key, value)| !value.is_null() && !current.contains_key(*key));
    merged.extend(added.map(|(key, value)| (key.clone(), value.clone())));
    check_bytes(compact_bytes(&merged))?;
    Ok(merged)
}

/// Unites the metadata of two users that became one. The surviving user's values win on equal keys;
/// what of the other's finds no room any more is in the second object.
pub fn union(
    surviving: &Map<String, Value>,
    discarded: &Map<String, Value>,
) -> (Map<String, Value>, Map<String, Value>) {
    let mut merged = surviving.clone();
    let mut dropped = Map::new();
    let mut bytes = compact_bytes(surviving);
    for (key, value) in discarded.iter().filter(|(key, _)| !surviving.contains_key(*key)) {
        let comma = usize::from(!merged.is_empty());
        let with_entry = bytes + comma + entry_bytes(key, value);
        if with_entry <= METADATA_BYTES_MAX {
            bytes = with_entry;
            merged.insert(key.clone(), value.clone());
        } else {
            dropped.insert(key.clone(), value.clone());
        }
    }
    (merged, dropped)
}

/// Bytes of an object as compact JSON.
pub fn compact_bytes(metadata: &Map<String, Value>) -> usize {
    bytes_of(metadata.iter())
}

fn check_flat(metadata: &Map<String, Value>, null_allowed: bool) -> Result<(), MetadataError> {
    let fits = |value: &Value| match value {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => true,
        Value::Null => null_allowed,
        Value::Array(_) | Value::Object(_) => false,
    };
    match metadata.iter().find(|(_, value)| !fits(value)) {
        Some((key, _)) => Err(MetadataError::NotFlat { key: key.clone() }),
        None => Ok(()),
    }
}

fn check_bytes(bytes: usize) -> Result<(), MetadataError> {
    if bytes > METADATA_BYTES_MAX { Err(MetadataError::TooLarge { bytes }) } else { Ok(()) }
}

fn bytes_of<'a>(entries: impl Iterator<Item = (&'a String, &'a Value)>) -> usize {
    const BRACES: usize = 2;
    let (count, sum) =
        entries.fold((0usize, 0), |(count, sum), (key, value)| (count + 1, sum + entry_bytes(key, value)));
    BRACES + sum + count.saturating_sub(1)
}

/// Bytes of `"key":value`.
fn entry_bytes(key: &str, value: &Value) -> usize {
    Value::from(key).to_string().len() + 1 + value.to_string().len()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    /// An object of exactly this many bytes: `{"k":"x…"}`.
    fn sized(key: &str, bytes: usize) -> Map<String, Value> {
        object(json!({ key: "x".repeat(bytes - 7 - key.len()) }))
    }

    fn too_large(bytes: usize) -> MetadataError {
        MetadataError::TooLarge { bytes }
    }

    #[test]
    fn flat_values_are_strings_numbers_and_booleans() {
        assert_eq!(check(&object(json!({}))), Ok(()));
        assert_eq!(check(&object(json!({ "a": "", "b": -1.5, "c": true, "": 0 }))), Ok(()));
        for value in [json!(null), json!([]), json!({}), json!(["a"]), json!({ "a": 1 })] {
            let metadata = object(json!({ "fine": 1, "odd": value }));
            assert_eq!(check(&metadata), Err(MetadataError::NotFlat { key: "odd".to_owned() }));
        }
    }

    #[test]
    fn a_patch_may_hold_null_but_nothing_nested() {
        assert_eq!(check_patch(&object(json!({ "a": null, "b": 1 }))), Ok(()));
        let nested = object(json!({ "a": { "b": null } }));
        assert_eq!(check_patch(&nested), Err(MetadataError::NotFlat { key: "a".to_owned() }));
        assert_eq!(merge(&Map::new(), &nested), Err(MetadataError::NotFlat { key: "a".to_owned() }));
    }

    #[test]
    fn the_limit_is_4096_bytes_of_compact_json() {
        assert_eq!(check(&sized("k", 4_096)), Ok(()));
        assert_eq!(check(&sized("k", 4_097)), Err(too_large(4_097)));
        assert_eq!(check_patch(&sized("k", 4_096)), Ok(()));
        assert_eq!(check_patch(&sized("k", 4_097)), Err(too_large(4_097)));
        // Bytes, not characters; escapes as they are written.
        assert_eq!(compact_bytes(&object(json!({ "é": "日\n" }))), r#"{"é":"日\n"}"#.len());
    }

    #[test]
    fn removals_do_not_count_in_the_size_of_a_patch() {
        let mut patch = sized("k", 4_096);
        patch.insert("gone".to_owned(), Value::Null);
        assert_eq!(check_patch(&patch), Ok(()));
    }

    #[test]
    fn merging_goes_key_by_key() {
        let current = object(json!({ "a": 1, "b": "two", "c": true }));
        let merged = merge(&current, &object(json!({ "b": null, "c": false, "d": 4, "e": null }))).unwrap();
        assert_eq!(serde_json::to_string(&merged).unwrap(), r#"{"a":1,"c":false,"d":4}"#);
        assert_eq!(merge(&current, &Map::new()), Ok(current));
    }

    #[test]
    fn a_merge_that_grows_too_large_is_refused() {
        let current = sized("k", 4_090);
        let fits = merge(&current, &object(json!({ "a": 1 }))).unwrap();
        assert_eq!(compact_bytes(&fits), 4_096);
        assert_eq!(merge(&current, &object(json!({ "a": 10 }))), Err(too_large(4_097)));
        assert_eq!(merge(&current, &object(json!({ "k": null, "a": 10 }))).unwrap().len(), 1);
    }

    #[test]
    fn the_surviving_user_wins_and_the_rest_is_listed() {
        let surviving = object(json!({ "a": "mine" }));
        let discarded = object(json!({ "a": "lost", "b": "kept" }));
        let (merged, dropped) = union(&surviving, &discarded);
        assert_eq!(Value::from(merged), json!({ "a": "mine", "b": "kept" }));
        assert!(dropped.is_empty());

        let (merged, dropped) = union(&sized("k", 4_090), &object(json!({ "big": "xx", "a": 1 })));
        assert_eq!(compact_bytes(&merged), 4_096);
        assert_eq!(Value::from(dropped), json!({ "big": "xx" }));
    }

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            ".{0,30}".prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e300..1e300f64).prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
        ]
    }

    fn metadata(entries: usize) -> impl Strategy<Value = Map<String, Value>> {
        prop::collection::vec((".{0,12}", value()), 0..entries).prop_map(Map::from_iter)
    }

    proptest! {
        #[test]
        fn bytes_are_those_of_compact_json(metadata in metadata(20)) {
            prop_assert_eq!(compact_bytes(&metadata), serde_json::to_string(&metadata).unwrap().len());
        }

        #[test]
        fn a_union_fits_and_loses_nothing_silently(
            surviving in metadata(20),
            discarded in metadata(200),
        ) {
            prop_assume!(compact_bytes(&surviving) <= METADATA_BYTES_MAX);
            let (merged, dropped) = union(&surviving, &discarded);
            prop_assert!(compact_bytes(&merged) <= METADATA_BYTES_MAX);
            for (key, value) in &surviving {
                prop_assert_eq!(merged.get(key), Some(value));
            }
            for (key, value) in discarded.iter().filter(|(key, _)| !surviving.contains_key(*key)) {
                prop_assert!((merged.get(key) == Some(value)) != (dropped.get(key) == Some(value)));
            }
            prop_assert!(dropped.keys().all(|key| !merged.contains_key(key)));
        }

        #[test]
        fn merging_twice_is_merging_once(current in metadata(10), patch in metadata(10), gone in ".{0,12}") {
            let mut patch = patch;
            patch.insert(gone, Value::Null);
            if let Ok(once) = merge(&current, &patch) {
                prop_assert_eq!(merge(&once, &patch), Ok(once.clone()));
                prop_assert!(once.values().all(|value| !value.is_null()));
            }
        }
    }
}
