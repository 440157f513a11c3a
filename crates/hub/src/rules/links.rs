//! The life of a link of a user to a channel (sunshine-v2.md §4.7): the channel finds the person, the
//! person consents, and the channel's identity may turn out to be another user's.

use model::content::{Action, ActionKind, Content, Text};
use model::event::{ClientUpdateReason, CreationReason, EventDetail, EventType, Reason};
use model::record::{App, Client, ClientStatus, Confirmation, Conversation, Link, User};
use store::rows::{clients, conversations, participants, users};
use store::{Ctx, Tx};

use super::beginning::{self, Beginning};
use super::clients::{LinkEnd, end_link, take_from};
use super::emit::{self, EventDraft};
use super::merge::{self, Union};
use super::standing;
use super::words::Words;
use crate::error::{OrNotFound, Result, Thing};

const ACCEPT: &str = "link:accept";
const DECLINE: &str = "link:decline";

/// What an answer of the person means for a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consent {
    /// It is confirmed.
    Given,
    /// It is not wanted.
    Refused,
    /// Something else was said.
    Unclear,
}

/// What the business itself wants to say when a link begins.
pub(crate) fn own_message(link: &Link) -> Option<Content> {
    link.message.clone().and_then(|message| serde_json::from_value::<Content>(message).ok())
}

/// The message that begins a link on the channel; `None` when nothing has to be said.
pub(crate) fn opening_message(link: &Link, words: &Words) -> Option<Content> {
    let own = own_message(link);
    if link.confirmation != Confirmation::Prompt {
        return own;
    }
    let button = |label: &str, payload: &str| Action {
        kind: ActionKind::Reply,
        text: label.to_owned(),
        payload: Some(payload.to_owned()),
        uri: None,
        fallback: None,
        amount: None,
        currency: None,
        icon_url: None,
        default: None,
        size: None,
        open_on_receive: None,
        extra_channel_options: None,
        metadata: None,
    };
    let answers = [button(words.yes, ACCEPT), button(words.no, DECLINE)];
    let question = || Text { text: Some(words.question.to_owned()), ..Text::default() };
    let mut content = own.unwrap_or_else(|| Content::Text(question()));
    match &mut content {
        Content::Text(text) => text.actions.extend(answers),
        Content::Image(media) => media.actions.extend(answers),
        _ => {}
    }
    Some(content)
}

/// What an answer means; `payload` is that of a button or numbered line, if it was one, `words` are those in
/// which the person was asked.
pub(crate) fn consent(link: &Link, words: &Words, text: Option<&str>, payload: Option<&str>) -> Consent {
    if link.confirmation != Confirmation::Prompt {
        return Consent::Given;
    }
    match payload {
        Some(ACCEPT) => return Consent::Given,
        Some(DECLINE) => return Consent::Refused,
        _ => {}
    }
    match text.and_then(|text| words.answer(text)) {
        Some(true) => Consent::Given,
        Some(false) => Consent::Refused,
        None => Consent::Unclear,
    }
}

/// The channel has found the person of a link.
pub(crate) async fn matched(tx: &mut Tx, ctx: &Ctx, app: &App, client: &mut Client) -> Result<()> {
    let Some(link) = &client.link else { return Ok(()) };
    if client.external_id.is_some() {
        return Ok(());
    }
    client.external_id = Some(link.address.clone());
    clients::update(tx, client).await?;
    standing::tell(tx, ctx, app.key, client, ClientUpdateReason::Matched).await
}

/// The person does not want to be linked.
pub(crate) async fn refuse(tx: &mut Tx, ctx: &Ctx, app: &App, client: Client) -> Result<()> {
    end_link(tx, ctx, app.key, client, LinkEnd::Refused).await
}

/// Whether a link is complete without the person's being asked.
pub(crate) fn is_immediate(link: &Link) -> bool {
    link.confirmation == Confirmation::Immediate
}

