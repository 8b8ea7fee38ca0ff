//! Which weights are used, and trials.

use std::sync::Arc;

use futures::FutureExt;
use keqiao_domain::{AccountId, RankingTrial, RankingTrialId, Viewer, WeightUse, WeightVersionId};
use keqiao_matching::{WeightFault, WeightSet};
use keqiao_store::{Conn, StoreError, ranking_trials, weight_versions};

use crate::{App, AppError, Fault};

/// What was used before is looked back on so far for weights that can be.
const LOOKED_BACK: i64 = 50;

/// What matches are ranked with.
#[derive(Debug, Clone, Default)]
pub struct Served {
    /// The version; `None`: the built-in weights.
    pub version: Option<WeightVersionId>,
    /// Its weights.
    pub weights: Arc<WeightSet>,
    /// The trial that goes on.
    pub trial: Option<ServedTrial>,
    /// A version that should be used and cannot be, and why; the last good one is used in its stead.
    pub refused: Option<(WeightVersionId, WeightFault)>,
}

/// A trial with its weights.
#[derive(Debug, Clone)]
pub struct ServedTrial {
    /// Which.
    pub id: RankingTrialId,
    /// The weights of the one.
    pub one: Arc<WeightSet>,
    /// Those of the other.
    pub other: Arc<WeightSet>,
}

/// Operators decide on the ranking, and who has the machine.
pub(super) fn operator(viewer: &Viewer) -> Result<Option<AccountId>, AppError> {
    match viewer.account {
        _ if viewer.is_operator() => Ok(viewer.account),
        Some(_) => Err(AppError::NotAllowed),
        None => Err(AppError::SignInNeeded),
    }
}

/// The weights of a version as they can be used; `None`: the built-in ones.
async fn weights_of(
    db: &mut Conn,
    version: Option<WeightVersionId>,
) -> Result<Result<WeightSet, WeightFault>, StoreError> {
    let Some(id) = version else { return Ok(Ok(WeightSet::default())) };
    let kept = weight_versions::find(db, id).await?;
    Ok(kept.map_or(Err(WeightFault::Missing), |v| WeightSet::parse(&v.weights)))
}

/// Reads anew which weights are used and which trial goes on. A version that cannot be used is passed over for the last
/// one before it that can.
///
/// # Errors
/// When the store fails: what was served goes on.
pub async fn refresh(app: &App) -> Result<(), AppError> {
    let mut db = app.store.reader().await?;
    let uses = weight_versions::uses(&mut db, LOOKED_BACK).await?;
    let trial = ranking_trials::running(&mut db).await?;
    let mut served = Served::default();
    for version in uses.iter().map(|u| u.version) {
        match (weights_of(&mut db, version).await?, version) {
            (Ok(weights), version) => {
                (served.version, served.weights) = (version, Arc::new(weights));
                break;
            }
            (Err(fault), Some(id)) => served.refused = served.refused.or(Some((id, fault))),
            (Err(_), None) => {}
        }
    }
    if let Some(trial) = trial {
        let (one, other) = (weights_of(&mut db, trial.one).await?, weights_of(&mut db, trial.other).await?);
        if let (Ok(one), Ok(other)) = (one, other) {
            served.trial = Some(ServedTrial { id: trial.id, one: Arc::new(one), other: Arc::new(other) });
        }
    }
    drop(db);
    if let Some((id, fault)) = &served.refused
        && app.ranking.served().refused.is_none()
    {
        tracing::error!(version = %id, %fault, "weights cannot be used; the last good ones are");
    }
    app.weights.set(Arc::clone(&served.weights));
    app.ranking.serve(served);
    Ok(())
}

/// Uses a version from now on, or (`None`) the built-in weights; the way back is the same.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed`; `NotFound`; `Invalid` when the weights cannot be used.
pub async fn use_weights(app: &App, viewer: &Viewer, version: Option<WeightVersionId>) -> Result<(), AppError> {
    let by = operator(viewer)?;
    usable(app, version).await?;
    let begun = WeightUse { since: app.now(), version, by };
    app.store
        .write::<_, StoreError, _>(move |tx| async move { weight_versions::begin_use(tx, &begun).await }.boxed())
        .await?;
    refresh(app).await
}

async fn usable(app: &App, version: Option<WeightVersionId>) -> Result<(), AppError> {
    let mut db = app.store.reader().await?;
    match weights_of(&mut db, version).await? {
        Ok(_) => Ok(()),
        Err(WeightFault::Missing) => Err(AppError::NotFound),
        Err(fault) => Err(AppError::Invalid(vec![Fault::with("version", "bad-weights", fault)])),
    }
}

/// Begins a trial of two versions; one that goes on ends.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed`; `NotFound`; `Invalid` when both are the same, or weights cannot be used.
pub async fn begin_trial(
    app: &App,
    viewer: &Viewer,
    one: Option<WeightVersionId>,
    other: Option<WeightVersionId>,
) -> Result<(), AppError> {
    let by = operator(viewer)?.ok_or(AppError::SignInNeeded)?;
    if one == other {
        return Err(AppError::invalid("other", "the-same"));
    }
    usable(app, one).await?;
    usable(app, other).await?;
    let id = RankingTrialId::fresh(&*app.clock, &*app.entropy);
    let trial = RankingTrial { id, one, other, started_at: app.now(), ended_at: None, by };
    app.store
        .write::<_, StoreError, _>(move |tx| async move { ranking_trials::begin(tx, &trial).await }.boxed())
        .await?;
    refresh(app).await
}

/// Ends the trial that goes on.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed`.
pub async fn end_trial(app: &App, viewer: &Viewer) -> Result<(), AppError> {
    operator(viewer)?;
    let now = app.now();
    app.store
        .write::<_, StoreError, _>(move |tx| async move { ranking_trials::end(tx, now).await.map(drop) }.boxed())
        .await?;
    refresh(app).await
}
