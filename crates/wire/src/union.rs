//! Objects that are told apart by their `type`.

/// Declares an enum of structs that are told apart by the field `type`; any other type is kept in
/// `Unknown` with all its fields.
///
/// `tagged_union! { /// doc pub enum Name { /// doc Variant(Struct) = "wire", … } }`
macro_rules! tagged_union {
    ($(#[$attribute:meta])* pub enum $name:ident {
        $($(#[$note:meta])* $variant:ident($inner:ty) = $wire:literal),* $(,)?
    }) => {
        $(#[$attribute])*
        ///
        /// A type that is not listed is kept in `Unknown` and survives a round trip; a listed one
        /// with a wrong field is an error, and fields that it does not have are dropped.
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[serde(tag = "type")]
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[$note])*
                #[serde(rename = $wire)]
                $variant($inner),
            )*
            /// Any other type, with all its fields, `type` among them.
            #[serde(untagged)]
            Unknown(serde_json::Map<String, serde_json::Value>),
        }

        impl $name {
            /// The known types in the order of the description.
            pub const KNOWN: &'static [&'static str] = &[$($wire),*];

            /// The value of `type`.
            pub fn type_name(&self) -> &str {
                match self {
                    $($name::$variant(_) => $wire,)*
                    $name::Unknown(fields) => fields.get("type").and_then(|kind| kind.as_str()).unwrap_or_default(),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let fields = serde_json::Map::<String, serde_json::Value>::deserialize(deserializer)?;
                let kind = $crate::union::type_of(&fields)?;
                $(
                    if kind == $wire {
                        return $crate::body::from_fields(&fields)
                            .map($name::$variant)
                            .map_err(serde::de::Error::custom);
                    }
                )*
                Ok($name::Unknown(fields))
            }
        }
    };
}
pub(crate) use tagged_union;

use serde::de::Error;
use serde_json::{Map, Value};

/// The `type` of an object that is about to be read.
pub(crate) fn type_of<E: Error>(fields: &Map<String, Value>) -> Result<&str, E> {
    match fields.get("type") {
        Some(Value::String(kind)) => Ok(kind),
        Some(_) => Err(E::custom("type: must be a string")),
        None => Err(E::missing_field("type")),
    }
}
