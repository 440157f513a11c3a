//! Pages of users.

use futures::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use wire::exotel::users::{User, UserPage};

use crate::call::Call;
use crate::error::Error;

impl Call<UserPage> {
    /// How many users a page holds at most; 20 when nothing is said.
    pub fn page_size(self, size: u32) -> Call<UserPage> {
        self.parameter("page_size", size.to_string())
    }

    /// The page behind the one whose `last_evaluated_value` this is.
    pub fn last_value(self, value: impl Into<String>) -> Call<UserPage> {
        self.parameter("last_value", value)
    }

    /// Walks all users, one page after another as they are needed. An error ends the walk.
    ///
    /// ```no_run
    /// use futures::TryStreamExt;
    /// # async fn example(exotel: crosspoint_client::exotel::Exotel) -> Result<(), crosspoint_client::Error> {
    /// let mut users = exotel.list_users().stream();
    /// while let Some(user) = users.try_next().await? {
    ///     println!("{}", user.app_user_id);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn stream(self) -> impl Stream<Item = Result<User, Error>> + Send + Unpin {
        let pages = stream::try_unfold(Some(self), |call| async move {
            let Some(call) = call else { return Ok::<_, Error>(None) };
            let following = call.again();
            let UserPage { users, last_evaluated_value: last, .. } = call.await?;
            let following = (!last.is_empty() && !users.is_empty()).then(|| following.last_value(last));
            Ok(Some((stream::iter(users.into_iter().map(Ok)), following)))
        });
        pages.try_flatten().boxed()
    }
}
