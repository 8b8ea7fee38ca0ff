//! Files, articles, what persons said of them, and agreements, in the archive. The graph is derived and stays out.

use std::io::{Read, Seek, Write};

use keqiao_domain::{
    Action, Agreement, Article, Commitment, Correction, EntityClaim, JoinDecision, RecordKind, SourceFile, Timestamp,
};
use keqiao_store::{Conn, agreements, articles, corrections, entity_claims, joins, sources};
use zip::{ZipArchive, ZipWriter};

use super::{ArchiveError, PAGE, line, options, records};
use crate::{AppError, log_change};

/// Files in the memory at once: each can hold megabytes.
const FILES: i64 = 20;

/// Writes all of them; gives their number.
pub(super) async fn export(
    db: &mut Conn,
    zip: &mut ZipWriter<impl Write + Seek>,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<usize, ArchiveError> {
    let mut count = 0;
    table!(zip, db, "sources.jsonl", sources::page_all, FILES, |count| progress);
    table!(zip, db, "articles.jsonl", articles::page_all, PAGE, |count| progress);
    table!(zip, db, "corrections.jsonl", corrections::page_all, PAGE, |count| progress);
    zip.start_file("joins.jsonl", options())?;
    let decisions = joins::decisions(db).await?;
    decisions.iter().try_for_each(|d| line(zip, d))?;
    zip.start_file("claims.jsonl", options())?;
    let claims = entity_claims::all(db).await?;
    claims.iter().try_for_each(|c| line(zip, c))?;
    table!(zip, db, "agreements.jsonl", agreements::page_all, PAGE, |count| progress);
    zip.start_file("commitments.jsonl", options())?;
    each_page!(db, agreements::page_all, PAGE, |page| {
        let ids: Vec<_> = page.iter().map(|a| a.id).collect();
        let promises = agreements::commitments_of(db, &ids).await?;
        promises.iter().try_for_each(|c| line(zip, c))?;
        count += promises.len();
    });
    Ok(count + decisions.len() + claims.len())
}

/// What an archive holds of them.
#[derive(Default)]
pub(super) struct Articles {
    sources: Vec<SourceFile>,
    articles: Vec<Article>,
    corrections: Vec<Correction>,
    joins: Vec<JoinDecision>,
    claims: Vec<EntityClaim>,
    agreements: Vec<Agreement>,
    commitments: Vec<Commitment>,
}

impl Articles {
    /// Reads them.
    pub(super) fn read(zip: &mut ZipArchive<impl Read + Seek>) -> Result<Self, ArchiveError> {
        Ok(Self {
            sources: records(zip, "sources.jsonl")?,
            articles: records(zip, "articles.jsonl")?,
            corrections: records(zip, "corrections.jsonl")?,
            joins: records(zip, "joins.jsonl")?,
            claims: records(zip, "claims.jsonl")?,
            agreements: records(zip, "agreements.jsonl")?,
            commitments: records(zip, "commitments.jsonl")?,
        })
    }

    /// Writes them behind parties and accounts; gives their number.
    pub(super) async fn insert(&self, tx: &mut Conn, now: Timestamp) -> Result<usize, AppError> {
        for source in &self.sources {
            sources::insert(tx, source).await?;
            log_change(tx, now, RecordKind::Source, source.id, Action::Created, None).await?;
        }
        for article in &self.articles {
            articles::insert(tx, article).await?;
            log_change(tx, now, RecordKind::Article, article.id, Action::Created, None).await?;
        }
        for correction in &self.corrections {
            corrections::put(tx, correction).await?;
        }
        for decision in &self.joins {
            joins::decide(tx, decision).await?;
        }
        for claim in &self.claims {
            entity_claims::put(tx, claim).await?;
        }
        for agreement in &self.agreements {
            agreements::insert(tx, agreement).await?;
            log_change(tx, now, RecordKind::Agreement, agreement.id, Action::Created, None).await?;
        }
        for commitment in &self.commitments {
            agreements::insert_commitment(tx, commitment).await?;
        }
        let said = self.corrections.len() + self.joins.len() + self.claims.len();
        let agreed = self.agreements.len() + self.commitments.len();
        Ok(self.sources.len() + self.articles.len() + said + agreed)
    }
}
