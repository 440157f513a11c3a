//! What a customer says or does in a conversation.

use std::borrow::Cow;

use model::channel::{Choice, InboundMedia};
use model::content::{ActionKind, Content, MediaRef, Text};
use model::event::{EventDetail, EventType, Postback, Source};
use model::limits::CONVERSATION_MESSAGES_MAX;
use model::record::{
    Access, Attachment, AttachmentKey, Client, Conversation, MessageExtra, MessageKey, ParticipantKey,
    Quoted, ShownAuthor, User,
};
use serde_json::Value;
use store::rows::downloads::{self, Download};
use store::rows::external_messages::{self as external, ExternalMessage, ExternalState};
use store::rows::{attachments, clients, conversations, messages};
use store::{Ctx, Tx};

use super::ready::{ReadyMedium, ReadyMessage, ReadyPart, ReadyWhat};
use super::receive::Arrival;
use crate::error::{HubError, Result};
use crate::rules::append::{self, Appended};
use crate::rules::arrival::{self, Beginning, Spoken};
use crate::rules::assignment::assign_default;
use crate::rules::emit::{self, EventDraft};
use crate::rules::people::display_name_on;
use crate::rules::{choices, receipts};

/// How far back an answer, an edit or a reaction finds its message, where its id at the channel is not kept apart.
const LOOK_BACK_MESSAGES_MAX: usize = 2_000;

/// An empty text in the place of what was taken back.
const EMPTY_TEXT: &str = r#"{"type":"text","text":""}"#;

/// A message, in as many parts as it needs.
pub(super) async fn message(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    client: &Client,
    user: &User,
    message: &ReadyMessage,
) -> Result<()> {
    let what = (message.parts.as_slice(), message.original.as_deref());
    let (id, quoted) = (Some(message.external_id.as_str()), message.quoted.as_deref());
    say(arrival, tx, ctx, (client, user), id, quoted, what).await
}

/// Parts of one message of the customer.
async fn say(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    (client, user): (&Client, &User),
    external_id: Option<&str>,
    answers: Option<&str>,
    (parts, original): (&[ReadyPart], Option<&str>),
) -> Result<()> {
    let source = source(arrival, client, external_id);
    let mut place = enter(arrival, tx, ctx, (client, user), Some(&source)).await?;
    let answers = match answers {
        Some(id) => Some(quoted(arrival, tx, &place.0, id).await?),
        None => None,
    };
    for (number, part) in parts.iter().enumerate() {
        let extra = MessageExtra {
            source: Some(source.clone()),
            quoted: answers.clone().filter(|_| number == 0),
            ..MessageExtra::default()
        };
        let original = original.filter(|_| number == 0);
        add(arrival, tx, ctx, (client, Some(user)), &mut place, part, extra, original).await?;
    }
    conversations::save_state(tx, place.0.key, &place.0.state).await?;
    Ok(())
}

/// What the business wrote at the provider, past us: a message of the business that is sent nowhere.
pub(super) async fn echo(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    message: &ReadyMessage,
) -> Result<()> {
    if external::by_id(tx, arrival.integration.key, &message.external_id).await?.is_some() {
        return Ok(());
    }
    let person = &arrival.event.person;
    let (client, user) = arrival::person(tx, ctx, arrival.app, arrival.integration, person).await?;
    let source = source(arrival, &client, Some(&message.external_id));
    let found = arrival::conversation(tx, arrival.app, &client, &user).await?;
    let spoken = match found.filter(|found| found.conversation.state.count < CONVERSATION_MESSAGES_MAX) {
        Some(found) => found,
        None => {
            let responder = arrival.integration.default_responder;
            let beginning = Beginning { reason: "message", source: Some(source.clone()), referral: None };
            let begun = arrival::begin(tx, ctx, arrival.app, &user, responder, beginning).await?;
            Spoken::through_another(begun)
        }
    };
    let participant = arrival::take_part(tx, ctx, &spoken, &user, &client).await?;
    let mut place = (spoken.conversation, participant);
    for (number, part) in message.parts.iter().enumerate() {
        let extra = MessageExtra { source: Some(source.clone()), ..MessageExtra::default() };
        let original = message.original.as_deref().filter(|_| number == 0);
        let key = add(arrival, tx, ctx, (&client, None), &mut place, part, extra, original).await?;
        if number == 0 {
            let told = ExternalMessage {
                external_id: message.external_id.clone(),
                message: key,
                client: client.key,
                state: ExternalState::Told,
                parts: Vec::new(),
            };
            external::insert(tx, arrival.integration.key, &told, ctx.now).await?;
        }
    }
    // The person has something newer before them than the choices of an earlier message.
    choices::answered(tx, client.key).await?;
    conversations::save_state(tx, place.0.key, &place.0.state).await?;
    Ok(())
}

