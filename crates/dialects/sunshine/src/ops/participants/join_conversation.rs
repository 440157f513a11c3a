//! JoinConversation: `POST /v2/apps/{appId}/conversations/{conversationId}/join`.

use hub::Thing;
use model::record::Participant;
use wire::sunshine::types::{ParticipantResponse, ParticipantSpec};

use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn join_conversation(call: AppCall) -> Result<Reply> {
    let conversation = call.conversation()?;
    // Only groups can be joined.
    let check = |body: ParticipantSpec| validate::participant::participant(body, true);
    let draft = call.body_for(conversation, check).await?;
    let participant = call.request.hub.join_conversation(&call.grant, conversation, draft).await?;
    Ok(created(&participant))
}

pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let conversation = repeat.params.id("conversationId", Thing::Conversation)?;
    let id = repeat.id(Thing::Participant)?;
    Ok(created(&repeat.hub.participant(&repeat.grant, conversation, id).await?))
}

fn created(participant: &Participant) -> Reply {
    Reply::created(&ParticipantResponse { participant: show::participant::participant(participant) })
}
