//! Handing an event over to a channel: the way that stands beside the webhooks' one.

use std::time::Duration;

use channels::{Answer, Outgoing, Plan, Recipient, Rendered, Signal, Verdict};
use http::StatusCode;
use hub::outbox::{
    Errand, EventView, Failure, MessageErrand, Outbox, SendOutcome, SendPlace, SignalErrand, Subscriber,
};
use hub::{Health, OpenChannel};
use model::channel::SendError;
use model::content::Content;
use model::record::MessageKey;
use serde_json::Value;

use super::exchange::{exchange, is_hopeless};
use super::makings::Makings;
use super::pace::Pace;
use super::set::{ChannelSet, Opened};
use crate::http::{HttpError, Response};
use crate::retry::{Next, RetryPolicy};
use crate::webhooks::{Place, Places, Receiver, persist};

/// A sign of typing waits for nobody.
const SIGNAL_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a lane waits whose integration's token is dead. It is tried by itself, since nobody tells
/// when the token lives again.
const DEAD_TOKEN_PAUSE_MS: u64 = 60_000;

/// How often it is looked whether a paused integration goes on.
const PAUSED_LOOK_MS: u64 = 5_000;

/// What channels need to send.
pub(crate) struct Sender {
    pub(crate) set: ChannelSet,
    pace: Pace,
    makings: Makings,
}

/// What became of an event that was handed over, and how many attempts count.
pub(crate) struct Handed {
    pub(crate) next: Next,
    pub(crate) failure: Failure,
    pub(crate) attempts: u32,
    /// Whether the receiver has taken it, in this attempt.
    pub(crate) taken: bool,
}

/// How the sending of a message ended, this time.
enum Ended {
    Over(SendOutcome),
    Again { after_ms: i64, reason: String },
    Dead(String),
}

/// What came of one request.
struct Judged {
    verdict: Verdict,
    /// Whether the person may have got it: it was taken, or nobody knows.
    was_sent: bool,
}

/// The message, and whom it goes to.
struct Job<'a> {
    outbox: &'a Outbox,
    places: &'a Places,
    place: SendPlace,
    errand: &'a MessageErrand,
    opened: Opened<'a>,
    timeout: Duration,
}

impl Job<'_> {
    /// Waits for a place for one request to the provider.
    async fn place(&self) -> Place {
        self.places.take(Receiver::Channel(self.opened.channel.descriptor().kind)).await
    }

    /// What came of a request.
    fn judged(&self, sent: Result<Response, HttpError>) -> Judged {
        match sent {
            Ok(answer) => {
                let answer = Answer { status: answer.status, headers: &answer.headers, body: &answer.body };
                let verdict =
                    self.opened.channel.judge(&self.opened.account(), recipient(self.errand), &answer);
                Judged { was_sent: matches!(verdict, Verdict::Accepted(_)), verdict }
            }
            Err(error) if is_hopeless(&error) => {
                let verdict = Verdict::Permanent(error_of("bad_request", &error.to_string()));
                Judged { verdict, was_sent: false }
            }
            Err(error) => {
                let verdict = Verdict::Retry { after_ms: None, reason: error.to_string() };
                Judged { verdict, was_sent: !error.kind.is_before_sending() }
            }
        }
    }
}

impl Sender {
    pub(crate) fn new(set: ChannelSet) -> Sender {
        Sender { set, pace: Pace::default(), makings: Makings::default() }
    }

    /// Hands an event over. What it settles is durable when this returns.
    pub(crate) async fn hand_over(
        &self,
        outbox: &Outbox,
        places: &Places,
        policy: &RetryPolicy,
        (subscriber, event): (&Subscriber, &EventView),
        attempt: u32,
    ) -> Handed {
        let (subscription, integration) = (subscriber.subscription.key, subscriber.subscription.integration);
        match persist(|| outbox.errand(subscription, integration, event)).await {
            Errand::Nothing => Handed::done(attempt),
            Errand::Wait => Handed::waiting(outbox, policy, attempt),
            Errand::Signal(errand) => {
                self.signal(outbox, places, &errand).await;
                Handed::done(attempt)
            }
            Errand::Message(errand) => {
                let place = SendPlace {
                    subscription,
                    event: event.sequence,
                    lane: event.lane,
                    integration,
                    client: errand.client.key,
                    message: event.message.as_ref().map_or(MessageKey(0), |view| view.message.key),
                };
                self.message(outbox, places, policy, place, &errand, attempt).await
            }
        }
    }