/// The conversation in which the person speaks now, with their place; begun when there is none.
async fn enter(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    (client, user): (&Client, &User),
    source: Option<&Source>,
) -> Result<(Conversation, ParticipantKey)> {
    let responder = arrival.integration.default_responder;
    let found = arrival::conversation(tx, arrival.app, client, user).await?;
    let spoken = match found.filter(|found| !arrival::is_over(arrival.app, &found.conversation)) {
        Some(found) => found,
        None => {
            let referral = arrival.came_by().cloned();
            let beginning = Beginning { reason: "message", source: source.cloned(), referral };
            let begun = arrival::begin(tx, ctx, arrival.app, user, responder, beginning).await?;
            Spoken::through_another(begun)
        }
    };
    let place = arrival::take_part(tx, ctx, &spoken, user, client).await?;
    let mut conversation = spoken.conversation;
    assign_default(tx, arrival.app.key, &mut conversation.state, responder).await?;
    Ok((conversation, place))
}

#[allow(clippy::too_many_arguments)] // who, where, what
async fn add(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    (client, user): (&Client, Option<&User>),
    (conversation, place): &mut (Conversation, ParticipantKey),
    part: &ReadyPart,
    extra: MessageExtra,
    original: Option<&str>,
) -> Result<MessageKey> {
    let mut files = Vec::with_capacity(part.media.len());
    let text = match &part.text {
        Some(text) => Cow::Borrowed(text.as_str()),
        None => {
            let mut content = part.content.clone();
            for medium in &part.media {
                files.push(announce_file(arrival, tx, ctx, &mut content, medium).await?);
            }
            Cow::Owned(written(&content)?)
        }
    };
    let shown = user.map_or_else(ShownAuthor::default, |user| ShownAuthor {
        display_name: Some(display_name_on(
            &arrival.integration.kind,
            user,
            client.display_name.as_deref(),
            &arrival.app.settings,
        )),
        avatar_url: user.profile.avatar_url.clone().or_else(|| client.avatar_url.clone()),
        subtype: None,
    });
    let tokens: Vec<String> = part.media.iter().map(|medium| medium.token.clone()).collect();
    let new = Appended {
        author: user.map(|user| (user.key, *place)),
        shown,
        kind: part.content.kind(),
        content: &text,
        metadata: part.metadata.as_deref(),
        extra: &extra,
        attachments: &tokens,
        original,
    };
    let message = append::add(tx, ctx, arrival.app, conversation, &new).await?.key;
    for (file, medium) in files.into_iter().zip(&part.media) {
        let download = download(arrival, ctx, message, file, medium);
        downloads::insert(tx, &download).await?;
    }
    Ok(message)
}

/// A content as its row has it.
fn written(content: &Content) -> Result<String> {
    serde_json::to_string(content).map_err(|error| HubError::invalid(error.to_string()))
}

