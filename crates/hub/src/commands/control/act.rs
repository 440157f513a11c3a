//! Passes, offers, accepts or releases control of a conversation.

use model::Id;
use model::content::Metadata;
use model::event::{ControlReason, EventDetail, EventError, EventType, Reason};
use model::record::{AppKey, Conversation, IntegrationKey};
use model::switchboard::{
    Action, Board, Caller as ControlCaller, Change, ControlKind, FailureKind, Refusal, RefusalKind, Seat,
    apply,
};
use store::rows::conversations;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::board::load_board;
use crate::rules::emit::{self, EventDraft};

/// A control action that a caller wants.
#[derive(Clone, Debug)]
pub struct ControlDraft {
    /// The action.
    pub action: Action,
    /// The caller's own data, for the event only.
    pub metadata: Option<Metadata>,
    /// Why, for the event only.
    pub reason: Option<ControlReason>,
}

pub(crate) struct ActOnControl {
    pub app: AppKey,
    pub conversation: Id,
    /// The integration that acts; none for the business as a whole.
    pub integration: Option<IntegrationKey>,
    pub draft: ControlDraft,
}

/// What a refusal means to the caller.
pub(crate) fn refused(refusal: Refusal) -> HubError {
    match refusal.kind() {
        RefusalKind::NotFound => HubError::NotFound(Thing::SwitchboardIntegration),
        RefusalKind::Forbidden => HubError::Forbidden(refusal.to_string()),
        RefusalKind::Invalid => HubError::Switchboard { code: refusal.code(), message: refusal.to_string() },
    }
}

impl Command for ActOnControl {
    /// A refusal is an outcome, since it is told by an event that has to be kept.
    type Out = Option<Refusal>;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<Refusal>> {
        let found = conversations::by_id(tx, self.app, self.conversation).await?;
        let mut conversation = found.or_not_found(Thing::Conversation)?;
        let board = load_board(tx, self.app).await?.map(|(_, board)| board).unwrap_or_default();
        let seat = self.integration.and_then(|integration| board.seat_of(integration.0));
        let caller = match self.integration {
            Some(_) => ControlCaller::Seat(seat),
            None => ControlCaller::Business,
        };
        match apply(&board, conversation.state.control, caller, &self.draft.action) {
            Ok(transition) => {
                let Some(change) = transition.change else { return Ok(None) };
                conversation.state.control = transition.control;
                self.tell_change(tx, ctx, &mut conversation, change, seat).await?;
                Ok(None)
            }
            Err(refusal) => {
                self.tell_refusal(tx, ctx, &mut conversation, &board, refusal, seat).await?;
                Ok(Some(refusal))
            }
        }
    }
}

impl ActOnControl {
    async fn tell_change(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        conversation: &mut Conversation,
        change: Change,
        caller: Option<Seat>,
    ) -> Result<()> {
        let kind = match change.kind {
            ControlKind::PassControl => EventType::PassControl,
            ControlKind::OfferControl => EventType::OfferControl,
            ControlKind::AcceptControl => EventType::AcceptControl,
            ControlKind::ReleaseControl => EventType::ReleaseControl,
        };
        let has_reason = matches!(change.kind, ControlKind::PassControl | ControlKind::ReleaseControl);
        let detail = EventDetail {
            reason: self.draft.reason.filter(|_| has_reason).map(Reason::Control),
            metadata: self.draft.metadata.clone(),
            previous_active: Some(Seat::to_stored(change.previous.active())),
            previous_pending: Some(Seat::to_stored(change.previous.pending())),
            caller: caller.map(|seat| seat.0),
            target: change.target.map(|seat| seat.0),
            ..EventDetail::default()
        };
        self.tell(tx, ctx, conversation, kind, detail).await
    }

    async fn tell_refusal(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        conversation: &mut Conversation,
        board: &Board,
        refusal: Refusal,
        caller: Option<Seat>,
    ) -> Result<()> {
        let kind = match refusal.failure_event() {
            Some(FailureKind::PassControl) => EventType::PassControlFailure,
            Some(FailureKind::OfferControl) => EventType::OfferControlFailure,
            Some(FailureKind::AcceptControl) => EventType::AcceptControlFailure,
            None => return Ok(()),
        };
        let error = EventError { code: refusal.code(), message: refusal.to_string() };
        let detail = EventDetail {
            metadata: self.draft.metadata.clone(),
            error: Some(error),
            caller: caller.map(|seat| seat.0),
            ..EventDetail::default()
        };
        conversation.state.control = board.seated(conversation.state.control);
        self.tell(tx, ctx, conversation, kind, detail).await
    }

    async fn tell(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        conversation: &mut Conversation,
        kind: EventType,
        detail: EventDetail,
    ) -> Result<()> {
        let draft = EventDraft { detail: Some(detail), ..EventDraft::default() };
        emit::and_save(tx, ctx, kind, conversation, draft).await
    }
}

impl Hub {
    /// Passes, offers, accepts or releases control. What finds its result already there changes
    /// nothing and tells nobody (sunshine-v2.md §8.5).
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation or target, `Forbidden` for a caller without the right
    /// seat, `Switchboard` for what the switchboard does not allow.
    pub async fn act_on_control(&self, grant: &Grant, conversation: Id, draft: ControlDraft) -> Result<()> {
        let integration = grant.caller.integration().map(|(key, _)| key);
        let command = ActOnControl { app: grant.app.key, conversation, integration, draft };
        match self.run_once(grant, command).await? {
            None => Ok(()),
            Some(refusal) => Err(refused(refusal)),
        }
    }
}