    async fn message(
        &self,
        outbox: &Outbox,
        places: &Places,
        policy: &RetryPolicy,
        place: SendPlace,
        errand: &MessageErrand,
        attempt: u32,
    ) -> Handed {
        let ended = match (&errand.refused, self.set.open(&errand.channel)) {
            (Some(error), _) => Ended::Over(failed(errand, error.clone(), false)),
            // A link there waits until it expires (decision 26).
            (None, None) if errand.is_link => return Handed::done(attempt),
            (None, None) => Ended::Over(failed(errand, not_connected(&errand.channel), false)),
            (None, Some(opened)) => {
                let timeout = policy.timeout();
                self.send(&Job { outbox, places, place, errand, opened, timeout }).await
            }
        };
        let kind = self.kind(&errand.channel);
        match ended {
            Ended::Over(outcome) => {
                let word = match &outcome {
                    SendOutcome::Accepted { .. } => "accepted",
                    SendOutcome::Failed { blocked: true, .. } => "blocked",
                    SendOutcome::Failed { .. } => "failed",
                };
                count(kind, word);
                persist(|| outbox.settle_send(place, errand.is_link, outcome.clone())).await;
                let taken = word == "accepted" && !says_nothing(errand);
                Handed { taken, ..Handed::done(attempt) }
            }
            Ended::Again { after_ms, reason } => {
                let now = outbox.now().0;
                let next = policy.again(attempt, after_ms, rand::random(), now);
                if next == Next::Dead {
                    let text = format!("given up after {attempt} attempts: {reason}");
                    let outcome = failed(errand, error_of("uncategorized_error", &text), false);
                    count(kind, "failed");
                    persist(|| outbox.settle_send(place, errand.is_link, outcome.clone())).await;
                    return Handed::done(attempt);
                }
                count(kind, "retried");
                tracing::info!(channel = kind, integration = %errand.channel.integration.id, attempt, reason, "a provider did not take a message");
                Handed {
                    next,
                    failure: Failure { status: None, error: reason },
                    attempts: attempt,
                    taken: false,
                }
            }
            Ended::Dead(reason) => {
                count(kind, "held");
                persist(|| outbox.hold(place, reason.clone())).await;
                let pause = policy.scaled(DEAD_TOKEN_PAUSE_MS);
                let next = Next::RetryAt(outbox.now().0.saturating_add(pause));
                Handed {
                    next,
                    failure: Failure { status: None, error: reason },
                    attempts: attempt.saturating_sub(1),
                    taken: false,
                }
            }
        }
    }

    async fn send(&self, job: &Job<'_>) -> Ended {
        let Job { errand, opened, .. } = job;
        let (account, to) = (opened.account(), recipient(errand));
        let message = Outgoing {
            content: errand.content.clone(),
            raw: errand.raw.clone(),
            quoted: errand.quoted.clone(),
        };
        let rendered = match says_nothing(errand) {
            true => Ok(Rendered::default()),
            false => opened.channel.render(&account, to, &message),
        };
        let Rendered { requests, choices, .. } = match rendered {
            Ok(rendered) => rendered,
            Err(error) => return Ended::Over(failed(errand, error, false)),
        };
        let mut external_ids = errand.external_ids.clone();
        let count = requests.len();
        let is_offered = !choices.is_empty()
            && errand.accepted < count
            && persist(|| job.outbox.offer(&job.place, &choices)).await;
        for (number, plan) in requests.into_iter().enumerate().skip(errand.accepted) {
            let Judged { verdict, was_sent } = self.one(job, plan).await;
            let is_refused = matches!(verdict, Verdict::Retry { .. } | Verdict::DeadToken(_));
            if is_offered && number == 0 && is_refused && !was_sent {
                persist(|| job.outbox.take_back_offer(&job.place)).await;
            }
            match verdict {
                Verdict::Accepted(ids) => external_ids.extend(ids),
                Verdict::Retry { after_ms, reason } => {
                    return Ended::Again { after_ms: after_ms.unwrap_or(0), reason };
                }
                Verdict::Permanent(error) => {
                    return Ended::Over(SendOutcome::Failed { error, blocked: false, external_ids });
                }
                Verdict::Blocked(error) => {
                    return Ended::Over(SendOutcome::Failed { error, blocked: true, external_ids });
                }
                Verdict::DeadToken(reason) => return Ended::Dead(reason),
            }
            if number + 1 < count {
                persist(|| job.outbox.note_progress(&job.place, number + 1, &external_ids)).await;
            }
        }
        if count > 0 {
            persist(|| job.outbox.note_health(&errand.channel.integration, Health::Good)).await;
        }
        let tells_arrival = opened.channel.tells_arrival();
        Ended::Over(SendOutcome::Accepted { external_ids, tells_arrival })
    }

    async fn one(&self, job: &Job<'_>, plan: Plan) -> Judged {
        let (integration, client) = (job.place.integration, job.errand.client.key);
        self.pace.wait(job.opened.channel.descriptor(), integration, client).await;
        let (plan, made) = match self.made(job, plan).await {
            Ok(made) => made,
            Err(judged) => return judged,
        };
        let place = job.place().await;
        let sent = exchange(&self.set, job.outbox, plan, job.timeout).await;
        drop(place);
        let judged = job.judged(sent);
        match (made, &judged.verdict) {
            // What was made before may be gone; another attempt makes it anew.
            (Some(name), Verdict::Permanent(error)) if self.makings.forget(integration, &name) => {
                let reason = format!("{}: {}", error.code, error.message);
                Judged { verdict: Verdict::Retry { after_ms: None, reason }, was_sent: false }
            }
            _ => judged,
        }
    }

