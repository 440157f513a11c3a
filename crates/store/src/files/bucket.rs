//! A bucket of S3, or of what speaks like it. Everything that is asked of it ends in its time: a bucket
//! that is dead is told to the caller, who comes back later.

use std::time::Duration;

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt, stream};
use model::Millis;
use object_store::path::Path as ObjectPath;
use object_store::{Error, ObjectMeta, PutPayload};

use super::{FOLDER_DIGITS, Files, OldFile, Place, folder_of};
use crate::error::{Result, StoreError};

/// How long a bucket may think about one request, repeats included.
pub(super) const ANSWER_TIME_MAX: Duration = Duration::from_secs(20);
/// How long it may take to send one part to it.
pub(super) const PART_TIME_MAX: Duration = Duration::from_secs(60);

/// Names whose data directory keeps its files under a prefix. Two of them would sweep each other's away.
const OWNER_OBJECT: &str = "crosspoint-owner";
/// Written, read and removed at each start, to find out whether that is possible.
const PROBE_OBJECT: &str = "crosspoint-probe";
/// Digits of a token (hub::secret::attachment_token). Objects of other names are somebody else's.
const TOKEN_DIGITS: usize = 32;

/// Where a bucket is, and who asks.
#[derive(Clone)]
pub struct BucketSettings {
    /// Its name.
    pub bucket: String,
    /// What the names of all objects begin with; may be empty.
    pub prefix: String,
    /// Where S3 is, `http://` only if it is written; Amazon's own without it.
    pub endpoint: Option<String>,
    /// The bucket's region.
    pub region: String,
    /// Whether the bucket stands in the path of a request, not in the name of the host.
    pub path_style: bool,
    /// The key.
    pub access_key_id: String,
    /// Its secret; no `Debug` and no error shows it.
    pub secret_access_key: String,
}

impl std::fmt::Debug for BucketSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = (&self.endpoint, &self.region, &self.bucket, &self.prefix);
        f.debug_tuple("BucketSettings").field(&place).finish_non_exhaustive()
    }
}

impl BucketSettings {
    /// `s3://bucket/prefix`.
    pub fn url(&self) -> String {
        match self.prefix.is_empty() {
            true => format!("s3://{}", self.bucket),
            false => format!("s3://{}/{}", self.bucket, self.prefix),
        }
    }
}

/// Why a bucket cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{said}")]
pub struct BucketTrouble {
    /// What kind of thing is wrong.
    pub kind: TroubleKind,
    /// What was tried: "writing", "reading", "listing" or "removing".
    pub doing: &'static str,
    /// What the other side said, or why it said nothing.
    pub said: String,
}

/// What kind of thing is wrong with a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// There is no such bucket.
    NoBucket,
    /// There is no such key, or its secret is another.
    WrongKey,
    /// The key may not do this.
    Denied,
    /// The bucket is in another region.
    OtherRegion,
    /// The clocks of the two machines differ too much.
    Clock,
    /// Nobody answers, or nobody who speaks S3.
    Unreachable,
}

impl Files {
    /// Files in a bucket; nothing is asked of it yet.
    ///
    /// # Errors
    /// `Setting` for settings that no client can be made of, and for a program without the feature `s3`.
    pub fn bucket(settings: &BucketSettings) -> Result<Files> {
        client::open(settings)
    }

    /// The bucket's address, `s3://bucket/prefix`, if it is one.
    pub fn bucket_url(&self) -> Option<&str> {
        match &self.place {
            Place::Folder(_) => None,
            Place::Bucket(url) => Some(url),
        }
    }

    /// Does everything once that will be done with the bucket.
    pub async fn probe(&self) -> Result<(), BucketTrouble> {
        let path = ObjectPath::from(PROBE_OBJECT);
        let bytes = PutPayload::from_static(b"Crosspoint tries whether it can write here.\n");
        self.try_it("writing", self.objects.put(&path, bytes)).await?;
        self.try_it("reading", async { self.objects.get(&path).await?.bytes().await }).await?;
        self.try_it("listing", self.objects.list(None).try_next()).await?;
        self.try_it("removing", self.objects.delete(&path)).await
    }

