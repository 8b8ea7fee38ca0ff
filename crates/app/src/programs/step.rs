//! Moving one entry: what entrants, organisers and reviewers do with it.

use std::collections::BTreeMap;

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Conflict, EngagementId, EntryAct, EntryMove, Program, ProgramEntry, ProgramEntryId, ProgramRole,
    Signing, StageSort, Viewer,
};
use keqiao_store::programs::{self, entries};
use keqiao_store::{Conn, engagements};

use super::record::Registrar;
use super::ties;
use crate::{App, AppError};

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryDoing {
    /// The entrant withdraws it.
    Withdraw,
    /// The organiser lets it pass the check.
    Pass,
    /// The organiser gives it back to be completed.
    Return,
    /// The organiser refuses it at the check.
    Refuse,
    /// The organiser gives it to a reviewer.
    Assign(AccountId),
    /// The organiser takes it from a reviewer.
    Unassign(AccountId),
    /// A reviewer leaves it to others.
    Recuse,
    /// A reviewer scores it.
    Score(BTreeMap<String, i64>),
    /// The organiser selects it.
    Select,
    /// The organiser does not.
    PassOver,
    /// The organiser takes the decision back.
    Reconsider,
    /// The entrant appeals.
    Appeal,
    /// The organiser answers.
    Answer {
        /// Whether the appeal is upheld.
        upheld: bool,
    },
    /// Somebody says in which engagement it is followed up.
    Link(EngagementId),
    /// The organiser records the signing.
    Sign(Signing),
    /// The organiser records that it landed.
    Land,
}

impl EntryDoing {
    /// In which capacity it is done.
    fn role(&self, organises: bool) -> ProgramRole {
        match self {
            Self::Withdraw | Self::Appeal => ProgramRole::Entrant,
            Self::Recuse | Self::Score(_) => ProgramRole::Reviewer,
            Self::Link(_) if !organises => ProgramRole::Entrant,
            _ => ProgramRole::Organiser,
        }
    }
}

/// Takes a step with an entry; `expected`: how long its record was when that was decided, `None`: however long.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for another capacity; `Stale`; `Barred` and `Invalid` as the program says.
pub async fn take_entry_step(
    app: &App,
    viewer: &Viewer,
    id: ProgramEntryId,
    doing: EntryDoing,
    note: &str,
    expected: Option<i64>,
) -> Result<ProgramEntry, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let (registrar, viewer) = (Registrar::of(app), viewer.clone());
    let note = note.trim().replace("\r\n", "\n");
    app.store
        .write(move |tx| {
            async move {
                let (program, entry) = seen(tx, &viewer, id).await?;
                let role = doing.role(viewer.organises(&program));
                may_act(&viewer, &program, &entry, role)?;
                if let Some(expected) = expected.filter(|n| *n != entry.state.steps) {
                    tracing::debug!(expected, "an entry moved on in between");
                    return Err(AppError::Stale { current: entry.state.steps });
                }
                let act = act_of(tx, &registrar, &program, &entry, doing, account).await?;
                let by = EntryMove {
                    act,
                    actor: Some(account),
                    role,
                    own: viewer.role_in(entry.party).is_some(),
                    at: registrar.now,
                    note,
                };
                let record = entry.state.next(id, registrar.ground(&program)?, by)?;
                registrar.append_entry(tx, &program, entry, record).await
            }
            .boxed()
        })
        .await
}

/// The entry, when the viewer has anything to do with it.
pub(super) async fn seen(
    db: &mut Conn,
    viewer: &Viewer,
    id: ProgramEntryId,
) -> Result<(Program, ProgramEntry), AppError> {
    let entry = entries::find(db, id).await?.ok_or(AppError::NotFound)?;
    let program = programs::find(db, entry.program).await?.ok_or(AppError::NotFound)?;
    let reviews = viewer.account.is_some_and(|a| entry.state.reviews.contains_key(&a));
    if viewer.reads_entry(&program, &entry) || reviews || entry.state.stage.is_on_show() {
        Ok((program, entry))
    } else {
        Err(AppError::NotFound)
    }
}

fn may_act(viewer: &Viewer, program: &Program, entry: &ProgramEntry, role: ProgramRole) -> Result<(), AppError> {
    let may = match role {
        ProgramRole::Entrant => viewer.may_edit_for(entry.party),
        ProgramRole::Organiser => viewer.organises(program),
        ProgramRole::Reviewer => viewer.account.is_some_and(|a| entry.state.reviews.contains_key(&a)),
        ProgramRole::Program => false,
    };
    if may { Ok(()) } else { Err(AppError::NotAllowed) }
}

async fn act_of(
    tx: &mut Conn,
    registrar: &Registrar,
    program: &Program,
    entry: &ProgramEntry,
    doing: EntryDoing,
    account: AccountId,
) -> Result<EntryAct, AppError> {
    Ok(match doing {
        EntryDoing::Withdraw => EntryAct::Withdraw,
        EntryDoing::Pass => {
            let area = program.settings.area(&entry.content.region);
            let passed = entries::passed_in(tx, program.id, &area).await?;
            EntryAct::Pass { passed, places: program.settings.quotas.get(&area).copied() }
        }
        EntryDoing::Return => EntryAct::Return,
        EntryDoing::Refuse => EntryAct::Refuse,
        EntryDoing::Assign(reviewer) => {
            let reviewer = ties::reviewer(tx, program.id, reviewer).await?;
            EntryAct::Assign {
                reviewer: ties::of_reviewer(tx, &reviewer).await?,
                entry: ties::of_entry(tx, entry).await?,
            }
        }
        EntryDoing::Unassign(reviewer) => EntryAct::Unassign(reviewer),
        EntryDoing::Recuse => EntryAct::Recuse(Conflict::Declared),
        EntryDoing::Score(points) => {
            let reviewer = ties::reviewer(tx, program.id, account).await?;
            EntryAct::Score {
                reviewer: ties::of_reviewer(tx, &reviewer).await?,
                entry: ties::of_entry(tx, entry).await?,
                points,
            }
        }
        EntryDoing::Select => EntryAct::Select,
        EntryDoing::PassOver => EntryAct::PassOver,
        EntryDoing::Reconsider => EntryAct::Reconsider,
        EntryDoing::Appeal => EntryAct::Appeal,
        EntryDoing::Answer { upheld } => EntryAct::Answer { upheld },
        EntryDoing::Link(engagement) => {
            let found = engagements::find(tx, engagement).await?;
            let own = found.filter(|e| [e.subject.need_party, e.subject.offer_party].contains(&entry.party));
            own.ok_or_else(|| AppError::invalid("engagement", "unknown-engagement"))?;
            EntryAct::Link(engagement)
        }
        EntryDoing::Sign(signing) => EntryAct::Sign(signing),
        EntryDoing::Land => EntryAct::Land { engagement_landed: has_landed(tx, registrar, entry).await? },
    })
}

/// Whether the engagement in which an entry is followed up has landed, by its own record.
async fn has_landed(tx: &mut Conn, registrar: &Registrar, entry: &ProgramEntry) -> Result<bool, AppError> {
    let Some(id) = entry.state.engagement else { return Ok(false) };
    let Some(engagement) = engagements::find(tx, id).await? else { return Ok(false) };
    let workflow = registrar.catalog.workflows.get(&engagement.subject.workflow);
    let stage = workflow.and_then(|w| w.stage(&engagement.state.stage));
    Ok(stage.is_some_and(|s| s.sort == StageSort::Landed))
}
