//! Which pairs of a need and an offer stand, and how they score.
//!
//! A pair stands from the moment one of its sides finds the other until either closes or it
//! answers no longer: each side finds only its best, and these are seldom mutual.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use keqiao_domain::{Audience, Listing, ListingId, ListingState, Match, Side};
use keqiao_matching::{Lexicon, MatchView, Need, Offer, WeightSet, Weights, is_answer, score};
use keqiao_search::{
    Found, ListingDoc, Matcher, Reader, SearchError, SearchIndex, counterparts, match_view, standing_for,
};
use keqiao_store::matches::{Counterpart, Public, Standing};
use keqiao_store::{Conn, listings, matches};

use crate::documents::docs_of;
use crate::runner::FollowError;

/// Counterparts that a listing finds by itself.
const FOUND: usize = 10;
/// Listings read at once.
pub(crate) const PAGE: i64 = 500;
/// A pair that stands is let go at a smaller share of terms than one is found at, as the weights
/// of words shift with every listing.
const LET_GO: f64 = 0.5;

/// Pairs by need and offer.
pub(crate) type PairMap = BTreeMap<(ListingId, ListingId), Standing>;

/// What finds and scores pairs.
#[derive(Clone)]
pub(crate) struct Pairs {
    pub(crate) index: Arc<SearchIndex>,
    pub(crate) lexicon: Arc<Lexicon>,
    pub(crate) weights: Arc<WeightSet>,
}

/// The pairs of one open listing.
pub(crate) struct PairsOf {
    /// What it was matched with before.
    pub(crate) before: Vec<Counterpart>,
    /// What it finds, the best first.
    pub(crate) found: Vec<Found>,
    /// These and those that stood before, as they are to be kept.
    pub(crate) all: PairMap,
}

/// A pair's place in a [`PairMap`].
pub(crate) fn key_of(m: &Match) -> Option<(ListingId, ListingId)> {
    Some((m.need?, m.offer?))
}

fn is_open(listing: &Listing) -> bool {
    listing.state == ListingState::Published
}

impl Pairs {
    /// What a member would read of it: both sides are told, and both are members.
    fn view(&self, doc: &ListingDoc) -> MatchView {
        match_view(doc, self.lexicon.catalog()).for_reader(true)
    }

    /// The open listings among these.
    pub(crate) async fn open(&self, db: &mut Conn, ids: &[ListingId]) -> Result<Vec<ListingDoc>, FollowError> {
        let mut rows = listings::find_many(db, ids).await?;
        rows.retain(is_open);
        Ok(docs_of(db, rows).await?)
    }

    /// The open ones of the next listings of all, at most so many; `None` after the last.
    pub(crate) async fn page(
        &self,
        db: &mut Conn,
        after: &mut Option<ListingId>,
        most: i64,
    ) -> Result<Option<Vec<ListingDoc>>, FollowError> {
        let mut rows = listings::page_all(db, *after, most).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        *after = Some(last.id);
        rows.retain(is_open);
        Ok(Some(docs_of(db, rows).await?))
    }

    /// The pairs of an open listing: those it finds and those that stand, with their present score.
    /// Without `search` those that stand alone.
    pub(crate) async fn of(&self, db: &mut Conn, doc: &ListingDoc, search: bool) -> Result<PairsOf, FollowError> {
        let before = matches::counterparts_of(db, doc.listing.id).await?;
        let ids: Vec<ListingId> = before.iter().map(|c| c.id).collect();
        let mut others = self.open(db, &ids).await?;
        others.retain(|o| o.listing.party != doc.listing.party && o.listing.side != doc.listing.side);
        let views: Vec<MatchView> = others.iter().map(|o| self.view(o)).collect();
        let (pairs, doc) = (self.clone(), doc.clone());
        blocking(move || {
            let view = pairs.view(&doc);
            let found = if search { pairs.search(&view)? } else { Vec::new() };
            let mut all = pairs.scored(&view, views);
            all.extend(found.iter().map(|f| as_match(&view, f)).filter_map(|m| Some((key_of(&m)?, m))));
            let all = pairs.standing(&doc, all.into_values().collect())?;
            let all = all.into_iter().filter_map(|s| Some((key_of(&s.matched)?, s))).collect();
            Ok(PairsOf { before, found, all })
        })
        .await
    }

