//! What either side says, and how the list of a conversation shows it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use model::content::{Content, ContentKind, Text};
use model::event::{EventDetail, EventType, Postback};
use model::patch::Patch;
use model::record::{
    ClientStatus, Conversation, ConversationKey, EventForm, IntegrationKey, MessageExtra, ParticipantKey,
    Role, UserKey,
};
use model::{Id, Millis};
use serde_json::json;
use store::rows::conversations::{self, NewConversation};
use store::rows::{clients, endpoints, participants, presses, users};
use store::{Ctx, Tx};

use super::{
    Asker, EstablishDraft, HandOver, HandOverDraft, Said, SayDraft, SignalDraft, Signalled, Speaker,
};
use crate::commands::conversation::delete::mark_deleted;
use crate::error::{HubError, Result, Thing};
use crate::queries::exchanges::{Entry, Listed};
use crate::rules::append::{self, Appended};
use crate::rules::emit::{self, EventDraft};
use crate::test_support::House;
use crate::{
    EndpointDraft, EndpointPatch, EndpointSettings, Grant, MemberPatch, ProfilePatch, UserPatch, UserRef,
};
use model::event::ActivityKind;

/// A house with a customer's endpoint, an agent and a bot, which answers first, and a conversation.
struct Desk {
    house: House,
    grant: Grant,
    customers: Id,
    agent: Id,
    bot: Id,
    conversation: Id,
}

fn draft(name: &str, role: Role, settings: EndpointSettings) -> EndpointDraft {
    EndpointDraft {
        name: name.into(),
        paused: false,
        role,
        surface: "Direct".into(),
        form: EventForm::Hubster,
        config: Default::default(),
        secrets: Default::default(),
        account: None,
        settings,
    }
}

impl Desk {
    async fn open() -> Desk {
        let house = House::open();
        let grant = house.app().await;
        let make = async |name: &str, role| {
            let settings = EndpointSettings::default();
            house.hub.create_endpoint(&grant, draft(name, role, settings)).await.unwrap().integration.id
        };
        let customers = make("customers", Role::Customer).await;
        let (agent, bot) = (make("agent", Role::Agent).await, make("bot", Role::Bot).await);
        let mut desk = Desk { conversation: customers, house, grant, customers, agent, bot };
        desk.conversation = desk.establish("ann").await;
        desk
    }

    async fn establish(&self, binding: &str) -> Id {
        self.establish_as(binding, None).await
    }

    async fn establish_as(&self, binding: &str, name: Option<String>) -> Id {
        self.house.clock.advance(1);
        let draft = EstablishDraft {
            integration: self.customers,
            binding: binding.into(),
            name,
            friendly_name: "Friendly Fox".into(),
            properties: Default::default(),
            visit: None,
        };
        self.house.hub.establish(&self.grant, draft).await.unwrap().conversation.id
    }

    /// Says something at the present moment.
    async fn say(&self, speaker: Speaker, text: &str) -> Result<Said> {
        let content = Content::Text(Text { text: Some(text.into()), ..Text::default() });
        let draft = SayDraft { speaker, content, original: None, external_id: None };
        self.house.hub.say(&self.grant, self.conversation, draft).await
    }

    async fn types(&self, speaker: Speaker) -> Result<Said> {
        let signalled = Signalled::Activity(ActivityKind::TypingStart);
        let draft = SignalDraft { speaker, signalled, external_id: None };
        self.house.hub.signal(&self.grant, self.conversation, draft).await
    }

    async fn take_over(&self, endpoint: Id) -> Result<Said> {
        let (body, external_id) = (json!({ "type": "payload" }), Some("mine".to_owned()));
        let wanted = HandOverDraft { endpoint, way: HandOver::Take, body, external_id };
        self.house.hub.hand_over(&self.grant, self.conversation, wanted).await
    }

