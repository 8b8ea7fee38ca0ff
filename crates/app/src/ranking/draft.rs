//! A list by the weights that are used, or drawn from two rankings while a trial goes on.

use keqiao_domain::{RankingTrialId, Team};
use keqiao_matching::WeightSet;
use keqiao_matching::learning::draft;
use keqiao_search::{Found, SearchError};

use super::Served;

/// A ranking, and in a trial who put each row there.
#[derive(Debug, Clone, Default)]
pub struct Ranked {
    /// The best counterparts, the best first.
    pub found: Vec<Found>,
    /// The trial for which it was drawn, with the team of each row.
    pub trial: Option<(RankingTrialId, Vec<Team>)>,
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
