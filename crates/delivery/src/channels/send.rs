//! Handing an event over to a channel: the way that stands beside the webhooks' one.

use std::time::Duration;

use channels::kit::provider::{is_passing, retry_after};
use channels::{Outgoing, Plan, Recipient, Rendered, Verdict};
use http::StatusCode;
use hub::outbox::{
    ActivityErrand, Errand, EventView, Failure, MessageErrand, Outbox, SendOutcome, SendPlace, Subscriber,
};
use hub::{OpenChannel, Sign, not_connected};
use model::channel::{Choice, SendError};
use model::content::Content;
use model::record::MessageKey;
use model::{ErrorCode, Millis};
use serde_json::Value;

use super::job::{Job, Judged, Sent, as_buttons, error_of};
use super::makings::Makings;
use super::pace::Pace;
use super::request::{carry_out, prepare};
use super::set::ChannelSet;
use crate::retry::{Next, RetryPolicy};
use crate::webhooks::{Receiver, Slots, persist, try_persist};

/// How long one typing indicator may take; it is not tried again.
const ACTIVITY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a lane waits while its integration's token is invalid. The lane tries again by itself, since
/// nobody tells us when the token is valid again.
const DEAD_TOKEN_PAUSE_MS: u64 = 60_000;

/// How often a lane looks by itself whether its paused integration works again. It is woken when that
/// changes.
const PAUSED_LOOK_MS: u64 = 60_000;

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
    /// Whether nobody was asked, since a pause has still to end.
    pub(crate) rests: bool,
}

/// How the sending of a message ended, this time.
enum Ended {
    Over(SendOutcome),
    Again {
        after_ms: i64,
        reason: String,
        attempts_max: u32,
    },
    Dead(String),
    /// Nothing was sent: the provider wants to hear nothing of the integration before this moment.
    Closed(Millis),
}

/// The person has another id from now on: what is left is sent there.
struct Moved {
    to: String,
    error: SendError,
    /// Requests that were accepted before.
    accepted: usize,
    external_ids: Vec<String>,
}

/// A plan, with what was made at the provider for it.
struct Made {
    plan: Plan,
    /// The name of what was made for an earlier message.
    before: Option<String>,
    /// Whether the better form is sent.
    is_better: bool,
}

impl Sender {
    pub(crate) fn new(set: ChannelSet) -> Sender {
        Sender { set, pace: Pace::default(), makings: Makings::default() }
    }

    /// Hands an event over. What it settles is durable when this returns.
    pub(crate) async fn hand_over(
        &self,
        outbox: &Outbox,
        slots: &Slots,
        policy: &RetryPolicy,
        (subscriber, event): (&Subscriber, &EventView),
        attempt: u32,
    ) -> Handed {
        let (subscription, integration) = (subscriber.subscription.key, subscriber.subscription.integration);
        let place = |client| SendPlace {
            subscription,
            event: event.sequence,
            lane: event.lane,
            integration,
            client,
            message: event.message.as_ref().map_or(MessageKey(0), |view| view.message.key),
        };
        let errand = try_persist(|| outbox.errand(subscription, integration, event)).await;
        let errand = match errand {
            Ok(errand) => errand,
            Err(failure) => return Handed::ended(Next::Dead, failure, attempt),
        };
        match errand {
            Errand::Nothing => Handed::done(attempt),
            Errand::Wait => Handed::waiting(outbox, policy, attempt),
            Errand::Activity(errand) => {
                self.activity(outbox, slots, &errand).await;
                Handed::done(attempt)
            }
            Errand::Unreachable { channel, client, outcome } => {
                count(self.kind(&channel), "failed");
                persist(|| outbox.settle_send(place(client), false, outcome.clone())).await;
                Handed::done(attempt)
            }
            Errand::Message(errand) => {
                self.message(outbox, slots, policy, place(errand.client.key), &errand, attempt).await
            }
        }
    }