    async fn list(&self, role: Role, after: Millis) -> Vec<Entry> {
        let hub = &self.house.hub;
        let (conversation, exchange) = hub.exchange(&self.grant, self.conversation).await.unwrap();
        hub.entries_after(&conversation, &exchange, (role, after), 1_000).await.unwrap()
    }

    async fn key(&self) -> ConversationKey {
        self.house.hub.exchange(&self.grant, self.conversation).await.unwrap().0.key
    }

    /// Adds a slice of texts of the customer in one transaction.
    async fn fill(&self, count: usize) {
        let key = self.key().await;
        let app = self.grant.app.clone();
        self.house.write(move |tx, ctx| Box::pin(fill(tx, ctx, app.clone(), key, count))).await;
    }

    /// The customer presses a button.
    async fn press(&self, payload: &str) {
        let (key, payload) = (self.key().await, payload.to_owned());
        self.house.write(move |tx, ctx| Box::pin(press(tx, ctx, key, payload.clone()))).await;
    }
}

fn text_of(user: UserKey, place: ParticipantKey) -> Appended<'static> {
    static EXTRA: std::sync::LazyLock<MessageExtra> = std::sync::LazyLock::new(MessageExtra::default);
    Appended {
        author: Some((user, place)),
        shown: Default::default(),
        kind: ContentKind::Text,
        content: r#"{"type":"text","text":"more"}"#,
        metadata: None,
        extra: &EXTRA,
        attachments: &[],
        original: None,
    }
}

async fn fill(
    tx: &mut Tx,
    ctx: &Ctx,
    app: std::sync::Arc<model::record::App>,
    key: ConversationKey,
    count: usize,
) -> Result<()> {
    let mut conversation = conversations::by_key(tx, key).await?.unwrap();
    let client = clients::of_conversation(tx, key).await?.remove(0);
    let place = participants::key_of(tx, key, client.user).await?.unwrap();
    for _ in 0..count {
        append::append(tx, ctx, &app, &mut conversation, text_of(client.user, place)).await?;
    }
    Ok(conversations::save_state(tx, key, &conversation.state).await?)
}

async fn press(tx: &mut Tx, ctx: &Ctx, key: ConversationKey, payload: String) -> Result<()> {
    let mut conversation = conversations::by_key(tx, key).await?.unwrap();
    let postback = Some(Postback { payload, metadata: None });
    let detail = Some(EventDetail { postback, ..EventDetail::default() });
    let draft = EventDraft { detail, ..EventDraft::default() };
    emit::and_save(tx, ctx, EventType::ConversationPostback, &mut conversation, draft).await
}

/// Closed conversations of a client, more than a list holds.
async fn add_closed(tx: &mut Tx, ctx: &Ctx, like: Conversation, count: usize) -> Result<()> {
    let client = clients::of_conversation(tx, like.key).await?.remove(0);
    for _ in 0..count {
        let new = NewConversation {
            id: ctx.id(),
            app: like.app,
            group: false,
            owner: Some(client.user),
            is_default: false,
            name: None,
            description: None,
            icon_url: None,
            metadata: None,
            created_at: ctx.now,
        };
        let key = conversations::insert(tx, &new).await?;
        let place = participants::insert(tx, ctx.id(), key, new.id, client.user, 0).await?;
        participants::associate(tx, place, client.key, ctx.now).await?;
        let mut state = conversations::by_key(tx, key).await?.unwrap().state;
        state.closed_at = Some(ctx.now);
        conversations::save_state(tx, key, &state).await?;
    }
    Ok(())
}

/// What entries say.
fn words(entries: &[Entry]) -> Vec<String> {
    let word = |entry: &Entry| match &entry.listed {
        Listed::Press(press) => format!("[{}]", press.payload),
        Listed::Message(message) => match serde_json::from_str(&message.content).unwrap() {
            Content::Text(text) => text.text.unwrap_or_default(),
            other => panic!("no text: {other:?}"),
        },
    };
    entries.iter().map(word).collect()
}

