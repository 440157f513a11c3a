//! The client of the tests: JSON in, JSON out, and every answer compared with the contract.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use http::{Method, StatusCode};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::multipart::Form;
use serde_json::Value;

use crate::contract::{Contract, exotel, hubster};
use crate::credentials::{Credentials, Key, jwt};
use crate::reply::Reply;
use crate::run::PATIENCE;
use crate::watch::Watch;

/// No answer may take longer; a call that waits for events takes 30 s.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(35).saturating_mul(PATIENCE);

/// A client with one set of credentials. Cheap to clone; follows its server through restarts.
#[derive(Clone)]
pub struct Api {
    inner: Arc<Inner>,
    credentials: Credentials,
}

struct Inner {
    http: reqwest::Client,
    base: Arc<RwLock<String>>,
    watch: Arc<Watch>,
}

impl Api {
    /// A client of a server that somebody else started, without credentials. Nobody but the calls
    /// themselves judges its answers.
    pub fn at(base: &str) -> Api {
        Api::new(Arc::new(RwLock::new(base.to_owned())), Arc::default(), Credentials::None)
    }

    pub(crate) fn new(base: Arc<RwLock<String>>, watch: Arc<Watch>, credentials: Credentials) -> Api {
        let http = reqwest::Client::builder()
            .timeout(ANSWER_TIME_MAX)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("an HTTP client");
        Api { inner: Arc::new(Inner { http, base, watch }), credentials }
    }

    /// The same client with other credentials.
    pub fn with(&self, credentials: Credentials) -> Api {
        Api { inner: self.inner.clone(), credentials }
    }

    /// The same client with Basic credentials of any key.
    pub fn as_key(&self, key: &Key) -> Api {
        self.with(Credentials::Basic(key.clone()))
    }

    /// The same client with a JWT that the key signs, with the key's own scope.
    pub fn as_jwt_of(&self, key: &Key) -> Api {
        self.with(Credentials::Bearer(jwt(key)))
    }

    /// Where the server is now, without a slash at the end.
    pub fn base(&self) -> String {
        self.inner.base.read().expect("no panic while held").clone()
    }

    /// Begins a request. `path` is raw: what needs escaping has to be escaped.
    pub fn call(&self, method: &str, path: &str) -> Call {
        let method: Method = method.parse().expect("a method");
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base()) };
        let mut request = self.inner.http.request(method.clone(), &url);
        if let Some(authorization) = self.credentials.header() {
            request = request.header(AUTHORIZATION, authorization);
        }
        let path = url.strip_prefix(&self.base()).unwrap_or(path).to_owned();
        Call { api: self.clone(), request, method: method.to_string(), path }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.call("GET", path).send().await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.call("POST", path).json(body).send().await
    }

    /// POST without a body and without a content type.
    pub async fn post_nothing(&self, path: &str) -> Reply {
        self.call("POST", path).send().await
    }

    /// PATCH with a JSON body.
    pub async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.call("PATCH", path).json(body).send().await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Reply {
        self.call("DELETE", path).send().await
    }
}

/// A request that is being put together.
pub struct Call {
    api: Api,
    request: reqwest::RequestBuilder,
    method: String,
    path: String,
}

impl Call {
    /// A JSON body with its content type.
    pub fn json(self, body: &Value) -> Call {
        self.text("application/json", &body.to_string())
    }

    /// Any body with any content type.
    pub fn text(mut self, content_type: &str, body: &str) -> Call {
        self.request = self.request.header(CONTENT_TYPE, content_type).body(body.to_owned());
        self
    }

    /// Any bytes without a content type.
    pub fn bytes(mut self, body: Vec<u8>) -> Call {
        self.request = self.request.body(body);
        self
    }

    /// A form with files.
    pub fn multipart(mut self, form: Form) -> Call {
        self.request = self.request.multipart(form);
        self
    }

    /// A header.
    pub fn header(mut self, name: &str, value: &str) -> Call {
        self.request = self.request.header(name, value);
        self
    }

    /// Sends it. Panics when no answer comes or when the answer breaks the contract.
    pub async fn send(self) -> Reply {
        let asked = format!("{} {}", self.method, self.path);
        self.try_send().await.unwrap_or_else(|error| panic!("{asked}: {error}"))
    }

    /// Sends it to a server that may be gone. Still panics when an answer breaks the contract.
    pub async fn try_send(self) -> Result<Reply, reqwest::Error> {
        let request = format!("{} {}", self.method, self.path);
        let response = self.request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut reply = Reply { request, status: status.as_u16(), headers, body: Value::Null, text };
        if let Err(complaint) = compare(&mut reply, status, &self.method, &self.path, &self.api.inner.watch) {
            let complaint = format!("{}: {complaint}", reply.request);
            self.api.inner.watch.complain(complaint.clone());
            panic!("{complaint}");
        }
        Ok(reply)
    }
}

fn compare(
    reply: &mut Reply,
    status: StatusCode,
    method: &str,
    path: &str,
    watch: &Watch,
) -> Result<(), String> {
    let contract = Contract::shared();
    let operation = contract.operation(method, path);
    let media = path.starts_with("/attachments/") && status.is_success();
    if method == "HEAD" || media {
        return Ok(());
    }
    if hubster::is_hubsters(path) {
        reply.body = hubster::check_reply(path, status.as_u16(), reply.header("content-type"), &reply.text)?;
        if let Some(operation) = hubster::operation(method, path) {
            watch.answered(operation, status.as_u16());
        }
        return Ok(());
    }
    if exotel::is_exotels(path) {
        reply.body = exotel::check_reply(status.as_u16(), reply.header("content-type"), &reply.text)?;
        return Ok(());
    }
    reply.body =
        contract.check_reply(operation, status.as_u16(), reply.header("content-type"), &reply.text)?;
    if let Some(operation) = operation {
        watch.answered(&operation.id, status.as_u16());
    }
    Ok(())
}
