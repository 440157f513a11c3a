//! Activities: reading and typing.

mod post;

pub use post::ActivityAuthor;
