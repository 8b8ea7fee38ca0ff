//! How the ranking does: what is opened at which rank, trials, versions.

use std::collections::BTreeMap;

use keqiao_domain::{RankingTrial, ShowingId, Team, Viewer, WeightUse, WeightVersion, WeightVersionId};
use keqiao_matching::learning::{NAMES, coefficients, wilson};
use keqiao_matching::{WeightFault, WeightSet, Weights};
use keqiao_store::showings::WithOpens;
use keqiao_store::{Conn, ranking_trials, showings, weight_versions};

use super::learn::Learned;
use super::used::operator;
use crate::{App, AppError};

/// The latest lists by which ranks are counted.
const COUNTED: i64 = 5_000;
/// Ranks that are told.
const RANKS: usize = 10;
/// Versions, uses and trials that are told.
const VERSIONS: i64 = 20;
const TRIALS: i64 = 5;
/// Lists of a trial read at once, and at most.
const PAGE: i64 = 500;
const MOST: usize = 50_000;

/// What was opened at each rank, of the lists of one version.
#[derive(Debug, Clone, PartialEq)]
pub struct RankFigures {
    /// The version; `None`: the built-in weights.
    pub version: Option<WeightVersionId>,
    /// Lists.
    pub lists: usize,
    /// Of each rank from 1 how often a row stood there, and how often it was opened.
    pub ranks: Vec<(usize, usize)>,
}

/// A trial and how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialView {
    /// The trial.
    pub trial: RankingTrial,
    /// Lists that were drawn for it.
    pub lists: usize,
    /// Lists of which more rows of the one were opened, of the other, and as many.
    pub wins: [u64; 3],
    /// The share of the other's wins among those that one of them won, with its 95 % interval.
    pub share: (f64, (f64, f64)),
}

/// A version and whether it can be used.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionView {
    /// The version.
    pub version: WeightVersion,
    /// What it was learned from; `None`: it was brought in.
    pub learned: Option<Learned>,
    /// Why it cannot be used.
    pub fault: Option<WeightFault>,
}

/// What a part of the score counts.
#[derive(Debug, Clone, PartialEq)]
pub struct PartView {
    /// Its name.
    pub name: &'static str,
    /// What it counts by the built-in weights.
    pub built_in: f64,
    /// What it counts in use, for all kinds and then for each that has weights of its own.
    pub used: Vec<f64>,
}

/// The ranking as an operator sees it.
#[derive(Debug, Clone)]
pub struct RankingView {
    /// The version in use; `None`: the built-in weights.
    pub version: Option<WeightVersionId>,
    /// A version that should be used and cannot be.
    pub refused: Option<(WeightVersionId, WeightFault)>,
    /// The kinds that have weights of their own.
    pub kinds: Vec<String>,
    /// What each part counts.
    pub parts: Vec<PartView>,
    /// What is opened at which rank.
    pub figures: Vec<RankFigures>,
    /// Trials, the latest first.
    pub trials: Vec<TrialView>,
    /// Versions, the latest first.
    pub versions: Vec<VersionView>,
    /// What was used, the latest first.
    pub uses: Vec<WeightUse>,
    /// What was used before the present version, and was another; `None`: nothing was.
    pub before: Option<Option<WeightVersionId>>,
}

/// How the ranking does.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed`.
pub async fn view_ranking(app: &App, viewer: &Viewer) -> Result<RankingView, AppError> {
    operator(viewer)?;
    let served = app.ranking.served();
    let mut db = app.store.reader().await?;
    let latest = showings::latest(&mut db, COUNTED).await?;
    let mut trials = Vec::new();
    for trial in ranking_trials::latest(&mut db, TRIALS).await? {
        trials.push(trial_view(&mut db, trial).await?);
    }
    let versions = weight_versions::latest(&mut db, VERSIONS).await?;
    let uses = weight_versions::uses(&mut db, VERSIONS).await?;
    Ok(RankingView {
        version: served.version,
        refused: served.refused.clone(),
        kinds: served.weights.kinds.keys().cloned().collect(),
        parts: parts(&served.weights),
        figures: by_rank(&latest),
        trials,
        versions: versions.into_iter().map(version_view).collect(),
        // Before the first use the built-in weights were used.
        before: uses.iter().skip(1).map(|u| u.version).chain([None]).find(|version| *version != served.version),
        uses,
    })
}

fn parts(set: &WeightSet) -> Vec<PartView> {
    let built_in = coefficients(&Weights::default());
    let used: Vec<_> = std::iter::once(&set.all).chain(set.kinds.values()).map(coefficients).collect();
    let part = |(i, name)| PartView { name, built_in: built_in[i], used: used.iter().map(|w| w[i]).collect() };
    NAMES.into_iter().enumerate().map(part).collect()
}

fn version_view(version: WeightVersion) -> VersionView {
    VersionView {
        learned: serde_json::from_str(&version.report).ok(),
        fault: WeightSet::parse(&version.weights).err(),
        version,
    }
}

/// Lists drawn for a trial are of two versions, and tell of neither.
fn by_rank(lists: &[WithOpens]) -> Vec<RankFigures> {
    let mut by_version: BTreeMap<Option<WeightVersionId>, RankFigures> = BTreeMap::new();
    for (showing, opened) in lists.iter().filter(|(s, _)| s.trial.is_none()) {
        let figures = by_version.entry(showing.weights).or_insert_with(|| RankFigures {
            version: showing.weights,
            lists: 0,
            ranks: vec![(0, 0); RANKS],
        });
        figures.lists += 1;
        for (row, rank) in showing.rows.iter().zip(&mut figures.ranks) {
            rank.0 += 1;
            rank.1 += usize::from(opened.contains(&row.listing));
        }
    }
    let mut all: Vec<RankFigures> = by_version.into_values().collect();
    all.sort_by_key(|f| std::cmp::Reverse(f.lists));
    all
}

async fn trial_view(db: &mut Conn, trial: RankingTrial) -> Result<TrialView, AppError> {
    let (mut lists, mut wins, mut after): (usize, [u64; 3], Option<ShowingId>) = (0, [0; 3], None);
    while lists < MOST {
        let page = showings::page(db, Some(trial.id), after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(last.id);
        lists += page.len();
        page.iter().filter_map(won).for_each(|who| wins[who] += 1);
    }
    let (decided, other) = (wins[0] + wins[1], wins[1]);
    let share = if decided == 0 { 0.5 } else { other as f64 / decided as f64 };
    Ok(TrialView { trial, lists, wins, share: (share, wilson(other, decided)) })
}

/// Whose rows of a list were opened more: 0 the one's, 1 the other's, 2 as many; `None`: none was opened.
fn won((showing, opened): &WithOpens) -> Option<usize> {
    let of = |team| showing.rows.iter().filter(|r| r.team == Some(team) && opened.contains(&r.listing)).count();
    match (of(Team::One), of(Team::Other)) {
        (0, 0) => None,
        (one, other) if one > other => Some(0),
        (one, other) if one < other => Some(1),
        _ => Some(2),
    }
}
