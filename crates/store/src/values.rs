//! What a value is on its way into a column and out of it.

use keqiao_domain::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::sql::{Result, corrupt};

/// A value on its way into the database.
pub(crate) enum Arg {
    Text(Option<String>),
    Int(Option<i64>),
    Float(f64),
}

/// What can be given to a statement.
pub(crate) trait Bind {
    fn arg(self) -> Arg;
}

impl Bind for Arg {
    fn arg(self) -> Arg {
        self
    }
}

/// What can be read from a column.
pub(crate) trait Cell: Sized {
    fn read(row: &AnyRow, column: &str) -> Result<Self>;
}

macro_rules! texts {
    ($($t:ty),*) => {$(impl Bind for $t { fn arg(self) -> Arg { Arg::Text(Some(self.to_string())) } })*};
}
texts!(&str, &String, String, &keqiao_domain::Uscc, &keqiao_domain::Orcid);

impl<T> Bind for &Option<T>
where
    T: Clone,
    Option<T>: Bind,
{
    fn arg(self) -> Arg {
        self.clone().arg()
    }
}
impl Bind for Option<String> {
    fn arg(self) -> Arg {
        Arg::Text(self)
    }
}
impl Bind for Option<&str> {
    fn arg(self) -> Arg {
        Arg::Text(self.map(str::to_owned))
    }
}
impl Bind for i64 {
    fn arg(self) -> Arg {
        Arg::Int(Some(self))
    }
}
impl Bind for Option<i64> {
    fn arg(self) -> Arg {
        Arg::Int(self)
    }
}
impl Bind for bool {
    fn arg(self) -> Arg {
        Arg::Int(Some(i64::from(self)))
    }
}
impl Bind for f64 {
    fn arg(self) -> Arg {
        Arg::Float(self)
    }
}
impl Bind for Timestamp {
    fn arg(self) -> Arg {
        Arg::Int(Some(self.micros()))
    }
}
impl Bind for Option<Timestamp> {
    fn arg(self) -> Arg {
        Arg::Int(self.map(Timestamp::micros))
    }
}

macro_rules! cells {
    ($($t:ty),*) => {$(
        impl Cell for $t {
            fn read(row: &AnyRow, column: &str) -> Result<Self> {
                row.try_get(column).map_err(|e| corrupt(column, e))
            }
        }
    )*};
}
cells!(String, Option<String>, i64, Option<i64>, f64);

impl Cell for bool {
    fn read(row: &AnyRow, column: &str) -> Result<Self> {
        match i64::read(row, column)? {
            0 => Ok(false),
            1 => Ok(true),
            n => Err(corrupt(column, format_args!("{n} is not yes or no"))),
        }
    }
}
impl Cell for Timestamp {
    fn read(row: &AnyRow, column: &str) -> Result<Self> {
        i64::read(row, column).map(Timestamp::from_micros)
    }
}
impl Cell for Option<Timestamp> {
    fn read(row: &AnyRow, column: &str) -> Result<Self> {
        Ok(Option::<i64>::read(row, column)?.map(Timestamp::from_micros))
    }
}

macro_rules! ids {
    ($($id:ident),*) => {$(
        impl Bind for keqiao_domain::$id {
            fn arg(self) -> Arg {
                Arg::Text(Some(self.to_string()))
            }
        }
        impl Bind for Option<keqiao_domain::$id> {
            fn arg(self) -> Arg {
                Arg::Text(self.map(|id| id.to_string()))
            }
        }
        impl Cell for keqiao_domain::$id {
            fn read(row: &AnyRow, column: &str) -> Result<Self> {
                String::read(row, column)?.parse().map_err(|e| corrupt(column, e))
            }
        }
        impl Cell for Option<keqiao_domain::$id> {
            fn read(row: &AnyRow, column: &str) -> Result<Self> {
                let text = Option::<String>::read(row, column)?;
                text.map(|t| t.parse().map_err(|e| corrupt(column, e))).transpose()
            }
        }
    )*};
}
ids!(
    PartyId,
    MembershipId,
    AccountId,
    ListingId,
    RankingTrialId,
    ShowingId,
    WeightVersionId,
    ReviewId,
    AttachmentId,
    NoticeId,
    InvitationId,
    ApiTokenId,
    ImportId,
    SourceId,
    ArticleId,
    EntityId,
    FactId,
    CorrectionId,
    AgreementId,
    CommitmentId,
    EngagementId,
    ProgramEntryId,
    ProgramId,
    ProgramSessionId,
    MessageId,
    AppointmentId,
    RecordId
);
