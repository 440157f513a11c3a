//! Who somebody on a channel is to us, and to which conversation what they do belongs.

use model::channel::Person;
use model::fit::{Unit, cut};
use model::limits::NAME_CHARS_MAX;
use model::record::{
    App, AppKey, Client, ClientKey, ClientStatus, Conversation, Integration, ParticipantKey, Profile, User,
    UserKey,
};
use store::rows::{clients, conversations, participants, speakers, users};
use store::{Ctx, Read, Tx};

use super::append;
use super::beginning::{Beginning, Entered, begin, take_part};
use crate::error::Result;

/// The person behind a channel's id, if they have been here before. Of a user whose removal has begun only
/// the rows are left: whoever comes back is somebody new.
pub(crate) async fn known(
    tx: &mut Tx,
    integration: &Integration,
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
    /// Whether they were offered choices that come back without their payload.
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
    match known(tx, integration, &person.external_id).await? {
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
            *field = told
                .as_deref()
                .filter(|told| !told.is_empty())
                .map(|told| cut(told, NAME_CHARS_MAX, Unit::Characters));
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
    told.as_deref().and_then(name)
}

/// A name of the core's length; `None` for one that says nothing.
pub(crate) fn name(told: &str) -> Option<String> {
    let told = told.trim();
    (!told.is_empty()).then(|| cut(told, NAME_CHARS_MAX, Unit::Characters))
}

/// A conversation that a client speaks in.
pub(crate) struct Spoken {
    pub conversation: Conversation,
    /// The user's place, if the client is already the one through which they take part.
    place: Option<ParticipantKey>,
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
    Ok(found.map(|conversation| Spoken { conversation, place: None }))
}

/// Whether this many messages more of a customer can go to a conversation: not when it is closed for good
/// (decision 23), or full.
pub(crate) fn goes_on(app: &App, conversation: &Conversation, messages: usize) -> bool {
    let is_over = conversation.state.closed_at.is_some() && app.settings.disable_conversation_reopen;
    !is_over && append::has_room(conversation, messages)
}

/// Lets a client into the conversation that was found or, where there is none, into one that begins now. The
/// user takes part through this client from now on.
pub(crate) async fn enter(
    tx: &mut Tx,
    ctx: &Ctx,
    app: AppKey,
    client: ClientKey,
    user: UserKey,
    found: Option<Spoken>,
    beginning: impl FnOnce() -> Beginning,
) -> Result<Entered> {
    let entered = match found {
        Some(Spoken { conversation, place: Some(place) }) => {
            return Ok(Entered { conversation, place, has_begun: false });
        }
        Some(Spoken { conversation, place: None }) => {
            let place = take_part(tx, ctx, &conversation, user).await?;
            Entered { conversation, place, has_begun: false }
        }
        None => begin(tx, ctx, app, user, beginning()).await?,
    };
    participants::associate(tx, entered.place, client, ctx.now).await?;
    Ok(entered)
}
