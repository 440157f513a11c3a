//! One attempt to hand an event to a webhook or a channel, and writing down what became of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, header};
use hub::outbox::{EventView, Failure, Lane, Parked, Subscriber};

use super::handle::WorkerHandle;
use super::lanes::ParkedLane;
use super::tasks::InHand;
use super::{Receiver, Shared};
use crate::channels::Handed;
use crate::http::{RequestPlan, Target};
use crate::retry::{Next, Outcome};
use crate::signature::SigningKey;

/// Events of a waiting lane that are delivered in one go before others get their turn.
const LANE_RUN_EVENTS_MAX: usize = 64;
/// Events of a waiting lane that are known ahead: it is looked through from its end, however long it is.
const LANE_KNOWN_EVENTS_MAX: usize = 4_096;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const ATTEMPT: HeaderName = HeaderName::from_static("x-crosspoint-attempt");

/// What an attempt tells its worker. What waits or is dead is durable by then.
#[derive(Debug)]
pub(crate) enum Report {
    /// The event is delivered, or given up and kept; `taken` when the receiver has taken it.
    Settled { lane: Lane, sequence: i64, taken: bool },
    /// The lane waits.
    Parked { lane: Lane, sequence: i64, parked: ParkedLane },
    /// A waiting lane was delivered up to this number; `complete` when nothing was behind it, `taken`
    /// when the receiver has taken something. `ahead` are events behind it, as far as they are known.
    Drained { lane: Lane, through: i64, complete: bool, taken: bool, ahead: Arc<[i64]> },
    /// A dead delivery was sent again, with whatever result.
    Replayed { sequence: i64 },
}

/// Delivers the event at the head of a lane.
pub(crate) async fn deliver(
    shared: Arc<Shared>,
    subscriber: Arc<Subscriber>,
    event: Arc<EventView>,
) -> Report {
    let (lane, sequence) = (event.lane, event.sequence);
    let handed = attempt(&shared, &subscriber, &event, 1).await;
    first_ended(&shared, &subscriber, lane, sequence, handed).await
}

/// Writes down how the first attempt of the event at the head of a lane ended.
async fn first_ended(
    shared: &Shared,
    subscriber: &Subscriber,
    lane: Lane,
    sequence: i64,
    handed: Handed,
) -> Report {
    let Handed { next, failure, attempts, taken, rests } = handed;
    match next {
        Next::Done => Report::Settled { lane, sequence, taken },
        Next::Dead => {
            bury(shared, subscriber, sequence, 1, failure).await;
            Report::Settled { lane, sequence, taken }
        }
        Next::RetryAt(at) => {
            let (at, now) = (model::Millis(at), shared.outbox.now());
            let parked = ParkedLane { rests, ..ParkedLane::new(sequence, attempts, at, now) };
            park(shared, subscriber, lane, &parked, Some(failure)).await;
            Report::Parked { lane, sequence, parked }
        }
    }
}

/// Delivers what has waited in a lane, from its first undelivered event on, until delivery stops. `at` is the
/// event that it has come to.
pub(crate) async fn drain(
    shared: Arc<Shared>,
    handle: Arc<WorkerHandle>,
    lane: Lane,
    mut parked: ParkedLane,
    at: Arc<AtomicI64>,
) -> Report {
    let waiting = waiting_in(&shared, lane, &mut parked).await;
    let (mut through, mut any_taken) = (parked.first - 1, false);
    if !shared.handles_are_current().await {
        return Report::Drained { lane, through, complete: false, taken: false, ahead: Arc::default() };
    }
    if waiting.is_empty() {
        // Nothing of it is left.
        through = parked.last;
    }
    let subscriber = handle.subscriber();
    let (turn, mut ahead) = waiting.split_at(waiting.len().min(LANE_RUN_EVENTS_MAX));
    let mut complete = ahead.is_empty();
    for sequence in turn.iter().copied() {
        if *shared.stop.borrow() {
            (complete, ahead) = (false, &[]);
            break;
        }
        at.store(sequence, Ordering::Release);
        let event = persist(|| shared.outbox.event(sequence)).await;
        through = sequence;
        let Some(event) = event.filter(|event| event.is_for(&subscriber.subscription)) else { continue };
        let attempts = if sequence == parked.first { parked.attempts + 1 } else { 1 };
        let event = with_media(&shared, event).await;
        let handed = attempt(&shared, &subscriber, &event, attempts).await;
        let Handed { next, failure, attempts, taken, rests } = handed;
        any_taken |= taken;
        match next {
            Next::Done => {}
            Next::Dead => bury(&shared, &subscriber, sequence, attempts, failure).await,
            Next::RetryAt(at) => {
                let next_at = model::Millis(at);
                parked = ParkedLane { first: sequence, attempts, next_at, running: false, rests, ..parked };
                park(&shared, &subscriber, lane, &parked, Some(failure)).await;
                return Report::Parked { lane, sequence, parked };
            }
        }
    }
    if !complete && through >= parked.first {
        // Noted down so that a restart does not begin at the first event again.
        let parked = ParkedLane { first: through + 1, attempts: 0, ..parked };
        park(&shared, &subscriber, lane, &parked, None).await;
    }
    Report::Drained { lane, through, complete, taken: any_taken, ahead: ahead.into() }
}

