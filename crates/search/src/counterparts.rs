//! Who answers a listing: retrieved from the index, judged and scored by matching.

use std::cell::LazyCell;
use std::cmp::Ordering;
use std::sync::Arc;

use keqiao_domain::{ListingId, Match, PartyId, Side};
use keqiao_matching::retrieval::Collection;
use keqiao_matching::{
    Lexicon, MatchView, Need, Offer, SharedSpecs, TermStats, WeightSet, by_rank, is_answer, rank_offers, score,
};
use quick_cache::sync::Cache;

use crate::document::Card;
use crate::index::SearchIndex;
use crate::query::{Candidate, CandidateQuery, Reader, SearchError};
use crate::words::idf;

/// Offers that are scored for a need.
const OFFERS: usize = 32;
/// Needs that are scored for an offer; each has to be read first.
const NEEDS: usize = 12;

/// What a match is made with.
#[derive(Clone, Copy)]
pub struct Matcher<'a> {
    /// Where counterparts are looked for.
    pub index: &'a SearchIndex,
    /// The catalog's words.
    pub lexicon: &'a Lexicon,
    /// Who asks.
    pub reader: &'a Reader,
    /// What counts how much, for needs of each kind.
    pub weights: &'a WeightSet,
}

/// A counterpart with the match that found it.
#[derive(Debug, Clone)]
pub struct Found {
    /// The counterpart's id.
    pub id: ListingId,
    /// What a list shows of it.
    pub card: Card,
    /// Score and reasons.
    pub matched: Match,
}

impl TermStats for SearchIndex {
    fn idf(&self, term: &str) -> f64 {
        SearchIndex::idf(self, term)
    }
    fn rarest(&self) -> f64 {
        idf(self.snapshot().frequencies.docs(), 0)
    }

    fn collection(&self) -> Option<Collection<'_>> {
        let snapshot = self.snapshot();
        let model = snapshot.meanings.as_ref().map(|m| Arc::clone(&m.model));
        let encoder = snapshot.meanings.as_ref().map(|m| m.maker.encoder());
        Some(Collection { text: &self.text, average: snapshot.average, model, encoder })
    }
}

/// The published counterparts of a listing, the best first, at most `top`; none of its own party's.
///
/// # Errors
/// When the index fails.
pub fn counterparts(matcher: &Matcher<'_>, view: &MatchView, top: usize) -> Result<Vec<Found>, SearchError> {
    match view.side {
        Side::Need => offers_for(matcher, Need::from_view(view, matcher.lexicon), view.party, top),
        Side::Offer => needs_for(matcher, &Offer::new(view.clone(), matcher.lexicon), view.party, top),
    }
}

/// The published offers that answer a need, the best first.
///
/// # Errors
/// When the index fails.
pub fn offers_for(
    matcher: &Matcher<'_>,
    mut need: Need,
    own: Option<PartyId>,
    top: usize,
) -> Result<Vec<Found>, SearchError> {
    let Matcher { index, lexicon, reader, weights } = *matcher;
    let weights = weights.of(&need.kind);
    need.weigh(index);
    let query = query(Side::Offer, need.id, own, OFFERS);
    let candidates = index.candidates(&mut need, &query, &weights.channels, reader)?;
    let offers = candidates.iter().map(|c| {
        let specs = index.read_offers.of(c, reader.member);
        (c.id, Offer::new(c.view.clone(), lexicon).seen_as(c.seen).sharing(specs))
    });
    let ranked = rank_offers(&need, offers, top, lexicon, weights);
    ranked.into_iter().map(|r| found(&candidates, r.key, r.matched)).collect()
}

/// The published needs that an offer answers, the best first.
///
/// # Errors
/// When the index fails.
pub fn needs_for(
    matcher: &Matcher<'_>,
    offer: &Offer,
    own: Option<PartyId>,
    top: usize,
) -> Result<Vec<Found>, SearchError> {
    let Matcher { index, lexicon, reader, weights } = *matcher;
    let view = &offer.view;
    // What it offers, asked for, finds the needs that are near to it.
    let mut probe = Need::from_view(view, lexicon);
    probe.weigh(index);
    let query = query(Side::Need, view.id, own, NEEDS);
    let candidates = index.candidates(&mut probe, &query, &weights.all.channels, reader)?;
    let scored = candidates.iter().filter_map(|c| {
        let mut need = index.read_needs.read(c, reader.member, lexicon);
        need.weigh(index);
        let weights = weights.of(&need.kind);
        let matched = score(&need, offer, lexicon, weights);
        is_answer(&matched, &need, weights).then_some((c.id, matched))
    });
    let mut scored: Vec<(ListingId, Match)> = scored.collect();
    scored.sort_by(|a, b| by_rank(&a.1, &b.1).then_with(|| a.0.cmp(&b.0)));
    scored.truncate(top);
    scored.into_iter().map(|(id, matched)| found(&candidates, id, matched)).collect()
}

/// A standing match as it is kept for a sort of readers.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The match.
    pub matched: Match,
    /// For which version of the counterpart it holds.
    pub holds_for: HoldsFor,
}

/// For which version of a counterpart a match holds by what its reader reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldsFor {
    /// For each: the reader may read whatever was matched.
    Any,
    /// For this one.
    One(i64),
    /// Perhaps for none.
    None,
}

