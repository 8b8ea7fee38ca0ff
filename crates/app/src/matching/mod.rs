//! Matches for a text, for a listing, and the coach that helps to write one.

mod coach;
mod for_listing;
mod for_text;

pub use coach::{CoachReport, CriterionAdvice, coach};
pub use for_listing::{StandingMatch, best_matches, match_listing, standing_matches};
pub use for_text::{TextMatches, match_text};
pub use keqiao_search::Found;
