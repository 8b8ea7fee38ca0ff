//! A listing in a list.

use keqiao_domain::{ListingState, Side, Timestamp};

use super::Marked;

/// A listing in a list; drawn by `card` and `cards` of `macros.html`.
#[derive(Debug, Clone)]
pub struct Card {
    /// Its page.
    pub href: String,
    /// Need or offer.
    pub side: Side,
    /// Kind id.
    pub kind: String,
    /// Its title, with marks where it was searched for.
    pub title: Marked,
    /// A line or two of its text; empty: none.
    pub snippet: Marked,
    /// The party's name; empty: not shown.
    pub party: String,
    /// Whether the party was verified.
    pub verified: bool,
    /// Region code.
    pub region: Option<String>,
    /// When it was published or last written.
    pub date: Option<Timestamp>,
    /// Price in words.
    pub price: Option<String>,
    /// Its state, where it is not plain that it is published.
    pub state: Option<ListingState>,
    /// Whether it is demo data.
    pub demo: bool,
    /// Score of a match, 0–100.
    pub score: Option<f64>,
    /// Whether the match failed a must.
    pub blocked: bool,
}

impl Card {
    /// A card with what every listing has.
    #[must_use]
    pub fn new(href: &str, side: Side, kind: &str, title: &str) -> Self {
        Self {
            href: href.to_owned(),
            side,
            kind: kind.to_owned(),
            title: title.into(),
            snippet: Marked::default(),
            party: String::new(),
            verified: false,
            region: None,
            date: None,
            price: None,
            state: None,
            demo: false,
            score: None,
            blocked: false,
        }
    }
}
