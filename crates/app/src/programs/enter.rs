//! Entering a program: drafts, handing in, my entries.

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Action, Entrant, EntryAct, EntryContent, EntryFile, EntryMove, EntryStage, EntryState, FieldSort,
    ListingId, PartyId, Phase, Program, ProgramEntry, ProgramEntryId, ProgramId, ProgramRefusal, ProgramRole,
    ProgramType, RecordKind, Side, Value, Viewer,
};
use keqiao_store::programs::lists::{self, EntryLine};
use keqiao_store::programs::{entries, files};
use keqiao_store::{Conn, listings, parties};

use super::record::Registrar;
use super::{PAGE, find_program, type_of};
use crate::{App, AppError, Fault, log_change};

/// Most drafts of one party in one program.
const DRAFTS: i64 = 50;

/// What is to be saved.
#[derive(Debug, Clone)]
pub struct EntryInput {
    /// The program.
    pub program: ProgramId,
    /// Whose entry it is.
    pub party: PartyId,
    /// What is entered.
    pub content: EntryContent,
    /// The entry that is edited, and its version when it was read; `None`: a new one.
    pub edits: Option<(ProgramEntryId, i64)>,
    /// Whether it is handed in, or only kept.
    pub submit: bool,
}

/// Texts trimmed, and codes looked at.
fn checked(app: &App, mut content: EntryContent) -> Result<EntryContent, AppError> {
    for text in [&mut content.title, &mut content.summary, &mut content.region, &mut content.industry] {
        *text = text.trim().replace("\r\n", "\n");
    }
    content.fields.retain(|_, value| !matches!(value, Value::Text(text) if text.trim().is_empty()));
    let mut faults = Vec::new();
    for (taxonomy, code) in [("region", &content.region), ("industry", &content.industry)] {
        let known = app.catalog.taxonomy(taxonomy).is_some_and(|t| t.get(code).is_some());
        if !code.is_empty() && !known {
            faults.push(Fault::with(taxonomy, "unknown-code", code.chars().take(40).collect::<String>()));
        }
    }
    if faults.is_empty() { Ok(content) } else { Err(AppError::Invalid(faults)) }
}

/// What a listing gives an entry to begin with; the longer texts go into the first field that is asked for.
///
/// # Errors
/// `NotFound` for a listing that the viewer may not write for.
pub async fn content_of_listing(
    app: &App,
    viewer: &Viewer,
    ty: &ProgramType,
    id: ListingId,
) -> Result<(PartyId, EntryContent), AppError> {
    let mut db = app.store.reader().await?;
    let listing = listings::find(&mut db, id).await?.filter(|l| viewer.may_edit_for(l.party));
    let listing = listing.ok_or(AppError::NotFound)?;
    let party = parties::find(&mut db, listing.party).await?.ok_or(AppError::NotFound)?;
    let old = listing.content;
    let short = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let mut content = EntryContent {
        title: short(&old.title, 120),
        summary: short(&old.summary, 1_000),
        kind: if ty.kinds.contains(&old.kind) { old.kind } else { String::new() },
        region: old.region.or(party.region).unwrap_or_default(),
        industry: old.industry.or(party.industry).unwrap_or_default(),
        listing: Some(id),
        ..EntryContent::default()
    };
    let long = ty.fields.iter().map(|f| &f.field).find(|f| f.required && f.sort == FieldSort::Lines);
    if let Some(field) = long.filter(|_| !old.body.is_empty()) {
        content.fields.insert(field.id.clone(), Value::Text(short(&old.body, 5_000)));
    }
    Ok((listing.party, content))
}

/// Saves a draft, or hands an entry in.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for who may not write for the party; `Invalid`; `Stale`; `Barred` as the
/// program says.
pub async fn save_entry(app: &App, viewer: &Viewer, input: EntryInput) -> Result<ProgramEntry, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let program = find_program(&mut db, viewer, input.program).await?;
    if !viewer.may_edit_for(input.party) {
        return Err(AppError::NotAllowed);
    }
    if program.phase != Phase::Open {
        return Err(ProgramRefusal::NotNow(program.phase).into());
    }
    let content = checked(app, input.content.clone())?;
    check_listing(&mut db, &input, &content).await?;
    drop(db);
    let faults = type_of(&app.catalog, &program)?.faults_of_draft(&content);
    if !faults.is_empty() && !input.submit {
        return Err(AppError::of_fields(faults));
    }
    let registrar = Registrar::of(app);
    app.store
        .write(move |tx| {
            async move {
                let program = keqiao_store::programs::find(tx, input.program).await?.ok_or(AppError::NotFound)?;
                let entry = kept(&registrar, tx, &program, &input, content, account).await?;
                if !input.submit {
                    let action = if input.edits.is_some() { Action::Updated } else { Action::Created };
                    log_change(tx, registrar.now, RecordKind::ProgramEntry, entry.id, action, Some(account)).await?;
                    return Ok(entry);
                }
                hand_in(&registrar, tx, &program, entry, account).await
            }
            .boxed()
        })
        .await
}

/// A listing that is entered is the entrant's own and of the side that its kind is.
async fn check_listing(db: &mut Conn, input: &EntryInput, content: &EntryContent) -> Result<(), AppError> {
    let Some(id) = content.listing else { return Ok(()) };
    match listings::find(db, id).await? {
        Some(listing) if listing.party == input.party => Ok(()),
        _ => Err(AppError::invalid("listing", "unknown-listing")),
    }
}

