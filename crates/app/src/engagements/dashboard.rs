//! Figures, each with the list behind it. They come from the steps alone.

use std::collections::BTreeMap;

use keqiao_domain::{
    EngagementId, Measure, PartyId, Side, Stage, StageSort, State, Step, Timestamp, Viewer, Workflow,
    tallies as counted,
};
use keqiao_store::engagements::lists::{self, Behind, Scope};
use keqiao_store::engagements::steps;
use keqiao_store::engagements::tallies::{self, Cell, Sum};
use keqiao_store::{Conn, engagements};

use super::board::{EngagementRow, rows};
use super::{DEFAULT_WORKFLOW, workflow_of};
use crate::{App, AppError};

/// Rows of a page behind a figure.
const PAGE: usize = 50;
/// Engagements of a party that are counted at once.
const COUNTED: i64 = 250;
/// The latest requests from which a party's responses are told.
const REQUESTS: i64 = 200;

/// Which engagements are counted; `None`: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FigureFilter {
    /// Of this program.
    pub program: Option<String>,
    /// In which this party stands on either side.
    pub party: Option<PartyId>,
    /// In this region: a province or a city.
    pub region: Option<String>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Opened in this month or later, `2026-01`.
    pub from: Option<String>,
    /// Opened in this month or earlier.
    pub to: Option<String>,
    /// Standing in this stage: for the list.
    pub stage: Option<String>,
    /// That came at least as far as this stage: for the list.
    pub reached: Option<String>,
    /// Declined for this reason: for the list.
    pub reason: Option<String>,
}

/// One stage of the funnel.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelStage {
    /// The stage.
    pub stage: Stage,
    /// How many came at least as far.
    pub reached: i64,
    /// How many stand there now.
    pub standing: i64,
    /// Share of those that reached the stage before, 0–1; `None` for the first, or when there are none or fewer.
    pub conversion: Option<f64>,
    /// Seconds that those that left it had stood there, on average.
    pub average_seconds: Option<i64>,
}

/// The figures of a dashboard.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The stages of the path.
    pub funnel: Vec<FunnelStage>,
    /// The stages beside it, with how many stand there; then those that the workflow no longer has.
    pub aside: Vec<(Stage, i64)>,
    /// Reasons for declining, the most frequent first.
    pub reasons: Vec<(String, i64)>,
}

impl Figures {
    /// How many were opened.
    #[must_use]
    pub fn opened(&self) -> i64 {
        self.funnel.first().map_or(0, |f| f.reached)
    }

    fn of(workflow: &Workflow, sums: &[Sum]) -> Self {
        let find = |measure, item: &str| sums.iter().find(|s| s.measure == measure && s.item == item);
        let count = |measure, item: &str| find(measure, item).map_or(0, |s| s.count);
        let mut before: Option<i64> = None;
        let mut funnel = Vec::new();
        for stage in workflow.path() {
            let reached = count(Measure::Reached, &stage.id);
            let left = find(Measure::Left, &stage.id).filter(|s| s.count > 0);
            funnel.push(FunnelStage {
                reached,
                standing: count(Measure::Standing, &stage.id),
                // Who came this far before a stage was put into the path has passed it by: no share to tell.
                conversion: before.filter(|b| *b > 0 && *b >= reached).map(|b| reached as f64 / b as f64),
                average_seconds: left.map(|s| s.seconds / s.count),
                stage: stage.clone(),
            });
            before = Some(reached);
        }
        let aside = workflow.stages.iter().filter(|s| s.sort == StageSort::Aside);
        let mut aside: Vec<(Stage, i64)> = aside.map(|s| (s.clone(), count(Measure::Standing, &s.id))).collect();
        let former = sums.iter().filter(|s| s.measure == Measure::Standing && s.count > 0);
        let former = former.filter(|s| workflow.stage(&s.item).is_none());
        aside.extend(former.map(|s| (Stage::former(&s.item), s.count)));
        let declined = sums.iter().filter(|s| s.measure == Measure::Declined && s.count > 0);
        let mut reasons: Vec<(String, i64)> = declined.map(|s| (s.item.clone(), s.count)).collect();
        reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Self { funnel, aside, reasons }
    }
}

fn all_of(workflow: &str) -> Cell {
    let all = || "*".to_owned();
    Cell { workflow: workflow.to_owned(), program: all(), region: all(), kind: all() }
}

/// How many stand in each stage.
pub(super) async fn standing(db: &mut Conn, workflow: &str) -> Result<Vec<(String, i64)>, AppError> {
    let sums = tallies::sums(db, &all_of(workflow), "", "9").await?;
    Ok(sums.into_iter().filter(|s| s.measure == Measure::Standing).map(|s| (s.item, s.count)).collect())
}

