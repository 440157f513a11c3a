//! Setting integrations up at their provider, and undoing it.

use channels::slack::{self, SlackClient};
use channels::{Provision, REGISTERED_URL};
use futures::future::BoxFuture;
use http::StatusCode;
use hub::{Hub, OpenChannel, Provisioned, Provisioner};
use model::record::Integration;
use model::{Millis, metadata};
use serde_json::Value;

use super::ask::{ask, in_time};
use super::set::ChannelSet;
use crate::retry::{Next, RetryPolicy};

/// Requests that setting up may need.
const STEPS_MAX: usize = 12;

/// Sets integrations up through the channels.
pub struct ChannelProvisioner {
    set: ChannelSet,
    withdrawals: RetryPolicy,
    slack: Option<SlackClient>,
}

/// Slack's word where codes are traded.
const SLACK: &str = "slack";

impl ChannelProvisioner {
    /// Over the channels of a server. `retry_base_ms` takes the place of the first pause between attempts
    /// to undo.
    pub fn new(set: ChannelSet, retry_base_ms: Option<u64>) -> ChannelProvisioner {
        let withdrawals = RetryPolicy::withdrawal().with_base_ms(retry_base_ms);
        ChannelProvisioner { set, withdrawals, slack: None }
    }

    /// With the operator's own client at Slack, if there is one.
    #[must_use]
    pub fn with_slack(mut self, client: Option<SlackClient>) -> ChannelProvisioner {
        self.slack = client;
        self
    }

    async fn set_up(&self, hub: &Hub, channel: &OpenChannel) -> Result<Provisioned, String> {
        let Some(opened) = self.set.open_anew(channel) else { return Ok(Provisioned::default()) };
        let halves: [u128; 2] = [rand::random(), rand::random()];
        let secret = format!("{:032x}{:032x}", halves[0], halves[1]);
        let account = opened.account();
        let told = self.steps(hub, |answers| opened.channel.provision(&account, answers, &secret)).await;
        told.map(|mut provisioned| {
            provisioned.secrets.insert(REGISTERED_URL.to_owned(), account.hook_url.into());
            provisioned
        })
    }

