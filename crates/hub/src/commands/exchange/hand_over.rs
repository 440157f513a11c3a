//! Agents and bots take control of a conversation, and hand it over.

use std::sync::Arc;

use model::event::{Signal, SignalReceiver};
use model::record::{App, Endpoint, Integration, IntegrationKey, IntegrationStatus, Role};
use model::switchboard::{Action, Board, Control, Reference, Refusal};
use model::{Id, Millis};
use serde_json::Value;
use store::rows::{conversations, endpoints, integrations as integration_rows};
use store::{Command, Ctx, Read, Tx};

use super::say::{ReadySignal, Said};
use super::{answering, answering_board, side, signal};
use crate::access::Grant;
use crate::commands::control::{ActOnControl, ControlDraft, refused};
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::exchange::customers_of;
use crate::hub::Hub;
use crate::rules::integrations;

/// Which way control goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandOver {
    /// To the caller.
    Take,
    /// To this integration. Without one to the caller's successor, if that is active, otherwise to the first
    /// one of the other role that is active.
    Give(Option<Id>),
}

/// A change of control that an agent or bot wants.
#[derive(Clone, Debug)]
pub struct HandOverDraft {
    /// Who wants it.
    pub endpoint: Id,
    /// Which way control goes.
    pub way: HandOver,
    /// What who gains control, or loses it to the caller, is told.
    pub body: Value,
    /// The caller's own id of it.
    pub external_id: Option<String>,
}

struct Act {
    app: Arc<App>,
    conversation: Id,
    wanted: HandOverDraft,
}

impl Command for Act {
    /// A refusal is an outcome, since it is told by an event that has to be kept.
    type Out = Result<Said, Refusal>;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Self::Out> {
        let found = conversations::by_id(tx, self.app.key, self.conversation).await?;
        let conversation = found.or_not_found(Thing::Conversation)?;
        let customers = customers_of(tx, conversation.key).await?;
        // Who has blocked the sender may write again, and is answered by whoever is in control then.
        side::is_reached(tx, &self.app, &customers).await?;
        let board = answering_board(tx, &self.app).await?;
        let (integration, endpoint) = answering(tx, &self.app, self.wanted.endpoint).await?;
        if conversation.state.closed_at.is_some() {
            return Err(HubError::Closed);
        }
        let control = board.seated(conversation.state.control);
        let (action, told) = match self.wanted.way {
            HandOver::Take => taken(&board, control, &integration)?,
            HandOver::Give(named) => self.given(tx, &board, &integration, &endpoint, named).await?,
        };
        let draft = ControlDraft { action, metadata: None, reason: None };
        let (app, integration) = (self.app.key, Some(integration.key));
        let act = ActOnControl { app, conversation: self.conversation, integration, draft };
        if let Some(refusal) = act.run(tx, ctx).await? {
            return Ok(Err(refusal));
        }
        let at = self.tell(tx, ctx, told).await?;
        Ok(Ok(Said { integration: self.wanted.endpoint, at, message: None }))
    }
}

/// The member of an integration, as control actions name it.
fn member_of(board: &Board, integration: &Integration) -> Result<Reference> {
    let member = board.seat_of(integration.key.0).and_then(|seat| board.member(seat));
    Ok(Reference(member.or_not_found(Thing::Integration)?.id.clone()))
}

/// How the caller takes control, and who loses it.
fn taken(board: &Board, control: Control, integration: &Integration) -> Result<(Action, Option<Id>)> {
    let own = board.seat_of(integration.key.0);
    let action = match own.is_some() && control.pending() == own {
        true => Action::Accept,
        false => Action::Pass { target: member_of(board, integration)? },
    };
    let loser = control.active().filter(|active| Some(*active) != own);
    let loser = loser.and_then(|seat| board.member(seat)?.integration_id.as_deref()?.parse().ok());
    Ok((action, loser))
}

