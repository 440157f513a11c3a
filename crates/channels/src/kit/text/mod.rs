//! Texts for channels: cut into pieces, marked up, and what stands in place of the things that a
//! channel does not know.

pub mod fallback;
pub mod markup;
mod split;
mod words;

pub use split::{Unit, pieces, split, tail};
pub use words::{cut, lines, price};
