//! An app's switchboard with its members, as the pure rules want it.

use model::record::{AppKey, Switchboard, SwitchboardIntegration};
use model::switchboard::{Board, Member};
use store::Read;
use store::rows::switchboards;

use crate::error::Result;

/// The switchboard of an app and its board; `None` when it has none.
pub(crate) async fn load_board(read: &mut Read, app: AppKey) -> Result<Option<(Switchboard, Board)>> {
    let Some(switchboard) = switchboards::of_app(read, app).await? else { return Ok(None) };
    let members = switchboards::members(read, switchboard.key).await?;
    let board = Board {
        enabled: switchboard.enabled,
        default: switchboard.default,
        members: members.into_iter().map(member).collect(),
    };
    Ok(Some((switchboard, board)))
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
