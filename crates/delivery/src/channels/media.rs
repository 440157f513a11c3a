//! Fetches what customers send: through the guard, with limits of size and type (decision 27).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use channels::kit::provider::is_passing;
use channels::{Answer, MediaStep, Plan};
use hub::outbox::{FileEnd, Outbox, WaitingMedium};
use model::channel::InboundMedia;
use model::limits::INBOUND_MEDIUM_BYTES_MAX;
use model::media_type;
use model::record::IntegrationKey;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::request::{ANSWER_BYTES_MAX, PlanError, request};
use super::set::{ChannelSet, Opened};
use crate::http::{HttpErrorKind, RequestPlan, Response};
use crate::webhooks::persist;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Files that are fetched at once, and of one integration: whose address hangs delays nobody else's.
const FETCHES_MAX: usize = 16;
const FETCHES_OF_ONE_MAX: usize = 2;
/// Files are in memory while they come: bytes of all of them.
const BYTES_MAX: usize = 4 * INBOUND_MEDIUM_BYTES_MAX;
/// Media that are looked up at once.
const LOOK_MAX: usize = 64;
/// Requests that one medium may need: its address, and redirects.
const STEPS_MAX: usize = 4;
/// Attempts for one medium, and the pause after the first; it doubles.
const ATTEMPTS_MAX: i64 = 6;
const PAUSE_MS: i64 = 2_000;
/// How long nobody else tries a medium that is being fetched.
const FETCH_TIME_MS: i64 = 150_000;
/// The type of a file of which nobody tells the type.
const UNKNOWN_TYPE: &str = "application/octet-stream";
/// It looks by itself, too.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The worker that fetches media.
pub struct MediaFetcher {
    outbox: Outbox,
    set: ChannelSet,
    room: Arc<Semaphore>,
}

/// Slots for fetching, and each integration's share of them.
struct Slots {
    all: Arc<Semaphore>,
    shares: HashMap<IntegrationKey, Arc<Semaphore>>,
}

/// A slot that is taken until this is dropped.
struct Slot {
    _of_all: OwnedSemaphorePermit,
    _of_one: OwnedSemaphorePermit,
}

impl Slots {
    fn new() -> Slots {
        Slots { all: Arc::new(Semaphore::new(FETCHES_MAX)), shares: HashMap::new() }
    }

    /// A slot for an integration, if it and all together have one left.
    fn take(&mut self, integration: IntegrationKey) -> Option<Slot> {
        self.shares.retain(|_, share| share.available_permits() < FETCHES_OF_ONE_MAX);
        let of_all = self.all.clone().try_acquire_owned().ok()?;
        let share =
            self.shares.entry(integration).or_insert_with(|| Arc::new(Semaphore::new(FETCHES_OF_ONE_MAX)));
        let of_one = share.clone().try_acquire_owned().ok()?;
        Some(Slot { _of_all: of_all, _of_one: of_one })
    }
}

/// Why a medium did not come this time.
enum Missed {
    /// It will not come.
    Refused(String),
    /// Perhaps later.
    Later(String),
}

impl MediaFetcher {
    /// A worker over an outbox.
    pub fn new(outbox: Outbox, set: ChannelSet) -> Arc<MediaFetcher> {
        Arc::new(MediaFetcher { outbox, set, room: Arc::new(Semaphore::new(BYTES_MAX / 1_024)) })
    }

    /// Works until it is dropped. What it was fetching then is fetched again when it begins the next time.
    pub async fn run(self: Arc<Self>) {
        let mut slots = Slots::new();
        let mut running = JoinSet::new();
        persist(|| self.outbox.begin_media()).await;
        loop {
            // Integrations whose share is taken are few beside those that are looked at.
            for medium in persist(|| self.outbox.due_media(FETCHES_OF_ONE_MAX, LOOK_MAX)).await {
                let Some(slot) = slots.take(medium.integration) else { continue };
                let until = self.outbox.now().plus(FETCH_TIME_MS);
                persist(|| self.outbox.postpone_medium(medium.key, medium.attempts, until)).await;
                let this = self.clone();
                running.spawn(async move {
                    this.fetch(medium).await;
                    drop(slot);
                });
            }
            tokio::select! {
                Some(_) = running.join_next() => {}
                _woken_or_time = tokio::time::timeout(LOOK_EVERY, self.outbox.media_to_fetch()) => {}
            }
            while running.try_join_next().is_some() {}
        }
    }

    async fn fetch(&self, medium: WaitingMedium) {
        let end = match self.bytes_of(&medium).await {
            Ok((answer, media_type)) => {
                let size = answer.body.len() as u64;
                persist(|| self.write(&medium, answer.body.clone())).await;
                FileEnd::Stored { media_type, size }
            }
            Err(Missed::Later(reason)) if medium.attempts + 1 < ATTEMPTS_MAX => {
                tracing::info!(reason, attempt = medium.attempts + 1, "a medium could not be fetched yet");
                count("retried");
                let pause = PAUSE_MS << medium.attempts.clamp(0, 10);
                let at = self.outbox.now().plus(pause);
                persist(|| self.outbox.postpone_medium(medium.key, medium.attempts + 1, at)).await;
                return;
            }
            Err(Missed::Later(reason) | Missed::Refused(reason)) => FileEnd::Refused(reason),
        };
        count(if matches!(end, FileEnd::Stored { .. }) { "stored" } else { "refused" });
        persist(|| self.outbox.settle_medium(medium.key, end.clone())).await;
    }

