//! Fields of PATCH bodies: absent, null and a value are three things (sunshine-v2.md §12.4).

use model::patch::Patch;
use wire::Patch as WirePatch;

use super::{Checked, refuse};

/// A field that null clears.
pub(crate) fn nullable<T>(field: WirePatch<T>, check: impl FnOnce(&T) -> Checked) -> Checked<Patch<T>> {
    match field {
        WirePatch::Absent => Ok(Patch::Keep),
        WirePatch::Null => Ok(Patch::Clear),
        WirePatch::Value(value) => {
            check(&value)?;
            Ok(Patch::Set(value))
        }
    }
}

/// A field that cannot be null.
pub(crate) fn required<T>(field: WirePatch<T>, check: impl FnOnce(&T) -> Checked) -> Checked<Option<T>> {
    match field {
        WirePatch::Absent => Ok(None),
        WirePatch::Null => refuse("must not be null"),
        WirePatch::Value(value) => {
            check(&value)?;
            Ok(Some(value))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::text;
    use super::*;

    #[test]
    fn null_clears_what_may_be_null() {
        let check = |text: &String| text::name(text, 3);
        assert_eq!(nullable(WirePatch::Absent, check), Ok(Patch::Keep));
        assert_eq!(nullable(WirePatch::Null, check), Ok(Patch::Clear));
        assert_eq!(nullable(WirePatch::Value("abc".to_owned()), check), Ok(Patch::Set("abc".to_owned())));
        assert!(nullable(WirePatch::Value("abcd".to_owned()), check).is_err());
        assert!(nullable(WirePatch::Value(String::new()), check).is_err());
    }

    #[test]
    fn null_is_refused_elsewhere() {
        let check = |_: &bool| Ok(());
        assert_eq!(required(WirePatch::Absent, check), Ok(None));
        assert_eq!(required(WirePatch::Value(true), check), Ok(Some(true)));
        assert_eq!(required(WirePatch::Null, check).unwrap_err().to_string(), "must not be null");
    }
}
