//! Reading a request's JSON: member names without case, all faults in one answer (hubster.md §1, §8).

use serde_json::{Map, Value};
use wire::hubster::codes::{self, ErrorCode};

use crate::guid::Named;
use crate::http::error::{ApiError, Fault, Result};

/// Characters of a text that may be a GUID.
const GUID_CHARS_MAX: usize = 1_024;

/// Which code stands for which fault of a body.
#[derive(Debug)]
pub(crate) struct CodeSet {
    pub(crate) body: ErrorCode,
    pub(crate) guid: ErrorCode,
    pub(crate) missing: ErrorCode,
    pub(crate) wrong_type: ErrorCode,
    pub(crate) value: ErrorCode,
    pub(crate) not_supported: ErrorCode,
    pub(crate) decimal: ErrorCode,
    pub(crate) empty_list: ErrorCode,
    pub(crate) empty_message: ErrorCode,
    pub(crate) empty_location: ErrorCode,
}

/// The codes of the portal.
pub(crate) const PORTAL: CodeSet = CodeSet {
    body: codes::BODY_MISSING,
    guid: codes::GUID_EXPECTED,
    missing: codes::PROPERTY_MISSING,
    wrong_type: codes::PROPERTY_TYPE,
    value: codes::VALUE_NOT_SUPPORTED,
    not_supported: codes::PROPERTY_NOT_SUPPORTED,
    decimal: codes::DECIMAL_EXPECTED,
    empty_list: codes::COLLECTION_EMPTY,
    empty_message: codes::MESSAGE_EMPTY,
    empty_location: codes::LOCATION_EMPTY,
};

/// The codes of a request for a conversation.
pub(crate) const ESTABLISH: CodeSet = CodeSet {
    body: codes::CONVERSATION_BODY_MISSING,
    guid: codes::CONVERSATION_BAD_GUID,
    missing: codes::CONVERSATION_PROPERTY_MISSING,
    wrong_type: codes::CONVERSATION_PROPERTY_MISSING,
    value: codes::CONVERSATION_PROPERTY_MISSING,
    not_supported: codes::CONVERSATION_PROPERTY_MISSING,
    ..PORTAL
};

/// The codes of an activity.
pub(crate) const ACTIVITY: CodeSet = CodeSet {
    body: codes::ACTIVITY_BODY_MISSING,
    guid: codes::ACTIVITY_BAD_GUID,
    missing: codes::ACTIVITY_PROPERTY_MISSING,
    wrong_type: codes::ACTIVITY_NOT_SUPPORTED,
    value: codes::ACTIVITY_NOT_SUPPORTED,
    not_supported: codes::ACTIVITY_NOT_SUPPORTED,
    decimal: codes::ACTIVITY_BAD_DECIMAL,
    empty_list: codes::ACTIVITY_COLLECTION_EMPTY,
    empty_message: codes::ACTIVITY_MESSAGE_EMPTY,
    empty_location: codes::ACTIVITY_LOCATION_EMPTY,
};

/// The members of an object, with its place in the body.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    members: &'a Map<String, Value>,
    path: String,
}

impl<'a> Fields<'a> {
    /// The members of the body.
    pub(crate) fn of(members: &'a Map<String, Value>) -> Fields<'a> {
        Fields { members, path: String::new() }
    }

    /// The members of an object at a place.
    pub(crate) fn at(members: &'a Map<String, Value>, path: String) -> Fields<'a> {
        Fields { members, path }
    }

    /// A member, whatever the case of its name; null counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        let found = self.members.get(name).or_else(|| {
            let mut members = self.members.iter();
            members.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        });
        found.filter(|value| !value.is_null())
    }

    /// All members, as they came.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.members.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there is such a member.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The place of a member, for people.
    pub(crate) fn place(&self, name: &str) -> String {
        match self.path.is_empty() {
            true => name.to_owned(),
            false => format!("{}.{name}", self.path),
        }
    }
}

/// Reads the body as an object.
pub(crate) fn body(bytes: &[u8], codes: &CodeSet) -> Result<Map<String, Value>> {
    let wrong = |text: &str| ApiError::from(Fault::new(codes.body, text));
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(wrong("The body is missing."));
    }
    wire::parse_object(bytes).map_err(|error| wrong(&format!("The body is not a JSON object: {error}.")))
}

/// Collects what is wrong with a body.
#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) codes: &'static CodeSet,
    faults: Vec<Fault>,
}

impl Check {
    pub(crate) fn new(codes: &'static CodeSet) -> Check {
        Check { codes, faults: Vec::new() }
    }

    /// Notes a fault.
    pub(crate) fn fail(&mut self, code: ErrorCode, text: impl Into<String>) {
        self.faults.push(Fault::new(code, text));
    }

    /// A required member is absent or blank.
    pub(crate) fn missing(&mut self, fields: &Fields<'_>, name: &str) {
        self.fail(self.codes.missing, format!("Property '{}' is required.", fields.place(name)));
    }

    /// A value that is none of the allowed ones.
    pub(crate) fn not_valid(&mut self, value: &Value) {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.fail(self.codes.value, format!("Value '{shown}' is not valid."));
    }

