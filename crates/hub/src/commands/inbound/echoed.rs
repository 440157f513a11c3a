//! What the business wrote at the provider, past us.

use model::event::CreationReason;
use model::record::MessageExtra;
use store::rows::external_messages::{self as external, ExternalMessage, ExternalState};
use store::{Ctx, Tx};

use super::ready::ReadyMessage;
use super::receive::Arrival;
use super::speaking::Speaking;
use crate::error::Result;
use crate::rules::{append, arrival, choices};

impl Arrival<'_> {
    /// A message of the business that is sent nowhere.
    pub(super) async fn echo(&self, tx: &mut Tx, ctx: &Ctx, message: &ReadyMessage) -> Result<()> {
        if external::by_id(tx, self.integration.key, &message.external_id).await?.is_some() {
            return Ok(());
        }
        let (client, user) = arrival::person(tx, ctx, self.app, self.integration, &self.event.person).await?;
        let to = Speaking { arrival: self, client, user };
        let source = to.source(Some(&message.external_id));
        let found = arrival::conversation(tx, self.app, &to.client, &to.user).await?;
        let found = found.filter(|found| append::has_room(&found.conversation, message.parts.len()));
        let mut entered = to.enter_found(tx, ctx, found, CreationReason::Message, &source, None).await?;
        for (number, part) in message.parts.iter().enumerate() {
            let extra = MessageExtra { source: Some(source.clone()), ..MessageExtra::default() };
            let key = self.add(tx, ctx, &mut entered, None, part, extra).await?;
            if number == 0 {
                let told = ExternalMessage {
                    external_id: message.external_id.clone(),
                    message: key,
                    client: to.client.key,
                    state: ExternalState::Told,
                    parts: Vec::new(),
                };
                external::insert(tx, self.integration.key, &told, ctx.now).await?;
            }
        }
        // The person has something newer before them than the choices of an earlier message.
        choices::answered(tx, to.client.key).await?;
        entered.save(tx).await
    }
}
