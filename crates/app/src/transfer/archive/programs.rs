//! Programs in the archive: their records and those of entries as they were hashed, the ranking, reviewers, sessions and
//! who meets whom. How programs and entries stand, and what reviewers have to do, follows from the records.

use std::collections::{BTreeSet, HashMap};
use std::io::{Read, Seek, Write};

use bytes::Bytes;
use keqiao_domain::{
    AccountId, Action, EntryDeed, EntryFile, EntryState, Interest, KeptStep, PartyId, Phase, Program, ProgramDeed,
    ProgramEntry, ProgramEntryId, ProgramId, ProgramMeeting, ProgramSession, ProgramSessionId, Rank, RecordId,
    RecordKind, Sealed, Timestamp, verify_records,
};
use keqiao_store::Conn;
use keqiao_store::programs::reviews::Reviewer;
use keqiao_store::programs::{self, entries, files, reviews, sessions, steps};
use serde::{Deserialize, Serialize};
use zip::{ZipArchive, ZipWriter};

use super::{ArchiveError, PAGE, line, options, records};
use crate::{App, AppError, log_change};

/// A record of a program or an entry.
#[derive(Serialize, Deserialize)]
struct RecordLine {
    of: RecordId,
    ordinal: i64,
    hash: String,
    record: String,
}

/// A reviewer, with what was declared.
#[derive(Serialize, Deserialize)]
struct ReviewerLine {
    program: ProgramId,
    account: AccountId,
    added_at: Timestamp,
    declared: BTreeSet<PartyId>,
}

/// An entry's place in the last ranking, which later sheets leave as it is.
#[derive(Serialize, Deserialize)]
struct RankLine {
    program: ProgramId,
    #[serde(flatten)]
    rank: Rank,
}

/// The entries of a session, in their order.
#[derive(Serialize, Deserialize)]
struct SessionEntries {
    session: ProgramSessionId,
    entries: Vec<ProgramEntryId>,
}

