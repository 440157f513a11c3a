//! Bodies of requests: JSON as it is given, with the flags laid over it.

use std::io::Read as _;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::exit::{Failure, Result};

/// The rest of a body.
#[derive(clap::Args)]
pub(super) struct Data {
    /// The body as JSON, for what has no flag; @FILE reads a file, - the standard input.
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
}

impl Data {
    /// The body with these fields laid over it.
    pub(super) fn body<T: DeserializeOwned>(
        &self,
        fields: impl IntoIterator<Item = (&'static str, Option<Value>)>,
    ) -> Result<T> {
        let mut body = self.read()?;
        for (name, value) in fields {
            if let Some(value) = value {
                body.insert(name.to_owned(), value);
            }
        }
        wire::body::from_fields(&body).map_err(|error| Failure::refused(format!("the body: {error}")))
    }

    fn read(&self) -> Result<Map<String, Value>> {
        let text = match self.data.as_deref() {
            None => return Ok(Map::new()),
            Some("-") => {
                let mut text = String::new();
                let read = std::io::stdin().read_to_string(&mut text);
                read.map_err(|error| Failure::refused(format!("the standard input: {error}")))?;
                text
            }
            Some(given) => match given.strip_prefix('@') {
                Some(file) => std::fs::read_to_string(file)
                    .map_err(|error| Failure::refused(format!("{file}: {error}")))?,
                None => given.to_owned(),
            },
        };
        wire::parse_body(text.as_bytes()).map_err(|error| Failure::refused(format!("--data: {error}")))
    }
}

/// A text as a field.
pub(super) fn text(value: &Option<String>) -> Option<Value> {
    value.clone().map(Value::String)
}