/// Gives a medium its attachment, whose file comes later.
async fn announce_file(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    content: &mut Content,
    medium: &ReadyMedium,
) -> Result<AttachmentKey> {
    let InboundMedia { media_type, size, .. } = &medium.medium;
    let media_type = media_type.clone().unwrap_or_else(|| "application/octet-stream".to_owned());
    let size = size.unwrap_or(0);
    let attachment = Attachment {
        key: AttachmentKey::default(),
        id: ctx.id(),
        app: arrival.app.key,
        conversation: None,
        for_message: true,
        token: medium.token.clone(),
        name: medium.name.clone(),
        media_type: media_type.clone(),
        size: i64::try_from(size).unwrap_or(0),
        access: Access::Public,
        created_at: ctx.now,
    };
    for mut slot in content.media_mut() {
        if matches!(&slot.media, MediaRef::Url(place) if *place == medium.place) {
            let (token, name) = (medium.token.clone(), medium.name.clone());
            *slot.media = MediaRef::Attachment { id: attachment.id, token, name };
            slot.describe(&media_type, size);
        }
    }
    Ok(attachments::insert(tx, &attachment).await?)
}

fn download(
    arrival: &Arrival<'_>,
    ctx: &Ctx,
    message: MessageKey,
    attachment: AttachmentKey,
    medium: &ReadyMedium,
) -> Download {
    Download {
        key: 0,
        integration: arrival.integration.key,
        message,
        attachment,
        token: medium.token.clone(),
        medium: medium.medium.clone(),
        attempts: 0,
        next_at: ctx.now,
        created_at: ctx.now,
    }
}

async fn quoted(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    conversation: &Conversation,
    external_id: &str,
) -> Result<Quoted> {
    Ok(match by_channel_id(arrival, tx, Some(conversation), external_id).await? {
        Some(message) => Quoted::Message(message),
        None => Quoted::External(external_id.to_owned()),
    })
}

/// The message that has an id at the provider: any of the business, of the customer's one of the newest of this
/// conversation.
async fn by_channel_id(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    conversation: Option<&Conversation>,
    external_id: &str,
) -> Result<Option<MessageKey>> {
    if let Some(found) = external::by_id(tx, arrival.integration.key, external_id).await? {
        return Ok(Some(found.message));
    }
    let Some(conversation) = conversation else { return Ok(None) };
    let newest = conversation.state.last_message;
    Ok(messages::of_channel(tx, newest, arrival.integration.id, external_id, LOOK_BACK_MESSAGES_MAX).await?)
}

/// The answer to a button whose press does not bring its payload back. A reply keeps what the customer
/// wrote, if they wrote something.
pub(super) async fn choice(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    (client, user): (&Client, &User),
    choice: &Choice,
) -> Result<()> {
    let written = match &arrival.event.what {
        ReadyWhat::Message(message) => Some(message),
        _ => None,
    };
    if choice.kind == ActionKind::Postback {
        let pressed = Postback { payload: choice.payload.clone(), metadata: choice.metadata.clone() };
        return postback(arrival, tx, ctx, (client, user), pressed, Some(&choice.label)).await;
    }
    let first = written.and_then(|message| message.parts.first()).map(|part| part.content.clone());
    let mut text = match first {
        Some(Content::Text(text)) => text,
        _ => Text { text: Some(choice.label.clone()), ..Text::default() },
    };
    text.payload = Some(choice.payload.clone());
    let metadata = choice.metadata.as_ref().and_then(|metadata| serde_json::to_string(metadata).ok());
    let part = ReadyPart { metadata, ..ReadyPart::of(Content::Text(text)) };
    let (external_id, quoted) = match written {
        Some(message) => (Some(message.external_id.as_str()), message.quoted.as_deref()),
        None => (None, None),
    };
    say(arrival, tx, ctx, (client, user), external_id, quoted, (&[part], None)).await
}

