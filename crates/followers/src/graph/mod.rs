//! The follower that keeps graph and timeline: entities, facts, and what waits for a person's answer.
//!
//! It re-reads articles by id with all that persons said, so replay is harmless. Ids of entities and facts are made
//! of what they stand for, so making everything anew gives them again.

mod check;
mod names;
mod project;
mod questions;
mod resolve;
mod said;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use keqiao_catalog::Catalog;
use keqiao_domain::{
    AgreementId, Article, ArticleId, ArticleState, Change, Clock, Correction, EntityId, NamedEntity, RecordKind,
    Timestamp,
};
use keqiao_store::graph::Projection;
use keqiao_store::{
    Conn, Store, StoreError, agreements, articles, corrections, cursors, entities, graph, joins, leases,
};

pub use check::{GraphDifference, verify_graph};

use crate::runner::{FollowError, Follower};
use names::Names;
use project::{agreement_keys, entities_of, entity_ids, keys_of, project};
use resolve::Known;

/// Seconds for which a node holds the work.
const LEASE_SECONDS: i64 = 30;
/// Articles worked on in one transaction.
const AT_ONCE: usize = 250;
const TAKEN: &str = "another node keeps the graph";

/// Keeps graph and timeline. One node does it for all: it holds a lease.
pub struct GraphFollower {
    store: Store,
    names: Arc<Names>,
    clock: Arc<dyn Clock>,
    node: String,
}

impl GraphFollower {
    /// Its version; a higher one makes the graph anew.
    pub const VERSION: i64 = 1;
    /// Its name, also that of its cursor and lease.
    pub const NAME: &str = graph::FOLLOWER;

    /// The follower of this node.
    #[must_use]
    pub fn new(store: Store, catalog: &Catalog, clock: Arc<dyn Clock>, node: String) -> Self {
        Self { store, names: Arc::new(Names::new(catalog.taxonomy("region"))), clock, node }
    }

    async fn hold_or_wait(&self) -> Result<(), FollowError> {
        let (node, now) = (self.node.clone(), self.clock.now());
        let held = self.store.write::<_, StoreError, _>(move |tx| Box::pin(async move { hold(tx, &node, now).await }));
        if held.await? { Ok(()) } else { Err(FollowError::TryAgain(TAKEN.into())) }
    }

    async fn stand_at(&self, upto: i64) -> Result<(), FollowError> {
        let (node, now) = (self.node.clone(), self.clock.now());
        let set = self.store.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                still_hold(tx, &node, now).await?;
                cursors::set(tx, GraphFollower::NAME, "", upto, GraphFollower::VERSION).await
            })
        });
        Ok(set.await?)
    }

    /// Makes the graph anew from all articles; `progress` hears the articles done. Gives their number.
    ///
    /// # Errors
    /// When the store fails, or another node keeps the graph.
    pub async fn rebuild(&self, progress: &(dyn Fn(usize) + Send + Sync)) -> Result<usize, FollowError> {
        self.hold_or_wait().await?;
        let mut db = self.store.reader().await?;
        // Read before the articles: what changes meanwhile is followed afterwards.
        let upto = keqiao_store::changes::latest(&mut db).await?;
        self.store.write::<_, StoreError, _>(|tx| Box::pin(graph::clear_all(tx))).await?;
        let (mut after, mut done) = (None, 0);
        loop {
            let page = articles::page_all(&mut db, after, AT_ONCE as i64).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            done += page.len();
            self.hold_or_wait().await?;
            let ids: Vec<ArticleId> = page.iter().map(|a| a.id).collect();
            self.keep(&ids, &BTreeSet::new(), None).await?;
            progress(done);
        }
        drop(db);
        self.stand_at(upto).await?;
        Ok(done)
    }

    /// Puts articles into the graph, in the place of what they had there before. Names stay what they were resolved
    /// to, but in articles that are resolved `anew`.
    async fn keep(
        &self,
        ids: &[ArticleId],
        anew: &BTreeSet<ArticleId>,
        cursor: Option<i64>,
    ) -> Result<(), FollowError> {
        let mut db = self.store.reader().await?;
        let found = articles::find_many(&mut db, ids).await?;
        let said = corrections::of_articles(&mut db, ids).await?;
        drop(db);
        let live: Vec<Article> = found.into_iter().filter(|a| a.state == ArticleState::Live).collect();
        let named: Vec<Vec<NamedEntity>> = live.iter().map(entities_of).collect();
        let keys: BTreeSet<String> = named.iter().flat_map(|n| keys_of(n, &self.names)).collect();
        // What the articles had in the graph goes first: it must not speak for itself.
        let (ids, anew, names) = (ids.to_vec(), anew.clone(), self.names.clone());
        let mut batch = Batch { ids, anew, live, named, keys, said, names };
        let (node, now) = (self.node.clone(), self.clock.now());
        let work = self.store.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                still_hold(tx, &node, now).await?;
                batch.write(tx).await?;
                match cursor {
                    Some(upto) => cursors::set(tx, GraphFollower::NAME, "", upto, GraphFollower::VERSION).await,
                    None => Ok(()),
                }
            })
        });
        Ok(work.await?)
    }
}

