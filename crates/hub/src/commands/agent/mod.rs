//! People who answer.

mod add;
mod change;
mod remove;
#[cfg(test)]
mod tests;

pub use add::AgentDraft;
pub use change::AgentDevices;
