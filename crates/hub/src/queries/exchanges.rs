//! Conversations and messages as endpoints see them.

use std::sync::Arc;

use model::record::{App, Conversation, Message, MessageKey};
use model::{Id, Millis};
use store::Read;
use store::rows::messages::{self, Link};
use store::rows::{accounts, conversations};

use crate::access::{Caller, Grant};
use crate::error::{OrNotFound, Result, Thing};
use crate::exchange::{Endpoints, Exchange, customer_of, endpoints_of};
use crate::hub::Hub;
use crate::rules::board::load_board;

/// Conversations that a list shows at most.
const OPEN_CONVERSATIONS_MAX: usize = 1_000;

impl Hub {
    /// The grant for the app of a conversation.
    ///
    /// # Errors
    /// `NotFound` for a conversation that is unknown or not the caller's.
    pub async fn grant_for_conversation(&self, caller: &Arc<Caller>, conversation: Id) -> Result<Grant> {
        let app = self.directory().app_of_conversation(self, conversation).await?;
        let app = app.or_not_found(Thing::Conversation)?;
        let app = self.directory().app_by_key(self, app).await?.or_not_found(Thing::Conversation)?;
        self.grant_for(caller, &app, Thing::Conversation).await
    }

    /// A conversation as endpoints see it.
    ///
    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn exchange(&self, grant: &Grant, conversation: Id) -> Result<(Conversation, Exchange)> {
        let mut reader = self.reader().await?;
        let found = conversations::by_id(&mut reader, grant.app.key, conversation).await?;
        let conversation = found.or_not_found(Thing::Conversation)?;
        let endpoints = endpoints_of(&mut reader, grant.app.key).await?;
        let exchange = exchange(&mut reader, &grant.app, &conversation, endpoints).await?;
        Ok((conversation, exchange))
    }

    /// The open conversations of an app whose customers are on a channel, oldest first; a bounded list.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_exchanges(&self, grant: &Grant) -> Result<Vec<(Conversation, Exchange)>> {
        let mut reader = self.reader().await?;
        let endpoints = endpoints_of(&mut reader, grant.app.key).await?;
        let mut found = Vec::new();
        for key in conversations::keys_of_app(&mut reader, grant.app.key, OPEN_CONVERSATIONS_MAX).await? {
            let Some(conversation) = conversations::by_key(&mut reader, key).await? else { continue };
            if conversation.state.closed_at.is_none() {
                let exchange = exchange(&mut reader, &grant.app, &conversation, endpoints.clone()).await?;
                found.push((conversation, exchange));
            }
        }
        Ok(found)
    }

    /// Up to `limit` messages of a conversation that were received after a moment, oldest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn messages_after(
        &self,
        conversation: &Conversation,
        after: Millis,
        limit: usize,
    ) -> Result<Vec<Message>> {
        let mut reader = self.reader().await?;
        let mut found = Vec::new();
        let mut next = conversation.state.last_message;
        while next != MessageKey(0) {
            let Some(link) = messages::link_by_key(&mut reader, next).await? else { break };
            if link.ordinal() <= conversation.state.floor {
                break;
            }
            next = link.previous();
            let Link::Message(message) = link else { continue };
            if message.received <= after {
                break;
            }
            if !message.deleted {
                found.push(*message);
            }
        }
        found.reverse();
        found.truncate(limit);
        Ok(found)
    }
}

async fn exchange(
    read: &mut Read,
    app: &App,
    conversation: &Conversation,
    endpoints: Arc<Endpoints>,
) -> Result<Exchange> {
    let account = accounts::by_key(read, app.account).await?.or_not_found(Thing::Account)?;
    let board = load_board(read, app.key).await?.map(|(_, board)| board);
    let active = conversation.state.control.active();
    let member = board.as_ref().zip(active).and_then(|(board, seat)| board.member(seat));
    Ok(Exchange {
        account_id: account.id,
        app_id: app.id,
        conversation_id: conversation.id,
        customer: customer_of(read, conversation.key).await?,
        responder: member.and_then(|member| member.integration_id.as_deref()?.parse().ok()),
        endpoints,
    })
}
