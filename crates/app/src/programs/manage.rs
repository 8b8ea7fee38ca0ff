//! Making a program, setting it, and bringing it from phase to phase.

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Action, EntryAct, EntryMove, EntryStage, Milestone, Phase, Program, ProgramAct, ProgramEntry, ProgramId,
    ProgramMove, ProgramNews, ProgramRole, ProgramSettings, RecordKind, Viewer,
};
use keqiao_store::programs::{self, entries, steps};
use keqiao_store::{Conn, parties};

use super::record::Registrar;
use super::{PAGE, find_own};
use crate::{App, AppError, Fault, log_change};

/// Programs that the viewer may see, the last made first.
///
/// # Errors
/// When the store fails.
pub async fn list_programs(
    app: &App,
    viewer: &Viewer,
    after: Option<ProgramId>,
) -> Result<(Vec<Program>, Option<ProgramId>), AppError> {
    let mut db = app.store.reader().await?;
    let mut found = programs::page(&mut db, &[], after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|p| p.id);
    found.retain(|p| viewer.sees_program(p));
    Ok((found, next))
}

async fn check_settings(app: &App, settings: &mut ProgramSettings) -> Result<(), AppError> {
    let mut faults = Vec::new();
    for text in [&mut settings.title, &mut settings.call, &mut settings.opens_on, &mut settings.closes_on] {
        *text = text.trim().replace("\r\n", "\n");
    }
    let regions = app.catalog.taxonomy("region");
    for code in settings.quotas.keys() {
        if regions.is_none_or(|r| r.get(code).is_none()) {
            faults.push(Fault::with("quotas", "unknown-code", code.chars().take(40).collect::<String>()));
        }
    }
    if let Some(party) = settings.organizer {
        let mut db = app.store.reader().await?;
        if parties::find(&mut db, party).await?.is_none() {
            faults.push(Fault::new("organizer", "unknown-party"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// Makes a program of a sort: operators. `demo`: whether it is demo data, and so are its entries.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed`; `NotFound` for a sort that is none; `Invalid`.
pub async fn create_program(
    app: &App,
    viewer: &Viewer,
    ty: &str,
    mut settings: ProgramSettings,
    demo: bool,
) -> Result<Program, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if !viewer.is_operator() {
        return Err(AppError::NotAllowed);
    }
    let ty = app.catalog.programs.get(ty).ok_or(AppError::NotFound)?.clone();
    check_settings(app, &mut settings).await?;
    let registrar = Registrar::of(app);
    let id = registrar.fresh(ProgramId::fresh);
    let by = move_of(&registrar, Some(account), ProgramAct::Go(Phase::Draft));
    let (program, record) = Program::create(id, &ty, settings, &by)?;
    let program = Program { demo, ..program };
    app.store
        .write(move |tx| {
            async move {
                programs::insert(tx, &program).await?;
                steps::append(tx, &[(id.0, record.ordinal, record.seal())]).await?;
                log_change(tx, by.at, RecordKind::Program, id, Action::Created, by.actor).await?;
                Ok(program)
            }
            .boxed()
        })
        .await
}

fn move_of(registrar: &Registrar, actor: Option<AccountId>, act: ProgramAct) -> ProgramMove {
    ProgramMove { act, actor, at: registrar.now, today: registrar.today.clone() }
}

/// Sets a program anew; `expected`: how many entries its record had when it was read.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` but for the organiser; `Invalid`; `Barred` for what is settled by now;
/// `Stale`.
pub async fn set_program(
    app: &App,
    viewer: &Viewer,
    id: ProgramId,
    expected: i64,
    mut settings: ProgramSettings,
) -> Result<Program, AppError> {
    let mut db = app.store.reader().await?;
    let before = find_own(&mut db, viewer, id).await?;
    drop(db);
    // Who runs it is for operators to say.
    if !viewer.is_operator() {
        settings.organizer = before.settings.organizer;
    }
    check_settings(app, &mut settings).await?;
    let (registrar, viewer) = (Registrar::of(app), viewer.clone());
    app.store
        .write(move |tx| {
            async move {
                let program = find_own(tx, &viewer, id).await?;
                if program.steps != expected {
                    return Err(AppError::Stale { current: program.steps });
                }
                let by = move_of(&registrar, viewer.account, ProgramAct::Amend(settings));
                let quotas = program.settings.quotas.clone();
                let program = registrar.move_program(tx, program, &by).await?;
                if program.settings.quotas != quotas {
                    for region in entries::regions_of(tx, id).await? {
                        entries::set_area(tx, id, &region, &program.settings.area(&region)).await?;
                    }
                }
                Ok(program)
            }
            .boxed()
        })
        .await
}

/// Brings a program into its next phase, with all that follows for its entries.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` but for the organiser; `Barred` when it is not time.
pub async fn go_on(app: &App, viewer: &Viewer, id: ProgramId, phase: Phase) -> Result<Program, AppError> {
    let mut db = app.store.reader().await?;
    find_own(&mut db, viewer, id).await?;
    drop(db);
    let (registrar, viewer) = (Registrar::of(app), viewer.clone());
    app.store
        .write(move |tx| {
            async move {
                let program = find_own(tx, &viewer, id).await?;
                let by = move_of(&registrar, viewer.account, ProgramAct::Go(phase));
                let program = registrar.move_program(tx, program, &by).await?;
                match phase {
                    Phase::Announced => announce(&registrar, tx, &program).await?,
                    Phase::Published => put_on_show(&registrar, tx, &program).await?,
                    _ => {}
                }
                Ok(program)
            }
            .boxed()
        })
        .await
}

/// Entries of a stage, a page at a time: a fair has thousands.
const AT_ONCE: i64 = 500;

async fn announce(registrar: &Registrar, tx: &mut Conn, program: &Program) -> Result<(), AppError> {
    for (stage, news) in
        [(EntryStage::Selected, ProgramNews::Selected), (EntryStage::PassedOver, ProgramNews::PassedOver)]
    {
        let mut after = 0;
        loop {
            let page = entries::in_stage(tx, program.id, stage.as_str(), after, AT_ONCE).await?;
            let Some(last) = page.last() else { break };
            after = last.number.unwrap_or(i64::MAX);
            registrar.tell_parties(tx, program, &page, news).await?;
        }
    }
    Ok(())
}

async fn put_on_show(registrar: &Registrar, tx: &mut Conn, program: &Program) -> Result<(), AppError> {
    if !registrar.ty(program)?.has(Milestone::Shown) {
        return Ok(());
    }
    let ground = registrar.ground(program)?;
    let mut after = 0;
    loop {
        let page = entries::in_stage(tx, program.id, EntryStage::Selected.as_str(), after, AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.number.unwrap_or(i64::MAX);
        let shown = |entry: ProgramEntry| {
            let by = EntryMove {
                act: EntryAct::Show,
                actor: None,
                role: ProgramRole::Program,
                own: false,
                at: registrar.now,
                note: String::new(),
            };
            let record = entry.state.next(entry.id, ground, by)?;
            Ok((entry, vec![record]))
        };
        let outcomes = page.into_iter().map(shown).collect::<Result<Vec<_>, keqiao_domain::ProgramRefusal>>()?;
        let written = registrar.write_entries(tx, program, outcomes).await?;
        registrar.tell_parties(tx, program, &written, ProgramNews::Shown).await?;
    }
}