impl Act {
    /// Tells an integration, if there is one to tell; gives the moment.
    async fn tell(&self, tx: &mut Tx, ctx: &Ctx, told: Option<Id>) -> Result<Millis> {
        let found = conversations::by_id(tx, self.app.key, self.conversation).await?;
        let mut conversation = found.or_not_found(Thing::Conversation)?;
        let HandOverDraft { endpoint, body, external_id, .. } = self.wanted.clone();
        match told {
            Some(told) => {
                let signal = Signal { receiver: SignalReceiver::Endpoint(told), is_message: false, body };
                let ready = ReadySignal { signal, by_platform: false, external_id };
                signal::hand_over(tx, ctx, &mut conversation, Some(endpoint), &ready).await?;
            }
            None => {
                conversation.state.next_moment(ctx.now);
            }
        }
        conversations::save_state(tx, conversation.key, &conversation.state).await?;
        Ok(conversation.state.last_moment.unwrap_or(ctx.now))
    }

    /// Who shall answer, and how: a person is asked, a program gets control at once.
    async fn given(
        &self,
        read: &mut Read,
        board: &Board,
        own: &Integration,
        endpoint: &Endpoint,
        named: Option<Id>,
    ) -> Result<(Action, Option<Id>)> {
        let named = match named {
            Some(id) => Some(integrations::find(read, self.app.key, id).await?),
            None => None,
        };
        let target = match (named, successor(read, board, own).await?) {
            (Some(target), _) | (None, Some(target)) => target,
            (None, None) => other_role(read, board, endpoint.role).await?,
        };
        let reference = member_of(board, &target)?;
        let role = endpoints::of_integration(read, target.key).await?.map(|endpoint| endpoint.role);
        let action = match role {
            Some(Role::Agent) => Action::Offer { target: reference },
            _ => Action::Pass { target: reference },
        };
        Ok((action, Some(target.id)))
    }
}

/// Who comes after this one on the switchboard, if that is said and it works.
async fn successor(read: &mut Read, board: &Board, own: &Integration) -> Result<Option<Integration>> {
    let next = board.seat_of(own.key.0).and_then(|seat| board.member(board.member(seat)?.next?));
    match next.and_then(|next| next.integration) {
        Some(key) => {
            let next = integration_rows::by_key(read, IntegrationKey(key)).await?;
            Ok(next.filter(|next| next.status == IntegrationStatus::Active))
        }
        None => Ok(None),
    }
}

/// The first active member that is no agent, for an agent; for a bot the first agent.
async fn other_role(read: &mut Read, board: &Board, role: Role) -> Result<Integration> {
    for member in &board.members {
        let Some(key) = member.integration else { continue };
        let key = IntegrationKey(key);
        let found = integration_rows::by_key(read, key).await?;
        let Some(found) = found.filter(|found| found.status == IntegrationStatus::Active) else { continue };
        let its = endpoints::of_integration(read, key).await?.map_or(Role::Bot, |endpoint| endpoint.role);
        if (its == Role::Agent) != (role == Role::Agent) {
            return Ok(found);
        }
    }
    Err(HubError::NotFound(Thing::Integration))
}

impl Hub {
    /// Lets an agent or bot take control of a conversation, or hand it over: to a program at once, to a
    /// person as an offer, which is accepted by taking control or by speaking. What finds its result
    /// already there changes nothing.
    ///
    /// # Errors
    /// As of [`Hub::say`]; `OwnTarget` for who would hand over to itself, `NotFound` where there is nobody to
    /// hand over to, `Switchboard` for what the switchboard does not allow.
    pub async fn hand_over(&self, grant: &Grant, conversation: Id, wanted: HandOverDraft) -> Result<Said> {
        if wanted.way == HandOver::Give(Some(wanted.endpoint)) {
            return Err(HubError::OwnTarget);
        }
        self.run(Act { app: grant.app.clone(), conversation, wanted }).await?.map_err(refused)
    }
}