fn responders(entries: &[Entry]) -> Vec<Option<Id>> {
    entries.iter().map(|entry| entry.responder).collect()
}

#[tokio::test]
async fn open_conversations_are_listed_however_many_are_closed() {
    let desk = Desk::open().await;
    let hub = &desk.house.hub;
    let (oldest, _) = hub.exchange(&desk.grant, desk.conversation).await.unwrap();
    desk.house.write(move |tx, ctx| Box::pin(add_closed(tx, ctx, oldest.clone(), 1_001))).await;
    let (newer, gone) = (desk.establish("bob").await, desk.establish("eve").await);
    let gone = hub.exchange(&desk.grant, gone).await.unwrap().0;
    desk.house.write(move |tx, ctx| Box::pin(mark_deleted(tx, ctx, gone.clone()))).await;
    // Somebody on no channel can be answered, too.
    let user = desk.house.user(&desk.grant, "zoe").await;
    let zoes = desk.house.conversation(&desk.grant, &[&user]).await;
    let found: Vec<Id> =
        hub.list_exchanges(&desk.grant).await.unwrap().into_iter().map(|(found, _)| found.id).collect();
    assert_eq!(found, [desk.conversation, newer, zoes]);
}

#[tokio::test]
async fn what_concerns_a_side_is_found_behind_a_thousand_messages_of_another() {
    let desk = Desk::open().await;
    desk.say(Speaker::Customer, "hello").await.unwrap();
    desk.fill(1_100).await;
    desk.say(Speaker::Endpoint(desk.agent), "here").await.unwrap();
    // All before were for the bot.
    assert_eq!(words(&desk.list(Role::Agent, Millis(0)).await), ["here"]);
    let first = desk.list(Role::Customer, Millis(0)).await;
    assert_eq!((first.len(), words(&first)[0].as_str()), (1_000, "hello"));
    let last = match &first.last().unwrap().listed {
        Listed::Message(message) => message.received,
        Listed::Press(press) => press.at,
    };
    let rest = desk.list(Role::Customer, last).await;
    assert_eq!((rest.len(), words(&rest).pop().unwrap().as_str()), (102, "here"));
    assert_eq!(desk.list(Role::Bot, last).await.len(), 101);
}

#[tokio::test]
async fn who_got_a_message_stays_so_whoever_answers_later() {
    let desk = Desk::open().await;
    let hub = &desk.house.hub;
    desk.say(Speaker::Customer, "to the bot").await.unwrap();
    desk.take_over(desk.agent).await.unwrap();
    desk.say(Speaker::Customer, "to the agent").await.unwrap();
    let both = [Some(desk.bot), Some(desk.agent)];
    let seen = async || {
        let bots = words(&desk.list(Role::Bot, Millis(0)).await);
        let agents = words(&desk.list(Role::Agent, Millis(0)).await);
        (bots, agents, responders(&desk.list(Role::Customer, Millis(0)).await))
    };
    let wanted = (vec!["to the bot".to_owned()], vec!["to the agent".to_owned()], both.to_vec());
    assert_eq!(seen().await, wanted);
    hub.close_conversation(&desk.grant, desk.conversation).await.unwrap();
    assert_eq!(seen().await, wanted);
    // Even when the integrations are gone.
    for gone in [desk.bot, desk.agent] {
        desk.house.clock.advance(1);
        hub.unseat_and_delete_integration(&desk.grant, gone).await.unwrap();
    }
    assert_eq!(seen().await, wanted);
}

