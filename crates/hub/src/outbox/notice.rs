//! What the addresses in an app's settings are told besides an event.

use model::event::{EventDetail, EventType};
use model::record::{AppKey, Client, ConversationKey, EventForm, Integration};
use model::switchboard::{Control, Seat};
use model::{Id, Millis};
use store::Read;
use store::rows::events::Event;
use store::rows::{carriers, clients, conversations, integrations, participants};

use super::{EventView, HeardApp};
use crate::error::Result;
use crate::hub::Hub;
use crate::rules::notices;
use crate::rules::webhooks::SETTING_FORM;

/// Clients of a conversation that are looked at.
const CLIENTS_MAX: usize = 20;

/// What the addresses in an app's settings are told besides an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The account.
    pub account_id: Id,
    /// The app's account at its carrier, if it has one.
    pub carrier_account: Option<String>,
    /// The carrier's region.
    pub carrier_region: Option<String>,
    /// The channel's id of the customer: a telephone number where it is one of telephones.
    pub customer: Option<String>,
    /// How the business is reached on that channel.
    pub own: Option<String>,
    /// Whether it is told, too, when the customer has read what was delivered there.
    pub tells_reading: bool,
    /// Name of the switchboard's member that is in control or, where control was released, that was.
    pub responder: Option<String>,
    /// When the customer opened the conversation.
    pub opened_at: Option<Millis>,
}

impl EventView {
    /// Whether the address in a setting is told: of messages of the business only.
    pub(super) fn is_noticed(&self, form: EventForm) -> bool {
        form != SETTING_FORM
            || self.kind != EventType::ConversationMessage
            || self.message.as_ref().is_some_and(|view| notices::is_outbound(&view.message))
    }
}

/// What an event's notices say besides; `None` where no setting of the app names an address.
pub(super) async fn notice(
    hub: &Hub,
    read: &mut Read,
    known: &HeardApp,
    event: &Event,
    detail: &EventDetail,
) -> Result<Option<Notice>> {
    if !known.tells_settings || event.conversation == ConversationKey(0) {
        return Ok(None);
    }
    let carrier = carriers::of_app(read, event.app).await?;
    let through = detail.delivery.as_ref().and_then(|delivery| delivery.integration_id);
    let (customer, integration) = addressed(read, event.app, event.conversation, through).await?;
    let provider = hub.provisioner();
    let own = provider.zip(integration.as_ref()).and_then(|(provider, found)| provider.own_address(found));
    let delivered_to = detail.delivery.as_ref().map(|delivery| delivery.destination_type.as_str());
    let tells_reading = provider.zip(delivered_to).is_some_and(|(provider, kind)| {
        provider.tells_reading(kind, customer.as_deref().unwrap_or_default())
    });
    let state = conversations::by_key(read, event.conversation).await?.map(|found| found.state);
    Ok(Some(Notice {
        account_id: known.account_id,
        carrier_region: carrier.as_ref().map(|carrier| carrier.region.clone()),
        carrier_account: carrier.map(|carrier| carrier.account_id),
        customer,
        own,
        tells_reading,
        responder: responder(known, event, detail),
        opened_at: state.and_then(|state| state.opened_at),
    }))
}

fn responder(known: &HeardApp, event: &Event, detail: &EventDetail) -> Option<String> {
    let board = known.board.as_ref().filter(|board| board.enabled)?;
    let control = match event.kind {
        EventType::ReleaseControl => {
            Control::new(Seat::from_stored(detail.previous_active?), None).unwrap_or_default()
        }
        _ => event.control,
    };
    board.member(control.active()?).map(|member| member.name.clone())
}

/// The customer's id and the integration between customer and business: this one, else that of the customer's
/// primary channel.
async fn addressed(
    read: &mut Read,
    app: AppKey,
    conversation: ConversationKey,
    through: Option<Id>,
) -> Result<(Option<String>, Option<Integration>)> {
    let mut primary: Option<Client> = None;
    for key in participants::client_keys_of_conversation(read, conversation, CLIENTS_MAX).await? {
        let Some(client) = clients::by_key(read, key).await? else { continue };
        if through.is_some() && client.integration_id == through {
            primary = Some(client);
            break;
        }
        if primary.is_none() && client.kind != clients::SDK {
            primary = Some(client);
        }
    }
    let integration = match through.or(primary.as_ref().and_then(|client| client.integration_id)) {
        Some(id) => integrations::by_id(read, app, id).await?,
        None => None,
    };
    Ok((primary.and_then(|client| client.external_id), integration))
}