/// The person has consented, or was not to be asked: the client is the user's from now on, whoever had it
/// before. Gives it with its user. Who has opted out is written to again only when they have answered
/// themselves.
pub(crate) async fn confirm(
    tx: &mut Tx,
    ctx: &Ctx,
    app: &App,
    mut pending: Client,
) -> Result<(Client, User)> {
    let link = pending.link.clone().or_not_found(Thing::Client)?;
    let address = pending.external_id.clone().unwrap_or_else(|| link.address.clone());
    let integration = pending.integration.or_not_found(Thing::Integration)?;
    let owner = users::by_key(tx, pending.user).await?.or_not_found(Thing::User)?;
    let (mut client, user) = match clients::by_external_id(tx, integration, &address).await? {
        None => {
            pending.external_id = Some(address);
            pending.link = None;
            (pending, owner)
        }
        Some(existing) => take_over(tx, ctx, app, existing, pending, owner).await?,
    };
    if !is_immediate(&link) || client.status != ClientStatus::Blocked {
        if client.status == ClientStatus::Blocked {
            clients::set_opted_out(tx, client.key, false).await?;
        }
        client.status = ClientStatus::Active;
    }
    client.linked_at = Some(ctx.now);
    clients::update(tx, &client).await?;
    let mut conversation = target(tx, ctx, app, &link, &user).await?;
    let place = beginning::take_part(tx, ctx, &conversation, user.key).await?;
    match link.primary {
        true => participants::associate(tx, place, client.key, ctx.now).await?,
        false => participants::associate_last(tx, place, client.key).await?,
    }
    let detail = EventDetail {
        reason: Some(Reason::ClientUpdate(ClientUpdateReason::Confirmed)),
        client: Some(Box::new(client.clone())),
        ..EventDetail::default()
    };
    let draft =
        EventDraft { user: user.key, client: client.key, detail: Some(detail), ..EventDraft::default() };
    emit::and_save(tx, ctx, EventType::ClientUpdate, &mut conversation, draft).await?;
    Ok((client, user))
}

/// The conversation of a link; a merge may have put another one in its place.
async fn target(tx: &mut Tx, ctx: &Ctx, app: &App, link: &Link, user: &User) -> Result<Conversation> {
    if let Some(found) = conversations::living_by_key(tx, app.key, link.conversation).await? {
        return Ok(found);
    }
    if let Some(found) = conversations::default_of(tx, app.key, user.key).await? {
        return Ok(found);
    }
    let beginning = Beginning { reason: CreationReason::LinkRequest, ..Beginning::default() };
    Ok(beginning::begin(tx, ctx, app.key, user.key, beginning).await?.conversation)
}

/// The identity has a client already, which takes the place of the pending one: two users become one, and
/// `user:merge` names both clients; or the client alone goes over to the owner, if it is not theirs already,
/// and the end of the pending one is told by itself.
async fn take_over(
    tx: &mut Tx,
    ctx: &Ctx,
    app: &App,
    mut existing: Client,
    pending: Client,
    owner: User,
) -> Result<(Client, User)> {
    let other = users::by_key(tx, existing.user).await?.or_not_found(Thing::User)?;
    // It goes first: a merge would take it along.
    clients::remove(tx, pending.key).await?;
    match merge::unite(tx, ctx, app.key, &owner, &other, (&existing, &pending)).await? {
        Union::Merged(user) => {
            existing.user = user.key;
            return Ok((existing, *user));
        }
        Union::Apart => take_from(tx, ctx, app.key, &existing).await?,
        Union::Same => {}
    }
    end_link(tx, ctx, app.key, pending, LinkEnd::Known(existing.id)).await?;
    existing.user = owner.key;
    Ok((existing, owner))
}

#[cfg(test)]
mod tests {
    use model::Millis;
    use model::record::{AppSettings, ConversationKey};

    use super::super::words::words_for;
    use super::*;

    fn link(confirmation: Confirmation) -> Link {
        Link {
            conversation: ConversationKey(1),
            address: "+15145550100".into(),
            subject: None,
            confirmation,
            message: None,
            primary: true,
            expires_at: Millis(0),
        }
    }

    fn english() -> &'static Words {
        words_for(&AppSettings::default(), None)
    }

    #[test]
    fn a_prompt_has_to_be_accepted() {
        let prompt = link(Confirmation::Prompt);
        let consent = |link, text, payload| consent(link, english(), text, payload);
        assert_eq!(consent(&prompt, Some(" YES "), None), Consent::Given);
        assert_eq!(consent(&prompt, Some("1"), Some(ACCEPT)), Consent::Given);
        assert_eq!(consent(&prompt, Some("2"), Some(DECLINE)), Consent::Refused);
        assert_eq!(consent(&prompt, Some("no"), None), Consent::Refused);
        assert_eq!(consent(&prompt, Some("who are you?"), None), Consent::Unclear);
        assert_eq!(consent(&prompt, None, None), Consent::Unclear);
        assert_eq!(consent(&link(Confirmation::UserActivity), Some("who are you?"), None), Consent::Given);
    }

    #[test]
    fn only_a_prompt_asks_by_itself() {
        assert_eq!(opening_message(&link(Confirmation::Immediate), english()), None);
        assert_eq!(opening_message(&link(Confirmation::UserActivity), english()), None);
        let Some(Content::Text(text)) = opening_message(&link(Confirmation::Prompt), english()) else {
            panic!("a text")
        };
        assert_eq!(text.text.as_deref(), Some(english().question));
        assert_eq!(text.actions.len(), 2);
    }
}