/// The events of a lane that waits, from the first undelivered one on: all of them, or so many that there are
/// more than are delivered in one go.
async fn waiting_in(shared: &Shared, lane: Lane, parked: &mut ParkedLane) -> Arc<[i64]> {
    let known = std::mem::take(&mut parked.ahead);
    match known.first() {
        Some(next) if *next >= parked.first && known.len() > LANE_RUN_EVENTS_MAX => known,
        _ => {
            let after = parked.first - 1;
            persist(|| shared.outbox.lane_after(lane, after, LANE_KNOWN_EVENTS_MAX)).await.into()
        }
    }
}

/// What a task had in hand that broke counts as an attempt that failed: its lane waits, and what breaks
/// each time is given up in the end.
pub(crate) async fn broken(shared: Arc<Shared>, subscriber: Arc<Subscriber>, in_hand: InHand) -> Report {
    let failure = Failure { status: None, error: "the delivery broke inside the server".to_owned() };
    let policy = shared.policy(subscriber.subscription.form);
    let now = shared.outbox.now();
    let next = |attempts: u32| policy.again(attempts, 0, rand::random(), now.0);
    match in_hand {
        InHand::Event { lane, sequence } => {
            let handed = Handed::ended(next(1), failure, 1);
            first_ended(&shared, &subscriber, lane, sequence, handed).await
        }
        InHand::Lane { lane, parked, at } => {
            let sequence = at.load(Ordering::Acquire);
            let attempts = if sequence == parked.first { parked.attempts.saturating_add(1) } else { 1 };
            let parked = ParkedLane { first: sequence, attempts, running: false, ..parked };
            if let Next::RetryAt(next_at) = next(attempts) {
                let parked = ParkedLane { next_at: model::Millis(next_at), ..parked };
                park(&shared, &subscriber, lane, &parked, Some(failure)).await;
                return Report::Parked { lane, sequence, parked };
            }
            bury(&shared, &subscriber, sequence, attempts, failure).await;
            let parked = ParkedLane { first: sequence + 1, attempts: 0, ..parked };
            park(&shared, &subscriber, lane, &parked, None).await;
            Report::Drained { lane, through: sequence, complete: false, taken: false, ahead: Arc::default() }
        }
        InHand::Replay { sequence, attempts } => {
            let attempts = u32::try_from(attempts).unwrap_or(u32::MAX).saturating_add(1);
            bury(&shared, &subscriber, sequence, attempts, failure).await;
            Report::Replayed { sequence }
        }
    }
}

/// Sends a dead delivery again, unless it waits for the end of a pause.
pub(crate) async fn replay(
    shared: Arc<Shared>,
    subscriber: Arc<Subscriber>,
    sequence: i64,
    attempts: i64,
) -> Report {
    let subscription = subscriber.subscription.key;
    let attempts = u32::try_from(attempts).unwrap_or(u32::MAX).saturating_add(1);
    match persist(|| shared.outbox.event(sequence)).await {
        None => persist(|| shared.outbox.replayed(subscription, sequence)).await,
        // It is still asked for, and taken up again later.
        Some(event) if event.waits_for(&subscriber) => {}
        Some(event) => {
            let Handed { next, failure, attempts, .. } =
                attempt(&shared, &subscriber, &event, attempts).await;
            match next {
                Next::Done => persist(|| shared.outbox.replayed(subscription, sequence)).await,
                Next::Dead | Next::RetryAt(_) => {
                    bury(&shared, &subscriber, sequence, attempts, failure).await
                }
            }
        }
    }
    Report::Replayed { sequence }
}

/// The event as it is once its media are there, or will not come (decision 27).
pub(crate) async fn with_media(shared: &Shared, event: Arc<EventView>) -> Arc<EventView> {
    let Some(message) = event.message.as_ref().filter(|_| event.awaits_media) else { return event };
    persist(|| shared.outbox.wait_for_media(message.message.key, event.at)).await;
    // The message may say something else now.
    persist(|| shared.outbox.event(event.sequence)).await.unwrap_or(event)
}

/// Hands an event over, in the way of the subscription's form.
async fn attempt(shared: &Shared, subscriber: &Subscriber, event: &EventView, attempt: u32) -> Handed {
    // What is paused is told nothing, and what came through it waits for it, in order (decision 33).
    if event.waits_for(subscriber) {
        return Handed::waiting(&shared.outbox, &shared.policy(subscriber.subscription.form), attempt);
    }
    if subscriber.is_channel() {
        let policy = shared.policy(subscriber.subscription.form);
        let (sender, slots) = (&shared.sender, &shared.slots);
        return sender.hand_over(&shared.outbox, slots, &policy, (subscriber, event), attempt).await;
    }
    call(shared, subscriber, event, attempt).await
}

