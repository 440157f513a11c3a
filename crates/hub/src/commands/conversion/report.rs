//! Telling the provider of a channel what a customer did: at once, or not at all. Nothing is kept of it.

use futures::future::BoxFuture;
use model::Id;
use model::record::{Client, Conversation, IntegrationStatus};
use serde_json::{Map, Value};
use store::rows::{clients, conversations, participants};
use store::{Command, Ctx, Read, Tx};

use crate::access::Grant;
use crate::channel::{OpenChannel, not_connected};
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::once::ResultName;
use crate::rules::integrations::health::Sign;

/// Clients of one conversation that are looked at.
const CLIENTS_MAX: usize = 20;

/// Tells providers of conversions. Delivery has one, which is given the hub with each call, as a
/// [`crate::Provisioner`] is.
pub trait ConversionReporter: Send + Sync + 'static {
    /// Hands events of a client on, in the provider's form.
    fn report<'a>(
        &'a self,
        hub: &'a Hub,
        channel: &'a OpenChannel,
        client: &'a Client,
        payload: &'a Map<String, Value>,
    ) -> BoxFuture<'a, Result<ConversionsTaken, ConversionsRefused>>;
}

/// What a provider said that has taken events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionsTaken {
    /// Its data set that they went to.
    pub dataset_id: String,
    /// How many it has counted.
    pub received: u64,
}

impl ConversionsTaken {
    /// What was remembered under an idempotency key; `None` for what is not of this form.
    pub fn read(result: &str) -> Option<ConversionsTaken> {
        let (received, dataset_id) = result.split_once(' ')?;
        Some(ConversionsTaken { dataset_id: dataset_id.to_owned(), received: received.parse().ok()? })
    }
}

impl ResultName for ConversionsTaken {
    fn result_name(&self) -> Option<String> {
        Some(format!("{} {}", self.received, self.dataset_id))
    }
}

/// Remembers that a provider has taken the events of a request.
struct NoteTaken(ConversionsTaken);

impl Command for NoteTaken {
    type Out = ConversionsTaken;
    type Error = HubError;

    async fn run(&self, _: &mut Tx, _: &Ctx) -> Result<ConversionsTaken> {
        Ok(self.0.clone())
    }
}

/// Why a provider has not taken events; the texts are for the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConversionsRefused {
    /// It refuses them, or could not be reached.
    Reason(String),
    /// It refuses the integration's token.
    DeadToken(String),
}

/// The client of a type through which a conversation was used last.
async fn client_of(read: &mut Read, conversation: &Conversation, kind: &str) -> Result<Option<Client>> {
    let keys = participants::client_keys_of_conversation(read, conversation.key, CLIENTS_MAX).await?;
    for key in keys {
        let client = clients::by_key(read, key).await?;
        if let Some(client) = client.filter(|client| client.kind == kind && client.external_id.is_some()) {
            return Ok(Some(client));
        }
    }
    Ok(None)
}

impl Hub {
    /// Tells the provider of a channel what the customer of a conversation did. `kind` is the channel's
    /// integration type, `payload` what the provider is told, in its form. A repeat under the same
    /// idempotency key tells it nothing, unless the first one failed or is still under way.
    ///
    /// # Errors
    /// `Repeated` with what [`ConversionsTaken::read`] reads; `NotFound` for an unknown conversation;
    /// `Invalid` when it has no client of the channel, the integration does not work, or the provider
    /// refuses, with its reason.
    pub async fn report_conversions(
        &self,
        grant: &Grant,
        conversation: Id,
        kind: &str,
        payload: &Map<String, Value>,
    ) -> Result<ConversionsTaken> {
        let refused = |reason: &str| HubError::Invalid(format!("{kind}: {reason}"));
        self.check_once(grant).await?;
        let mut reader = self.reader().await?;
        let found = conversations::by_id(&mut reader, grant.app.key, conversation).await?;
        let found = found.or_not_found(Thing::Conversation)?;
        let client = client_of(&mut reader, &found, kind).await?;
        drop(reader);
        let client = client.ok_or_else(|| refused("the conversation has no client of this channel"))?;
        let channel = match client.integration {
            Some(key) => self.channel_by_key(key).await?,
            None => None,
        };
        let channel = channel.ok_or_else(|| refused("the integration is gone"))?;
        match channel.integration.status {
            IntegrationStatus::Active | IntegrationStatus::Error => {}
            IntegrationStatus::Inactive => return Err(refused("the integration is inactive")),
            IntegrationStatus::Paused => return Err(refused("the integration is paused")),
        }
        let Some(reporter) = self.conversion_reporter() else { return Err(refused(&not_connected(kind))) };
        match reporter.report(self, &channel, &client, payload).await {
            Ok(taken) => {
                self.note_sign(&channel.integration, Sign::Took).await?;
                match grant.once.is_some() {
                    true => self.run_once(grant, NoteTaken(taken)).await,
                    false => Ok(taken),
                }
            }
            Err(ConversionsRefused::Reason(reason)) => Err(refused(&reason)),
            Err(ConversionsRefused::DeadToken(reason)) => {
                self.note_sign(&channel.integration, Sign::Refused(reason.clone())).await?;
                Err(refused(&format!("the provider refuses the integration's token: {reason}")))
            }
        }
    }
}