#[tokio::test]
async fn moments_rise_strictly_over_messages_events_and_takeovers() {
    let desk = Desk::open().await;
    let mut moments = Vec::new();
    // The clock stands still.
    for number in 0..3 {
        moments.push(desk.types(Speaker::Customer).await.unwrap().at);
        moments.push(desk.say(Speaker::Customer, &number.to_string()).await.unwrap().at);
        moments.push(desk.types(Speaker::Endpoint(desk.agent)).await.unwrap().at);
        moments.push(desk.take_over(desk.agent).await.unwrap().at);
    }
    assert!(moments.is_sorted_by(|earlier, later| earlier < later), "{moments:?}");
    let heard = [EventType::ConversationTyping, EventType::BusinessActivity];
    let told: Vec<Millis> = desk.house.events_of(&heard).await.into_iter().map(|event| event.at).collect();
    assert_eq!(told, [0, 2, 4, 6, 8, 10].map(|nth| moments[nth]));
    // Whoever heard a sign of typing last reads on with the message behind it.
    assert_eq!(words(&desk.list(Role::Customer, moments[4]).await), ["1", "2"]);
}

#[tokio::test]
async fn pressed_buttons_stand_among_the_messages_until_those_are_deleted() {
    let desk = Desk::open().await;
    let hub = &desk.house.hub;
    desk.say(Speaker::Customer, "one").await.unwrap();
    desk.press("A").await;
    desk.say(Speaker::Endpoint(desk.agent), "two").await.unwrap();
    desk.press("B").await;
    let all = desk.list(Role::Customer, Millis(0)).await;
    assert_eq!(words(&all), ["one", "[A]", "two", "[B]"]);
    assert_eq!(responders(&all), [Some(desk.bot), Some(desk.bot), None, Some(desk.agent)]);
    assert_eq!(words(&desk.list(Role::Bot, Millis(0)).await), ["one", "[A]"]);
    let Listed::Press(press) = &all[1].listed else { panic!("{all:?}") };
    assert_eq!(words(&desk.list(Role::Customer, press.at).await), ["two", "[B]"]);
    hub.delete_all_messages(&desk.grant, desk.conversation).await.unwrap();
    desk.press("C").await;
    hub.sweep().await.unwrap();
    assert_eq!(words(&desk.list(Role::Customer, Millis(0)).await), ["[C]"]);
    let gone = hub.exchange(&desk.grant, desk.conversation).await.unwrap().0;
    let key = gone.key;
    desk.house.write(move |tx, ctx| Box::pin(mark_deleted(tx, ctx, gone.clone()))).await;
    hub.sweep().await.unwrap();
    let reader = &mut hub.reader().await.unwrap();
    assert_eq!(presses::after(reader, key, Millis(0), 10).await.unwrap(), []);
}

#[tokio::test]
async fn control_of_a_customer_who_rests_does_not_move() {
    let desk = Desk::open().await;
    desk.say(Speaker::Customer, "hello").await.unwrap();
    let patch = EndpointPatch { paused: Some(true), ..EndpointPatch::default() };
    desk.house.hub.update_endpoint(&desk.grant, desk.customers, EventForm::Hubster, patch).await.unwrap();
    assert!(matches!(desk.take_over(desk.agent).await, Err(HubError::Paused)));
}

#[tokio::test]
async fn who_comes_next_and_rests_is_passed_over() {
    let desk = Desk::open().await;
    let hub = &desk.house.hub;
    let other = hub.create_endpoint(&desk.grant, draft("other", Role::Agent, EndpointSettings::default()));
    let other = other.await.unwrap().integration.id;
    let board = hub.list_switchboards(&desk.grant).await.unwrap().remove(0).switchboard.id;
    let members = hub.list_switchboard_integrations(&desk.grant, board).await.unwrap();
    let seat = |id: Id| members.iter().find(|view| view.member.integration_id == id).unwrap().member.id;
    let next = Patch::Set(seat(other).to_string());
    let patch = MemberPatch { next, ..MemberPatch::default() };
    hub.update_switchboard_integration(&desk.grant, board, seat(desk.bot), patch).await.unwrap();
    desk.say(Speaker::Customer, "hello").await.unwrap();
    let paused = EndpointPatch { paused: Some(true), ..EndpointPatch::default() };
    hub.update_endpoint(&desk.grant, other, EventForm::Hubster, paused).await.unwrap();
    let wanted = |way| HandOverDraft { endpoint: desk.bot, way, body: json!({}), external_id: None };
    let to_itself = wanted(HandOver::Give(Some(desk.bot)));
    let refused = hub.hand_over(&desk.grant, desk.conversation, to_itself).await.unwrap_err();
    assert!(matches!(refused, HubError::OwnTarget), "{refused:?}");
    let wanted = wanted(HandOver::Give(None));
    hub.hand_over(&desk.grant, desk.conversation, wanted).await.unwrap();
    let told = desk.house.events_of(&[EventType::Signal]).await.pop().unwrap().detail.unwrap();
    let receiver = told.signal.unwrap().receiver;
    assert_eq!(receiver, model::event::SignalReceiver::Endpoint(desk.agent));
}

