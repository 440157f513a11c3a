//! Enums that stand in JSON as a name or as a number, and keep what they do not know.

use serde::{Serialize, Serializer};

/// A value that an enum does not list, in the form in which it came.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unlisted {
    text: String,
    is_number: bool,
}

impl Unlisted {
    /// The name, or the digits of the number.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn number(number: impl ToString) -> Unlisted {
        Unlisted { text: number.to_string(), is_number: true }
    }
}

impl From<&str> for Unlisted {
    fn from(text: &str) -> Unlisted {
        Unlisted { text: text.to_owned(), is_number: false }
    }
}

impl Serialize for Unlisted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (signed, unsigned) = (self.text.parse(), self.text.parse());
        match (self.is_number, signed, unsigned) {
            (true, Ok(number), _) => serializer.serialize_i64(number),
            (true, _, Ok(number)) => serializer.serialize_u64(number),
            _ => serializer.serialize_str(&self.text),
        }
    }
}

/// Declares an enum whose values have a name and a number; readers take either, a name in any case, a
/// number also as a string of digits. Any other value is kept in `Unknown` and survives.
///
/// `numbered_enum! { /// doc pub enum Name { Variant = 1, … } }`
macro_rules! numbered_enum {
    ($(#[$attribute:meta])* pub enum $name:ident { $($variant:ident = $number:literal),* $(,)? }) => {
        $(#[$attribute])*
        ///
        /// Written by its name; read by name, in any case, or by number. Any other value is kept in
        /// `Unknown` and survives a round trip.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", stringify!($variant), "` = ", stringify!($number))]
                $variant,
            )*
            /// Any other value, as it came.
            Unknown($crate::hubster::types::Unlisted),
        }

        impl $name {
            /// The known values: names and numbers.
            pub const KNOWN: &'static [(&'static str, i64)] = &[$((stringify!($variant), $number)),*];

            /// The value as it is written.
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => stringify!($variant),)*
                    $name::Unknown(other) => other.as_str(),
                }
            }

            /// The number of a known value.
            pub const fn number(&self) -> Option<i64> {
                match self {
                    $($name::$variant => Some($number),)*
                    $name::Unknown(_) => None,
                }
            }

            /// The value with this number.
            pub fn from_number(number: i64) -> $name {
                match number {
                    $($number => $name::$variant,)*
                    other => $name::Unknown($crate::hubster::types::Unlisted::number(other)),
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                $(
                    if text.eq_ignore_ascii_case(stringify!($variant)) {
                        return $name::$variant;
                    }
                )*
                // Digits stand for the number, and stay digits where it is not known.
                match text.parse().map($name::from_number) {
                    Ok(known) if known.is_known() => known,
                    _ => $name::Unknown(text.into()),
                }
            }
        }

        $crate::string_enum::shown_as_str!($name);

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $name::Unknown(other) => other.serialize(serializer),
                    known => serializer.serialize_str(known.as_str()),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $name;
                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str("a name or a number")
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        Ok($name::from(text))
                    }
                    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<$name, E> {
                        Ok($name::from_number(number))
                    }
                    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<$name, E> {
                        Ok(i64::try_from(number).map_or_else(|_| $name::Unknown($crate::hubster::types::Unlisted::number(number)), $name::from_number))
                    }
                }
                deserializer.deserialize_any(Visitor)
            }
        }
    };
}
pub(crate) use numbered_enum;
