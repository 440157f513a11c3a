//! The whole-program suite: the real server as a process, over TCP, on a data directory of its own.
//!
//! `sunshine/` mirrors the API, one file a resource, besides the walks over all operations;
//! `program/` is about the program: crashes, backup, the official clients. Run one file with
//! `cargo test -p crosspoint-tests -- sunshine::webhooks`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod hubster;
mod program;
mod sunshine;
