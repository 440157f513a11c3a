//! Settings of an app.

mod put;
mod remove;
#[cfg(test)]
mod tests;
mod unanswered;

pub use put::SettingChange;
