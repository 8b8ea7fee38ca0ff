//! An engagement as its people see it, and a chain as the public may check it.

use std::collections::HashMap;

use keqiao_domain::{
    AccountId, Appointment, ChainFault, Engagement, EngagementFile, EngagementId, KeptStep, Message, MessageId, Move,
    Party, Proposal, Role, StageSort, Step, Timestamp, Viewer, Workflow, verify_whole,
};
use keqiao_store::engagements::{self, files, steps, talk};
use keqiao_store::{Conn, accounts, parties};

use super::{find_seen, workflow_of};
use crate::{App, AppError};

/// Messages on a page.
const MESSAGES: usize = 100;

/// An engagement, its steps as they are kept, and as they were read or where they are broken.
type Record = (Engagement, Vec<KeptStep>, Result<Vec<Step>, ChainFault>);

/// All of an engagement.
#[derive(Debug, Clone)]
pub struct EngagementView {
    /// The engagement.
    pub engagement: Engagement,
    /// Its workflow.
    pub workflow: Workflow,
    /// Who needs.
    pub need_party: Party,
    /// Who offers.
    pub offer_party: Party,
    /// The record; up to where the chain is broken, if it is.
    pub steps: Vec<Step>,
    /// Where the chain is broken.
    pub chain_fault: Option<ChainFault>,
    /// All files.
    pub files: Vec<EngagementFile>,
    /// The latest messages, or those before the one that was asked for, the oldest of them first.
    pub messages: Vec<Message>,
    /// The message before which there are others.
    pub earlier: Option<MessageId>,
    /// The appointments.
    pub appointments: Vec<Appointment>,
    /// Names of the people in it.
    pub names: HashMap<AccountId, String>,
    /// In which capacities the viewer may act.
    pub roles: Vec<Role>,
    /// The moves the viewer may make now.
    pub moves: Vec<Move>,
    /// Whether the viewer is asked to confirm.
    pub may_confirm: bool,
    /// Whether the viewer may say no to what is proposed, other than by declining.
    pub may_object: bool,
    /// Whether the viewer may rate it.
    pub may_rate: bool,
    /// Brokers that may be named; for operators and its broker.
    pub brokers: Vec<(AccountId, String)>,
}

impl EngagementView {
    /// The party of a role, if it is a side's.
    #[must_use]
    pub fn party_of(&self, role: Role) -> Option<&Party> {
        match role {
            Role::Need => Some(&self.need_party),
            Role::Offer => Some(&self.offer_party),
            _ => None,
        }
    }

    /// Whether a step may be corrected now by the viewer.
    #[must_use]
    pub fn may_amend(&self, step: &Step) -> bool {
        let sort = self.workflow.stage(&self.engagement.state.stage).map(|s| s.sort);
        let fields =
            step.made.as_deref().and_then(|id| self.workflow.find_move(id)).is_some_and(|m| !m.fields.is_empty());
        let may = |r: &Role| self.engagement.state.may_amend(&self.workflow, step, *r).is_ok();
        fields && sort != Some(StageSort::Aside) && self.roles.iter().any(may)
    }
}

/// An engagement.
///
/// # Errors
/// `NotFound`, also when the viewer may not see it.
pub async fn view_engagement(app: &App, viewer: &Viewer, id: EngagementId) -> Result<EngagementView, AppError> {
    view_engagement_before(app, viewer, id, None).await
}

