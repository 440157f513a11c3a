//! `crosspoint listen`: an app's events, forwarded to a program that is being written.

use std::io::BufRead as _;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use client::crosspoint::Start;
use client::crosspoint::types::EventQuery;
use client::sunshine::types::{AppRef, Event, WebhookBody, WebhookRef};
use delivery::http::{HttpClient, HttpConfig, RequestPlan, Target as Address};
use delivery::signature::SigningKey;
use futures::StreamExt as _;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use model::{Clock as _, Id};
use store::SystemClock;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::super::output;
use super::session::{Session, Target};
use super::show::printable;
use crate::exit::{Failure, Result};

/// The pause before a receiver that did not answer is tried again.
const PAUSE: Duration = Duration::from_millis(500);
/// The webhook that forwarded events name.
const WEBHOOK_ID: &str = "000000000000000000000000";

/// The header that counts the attempts of a delivery.
const ATTEMPT: &str = "x-crosspoint-attempt";
/// The variable with the secret that signs; a flag would show it to everybody on the machine.
const SECRET_VARIABLE: &str = "CROSSPOINT_WEBHOOK_SECRET";

/// Forward an app's events to a program that you are writing, signed as real deliveries.
///
/// Goes on when server or receiver come back; an event that the receiver refuses for good is skipped. The
/// secret that signs is that in CROSSPOINT_WEBHOOK_SECRET, 32 hex digits as a webhook's; without one a new
/// one is made and shown.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  crosspoint listen --forward-to http://127.0.0.1:9000/hook\n  \
                  crosspoint listen --forward-to http://127.0.0.1:9000/hook --since 15m --json")]
pub(in crate::cli) struct Listen {
    #[command(flatten)]
    target: Target,
    /// Where each event is posted.
    #[arg(long, value_name = "URL")]
    forward_to: String,
    /// Begin with what happened then: 30s, 15m, 2h or 7d ago, or a time as 2026-03-01T08:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<i64>,
    /// Read the secret that signs from the first line of the standard input.
    #[arg(long)]
    secret_stdin: bool,
}

/// Where events go, and how they are signed.
struct Forward {
    http: HttpClient,
    address: Address,
    secret: HeaderValue,
    key: SigningKey,
    app: String,
    /// Whether what becomes of events is for scripts.
    json: bool,
}

/// What became of an event, for scripts.
#[derive(serde::Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    event: &'a Event,
    /// The receiver's status.
    status: u16,
}

impl Listen {
    pub(in crate::cli) fn run(self) -> Result<()> {
        let unfit = |_| Failure::refused("--forward-to must be an address as http://127.0.0.1:9000/hook");
        let address = Address::parse(&self.forward_to).map_err(unfit)?;
        let given = secret(self.secret_stdin)?;
        let is_new = given.is_none();
        let secret = given.unwrap_or_else(|| format!("{:032x}", rand::random::<u128>()));
        let unfit = || Failure::refused("the secret must be base64 as that of a webhook: 32 hex digits do");
        let key = SigningKey::from_secret(&secret).map_err(|_| unfit())?;
        let mut header = HeaderValue::from_str(&secret).map_err(|_| unfit())?;
        header.set_sensitive(true);
        let start = self.since.map_or(Start::Now, |ms| {
            Start::At(UNIX_EPOCH + Duration::from_millis(u64::try_from(ms).unwrap_or(0)))
        });
        let config = HttpConfig { allow_private: true, ..HttpConfig::default() };
        self.target.run(async |session| {
            let http = HttpClient::new(config).map_err(|error| Failure::failed(error.to_string()))?;
            let app = session.app()?.to_owned();
            session.sunshine.get_app(&app).await?;
            output::note(format_args!("forwarding the events of {app} to {}", self.forward_to));
            if is_new {
                output::note(format_args!("they are signed with {secret}"));
            }
            if let Some(since) = self.since {
                say_what_is_gone(session, since).await?;
            }
            let json = session.json;
            follow(session, start, Forward { http, address, secret: header, key, app, json }).await
        })
    }
}

/// The secret from the standard input or from the environment.
fn secret(from_stdin: bool) -> Result<Option<String>> {
    if !from_stdin {
        return Ok(std::env::var(SECRET_VARIABLE).ok().filter(|secret| !secret.is_empty()));
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Failure::refused(format!("reading the secret: {error}")))?;
    match line.trim() {
        "" => Err(Failure::refused("--secret-stdin: the standard input has no secret")),
        secret => Ok(Some(secret.to_owned())),
    }
}

