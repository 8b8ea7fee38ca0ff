//! Texts found by what they say.
//!
//! Several channels look at each document, [`Fusion`] weighs what they say, and [`learn`] finds weights from
//! judgements. A document may stand for itself or speak for somebody ([`Library::of_authors`]): an expert is
//! found by what they wrote.

mod encoder;
mod fusion;
mod grams;
mod learn;
mod library;
mod meaning;
mod measure;
mod memory;
mod model;
mod postings;
mod quantised;
mod question;
mod sought;
mod terms;

pub use encoder::Encoder;
pub use fusion::{CHANNELS, Channel, Fusion, Seen, best};
pub use learn::{Judged, learn};
pub use library::Library;
pub use meaning::{Meaning, add, dot, unit};
pub use measure::{Figures, Measured, Qrels};
pub use memory::Memory;
pub use model::Model;
pub use postings::Counts;
pub use quantised::{Quantised, restored};
pub use question::Collection;
pub(crate) use question::{Looked, Question, Weighted};
