//! Response commands: canned replies of the core (hubster.md §2.4).

use hub::{CannedReplyDraft, CannedReplyPatch, Thing};
use model::record::{App, CannedReply, Prepared, ReplyKind, Role};
use wire::hubster::types::{CommandReceiver, CommandType, ResponseCommand};

use super::{DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX};
use crate::http::call::PortalCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::message::{self, Writer};
use crate::read::{self, Check, Fields, PORTAL};

fn shown(app: &App, reply: CannedReply) -> ResponseCommand {
    ResponseCommand {
        command_id: reply.id.to_guid(),
        hub_id: app.id.to_guid(),
        name: reply.name,
        category: reply.category,
        description: reply.description,
        integration_type_id: match reply.receiver {
            Role::Agent => CommandReceiver::Agent,
            _ => CommandReceiver::Customer,
        },
        kind: match reply.kind {
            ReplyKind::Message => CommandType::Message,
            ReplyKind::Event => CommandType::Event,
        },
        responses: reply.items.into_iter().map(|item| item.original).collect(),
    }
}

/// Who receives it, by name in any case or by number.
fn receiver(check: &mut Check, fields: &Fields<'_>) -> Option<Role> {
    use wire::hubster::types::IntegrationType;
    let value = fields.get("integrationTypeId")?;
    match serde_json::from_value(value.clone()) {
        Ok(IntegrationType::Agent) => Some(Role::Agent),
        Ok(IntegrationType::Customer) => Some(Role::Customer),
        _ => {
            check.not_valid(value);
            None
        }
    }
}

fn kind(check: &mut Check, fields: &Fields<'_>) -> Option<ReplyKind> {
    let value = fields.get("type")?;
    match value.as_str().map(str::to_ascii_lowercase).as_deref() {
        Some("message") => Some(ReplyKind::Message),
        Some("event") => Some(ReplyKind::Event),
        _ => {
            check.not_valid(value);
            None
        }
    }
}

/// The messages or events.
fn items(check: &mut Check, fields: &Fields<'_>, kind: ReplyKind) -> Option<Vec<Prepared>> {
    let given = check.filled_list(fields, "responses")?;
    let read = given.iter().enumerate().map(|(at, item)| {
        let place = format!("{}[{at}]", fields.place("responses"));
        match kind {
            ReplyKind::Message => message::prepared(check, item, &place, Writer::Business),
            ReplyKind::Event => message::prepared_event(check, item, &place),
        }
    });
    let read: Vec<Option<Prepared>> = read.collect();
    read.into_iter().collect()
}

/// `POST /api/v1/commands/responses/{hubId}`
pub(crate) async fn create(call: PortalCall) -> Result<Reply> {
    let grant = call.hub_of("id").await?;
    let body = read::body(&call.request.bytes, &PORTAL)?;
    let (fields, mut check) = (Fields::of(&body), Check::new(&PORTAL));
    for name in ["integrationTypeId", "type"] {
        if !fields.has(name) {
            check.missing(&fields, name);
        }
    }
    let name = check.required_text(&fields, "name", NAME_CHARS_MAX);
    let category = check.text(&fields, "category", DESCRIPTION_CHARS_MAX);
    let description = check.text(&fields, "description", DESCRIPTION_CHARS_MAX);
    let receiver = receiver(&mut check, &fields);
    let kind = kind(&mut check, &fields);
    let items = items(&mut check, &fields, kind.unwrap_or(ReplyKind::Message));
    check.done()?;
    let (Some(name), Some(receiver), Some(kind), Some(items)) = (name, receiver, kind, items) else {
        return Err(check.refuse());
    };
    let draft = CannedReplyDraft { name, category, description, receiver, kind, items };
    let reply = call.request.hub.create_canned_reply(&grant, draft).await?;
    Ok(Reply::ok(&shown(&grant.app, reply)))
}

/// `PUT /api/v1/commands/responses/{commandId}`: only what is given changes.
pub(crate) async fn update(call: PortalCall) -> Result<Reply> {
    let id = call.id("id", Thing::CannedReply)?;
    let (grant, known) = call.request.hub.canned_reply(&call.caller, id).await?;
    let body = read::body(&call.request.bytes, &PORTAL)?;
    let (fields, mut check) = (Fields::of(&body), Check::new(&PORTAL));
    let kind = kind(&mut check, &fields);
    // Other responses are read as what the command will be; the old ones must fit it, too.
    let becomes = kind.unwrap_or(known.kind);
    let items = match fields.has("responses") {
        true => items(&mut check, &fields, becomes),
        false => {
            if becomes != known.kind {
                check.missing(&fields, "responses");
            }
            None
        }
    };
    let patch = CannedReplyPatch {
        name: check.text_if_given(&fields, "name", NAME_CHARS_MAX),
        category: check.text(&fields, "category", DESCRIPTION_CHARS_MAX),
        description: check.text(&fields, "description", DESCRIPTION_CHARS_MAX),
        receiver: receiver(&mut check, &fields),
        kind,
        items,
    };
    check.done()?;
    let reply = call.request.hub.update_canned_reply(&grant, id, patch).await?;
    Ok(Reply::ok(&shown(&grant.app, reply)))
}

/// `DELETE /api/v1/commands/responses/{commandId}`
pub(crate) async fn delete(call: PortalCall) -> Result<Reply> {
    let id = call.id("id", Thing::CannedReply)?;
    let (grant, _) = call.request.hub.canned_reply(&call.caller, id).await?;
    call.request.hub.delete_canned_reply(&grant, id).await?;
    Ok(Reply::empty())
}

/// `GET /api/v1/commands/responses/{commandId}`
pub(crate) async fn get(call: PortalCall) -> Result<Reply> {
    let id = call.id("id", Thing::CannedReply)?;
    let (grant, reply) = call.request.hub.canned_reply(&call.caller, id).await?;
    Ok(Reply::ok(&shown(&grant.app, reply)))
}

/// `GET /api/v1/commands/responses/hub/{hubId}`
pub(crate) async fn list(call: PortalCall) -> Result<Reply> {
    let grant = call.hub_of("id").await?;
    let replies = call.request.hub.list_canned_replies(&grant).await?;
    let commands: Vec<ResponseCommand> = replies.into_iter().map(|reply| shown(&grant.app, reply)).collect();
    Ok(Reply::ok(&commands))
}
