//! One listing held against another that somebody names, however well they fit.

use keqiao_domain::{ListingId, PartyId, Side};
use keqiao_matching::{Need, Offer, is_answer, score};

use crate::counterparts::{Found, Matcher};
use crate::query::SearchError;

/// Who asks for counterparts.
pub enum Asking {
    /// A need looks for offers.
    Need(Box<Need>),
    /// An offer looks for needs.
    Offer(Box<Offer>),
}

/// A named counterpart with its match.
#[derive(Debug, Clone)]
pub struct Paired {
    /// The counterpart, with all reasons for and against it.
    pub found: Found,
    /// Whether enough of the need's words are met for it to be shown at all.
    pub answers: bool,
    /// Whose it is.
    pub party: Option<PartyId>,
}

/// Judges a published listing that the reader may see as a counterpart; `None`: there is none with
/// this id, or it is on the same side.
///
/// # Errors
/// When the index fails.
pub fn pair(matcher: &Matcher<'_>, asking: &Asking, other: ListingId) -> Result<Option<Paired>, SearchError> {
    let Matcher { index, lexicon, reader, weights } = *matcher;
    let Some(stored) = index.published(&[other], reader)?.pop() else { return Ok(None) };
    let candidate = stored.candidate(0.0, reader)?;
    let (card, view) = (candidate.card()?, candidate.view);
    let (side, party) = (view.side, view.party);
    let judge = |need: &mut Need, offer: &Offer| {
        need.weigh(index);
        let weights = weights.of(&need.kind);
        let matched = score(need, offer, lexicon, weights);
        let answers = is_answer(&matched, need, weights);
        (matched, answers)
    };
    let (matched, answers) = match asking {
        Asking::Need(_) if side == Side::Need => return Ok(None),
        Asking::Offer(_) if side == Side::Offer => return Ok(None),
        Asking::Need(need) => judge(&mut need.clone(), &Offer::new(view, lexicon)),
        Asking::Offer(offer) => judge(&mut Need::from_view(&view, lexicon), offer),
    };
    Ok(Some(Paired { found: Found { id: other, card, matched }, answers, party }))
}
