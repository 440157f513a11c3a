//! Messages of a conversation, newest page first and by walks along their chain.

use model::record::{ConversationKey, ConversationState, Message, MessageKey, Quoted, UserKey};
use model::{Id, Millis};
use store::Read;
use store::rows::conversations;
use store::rows::messages::{self, Link};

use crate::access::Grant;
use crate::error::{OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::page::{Cursor, Page, PageRequest};

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageView {
    /// The message.
    pub message: Message,
    /// The author's public id, for a message of a user who is still there.
    pub author_id: Option<Id>,
    /// The message that it answers, if we know it and it is still there.
    pub quoted: Option<Box<MessageView>>,
}

impl Hub {
    /// A page of messages, oldest first. Without a cursor it is the newest page, and pages
    /// backwards.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation.
    pub async fn list_messages(
        &self,
        grant: &Grant,
        conversation: Id,
        request: PageRequest,
    ) -> Result<Page<MessageView>> {
        let mut reader = self.reader().await?;
        let found = conversations::by_id(&mut reader, grant.app.key, conversation).await?;
        let conversation = found.or_not_found(Thing::Conversation)?;
        let page = page(&mut reader, &conversation.state, request).await?;
        let Page { items, has_previous, has_next, backwards } = page;
        let items = views(&mut reader, conversation.key, items).await?;
        Ok(Page { items, has_previous, has_next, backwards })
    }

    /// One message.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation or message.
    pub async fn message(&self, grant: &Grant, conversation: Id, message: Id) -> Result<MessageView> {
        let mut reader = self.reader().await?;
        let found = conversations::by_id(&mut reader, grant.app.key, conversation).await?;
        let conversation = found.or_not_found(Thing::Conversation)?;
        let message =
            messages::by_id(&mut reader, conversation.key, message).await?.or_not_found(Thing::Message)?;
        let mut views = views(&mut reader, conversation.key, vec![message]).await?;
        views.pop().or_not_found(Thing::Message)
    }
}

/// Messages with the ids of their authors, and those that they answer, one level deep.
pub(crate) async fn views(
    read: &mut Read,
    conversation: ConversationKey,
    found: Vec<Message>,
) -> Result<Vec<MessageView>> {
    let mut authors: Vec<(UserKey, Option<Id>)> = Vec::new();
    let mut views = Vec::with_capacity(found.len());
    for message in found {
        let author_id = author_id(read, &mut authors, message.author.user).await?;
        let quoted = match &message.extra.quoted {
            Some(Quoted::Message(key)) => match messages::by_key(read, *key).await? {
                Some(quoted) if quoted.conversation == conversation => {
                    let author_id = self::author_id(read, &mut authors, quoted.author.user).await?;
                    Some(Box::new(MessageView { message: quoted, author_id, quoted: None }))
                }
                _ => None,
            },
            _ => None,
        };
        views.push(MessageView { message, author_id, quoted });
    }
    Ok(views)
}

async fn author_id(
    read: &mut Read,
    known: &mut Vec<(UserKey, Option<Id>)>,
    user: Option<UserKey>,
) -> Result<Option<Id>> {
    let Some(user) = user else { return Ok(None) };
    if let Some((_, id)) = known.iter().find(|(key, _)| *key == user) {
        return Ok(*id);
    }
    let id = messages::author_id(read, user).await?;
    known.push((user, id));
    Ok(id)
}

/// The newest `limit` messages up to `from`, oldest first; what was deleted is stepped over.
pub(crate) async fn newest_up_to(
    read: &mut Read,
    from: MessageKey,
    floor: i64,
    limit: usize,
) -> Result<Vec<Message>> {
    let mut found = Vec::new();
    let mut next = from;
    while next != MessageKey(0) && found.len() < limit {
        let Some(link) = messages::link_by_key(read, next).await? else { break };
        if link.ordinal() <= floor {
            break;
        }
        next = link.previous();
        if let Link::Message(message) = link {
            found.push(*message);
        }
    }
    found.reverse();
    Ok(found)
}

async fn page(read: &mut Read, state: &ConversationState, request: PageRequest) -> Result<Page<Message>> {
    let wanted = request.size + 1;
    match request.cursor {
        Cursor::Start => {
            let mut items = newest_up_to(read, state.last_message, state.floor, wanted).await?;
            let more = cut_front(&mut items, request.size);
            Ok(Page { items, has_previous: more, has_next: false, backwards: true })
        }
        Cursor::Before(id) => {
            let from = newest_in_front_of(read, state, id).await?;
            let mut items = newest_up_to(read, from, state.floor, wanted).await?;
            let more = cut_front(&mut items, request.size);
            let newest = newest_up_to(read, state.last_message, state.floor, 1).await?.pop();
            let has_next = newest.is_some_and(|newest| newest.id >= id);
            Ok(Page { items, has_previous: more, has_next, backwards: true })
        }
        Cursor::After(id) => {
            let mut items = oldest_behind(read, state, id, wanted).await?;
            let more = items.len() > request.size;
            items.truncate(request.size);
            let has_previous = match items.first() {
                Some(first) => !newest_up_to(read, first.previous, state.floor, 1).await?.is_empty(),
                None => false,
            };
            Ok(Page { items, has_previous, has_next: more, backwards: false })
        }
    }
}

fn cut_front(items: &mut Vec<Message>, size: usize) -> bool {
    let surplus = items.len().saturating_sub(size);
    items.drain(..surplus);
    surplus > 0
}

/// The newest link whose id is smaller than `id`; 0 for none. Milestones shorten the way.
async fn newest_in_front_of(read: &mut Read, state: &ConversationState, id: Id) -> Result<MessageKey> {
    let Some(bound) = messages::first_at_or_behind(read, id).await? else { return Ok(state.last_message) };
    let mut at = state.last_message;
    while at >= bound && at != MessageKey(0) {
        let Some((milestone, _)) = messages::milestone_of(read, at).await? else { return Ok(MessageKey(0)) };
        if milestone >= bound {
            at = milestone;
            continue;
        }
        let Some(link) = messages::link_by_key(read, at).await? else { return Ok(MessageKey(0)) };
        at = link.previous();
    }
    Ok(at)
}

/// The oldest `wanted` messages whose id is greater than `id`, oldest first.
async fn oldest_behind(
    read: &mut Read,
    state: &ConversationState,
    id: Id,
    wanted: usize,
) -> Result<Vec<Message>> {
    let Some(first) = messages::first_at_or_behind(read, id).await? else { return Ok(Vec::new()) };
    // The newest message and every milestone behind the cursor, from the oldest to the newest.
    let mut stops = vec![state.last_message];
    let mut at = state.last_message;
    while let Some((milestone, _)) = messages::milestone_of(read, at).await?
        && milestone > first
    {
        stops.push(milestone);
        at = milestone;
    }
    let mut found: Vec<Message> = Vec::new();
    let mut reached = first;
    while let Some(stop) = stops.pop()
        && found.len() < wanted
    {
        found.extend(between(read, reached, stop, state.floor, |message| message.id > id).await?);
        reached = MessageKey(stop.0 + 1);
    }
    found.truncate(wanted);
    Ok(found)
}

/// The oldest `wanted` messages that were received after a moment and that fit, oldest first. Milestones
/// lead to the first of them; what does not fit is read and left out.
pub(crate) async fn oldest_after(
    read: &mut Read,
    state: &ConversationState,
    after: Millis,
    wanted: usize,
    fits: impl Fn(&Message) -> bool,
) -> Result<Vec<Message>> {
    // The newest message and every milestone behind the moment, from the oldest to the newest.
    let mut stops = vec![state.last_message];
    let mut step = messages::step_of(read, state.last_message).await?;
    while let Some((milestone, ..)) = step {
        step = messages::step_of(read, milestone).await?;
        match step {
            Some((_, ordinal, received)) if received > after && ordinal > state.floor => {
                stops.push(milestone)
            }
            _ => break,
        }
    }
    let mut found: Vec<Message> = Vec::new();
    let fits = |message: &Message| message.received > after && fits(message);
    let mut reached = MessageKey(1);
    while let Some(stop) = stops.pop()
        && found.len() < wanted
    {
        found.extend(between(read, reached, stop, state.floor, fits).await?);
        reached = MessageKey(stop.0 + 1);
    }
    found.truncate(wanted);
    Ok(found)
}

/// The messages from key `low` to key `high` that fit, oldest first.
async fn between(
    read: &mut Read,
    low: MessageKey,
    high: MessageKey,
    floor: i64,
    fits: impl Fn(&Message) -> bool,
) -> Result<Vec<Message>> {
    let mut found = Vec::new();
    let mut next = high;
    while next >= low && next != MessageKey(0) {
        let Some(link) = messages::link_by_key(read, next).await? else { break };
        if link.ordinal() <= floor {
            break;
        }
        next = link.previous();
        if let Link::Message(message) = link
            && fits(&message)
        {
            found.push(*message);
        }
    }
    found.reverse();
    Ok(found)
}
