//! Apps that are registered together with a key and an account at a carrier.

mod create;
mod update;

pub use create::{CarrierDraft, NewRegistration};
pub use update::{CarrierPatch, RegistrationPatch};
