//! `/api/v1/match/why`: why a listing that somebody names is not among the matches.

use keqiao_app::AppError;
use keqiao_app::matching::{Asker, Cause, why_not};
use keqiao_domain::{ListingId, Side};
use keqiao_matching::{Remedy, remedy_sentence};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, json};
use super::caller::Asker as Caller;
use super::input::Told;
use super::matches::{MatchBody, match_of};
use super::problem::Problem;

/// A text or a listing that wants an answer, and the listing that is missed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WhyInput {
    /// A need or an ability in anyone's words, at most 20,000 characters.
    text: Option<String>,
    /// Or a listing that the caller may see.
    #[schema(value_type = Option<uuid::Uuid>)]
    listing: Option<ListingId>,
    /// What the text is, `need` or `offer`; else as its words suggest.
    #[schema(value_type = Option<String>)]
    side: Option<Side>,
    /// The published listing on the other side that is asked about.
    #[schema(value_type = Option<uuid::Uuid>)]
    other: Option<ListingId>,
}

/// A remedy by which one requirement would be met.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RemedyBody {
    /// `property`, `strength`, `verdict`, `from`, `to`, `relaxed`, `short`.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    remedy: Remedy,
    /// Whether the listing is blocked without it.
    blocks: bool,
    /// The same in Chinese.
    zh: String,
    /// The same in English.
    en: String,
}

/// Why it is not there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhyBody {
    /// `shown` (it is there), `own` (the same party), `other-matter` (hardly a word in common), `blocked`
    /// (a must fails), `behind` (others have more points), `farther` (not looked at).
    cause: &'static str,
    /// Its place among the matches, from 1, where it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<usize>,
    /// The listing with every reason for and against it.
    #[serde(rename = "match")]
    matched: MatchBody,
    /// What would have to change for all requirements to be met; what blocks it stands first.
    remedies: Vec<RemedyBody>,
}

/// Why a listing is not among the matches, and what would have to change. Needs no account and keeps nothing.
#[utoipa::path(post, path = "/api/v1/match/why", tag = "match", request_body = WhyInput, responses(
    (status = 200, body = WhyBody),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn why(Caller(caller): Caller, told: Told<WhyInput>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let input = told.input;
    let asker = match (input.text, input.listing) {
        (Some(text), None) => Asker::Text { text, side: input.side, edits: Vec::new() },
        (None, Some(id)) => Asker::Listing(id),
        (Some(_), Some(_)) => return Err(refuse(AppError::invalid("listing", "either-or"))),
        (None, None) => return Err(refuse(AppError::invalid("text", "required"))),
    };
    let other = input.other.ok_or_else(|| refuse(AppError::invalid("other", "required")))?;
    let (app, viewer) = (caller.app(), &caller.viewer);
    let why = why_not(app, viewer, &asker, other).await.map_err(refuse)?;
    let body = |remedy: Remedy| RemedyBody {
        blocks: remedy.blocks(),
        zh: remedy_sentence(&remedy, &app.catalog, "zh"),
        en: remedy_sentence(&remedy, &app.catalog, "en"),
        remedy,
    };
    let place = if let Cause::Shown { place } = why.cause { Some(place) } else { None };
    let body = WhyBody {
        cause: match why.cause {
            Cause::Shown { .. } => "shown",
            Cause::Own => "own",
            Cause::OtherMatter => "other-matter",
            Cause::Blocked => "blocked",
            Cause::Behind { .. } => "behind",
            Cause::Farther => "farther",
        },
        place,
        matched: match_of(place, why.found),
        remedies: why.remedies.into_iter().map(body).collect(),
    };
    json(&caller, &body)
}
