//! What use cases share that keep a record whole: finding it, writing it anew, telling people.

use std::collections::BTreeSet;
use std::sync::Arc;

use keqiao_domain::{
    AccountId, Clock, Entropy, Notice, NoticeBody, NoticeId, RecordId, RecordKind, ServiceNews, Timestamp,
};
use keqiao_store::kept::{self, Kept};
use keqiao_store::{Conn, notices};

use crate::{App, AppError, Fault};

/// The record of an id.
pub(crate) async fn found<T: Kept>(db: &mut Conn, id: impl Into<RecordId>) -> Result<T, AppError> {
    kept::find(db, id).await?.ok_or(AppError::NotFound)
}

/// Writes a record anew that was read at a version.
pub(crate) async fn rewrite<T: Kept>(tx: &mut Conn, record: &T, read_at: i64) -> Result<(), AppError> {
    if kept::update(tx, record, read_at).await? {
        return Ok(());
    }
    let current = kept::find::<T>(tx, record.id()).await?.ok_or(AppError::NotFound)?.version();
    Err(AppError::Stale { current })
}

/// A page of what was found, one more than the page being asked for, and the last of it if there are others.
pub(crate) fn paged<T>(mut found: Vec<T>, page: usize) -> (Vec<T>, bool) {
    let more = found.len() > page;
    found.truncate(page);
    (found, more)
}

/// A text that must be there and is not longer than so many characters, without the space around it.
pub(crate) fn words(field: &str, text: &str, longest: usize, required: bool, faults: &mut Vec<Fault>) -> String {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() && required {
        faults.push(Fault::new(field, "required"));
    }
    if text.chars().count() > longest {
        faults.push(Fault::with(field, "too-long", longest));
    }
    text
}

/// A day that must be there.
pub(crate) fn must_day(field: &str, text: &str, faults: &mut Vec<Fault>) -> String {
    match crate::day::day(field, text, faults) {
        Some(day) => day,
        None => {
            faults.push(Fault::new(field, "required"));
            String::new()
        }
    }
}

/// Words of a list, as people write them: with commas or spaces between.
pub(crate) fn listed(field: &str, text: &str, faults: &mut Vec<Fault>) -> Vec<String> {
    const MOST: usize = 20;
    let mut out: Vec<String> = Vec::new();
    for word in text.split([',', '，', '、', ';', '；', '\n', ' ', '\u{3000}']).map(str::trim).filter(|w| !w.is_empty())
    {
        if !out.iter().any(|o| o == word) {
            out.push(word.to_owned());
        }
    }
    if out.len() > MOST {
        faults.push(Fault::with(field, "too-many", MOST));
    }
    if out.iter().any(|w| w.chars().count() > 30) {
        faults.push(Fault::with(field, "too-long", 30));
    }
    out
}

/// Puts notices on desks from inside a transaction.
#[derive(Clone)]
pub(crate) struct Teller {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

/// What is told.
pub(crate) struct News<'n> {
    pub(crate) record: RecordKind,
    pub(crate) id: RecordId,
    pub(crate) title: &'n str,
    pub(crate) news: ServiceNews,
    /// A notice of the same key is not given twice to one account.
    pub(crate) key: String,
    pub(crate) at: Timestamp,
}

impl Teller {
    pub(crate) fn of(app: &App) -> Self {
        Self { clock: app.clock.clone(), entropy: app.entropy.clone() }
    }

    /// A fresh id.
    pub(crate) fn fresh<T>(&self, make: fn(&dyn Clock, &dyn Entropy) -> T) -> T {
        make(&*self.clock, &*self.entropy)
    }

    /// Tells people, whoever did it excepted; gives how many were told.
    pub(crate) async fn tell(
        &self,
        tx: &mut Conn,
        people: impl IntoIterator<Item = AccountId>,
        but: Option<AccountId>,
        news: News<'_>,
    ) -> Result<usize, AppError> {
        let people: BTreeSet<AccountId> = people.into_iter().filter(|p| Some(*p) != but).collect();
        let mut told = 0;
        for account in people {
            let notice = Notice {
                id: self.fresh(NoticeId::fresh),
                account,
                body: NoticeBody::Service {
                    record: news.record,
                    id: news.id,
                    title: news.title.to_owned(),
                    news: news.news,
                },
                key: news.key.clone(),
                created_at: news.at,
                read_at: None,
                mailed_at: None,
            };
            told += usize::from(notices::insert_unless_key_exists(tx, &notice).await?);
        }
        Ok(told)
    }
}
