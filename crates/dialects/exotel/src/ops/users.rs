//! ExotelCreateUsers, ExotelGetUsers, ExotelDeleteAllUsers and ExotelDeleteUsers:
//! `/v2/integrations/usermapping` and `/v2/integrations/users`.

use hub::{AgentDraft, HubError, Thing};
use model::limits::AGENT_TEXT_BYTES_MAX;
use model::record::Agent;
use wire::Secret;
use wire::exotel::users::{User, UserPage, UserRequest};

use super::sip;
use crate::http::call::{AppCall, Data, data};
use crate::http::error::{ApiError, Result};

/// Users of a page whose size is not named, and at most.
const PAGE_DEFAULT: usize = 20;
const PAGE_MAX: usize = 1_000;
/// Each part of a name is longer than this.
const NAME_PART_CHARS: usize = 3;
/// How a user is named in a query.
const USER: &str = "user_id";

pub(super) async fn create_users(call: AppCall) -> Result<Data> {
    let asked: Vec<UserRequest> = call.request.json()?;
    asked.iter().try_for_each(check)?;
    let shower = Shower::of(&call).await?;
    let drafts = asked.into_iter().map(draft).collect();
    let added = call.request.hub.add_agents(&call.grant, drafts).await?;
    data(&added.into_iter().map(|agent| shower.show(agent)).collect::<Vec<_>>())
}

pub(super) async fn get_users(call: AppCall) -> Result<Data> {
    let shower = Shower::of(&call).await?;
    if call.request.query.any(&[USER]).is_some() {
        return data(&shower.show(find(&call).await?));
    }
    let after = number(&call, "last_value", 0)?;
    let size = usize::try_from(number(&call, "page_size", PAGE_DEFAULT as i64)?).unwrap_or(0);
    if !(1..=PAGE_MAX).contains(&size) {
        return Err(ApiError::bad_request(format!("page_size: must be 1 to {PAGE_MAX}")));
    }
    let mut found = call.request.hub.list_agents(&call.grant, after, size + 1).await?;
    let more = found.len() > size;
    found.truncate(size);
    let last = found.last().filter(|_| more).map(|agent| agent.place.to_string());
    data(&UserPage {
        users: found.into_iter().map(|agent| shower.show(agent)).collect(),
        page_size: Some(size),
        last_evaluated_value: last.unwrap_or_default(),
    })
}

pub(super) async fn delete_all_users(call: AppCall) -> Result<Data> {
    call.request.hub.remove_all_agents(&call.grant).await?;
    // The vendor's spelling.
    data(&"Deleted Successfuly")
}

pub(super) async fn delete_users(call: AppCall) -> Result<Data> {
    let asked: Vec<String> = call.request.json()?;
    call.request.hub.remove_agents(&call.grant, asked).await?;
    data(&"Deleted Successfully")
}

/// The user that a query names. Clients do not encode it, so that a plus may be one.
async fn find(call: &AppCall) -> Result<Agent> {
    let (hub, query) = (&call.request.hub, &call.request.query);
    let unencoded = query.unencoded(USER).unwrap_or_default();
    match hub.agent(&call.grant, &unencoded).await {
        Err(HubError::NotFound(Thing::Agent)) => {
            Ok(hub.agent(&call.grant, query.any(&[USER]).unwrap_or_default()).await?)
        }
        found => Ok(found?),
    }
}

fn number(call: &AppCall, name: &str, otherwise: i64) -> Result<i64> {
    match call.request.query.any(&[name]) {
        None | Some("") => Ok(otherwise),
        Some(text) => {
            let number = text.parse().ok().filter(|number| *number >= 0);
            number.ok_or_else(|| ApiError::bad_request(format!("{name}: must be a whole number from 0 on")))
        }
    }
}

/// What the core checks, too, under the names that the caller knows.
fn check(user: &UserRequest) -> Result<()> {
    for (field, text) in [
        ("AppUserId", &user.app_user_id),
        ("AppUsername", &user.app_username),
        ("ExotelAccountSid", &user.exotel_account_sid),
        ("ExotelUserName", &user.exotel_user_name),
        ("VirtualNumber", &user.virtual_number),
    ] {
        if !(1..=AGENT_TEXT_BYTES_MAX).contains(&text.len()) {
            let limits = format!("{field}: must have 1 to {AGENT_TEXT_BYTES_MAX} bytes");
            return Err(ApiError::bad_request(limits));
        }
    }
    check_name("AppUsername", &user.app_username)?;
    check_name("ExotelUserName", &user.exotel_user_name)
}

fn check_name(field: &str, name: &str) -> Result<()> {
    let parts: Vec<&str> = name.split_whitespace().collect();
    if parts.len() >= 2 && parts.iter().all(|part| part.chars().count() > NAME_PART_CHARS) {
        return Ok(());
    }
    let what = format!("must be given name and surname, each longer than {NAME_PART_CHARS} letters");
    Err(ApiError::bad_request(format!("{field}: {what}")))
}

fn draft(asked: UserRequest) -> AgentDraft {
    AgentDraft {
        external_id: asked.app_user_id,
        name: asked.app_username,
        email: asked.email,
        carrier_account: asked.exotel_account_sid,
        carrier_name: asked.exotel_user_name,
        phone: asked.agent_number.filter(|number| !number.is_empty()),
        line: asked.virtual_number,
    }
}

/// What every user of a call shows besides itself.
struct Shower {
    customer_id: String,
    app_id: String,
}

impl Shower {
    async fn of(call: &AppCall) -> Result<Shower> {
        let account = call.request.hub.account(&call.grant.caller).await?;
        Ok(Shower { customer_id: account.id.to_guid(), app_id: call.grant.app.id.to_guid() })
    }

    fn show(&self, agent: Agent) -> User {
        let (phone, program) = (format!("{}-tel", agent.id), format!("{}-sip", agent.id));
        User {
            customer_id: self.customer_id.clone(),
            app_id: self.app_id.clone(),
            app_user_id: agent.external_id,
            exotel_account_sid: agent.carrier_account,
            exotel_user_id: agent.id.to_guid(),
            app_username: agent.name,
            exotel_user_name: agent.carrier_name,
            agent_number: agent.phone.unwrap_or_default(),
            active_device_id: if agent.rings_sip { program.clone() } else { phone.clone() },
            phone_device_id: phone,
            sip_device_id: program,
            virtual_number: agent.line,
            email: agent.email,
            outbound_active: false,
            role: "user".to_owned(),
            sip_id: format!("sip:agent{}", agent.id),
            sip_secret: Secret::new(sip::random_secret()),
            is_active: Some(true),
            user_detail: None,
            created_at: Some(agent.created_at.to_string()),
            updated_at: Some(agent.updated_at.to_string()),
            customer: self.customer_id.clone(),
        }
    }
}