    async fn message(
        &self,
        outbox: &Outbox,
        slots: &Slots,
        policy: &RetryPolicy,
        place: SendPlace,
        errand: &MessageErrand,
        attempt: u32,
    ) -> Handed {
        let ended = match (&errand.refused, self.set.open(&errand.channel)) {
            (Some(error), _) => Ended::Over(failed(errand, error.clone())),
            // A link there waits until it expires (decision 26).
            (None, None) if errand.is_link => return Handed::done(attempt),
            (None, None) => Ended::Over(failed(errand, unconnected(&errand.channel))),
            (None, Some(opened)) => {
                let timeout = policy.timeout();
                self.followed(Job { outbox, slots, place, errand, opened, timeout }).await
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
            Ended::Again { after_ms, reason, attempts_max } => {
                let now = outbox.now().0;
                let next = match attempt < attempts_max {
                    true => policy.again(attempt, after_ms, rand::random(), now),
                    false => Next::Dead,
                };
                if next == Next::Dead {
                    let text = format!("given up after {attempt} attempts: {reason}");
                    let outcome = failed(errand, error_of(ErrorCode::UncategorizedError, &text));
                    count(kind, "failed");
                    persist(|| outbox.settle_send(place, errand.is_link, outcome.clone())).await;
                    return Handed::done(attempt);
                }
                count(kind, "retried");
                tracing::info!(channel = kind, integration = %errand.channel.integration.id, attempt, reason, "a provider did not take a message");
                Handed::again(next, reason, attempt)
            }
            Ended::Closed(until) => {
                count(kind, "held");
                let reason = "the provider has asked for a pause".to_owned();
                Handed::again(Next::RetryAt(until.0), reason, attempt.saturating_sub(1))
            }
            Ended::Dead(reason) => {
                count(kind, "held");
                persist(|| outbox.hold(place, reason.clone())).await;
                let pause = policy.scaled(DEAD_TOKEN_PAUSE_MS);
                let next = Next::RetryAt(outbox.now().0.saturating_add(pause));
                Handed::again(next, reason, attempt.saturating_sub(1))
            }
        }
    }

    /// Sends a message; once more where the provider says that the person has another id.
    async fn followed(&self, job: Job<'_>) -> Ended {
        let Moved { to, accepted, external_ids, .. } = match self.send(&job).await {
            Ok(ended) => return ended,
            Err(moved) => moved,
        };
        persist(|| job.outbox.follow(job.place, &to)).await;
        let unknown = job.errand.unknown && accepted == job.errand.accepted;
        let mut errand = MessageErrand { accepted, external_ids, unknown, ..job.errand.clone() };
        errand.client.external_id = Some(to);
        let ended = self.send(&Job { errand: &errand, ..job }).await;
        ended.unwrap_or_else(|moved| Ended::Over(failed(&errand, moved.error)))
    }

    async fn send(&self, job: &Job<'_>) -> Result<Ended, Moved> {
        let Job { errand, opened, .. } = job;
        let (account, to) = (opened.account(), Recipient::from(&errand.client));
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
            Err(error) => return Ok(Ended::Over(failed(errand, error))),
        };
        let mut external_ids = errand.external_ids.clone();
        let count = requests.len();
        let mut sent_at = job.outbox.now();
        for (number, plan) in requests.into_iter().enumerate().skip(errand.accepted) {
            let is_first = number == errand.accepted;
            let offered = if is_first { choices.as_slice() } else { &[] };
            let was_unknown = is_first && errand.unknown;
            let is_repeatable = plan.repeatable;
            let judged = match self.one(job, plan, number, offered).await {
                Ok(judged) => judged,
                Err(until) => return Ok(Ended::Closed(until)),
            };
            let is_unknown = judged.sent == Sent::Unknown;
            let given_up = |error, blocked, external_ids| {
                let may_have_come = was_unknown || is_unknown;
                Ok(Ended::Over(SendOutcome::Failed { error, blocked, external_ids, may_have_come }))
            };
            match judged.verdict {
                Verdict::Accepted(ids) => external_ids.extend(ids),
                Verdict::Retry { reason, .. } if is_unknown && was_unknown && !is_repeatable => {
                    let error = error_of(ErrorCode::UncategorizedError, &lost_twice(&reason));
                    return given_up(error, false, external_ids);
                }
                Verdict::Retry { after_ms, reason } => {
                    if is_unknown && !is_repeatable {
                        persist(|| job.outbox.note_progress(&job.place, number, &external_ids, true)).await;
                    }
                    let (after_ms, attempts_max) = (after_ms.unwrap_or(0), judged.attempts_max);
                    return Ok(Ended::Again { after_ms, reason, attempts_max });
                }
                Verdict::Permanent(error) | Verdict::Unfit(error) => {
                    return given_up(error, false, external_ids);
                }
                Verdict::Blocked(error) => return given_up(error, true, external_ids),
                Verdict::DeadToken(reason) => return Ok(Ended::Dead(reason)),
                Verdict::Moved { to, error } => {
                    return Err(Moved { to, error, accepted: number, external_ids });
                }
            }
            sent_at = judged.at;
            if number + 1 < count {
                persist(|| job.outbox.note_progress(&job.place, number + 1, &external_ids, false)).await;
            }
        }
        if count > 0 {
            persist(|| job.outbox.note_sign(&errand.channel.integration, Sign::Took)).await;
        }
        let tells_arrival = opened.channel.tells_arrival();
        Ok(Ended::Over(SendOutcome::Accepted { external_ids, sent_at, tells_arrival }))
    }

