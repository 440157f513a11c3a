//! Conversations, and what was said in them, as endpoints see them.

use std::sync::Arc;

use model::record::{App, Conversation, Message, Press, Role};
use model::switchboard::{Board, Seat};
use model::{Id, Millis};
use store::Read;
use store::rows::switchboards::{self, Sitting};
use store::rows::{accounts, conversations, presses};

use super::messages::oldest_after;
use crate::access::{Caller, Grant};
use crate::error::{OrNotFound, Result, Thing};
use crate::exchange::{Endpoints, Exchange, customers_of, endpoints_of};
use crate::hub::Hub;
use crate::rules::board::load_board;

/// Conversations that a list shows at most.
const OPEN_CONVERSATIONS_MAX: usize = 1_000;

/// What is listed of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum Listed {
    /// A message.
    Message(Box<Message>),
    /// A button that the customer pressed.
    Press(Press),
}

/// An entry of a list, with who answered when a customer made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What.
    pub listed: Listed,
    /// The integration that was in control, for what a customer said or pressed.
    pub responder: Option<Id>,
}

impl Entry {
    fn at(&self) -> Millis {
        match &self.listed {
            Listed::Message(message) => message.received,
            Listed::Press(press) => press.at,
        }
    }
}

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
        let around = Surroundings::of(&mut reader, &grant.app).await?;
        let exchange = around.exchange(&mut reader, &conversation).await?;
        Ok((conversation, exchange))
    }

    /// The open conversations of an app, oldest first: the newest 1,000.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_exchanges(&self, grant: &Grant) -> Result<Vec<(Conversation, Exchange)>> {
        let mut reader = self.reader().await?;
        let app = grant.app.key;
        let mut open = conversations::newest_open_of_app(&mut reader, app, OPEN_CONVERSATIONS_MAX).await?;
        open.reverse();
        let around = Surroundings::of(&mut reader, &grant.app).await?;
        let mut found = Vec::with_capacity(open.len());
        for conversation in open {
            let exchange = around.exchange(&mut reader, &conversation).await?;
            found.push((conversation, exchange));
        }
        Ok(found)
    }

    /// Up to `limit` entries behind a moment that concern a role (see [`Exchange::concerns`]), oldest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn entries_after(
        &self,
        conversation: &Conversation,
        exchange: &Exchange,
        (role, after): (Role, Millis),
        limit: usize,
    ) -> Result<Vec<Entry>> {
        let mut reader = self.reader().await?;
        let sittings = switchboards::sittings(&mut reader, conversation.app).await?;
        let sat = |seat: Option<Seat>, at: Millis| sat_then(&sittings, seat, at);
        let fits = |message: &Message| {
            let responder = sat(message.seat, message.received);
            !message.deleted && exchange.concerns(role, exchange.writer_of(message), responder)
        };
        let said = oldest_after(&mut reader, &conversation.state, after, limit, fits).await?;
        let mut found: Vec<Entry> = said
            .into_iter()
            .map(|message| Entry {
                responder: sat(message.seat, message.received),
                listed: Listed::Message(Box::new(message)),
            })
            .collect();
        let (mut from, mut presses_left) = (after, limit);
        while presses_left > 0 {
            let pressed = presses::after(&mut reader, conversation.key, from, limit).await?;
            let is_last = pressed.len() < limit;
            for press in pressed {
                from = press.at;
                let responder = sat(press.seat, press.at);
                if exchange.concerns(role, exchange.by_customer(None), responder) {
                    found.push(Entry { listed: Listed::Press(press), responder });
                    presses_left = presses_left.saturating_sub(1);
                }
            }
            if is_last {
                break;
            }
        }
        found.sort_by_key(Entry::at);
        found.truncate(limit);
        Ok(found)
    }
}

/// The integration that sat on a seat at a moment.
fn sat_then(sittings: &[Sitting], seat: Option<Seat>, at: Millis) -> Option<Id> {
    let sat = |sitting: &&Sitting| {
        Some(sitting.seat) == seat && sitting.left_at.is_none_or(|left_at| at <= left_at)
    };
    sittings.iter().find(sat).map(|sitting| sitting.integration_id)
}

/// What the exchanges of an app have in common.
struct Surroundings<'a> {
    app: &'a App,
    account_id: Id,
    board: Option<Board>,
    endpoints: Arc<Endpoints>,
}

impl Surroundings<'_> {
    async fn of<'a>(read: &mut Read, app: &'a App) -> Result<Surroundings<'a>> {
        let account = accounts::by_key(read, app.account).await?.or_not_found(Thing::Account)?;
        let board = load_board(read, app.key).await?.map(|(_, board)| board);
        Ok(Surroundings { app, account_id: account.id, board, endpoints: endpoints_of(read, app.key).await? })
    }

    async fn exchange(&self, read: &mut Read, conversation: &Conversation) -> Result<Exchange> {
        let active = conversation.state.control.active();
        let member = self.board.as_ref().zip(active).and_then(|(board, seat)| board.member(seat));
        Ok(Exchange {
            account_id: self.account_id,
            app_id: self.app.id,
            conversation_id: conversation.id,
            customers: customers_of(read, conversation.key).await?,
            responder: member.and_then(|member| member.integration_id.as_deref()?.parse().ok()),
            endpoints: self.endpoints.clone(),
        })
    }
}
