//! Walking all messages of a conversation.

use futures::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use wire::hubster::types::{Activity, ActivityQuery};

use super::Engine;
use crate::error::Error;

impl Engine {
    /// Walks the messages of a conversation that are from or to one side, oldest first, from behind `leid`
    /// to the newest: [`Engine::list_activities`] as often as is needed.
    ///
    /// An error ends the walk.
    ///
    /// ```no_run
    /// use crosspoint_client::hubster::types::{ActivityQuery, IntegrationType};
    /// use futures::TryStreamExt;
    /// # async fn example(engine: crosspoint_client::hubster::Engine) -> Result<(), crosspoint_client::Error> {
    /// let query = ActivityQuery::of(IntegrationType::Customer);
    /// let mut said = engine.activities("a9cff9d8-0cb2-40f9-b787-01756ca7b92f", query);
    /// while let Some(activity) = said.try_next().await? {
    ///     println!("{}", activity.event_id);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn activities(
        &self,
        conversation_id: &str,
        query: ActivityQuery,
    ) -> impl Stream<Item = Result<Activity, Error>> + Send + Unpin + use<> {
        let (engine, conversation) = (self.clone(), conversation_id.to_owned());
        let calls = stream::try_unfold(query, move |query| {
            let call = engine.list_activities(&conversation, &query);
            async move {
                let found = call.await?;
                // Who gives what is not behind the last one would be asked for ever.
                let newest = found.iter().map(|activity| activity.event_id).max();
                let Some(leid) = newest.filter(|newest| query.leid.is_none_or(|known| known < *newest))
                else {
                    return Ok::<_, Error>(None);
                };
                let following = ActivityQuery { leid: Some(leid), ..query };
                Ok(Some((stream::iter(found.into_iter().map(Ok)), following)))
            }
        });
        calls.try_flatten().boxed()
    }
}
