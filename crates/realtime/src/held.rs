//! Conversations whose next event has to wait, with what is queued behind it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use hub::outbox::{EventView, Lane};

/// Lanes that wait. An event that meets a waiting lane stays behind it, so that a conversation keeps
/// its order.
#[derive(Default)]
pub(crate) struct Held {
    lanes: HashMap<Lane, VecDeque<Arc<EventView>>>,
    /// Heads of lanes that wait until an integration works again, by the lane.
    paused: HashMap<Lane, Arc<EventView>>,
    events: usize,
}

impl Held {
    /// Puts an event behind a lane that waits; gives it back when its lane does not.
    pub(crate) fn queue(&mut self, event: Arc<EventView>) -> Option<Arc<EventView>> {
        match self.lanes.get_mut(&event.lane) {
            Some(queue) => {
                queue.push_back(event);
                self.events += 1;
                None
            }
            None => Some(event),
        }
    }

    /// The lane waits from now on.
    pub(crate) fn hold(&mut self, lane: Lane) {
        self.lanes.entry(lane).or_default();
    }

    /// The lane waits until the integration of its first event works again.
    pub(crate) fn pause(&mut self, event: Arc<EventView>) {
        self.hold(event.lane);
        self.paused.insert(event.lane, event);
    }

    /// The first events of lanes that wait for an integration; they count as taken out.
    pub(crate) fn take_paused(&mut self) -> Vec<Arc<EventView>> {
        self.paused.drain().map(|(_, event)| event).collect()
    }

    /// Lanes that wait for nothing that is known: neither for an integration nor for one of the media of
    /// these.
    pub(crate) fn without_head(&self, awaited: &HashSet<Lane>) -> Vec<Lane> {
        let waits = |lane: &Lane| awaited.contains(lane) || self.is_paused(*lane);
        self.lanes.keys().filter(|lane| !waits(lane)).copied().collect()
    }

    /// Whether a lane waits for an integration.
    pub(crate) fn is_paused(&self, lane: Lane) -> bool {
        self.paused.contains_key(&lane)
    }

    /// The next event of a lane whose first one is through; a lane without one waits no more.
    pub(crate) fn next(&mut self, lane: Lane) -> Option<Arc<EventView>> {
        let next = self.lanes.get_mut(&lane)?.pop_front();
        match next.is_some() {
            true => self.events -= 1,
            false => {
                self.lanes.remove(&lane);
            }
        }
        next
    }

    /// Forgets the lanes that wait for an integration, with what is behind them; gives how many events
    /// they had.
    pub(crate) fn forget_paused(&mut self) -> usize {
        let before = self.events;
        let paused = self.take_paused();
        for event in &paused {
            let queued = self.lanes.remove(&event.lane).map_or(0, |queue| queue.len());
            self.events -= queued;
        }
        before - self.events + paused.len()
    }

    /// Events that are held.
    pub(crate) fn events(&self) -> usize {
        self.events + self.paused.len()
    }
}

#[cfg(test)]
mod tests {
    use model::record::ConversationKey;

    use super::*;

    #[test]
    fn a_lane_whose_first_event_is_lost_is_found() {
        let lane = |key| Lane::Conversation(ConversationKey(key));
        let mut held = Held::default();
        held.hold(lane(1));
        held.hold(lane(2));
        assert_eq!(held.without_head(&HashSet::from([lane(1)])), [lane(2)]);
        assert!(held.next(lane(2)).is_none());
        assert_eq!(held.without_head(&HashSet::from([lane(1)])), [], "it waits no more");
    }
}
