//! Texts for channels: cut into pieces, marked up, and what stands in place of the things that a
//! channel does not know.

pub mod fallback;
pub mod markup;
mod words;

pub use model::fit::{Unit, cut, pieces, split, tail};
pub use words::{lines, price};
