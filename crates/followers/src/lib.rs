//! What reads the change log and keeps something derived: the runner, and one
//! file per follower. Followed, never called: nothing above waits for them.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod check;
mod compare;
mod documents;
mod graph;
mod index;
mod pairs;
mod rejudge;
mod runner;
mod standing;

pub use check::{Difference, rebuild_index, verify_index};
pub use compare::{PairDifference, verify_matches};
pub use graph::{GraphDifference, GraphFollower, verify_graph};
pub use index::{IndexFollower, keep_taught};
pub use runner::{FollowError, Follower, catch_up, give_back, run};
pub use standing::StandingMatches;
