//! Activities.

pub(crate) mod post_activity;
