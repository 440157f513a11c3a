//! How a client proves who it is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// An API key: account (`act_…`), app (`app_…`) or integration (`int_…`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its id with prefix.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

impl Key {
    /// Reads the key out of the answer that created it.
    pub fn from_reply(body: &Value) -> Key {
        let text = |pointer: &str| {
            let found = body.pointer(pointer).and_then(Value::as_str);
            found.unwrap_or_else(|| panic!("{pointer} is missing in {body}")).to_owned()
        };
        Key { id: text("/key/id"), secret: text("/key/secret") }
    }

    /// The scope that belongs to the key, read from its prefix.
    pub fn scope(&self) -> &'static str {
        match self.id.split('_').next() {
            Some("act") => "account",
            Some("app") => "app",
            Some("int") => "integration",
            _ => panic!("{} is no key id", self.id),
        }
    }
}

/// What stands in `Authorization`.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// Nothing.
    None,
    /// Basic with key id and secret.
    Basic(Key),
    /// A bearer token.
    Bearer(String),
    /// Any text, for what is malformed.
    Verbatim(String),
}

impl Credentials {
    /// The header's value, if there is one.
    pub fn header(&self) -> Option<String> {
        match self {
            Credentials::None => None,
            Credentials::Basic(key) => {
                Some(format!("Basic {}", STANDARD.encode(format!("{}:{}", key.id, key.secret))))
            }
            Credentials::Bearer(token) => Some(format!("Bearer {token}")),
            Credentials::Verbatim(text) => Some(text.clone()),
        }
    }
}

/// A JWT as the official clients' users make it: HS256, `kid`, the scope of the key, no `exp`.
pub fn jwt(key: &Key) -> String {
    jwt_with(key, Algorithm::HS256, &json!({ "scope": key.scope() }))
}

/// A JWT with any claims and algorithm, signed with the key's secret.
pub fn jwt_with(key: &Key, algorithm: Algorithm, claims: &Value) -> String {
    let header = Header { kid: Some(key.id.clone()), ..Header::new(algorithm) };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(key.secret.as_bytes()))
        .expect("a token that can be encoded")
}

/// Seconds since 1970, for `exp` and `nbf`.
pub fn unix_now() -> i64 {
    i64::try_from(jsonwebtoken::get_current_timestamp()).expect("a year before 292 billion")
}
