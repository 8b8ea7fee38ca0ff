//! What counts how much in a match.

use serde::{Deserialize, Serialize};

use crate::retrieval::Fusion;

/// What counts how much. The parts that apply to a need are scaled so that
/// they add up to 100: a need without requirements is matched by its terms.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Weights {
    /// Points for all terms met in title or keywords.
    pub terms: f64,
    /// Points for a text that all channels of retrieval take for the same; where they say nothing of an
    /// offer, its terms count these points too.
    pub text: f64,
    /// What each of these channels counts, of the others.
    pub channels: Fusion,
    /// Points for all requirements met.
    pub requirements: f64,
    /// Points for a kind of offer that answers the need's kind; applies where the need's kind names some.
    pub kind: f64,
    /// Points for the same region or one inside the other; applies where the need has a region.
    pub region: f64,
    /// Points for the same industry; applies where the need has one.
    pub industry: f64,
    /// Points for a party that an operator verified.
    pub verified: f64,
    /// Points for files behind the offer.
    pub attachments: f64,
    /// What a term counts that stands only in the offer's text, of 1.
    pub in_text: f64,
    /// Power to which the share of terms met is raised: under 1, the first terms count more.
    pub curve: f64,
    /// Share of terms met from which requirements count whole. Below it they count less, in proportion:
    /// an offer of something else that has the right price answers nothing.
    pub relevant: f64,
    /// What requirements count at least, of 1, where no term is met.
    pub irrelevant: f64,
    /// Share of terms below which a match is none, see [`is_answer`].
    pub answer: f64,
    /// The same for an offer whose kind is known not to answer the need's: fewer terms are met by chance and
    /// count nothing.
    pub answer_of_other_kind: f64,
    /// What a wish weighs, of a must's 1.
    pub wish: f64,
    /// What a requirement in the need's own words weighs, of one of the catalog's 1.
    pub own_words: f64,
    /// What a requirement counts that is partly met, of 1.
    pub partly: f64,
    /// What a requirement counts of which the offer says nothing, of 1.
    pub unknown: f64,
    /// What two regions count that only share the region above them, of 1.
    pub near: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            terms: 25.0,
            text: 20.0,
            channels: Fusion::default(),
            requirements: 35.0,
            kind: 8.0,
            region: 4.0,
            industry: 4.0,
            verified: 2.0,
            attachments: 2.0,
            in_text: 0.75,
            curve: 0.7,
            relevant: 0.2,
            irrelevant: 0.2,
            answer: 0.06,
            answer_of_other_kind: 0.1,
            wish: 0.5,
            own_words: 0.3,
            partly: 0.5,
            unknown: 0.4,
            near: 0.5,
        }
    }
}
