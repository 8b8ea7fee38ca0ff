//! Taking a step: a move, a confirmation, a correction, a rating.

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Act, AttachmentId, Attributes, Engagement, EngagementId, Entry, FileProof, Refusal, Role, Step, Viewer,
};
use keqiao_store::engagements::{files, steps};
use keqiao_store::{Conn, accounts};

use super::open::NOTE;
use super::record::{Recorder, current};
use super::workflow_of;
use crate::{App, AppError, Fault};

/// Most files attached to one step: each is looked up while all other writers wait.
const FILES: usize = 50;

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doing {
    /// Make or propose a move.
    Move {
        /// Its id.
        id: String,
        /// The reason it asks for.
        reason: Option<String>,
    },
    /// Confirm what was proposed.
    Confirm,
    /// Not confirm it.
    Object,
    /// Correct an earlier step.
    Amend(i64),
    /// Name a broker, or none.
    Assign(Option<AccountId>),
    /// Rate it, 1–5.
    Rate(i64),
}

/// A step as somebody wants to take it.
#[derive(Debug, Clone, PartialEq)]
pub struct StepInput {
    /// What is done.
    pub doing: Doing,
    /// In which capacity; `None`: in the one that may.
    pub role: Option<Role>,
    /// How many steps there were when it was decided.
    pub expected: i64,
    /// What is filled in.
    pub content: Attributes,
    /// What is said besides.
    pub note: String,
    /// What is attached, of the engagement's files.
    pub files: Vec<AttachmentId>,
}

/// Takes a step.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for who may only read; `Stale` when somebody took a step in between;
/// `Refused` and `Invalid` as the workflow says.
pub async fn take_step(app: &App, viewer: &Viewer, id: EngagementId, input: StepInput) -> Result<Engagement, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if input.files.len() > FILES {
        return Err(AppError::Invalid(vec![Fault::with("files", "too-many", FILES)]));
    }
    let (recorder, now, viewer) = (Recorder::of(app), app.now(), viewer.clone());
    app.store
        .write(move |tx| {
            async move {
                let engagement = current(tx, id).await?;
                if !viewer.sees_engagement(&engagement) {
                    return Err(AppError::NotFound);
                }
                let mut roles = viewer.roles_in_engagement(&engagement);
                roles.retain(|r| input.role.is_none_or(|wanted| wanted == *r));
                if roles.is_empty() {
                    return Err(AppError::NotAllowed);
                }
                if engagement.state.steps != input.expected {
                    return Err(AppError::Stale { current: engagement.state.steps });
                }
                let entry = entry(tx, &recorder, id, &input, account, now).await?;
                let step = decide(&recorder, &engagement, &roles, entry)?;
                recorder.append(tx, engagement, &step).await
            }
            .boxed()
        })
        .await
}

/// The step in the first capacity in which it may be taken; else the refusal that says most.
fn decide(recorder: &Recorder, engagement: &Engagement, roles: &[Role], entry: Entry) -> Result<Step, AppError> {
    let workflow = workflow_of(&recorder.catalog, &engagement.subject.workflow)?;
    let mut refusal = Refusal::NotYours;
    for role in roles {
        let own = Entry { role: *role, ..entry.clone() };
        match engagement.state.next(workflow, engagement.id, own) {
            Ok(step) => return Ok(step),
            Err(Refusal::NotYours) => {}
            Err(Refusal::NothingToConfirm) if refusal != Refusal::NotYours => {}
            Err(other) => refusal = other,
        }
    }
    Err(refusal.into())
}

async fn entry(
    tx: &mut Conn,
    recorder: &Recorder,
    id: EngagementId,
    input: &StepInput,
    account: AccountId,
    at: keqiao_domain::Timestamp,
) -> Result<Entry, AppError> {
    let note = input.note.trim().replace("\r\n", "\n");
    let mut faults = Vec::new();
    if note.chars().count() > NOTE {
        faults.push(Fault::with("note", "too-long", NOTE));
    }
    let act = match &input.doing {
        Doing::Move { id, reason } => {
            match reason.as_deref().map(|r| recorder.catalog.decline_reasons.iter().find(|known| known.id == r)) {
                Some(None) => faults.push(Fault::new("reason", "unknown-choice")),
                Some(Some(known)) if known.in_words && note.is_empty() => faults.push(Fault::new("note", "required")),
                _ => {}
            }
            Act::Move { id: id.clone(), reason: reason.clone() }
        }
        Doing::Confirm => Act::Confirm,
        Doing::Object => Act::Object,
        Doing::Amend(ordinal) => {
            let kept = steps::find(tx, id, *ordinal).await?.ok_or(AppError::Refused(Refusal::Unknown))?;
            let fault = |e: serde_json::Error| AppError::Internal(format!("step {ordinal} of {id}: {e}"));
            Act::Amend(Box::new(serde_json::from_str(&kept.record).map_err(fault)?))
        }
        Doing::Assign(broker) => {
            if let Some(broker) = broker
                && accounts::find(tx, *broker)
                    .await?
                    .is_none_or(|a| a.platform_role.is_none() || a.disabled_at.is_some())
            {
                faults.push(Fault::new("broker", "not-a-broker"));
            }
            Act::Assign(*broker)
        }
        Doing::Rate(score) => Act::Rate(*score),
    };
    let files = proofs(tx, id, &input.files, &mut faults).await?;
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let content = input.content.clone();
    Ok(Entry { act, actor: Some(account), role: Role::Clock, at, content, note, files })
}

async fn proofs(
    tx: &mut Conn,
    id: EngagementId,
    wanted: &[AttachmentId],
    faults: &mut Vec<Fault>,
) -> Result<Vec<FileProof>, AppError> {
    let mut proofs: Vec<FileProof> = Vec::with_capacity(wanted.len());
    for file in wanted {
        match files::find(tx, *file).await?.filter(|f| f.engagement == id && f.step.is_none()) {
            Some(f) if proofs.iter().all(|p| p.id != f.id) => {
                proofs.push(FileProof { id: f.id, name: f.name, size: f.size, sha256: f.sha256 });
            }
            Some(_) => {}
            None => faults.push(Fault::with("files", "unknown-file", file)),
        }
    }
    Ok(proofs)
}
