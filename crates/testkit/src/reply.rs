//! An answer that has already been compared with the contract.

use http::HeaderMap;
use serde_json::Value;

/// What the server answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What was asked, for messages.
    pub request: String,
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as JSON; null when it is none.
    pub body: Value,
    /// The body as it came.
    pub text: String,
}

impl Reply {
    /// The body of a success; panics on anything else.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} → {} {}", self.request, self.status, self.text);
        self.body
    }

    /// Asserts a refusal with this status and error code and gives the titles, joined.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> String {
        let codes: Vec<&str> = self.errors().filter_map(|error| error["code"].as_str()).collect();
        let as_wanted = self.status == status && codes.first() == Some(&code);
        assert!(as_wanted, "{} → {} {}, wanted {status} {code}", self.request, self.status, self.text);
        let titles: Vec<&str> = self.errors().filter_map(|error| error["title"].as_str()).collect();
        titles.join("; ")
    }

    /// Asserts a status, whatever the code, and gives the body.
    #[track_caller]
    pub fn with_status(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{} → {} {}", self.request, self.status, self.text);
        self.body
    }

    /// Asserts a 400 `bad_request` whose titles name `field`.
    #[track_caller]
    pub fn bad_request(self, field: &str) {
        let request = self.request.clone();
        let titles = self.refused(400, "bad_request");
        assert!(titles.contains(field), "{request}: the title {titles:?} does not name {field:?}");
    }

    /// A text inside the body, by JSON pointer.
    #[track_caller]
    pub fn text_at(&self, pointer: &str) -> String {
        text_at(&self.body, pointer)
    }

    /// A header as text, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    fn errors(&self) -> impl Iterator<Item = &Value> {
        self.body["errors"].as_array().into_iter().flatten()
    }
}

/// A text inside a value, by JSON pointer; panics when there is none.
#[track_caller]
pub fn text_at(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no text at {pointer} in {value}")).to_owned()
}