/// Writes all of them; gives their number.
pub(super) async fn export(
    app: &App,
    db: &mut Conn,
    zip: &mut ZipWriter<impl Write + Seek>,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<usize, ArchiveError> {
    let mut count = 0;
    table!(zip, db, "programs.jsonl", programs::page_all, PAGE, |count| progress);
    table!(zip, db, "program-entries.jsonl", entries::page_all, PAGE, |count| progress);
    let mut all: Vec<ProgramId> = Vec::new();
    zip.start_file("program-records.jsonl", options())?;
    each_page!(db, programs::page_all, PAGE, |page| {
        for id in page.iter().map(|p| p.id) {
            count += export_records(db, zip, id.0).await?;
            all.push(id);
        }
    });
    each_page!(db, entries::page_all, PAGE, |page| {
        for id in page.iter().map(|e| e.id) {
            count += export_records(db, zip, id.0).await?;
        }
        progress(count);
    });
    table!(zip, db, "program-files.jsonl", files::page_all, PAGE, |count| progress);
    each_page!(db, files::page_all, PAGE, |page| {
        for file in &page {
            zip.start_file(format!("program-files/{}", file.id), options())?;
            zip.write_all(&app.blobs.read(&file.blob).await.map_err(AppError::from)?)?;
        }
    });
    count += export_review(db, zip, &all).await?;
    count += export_meetings(db, zip, &all).await?;
    progress(count);
    Ok(count)
}

async fn export_records(
    db: &mut Conn,
    zip: &mut ZipWriter<impl Write + Seek>,
    of: RecordId,
) -> Result<usize, ArchiveError> {
    let kept = steps::of(db, of).await?;
    let count = kept.len();
    for KeptStep { ordinal, hash, record } in kept {
        line(zip, &RecordLine { of, ordinal, hash, record })?;
    }
    Ok(count)
}

async fn export_review(
    db: &mut Conn,
    zip: &mut ZipWriter<impl Write + Seek>,
    all: &[ProgramId],
) -> Result<usize, ArchiveError> {
    let mut count = 0;
    zip.start_file("program-reviewers.jsonl", options())?;
    for id in all {
        for (Reviewer { program, account, declared }, added_at) in reviews::reviewers_since(db, *id).await? {
            line(zip, &ReviewerLine { program, account, added_at, declared })?;
            count += 1;
        }
    }
    zip.start_file("program-ranks.jsonl", options())?;
    for program in all.iter().copied() {
        for rank in entries::ranks(db, program).await? {
            line(zip, &RankLine { program, rank })?;
            count += 1;
        }
    }
    Ok(count)
}

async fn export_meetings(
    db: &mut Conn,
    zip: &mut ZipWriter<impl Write + Seek>,
    all: &[ProgramId],
) -> Result<usize, ArchiveError> {
    let (mut held, mut wishes) = (Vec::new(), Vec::new());
    for id in all {
        held.extend(sessions::of_program(db, *id).await?);
        wishes.extend(sessions::interests(db, *id, i64::MAX).await?);
    }
    zip.start_file("program-sessions.jsonl", options())?;
    held.iter().try_for_each(|session| line(zip, session))?;
    zip.start_file("program-interests.jsonl", options())?;
    wishes.iter().try_for_each(|wish| line(zip, wish))?;
    let mut count = held.len() + wishes.len();
    zip.start_file("program-session-entries.jsonl", options())?;
    for session in held.iter().map(|s| s.id) {
        let entries = sessions::entries_in(db, session).await?;
        count += entries.len();
        line(zip, &SessionEntries { session, entries })?;
    }
    zip.start_file("program-meetings.jsonl", options())?;
    for session in &held {
        let meetings = sessions::meetings(db, session.id).await?;
        count += meetings.len();
        meetings.iter().try_for_each(|meeting| line(zip, meeting))?;
    }
    Ok(count)
}

/// What an archive holds of them.
#[derive(Default)]
pub(super) struct Programs {
    programs: Vec<Program>,
    entries: Vec<ProgramEntry>,
    records: Vec<RecordLine>,
    reviewers: Vec<ReviewerLine>,
    ranks: Vec<RankLine>,
    sessions: Vec<ProgramSession>,
    interests: Vec<Interest>,
    session_entries: Vec<SessionEntries>,
    meetings: Vec<ProgramMeeting>,
    files: Vec<EntryFile>,
}

impl Programs {
    /// Reads them.
    pub(super) fn read(zip: &mut ZipArchive<impl Read + Seek>) -> Result<Self, ArchiveError> {
        Ok(Self {
            programs: records(zip, "programs.jsonl")?,
            entries: records(zip, "program-entries.jsonl")?,
            records: records(zip, "program-records.jsonl")?,
            reviewers: records(zip, "program-reviewers.jsonl")?,
            ranks: records(zip, "program-ranks.jsonl")?,
            sessions: records(zip, "program-sessions.jsonl")?,
            interests: records(zip, "program-interests.jsonl")?,
            session_entries: records(zip, "program-session-entries.jsonl")?,
            meetings: records(zip, "program-meetings.jsonl")?,
            files: Vec::new(),
        })
    }

    /// Reads the files of entries, and keeps their bytes.
    pub(super) async fn read_files(
        &mut self,
        app: &App,
        zip: &mut ZipArchive<impl Read + Seek>,
    ) -> Result<(), ArchiveError> {
        self.files = records(zip, "program-files.jsonl")?;
        for file in &self.files {
            let mut bytes = Vec::new();
            zip.by_name(&format!("program-files/{}", file.id))?.read_to_end(&mut bytes)?;
            app.blobs.keep_bytes(&file.blob, Bytes::from(bytes)).await.map_err(AppError::from)?;
        }
        Ok(())
    }

    fn count(&self) -> usize {
        let placed: usize = self.session_entries.iter().map(|s| s.entries.len()).sum();
        let held = self.sessions.len() + self.interests.len() + placed + self.meetings.len();
        let reviewed = self.reviewers.len() + self.ranks.len() + self.files.len();
        self.programs.len() + self.entries.len() + self.records.len() + reviewed + held
    }

    /// Writes them behind accounts, parties and engagements; gives their number.
    pub(super) async fn insert(self, tx: &mut Conn, now: Timestamp) -> Result<usize, AppError> {
        let count = self.count();
        let mut chains: HashMap<RecordId, Vec<KeptStep>> = HashMap::new();
        for RecordLine { of, ordinal, hash, record } in self.records {
            chains.entry(of).or_default().push(KeptStep { ordinal, hash, record });
        }
        let mut known: HashMap<ProgramId, Program> = HashMap::new();
        for program in self.programs {
            let chain = chains.remove(&program.id.0).unwrap_or_default();
            let program = insert_program(tx, program, chain, now).await?;
            known.insert(program.id, program);
        }
        for entry in self.entries {
            let chain = chains.remove(&entry.id.0).unwrap_or_default();
            // An entry of no program is refused by the store.
            let settings = known.get(&entry.program).map(|p| &p.settings);
            let area = settings.map_or_else(String::new, |s| s.area(&entry.content.region));
            insert_entry(tx, entry, &area, chain, now).await?;
        }
        for file in &self.files {
            files::insert(tx, file).await?;
        }
        for ReviewerLine { program, account, added_at, declared } in self.reviewers {
            reviews::keep_reviewer(tx, &Reviewer { program, account, declared }, added_at).await?;
        }
        let mut ranks: HashMap<ProgramId, Vec<Rank>> = HashMap::new();
        for RankLine { program, rank } in self.ranks {
            ranks.entry(program).or_default().push(rank);
        }
        for (program, ranks) in &ranks {
            entries::set_ranks(tx, *program, ranks).await?;
        }
        for session in &self.sessions {
            sessions::insert(tx, session).await?;
        }
        for interest in &self.interests {
            sessions::ask(tx, interest).await?;
        }
        for SessionEntries { session, entries } in &self.session_entries {
            sessions::add_entries(tx, *session, entries).await?;
        }
        for of_one in self.meetings.chunk_by(|a, b| a.session == b.session) {
            sessions::replace_meetings(tx, of_one[0].session, of_one).await?;
        }
        Ok(count)
    }
}

fn broken(what: &str, id: RecordId, fault: impl std::fmt::Display) -> AppError {
    AppError::Internal(format!("{what} {id} of the archive: {fault}"))
}

async fn append(tx: &mut Conn, of: RecordId, chain: Vec<KeptStep>) -> Result<(), AppError> {
    let placed = |KeptStep { ordinal, hash, record }| (of, ordinal, Sealed { record, hash });
    Ok(steps::append(tx, &chain.into_iter().map(placed).collect::<Vec<_>>()).await?)
}

/// A program with its chain, which must be whole, as its records make it.
async fn insert_program(
    tx: &mut Conn,
    program: Program,
    chain: Vec<KeptStep>,
    now: Timestamp,
) -> Result<Program, AppError> {
    let id = program.id.0;
    let read = verify_records::<ProgramDeed>(id, &chain).map_err(|e| broken("program", id, e))?;
    // On which day a phase came is the installation's to say, and not in the record.
    let since = program.since.clone();
    let begun = Program { phase: Phase::Draft, steps: 0, head: String::new(), ranked: None, ..program };
    let program = read.iter().fold(begun, |p, record| p.after(record, &since));
    programs::insert(tx, &program).await?;
    append(tx, id, chain).await?;
    log_change(tx, now, RecordKind::Program, program.id, Action::Created, None).await?;
    Ok(program)
}

/// An entry with its chain, which must be whole, as its records make it; and what its reviewers have to do.
async fn insert_entry(
    tx: &mut Conn,
    entry: ProgramEntry,
    area: &str,
    chain: Vec<KeptStep>,
    now: Timestamp,
) -> Result<(), AppError> {
    let id = entry.id.0;
    let read = verify_records::<EntryDeed>(id, &chain).map_err(|e| broken("entry", id, e))?;
    let state = read.iter().fold(EntryState::draft(entry.created_at), |state, record| state.after(record));
    let entry = ProgramEntry { state, ..entry };
    entries::insert(tx, &entry, area).await?;
    reviews::keep(tx, &[&entry]).await?;
    append(tx, id, chain).await?;
    log_change(tx, now, RecordKind::ProgramEntry, entry.id, Action::Created, None).await?;
    Ok(())
}
