//! The parameters of a method: query, JSON, form or multipart, all at once if need be.

use serde_json::{Map, Value};

use crate::http::{Incoming, Upload, multipart, pairs};

/// The parameters of a method.
#[derive(Debug, Default)]
pub(super) struct Params {
    values: Map<String, Value>,
    pub(super) files: Vec<Upload>,
}

impl Params {
    /// `None` when the body is not what it says it is.
    pub(super) async fn read(request: &Incoming) -> Option<Params> {
        let mut params = Params::default();
        params.take(request.query.clone());
        match request.media_type().as_str() {
            "application/json" => match serde_json::from_slice(&request.body).ok()? {
                Value::Object(values) => params.values.extend(values),
                _ => return None,
            },
            "application/x-www-form-urlencoded" => params.take(pairs(&request.body)),
            "multipart/form-data" => {
                let (texts, files) = multipart(request).await?;
                params.take(texts);
                params.files = files;
            }
            // A body of another kind is not looked at.
            _ => {}
        }
        Some(params)
    }

    fn take(&mut self, texts: Vec<(String, String)>) {
        self.values.extend(texts.into_iter().map(|(name, text)| (name, Value::String(text))));
    }

    /// A parameter as text; numbers and booleans are written out, others are empty.
    pub(super) fn text(&self, name: &str) -> String {
        match self.values.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
            _ => String::new(),
        }
    }

    /// A parameter that is an object or a list; in forms it stands as JSON text. An error is a text that
    /// is no JSON.
    pub(super) fn json(&self, name: &str) -> Result<Option<Value>, ()> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| ()),
            Some(value) => Ok(Some(value.clone())),
        }
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.text(name).parse().ok()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.text(name).as_str(), "true" | "True" | "1")
    }
}
