//! The whole store as a zip of JSON lines, and back. The same store gives the
//! same bytes: records stand in the order of their ids, times in the zip are fixed.
//!
//! Passwords, sessions, tokens and notices stay out: an account that comes back
//! sets a new password by mail. A backup keeps everything.

/// Goes through a table page by page, by the ids of its rows.
macro_rules! each_page {
    ($db:expr, $page:path, $limit:expr, |$rows:ident| $work:block) => {{
        let mut after = None;
        loop {
            let $rows = $page($db, after, $limit).await?;
            $work
            match $rows.last() {
                Some(last) => after = Some(last.id),
                None => break,
            }
        }
    }};
}

/// Writes a table into a file of its own, a line for each row.
macro_rules! table {
    ($zip:expr, $db:expr, $name:literal, $page:path, $limit:expr, |$count:ident| $progress:expr) => {{
        $zip.start_file($name, options())?;
        each_page!($db, $page, $limit, |rows| {
            rows.iter().try_for_each(|row| line($zip, row))?;
            $count += rows.len();
            $progress($count);
        });
    }};
}

mod articles;
mod engagements;
mod programs;
mod services;

use std::io::{Read, Seek, Write};

use bytes::Bytes;
use futures::FutureExt;
use keqiao_domain::{
    Account, Action, Attachment, Listing, ListingVersion, Membership, Party, RecordKind, Review, RoleGrant, Timestamp,
};
use keqiao_store::{Conn, accounts, attachments, listing_versions, listings, memberships, parties, reviews};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::{App, AppError, log_change};

/// Records read or written at once.
const PAGE: i64 = 500;
/// The forms, the first first: parties and listings; then with articles; with engagements; with visits, volunteers,
/// workstations and alliances; with programs; with files of entries and annexes. An archive of a newer one is refused.
const FORMS: [&str; 6] = [
    "keqiao-archive 1",
    "keqiao-archive 2",
    "keqiao-archive 3",
    "keqiao-archive 4",
    "keqiao-archive 5",
    "keqiao-archive 6",
];
/// The form that is written.
const FORM: &str = FORMS[FORMS.len() - 1];

/// Why an archive could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A use case or the store failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// The file could not be read or written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The zip is damaged.
    #[error("the archive is damaged: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// A line that is no such record.
    #[error("{file}, line {line}: {reason}")]
    Line {
        /// File inside the archive.
        file: String,
        /// Line in it, from 1.
        line: usize,
        /// Why.
        reason: String,
    },
    /// Not an archive of this program, or of a newer one.
    #[error("this is not an archive that this version reads (it says {0:?})")]
    Form(String),
    /// The store is not empty.
    #[error("an archive goes into an empty store, and this one has records; import tables instead")]
    NotEmpty,
}

impl From<keqiao_store::StoreError> for ArchiveError {
    fn from(error: keqiao_store::StoreError) -> Self {
        Self::App(error.into())
    }
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)
}

fn line<T: Serialize>(zip: &mut ZipWriter<impl Write + Seek>, record: &T) -> Result<(), ArchiveError> {
    let mut text = serde_json::to_vec(record).map_err(|e| AppError::Internal(e.to_string()))?;
    text.push(b'\n');
    Ok(zip.write_all(&text)?)
}

