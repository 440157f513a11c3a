//! Reading the outbox.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use model::Id;
use model::audience::{EventFamily, Occasion};
use model::event::{EventDetail, EventType, SignalReceiver, Source};
use model::limits::{ATTEMPT_PAUSE_MAX_MS, MEDIUM_WAIT_MS};
use model::record::{
    AppKey, Client, ConversationKey, Device, MessageKey, Quoted, SubscriptionKey, User, UserKey,
};
use model::switchboard::{Board, Control, Seat};
use store::Read;
use store::rows::deliveries::{self, Lane, Parked, ReplayPlace};
use store::rows::events::{self, Event};
use store::rows::{
    accounts, apps, clients, conversations, devices, downloads, integrations, messages, settings,
    subscriptions, users,
};
use tokio::sync::watch;

use super::notice::notice;
use super::view::{ConversationBrief, EventView};
use super::{Dead, HeardApp, Outbox, Subscriber, readable};
use crate::error::Result;
use crate::exchange::{Exchange, customers_of, endpoints_of};
use crate::queries::messages as message_views;
use crate::rules::append::Recipient;
use crate::rules::board::load_board;
use crate::rules::seats;

/// Messages of a history, at most.
const HISTORY_MESSAGES_MAX: usize = 10;
/// Events that are read at once while those of one app are looked for.
const EVENTS_OF_A_LOOK: usize = 200;

/// What a look at the events of one app found.
pub(crate) struct Look {
    /// Its events, in order.
    pub(crate) events: Vec<Arc<EventView>>,
    /// The number of the last event that was looked at.
    pub(crate) through: i64,
    /// The event in front of which the look ended, since its media are still being fetched.
    pub(crate) awaited: Option<Arc<EventView>>,
}

impl Outbox {
    /// The number of the newest event; changes when events are committed.
    pub fn newest_event(&self) -> watch::Receiver<i64> {
        self.hub.store().newest_event()
    }

    /// Rises when what decides who hears of events was changed: subscriptions, switchboards, endpoints,
    /// pauses. It has risen when whoever changed it is answered.
    pub fn audience_changes(&self) -> watch::Receiver<u64> {
        self.hub.store().watch_audience()
    }

    /// The number of [`Outbox::audience_changes`]. Taken before a reader it says how old at most is what the
    /// reader shows.
    pub fn audience_version(&self) -> u64 {
        self.hub.store().audience_version()
    }

    /// The present moment.
    pub fn now(&self) -> model::Millis {
        self.hub.now()
    }

