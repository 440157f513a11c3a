//! The conversation that a chat is about, and what is done in it.

use client::crosspoint::Start;
use client::sunshine::types::{
    Author, AuthorType, Content, ConversationCreateBody, ConversationFilter, MessagePost, PassControlBody,
    Payload, ReleaseControlBody, Text, UserCreateBody,
};
use futures::StreamExt as _;

use super::super::session::Session;
use super::super::{show, switchboard};
use super::state::{Act, State};
use crate::cli::output;
use crate::exit::{Failure, Result};

/// Messages that are shown at the beginning.
const MESSAGES_AT_FIRST: usize = 50;

/// A conversation, and on whose side we are in it.
pub(super) struct Room {
    pub(super) conversation: String,
    author: Author,
    /// The agent's name in the switchboard.
    member: Option<String>,
}

impl Room {
    /// The customer's side, in this conversation, the customer's first one, or a new one.
    pub(super) async fn of_customer(session: &Session, named: Option<String>, user: &str) -> Result<Room> {
        let user = user_id(session, user).await?;
        let conversation = match named {
            Some(named) => session.sunshine.get_conversation(session.app()?, &named).await?.conversation.id,
            None => conversation_of(session, &user).await?,
        };
        Ok(Room { conversation, author: Author::user(user), member: None })
    }

    /// The agent's side, in this conversation or in the next one in which a customer
    /// writes behind this event.
    pub(super) async fn of_agent(
        session: &Session,
        named: Option<String>,
        member: String,
        start: Start,
    ) -> Result<Room> {
        let conversation = match named {
            Some(named) => session.sunshine.get_conversation(session.app()?, &named).await?.conversation.id,
            None => {
                output::note("waiting for a customer …");
                next_conversation(session, start).await?
            }
        };
        let author = Author { display_name: Some(member.clone()), ..Author::business() };
        Ok(Room { conversation, author, member: Some(member) })
    }

    /// What was said already, and who is in control.
    pub(super) async fn begin(&self, session: &Session, state: &mut State) -> Result<()> {
        let app = session.app()?;
        let mut said =
            show::collect(session.sunshine.list_messages(app, &self.conversation), MESSAGES_AT_FIRST).await?;
        said.reverse();
        for message in &said {
            state.said(
                &message.id,
                message.author.kind == AuthorType::User,
                &message.author.display_name,
                &message.content,
            );
        }
        let conversation = session.sunshine.get_conversation(app, &self.conversation).await?.conversation;
        state.in_control = conversation.active_switchboard_integration.and_then(|active| active.name);
        Ok(())
    }

    /// Does what was asked for.
    pub(super) async fn act(&self, session: &Session, act: &Act) -> Result<()> {
        let (sunshine, app) = (&session.sunshine, session.app()?);
        match (act, &self.member) {
            (Act::Say(text), _) => {
                let message = MessagePost::new(self.author.clone(), Content::text(text.as_str()));
                sunshine.post_message(app, &self.conversation, &message).await?;
            }
            (Act::Press(_, choice), _) => {
                let text = Some(choice.label.clone());
                let said = Text { text, payload: Some(choice.payload.clone()), ..Text::default() };
                let mut message = MessagePost::new(self.author.clone(), Content::Text(said));
                message.metadata.clone_from(&choice.metadata);
                sunshine.post_message(app, &self.conversation, &message).await?;
            }
            (Act::TakeOver, Some(member)) => {
                sunshine.pass_control(app, &self.conversation, &PassControlBody::to(member.as_str())).await?;
            }
            (Act::GiveBack, Some(_)) => match default_member(session).await? {
                Some(default) => {
                    sunshine.pass_control(app, &self.conversation, &PassControlBody::to(default)).await?;
                }
                None => {
                    sunshine.release_control(app, &self.conversation, &ReleaseControlBody::default()).await?;
                }
            },
            (Act::TakeOver | Act::GiveBack, None) | (Act::Leave | Act::None, _) => {}
        }
        Ok(())
    }
}

/// The user of this id or external id; a new one when there is none.
async fn user_id(session: &Session, named: &str) -> Result<String> {
    let (sunshine, app) = (&session.sunshine, session.app()?);
    match sunshine.get_user(app, named).await {
        Ok(found) => Ok(found.user.id),
        Err(error) if error.status() == Some(404) && error.code() != Some("app_not_found") => {
            let body = UserCreateBody { external_id: Some(named.to_owned()), ..UserCreateBody::default() };
            Ok(sunshine.create_user(app, &body).await?.user.id)
        }
        Err(error) => Err(error.into()),
    }
}

async fn conversation_of(session: &Session, user: &str) -> Result<String> {
    let (sunshine, app) = (&session.sunshine, session.app()?);
    let filter = ConversationFilter { user_id: Some(user.to_owned()), ..ConversationFilter::default() };
    let found = sunshine.list_conversations(app, &filter).page_size(1).await?.conversations;
    match found.into_iter().next() {
        Some(found) => Ok(found.id),
        None => Ok(sunshine
            .create_conversation(app, &ConversationCreateBody::personal(user))
            .await?
            .conversation
            .id),
    }
}

/// The conversation in which a customer writes next. Goes on when the server comes back.
async fn next_conversation(session: &Session, start: Start) -> Result<String> {
    let mut events = session.crosspoint.follow(session.app()?, start);
    let mut away = false;
    while let Some(came) = events.next().await {
        match came {
            Ok(event) => {
                away = false;
                if let Payload::Message(told) = event.typed_or_kept().payload
                    && told.message.author.kind == AuthorType::User
                {
                    return Ok(told.conversation.id);
                }
            }
            Err(error) if error.is_temporary() => {
                if !std::mem::replace(&mut away, true) {
                    output::note(format_args!("waiting for the server: {error}"));
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(Failure::failed("the events ended"))
}

/// The member that gets new conversations, to which an agent gives back.
async fn default_member(session: &Session) -> Result<Option<String>> {
    let board = switchboard::board(session).await?;
    let found = session.sunshine.list_switchboards(session.app()?).await?.switchboards;
    let board = found.into_iter().find(|it| it.id == board);
    Ok(board.and_then(|board| board.default_switchboard_integration_id))
}
