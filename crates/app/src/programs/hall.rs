//! The hall 云展厅: what was selected, for everybody; and the results.

use std::collections::BTreeMap;

use keqiao_domain::{
    EntryStage, Phase, Program, ProgramEntry, ProgramEntryId, ProgramId, ProgramType, Value, Viewer, fold_key,
};
use keqiao_store::parties;
use keqiao_store::programs::lists::{self, EntryFilter, EntryLine};
use keqiao_store::programs::{self, entries};

use super::{PAGE, find_program, type_of};
use crate::{App, AppError};

/// What the hall is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HallFilter {
    /// The region that entries count for.
    pub area: Option<String>,
    /// A kind.
    pub kind: Option<String>,
    /// The beginning of an industry's code.
    pub industry: Option<String>,
    /// Words of the title, the summary, or the name of whose it is.
    pub words: Option<String>,
}

/// A value of a facet with how many it leaves.
pub(crate) type Counted = (String, i64);

/// A page of the hall.
#[derive(Debug, Clone)]
pub struct Hall {
    /// The program.
    pub program: Program,
    /// Its sort.
    pub ty: ProgramType,
    /// How many are on show in all, and how many pass the filter (without its words).
    pub total: i64,
    /// The same, of those that pass the filter; words aside.
    pub passing: i64,
    /// Regions, most first.
    pub areas: Vec<Counted>,
    /// Kinds.
    pub kinds: Vec<Counted>,
    /// Industries by the first level of the code.
    pub industries: Vec<Counted>,
    /// The entries.
    pub lines: Vec<EntryLine>,
    /// Where the next page begins.
    pub next: Option<i64>,
}

/// The first level of an industry's code: its letter, or its letter and division.
fn field_of(industry: &str) -> String {
    industry.chars().take(1).collect()
}

/// The hall of a program, for everybody once the results stand.
///
/// # Errors
/// `NotFound` when there is none, or none yet.
pub async fn hall(
    app: &App,
    viewer: &Viewer,
    id: ProgramId,
    filter: &HallFilter,
    after: i64,
) -> Result<Hall, AppError> {
    let mut db = app.store.reader().await?;
    let program = find_program(&mut db, viewer, id).await?;
    let ty = type_of(&app.catalog, &program)?.clone();
    if program.phase < Phase::Published || !ty.has(keqiao_domain::Milestone::Shown) {
        return Err(AppError::NotFound);
    }
    let cells = lists::shown(&mut db, id).await?;
    let holds = |chosen: &Option<String>, value: &str| chosen.as_ref().is_none_or(|c| c == value);
    let starts = |chosen: &Option<String>, value: &str| chosen.as_ref().is_none_or(|c| value.starts_with(c.as_str()));
    let (mut areas, mut kinds, mut industries) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let (mut total, mut passing) = (0, 0);
    for (area, kind, industry, n) in &cells {
        total += n;
        let own = (holds(&filter.area, area), holds(&filter.kind, kind), starts(&filter.industry, industry));
        // Each facet counts what the others leave.
        if own.1 && own.2 {
            *areas.entry(area.clone()).or_insert(0) += n;
        }
        if own.0 && own.2 {
            *kinds.entry(kind.clone()).or_insert(0) += n;
        }
        if own.0 && own.1 && !industry.is_empty() {
            *industries.entry(field_of(industry)).or_insert(0) += n;
        }
        if own.0 && own.1 && own.2 {
            passing += n;
        }
    }
    let by_count = |counts: BTreeMap<String, i64>| {
        let mut list: Vec<Counted> = counts.into_iter().collect();
        list.sort_by_key(|(code, n)| (-n, code.clone()));
        list
    };
    let narrowed = EntryFilter {
        on_show: true,
        area: filter.area.clone(),
        kind: filter.kind.clone(),
        industry: filter.industry.clone(),
        words: filter.words.as_deref().map(|w| fold_key(w).as_str().to_owned()).filter(|w| !w.is_empty()),
        ..EntryFilter::default()
    };
    let mut found = lists::by_number(&mut db, id, &narrowed, after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    Ok(Hall {
        next: found.last().filter(|_| more).and_then(|e| e.number),
        lines: found.into_iter().map(public).collect(),
        areas: by_count(areas),
        kinds: by_count(kinds),
        industries: by_count(industries),
        total,
        passing,
        program,
        ty,
    })
}

/// A line without what is for the organiser.
pub(super) fn public(mut line: EntryLine) -> EntryLine {
    (line.score, line.raw, line.place, line.engagement) = (None, None, None, None);
    (line.appeal, line.given, line.scored) = (0, 0, 0);
    line
}

/// The results of a program once they are announced: what was selected, by number.
///
/// # Errors
/// `NotFound` when there are none yet.
pub async fn results(
    app: &App,
    viewer: &Viewer,
    id: ProgramId,
    area: Option<String>,
    after: i64,
) -> Result<(Program, Vec<EntryLine>, Option<i64>), AppError> {
    let mut db = app.store.reader().await?;
    let program = find_program(&mut db, viewer, id).await?;
    if program.phase < Phase::Announced {
        return Err(AppError::NotFound);
    }
    let filter = EntryFilter { stages: chosen_stages(), area, ..EntryFilter::default() };
    let mut found = lists::by_number(&mut db, id, &filter, after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).and_then(|e| e.number);
    Ok((program, found.into_iter().map(public).collect(), next))
}

/// The stages of what was chosen.
pub(super) fn chosen_stages() -> Vec<EntryStage> {
    EntryStage::ALL.into_iter().filter(|s| s.is_chosen()).collect()
}

/// An entry as the hall shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownEntry {
    /// The program.
    pub program: Program,
    /// Its sort.
    pub ty: ProgramType,
    /// The entry; what is not for everybody is taken out.
    pub entry: ProgramEntry,
    /// Whose it is.
    pub party_name: String,
    /// What the hall shows of what was filled in.
    pub fields: Vec<(String, Value)>,
}

/// An entry on show.
///
/// # Errors
/// `NotFound` for one that is not.
pub async fn shown_entry(app: &App, id: ProgramEntryId) -> Result<ShownEntry, AppError> {
    let mut db = app.store.reader().await?;
    let mut entry = entries::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    if !entry.state.stage.is_on_show() {
        return Err(AppError::NotFound);
    }
    let program = programs::find(&mut db, entry.program).await?.ok_or(AppError::NotFound)?;
    let ty = type_of(&app.catalog, &program)?.clone();
    let party_name = parties::find(&mut db, entry.party).await?.map(|p| p.name).unwrap_or_default();
    let fields = ty.fields.iter().filter(|f| f.shown);
    let fields = fields.filter_map(|f| Some((f.field.id.clone(), entry.content.fields.get(&f.field.id)?.clone())));
    let fields = fields.collect();
    entry.content.fields.clear();
    entry.state.reviews.clear();
    (entry.state.appeal, entry.state.engagement) = (None, None);
    Ok(ShownEntry { program, ty, entry, party_name, fields })
}
