//! Tests of the wire types against the descriptions of the APIs and against fixtures.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

extern crate crosspoint_wire as wire;

mod document;
mod fixtures;
mod hubster;
mod integrations;
mod sample;
mod schemas;
mod tables;