/// The entry with its content as it is now, in the store.
async fn kept(
    registrar: &Registrar,
    tx: &mut Conn,
    program: &Program,
    input: &EntryInput,
    content: EntryContent,
    account: AccountId,
) -> Result<ProgramEntry, AppError> {
    let area = program.settings.area(&content.region);
    let Some((id, version)) = input.edits else {
        if entries::drafts_of(tx, program.id, input.party).await? >= DRAFTS {
            return Err(AppError::Invalid(vec![Fault::with("party", "too-many", DRAFTS)]));
        }
        let entry = ProgramEntry {
            id: registrar.fresh(ProgramEntryId::fresh),
            program: program.id,
            number: None,
            party: input.party,
            author: account,
            content,
            state: EntryState::draft(registrar.now),
            created_at: registrar.now,
            version: 1,
            demo: program.demo,
        };
        entries::insert(tx, &entry, &area).await?;
        return Ok(entry);
    };
    let old = entries::find(tx, id).await?.ok_or(AppError::NotFound)?;
    if old.party != input.party || old.program != program.id {
        return Err(AppError::NotFound);
    }
    if !matches!(old.state.stage, EntryStage::Draft | EntryStage::Returned) {
        return Err(ProgramRefusal::NotHere(old.state.stage).into());
    }
    let expected = (old.state.steps, version);
    let entry = ProgramEntry { content, version: version + 1, ..old };
    if !entries::update(tx, &entry, &area, expected).await? {
        let current = entries::find(tx, id).await?.map_or(0, |e| e.version);
        return Err(AppError::Stale { current });
    }
    Ok(entry)
}

async fn hand_in(
    registrar: &Registrar,
    tx: &mut Conn,
    program: &Program,
    mut entry: ProgramEntry,
    account: AccountId,
) -> Result<ProgramEntry, AppError> {
    let files = files::of_entry(tx, entry.id).await?;
    entry.content.files = files.iter().filter(|f| !f.taken_out).map(EntryFile::proof).collect();
    files::hand_in(tx, entry.id).await?;
    let party = parties::find(tx, entry.party).await?.ok_or(AppError::NotFound)?;
    let entrant = Entrant { kind: party.kind, verified: party.verified_at.is_some() };
    let by = EntryMove {
        act: EntryAct::Submit { content: entry.content.clone(), entrant },
        actor: Some(account),
        role: ProgramRole::Entrant,
        own: true,
        at: registrar.now,
        note: String::new(),
    };
    let record = entry.state.next(entry.id, registrar.ground(program)?, by)?;
    if entry.number.is_none() {
        entry.number = Some(entries::next_number(tx, program.id).await?);
    }
    registrar.append_entry(tx, program, entry, record).await
}

/// Throws a draft away.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`; `Barred` for what has been handed in.
pub async fn discard_entry(app: &App, viewer: &Viewer, id: ProgramEntryId) -> Result<(), AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let (_, entry) = super::step::seen(&mut db, viewer, id).await?;
    drop(db);
    if !viewer.may_edit_for(entry.party) {
        return Err(AppError::NotAllowed);
    }
    let now = app.now();
    let files = app
        .store
        .write(move |tx| {
            async move {
                let files = files::of_entry(tx, id).await?;
                if !entries::remove_draft(tx, id).await? {
                    return Err(ProgramRefusal::NotHere(entry.state.stage).into());
                }
                log_change(tx, now, RecordKind::ProgramEntry, id, Action::Removed, Some(account)).await?;
                Ok::<_, AppError>(files)
            }
            .boxed()
        })
        .await?;
    for file in files {
        app.blobs.remove(&file.blob).await?;
    }
    Ok(())
}

/// The entries of the viewer's parties, the last begun first.
///
/// # Errors
/// `SignInNeeded`.
pub async fn my_entries(
    app: &App,
    viewer: &Viewer,
    after: Option<ProgramEntryId>,
) -> Result<(Vec<(EntryLine, Program)>, Option<ProgramEntryId>), AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let own: Vec<PartyId> = viewer.roles.iter().map(|(p, _)| *p).chain(viewer.person).collect();
    let mut db = app.store.reader().await?;
    let mut found = lists::of_parties(&mut db, &own, after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|e| e.id);
    let mut ids: Vec<ProgramId> = found.iter().map(|e| e.program).collect();
    ids.sort_unstable();
    ids.dedup();
    let known = keqiao_store::programs::find_many(&mut db, &ids).await?;
    let with = |line: EntryLine| {
        let program = known.iter().find(|p| p.id == line.program)?.clone();
        Some((told_so_far(line, &program), program))
    };
    Ok((found.into_iter().filter_map(with).collect(), next))
}

/// A line as its own people may read it: what was decided is told when the results are announced.
pub(super) fn told_so_far(mut line: EntryLine, program: &Program) -> EntryLine {
    if program.phase < Phase::Announced && matches!(line.stage, EntryStage::Selected | EntryStage::PassedOver) {
        line.stage = EntryStage::Checked;
    }
    line
}

/// The side of an entry's kind.
pub(super) fn side_of(ty: &ProgramType, content: &EntryContent) -> Side {
    if ty.needs.contains(&content.kind) { Side::Need } else { Side::Offer }
}
