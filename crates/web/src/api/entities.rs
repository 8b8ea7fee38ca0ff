//! `/api/v1/entities`: list and read what the articles name.

use axum::http::HeaderMap;
use keqiao_app::AppError;
use keqiao_app::graph::{EntityFilter, EntityView, LinkedParty, NameRow, Tie, list_entities, view_entity};
use keqiao_domain::{ClaimStatus, Entity, EntityId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, hashed, json};
use super::caller::{Caller, Id};
use super::input::Asked;
use super::news::{ArticleHeadBody, EntityBody, FactBody, KindCount, checked, counts, kinds, place, place_of};
use super::problem::Problem;

/// Which entities.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntityFilters {
    /// A part of any name that articles have for them.
    q: Option<String>,
    /// `person`, `organization`, `platform`, …
    kind: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
}

/// An entity in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntityRowBody {
    #[serde(flatten)]
    entity: EntityBody,
    /// Articles that name it and that the caller may see.
    articles: i64,
    /// The day of the last of them, `YYYY-MM-DD`.
    last_day: Option<String>,
}

/// One page of entities.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntityPage {
    /// The entities.
    items: Vec<EntityRowBody>,
    /// `after` of the next page; none: this is the last.
    next: Option<String>,
}

/// A day that is known.
fn known(day: &str) -> Option<String> {
    Some(day.to_owned()).filter(|d| !d.is_empty())
}

/// Entities in articles that the caller may see, those named by most articles first.
#[utoipa::path(get, path = "/api/v1/entities", tag = "graph", params(EntityFilters), responses(
    (status = 200, body = EntityPage),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(caller: Caller, Asked(filters): Asked<EntityFilters>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let mut faults = Vec::new();
    let kind = kinds(filters.kind.as_slice(), &mut faults).pop();
    let after = place_of(filters.after.as_deref(), &mut faults);
    checked(faults).map_err(refuse)?;
    let filter = EntityFilter { kind, words: filters.q.filter(|q| !q.trim().is_empty()) };
    let found = list_entities(caller.app(), &caller.viewer, &filter, after).await.map_err(refuse)?;
    let row = |row: keqiao_app::graph::EntityRow| EntityRowBody {
        entity: row.entity.into(),
        articles: row.articles,
        last_day: known(&row.last_day),
    };
    let next = found.next.map(|(articles, id)| place(articles, id));
    json(&caller, &EntityPage { items: found.rows.into_iter().map(row).collect(), next })
}

/// A name and how many articles use it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NameBody {
    /// The name.
    name: String,
    /// Articles that use it.
    articles: i64,
}

impl From<NameRow> for NameBody {
    fn from(row: NameRow) -> Self {
        Self { name: row.name, articles: row.articles }
    }
}

/// What ties two entities.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TieBody {
    /// The kind of fact.
    #[schema(value_type = String)]
    kind: &'static str,
    /// How many facts say so.
    facts: i64,
    /// The first day known.
    first_day: Option<String>,
    /// The last day known.
    last_day: Option<String>,
}

impl From<Tie> for TieBody {
    fn from(tie: Tie) -> Self {
        let [first, last] = &tie.days;
        Self { kind: tie.kind.as_str(), facts: tie.facts, first_day: known(first), last_day: known(last) }
    }
}

/// A neighbour.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NeighbourBody {
    #[serde(flatten)]
    entity: EntityBody,
    /// What ties it to the entity.
    ties: Vec<TieBody>,
}

/// A party of the platform that an entity is or may be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedPartyBody {
    /// The party.
    id: uuid::Uuid,
    /// Its name.
    name: String,
    /// `claimed` or `confirmed`; none: it bears the same name.
    #[schema(value_type = Option<String>)]
    claim: Option<ClaimStatus>,
    /// Its page.
    url: String,
}

impl From<LinkedParty> for LinkedPartyBody {
    fn from(linked: LinkedParty) -> Self {
        let LinkedParty { party, claim } = linked;
        Self { id: party.id.0, name: party.name, claim, url: format!("/parties/{}", party.id) }
    }
}

/// An entity with what is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntityViewBody {
    #[serde(flatten)]
    entity: EntityBody,
    /// Its names, the most used first.
    names: Vec<NameBody>,
    /// How many facts of each kind there are.
    kinds: Vec<KindCount>,
    /// The latest facts; all of them are under `/facts?entity=`.
    facts: Vec<FactBody>,
    /// The latest articles; all of them are under `/articles?entity=`.
    articles: Vec<ArticleHeadBody>,
    /// Its neighbours, those with most facts first.
    neighbours: Vec<NeighbourBody>,
    /// The parties it is or may be.
    parties: Vec<LinkedPartyBody>,
}

impl From<EntityView> for EntityViewBody {
    fn from(view: EntityView) -> Self {
        let neighbour = |(entity, ties): (Entity, Vec<Tie>)| NeighbourBody {
            entity: entity.into(),
            ties: ties.into_iter().map(TieBody::from).collect(),
        };
        Self {
            entity: view.entity.into(),
            names: view.names.into_iter().map(NameBody::from).collect(),
            kinds: counts(&view.kinds),
            facts: view.facts.into_iter().map(FactBody::from).collect(),
            articles: view.articles.into_iter().map(ArticleHeadBody::from).collect(),
            neighbours: view.neighbours.into_iter().map(neighbour).collect(),
            parties: view.parties.into_iter().map(LinkedPartyBody::from).collect(),
        }
    }
}

/// One entity with what is known of it. The id of one that was joined to another gives that other.
#[utoipa::path(get, path = "/api/v1/entities/{id}", tag = "graph",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = EntityViewBody, headers(("etag" = String))),
    (status = 304, description = "As the caller has it"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn show(caller: Caller, Id(id): Id<EntityId>, headers: HeaderMap) -> Answer {
    let view = view_entity(caller.app(), &caller.viewer, id).await.map_err(|e| caller.refuse(e))?;
    hashed(&caller, &headers, &EntityViewBody::from(view))
}
