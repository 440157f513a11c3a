//! What stands beside an app: its settings and who waits because of them, its account at a carrier, the
//! people who answer.

pub mod agents;
pub mod awaited_answers;
pub mod carriers;
pub mod settings;
