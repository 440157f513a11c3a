//! From the outbox to the bus: reads what happens in order, has it written once for each integration
//! that is listened to, and publishes it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use hub::outbox::{EventView, Outbox, SocketRenderer};
use model::Id;
use model::event::EventType;
use model::record::AppKey;
use tokio::task::{Id as TaskId, JoinError, JoinSet};

use crate::bus::{Bus, Publication, Topic};
use crate::held::Held;
use crate::sockets::record;

/// Events that are read at once.
const READ_EVENTS: usize = 256;
/// Events that wait for a medium or for an integration, at most.
const HELD_EVENTS_MAX: usize = 10_000;
/// Pause after the outbox could not be read.
const PAUSE: Duration = Duration::from_millis(200);

/// Tells the bus what happens, until it is dropped. It begins with what happens after its making.
pub struct Feed {
    outbox: Outbox,
    renderers: Vec<Arc<dyn SocketRenderer>>,
    bus: Arc<dyn Bus>,
    /// Every event up to this number was looked at.
    position: i64,
    held: Held,
    /// Events that wait for a medium of their message.
    awaiting: JoinSet<Arc<EventView>>,
    /// The same events as they were read, by the task that waits.
    awaited: HashMap<TaskId, Arc<EventView>>,
    /// Topics of integrations that are paused, each with the first event that their sockets have missed.
    missed: HashMap<Topic, i64>,
}

/// The feed of a hub.
pub fn feed(outbox: Outbox, renderers: Vec<Arc<dyn SocketRenderer>>, bus: Arc<dyn Bus>) -> Feed {
    let position = *outbox.newest_event().borrow();
    let (held, awaiting) = (Held::default(), JoinSet::new());
    let (awaited, missed) = (HashMap::new(), HashMap::new());
    Feed { outbox, renderers, bus, position, held, awaiting, awaited, missed }
}

