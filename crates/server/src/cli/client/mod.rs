//! The commands that speak to a server over its API, as any other caller does.

mod apps;
mod body;
pub(super) mod chat;
mod conversations;
mod events;
mod integrations;
pub(super) mod listen;
mod login;
mod messages;
mod profiles;
mod said;
mod session;
mod settings;
mod shell;
mod show;
mod switchboard;
mod users;
mod webhooks;

pub(super) use apps::Apps;
pub(super) use conversations::Conversations;
pub(super) use events::Events;
pub(super) use integrations::Integrations;
pub(super) use login::{Login, Logout};
pub(super) use messages::Messages;
pub(super) use settings::Settings;
pub(super) use shell::{Completions, Man};
pub(super) use switchboard::Switchboard;
pub(super) use users::Users;
pub(super) use webhooks::Webhooks;

/// Things of a list that are shown unless said otherwise.
const LIMIT: usize = 100;
