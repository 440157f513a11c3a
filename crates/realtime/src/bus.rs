//! The way from what happens to the sockets that listen.

use axum::extract::ws::Utf8Bytes;
use model::Id;
use model::record::{AppKey, EventForm};

/// What can be listened to: an integration, in the form of one dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Topic {
    /// The form of the records.
    pub form: EventForm,
    /// The integration.
    pub integration: Id,
}

/// One event for everybody who listens to a topic. Clones share the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Publication {
    /// The topic.
    pub topic: Topic,
    /// The conversation in which it happened.
    pub conversation: Id,
    /// The number of the event.
    pub sequence: i64,
    /// What sockets are sent, as it goes over the wire.
    pub record: Utf8Bytes,
}

/// Carries publications to the sockets of all nodes. Publications of one conversation arrive in the
/// order in which they were published. [`crate::Sockets`] is the bus of a program that runs alone.
pub trait Bus: Send + Sync + 'static {
    /// Whether anybody may listen to anything of this app. A bus that cannot tell says yes.
    fn listens_in(&self, app: AppKey) -> bool;

    /// Whether anybody may listen to anything at all.
    fn listens(&self) -> bool;

    /// Whether anybody may listen to this topic.
    fn listens_to(&self, topic: Topic) -> bool;

    /// Hands a publication to everybody who listens. Never waits.
    fn publish(&self, publication: Publication);

    /// Ends the sockets that listen to this topic, since they have missed something: who comes again reads
    /// the lists.
    fn end(&self, topic: Topic);
}
