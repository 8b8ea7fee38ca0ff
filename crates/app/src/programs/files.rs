//! Files of an entry: added while it is written, handed in with it, and kept with its record after that.

use bytes::Bytes;
use futures::{FutureExt, Stream};
use keqiao_domain::{
    Action, AttachmentId, EntryFile, EntryStage, Phase, Program, ProgramEntry, ProgramEntryId, ProgramRefusal,
    RecordKind, ReviewState, Viewer,
};
use keqiao_store::Conn;
use keqiao_store::programs::{self, entries, files};

use super::step::seen;
use crate::uploads::{Allowed, Kept};
use crate::{App, AppError, BlobError, Fault, log_change};

/// Most files of one entry.
const MOST: usize = 20;

/// A file as uploaded.
pub struct UploadedEntryFile<S> {
    /// File name as the sender gave it.
    pub name: String,
    /// Whether it tells who enters.
    pub reveals: bool,
    /// The bytes.
    pub stream: S,
}

/// The entry, while its files may change.
async fn open_to(db: &mut Conn, viewer: &Viewer, id: ProgramEntryId) -> Result<ProgramEntry, AppError> {
    let (program, entry) = seen(db, viewer, id).await?;
    viewer.account.ok_or(AppError::SignInNeeded)?;
    if !viewer.may_edit_for(entry.party) {
        return Err(AppError::NotAllowed);
    }
    if program.phase != Phase::Open {
        return Err(ProgramRefusal::NotNow(program.phase).into());
    }
    match entry.state.stage {
        EntryStage::Draft | EntryStage::Returned => Ok(entry),
        stage => Err(ProgramRefusal::NotHere(stage).into()),
    }
}

/// Adds a file to an entry that is being written.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for who may not write for the party; `Barred` once it is handed in;
/// `Invalid` for a type that is not allowed, an empty file or too many; `TooLarge`.
pub async fn add_entry_file<S, E>(
    app: &App,
    viewer: &Viewer,
    id: ProgramEntryId,
    file: UploadedEntryFile<S>,
) -> Result<EntryFile, AppError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let author = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    open_to(&mut db, viewer, id).await?;
    let allowed = Allowed::of(&file.name, "file")?;
    room(&mut db, id).await?;
    drop(db);
    let file_id = AttachmentId::fresh(&*app.clock, &*app.entropy);
    let kept = allowed.keep(app, format!("entries/{file_id}"), file.stream).await?;
    let Kept { name, media_type, size, sha256, blob } = kept.unless_empty(app, "file").await?;
    let now = app.now();
    let file = EntryFile {
        id: file_id,
        entry: id,
        name,
        media_type,
        size,
        sha256,
        blob: blob.clone(),
        reveals: file.reveals,
        handed_in: false,
        taken_out: false,
        author,
        created_at: now,
    };
    let viewer = viewer.clone();
    let stored = app
        .store
        .write::<_, AppError, _>(move |tx| {
            async move {
                // It may have been handed in while the bytes came.
                open_to(tx, &viewer, id).await?;
                room(tx, id).await?;
                files::insert(tx, &file).await?;
                log_change(tx, now, RecordKind::ProgramEntry, id, Action::Updated, Some(author)).await?;
                Ok(file)
            }
            .boxed()
        })
        .await;
    if stored.is_err() {
        app.blobs.remove(&blob).await?;
    }
    stored
}

async fn room(db: &mut Conn, id: ProgramEntryId) -> Result<(), AppError> {
    let all = files::of_entry(db, id).await?;
    // What was taken out counts as well: the record keeps it.
    if all.len() >= MOST {
        return Err(AppError::Invalid(vec![Fault::with("file", "too-many", MOST)]));
    }
    Ok(())
}

/// Takes a file away from an entry that is being written; one that was handed in before stays with the record.
///
/// # Errors
/// Those of [`add_entry_file`].
pub async fn remove_entry_file(app: &App, viewer: &Viewer, id: AttachmentId) -> Result<ProgramEntryId, AppError> {
    let (viewer, now) = (viewer.clone(), app.now());
    let (gone, file) = app
        .store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let file = files::find(tx, id).await?.ok_or(AppError::NotFound)?;
                open_to(tx, &viewer, file.entry).await?;
                let gone = files::remove(tx, id).await?;
                if !gone && !files::take_out(tx, id).await? {
                    return Err(AppError::NotFound);
                }
                log_change(tx, now, RecordKind::ProgramEntry, file.entry, Action::Updated, viewer.account).await?;
                Ok((gone, file))
            }
            .boxed()
        })
        .await?;
    if gone {
        app.blobs.remove(&file.blob).await?;
    }
    Ok(file.entry)
}

/// The files of an entry that somebody reads who reads it whole; those that were taken out are in the record alone.
pub(super) async fn for_readers(
    db: &mut Conn,
    viewer: &Viewer,
    entry: &ProgramEntry,
) -> Result<Vec<EntryFile>, AppError> {
    let mut all = files::of_entry(db, entry.id).await?;
    let own = viewer.role_in(entry.party).is_some();
    all.retain(|f| !f.taken_out && (own || f.handed_in));
    Ok(all)
}

/// The files of an entry as its reviewers have them.
pub(super) async fn for_reviewers(
    db: &mut Conn,
    program: &Program,
    entry: &ProgramEntry,
) -> Result<Vec<EntryFile>, AppError> {
    let blind = program.settings.blind;
    let mut all = files::of_entry(db, entry.id).await?;
    all.retain(|f| f.is_for_reviewers(blind));
    if blind {
        let number = entry.number.unwrap_or_default();
        all.iter_mut().enumerate().for_each(|(place, f)| f.veil(number, place + 1));
    }
    Ok(all)
}

/// A file's description and bytes.
///
/// # Errors
/// `NotFound` for who does not read it: the entry's own people and the organiser read all, reviewers what the entry
/// has for them as long as they have no interest in it, all others none.
pub async fn read_entry_file(
    app: &App,
    viewer: &Viewer,
    id: AttachmentId,
) -> Result<(EntryFile, impl Stream<Item = Result<Bytes, BlobError>> + Send + use<>), AppError> {
    let mut db = app.store.reader().await?;
    let file = files::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let entry = entries::find(&mut db, file.entry).await?.ok_or(AppError::NotFound)?;
    let program = programs::find(&mut db, entry.program).await?.ok_or(AppError::NotFound)?;
    let review = viewer.account.and_then(|a| entry.state.reviews.get(&a));
    let readable = if viewer.reads_entry(&program, &entry) {
        for_readers(&mut db, viewer, &entry).await?
    } else if review.is_some_and(|r| !matches!(r.state, ReviewState::Recused { .. })) {
        for_reviewers(&mut db, &program, &entry).await?
    } else {
        Vec::new()
    };
    let file = readable.into_iter().find(|f| f.id == id).ok_or(AppError::NotFound)?;
    let stream = app.blobs.stream(&file.blob).await?;
    Ok((file, stream))
}
