//! The use cases over a real store, a file at a time.

#![allow(clippy::unwrap_used)]

mod house;

mod accounts;
mod archive;
mod coach;
mod drafts;
mod engagements;
mod imports;
mod jobs;
mod listings;
mod programs;
mod ranking;
mod services;
