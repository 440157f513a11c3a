//! The partners' way in (sunshine-v2.md §1.8, decision 20): somebody with an account's key consents
//! on a page, the partner exchanges the code for a token, and gives the access back.

mod asked;
pub(crate) mod authorize;
pub(crate) mod get_token;
pub(crate) mod get_token_info;
mod page;
pub(crate) mod revoke_access;
mod session;
pub(crate) mod submit_consent;
