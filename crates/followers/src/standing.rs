//! The follower that keeps standing matches and tells people of new ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use keqiao_domain::{
    Action, Change, Clock, Entropy, Listing, ListingId, ListingState, Notice, NoticeBody, NoticeId, PartyId,
    RecordKind, Timestamp,
};
use keqiao_matching::{CurrentWeights, Lexicon};
use keqiao_search::SearchIndex;
use keqiao_store::listings::ListingFilter;
use keqiao_store::{Conn, Store, StoreError, accounts, cursors, leases, listings, matches, meta, notices};

use crate::pairs::{PAGE, PairMap, Pairs, PairsOf};
use crate::rejudge::digest;
use crate::runner::{FollowError, Follower};

/// Matches of a new listing that people are told of, and the lowest score for it.
const TOLD: usize = 5;
const TOLD_SCORE: f64 = 45.0;
/// Seconds for which a node holds the work.
const LEASE_SECONDS: i64 = 30;
/// Listings worked on before the lease is prolonged.
const LEASE_EVERY: usize = 100;
const TAKEN: &str = "another node keeps the standing matches";

/// Keeps standing matches. One node does it for all: it holds a lease.
pub struct StandingMatches {
    /// The store.
    pub store: Store,
    /// This node's index: matches are found in it, so it must have read as far.
    pub index: Arc<SearchIndex>,
    /// The catalog's words.
    pub lexicon: Arc<Lexicon>,
    /// What counts how much.
    pub weights: CurrentWeights,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for notice ids.
    pub entropy: Arc<dyn Entropy>,
    /// This node's name, for the lease.
    pub node: String,
}

impl StandingMatches {
    /// Its version; a higher one computes all matches anew.
    pub const VERSION: i64 = matches::FOLLOWER_VERSION;
    /// Its name, also that of its cursor and lease.
    pub const NAME: &str = matches::FOLLOWER;

    pub(crate) async fn hold_lease(&self) -> Result<bool, FollowError> {
        let (node, now) = (self.node.clone(), self.clock.now());
        Ok(self.store.write::<_, StoreError, _>(move |tx| Box::pin(async move { hold(tx, &node, now).await })).await?)
    }

    /// Holds the work, or says that another does.
    async fn hold_or_wait(&self) -> Result<(), FollowError> {
        if self.hold_lease().await? { Ok(()) } else { Err(FollowError::TryAgain(TAKEN.into())) }
    }

    pub(crate) fn pairs(&self) -> Pairs {
        Pairs { index: self.index.clone(), lexicon: self.lexicon.clone(), weights: self.weights.get() }
    }

    /// Makes all standing matches anew beside the old ones, then swaps; nobody is told of them.
    /// `progress` hears the listings done. Gives the number of matches.
    ///
    /// # Errors
    /// When store or index fail, or another node keeps the matches; the old ones stay then.
    pub fn rebuild<'a>(
        &'a self,
        progress: &'a (dyn Fn(usize) + Send + Sync),
    ) -> BoxFuture<'a, Result<u64, FollowError>> {
        self.make_anew(progress).boxed()
    }

    async fn make_anew(&self, progress: &(dyn Fn(usize) + Send + Sync)) -> Result<u64, FollowError> {
        self.hold_or_wait().await?;
        // Read before the listings: what changes meanwhile is followed afterwards.
        let upto = self.index.cursor();
        self.store.write::<_, StoreError, _>(|tx| Box::pin(matches::begin_fresh(tx))).await?;
        let mut db = self.store.reader().await?;
        let (pairs, mut after, mut done) = (self.pairs(), None, 0);
        while let Some(page) = pairs.page(&mut db, &mut after, PAGE).await? {
            done += page.len();
            let rows = pairs.found_by(page).await?;
            self.hold_or_wait().await?;
            self.store
                .write::<_, StoreError, _>(move |tx| Box::pin(async move { matches::add_fresh(tx, &rows).await }))
                .await?;
            progress(done);
        }
        drop(db);
        let (node, now, judged_by) = (self.node.clone(), self.clock.now(), digest(&pairs.weights)?);
        let swapped = self.store.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                still_hold(tx, &node, now).await?;
                let count = matches::swap_fresh(tx).await?;
                meta::set(tx, meta::STANDING_WEIGHTS, &judged_by).await?;
                cursors::set(tx, StandingMatches::NAME, "", upto, StandingMatches::VERSION).await?;
                Ok(count)
            })
        });
        Ok(swapped.await?)
    }

    /// Notices of the best matches for the people on both sides. A pair that stood before as well
    /// as it does now is no news.
    async fn notices_for(&self, db: &mut Conn, listing: &Listing, pairs: &PairsOf) -> Result<Vec<Notice>, StoreError> {
        let now = self.clock.now();
        let mut list = Vec::new();
        let own = accounts::accounts_of(db, listing.party).await?;
        let known = |id| pairs.before.iter().any(|c| c.id == id && worth_telling(c.blocked, c.score));
        let best = pairs.found.iter().filter(|f| worth_telling(f.matched.blocked, f.matched.score)).take(TOLD);
        for hit in best.filter(|f| !known(f.id)) {
            for (account, _) in &own {
                list.push(self.notice(account.id, listing.id, hit.id, hit.matched.score, now));
            }
            let Some(other) = listings::find(db, hit.id).await? else { continue };
            for (account, _) in accounts::accounts_of(db, other.party).await? {
                list.push(self.notice(account.id, hit.id, listing.id, hit.matched.score, now));
            }
        }
        Ok(list)
    }

    fn notice(
        &self,
        account: keqiao_domain::AccountId,
        listing: ListingId,
        counterpart: ListingId,
        score: f64,
        now: Timestamp,
    ) -> Notice {
        Notice {
            id: NoticeId::fresh(&*self.clock, &*self.entropy),
            account,
            body: NoticeBody::MatchFound { listing, counterpart, score },
            // Once for a pair, however often either listing changes.
            key: format!("match-{listing}-{counterpart}"),
            created_at: now,
            read_at: None,
            mailed_at: None,
        }
    }
}

