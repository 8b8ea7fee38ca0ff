//! Engagements on both databases: whatever everybody tries in whatever order against a plain model, and whether a byte
//! changed behind the program's back is found and named.

#![allow(clippy::unwrap_used)]

#[path = "../../crates/store/tests/contract/postgres.rs"]
mod postgres;

mod model;
mod play;
mod tamper;
mod world;