    async fn write(&self, medium: &WaitingMedium, bytes: Bytes) -> hub::Result<()> {
        let mut file = self.outbox.write_medium(medium).await?;
        file.add(bytes).await?;
        file.finish().await
    }

    async fn bytes_of(&self, medium: &WaitingMedium) -> Result<(Response, String), Missed> {
        let gone = || Missed::Refused("the integration through which it came is gone".to_owned());
        let channel = medium.channel.as_ref().ok_or_else(gone)?;
        let opened = self.set.open(channel).ok_or_else(gone)?;
        if medium.medium.size.is_some_and(|size| size > INBOUND_MEDIUM_BYTES_MAX as u64) {
            return Err(too_large());
        }
        let answer = self.walk(&opened, medium).await?;
        if !answer.status.is_success() {
            return Err(in_trouble(&answer).unwrap_or_else(|| Missed::Refused(status_text(&answer))));
        }
        if answer.body.is_empty() {
            return Err(Missed::Refused("it is empty".to_owned()));
        }
        let told = answer.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let InboundMedia { media_type, name, .. } = &medium.medium;
        let media_type = kind_of(&answer.body, told, media_type.as_deref());
        let media_type = allowed(media_type, name.as_deref()).map_err(Missed::Refused)?;
        Ok((answer, media_type))
    }

    /// Asks for the address, as often as the channel needs to, then for the bytes; follows redirects,
    /// each through the guard, without the headers that prove who we are.
    async fn walk(&self, opened: &Opened<'_>, medium: &WaitingMedium) -> Result<Response, Missed> {
        let mut before: Option<Response> = None;
        for _ in 0..STEPS_MAX {
            let answer = before.as_ref().map(|answer| Answer {
                status: answer.status,
                headers: &answer.headers,
                body: &answer.body,
            });
            match opened.channel.fetch(&opened.account(), &medium.medium.reference, answer.as_ref()) {
                MediaStep::Resolve(plan) => {
                    let answer = self.ask(plan, ANSWER_BYTES_MAX, None).await?;
                    if let Some(missed) = in_trouble(&answer) {
                        return Err(missed);
                    }
                    before = Some(answer);
                }
                MediaStep::Get(plan) => return self.get(plan).await,
                MediaStep::Gone(reason) => return Err(Missed::Refused(reason)),
            }
        }
        Err(Missed::Refused("the provider does not say where it is".to_owned()))
    }

    async fn get(&self, mut plan: Plan) -> Result<Response, Missed> {
        for _ in 0..STEPS_MAX {
            let from = plan.url.clone();
            let room = Some(self.room.clone());
            let answer = self.ask(plan, INBOUND_MEDIUM_BYTES_MAX, room).await?;
            if !answer.status.is_redirection() {
                return Ok(answer);
            }
            let to = answer.headers.get(http::header::LOCATION).and_then(|value| value.to_str().ok());
            let to = to.and_then(|to| url::Url::parse(&from).ok()?.join(to).ok());
            let Some(to) = to else { return Ok(answer) };
            plan = Plan::get(to.to_string());
        }
        Err(Missed::Refused("the provider leads in circles".to_owned()))
    }

    /// One request. Only a file takes room: whoever held some while waiting for more could wait for ever.
    async fn ask(
        &self,
        plan: Plan,
        bytes_max: usize,
        room: Option<Arc<Semaphore>>,
    ) -> Result<Response, Missed> {
        let url = plan.url.clone();
        let missed = |error: crate::http::HttpError| match error.kind {
            HttpErrorKind::TooLarge => too_large(),
            HttpErrorKind::Refused => Missed::Refused("its address is not to be called".to_owned()),
            HttpErrorKind::BadUrl => Missed::Refused("it has no address".to_owned()),
            _ => Missed::Later(format!("the provider could not be reached ({})", error.kind)),
        };
        let made = request(&self.set, &self.outbox, plan, TIMEOUT, bytes_max).await;
        let made = made.map_err(|error| match error {
            PlanError::Http(error) => missed(error),
            PlanError::File(error) => Missed::Refused(error.to_string()),
        })?;
        self.set.client_for(&url).send(RequestPlan { room, ..made }).await.map_err(missed)
    }
}

/// Whether the provider may answer better later.
fn in_trouble(answer: &Response) -> Option<Missed> {
    is_passing(answer.status).then(|| Missed::Later(status_text(answer)))
}

fn status_text(answer: &Response) -> String {
    format!("the provider answered {}", answer.status.as_u16())
}

fn too_large() -> Missed {
    Missed::Refused(format!("larger than {} MB", INBOUND_MEDIUM_BYTES_MAX / (1024 * 1024)))
}

