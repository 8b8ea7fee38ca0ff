//! What brokers, volunteers, workstations and alliances do, in the archive: each table as a file of its own.

use std::io::{Read, Seek, Write};

use bytes::Bytes;
use keqiao_domain::{
    Alliance, AllianceThing, AnnexFile, AnnexLook, ContractPack, Duty, EngagementAnnex, FeedbackItem, ProofFile, Visit,
    Volunteer, VolunteerRequest, VolunteerTeam, Workstation,
};
use keqiao_store::Conn;
use keqiao_store::kept::{self, Asked, Kept};
use zip::{ZipArchive, ZipWriter};

use super::{ArchiveError, PAGE, line, options, records};
use crate::{App, AppError};

async fn table<T: Kept>(db: &mut Conn, zip: &mut ZipWriter<impl Write + Seek>) -> Result<Vec<T>, ArchiveError> {
    let (mut all, mut after): (Vec<T>, _) = (Vec::new(), None);
    loop {
        let page: Vec<T> = kept::list(db, Asked::first(PAGE).after(None, after)).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id());
        all.extend(page);
    }
    zip.start_file(format!("{}.jsonl", T::TABLE), options())?;
    all.iter().try_for_each(|record| line(zip, record))?;
    Ok(all)
}

/// The files by which items were settled, each with its place in the archive.
fn proofs(items: &[FeedbackItem]) -> impl Iterator<Item = (&ProofFile, String)> {
    let events = items.iter().flat_map(|i| i.events.iter().enumerate().map(move |(n, e)| (i.id, n, e)));
    events.filter_map(|(id, n, e)| Some((e.proof.as_ref()?, format!("feedback-files/{id}-{n}"))))
}

/// The files of annexes, each with its place in the archive.
fn annex_files(annexes: &[EngagementAnnex]) -> impl Iterator<Item = (&AnnexFile, String)> {
    annexes.iter().filter_map(|a| Some((a.file.as_ref()?, format!("annex-files/{}", a.id))))
}

async fn keep(
    app: &App,
    zip: &mut ZipArchive<impl Read + Seek>,
    (blob, path): (&str, &str),
) -> Result<(), ArchiveError> {
    let mut bytes = Vec::new();
    zip.by_name(path)?.read_to_end(&mut bytes)?;
    Ok(app.blobs.keep_bytes(blob, Bytes::from(bytes)).await.map_err(AppError::from)?)
}

/// Writes all of them; gives their number.
pub(super) async fn export(
    app: &App,
    db: &mut Conn,
    zip: &mut ZipWriter<impl Write + Seek>,
) -> Result<usize, ArchiveError> {
    let mut count = table::<ContractPack>(db, zip).await?.len();
    let annexes = table::<EngagementAnnex>(db, zip).await?;
    count += annexes.len();
    for (file, path) in annex_files(&annexes) {
        zip.start_file(path, options())?;
        zip.write_all(&app.blobs.read(&file.blob).await.map_err(AppError::from)?)?;
    }
    count += table::<AnnexLook>(db, zip).await?.len();
    count += table::<Visit>(db, zip).await?.len();
    let items = table::<FeedbackItem>(db, zip).await?;
    count += items.len();
    for (proof, path) in proofs(&items) {
        zip.start_file(path, options())?;
        zip.write_all(&app.blobs.read(&proof.blob).await.map_err(AppError::from)?)?;
    }
    count += table::<VolunteerTeam>(db, zip).await?.len();
    count += table::<Volunteer>(db, zip).await?.len();
    count += table::<VolunteerRequest>(db, zip).await?.len();
    count += table::<Duty>(db, zip).await?.len();
    count += table::<Workstation>(db, zip).await?.len();
    count += table::<Alliance>(db, zip).await?.len();
    count += table::<AllianceThing>(db, zip).await?.len();
    Ok(count)
}

/// What an archive holds of them.
#[derive(Default)]
pub(super) struct Services {
    packs: Vec<ContractPack>,
    annexes: Vec<EngagementAnnex>,
    looks: Vec<AnnexLook>,
    visits: Vec<Visit>,
    feedback: Vec<FeedbackItem>,
    teams: Vec<VolunteerTeam>,
    volunteers: Vec<Volunteer>,
    requests: Vec<VolunteerRequest>,
    duties: Vec<Duty>,
    stations: Vec<Workstation>,
    alliances: Vec<Alliance>,
    things: Vec<AllianceThing>,
}

fn read<T: Kept>(zip: &mut ZipArchive<impl Read + Seek>) -> Result<Vec<T>, ArchiveError> {
    records(zip, &format!("{}.jsonl", T::TABLE))
}

async fn insert<T: Kept>(tx: &mut Conn, all: &[T]) -> Result<usize, AppError> {
    for record in all {
        kept::insert(tx, record).await?;
    }
    Ok(all.len())
}

impl Services {
    /// Reads them, and keeps the files' bytes.
    pub(super) async fn read(app: &App, zip: &mut ZipArchive<impl Read + Seek>) -> Result<Self, ArchiveError> {
        let feedback: Vec<FeedbackItem> = read(zip)?;
        for (proof, path) in proofs(&feedback) {
            keep(app, zip, (&proof.blob, &path)).await?;
        }
        let annexes: Vec<EngagementAnnex> = read(zip)?;
        for (file, path) in annex_files(&annexes) {
            keep(app, zip, (&file.blob, &path)).await?;
        }
        Ok(Self {
            packs: read(zip)?,
            annexes,
            looks: read(zip)?,
            visits: read(zip)?,
            feedback,
            teams: read(zip)?,
            volunteers: read(zip)?,
            requests: read(zip)?,
            duties: read(zip)?,
            stations: read(zip)?,
            alliances: read(zip)?,
            things: read(zip)?,
        })
    }

    /// Writes them behind accounts, parties and engagements; gives their number.
    pub(super) async fn insert(self, tx: &mut Conn) -> Result<usize, AppError> {
        let mut count = insert(tx, &self.packs).await? + insert(tx, &self.annexes).await?;
        count += insert(tx, &self.looks).await? + insert(tx, &self.visits).await?;
        count += insert(tx, &self.feedback).await? + insert(tx, &self.teams).await?;
        count += insert(tx, &self.volunteers).await? + insert(tx, &self.requests).await?;
        count += insert(tx, &self.duties).await? + insert(tx, &self.stations).await?;
        Ok(count + insert(tx, &self.alliances).await? + insert(tx, &self.things).await?)
    }
}
