//! A call of an operation: it takes options and is sent when it is awaited.

use std::marker::PhantomData;
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, ORIGIN};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tracing::Instrument as _;
use wire::Operation;
use wire::operation::{Auth, Method};

use crate::client::Client;
use crate::error::Error;
use crate::form::Form;
use crate::reply::{Asked, Attempt, judge, read};

/// A call of an operation. Nothing is sent before it is awaited.
#[must_use = "a call is sent when it is awaited"]
#[derive(Debug)]
pub struct Call<T> {
    client: Client,
    form: Form,
    operation: &'static Operation,
    path: Result<String, Error>,
    query: Vec<(String, String)>,
    body: Result<Body, Error>,
    idempotency_key: Option<String>,
    harmless: bool,
    timeout: Duration,
    reply: PhantomData<fn() -> T>,
}

/// A file to be uploaded.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its name, for those who download it.
    pub file_name: String,
    /// Its media type, as `image/png`.
    pub media_type: String,
    /// What is in it, 50 MB at most.
    pub bytes: Bytes,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    None,
    Json(Bytes),
    #[cfg(feature = "hubster")]
    Form(String),
    #[cfg_attr(not(feature = "sunshine"), allow(dead_code, reason = "not every API takes files"))]
    Files {
        part: &'static str,
        files: Vec<Upload>,
    },
}

#[cfg_attr(
    not(all(feature = "sunshine", feature = "hubster", feature = "exotel")),
    allow(dead_code, reason = "not every API needs all of them")
)]
impl<T> Call<T> {
    pub(crate) fn new(
        client: Client,
        form: Form,
        operation: &'static Operation,
        path: Result<String, Error>,
    ) -> Call<T> {
        let timeout = client.inner.timeout;
        let (query, body, idempotency_key) = (Vec::new(), Ok(Body::None), None);
        let (harmless, reply) = (false, PhantomData);
        Call { client, form, operation, path, query, body, idempotency_key, harmless, timeout, reply }
    }

    /// A key that makes a POST repeatable for 24 hours: the server does it once, however often it comes,
    /// and so the client may send it again. Up to 255 characters, new for each thing that is to be done.
    ///
    /// Crosspoint knows such keys on the routes of Sunshine Conversations and on its own, the vendors'
    /// servers do not: do not give one there. Other APIs have none; such a call is [`Error::Invalid`].
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Call<T> {
        self.idempotency_key = Some(key.into());
        self
    }

    /// How long each attempt may take, instead of the client's own time.
    pub fn timeout(mut self, timeout: Duration) -> Call<T> {
        self.timeout = timeout;
        self
    }

    /// The brand whose user is meant. Only the operations of users, clients and devices look at it.
    pub fn brand_id(self, brand: impl Into<String>) -> Call<T> {
        self.parameter("brandId", brand)
    }

    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// May be sent again, as buying a token may.
    pub(crate) fn harmless(mut self) -> Call<T> {
        self.harmless = true;
        self
    }

    /// A value as the parameter `key`.
    pub(crate) fn key(self, value: &str) -> Call<T> {
        self.parameter("key", value)
    }

    /// A value as the parameter `user_id`.
    pub(crate) fn user(self, value: &str) -> Call<T> {
        self.parameter("user_id", value)
    }

    pub(crate) fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Call<T> {
        let name = name.into();
        self.query.retain(|(known, _)| *known != name);
        self.query.push((name, value.into()));
        self
    }

    /// The fields of `values` as parameters: `name=…`, or `filter[name]=…` inside of `filter`.
    pub(crate) fn parameters(mut self, inside: Option<&str>, values: &impl Serialize) -> Call<T> {
        let Ok(Value::Object(fields)) = serde_json::to_value(values) else { return self };
        for (name, value) in fields {
            let name = inside.map_or_else(|| name.clone(), |outer| format!("{outer}[{name}]"));
            self = match value {
                Value::Null => self,
                Value::String(text) => self.parameter(name, text),
                other => self.parameter(name, other.to_string()),
            };
        }
        self
    }

    pub(crate) fn has_parameter(&self, name: &str) -> bool {
        self.query.iter().any(|(known, _)| known == name)
    }

    /// The same call once more, without a body: lists have none.
    pub(crate) fn again(&self) -> Call<T> {
        let path = self.path.as_ref().map(String::clone).map_err(|error| Error::Invalid(error.to_string()));
        let call = Call::new(self.client.clone(), self.form, self.operation, path);
        Call { query: self.query.clone(), timeout: self.timeout, ..call }
    }

    pub(crate) fn query(self, values: &impl Serialize) -> Call<T> {
        self.parameters(None, values)
    }

    pub(crate) fn filtered(self, values: &impl Serialize) -> Call<T> {
        self.parameters(Some("filter"), values)
    }

    pub(crate) fn json(mut self, body: &(impl Serialize + ?Sized)) -> Call<T> {
        let bytes = serde_json::to_vec(body).map(|bytes| Body::Json(bytes.into()));
        self.body = bytes.map_err(|error| Error::Invalid(format!("{}: {error}", self.operation.id)));
        self
    }

