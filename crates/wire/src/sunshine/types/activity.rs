//! Activities: reading and typing (sunshine-v2.md §6.7).

use crate::string_enum::string_enum;
use serde::{Deserialize, Serialize};

use super::message::Author;

string_enum! {
    /// What someone does.
    pub enum ActivityType {
        Read = "conversation:read",
        TypingStart = "typing:start",
        TypingStop = "typing:stop",
    }
}

/// Body of PostActivity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityPost {
    /// Who does it.
    pub author: Author,
    /// What is done.
    #[serde(rename = "type")]
    pub kind: ActivityType,
}
