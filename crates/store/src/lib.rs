//! The Store: one set of SQL for SQLite and PostgreSQL, migrations, change log.
//!
//! [`Store::write`] runs a transaction through the node's one writer; [`Store::reader`] gives a
//! connection that reads. Questions are functions over [`Conn`], one module per table, and
//! absence is `Option`. Ids of rows that paging seeks by are the tie-break, never an offset.
//!
//! Texts must not hold U+0000 and numbers must be finite: such values are refused on both engines
//! with [`StoreError::Refused`] (a U+0000 inside a JSON column is escaped and kept).

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod accounts;
pub mod agreements;
pub mod annex_acceptances;
pub mod api_tokens;
pub mod articles;
pub mod attachments;
pub mod changes;
mod conn;
mod copy;
pub mod corrections;
pub mod cursors;
pub mod deliveries;
pub mod engagements;
mod engine;
pub mod entities;
pub mod entity_claims;
mod error;
pub mod facts;
pub mod graph;
pub mod idempotency;
pub mod imports;
pub mod invitations;
pub mod joins;
pub mod kept;
pub mod leases;
pub mod listing_versions;
pub mod listings;
pub mod matches;
pub mod memberships;
pub mod meta;
pub mod notices;
pub mod parked;
pub mod parties;
pub mod password_resets;
pub mod privacy;
pub mod programs;
pub mod ranking_trials;
pub mod reviews;
mod schema;
pub mod sessions;
pub mod showings;
pub mod sources;
mod sql;
mod store;
pub mod ties;
mod values;
pub mod weight_versions;
mod writer;

pub use conn::Conn;
pub use engine::Dialect;
pub use error::{OpenError, StoreError};
pub use schema::SCHEMA_VERSION;
pub use store::{Load, Store, StoreOptions};
