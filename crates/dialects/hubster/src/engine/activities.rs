//! The messages of a conversation (hubster.md §2.7).

use model::Millis;
use wire::hubster::codes;
use wire::hubster::types::{Activity, IntegrationType};

use crate::activity::activity;
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
    let wanted = match query.get("type").map(IntegrationType::from) {
        None => {
            check.fail(codes::QUERY_MISSING, "Value 'type' is required.");
            IntegrationType::None
        }
        Some(wanted @ (IntegrationType::Customer | IntegrationType::Agent | IntegrationType::Bot)) => wanted,
        Some(other) => {
            check.fail(codes::VALUE_NOT_SUPPORTED, format!("Value '{other}' is not valid."));
            other
        }
    };
    let after: Option<i64> = query.get("leid").map_or(Some(0), |text| text.trim().parse().ok());
    if after.is_none() {
        check.fail(codes::NOT_A_NUMBER, "Value 'leid' is not a number.");
    }
    check.done()?;
    let hub = &call.request.hub;
    let (conversation, exchange) = hub.exchange(&grant, id).await?;
    let messages =
        hub.messages_after(&conversation, Millis(after.unwrap_or_default()), ACTIVITIES_MAX).await?;
    let url = &hub.settings().public_url;
    let shown = messages.iter().map(|message| activity(&exchange, message, None, url));
    let concerns = |activity: &Activity| {
        activity.sender.integration_type == wanted || activity.recipient.integration_type == wanted
    };
    Ok(Reply::ok(&shown.filter(concerns).collect::<Vec<_>>()))
}
