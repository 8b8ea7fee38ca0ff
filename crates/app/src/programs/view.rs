//! A program and its entries as somebody sees them.

use std::collections::BTreeMap;

use keqiao_domain::{
    AccountId, ChainFault, EntryDeed, EntryFile, EntryStage, Interest, Phase, Program, ProgramDeed, ProgramEntry,
    ProgramEntryId, ProgramId, ProgramRecord, ProgramSession, ProgramType, Timestamp, Viewer, verify_records,
};
use keqiao_store::programs::lists::{self, EntryFilter, EntryLine};
use keqiao_store::programs::{self, entries, reviews, sessions, steps};
use keqiao_store::{Conn, accounts, parties};

use super::{PAGE, files, find_own, find_program, type_of};
use crate::{App, AppError};

/// A program.
#[derive(Debug, Clone)]
pub struct ProgramView {
    /// The program.
    pub program: Program,
    /// Its sort.
    pub ty: ProgramType,
    /// The name of the organizing party.
    pub organizer: Option<String>,
    /// Whether the viewer runs it.
    pub organises: bool,
    /// Whether the viewer reviews it.
    pub reviews: bool,
    /// How many were handed in.
    pub collected: i64,
    /// How many were chosen; `None`: that is not told yet.
    pub chosen: Option<i64>,
    /// How many of the chosen were signed, and landed.
    pub signed: i64,
    /// How many landed.
    pub landed: i64,
}

/// A program.
///
/// # Errors
/// `NotFound`.
pub async fn view_program(app: &App, viewer: &Viewer, id: ProgramId) -> Result<ProgramView, AppError> {
    let mut db = app.store.reader().await?;
    let program = find_program(&mut db, viewer, id).await?;
    let ty = type_of(&app.catalog, &program)?.clone();
    let organizer = match program.settings.organizer {
        Some(party) => parties::find(&mut db, party).await?.map(|p| p.name),
        None => None,
    };
    let counts = lists::counts(&mut db, id).await?;
    let sum = |of: &dyn Fn(EntryStage) -> bool| counts.iter().filter(|(_, s, _)| of(*s)).map(|(.., n)| n).sum::<i64>();
    let reviewer = match viewer.account {
        Some(account) => reviews::reviewer(&mut db, id, account).await?.is_some(),
        None => false,
    };
    Ok(ProgramView {
        organises: viewer.organises(&program),
        reviews: reviewer,
        collected: sum(&|s| s != EntryStage::Withdrawn),
        chosen: (program.phase >= Phase::Announced).then(|| sum(&EntryStage::is_chosen)),
        signed: sum(&|s| matches!(s, EntryStage::Signed | EntryStage::Landed)),
        landed: sum(&|s| s == EntryStage::Landed),
        organizer,
        ty,
        program,
    })
}

