//! Who answers a listing: retrieved from the index, judged and scored by matching.

use keqiao_domain::{ListingId, Match, PartyId, Side};
use keqiao_matching::{Lexicon, MatchView, Need, Offer, TermStats, Weights, by_rank, is_answer, score};

use crate::document::Card;
use crate::index::SearchIndex;
use crate::query::{Candidate, CandidateQuery, Reader, SearchError};

/// Offers that are scored for a need.
const OFFERS: usize = 60;
/// Needs that are scored for an offer; each has to be read first.
const NEEDS: usize = 40;

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
}

/// The published counterparts of a listing, the best first, at most `top`.
/// `own` is the party whose listings do not count.
///
/// # Errors
/// When the index fails.
pub fn counterparts(
    index: &SearchIndex,
    lexicon: &Lexicon,
    reader: &Reader,
    view: &MatchView,
    own: Option<PartyId>,
    top: usize,
) -> Result<Vec<Found>, SearchError> {
    match view.side {
        Side::Need => offers_for(index, lexicon, reader, Need::from_view(view, lexicon), own, top),
        Side::Offer => needs_for(index, lexicon, reader, &Offer::new(view.clone(), lexicon), own, top),
    }
}

/// The published offers that answer a need, the best first.
///
/// # Errors
/// When the index fails.
pub fn offers_for(
    index: &SearchIndex,
    lexicon: &Lexicon,
    reader: &Reader,
    mut need: Need,
    own: Option<PartyId>,
    top: usize,
) -> Result<Vec<Found>, SearchError> {
    need.weigh(index);
    let query = query(need.text.clone(), Side::Offer, need.id, own, OFFERS);
    let weights = Weights::default();
    let scored = index.candidates(&query, reader)?.into_iter().filter_map(|c| {
        let Candidate { id, view, card, .. } = c;
        let matched = score(&need, &Offer::new(view, lexicon), lexicon, &weights);
        is_answer(&matched, &need, &weights).then_some(Found { id, card, matched })
    });
    Ok(best(scored, top))
}

/// The published needs that an offer answers, the best first.
///
/// # Errors
/// When the index fails.
pub fn needs_for(
    index: &SearchIndex,
    lexicon: &Lexicon,
    reader: &Reader,
    offer: &Offer,
    own: Option<PartyId>,
    top: usize,
) -> Result<Vec<Found>, SearchError> {
    let view = &offer.view;
    let text = format!("{}\n{}\n{}", view.title, view.keywords.join(" "), view.text);
    let query = query(text, Side::Need, view.id, own, NEEDS);
    let weights = Weights::default();
    let scored = index.candidates(&query, reader)?.into_iter().filter_map(|c| {
        let Candidate { id, view, card, .. } = c;
        let mut need = Need::from_view(&view, lexicon);
        need.weigh(index);
        let matched = score(&need, offer, lexicon, &weights);
        is_answer(&matched, &need, &weights).then_some(Found { id, card, matched })
    });
    Ok(best(scored, top))
}

fn query(
    text: String,
    side: Side,
    exclude: Option<ListingId>,
    exclude_party: Option<PartyId>,
    limit: usize,
) -> CandidateQuery {
    CandidateQuery { text, side, kinds: Vec::new(), exclude, exclude_party, limit }
}

fn best(scored: impl Iterator<Item = Found>, top: usize) -> Vec<Found> {
    let mut found: Vec<Found> = scored.collect();
    found.sort_by(|a, b| by_rank(&a.matched, &b.matched).then_with(|| a.id.cmp(&b.id)));
    found.truncate(top);
    found
}