/// An engagement with the messages before one.
///
/// # Errors
/// `NotFound`, also when the viewer may not see it.
pub async fn view_engagement_before(
    app: &App,
    viewer: &Viewer,
    id: EngagementId,
    before: Option<MessageId>,
) -> Result<EngagementView, AppError> {
    let mut db = app.store.reader().await?;
    let seen = find_seen(&mut db, viewer, id).await?;
    let (engagement, kept, checked) = read_record(&mut db, seen).await?;
    let workflow = workflow_of(&app.catalog, &engagement.subject.workflow)?.clone();
    let need_party = parties::find(&mut db, engagement.subject.need_party).await?.ok_or(AppError::NotFound)?;
    let offer_party = parties::find(&mut db, engagement.subject.offer_party).await?.ok_or(AppError::NotFound)?;
    let (steps, chain_fault) = match checked {
        Ok(steps) => (steps, None),
        Err(fault) => {
            let readable = kept.iter().map_while(|k| serde_json::from_str(&k.record).ok()).collect();
            (readable, Some(fault))
        }
    };
    let files = files::of_engagement(&mut db, id).await?;
    let (messages, earlier) = messages(&mut db, id, before).await?;
    let appointments = talk::appointments(&mut db, id).await?;
    let roles = viewer.roles_in_engagement(&engagement);
    let mut brokers = Vec::new();
    if roles.iter().any(|r| matches!(r, Role::Broker | Role::Operator)) {
        let staff = accounts::staff(&mut db).await?;
        brokers = staff.into_iter().map(|a| (a.id, a.name)).collect();
    }
    let mut people: Vec<AccountId> = steps.iter().flat_map(|s: &Step| [s.actor, s.broker]).flatten().collect();
    people.extend(messages.iter().map(|m| m.author));
    people.extend(appointments.iter().map(|a| a.author));
    people.sort_unstable();
    people.dedup();
    let names = accounts::names(&mut db, &people).await?.into_iter().collect();
    let state = &engagement.state;
    let mut moves: Vec<Move> = Vec::new();
    for made in roles.iter().flat_map(|role| state.moves(&workflow, *role)) {
        if moves.iter().all(|m| m.id != made.id) {
            moves.push(made.clone());
        }
    }
    let asked = |p: &keqiao_domain::Pending| roles.iter().any(|r| r.side().is_some_and(|s| p.asks.contains(&s)));
    let sided = roles.iter().any(|r| r.side().is_some());
    let opening = Proposal::Move(workflow.opens.clone());
    let landed = workflow.stage(&state.stage).is_some_and(|s| s.sort == StageSort::Landed);
    let rater = viewer.account.is_some_and(|a| !state.raters.contains(&a));
    let unrated = rater && roles.iter().any(|r| r.side().is_some_and(|s| !state.rated.contains(&s)));
    Ok(EngagementView {
        may_confirm: state.pending.as_ref().is_some_and(asked),
        may_object: sided && state.pending.as_ref().is_some_and(|p| p.what != opening),
        may_rate: landed && unrated,
        moves,
        need_party,
        offer_party,
        steps,
        chain_fault,
        files,
        messages,
        earlier,
        appointments,
        names,
        roles,
        brokers,
        workflow,
        engagement,
    })
}

/// A page of messages, the oldest first, and the one before which there are others.
async fn messages(
    db: &mut Conn,
    id: EngagementId,
    before: Option<MessageId>,
) -> Result<(Vec<Message>, Option<MessageId>), AppError> {
    let mut found = talk::messages(db, id, before, MESSAGES as i64 + 1).await?;
    let more = found.len() > MESSAGES;
    found.truncate(MESSAGES);
    found.reverse();
    let earlier = found.first().filter(|_| more).map(|m| m.id);
    Ok((found, earlier))
}

/// An engagement with its record, checked against each other.
async fn read_record(db: &mut Conn, mut engagement: Engagement) -> Result<Record, AppError> {
    loop {
        let kept = steps::of_engagement(db, engagement.id).await?;
        let checked = verify_whole(&engagement, &kept);
        if checked.is_err() {
            // A step taken between the two readings is no fault.
            let now = engagements::find(db, engagement.id).await?.ok_or(AppError::NotFound)?;
            if now.state.steps != engagement.state.steps {
                engagement = now;
                continue;
            }
        }
        return Ok((engagement, kept, checked));
    }
}

/// What anybody may know of a chain whose hash they hold: that it is there, whole, and how far it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicChain {
    /// The place of the step with this hash.
    pub ordinal: i64,
    /// How many steps there are.
    pub steps: i64,
    /// When the step with this hash was taken.
    pub at: Timestamp,
    /// The stage after it, and since when the engagement stood in it.
    pub stage: String,
    /// The workflow.
    pub workflow: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// How many files the steps up to it bear.
    pub files: usize,
    /// Where the chain is broken.
    pub fault: Option<ChainFault>,
}

/// Checks the chain in which a hash stands.
///
/// # Errors
/// `NotFound` when no step has this hash.
pub async fn public_chain(app: &App, hash: &str) -> Result<PublicChain, AppError> {
    let hash = hash.trim().to_lowercase();
    if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(AppError::NotFound);
    }
    let mut db = app.store.reader().await?;
    let (id, ordinal) = steps::of_hash(&mut db, &hash).await?.ok_or(AppError::NotFound)?;
    let found = engagements::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let (engagement, kept, checked) = read_record(&mut db, found).await?;
    let fault = checked.as_ref().err().cloned();
    let upto: Vec<&Step> = checked.iter().flatten().filter(|s| s.ordinal <= ordinal).collect();
    let last = upto.last();
    Ok(PublicChain {
        ordinal,
        steps: kept.len().try_into().unwrap_or(i64::MAX),
        at: last.map_or(engagement.state.last_at, |s| s.at),
        stage: last.map_or_else(String::new, |s| s.stage.clone()),
        workflow: engagement.subject.workflow,
        opened_at: engagement.state.opened_at,
        files: upto.iter().map(|s| s.files.len()).sum(),
        fault,
    })
}
