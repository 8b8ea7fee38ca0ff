//! What can go wrong, in the words a use case needs.

use std::path::PathBuf;

/// Why the store did not do what it was asked. Absence is not here: it is `Option`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A rule between rows stood against it. The key names the rule, the same on both engines:
    /// `parties.uscc` or `listings.party_id+external_id` for a value that must be unique,
    /// [`StoreError::REFERENCE`] for a row that points at one that is not there.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The database cannot be used now; nothing was kept. Trying again may help.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// What was read is not what the store wrote.
    #[error("the database holds something it should not: {0}")]
    Corrupt(String),
    /// A fault of the program.
    #[error("internal error of the store: {0}")]
    Internal(String),
    /// A value that the databases cannot keep unchanged (U+0000 in a text, a number that is not
    /// finite); nothing was kept.
    #[error("{0}")]
    Refused(String),
}

impl StoreError {
    /// The key of a [`StoreError::Conflict`] in which a row points at one that is not there, or
    /// one is to go that others point at.
    pub const REFERENCE: &str = "reference";

    /// Whether this is a conflict of the key.
    #[must_use]
    pub fn is_conflict_of(&self, key: &str) -> bool {
        matches!(self, Self::Conflict(k) if k == key)
    }
}

/// Why a store could not be opened; each message names the place and the mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The address is neither SQLite's nor PostgreSQL's.
    #[error(
        "{0:?} is not the address of a database: write sqlite:///absolute/path/keqiao.db or \
         postgres://user:password@host/database"
    )]
    Address(String),
    /// The database was written by a newer version of the program.
    #[error(
        "the database has schema version {found}, and this program knows versions up to {known}: \
         start the newer program, or restore a backup made by this one"
    )]
    Newer {
        /// The version found.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The folder of the SQLite file is not there.
    #[error("the folder {} does not exist: create it, or name another in the database's address", .0.display())]
    Folder(PathBuf),
    /// Nothing answered, or the file cannot be read and written.
    #[error("the database at {place} cannot be reached: {reason}")]
    Unreachable {
        /// Where, without password.
        place: String,
        /// What the engine said.
        reason: String,
    },
    /// Something answered, and then a step failed.
    #[error("the database at {place} could not be made ready: {source}")]
    Failed {
        /// Where, without password.
        place: String,
        /// Why.
        source: StoreError,
    },
}
