//! What every dialect needs to speak HTTP and no vendor has a word in: routes from operation rows, bodies,
//! pages of other origins, files in forms, types of files.

pub mod body;
pub mod cors;
pub mod form;
pub mod media_type;
mod metered;
pub mod pieces;
pub mod route;
pub mod text;
