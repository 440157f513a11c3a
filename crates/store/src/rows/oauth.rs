//! Rows of oauth.
