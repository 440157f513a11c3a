//! The client against a server that is not ours: recorded answers, refusals, broken connections.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "client/bought.rs"]
mod bought;
#[path = "client/calls.rs"]
mod calls;
#[path = "client/coverage.rs"]
mod coverage;
#[path = "client/documented.rs"]
mod documented;
#[path = "client/fake.rs"]
mod fake;
#[path = "client/pages.rs"]
mod pages;
#[path = "client/receiving.rs"]
mod receiving;
#[path = "client/receiving_hubster.rs"]
mod receiving_hubster;
#[path = "client/recorded.rs"]
mod recorded;
#[path = "client/recorded_exotel.rs"]
mod recorded_exotel;
#[path = "client/recorded_hubster.rs"]
mod recorded_hubster;
#[path = "client/retries.rs"]
mod retries;
#[path = "client/signalr.rs"]
mod signalr;
#[path = "client/traces.rs"]
mod traces;
