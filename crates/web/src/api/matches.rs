//! `/api/v1/match`: who answers a text or a listing, and why.

use keqiao_app::listings::view_listing;
use keqiao_app::matching::{Found, match_listing, match_text};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{ListingId, Reason, Requirement, RequirementSource, Side, Strength};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, json};
use super::caller::Asker;
use super::cards::CardBody;
use super::input::Told;
use super::problem::Problem;

/// Most matches of one answer.
const MOST: usize = 50;

/// A text or a listing that wants an answer.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MatchInput {
    /// A need or an ability in anyone's words, at most 20,000 characters.
    text: Option<String>,
    /// Or a listing that the caller may see.
    #[schema(value_type = Option<uuid::Uuid>)]
    listing: Option<ListingId>,
    /// What the text is, `need` or `offer`; else as its words suggest.
    #[schema(value_type = Option<String>)]
    side: Option<Side>,
    /// How many, 1–50, else 10.
    top: Option<usize>,
}

/// A requirement with the unit its property is shown in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequirementBody {
    #[serde(flatten)]
    #[schema(value_type = Object)]
    requirement: Requirement,
    /// The property's own unit; none: it has none or is not in the catalog.
    unit: Option<String>,
}

/// What was asked, as it was read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AskedBody {
    /// The text, or the listing's title.
    text: String,
    /// `need` or `offer`.
    #[schema(value_type = String)]
    side: Side,
    /// Kind id.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// Region code.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    /// What it requires; of an offer, what it claims.
    requirements: Vec<RequirementBody>,
}

/// One match.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatchBody {
    /// Its place, from 1.
    rank: usize,
    /// The listing's id.
    #[schema(value_type = uuid::Uuid)]
    id: ListingId,
    /// The listing's title.
    title: String,
    /// The name of its party.
    party: String,
    /// 0–100, the sum of the reasons' points.
    score: f64,
    /// Whether a must failed: such a match stands below all others.
    blocked: bool,
    /// Why: `terms`, `requirement` (with its verdict), `kind`, `region`, `industry`, `evidence`.
    #[schema(value_type = Vec<Object>)]
    reasons: Vec<Reason>,
    /// What a list shows of the listing.
    card: CardBody,
}

/// What was asked and who answers it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatchesBody {
    /// What was asked.
    need: AskedBody,
    /// The best first.
    matches: Vec<MatchBody>,
}

fn matches_of(found: Vec<Found>) -> Vec<MatchBody> {
    let body = |(place, found): (usize, Found)| MatchBody {
        rank: place + 1,
        id: found.id,
        title: found.card.title.clone(),
        party: found.card.party_name.clone(),
        score: found.matched.score,
        blocked: found.matched.blocked,
        reasons: found.matched.reasons,
        card: found.card.into(),
    };
    found.into_iter().enumerate().map(body).collect()
}

/// The best counterparts with every reason. Needs no account and keeps nothing.
#[utoipa::path(post, path = "/api/v1/match", tag = "match", request_body = MatchInput, responses(
    (status = 200, body = MatchesBody),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn find(Asker(caller): Asker, told: Told<MatchInput>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let input = told.input;
    let top = input.top.unwrap_or(10);
    if !(1..=MOST).contains(&top) {
        let fault = Fault::with("top", "out-of-range", format!("1–{MOST}"));
        return Err(refuse(AppError::Invalid(vec![fault])));
    }
    let (app, viewer) = (caller.app(), &caller.viewer);
    let stated = |requirement: Requirement| RequirementBody {
        unit: app.catalog.properties.get(&requirement.property).and_then(|p| p.unit.clone()),
        requirement,
    };
    let body = match (input.text, input.listing) {
        (Some(text), None) => {
            let found = match_text(app, viewer, &text, input.side, top).await.map_err(refuse)?;
            MatchesBody {
                need: AskedBody {
                    text,
                    side: found.side,
                    kind: found.reading.kind,
                    region: found.reading.region,
                    requirements: found.reading.requirements.into_iter().map(stated).collect(),
                },
                matches: matches_of(found.found),
            }
        }
        (None, Some(id)) => {
            let found = match_listing(app, viewer, id, top).await.map_err(refuse)?;
            let listing = view_listing(app, viewer, id).await.map_err(refuse)?.listing;
            let content = listing.content;
            let strength = |property: &String| {
                if content.wishes.contains(property) { Strength::Wish } else { Strength::Must }
            };
            let requirements = content.attributes.iter().map(|(property, value)| Requirement {
                property: property.clone(),
                required: value.clone(),
                strength: strength(property),
                source: RequirementSource::Field,
            });
            MatchesBody {
                need: AskedBody {
                    side: listing.side,
                    requirements: requirements.map(stated).collect(),
                    text: content.title,
                    kind: Some(content.kind),
                    region: content.region,
                },
                matches: matches_of(found),
            }
        }
        (Some(_), Some(_)) => return Err(refuse(AppError::invalid("listing", "either-or"))),
        (None, None) => return Err(refuse(AppError::invalid("text", "required"))),
    };
    json(&caller, &body)
}
