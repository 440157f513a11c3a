//! Ids as Hubster writes them: GUIDs that stand for our 96-bit ids, reversibly (`model::Id`).

use model::Id;

/// An id that a caller wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// One that we may have given out.
    Ours(Id),
    /// A GUID of another form: well written, and never found.
    Foreign,
}

impl Named {
    /// Reads a GUID, with or without hyphens, or 24 hex digits; anything else is malformed.
    pub(crate) fn read(text: &str) -> Option<Named> {
        if let Ok(id) = text.parse() {
            return Some(Named::Ours(id));
        }
        if let Some(id) = Id::from_guid(text) {
            return Some(Named::Ours(id));
        }
        is_guid(text).then_some(Named::Foreign)
    }

    /// The id, if it may be one of ours.
    pub(crate) fn id(self) -> Option<Id> {
        match self {
            Named::Ours(id) => Some(id),
            Named::Foreign => None,
        }
    }
}

/// 32 hex digits, alone or in groups of 8, 4, 4, 4 and 12.
fn is_guid(text: &str) -> bool {
    let bytes = text.as_bytes();
    let hyphen_at = |at: usize| bytes.len() == 36 && matches!(at, 8 | 13 | 18 | 23);
    let fits =
        |(at, byte): (usize, &u8)| if hyphen_at(at) { *byte == b'-' } else { byte.is_ascii_hexdigit() };
    matches!(bytes.len(), 32 | 36) && bytes.iter().enumerate().all(fits)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_id_survives_as_a_guid_in_every_spelling(time in 0i64..(1 << 47), tail in 0u64..(1 << 48)) {
            let id = Id::from_parts(model::Millis(time), tail);
            let guid = id.to_guid();
            for text in [guid.clone(), guid.to_uppercase(), guid.replace('-', ""), id.to_string()] {
                prop_assert_eq!(Named::read(&text), Some(Named::Ours(id)));
            }
        }

        #[test]
        fn any_text_is_an_id_a_foreign_guid_or_malformed(text in ".{0,40}") {
            let _ = Named::read(&text);
        }
    }

    #[test]
    fn other_guids_are_foreign_and_other_texts_malformed() {
        assert_eq!(Named::read("00000000-0000-0000-0000-000000000000"), Some(Named::Foreign));
        assert_eq!(Named::read("B205B3ECA9D74243B88C017533957DEB"), Some(Named::Foreign));
        for text in [
            "",
            "x",
            "00000000-0000-0000-0000-00000000000",
            "0000000000000-0000-0000-0000-00000000",
            "{b205b3ec-a9d7-4243-b88c-017533957deb}",
        ] {
            assert_eq!(Named::read(text), None, "{text}");
        }
    }
}
