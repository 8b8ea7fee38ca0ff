//! Review by an operator on the four criteria.

use futures::FutureExt;
use keqiao_domain::{
    Action, Decision, Listing, ListingId, ListingState, Notice, NoticeBody, NoticeId, RecordKind, Review, ReviewId,
    Scores, Timestamp, Viewer,
};
use keqiao_store::{accounts, listings, notices, reviews};

use super::update_listing;
use crate::{App, AppError, log_change};

/// What a reviewer writes.
#[derive(Debug, Clone)]
pub struct ReviewInput {
    /// The version that was read; another one must be read first.
    pub version: i64,
    /// Four scores, 0–5.
    pub scores: [u8; 4],
    /// The text for the author; needed unless the listing is published.
    pub comment: String,
}

/// Listings in review, the one that waits longest first.
///
/// # Errors
/// `NotAllowed` but for operators and brokers.
pub async fn review_queue(
    app: &App,
    viewer: &Viewer,
    after: Option<(Timestamp, ListingId)>,
    limit: i64,
) -> Result<Vec<Listing>, AppError> {
    if !viewer.sees_all() {
        return Err(AppError::NotAllowed);
    }
    let mut db = app.store.reader().await?;
    Ok(listings::page_by_state(&mut db, ListingState::InReview, after, limit.clamp(1, 100)).await?)
}

/// Reviews a listing: the scores decide whether it is published, held or rejected.
///
/// # Errors
/// `NotAllowed` but for operators, and for a reviewer's own party; `Invalid`; `Stale`; `Transition`.
pub async fn review(
    app: &App,
    viewer: &Viewer,
    id: ListingId,
    input: ReviewInput,
) -> Result<(Listing, Review), AppError> {
    let reviewer = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let mut listing = listings::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    if !viewer.is_operator() || viewer.role_in(listing.party).is_some() {
        return Err(if viewer.sees(listing.audience()) { AppError::NotAllowed } else { AppError::NotFound });
    }
    let authors = accounts::accounts_of(&mut db, listing.party).await?;
    drop(db);
    let scores = Scores::try_from(input.scores).map_err(|_| AppError::invalid("scores", "score-range"))?;
    let decision = scores.decision();
    let comment = input.comment.trim().to_owned();
    if decision != Decision::Publish && comment.is_empty() {
        return Err(AppError::invalid("comment", "required"));
    }
    if comment.chars().count() > 2_000 {
        return Err(AppError::invalid("comment", "too-long"));
    }
    if listing.version != input.version {
        return Err(AppError::Stale { current: listing.version });
    }
    if listing.state != ListingState::InReview {
        return Err(keqiao_domain::TransitionError { from: listing.state, to: ListingState::Published }.into());
    }
    let now = app.now();
    match decision {
        Decision::Publish => publish(&mut listing, now)?,
        Decision::Hold => listing.become_state(ListingState::Draft)?,
        Decision::Reject => listing.become_state(ListingState::Closed)?,
    }
    let review = Review {
        id: ReviewId::fresh(&*app.clock, &*app.entropy),
        listing: id,
        version: input.version,
        reviewer,
        scores,
        decision,
        comment,
        at: now,
    };
    let told: Vec<Notice> = authors
        .into_iter()
        .map(|(account, _)| Notice {
            id: NoticeId::fresh(&*app.clock, &*app.entropy),
            account: account.id,
            body: NoticeBody::Reviewed { listing: id, decision },
            key: format!("reviewed-{}", review.id),
            created_at: now,
            read_at: None,
            mailed_at: None,
        })
        .collect();
    app.store
        .write(move |tx| {
            async move {
                update_listing(tx, &mut listing, now, Some(reviewer), false).await?;
                reviews::insert(tx, &review).await?;
                log_change(tx, now, RecordKind::Review, review.id, Action::Created, Some(reviewer)).await?;
                for notice in &told {
                    notices::insert_unless_key_exists(tx, notice).await?;
                }
                Ok((listing, review))
            }
            .boxed()
        })
        .await
}

/// Publishes a listing that is in review, for a term.
pub(crate) fn publish(listing: &mut Listing, now: Timestamp) -> Result<(), AppError> {
    listing.become_state(ListingState::Published)?;
    listing.published_at.get_or_insert(now);
    listing.expires_at = Some(now.plus_days(Listing::LIFE_DAYS));
    Ok(())
}