/// Takes or prolongs the lease; whether this node has it.
async fn hold(tx: &mut Conn, node: &str, now: Timestamp) -> Result<bool, StoreError> {
    leases::acquire(tx, GraphFollower::NAME, node, now, now.plus_seconds(LEASE_SECONDS)).await
}

/// In the transaction that keeps the work: another node may have taken over while it was done.
async fn still_hold(tx: &mut Conn, node: &str, now: Timestamp) -> Result<(), StoreError> {
    if hold(tx, node, now).await? { Ok(()) } else { Err(StoreError::Unavailable(TAKEN.into())) }
}

/// Articles on their way into the graph.
struct Batch {
    ids: Vec<ArticleId>,
    anew: BTreeSet<ArticleId>,
    live: Vec<Article>,
    named: Vec<Vec<NamedEntity>>,
    keys: BTreeSet<String>,
    said: Vec<Correction>,
    names: Arc<Names>,
}

impl Batch {
    async fn write(&mut self, tx: &mut Conn) -> Result<(), StoreError> {
        let before = graph::clear(tx, &self.ids).await?;
        let keys: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        let hits = graph::named_by(tx, &keys).await?;
        let persons = hits.iter().filter(|h| h.entity.kind == keqiao_domain::EntityKind::Person);
        let persons: BTreeSet<EntityId> = persons.map(|h| h.entity.id).collect();
        let posts = graph::organizations_of(tx, &persons.into_iter().collect::<Vec<_>>()).await?;
        let mut known = Known::new(hits, posts, &joins::decisions(tx).await?);
        let mut said: HashMap<ArticleId, Vec<Correction>> = HashMap::new();
        for correction in self.said.drain(..) {
            said.entry(correction.article).or_default().push(correction);
        }
        let mut sticks: HashMap<ArticleId, BTreeMap<EntityId, EntityId>> = HashMap::new();
        for b in before.iter().filter(|b| !self.anew.contains(&b.article)) {
            sticks.entry(b.article).or_default().insert(b.anchor, b.entity.id);
        }
        let mut projections = Vec::with_capacity(self.live.len());
        for (article, named) in self.live.iter().zip(&self.named) {
            let own = said.remove(&article.id).unwrap_or_default();
            projections.push(project(article, named, &own, sticks.get(&article.id), &mut known, &self.names));
        }
        graph::add(tx, &projections).await?;
        joins::add_candidates(tx, &known.questions()).await?;
        graph::settle(tx, &before, &projections).await?;
        link_agreements(tx, &projections, &known).await
    }
}

