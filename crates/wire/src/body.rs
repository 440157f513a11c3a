//! Reading a JSON body so that a refusal names the field.

use crate::sunshine::limits::JSON_LEVELS_MAX;
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, Expected, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value, map};
use std::fmt;

/// Why a body could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyError {
    /// Where, as `content.items[2].title`; empty for the body as a whole.
    pub path: String,
    /// What is wrong there, for humans.
    pub message: String,
}

impl fmt::Display for BodyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            formatter.write_str(&self.message)
        } else {
            write!(formatter, "{}: {}", self.path, self.message)
        }
    }
}

impl std::error::Error for BodyError {}

/// Reads a JSON text. Of a key that is given twice the last one counts (sunshine-v2.md §12.4); an array
/// in place of an object is refused, which plain serde_json would take.
///
/// # Errors
/// [`BodyError`] when the text is nested deeper than [`JSON_LEVELS_MAX`], not JSON or not a `T`.
pub fn parse_body<T: DeserializeOwned>(text: &[u8]) -> Result<T, BodyError> {
    from_value(&parse_value(text)?)
}

/// Reads a JSON text that has to be an object, whatever its members are.
///
/// # Errors
/// As [`parse_body`].
pub fn parse_object(text: &[u8]) -> Result<Map<String, Value>, BodyError> {
    match parse_value(text)? {
        Value::Object(members) => Ok(members),
        // Says what came in its place.
        other => from_value(&other),
    }
}

fn parse_value(text: &[u8]) -> Result<Value, BodyError> {
    if levels(text) > JSON_LEVELS_MAX {
        return Err(BodyError::whole(format!("nested deeper than {JSON_LEVELS_MAX} levels")));
    }
    serde_json::from_slice(text).map_err(|refusal| BodyError::whole(format!("not valid JSON: {refusal}")))
}

/// How deep arrays and objects of a text are nested; brackets inside strings do not count.
fn levels(text: &[u8]) -> usize {
    let (mut level, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => {
                level += 1;
                deepest = deepest.max(level);
            }
            (false, b']' | b'}') => level = level.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Reads a value.
///
/// # Errors
/// [`BodyError`] with the place when the value is not a `T`.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, BodyError> {
    T::deserialize(Node(value))
}

/// Reads an object.
///
/// # Errors
/// [`BodyError`] with the place when the object is not a `T`.
pub fn from_fields<T: DeserializeOwned>(fields: &Map<String, Value>) -> Result<T, BodyError> {
    T::deserialize(Fields(fields))
}

impl BodyError {
    /// An error of the body as a whole.
    fn whole(message: String) -> BodyError {
        BodyError { path: String::new(), message }
    }

    /// The same error seen from one level up.
    fn under(mut self, step: &str) -> BodyError {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{step}{dot}{}", self.path);
        self
    }
}

impl Error for BodyError {
    /// Takes apart what a nested reader has printed (`path: message`), so that paths add up.
    fn custom<M: fmt::Display>(message: M) -> BodyError {
        let message = message.to_string();
        let in_path = |letter: char| letter.is_ascii_alphanumeric() || "_.[]".contains(letter);
        match message.split_once(": ") {
            Some((path, rest)) if !path.is_empty() && path.chars().all(in_path) => {
                BodyError { path: path.to_owned(), message: rest.to_owned() }
            }
            _ => BodyError::whole(message),
        }
    }

    fn missing_field(field: &'static str) -> BodyError {
        BodyError { path: field.to_owned(), message: "is required".to_owned() }
    }

    /// Says what came by its kind only: the value may be long, or a secret.
    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> BodyError {
        let got = match unexpected {
            Unexpected::Bool(_) => "a boolean",
            Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer",
            Unexpected::Float(_) => "a decimal number",
            Unexpected::Str(_) => "a string",
            Unexpected::Unit | Unexpected::Option => "null",
            Unexpected::Seq => "an array",
            Unexpected::Map => "an object",
            _ => "something else",
        };
        let expected = expected.to_string();
        let wanted = match expected.as_str() {
            "a sequence" => "an array",
            "a map" => "an object",
            "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => "an integer",
            name if name.starts_with("struct ") => "an object",
            other => other,
        };
        BodyError::whole(format!("must be {wanted}, not {got}"))
    }

    fn invalid_value(_unexpected: Unexpected<'_>, _expected: &dyn Expected) -> BodyError {
        BodyError::whole("is out of range".to_owned())
    }
}

/// A value that is being read.
struct Node<'a>(&'a Value);

