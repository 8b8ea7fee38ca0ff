//! The state of the installation, and the feed of changes.

use keqiao_domain::{Change, ListingState, RecordKind, Viewer};
use keqiao_store::{
    Dialect, accounts, agreements, articles, attachments, changes, deliveries, engagements, listings, memberships,
    parked, parties, programs,
};

use crate::{App, AppError};

/// Counts and positions for the status page.
#[derive(Debug, Clone)]
pub struct Status {
    /// Listings by state.
    pub listings: Vec<(ListingState, i64)>,
    /// Parties.
    pub parties: i64,
    /// Accounts.
    pub accounts: i64,
    /// Documents in this node's index.
    pub indexed: u64,
    /// The last change of the log.
    pub latest_seq: i64,
    /// Up to where this node's index has read.
    pub index_seq: i64,
    /// Changes that a follower could not digest.
    pub parked: i64,
    /// Mails that wait or failed.
    pub mails_waiting: i64,
    /// The database engine.
    pub engine: &'static str,
}

/// The installation's state.
///
/// # Errors
/// When the store fails.
pub async fn status(app: &App) -> Result<Status, AppError> {
    let mut db = app.store.reader().await?;
    Ok(Status {
        listings: listings::count_by_state(&mut db).await?,
        parties: parties::count(&mut db).await?,
        accounts: accounts::count(&mut db).await?,
        indexed: app.index.num_docs(),
        latest_seq: changes::latest(&mut db).await?,
        index_seq: app.index.cursor(),
        parked: parked::count(&mut db).await?,
        mails_waiting: deliveries::open(&mut db).await?.0,
        engine: match app.store.dialect() {
            Dialect::Sqlite => "SQLite",
            Dialect::Postgres => "PostgreSQL",
        },
    })
}

/// Whether requests can be served: the store answers.
///
/// # Errors
/// When it does not.
pub async fn ready(app: &App) -> Result<(), AppError> {
    let mut db = app.store.reader().await?;
    changes::latest(&mut db).await?;
    Ok(())
}

/// Changes after a position, those of records the viewer may see. The second
/// value is the position to go on from, also when none of them was visible.
///
/// # Errors
/// When the store fails.
pub async fn changes_after(app: &App, viewer: &Viewer, after: i64, limit: i64) -> Result<(Vec<Change>, i64), AppError> {
    let mut db = app.store.reader().await?;
    let batch = changes::after(&mut db, after, limit.clamp(1, 500)).await?;
    let next = batch.last().map_or(after, |c| c.seq);
    let mut seen = Vec::with_capacity(batch.len());
    for mut change in batch {
        let visible = match change.record {
            RecordKind::Party => true,
            RecordKind::Membership => memberships::find(&mut db, change.id.into()).await?.is_some(),
            RecordKind::Listing => match listings::find(&mut db, change.id.into()).await? {
                Some(listing) => viewer.sees(listing.audience()),
                None => viewer.sees_all(),
            },
            RecordKind::Attachment => attachment_visible(&mut db, viewer, change.id.into()).await?,
            RecordKind::Review | RecordKind::Invitation => viewer.is_operator(),
            RecordKind::Article => match articles::find(&mut db, change.id.into()).await? {
                Some(article) => viewer.sees(article.audience()),
                None => viewer.sees_all(),
            },
            RecordKind::Agreement => match agreements::find(&mut db, change.id.into()).await? {
                Some(agreement) => viewer.sees(agreement.audience),
                None => viewer.sees_all(),
            },
            RecordKind::Engagement => match engagements::find(&mut db, change.id.into()).await? {
                Some(engagement) => viewer.sees_engagement(&engagement),
                None => false,
            },
            RecordKind::Program => match programs::find(&mut db, change.id.into()).await? {
                Some(program) => viewer.sees_program(&program),
                None => false,
            },
            RecordKind::ProgramEntry => crate::programs::change_is_seen(&mut db, viewer, change.id.into()).await?,
            RecordKind::Source | RecordKind::Entity => viewer.is_operator(),
            RecordKind::VolunteerTeam | RecordKind::VolunteerRequest | RecordKind::Alliance => true,
            RecordKind::Visit | RecordKind::Feedback | RecordKind::Workstation => viewer.sees_all(),
            RecordKind::Account => viewer.is_admin() || viewer.account == Some(change.id.into()),
        };
        if visible {
            if !(viewer.is_operator() || change.actor == viewer.account) {
                change.actor = None;
            }
            seen.push(change);
        }
    }
    Ok((seen, next))
}

async fn attachment_visible(
    db: &mut keqiao_store::Conn,
    viewer: &Viewer,
    id: keqiao_domain::AttachmentId,
) -> Result<bool, AppError> {
    let Some(attachment) = attachments::find(db, id).await? else { return Ok(viewer.sees_all()) };
    let Some(listing) = listings::find(db, attachment.listing).await? else { return Ok(false) };
    Ok(viewer.sees(listing.audience()) && viewer.reads(attachment.tier, listing.party, false))
}
