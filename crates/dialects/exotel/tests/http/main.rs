//! The routes of the dialect over a hub of their own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod customers;
mod house;
mod isolation;
mod newer;
mod pages;
mod settings;
mod users;
