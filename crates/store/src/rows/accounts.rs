//! Rows of accounts.
