//! Entities as somebody sees them.

use std::collections::BTreeMap;

use keqiao_domain::{
    ClaimStatus, Entity, EntityId, EntityKind, Fact, FactKind, Party, PartyId, PartyKind, Viewer, fold_key,
};
use keqiao_store::articles::ArticleHead;
use keqiao_store::entities::{EntityFilter, EntityRow, Known, NameRow};
use keqiao_store::facts::{FactFilter, FactOrder};
use keqiao_store::graph::NameRole;
use keqiao_store::ties::{Tie, TieFilter};
use keqiao_store::{Conn, articles, entities, entity_claims, facts, parties, ties};

use super::{quoted, seen};
use crate::{App, AppError};

/// Entities on one page of a list.
const PAGE: usize = 40;
/// Facts, articles and ties on an entity's page, and how many facts of each kind there is room for.
const FACTS: usize = 40;
const OF_A_KIND: (usize, usize) = (3, 20);
const ARTICLES: i64 = 20;
const TIES: i64 = 60;

/// A page of a list of entities.
#[derive(Debug, Clone)]
pub struct EntityList {
    /// The entities.
    pub rows: Vec<EntityRow>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<(i64, EntityId)>,
}

/// The party that an entity is.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkedParty {
    /// The party.
    pub party: Party,
    /// How far its claim is; `None`: nobody claimed, but it bears the same name.
    pub claim: Option<ClaimStatus>,
}

/// An entity with what is known of it.
#[derive(Debug, Clone)]
pub struct EntityView {
    /// The entity.
    pub entity: Entity,
    /// When and how often it is named.
    pub known: Known,
    /// Its names, the most used first.
    pub names: Vec<NameRow>,
    /// The latest facts of each kind, those with a day first.
    pub facts: Vec<Fact>,
    /// How many facts of each kind there are.
    pub kinds: Vec<(FactKind, i64)>,
    /// The latest articles that name it.
    pub articles: Vec<ArticleHead>,
    /// Its neighbours, each with its ties, those with most facts first.
    pub neighbours: Vec<(Entity, Vec<Tie>)>,
    /// The parties it is or may be.
    pub parties: Vec<LinkedParty>,
}

/// The entities that a viewer may see, those named by most articles first.
///
/// # Errors
/// When the store fails.
pub async fn list_entities(
    app: &App,
    viewer: &Viewer,
    filter: &EntityFilter,
    after: Option<(i64, EntityId)>,
) -> Result<EntityList, AppError> {
    let mut db = app.store.reader().await?;
    let tokens = viewer.tokens();
    let mut rows = entities::page_visible(&mut db, filter, tokens.as_deref(), after, PAGE as i64 + 1).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|r| (r.articles, r.entity.id));
    Ok(EntityList { rows, next })
}

/// An entity that the viewer may see; of one that was joined to another, that other.
///
/// # Errors
/// `NotFound`.
pub async fn find_entity(app: &App, viewer: &Viewer, id: EntityId) -> Result<Entity, AppError> {
    let mut db = app.store.reader().await?;
    let id = seen(&mut db, viewer, id).await?;
    entities::find(&mut db, id).await?.ok_or(AppError::NotFound)
}

/// What is known of an entity, since when and from which articles. The id of one that was joined to another gives
/// that other.
///
/// # Errors
/// `NotFound`, also when no article that the viewer may see names it.
pub async fn view_entity(app: &App, viewer: &Viewer, id: EntityId) -> Result<EntityView, AppError> {
    let mut db = app.store.reader().await?;
    let tokens = viewer.tokens();
    let tokens = tokens.as_deref();
    let id = seen(&mut db, viewer, id).await?;
    let entity = entities::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let known = entities::known_of(&mut db, id, tokens).await?;
    let names = entities::names_of(&mut db, id, tokens).await?;
    let kinds =
        facts::count_by_kind(&mut db, &FactFilter { entity: Some(id), ..FactFilter::default() }, tokens).await?;
    let latest = latest_of_each(&mut db, id, &kinds, tokens).await?;
    let named_in = entities::latest_articles(&mut db, id, tokens, ARTICLES).await?;
    let articles = articles::heads(&mut db, &named_in).await?;
    let ties = ties::strongest(&mut db, &[id], &TieFilter::default(), tokens, TIES).await?;
    let neighbours = neighbours(&mut db, ties).await?;
    let parties = linked_parties(&mut db, &entity, &names).await?;
    Ok(EntityView { entity, known, names, facts: quoted(latest), kinds, articles, neighbours, parties })
}

