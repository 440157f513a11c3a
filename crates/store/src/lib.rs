//! What stores: one transaction interface, statements as named functions, engines behind it.
//!
//! A change is a [`Command`] that is sent to where the transaction lives ([`Store::run`]); a
//! look-up takes a reader ([`Store::reader`]). No type of an engine leaves this crate.

mod command;
mod error;
pub mod files;
mod migrations;
pub mod rows;
mod sqlite;
mod store;
mod tx;
mod value;
mod versions;
mod watched;

pub use command::{Command, Ctx};
pub use error::{Result, StoreError, note_damage};
pub use migrations::newest_version;
pub use object_store::GetRange;
pub use sqlite::connection::DATABASE_FILE;
pub use sqlite::readers::Reader;
pub use store::{Options, Store, SystemClock};
pub use tx::{Read, Tx};
pub use watched::AppWatch;
