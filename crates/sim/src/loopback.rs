//! A small JSON client for loopback: the command line and the demo speak with it.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde_json::Value;

use crate::http::client::{Client, Outgoing};
use crate::ids::base64;

const TIMEOUT: Duration = Duration::from_secs(30);

/// A JSON client that reaches plain http on loopback alone.
#[derive(Clone)]
pub struct Loopback {
    client: Client,
    base: String,
    authorization: Option<String>,
}

impl Loopback {
    /// A client of a server at this address, without a slash at the end.
    pub fn new(base: impl Into<String>) -> Loopback {
        Loopback { client: Client::new(), base: base.into(), authorization: None }
    }

    /// The same with basic authentication.
    #[must_use]
    pub fn basic(mut self, name: &str, password: &str) -> Loopback {
        self.authorization = Some(format!("Basic {}", base64(format!("{name}:{password}").as_bytes())));
        self
    }

    /// Sends a request and gives the answer's JSON; null for an empty one.
    ///
    /// # Errors
    /// A text for people when there is no answer, or the answer is no 2xx.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let mut headers = vec![("content-type", "application/json".to_owned())];
        headers.extend(self.authorization.clone().map(|value| ("authorization", value)));
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let request = Outgoing { method, url: format!("{}{path}", self.base), headers, body };
        let answer = self.client.send(&request, TIMEOUT).await?;
        let text = String::from_utf8_lossy(&answer.body);
        if !(200..300).contains(&answer.status) {
            let said = serde_json::from_str::<Value>(&text).ok();
            let said = said.as_ref().and_then(|said| said["error"].as_str());
            // The simulator's own refusals are sentences.
            return Err(
                said.map_or_else(|| format!("{path} answers {}: {text}", answer.status), str::to_owned)
            );
        }
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }

    /// POST.
    ///
    /// # Errors
    /// As [`Loopback::call`].
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// GET.
    ///
    /// # Errors
    /// As [`Loopback::call`].
    pub async fn get(&self, path: &str) -> Result<Value, String> {
        self.call(Method::GET, path, None).await
    }
}
