//! Whether programs and entries are what their records come to.

use std::fmt;

use keqiao_domain::{
    EntryDeed, EntryState, FileProof, Phase, Program, ProgramDeed, ProgramEntryId, ProgramRecord, RecordId, rank,
    table_digest, verify_records,
};
use keqiao_store::Conn;
use keqiao_store::programs::{self, entries, files, reviews, steps};

use crate::{App, AppError, BlobError};

/// One thing that is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramFault {
    /// The program or the entry.
    pub of: RecordId,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for ProgramFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "program or entry {}: {}", self.of, self.what)
    }
}

/// Checks all programs and entries; `progress` hears how many entries so far. Gives what is wrong, and how many
/// records were read.
///
/// # Errors
/// When the store cannot be asked.
pub async fn verify_programs(
    app: &App,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<(Vec<ProgramFault>, usize), AppError> {
    let mut db = app.store.reader().await?;
    let (mut faults, mut read) = (Vec::new(), 0);
    let mut before = None;
    loop {
        let page = programs::page(&mut db, &[], before, 200).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        for program in &page {
            read += check_program(&mut db, program, &mut faults).await?;
        }
    }
    let (mut after, mut seen) = (None, 0);
    loop {
        let page = entries::page_all(&mut db, after, 200).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        seen += page.len();
        for entry in &page {
            let kept = steps::of(&mut db, entry.id.0).await?;
            read += kept.len();
            let what = match verify_records::<EntryDeed>(entry.id.0, &kept) {
                Err(fault) => fault.to_string(),
                Ok(records) => {
                    check_files(app, &mut db, entry.id, &records, &mut faults).await?;
                    let begun = EntryState::draft(entry.created_at);
                    if records.iter().fold(begun, |s, r| s.after(r)) == entry.state {
                        continue;
                    }
                    "how it stands is not what its record comes to".to_owned()
                }
            };
            faults.push(ProgramFault { of: entry.id.0, what });
        }
        progress(seen);
    }
    Ok((faults, read))
}

/// The files that were handed in are those of which the record has the hashes.
async fn check_files(
    app: &App,
    db: &mut Conn,
    entry: ProgramEntryId,
    records: &[ProgramRecord<EntryDeed>],
    faults: &mut Vec<ProgramFault>,
) -> Result<(), AppError> {
    let handed_in = records.iter().flat_map(|r| match &r.what {
        EntryDeed::Submitted { content } => content.files.as_slice(),
        _ => &[],
    });
    let mut handed_in: Vec<&FileProof> = handed_in.collect();
    // A file that was handed in again stands in several records, and says the same in each.
    handed_in.sort_by_key(|proof| proof.id);
    handed_in.dedup();
    if handed_in.is_empty() {
        return Ok(());
    }
    let kept = files::of_entry(db, entry).await?;
    for proof in handed_in {
        let what = match kept.iter().find(|f| f.id == proof.id) {
            None => "is missing",
            Some(file) if file.proof() != *proof => "is said to be another than was handed in",
            Some(file) => match app.blobs.digest(&file.blob).await {
                Ok(sha256) if sha256 == proof.sha256 => continue,
                Ok(_) => "has other bytes than were handed in",
                Err(BlobError::Missing) => "has lost its bytes",
                Err(other) => return Err(other.into()),
            },
        };
        faults.push(ProgramFault { of: entry.0, what: format!("the file {} {what}", proof.name) });
    }
    Ok(())
}

async fn check_program(db: &mut Conn, program: &Program, faults: &mut Vec<ProgramFault>) -> Result<usize, AppError> {
    let kept = steps::of(db, program.id.0).await?;
    let mut fault = |what: String| faults.push(ProgramFault { of: program.id.0, what });
    match verify_records::<ProgramDeed>(program.id.0, &kept) {
        Err(broken) => fault(broken.to_string()),
        Ok(records) => {
            let begun = Program { phase: Phase::Draft, steps: 0, head: String::new(), ranked: None, ..program.clone() };
            // On which day a phase came is the installation's to say, and not in the record.
            let now = records.iter().fold(begun, |p, r| p.after(r, &program.since));
            if now != *program {
                fault("how it stands is not what its record comes to".to_owned());
            }
        }
    }
    if let Some(ranked) = &program.ranked {
        let sheets = reviews::sheets(db, program.id).await?;
        // Sheets that came after the ranking are no fault.
        if sheets.len() as i64 == ranked.reviews && table_digest(&rank(&sheets)) != ranked.digest {
            fault("the ranking is not what the score sheets come to".to_owned());
        }
    }
    Ok(kept.len())
}
