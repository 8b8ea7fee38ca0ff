//! How two entities hang together.

use std::collections::HashMap;

use keqiao_domain::{Entity, EntityId, Fact, FactKind, Viewer};
use keqiao_store::ties::TieFilter;
use keqiao_store::{entities, facts, ties};

use super::{quoted, seen};
use crate::{App, AppError};

/// Longest way looked for, in ties, and entities followed in one step.
const LONGEST: usize = 6;
const FRONT: usize = 200;
const TIES: i64 = 1_000;
/// Facts told of each tie.
const TOLD: i64 = 2;

/// A way from one entity to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// The entities on it, both ends included.
    pub entities: Vec<Entity>,
    /// What ties each to the next.
    pub links: Vec<Link>,
}

/// What ties two entities.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// What the facts say.
    pub kinds: Vec<FactKind>,
    /// The latest of them, each with a short quotation.
    pub facts: Vec<Fact>,
}

/// One of the shortest ways between two entities; `None`: there is none of at most six ties.
///
/// # Errors
/// `NotFound` when the viewer sees one of them not.
pub async fn path_between(app: &App, viewer: &Viewer, from: EntityId, to: EntityId) -> Result<Option<Way>, AppError> {
    let mut db = app.store.reader().await?;
    let tokens = viewer.tokens();
    let tokens = tokens.as_deref();
    let (from, to) = (seen(&mut db, viewer, from).await?, seen(&mut db, viewer, to).await?);
    // From both ends at once: entity → the one before it, seen from its end.
    let mut before = [HashMap::from([(from, from)]), HashMap::from([(to, to)])];
    let mut fronts = [vec![from], vec![to]];
    let mut meeting = (from == to).then_some(from);
    for _ in 0..LONGEST {
        if meeting.is_some() || fronts.iter().all(Vec::is_empty) {
            break;
        }
        // The smaller front goes on.
        let side = usize::from(fronts[0].is_empty() || (!fronts[1].is_empty() && fronts[1].len() < fronts[0].len()));
        let front = std::mem::take(&mut fronts[side]);
        for tie in ties::strongest(&mut db, &front, &TieFilter::default(), tokens, TIES).await? {
            if before[side].contains_key(&tie.to) {
                continue;
            }
            before[side].insert(tie.to, tie.from);
            if before[1 - side].contains_key(&tie.to) {
                meeting = Some(tie.to);
                break;
            }
            if fronts[side].len() < FRONT {
                fronts[side].push(tie.to);
            }
        }
    }
    let Some(meeting) = meeting else { return Ok(None) };
    let mut ids = walk(&before[0], meeting);
    ids.reverse();
    ids.extend(walk(&before[1], meeting).into_iter().skip(1));
    let mut links = Vec::new();
    for pair in ids.windows(2) {
        let found = ties::among(&mut db, pair, &TieFilter::default(), tokens).await?;
        let kinds = found.into_iter().map(|t| t.kind).collect();
        let told = facts::between(&mut db, pair[0], pair[1], tokens, TOLD).await?;
        links.push(Link { kinds, facts: quoted(told) });
    }
    Ok(Some(Way { entities: entities::find_many(&mut db, &ids).await?, links }))
}

/// From the meeting back to an end.
fn walk(before: &HashMap<EntityId, EntityId>, meeting: EntityId) -> Vec<EntityId> {
    let mut ids = vec![meeting];
    let mut at = meeting;
    while let Some(&next) = before.get(&at).filter(|next| **next != at) {
        ids.push(next);
        at = next;
    }
    ids
}