/// Links articles to the agreements that they speak of: one of the same title between two of the same parties, or the
/// one that was opened from them.
async fn link_agreements(tx: &mut Conn, projections: &[Projection], known: &Known) -> Result<(), StoreError> {
    let keys: BTreeSet<String> = projections.iter().flat_map(agreement_keys).collect();
    let ids: Vec<ArticleId> = projections.iter().map(|p| p.article).collect();
    let mut open = agreements::titled(tx, &keys.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    open.extend(agreements::opened_from(tx, &ids).await?);
    for agreement in open {
        let key = keqiao_domain::fold_key(&agreement.title);
        // What was joined since it was opened goes by the other's id now.
        let parties: BTreeSet<EntityId> =
            agreement.parties.iter().filter_map(|p| p.entity).map(|id| known.end_of(id)).collect();
        for projection in projections {
            let origin = agreement.fact.is_some_and(|(_, article)| article == projection.article);
            let common = entity_ids(projection).intersection(&parties).count();
            let speaks = common > 0 && common >= parties.len().min(2) && agreement_keys(projection).contains(&key);
            if origin || speaks {
                agreements::link_article(tx, agreement.id, projection.article, &projection.day).await?;
            }
        }
    }
    Ok(())
}

/// An entity and all that decisions tie to it, over as many steps as there are.
async fn ways_of(db: &mut Conn, entity: EntityId) -> Result<BTreeSet<EntityId>, StoreError> {
    let (mut all, mut open) = (BTreeSet::from([entity]), vec![entity]);
    while let Some(next) = open.pop() {
        for decision in joins::decisions_of(db, next).await? {
            open.extend([decision.kept, decision.joined].into_iter().filter(|id| all.insert(*id)));
        }
    }
    Ok(all)
}

/// The articles that a batch of changes concerns, and those of them whose names may stand for others now.
async fn concerned(db: &mut Conn, batch: &[Change]) -> Result<[BTreeSet<ArticleId>; 2], StoreError> {
    let of = |kind| batch.iter().filter(move |c| c.record == kind).map(|c| c.id);
    let mut touched: BTreeSet<EntityId> = BTreeSet::new();
    for entity in of(RecordKind::Entity).map(EntityId) {
        touched.extend(ways_of(db, entity).await?);
    }
    let touched: Vec<EntityId> = touched.into_iter().collect();
    let anew: BTreeSet<ArticleId> = entities::articles_naming(db, &touched).await?.into_iter().collect();
    let mut ids: BTreeSet<ArticleId> = of(RecordKind::Article).map(ArticleId).chain(anew.iter().copied()).collect();
    for agreement in of(RecordKind::Agreement).map(AgreementId) {
        if let Some(agreement) = agreements::find(db, agreement).await? {
            ids.extend(agreements::articles_of(db, agreement.id).await?);
            ids.extend(graph::articles_calling(db, &keqiao_domain::fold_key(&agreement.title)).await?);
            ids.extend(agreement.fact.map(|(_, article)| article));
        }
    }
    Ok([ids, anew])
}

#[async_trait::async_trait]
impl Follower for GraphFollower {
    fn name(&self) -> &'static str {
        GraphFollower::NAME
    }
    fn node(&self) -> &str {
        ""
    }
    async fn cursor(&self) -> Result<i64, FollowError> {
        let mut db = self.store.reader().await?;
        let kept = cursors::get(&mut db, GraphFollower::NAME, "").await?;
        Ok(kept.filter(|c| c.version == GraphFollower::VERSION).map_or(0, |c| c.seq))
    }
    async fn apply(&self, batch: &[Change], upto: i64) -> Result<(), FollowError> {
        self.hold_or_wait().await?;
        let mut db = self.store.reader().await?;
        let [ids, anew] = concerned(&mut db, batch).await?;
        drop(db);
        let ids: Vec<ArticleId> = ids.into_iter().collect();
        let mut parts = ids.chunks(AT_ONCE).peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_some() {
                self.keep(part, &anew, None).await?;
                self.hold_or_wait().await?;
            } else {
                self.keep(part, &anew, Some(upto)).await?;
            }
        }
        if ids.is_empty() {
            self.stand_at(upto).await?;
        }
        Ok(())
    }
}