/// The type of a file: what its first bytes say goes before what is told, unless that is only less exact.
fn kind_of(bytes: &[u8], told: Option<&str>, known: Option<&str>) -> String {
    if let Some(kind) = infer::get(bytes) {
        let exact = [known, told].into_iter().flatten().find(|told| is_exact(told, kind.mime_type()));
        return exact.unwrap_or(kind.mime_type()).to_owned();
    }
    let fits = |kind: &&str| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        essence.contains('/') && essence != UNKNOWN_TYPE && essence.len() <= 100
    };
    known.filter(fits).or(told.filter(fits)).unwrap_or(UNKNOWN_TYPE).to_owned()
}

/// Whether a type of the list says more than the first bytes do: they know the container, and not always what
/// is in it.
fn is_exact(told: &str, sniffed: &str) -> bool {
    let (told, sniffed) = (media_type::canonical(told), media_type::canonical(sniffed));
    if media_type::known(&told).is_none() && told != "audio/webm" {
        return false;
    }
    let family = told.split('/').next().unwrap_or_default();
    let is_medium = matches!(family, "image" | "audio" | "video");
    match sniffed.as_str() {
        "application/zip" | "application/gzip" | "text/plain" => !is_medium,
        "application/xml" => told.ends_with("xml") || !is_medium,
        // A recording has no picture.
        "video/webm" | "video/ogg" | "video/mp4" => {
            told.strip_prefix("audio/") == sniffed.strip_prefix("video/")
        }
        _ => false,
    }
}

/// A type that may be kept, as for uploads; where nothing but the name says what a file is, the name's.
fn allowed(media_type: String, name: Option<&str>) -> Result<String, String> {
    let canonical = media_type::canonical(&media_type);
    if media_type::known(&canonical).is_some() {
        return Ok(media_type);
    }
    let extension = name.and_then(|name| name.rsplit_once('.')).map(|(_, last)| last.to_ascii_lowercase());
    let named = extension.as_deref().and_then(media_type::of_extension);
    match named.filter(|_| canonical == UNKNOWN_TYPE) {
        Some(named) => Ok(named.to_owned()),
        None => Err(format!("its type {canonical} is not allowed")),
    }
}

fn count(outcome: &'static str) {
    metrics::counter!("crosspoint_media_downloads_total", "outcome" => outcome).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_more_than_their_share_of_the_slots() {
        let mut slots = Slots::new();
        let one = IntegrationKey(1);
        let mut taken: Vec<_> = (0..9).filter_map(|_| slots.take(one)).collect();
        assert_eq!(taken.len(), FETCHES_OF_ONE_MAX);
        let others: Vec<_> = (2..99).filter_map(|key| slots.take(IntegrationKey(key))).collect();
        assert_eq!(others.len(), FETCHES_MAX - FETCHES_OF_ONE_MAX);
        assert!(slots.take(one).is_none());
        taken.pop();
        assert!(slots.take(one).is_some(), "a slot that is free again");
    }

    #[test]
    fn only_types_of_the_list_are_kept() {
        let judged = |bytes: &[u8], told, known, name| allowed(kind_of(bytes, told, known), name);
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        assert_eq!(judged(png, None, Some("text/plain"), None), Ok("image/png".to_owned()));
        let (zip, xml) =
            (b"PK\x03\x04\x14\0\0\0\x08\0".as_slice(), b"<?xml version=\"1.0\"?><svg/>".as_slice());
        for told in ["application/vnd.apple.pages", "application/vnd.apple.numbers", "text/csv"] {
            assert_eq!(
                judged(zip, None, Some(told), None),
                Ok(told.to_owned()),
                "more exact than its container"
            );
            assert_eq!(judged(zip, Some(told), None, None), Ok(told.to_owned()));
        }
        assert_eq!(judged(xml, Some("image/svg+xml"), None, None), Ok("image/svg+xml".to_owned()));
        for other in [Some("image/png"), Some("application/x-unheard-of"), None] {
            assert_eq!(judged(zip, None, other, None), Ok("application/zip".to_owned()), "{other:?}");
        }
        let opus = Some("audio/ogg; codecs=opus");
        assert_eq!(judged(b"\x01\x02", opus, None, None), Ok("audio/ogg; codecs=opus".to_owned()));
        let unknown = Some("application/octet-stream");
        assert_eq!(judged(b"a,b", unknown, None, Some("a.CSV")), Ok("text/csv".to_owned()));
        for (bytes, told, name, kind) in [
            (b"MZ\x90\0\x03\0\0\0".as_slice(), Some("image/png"), Some("a.png"), "portable-executable"),
            (b"<html>", Some("text/html"), Some("a.txt"), "text/html"),
            (b"\x01\x02", unknown, Some("a.exe"), "application/octet-stream"),
            (b"\x01\x02", None, None, "application/octet-stream"),
        ] {
            let refused = judged(bytes, told, None, name).expect_err(kind);
            assert!(refused.starts_with("its type ") && refused.contains(kind), "{refused}");
        }
    }
}
