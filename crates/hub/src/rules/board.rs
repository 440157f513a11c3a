//! An app's switchboard with its members: as the pure rules want it, and as it is shown.

use std::sync::Arc;

use model::Id;
use model::record::{AppKey, Switchboard, SwitchboardIntegration};
use model::switchboard::{Board, BoardChanges, Member, Seat};
use store::rows::switchboards;
use store::{Ctx, Read, Tx};

use crate::error::{OrNotFound, Result, Thing};

/// A switchboard as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct SwitchboardView {
    /// The switchboard.
    pub switchboard: Switchboard,
    /// The id of the member that answers first.
    pub default_id: Option<Id>,
}

/// A member of a switchboard as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberView {
    /// The member.
    pub member: SwitchboardIntegration,
    /// The id of the member that comes after it.
    pub next_id: Option<Id>,
}

/// A switchboard and its members as they are stored.
#[derive(Clone, Debug)]
pub(crate) struct BoardRows {
    pub switchboard: Switchboard,
    pub members: Vec<SwitchboardIntegration>,
}

impl BoardRows {
    /// The switchboard of an app; `None` when it has none.
    pub(crate) async fn of_app(read: &mut Read, app: AppKey) -> Result<Option<BoardRows>> {
        let Some(switchboard) = switchboards::of_app(read, app).await? else { return Ok(None) };
        BoardRows::with_members(read, switchboard).await.map(Some)
    }

    /// The switchboard of an app that has this id, or `NotFound`.
    pub(crate) async fn by_id(read: &mut Read, app: AppKey, id: Id) -> Result<BoardRows> {
        let switchboard = switchboards::by_id(read, app, id).await?.or_not_found(Thing::Switchboard)?;
        BoardRows::with_members(read, switchboard).await
    }

    async fn with_members(read: &mut Read, switchboard: Switchboard) -> Result<BoardRows> {
        let members = switchboards::members(read, switchboard.key).await?;
        Ok(BoardRows { switchboard, members })
    }

    /// The board for the pure rules.
    pub(crate) fn board(&self) -> Board {
        self.clone().into_board().1
    }

    fn into_board(self) -> (Switchboard, Board) {
        let BoardRows { switchboard, members } = self;
        let members = members.into_iter().map(member).collect();
        let board = Board { enabled: switchboard.enabled, default: switchboard.default, members };
        (switchboard, board)
    }

    /// The member on a seat.
    pub(crate) fn on(&self, seat: Seat) -> Option<&SwitchboardIntegration> {
        self.members.iter().find(|member| member.seat == seat)
    }

    /// The member with an id, or `NotFound`.
    pub(crate) fn member(&self, id: Id) -> Result<&SwitchboardIntegration> {
        self.members.iter().find(|member| member.id == id).or_not_found(Thing::SwitchboardIntegration)
    }

    /// The seat of the member that a caller names by its id, or `NotFound`.
    pub(crate) fn seat_named(&self, id: &str) -> Result<Seat> {
        let id = id.parse().ok().or_not_found(Thing::SwitchboardIntegration)?;
        Ok(self.member(id)?.seat)
    }

    /// The seat of a responder that a caller names by the id of the member or, failing that, by the
    /// id of the integration behind one (sunshine-v2.md §10.1).
    pub(crate) fn responder_named(&self, id: &str) -> Option<Seat> {
        let id: Id = id.parse().ok()?;
        let by_member = self.members.iter().find(|member| member.id == id);
        let found = by_member.or_else(|| self.members.iter().find(|member| member.integration_id == id));
        found.map(|member| member.seat)
    }

    /// A member as it is shown.
    pub(crate) fn view(&self, member: &SwitchboardIntegration) -> MemberView {
        let next_id = member.next.and_then(|seat| self.on(seat)).map(|next| next.id);
        MemberView { member: member.clone(), next_id }
    }

    /// The switchboard as it is shown.
    pub(crate) fn shown(&self) -> SwitchboardView {
        let default_id = self.switchboard.default.and_then(|seat| self.on(seat)).map(|member| member.id);
        SwitchboardView { switchboard: self.switchboard.clone(), default_id }
    }
}

/// The switchboard of an app and its board; `None` when it has none.
pub(crate) async fn load_board(read: &mut Read, app: AppKey) -> Result<Option<(Switchboard, Board)>> {
    Ok(BoardRows::of_app(read, app).await?.map(BoardRows::into_board))
}

/// The board of an app as commands remember it.
struct KnownBoard(Option<Arc<Board>>);

/// The board of an app inside a command; `None` when it has none. Every message of a customer asks for
/// it.
pub(crate) async fn board_of(tx: &mut Tx, app: AppKey) -> Result<Option<Arc<Board>>> {
    if let Some(known) = tx.recall::<KnownBoard>(app.0) {
        return Ok(known.0.clone());
    }
    let board = load_board(tx, app).await?.map(|(_, board)| Arc::new(board));
    Ok(tx.remember(app.0, KnownBoard(board)).0.clone())
}

fn member(row: SwitchboardIntegration) -> Member {
    Member {
        seat: row.seat,
        id: row.id.to_string(),
        name: row.name,
        integration: Some(row.integration.0),
        integration_id: Some(row.integration_id.to_string()),
        integration_type: row.integration_type,
        next: row.next,
        deliver_standby_events: row.deliver_standby_events,
        message_history_count: row.message_history_count,
    }
}

/// Takes a member off the board, with what that changes for the others.
pub(crate) async fn apply_removal(
    tx: &mut Tx,
    ctx: &Ctx,
    switchboard: &Switchboard,
    changes: &BoardChanges,
) -> Result<()> {
    if switchboard.default != changes.default {
        let switchboard = Switchboard { default: changes.default, ..switchboard.clone() };
        switchboards::update(tx, &switchboard).await?;
    }
    for (seat, next) in &changes.next {
        switchboards::set_next(tx, *seat, *next).await?;
    }
    switchboards::remove_member(tx, changes.removed, ctx.now).await?;
    Ok(())
}
