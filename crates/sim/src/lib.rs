//! Fakes of the providers that customers use, on loopback: they judge what is sent to them, as the
//! provider documents it and with the provider's own errors, and they let a test, a script or a person
//! be the customer.
//!
//! - [`Sim`]: a running simulator. [`Sim::base_url`] is what `CROSSPOINT_CHANNEL_BASE_URL_…` wants.
//! - [`Customer`]: somebody with a phone who writes, presses buttons, reads, blocks.
//! - [`Transcript`]: every request in both directions with its verdict.
//! - [`Fault`]: what goes wrong, on purpose and repeatably.
//!
//! It shares no code with the connectors: a judge who reads from the same sheet finds nothing.

mod action;
mod callback;
mod chat;
mod clock;
mod config;
mod control;
mod customer;
mod error;
mod fault;
mod front;
mod http;
mod ids;
mod loopback;
mod media;
mod messenger;
mod script;
mod shared;
mod sim;
mod slack;
mod telegram;
mod transcript;
mod twilio;
mod world;

pub use action::{Action, Done};
pub use chat::{Bubble, Button, ButtonKind, Channel, ChatKey, Medium, Place, Provider, Side};
pub use clock::Clock;
pub use config::{Receipts, SimConfig};
pub use customer::Customer;
pub use error::SimError;
pub use fault::{Fault, FaultKind};
pub use loopback::Loopback;
pub use messenger::{MetaApp, Page, signature as messenger_signature};
pub use sim::Sim;
pub use slack::SlackApp;
pub use telegram::{Bot, Webhook};
pub use transcript::{Direction, Entry, Transcript, Verdict};
pub use twilio::{Number, Service, TwilioAccount, signature as twilio_signature};