#[tokio::test]
async fn whoever_cannot_be_reached_is_told_apart() {
    let desk = Desk::open().await;
    let hub = &desk.house.hub;
    desk.say(Speaker::Customer, "hello").await.unwrap();
    let key = desk.key().await;
    for status in [ClientStatus::Blocked, ClientStatus::Inactive] {
        desk.house.write(move |tx, _| Box::pin(set_status(tx, key, status))).await;
        let refused = desk.say(Speaker::Endpoint(desk.agent), "are you there?").await;
        assert!(matches!(refused, Err(HubError::Closed)), "{refused:?}");
    }
    desk.house.write(move |tx, _| Box::pin(set_status(tx, key, ClientStatus::Active))).await;
    desk.say(Speaker::Endpoint(desk.agent), "welcome back").await.unwrap();
    hub.delete_integration(&desk.grant, desk.customers).await.unwrap();
    for refused in [desk.say(Speaker::Endpoint(desk.agent), "and now?").await, desk.take_over(desk.bot).await]
    {
        assert!(matches!(refused, Err(HubError::Terminated)), "{refused:?}");
    }
    // What was said is there, and who it was.
    let kept = hub.endpoint_even_deleted(&desk.grant, desk.customers).await.unwrap();
    assert_eq!(kept.endpoint.map(|endpoint| (endpoint.role, endpoint.target)), Some((Role::Customer, None)));
    assert_eq!(desk.list(Role::Customer, Millis(0)).await.len(), 2);
    assert!(hub.was_integration(&desk.grant.caller, desk.customers).await.unwrap());
    assert!(!hub.was_integration(&desk.grant.caller, desk.agent).await.unwrap());
}

async fn set_status(tx: &mut Tx, key: ConversationKey, status: ClientStatus) -> Result<()> {
    let client = clients::of_conversation(tx, key).await?.remove(0);
    Ok(clients::set_seen(tx, client.key, status, None).await?)
}

#[tokio::test]
async fn a_speakers_own_id_goes_with_takeovers_and_with_what_commands_send() {
    let desk = Desk::open().await;
    let hub = &desk.house.hub;
    desk.say(Speaker::Customer, "hello").await.unwrap();
    desk.take_over(desk.agent).await.unwrap();
    let asker = || Asker { endpoint: desk.agent, external_id: Some("asked".into()) };
    hub.signal_for(&desk.grant, desk.conversation, asker(), json!({})).await.unwrap();
    hub.answer_endpoint(&desk.grant, desk.conversation, asker(), json!({})).await.unwrap();
    let signals = desk.house.events_of(&[EventType::Signal]).await;
    let ids: Vec<Option<String>> =
        signals.into_iter().map(|event| event.detail.and_then(|detail| detail.external_id)).collect();
    assert_eq!(ids, [Some("mine".to_owned()), Some("asked".to_owned()), Some("asked".to_owned())]);
}

