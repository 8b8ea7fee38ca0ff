//! `/api/v1/match`: who answers a text or a listing, and why.

use keqiao_app::listings::view_listing;
use keqiao_app::matching::{Found, match_listing, match_text, together};
use keqiao_app::ranking::Look;
use keqiao_app::{AppError, Fault};
use keqiao_domain::{ListingId, Reason, Requirement, RequirementSource, Side, Strength};
use keqiao_matching::Doubt;
use keqiao_matching::consortium::{Consortium, Member};
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
    /// What cannot be right in it: contradictions, units that are not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    doubts: Vec<Doubt>,
}

/// Offers that do together what none does alone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetBody {
    /// The partners: id of the offer, and by number of the must what it meets and what it alone meets.
    partners: Vec<PartnerBody>,
}

/// One of a set of offers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartnerBody {
    /// The offer.
    #[schema(value_type = uuid::Uuid)]
    id: ListingId,
    /// The musts it meets, by number.
    meets: Vec<usize>,
    /// Those that nobody else of the set meets.
    alone: Vec<usize>,
}

/// What offers can do together where none meets all musts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TogetherBody {
    /// Properties of the musts, in the order of their numbers.
    musts: Vec<String>,
    /// The smallest sets, the best first.
    sets: Vec<SetBody>,
    /// Musts that no offer meets, by number.
    missing: Vec<usize>,
    /// How many times the smallest set the first one weighs at most.
    within: f64,
}

fn together_of(side: Side, found: &[Found]) -> Option<TogetherBody> {
    let together = if side == Side::Need { together(found) } else { None }?;
    let partner =
        |m: &Member| PartnerBody { id: found[m.candidate].id, meets: m.meets.clone(), alone: m.alone.clone() };
    let set = |set: &Consortium| SetBody { partners: set.members.iter().map(partner).collect() };
    Some(TogetherBody {
        sets: together.sets.iter().map(set).collect(),
        musts: together.musts.into_iter().map(|m| m.property).collect(),
        missing: together.missing,
        within: together.within,
    })
}

/// One match.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatchBody {
    /// Its place, from 1; none: it is not among the matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<usize>,
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
    /// Why: `terms`, `text` (with weight and value of each channel), `requirement` (with its verdict), `kind`,
    /// `region`, `industry`, `evidence`; what set it back without taking points: `crowd`, `busy`.
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
    /// For a need that none of the matches meets alone: who does together.
    #[serde(skip_serializing_if = "Option::is_none")]
    together: Option<TogetherBody>,
}

/// A match at a place, from 1.
pub(super) fn match_of(rank: Option<usize>, found: Found) -> MatchBody {
    MatchBody {
        rank,
        id: found.id,
        title: found.card.title.clone(),
        party: found.card.party_name.clone(),
        score: found.matched.score,
        blocked: found.matched.blocked,
        reasons: found.matched.reasons,
        card: found.card.into(),
    }
}

fn matches_of(found: Vec<Found>) -> Vec<MatchBody> {
    found.into_iter().zip(1..).map(|(found, place)| match_of(Some(place), found)).collect()
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
            let found = match_text(app, viewer, &text, input.side, &[], Look::quick(top)).await.map_err(refuse)?;
            MatchesBody {
                together: together_of(found.side, &found.found),
                need: AskedBody {
                    text,
                    side: found.side,
                    kind: found.reading.kind,
                    region: found.reading.region,
                    doubts: found.reading.doubts,
                    requirements: found.reading.requirements.into_iter().map(stated).collect(),
                },
                matches: matches_of(found.found),
            }
        }
        (None, Some(id)) => {
            let found = match_listing(app, viewer, id, Look::quick(top)).await.map_err(refuse)?.found;
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
                together: together_of(listing.side, &found),
                need: AskedBody {
                    side: listing.side,
                    requirements: requirements.map(stated).collect(),
                    text: content.title,
                    kind: Some(content.kind),
                    region: content.region,
                    doubts: Vec::new(),
                },
                matches: matches_of(found),
            }
        }
        (Some(_), Some(_)) => return Err(refuse(AppError::invalid("listing", "either-or"))),
        (None, None) => return Err(refuse(AppError::invalid("text", "required"))),
    };
    json(&caller, &body)
}
