//! The whole-program suite: the real server as a process, over TCP, on a data directory of its own.
//!
//! `generated.rs` compares the generated documents; `sunshine/` mirrors the API, one file a resource,
//! besides the walks over all operations; `channels/` plays customers on simulated providers;
//! `program/` is about the program: crashes, backup, the official clients. Run one file with
//! `cargo test -p crosspoint-tests -- sunshine::webhooks`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod channels;
// The name that the channel of `docs/adding-a-channel.md` uses.
extern crate channels as crosspoint_channels;
// The name under which the client is published and the example uses it.
extern crate client as crosspoint_client;

mod exotel;
mod generated;
mod hubster;
mod program;
mod sunshine;
