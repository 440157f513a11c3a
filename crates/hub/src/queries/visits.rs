//! Visitors of web pages: nobody's key, one integration, and the conversations that they established.

use std::sync::Arc;

use model::Id;
use model::record::{CredentialKey, Role, VisitToken};
use store::rows::{Seek, apps, clients, conversations, endpoints, integrations as rows, visits};

use crate::access::{Caller, Grant, Reach};
use crate::commands::exchange::check_awake;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::exchange::customers_of;
use crate::hub::Hub;
use crate::queries::endpoints::EndpointView;
use crate::rules::integrations;

/// Conversations of one customer that a visit is shown.
const CONVERSATIONS_MAX: usize = 100;

impl Hub {
    /// The grant of whoever visits a page that the integration is embedded in, with the integration.
    /// Whether the page is one of those that may embed it is for the caller to compare.
    ///
    /// # Errors
    /// `NotFound` for an integration through which no customers speak over our own sockets, `Terminated`
    /// for one that is deleted.
    pub async fn visitor_grant(&self, integration: Id) -> Result<(Grant, EndpointView)> {
        let mut reader = self.reader().await?;
        let Some(app) = rows::app_of(&mut reader, integration).await? else {
            return Err(match rows::former_app_of(&mut reader, integration).await? {
                Some(_) => HubError::Terminated,
                None => HubError::NotFound(Thing::Integration),
            });
        };
        let app = apps::by_key(&mut reader, app).await?.or_not_found(Thing::Integration)?;
        let found = integrations::find(&mut reader, app.key, integration).await?;
        let endpoint = endpoints::of_integration(&mut reader, found.key).await?;
        endpoint.filter(|endpoint| endpoint.role == Role::Customer).or_not_found(Thing::Integration)?;
        drop(reader);
        let caller = Arc::new(Caller {
            credential: CredentialKey::default(),
            key_id: format!("visitors of {integration}"),
            account: app.account,
            reach: Reach::Integration { app_id: app.id, integration: found.key, integration_id: integration },
        });
        let grant = self.grant_for(&caller, &app, Thing::Integration).await?;
        let view = self.endpoint(&grant, integration).await?;
        Ok((grant, view))
    }

    /// Whether there is an integration of this id, of any app.
    ///
    /// # Errors
    /// The store's.
    pub async fn is_integration(&self, integration: Id) -> Result<bool> {
        let mut reader = self.reader().await?;
        Ok(rows::app_of(&mut reader, integration).await?.is_some())
    }

    /// Refuses an integration that is paused, or whose app is.
    ///
    /// # Errors
    /// `Paused`.
    pub fn check_awake(&self, view: &EndpointView) -> Result<()> {
        check_awake(&view.app, &view.integration)
    }

    /// The random id of a new visit.
    pub fn new_visit_token(&self) -> VisitToken {
        VisitToken(rand::random())
    }

    /// A binding for a customer whom the caller does not know.
    pub fn new_binding(&self) -> String {
        format!("{:032x}", rand::random::<u128>())
    }

    /// Whether a visit speaks for somebody who takes part in a conversation.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation.
    pub async fn visit_speaks_in(&self, grant: &Grant, visit: VisitToken, conversation: Id) -> Result<bool> {
        let mut reader = self.reader().await?;
        let found = conversations::by_id(&mut reader, grant.app.key, conversation).await?;
        let conversation = found.or_not_found(Thing::Conversation)?;
        for customer in customers_of(&mut reader, conversation.key).await? {
            if visits::speaks_for(&mut reader, visit, customer.key).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The newest conversations of the customers that a visit speaks for.
    ///
    /// # Errors
    /// The store's.
    pub async fn conversations_of_visit(&self, grant: &Grant, visit: VisitToken) -> Result<Vec<Id>> {
        let mut reader = self.reader().await?;
        let mut found = Vec::new();
        for client in visits::clients(&mut reader, visit).await? {
            let Some(client) = clients::by_key(&mut reader, client).await? else { continue };
            let (app, seek) = (grant.app.key, Seek::Before(Id::from_parts(self.now().plus(1), 0)));
            let of_user =
                conversations::of_user(&mut reader, app, client.user, seek, CONVERSATIONS_MAX).await?;
            found.extend(of_user.into_iter().map(|conversation| conversation.id));
        }
        Ok(found)
    }
}
