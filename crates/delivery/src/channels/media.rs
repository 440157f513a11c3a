//! Fetches what customers send: through the guard, with limits of size and type (decision 27).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use channels::{Answer, MediaStep, Plan};
use hub::outbox::{FileEnd, Outbox, WaitingMedium};
use model::limits::INBOUND_MEDIUM_BYTES_MAX;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::exchange::{ExchangeError, request};
use super::set::{ChannelSet, Opened};
use crate::http::{HttpErrorKind, Response};
use crate::webhooks::persist;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Files that are fetched at once; each is in memory while it comes.
const FETCHES_MAX: usize = 4;
/// Media that are looked up at once.
const LOOK_MAX: usize = 64;
/// Requests that one medium may need: its address, and redirects.
const STEPS_MAX: usize = 4;
/// Attempts for one medium, and the pause after the first; it doubles.
const ATTEMPTS_MAX: i64 = 6;
const PAUSE_MS: i64 = 2_000;
/// How long nobody else tries a medium that is being fetched.
const FETCH_TIME_MS: i64 = 150_000;
/// It looks by itself, too.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The worker that fetches media.
pub struct MediaFetcher {
    outbox: Outbox,
    set: ChannelSet,
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
        Arc::new(MediaFetcher { outbox, set })
    }

    /// Works until it is dropped. What it was fetching then is fetched again after the next start.
    pub async fn run(self: Arc<Self>) {
        let places = Arc::new(Semaphore::new(FETCHES_MAX));
        let mut running = JoinSet::new();
        // What a stopped server was fetching is nobody's now.
        let mut is_first = true;
        loop {
            let due = persist(|| self.outbox.due_media(LOOK_MAX, is_first)).await;
            is_first = false;
            let is_full = due.len() == LOOK_MAX;
            for medium in due {
                let Ok(place) = places.clone().acquire_owned().await else { return };
                let until = self.outbox.now().plus(FETCH_TIME_MS);
                persist(|| self.outbox.postpone_medium(medium.key, medium.attempts, until)).await;
                let this = self.clone();
                running.spawn(async move {
                    this.fetch(medium).await;
                    drop(place);
                });
            }
            while running.try_join_next().is_some() {}
            if !is_full {
                let _woken_or_time = tokio::time::timeout(LOOK_EVERY, self.outbox.media_to_fetch()).await;
            }
        }
    }

    async fn fetch(&self, medium: WaitingMedium) {
        let end = match self.bytes_of(&medium).await {
            Ok((bytes, media_type)) => {
                let size = bytes.len() as u64;
                persist(|| self.write(&medium, bytes.clone())).await;
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

    async fn bytes_of(&self, medium: &WaitingMedium) -> Result<(Bytes, String), Missed> {
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
        let media_type = kind_of(&answer.body, told, medium.medium.media_type.as_deref());
        Ok((answer.body, media_type))
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
                    let answer = self.ask(plan).await?;
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
            let answer = self.ask(plan).await?;
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

    async fn ask(&self, plan: Plan) -> Result<Response, Missed> {
        let url = plan.url.clone();
        let missed = |error: crate::http::HttpError| match error.kind {
            HttpErrorKind::TooLarge => too_large(),
            HttpErrorKind::Refused => Missed::Refused("its address is not to be called".to_owned()),
            HttpErrorKind::BadUrl => Missed::Refused("it has no address".to_owned()),
            _ => Missed::Later(format!("the provider could not be reached ({})", error.kind)),
        };
        let made = request(&self.set, &self.outbox, plan, TIMEOUT, INBOUND_MEDIUM_BYTES_MAX).await;
        let made = made.map_err(|error| match error {
            ExchangeError::Http(error) => missed(error),
            ExchangeError::File(error) => Missed::Refused(error.to_string()),
        })?;
        self.set.client_for(&url).send(made).await.map_err(missed)
    }
}

/// Whether the provider may answer better later.
fn in_trouble(answer: &Response) -> Option<Missed> {
    let is_passing = answer.status.is_server_error() || matches!(answer.status.as_u16(), 408 | 429);
    is_passing.then(|| Missed::Later(status_text(answer)))
}

fn status_text(answer: &Response) -> String {
    format!("the provider answered {}", answer.status.as_u16())
}

fn too_large() -> Missed {
    Missed::Refused(format!("larger than {} MB", INBOUND_MEDIUM_BYTES_MAX / (1024 * 1024)))
}

/// The type of a file: what its first bytes say goes before what is told.
fn kind_of(bytes: &[u8], told: Option<&str>, known: Option<&str>) -> String {
    if let Some(kind) = infer::get(bytes) {
        return kind.mime_type().to_owned();
    }
    let fits = |kind: &&str| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        essence.contains('/') && essence != "application/octet-stream" && essence.len() <= 100
    };
    known.filter(fits).or(told.filter(fits)).unwrap_or("application/octet-stream").to_owned()
}

fn count(outcome: &'static str) {
    metrics::counter!("crosspoint_media_downloads_total", "outcome" => outcome).increment(1);
}
