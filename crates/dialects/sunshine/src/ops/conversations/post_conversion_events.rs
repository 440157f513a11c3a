//! PostConversionEvents: `POST /v2/apps/{appId}/conversations/{conversationId}/conversionEvents`. No connector
//! sends such events to its provider yet; the refusal says whether the conversation has the channel.

use wire::sunshine::types::ConversionEventsBody;

use crate::http::call::AppCall;
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;
use crate::validate::{Checked, refuse};

pub(crate) async fn post_conversion_events(call: AppCall) -> Result<Reply> {
    let conversation = call.conversation()?;
    let channel = call.body_for(conversation, channel).await?;
    let refusal = match call.request.hub.takes_part_through(&call.grant, conversation, channel).await? {
        true => "conversion events of this channel are not supported yet",
        false => "the conversation has no client of this channel",
    };
    Err(ApiError::bad_request(format!("{channel}: {refusal}")))
}

/// The one channel that the events are for.
fn channel(body: ConversionEventsBody) -> Checked<&'static str> {
    let ConversionEventsBody { messenger, instagram, whatsapp } = body;
    match (messenger, instagram, whatsapp) {
        (Some(_), None, None) => Ok("messenger"),
        (None, Some(_), None) => Ok("instagram"),
        (None, None, Some(_)) => Ok("whatsapp"),
        _ => refuse("needs exactly one of messenger, instagram and whatsapp"),
    }
}