    /// Makes one request, before which the person is offered these choices: they may answer before the
    /// provider does. Error: until when the provider wants to hear nothing.
    async fn one(
        &self,
        job: &Job<'_>,
        plan: Plan,
        number: usize,
        choices: &[Choice],
    ) -> Result<Judged, Millis> {
        self.admitted(job, &plan).await?;
        let was_unknown = job.errand.unknown && number == job.errand.accepted;
        if was_unknown
            && !plan.repeatable
            && let Err(judged) = self.is_back(job).await
        {
            return Ok(judged);
        }
        let Made { plan, before, is_better } = match self.made(job, plan).await {
            Ok(made) => made,
            Err(judged) => return Ok(judged),
        };
        let choices = if is_better { as_buttons(choices) } else { choices.to_vec() };
        let is_offered = !choices.is_empty() && persist(|| job.outbox.offer(&job.place, &choices)).await;
        let mut judged = self.carried_out(job, plan).await;
        // What was made before may be gone; another attempt makes it anew.
        if let (Some(name), Verdict::Permanent(error)) = (before, &judged.verdict)
            && self.makings.forget(job.place.integration, &name)
        {
            let reason = format!("{}: {}", error.code, error.message);
            judged.verdict = Verdict::Retry { after_ms: None, reason };
        }
        let is_refused = matches!(judged.verdict, Verdict::Retry { .. } | Verdict::DeadToken(_));
        if is_offered && number == 0 && is_refused && judged.sent == Sent::No {
            persist(|| job.outbox.take_back_offer(&job.place)).await;
        }
        Ok(judged)
    }

    /// Waits for the pace. Error: until when the provider wants to hear nothing; nobody waits here for that.
    async fn admitted(&self, job: &Job<'_>, plan: &Plan) -> Result<(), Millis> {
        let (integration, person) = (job.place.integration, job.errand.client.key);
        let closed = || self.pace.closed_until(integration, person, job.outbox.now());
        if let Some(until) = closed() {
            return Err(until);
        }
        let channel = job.opened.channel;
        let slow = channel.own_pace(Recipient::from(&job.errand.client), plan);
        self.pace.wait(channel.descriptor(), (integration, person), slow).await;
        closed().map_or(Ok(()), Err)
    }

    /// Whether the provider works again after a request whose answer was lost. That is made only once more,
    /// and not into the trouble that has swallowed the first one.
    async fn is_back(&self, job: &Job<'_>) -> Result<(), Judged> {
        let Some(plan) = job.opened.channel.probe(&job.opened.account()) else { return Ok(()) };
        let slot = job.slot().await;
        let sent = carry_out(&self.set, job.outbox, plan, job.timeout).await;
        drop(slot);
        match sent {
            Ok(answer) if !is_passing(answer.status) => Ok(()),
            Ok(answer) => {
                Err(job.waits(retry_after(&answer.headers), &format!("HTTP {}", answer.status.as_u16())))
            }
            Err(error) => Err(job.waits(None, &error.to_string())),
        }
    }

    /// One message and what its answer means; in its other forms where the provider does not take the first.
    async fn carried_out(&self, job: &Job<'_>, mut plan: Plan) -> Judged {
        loop {
            let other = plan.instead.take();
            let judged = self.carried_out_once(job, plan).await;
            match (&judged.verdict, other) {
                (Verdict::Unfit(_), Some(other)) => plan = *other,
                _ => return judged,
            }
            let whose = (job.place.integration, job.errand.client.key);
            self.pace.wait(job.opened.channel.descriptor(), whose, None).await;
        }
    }

    async fn carried_out_once(&self, job: &Job<'_>, plan: Plan) -> Judged {
        // A file is fetched before others wait for the slot.
        let prepared = prepare(&self.set, job.outbox, plan, job.timeout).await;
        let slot = job.slot().await;
        let at = job.outbox.now();
        let sent = match prepared {
            Ok(prepared) => prepared.send().await,
            Err(error) => Err(error),
        };
        drop(slot);
        let judged = job.judged(sent, at);
        if let Verdict::Retry { after_ms: Some(after_ms), .. } = judged.verdict {
            let whose = (job.place.integration, job.errand.client.key);
            self.pace.close(job.opened.channel.descriptor(), whose, job.outbox.now(), after_ms);
        }
        judged
    }