    /// The id of the data directory that keeps its files in the bucket.
    pub async fn owner(&self) -> Result<Option<String>, BucketTrouble> {
        let path = ObjectPath::from(OWNER_OBJECT);
        let read = async {
            match self.objects.get(&path).await {
                Ok(found) => Ok(Some(found.bytes().await?)),
                Err(Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        };
        let found = self.try_it("reading", read).await?;
        Ok(found.map(|id| String::from_utf8_lossy(&id).trim().to_owned()))
    }

    /// Names the data directory that keeps its files in the bucket from now on.
    pub async fn set_owner(&self, id: &str) -> Result<(), BucketTrouble> {
        let path = ObjectPath::from(OWNER_OBJECT);
        self.try_it("writing", self.objects.put(&path, format!("{id}\n").into())).await.map(|_| ())
    }

    /// The address of the object that names the owner.
    pub fn owner_url(&self) -> String {
        format!("{}/{OWNER_OBJECT}", self.bucket_url().unwrap_or_default())
    }

    /// The tokens of all files of a bucket, in no order.
    pub fn tokens(&self) -> BoxStream<'static, Result<String>> {
        let files = self.clone();
        let token = |about: ObjectMeta| futures::future::ready(Ok(token_of(&about.location)));
        let listed = patient_objects(self.objects.list(None));
        listed.map_err(move |error| files.failed(error)).try_filter_map(token).boxed()
    }

    pub(super) async fn bucket_folders(&self) -> Result<Vec<String>> {
        let listed = self.ask(ANSWER_TIME_MAX, self.objects.list_with_delimiter(None)).await;
        let listed = listed.map_err(|error| self.failed(error))?;
        let names = listed.common_prefixes.iter().filter_map(|path| path.filename().map(str::to_owned));
        Ok(names.filter(|name| is_of_digits(name, FOLDER_DIGITS)).collect())
    }

    /// Unfinished uploads are not listed: what the bucket does with them is a rule of its own.
    pub(super) async fn old_objects(&self, folder: &str, before: Millis) -> Result<Vec<OldFile>> {
        let folder = ObjectPath::from(folder);
        let old = patient_objects(self.objects.list(Some(&folder))).try_filter_map(|about| {
            let is_old = about.last_modified.timestamp_millis() < before.0;
            let token = token_of(&about.location).filter(|_| is_old);
            futures::future::ready(Ok(token.map(|token| OldFile {
                name: token.clone(),
                token,
                is_part: false,
            })))
        });
        old.try_collect().await.map_err(|error| self.failed(error))
    }

    async fn try_it<T>(
        &self,
        doing: &'static str,
        question: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, BucketTrouble> {
        self.ask(ANSWER_TIME_MAX, question).await.map_err(|error| trouble(doing, &error))
    }
}

/// The token of one of our objects.
fn token_of(path: &ObjectPath) -> Option<String> {
    let token = path.filename()?;
    let is_ours =
        is_of_digits(token, TOKEN_DIGITS) && path.as_ref() == format!("{}/{token}", folder_of(token));
    is_ours.then(|| token.to_owned())
}

fn is_of_digits(name: &str, count: usize) -> bool {
    name.len() == count && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The answer, or an error when its time is over.
pub(super) async fn in_time<T>(
    time_max: Duration,
    question: impl Future<Output = object_store::Result<T>>,
) -> object_store::Result<T> {
    tokio::time::timeout(time_max, question).await.unwrap_or_else(|_| Err(late(time_max)))
}

fn late(time_max: Duration) -> Error {
    Error::Generic { store: "S3", source: format!("no answer within {} s", time_max.as_secs()).into() }
}

/// Bytes of a file; each piece has to come in time. A slow reader may take as long as it wants.
pub(super) fn patient(
    bytes: BoxStream<'static, std::io::Result<Bytes>>,
) -> BoxStream<'static, std::io::Result<Bytes>> {
    let next = |mut bytes: BoxStream<'static, std::io::Result<Bytes>>| async move {
        match tokio::time::timeout(ANSWER_TIME_MAX, bytes.try_next()).await {
            Ok(next) => Ok(next?.map(|piece| (piece, bytes))),
            Err(_) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut)),
        }
    };
    stream::try_unfold(bytes, next).boxed()
}

/// A list of which each page has its time.
fn patient_objects(
    objects: BoxStream<'static, object_store::Result<ObjectMeta>>,
) -> BoxStream<'static, object_store::Result<ObjectMeta>> {
    let next = |mut objects: BoxStream<'static, object_store::Result<ObjectMeta>>| async move {
        let next = in_time(ANSWER_TIME_MAX, objects.try_next()).await?;
        Ok(next.map(|about| (about, objects)))
    };
    stream::try_unfold(objects, next).boxed()
}

