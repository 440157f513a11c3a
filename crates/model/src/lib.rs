//! The core's values and pure rules: ids, content, events, switchboard. No I/O, no clock, no
//! randomness: every input gives a value or a typed error.

pub mod address;
pub mod animal_names;
pub mod audience;
pub mod channel;
pub mod content;
pub mod email;
pub mod error_code;
pub mod event;
pub mod fallback;
pub mod file_name;
pub mod fit;
pub mod id;
pub mod limits;
pub mod masking;
pub mod media_type;
pub mod metadata;
pub mod patch;
pub mod phone;
pub mod recent;
pub mod record;
pub mod rich_text;
pub mod setting;
pub mod switchboard;
pub mod time;

pub use error_code::ErrorCode;
pub use id::Id;
pub use time::{Clock, Millis};
