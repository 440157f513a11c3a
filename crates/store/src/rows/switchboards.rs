//! Switchboards and their members.

use model::record::{AppKey, IntegrationKey, Switchboard, SwitchboardIntegration, SwitchboardKey};
use model::switchboard::Seat;

use crate::error::Result;
use crate::tx::Read;
use crate::value::{Row, params};

fn switchboard(row: &Row<'_>) -> Result<Switchboard> {
    Ok(Switchboard {
        key: SwitchboardKey(row.int(0)?),
        id: row.id(1)?,
        app: AppKey(row.int(2)?),
        enabled: row.bool(3)?,
        default: Seat::from_stored(row.int(4)?),
    })
}

fn member(row: &Row<'_>) -> Result<SwitchboardIntegration> {
    Ok(SwitchboardIntegration {
        seat: Seat(row.int(0)?),
        id: row.id(1)?,
        switchboard: SwitchboardKey(row.int(2)?),
        name: row.text(3)?,
        integration: IntegrationKey(row.int(4)?),
        integration_id: row.id(5)?,
        integration_type: row.text(6)?,
        deliver_standby_events: row.bool(7)?,
        next: Seat::from_stored(row.int(8)?),
        message_history_count: row.opt_int(9)?.and_then(|count| u8::try_from(count).ok()),
    })
}

/// The switchboard of an app.
pub async fn of_app(read: &mut Read, app: AppKey) -> Result<Option<Switchboard>> {
    let sql = "SELECT k, id, app, enabled, default_seat FROM switchboards WHERE app = $1";
    read.one(sql, params![app], switchboard).await
}

/// The members of a switchboard, oldest first.
pub async fn members(read: &mut Read, switchboard: SwitchboardKey) -> Result<Vec<SwitchboardIntegration>> {
    read.all(
        "SELECT k, id, switchboard, name, integration, integration_id, integration_type, deliver_standby_events, \
         next_seat, message_history_count FROM switchboard_integrations WHERE switchboard = $1 ORDER BY k",
        params![switchboard],
        member,
    )
    .await
}
