//! A conversation as the endpoints of its app see it: who speaks, who hears.

use std::collections::HashMap;
use std::sync::Arc;

use model::Id;
use model::event::SignalReceiver;
use model::record::{AppKey, Client, ConversationKey, Endpoint, Integration, Message, Role};
use store::Read;
use store::rows::{clients, endpoints};

use crate::error::Result;

/// Who says or does something: a role, and the integration if it is known.
pub type Writer = (Role, Option<Id>);

/// The endpoints of an app, by the ids of their integrations.
#[derive(Clone, Debug, Default)]
pub struct Endpoints {
    living: HashMap<Id, Endpoint>,
    /// Those of deleted integrations: nobody hears through them, but conversations name them.
    former: HashMap<Id, Endpoint>,
}

impl Endpoints {
    /// The endpoint of an integration, even of a deleted one.
    pub fn get(&self, id: &Id) -> Option<&Endpoint> {
        self.living.get(id).or_else(|| self.former.get(id))
    }

    /// Those through which somebody may hear.
    pub fn iter(&self) -> impl Iterator<Item = (&Id, &Endpoint)> {
        self.living.iter()
    }

    /// Whether nobody hears.
    pub fn is_empty(&self) -> bool {
        self.living.is_empty()
    }
}

/// A conversation as the endpoints of its app see it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The account.
    pub account_id: Id,
    /// The app.
    pub app_id: Id,
    /// The conversation.
    pub conversation_id: Id,
    /// The clients through which customers take part: who has done so the longest first, and of one
    /// person the one that was used last.
    pub customers: Vec<Client>,
    /// The integration that is in control.
    pub responder: Option<Id>,
    /// The endpoints of the app.
    pub endpoints: Arc<Endpoints>,
}

impl Exchange {
    /// Who wrote a message. `None` for what the platform says by itself.
    pub fn writer_of(&self, message: &Message) -> Option<Writer> {
        match message.author.user {
            Some(_) => {
                let source = message.extra.source.as_ref().and_then(|source| source.integration_id);
                self.by_customer(source.or(message.extra.sender))
            }
            None => self.by_business(message.extra.sender),
        }
    }

    /// The customer, as who says or does something through an integration, if that is known.
    pub fn by_customer(&self, through: Option<Id>) -> Option<Writer> {
        Some((Role::Customer, through.or_else(|| self.customer()?.integration_id)))
    }

    /// The customer, where no integration is asked for: on an endpoint's own surface, otherwise on the
    /// channel that was used last.
    pub fn customer(&self) -> Option<&Client> {
        let on_channel = || self.customers.iter().filter(|client| client.integration_id.is_some());
        let own = on_channel().find(|client| client.kind == Integration::WEB);
        own.or_else(|| on_channel().next()).or_else(|| self.customers.first())
    }

    /// The customer on an integration, if they take part through it.
    pub fn customer_on(&self, integration: Id) -> Option<&Client> {
        self.customers.iter().find(|client| client.integration_id == Some(integration))
    }

    /// Who of the business says or does something, if it is known.
    pub fn by_business(&self, sender: Option<Id>) -> Option<Writer> {
        let id = sender?;
        let role = self.endpoints.get(&id).map_or(Role::Bot, |endpoint| endpoint.role);
        Some((role, Some(id)))
    }

    /// Whether what this writer says or does concerns a role: it is by it, or for it. What customers say is
    /// for who answers at that time, everything else for the customer.
    pub fn concerns(&self, role: Role, writer: Option<Writer>, responder: Option<Id>) -> bool {
        let by = writer.map(|(role, _)| role);
        let receiver = match by {
            Some(Role::Customer) => self.by_business(responder).map(|(role, _)| role),
            _ => Some(Role::Customer),
        };
        by == Some(role) || receiver == Some(role)
    }

    /// Whether an endpoint hears a message. Whether the switchboard lets it hear is another question.
    pub fn hears(&self, endpoint: &Endpoint, message: &Message) -> bool {
        self.hears_from(endpoint, self.writer_of(message))
    }

    /// Whether an endpoint hears what this writer says or does.
    pub fn hears_from(&self, endpoint: &Endpoint, writer: Option<Writer>) -> bool {
        let role = writer.map(|(role, _)| role);
        let is_own = writer.and_then(|(_, id)| id).and_then(|id| self.endpoints.get(&id)) == Some(endpoint);
        match endpoint.role {
            Role::Listener => {
                endpoint.hears.contains(&None) || role.is_some() && endpoint.hears.contains(&role)
            }
            Role::Customer => {
                let through = Some(endpoint.integration);
                self.customers.iter().any(|client| client.integration == through)
                    && (role != Some(Role::Customer) || endpoint.echo)
            }
            Role::Agent | Role::Bot => {
                if is_own {
                    endpoint.echo
                } else {
                    role == Some(Role::Customer)
                }
            }
        }
    }
}

impl Exchange {
    /// Whether an endpoint gets a signal. Who only listens gets none.
    pub fn hears_signal(
        &self,
        (id, endpoint): (Id, &Endpoint),
        receiver: SignalReceiver,
        sender: Option<Id>,
    ) -> bool {
        match receiver {
            SignalReceiver::Endpoint(one) => one == id,
            _ if endpoint.role == Role::Listener => false,
            SignalReceiver::Customer => self.hears_from(endpoint, self.by_business(sender)),
            SignalReceiver::Business => self.hears_from(endpoint, self.by_customer(sender)),
        }
    }
}

/// The endpoints of an app.
pub(crate) async fn endpoints_of(read: &mut Read, app: AppKey) -> Result<Arc<Endpoints>> {
    let mut found = Endpoints::default();
    for (endpoint, id, is_there) in endpoints::with_ids(read, app).await? {
        let kept = if is_there { &mut found.living } else { &mut found.former };
        kept.insert(id, endpoint);
    }
    Ok(Arc::new(found))
}

/// The clients through which customers take part in a conversation.
pub(crate) async fn customers_of(read: &mut Read, conversation: ConversationKey) -> Result<Vec<Client>> {
    Ok(clients::of_conversation(read, conversation).await?)
}
