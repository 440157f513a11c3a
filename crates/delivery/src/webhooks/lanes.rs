//! The lanes of one subscription: who goes next, who waits and until when.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;

use hub::outbox::{EventView, Lane};
use model::Millis;

/// A lane in memory; one without entry is idle.
#[derive(Debug)]
enum State {
    /// Its first event is on its way; these wait behind it.
    Flowing(VecDeque<Queued>),
    /// It waits: everything from its first event on is to be found in the outbox.
    Parked(ParkedLane),
}

/// An event in a lane's queue.
type Queued = Arc<EventView>;

/// A lane that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ParkedLane {
    /// The first undelivered event.
    pub(crate) first: i64,
    /// The newest event that is known to wait.
    pub(crate) last: i64,
    /// Attempts that the first event has had.
    pub(crate) attempts: u32,
    /// When it is tried again.
    pub(crate) next_at: Millis,
    /// When it began to wait.
    pub(crate) parked_at: Millis,
    /// Whether it is being tried now.
    pub(crate) running: bool,
    /// Whether it waits for the end of a pause and for no receiver.
    pub(crate) rests: bool,
    /// Its events from the first on, as far as they are known: a long lane is not looked through anew for
    /// each few of them.
    pub(crate) ahead: Arc<[i64]>,
}

impl ParkedLane {
    /// A lane that begins to wait with this event.
    pub(crate) fn new(first: i64, attempts: u32, next_at: Millis, parked_at: Millis) -> ParkedLane {
        let (running, rests, ahead) = (false, false, Arc::default());
        ParkedLane { first, last: first, attempts, next_at, parked_at, running, rests, ahead }
    }
}

/// What becomes of an event that comes.
#[derive(Debug)]
pub(crate) enum Arrival {
    /// It goes now.
    Start(Arc<EventView>),
    /// It waits behind others in memory.
    Queued,
    /// Its lane waits; it will be found in the outbox.
    Parked,
    /// It was delivered with what had waited in its lane.
    Delivered,
}

/// Every lane that is not idle.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    states: HashMap<Lane, State>,
    /// Up to where lanes that have waited were delivered, while events up to there may still come: the
    /// outbox shows an event before it is handed out.
    delivered: HashMap<Lane, i64>,
    due: BinaryHeap<Reverse<(Millis, Lane)>>,
    /// How many wait.
    parked: usize,
}

impl Lanes {
    /// An event comes.
    pub(crate) fn arrive(&mut self, event: Arc<EventView>) -> Arrival {
        if self.delivered.get(&event.lane).is_some_and(|through| event.sequence <= *through) {
            return Arrival::Delivered;
        }
        match self.states.get_mut(&event.lane) {
            None => {
                self.states.insert(event.lane, State::Flowing(VecDeque::new()));
                Arrival::Start(event)
            }
            Some(State::Flowing(queue)) => {
                queue.push_back(event);
                Arrival::Queued
            }
            Some(State::Parked(parked)) => {
                parked.last = parked.last.max(event.sequence);
                Arrival::Parked
            }
        }
    }

    /// The event on its way is settled; gives the next of its lane.
    pub(crate) fn settled(&mut self, lane: Lane) -> Option<Arc<EventView>> {
        let Some(State::Flowing(queue)) = self.states.get_mut(&lane) else { return None };
        let next = queue.pop_front();
        if next.is_none() {
            self.states.remove(&lane);
        }
        next
    }

    /// A lane waits from now on; gives the numbers of the events that waited in memory.
    pub(crate) fn park(&mut self, lane: Lane, mut parked: ParkedLane) -> Vec<i64> {
        let before = self.states.remove(&lane);
        self.parked += usize::from(!matches!(before, Some(State::Parked(_))));
        let queued = match before {
            Some(State::Flowing(queue)) => queue.into_iter().map(|event| event.sequence).collect(),
            Some(State::Parked(before)) => {
                parked.last = parked.last.max(before.last);
                Vec::new()
            }
            None => Vec::new(),
        };
        parked.last = queued.last().copied().unwrap_or(parked.last).max(parked.last);
        self.due.push(Reverse((parked.next_at, lane)));
        self.states.insert(lane, State::Parked(parked));
        queued
    }

    /// A lane that waits.
    pub(crate) fn parked(&self, lane: Lane) -> Option<&ParkedLane> {
        match self.states.get(&lane) {
            Some(State::Parked(parked)) => Some(parked),
            _ => None,
        }
    }

    /// A waiting lane was delivered up to this number and has nothing more to wait for.
    pub(crate) fn unpark(&mut self, lane: Lane, through: i64) {
        if self.parked(lane).is_some() {
            self.states.remove(&lane);
            self.parked -= 1;
            self.delivered.insert(lane, through);
        }
    }

    /// The clock has gone back by so many milliseconds: what waits, waits as long as it would have.
    pub(crate) fn set_back(&mut self, by: i64) {
        self.put_off(|parked| parked.next_at.plus(-by));
    }

    /// What rests may go on.
    pub(crate) fn wake(&mut self, now: Millis) {
        self.put_off(|parked| if parked.rests { parked.next_at.min(now) } else { parked.next_at });
    }

    fn put_off(&mut self, until: impl Fn(&ParkedLane) -> Millis) {
        self.due.clear();
        for (lane, state) in &mut self.states {
            if let State::Parked(parked) = state {
                parked.next_at = until(parked);
                self.due.push(Reverse((parked.next_at, *lane)));
            }
        }
    }

    /// Events up to this number do not come any more.
    pub(crate) fn came_through(&mut self, taken: i64) {
        self.delivered.retain(|_, through| *through > taken);
    }

    /// When the next waiting lane is due.
    pub(crate) fn next_due(&self) -> Option<Millis> {
        self.due.peek().map(|Reverse((at, _))| *at)
    }

    /// A waiting lane that is due now; it counts as being tried from now on.
    pub(crate) fn take_due(&mut self, now: Millis) -> Option<(Lane, ParkedLane)> {
        while self.next_due().is_some_and(|at| at <= now) {
            let Some(Reverse((at, lane))) = self.due.pop() else { break };
            if let Some(State::Parked(parked)) = self.states.get_mut(&lane)
                && parked.next_at == at
                && !parked.running
            {
                parked.running = true;
                return Some((lane, parked.clone()));
            }
        }
        None
    }

    /// Lanes that wait.
    pub(crate) fn parked_count(&self) -> usize {
        self.parked
    }

    /// Whether nothing more is known of lanes that have waited, for tests.
    #[cfg(test)]
    pub(crate) fn remembers_nothing(&self) -> bool {
        self.delivered.is_empty()
    }
}
