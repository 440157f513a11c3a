//! Transfer commands: transfer links of the core (hubster.md §2.3).

use hub::{Thing, TransferLinkDraft, TransferLinkPatch};
use model::record::{App, TransferLink};
use wire::hubster::types::TransferCommand;

use super::{DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX};
use crate::http::call::PortalCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::read::{self, Check, Fields, PORTAL};

fn shown(app: &App, link: TransferLink) -> TransferCommand {
    TransferCommand {
        command_id: link.id.to_guid(),
        hub_id: app.id.to_guid(),
        name: link.name,
        description: link.description,
        url: link.url,
        link_description: link.label,
        mount_delay: link.mount_delay_ms,
    }
}

/// `POST /api/v1/commands/transfers/{hubId}`
pub(crate) async fn create(call: PortalCall) -> Result<Reply> {
    let grant = call.hub_of("id").await?;
    let body = read::body(&call.request.bytes, &PORTAL)?;
    let (fields, mut check) = (Fields::of(&body), Check::new(&PORTAL));
    let name = check.required_text(&fields, "name", NAME_CHARS_MAX);
    let description = check.text(&fields, "description", DESCRIPTION_CHARS_MAX);
    let url = check.required_address(&fields, "url");
    let label = check.required_text(&fields, "linkDescription", DESCRIPTION_CHARS_MAX);
    let mount_delay_ms = check.integer(&fields, "mountDelay").unwrap_or_default();
    check.done()?;
    let (Some(name), Some(url), Some(label)) = (name, url, label) else { return Err(check.refuse()) };
    let draft = TransferLinkDraft { name, description, url, label, mount_delay_ms };
    let link = call.request.hub.create_transfer_link(&grant, draft).await?;
    Ok(Reply::ok(&shown(&grant.app, link)))
}

/// `PUT /api/v1/commands/transfers/{commandId}`: only what is given changes.
pub(crate) async fn update(call: PortalCall) -> Result<Reply> {
    let id = call.id("id", Thing::TransferLink)?;
    let (grant, _) = call.request.hub.transfer_link(&call.caller, id).await?;
    let body = read::body(&call.request.bytes, &PORTAL)?;
    let (fields, mut check) = (Fields::of(&body), Check::new(&PORTAL));
    let patch = TransferLinkPatch {
        name: check.text_if_given(&fields, "name", NAME_CHARS_MAX),
        description: check.text(&fields, "description", DESCRIPTION_CHARS_MAX),
        url: check.address(&fields, "url"),
        label: check.text_if_given(&fields, "linkDescription", DESCRIPTION_CHARS_MAX),
        mount_delay_ms: check.integer(&fields, "mountDelay"),
    };
    check.done()?;
    let link = call.request.hub.update_transfer_link(&grant, id, patch).await?;
    Ok(Reply::ok(&shown(&grant.app, link)))
}

/// `DELETE /api/v1/commands/transfers/{commandId}`
pub(crate) async fn delete(call: PortalCall) -> Result<Reply> {
    let id = call.id("id", Thing::TransferLink)?;
    let (grant, _) = call.request.hub.transfer_link(&call.caller, id).await?;
    call.request.hub.delete_transfer_link(&grant, id).await?;
    Ok(Reply::empty())
}

/// `GET /api/v1/commands/transfers/{commandId}`
pub(crate) async fn get(call: PortalCall) -> Result<Reply> {
    let id = call.id("id", Thing::TransferLink)?;
    let (grant, link) = call.request.hub.transfer_link(&call.caller, id).await?;
    Ok(Reply::ok(&shown(&grant.app, link)))
}

/// `GET /api/v1/commands/transfers/hub/{hubId}`
pub(crate) async fn list(call: PortalCall) -> Result<Reply> {
    let grant = call.hub_of("id").await?;
    let links = call.request.hub.list_transfer_links(&grant).await?;
    let commands: Vec<TransferCommand> = links.into_iter().map(|link| shown(&grant.app, link)).collect();
    Ok(Reply::ok(&commands))
}
