//! An engagement as the API writes it.

use std::collections::BTreeMap;

use keqiao_app::engagements::{EngagementRow, EngagementView, Figures, FunnelStage, PublicChain};
use keqiao_domain::{
    AttachmentId, Deed, EngagementId, FileProof, ListingId, PartyId, Proposal, Role, Side, Step, Timestamp, Value,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::Versioned;

/// One of the two sides.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SideBody {
    /// The party.
    #[schema(value_type = uuid::Uuid)]
    party: PartyId,
    /// Its name.
    name: String,
    /// The listing, if it was published.
    #[schema(value_type = Option<uuid::Uuid>)]
    listing: Option<ListingId>,
}

/// What waits for confirmation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaitingBody {
    /// The step that proposed it.
    step: i64,
    /// The move; none: the amendment of a step.
    #[serde(rename = "move", skip_serializing_if = "Option::is_none")]
    made: Option<String>,
    /// The step that is amended.
    #[serde(skip_serializing_if = "Option::is_none")]
    amends: Option<i64>,
    /// The sides that have to confirm: `need`, `offer`.
    #[schema(value_type = Vec<String>)]
    asks: Vec<Side>,
}

/// A file with the hash of its bytes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProofBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: AttachmentId,
    /// File name.
    name: String,
    /// Bytes.
    size: i64,
    /// SHA-256 of the bytes, hex.
    sha256: String,
    /// Where its bytes are.
    url: String,
}

impl From<&FileProof> for ProofBody {
    fn from(file: &FileProof) -> Self {
        Self {
            url: format!("/engagement-files/{}", file.id),
            id: file.id,
            name: file.name.clone(),
            size: file.size,
            sha256: file.sha256.clone(),
        }
    }
}

/// One step of the record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepBody {
    /// Its place, from 1.
    ordinal: i64,
    /// When.
    #[schema(value_type = String)]
    at: Timestamp,
    /// In which capacity: `need`, `offer`, `broker`, `operator`, `clock`.
    #[serde(rename = "as")]
    #[schema(value_type = String)]
    role: Role,
    /// What was done: `opened`, `moved`, `proposed`, `confirmed`, …
    #[schema(value_type = String)]
    deed: Deed,
    /// The move.
    #[serde(rename = "move")]
    made: Option<String>,
    /// The stage after it.
    stage: String,
    /// The step that it amends.
    amends: Option<i64>,
    /// Why it was declined.
    reason: Option<String>,
    /// Points of a rating.
    score: Option<i64>,
    /// What was filled in.
    #[schema(value_type = Object)]
    content: BTreeMap<String, Value>,
    /// What was said besides.
    note: String,
    /// What was attached.
    files: Vec<ProofBody>,
    /// Its SHA-256, hex.
    hash: String,
    /// The hash of the step before.
    previous: String,
}

impl From<&Step> for StepBody {
    fn from(step: &Step) -> Self {
        Self {
            ordinal: step.ordinal,
            at: step.at,
            role: step.role,
            deed: step.deed,
            made: step.made.clone(),
            stage: step.stage.clone(),
            amends: step.amends,
            reason: step.reason.clone(),
            score: step.score,
            content: step.content.clone(),
            note: step.note.clone(),
            files: step.files.iter().map(ProofBody::from).collect(),
            hash: step.hash(),
            previous: step.previous.clone(),
        }
    }
}

/// An engagement in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EngagementHead {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: EngagementId,
    /// One line.
    title: String,
    /// The stage.
    stage: String,
    /// Since when.
    #[schema(value_type = String)]
    since: Timestamp,
    /// Who needs.
    need: SideBody,
    /// Who offers.
    offer: SideBody,
    /// How many steps there are.
    steps: i64,
    /// Whether it waits for the caller's confirmation.
    waits_for_you: bool,
}

impl From<EngagementRow> for EngagementHead {
    fn from(row: EngagementRow) -> Self {
        let (subject, state) = (row.engagement.subject, row.engagement.state);
        Self {
            id: row.engagement.id,
            title: subject.title,
            stage: state.stage,
            since: state.since,
            need: SideBody { party: subject.need_party, name: row.need, listing: subject.need },
            offer: SideBody { party: subject.offer_party, name: row.offer, listing: subject.offer },
            steps: state.steps,
            waits_for_you: row.waits,
        }
    }
}

/// One page of engagements.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EngagementPage {
    /// The engagements.
    pub(crate) items: Vec<EngagementHead>,
    /// `after` of the next page; none: this is the last.
    pub(crate) next: Option<String>,
}

