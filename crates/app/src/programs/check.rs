//! Whether programs and entries are what their records come to.

use std::fmt;

use keqiao_domain::{EntryDeed, EntryState, Phase, Program, ProgramDeed, RecordId, rank, table_digest, verify_records};
use keqiao_store::Conn;
use keqiao_store::programs::{self, entries, reviews, steps};

use crate::{App, AppError};

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
