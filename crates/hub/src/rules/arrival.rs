//! Where something of a customer goes that comes through a channel: whose it is, and in which
//! conversation.

use model::channel::Person;
use model::event::{EventDetail, EventType, Source};
use model::fit;
use model::limits::{CONVERSATION_MESSAGES_MAX, NAME_CHARS_MAX};
use model::record::{
    App, Client, ClientStatus, Conversation, Integration, IntegrationKey, ParticipantKey, Profile, User,
    UserKey,
};
use serde_json::Value;
use store::rows::conversations::{self, NewConversation};
use store::rows::{clients, participants, speakers, users};
use store::{Ctx, Read, Tx};

use super::assignment::assign_default;
use super::emit::{self, EventDraft};
use crate::error::{OrNotFound, Result, Thing};

/// Why a conversation begins by itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beginning {
    /// `none`, `message`, `startConversation`, …
    pub reason: &'static str,
    /// Through what it came.
    pub source: Option<Source>,
    /// How the customer came.
    pub referral: Option<Value>,
}

/// The person behind a channel's id, if they have been here before. Of a user whose removal has begun only the rows
/// are left: whoever comes back is somebody new.
pub(crate) async fn known(
    tx: &mut Tx,
    integration: IntegrationKey,
    external_id: &str,
) -> Result<Option<Known>> {
    let Some(found) = speakers::on_channel(tx, integration, external_id).await? else { return Ok(None) };
    let speakers::Person { client, user, is_awaited, has_choices } = found;
    let Some(user) = user else {
        clients::clear_external_id(tx, client.key).await?;
        return Ok(None);
    };
    Ok(Some(Known { client, user, is_awaited, has_choices }))
}

/// Somebody who has been here before.
pub(crate) struct Known {
    pub client: Client,
    pub user: User,
    /// Whether a link waits for them besides.
    pub is_awaited: bool,
    /// Whether choices were offered to them whose press does not bring a payload back.
    pub has_choices: bool,
}

/// A client and its user, with what the channel says of the person. Both are made when the person is
/// new.
pub(crate) async fn person(
    tx: &mut Tx,
    ctx: &Ctx,
    app: &App,
    integration: &Integration,
    person: &Person,
) -> Result<(Client, User)> {
    match known(tx, integration.key, &person.external_id).await? {
        Some(known) => Ok((known.client, known.user)),
        None => newcomer(tx, ctx, app, integration, person).await,
    }
}

/// Makes the client and the user of a new person.
pub(crate) async fn newcomer(
    tx: &mut Tx,
    ctx: &Ctx,
    app: &App,
    integration: &Integration,
    person: &Person,
) -> Result<(Client, User)> {
    let mut user = User {
        key: UserKey::default(),
        id: ctx.id(),
        app: app.key,
        external_id: None,
        brand_id: None,
        authenticated: false,
        signed_up_at: ctx.now,
        to_be_retained: None,
        profile: Profile::default(),
        metadata: Default::default(),
        identities: Vec::new(),
        zendesk_id: None,
        created_at: ctx.now,
    };
    fill_profile(&mut user.profile, person);
    user.key = users::insert(tx, &user).await?;
    let mut client = Client {
        key: Default::default(),
        id: ctx.id(),
        user: user.key,
        kind: integration.kind.clone(),
        status: ClientStatus::Active,
        integration: Some(integration.key),
        integration_id: Some(integration.id),
        external_id: Some(person.external_id.clone()),
        last_seen: Some(ctx.now),
        linked_at: Some(ctx.now),
        display_name: None,
        avatar_url: None,
        info: None,
        raw: None,
        link: None,
    };
    describe(&mut client, person);
    client.key = clients::insert(tx, app.key, &client).await?;
    Ok((client, user))
}

/// Takes over what the channel says of the person; gives whether that is news.
pub(crate) fn describe(client: &mut Client, person: &Person) -> bool {
    fn take<T: Clone + PartialEq>(known: &mut Option<T>, told: Option<&T>) -> bool {
        let is_news = told.is_some() && known.as_ref() != told;
        if is_news {
            *known = told.cloned();
        }
        is_news
    }
    let info = Some(&person.info).filter(|info| !info.is_empty());
    let raw = Some(&person.raw).filter(|raw| !raw.is_empty());
    // Each is taken, whatever the others are.
    take(&mut client.display_name, called(person).as_ref())
        | take(&mut client.avatar_url, person.avatar_url.as_ref())
        | take(&mut client.info, info)
        | take(&mut client.raw, raw)
}

