//! The providers that customers use, one folder each: bytes and headers in, values and request plans
//! out. No socket, no clock, no database: whatever needs a second request is a plan that delivery
//! carries out, whatever must be remembered is a value that the hub keeps.

mod channel;
pub mod kit;
mod messenger;
pub mod parsers;
mod plan;
mod registry;
pub mod slack;
pub mod table;
mod telegram;
mod twilio;

pub use channel::{
    Account, Answer, Channel, Conversion, Descriptor, Elsewhere, HookError, HookReply, HookRequest, Hooked,
    Loss, MediaStep, Outgoing, OwnPace, Provision, REGISTERED_URL, Recipient, Rendered, Sender, Verdict,
};
pub use plan::{Better, Body, Part, PartSource, Plan};
pub use registry::{all, by_kind};
