//! Who listens to what.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::ws::Utf8Bytes;
use model::Id;
use model::record::{AppKey, VisitToken};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::bus::{Publication, Topic};
use crate::{RECORDS, SocketSettings};

/// The conversations of an integration that a socket listens to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conversations {
    /// Every one.
    All,
    /// These.
    Only(Vec<Id>),
}

/// What a socket wants to hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interest {
    /// The app of the integration.
    pub app: AppKey,
    /// The integration, and the form of the records.
    pub topic: Topic,
    /// Of which conversations.
    pub conversations: Conversations,
    /// The visit that opened it, if a page's visitor did.
    pub visit: Option<VisitToken>,
}

/// There are as many sockets as there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// So many of the integration.
    Integration(usize),
    /// So many of one visitor.
    Visit(usize),
}

/// The way to one socket.
struct Outlet {
    /// It hears what happened behind this event.
    since: i64,
    queue: mpsc::Sender<Utf8Bytes>,
    waiting_bytes: AtomicUsize,
    waiting_bytes_max: usize,
    /// Ends the socket, since it does not keep up.
    cut: CancellationToken,
}

impl Outlet {
    /// Queues a record, or cuts a socket that does not keep up: a gap in the middle is worse than an
    /// end, which a client notices and mends.
    fn offer(&self, record: &Utf8Bytes) {
        let bytes = record.len();
        let waiting = self.waiting_bytes.fetch_add(bytes, Ordering::AcqRel);
        // One record always fits, however large it is.
        let fits = waiting == 0 || waiting + bytes <= self.waiting_bytes_max;
        if !fits || self.queue.try_send(record.clone()).is_err() {
            self.cut.cancel();
        }
    }
}

type Outlets = HashMap<u64, Arc<Outlet>>;

/// The sockets of one topic.
#[derive(Default)]
struct Audience {
    count: usize,
    of_all: Outlets,
    of_one: HashMap<Id, Outlets>,
}

#[derive(Default)]
struct Table {
    next: u64,
    topics: HashMap<Topic, Audience>,
    apps: HashMap<AppKey, usize>,
    visits: HashMap<VisitToken, usize>,
}

/// One more of a key.
fn add<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: K) {
    *counts.entry(key).or_default() += 1;
}

/// One less of a key; none are not kept.
fn take<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: K) {
    if let Entry::Occupied(mut count) = counts.entry(key) {
        *count.get_mut() -= 1;
        if *count.get() == 0 {
            count.remove();
        }
    }
}

impl Table {
    /// Whether one more socket may have a seat.
    fn check_room(&self, interest: &Interest, settings: &SocketSettings) -> Result<(), Full> {
        let of_visit = interest.visit.and_then(|visit| self.visits.get(&visit)).copied().unwrap_or_default();
        if of_visit >= settings.per_visit_max {
            return Err(Full::Visit(settings.per_visit_max));
        }
        let seated = self.topics.get(&interest.topic).map_or(0, |audience| audience.count);
        match seated >= settings.per_integration_max {
            true => Err(Full::Integration(settings.per_integration_max)),
            false => Ok(()),
        }
    }
}

/// Who listens to what; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Listeners(Arc<RwLock<Table>>);

/// A socket among the listeners, until it is dropped.
pub(crate) struct Seat {
    listeners: Listeners,
    interest: Interest,
    number: u64,
    outlet: Arc<Outlet>,
    queue: mpsc::Receiver<Utf8Bytes>,
}

impl Listeners {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, Table> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Table> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seats a socket; it hears what happens behind event `since`.
    pub(crate) fn seat(
        &self,
        interest: Interest,
        since: i64,
        settings: &SocketSettings,
    ) -> Result<Seat, Full> {
        let (queue, records) = mpsc::channel(settings.waiting_records_max.max(1));
        let outlet = Arc::new(Outlet {
            since,
            queue,
            waiting_bytes: AtomicUsize::new(0),
            waiting_bytes_max: settings.waiting_bytes_max,
            cut: CancellationToken::new(),
        });
        let mut table = self.write();
        table.check_room(&interest, settings)?;
        let number = table.next;
        let audience = table.topics.entry(interest.topic).or_default();
        audience.count += 1;
        match &interest.conversations {
            Conversations::All => {
                audience.of_all.insert(number, outlet.clone());
            }
            Conversations::Only(some) => {
                for conversation in some {
                    audience.of_one.entry(*conversation).or_default().insert(number, outlet.clone());
                }
            }
        }
        table.next += 1;
        add(&mut table.apps, interest.app);
        if let Some(visit) = interest.visit {
            add(&mut table.visits, visit);
        }
        drop(table);
        Ok(Seat { listeners: self.clone(), interest, number, outlet, queue: records })
    }