/// Fills what the profile does not say yet (sunshine-v2.md §4.2); gives whether that was anything.
pub(crate) fn fill_profile(profile: &mut Profile, person: &Person) -> bool {
    let before = profile.clone();
    let take = |field: &mut Option<String>, told: &Option<String>| {
        if field.is_none() {
            *field =
                told.as_deref().filter(|told| !told.is_empty()).map(|told| fit::cut(told, NAME_CHARS_MAX));
        }
    };
    take(&mut profile.given_name, &person.given_name);
    take(&mut profile.surname, &person.surname);
    take(&mut profile.locale, &person.locale);
    if profile.avatar_url.is_none() {
        profile.avatar_url.clone_from(&person.avatar_url);
    }
    *profile != before
}

fn called(person: &Person) -> Option<String> {
    let told = person.display_name.clone().or_else(|| {
        let names: Vec<&str> =
            [&person.given_name, &person.surname].into_iter().flatten().map(String::as_str).collect();
        (!names.is_empty()).then(|| names.join(" "))
    });
    told.filter(|name| !name.trim().is_empty()).map(|name| fit::cut(name.trim(), NAME_CHARS_MAX))
}

/// A conversation that a client speaks in.
pub(crate) struct Spoken {
    pub conversation: Conversation,
    /// The user's place, if the client is already the one through which they take part.
    pub place: Option<ParticipantKey>,
}

/// The conversation in which a client is being talked to: where it was last used, else its user's
/// default one. `None` when it has to begin.
pub(crate) async fn conversation(
    read: &mut Read,
    app: &App,
    client: &Client,
    user: &User,
) -> Result<Option<Spoken>> {
    if let Some((conversation, newest)) = conversations::newest_of_client(read, app.key, client.key).await? {
        let place = (newest.is_primary && newest.user == user.key).then_some(newest.participant);
        return Ok(Some(Spoken { conversation, place }));
    }
    let found = conversations::default_of(read, app.key, user.key).await?;
    Ok(found.map(Spoken::through_another))
}

impl Spoken {
    /// The client has still to become the one through which the user takes part.
    pub(crate) fn through_another(conversation: Conversation) -> Spoken {
        Spoken { conversation, place: None }
    }
}

/// Whether a message of the customer needs a conversation of its own: the one before is closed for
/// good (decision 23), or full.
pub(crate) fn is_over(app: &App, conversation: &Conversation) -> bool {
    let state = &conversation.state;
    (state.closed_at.is_some() && app.settings.disable_conversation_reopen)
        || state.count >= CONVERSATION_MESSAGES_MAX
}

/// Begins a personal conversation, and tells it.
pub(crate) async fn begin(
    tx: &mut Tx,
    ctx: &Ctx,
    app: &App,
    user: &User,
    responder: Option<model::switchboard::Seat>,
    beginning: Beginning,
) -> Result<Conversation> {
    let is_default = conversations::default_of(tx, app.key, user.key).await?.is_none();
    let new = NewConversation {
        id: ctx.id(),
        app: app.key,
        group: false,
        owner: Some(user.key),
        is_default,
        name: None,
        description: None,
        icon_url: None,
        metadata: None,
        created_at: ctx.now,
    };
    let key = conversations::insert(tx, &new).await?;
    participants::insert(tx, ctx.id(), key, new.id, user.key, 0).await?;
    let mut conversation = conversations::by_key(tx, key).await?.or_not_found(Thing::Conversation)?;
    announce(tx, ctx, app.key, &mut conversation, responder, beginning).await?;
    Ok(conversation)
}

/// Gives a new conversation to its default responder, and tells that it began.
pub(crate) async fn announce(
    tx: &mut Tx,
    ctx: &Ctx,
    app: model::record::AppKey,
    conversation: &mut Conversation,
    responder: Option<model::switchboard::Seat>,
    beginning: Beginning,
) -> Result<()> {
    let (key, state) = (conversation.key, &mut conversation.state);
    assign_default(tx, app, state, responder).await?;
    let detail = EventDetail {
        reason: Some(beginning.reason.to_owned()),
        source: beginning.source,
        referral: beginning.referral,
        ..EventDetail::default()
    };
    let draft = EventDraft {
        user: conversation.owner.unwrap_or_default(),
        detail: Some(detail),
        ..EventDraft::default()
    };
    emit::in_conversation(tx, ctx, EventType::ConversationCreate, app, key, state, draft).await?;
    conversations::save_state(tx, key, state).await?;
    Ok(())
}

/// The place of a user in a conversation, through this client from now on.
pub(crate) async fn take_part(
    tx: &mut Tx,
    ctx: &Ctx,
    spoken: &Spoken,
    user: &User,
    client: &Client,
) -> Result<ParticipantKey> {
    if let Some(place) = spoken.place {
        return Ok(place);
    }
    let conversation = &spoken.conversation;
    let place = match participants::key_of(tx, conversation.key, user.key).await? {
        Some(place) => place,
        None => participants::insert(tx, ctx.id(), conversation.key, conversation.id, user.key, 0).await?,
    };
    participants::associate(tx, place, client.key, ctx.now).await?;
    Ok(place)
}
