//! A request to a provider, as a value.

use http::Method;
use serde_json::Value;

/// A request that delivery sends for a channel.
#[derive(Clone, PartialEq)]
pub struct Plan {
    /// The method.
    pub method: Method,
    /// The whole address. It may hold a token: it is never logged or shown.
    pub url: String,
    /// Headers beside those that the body implies. They may hold tokens.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
    /// Whether the provider stands getting the request twice, because it drops the second.
    pub repeatable: bool,
    /// A better form of the same, for which something has to be made at the provider first.
    pub better: Option<Box<Better>>,
    /// Another form of the same, for when the provider does not take this one ([`crate::Verdict::Unfit`]).
    pub instead: Option<Box<Plan>>,
}

/// Something that is made at the provider and then named in a form. Where the provider refuses to make it,
/// the form goes as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Better {
    /// The request that makes it.
    pub make: Plan,
    /// Equal things have equal names: it is made once and named again.
    pub name: String,
    /// Where its answer has the id, as a JSON pointer.
    pub pointer: &'static str,
    /// The field that names it.
    pub field: &'static str,
    /// The field that goes for it.
    pub instead_of: &'static str,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// None.
    Empty,
    /// `application/x-www-form-urlencoded`; names may repeat.
    Form(Vec<(String, String)>),
    /// `application/json`.
    Json(Value),
    /// `multipart/form-data`.
    Multipart(Vec<Part>),
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The field.
    pub name: String,
    /// What it holds.
    pub source: PartSource,
}

/// Where a part's bytes come from.
#[derive(Clone, Debug, PartialEq)]
pub enum PartSource {
    /// This text.
    Text(String),
    /// The file behind an address, ours or elsewhere: delivery fetches it when it sends.
    File {
        /// Its address, as it stands in the message.
        url: String,
        /// The file name that the provider is told.
        name: String,
        /// Its MIME type, when known.
        media_type: Option<String>,
    },
}

impl Plan {
    /// A POST of JSON.
    pub fn json(url: impl Into<String>, body: Value) -> Plan {
        Plan {
            method: Method::POST,
            url: url.into(),
            headers: Vec::new(),
            body: Body::Json(body),
            repeatable: false,
            better: None,
            instead: None,
        }
    }

    /// A POST of a form.
    pub fn form(url: impl Into<String>, fields: Vec<(String, String)>) -> Plan {
        Plan {
            method: Method::POST,
            url: url.into(),
            headers: Vec::new(),
            body: Body::Form(fields),
            repeatable: false,
            better: None,
            instead: None,
        }
    }

    /// A GET.
    pub fn get(url: impl Into<String>) -> Plan {
        Plan {
            method: Method::GET,
            url: url.into(),
            headers: Vec::new(),
            body: Body::Empty,
            repeatable: true,
            better: None,
            instead: None,
        }
    }

    /// A DELETE.
    pub fn delete(url: impl Into<String>) -> Plan {
        Plan { method: Method::DELETE, ..Plan::get(url) }
    }

    /// The form with what was made, by its id.
    #[must_use]
    pub fn naming(mut self, better: &Better, id: &str) -> Plan {
        if let Body::Form(fields) = &mut self.body {
            fields.retain(|(name, _)| name != better.instead_of);
            fields.push((better.field.to_owned(), id.to_owned()));
        }
        self
    }

    /// The same with another header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Plan {
        self.headers.push((name, value.into()));
        self
    }
}

/// Without address, headers and body: they hold secrets.
impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan").field("method", &self.method).finish_non_exhaustive()
    }
}
