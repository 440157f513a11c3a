//! The front door: which fake a request means, the faults, the transcript.

use std::time::Duration;

use crate::chat::Provider;
use crate::fault::{FaultKind, Occasion, Stage};
use crate::http::{Ending, Incoming, Reply};
use crate::shared::Handle;
use crate::transcript::{Direction, Entry, Verdict, shown};
use crate::world::World;
use crate::{control, media, messenger, slack, telegram, twilio};

/// What can be said about a request before it is judged.
#[derive(Clone, Debug, Default)]
pub(crate) struct Glance {
    pub(crate) operation: String,
    /// Who would get something by it.
    pub(crate) customer: Option<String>,
    /// Whether a fault says that the time to answer is over.
    pub(crate) window_closed: bool,
}

pub(crate) async fn handle(shared: Handle, request: Incoming) -> Ending {
    let first = request.segments.first().cloned().unwrap_or_default();
    if let Some(provider) = Provider::ALL.into_iter().find(|provider| provider.word() == first) {
        return at_provider(shared, provider, request.below_prefix()).await;
    }
    Ending::Answer(match first.as_str() {
        "media" => media::serve(&shared, &request),
        _ => control::handle(shared, request).await,
    })
}

async fn at_provider(shared: Handle, provider: Provider, request: Incoming) -> Ending {
    let at_ms = shared.now_ms();
    let mut glance = match provider {
        Provider::Twilio => twilio::glance(&request),
        Provider::Messenger => messenger::glance(&request).await,
        Provider::Telegram => telegram::glance(&request).await,
        Provider::Slack => slack::glance(&request),
    };
    let fault = strike(&shared, provider, &glance);
    glance.window_closed = fault.hits == Some(FaultKind::WindowClosed);
    let late = shared.config.latency_ms + fault.slow_ms;
    if late > 0 {
        tokio::time::sleep(Duration::from_millis(late)).await;
    }
    let (reply, ending) = judge(&shared, provider, &request, &glance, fault.hits).await;
    record(&shared, provider, at_ms, &request, &glance, &reply);
    match ending {
        End::Answer => Ending::Answer(reply),
        End::Close => Ending::Close,
        End::Never => std::future::pending().await,
    }
}

struct Struck {
    slow_ms: u64,
    hits: Option<FaultKind>,
}

fn strike(shared: &Handle, provider: Provider, glance: &Glance) -> Struck {
    let occasion = Occasion { provider, operation: &glance.operation, customer: glance.customer.as_deref() };
    shared.with(|world| match world.strike(Stage::Request, occasion) {
        Some(FaultKind::Slow { ms }) => Struck { slow_ms: ms, hits: world.strike(Stage::Send, occasion) },
        Some(kind) => Struck { slow_ms: 0, hits: Some(kind) },
        None => Struck { slow_ms: 0, hits: world.strike(Stage::Send, occasion) },
    })
}

enum End {
    Answer,
    Close,
    Never,
}

async fn judge(
    shared: &Handle,
    provider: Provider,
    request: &Incoming,
    glance: &Glance,
    fault: Option<FaultKind>,
) -> (Reply, End) {
    let faulty = |kind: FaultKind| Reply::empty(0).verdict(Verdict::Fault { fault: kind.word() });
    match fault {
        Some(kind @ FaultKind::Hang) => return (faulty(kind), End::Never),
        Some(kind @ FaultKind::Reset) => return (faulty(kind), End::Close),
        Some(FaultKind::LostAnswer) | None => {}
        Some(kind) => {
            let reply = shared.with(|world| match provider {
                Provider::Twilio => twilio::fault(kind, request),
                Provider::Messenger => messenger::fault(kind, world),
                Provider::Telegram => telegram::fault(kind),
                Provider::Slack => slack::fault(kind),
            });
            if let Some(reply) = reply {
                return (reply.verdict(Verdict::Fault { fault: kind.word() }), End::Answer);
            }
        }
    }
    let reply = match provider {
        Provider::Twilio => twilio::handle(shared, request, glance).await,
        Provider::Messenger => messenger::handle(shared, request, glance).await,
        Provider::Telegram => telegram::handle(shared, request).await,
        Provider::Slack => slack::handle(shared, request),
    };
    if fault == Some(FaultKind::LostAnswer) {
        let verdict = Verdict::Fault { fault: FaultKind::LostAnswer.word() };
        return (reply.verdict(verdict), End::Close);
    }
    (reply, End::Answer)
}

fn record(
    shared: &Handle,
    provider: Provider,
    at_ms: i64,
    request: &Incoming,
    glance: &Glance,
    reply: &Reply,
) {
    shared.with(|world| {
        let secrets = world.secrets();
        let mask = |text: &str| masked(text, &secrets);
        let query = request.query.iter().map(|(name, value)| format!("{name}={value}"));
        let query = query.collect::<Vec<_>>().join("&");
        let path = if query.is_empty() { request.path.clone() } else { format!("{}?{query}", request.path) };
        let headers = request.headers.iter().map(|(name, value)| {
            let value = value.to_str().unwrap_or("(bytes)");
            let value = if name == "authorization" { scheme_alone(value) } else { mask(value) };
            (name.to_string(), value)
        });
        world.transcript.add(Entry {
            number: 0,
            at_ms,
            direction: Direction::ToProvider,
            provider,
            operation: glance.operation.clone(),
            method: request.method.to_string(),
            path: mask(&path),
            headers: headers.collect(),
            body: mask(&shown(&request.body)),
            customer: glance.customer.clone(),
            status: (reply.status != 0).then_some(reply.status),
            answer: mask(&shown(&reply.body)),
            verdict: reply.verdict.clone(),
        });
    });
}

fn scheme_alone(value: &str) -> String {
    format!("{} …", value.split(' ').next().unwrap_or_default())
}

/// A text without the secrets in it.
pub(crate) fn masked(text: &str, secrets: &[String]) -> String {
    let mut masked = text.to_owned();
    for secret in secrets {
        if masked.contains(secret.as_str()) {
            masked = masked.replace(secret.as_str(), "…");
        }
    }
    masked
}

impl World {
    /// Everything that a transcript must not show.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let twilio = self.twilio.iter().map(|account| account.auth_token.clone());
        let pages = self.pages.iter().map(|page| page.access_token.clone());
        let apps = self.meta_apps.iter().map(|app| app.app_secret.clone());
        let bots = self.bots.iter().filter_map(|state| state.bot.token.split_once(':'));
        let bots = bots.map(|(_, secret)| secret.to_owned());
        let hooks = self.bots.iter().filter_map(|state| state.webhook.as_ref()?.secret_token.clone());
        let slack = self.slack.iter().flat_map(|app| {
            [&app.client_secret, &app.bot_token, &app.user_token].into_iter().chain(&app.codes).cloned()
        });
        let all = twilio.chain(pages).chain(apps).chain(bots).chain(hooks).chain(slack);
        all.filter(|secret| secret.len() >= 8).collect()
    }
}
