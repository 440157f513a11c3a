//! What agents send by its name: canned replies and transfer links.

mod canned_reply;
mod transfer_link;

pub use canned_reply::{CannedReplyDraft, CannedReplyPatch};
pub use transfer_link::{TransferLinkDraft, TransferLinkPatch};
