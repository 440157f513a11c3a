//! The providers that customers use, one folder each: bytes and headers in, values and request plans
//! out. No socket, no clock, no database: whatever needs a second request is a plan that delivery
//! carries out, whatever must be remembered is a value that the hub keeps.

mod channel;
mod plan;

pub use channel::{
    Account, Answer, Channel, Descriptor, HookError, HookReply, HookRequest, Hooked, Loss, MediaStep,
    Outgoing, Provision, Recipient, Rendered, Signal, Verdict,
};
pub use plan::{Body, Part, PartSource, Plan};
