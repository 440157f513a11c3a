//! Filling the path of an operation.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::Error;

/// Everything but the unreserved characters of RFC 3986, so that a `/` in an external id stays in it.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The template with its `{parameters}` replaced in their order.
///
/// # Errors
/// When a value cannot stand in a path: it is empty, `.` or `..`.
pub(crate) fn fill(template: &str, values: &[&str]) -> Result<String, Error> {
    let mut path = String::with_capacity(template.len() + 24 * values.len());
    let mut values = values.iter();
    for segment in template.split('/').skip(1) {
        path.push('/');
        match (segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')), values.as_slice()) {
            (Some(name), [value, ..]) => {
                if matches!(*value, "" | "." | "..") {
                    return Err(Error::Invalid(format!("{name}: {value:?} cannot stand in a path")));
                }
                path.extend(utf8_percent_encode(value, RESERVED));
                values.next();
            }
            _ => path.push_str(segment),
        }
    }
    Ok(path)
}

/// How many parameters a template has; known when the program is compiled.
pub(crate) const fn parameters(template: &str) -> usize {
    let (bytes, mut at, mut count) = (template.as_bytes(), 0, 0);
    while at < bytes.len() {
        if bytes[at] == b'{' {
            count += 1;
        }
        at += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    const USER: &str = "/v2/apps/{appId}/users/{userIdOrExternalId}/clients";

    #[test]
    fn values_are_encoded_into_their_segments() {
        assert_eq!(
            fill(USER, &["a1", "ann/+ ü@b.c"]).unwrap(),
            "/v2/apps/a1/users/ann%2F%2B%20%C3%BC%40b.c/clients"
        );
        assert_eq!(parameters(USER), 2);
    }

    #[test]
    fn what_would_change_the_path_is_refused() {
        for value in ["", ".", ".."] {
            let refusal = fill(USER, &["a1", value]).unwrap_err().to_string();
            assert!(refusal.starts_with("userIdOrExternalId: "), "{refusal}");
        }
    }

    proptest! {
        #[test]
        fn a_value_stays_in_its_segment(value in "\\PC{1,40}") {
            prop_assume!(value != "." && value != "..");
            let path = fill(USER, &["a1", &value]).unwrap();
            let segments: Vec<&str> = path.split('/').collect();
            prop_assert_eq!(segments.len(), 7);
            let read = percent_encoding::percent_decode_str(segments[5]).decode_utf8().unwrap();
            prop_assert_eq!(read, value);
        }
    }
}
