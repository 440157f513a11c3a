//! Lists: pages, filters, and walking all pages.

use futures::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wire::crosspoint::types as own;
use wire::sunshine::types::{self, Meta};

use crate::call::Call;
use crate::error::Error;

/// A page of a list.
pub trait Paged: DeserializeOwned + Send + 'static {
    /// What the list holds.
    type Item: Send + 'static;

    /// Whether a walk without a cursor goes backwards from the newest, as that over messages.
    const NEWEST_FIRST: bool = false;

    /// The things of this page, and how the list goes on.
    fn into_page(self) -> (Vec<Self::Item>, Meta);
}

/// A list that can be filtered.
pub trait Filtered {
    /// What can be asked for.
    type Filter: Serialize;
}

macro_rules! pages {
    ($($page:ty { $field:ident: $item:ty } $($newest:literal)?;)*) => {$(
        impl Paged for $page {
            type Item = $item;
            $(const NEWEST_FIRST: bool = $newest;)?

            fn into_page(self) -> (Vec<$item>, Meta) {
                (self.$field, self.meta)
            }
        }
    )*};
}

pages! {
    types::AppListResponse { apps: types::App };
    types::ClientListResponse { clients: types::Client };
    types::ConversationListResponse { conversations: types::Conversation };
    types::IntegrationListResponse { integrations: types::Integration };
    types::MessageListResponse { messages: types::Message } true;
    types::ParticipantListResponse { participants: types::Participant };
    own::DeliveryListResponse { deliveries: own::Delivery };
}

impl Filtered for types::AppListResponse {
    type Filter = types::AppFilter;
}

impl Filtered for types::IntegrationListResponse {
    type Filter = types::IntegrationFilter;
}

impl<T: Filtered> Call<T> {
    /// Only what fits the filter.
    pub fn filter(self, filter: &T::Filter) -> Call<T> {
        self.parameters(Some("filter"), filter)
    }
}

impl<T: Paged> Call<T> {
    /// How many things a page holds at most, 1–100; 25 when nothing is said, 100 for messages
    /// (sunshine-v2.md §3.1).
    pub fn page_size(self, size: u32) -> Call<T> {
        self.parameter("page[size]", size.to_string())
    }

    /// The page that follows this cursor. Excludes [`Call::before`].
    pub fn after(self, cursor: impl Into<String>) -> Call<T> {
        self.parameter("page[after]", cursor)
    }

    /// The page in front of this cursor. Excludes [`Call::after`].
    pub fn before(self, cursor: impl Into<String>) -> Call<T> {
        self.parameter("page[before]", cursor)
    }

    /// Walks the whole list, one page after another as they are needed; from a cursor on if one was
    /// given. Messages come newest first, all else in the order of the list.
    ///
    /// An error ends the walk.
    ///
    /// ```no_run
    /// use futures::TryStreamExt;
    /// # async fn example(client: crosspoint_client::Client) -> Result<(), crosspoint_client::Error> {
    /// let mut apps = client.sunshine().list_apps().page_size(100).stream();
    /// while let Some(app) = apps.try_next().await? {
    ///     println!("{}", app.id);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn stream(self) -> impl Stream<Item = Result<T::Item, Error>> + Send + Unpin {
        let backwards = self.goes_backwards() || (T::NEWEST_FIRST && !self.has_parameter("page[after]"));
        let pages = stream::try_unfold(Some(self), move |call| async move {
            let Some(call) = call else { return Ok::<_, Error>(None) };
            let following = call.again();
            let (mut items, meta) = call.await?.into_page();
            let cursor = if backwards { meta.before_cursor } else { meta.after_cursor };
            let following = cursor.filter(|_| meta.has_more).map(|cursor| match backwards {
                true => following.before(cursor),
                false => following.after(cursor),
            });
            if backwards {
                items.reverse();
            }
            Ok(Some((stream::iter(items.into_iter().map(Ok)), following)))
        });
        pages.try_flatten().boxed()
    }

    fn goes_backwards(&self) -> bool {
        self.has_parameter("page[before]")
    }
}