    /// The plan with what it names, if it was made before or now; the name of what was made before.
    async fn made(&self, job: &Job<'_>, mut plan: Plan) -> Result<(Plan, Option<String>), Judged> {
        let Some(better) = plan.better.take() else { return Ok((plan, None)) };
        let integration = job.place.integration;
        if let Some(id) = self.makings.id(integration, &better.name) {
            return Ok((plan.naming(&better, &id), Some(better.name)));
        }
        let place = job.place().await;
        let sent = exchange(&self.set, job.outbox, better.make.clone(), job.timeout).await;
        drop(place);
        let is_missing = sent.as_ref().is_ok_and(|answer| answer.status == StatusCode::NOT_FOUND);
        let body: Value = sent
            .as_ref()
            .ok()
            .filter(|answer| answer.status.is_success())
            .and_then(|answer| serde_json::from_slice(&answer.body).ok())
            .unwrap_or_default();
        let judged = job.judged(sent);
        match (body.pointer(better.pointer).and_then(Value::as_str), judged.verdict) {
            (Some(id), _) => {
                self.makings.note(integration, &better.name, id);
                Ok((plan.naming(&better, id), None))
            }
            (None, verdict @ (Verdict::Retry { .. } | Verdict::DeadToken(_))) if !is_missing => {
                Err(Judged { verdict, was_sent: false })
            }
            (None, _) => Ok((plan, None)),
        }
    }

    /// Best effort: a sign that is lost is lost.
    async fn signal(&self, outbox: &Outbox, places: &Places, errand: &SignalErrand) {
        let Some(opened) = self.set.open(&errand.channel) else { return };
        let signal = match errand.activity.as_str() {
            "typing:start" => Signal::TypingStart,
            "typing:stop" => Signal::TypingStop,
            _ => Signal::Read,
        };
        let to = Recipient {
            external_id: errand.client.external_id.as_deref().unwrap_or_default(),
            raw: errand.client.raw.as_ref(),
        };
        let Some(plan) = opened.channel.signal(&opened.account(), to, signal) else { return };
        let place = places.take(Receiver::Channel(opened.channel.descriptor().kind)).await;
        let sent = exchange(&self.set, outbox, plan, SIGNAL_TIMEOUT).await;
        drop(place);
        if let Err(error) = sent {
            tracing::debug!(%error, "a sign was not told");
        }
        count(self.kind(&errand.channel), "signal");
    }

    /// The channel's type for labels: only what is known, so that their number is bounded.
    fn kind(&self, channel: &OpenChannel) -> &'static str {
        self.set.channel(&channel.integration.kind).map_or("none", |channel| channel.descriptor().kind)
    }
}

impl Handed {
    /// Nobody is asked before the integration goes on; that is no attempt.
    pub(crate) fn waiting(outbox: &Outbox, policy: &RetryPolicy, attempt: u32) -> Handed {
        let next = Next::RetryAt(outbox.now().0.saturating_add(policy.scaled(PAUSED_LOOK_MS)));
        let failure = Failure { status: None, error: "the integration is paused".to_owned() };
        Handed { next, failure, attempts: attempt.saturating_sub(1), taken: false }
    }

    fn done(attempts: u32) -> Handed {
        Handed { next: Next::Done, failure: Failure::default(), attempts, taken: false }
    }
}

fn recipient(errand: &MessageErrand) -> Recipient<'_> {
    Recipient {
        external_id: errand.client.external_id.as_deref().unwrap_or_default(),
        raw: errand.client.raw.as_ref(),
    }
}

/// Whether there is nothing to send: a link that asks nothing.
fn says_nothing(errand: &MessageErrand) -> bool {
    let is_empty =
        matches!(&errand.content, Content::Text(text) if text.text.is_none() && text.actions.is_empty());
    errand.is_link && is_empty
}

fn failed(errand: &MessageErrand, error: SendError, blocked: bool) -> SendOutcome {
    SendOutcome::Failed { error, blocked, external_ids: errand.external_ids.clone() }
}

fn not_connected(channel: &OpenChannel) -> SendError {
    let text = format!("channel not connected: this server does not speak {} yet", channel.integration.kind);
    error_of("uncategorized_error", &text)
}

fn error_of(code: &str, message: &str) -> SendError {
    SendError { code: code.to_owned(), message: message.to_owned() }
}

fn count(channel: &'static str, outcome: &'static str) {
    metrics::counter!("crosspoint_channel_sends_total", "channel" => channel, "outcome" => outcome)
        .increment(1);
}