    /// Sockets that listen to a topic.
    pub(crate) fn count(&self, topic: Topic) -> usize {
        self.read().topics.get(&topic).map_or(0, |audience| audience.count)
    }

    pub(crate) fn any(&self) -> bool {
        !self.read().apps.is_empty()
    }

    pub(crate) fn any_in(&self, app: AppKey) -> bool {
        self.read().apps.contains_key(&app)
    }

    /// Hands a publication to everybody who listens to it.
    pub(crate) fn hand_out(&self, publication: &Publication) {
        let table = self.read();
        let Some(audience) = table.topics.get(&publication.topic) else { return };
        let of_one = audience.of_one.get(&publication.conversation).into_iter().flatten();
        let mut queued = 0;
        for (_, outlet) in audience.of_all.iter().chain(of_one) {
            if publication.sequence > outlet.since {
                outlet.offer(&publication.record);
                queued += 1;
            }
        }
        metrics::counter!(RECORDS).increment(queued);
    }
}

impl Listeners {
    /// Ends whoever listens to a topic.
    pub(crate) fn cut(&self, topic: Topic) {
        let table = self.read();
        let Some(audience) = table.topics.get(&topic) else { return };
        let of_one = audience.of_one.values().flatten();
        for (_, outlet) in audience.of_all.iter().chain(of_one) {
            outlet.cut.cancel();
        }
    }
}

impl Seat {
    /// The next record for this socket; `None` never comes while the seat is held.
    pub(crate) async fn next(&mut self) -> Option<Utf8Bytes> {
        let record = self.queue.recv().await;
        self.took(record.as_ref());
        record
    }

    /// A record that is waiting already.
    pub(crate) fn next_now(&mut self) -> Option<Utf8Bytes> {
        let record = self.queue.try_recv().ok();
        self.took(record.as_ref());
        record
    }

    fn took(&self, record: Option<&Utf8Bytes>) {
        self.outlet.waiting_bytes.fetch_sub(record.map_or(0, |record| record.len()), Ordering::AcqRel);
    }

