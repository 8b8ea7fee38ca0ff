//! A program as its organiser sees it.

use std::collections::BTreeMap;

use keqiao_domain::{
    AccountId, EntryStage, Program, ProgramDeed, ProgramId, ProgramRecord, ProgramType, Standing, Viewer,
    verify_records,
};
use keqiao_store::programs::{lists, reviews, steps};

use super::review::Workload;
use super::view::names_of;
use super::{find_own, type_of};
use crate::{App, AppError};

/// How far the entries of a region came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AreaCount {
    /// The region's code.
    pub area: String,
    /// How many places it has; `None`: none are named.
    pub places: Option<i64>,
    /// How many were handed in.
    pub collected: i64,
    /// How many wait for the check.
    pub unchecked: i64,
    /// How many passed it.
    pub passed: i64,
    /// How many were chosen.
    pub chosen: i64,
}

/// A program as its organiser sees it.
#[derive(Debug, Clone)]
pub struct Workbench {
    /// The program.
    pub program: Program,
    /// Its sort.
    pub ty: ProgramType,
    /// Regions with places or entries, by code.
    pub areas: Vec<AreaCount>,
    /// How many stand in each stage.
    pub stages: Vec<(EntryStage, i64)>,
    /// What the next phase depends on.
    pub standing: Standing,
    /// All reviewers' work together, and how many reviewers there are.
    pub work: Workload,
    /// How many reviewers.
    pub reviewers: usize,
    /// How many asked for meetings.
    pub wishes: usize,
    /// Its record.
    pub records: Vec<ProgramRecord<ProgramDeed>>,
    /// Names of who stands in the record.
    pub names: BTreeMap<AccountId, String>,
}

/// A program for its organiser.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`; `Internal` when its record is broken.
pub async fn workbench(app: &App, viewer: &Viewer, id: ProgramId) -> Result<Workbench, AppError> {
    let mut db = app.store.reader().await?;
    let program = find_own(&mut db, viewer, id).await?;
    let ty = type_of(&app.catalog, &program)?.clone();
    let mut areas: BTreeMap<String, AreaCount> = BTreeMap::new();
    for (code, n) in &program.settings.quotas {
        areas.insert(code.clone(), AreaCount { area: code.clone(), places: Some(*n), ..AreaCount::default() });
    }
    let mut stages: BTreeMap<EntryStage, i64> = BTreeMap::new();
    for (code, stage, n) in lists::counts(&mut db, id).await? {
        *stages.entry(stage).or_default() += n;
        if stage == EntryStage::Withdrawn {
            continue;
        }
        let area = areas.entry(code.clone()).or_insert_with(|| AreaCount { area: code, ..AreaCount::default() });
        area.collected += n;
        area.unchecked += if stage == EntryStage::Submitted { n } else { 0 };
        let passed = !matches!(stage, EntryStage::Submitted | EntryStage::Returned | EntryStage::Refused);
        area.passed += if passed { n } else { 0 };
        area.chosen += if stage.is_chosen() { n } else { 0 };
    }
    let mut work = Workload::default();
    for (_, state, n) in reviews::progress(&mut db, id).await? {
        work.count(&state, n);
    }
    let reviewers = reviews::reviewers(&mut db, id).await?.len();
    let standing = lists::standing(&mut db, id).await?;
    let kept = steps::of(&mut db, id.0).await?;
    let records = verify_records::<ProgramDeed>(id.0, &kept).map_err(|e| AppError::Internal(e.to_string()))?;
    let names = names_of(&mut db, records.iter().filter_map(|r| r.actor)).await?;
    Ok(Workbench {
        areas: areas.into_values().collect(),
        stages: stages.into_iter().collect(),
        wishes: super::meet::wishes(&mut db, id).await?,
        standing,
        work,
        reviewers,
        records,
        names,
        ty,
        program,
    })
}
