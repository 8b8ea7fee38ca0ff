//! The follower that keeps standing matches and tells people of new ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use keqiao_domain::{
    Change, Clock, Entropy, Listing, ListingId, ListingState, Match, Notice, NoticeBody, NoticeId, RecordKind,
    Timestamp,
};
use keqiao_matching::Lexicon;
use keqiao_search::{Found, ListingDoc, Reader, SearchIndex, counterparts, match_view};
use keqiao_store::{Conn, Store, StoreError, accounts, cursors, leases, listings, matches, notices, parties};

use crate::runner::{FollowError, Follower};

/// Its version; a higher one computes all matches anew.
const VERSION: i64 = 1;
const NAME: &str = "standing-matches";
/// Matches kept for a listing.
const KEPT: usize = 20;
/// Matches of a new listing that people are told of, and the lowest score for it.
const TOLD: usize = 5;
const TOLD_SCORE: f64 = 45.0;
/// Seconds for which a node holds the work.
const LEASE_SECONDS: i64 = 30;

/// Keeps standing matches. One node does it for all: it holds a lease.
pub struct StandingMatches {
    /// The store.
    pub store: Store,
    /// This node's index: matches are found in it, so it must have read as far.
    pub index: Arc<SearchIndex>,
    /// The catalog's words.
    pub lexicon: Arc<Lexicon>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for notice ids.
    pub entropy: Arc<dyn Entropy>,
    /// This node's name, for the lease.
    pub node: String,
}

impl StandingMatches {
    async fn hold_lease(&self) -> Result<bool, FollowError> {
        let (node, now) = (self.node.clone(), self.clock.now());
        Ok(self
            .store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move { leases::acquire(tx, NAME, &node, now, now.plus_seconds(LEASE_SECONDS)).await })
            })
            .await?)
    }

    /// The counterparts of a published listing; nothing for any other.
    async fn found_for(&self, db: &mut Conn, id: ListingId) -> Result<(Option<Listing>, Vec<Found>), FollowError> {
        let Some(listing) = listings::find(db, id).await? else { return Ok((None, Vec::new())) };
        if listing.state != ListingState::Published {
            return Ok((Some(listing), Vec::new()));
        }
        let party = parties::find(db, listing.party)
            .await?
            .ok_or_else(|| FollowError::Poison(format!("listing {id} has no party")))?;
        let own = Some(listing.party);
        let doc = ListingDoc { listing, party, attachments: 0 };
        let view = match_view(&doc, self.lexicon.catalog()).for_reader(true);
        let (index, lexicon) = (self.index.clone(), self.lexicon.clone());
        let found = tokio::task::spawn_blocking(move || {
            // What a member would find: both sides are told, and both are members.
            let reader = Reader { tokens: Some(vec![keqiao_domain::Audience::Public.to_string()]), member: true };
            counterparts(&index, &lexicon, &reader, &view, own, KEPT)
        })
        .await
        .map_err(|e| FollowError::TryAgain(e.to_string()))??;
        Ok((Some(doc.listing), found))
    }

    /// Notices of the best matches for the people on both sides.
    async fn notices_for(&self, db: &mut Conn, listing: &Listing, found: &[Found]) -> Result<Vec<Notice>, StoreError> {
        let now = self.clock.now();
        let mut list = Vec::new();
        let own = accounts::accounts_of(db, listing.party).await?;
        for hit in found.iter().filter(|f| !f.matched.blocked && f.matched.score >= TOLD_SCORE).take(TOLD) {
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

fn as_matches(listing: &Listing, found: Vec<Found>) -> Vec<Match> {
    let is_need = listing.side == keqiao_domain::Side::Need;
    found
        .into_iter()
        .map(|f| {
            let (need, offer) = if is_need { (listing.id, f.id) } else { (f.id, listing.id) };
            Match { need: Some(need), offer: Some(offer), ..f.matched }
        })
        .collect()
}

impl Follower for StandingMatches {
    fn name(&self) -> &'static str {
        NAME
    }
    fn node(&self) -> &str {
        ""
    }
    async fn cursor(&self) -> Result<i64, FollowError> {
        let mut db = self.store.reader().await?;
        let kept = cursors::get(&mut db, NAME, "").await?;
        // Matches of another version count as none: everything is read again.
        Ok(kept.filter(|c| c.version == VERSION).map_or(0, |c| c.seq))
    }
    fn horizon(&self) -> Option<i64> {
        Some(self.index.cursor())
    }
    async fn apply(&self, batch: &[Change], upto: i64) -> Result<(), FollowError> {
        if !self.hold_lease().await? {
            return Err(FollowError::TryAgain("another node keeps the standing matches".into()));
        }
        let ids: BTreeSet<ListingId> =
            batch.iter().filter(|c| c.record == RecordKind::Listing).map(|c| ListingId(c.id)).collect();
        let mut db = self.store.reader().await?;
        let mut work = Vec::with_capacity(ids.len());
        for id in ids {
            let (listing, found) = self.found_for(&mut db, id).await?;
            let told = match &listing {
                Some(listing) => self.notices_for(&mut db, listing, &found).await?,
                None => Vec::new(),
            };
            let rows = listing.map(|l| as_matches(&l, found)).unwrap_or_default();
            work.push((id, rows, told));
        }
        drop(db);
        self.store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    for (id, rows, told) in &work {
                        matches::replace_for_listing(tx, *id, rows).await?;
                        for notice in told {
                            notices::insert_unless_key_exists(tx, notice).await?;
                        }
                    }
                    cursors::set(tx, NAME, "", upto, VERSION).await
                })
            })
            .await?;
        Ok(())
    }
}
