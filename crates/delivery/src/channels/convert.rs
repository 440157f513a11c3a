//! Conversions, told to the provider while the caller waits. They are no messages: the pace of sends is not
//! theirs.

use channels::{Conversion, Recipient};
use futures::future::BoxFuture;
use hub::outbox::Outbox;
use hub::{ConversionReporter, ConversionsRefused, ConversionsTaken, Hub, OpenChannel, not_connected};
use model::record::Client;
use serde_json::{Map, Value};

use super::ask::{ask, in_time};
use super::set::ChannelSet;

/// Requests that one report may need.
const STEPS_MAX: usize = 4;

/// Tells providers of conversions through the channels.
pub struct ChannelConversions {
    set: ChannelSet,
}

impl ChannelConversions {
    /// Over the channels of a server.
    pub fn new(set: ChannelSet) -> ChannelConversions {
        ChannelConversions { set }
    }

    async fn steps(
        &self,
        outbox: &Outbox,
        channel: &OpenChannel,
        client: &Client,
        payload: &Map<String, Value>,
    ) -> Result<ConversionsTaken, Refused> {
        let Some(opened) = self.set.open(channel) else {
            return Err(Refused::from(not_connected(&channel.integration.kind)));
        };
        let to = Recipient::from(client);
        let mut answers = Vec::new();
        for _ in 0..STEPS_MAX {
            match opened.channel.convert(&opened.account(), to, payload, &answers) {
                Conversion::Call(plan) => answers.push(ask(&self.set, outbox, plan).await?),
                Conversion::Taken { dataset_id, received } => {
                    return Ok(ConversionsTaken { dataset_id, received });
                }
                Conversion::Refused(reason) => return Err(Refused::from(reason)),
                Conversion::DeadToken(reason) => return Err(Refused(ConversionsRefused::DeadToken(reason))),
            }
        }
        Err(Refused::from("the provider asks for too much".to_owned()))
    }
}

/// A refusal that begins as a text.
struct Refused(ConversionsRefused);

impl From<String> for Refused {
    fn from(reason: String) -> Refused {
        Refused(ConversionsRefused::Reason(reason))
    }
}

impl ConversionReporter for ChannelConversions {
    fn report<'a>(
        &'a self,
        hub: &'a Hub,
        channel: &'a OpenChannel,
        client: &'a Client,
        payload: &'a Map<String, Value>,
    ) -> BoxFuture<'a, Result<ConversionsTaken, ConversionsRefused>> {
        Box::pin(async move {
            let outbox = hub.outbox();
            in_time(self.steps(&outbox, channel, client, payload)).await.map_err(|refused| refused.0)
        })
    }
}