    /// The plan with what it names, if that was made before or now.
    async fn made(&self, job: &Job<'_>, mut plan: Plan) -> Result<Made, Judged> {
        let as_it_is = |plan| Made { plan, before: None, is_better: false };
        let Some(better) = plan.better.take() else { return Ok(as_it_is(plan)) };
        let integration = job.place.integration;
        if let Some(id) = self.makings.id(integration, &better.name) {
            let plan = plan.naming(&better, &id);
            return Ok(Made { plan, before: Some(better.name), is_better: true });
        }
        let slot = job.slot().await;
        let at = job.outbox.now();
        let sent = carry_out(&self.set, job.outbox, better.make.clone(), job.timeout).await;
        drop(slot);
        let is_missing = sent.as_ref().is_ok_and(|answer| answer.status == StatusCode::NOT_FOUND);
        let body: Value = sent
            .as_ref()
            .ok()
            .filter(|answer| answer.status.is_success())
            .and_then(|answer| serde_json::from_slice(&answer.body).ok())
            .unwrap_or_default();
        let judged = job.judged(sent, at);
        match (body.pointer(better.pointer).and_then(Value::as_str), &judged.verdict) {
            (Some(id), _) => {
                self.makings.note(integration, &better.name, id);
                Ok(Made { plan: plan.naming(&better, id), before: None, is_better: true })
            }
            // Nothing that the person could see was asked for.
            (None, Verdict::Retry { .. } | Verdict::DeadToken(_)) if !is_missing => {
                Err(Judged { sent: Sent::No, ..judged })
            }
            (None, _) => Ok(as_it_is(plan)),
        }
    }

    /// Best effort: a sign that is lost is lost.
    async fn activity(&self, outbox: &Outbox, slots: &Slots, errand: &ActivityErrand) {
        let Some(opened) = self.set.open(&errand.channel) else { return };
        let to = Recipient::from(&errand.client);
        let Some(plan) = opened.channel.activity(&opened.account(), to, errand.activity) else { return };
        let (integration, person) = (errand.channel.integration.key, errand.client.key);
        if self.pace.closed_until(integration, person, outbox.now()).is_some() {
            return;
        }
        let slot = slots.take(Receiver::Channel(opened.channel.descriptor().kind)).await;
        let sent = carry_out(&self.set, outbox, plan, ACTIVITY_TIMEOUT).await;
        drop(slot);
        if let Err(error) = sent {
            tracing::debug!(%error, "a typing indicator was not sent");
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
        let reason = "the integration is paused".to_owned();
        Handed { rests: true, ..Handed::again(next, reason, attempt.saturating_sub(1)) }
    }

    /// How an attempt ended that nobody has taken.
    pub(crate) fn ended(next: Next, failure: Failure, attempts: u32) -> Handed {
        Handed { next, failure, attempts, taken: false, rests: false }
    }

    /// It was not taken; so many attempts count.
    fn again(next: Next, reason: String, attempts: u32) -> Handed {
        Handed::ended(next, Failure { status: None, error: reason }, attempts)
    }

    fn done(attempts: u32) -> Handed {
        Handed::ended(Next::Done, Failure::default(), attempts)
    }
}

/// Whether there is nothing to send: a link that asks nothing.
fn says_nothing(errand: &MessageErrand) -> bool {
    let is_empty =
        matches!(&errand.content, Content::Text(text) if text.text.is_none() && text.actions.is_empty());
    errand.is_link && is_empty
}

fn failed(errand: &MessageErrand, error: SendError) -> SendOutcome {
    let external_ids = errand.external_ids.clone();
    SendOutcome::Failed { error, blocked: false, external_ids, may_have_come: errand.unknown }
}

/// Why a message is given up that may be there.
fn lost_twice(reason: &str) -> String {
    format!("the provider's answer was lost twice, so the message may have arrived: {reason}")
}

fn unconnected(channel: &OpenChannel) -> SendError {
    error_of(ErrorCode::UncategorizedError, &not_connected(&channel.integration.kind))
}

fn count(channel: &'static str, outcome: &'static str) {
    metrics::counter!("crosspoint_channel_sends_total", "channel" => channel, "outcome" => outcome)
        .increment(1);
}
