//! Setting integrations up at their provider, and undoing it.

use std::time::Duration;

use channels::slack::{self, SlackClient};
use channels::{Plan, Provision};
use futures::future::BoxFuture;
use http::StatusCode;
use hub::outbox::Outbox;
use hub::{OpenChannel, Provisioned, Provisioner};
use serde_json::Value;

use super::exchange::exchange;
use super::set::ChannelSet;

/// How long everything may take that setting up needs.
const TIME_MAX: Duration = Duration::from_secs(5);
/// Requests that setting up may need.
const STEPS_MAX: usize = 12;

/// Sets integrations up through the channels.
pub struct ChannelProvisioner {
    set: ChannelSet,
    outbox: Outbox,
    slack: Option<SlackClient>,
}

/// Slack's word where codes are traded.
const SLACK: &str = "slack";

impl ChannelProvisioner {
    /// Over the channels of a server.
    pub fn new(set: ChannelSet, outbox: Outbox) -> ChannelProvisioner {
        ChannelProvisioner { set, outbox, slack: None }
    }

    /// With the operator's own client at Slack, if there is one.
    #[must_use]
    pub fn with_slack(mut self, client: Option<SlackClient>) -> ChannelProvisioner {
        self.slack = client;
        self
    }

    async fn set_up(&self, channel: &OpenChannel) -> Result<Provisioned, String> {
        let Some(opened) = self.set.open(channel) else { return Ok(Provisioned::default()) };
        let halves: [u128; 2] = [rand::random(), rand::random()];
        let secret = format!("{:032x}{:032x}", halves[0], halves[1]);
        self.steps(|answers| opened.channel.provision(&opened.account(), answers, &secret)).await
    }

    /// Carries out what each step asks for, until it asks for nothing more.
    async fn steps(&self, next: impl Fn(&[(StatusCode, Value)]) -> Provision) -> Result<Provisioned, String> {
        let mut answers = Vec::new();
        for _ in 0..STEPS_MAX {
            match next(&answers) {
                Provision::Call(plan) => answers.push(self.ask(plan).await?),
                Provision::Done { config, secrets } => {
                    return Ok(Provisioned { config, secrets, caveat: None });
                }
                Provision::Partly { config, caveat } => {
                    let caveat = Some(caveat.to_owned());
                    return Ok(Provisioned { config, caveat, ..Provisioned::default() });
                }
                Provision::Refused(reason) => return Err(reason),
            }
        }
        Err("the provider asks for too much".to_owned())
    }

    async fn undo(&self, channel: &OpenChannel) {
        let Some(opened) = self.set.open(channel) else { return };
        let mut answers = Vec::new();
        for _ in 0..STEPS_MAX {
            let Provision::Call(plan) = opened.channel.withdraw(&opened.account(), &answers) else { return };
            match self.ask(plan).await {
                Ok(answer) => answers.push(answer),
                Err(reason) => {
                    tracing::info!(integration = %channel.integration.id, reason, "the provider was not told");
                    return;
                }
            }
        }
    }

    /// Whether both speak for the same sender at the provider.
    fn is_same_sender(&self, one: &OpenChannel, other: &OpenChannel) -> bool {
        let Some(channel) = self.set.channel(&one.integration.kind) else { return true };
        let setting = |of: &OpenChannel, name: &str| of.integration.config.get(name).map(Value::to_string);
        channel.identity().iter().all(|name| setting(one, name) == setting(other, name))
    }

    async fn ask(&self, plan: Plan) -> Result<(StatusCode, Value), String> {
        let sent = exchange(&self.set, &self.outbox, plan, TIME_MAX).await;
        let answer = sent.map_err(|error| format!("the provider could not be reached ({})", error.kind))?;
        let body = serde_json::from_slice(&answer.body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&answer.body).into_owned()));
        Ok((answer.status, body))
    }
}

async fn in_time(asking: impl Future<Output = Result<Provisioned, String>>) -> Result<Provisioned, String> {
    let late = |_| Err("the provider did not answer in time".to_owned());
    tokio::time::timeout(TIME_MAX, asking).await.unwrap_or_else(late)
}

impl Provisioner for ChannelProvisioner {
    fn is_connected(&self, kind: &str) -> bool {
        self.set.channel(kind).is_some()
    }

    fn provision<'a>(&'a self, channel: &'a OpenChannel) -> BoxFuture<'a, Result<Provisioned, String>> {
        Box::pin(in_time(self.set_up(channel)))
    }

    fn trades_codes_of(&self, provider: &str) -> bool {
        provider == SLACK && self.slack.is_some()
    }

    fn trade_code<'a>(
        &'a self,
        provider: &'a str,
        code: &'a str,
    ) -> BoxFuture<'a, Result<Provisioned, String>> {
        Box::pin(async move {
            let Some(client) = self.slack.as_ref().filter(|_| provider == SLACK) else {
                return Err(format!("this server has no client at {provider}"));
            };
            let base_url = self.set.base_url(slack::BASE_URL_WORD);
            in_time(self.steps(|answers| slack::trade_code(base_url, client, code, answers))).await
        })
    }

    fn withdraw_former<'a>(&'a self, former: &'a OpenChannel, now: &'a OpenChannel) -> BoxFuture<'a, ()> {
        if self.is_same_sender(former, now) {
            return Box::pin(std::future::ready(()));
        }
        self.withdraw(former)
    }

    fn withdraw<'a>(&'a self, channel: &'a OpenChannel) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if tokio::time::timeout(TIME_MAX, self.undo(channel)).await.is_err() {
                tracing::info!(integration = %channel.integration.id, "the provider did not answer in time");
            }
        })
    }
}
