//! What stands beside an integration through which people and programs speak to us.

pub mod canned_replies;
pub mod endpoints;
pub mod presses;
pub mod token_keys;
pub mod transfer_links;
pub mod visits;
