//! Callbacks: signed, posted in order per chat, tried again as the provider tries again.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use crate::chat::{ChatKey, Provider};
use crate::fault::{FaultKind, Occasion, Stage};
use crate::http::client::{Answer, Outgoing};
use crate::shared::{Handle, Shared, lock};
use crate::transcript::{Direction, Entry, Verdict, shown};
use crate::world::World;
use crate::{messenger, telegram, twilio};

/// Pauses between tries never grow beyond this.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// Something that a provider tells the business.
pub(crate) struct Callback {
    pub(crate) chat: ChatKey,
    pub(crate) route: Route,
    /// Told the status of the first try.
    pub(crate) first_try: Option<oneshot::Sender<Option<u16>>>,
}

/// Where a callback goes and what it says; address and key are looked up at every try.
#[derive(Clone, Debug)]
pub(crate) enum Route {
    Twilio {
        account_sid: String,
        url: String,
        get: bool,
        operation: &'static str,
        pairs: Vec<(String, String)>,
    },
    Messenger {
        page_id: String,
        field: &'static str,
        item: Value,
    },
    Telegram {
        bot_id: i64,
        kind: &'static str,
        update: Value,
    },
}

/// A try, made ready.
pub(crate) enum Ready {
    Send(Outgoing),
    /// Nobody wants to hear it.
    Nowhere,
}

impl Route {
    fn operation(&self) -> &'static str {
        match self {
            Route::Twilio { operation, .. } => operation,
            Route::Messenger { field, .. } => field,
            Route::Telegram { kind, .. } => kind,
        }
    }

    fn ready(&self, world: &mut World, bad_signature: bool, now_ms: i64) -> Ready {
        match self {
            Route::Twilio { account_sid, url, get, pairs, .. } => {
                twilio::ready(world, account_sid, url, *get, pairs, bad_signature)
            }
            Route::Messenger { page_id, field, item } => {
                messenger::ready(world, page_id, field, item, bad_signature, now_ms)
            }
            Route::Telegram { bot_id, kind, update } => {
                telegram::ready(world, *bot_id, kind, update, bad_signature)
            }
        }
    }
}

impl Callback {
    pub(crate) fn new(chat: ChatKey, route: Route) -> Callback {
        Callback { chat, route, first_try: None }
    }

    fn lane(&self) -> String {
        format!("{}:{}:{}", self.chat.channel.word(), self.chat.account, self.chat.customer)
    }
}

/// Puts a callback behind those of the same chat.
pub(crate) fn push(shared: &Handle, callback: Callback) {
    let mut lanes = lock(&shared.lanes);
    let lane = lanes.entry(callback.lane()).or_insert_with(|| {
        let (sender, waiting) = mpsc::unbounded_channel();
        shared.spawn(work(shared.clone(), waiting));
        sender
    });
    // The worker ends with the simulator only.
    let _stopped = lane.send(callback);
}

/// The same, and waits for the status of its first try.
pub(crate) async fn push_and_wait(shared: &Handle, mut callback: Callback) -> Option<u16> {
    let (told, wait) = oneshot::channel();
    callback.first_try = Some(told);
    push(shared, callback);
    wait.await.ok().flatten()
}

async fn work(shared: Handle, mut waiting: mpsc::UnboundedReceiver<Callback>) {
    while let Some(callback) = waiting.recv().await {
        deliver(&shared, callback).await;
    }
}

async fn deliver(shared: &Shared, mut callback: Callback) {
    let provider = callback.chat.channel.provider();
    let occasion =
        Occasion { provider, operation: callback.route.operation(), customer: Some(&callback.chat.customer) };
    let fault = shared.with(|world| world.strike(Stage::Callback, occasion));
    let bad_signature = fault == Some(FaultKind::BadSignature);
    let mut pause = Duration::from_millis(shared.config.retry_base_ms);
    for attempt in 1_u32.. {
        let now_ms = shared.now_ms();
        let Ready::Send(request) = shared.with(|world| callback.route.ready(world, bad_signature, now_ms))
        else {
            break;
        };
        let answer = attempt_once(shared, &callback, &request).await;
        let status = answer.as_ref().ok().map(|answer| answer.status);
        if let Some(told) = callback.first_try.take() {
            let _nobody_waits = told.send(status);
        }
        if fault == Some(FaultKind::DuplicateCallback) && attempt == 1 {
            let _again = attempt_once(shared, &callback, &request).await;
        }
        if status.is_some_and(|status| (200..300).contains(&status))
            || !tries_again(shared, provider, attempt)
        {
            break;
        }
        let told = answer.ok().as_ref().and_then(retry_after);
        tokio::time::sleep(told.unwrap_or(pause)).await;
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

fn tries_again(shared: &Shared, provider: Provider, attempt: u32) -> bool {
    match provider {
        Provider::Twilio | Provider::Slack => false,
        Provider::Messenger => attempt < shared.config.messenger_tries,
        Provider::Telegram => true,
    }
}

fn retry_after(answer: &Answer) -> Option<Duration> {
    let seconds = answer.headers.get("retry-after")?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds).min(PAUSE_MAX))
}

