//! Matches for a text, for a listing, and the coach that helps to write one.

mod coach;
mod edits;
mod exposure;
mod for_listing;
mod for_text;
mod reading;
mod shown;
mod together;
mod why_not;

pub use coach::{CoachReport, CriterionAdvice, coach};
pub use edits::{Edit, apply_edits};
pub use for_listing::{StandingMatch, best_matches, match_listing, standing_matches};
pub use for_text::{TextMatches, match_text};
pub use keqiao_search::Found;
pub use reading::{read_mended, unfilled};
pub use shown::ListingMatches;
pub use together::{Must, Together, together};
pub use why_not::{Asker, Cause, WhyNot, name_listing, why_not};
