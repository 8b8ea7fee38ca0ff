//! Engagements on both databases: whatever everybody tries in whatever order against a plain model, whether a byte changed
//! behind the program's back is found and named, and what is told by a server that slept and is killed.

#![allow(clippy::unwrap_used)]

#[path = "../../crates/store/tests/contract/postgres.rs"]
mod postgres;
#[path = "../server.rs"]
mod server;

mod model;
mod play;
mod rules;
mod slept;
mod tamper;
mod world;