    /// Waits until the socket does not keep up.
    pub(crate) fn cut(&self) -> CancellationToken {
        self.outlet.cut.clone()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut table = self.listeners.write();
        take(&mut table.apps, self.interest.app);
        if let Some(visit) = self.interest.visit {
            take(&mut table.visits, visit);
        }
        let Entry::Occupied(mut entry) = table.topics.entry(self.interest.topic) else { return };
        let audience = entry.get_mut();
        audience.count -= 1;
        audience.of_all.remove(&self.number);
        if let Conversations::Only(some) = &self.interest.conversations {
            for conversation in some {
                if let Entry::Occupied(mut outlets) = audience.of_one.entry(*conversation) {
                    outlets.get_mut().remove(&self.number);
                    if outlets.get().is_empty() {
                        outlets.remove();
                    }
                }
            }
        }
        if audience.count == 0 {
            entry.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use model::record::EventForm;

    use super::*;

    const TOPIC: Topic = Topic { form: EventForm::Hubster, integration: Id::MIN };

    fn id(number: u64) -> Id {
        Id::from_parts(model::Millis(1), number)
    }

    fn interest(conversations: Conversations) -> Interest {
        Interest { app: AppKey(1), topic: TOPIC, conversations, visit: None }
    }

    fn told(conversation: Id, sequence: i64, text: &str) -> Publication {
        Publication { topic: TOPIC, conversation, sequence, record: text.to_owned().into() }
    }

    #[test]
    fn each_hears_what_it_asked_for_from_its_beginning_on() {
        let (listeners, settings) = (Listeners::default(), SocketSettings::default());
        let mut all = listeners.seat(interest(Conversations::All), 0, &settings).unwrap();
        let mut one = listeners.seat(interest(Conversations::Only(vec![id(1)])), 2, &settings).unwrap();
        assert_eq!((listeners.count(TOPIC), listeners.any_in(AppKey(1))), (2, true));
        for (conversation, sequence, text) in [(1, 1, "a"), (2, 2, "b"), (1, 2, "c"), (1, 3, "d")] {
            listeners.hand_out(&told(id(conversation), sequence, text));
        }
        let heard = |seat: &mut Seat| {
            std::iter::from_fn(|| seat.next_now()).map(|record| record.to_string()).collect::<String>()
        };
        assert_eq!((heard(&mut all), heard(&mut one)), ("abcd".to_owned(), "d".to_owned()));
        drop((all, one));
        assert!(!listeners.any() && listeners.count(TOPIC) == 0 && listeners.read().topics.is_empty());
    }

    #[test]
    fn whoever_does_not_keep_up_is_cut_and_nobody_else() {
        let listeners = Listeners::default();
        let settings = SocketSettings { waiting_records_max: 2, waiting_bytes_max: 10, ..Default::default() };
        let slow = listeners.seat(interest(Conversations::All), 0, &settings).unwrap();
        let mut quick = listeners.seat(interest(Conversations::All), 0, &settings).unwrap();
        for sequence in 1..=3 {
            listeners.hand_out(&told(id(1), sequence, "xyz"));
            assert_eq!(quick.next_now().unwrap().as_str(), "xyz");
        }
        assert!(slow.cut().is_cancelled() && !quick.cut().is_cancelled());
        // A record that is larger than what may wait goes by itself, and not behind another.
        listeners.hand_out(&told(id(1), 4, &"x".repeat(50)));
        assert!(!quick.cut().is_cancelled());
        listeners.hand_out(&told(id(1), 5, "x"));
        assert!(quick.cut().is_cancelled());
    }

    #[test]
    fn whoever_has_missed_something_is_ended_and_nobody_else() {
        let (listeners, settings) = (Listeners::default(), SocketSettings::default());
        let other = Interest {
            topic: Topic { integration: id(9), ..TOPIC },
            ..interest(Conversations::Only(vec![id(1)]))
        };
        let all = listeners.seat(interest(Conversations::All), 0, &settings).unwrap();
        let one = listeners.seat(interest(Conversations::Only(vec![id(1)])), 0, &settings).unwrap();
        let other = listeners.seat(other, 0, &settings).unwrap();
        listeners.cut(TOPIC);
        assert!(all.cut().is_cancelled() && one.cut().is_cancelled() && !other.cut().is_cancelled());
    }

    #[test]
    fn an_integration_has_so_many_sockets_and_no_more() {
        let listeners = Listeners::default();
        let settings = SocketSettings { per_integration_max: 1, ..Default::default() };
        let first = listeners.seat(interest(Conversations::All), 0, &settings).unwrap();
        assert_eq!(
            listeners.seat(interest(Conversations::All), 0, &settings).err(),
            Some(Full::Integration(1))
        );
        drop(first);
        assert!(listeners.seat(interest(Conversations::All), 0, &settings).is_ok());
    }

    #[test]
    fn a_visitor_has_so_many_sockets_and_leaves_theothers_toothers() {
        let listeners = Listeners::default();
        let settings = SocketSettings { per_visit_max: 2, ..Default::default() };
        let seat = |visit: u8| {
            let interest = Interest {
                visit: Some(VisitToken([visit; 16])),
                ..interest(Conversations::Only(vec![id(1)]))
            };
            listeners.seat(interest, 0, &settings)
        };
        let (first, second) = (seat(1).unwrap(), seat(1).unwrap());
        assert_eq!(seat(1).err(), Some(Full::Visit(2)));
        let other = seat(2).unwrap();
        drop(first);
        let third = seat(1).unwrap();
        drop((second, third, other));
        assert!(listeners.read().visits.is_empty());
    }
}
