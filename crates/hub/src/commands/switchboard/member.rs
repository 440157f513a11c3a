//! Links integrations to a switchboard, and changes how.

use model::Id;
use model::limits::SWITCHBOARD_MEMBERS_MAX;
use model::patch::Patch;
use model::record::{AppKey, Integration, SwitchboardIntegration};
use model::switchboard::{NEXT_KEYWORD, Seat};
use store::rows::{integrations as integration_rows, oauth, switchboards};
use store::{Command, Ctx, Read, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::board::{BoardRows, MemberView};
use crate::rules::integrations;
use crate::rules::seating::check_not_endpoints;

/// A member that a caller wants to add.
#[derive(Clone, Debug, Default)]
pub struct MemberDraft {
    /// Unique on the board, not `next`.
    pub name: String,
    /// The id of a custom integration. Exactly one of this and `integration_type` is needed.
    pub integration_id: Option<String>,
    /// The id of the OAuth client whose integration it is.
    pub integration_type: Option<String>,
    /// Whether it hears while on standby.
    pub deliver_standby_events: bool,
    /// The id of the member that comes after it.
    pub next: Option<String>,
    /// How many messages it is handed with control, 1–10.
    pub message_history_count: Option<u8>,
}

/// A change of a member.
#[derive(Clone, Debug, Default)]
pub struct MemberPatch {
    /// Unique on the board, not `next`.
    pub name: Option<String>,
    /// The id of a custom integration that takes the seat.
    pub integration_id: Option<String>,
    /// The id of the OAuth client whose integration takes the seat. Beside an `integration_id` it
    /// only has to fit.
    pub integration_type: Option<String>,
    /// Whether it hears while on standby.
    pub deliver_standby_events: Option<bool>,
    /// The id of the member that comes after it.
    pub next: Patch<String>,
    /// How many messages it is handed with control, 1–10.
    pub message_history_count: Patch<u8>,
}

/// Refuses a name that the board has already, or that means something else.
fn check_name(rows: &BoardRows, name: &str, own: Option<Seat>) -> Result<()> {
    if name == NEXT_KEYWORD {
        return Err(HubError::Invalid(format!("name: must not be {NEXT_KEYWORD:?}")));
    }
    if rows.members.iter().any(|other| other.name == name && Some(other.seat) != own) {
        return Err(HubError::invalid("name: another switchboard integration has it"));
    }
    Ok(())
}

/// Refuses an integration that has another seat.
fn check_free(rows: &BoardRows, integration: &Integration, own: Option<Seat>) -> Result<()> {
    if rows.members.iter().any(|other| other.integration == integration.key && Some(other.seat) != own) {
        return Err(HubError::invalid("the integration is linked to the switchboard already"));
    }
    Ok(())
}

async fn custom(read: &mut Read, app: AppKey, id: &str) -> Result<Integration> {
    let id = id.parse().ok().or_not_found(Thing::Integration)?;
    let found = integrations::find(read, app, id).await?;
    if !found.is_custom() {
        return Err(HubError::invalid("integrationId: only custom integrations can be linked"));
    }
    Ok(found)
}

async fn partner(read: &mut Read, app: AppKey, client_id: &str) -> Result<Integration> {
    if oauth::client_by_id(read, client_id).await?.is_none() {
        return Err(HubError::invalid("integrationType: must be the id of an OAuth client"));
    }
    integration_rows::by_oauth_client(read, app, client_id).await?.or_not_found(Thing::Integration)
}

/// What stands as the type of a member: `custom`, or the id of the OAuth client.
fn type_of(integration: &Integration) -> &str {
    integration.oauth_client_id.as_deref().unwrap_or(&integration.kind)
}

fn seat_of(rows: &BoardRows, id: Option<&str>) -> Result<Option<Seat>> {
    id.map(|id| rows.seat_named(id)).transpose()
}

struct AddMember {
    app: AppKey,
    switchboard: Id,
    draft: MemberDraft,
}

impl Command for AddMember {
    type Out = SwitchboardIntegration;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<SwitchboardIntegration> {
        let (app, draft) = (self.app, &self.draft);
        let rows = BoardRows::by_id(tx, app, self.switchboard).await?;
        if rows.members.len() >= SWITCHBOARD_MEMBERS_MAX {
            let max = SWITCHBOARD_MEMBERS_MAX as i64;
            return Err(HubError::TooMany { thing: Thing::SwitchboardIntegration, max });
        }
        check_name(&rows, &draft.name, None)?;
        let integration = match (&draft.integration_id, &draft.integration_type) {
            (Some(id), None) => custom(tx, app, id).await?,
            (None, Some(client_id)) => partner(tx, app, client_id).await?,
            _ => return Err(HubError::invalid("exactly one of integrationId and integrationType is needed")),
        };
        check_free(&rows, &integration, None)?;
        let mut member = SwitchboardIntegration {
            seat: Seat(0),
            id: ctx.id(),
            switchboard: rows.switchboard.key,
            name: draft.name.clone(),
            integration: integration.key,
            integration_id: integration.id,
            integration_type: type_of(&integration).to_owned(),
            deliver_standby_events: draft.deliver_standby_events,
            next: seat_of(&rows, draft.next.as_deref())?,
            message_history_count: draft.message_history_count,
        };
        member.seat = switchboards::insert_member(tx, &member).await?;
        Ok(member)
    }
}

struct UpdateMember {
    app: AppKey,
    switchboard: Id,
    member: Id,
    patch: MemberPatch,
}

impl Command for UpdateMember {
    type Out = MemberView;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<MemberView> {
        let rows = BoardRows::by_id(tx, self.app, self.switchboard).await?;
        let mut member = rows.member(self.member)?.clone();
        let patch = &self.patch;
        if let Some(name) = &patch.name {
            check_name(&rows, name, Some(member.seat))?;
            member.name.clone_from(name);
        }
        if let Some(integration) = self.relinked(tx, &member).await? {
            check_free(&rows, &integration, Some(member.seat))?;
            check_not_endpoints(tx, &member).await?;
            member.integration_type = type_of(&integration).to_owned();
            (member.integration, member.integration_id) = (integration.key, integration.id);
        }
        member.deliver_standby_events = patch.deliver_standby_events.unwrap_or(member.deliver_standby_events);
        match &patch.next {
            Patch::Keep => {}
            Patch::Clear => member.next = None,
            Patch::Set(id) => member.next = Some(rows.seat_named(id)?),
        }
        patch.message_history_count.clone().apply(&mut member.message_history_count);
        switchboards::update_member(tx, &member).await?;
        Ok(rows.view(&member))
    }
}

impl UpdateMember {
    /// The integration that takes the seat. Callers echo what they read, so naming what is there
    /// changes nothing.
    async fn relinked(
        &self,
        read: &mut Read,
        member: &SwitchboardIntegration,
    ) -> Result<Option<Integration>> {
        let id = self.patch.integration_id.as_deref().filter(|id| *id != member.integration_id.to_string());
        let kind = self.patch.integration_type.as_deref();
        match (id, kind) {
            (Some(id), kind) => {
                let integration = custom(read, self.app, id).await?;
                if kind.is_some_and(|kind| kind != type_of(&integration)) {
                    return Err(HubError::invalid("integrationType: does not fit integrationId"));
                }
                Ok(Some(integration))
            }
            (None, Some(kind)) if kind != member.integration_type => {
                if self.patch.integration_id.is_some() {
                    return Err(HubError::invalid("integrationType: does not fit integrationId"));
                }
                partner(read, self.app, kind).await.map(Some)
            }
            (None, _) => Ok(None),
        }
    }
}

impl Hub {
    /// Links a custom or OAuth integration to a switchboard.
    ///
    /// # Errors
    /// `NotFound` for an unknown switchboard, integration or next member; `Invalid` for a name that
    /// is taken or `next`, an integration of a channel, one that is linked already, or not exactly
    /// one of id and type; `TooMany` for the eleventh; `Repeated` for a request that was made before.
    pub async fn create_switchboard_integration(
        &self,
        grant: &Grant,
        switchboard: Id,
        draft: MemberDraft,
    ) -> Result<MemberView> {
        let next_id = draft.next.as_deref().and_then(|id| id.parse().ok());
        let member = self.run_once(grant, AddMember { app: grant.app.key, switchboard, draft }).await?;
        Ok(MemberView { member, next_id })
    }

    /// Changes a member of a switchboard. Naming an integration gives the seat to that one.
    ///
    /// # Errors
    /// As [`Hub::create_switchboard_integration`]; `Forbidden` where an agent or bot of an endpoint would
    /// lose its seat.
    pub async fn update_switchboard_integration(
        &self,
        grant: &Grant,
        switchboard: Id,
        member: Id,
        patch: MemberPatch,
    ) -> Result<MemberView> {
        let view = self.run(UpdateMember { app: grant.app.key, switchboard, member, patch }).await?;
        Ok(view)
    }
}