/// A button that was pressed. With `echo_postback` its label is a message besides, which comes first.
pub(super) async fn postback(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    (client, user): (&Client, &User),
    pressed: Postback,
    label: Option<&str>,
) -> Result<()> {
    let source = source(arrival, client, None);
    let Some(mut place) = enter_silently(arrival, tx, ctx, (client, user), &source, None).await? else {
        return Ok(());
    };
    if arrival.app.settings.echo_postback
        && let Some(label) = label
    {
        let text =
            Text { text: Some(label.to_owned()), payload: Some(pressed.payload.clone()), ..Text::default() };
        let part = ReadyPart::of(Content::Text(text));
        let extra = MessageExtra { source: Some(source.clone()), ..MessageExtra::default() };
        add(arrival, tx, ctx, (client, Some(user)), &mut place, &part, extra, None).await?;
    }
    let detail = EventDetail { postback: Some(pressed), source: Some(source), ..EventDetail::default() };
    tell(arrival, tx, ctx, EventType::ConversationPostback, user, &mut place.0, detail).await
}

/// How the customer came: with the beginning of the conversation, or an event of its own.
pub(super) async fn referral(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    client: &Client,
    user: &User,
    referral: &Value,
) -> Result<()> {
    let source = source(arrival, client, None);
    let is_there = arrival::conversation(tx, arrival.app, client, user).await?.is_some();
    let place = enter_silently(arrival, tx, ctx, (client, user), &source, Some(referral)).await?;
    let Some(mut place) = place.filter(|_| is_there) else { return Ok(()) };
    let detail =
        EventDetail { referral: Some(referral.clone()), source: Some(source), ..EventDetail::default() };
    tell(arrival, tx, ctx, EventType::ConversationReferral, user, &mut place.0, detail).await
}

/// A reaction: its sign as a message that answers the one it is about.
pub(super) async fn reaction(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    (client, user): (&Client, &User),
    external_id: &str,
    emoji: &str,
) -> Result<()> {
    let source = source(arrival, client, None);
    let mut place = enter(arrival, tx, ctx, (client, user), Some(&source)).await?;
    let text = Text { text: Some(emoji.to_owned()), ..Text::default() };
    let part = ReadyPart::of(Content::Text(text));
    let quoted = Some(quoted(arrival, tx, &place.0, external_id).await?);
    let extra = MessageExtra { source: Some(source), quoted, ..MessageExtra::default() };
    add(arrival, tx, ctx, (client, Some(user)), &mut place, &part, extra, None).await?;
    conversations::save_state(tx, place.0.key, &place.0.state).await?;
    Ok(())
}

/// As [`enter`] for what is no message: with `ignore_auto_conversation_start` it begins nothing.
async fn enter_silently(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    (client, user): (&Client, &User),
    source: &Source,
    referral: Option<&Value>,
) -> Result<Option<(Conversation, ParticipantKey)>> {
    let responder = arrival.integration.default_responder;
    let spoken = match arrival::conversation(tx, arrival.app, client, user).await? {
        Some(found) => found,
        None if arrival.app.settings.ignore_auto_conversation_start => return Ok(None),
        None => {
            let beginning = Beginning {
                reason: "startConversation",
                source: Some(source.clone()),
                referral: referral.cloned(),
            };
            let begun = arrival::begin(tx, ctx, arrival.app, user, responder, beginning).await?;
            Spoken::through_another(begun)
        }
    };
    let place = arrival::take_part(tx, ctx, &spoken, user, client).await?;
    let mut conversation = spoken.conversation;
    assign_default(tx, arrival.app.key, &mut conversation.state, responder).await?;
    conversations::save_state(tx, conversation.key, &conversation.state).await?;
    Ok(Some((conversation, place)))
}

/// The customer types, or stops.
pub(super) async fn typing(arrival: &Arrival<'_>, tx: &mut Tx, ctx: &Ctx, starts: bool) -> Result<()> {
    let Some((client, user)) = known(arrival, tx).await? else { return Ok(()) };
    let found = arrival::conversation(tx, arrival.app, &client, &user).await?;
    let Some(mut conversation) = found.map(|spoken| spoken.conversation) else { return Ok(()) };
    let activity = if starts { "typing:start" } else { "typing:stop" };
    let detail = EventDetail {
        activity: Some(activity.to_owned()),
        source: Some(receipts::source(arrival.integration, &client)),
        ..EventDetail::default()
    };
    tell(arrival, tx, ctx, EventType::ConversationTyping, &user, &mut conversation, detail).await
}

