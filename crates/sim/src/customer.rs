//! Somebody with a phone.

use crate::action::{Action, Done};
use crate::callback::{Callback, Route, push_and_wait};
use crate::chat::{Bubble, Button, ButtonKind, ChatKey, Provider, Side};
use crate::error::SimError;
use crate::shared::Handle;
use crate::world::World;
use crate::{messenger, telegram, twilio};

/// Somebody with a phone, in one chat with a business. Whatever the customer does is told to the
/// business before the method returns, if the business can be reached; refused callbacks are tried again
/// beside.
#[derive(Clone)]
pub struct Customer {
    pub(crate) shared: Handle,
    pub(crate) key: ChatKey,
}

/// What an action makes known to the business.
pub(crate) struct Told {
    pub(crate) message_id: Option<String>,
    pub(crate) route: Option<Route>,
    /// What is told besides, in another chat.
    pub(crate) elsewhere: Option<(ChatKey, Route)>,
}

impl Told {
    pub(crate) fn nothing() -> Told {
        Told::by(None, None)
    }

    pub(crate) fn by(message_id: Option<String>, route: Option<Route>) -> Told {
        Told { message_id, route, elsewhere: None }
    }
}

impl Customer {
    /// Which chat this is.
    pub fn key(&self) -> &ChatKey {
        &self.key
    }

    /// Does something.
    ///
    /// # Errors
    /// When the channel has no such thing, or the message or button is not there.
    pub async fn act(&self, action: Action) -> Result<Done, SimError> {
        let told = self.shared.with(|world| match self.key.channel.provider() {
            Provider::Twilio => twilio::inbound(&self.shared, world, &self.key, &action),
            Provider::Messenger => messenger::inbound(&self.shared, world, &self.key, &action),
            Provider::Telegram => telegram::inbound(&self.shared, world, &self.key, &action),
            Provider::Slack => Err(SimError::NotThere("nobody chats at Slack".to_owned())),
        })?;
        let status = match told.route {
            Some(route) => push_and_wait(&self.shared, Callback::new(self.key.clone(), route)).await,
            None => None,
        };
        if let Some((key, route)) = told.elsewhere {
            push_and_wait(&self.shared, Callback::new(key, route)).await;
        }
        Ok(Done { message_id: told.message_id, status })
    }

    /// Writes.
    ///
    /// # Errors
    /// When the account is not there.
    pub async fn say(&self, text: &str) -> Result<Done, SimError> {
        self.act(Action::Say { text: text.to_owned() }).await
    }

    /// Presses the newest button with this label.
    ///
    /// # Errors
    /// When there is none.
    pub async fn press(&self, label: &str) -> Result<Done, SimError> {
        self.act(Action::Press { button: label.to_owned(), message: None }).await
    }

    /// Sends a small picture.
    ///
    /// # Errors
    /// When the account is not there.
    pub async fn picture(&self, caption: &str) -> Result<Done, SimError> {
        let caption = Some(caption.to_owned()).filter(|caption| !caption.is_empty());
        self.act(Action::Media { data: None, content_type: None, name: None, caption }).await
    }

    /// Begins, with what the link carries.
    ///
    /// # Errors
    /// When the account is not there.
    pub async fn start(&self, payload: Option<&str>) -> Result<Done, SimError> {
        self.act(Action::Start { payload: payload.map(str::to_owned) }).await
    }

    /// What the phone shows, oldest first.
    pub fn bubbles(&self) -> Vec<Bubble> {
        self.shared
            .look(|world| world.chats.get(&self.key).map(|chat| chat.bubbles.clone()).unwrap_or_default())
    }

    /// What the business has sent, oldest first.
    pub fn received(&self) -> Vec<Bubble> {
        self.bubbles().into_iter().filter(|bubble| bubble.side == Side::Business).collect()
    }
}

/// The message that is meant: the named one, or the business' newest.
pub(crate) fn newest(world: &mut World, key: &ChatKey, message: Option<&str>) -> Result<String, SimError> {
    let chat = world.chat(key);
    let found = match message {
        Some(id) => chat.bubbles.iter().find(|bubble| bubble.id == id),
        None => chat.bubbles.iter().rev().find(|bubble| bubble.side == Side::Business),
    };
    found
        .map(|bubble| bubble.id.clone())
        .ok_or_else(|| SimError::NotThere("there is no such message".to_owned()))
}

/// The customer's own text that is meant: the named one, or the newest.
pub(crate) fn own_text(world: &mut World, key: &ChatKey, message: Option<&str>) -> Result<String, SimError> {
    let own = |bubble: &&Bubble| bubble.side == Side::Customer && message.is_none_or(|id| bubble.id == id);
    let found = world.chat(key).bubbles.iter().rev().find(own);
    found
        .map(|bubble| bubble.id.clone())
        .ok_or_else(|| SimError::NotThere("there is no such message".to_owned()))
}

/// The newest button with this label, and the message that it hangs on. A pressed reply takes all
/// replies of its message with it.
pub(crate) fn find_button(
    world: &mut World,
    key: &ChatKey,
    label: &str,
    message: Option<&str>,
) -> Result<(String, Button), SimError> {
    let fits = |bubble: &&mut Bubble| message.is_none_or(|id| bubble.id == id);
    for bubble in world.chat(key).bubbles.iter_mut().rev().filter(fits) {
        let Some(button) = bubble.buttons.iter().find(|button| button.label == label).cloned() else {
            continue;
        };
        if button.kind == ButtonKind::Reply {
            bubble.buttons.retain(|button| button.kind != ButtonKind::Reply);
        }
        return Ok((bubble.id.clone(), button));
    }
    Err(SimError::NotThere(format!("there is no button {label}")))
}