/// The latest facts of each kind; the fewer kinds there are, the more of each.
async fn latest_of_each(
    db: &mut Conn,
    id: EntityId,
    kinds: &[(FactKind, i64)],
    tokens: Option<&[String]>,
) -> Result<Vec<Fact>, AppError> {
    let room = (FACTS / kinds.len().max(1)).clamp(OF_A_KIND.0, OF_A_KIND.1);
    let mut ids = Vec::new();
    for (kind, _) in kinds {
        let filter = FactFilter { entity: Some(id), kinds: vec![*kind], ..FactFilter::default() };
        ids.extend(facts::ids_visible(db, &filter, tokens, &FactOrder::Latest(None), room as i64).await?);
    }
    Ok(facts::find_many(db, &ids).await?)
}

async fn neighbours(db: &mut Conn, ties: Vec<Tie>) -> Result<Vec<(Entity, Vec<Tie>)>, AppError> {
    let mut by_other: BTreeMap<EntityId, Vec<Tie>> = BTreeMap::new();
    for tie in ties {
        by_other.entry(tie.to).or_default().push(tie);
    }
    let ids: Vec<EntityId> = by_other.keys().copied().collect();
    let found = entities::find_many(db, &ids).await?;
    let mut list: Vec<(Entity, Vec<Tie>)> =
        found.into_iter().filter_map(|e| by_other.remove(&e.id).map(|ties| (e, ties))).collect();
    let weight = |ties: &[Tie]| ties.iter().map(|t| t.facts).sum::<i64>();
    list.sort_by(|a, b| weight(&b.1).cmp(&weight(&a.1)).then_with(|| a.0.name.cmp(&b.0.name)));
    Ok(list)
}

/// Those that claimed, and those of the very same name.
async fn linked_parties(db: &mut Conn, entity: &Entity, names: &[NameRow]) -> Result<Vec<LinkedParty>, AppError> {
    let claims = entity_claims::of_entity(db, entity.id).await?;
    let mut ids: Vec<(PartyId, Option<ClaimStatus>)> = claims.iter().map(|c| (c.party, Some(c.status))).collect();
    let kind = match entity.kind {
        EntityKind::Organization | EntityKind::Platform => Some(PartyKind::Organization),
        // A person's name alone says little of who it is.
        _ => None,
    };
    if let Some(kind) = kind {
        let mut keys: Vec<String> = names.iter().map(|n| &n.name).chain([&entity.name]).map(|n| fold_key(n)).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let same = parties::find_by_name_key(db, kind, &key).await?;
            for party in same {
                if ids.iter().all(|(id, _)| *id != party.id) {
                    ids.push((party.id, None));
                }
            }
        }
    }
    let found = parties::find_many(db, &ids.iter().map(|i| i.0).collect::<Vec<_>>()).await?;
    let party = |id| found.iter().find(|p| p.id == id).map(|p| crate::parties::redact(p.clone(), &Viewer::visitor()));
    Ok(ids.into_iter().filter_map(|(id, claim)| Some(LinkedParty { party: party(id)?, claim })).collect())
}

/// Whether the graph holds all that was written until now.
///
/// # Errors
/// When the store fails.
pub async fn is_current(app: &App) -> Result<bool, AppError> {
    let mut db = app.store.reader().await?;
    let read = keqiao_store::cursors::get(&mut db, keqiao_store::graph::FOLLOWER, "").await?;
    Ok(read.is_some_and(|cursor| cursor.seq >= app.store.latest_seq()))
}

/// The entity that a party is: the one it claimed, or the one organization of its name.
///
/// # Errors
/// When the store fails.
pub async fn entity_of_party(app: &App, viewer: &Viewer, party: &Party) -> Result<Option<Entity>, AppError> {
    let mut db = app.store.reader().await?;
    let claims = entity_claims::of_party(&mut db, party.id).await?;
    let mut ids: Vec<EntityId> =
        claims.iter().filter(|c| c.status == ClaimStatus::Confirmed).map(|c| c.entity).collect();
    if ids.is_empty() && party.kind == PartyKind::Organization {
        let key = fold_key(&party.name);
        let hits = keqiao_store::graph::named_by(&mut db, &[&key]).await?;
        let body = |kind| matches!(kind, EntityKind::Organization | EntityKind::Platform);
        ids.extend(hits.iter().filter(|h| h.role != NameRole::Core && body(h.entity.kind)).map(|h| h.entity.id));
        ids.dedup();
        ids.truncate(if ids.len() == 1 { 1 } else { 0 });
    }
    for id in ids {
        match seen(&mut db, viewer, id).await {
            Ok(id) => return Ok(entities::find(&mut db, id).await?),
            Err(AppError::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}