/// An object that is being read.
struct Fields<'a>(&'a Map<String, Value>);

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = BodyError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, BodyError> {
        match self.0 {
            Value::Object(fields) => Fields(fields).deserialize_any(visitor),
            Value::Array(items) => visitor.visit_seq(Items { items: items.iter(), index: 0 }),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (_, _, number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
            },
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Null => visitor.visit_unit(),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, BodyError> {
        match self.0 {
            Value::Array(_) => Err(BodyError::invalid_type(Unexpected::Seq, &visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, BodyError> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, BodyError> {
        if name.starts_with("$serde_json::") {
            return self.0.deserialize_newtype_struct(name, visitor).map_err(plain); // raw text
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, BodyError> {
        self.0.deserialize_enum(name, variants, visitor).map_err(plain)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

impl<'de> Deserializer<'de> for Fields<'de> {
    type Error = BodyError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, BodyError> {
        visitor.visit_map(Entries { entries: self.0.iter(), current: None })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct option enum seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// serde_json's own wording, without its position.
fn plain(error: serde_json::Error) -> BodyError {
    BodyError::whole(error.to_string())
}

/// The entries of an object, one after another.
struct Entries<'a> {
    entries: map::Iter<'a>,
    current: Option<(&'a str, &'a Value)>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = BodyError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, BodyError> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.current = Some((key, value));
        seed.deserialize(StrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, BodyError> {
        let Some((key, value)) = self.current.take() else {
            return Err(BodyError::whole("a value without a name".to_owned()));
        };
        seed.deserialize(Node(value)).map_err(|error| error.under(key))
    }
}

/// The items of an array, one after another.
struct Items<'a> {
    items: std::slice::Iter<'a, Value>,
    index: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = BodyError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, BodyError> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let step = format!("[{}]", self.index);
        self.index += 1;
        seed.deserialize(Node(item)).map(Some).map_err(|error| error.under(&step))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::sunshine::types::{AppCreateBody, ConversationUpdateBody, MessagePost, UserCreateBody};

    fn refusal<T: DeserializeOwned + fmt::Debug>(text: &str) -> String {
        match parse_body::<T>(text.as_bytes()) {
            Ok(body) => panic!("accepted as {body:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_refusal_names_the_field() {
        for (text, title) in [
            ("{}", "author: is required"),
            (r#"{"author":{"type":5}}"#, "author.type: must be a string, not an integer"),
            (
                r#"{"author":{"type":"user"},"content":{"type":"carousel","items":[{"title":"a","actions":[
                    {"type":"link","uri":"u","text":"t"},{"type":"buy","text":"t","amount":"5"}]}]}}"#,
                "content.items[0].actions[1].amount: must be an integer, not a string",
            ),
            (r#"{"author":{"type":"user"},"content":{"type":"image"}}"#, "content.mediaUrl: is required"),
            (r#"{"author":{"type":"user"},"content":{"text":"a"}}"#, "content.type: is required"),
            (r#"{"author":{"type":"user"},"content":{"type":null}}"#, "content.type: must be a string"),
            (r#"{"author":[]}"#, "author: must be an object, not an array"),
        ] {
            assert_eq!(refusal::<MessagePost>(text), title);
        }
    }

    #[test]
    fn an_array_is_no_object() {
        assert_eq!(refusal::<ConversationUpdateBody>("[]"), "must be an object, not an array");
        let five = r#"{"profile":["a","b","c@d","u","en"]}"#;
        assert_eq!(refusal::<UserCreateBody>(five), "profile: must be an object, not an array");
        assert_eq!(
            refusal::<UserCreateBody>(r#"{"metadata":[]}"#),
            "metadata: must be an object, not an array"
        );
    }

    #[test]
    fn numbers_keep_their_range() {
        let settings =
            |text: &str| refusal::<AppCreateBody>(&format!(r#"{{"displayName":"a","settings":{text}}}"#));
        let name = "settings.conversationRetentionSeconds";
        assert_eq!(settings(r#"{"conversationRetentionSeconds":-1}"#), format!("{name}: is out of range"));
        let decimal = settings(r#"{"conversationRetentionSeconds":1.5}"#);
        assert_eq!(decimal, format!("{name}: must be an integer, not a decimal number"));
        assert_eq!(
            settings(r#"{"echoPostback":"x"}"#),
            "settings.echoPostback: must be a boolean, not a string"
        );
    }

    #[test]
    fn what_is_not_json_is_refused() {
        assert!(refusal::<UserCreateBody>("{").starts_with("not valid JSON: "));
        assert!(refusal::<UserCreateBody>("\u{1}").starts_with("not valid JSON: "));
        assert_eq!(refusal::<UserCreateBody>("5"), "must be an object, not an integer");
    }

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        let body = |levels: usize| {
            let (open, close) = ("[".repeat(levels - 2), "]".repeat(levels - 2));
            format!(r#"{{"profile":{{"givenName":"[[\"[[","x":{open}{close}}}}}"#)
        };
        assert!(parse_body::<UserCreateBody>(body(64).as_bytes()).is_ok());
        assert_eq!(refusal::<UserCreateBody>(&body(65)), "nested deeper than 64 levels");
        assert_eq!(refusal::<UserCreateBody>(&"[".repeat(50_000)), "nested deeper than 64 levels");
    }

    #[test]
    fn of_a_key_given_twice_the_last_one_counts() {
        let body: AppCreateBody = parse_body(br#"{"displayName":"a","displayName":"b"}"#).unwrap();
        assert_eq!(body.display_name, "b");
    }

    #[test]
    fn raw_text_can_be_part_of_a_value() {
        let value = serde_json::json!({"part": [1, {"a": null}]});
        let parts: std::collections::BTreeMap<String, Box<serde_json::value::RawValue>> =
            from_value(&value).unwrap();
        assert_eq!(parts["part"].get(), r#"[1,{"a":null}]"#);
    }
}