/// The figures of all engagements that pass a filter.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` but for brokers and operators.
pub async fn figures(app: &App, viewer: &Viewer, filter: &FigureFilter) -> Result<Figures, AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    if !viewer.sees_all() {
        return Err(AppError::NotAllowed);
    }
    let workflow = workflow_of(&app.catalog, DEFAULT_WORKFLOW)?;
    let or_all = |text: &Option<String>| text.clone().unwrap_or_else(|| "*".to_owned());
    let cell = Cell {
        program: or_all(&filter.program),
        region: or_all(&filter.region),
        kind: or_all(&filter.kind),
        workflow: workflow.id.clone(),
    };
    let mut db = app.store.reader().await?;
    if let Some(party) = filter.party {
        return Ok(Figures::of(workflow, &sums_of_party(&mut db, workflow, party, filter).await?));
    }
    let (from, to) = (filter.from.as_deref().unwrap_or(""), filter.to.as_deref().unwrap_or("9"));
    Ok(Figures::of(workflow, &tallies::sums(&mut db, &cell, from, to).await?))
}

/// What the steps of one party's engagements come to. They are few, and no counts are kept for each party: they are
/// counted when somebody asks.
async fn sums_of_party(
    db: &mut Conn,
    workflow: &Workflow,
    party: PartyId,
    filter: &FigureFilter,
) -> Result<Vec<Sum>, AppError> {
    let behind = Behind { stage: None, reached: None, reason: None, ..behind_of(workflow, filter) };
    let (mut sums, mut before): (BTreeMap<(Measure, String), Sum>, _) = (BTreeMap::new(), None);
    loop {
        let page = lists::list(db, &Scope::Parties(vec![party]), &behind, before, COUNTED).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        let ids: Vec<EngagementId> = page.iter().map(|e| e.id).collect();
        let kept = steps::of_many(db, &ids).await?;
        for of_one in kept.chunk_by(|a, b| a.0 == b.0) {
            let mut state: Option<State> = None;
            for (id, step) in of_one {
                let fault = |e: serde_json::Error| AppError::Internal(format!("step {} of {id}: {e}", step.ordinal));
                let step: Step = serde_json::from_str(&step.record).map_err(fault)?;
                let after = match state.clone() {
                    Some(before) => Some(before.after(&step)),
                    None => State::opened(&step),
                };
                let Some(after) = after else { break };
                for t in counted(state.as_ref(), &after) {
                    let blank = Sum { measure: t.measure, item: t.of.clone(), count: 0, seconds: 0 };
                    let sum = sums.entry((t.measure, t.of)).or_insert(blank);
                    (sum.count, sum.seconds) = (sum.count + t.count, sum.seconds + t.seconds);
                }
                state = Some(after);
            }
        }
    }
    Ok(sums.into_values().collect())
}

/// What a filter asks of the rows.
fn behind_of(workflow: &Workflow, filter: &FigureFilter) -> Behind {
    Behind {
        workflow: Some(workflow.id.clone()),
        program: filter.program.clone(),
        region: filter.region.as_deref().map(|code| significant(code).to_owned()),
        kind: filter.kind.clone(),
        from: filter.from.clone(),
        to: filter.to.clone(),
        stage: filter.stage.clone(),
        reached: filter.reached.clone(),
        reason: filter.reason.clone(),
    }
}

/// A page of the engagements behind a figure, the last opened first, and where the next begins.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` but for brokers and operators. A broker sees those that the figures count, with what
/// a list shows of them; to open one is another matter.
pub async fn behind_figure(
    app: &App,
    viewer: &Viewer,
    filter: &FigureFilter,
    after: Option<EngagementId>,
) -> Result<(Vec<EngagementRow>, Option<EngagementId>), AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    if !viewer.sees_all() {
        return Err(AppError::NotAllowed);
    }
    let workflow = workflow_of(&app.catalog, DEFAULT_WORKFLOW)?;
    let scope = filter.party.map_or(Scope::All, |party| Scope::Parties(vec![party]));
    let mut db = app.store.reader().await?;
    let mut found = lists::list(&mut db, &scope, &behind_of(workflow, filter), after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|e| e.id);
    Ok((rows(&mut db, viewer, found).await?, next))
}

/// The digits of a region code that say something: `32` of 320000, `3202` of 320200.
fn significant(code: &str) -> &str {
    let code = code.strip_suffix("00").unwrap_or(code);
    code.strip_suffix("00").unwrap_or(code)
}

/// How a party answers those who approach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Responses {
    /// Requests that were answered or ran out, of the latest 200.
    pub asked: usize,
    /// Those that were answered.
    pub answered: usize,
    /// The median of seconds to an answer.
    pub median_seconds: Option<i64>,
}

/// How a party answers: public.
///
/// # Errors
/// When the store fails.
pub async fn responses(app: &App, party: PartyId) -> Result<Responses, AppError> {
    let mut db = app.store.reader().await?;
    let mut found = engagements::asked(&mut db, party, Side::Need, REQUESTS).await?;
    found.extend(engagements::asked(&mut db, party, Side::Offer, REQUESTS).await?);
    // One that still waits is neither answered nor missed, and one withdrawn in time was no chance to; one that rested
    // unanswered was missed, also when it was withdrawn after that.
    found.retain(|a| a.answered_at.is_some() || a.rested);
    let seconds = |from: Timestamp, to: Timestamp| (to.micros() - from.micros()) / 1_000_000;
    let mut times: Vec<i64> = found.iter().filter_map(|a| Some(seconds(a.opened_at, a.answered_at?))).collect();
    times.sort_unstable();
    let median_seconds = times.get(times.len() / 2).copied();
    Ok(Responses { asked: found.len(), answered: times.len(), median_seconds })
}
