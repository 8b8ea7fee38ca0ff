//! The ranking learns: what people did with the matches they were shown, the weights that follow from it, which of them
//! are used, and trials of two of them.

mod draft;
mod feedback;
mod figures;
mod learn;
mod used;

pub use draft::Look;
pub(crate) use draft::{Ranked, ranked};
pub use feedback::{Feedback, Listed, note_opened, note_shown, write_feedback};
pub use figures::{PartView, RankFigures, RankingView, TrialView, VersionView, view_ranking};
pub use learn::{Learned, LearnedKind, learn, learn_when_due, weights_from};
pub use used::{Served, ServedTrial, begin_trial, end_trial, refresh, use_weights};

use std::sync::{Arc, PoisonError, RwLock};

/// What this node ranks with and has heard of late.
#[derive(Default)]
pub struct Ranking {
    served: RwLock<Arc<Served>>,
    /// What people did with matches.
    pub feedback: Feedback,
}

impl Ranking {
    /// What matches are ranked with at present.
    #[must_use]
    pub fn served(&self) -> Arc<Served> {
        Arc::clone(&self.served.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn serve(&self, served: Served) {
        *self.served.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(served);
    }
}
