//! What stands around an entity in the graph, one or two steps away.

use std::collections::{BTreeMap, BTreeSet};

use keqiao_domain::{Entity, EntityId, FactKind, Viewer};
use keqiao_store::ties::{Tie, TieFilter};
use keqiao_store::{entities, ties};

use super::seen;
use crate::{App, AppError};

/// Neighbours drawn in the first and in the second ring, and ties asked for of the middle and of each around it.
const FIRST: usize = 24;
const SECOND: usize = 36;
const TIES: i64 = 240;
const TIES_AROUND: i64 = 60;

/// Two entities with what ties them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The end with the lower id.
    pub one: EntityId,
    /// The other end.
    pub other: EntityId,
    /// How many facts of each kind say so.
    pub kinds: Vec<(FactKind, i64)>,
    /// The first and the last day known; empty: none.
    pub days: [String; 2],
}

/// An entity with those around it.
#[derive(Debug, Clone)]
pub struct Around {
    /// The entities with the number of steps they are away, the middle first.
    pub nodes: Vec<(Entity, usize)>,
    /// The ties among them.
    pub edges: Vec<Edge>,
    /// How many neighbours there was no room for.
    pub left_out: usize,
    /// Of a period with more facts, so many of the latest of each entity are counted; `None`: all are.
    pub latest_only: Option<i64>,
}

/// The entities around one, `steps` 1 or 2 away, those with most facts first.
///
/// # Errors
/// `NotFound`.
pub async fn around(
    app: &App,
    viewer: &Viewer,
    middle: EntityId,
    steps: usize,
    filter: &TieFilter,
) -> Result<Around, AppError> {
    let mut db = app.store.reader().await?;
    let tokens = viewer.tokens();
    let tokens = tokens.as_deref();
    let middle = seen(&mut db, viewer, middle).await?;
    let mut at = BTreeMap::from([(middle, 0usize)]);
    let first = ties::strongest(&mut db, &[middle], filter, tokens, TIES).await?;
    let mut left_out = admit(&mut at, &first, 1, FIRST);
    let ring: Vec<EntityId> = at.keys().copied().filter(|id| *id != middle).collect();
    if steps > 1 {
        let second = ties::strongest(&mut db, &ring, filter, tokens, TIES_AROUND).await?;
        left_out += admit(&mut at, &second, 2, SECOND);
    }
    let all = ties::count_of(&mut db, middle, filter, tokens).await?;
    left_out = left_out.max(usize::try_from(all).unwrap_or_default().saturating_sub(ring.len()));
    let ids: Vec<EntityId> = at.keys().copied().collect();
    let edges = edges(&ties::among(&mut db, &ids, filter, tokens).await?, &at);
    let latest_only = ties::is_cut(&mut db, middle, filter, tokens).await?.then_some(ties::COUNTED);
    let mut nodes: Vec<(Entity, usize)> = entities::find_many(&mut db, &ids)
        .await?
        .into_iter()
        .map(|e| {
            let n = at[&e.id];
            (e, n)
        })
        .collect();
    nodes.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.kind.cmp(&b.0.kind)).then_with(|| a.0.name.cmp(&b.0.name)));
    Ok(Around { nodes, edges, left_out, latest_only })
}

/// Takes in the ends of ties until there is no room; answers how many were left out.
fn admit(at: &mut BTreeMap<EntityId, usize>, ties: &[Tie], step: usize, room: usize) -> usize {
    let mut weight: BTreeMap<EntityId, i64> = BTreeMap::new();
    for tie in ties.iter().filter(|t| !at.contains_key(&t.to)) {
        *weight.entry(tie.to).or_default() += tie.facts;
    }
    let mut order: Vec<(EntityId, i64)> = weight.into_iter().collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let left_out = order.len().saturating_sub(room);
    at.extend(order.into_iter().take(room).map(|(id, _)| (id, step)));
    left_out
}

fn edges(ties: &[Tie], at: &BTreeMap<EntityId, usize>) -> Vec<Edge> {
    let mut seen = BTreeSet::new();
    let mut by_pair: BTreeMap<(EntityId, EntityId), Edge> = BTreeMap::new();
    for tie in ties.iter().filter(|t| at.contains_key(&t.from) && at.contains_key(&t.to)) {
        let (one, other) = (tie.from.min(tie.to), tie.from.max(tie.to));
        // A tie is told by both of its ends.
        if !seen.insert((one, other, tie.kind)) {
            continue;
        }
        let edge = by_pair.entry((one, other)).or_insert_with(|| Edge {
            one,
            other,
            kinds: Vec::new(),
            days: tie.days.clone(),
        });
        edge.kinds.push((tie.kind, tie.facts));
        let [first, last] = &tie.days;
        if edge.days[0].is_empty() || (!first.is_empty() && *first < edge.days[0]) {
            edge.days[0].clone_from(first);
        }
        if *last > edge.days[1] {
            edge.days[1].clone_from(last);
        }
    }
    by_pair.into_values().collect()
}
