//! Engagements in the archive: what they are about, their steps as they were hashed, their files and what was said.
//! Counts and ratings follow from the steps and are made anew.

use std::collections::HashMap;
use std::io::{Read, Seek, Write};

use bytes::Bytes;
use keqiao_domain::{
    Action, Appointment, Engagement, EngagementFile, EngagementId, KeptStep, Message, RecordKind, Sealed, State,
    Timestamp, tallies, verify_chain,
};
use keqiao_store::Conn;
use keqiao_store::engagements::{self, files, steps, talk};
use serde::{Deserialize, Serialize};
use zip::{ZipArchive, ZipWriter};

use super::{ArchiveError, PAGE, line, options, records};
use crate::{App, AppError, log_change};

/// A step as it stands in the archive.
#[derive(Serialize, Deserialize)]
struct Line {
    engagement: EngagementId,
    ordinal: i64,
    hash: String,
    record: String,
}

/// Writes all of them; gives their number.
pub(super) async fn export(
    app: &App,
    db: &mut Conn,
    zip: &mut ZipWriter<impl Write + Seek>,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<usize, ArchiveError> {
    let mut count = 0;
    table!(zip, db, "engagements.jsonl", engagements::page_all, PAGE, |count| progress);
    zip.start_file("steps.jsonl", options())?;
    each_page!(db, engagements::page_all, PAGE, |page| {
        for engagement in page.iter().map(|e| e.id) {
            for KeptStep { ordinal, hash, record } in steps::of_engagement(db, engagement).await? {
                line(zip, &Line { engagement, ordinal, hash, record })?;
                count += 1;
            }
        }
        progress(count);
    });
    table!(zip, db, "messages.jsonl", talk::page_messages, PAGE, |count| progress);
    table!(zip, db, "appointments.jsonl", talk::page_appointments, PAGE, |count| progress);
    table!(zip, db, "engagement-files.jsonl", files::page_all, PAGE, |count| progress);
    each_page!(db, files::page_all, PAGE, |page| {
        for file in &page {
            zip.start_file(format!("engagement-files/{}", file.id), options())?;
            zip.write_all(&app.blobs.read(&file.blob).await.map_err(AppError::from)?)?;
        }
    });
    Ok(count)
}

/// What an archive holds of them.
#[derive(Default)]
pub(super) struct Engagements {
    engagements: Vec<Engagement>,
    steps: Vec<Line>,
    messages: Vec<Message>,
    appointments: Vec<Appointment>,
    files: Vec<EngagementFile>,
}

impl Engagements {
    /// Reads them, and keeps the files' bytes.
    pub(super) async fn read(app: &App, zip: &mut ZipArchive<impl Read + Seek>) -> Result<Self, ArchiveError> {
        let files: Vec<EngagementFile> = records(zip, "engagement-files.jsonl")?;
        for file in &files {
            let mut bytes = Vec::new();
            zip.by_name(&format!("engagement-files/{}", file.id))?.read_to_end(&mut bytes)?;
            app.blobs.keep_bytes(&file.blob, Bytes::from(bytes)).await.map_err(AppError::from)?;
        }
        Ok(Self {
            engagements: records(zip, "engagements.jsonl")?,
            steps: records(zip, "steps.jsonl")?,
            messages: records(zip, "messages.jsonl")?,
            appointments: records(zip, "appointments.jsonl")?,
            files,
        })
    }

    /// Writes them behind parties and listings; gives their number.
    pub(super) async fn insert(self, tx: &mut Conn, now: Timestamp) -> Result<usize, AppError> {
        let count = self.engagements.len() + self.steps.len() + self.messages.len();
        let count = count + self.appointments.len() + self.files.len();
        let mut chains: HashMap<EngagementId, Vec<KeptStep>> = HashMap::new();
        for Line { engagement, ordinal, hash, record } in self.steps {
            chains.entry(engagement).or_default().push(KeptStep { ordinal, hash, record });
        }
        for engagement in &self.engagements {
            let chain = chains.remove(&engagement.id).unwrap_or_default();
            insert_one(tx, engagement, chain, now).await?;
        }
        for message in &self.messages {
            talk::insert_message(tx, message).await?;
        }
        for appointment in &self.appointments {
            talk::insert_appointment(tx, appointment).await?;
        }
        for file in &self.files {
            files::insert(tx, file).await?;
        }
        Ok(count)
    }
}

/// An engagement with its chain, which must be whole, and what follows from it.
async fn insert_one(
    tx: &mut Conn,
    engagement: &Engagement,
    chain: Vec<KeptStep>,
    now: Timestamp,
) -> Result<(), AppError> {
    let id = engagement.id;
    let (read, state) =
        verify_chain(id, &chain).map_err(|e| AppError::Internal(format!("engagement {id} of the archive: {e}")))?;
    engagements::insert(tx, &Engagement { state, ..engagement.clone() }).await?;
    let sealed = |s: KeptStep| (s.ordinal, Sealed { record: s.record, hash: s.hash });
    steps::append(tx, id, &chain.into_iter().map(sealed).collect::<Vec<_>>()).await?;
    let mut before: Option<State> = None;
    for step in &read {
        let after = match before.clone() {
            Some(state) => state.after(step),
            None => State::opened(step).ok_or_else(|| AppError::Internal(format!("engagement {id} never opened")))?,
        };
        engagements::tallies::add(tx, &engagement.subject, &tallies(before.as_ref(), &after)).await?;
        before = Some(after);
        if let (Some(side), Some(score)) = (step.role.side(), step.score) {
            let rated = engagement.subject.party(side.other());
            talk::insert_rating(tx, id, side, rated, score, step.ordinal).await?;
        }
    }
    log_change(tx, now, RecordKind::Engagement, id, Action::Created, None).await?;
    Ok(())
}
