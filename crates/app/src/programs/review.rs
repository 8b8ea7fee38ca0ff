//! Reviewers: who they are, what each is given, and what each sees of it.

use std::collections::{BTreeMap, BTreeSet};

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Action, Conflict, EntryAct, EntryFile, EntryMove, EntryStage, PartyId, Phase, Program, ProgramEntry,
    ProgramEntryId, ProgramId, ProgramRefusal, ProgramRole, ProgramType, RecordKind, ReviewState, Value, Viewer,
    fold_key,
};
use keqiao_store::programs::lists::{self, EntryLine};
use keqiao_store::programs::reviews::{self, Reviewer};
use keqiao_store::programs::{self, entries};
use keqiao_store::{Conn, accounts, parties};

use super::record::Registrar;
use super::{PAGE, files, find_own, find_program, ties, type_of};
use crate::{App, AppError, log_change};

/// What a reviewer has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Workload {
    /// Entries that wait.
    pub waiting: i64,
    /// Entries that were scored.
    pub scored: i64,
    /// Entries left to others.
    pub recused: i64,
}

impl Workload {
    pub(super) fn count(&mut self, state: &str, n: i64) {
        match state {
            "assigned" => self.waiting += n,
            "scored" => self.scored += n,
            _ => self.recused += n,
        }
    }
}

/// A reviewer as the organiser sees one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewerLine {
    /// Who.
    pub account: AccountId,
    /// The name.
    pub name: String,
    /// What there is to do.
    pub work: Workload,
    /// Parties the reviewer declared an interest in.
    pub declared: Vec<String>,
}

/// The reviewers of a program, for the organiser.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`.
pub async fn reviewers_of(app: &App, viewer: &Viewer, id: ProgramId) -> Result<Vec<ReviewerLine>, AppError> {
    let mut db = app.store.reader().await?;
    find_own(&mut db, viewer, id).await?;
    let found = reviews::reviewers(&mut db, id).await?;
    let ids: Vec<AccountId> = found.iter().map(|r| r.account).collect();
    let names: BTreeMap<AccountId, String> = accounts::names(&mut db, &ids).await?.into_iter().collect();
    let declared: BTreeSet<PartyId> = found.iter().flat_map(|r| r.declared.iter().copied()).collect();
    let known = parties::find_many(&mut db, &declared.into_iter().collect::<Vec<_>>()).await?;
    let mut work: BTreeMap<AccountId, Workload> = BTreeMap::new();
    for (account, state, n) in reviews::progress(&mut db, id).await? {
        work.entry(account).or_default().count(&state, n);
    }
    let line = |r: Reviewer| ReviewerLine {
        name: names.get(&r.account).cloned().unwrap_or_default(),
        work: work.get(&r.account).copied().unwrap_or_default(),
        declared: known.iter().filter(|p| r.declared.contains(&p.id)).map(|p| p.name.clone()).collect(),
        account: r.account,
    };
    Ok(found.into_iter().map(line).collect())
}

/// Makes an account, named by its mail address, a reviewer.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`; `Invalid` when nobody has this address.
pub async fn add_reviewer(app: &App, viewer: &Viewer, id: ProgramId, email: &str) -> Result<(), AppError> {
    let mut db = app.store.reader().await?;
    let program = find_own(&mut db, viewer, id).await?;
    if program.phase >= Phase::Announced {
        return Err(ProgramRefusal::NotNow(program.phase).into());
    }
    let found = accounts::find_by_email_key(&mut db, &fold_key(email)).await?.filter(|a| a.disabled_at.is_none());
    let account = found.ok_or_else(|| AppError::invalid("email", "unknown-account"))?.id;
    if reviews::reviewer(&mut db, id, account).await?.is_some() {
        return Err(AppError::invalid("email", "taken"));
    }
    drop(db);
    keep(app, viewer, Reviewer { program: id, account, declared: BTreeSet::new() }).await
}