fn worth_telling(blocked: bool, score: f64) -> bool {
    !blocked && score >= TOLD_SCORE
}

/// Takes or prolongs the lease; whether this node has it.
async fn hold(tx: &mut Conn, node: &str, now: Timestamp) -> Result<bool, StoreError> {
    leases::acquire(tx, StandingMatches::NAME, node, now, now.plus_seconds(LEASE_SECONDS)).await
}

/// In the transaction that keeps the work: another node may have taken over while it was done.
pub(crate) async fn still_hold(tx: &mut Conn, node: &str, now: Timestamp) -> Result<(), StoreError> {
    if hold(tx, node, now).await? { Ok(()) } else { Err(StoreError::Unavailable(TAKEN.into())) }
}

/// The listings that a batch concerns, and whether each looks for counterparts: those of a party
/// that changed are only scored anew.
async fn concerned(db: &mut Conn, batch: &[Change]) -> Result<BTreeMap<ListingId, bool>, StoreError> {
    let mut ids = BTreeMap::new();
    let parties = batch.iter().filter(|c| c.record == RecordKind::Party && c.action != Action::Created);
    for party in parties.map(|c| PartyId(c.id)).collect::<BTreeSet<_>>() {
        let filter = ListingFilter { party: Some(party), state: Some(ListingState::Published), ..Default::default() };
        let mut after = None;
        loop {
            let rows = listings::page_visible(db, &filter, None, after, 500).await?;
            let Some(last) = rows.last() else { break };
            after = Some((last.updated_at, last.id));
            ids.extend(rows.iter().map(|l| (l.id, false)));
        }
    }
    ids.extend(batch.iter().filter(|c| c.record == RecordKind::Listing).map(|c| (ListingId(c.id), true)));
    Ok(ids)
}

#[async_trait::async_trait]
impl Follower for StandingMatches {
    fn name(&self) -> &'static str {
        StandingMatches::NAME
    }
    fn node(&self) -> &str {
        ""
    }
    async fn cursor(&self) -> Result<i64, FollowError> {
        let mut db = self.store.reader().await?;
        let kept = cursors::get(&mut db, StandingMatches::NAME, "").await?;
        // Matches of another version count as none: everything is read again.
        Ok(kept.filter(|c| c.version == StandingMatches::VERSION).map_or(0, |c| c.seq))
    }
    fn horizon(&self) -> Option<i64> {
        Some(self.index.cursor())
    }
    async fn tend(&self) -> Result<bool, FollowError> {
        self.judge_anew().await
    }
    async fn apply(&self, batch: &[Change], upto: i64) -> Result<(), FollowError> {
        self.hold_or_wait().await?;
        let mut db = self.store.reader().await?;
        let ids = concerned(&mut db, batch).await?;
        let pairs = self.pairs();
        let (mut rows, mut told, mut open) = (PairMap::new(), Vec::new(), BTreeSet::new());
        for (n, (&id, &search)) in ids.iter().enumerate() {
            if n % LEASE_EVERY == LEASE_EVERY - 1 {
                self.hold_or_wait().await?;
            }
            let Some(doc) = pairs.open(&mut db, &[id]).await?.pop() else { continue };
            open.insert(id);
            let own = pairs.of(&mut db, &doc, search).await?;
            told.extend(self.notices_for(&mut db, &doc.listing, &own).await?);
            rows.extend(own.all);
        }
        drop(db);
        // One side may still have found the other, which closed in the same batch.
        let stands = |id: &ListingId| open.contains(id) || !ids.contains_key(id);
        rows.retain(|(need, offer), _| stands(need) && stands(offer));
        let ids: Vec<ListingId> = ids.into_keys().collect();
        let (node, now) = (self.node.clone(), self.clock.now());
        self.store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    still_hold(tx, &node, now).await?;
                    matches::replace_for_listings(tx, &ids, rows.values()).await?;
                    for notice in &told {
                        notices::insert_unless_key_exists(tx, notice).await?;
                    }
                    cursors::set(tx, StandingMatches::NAME, "", upto, StandingMatches::VERSION).await
                })
            })
            .await?;
        Ok(())
    }
}
