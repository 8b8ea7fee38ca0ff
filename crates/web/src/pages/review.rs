//! Review: the queue, and one listing on the four criteria.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::graph::waiting_questions;
use keqiao_app::listings::{ListingView, ReviewInput, review, review_queue, view_listing};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{Attachment, CRITERIA, Criterion, Decision, Listing, ListingId, ListingState, Party, Review};

use super::publish::{Preview, id_of};
use super::{coach, draw};
use crate::fault::{fault_text, status_of};
use crate::fields::{Fields, Sent};
use crate::page::{Card, Frame, Tone};
use crate::pages::trail::{after_of, cursor};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

/// Listings on one page of the queue.
const PER_PAGE: i64 = 20;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/review", queue).get("/review/{id}", show).post("/review/{id}", decide)
}

#[derive(Template)]
#[template(path = "review_queue.html")]
struct Queue {
    f: Frame,
    waiting: Vec<Card>,
    /// Questions about entities that wait.
    questions: i64,
    next: String,
}

/// What a criterion's row shows.
struct Scoring {
    criterion: Criterion,
    /// The field's name.
    name: &'static str,
    question: &'static str,
    /// The score that was chosen; `None`: none yet.
    chosen: Option<u8>,
    /// What the coach would give.
    estimate: u8,
}

impl Scoring {
    /// Whether this score was chosen.
    fn is(&self, score: &usize) -> bool {
        self.chosen.map(usize::from) == Some(*score)
    }
}

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    f: Frame,
    listing: Listing,
    party: Party,
    preview: Preview,
    files: Vec<Attachment>,
    scorings: Vec<Scoring>,
    /// The meaning of each score, from 0.
    scale: [&'static str; 6],
    meters: Vec<(Criterion, u8, String)>,
    comment: String,
    comment_fault: String,
    scores_fault: String,
    /// Whether somebody moved the listing meanwhile.
    conflict: bool,
    /// Whether the viewer may decide.
    may_decide: bool,
    reviews: Vec<Review>,
}

