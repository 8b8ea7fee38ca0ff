//! The ranking: made of all score sheets when the organiser asks for it, kept beside the entries, and recorded by its
//! digest so that everybody who holds the sheets can make it again.

use std::collections::BTreeMap;

use futures::FutureExt;
use keqiao_domain::{
    Action, EntryAct, EntryMove, EntryStage, Phase, Program, ProgramAct, ProgramEntryId, ProgramId, ProgramMove,
    ProgramRefusal, ProgramRole, RecordKind, Viewer, rank, table_digest,
};
use keqiao_store::Conn;
use keqiao_store::programs::lists::{self, EntryFilter, EntryLine};
use keqiao_store::programs::{entries, reviews};

use super::record::Registrar;
use super::{PAGE, find_own};
use crate::{App, AppError, log_change};

/// Makes the ranking of all sheets and keeps it; how many entries it ranks.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`; `Barred` outside of the review.
pub async fn keep_ranking(app: &App, viewer: &Viewer, id: ProgramId) -> Result<usize, AppError> {
    let mut db = app.store.reader().await?;
    find_own(&mut db, viewer, id).await?;
    drop(db);
    let (registrar, viewer) = (Registrar::of(app), viewer.clone());
    app.store
        .write(move |tx| {
            async move {
                let program = find_own(tx, &viewer, id).await?;
                let sheets = reviews::sheets(tx, id).await?;
                if sheets.is_empty() {
                    return Err(ProgramRefusal::Nothing.into());
                }
                let ranks = rank(&sheets);
                let act = ProgramAct::Rank { reviews: sheets.len() as i64, digest: table_digest(&ranks) };
                let (actor, today) = (viewer.account, registrar.today.clone());
                registrar.move_program(tx, program, &ProgramMove { act, actor, at: registrar.now, today }).await?;
                entries::set_ranks(tx, id, &ranks).await?;
                Ok(ranks.len())
            }
            .boxed()
        })
        .await
}

/// A page of the ranking, and where the next begins.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`.
pub async fn ranking(
    app: &App,
    viewer: &Viewer,
    id: ProgramId,
    filter: &EntryFilter,
    after: (i64, i64),
) -> Result<(Vec<EntryLine>, Option<(i64, i64)>), AppError> {
    let mut db = app.store.reader().await?;
    find_own(&mut db, viewer, id).await?;
    let mut found = lists::by_place(&mut db, id, filter, after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).and_then(|e| Some((e.place?, e.number?)));
    Ok((found, next))
}

/// Which of the best are selected at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// So many of all.
    Best(i64),
    /// So many of each kind.
    BestOfKind(i64),
    /// Of each region as many as it has places.
    Places,
}

/// Selects the best that wait for a decision, by the last ranking; how many it were. Entries with too few sheets and
/// entries of the viewer's own parties are left out.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`; `Barred` outside of the review, or when sheets came after the ranking.
pub async fn select_best(app: &App, viewer: &Viewer, id: ProgramId, cut: Cut) -> Result<usize, AppError> {
    decide(app, viewer, id, EntryAct::Select, Some(cut)).await
}

/// Passes over all that wait for a decision and have enough sheets; how many it were.
///
/// # Errors
/// Those of [`select_best`].
pub async fn pass_over_rest(app: &App, viewer: &Viewer, id: ProgramId) -> Result<usize, AppError> {
    decide(app, viewer, id, EntryAct::PassOver, None).await
}

async fn decide(app: &App, viewer: &Viewer, id: ProgramId, act: EntryAct, cut: Option<Cut>) -> Result<usize, AppError> {
    let mut db = app.store.reader().await?;
    find_own(&mut db, viewer, id).await?;
    drop(db);
    let (registrar, viewer) = (Registrar::of(app), viewer.clone());
    app.store
        .write(move |tx| {
            async move {
                let program = find_own(tx, &viewer, id).await?;
                let chosen = chosen(&registrar, tx, &program, cut).await?;
                let mut decided = 0;
                for ids in chosen.chunks(500) {
                    let mut outcomes = Vec::with_capacity(ids.len());
                    for entry in entries::find_many(tx, ids).await? {
                        let by = EntryMove {
                            act: act.clone(),
                            actor: viewer.account,
                            role: ProgramRole::Organiser,
                            own: viewer.role_in(entry.party).is_some(),
                            at: registrar.now,
                            note: String::new(),
                        };
                        match entry.state.next(entry.id, registrar.ground(&program)?, by) {
                            Ok(record) => outcomes.push((entry, vec![record])),
                            Err(ProgramRefusal::Quorum(..) | ProgramRefusal::Conflict(_)) => {}
                            Err(other) => return Err(other.into()),
                        }
                    }
                    decided += registrar.write_entries(tx, &program, outcomes).await?.len();
                }
                log_change(tx, registrar.now, RecordKind::Program, id, Action::Updated, viewer.account).await?;
                Ok(decided)
            }
            .boxed()
        })
        .await
}

/// The entries that a cut takes, best first.
async fn chosen(
    registrar: &Registrar,
    tx: &mut Conn,
    program: &Program,
    cut: Option<Cut>,
) -> Result<Vec<ProgramEntryId>, AppError> {
    if program.phase != Phase::Review {
        return Err(ProgramRefusal::NotNow(program.phase).into());
    }
    let scored = !registrar.ty(program)?.criteria.is_empty();
    if scored {
        let standing = lists::standing(tx, program.id).await?;
        if program.ranked.as_ref().map(|r| r.reviews) != Some(standing.reviews) {
            return Err(ProgramRefusal::StaleRanking.into());
        }
    }
    let all = EntryFilter { stages: vec![EntryStage::Checked, EntryStage::Selected], ..EntryFilter::default() };
    let most = i64::from(u16::MAX);
    let lines = if scored {
        lists::by_place(tx, program.id, &all, (0, 0), most).await?
    } else {
        lists::by_number(tx, program.id, &all, 0, most).await?
    };
    let places = |line: &EntryLine| match cut {
        None => (String::new(), i64::MAX),
        Some(Cut::Best(n)) => (String::new(), n),
        Some(Cut::BestOfKind(n)) => (line.kind.clone(), n),
        Some(Cut::Places) => (line.area.clone(), program.settings.quotas.get(&line.area).copied().unwrap_or(0)),
    };
    // What was selected before has taken its place already.
    let mut taken: BTreeMap<String, i64> = BTreeMap::new();
    for line in lines.iter().filter(|l| l.stage == EntryStage::Selected) {
        *taken.entry(places(line).0).or_default() += 1;
    }
    let mut out = Vec::new();
    for line in lines.iter().filter(|l| l.stage == EntryStage::Checked) {
        let (group, most) = places(line);
        let taken = taken.entry(group).or_default();
        if *taken < most {
            *taken += 1;
            out.push(line.id);
        }
    }
    Ok(out)
}
