//! My engagements: what waits for me, all of them, and a board by stage.

use keqiao_domain::{Engagement, EngagementId, PartyId, PlatformRole, Stage, Timestamp, Viewer};
use keqiao_store::Conn;
use keqiao_store::engagements::lists::{self, Behind, Scope};
use keqiao_store::parties;

use super::{DEFAULT_WORKFLOW, workflow_of};
use crate::{App, AppError};

/// Rows of a column, and of a page of a list.
const COLUMN: i64 = 12;
const PAGE: usize = 50;

/// Whose engagements a board shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those of the viewer's parties.
    Mine,
    /// Those that the viewer looks after.
    LookedAfter,
    /// Those without a broker: for brokers and operators.
    Brokerless,
    /// All: for operators.
    All,
}

/// What a list of engagements leaves out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MyFilter {
    /// Standing in this stage.
    pub stage: Option<String>,
}

/// One engagement of a list, with the names of its parties.
#[derive(Debug, Clone)]
pub struct EngagementRow {
    /// The engagement.
    pub engagement: Engagement,
    /// Who needs.
    pub need: String,
    /// Who offers.
    pub offer: String,
    /// Whether it waits for the viewer.
    pub waits: bool,
}

/// The engagements in one stage.
#[derive(Debug, Clone)]
pub struct Column {
    /// The stage.
    pub stage: Stage,
    /// How many there are.
    pub count: i64,
    /// Those that have stood there longest.
    pub rows: Vec<EngagementRow>,
}

/// A board.
#[derive(Debug, Clone)]
pub struct Board {
    /// Those that wait for the viewer.
    pub waiting: Vec<EngagementRow>,
    /// One column for each stage.
    pub columns: Vec<Column>,
}

fn own_parties(viewer: &Viewer) -> Vec<PartyId> {
    viewer.roles.iter().map(|(p, _)| *p).chain(viewer.person).collect()
}

/// The scope that a viewer may ask for.
pub(super) fn scope(viewer: &Viewer, whose: Whose) -> Result<Scope, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    match whose {
        Whose::Mine => Ok(Scope::Parties(own_parties(viewer))),
        Whose::LookedAfter if viewer.platform >= Some(PlatformRole::Broker) => Ok(Scope::Broker(account)),
        Whose::Brokerless if viewer.platform >= Some(PlatformRole::Broker) => Ok(Scope::Brokerless),
        Whose::All if viewer.is_operator() => Ok(Scope::All),
        _ => Err(AppError::NotAllowed),
    }
}

/// A board by stage.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` for what is for brokers or operators.
pub async fn board(app: &App, viewer: &Viewer, whose: Whose) -> Result<Board, AppError> {
    let scope = scope(viewer, whose)?;
    let workflow = workflow_of(&app.catalog, DEFAULT_WORKFLOW)?;
    let mut db = app.store.reader().await?;
    let counts = match scope {
        Scope::All => super::dashboard::standing(&mut db, DEFAULT_WORKFLOW).await?,
        _ => lists::count_by_stage(&mut db, &scope).await?,
    };
    let former = counts.iter().filter(|(id, n)| *n > 0 && workflow.stage(id).is_none());
    let stages: Vec<Stage> = workflow.stages.iter().cloned().chain(former.map(|(id, _)| Stage::former(id))).collect();
    let mut columns = Vec::with_capacity(stages.len());
    for stage in stages {
        let count = counts.iter().find(|(id, _)| *id == stage.id).map_or(0, |(_, n)| *n);
        let found = match count {
            0 => Vec::new(),
            _ => lists::in_stage(&mut db, &scope, &stage.id, None, COLUMN).await?,
        };
        columns.push(Column { stage, count, rows: rows(&mut db, viewer, found).await? });
    }
    let waiting = match whose {
        Whose::Mine => lists::waiting(&mut db, &editable(viewer), COLUMN).await?,
        _ => Vec::new(),
    };
    Ok(Board { waiting: rows(&mut db, viewer, waiting).await?, columns })
}

fn editable(viewer: &Viewer) -> Vec<PartyId> {
    own_parties(viewer).into_iter().filter(|p| viewer.may_edit_for(*p)).collect()
}

/// Engagements with the names of their parties.
pub(super) async fn rows(
    db: &mut Conn,
    viewer: &Viewer,
    found: Vec<Engagement>,
) -> Result<Vec<EngagementRow>, AppError> {
    let mut ids: Vec<PartyId> = found.iter().flat_map(|e| [e.subject.need_party, e.subject.offer_party]).collect();
    ids.sort_unstable();
    ids.dedup();
    let known = parties::find_many(db, &ids).await?;
    let name = |id: PartyId| known.iter().find(|p| p.id == id).map_or_else(String::new, |p| p.name.clone());
    let row = |engagement: Engagement| {
        let asks = engagement.state.pending.as_ref().map(|p| p.asks.clone()).unwrap_or_default();
        EngagementRow {
            need: name(engagement.subject.need_party),
            offer: name(engagement.subject.offer_party),
            waits: asks.iter().any(|s| viewer.may_edit_for(engagement.subject.party(*s))),
            engagement,
        }
    };
    Ok(found.into_iter().map(row).collect())
}

/// A page of a list, the last opened first, and where the next begins; of a stage those that have stood there longest.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` for what is for brokers or operators.
pub async fn list_engagements(
    app: &App,
    viewer: &Viewer,
    whose: Whose,
    filter: &MyFilter,
    after: Option<(Timestamp, EngagementId)>,
) -> Result<(Vec<EngagementRow>, Option<(Timestamp, EngagementId)>), AppError> {
    let scope = scope(viewer, whose)?;
    let mut db = app.store.reader().await?;
    let limit = PAGE as i64 + 1;
    let mut found = match &filter.stage {
        Some(stage) => lists::in_stage(&mut db, &scope, stage, after, limit).await?,
        None => lists::list(&mut db, &scope, &Behind::default(), after.map(|(_, id)| id), limit).await?,
    };
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|e| (e.state.since, e.id));
    Ok((rows(&mut db, viewer, found).await?, next))
}
