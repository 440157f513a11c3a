//! Following the events of an app.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::stream::{self, Stream, StreamExt as _};
use wire::crosspoint::types::EventQuery;
use wire::sunshine::types::Event;

use super::Crosspoint;
use crate::error::Error;
use crate::retry::Failures;

/// Events of one call.
const EVENTS_OF_A_CALL: u32 = 100;
/// How long a call waits for events, seconds; the most that the server allows.
const WAIT_SECONDS: u32 = 30;
/// How long a call may take: the waiting, and time for an answer.
const CALL_TIME_MAX: Duration = Duration::from_secs(WAIT_SECONDS as u64 + 15);
/// Behind every id. Ids are positions in an order, whether or not something has them.
const BEHIND_ALL: &str = "ffffffffffffffffffffffff";

/// Where following begins.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Start {
    /// With the oldest event that the server keeps.
    Oldest,
    /// With what happens from now on.
    Now,
    /// With what happened at this moment.
    At(SystemTime),
    /// Behind the event with this id.
    After(String),
}

impl Start {
    /// The cursor behind which events follow, as `after` of [`EventQuery`]. None for the oldest event, which
    /// has none in front of it, and for now, which only the server knows: [`Crosspoint::newest_event`].
    pub fn cursor(&self) -> Option<String> {
        match self {
            Start::Oldest | Start::Now => None,
            Start::After(id) => Some(id.clone()),
            Start::At(moment) => Some(just_before(*moment)),
        }
    }
}

/// Where a walk over events is.
struct Walk {
    crosspoint: Crosspoint,
    app_id: String,
    start: Option<Start>,
    after: Option<String>,
    fetched: VecDeque<Event>,
    /// The pause before the server is asked again.
    pause: Duration,
    /// How often it gave an error, since it last gave a page.
    failures: Failures,
    /// Whether an error came that would come again.
    is_over: bool,
}

impl Crosspoint {
    /// Where the events of an app stand now: a beginning for [`Crosspoint::follow`]. Whoever asks this
    /// first, reads the state of things then, and follows from here misses nothing between the two.
    ///
    /// # Errors
    /// Those of [`Crosspoint::list_events`].
    ///
    /// Source: `crosspoint.json#ListEvents`.
    ///
    /// ```no_run
    /// use futures::StreamExt;
    /// # async fn example(client: crosspoint_client::Client) -> Result<(), crosspoint_client::Error> {
    /// let (app, conversation) = ("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90");
    /// let start = client.crosspoint().newest_event(app).await?;
    /// let said = client.sunshine().list_messages(app, conversation).await?.messages;
    /// let mut events = client.crosspoint().follow(app, start);
    /// while let Some(event) = events.next().await {
    ///     println!("{} after {} messages", event?.kind, said.len());
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn newest_event(&self, app_id: &str) -> Result<Start, Error> {
        let query = EventQuery { after: Some(BEHIND_ALL.to_owned()), limit: Some(1), wait: None };
        let newest = self.list_events(app_id, &query).await?.meta.after_cursor;
        // A server without any event gives the cursor back, behind which nothing would ever come.
        let newest = newest.filter(|cursor| cursor != BEHIND_ALL);
        Ok(newest.map_or(Start::Oldest, Start::After))
    }

    /// Follows the events of an app, in their order, none left out: those that happened already, then
    /// each as it happens. Needs an account or app key.
    ///
    /// When the server is away or busy, the stream gives the error, and asked again it waits a moment,
    /// longer each time, and goes on where it was: who goes on asking survives a restart of the server. It
    /// ends after an error that would come again, and with nothing else. An event that was given is not
    /// given again by the same stream; to go on later, begin with [`Start::After`].
    ///
    /// # Errors
    /// As items of the stream, those of [`Crosspoint::list_events`]. [`Error::is_temporary`] says which of
    /// them end it: not a time-out, a broken connection, 429 and 5xx; but 401, 403 and 404: the key, what it
    /// may do, the app; and an answer that cannot be read.
    ///
    /// ```no_run
    /// use crosspoint_client::crosspoint::Start;
    /// use futures::StreamExt;
    /// # async fn example(client: crosspoint_client::Client) -> Result<(), crosspoint_client::Error> {
    /// let mut events = client.crosspoint().follow("5d8cff3cd55b040010928b5b", Start::Now);
    /// while let Some(event) = events.next().await {
    ///     match event {
    ///         Ok(event) => println!("{}", event.kind),
    ///         Err(error) if error.is_temporary() => eprintln!("waiting for the server: {error}"),
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn follow(
        &self,
        app_id: &str,
        start: Start,
    ) -> impl Stream<Item = Result<Event, Error>> + Send + Unpin + use<> {
        let walk = Walk {
            crosspoint: self.clone(),
            app_id: app_id.to_owned(),
            start: Some(start),
            after: None,
            fetched: VecDeque::new(),
            pause: Duration::ZERO,
            failures: Failures::default(),
            is_over: false,
        };
        stream::unfold(walk, |mut walk| async move {
            let next = walk.next().await?;
            Some((next, walk))
        })
        .boxed()
    }
}

impl Walk {
    /// The next event or error; None behind an error that would come again.
    async fn next(&mut self) -> Option<Result<Event, Error>> {
        if self.is_over {
            return None;
        }
        tokio::time::sleep(std::mem::take(&mut self.pause)).await;
        let came = self.event().await;
        if let Err(error) = &came {
            let pause = self.failures.pause_after(error, self.crosspoint.client.inner.retry);
            self.is_over = pause.is_none();
            self.pause = pause.unwrap_or_default();
        }
        Some(came)
    }

    async fn event(&mut self) -> Result<Event, Error> {
        if let Some(start) = &self.start {
            self.after = self.position(start).await?;
            self.start = None;
        }
        loop {
            if let Some(event) = self.fetched.pop_front() {
                return Ok(event);
            }
            let query = EventQuery {
                after: self.after.clone(),
                limit: Some(EVENTS_OF_A_CALL),
                wait: Some(WAIT_SECONDS),
            };
            let call = self.crosspoint.list_events(&self.app_id, &query).timeout(CALL_TIME_MAX);
            let page = call.await?;
            self.failures.forget();
            self.after = page.meta.after_cursor.or(self.after.take());
            self.fetched = page.events.into();
        }
    }

    /// The cursor of a beginning.
    async fn position(&self, start: &Start) -> Result<Option<String>, Error> {
        match start {
            Start::Now => Ok(self.crosspoint.newest_event(&self.app_id).await?.cursor()),
            other => Ok(other.cursor()),
        }
    }
}

/// The position in front of all that happened in this millisecond or later: the first 48 bits of an id
/// are its time.
fn just_before(moment: SystemTime) -> String {
    let ms = moment.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    format!("{:012x}{}", ms.saturating_sub(1).min((1 << 48) - 1), "f".repeat(12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_position() {
        let at = |ms| just_before(UNIX_EPOCH + Duration::from_millis(ms));
        assert_eq!(at(0x0190_0000_0001), "019000000000ffffffffffff");
        assert_eq!(at(0), "000000000000ffffffffffff");
        assert!(at(0x0190_0000_0001).as_str() < "019000000001000000000000");
    }
}