/// What is told of a bucket that does not do what it is asked. Only what somebody must repair is an
/// error of the log.
pub(super) fn away(url: &str, error: &Error) -> StoreError {
    let BucketTrouble { kind, said, .. } = trouble("", error);
    match kind {
        TroubleKind::Unreachable => tracing::warn!(url, said, "the bucket of attachments does not answer"),
        _ => tracing::error!(url, said, "the bucket of attachments refuses us"),
    }
    StoreError::Away(said)
}

pub(super) fn trouble(doing: &'static str, error: &Error) -> BucketTrouble {
    let text = everything_said(error);
    let code = between(&text, "<Code>", "</Code>");
    let kind = match (code, error) {
        (Some("NoSuchBucket"), _) => TroubleKind::NoBucket,
        (Some("InvalidAccessKeyId" | "SignatureDoesNotMatch" | "InvalidClientTokenId"), _) => {
            TroubleKind::WrongKey
        }
        (
            Some("PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException"),
            _,
        ) => TroubleKind::OtherRegion,
        (Some("RequestTimeTooSkewed"), _) => TroubleKind::Clock,
        (_, Error::PermissionDenied { .. } | Error::Unauthenticated { .. }) => TroubleKind::Denied,
        (_, Error::NotFound { .. }) => TroubleKind::NoBucket,
        _ if text.contains("redirect") => TroubleKind::OtherRegion,
        _ => TroubleKind::Unreachable,
    };
    let said = match (code, between(&text, "<Message>", "</Message>")) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        _ => innermost(error),
    };
    BucketTrouble { kind, doing, said }
}

/// An answer of S3 stands somewhere in the chain of errors.
fn everything_said(error: &Error) -> String {
    let mut text = error.to_string();
    let mut inner: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = inner {
        text.push_str(&error.to_string());
        inner = error.source();
    }
    text
}

fn innermost(error: &Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

fn between<'a>(text: &'a str, before: &str, behind: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(behind).map(|(found, _)| found)
}

#[cfg(feature = "s3")]
mod client {
    use std::sync::Arc;
    use std::time::Duration;

    use object_store::aws::AmazonS3Builder;
    use object_store::prefix::PrefixStore;
    use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};

    use super::{BucketSettings, ObjectPath, Place};
    use crate::error::{Result, StoreError};
    use crate::files::Files;

    const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);
    /// After that long nothing is repeated.
    const REPEAT_TIME_MAX: Duration = Duration::from_secs(8);
    const REPEATS_MAX: usize = 3;

    /// This client is not the guarded one: the address is the operator's own setting, no customer's
    /// word is in it, and it may well lie in the own network.
    pub(super) fn open(settings: &BucketSettings) -> Result<Files> {
        let endpoint = settings.endpoint.as_deref();
        // The time of a request ends with its body, which a slow reader may take minutes for; each
        // question has its own time instead.
        let options = ClientOptions::new()
            .with_timeout_disabled()
            .with_connect_timeout(CONNECT_TIME_MAX)
            .with_allow_http(endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")));
        let backoff = BackoffConfig { max_backoff: Duration::from_secs(1), ..BackoffConfig::default() };
        let retry = RetryConfig { backoff, max_retries: REPEATS_MAX, retry_timeout: REPEAT_TIME_MAX };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&settings.access_key_id)
            .with_secret_access_key(&settings.secret_access_key)
            .with_virtual_hosted_style_request(!settings.path_style)
            .with_client_options(options)
            .with_retry(retry);
        if let Some(endpoint) = endpoint {
            builder = builder.with_endpoint(match settings.path_style {
                true => endpoint.to_owned(),
                false => endpoint.replacen("://", &format!("://{}.", settings.bucket), 1),
            });
        }
        let refused =
            |error: &dyn std::fmt::Display| StoreError::Setting(format!("attachments_url: {error}"));
        let bucket = builder.build().map_err(|error| refused(&error))?;
        let prefix = ObjectPath::parse(&settings.prefix).map_err(|error| refused(&error))?;
        let objects: Arc<dyn ObjectStore> = match prefix.as_ref().is_empty() {
            true => Arc::new(bucket),
            false => Arc::new(PrefixStore::new(bucket, prefix)),
        };
        Ok(Files { objects, place: Place::Bucket(settings.url().into()) })
    }
}

#[cfg(not(feature = "s3"))]
mod client {
    use super::BucketSettings;
    use crate::error::{Result, StoreError};
    use crate::files::Files;

    pub(super) fn open(_: &BucketSettings) -> Result<Files> {
        let text = "attachments_url: this program was built without S3 (cargo's feature s3); leave it out";
        Err(StoreError::Setting(text.to_owned()))
    }
}