pub(super) async fn names_of(
    db: &mut Conn,
    people: impl Iterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, String>, AppError> {
    let mut ids: Vec<AccountId> = people.collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(accounts::names(db, &ids).await?.into_iter().collect())
}

/// A page of a program's entries for its organiser, by number.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`.
pub async fn entries_of(
    app: &App,
    viewer: &Viewer,
    id: ProgramId,
    filter: &EntryFilter,
    after: i64,
) -> Result<(Program, Vec<EntryLine>, Option<i64>), AppError> {
    let mut db = app.store.reader().await?;
    let program = find_own(&mut db, viewer, id).await?;
    let mut found = lists::by_number(&mut db, id, filter, after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).and_then(|e| e.number);
    Ok((program, found, next))
}

/// An entry as one of its own people or the organiser sees it.
#[derive(Debug, Clone)]
pub struct EntryView {
    /// The program.
    pub program: Program,
    /// Its sort.
    pub ty: ProgramType,
    /// The entry; for its own people without what is for the organiser.
    pub entry: ProgramEntry,
    /// Whose it is.
    pub party_name: String,
    /// Its record, as far as the viewer reads it.
    pub records: Vec<ProgramRecord<EntryDeed>>,
    /// Where the record is broken.
    pub fault: Option<ChainFault>,
    /// Names of those who stand in the record, for the organiser.
    pub names: BTreeMap<AccountId, String>,
    /// Whether the viewer may write for its party.
    pub entrant: bool,
    /// Whether the viewer runs the program, and is not its party.
    pub organiser: bool,
    /// Who asked to meet, with names.
    pub interests: Vec<(Interest, String)>,
    /// The sessions in which it has a place.
    pub sessions: Vec<ProgramSession>,
    /// Place, score and number of sheets of the last ranking, for the organiser.
    pub line: Option<EntryLine>,
    /// Its files, as far as the viewer reads them.
    pub files: Vec<EntryFile>,
    /// Reviewers who could be given it: for the organiser, while it is reviewed.
    pub reviewers: Vec<(AccountId, String)>,
}

/// An entry for its people and the organiser.
///
/// # Errors
/// `NotFound` for all others.
pub async fn view_entry(app: &App, viewer: &Viewer, id: ProgramEntryId) -> Result<EntryView, AppError> {
    let mut db = app.store.reader().await?;
    let mut entry = entries::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let program = programs::find(&mut db, entry.program).await?.ok_or(AppError::NotFound)?;
    if !viewer.reads_entry(&program, &entry) {
        return Err(AppError::NotFound);
    }
    let ty = type_of(&app.catalog, &program)?.clone();
    let party_name = parties::find(&mut db, entry.party).await?.map(|p| p.name).unwrap_or_default();
    let kept = steps::of(&mut db, id.0).await?;
    let (mut records, fault) = match verify_records::<EntryDeed>(id.0, &kept) {
        Ok(records) => (records, None),
        Err(fault) => (Vec::new(), Some(fault)),
    };
    let organises = viewer.organises(&program) && viewer.role_in(entry.party).is_none();
    let (mut line, mut reviewers, mut names) = (None, Vec::new(), BTreeMap::new());
    if organises {
        line = lists::lines(&mut db, &[id]).await?.pop();
        let assigned = entry.state.reviews.keys().copied();
        names = names_of(&mut db, records.iter().filter_map(|r| r.actor).chain(assigned)).await?;
        if program.phase == Phase::Review {
            let all = reviews::reviewers(&mut db, program.id).await?;
            let free = all.iter().map(|r| r.account).filter(|a| !entry.state.reviews.contains_key(a));
            reviewers = names_of(&mut db, free).await?.into_iter().collect();
        }
    } else {
        records.retain(|r| is_told(&r.what, &program));
        keep_back(&mut entry, &program);
    }
    let interests = sessions::interests_in(&mut db, id).await?;
    let guests = parties::find_many(&mut db, &interests.iter().map(|i| i.party).collect::<Vec<_>>()).await?;
    let name = |i: &Interest| guests.iter().find(|p| p.id == i.party).map(|p| p.name.clone()).unwrap_or_default();
    Ok(EntryView {
        interests: interests.into_iter().map(|i| (i.clone(), name(&i))).collect(),
        sessions: sessions::of_entry(&mut db, id).await?,
        files: files::for_readers(&mut db, viewer, &entry).await?,
        entrant: viewer.may_edit_for(entry.party),
        organiser: organises,
        line,
        reviewers,
        names,
        fault,
        records,
        party_name,
        ty,
        entry,
        program,
    })
}

/// Whether the entry's own people read of a deed: never who reviewed it, and what was decided when it is announced.
fn is_told(deed: &EntryDeed, program: &Program) -> bool {
    match deed {
        EntryDeed::Assigned { .. }
        | EntryDeed::Unassigned { .. }
        | EntryDeed::Recused { .. }
        | EntryDeed::Scored { .. }
        | EntryDeed::Reconsidered => false,
        EntryDeed::Selected | EntryDeed::PassedOver => program.phase >= Phase::Announced,
        _ => true,
    }
}

/// Takes out of an entry what its own people do not read.
fn keep_back(entry: &mut ProgramEntry, program: &Program) {
    entry.state.reviews.clear();
    let decided = matches!(entry.state.stage, EntryStage::Selected | EntryStage::PassedOver);
    if program.phase < Phase::Announced && decided {
        entry.state.stage = EntryStage::Checked;
    }
}

/// What anybody may know of an entry's chain whose hash they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicEntryChain {
    /// The place of the record with this hash.
    pub ordinal: i64,
    /// How many there are.
    pub steps: i64,
    /// When it was written.
    pub at: Timestamp,
    /// Where the chain is broken.
    pub fault: Option<ChainFault>,
}

/// Checks the chain of a program or an entry in which a hash stands.
///
/// # Errors
/// `NotFound` when none has this hash.
pub async fn public_entry_chain(app: &App, hash: &str) -> Result<PublicEntryChain, AppError> {
    let hash = hash.trim().to_lowercase();
    if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(AppError::NotFound);
    }
    let mut db = app.store.reader().await?;
    let (of, ordinal) = steps::of_hash(&mut db, &hash).await?.ok_or(AppError::NotFound)?;
    let kept = steps::of(&mut db, of).await?;
    // The text that was hashed is what its own type writes.
    let checked = match entries::find(&mut db, of.into()).await? {
        Some(_) => moments(verify_records::<EntryDeed>(of, &kept)),
        None => moments(verify_records::<ProgramDeed>(of, &kept)),
    };
    let fault = checked.as_ref().err().cloned();
    let at = checked.ok().and_then(|all| all.into_iter().find(|(n, _)| *n == ordinal));
    let at = at.map(|(_, at)| at).unwrap_or_default();
    Ok(PublicEntryChain { ordinal, steps: kept.len() as i64, at, fault })
}

/// The places and moments of records.
fn moments<D>(read: Result<Vec<ProgramRecord<D>>, ChainFault>) -> Result<Vec<(i64, Timestamp)>, ChainFault> {
    read.map(|records| records.into_iter().map(|r| (r.ordinal, r.at)).collect())
}
