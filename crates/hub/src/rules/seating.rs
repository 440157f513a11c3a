//! How integrations that answer customers come to the switchboard by themselves (decision 32).

use model::limits::SWITCHBOARD_MEMBERS_MAX;
use model::record::{
    AppKey, Integration, IntegrationStatus, Role, Switchboard, SwitchboardIntegration, SwitchboardKey,
};
use model::switchboard::{Seat, remove_member};
use store::rows::{endpoints, integrations, switchboards};
use store::{Ctx, Read, Tx};

use super::board::{BoardRows, apply_removal};
use crate::error::{HubError, Result, Thing};

/// Gives an integration a seat. The first one makes an enabled switchboard.
pub(crate) async fn seat(tx: &mut Tx, ctx: &Ctx, integration: &Integration) -> Result<()> {
    let rows = switchboard(tx, ctx, integration.app).await?;
    if rows.members.len() >= SWITCHBOARD_MEMBERS_MAX {
        let max = SWITCHBOARD_MEMBERS_MAX as i64;
        return Err(HubError::TooMany { thing: Thing::SwitchboardIntegration, max });
    }
    let member = SwitchboardIntegration {
        seat: Seat(0),
        id: ctx.id(),
        switchboard: rows.switchboard.key,
        name: integration.id.to_string(),
        integration: integration.key,
        integration_id: integration.id,
        integration_type: integration.kind.clone(),
        deliver_standby_events: false,
        next: None,
        message_history_count: None,
    };
    switchboards::insert_member(tx, &member).await?;
    choose_default(tx, integration.app).await
}

/// Refuses what would take the seat of an endpoint that answers: it has it for as long as it is there.
pub(crate) async fn check_not_endpoints(read: &mut Read, member: &SwitchboardIntegration) -> Result<()> {
    match endpoints::of_integration(read, member.integration).await? {
        Some(endpoint) if endpoint.role.answers() => {
            Err(HubError::Forbidden("the switchboard integration belongs to another API".into()))
        }
        _ => Ok(()),
    }
}

/// Takes an integration off the switchboard, if it has a seat: who pointed to it points past it.
pub(crate) async fn unseat(tx: &mut Tx, ctx: &Ctx, integration: &Integration) -> Result<()> {
    let Some(rows) = BoardRows::of_app(tx, integration.app).await? else { return Ok(()) };
    let Some(member) = rows.members.iter().find(|member| member.integration == integration.key) else {
        return Ok(());
    };
    let Ok(changes) = remove_member(&rows.board(), member.seat, true) else { return Ok(()) };
    apply_removal(tx, ctx, &rows.switchboard, &changes).await?;
    choose_default(tx, integration.app).await
}

/// Who answers first: the first active bot, otherwise the first active agent, otherwise the first of
/// either. A default that somebody chose by hand, who is no endpoint, stays.
pub(crate) async fn choose_default(tx: &mut Tx, app: AppKey) -> Result<()> {
    let Some(rows) = BoardRows::of_app(tx, app).await? else { return Ok(()) };
    let mut answering = Vec::new();
    for member in &rows.members {
        let Some(endpoint) = endpoints::of_integration(tx, member.integration).await? else {
            if rows.switchboard.default == Some(member.seat) {
                return Ok(());
            }
            continue;
        };
        let status = integrations::by_key(tx, member.integration).await?.map(|found| found.status);
        answering.push((member.seat, endpoint.role, status == Some(IntegrationStatus::Active)));
    }
    let first = |role, active| answering.iter().find(|(_, is, works)| *is == role && *works == active);
    let best = first(Role::Bot, true)
        .or_else(|| first(Role::Agent, true))
        .or_else(|| first(Role::Bot, false))
        .or_else(|| first(Role::Agent, false));
    let default = best.map(|(seat, ..)| *seat);
    if default.is_some() && default != rows.switchboard.default {
        switchboards::update(tx, &Switchboard { default, ..rows.switchboard }).await?;
    }
    Ok(())
}

/// The switchboard of an app. One without members is switched on; where there is none it is made.
async fn switchboard(tx: &mut Tx, ctx: &Ctx, app: AppKey) -> Result<BoardRows> {
    let Some(mut rows) = BoardRows::of_app(tx, app).await? else {
        let key = SwitchboardKey::default();
        let mut switchboard = Switchboard { key, id: ctx.id(), app, enabled: true, default: None };
        switchboard.key = switchboards::insert(tx, &switchboard).await?;
        return Ok(BoardRows { switchboard, members: Vec::new() });
    };
    if rows.members.is_empty() && !rows.switchboard.enabled {
        rows.switchboard.enabled = true;
        switchboards::update(tx, &rows.switchboard).await?;
    }
    Ok(rows)
}
