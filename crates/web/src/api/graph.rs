//! `/api/v1/graph`: what stands around an entity.

use keqiao_app::graph::{Around, Edge, TieFilter, around};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{Entity, EntityId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, json};
use super::caller::Caller;
use super::input::Asked;
use super::news::{EntityBody, KindCount, checked, counts, day, kinds};
use super::problem::Problem;

/// Around whom, and what is taken in.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GraphFilters {
    /// The entity in the middle.
    #[param(value_type = uuid::Uuid)]
    entity: Option<EntityId>,
    /// `1` (else) or `2` steps away.
    steps: Option<usize>,
    /// Kind of fact; may be repeated.
    kind: Vec<String>,
    /// Facts of this day or later, `YYYY-MM-DD`; those without a day are left out then.
    from: Option<String>,
    /// Facts of this day or earlier, `YYYY-MM-DD`; those without a day are left out then.
    to: Option<String>,
}

/// An entity and how far away it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NodeBody {
    #[serde(flatten)]
    entity: EntityBody,
    /// Steps from the middle.
    steps: usize,
}

/// Two entities and what ties them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EdgeBody {
    /// One end.
    #[schema(value_type = uuid::Uuid)]
    one: EntityId,
    /// The other end.
    #[schema(value_type = uuid::Uuid)]
    other: EntityId,
    /// How many facts of each kind say so.
    kinds: Vec<KindCount>,
    /// The first day known.
    first_day: Option<String>,
    /// The last day known.
    last_day: Option<String>,
}

impl From<Edge> for EdgeBody {
    fn from(edge: Edge) -> Self {
        let [first, last] = edge.days.map(|d| Some(d).filter(|d| !d.is_empty()));
        Self { one: edge.one, other: edge.other, kinds: counts(&edge.kinds), first_day: first, last_day: last }
    }
}

/// An entity with those around it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GraphBody {
    /// The entities, the middle first.
    nodes: Vec<NodeBody>,
    /// The ties among them.
    edges: Vec<EdgeBody>,
    /// How many neighbours were left out: those with the fewest facts.
    left_out: usize,
    /// Of a period with more facts, so many of the latest of each entity are counted; without it all are.
    latest_only: Option<i64>,
}

impl From<Around> for GraphBody {
    fn from(around: Around) -> Self {
        let node = |(entity, steps): (Entity, usize)| NodeBody { entity: entity.into(), steps };
        Self {
            nodes: around.nodes.into_iter().map(node).collect(),
            edges: around.edges.into_iter().map(EdgeBody::from).collect(),
            left_out: around.left_out,
            latest_only: around.latest_only,
        }
    }
}

/// The entities around one, those with most facts first, and the ties among them.
#[utoipa::path(get, path = "/api/v1/graph", tag = "graph", params(GraphFilters), responses(
    (status = 200, body = GraphBody),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn show(caller: Caller, Asked(filters): Asked<GraphFilters>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let mut faults = Vec::new();
    let filter = TieFilter {
        kinds: kinds(&filters.kind, &mut faults),
        from: day("from", filters.from, &mut faults),
        to: day("to", filters.to, &mut faults),
    };
    let steps = filters.steps.unwrap_or(1);
    if !(1..=2).contains(&steps) {
        faults.push(Fault::with("steps", "out-of-range", "1–2"));
    }
    if filters.entity.is_none() {
        faults.push(Fault::new("entity", "required"));
    }
    checked(faults).map_err(refuse)?;
    let middle = filters.entity.ok_or_else(|| refuse(AppError::NotFound))?;
    let found = around(caller.app(), &caller.viewer, middle, steps, &filter).await.map_err(refuse)?;
    json(&caller, &GraphBody::from(found))
}
