//! What search and matching found, as cards and reasons.

use keqiao_app::matching::Found;
use keqiao_domain::{Engagement, ListingId, ListingState, Reason, ShowingId, Side, Verdict};
use keqiao_matching::sentence;
use keqiao_search::{Card as Kept, Hit};

use crate::page::{Card, Frame, Marked, ReasonRow, tally};

/// Reasons told on the card itself; the rest opens on demand.
const FIRST_REASONS: usize = 3;

/// A counterpart with the reasons for it; drawn by `found` of `found.html`.
pub(crate) struct FoundRow {
    pub(crate) card: Card,
    /// How often each verdict stands among the reasons.
    pub(crate) counts: Vec<(Verdict, usize)>,
    /// The first reasons, one sentence each.
    pub(crate) first: Vec<String>,
    pub(crate) reasons: Vec<ReasonRow>,
    /// What can be done about it: address and words; empty: nothing.
    pub(crate) take_up: (String, String),
}

impl FoundRow {
    pub(crate) fn new(f: &Frame, found: &Found) -> Self {
        let matched = &found.matched;
        let mut card = card_of(&found.card);
        card.score = Some(matched.score);
        card.blocked = matched.blocked;
        let mut first: Vec<&Reason> = matched.reasons.iter().collect();
        // What stands in the way is told first.
        first.sort_by_key(|reason| !matches!(reason, Reason::Requirement { verdict: Verdict::Fails, .. }));
        Self {
            card,
            counts: tally(&matched.reasons),
            first: first.into_iter().take(FIRST_REASONS).map(|r| sentence(r, &f.catalog, f.locale.as_str())).collect(),
            reasons: matched.reasons.iter().map(|r| ReasonRow::new(f, r)).collect(),
            take_up: take_up(f, matched.need, matched.offer, &[]),
        }
    }

    /// Rows of a list; what is opened from them tells of `showing`.
    pub(crate) fn all(f: &Frame, found: &[Found], showing: Option<ShowingId>) -> Vec<Self> {
        found.iter().map(|one| Self::new(f, one).of(showing)).collect()
    }

    fn of(mut self, showing: Option<ShowingId>) -> Self {
        if let Some(showing) = showing {
            self.card.href = format!("{}?via={showing}", self.card.href);
        }
        self
    }

    /// The same, where some pairs are in an engagement that the viewer sees.
    pub(crate) fn all_with(f: &Frame, found: &[Found], known: &[Engagement], showing: Option<ShowingId>) -> Vec<Self> {
        let row = |one: &Found| {
            let take_up = take_up(f, one.matched.need, one.matched.offer, known);
            Self { take_up, ..Self::new(f, one) }.of(showing)
        };
        found.iter().map(row).collect()
    }
}

/// The way from a match into its engagement, or to a new one; for who is signed in.
pub(crate) fn take_up(
    f: &Frame,
    need: Option<ListingId>,
    offer: Option<ListingId>,
    known: &[Engagement],
) -> (String, String) {
    let (Some(need), Some(offer)) = (need, offer) else { return Default::default() };
    if let Some(open) = known.iter().find(|e| e.subject.need == Some(need) && e.subject.offer == Some(offer)) {
        let workflow = f.catalog.workflows.get(&open.subject.workflow);
        let stage = workflow.and_then(|w| w.stage(&open.state.stage));
        let name = stage.map_or(open.state.stage.as_str(), |s| s.name.get(f.locale.as_str()));
        return (format!("/engagements/{}", open.id), f.t1("engagement-is-open", "stage", name));
    }
    if !f.viewer.is_member() {
        return Default::default();
    }
    let href = format!("/engagements/new?need={need}&offer={offer}");
    (href, f.t("engagement-take-up").to_owned())
}

/// A listing of the index as a card.
pub(crate) fn card_of(kept: &Kept) -> Card {
    let side = kept.side.unwrap_or(Side::Need);
    let mut card = Card::new(&format!("/listings/{}", kept.id), side, &kept.kind, &kept.title);
    card.snippet = kept.summary.as_str().into();
    card.party.clone_from(&kept.party_name);
    card.verified = kept.verified;
    card.region.clone_from(&kept.region);
    card.date = kept.published_at;
    card.price.clone_from(&kept.price);
    card.state = kept.state.filter(|s| *s != ListingState::Published);
    card.demo = kept.demo;
    card
}

/// A hit of a search as a card, with marks where it met the query.
pub(crate) fn hit_card(hit: &Hit) -> Card {
    let mut card = card_of(&hit.card);
    card.title = marked(&hit.card.title, &hit.title_marks);
    if !hit.snippet.is_empty() && !hit.snippet_marks.is_empty() {
        card.snippet = marked(&hit.snippet, &hit.snippet_marks);
    }
    card
}

/// A text with marks at ranges of characters.
pub(crate) fn marked(text: &str, marks: &[(usize, usize)]) -> Marked {
    let ranges: Vec<_> = marks.iter().map(|(start, end)| *start..*end).collect();
    Marked::new(text, &ranges)
}