    /// Everybody who gets events, but for those of whom something is damaged.
    pub async fn subscribers(&self) -> Result<Vec<Arc<Subscriber>>> {
        let mut reader = self.hub.reader().await?;
        let found = subscriptions::all(&mut reader).await?;
        let paused_apps: HashSet<AppKey> = apps::paused(&mut reader).await?.into_iter().collect();
        let paused_integrations: HashSet<SubscriptionKey> =
            subscriptions::of_paused_integrations(&mut reader).await?.into_iter().collect();
        let open = |subscription: model::record::Subscription| {
            // A channel's subscription has none, since its secrets are the integration's; neither has a
            // setting's.
            let secret = match subscription.sealed_secret.is_empty() {
                true => String::new(),
                false => self.hub.sealer().open(&subscription.sealed_secret)?,
            };
            let paused =
                paused_apps.contains(&subscription.app) || paused_integrations.contains(&subscription.key);
            Ok(Arc::new(Subscriber { subscription, secret, paused }))
        };
        let open = |found: model::record::Subscription| readable("subscription", found.key.0, open(found));
        Ok(found.into_iter().map(open).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// Every lane that waits; none longer than a pause can be.
    pub async fn parked(&self) -> Result<Vec<Parked>> {
        let latest = self.now().plus(ATTEMPT_PAUSE_MAX_MS);
        let mut reader = self.hub.reader().await?;
        Ok(deliveries::all_parked(&mut reader, latest).await?)
    }

    /// Up to `limit` dead deliveries that are to be sent again, behind a place, and the place of the last one
    /// if there may be more.
    pub async fn to_replay(
        &self,
        after: ReplayPlace,
        limit: usize,
    ) -> Result<(Vec<Dead>, Option<ReplayPlace>)> {
        let mut reader = self.hub.reader().await?;
        Ok(deliveries::to_replay(&mut reader, after, limit).await?)
    }

    /// How many deliveries are dead, and how many lanes wait.
    pub async fn counts(&self) -> Result<(i64, i64)> {
        let mut reader = self.hub.reader().await?;
        Ok(deliveries::counts(&mut reader).await?)
    }

    /// Up to `limit` events behind a number, in order, with what their bodies may show. Events of apps for
    /// which `wanted` says no are left out, and those of which something is damaged; the number of the last
    /// one looked at comes beside.
    pub async fn after(
        &self,
        sequence: i64,
        limit: usize,
        wanted: impl Fn(AppKey, EventType, UserKey) -> bool + Send,
    ) -> Result<(Vec<Arc<EventView>>, i64)> {
        let version = self.audience_version();
        let mut reader = self.hub.reader().await?;
        let found = events::after(&mut reader, sequence, limit).await?;
        let through = found.last().map_or(sequence, |(number, _)| *number);
        let mut views = Vec::with_capacity(found.len());
        for event in found.into_iter().filter_map(|(_, event)| event) {
            if wanted(event.app, event.kind, event.user)
                && let Some(view) = self.view(&mut reader, version, event).await?
            {
                views.push(Arc::new(view));
            }
        }
        Ok((views, through))
    }

    /// Up to `limit` events of one app behind a number, in order. At most `looked_at` events of all
    /// apps are looked at, so that a page costs the same however many there are; the number up to which
    /// they were comes beside. The look ends in front of an event whose media are being fetched, as long as
    /// events wait for media.
    pub(crate) async fn of_app(
        &self,
        app: AppKey,
        sequence: i64,
        limit: usize,
        looked_at: usize,
    ) -> Result<Look> {
        let version = self.audience_version();
        let mut reader = self.hub.reader().await?;
        let mut look = Look { events: Vec::new(), through: sequence, awaited: None };
        // Retention leaves gaps; a look begins behind one, so that it always comes to an event.
        let first = events::first_after(&mut reader, sequence).await?;
        let last = first.saturating_add(looked_at as i64 - 1).min(events::newest(&mut reader).await?);
        while first > 0 && look.through < last {
            let found = events::of_app(&mut reader, app, look.through, last, EVENTS_OF_A_LOOK).await?;
            let is_all = found.len() < EVENTS_OF_A_LOOK;
            for (at, event) in found {
                if let Some(event) = event.filter(|event| !EventType::INNER.contains(&event.kind))
                    && let Some(view) = self.view(&mut reader, version, event).await?
                {
                    // What is of the future is from when the clock was ahead.
                    if view.awaits_media && self.now().since(view.at).abs() < MEDIUM_WAIT_MS {
                        look.awaited = Some(Arc::new(view));
                        return Ok(look);
                    }
                    look.events.push(Arc::new(view));
                }
                look.through = at;
                if look.events.len() == limit {
                    return Ok(look);
                }
            }
            if is_all {
                look.through = last;
            }
        }
        Ok(look)
    }

    /// One event; `None` when it is no longer kept, its app is gone, or something of it is damaged.
    pub async fn event(&self, sequence: i64) -> Result<Option<Arc<EventView>>> {
        let version = self.audience_version();
        let mut reader = self.hub.reader().await?;
        let found = events::by_sequence(&mut reader, sequence).await.map_err(Into::into);
        let Some(event) = readable("event", sequence, found)?.flatten() else { return Ok(None) };
        Ok(self.view(&mut reader, version, event).await?.map(Arc::new))
    }

    /// The numbers of the first events of a lane behind `after`, in order, `limit` at most. The chain is
    /// walked from its newest end, so this is for lanes that have waited, not for every event.
    pub async fn lane_after(&self, lane: Lane, after: i64, limit: usize) -> Result<Vec<i64>> {
        let mut reader = self.hub.reader().await?;
        let mut next = match lane {
            Lane::User(user) => events::newest_of_user(&mut reader, user).await?,
            Lane::Conversation(conversation) => {
                conversations::newest_event(&mut reader, conversation).await?
            }
        };
        let mut found = VecDeque::new();
        while next > after {
            found.push_front(next);
            found.truncate(limit);
            next = events::previous(&mut reader, next).await?;
        }
        Ok(found.into())
    }

    /// The event as it is told; `None` when its app is gone, or something that it shows is damaged.
    pub(super) async fn view(
        &self,
        read: &mut Read,
        version: u64,
        event: Event,
    ) -> Result<Option<EventView>> {
        let sequence = event.sequence;
        Ok(readable("event", sequence, self.read_view(read, version, event).await)?.flatten())
    }

    async fn read_view(&self, read: &mut Read, version: u64, event: Event) -> Result<Option<EventView>> {
        let Some(known) = self.heard_app(read, version, event.app).await? else { return Ok(None) };
        let mut event = event;
        let mut detail = event.detail.take().unwrap_or_default();
        let board = known.board.as_ref();
        let occasion = occasion(&event, &detail, board);
        let conversation =
            self.conversation(read, &known, event.conversation, event.control, &mut detail).await?;
        let mut people = Vec::new();
        let user = match detail.user.take() {
            Some(user) => Some(Arc::new(*user)),
            None => person(read, &mut people, event.user).await?,
        };
        let message = match event.kind {
            EventType::ConversationMessage
            | EventType::DeliveryChannel
            | EventType::DeliveryFailure
            | EventType::DeliveryUser
            | EventType::MessageRead => {
                self.message(read, &mut people, event.conversation, event.message).await?
            }
            _ => None,
        };
        let history = match event.kind {
            EventType::PassControl | EventType::OfferControl | EventType::AcceptControl => {
                self.history(read, &mut people, event.conversation, event.message).await?
            }
            _ => Vec::new(),
        };
        let client = match detail.client.take() {
            Some(client) => Some(*client),
            // Who gets a message is no part of what is told of it.
            None if event.kind == EventType::ConversationMessage => None,
            None => clients::by_key(read, event.client).await?,
        };
        let awaits_media = awaits_media(read, event.kind, message.as_ref()).await?;
        let source =
            message.as_ref().and_then(|view| view.message.extra.source.as_ref()).or(detail.source.as_ref());
        let through = source.and_then(|source| source.integration_id);
        let came_through_paused =
            through.is_some_and(|through| known.paused.iter().any(|(_, id)| *id == through));
        let (source_client, source_device) = source_parts(read, event.app, source).await?;
        let exchange = exchange(read, &known, conversation.as_ref(), event.conversation).await?;
        let notice = notice(&self.hub, read, &known, &event, &detail).await?;
        Ok(Some(EventView {
            sequence: event.sequence,
            id: event.id,
            at: event.at,
            kind: event.kind,
            app: event.app,
            app_id: known.id,
            lane: Lane::of(event.conversation, event.user),
            conversation,
            user,
            message,
            client,
            source_client,
            source_device,
            detail,
            history,
            people,
            awaits_media,
            came_through_paused,
            exchange,
            notice,
            recipient: Recipient { client: event.client, integration: event.integration },
            occasion,
            known,
        }))
    }

    async fn conversation(
        &self,
        read: &mut Read,
        known: &HeardApp,
        key: ConversationKey,
        control: Control,
        detail: &mut EventDetail,
    ) -> Result<Option<ConversationBrief>> {
        let (active, pending) = seats::shown(known.board.as_ref(), control);
        if let Some(removed) = detail.conversation.take() {
            let (id, group, metadata) = (removed.id, removed.group, removed.metadata);
            return Ok(Some(ConversationBrief { id, group, metadata, active, pending }));
        }
        if key == ConversationKey(0) {
            return Ok(None);
        }
        Ok(conversations::by_key(read, key).await?.map(|found| ConversationBrief {
            id: found.id,
            group: found.group,
            metadata: found.metadata,
            active,
            pending,
        }))
    }

    /// The message of an event. One that was deleted meanwhile is told as deleted.
    async fn message(
        &self,
        read: &mut Read,
        people: &mut Vec<Arc<User>>,
        conversation: ConversationKey,
        key: MessageKey,
    ) -> Result<Option<crate::MessageView>> {
        let Some(message) = messages::by_key_even_deleted(read, key).await? else { return Ok(None) };
        let mut authors = vec![message.author.user];
        if let Some(Quoted::Message(quoted)) = &message.extra.quoted
            && let Some(quoted) = messages::by_key(read, *quoted).await?
        {
            authors.push(quoted.author.user);
        }
        for author in authors.into_iter().flatten() {
            person(read, people, author).await?;
        }
        Ok(message_views::views(read, conversation, vec![message]).await?.pop())
    }

    async fn history(
        &self,
        read: &mut Read,
        people: &mut Vec<Arc<User>>,
        conversation: ConversationKey,
        last: MessageKey,
    ) -> Result<Vec<crate::MessageView>> {
        let floor = conversations::by_key(read, conversation).await?.map_or(0, |found| found.state.floor);
        let found = message_views::newest_up_to(read, last, floor, HISTORY_MESSAGES_MAX).await?;
        for author in found.iter().filter_map(|message| message.author.user) {
            person(read, people, author).await?;
        }
        message_views::views(read, conversation, found).await
    }

    /// The app of an event. `version` is the number of the changes that was taken before `read` was. While it
    /// is still that number, what is remembered at it is what `read` shows; after that `read` itself is
    /// asked, and nothing is remembered.
    async fn heard_app(&self, read: &mut Read, version: u64, app: AppKey) -> Result<Option<Arc<HeardApp>>> {
        let remembered = self.hub.directory().heard_apps();
        let is_current = self.hub.store().is_audience(version);
        if is_current && let Some(found) = remembered.get(&app, version) {
            return Ok(Some(found));
        }
        let Some(found) = apps::by_key(read, app).await? else { return Ok(None) };
        let board = load_board(read, app).await?.map(|(_, board)| board);
        let paused = integrations::paused_of_app(read, app).await?;
        let account_id = accounts::by_key(read, found.account).await?.map_or(Id::MIN, |account| account.id);
        let endpoints = endpoints_of(read, app).await?;
        let tells_settings = !settings::notices(read, app).await?.is_empty();
        let found = HeardApp {
            id: found.id,
            board,
            paused,
            all_paused: found.settings.paused,
            account_id,
            endpoints,
            tells_settings,
        };
        Ok(Some(match is_current {
            true => remembered.put(app, version, found),
            false => Arc::new(found),
        }))
    }
}

/// What of an event decides who is told.
fn occasion(event: &Event, detail: &EventDetail, board: Option<&Board>) -> Occasion {
    let seated = |control: Control| board.map_or(Control::NONE, |board| board.seated(control));
    let previous = match (detail.previous_active, detail.previous_pending) {
        (Some(active), Some(pending)) => Control::from_stored(active, pending).unwrap_or(event.control),
        _ => event.control,
    };
    // What is meant for one endpoint reaches it wherever control is.
    let is_for_one =
        detail.signal.as_ref().is_some_and(|signal| matches!(signal.receiver, SignalReceiver::Endpoint(_)));
    Occasion {
        family: if is_for_one { EventFamily::Unfiltered } else { event.kind.into() },
        control: seated(event.control),
        previous: seated(previous),
        caller: detail.caller.and_then(Seat::from_stored),
    }
}

/// Whether media of a message are still being fetched, when it is the message that is told.
async fn awaits_media(
    read: &mut Read,
    kind: EventType,
    message: Option<&crate::MessageView>,
) -> Result<bool> {
    let message = message.map(|view| &view.message);
    match message.filter(|message| kind == EventType::ConversationMessage && message.kind.has_media()) {
        Some(message) => Ok(downloads::has_waiting(read, message.key).await?),
        None => Ok(false),
    }
}

/// A conversation as the endpoints of its app see it, if there are any.
async fn exchange(
    read: &mut Read,
    known: &HeardApp,
    conversation: Option<&ConversationBrief>,
    key: ConversationKey,
) -> Result<Option<Exchange>> {
    let Some(conversation) = conversation.filter(|_| !known.endpoints.is_empty()) else { return Ok(None) };
    let responder = conversation.active.as_ref().and_then(|member| member.integration_id.as_deref());
    Ok(Some(Exchange {
        account_id: known.account_id,
        app_id: known.id,
        conversation_id: conversation.id,
        customers: customers_of(read, key).await?,
        responder: responder.and_then(|id| id.parse().ok()),
        endpoints: known.endpoints.clone(),
    }))
}

/// The client and the device of a source.
async fn source_parts(
    read: &mut Read,
    app: AppKey,
    source: Option<&Source>,
) -> Result<(Option<Client>, Option<Device>)> {
    let Some(source) = source else { return Ok((None, None)) };
    let client = match source.client_id {
        Some(id) => clients::by_id(read, app, id).await?,
        None => None,
    };
    let device = match source.device_id {
        Some(id) => devices::by_id(read, app, id).await?,
        None => None,
    };
    Ok((client, device))
}

/// A user for an event, remembered for the messages that refer to the same one.
async fn person(read: &mut Read, people: &mut Vec<Arc<User>>, key: UserKey) -> Result<Option<Arc<User>>> {
    if key == UserKey(0) {
        return Ok(None);
    }
    if let Some(known) = people.iter().find(|user| user.key == key) {
        return Ok(Some(known.clone()));
    }
    let Some(found) = users::by_key(read, key).await?.map(Arc::new) else { return Ok(None) };
    people.push(found.clone());
    Ok(Some(found))
}