#[tokio::test]
async fn a_deleted_endpoint_keeps_nothing_but_who_spoke() {
    let house = House::open();
    let grant = house.app().await;
    let settings = EndpointSettings {
        echo: true,
        target: Some("https://hooks.example.org/bot".into()),
        ..EndpointSettings::default()
    };
    let made = house.hub.create_endpoint(&grant, draft("bot", Role::Bot, settings)).await.unwrap();
    house.hub.unseat_and_delete_integration(&grant, made.integration.id).await.unwrap();
    let reader = &mut house.hub.reader().await.unwrap();
    let key: IntegrationKey = made.integration.key;
    let kept = endpoints::of_integration(reader, key).await.unwrap().unwrap();
    assert_eq!((kept.role, kept.surface.as_str()), (Role::Bot, "Direct"));
    assert_eq!((kept.target, kept.public_key, kept.sealed_private_key), (None, None, None));
}

#[tokio::test]
async fn a_customer_without_a_name_of_their_own_is_called_as_their_channel_calls_them() {
    let desk = Desk::open().await;
    let (_, exchange) = desk.house.hub.exchange(&desk.grant, desk.conversation).await.unwrap();
    let user = exchange.customer().unwrap().user;
    let user = users::by_key(&mut desk.house.hub.reader().await.unwrap(), user).await.unwrap().unwrap();
    let shown = async || {
        desk.say(Speaker::Customer, "Hello").await.unwrap();
        let newest = desk.list(Role::Customer, Millis(0)).await.pop().unwrap();
        let Listed::Message(message) = newest.listed else { panic!("{newest:?}") };
        message.author.shown.display_name
    };
    let name = |name| ProfilePatch { given_name: name, ..ProfilePatch::default() };
    for (given, called) in [(Patch::Set("Eva".to_owned()), "Eva"), (Patch::Clear, "Friendly Fox")] {
        let patch = UserPatch { profile: Patch::Set(name(given)), ..UserPatch::default() };
        let whom = UserRef::new(user.id.to_string());
        desk.house.hub.update_user(&desk.grant, whom, patch).await.unwrap();
        desk.house.clock.advance(1);
        assert_eq!(shown().await.as_deref(), Some(called));
    }
}

#[tokio::test]
async fn a_customers_name_fits_the_core() {
    let desk = Desk::open().await;
    let named = async |name: &str| {
        let conversation = desk.establish_as("eva", Some(name.to_owned())).await;
        let (_, exchange) = desk.house.hub.exchange(&desk.grant, conversation).await.unwrap();
        let client = exchange.customer().unwrap().clone();
        let reader = &mut *desk.house.hub.reader().await.unwrap();
        let user = users::by_key(reader, client.user).await.unwrap().unwrap();
        (client.display_name.unwrap(), user.profile.given_name.unwrap())
    };
    let both = |name: &str| (name.to_owned(), name.to_owned());
    assert_eq!(named(" ").await, both("Friendly Fox"));
    let cut = format!("{}…", "E".repeat(99));
    assert_eq!(named(&"E".repeat(101)).await, both(&cut));
    assert_eq!(named(" Eva ").await, both("Eva"));
}

#[tokio::test]
async fn who_comes_back_while_their_user_is_removed_begins_anew() {
    let desk = Desk::open().await;
    desk.say(Speaker::Customer, "hello").await.unwrap();
    let (_, exchange) = desk.house.hub.exchange(&desk.grant, desk.conversation).await.unwrap();
    let key = exchange.customer().unwrap().user;
    let user = users::by_key(&mut desk.house.hub.reader().await.unwrap(), key).await.unwrap().unwrap();
    desk.house.hub.delete_user(&desk.grant, UserRef::new(user.id.to_string())).await.unwrap();
    let refused = desk.say(Speaker::Customer, "am I still here?").await;
    assert!(matches!(refused, Err(HubError::NotFound(Thing::Conversation))), "{refused:?}");
    let anew = desk.establish("ann").await;
    assert_ne!(anew, desk.conversation);
    desk.house.hub.sweep().await.unwrap();
    assert_eq!(desk.establish("ann").await, anew);
}