async fn keep(app: &App, viewer: &Viewer, reviewer: Reviewer) -> Result<(), AppError> {
    let (now, actor) = (app.now(), viewer.account);
    app.store
        .write(move |tx| {
            async move {
                reviews::keep_reviewer(tx, &reviewer, now).await?;
                log_change(tx, now, RecordKind::Program, reviewer.program, Action::Updated, actor).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Takes a reviewer away who has nothing on the desk; what was scored stays.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`; `Barred` while entries wait for the reviewer.
pub async fn remove_reviewer(app: &App, viewer: &Viewer, id: ProgramId, account: AccountId) -> Result<(), AppError> {
    let mut db = app.store.reader().await?;
    find_own(&mut db, viewer, id).await?;
    drop(db);
    let (now, actor) = (app.now(), viewer.account);
    app.store
        .write(move |tx| {
            async move {
                let duties = reviews::duties(tx, account).await?;
                let waiting: i64 =
                    duties.iter().filter(|(p, state, _)| *p == id && state == "assigned").map(|(.., n)| *n).sum();
                if waiting > 0 {
                    return Err(ProgramRefusal::Unfinished(waiting).into());
                }
                if !reviews::remove_reviewer(tx, id, account).await? {
                    return Err(AppError::NotFound);
                }
                log_change(tx, now, RecordKind::Program, id, Action::Updated, actor).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// As a reviewer, declares an interest in a party: its entries are given to others, those at hand as well.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` but for reviewers of the program; `Invalid` when the party is none.
pub async fn declare_interest(app: &App, viewer: &Viewer, id: ProgramId, party: PartyId) -> Result<usize, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    reviews::reviewer(&mut db, id, account).await?.ok_or(AppError::NotAllowed)?;
    parties::find(&mut db, party).await?.ok_or_else(|| AppError::invalid("party", "unknown-party"))?;
    drop(db);
    let registrar = Registrar::of(app);
    app.store
        .write(move |tx| {
            async move {
                let program = programs::find(tx, id).await?.ok_or(AppError::NotFound)?;
                let mut reviewer = ties::reviewer(tx, id, account).await?;
                reviewer.declared.insert(party);
                reviews::keep_reviewer(tx, &reviewer, registrar.now).await?;
                let own = ties::of_reviewer(tx, &reviewer).await?;
                let mut recused = 0;
                for line in lists::of_reviewer(tx, account, id, "assigned", 0, i64::from(u16::MAX)).await? {
                    let Some(entry) = entries::find(tx, line.id).await? else { continue };
                    let Some(conflict) = own.conflict(&ties::of_entry(tx, &entry).await?) else { continue };
                    recuse(&registrar, tx, &program, entry, account, conflict).await?;
                    recused += 1;
                }
                log_change(tx, registrar.now, RecordKind::Program, id, Action::Updated, Some(account)).await?;
                Ok(recused)
            }
            .boxed()
        })
        .await
}

async fn recuse(
    registrar: &Registrar,
    tx: &mut Conn,
    program: &Program,
    entry: ProgramEntry,
    account: AccountId,
    conflict: Conflict,
) -> Result<(), AppError> {
    let by = EntryMove {
        act: EntryAct::Recuse(conflict),
        actor: Some(account),
        role: ProgramRole::Reviewer,
        own: false,
        at: registrar.now,
        note: String::new(),
    };
    let record = entry.state.next(entry.id, registrar.ground(program)?, by)?;
    registrar.append_entry(tx, program, entry, record).await.map(drop)
}

/// A program that the viewer reviews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The program.
    pub program: Program,
    /// What there is to do.
    pub work: Workload,
}

/// The programs that the viewer reviews, the last made first.
///
/// # Errors
/// `SignInNeeded`.
pub async fn my_reviews(app: &App, viewer: &Viewer) -> Result<Vec<Duty>, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let ids = reviews::programs_of(&mut db, account).await?;
    let duties = reviews::duties(&mut db, account).await?;
    let found = programs::find_many(&mut db, &ids).await?;
    let duty = |program: Program| {
        let mut work = Workload::default();
        for (_, state, n) in duties.iter().filter(|(id, ..)| *id == program.id) {
            work.count(state, *n);
        }
        Duty { program, work }
    };
    Ok(found.into_iter().map(duty).collect())
}

/// A page of what the viewer has to review in a program, or has reviewed. Of a blind program it names nobody.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` but for reviewers of the program.
pub async fn reviews_in(
    app: &App,
    viewer: &Viewer,
    id: ProgramId,
    done: bool,
    after: i64,
) -> Result<(Program, Vec<EntryLine>, Option<i64>), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let program = find_program(&mut db, viewer, id).await?;
    reviews::reviewer(&mut db, id, account).await?.ok_or(AppError::NotAllowed)?;
    let state = if done { "scored" } else { "assigned" };
    let mut found = lists::of_reviewer(&mut db, account, id, state, after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).and_then(|e| e.number);
    if program.settings.blind {
        found.iter_mut().for_each(veil);
    }
    Ok((program, found, next))
}