impl Feed {
    /// Works until it is dropped. One that broke goes on behind the event that it had in hand.
    pub async fn run(&mut self) {
        let (mut newest, mut changes) = (self.outbox.newest_event(), self.outbox.audience_changes());
        self.open_lanes().await;
        loop {
            let known = *newest.borrow_and_update();
            if let Err(error) = self.catch_up(known).await {
                tracing::warn!(%error, "the outbox could not be read for sockets; trying again");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            tokio::select! {
                Ok(()) = newest.changed() => {}
                Ok(()) = changes.changed() => {
                    self.wake_paused().await;
                    self.end_missed().await;
                }
                Some(ended) = self.awaiting.join_next_with_id() => self.waited(ended).await,
                else => return,
            }
        }
    }

    /// Looks at everything up to an event, which somebody may have waited for since it was read.
    async fn catch_up(&mut self, known: i64) -> hub::Result<()> {
        while self.position < known {
            if !self.bus.listens() {
                // Whoever comes now hears what happens from now on.
                self.position = known;
                self.held.forget_paused();
                self.missed.clear();
                return Ok(());
            }
            let (bus, kinds) = (&self.bus, self.kinds());
            let wanted = |app: AppKey, kind: EventType, _| kinds & kind.bit() != 0 && bus.listens_in(app);
            let (events, through) = self.outbox.after(self.position, READ_EVENTS, wanted).await?;
            let through = through.min(known);
            if through <= self.position {
                return Ok(());
            }
            for event in events.into_iter().filter(|event| event.sequence <= through) {
                self.position = event.sequence;
                if let Some(event) = self.held.queue(event) {
                    self.take(event).await;
                }
            }
            self.position = through;
            self.bound();
        }
        Ok(())
    }

    /// Lanes whose first event was in hand when the feed broke go on with the next one.
    async fn open_lanes(&mut self) {
        let awaited = self.awaited.values().map(|event| event.lane).collect();
        for lane in self.held.without_head(&awaited) {
            if let Some(next) = self.held.next(lane) {
                self.take(next).await;
            }
        }
    }

    fn kinds(&self) -> i64 {
        self.renderers.iter().fold(0, |bits, renderer| bits | renderer.kinds())
    }

    /// Takes an event whose turn it is, and those behind it as far as they may go.
    async fn take(&mut self, event: Arc<EventView>) {
        let mut next = Some(event);
        while let Some(event) = next {
            if event.awaits_media {
                self.held.hold(event.lane);
                let (outbox, asked) = (self.outbox.clone(), event.clone());
                let task = self.awaiting.spawn(async move { with_media(&outbox, asked).await });
                self.awaited.insert(task.id(), event);
                return;
            }
            next = self.tell(event).await;
        }
    }

    /// Publishes an event unless it has to wait for a paused integration; gives the one behind it. Whether it
    /// has to is asked again, since it may have been queued for long.
    async fn tell(&mut self, event: Arc<EventView>) -> Option<Arc<EventView>> {
        let event = match event.is_paused() {
            true => match self.outbox.event(event.sequence).await {
                Ok(Some(fresh)) => fresh,
                Ok(None) => return self.held.next(event.lane),
                Err(_) => event,
            },
            false => event,
        };
        if event.is_paused() {
            self.held.pause(event);
            return None;
        }
        self.publish(&event);
        self.held.next(event.lane)
    }

    /// The media of an event are there, or are not waited for any longer; or waiting for them broke, and the
    /// event goes without.
    async fn waited(&mut self, ended: Result<(TaskId, Arc<EventView>), JoinError>) {
        let event = match ended {
            Ok((task, event)) => self.awaited.remove(&task).map(|_| event),
            Err(error) => {
                tracing::error!(%error, "waiting for a medium ended unexpectedly");
                self.awaited.remove(&error.id())
            }
        };
        if let Some(event) = event {
            self.arrived(event).await;
        }
    }

    /// The turn of an event that waited has come.
    async fn arrived(&mut self, event: Arc<EventView>) {
        if let Some(next) = self.tell(event).await {
            self.take(next).await;
        }
    }

    /// Subscriptions, switchboards or integrations have changed: what is paused may go on. Of the events of
    /// one integration that is still paused only the first is read again.
    async fn wake_paused(&mut self) {
        let mut paused = HashSet::new();
        for event in self.held.take_paused() {
            let source = source_of(&event);
            if paused.contains(&source) {
                self.held.pause(event);
                continue;
            }
            let lane = event.lane;
            self.arrived(event).await;
            if self.held.is_paused(lane) {
                paused.insert(source);
            }
        }
    }

    /// Who was paused while something was said has a gap that nobody sees. Once it is not paused any more its
    /// sockets are ended, which a client sees, and the lists mend it.
    async fn end_missed(&mut self) {
        let missed: Vec<(Topic, i64)> = self.missed.iter().map(|(topic, event)| (*topic, *event)).collect();
        for (topic, event) in missed {
            let Ok(found) = self.outbox.event(event).await else { continue };
            if !found.is_some_and(|event| is_missed(&event, topic.integration)) {
                self.missed.remove(&topic);
                self.bus.end(topic);
            }
        }
    }

    /// Memory is bounded: sockets promise nothing to whoever waits long, the lists show it.
    fn bound(&mut self) {
        if self.held.events() > HELD_EVENTS_MAX {
            let events = self.held.forget_paused();
            tracing::warn!(events, "events of paused integrations are no longer kept for sockets");
        }
    }

    /// Writes the event once for each integration that hears it and is listened to.
    fn publish(&mut self, event: &EventView) {
        let Some(exchange) = &event.exchange else { return };
        for renderer in &self.renderers {
            for (integration, endpoint) in exchange.endpoints.iter() {
                let topic = Topic { form: renderer.form(), integration: *integration };
                if !self.bus.listens_to(topic) || !event.is_heard_over_sockets(endpoint, *integration) {
                    continue;
                }
                if event.rests(*integration) {
                    self.missed.entry(topic).or_insert(event.sequence);
                    continue;
                }
                let Some(text) = renderer.record(event, *integration) else { continue };
                self.bus.publish(Publication {
                    topic,
                    conversation: exchange.conversation_id,
                    sequence: event.sequence,
                    record: record(text),
                });
            }
        }
    }
}

/// Whether the sockets of an integration would hear an event and miss it, since it is paused.
fn is_missed(event: &EventView, integration: Id) -> bool {
    let endpoint = event.exchange.as_ref().and_then(|exchange| exchange.endpoints.get(&integration));
    event.rests(integration)
        && endpoint.is_some_and(|endpoint| event.is_heard_over_sockets(endpoint, integration))
}

/// The integration through which a message came.
fn source_of(event: &EventView) -> Option<Id> {
    event.message.as_ref()?.message.extra.source.as_ref()?.integration_id
}

/// The event as it is once its media are there, or are not waited for any longer (decision 27).
async fn with_media(outbox: &Outbox, event: Arc<EventView>) -> Arc<EventView> {
    let Some(message) = &event.message else { return event };
    loop {
        let found = match outbox.wait_for_media(message.message.key, event.at).await {
            Ok(()) => outbox.event(event.sequence).await,
            Err(error) => Err(error),
        };
        match found {
            // The message may say something else now.
            Ok(found) => return found.unwrap_or(event),
            Err(error) => tracing::warn!(%error, "a medium could not be asked for; trying again"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