    /// The fields of `values` as `application/x-www-form-urlencoded`.
    #[cfg(feature = "hubster")]
    pub(crate) fn form(mut self, values: &impl Serialize) -> Call<T> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        if let Ok(Value::Object(fields)) = serde_json::to_value(values) {
            form.extend_pairs(fields.iter().filter_map(|(name, value)| Some((name, value.as_str()?))));
        }
        self.body = Ok(Body::Form(form.finish()));
        self
    }

    pub(crate) fn upload(mut self, upload: &Upload) -> Call<T> {
        self.body = Ok(Body::Files { part: "source", files: vec![upload.clone()] });
        self
    }

    pub(crate) fn files(mut self, files: &[Upload]) -> Call<T> {
        self.body = Ok(Body::Files { part: "files", files: files.to_vec() });
        self
    }

    /// The address with its query; nothing is sent.
    pub(crate) fn address(self) -> Result<String, Error> {
        let path = self.path?;
        let mut url = url::Url::parse(&format!("{}{path}", self.client.inner.base))
            .map_err(|error| Error::Invalid(format!("{}: {error}", self.operation.id)))?;
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url.into())
    }
}

impl<T: DeserializeOwned> Call<T> {
    async fn send(self) -> Result<T, Error> {
        let operation = self.operation;
        let span = tracing::debug_span!(
            "call",
            operation = operation.id,
            method = operation.method.as_str(),
            path = operation.path
        );
        self.send_until_answered().instrument(span).await
    }

    async fn send_until_answered(self) -> Result<T, Error> {
        let Call { client, operation, body, idempotency_key, timeout, .. } = &self;
        let (path, body) = match (&self.path, body) {
            (Ok(path), Ok(body)) => (path, body),
            (Err(error), _) | (_, Err(error)) => return Err(Error::Invalid(error.to_string())),
        };
        if idempotency_key.is_some() && !self.form.knows_keys() {
            return Err(Error::Invalid(format!("{}: this API knows no idempotency keys", operation.id)));
        }
        let url = format!("{}{path}", client.inner.base);
        let keyed = idempotency_key.is_some() && operation.method == Method::Post;
        let asked = Asked { operation, form: self.form, harmless: keyed || self.harmless };
        let (mut attempt, mut renewed) = (1, false);
        loop {
            let mut request = client.inner.http.request(method(operation.method), &url).timeout(*timeout);
            request = request.query(&self.query);
            let mut authorization = None;
            if operation.auth == Auth::Required {
                authorization = client.inner.authorizer.header().await?;
            }
            if let Some(value) = &authorization {
                request = request.header(AUTHORIZATION, secret(operation.id, value)?);
            }
            if let Some(origin) = &client.inner.origin {
                request = request.header(ORIGIN, origin);
            }
            if let Some(key) = idempotency_key {
                request = request.header("idempotency-key", key);
            }
            let came = read(with_body(request, body)?, operation.id, *timeout).await;
            // Who refuses a token has done nothing; another one may be good.
            let refused = came.as_ref().is_ok_and(|answer| answer.status == 401);
            if refused && !renewed && client.inner.authorizer.forget(authorization.as_deref()).await {
                renewed = true;
                continue;
            }
            match judge(came, &asked, &client.inner.retry, attempt) {
                Attempt::Done(result) => return result,
                Attempt::Again { pause, error } => {
                    let pause_ms = pause.as_millis();
                    tracing::debug!(attempt, pause_ms, %error, "the call is sent again");
                    tokio::time::sleep(pause).await;
                    attempt += 1;
                }
            }
        }
    }
}

impl<T: DeserializeOwned + Send + 'static> IntoFuture for Call<T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'static, Result<T, Error>>;

    fn into_future(self) -> Self::IntoFuture {
        self.send().boxed()
    }
}

/// A header's value that neither a log nor an index of headers keeps.
pub(crate) fn secret(operation: &str, value: &str) -> Result<HeaderValue, Error> {
    let unfit = |_| Error::Invalid(format!("{operation}: the credentials do not fit into a header"));
    let mut value = HeaderValue::from_str(value).map_err(unfit)?;
    value.set_sensitive(true);
    Ok(value)
}

fn method(method: Method) -> http::Method {
    match method {
        Method::Get => http::Method::GET,
        Method::Post => http::Method::POST,
        Method::Patch => http::Method::PATCH,
        Method::Put => http::Method::PUT,
        Method::Delete => http::Method::DELETE,
    }
}

fn with_body(request: reqwest::RequestBuilder, body: &Body) -> Result<reqwest::RequestBuilder, Error> {
    Ok(match body {
        Body::None => request,
        Body::Json(bytes) => request.header(CONTENT_TYPE, "application/json").body(bytes.clone()),
        #[cfg(feature = "hubster")]
        Body::Form(form) => {
            request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.clone())
        }
        Body::Files { part, files } => {
            let mut form = reqwest::multipart::Form::new();
            for file in files {
                let length = file.bytes.len() as u64;
                let content = reqwest::multipart::Part::stream_with_length(file.bytes.clone(), length)
                    .file_name(file.file_name.clone())
                    .mime_str(&file.media_type)
                    .map_err(|_| Error::Invalid(format!("{:?} is no media type", file.media_type)))?;
                form = form.part(*part, content);
            }
            request.multipart(form)
        }
    })
}