async fn attempt_once(shared: &Shared, callback: &Callback, request: &Outgoing) -> Result<Answer, String> {
    let at_ms = shared.now_ms();
    let answer = shared.client.send(request, shared.callback_timeout()).await;
    let verdict = match &answer {
        Ok(answer) if (200..300).contains(&answer.status) => Verdict::Accepted,
        Ok(answer) => {
            Verdict::Refused { rule: "callback.status", why: format!("answered {}", answer.status) }
        }
        Err(why) => Verdict::Refused { rule: "callback.answer", why: why.clone() },
    };
    shared.with(|world| {
        let secrets = world.secrets();
        let mask = |text: &str| crate::front::masked(text, &secrets);
        let headers = request.headers.iter().map(|(name, value)| ((*name).to_owned(), mask(value))).collect();
        world.transcript.add(Entry {
            number: 0,
            at_ms,
            direction: Direction::FromProvider,
            provider: callback.chat.channel.provider(),
            operation: callback.route.operation().to_owned(),
            method: request.method.to_string(),
            path: mask(&request.url),
            headers,
            body: mask(&shown(&request.body)),
            customer: Some(callback.chat.customer.clone()),
            status: answer.as_ref().ok().map(|answer| answer.status),
            answer: answer.as_ref().map(|answer| shown(&answer.body)).unwrap_or_default(),
            verdict,
        });
    });
    answer
}

/// What was planned for the receipts of an accepted message.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ReceiptPlan {
    pub(crate) undelivered: bool,
    late_ms: u64,
    reversed: bool,
    early: bool,
}

impl World {
    /// What faults make of the receipts of a message that was just accepted.
    pub(crate) fn receipt_plan(&mut self, occasion: Occasion<'_>) -> ReceiptPlan {
        let mut plan = ReceiptPlan::default();
        match self.strike(Stage::Receipts, occasion) {
            Some(FaultKind::Undelivered) => plan.undelivered = true,
            Some(FaultKind::LateReceipts { ms }) => plan.late_ms = ms,
            Some(FaultKind::OutOfOrderReceipts) => plan.reversed = true,
            Some(FaultKind::EarlyReceipts) => plan.early = true,
            _ => {}
        }
        plan
    }
}

/// A step in the life of an accepted message.
pub(crate) struct Step {
    pub(crate) status: &'static str,
    pub(crate) route: Option<Route>,
}

/// Plays the steps of an accepted message: the bubble's status, and the callback if there is one.
pub(crate) async fn play(
    shared: &Handle,
    chat: ChatKey,
    message_id: String,
    mut steps: Vec<Step>,
    plan: ReceiptPlan,
) {
    if plan.reversed {
        steps.reverse();
    }
    if plan.early {
        for step in steps {
            if let Some(callback) = take_step(shared, &chat, &message_id, step) {
                push_and_wait(shared, callback).await;
            }
        }
        return;
    }
    let pause = Duration::from_millis(shared.config.receipt_delay_ms);
    let first = pause + Duration::from_millis(plan.late_ms);
    let background = shared.clone();
    shared.spawn(async move {
        tokio::time::sleep(first).await;
        for step in steps {
            if let Some(callback) = take_step(&background, &chat, &message_id, step) {
                push_and_wait(&background, callback).await;
            }
            tokio::time::sleep(pause).await;
        }
    });
}

fn take_step(shared: &Shared, chat: &ChatKey, message_id: &str, step: Step) -> Option<Callback> {
    shared.with(|world| {
        if let Some(bubble) = world.bubble(chat, message_id) {
            bubble.status = step.status;
        }
        if let Some(shown) = world.twilio_messages.get_mut(message_id) {
            shown["status"] = step.status.into();
        }
    });
    step.route.map(|route| Callback::new(chat.clone(), route))
}