    /// Carries out what each step asks for, until it asks for nothing more.
    async fn steps(
        &self,
        hub: &Hub,
        next: impl Fn(&[(StatusCode, Value)]) -> Provision,
    ) -> Result<Provisioned, String> {
        let (outbox, mut answers) = (hub.outbox(), Vec::new());
        for _ in 0..STEPS_MAX {
            match next(&answers) {
                Provision::Call(plan) => answers.push(ask(&self.set, &outbox, plan).await?),
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

    async fn undo(&self, hub: &Hub, channel: &OpenChannel) -> Result<(), String> {
        // It knows both addresses: a crash may have left the new one at the provider, and us with the old
        // one.
        let Some(opened) = self.set.open_anew(channel) else { return Ok(()) };
        self.steps(hub, |answers| opened.channel.withdraw(&opened.account(), answers)).await.map(|_| ())
    }

    async fn give_callback(
        &self,
        hub: &Hub,
        leaving: &OpenChannel,
        heir: &OpenChannel,
    ) -> Result<(), String> {
        let (Some(leaving), Some(heir)) = (self.set.open_anew(leaving), self.set.open_anew(heir)) else {
            return Ok(());
        };
        let channel = heir.channel;
        let (leaving, heir) = (leaving.account(), heir.account());
        self.steps(hub, |answers| channel.hand_over(&leaving, &heir, answers)).await.map(|_| ())
    }
}

impl Provisioner for ChannelProvisioner {
    fn is_connected(&self, kind: &str) -> bool {
        self.set.channel(kind).is_some()
    }

    fn provision<'a>(
        &'a self,
        hub: &'a Hub,
        channel: &'a OpenChannel,
    ) -> BoxFuture<'a, Result<Provisioned, String>> {
        Box::pin(in_time(self.set_up(hub, channel)))
    }

    fn trades_codes_of(&self, provider: &str) -> bool {
        provider == SLACK && self.slack.is_some()
    }

    fn trade_code<'a>(
        &'a self,
        hub: &'a Hub,
        provider: &'a str,
        code: &'a str,
    ) -> BoxFuture<'a, Result<Provisioned, String>> {
        Box::pin(async move {
            let Some(client) = self.slack.as_ref().filter(|_| provider == SLACK) else {
                return Err(format!("this server has no client at {provider}"));
            };
            let base_url = self.set.base_url(slack::BASE_URL_WORD);
            in_time(self.steps(hub, |answers| slack::trade_code(base_url, client, code, answers))).await
        })
    }

    fn withdraw<'a>(&'a self, hub: &'a Hub, channel: &'a OpenChannel) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(in_time(self.undo(hub, channel)))
    }

    fn sole_account(&self, channel: &OpenChannel) -> Option<String> {
        let opened = self.set.open(channel)?;
        opened.channel.sole_account(&opened.account())
    }

    fn is_registered(&self, channel: &OpenChannel) -> bool {
        let told = channel.secrets.get(REGISTERED_URL).and_then(Value::as_str);
        let (Some(told), Some(anew)) = (told, self.set.open_anew(channel)) else { return true };
        told == anew.account().hook_url
    }

    fn is_heir(&self, leaving: &OpenChannel, living: &OpenChannel) -> bool {
        let (Some(leaving), Some(living)) = (self.set.open(leaving), self.set.open(living)) else {
            return false;
        };
        leaving.open.integration.kind == living.open.integration.kind
            && living.channel.is_heir(&leaving.account(), &living.account())
    }

    fn hand_over<'a>(
        &'a self,
        hub: &'a Hub,
        leaving: &'a OpenChannel,
        heir: &'a OpenChannel,
    ) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(in_time(self.give_callback(hub, leaving, heir)))
    }

    fn is_held_by(&self, gone: &Integration, living: &Integration) -> bool {
        let Some(channel) = self.set.channel(&gone.kind).filter(|_| gone.kind == living.kind) else {
            return false;
        };
        let mut names = channel.identity().iter();
        if gone.id == living.id {
            // Other secrets for the same sender: what was set up is its own.
            return names.all(|name| id_of(gone, name) == id_of(living, name));
        }
        // What a crash has left may not know its sender: it is not undone where it could be anybody's.
        let may_be = |name: &str| match (id_of(gone, name), id_of(living, name)) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        channel.shares_set_up() && names.all(|name| may_be(name))
    }

    fn own_address(&self, integration: &Integration) -> Option<String> {
        let names = self.set.channel(&integration.kind)?.own_addresses();
        names.iter().find_map(|name| id_of(integration, name))
    }

    fn tells_reading(&self, kind: &str, external_id: &str) -> bool {
        self.set.channel(kind).is_some_and(|channel| channel.tells_reading(external_id))
    }

    fn again_at(&self, attempts: i64, now: Millis) -> Option<Millis> {
        let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
        match self.withdrawals.again(attempts, 0, rand::random(), now.0) {
            Next::RetryAt(at) => Some(Millis(at)),
            Next::Done | Next::Dead => None,
        }
    }
}

/// A setting that names a sender: an id may be kept as a number or as text.
fn id_of(integration: &Integration, name: &str) -> Option<String> {
    metadata::id_text(integration.config.get(name)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use hub::Settings;
    use hub::seal::{SEALING_KEY_BYTES, Sealer};
    use store::files::Files;
    use store::{Options, Store};

    use super::super::convert::ChannelConversions;
    use super::super::set::ChannelSettings;
    use super::*;
    use crate::http::{HttpClient, HttpConfig};

    #[tokio::test]
    async fn a_hub_that_goes_takes_along_who_speaks_for_it() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(Options::new(dir.path())).unwrap();
        let settings = Settings {
            public_url: "http://localhost:8080".into(),
            allow_private_targets: true,
            event_retention_ms: 1,
            key_secrets_readable: false,
            author_roles_shown: false,
        };
        let files = Files::local(dir.path()).unwrap();
        let hub = Hub::new(store, files, Sealer::new(&[7; SEALING_KEY_BYTES]), settings);
        let client = HttpClient::new(HttpConfig::default()).unwrap();
        let set = ChannelSet::new(channels::all(), ChannelSettings::default(), client.clone(), client);
        let provisioner = Arc::new(ChannelProvisioner::new(set.clone(), None));
        let reporter = Arc::new(ChannelConversions::new(set));
        let held = (Arc::downgrade(&provisioner), Arc::downgrade(&reporter));
        hub.use_provisioner(provisioner);
        hub.use_conversion_reporter(reporter);
        assert!(held.0.upgrade().is_some() && held.1.upgrade().is_some());
        drop(hub);
        assert!(held.0.upgrade().is_none() && held.1.upgrade().is_none());
    }
}