fn veil(line: &mut EntryLine) {
    line.party = PartyId(keqiao_domain::RecordId::nil());
    for text in [&mut line.party_name, &mut line.region, &mut line.area] {
        text.clear();
    }
    (line.score, line.raw, line.place, line.engagement) = (None, None, None, None);
}

/// An entry on a reviewer's desk.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewSheet {
    /// The program.
    pub program: Program,
    /// Its sort.
    pub ty: ProgramType,
    /// The entry.
    pub id: ProgramEntryId,
    /// Its number.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// What it is.
    pub summary: String,
    /// Its kind.
    pub kind: String,
    /// Its industry.
    pub industry: String,
    /// Whose it is and where from; `None`: the review is blind.
    pub entrant: Option<(String, String)>,
    /// What was filled in, as far as the reviewer reads it.
    pub fields: Vec<(String, Value)>,
    /// Its files, as far as the reviewer reads them.
    pub files: Vec<EntryFile>,
    /// How far the reviewer came.
    pub state: ReviewState,
    /// Whether it can still be scored.
    pub open: bool,
    /// The next entry that waits.
    pub next: Option<ProgramEntryId>,
}

/// An entry for its reviewer. Of a blind program it says nothing of who enters.
///
/// # Errors
/// `SignInNeeded`; `NotFound`, and `NotAllowed` for those who see it otherwise, but for whom it is given to.
pub async fn review_sheet(app: &App, viewer: &Viewer, id: ProgramEntryId) -> Result<ReviewSheet, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let (program, entry) = super::step::seen(&mut db, viewer, id).await?;
    let state = entry.state.reviews.get(&account).ok_or(AppError::NotAllowed)?.state.clone();
    let ty = type_of(&app.catalog, &program)?.clone();
    let blind = program.settings.blind;
    let entrant = if blind {
        None
    } else {
        let party = parties::find(&mut db, entry.party).await?.ok_or(AppError::NotFound)?;
        Some((party.name, entry.content.region.clone()))
    };
    let readable = ty.fields.iter().filter(|f| !(blind && f.reveals));
    let fields = readable.filter_map(|f| Some((f.field.id.clone(), entry.content.fields.get(&f.field.id)?.clone())));
    let fields = fields.collect();
    let waiting = lists::of_reviewer(&mut db, account, program.id, "assigned", 0, 2).await?;
    let files = match state {
        ReviewState::Recused { .. } => Vec::new(),
        _ => files::for_reviewers(&mut db, &program, &entry).await?,
    };
    Ok(ReviewSheet {
        open: program.phase == Phase::Review && entry.state.stage == EntryStage::Checked,
        next: waiting.into_iter().map(|e| e.id).find(|other| *other != id),
        number: entry.number.unwrap_or(0),
        title: entry.content.title,
        summary: entry.content.summary,
        kind: entry.content.kind,
        industry: entry.content.industry,
        entrant,
        fields,
        files,
        state,
        id,
        ty,
        program,
    })
}