async fn queue(visit: Visit, RawQuery(query): RawQuery) -> Response {
    match queue_page(&visit, &query.unwrap_or_default()).await {
        Ok(page) => page,
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn queue_page(visit: &Visit, query: &str) -> Result<Response, AppError> {
    allowed(visit).await?;
    let after = after_of(query)?;
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let listings = review_queue(app, &viewer, after, PER_PAGE).await?;
    let next = match listings.last() {
        Some(last) if listings.len() as i64 == PER_PAGE => {
            format!("/review?after={}", cursor(last.updated_at, last.id))
        }
        _ => String::new(),
    };
    let mut waiting = Vec::new();
    for listing in listings {
        let view = view_listing(app, &viewer, listing.id).await?;
        waiting.push(Card {
            snippet: listing.content.summary.as_str().into(),
            party: view.party.name,
            verified: view.party.verified_at.is_some(),
            region: listing.content.region.clone(),
            date: Some(listing.updated_at),
            demo: listing.demo,
            ..Card::new(&format!("/review/{}", listing.id), listing.side, &listing.content.kind, &listing.content.title)
        });
    }
    let questions = if viewer.is_operator() { waiting_questions(app, &viewer).await? } else { 0 };
    Ok(draw(&Queue { f: visit.frame_of("nav-review"), waiting, questions, next }))
}

/// Whether the visitor may see the queue, asked of the use case that decides it.
async fn allowed(visit: &Visit) -> Result<(), AppError> {
    if visit.signed_in.is_none() {
        return Err(AppError::SignInNeeded);
    }
    review_queue(&visit.web.app, &visit.viewer(), None, 1).await.map(drop)
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id, &Fields::default(), None).await {
        Ok(page) => page,
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The page, with what was typed and what is wrong with it.
async fn page(visit: &Visit, id: &str, typed: &Fields, refused: Option<AppError>) -> Result<Response, AppError> {
    allowed(visit).await?;
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let id: ListingId = id_of(id)?;
    let ListingView { listing, party, attachments, has_annex, reviews, .. } = view_listing(app, &viewer, id).await?;
    let f = visit.frame_of("review-title");
    let meters = coach::meters(app, &f, listing.side, &listing.content).await?;
    let scorings = CRITERIA.iter().zip(&meters).zip(questions_of(&f)).map(|((criterion, meter), question)| Scoring {
        criterion: *criterion,
        name: score_name(*criterion),
        question,
        chosen: typed.get(score_name(*criterion)).parse().ok(),
        estimate: meter.1,
    });
    let status = refused.as_ref().map_or(StatusCode::OK, status_of);
    let faults: &[Fault] = match &refused {
        Some(AppError::Invalid(faults)) => faults,
        _ => &[],
    };
    let said = |field: &str| {
        let own = faults.iter().filter(|fault| fault.field == field);
        own.map(|fault| fault_text(&f, fault)).collect::<Vec<_>>().join("；")
    };
    let page = ReviewPage {
        preview: Preview::new(&f, &listing, has_annex),
        scorings: scorings.collect(),
        scale: scale(&f),
        meters,
        comment: typed.get("comment").to_owned(),
        comment_fault: said("comment"),
        scores_fault: said("scores"),
        conflict: matches!(refused, Some(AppError::Stale { .. } | AppError::Transition(_))),
        may_decide: viewer.is_operator()
            && viewer.role_in(listing.party).is_none()
            && listing.state == ListingState::InReview,
        files: attachments,
        listing,
        party,
        reviews,
        f,
    };
    let mut response = draw(&page);
    *response.status_mut() = status;
    Ok(response)
}

fn questions_of(f: &Frame) -> [&'static str; 4] {
    [f.t("review-ask-clarity"), f.t("review-ask-specificity"), f.t("review-ask-benefit"), f.t("review-ask-feasibility")]
}

fn scale(f: &Frame) -> [&'static str; 6] {
    [
        f.t("review-score-0"),
        f.t("review-score-1"),
        f.t("review-score-2"),
        f.t("review-score-3"),
        f.t("review-score-4"),
        f.t("review-score-5"),
    ]
}

/// The field of a criterion's score.
const fn score_name(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::Clarity => "clarity",
        Criterion::Specificity => "specificity",
        Criterion::Benefit => "benefit",
        Criterion::Feasibility => "feasibility",
    }
}

async fn decide(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let refused = match store(&visit, &id, &fields).await {
        Ok(decision) => {
            let said = match decision {
                Decision::Publish => "review-published",
                Decision::Hold => "review-held",
                Decision::Reject => "review-rejected",
            };
            return with_flash(&visit.web, Redirect::to("/review").into_response(), Tone::Done, said);
        }
        Err(error) => error,
    };
    let shown = match refused {
        error @ (AppError::Invalid(_) | AppError::Stale { .. } | AppError::Transition(_)) => {
            page(&visit, &id, &fields, Some(error)).await
        }
        error => Err(error),
    };
    shown.unwrap_or_else(|error| visit.fault(error).into_response())
}

async fn store(visit: &Visit, id: &str, fields: &Fields) -> Result<Decision, AppError> {
    let id: ListingId = id_of(id)?;
    let version = fields.get("version").parse().map_err(|_| AppError::NotFound)?;
    let mut scores = [0; 4];
    for (score, criterion) in scores.iter_mut().zip(CRITERIA) {
        let typed = fields.get(score_name(criterion));
        *score = typed.parse().map_err(|_| AppError::invalid("scores", "score-range"))?;
    }
    let comment = fields.get("comment").replace("\r\n", "\n");
    let input = ReviewInput { version, scores, comment };
    let (_, review) = review(&visit.web.app, &visit.viewer(), id, input).await?;
    Ok(review.decision)
}
