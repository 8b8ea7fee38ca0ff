//! Handing engagements over from one broker to another.

use keqiao_domain::{AccountId, Attributes, EngagementId, Role, Viewer};
use keqiao_store::engagements::lists::{self, Behind, Scope};
use keqiao_store::{accounts, engagements};

use super::board::{EngagementRow, rows};
use super::{DEFAULT_WORKFLOW, Doing, StepInput, take_step, workflow_of};
use crate::{App, AppError, Fault};

/// Most engagements that are handed over at once.
const MOST: usize = 200;

/// What a broker may hand over, and to whom.
#[derive(Debug, Clone)]
pub struct HandOver {
    /// Whose they are.
    pub from: AccountId,
    /// What he or she looks after and is not over.
    pub rows: Vec<EngagementRow>,
    /// Who may take them.
    pub others: Vec<(AccountId, String)>,
    /// All who look after engagements: operators hand over for others.
    pub staff: Vec<(AccountId, String)>,
}

/// One's own engagements, or, for an operator, those of somebody else, also of one who lost the role.
fn whose(viewer: &Viewer, from: Option<AccountId>) -> Result<AccountId, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let from = from.unwrap_or(account);
    if !viewer.sees_all() || (from != account && !viewer.is_operator()) {
        return Err(AppError::NotAllowed);
    }
    Ok(from)
}

/// What can be handed over.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` but for brokers, their own, and operators.
pub async fn view_hand_over(app: &App, viewer: &Viewer, from: Option<AccountId>) -> Result<HandOver, AppError> {
    let from = whose(viewer, from)?;
    let workflow = workflow_of(&app.catalog, DEFAULT_WORKFLOW)?;
    let mut db = app.store.reader().await?;
    let mut list = lists::list(&mut db, &Scope::Broker(from), &Behind::default(), None, MOST as i64).await?;
    list.retain(|e| !workflow.is_final(&e.state.stage));
    let rows = rows(&mut db, viewer, list).await?;
    let staff: Vec<_> = accounts::staff(&mut db).await?.into_iter().map(|a| (a.id, a.name)).collect();
    let others = staff.iter().filter(|(id, _)| *id != from).cloned().collect();
    Ok(HandOver { from, rows, others, staff })
}

/// Gives engagements to another broker: a step in each record, with what is said. Gives how many.
///
/// # Errors
/// Those of [`view_hand_over`]; `Invalid`. What was handed over before one failed stays so.
pub async fn hand_over(
    app: &App,
    viewer: &Viewer,
    from: Option<AccountId>,
    to: Option<AccountId>,
    which: &[EngagementId],
    note: &str,
) -> Result<usize, AppError> {
    let from = whose(viewer, from)?;
    let mut faults = Vec::new();
    if to.is_none() {
        faults.push(Fault::new("broker", "required"));
    }
    if which.is_empty() {
        faults.push(Fault::new("which", "required"));
    } else if which.len() > MOST {
        faults.push(Fault::with("which", "too-many", MOST));
    }
    if note.trim().is_empty() {
        faults.push(Fault::new("note", "required"));
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let mut given = 0;
    for id in which {
        let found = engagements::find(&mut app.store.reader().await?, *id).await?;
        // Somebody else took it over meanwhile.
        let Some(engagement) = found.filter(|e| e.state.broker == Some(from)) else { continue };
        let own = viewer.account == Some(from) && !viewer.is_operator();
        let input = StepInput {
            doing: Doing::Assign(to),
            role: Some(if own { Role::Broker } else { Role::Operator }),
            expected: engagement.state.steps,
            content: Attributes::new(),
            note: note.to_owned(),
            files: Vec::new(),
        };
        take_step(app, viewer, *id, input).await?;
        given += 1;
    }
    Ok(given)
}
