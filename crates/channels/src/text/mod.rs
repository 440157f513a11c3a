//! Texts for channels: cut into pieces, marked up, and what stands in place of the things that a
//! channel does not know.

pub(crate) mod fallback;
pub(crate) mod markup;
mod split;
mod words;

pub(crate) use split::{Unit, pieces, split, tail};
pub(crate) use words::{cut, lines, price};