/// Calls a webhook.
async fn call(shared: &Shared, subscriber: &Subscriber, event: &EventView, attempt: u32) -> Handed {
    let policy = shared.policy(subscriber.subscription.form);
    let Some(plan) = plan(shared, subscriber, event, attempt, policy.timeout()) else {
        let error = "the webhook's target is not an address that can be called".to_owned();
        let failure = Failure { status: None, error };
        return Handed::ended(Next::Dead, failure, attempt);
    };
    let host = plan.url.uri().authority().map(|host| host.as_str().to_ascii_lowercase()).unwrap_or_default();
    let slot = shared.slots.take(Receiver::Webhook(&host)).await;
    let sent = shared.client.send(plan).await;
    drop(slot);
    let now = shared.outbox.now();
    let next = policy.next(attempt, &Outcome::from(&sent), rand::random(), now.0);
    let outcome = match next {
        Next::Done => "delivered",
        Next::RetryAt(_) => "retried",
        Next::Dead => "dead",
    };
    metrics::counter!("crosspoint_webhook_attempts_total", "outcome" => outcome).increment(1);
    let failure = match sent {
        Ok(answer) => {
            let status = i64::from(answer.status.as_u16());
            Failure { status: Some(status), error: format!("the webhook answered {status}") }
        }
        Err(error) => Failure { status: None, error: error.to_string() },
    };
    if next != Next::Done {
        let (webhook, event) = (subscriber.subscription.id, event.id);
        tracing::info!(%webhook, %event, attempt, error = %failure.error, outcome, "a webhook did not take an event");
    }
    Handed { taken: next == Next::Done, ..Handed::ended(next, failure, attempt) }
}

fn plan(
    shared: &Shared,
    subscriber: &Subscriber,
    event: &EventView,
    attempt: u32,
    timeout: Duration,
) -> Option<RequestPlan> {
    let subscription = &subscriber.subscription;
    let target = Target::parse(&subscription.target).ok()?;
    let renderer = shared.renderers.get(&subscription.form)?;
    let body = Bytes::from(renderer.render(event, subscriber));
    let mut plan = RequestPlan { timeout, ..RequestPlan::post(target, body) };
    let headers = &mut plan.headers;
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ATTEMPT, HeaderValue::from(attempt));
    if let Some(own) = renderer.headers(event, subscriber, &plan.body) {
        for (name, value) in own {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?);
        }
        return Some(plan);
    }
    let mut secret = HeaderValue::from_str(&subscriber.secret).ok()?;
    secret.set_sensitive(true);
    headers.insert(API_KEY, secret);
    let key = SigningKey::from_secret(&subscriber.secret).ok()?;
    let seconds = shared.outbox.now().0 / 1_000;
    key.add_headers(headers, &event.id.to_string(), seconds, &plan.body).ok()?;
    Some(plan)
}

/// Notes down that a lane waits, and why its last attempt failed.
pub(super) async fn park(
    shared: &Shared,
    subscriber: &Subscriber,
    lane: Lane,
    parked: &ParkedLane,
    failure: Option<Failure>,
) {
    let (status, error) = failure.map_or((None, None), |failure| (failure.status, Some(failure.error)));
    let row = Parked {
        subscription: subscriber.subscription.key,
        lane,
        first: parked.first,
        last: parked.last,
        attempts: i64::from(parked.attempts),
        next_at: parked.next_at,
        status,
        error,
        parked_at: parked.parked_at,
    };
    persist(|| shared.outbox.park(row.clone())).await;
}

async fn bury(shared: &Shared, subscriber: &Subscriber, sequence: i64, attempts: u32, failure: Failure) {
    let (app, key) = (subscriber.subscription.app, subscriber.subscription.key);
    persist(|| shared.outbox.bury(app, key, sequence, i64::from(attempts), failure.clone())).await;
}

/// Repeats a step of the ledger until the store has taken it: without it nothing may go on. One that meets
/// what is damaged would meet it each time: it is left out, and gives what an empty store would.
pub(crate) async fn persist<T: Default, F>(step: impl FnMut() -> F) -> T
where
    F: Future<Output = hub::Result<T>>,
{
    try_persist(step).await.unwrap_or_default()
}

/// The same; the failure tells what is damaged.
pub(crate) async fn try_persist<T, F>(mut step: impl FnMut() -> F) -> Result<T, Failure>
where
    F: Future<Output = hub::Result<T>>,
{
    let mut pause = Duration::from_millis(20);
    loop {
        match step().await {
            Ok(done) => return Ok(done),
            Err(error) if error.is_damage() => {
                tracing::error!(%error, "a step of a delivery met damaged data and is left out");
                return Err(Failure { status: None, error: "what is stored of it is damaged".to_owned() });
            }
            Err(error) => tracing::warn!(%error, "the outbox could not be reached; trying again"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(5));
    }
}
