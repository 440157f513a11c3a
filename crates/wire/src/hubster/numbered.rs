//! Enums that stand in JSON as a name or as a number, and keep what they do not know.

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
            Unknown(String),
        }

        impl $name {
            /// The known values: names and numbers.
            pub const KNOWN: &'static [(&'static str, i64)] = &[$((stringify!($variant), $number)),*];

            /// The value as it is written.
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => stringify!($variant),)*
                    $name::Unknown(other) => other,
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
                    other => $name::Unknown(other.to_string()),
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
                text.parse().map_or_else(|_| $name::Unknown(text.to_owned()), $name::from_number)
            }
        }

        $crate::string_enum::written_as_str!($name);

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
                        Ok(i64::try_from(number).map_or_else(|_| $name::Unknown(number.to_string()), $name::from_number))
                    }
                }
                deserializer.deserialize_any(Visitor)
            }
        }
    };
}
pub(crate) use numbered_enum;
