//! Deliveries that were given up.

use model::event::EventType;
use model::{Id, Millis};
use store::Read;
use store::rows::Seek;
use store::rows::deliveries::{self, Dead};

use crate::access::Grant;
use crate::error::{OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::page::{Page, PageRequest};

/// A delivery that was given up, with what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryView {
    /// The delivery.
    pub dead: Dead,
    /// Public id of the subscription.
    pub subscription_id: Id,
    /// Where its bodies are posted.
    pub target: String,
    /// The event's public id.
    pub event_id: Id,
    /// What happened.
    pub kind: EventType,
    /// When it happened.
    pub event_at: Millis,
    /// The conversation of the event.
    pub conversation_id: Option<Id>,
}

impl Hub {
    /// A page of the deliveries of an app that were given up, oldest first.
    pub async fn list_deliveries(&self, grant: &Grant, request: PageRequest) -> Result<Page<DeliveryView>> {
        let mut reader = self.reader().await?;
        let (seek, limit) = (Seek::from(request.cursor), request.size + 1);
        let found = deliveries::dead_of_app(&mut reader, grant.app.key, seek, limit).await?;
        let Page { items, has_previous, has_next, backwards } = Page::cut(request, found);
        let mut views = Vec::with_capacity(items.len());
        for dead in items {
            // One whose subscription has just been removed has nothing left to show.
            views.extend(view(&mut reader, dead).await?);
        }
        Ok(Page { items: views, has_previous, has_next, backwards })
    }

    /// One delivery that was given up.
    ///
    /// # Errors
    /// `NotFound` for an unknown one, or one that was delivered after all.
    pub async fn delivery(&self, grant: &Grant, id: Id) -> Result<DeliveryView> {
        let mut reader = self.reader().await?;
        let found = deliveries::dead_by_id(&mut reader, grant.app.key, id).await?;
        view(&mut reader, found.or_not_found(Thing::Delivery)?).await?.or_not_found(Thing::Delivery)
    }
}

pub(crate) async fn view(read: &mut Read, dead: Dead) -> Result<Option<DeliveryView>> {
    let about = deliveries::about(read, dead.subscription, dead.event).await?;
    Ok(about.map(|about| DeliveryView {
        dead,
        subscription_id: about.subscription_id,
        target: about.target,
        event_id: about.event_id,
        kind: about.kind,
        event_at: about.event_at,
        conversation_id: about.conversation_id,
    }))
}
