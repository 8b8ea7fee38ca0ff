//! What a use case refuses, and why. The web maps each of these once.

use keqiao_domain::{FieldFault, ProgramRefusal, Refusal, TransitionError};
use keqiao_search::SearchError;
use keqiao_store::StoreError;
use serde::Serialize;

use crate::blobs::BlobError;

/// One thing wrong with one field of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The field's name as in API and forms (`title`, `attributes.purity`).
    pub field: String,
    /// Message key (`too-long`, `required`, …); the pages and the API put it into words.
    pub code: &'static str,
    /// A number or text that belongs to the message (a limit, the wrong value).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Fault {
    /// A fault without detail.
    #[must_use]
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self { field: field.into(), code, detail: String::new() }
    }
    /// A fault with its limit or wrong value.
    #[must_use]
    pub fn with(field: impl Into<String>, code: &'static str, detail: impl ToString) -> Self {
        Self { field: field.into(), code, detail: detail.to_string() }
    }
}

/// Why a use case did not do what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// No such record, or none that the viewer may see.
    #[error("there is no such record")]
    NotFound,
    /// The viewer has to sign in first.
    #[error("sign in first")]
    SignInNeeded,
    /// The viewer sees the record but may not do this.
    #[error("this is not allowed for you")]
    NotAllowed,
    /// The input has faults.
    #[error("the input has {} fault(s)", .0.len())]
    Invalid(Vec<Fault>),
    /// Somebody else wrote in between.
    #[error("the record was changed in between: it is at version {current}")]
    Stale {
        /// The version it has now.
        current: i64,
    },
    /// The record stands where this is not possible.
    #[error(transparent)]
    Transition(#[from] TransitionError),
    /// The engagement's workflow does not allow it now.
    #[error(transparent)]
    Refused(Refusal),
    /// The program's rules do not allow it now.
    #[error(transparent)]
    Barred(ProgramRefusal),
    /// A wrong mail address or password.
    #[error("mail address or password are wrong")]
    WrongPassword,
    /// A link (reset, invitation) that was used, has run out or never was.
    #[error("this link no longer holds")]
    DeadLink,
    /// A file that is larger than allowed.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The same idempotency key with another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// The store or the blob store cannot be reached or is full; trying again may help.
    #[error("the data cannot be reached at the moment: {0}")]
    Unavailable(String),
    /// A fault of the program or of the data.
    #[error("internal fault: {0}")]
    Internal(String),
}

impl AppError {
    /// One fault in one field.
    #[must_use]
    pub fn invalid(field: &str, code: &'static str) -> Self {
        Self::Invalid(vec![Fault::new(field, code)])
    }

    /// Faults of fields as the domain found them.
    pub(crate) fn of_fields(faults: Vec<FieldFault>) -> Self {
        let fault = |f: FieldFault| Fault { field: f.field, code: f.code, detail: f.detail };
        Self::Invalid(faults.into_iter().map(fault).collect())
    }

    /// The stable code for API and pages.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::SignInNeeded => "sign-in-needed",
            Self::NotAllowed => "not-allowed",
            Self::Invalid(_) => "invalid",
            Self::Stale { .. } => "stale",
            Self::Transition(_) => "wrong-state",
            Self::Refused(_) | Self::Barred(_) => "refused",
            Self::WrongPassword => "wrong-password",
            Self::DeadLink => "dead-link",
            Self::TooLarge { .. } => "too-large",
            Self::KeyReused => "key-reused",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Fields(faults) => Self::of_fields(faults),
            other => Self::Refused(other),
        }
    }
}

impl From<ProgramRefusal> for AppError {
    fn from(refusal: ProgramRefusal) -> Self {
        match refusal {
            ProgramRefusal::Fields(faults) => Self::of_fields(faults),
            other => Self::Barred(other),
        }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(key) => {
                let field = key.rsplit('.').next().unwrap_or(&key).to_owned();
                Self::Invalid(vec![Fault::new(field, "taken")])
            }
            StoreError::Unavailable(why) => Self::Unavailable(why),
            StoreError::Refused(why) => Self::Invalid(vec![Fault::with("text", "refused", why)]),
            StoreError::Corrupt(why) | StoreError::Internal(why) => Self::Internal(why),
        }
    }
}

impl From<SearchError> for AppError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::BadCursor => Self::invalid("after", "bad-cursor"),
            SearchError::TooManyFilters => Self::invalid("filters", "too-many"),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<BlobError> for AppError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::TooLarge { limit } => Self::TooLarge { limit },
            BlobError::Missing => Self::NotFound,
            BlobError::Broken(why) => Self::invalid("file", if why { "upload-cut" } else { "upload" }),
            BlobError::Store(why) => Self::Unavailable(why),
        }
    }
}
