//! Lists in numbered pages.

use futures::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use serde::de::DeserializeOwned;
use wire::hubster::types::NumberedPage;

use crate::call::Call;
use crate::error::Error;

/// Entries of a page of a walk: the most that the vendor allows.
const PAGE_SIZE_MAX: u32 = 100;

impl<T: DeserializeOwned + Send + 'static> Call<NumberedPage<T>> {
    /// Which page, from 0 on.
    pub fn page_number(self, number: u64) -> Call<NumberedPage<T>> {
        self.parameter("pageNumber", number.to_string())
    }

    /// How many entries a page holds at most, 1–100; 50 when nothing is said (hubster.md §2.2).
    pub fn page_size(self, size: u32) -> Call<NumberedPage<T>> {
        self.parameter("pageSize", size.to_string())
    }

    /// Walks the whole list from its first page on, one page after another as they are needed. What is
    /// added or removed meanwhile may make an entry come twice or not at all, as pages have numbers.
    ///
    /// An error ends the walk.
    ///
    /// ```no_run
    /// use futures::TryStreamExt;
    /// # async fn example(portal: crosspoint_client::hubster::Portal) -> Result<(), crosspoint_client::Error> {
    /// let mut hubs = portal.list_hubs().stream();
    /// while let Some(hub) = hubs.try_next().await? {
    ///     println!("{}", hub.name);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn stream(self) -> impl Stream<Item = Result<T, Error>> + Send + Unpin {
        let call = if self.has_parameter("pageSize") { self } else { self.page_size(PAGE_SIZE_MAX) };
        let pages = stream::try_unfold(Some((call, 0)), |next| async move {
            let Some((call, number)) = next else { return Ok::<_, Error>(None) };
            let following = call.again();
            let page = call.page_number(number).await?;
            let seen = page.page_size.saturating_mul(number.saturating_add(1));
            let goes_on = !page.results.is_empty() && seen < page.total;
            let following = goes_on.then_some((following, number.saturating_add(1)));
            Ok(Some((stream::iter(page.results.into_iter().map(Ok)), following)))
        });
        pages.try_flatten().boxed()
    }
}
