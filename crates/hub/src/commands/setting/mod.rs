//! Settings of an app.

#[cfg(test)]
mod notice_tests;
mod put;
mod remove;
#[cfg(test)]
mod tests;
mod unanswered;

pub use put::SettingChange;
