//! Integrations.

use model::Id;
use model::record::Integration;
use store::Read;
use store::rows::{Seek, integrations as rows, subscriptions};

use crate::access::Grant;
use crate::channel::not_connected;
use crate::error::Result;
use crate::hub::Hub;
use crate::page::{Page, PageRequest};
use crate::rules::board::{BoardRows, MemberView};
use crate::rules::integrations;
use crate::rules::webhooks::WebhookView;

/// An integration as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct IntegrationView {
    /// The integration.
    pub integration: Integration,
    /// The oldest webhook of a custom one that is left.
    pub webhook: Option<WebhookView>,
    /// Who answers first what comes through it; `None` without a switchboard.
    pub responder: Option<ResponderView>,
    /// Why nothing, or not everything, works at its provider; for people.
    pub health_reason: Option<String>,
}

/// Who answers first.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponderView {
    /// The member of the switchboard.
    pub member: MemberView,
    /// Whether it is the switchboard's default and not the integration's own.
    pub inherited: bool,
}

fn responder(rows: &BoardRows, integration: &Integration) -> Option<ResponderView> {
    let own = integration.default_responder.and_then(|seat| rows.on(seat));
    let member = own.or_else(|| rows.switchboard.default.and_then(|seat| rows.on(seat)))?;
    Some(ResponderView { member: rows.view(member), inherited: own.is_none() })
}

impl Hub {
    async fn view_integration(
        &self,
        read: &mut Read,
        board: Option<&BoardRows>,
        integration: Integration,
    ) -> Result<IntegrationView> {
        let webhook = match integration.is_custom() {
            true => subscriptions::oldest_of_integration(read, integration.key).await?,
            false => None,
        };
        let webhook = webhook.map(|subscription| self.view_webhook(subscription)).transpose()?;
        let responder = board.and_then(|rows| responder(rows, &integration));
        let health_reason = self.why_unconnected(&integration.kind).or(integration.health_reason.clone());
        Ok(IntegrationView { integration, webhook, responder, health_reason })
    }

    /// Why nobody is reached through integrations of a type; `None` where this server speaks to their
    /// provider, or they have none.
    fn why_unconnected(&self, kind: &str) -> Option<String> {
        let provisioner = self.provisioner().filter(|_| Integration::is_channel_kind(kind))?;
        (!provisioner.is_connected(kind)).then(|| not_connected(kind))
    }

    /// The integrations of an app, by creation; of some types or, without any, of all. Those of OAuth
    /// clients are not among them.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_integrations(
        &self,
        grant: &Grant,
        kinds: Option<&[String]>,
        request: PageRequest,
    ) -> Result<Page<IntegrationView>> {
        let mut reader = self.reader().await?;
        let (seek, limit) = (Seek::from(request.cursor), request.size + 1);
        let found = rows::page(&mut reader, grant.app.key, kinds, seek, limit).await?;
        let board = BoardRows::of_app(&mut reader, grant.app.key).await?;
        let mut page = Page::cut(request, found);
        if let Some(beyond) = page.beyond(request, |integration| integration.id) {
            let found = rows::page(&mut reader, grant.app.key, kinds, beyond, 1).await?;
            page = page.with_beyond(!found.is_empty());
        }
        let Page { items, has_previous, has_next, backwards } = page;
        let mut views = Vec::with_capacity(items.len());
        for integration in items {
            views.push(self.view_integration(&mut reader, board.as_ref(), integration).await?);
        }
        Ok(Page { items: views, has_previous, has_next, backwards })
    }

    /// One integration. Those of OAuth clients are not found.
    ///
    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn integration(&self, grant: &Grant, integration: Id) -> Result<IntegrationView> {
        let mut reader = self.reader().await?;
        let integration = integrations::find(&mut reader, grant.app.key, integration).await?;
        let board = BoardRows::of_app(&mut reader, grant.app.key).await?;
        self.view_integration(&mut reader, board.as_ref(), integration).await
    }
}
