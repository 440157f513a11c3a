//! String enums that keep what they do not know.

/// Declares an enum over strings whose last variant, `Unknown`, keeps any other string as it came.
///
/// `string_enum! { /// doc pub enum Name { Variant = "wire", … } }`
macro_rules! string_enum {
    ($(#[$attribute:meta])* pub enum $name:ident { $($variant:ident = $wire:literal),* $(,)? }) => {
        $(#[$attribute])*
        ///
        /// A value that is not listed is kept in `Unknown` and survives a round trip.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $wire, "`")]
                $variant,
            )*
            /// Any other value.
            Unknown(String),
        }

        impl $name {
            /// The known values in the order of the description.
            pub const KNOWN: &'static [&'static str] = &[$($wire),*];

            /// The value as it stands in JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $wire,)*
                    $name::Unknown(other) => other,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                match text {
                    $($wire => $name::$variant,)*
                    other => $name::Unknown(other.to_owned()),
                }
            }
        }

        $crate::string_enum::shown_as_str!($name);

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $name;
                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str("a string")
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        Ok($name::from(text))
                    }
                }
                deserializer.deserialize_str(Visitor)
            }
        }
    };
}
pub(crate) use string_enum;

/// The half that enums of both kinds share: how a value is shown, and whether it is known.
macro_rules! shown_as_str {
    ($name:ident) => {
        impl $name {
            /// Whether the value is one of [`Self::KNOWN`].
            pub const fn is_known(&self) -> bool {
                !matches!(self, $name::Unknown(_))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use shown_as_str;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    string_enum! {
        /// For the test.
        pub enum Colour { Red = "red", DarkBlue = "blue:dark" }
    }

    #[test]
    fn known_and_unknown_values_survive_a_round_trip() {
        for (text, known) in [(r#""red""#, true), (r#""blue:dark""#, true), (r#""Red \u00e9""#, false)] {
            let colour: Colour = serde_json::from_str(text).unwrap();
            assert_eq!(colour.is_known(), known);
            let again: Colour = serde_json::from_str(&serde_json::to_string(&colour).unwrap()).unwrap();
            assert_eq!(again, colour);
        }
        assert_eq!(Colour::KNOWN, ["red", "blue:dark"]);
        assert_eq!(Colour::from("blue:dark").to_string(), "blue:dark");
    }

    #[test]
    fn only_strings_are_taken() {
        assert!(serde_json::from_str::<Colour>("5").is_err());
    }
}
