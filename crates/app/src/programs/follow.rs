//! Following up what was selected until it is in use: in an engagement, whose record is the proof.

use futures::FutureExt;
use keqiao_domain::{
    Engagement, EngagementId, EntryAct, EntryMove, EntryStage, PartyId, Phase, Program, ProgramEntryId, ProgramId,
    ProgramRefusal, ProgramRole, Side, Viewer,
};
use keqiao_store::programs::entries;
use keqiao_store::programs::lists::{self, EntryFilter, EntryLine};
use keqiao_store::{engagements, listings};

use super::enter::side_of;
use super::record::Registrar;
use super::step::seen;
use super::{PAGE, find_own};
use crate::engagements::{OpenInput, open_engagement};
use crate::{App, AppError};

/// An entry and how far its engagement came.
#[derive(Debug, Clone)]
pub struct FollowLine {
    /// The entry.
    pub line: EntryLine,
    /// The workflow and stage of its engagement; `None`: it has none.
    pub engaged: Option<(String, String)>,
}

/// A page of what was chosen, with how far each came; of one stage or of all.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`.
pub async fn follow_up(
    app: &App,
    viewer: &Viewer,
    id: ProgramId,
    stage: Option<EntryStage>,
    after: i64,
) -> Result<(Program, Vec<FollowLine>, Option<i64>), AppError> {
    let mut db = app.store.reader().await?;
    let program = find_own(&mut db, viewer, id).await?;
    let stages = stage.map_or_else(super::hall::chosen_stages, |s| vec![s]);
    let filter = EntryFilter { stages, ..EntryFilter::default() };
    let mut found = lists::by_number(&mut db, id, &filter, after, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).and_then(|e| e.number);
    let mut out = Vec::with_capacity(found.len());
    for line in found {
        let engagement = match line.engagement {
            Some(id) => engagements::find(&mut db, id).await?,
            None => None,
        };
        let engaged = engagement.map(|e| (e.subject.workflow, e.state.stage));
        out.push(FollowLine { line, engaged });
    }
    Ok((program, out, next))
}

/// Opens the engagement in which an entry is followed up, with a party that takes it up, and says so in the entry's
/// record. For the entrant's people, the organiser, whoever acts for the other party, and brokers.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; those of opening an engagement; `Barred` when nothing is on show.
pub async fn open_followed_engagement(
    app: &App,
    viewer: &Viewer,
    id: ProgramEntryId,
    other: PartyId,
    note: &str,
) -> Result<Engagement, AppError> {
    viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let (program, entry) = seen(&mut db, viewer, id).await?;
    let may = [entry.party, other].iter().any(|party| viewer.may_edit_for(*party)) || viewer.organises(&program);
    if !(may || viewer.platform.is_some()) {
        return Err(AppError::NotAllowed);
    }
    if program.phase != Phase::Published || !entry.state.stage.is_chosen() {
        return Err(ProgramRefusal::NotNow(program.phase).into());
    }
    if let Some(kept) = entry.state.engagement {
        return Err(taken(kept));
    }
    let side = side_of(super::type_of(&app.catalog, &program)?, &entry.content);
    let listing = match entry.content.listing {
        Some(listing) => listings::find(&mut db, listing).await?,
        None => None,
    };
    drop(db);
    let open = listing.filter(|l| l.side == side && l.state == keqiao_domain::ListingState::Published).map(|l| l.id);
    let (need, offer) = if side == Side::Need { (open, None) } else { (None, open) };
    let (need_party, offer_party) = if side == Side::Need { (entry.party, other) } else { (other, entry.party) };
    let input = OpenInput {
        need,
        offer,
        need_party: Some(need_party),
        offer_party: Some(offer_party),
        program: Some(program.id),
        title: entry.content.title.clone(),
        note: note.to_owned(),
    };
    let engagement = open_engagement(app, viewer, input, None).await?;
    let (registrar, actor, opened) = (Registrar::of(app), viewer.account, engagement.id);
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let entry = entries::find(tx, id).await?.ok_or(AppError::NotFound)?;
                let by = EntryMove {
                    act: EntryAct::Link(opened),
                    actor,
                    role: ProgramRole::Entrant,
                    own: false,
                    at: registrar.now,
                    note: String::new(),
                };
                let record = entry.state.next(id, registrar.ground(&program)?, by)?;
                registrar.append_entry(tx, &program, entry, record).await.map(drop)
            }
            .boxed()
        })
        .await?;
    Ok(engagement)
}

fn taken(kept: EngagementId) -> AppError {
    AppError::Invalid(vec![crate::Fault::with("engagement", "engaged", kept)])
}