/// Writes everything into a zip; `progress` hears the records written so far.
///
/// # Errors
/// When the store or the file fails.
pub async fn export_archive(
    app: &App,
    file: impl Write + Seek,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<usize, ArchiveError> {
    let mut zip = ZipWriter::new(file);
    zip.start_file("form.txt", options())?;
    zip.write_all(FORM.as_bytes())?;
    let mut db = app.store.reader().await?;
    let mut count = 0;
    let out = &mut zip;
    table!(out, &mut db, "parties.jsonl", parties::page_after, PAGE, |count| progress);
    table!(out, &mut db, "memberships.jsonl", memberships::page_after, PAGE, |count| progress);
    export_accounts(&mut db, out, &mut count).await?;
    table!(out, &mut db, "listings.jsonl", listings::page_all, PAGE, |count| progress);
    export_of_listings(&mut db, out, &mut count).await?;
    table!(out, &mut db, "attachments.jsonl", attachments::page_after, PAGE, |count| progress);
    export_files(app, &mut db, out).await?;
    count += articles::export(&mut db, out, &|n| progress(count + n)).await?;
    count += engagements::export(app, &mut db, out, &|n| progress(count + n)).await?;
    count += services::export(app, &mut db, out).await?;
    count += programs::export(app, &mut db, out, &|n| progress(count + n)).await?;
    progress(count);
    zip.finish()?;
    Ok(count)
}

async fn export_accounts(
    db: &mut Conn,
    zip: &mut ZipWriter<impl Write + Seek>,
    count: &mut usize,
) -> Result<(), ArchiveError> {
    let mut grants: Vec<RoleGrant> = Vec::new();
    zip.start_file("accounts.jsonl", options())?;
    each_page!(db, accounts::page, PAGE, |rows| {
        for row in &rows {
            grants.extend(accounts::roles_of(db, row.id).await?);
            line(zip, &Account { password_hash: String::new(), ..row.clone() })?;
        }
        *count += rows.len();
    });
    zip.start_file("roles.jsonl", options())?;
    grants.sort_by_key(|g| (g.account, g.organization));
    *count += grants.len();
    grants.iter().try_for_each(|grant| line(zip, grant))
}

async fn export_of_listings(
    db: &mut Conn,
    zip: &mut ZipWriter<impl Write + Seek>,
    count: &mut usize,
) -> Result<(), ArchiveError> {
    zip.start_file("versions.jsonl", options())?;
    each_page!(db, listings::page_all, PAGE, |rows| {
        for row in &rows {
            let mut kept = listing_versions::of_listing(db, row.id).await?;
            kept.sort_by_key(|v| v.version);
            *count += kept.len();
            kept.iter().try_for_each(|v| line(zip, v))?;
        }
    });
    zip.start_file("reviews.jsonl", options())?;
    each_page!(db, listings::page_all, PAGE, |rows| {
        for row in &rows {
            let mut kept = reviews::of_listing(db, row.id).await?;
            kept.sort_by_key(|r| r.id);
            *count += kept.len();
            kept.iter().try_for_each(|r| line(zip, r))?;
        }
    });
    Ok(())
}

async fn export_files(app: &App, db: &mut Conn, zip: &mut ZipWriter<impl Write + Seek>) -> Result<(), ArchiveError> {
    each_page!(db, attachments::page_after, PAGE, |rows| {
        for row in &rows {
            zip.start_file(format!("files/{}", row.id), options())?;
            zip.write_all(&app.blobs.read(&row.blob).await.map_err(AppError::from)?)?;
        }
    });
    Ok(())
}

fn records<T: DeserializeOwned>(zip: &mut ZipArchive<impl Read + Seek>, name: &str) -> Result<Vec<T>, ArchiveError> {
    let mut text = String::new();
    zip.by_name(name)?.read_to_string(&mut text)?;
    text.lines()
        .enumerate()
        .map(|(i, line)| {
            serde_json::from_str(line).map_err(|e| ArchiveError::Line {
                file: name.to_owned(),
                line: i + 1,
                reason: e.to_string(),
            })
        })
        .collect()
}

async fn expect_empty(app: &App) -> Result<(), ArchiveError> {
    let mut db = app.store.reader().await?;
    let kept = parties::count(&mut db).await? + accounts::count(&mut db).await?;
    if kept + keqiao_store::articles::count(&mut db).await? > 0 {
        return Err(ArchiveError::NotEmpty);
    }
    Ok(())
}

/// What archives hold besides what the first of them held.
#[derive(Default)]
struct LaterParts {
    articles: articles::Articles,
    engagements: engagements::Engagements,
    services: services::Services,
    programs: programs::Programs,
}

impl LaterParts {
    /// Reads them as far as the archive's form has them.
    async fn read(app: &App, zip: &mut ZipArchive<impl Read + Seek>, form: &str) -> Result<Self, ArchiveError> {
        let place = FORMS.iter().position(|f| *f == form);
        let newest = place.ok_or_else(|| ArchiveError::Form(form.to_owned()))?;
        let mut parts = Self::default();
        if newest >= 1 {
            parts.articles = articles::Articles::read(zip)?;
        }
        if newest >= 2 {
            parts.engagements = engagements::Engagements::read(app, zip).await?;
        }
        if newest >= 3 {
            parts.services = services::Services::read(app, zip).await?;
        }
        if newest >= 4 {
            parts.programs = programs::Programs::read(zip)?;
        }
        if newest >= 5 {
            parts.programs.read_files(app, zip).await?;
        }
        Ok(parts)
    }

    /// Writes them behind accounts, parties and listings; gives their number.
    async fn insert(self, tx: &mut Conn, now: Timestamp) -> Result<usize, AppError> {
        let count = self.articles.insert(tx, now).await? + self.engagements.insert(tx, now).await?;
        Ok(count + self.services.insert(tx).await? + self.programs.insert(tx, now).await?)
    }
}

/// Reads an archive into an empty store, in one transaction; ids, versions and
/// times stay as they were. Gives the number of records.
///
/// # Errors
/// `NotEmpty`; `Form`; a damaged zip or line. Nothing is kept then.
pub async fn import_archive(app: &App, file: impl Read + Seek) -> Result<usize, ArchiveError> {
    expect_empty(app).await?;
    let mut zip = ZipArchive::new(file)?;
    let mut form = String::new();
    zip.by_name("form.txt")?.take(100).read_to_string(&mut form)?;
    let later = LaterParts::read(app, &mut zip, &form).await?;
    let parties_in: Vec<Party> = records(&mut zip, "parties.jsonl")?;
    let memberships_in: Vec<Membership> = records(&mut zip, "memberships.jsonl")?;
    let accounts_in: Vec<Account> = records(&mut zip, "accounts.jsonl")?;
    let roles_in: Vec<RoleGrant> = records(&mut zip, "roles.jsonl")?;
    let listings_in: Vec<Listing> = records(&mut zip, "listings.jsonl")?;
    let versions_in: Vec<ListingVersion> = records(&mut zip, "versions.jsonl")?;
    let reviews_in: Vec<Review> = records(&mut zip, "reviews.jsonl")?;
    let attachments_in: Vec<Attachment> = records(&mut zip, "attachments.jsonl")?;
    for attachment in &attachments_in {
        let mut bytes = Vec::new();
        zip.by_name(&format!("files/{}", attachment.id))?.read_to_end(&mut bytes)?;
        app.blobs.keep_bytes(&attachment.blob, Bytes::from(bytes)).await.map_err(AppError::from)?;
    }
    let now = app.now();
    let count = app
        .store
        .write::<_, AppError, _>(move |tx| {
            async move {
                for account in &accounts_in {
                    // The account's person comes with the parties; the link is made after them.
                    accounts::insert(tx, &Account { person: None, ..account.clone() }).await?;
                }
                for party in &parties_in {
                    parties::insert(tx, party).await?;
                    log_change(tx, now, RecordKind::Party, party.id, Action::Created, None).await?;
                }
                for account in accounts_in.iter().filter(|a| a.person.is_some()) {
                    accounts::update(tx, account, account.version).await?;
                }
                for membership in &memberships_in {
                    memberships::insert(tx, membership).await?;
                    log_change(tx, now, RecordKind::Membership, membership.id, Action::Created, None).await?;
                }
                for grant in &roles_in {
                    accounts::grant_role(tx, grant).await?;
                }
                for listing in &listings_in {
                    listings::insert(tx, listing).await?;
                    log_change(tx, now, RecordKind::Listing, listing.id, Action::Created, None).await?;
                }
                for version in &versions_in {
                    listing_versions::insert(tx, version).await?;
                }
                for review in &reviews_in {
                    reviews::insert(tx, review).await?;
                }
                for attachment in &attachments_in {
                    attachments::insert(tx, attachment).await?;
                }
                Ok(later.insert(tx, now).await?
                    + parties_in.len()
                    + memberships_in.len()
                    + accounts_in.len()
                    + roles_in.len()
                    + listings_in.len()
                    + versions_in.len()
                    + reviews_in.len()
                    + attachments_in.len())
            }
            .boxed()
        })
        .await?;
    Ok(count)
}