    fn wrong_type(&mut self, fields: &Fields<'_>, name: &str, wanted: &str) {
        self.fail(self.codes.wrong_type, format!("Property '{}' must be {wanted}.", fields.place(name)));
    }

    /// A text of up to so many characters.
    pub(crate) fn text(&mut self, fields: &Fields<'_>, name: &str, chars_max: usize) -> Option<String> {
        match fields.get(name)? {
            Value::String(text) if text.chars().count() <= chars_max => Some(text.clone()),
            Value::String(_) => {
                let text =
                    format!("Property '{}' must have {chars_max} characters at most.", fields.place(name));
                self.fail(codes::OUT_OF_RANGE, text);
                None
            }
            _ => {
                self.wrong_type(fields, name, "a string");
                None
            }
        }
    }

    /// A text that must be there and not blank.
    pub(crate) fn required_text(
        &mut self,
        fields: &Fields<'_>,
        name: &str,
        chars_max: usize,
    ) -> Option<String> {
        let is_blank = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
        if fields.get(name).is_none_or(is_blank) {
            self.missing(fields, name);
            return None;
        }
        self.text(fields, name, chars_max)
    }

    /// A text that may be absent, but not blank.
    pub(crate) fn text_if_given(
        &mut self,
        fields: &Fields<'_>,
        name: &str,
        chars_max: usize,
    ) -> Option<String> {
        if !fields.has(name) {
            return None;
        }
        self.required_text(fields, name, chars_max)
    }

    /// A whole number; digits in a string are one, too.
    pub(crate) fn integer(&mut self, fields: &Fields<'_>, name: &str) -> Option<i64> {
        let value = fields.get(name)?;
        let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
        if number.is_none() {
            self.wrong_type(fields, name, "a whole number");
        }
        number
    }

    /// A GUID that must be there.
    pub(crate) fn guid(&mut self, fields: &Fields<'_>, name: &str) -> Option<Named> {
        let text = self.required_text(fields, name, GUID_CHARS_MAX)?;
        let named = Named::read(&text);
        if named.is_none() {
            self.fail(self.codes.guid, format!("Value '{text}' is not a valid GUID."));
        }
        named
    }

    /// A boolean.
    pub(crate) fn flag(&mut self, fields: &Fields<'_>, name: &str) -> Option<bool> {
        let value = fields.get(name)?;
        if !value.is_boolean() {
            self.wrong_type(fields, name, "true or false");
        }
        value.as_bool()
    }

    /// An object.
    pub(crate) fn object<'a>(&mut self, fields: &Fields<'a>, name: &str) -> Option<Fields<'a>> {
        match fields.get(name)? {
            Value::Object(members) => Some(Fields::at(members, fields.place(name))),
            _ => {
                self.wrong_type(fields, name, "an object");
                None
            }
        }
    }

    /// An array.
    pub(crate) fn list<'a>(&mut self, fields: &Fields<'a>, name: &str) -> Option<&'a Vec<Value>> {
        match fields.get(name)? {
            Value::Array(items) => Some(items),
            _ => {
                self.wrong_type(fields, name, "an array");
                None
            }
        }
    }

    /// An array that must be there and have at least one entry.
    pub(crate) fn filled_list<'a>(&mut self, fields: &Fields<'a>, name: &str) -> Option<&'a Vec<Value>> {
        if !fields.has(name) {
            self.missing(fields, name);
            return None;
        }
        let items = self.list(fields, name)?;
        if items.is_empty() {
            self.fail(self.codes.empty_list, format!("Property '{}' must not be empty.", fields.place(name)));
            return None;
        }
        Some(items)
    }

    /// An absolute http or https address that must be there.
    pub(crate) fn required_address(&mut self, fields: &Fields<'_>, name: &str) -> Option<String> {
        let text = self.required_text(fields, name, wire::sunshine::limits::URL_CHARS_MAX)?;
        let is_address = |url: &url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        if url::Url::parse(&text).ok().filter(is_address).is_none() {
            self.not_valid(&Value::String(text));
            return None;
        }
        Some(text)
    }

    /// The same for one that may be absent.
    pub(crate) fn address(&mut self, fields: &Fields<'_>, name: &str) -> Option<String> {
        if !fields.has(name) {
            return None;
        }
        self.required_address(fields, name)
    }

    /// How many faults there are so far.
    pub(crate) fn count(&self) -> usize {
        self.faults.len()
    }

    /// An error with every fault, if there is one.
    pub(crate) fn done(&mut self) -> Result<()> {
        match std::mem::take(&mut self.faults) {
            faults if faults.is_empty() => Ok(()),
            faults => Err(ApiError::Faults(faults)),
        }
    }

    /// The error for what could not be read. Called where a required value is absent, which has left a
    /// fault.
    pub(crate) fn refuse(&mut self) -> ApiError {
        match self.done() {
            Err(error) => error,
            Ok(()) => ApiError::from(Fault::new(self.codes.body, "The body is not complete.")),
        }
    }
}