/// Kept matches of a listing of this side that hold for a reader, the best first, and those that have
/// to be judged anew, by [`standing_for`]. A few records are read, nothing else.
///
/// # Errors
/// When the index fails.
pub fn kept_for(
    index: &SearchIndex,
    reader: &Reader,
    side: Side,
    kept: Vec<Kept>,
) -> Result<(Vec<Found>, Vec<Match>), SearchError> {
    let ids: Vec<ListingId> = kept.iter().filter_map(|k| counterpart_of(side, &k.matched)).collect();
    let mut stored = index.published(&ids, reader)?;
    let (mut holding, mut others) = (Vec::with_capacity(kept.len()), Vec::new());
    for Kept { matched, holds_for } in kept {
        let Some(at) = stored.iter().position(|s| counterpart_of(side, &matched) == Some(s.id)) else { continue };
        let found = stored.swap_remove(at);
        let (id, card) = (found.id, found.card()?);
        match holds_for {
            HoldsFor::One(version) if version != card.version => others.push(matched),
            HoldsFor::None => others.push(matched),
            HoldsFor::Any | HoldsFor::One(_) => holding.push(Found { id, card, matched }),
        }
    }
    holding.sort_by(by_rank_of_found);
    Ok((holding, others))
}

/// Standing matches of a listing for a reader: what members see of them was found by what members
/// read, so a pair of which this reader reads less is judged anew by what it reads. `view` is the
/// listing as the reader reads it, `whole` whether that is all of it.
///
/// # Errors
/// When the index fails.
pub fn standing_for(
    matcher: &Matcher<'_>,
    view: &MatchView,
    whole: bool,
    standing: Vec<Match>,
) -> Result<Vec<Found>, SearchError> {
    let Matcher { index, lexicon, reader, weights } = *matcher;
    let ids: Vec<ListingId> = standing.iter().filter_map(|m| counterpart_of(view.side, m)).collect();
    let stored = index.published(&ids, reader)?;
    let candidates: Vec<Candidate> =
        stored.into_iter().map(|s| s.candidate(0.0, reader)).collect::<Result<_, SearchError>>()?;
    let read = |mut need: Need| {
        need.weigh(index);
        need
    };
    let own_need = LazyCell::new(|| read(Need::from_view(view, lexicon)));
    let own_offer = LazyCell::new(|| Offer::new(view.clone(), lexicon));
    let judged = |candidate: &Candidate| {
        if view.side == Side::Need {
            let weights = weights.of(&own_need.kind);
            let matched = score(&own_need, &Offer::new(candidate.view.clone(), lexicon), lexicon, weights);
            return is_answer(&matched, &own_need, weights).then_some(matched);
        }
        let need = read(index.read_needs.read(candidate, reader.member, lexicon));
        let weights = weights.of(&need.kind);
        let matched = score(&need, &own_offer, lexicon, weights);
        is_answer(&matched, &need, weights).then_some(matched)
    };
    let mut shown = Vec::with_capacity(candidates.len());
    for matched in standing {
        let Some(candidate) = candidates.iter().find(|c| counterpart_of(view.side, &matched) == Some(c.id)) else {
            continue;
        };
        let matched = if whole && candidate.whole { Some(matched) } else { judged(candidate) };
        if let Some(matched) = matched {
            shown.push(Found { id: candidate.id, card: candidate.card()?, matched });
        }
    }
    shown.sort_by(by_rank_of_found);
    Ok(shown)
}

/// The other end of a match of a listing of this side.
fn counterpart_of(side: Side, matched: &Match) -> Option<ListingId> {
    if side == Side::Need { matched.offer } else { matched.need }
}

/// The better match first.
#[must_use]
pub fn by_rank_of_found(a: &Found, b: &Found) -> Ordering {
    by_rank(&a.matched, &b.matched).then_with(|| a.id.cmp(&b.id))
}

fn query(side: Side, exclude: Option<ListingId>, exclude_party: Option<PartyId>, limit: usize) -> CandidateQuery {
    CandidateQuery { side, kinds: Vec::new(), exclude, exclude_party, limit }
}

/// A candidate with its match; its card is read now.
fn found(candidates: &[Candidate], id: ListingId, matched: Match) -> Result<Found, SearchError> {
    let card = candidates.iter().find(|c| c.id == id).map(Candidate::card);
    let card = card.ok_or_else(|| SearchError::NeedsRebuild(format!("no candidate {id}")))??;
    Ok(Found { id, card, matched })
}

/// By what something that was read is known: its id, what its reader may read, and what was read.
type ReadKey = (ListingId, bool, u64);

/// What offers state that were judged lately. Of a text it takes longer to read it than to judge it.
pub(crate) struct ReadOffers(Cache<ReadKey, SharedSpecs>);

impl ReadOffers {
    /// Offers that are remembered; one takes a kilobyte or two.
    const MOST: usize = 2_048;

    pub(crate) fn new() -> Self {
        Self(Cache::new(Self::MOST))
    }

    fn of(&self, candidate: &Candidate, member: bool) -> SharedSpecs {
        let key = (candidate.id, member, candidate.fingerprint);
        self.0.get(&key).unwrap_or_else(|| {
            let specs = SharedSpecs::default();
            self.0.insert(key, specs.clone());
            specs
        })
    }
}

/// Needs that were read lately: an offer is held against dozens of them.
pub(crate) struct ReadNeeds(Cache<ReadKey, Arc<Need>>);

impl ReadNeeds {
    /// Needs that are remembered; one takes some kilobytes.
    const MOST: usize = 1_024;

    pub(crate) fn new() -> Self {
        Self(Cache::new(Self::MOST))
    }

    fn read(&self, candidate: &Candidate, member: bool, lexicon: &Lexicon) -> Need {
        let key = (candidate.id, member, candidate.fingerprint);
        if let Some(known) = self.0.get(&key) {
            return (*known).clone();
        }
        let need = Need::from_view(&candidate.view, lexicon);
        self.0.insert(key, Arc::new(need.clone()));
        need
    }
}