/// Says so when more was asked for than the server keeps: what is older would be missing without a word.
async fn say_what_is_gone(session: &Session, since: i64) -> Result<()> {
    // An id begins with its time: of an app that is younger nothing can be missing.
    if session.app()?.parse::<Id>().is_ok_and(|app| app.time().0 >= since) {
        return Ok(());
    }
    let mut query = EventQuery { after: None, limit: Some(1), wait: None };
    loop {
        let page = session.crosspoint.list_events(session.app()?, &query).await?;
        if let Some(oldest) = page.events.first() {
            if moment(&oldest.created_at).is_ok_and(|oldest| oldest > since) {
                let at = printable(&oldest.created_at);
                output::note(format_args!("the server has no event of before {at}; it begins there"));
            }
            return Ok(());
        }
        if !page.meta.has_more || page.meta.after_cursor.is_none() {
            output::note("the server has no event of this app yet; it begins with the next");
            return Ok(());
        }
        query.after = page.meta.after_cursor;
    }
}

/// Forwards one event after another, as long as the server gives them.
async fn follow(session: &Session, start: Start, forward: Forward) -> Result<()> {
    let mut events = session.crosspoint.follow(&forward.app, start);
    let mut away = false;
    while let Some(came) = events.next().await {
        match came {
            Ok(event) => {
                away = false;
                forward.until_taken(&event).await?;
            }
            Err(error) if error.is_temporary() => {
                if !std::mem::replace(&mut away, true) {
                    output::note(format_args!("waiting for the server: {error}"));
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

impl Forward {
    /// Posts an event until the receiver has taken it, or refused it for good.
    async fn until_taken(&self, event: &Event) -> Result<()> {
        let mut waiting = false;
        for attempt in 1_u32.. {
            let outcome = match self.http.send(self.plan(event, attempt)?).await {
                Ok(answer) if answer.status.is_success() || is_final(answer.status) => {
                    self.tell(event, answer.status);
                    return Ok(());
                }
                Ok(answer) => format!("it answers {}", answer.status.as_u16()),
                Err(error) => error.to_string(),
            };
            if !std::mem::replace(&mut waiting, true) {
                output::note(format_args!("waiting for the receiver: {outcome}"));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Says what became of an event, in one line.
    fn tell(&self, event: &Event, status: StatusCode) {
        let code = status.as_u16();
        if self.json {
            return output::json(&Told { event, status: code });
        }
        let line = format!("{} {} {}", event.created_at, event.id, event.kind);
        let refused = if status.is_success() { String::new() } else { format!(" refused: {code}") };
        output::line(printable(&line) + &refused);
    }

    /// The request of a real delivery.
    fn plan(&self, event: &Event, attempt: u32) -> Result<RequestPlan> {
        let body = WebhookBody {
            app: AppRef { id: self.app.clone() },
            webhook: WebhookRef { id: WEBHOOK_ID.to_owned(), version: "v2".to_owned() },
            events: vec![event.clone()],
        };
        let failed = |error: &dyn std::fmt::Display| Failure::failed(format!("event {}: {error}", event.id));
        let body = serde_json::to_vec(&body).map_err(|error| failed(&error))?;
        let mut plan = RequestPlan::post(self.address.clone(), Bytes::from(body));
        plan.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        plan.headers.insert("x-api-key", self.secret.clone());
        plan.headers.insert(ATTEMPT, HeaderValue::from(attempt));
        let seconds = SystemClock.now().0 / 1_000;
        self.key
            .add_headers(&mut plan.headers, &event.id, seconds, &plan.body)
            .map_err(|error| failed(&error))?;
        Ok(plan)
    }
}

/// Statuses after which a webhook gets no second try (sunshine-v2.md §9).
fn is_final(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 401 | 403 | 404 | 406)
}

/// A moment, as Unix milliseconds.
pub(super) fn moment(text: &str) -> std::result::Result<i64, String> {
    let unit = match text.chars().last() {
        Some('s') => 1_000,
        Some('m') => 60_000,
        Some('h') => model::time::HOUR_MS,
        Some('d') => model::time::DAY_MS,
        _ => 0,
    };
    if let Some(count) = text.get(..text.len().saturating_sub(1)).and_then(|count| count.parse::<u32>().ok())
        && unit > 0
    {
        return Ok(SystemClock.now().plus(-i64::from(count).saturating_mul(unit)).0);
    }
    let moment = OffsetDateTime::parse(text, &Rfc3339);
    let moment = moment.map_err(|_| "must be as 15m, 2h, 7d or 2026-03-01T08:00:00Z".to_owned())?;
    Ok(i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_both_forms() {
        assert_eq!(moment("2020-09-30T14:29:29.834Z"), Ok(1_601_476_169_834));
        assert_eq!(moment("2020-09-30T16:29:29.834+02:00"), Ok(1_601_476_169_834));
        for (text, ago) in [("30s", 30_000), ("15m", 900_000), ("2h", 7_200_000), ("7d", 604_800_000)] {
            let off = SystemClock.now().0 - moment(text).unwrap_or(0) - ago;
            assert!((0..5_000).contains(&off), "{text}: {off}");
        }
        for text in ["", "m", "-5m", "5", "yesterday", "5 m", "ü"] {
            assert!(moment(text).is_err(), "{text}");
        }
    }
}
