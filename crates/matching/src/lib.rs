//! Need × offer → score and reasons. Pure and deterministic.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bar;
pub mod consortium;
mod cues;
mod explain;
pub mod exposure;
#[cfg(test)]
mod fixture;
mod judge;
pub mod learning;
mod lexicon;
mod line;
mod need;
mod negation;
mod offer;
mod offline;
mod range;
mod rank;
mod read;
mod remedy;
mod requirements;
pub mod retrieval;
mod scan;
mod score;
mod standard;
pub mod timetable;
mod view;
mod weight_set;
mod weights;

pub use bar::{Bar, IntervalBar};
pub use explain::{remedy_sentence, sentence};
pub use judge::{Judgement, judge, judge_value};
pub use lexicon::Lexicon;
pub use line::ListingLine;
pub use need::{EvenStats, Need, TermStats};
pub use offer::{Offer, SharedSpecs, folded_parts};
pub use offline::{Answer, Corpus, LineError, RankedMatch, StatedNeed, StatedRequirement, read_need};
pub use rank::{Ranked, rank_offers};
pub use read::{Doubt, NeedTerm, Reading, read_statements, read_text};
pub use remedy::{Remedy, Shortfall, remedies, shortfall};
pub use score::{by_rank, is_answer, score};
pub use view::MatchView;
pub use weight_set::{CurrentWeights, WeightFault, WeightSet};
pub use weights::Weights;