    /// The pairs that open listings find, of each the best first; on all processors.
    pub(crate) async fn found_by(&self, docs: Vec<ListingDoc>) -> Result<Vec<Standing>, FollowError> {
        let pairs = self.clone();
        blocking(move || {
            let threads = std::thread::available_parallelism().map_or(1, usize::from);
            let parts = docs.chunks(docs.len().div_ceil(threads).max(1));
            std::thread::scope(|scope| {
                let workers: Vec<_> = parts.map(|part| scope.spawn(|| pairs.found_by_each(part))).collect();
                let mut all = Vec::new();
                for worker in workers {
                    all.extend(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
                }
                Ok(all)
            })
        })
        .await
    }

    fn found_by_each(&self, docs: &[ListingDoc]) -> Result<Vec<Standing>, FollowError> {
        let mut all = Vec::new();
        for doc in docs {
            let view = self.view(doc);
            let found = self.search(&view)?.iter().map(|f| as_match(&view, f)).collect();
            all.extend(self.standing(doc, found)?);
        }
        Ok(all)
    }

    fn matcher<'a>(&'a self, reader: &'a Reader) -> Matcher<'a> {
        Matcher { index: &self.index, lexicon: &self.lexicon, reader, weights: &self.weights }
    }

    fn search(&self, view: &MatchView) -> Result<Vec<Found>, SearchError> {
        let reader = Reader { tokens: Some(vec![Audience::Public.to_string()]), member: true };
        counterparts(&self.matcher(&reader), view, FOUND)
    }

    /// Pairs of a listing as they are kept: beside what members are shown, what visitors are.
    fn standing(&self, own: &ListingDoc, pairs: Vec<Match>) -> Result<Vec<Standing>, SearchError> {
        let view = match_view(own, self.lexicon.catalog());
        let (side, whole) = (view.side, !view.has_member_parts());
        let visitor = Reader { tokens: Some(vec![Audience::Public.to_string()]), member: false };
        let read = view.for_reader(false);
        let shown = standing_for(&self.matcher(&visitor), &read, whole, pairs.clone())?;
        let mut shown: HashMap<ListingId, Found> = shown.into_iter().map(|f| (f.id, f)).collect();
        let kept = pairs.into_iter().map(|matched| {
            let other = if side == Side::Need { matched.offer } else { matched.need };
            let Some(found) = other.and_then(|id| shown.remove(&id)) else {
                return Standing { matched, public: Public::Nothing, versions: (0, 0) };
            };
            let (own, other) = (own.listing.version, found.card.version);
            let versions = if side == Side::Need { (own, other) } else { (other, own) };
            let same = found.matched.reasons == matched.reasons;
            let public = if same { Public::Same } else { Public::Other(found.matched) };
            Standing { matched, public, versions }
        });
        Ok(kept.collect())
    }

    /// Those of the counterparts that answer, with their present score.
    fn scored(&self, own: &MatchView, others: Vec<MatchView>) -> BTreeMap<(ListingId, ListingId), Match> {
        let mut weighed = HashMap::new();
        let mut all = BTreeMap::new();
        for other in others {
            let (need, offer) = if own.side == Side::Need { (own, &other) } else { (&other, own) };
            let need = weighed.entry(need.id).or_insert_with(|| {
                let mut need = Need::from_view(need, &self.lexicon);
                need.weigh(&*self.index);
                need
            });
            let weights = self.weights.of(&need.kind);
            let lenient = Weights { answer: weights.answer * LET_GO, ..*weights };
            let m = score(need, &Offer::new(offer.clone(), &self.lexicon), &self.lexicon, weights);
            if is_answer(&m, need, &lenient) {
                all.extend(key_of(&m).map(|key| (key, m)));
            }
        }
        all
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FollowError> + Send + 'static,
) -> Result<T, FollowError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| FollowError::TryAgain(e.to_string()))?
}

fn as_match(own: &MatchView, found: &Found) -> Match {
    let (need, offer) = match own.side {
        Side::Need => (own.id, Some(found.id)),
        Side::Offer => (Some(found.id), own.id),
    };
    Match { need, offer, ..found.matched.clone() }
}
