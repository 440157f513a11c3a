//! Switchboards and their members.

use model::record::{AppKey, IntegrationKey, Switchboard, SwitchboardIntegration, SwitchboardKey};
use model::switchboard::Seat;
use model::{Id, Millis};

use crate::error::Result;
use crate::tx::{Read, Tx};
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

/// The switchboard of an app, if it has this id.
pub async fn by_id(read: &mut Read, app: AppKey, id: Id) -> Result<Option<Switchboard>> {
    let sql = "SELECT k, id, app, enabled, default_seat FROM switchboards WHERE app = $1 AND id = $2";
    read.one(sql, params![app, id], switchboard).await
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

/// Whether an integration has a seat on a switchboard.
pub async fn is_linked(read: &mut Read, integration: IntegrationKey) -> Result<bool> {
    let sql = "SELECT 1 FROM switchboard_integrations WHERE integration = $1";
    Ok(read.number(sql, params![integration]).await? != 0)
}

/// Adds a switchboard; its `key` is ignored and the new one is given back.
pub async fn insert(tx: &mut Tx, switchboard: &Switchboard) -> Result<SwitchboardKey> {
    tx.settings_change();
    tx.audience_changes();
    let sql = "INSERT INTO switchboards (id, app, enabled, default_seat) VALUES ($1, $2, $3, $4)";
    let default = Seat::to_stored(switchboard.default);
    let added =
        tx.insert(sql, params![switchboard.id, switchboard.app, switchboard.enabled, default]).await?;
    Ok(SwitchboardKey(added))
}

/// Saves whether a switchboard rules, and its default.
pub async fn update(tx: &mut Tx, switchboard: &Switchboard) -> Result<()> {
    tx.settings_change();
    tx.audience_changes();
    let sql = "UPDATE switchboards SET enabled = $2, default_seat = $3 WHERE k = $1";
    let default = Seat::to_stored(switchboard.default);
    tx.change(sql, params![switchboard.key, switchboard.enabled, default]).await?;
    Ok(())
}

/// Who sits, or once sat, on a seat of an app's switchboard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sitting {
    /// The seat.
    pub seat: Seat,
    /// The integration's public id.
    pub integration_id: Id,
    /// Until when, for one who is no longer there.
    pub left_at: Option<Millis>,
}

/// Everybody who sits or sat on an app's switchboard.
pub async fn sittings(read: &mut Read, app: AppKey) -> Result<Vec<Sitting>> {
    read.all(
        "SELECT m.k, m.integration_id, NULL FROM switchboard_integrations m \
         JOIN switchboards s ON s.k = m.switchboard WHERE s.app = $1 \
         UNION ALL SELECT f.seat, i.id, f.left_at FROM former_seats f \
         JOIN integrations i ON i.k = f.integration WHERE f.app = $1",
        params![app],
        |row| Ok(Sitting { seat: Seat(row.int(0)?), integration_id: row.id(1)?, left_at: row.opt_time(2)? }),
    )
    .await
}

/// Notes who sat where, for the members of which a column is `$1`, and that they left at `$2`.
macro_rules! keep_seats {
    ($column:literal) => {
        concat!(
            "INSERT INTO former_seats (seat, app, integration, left_at) \
             SELECT m.k, s.app, m.integration, CAST($2 AS BIGINT) FROM switchboard_integrations m \
             JOIN switchboards s ON s.k = m.switchboard WHERE ",
            $column,
            " = $1"
        )
    };
}

/// Removes a switchboard with its members, which are few; who sat where is kept.
pub async fn remove(tx: &mut Tx, key: SwitchboardKey, now: Millis) -> Result<()> {
    tx.settings_change();
    tx.audience_changes();
    tx.change(keep_seats!("m.switchboard"), params![key, now]).await?;
    tx.change("DELETE FROM switchboard_integrations WHERE switchboard = $1", params![key]).await?;
    tx.change("DELETE FROM switchboards WHERE k = $1", params![key]).await?;
    Ok(())
}

/// Adds a member; its `seat` is ignored and the new one is given back.
pub async fn insert_member(tx: &mut Tx, member: &SwitchboardIntegration) -> Result<Seat> {
    tx.settings_change();
    tx.audience_changes();
    let added = tx
        .insert(
            "INSERT INTO switchboard_integrations (id, switchboard, name, integration, integration_id, \
             integration_type, deliver_standby_events, next_seat, message_history_count) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![
                member.id,
                member.switchboard,
                member.name,
                member.integration,
                member.integration_id,
                member.integration_type,
                member.deliver_standby_events,
                Seat::to_stored(member.next),
                member.message_history_count.map(i64::from),
            ],
        )
        .await?;
    Ok(Seat(added))
}

/// Saves a member.
pub async fn update_member(tx: &mut Tx, member: &SwitchboardIntegration) -> Result<()> {
    tx.settings_change();
    tx.audience_changes();
    tx.change(
        "UPDATE switchboard_integrations SET name = $2, integration = $3, integration_id = $4, \
         integration_type = $5, deliver_standby_events = $6, next_seat = $7, message_history_count = $8 \
         WHERE k = $1",
        params![
            member.seat,
            member.name,
            member.integration,
            member.integration_id,
            member.integration_type,
            member.deliver_standby_events,
            Seat::to_stored(member.next),
            member.message_history_count.map(i64::from),
        ],
    )
    .await?;
    Ok(())
}

/// Changes who comes after a member.
pub async fn set_next(tx: &mut Tx, seat: Seat, next: Option<Seat>) -> Result<()> {
    tx.settings_change();
    tx.audience_changes();
    let sql = "UPDATE switchboard_integrations SET next_seat = $2 WHERE k = $1";
    tx.change(sql, params![seat, Seat::to_stored(next)]).await?;
    Ok(())
}

/// Removes a member. Seats of conversations stay as they are and count as empty; who sat there is kept.
pub async fn remove_member(tx: &mut Tx, seat: Seat, now: Millis) -> Result<()> {
    tx.settings_change();
    tx.audience_changes();
    tx.change(keep_seats!("m.k"), params![seat, now]).await?;
    tx.change("DELETE FROM switchboard_integrations WHERE k = $1", params![seat]).await?;
    Ok(())
}
