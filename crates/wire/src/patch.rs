//! A field of a PATCH body: absent, null and a value are three things (sunshine-v2.md §12.4).

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a PATCH body says about a field.
///
/// In a struct: `#[serde(default, skip_serializing_if = "Patch::is_absent")]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// The field is not there: nothing changes.
    #[default]
    Absent,
    /// The field is null: it is cleared.
    Null,
    /// The field has this value.
    Value(T),
}

impl<T> Patch<T> {
    /// Whether the field is not there at all.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Patch::Absent)
    }

    /// The value, if there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Patch::Value(value) => Some(value),
            Patch::Absent | Patch::Null => None,
        }
    }

    /// None when absent, else what the field becomes.
    pub fn into_change(self) -> Option<Option<T>> {
        match self {
            Patch::Absent => None,
            Patch::Null => Some(None),
            Patch::Value(value) => Some(Some(value)),
        }
    }

    /// The same with another type of value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Patch::Absent => Patch::Absent,
            Patch::Null => Patch::Null,
            Patch::Value(value) => Patch::Value(change(value)),
        }
    }
}

impl<T> From<Option<T>> for Patch<T> {
    /// A value or, for None, null.
    fn from(value: Option<T>) -> Patch<T> {
        value.map_or(Patch::Null, Patch::Value)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Patch<T>, D::Error> {
        Option::<T>::deserialize(deserializer).map(Patch::from)
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Body {
        #[serde(default, skip_serializing_if = "Patch::is_absent")]
        name: Patch<String>,
    }

    #[test]
    fn absent_null_and_value_survive_a_round_trip() {
        for (text, name) in [
            ("{}", Patch::Absent),
            (r#"{"name":null}"#, Patch::Null),
            (r#"{"name":"x"}"#, Patch::Value("x".to_owned())),
        ] {
            let body: Body = serde_json::from_str(text).unwrap();
            assert_eq!(body, Body { name });
            assert_eq!(serde_json::to_string(&body).unwrap(), text);
        }
    }

    #[test]
    fn a_wrong_type_is_refused() {
        assert!(serde_json::from_str::<Body>(r#"{"name":5}"#).is_err());
    }

    #[test]
    fn a_change_tells_clearing_from_keeping() {
        assert_eq!(Patch::<u8>::Absent.into_change(), None);
        assert_eq!(Patch::<u8>::Null.into_change(), Some(None));
        assert_eq!(Patch::Value(5).map(|value| value + 1).into_change(), Some(Some(6)));
    }
}
