//! A list by the weights that are used, or drawn from two rankings while a trial goes on.

use keqiao_domain::{ListingId, RankingTrialId, Side, Team, Viewer};
use keqiao_matching::WeightSet;
use keqiao_matching::learning::draft;
use keqiao_search::{Found, SearchError};

use super::{Listed, Served};
use crate::App;

/// How matches are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The most that are wanted.
    pub top: usize,
    /// Those of them that are shown.
    pub shown: usize,
    /// Whether a person looks at them on a page: what comes of it is remembered then.
    pub watched: bool,
}

impl Look {
    /// By a program, or on the way to something else: nothing is remembered.
    #[must_use]
    pub const fn quick(top: usize) -> Self {
        Self { top, shown: top, watched: false }
    }

    /// By a person on a page that shows so many of them.
    #[must_use]
    pub const fn by_person(top: usize, shown: usize) -> Self {
        Self { top, shown, watched: true }
    }

    /// The coins of a draft; `None`: nobody whose choices are remembered looks.
    pub(crate) fn coins(self, app: &App, viewer: &Viewer) -> Option<u64> {
        let mut bytes = [0; 8];
        (self.watched && viewer.is_member()).then(|| {
            app.entropy.fill(&mut bytes);
            u64::from_le_bytes(bytes)
        })
    }
}

/// A ranking, and in a trial who put each row there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ranked {
    /// The best counterparts, the best first.
    pub(crate) found: Vec<Found>,
    /// The trial for which it was drawn, with the team of each row.
    pub(crate) trial: Option<(RankingTrialId, Vec<Team>)>,
}

impl Ranked {
    /// The first rows as they are shown.
    pub(crate) fn listed<'a>(
        &'a self,
        asking: Option<ListingId>,
        side: Side,
        kind: &'a str,
        shown: usize,
    ) -> Listed<'a> {
        let trial = self.trial.as_ref().map(|(id, teams)| (*id, teams.as_slice()));
        Listed { asking, side, kind, found: &self.found[..self.found.len().min(shown)], trial }
    }
}

/// Ranks by the weights that are used; where somebody looks at it and a trial goes on, by both of its versions.
pub(crate) fn ranked(
    served: &Served,
    coins: Option<u64>,
    top: usize,
    rank: impl Fn(&WeightSet) -> Result<Vec<Found>, SearchError>,
) -> Result<Ranked, SearchError> {
    let (Some(coins), Some(trial)) = (coins, &served.trial) else {
        return Ok(Ranked { found: rank(&served.weights)?, trial: None });
    };
    let blocked = |found: &Found| found.matched.blocked;
    let split = |all: Vec<Found>| -> (Vec<Found>, Vec<Found>) { all.into_iter().partition(|f| !blocked(f)) };
    let ((one, one_blocked), (other, other_blocked)) = (split(rank(&trial.one)?), split(rank(&trial.other)?));
    // What fails a must stands below all that does not, whoever put it there.
    let mut rows = draft(one, other, |f| f.id, coins, top);
    let left = top.saturating_sub(rows.len());
    rows.extend(draft(one_blocked, other_blocked, |f| f.id, coins, left));
    rows.truncate(top);
    let (found, teams) = rows.into_iter().map(|d| (d.row, d.team)).unzip();
    Ok(Ranked { found, trial: Some((trial.id, teams)) })
}