/// The customer changed a message: it says something else now, and is told again.
pub(super) async fn edit(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    external_id: &str,
    part: &ReadyPart,
) -> Result<()> {
    let Some(found) = own_message(arrival, tx, external_id).await? else { return Ok(()) };
    let mut content = part.content.clone();
    let mut files = Vec::with_capacity(part.media.len());
    for medium in &part.media {
        files.push(announce_file(arrival, tx, ctx, &mut content, medium).await?);
        attachments::bind(tx, &medium.token, found.key).await?;
    }
    for (file, medium) in files.into_iter().zip(&part.media) {
        downloads::insert(tx, &download(arrival, ctx, found.key, file, medium)).await?;
    }
    let text = written(&content)?;
    messages::replace_content(tx, found.key, content.kind(), &text).await?;
    let Some(mut conversation) = conversations::by_key(tx, found.conversation).await? else { return Ok(()) };
    let user = found.author.user.unwrap_or_default();
    let draft = EventDraft { user, message: found.key, ..EventDraft::default() };
    let (key, state) = (conversation.key, &mut conversation.state);
    emit::in_conversation(tx, ctx, EventType::ConversationMessage, arrival.app.key, key, state, draft)
        .await?;
    conversations::save_state(tx, key, state).await?;
    Ok(())
}

/// The customer took a message back: a placeholder stays. There is no event for it.
pub(super) async fn take_back(arrival: &Arrival<'_>, tx: &mut Tx, external_id: &str) -> Result<()> {
    let Some(found) = own_message(arrival, tx, external_id).await? else { return Ok(()) };
    messages::set_placeholder(tx, found.key, EMPTY_TEXT).await?;
    Ok(())
}

/// A message that this very person wrote.
async fn own_message(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    external_id: &str,
) -> Result<Option<model::record::Message>> {
    let Some((client, user)) = known(arrival, tx).await? else { return Ok(None) };
    let spoken = arrival::conversation(tx, arrival.app, &client, &user).await?;
    let conversation = spoken.as_ref().map(|spoken| &spoken.conversation);
    let Some(found) = by_channel_id(arrival, tx, conversation, external_id).await? else { return Ok(None) };
    let message = messages::by_key(tx, found).await?;
    Ok(message.filter(|message| message.author.user == Some(user.key) && !message.deleted))
}

/// The person, if they have been here before.
async fn known(arrival: &Arrival<'_>, tx: &mut Tx) -> Result<Option<(Client, User)>> {
    let id = &arrival.event.person.external_id;
    let Some(client) = clients::by_external_id(tx, arrival.integration.key, id).await? else {
        return Ok(None);
    };
    let user = store::rows::users::by_key(tx, client.user).await?;
    Ok(user.map(|user| (client, user)))
}

async fn tell(
    arrival: &Arrival<'_>,
    tx: &mut Tx,
    ctx: &Ctx,
    kind: EventType,
    user: &User,
    conversation: &mut Conversation,
    detail: EventDetail,
) -> Result<()> {
    let draft = EventDraft { user: user.key, detail: Some(detail), ..EventDraft::default() };
    let (key, state) = (conversation.key, &mut conversation.state);
    emit::in_conversation(tx, ctx, kind, arrival.app.key, key, state, draft).await?;
    conversations::save_state(tx, key, state).await?;
    Ok(())
}

/// Where it came from.
fn source(arrival: &Arrival<'_>, client: &Client, external_id: Option<&str>) -> Source {
    let is_message = matches!(arrival.event.what, ReadyWhat::Message(_));
    Source {
        original_message_id: external_id.map(str::to_owned),
        original_message_time: arrival.event.at.filter(|_| is_message).map(|at| at.0),
        ..receipts::source(arrival.integration, client)
    }
}
