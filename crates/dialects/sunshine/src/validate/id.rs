//! Ids inside bodies and queries.

use model::Id;

use super::{Checked, refuse};

/// An id that a body names.
pub(crate) fn parse(text: &str) -> Checked<Id> {
    match text.parse() {
        Ok(id) => Ok(id),
        Err(_) => refuse("must be an id of 24 hexadecimal digits"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_24_digits() {
        assert!(parse("5ebee0975ac5304b664a12fa").is_ok());
        for wrong in ["", "5ebee0975ac5304b664a12f", "zebee0975ac5304b664a12fa"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