/// An engagement with its record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EngagementBody {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: EngagementId,
    /// One line.
    title: String,
    /// The workflow.
    workflow: String,
    /// The stage.
    stage: String,
    /// Since when.
    #[schema(value_type = String)]
    since: Timestamp,
    /// The stages of the path it has reached.
    reached: Vec<String>,
    /// Who needs.
    need: SideBody,
    /// Who offers.
    offer: SideBody,
    /// The kind of need or offer.
    kind: String,
    /// Region code.
    region: Option<String>,
    /// What waits for confirmation.
    waiting: Option<WaitingBody>,
    /// In which capacities the caller may act.
    #[schema(value_type = Vec<String>)]
    you_are: Vec<Role>,
    /// The moves the caller may make now.
    moves: Vec<String>,
    /// How many steps there are: `expected` of the next.
    steps: i64,
    /// The hash of the last.
    head: String,
    /// Whether every link of the chain holds.
    chain_holds: bool,
    /// The steps.
    record: Vec<StepBody>,
}

impl Versioned for EngagementBody {
    /// How many steps it has.
    fn version(&self) -> i64 {
        self.steps
    }
}

impl From<EngagementView> for EngagementBody {
    fn from(view: EngagementView) -> Self {
        let (subject, state) = (view.engagement.subject, view.engagement.state);
        let waiting = state.pending.map(|p| {
            let (made, amends) = match p.what {
                Proposal::Move(id) => (Some(id), None),
                Proposal::Amend(step) => (None, Some(step)),
            };
            WaitingBody { step: p.step, made, amends, asks: p.asks }
        });
        Self {
            id: view.engagement.id,
            title: subject.title,
            workflow: subject.workflow,
            stage: state.stage,
            since: state.since,
            reached: state.reached,
            need: SideBody { party: view.need_party.id, name: view.need_party.name, listing: subject.need },
            offer: SideBody { party: view.offer_party.id, name: view.offer_party.name, listing: subject.offer },
            kind: subject.kind,
            region: subject.region,
            waiting,
            you_are: view.roles,
            moves: view.moves.into_iter().map(|m| m.id).collect(),
            steps: state.steps,
            head: state.head,
            chain_holds: view.chain_fault.is_none(),
            record: view.steps.iter().map(StepBody::from).collect(),
        }
    }
}

/// One stage of the funnel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StageFigures {
    /// The stage.
    stage: String,
    /// How many came at least as far.
    reached: i64,
    /// How many stand there now.
    standing: i64,
    /// Share of the stage before, 0–1.
    conversion: Option<f64>,
    /// Seconds that those that left it had stood there, on average.
    average_seconds: Option<i64>,
}

/// A count with what it counts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Counted {
    /// A stage, or a reason.
    of: String,
    /// How many.
    count: i64,
}

/// The figures of a dashboard.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FiguresBody {
    /// The stages of the path.
    funnel: Vec<StageFigures>,
    /// The stages beside it.
    aside: Vec<Counted>,
    /// Why engagements were declined.
    declined: Vec<Counted>,
}

impl From<Figures> for FiguresBody {
    fn from(told: Figures) -> Self {
        let stage = |f: FunnelStage| StageFigures {
            stage: f.stage.id,
            reached: f.reached,
            standing: f.standing,
            conversion: f.conversion,
            average_seconds: f.average_seconds,
        };
        Self {
            funnel: told.funnel.into_iter().map(stage).collect(),
            aside: told.aside.into_iter().map(|(s, count)| Counted { of: s.id, count }).collect(),
            declined: told.reasons.into_iter().map(|(of, count)| Counted { of, count }).collect(),
        }
    }
}

/// A chain, as everybody who holds one of its hashes may know it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChainBody {
    /// Whether every link holds.
    holds: bool,
    /// The place of the step with this hash.
    ordinal: i64,
    /// How many steps there are.
    steps: i64,
    /// When the step with this hash was taken.
    #[schema(value_type = String)]
    at: Timestamp,
    /// The stage after it.
    stage: String,
    /// Where the chain is broken.
    fault: Option<String>,
}

impl From<PublicChain> for ChainBody {
    fn from(chain: PublicChain) -> Self {
        Self {
            holds: chain.fault.is_none(),
            ordinal: chain.ordinal,
            steps: chain.steps,
            at: chain.at,
            stage: chain.stage,
            fault: chain.fault.map(|f| f.to_string()),
        }
    }
}
