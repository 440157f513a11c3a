//! Apps and their settings.

mod create;
mod delete;
mod settings;
#[cfg(test)]
mod tests;
mod update;

pub use create::AppDraft;
pub(crate) use delete::mark_deleted;
pub use settings::SettingsPatch;
pub use update::AppPatch;
