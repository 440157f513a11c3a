//! What was said in a conversation (hubster.md §2.7).

use model::Millis;
use model::record::Role;
use wire::hubster::codes;
use wire::hubster::types::{Activity, IntegrationType};

use crate::activity::listed;
use crate::http::call::EngineCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::read::{Check, PORTAL};

/// Activities of one answer.
const ACTIVITIES_MAX: usize = 1_000;

/// `GET /api/v1/interactions/activities/{conversationId}?type&leid`
pub(crate) async fn list(call: EngineCall) -> Result<Reply> {
    let (grant, id) = call.conversation().await?;
    let query = &call.request.query;
    let mut check = Check::new(&PORTAL);
    let role = match query.get("type").map(IntegrationType::from) {
        Some(IntegrationType::Customer) => Some(Role::Customer),
        Some(IntegrationType::Agent) => Some(Role::Agent),
        Some(IntegrationType::Bot) => Some(Role::Bot),
        None => {
            check.fail(codes::QUERY_MISSING, "Value 'type' is required.");
            None
        }
        Some(other) => {
            check.fail(codes::VALUE_NOT_SUPPORTED, format!("Value '{other}' is not valid."));
            None
        }
    };
    let after: Option<i64> = query.get("leid").map_or(Some(0), |text| text.trim().parse().ok());
    if after.is_none() {
        check.fail(codes::NOT_A_NUMBER, "Value 'leid' is not a number.");
    }
    check.done()?;
    let (Some(role), Some(after)) = (role, after) else { return Err(check.refuse()) };
    let hub = &call.request.hub;
    let (conversation, exchange) = hub.exchange(&grant, id).await?;
    let behind = (role, Millis(after));
    let entries = hub.entries_after(&conversation, &exchange, behind, ACTIVITIES_MAX).await?;
    let url = &hub.settings().public_url;
    let shown: Vec<Activity> = entries.iter().map(|entry| listed(&exchange, entry, url)).collect();
    Ok(Reply::ok(&shown))
}
