//! The bodies of programs, of entries, and of steps with these.

use std::collections::BTreeMap;

use keqiao_app::programs::{EntryDoing, EntryLine, EntryView};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{AccountId, Attributes, PartyId, Program, ProgramEntryId, ProgramId, Signing, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A program.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProgramBody {
    #[schema(value_type = uuid::Uuid)]
    id: ProgramId,
    /// The sort: a file of `catalog/programs`.
    sort: String,
    title: String,
    call: String,
    /// `draft`, `open`, `review`, `announced`, `published` or `closed`.
    phase: &'static str,
    opens_on: String,
    closes_on: String,
    blind: bool,
    quorum: i64,
    appeal_days: i64,
    /// Places by region code.
    quotas: BTreeMap<String, i64>,
    demo: bool,
    /// How many were handed in; of one program alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    collected: Option<i64>,
    /// How many were selected, once that is announced; of one program alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    selected: Option<i64>,
}

impl ProgramBody {
    /// With how many entries were handed in and selected.
    pub(crate) fn counted(program: Program, collected: i64, selected: Option<i64>) -> Self {
        Self { collected: Some(collected), selected, ..program.into() }
    }
}

impl From<Program> for ProgramBody {
    fn from(p: Program) -> Self {
        let s = p.settings;
        Self {
            id: p.id,
            sort: p.ty,
            title: s.title,
            call: s.call,
            phase: p.phase.as_str(),
            opens_on: s.opens_on,
            closes_on: s.closes_on,
            blind: s.blind,
            quorum: s.quorum,
            appeal_days: s.appeal_days,
            quotas: s.quotas,
            demo: p.demo,
            collected: None,
            selected: None,
        }
    }
}

/// A page of programs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProgramPage {
    pub(crate) items: Vec<ProgramBody>,
    /// What `after` of the next page is.
    pub(crate) next: Option<String>,
}

/// An entry in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryLineBody {
    #[schema(value_type = uuid::Uuid)]
    id: ProgramEntryId,
    number: Option<i64>,
    title: String,
    summary: String,
    #[schema(value_type = uuid::Uuid)]
    party: PartyId,
    party_name: String,
    kind: String,
    region: String,
    industry: String,
    stage: &'static str,
    /// Place in the last ranking; for the organiser.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<i64>,
    /// Normalised score, thousandths of a point; for the organiser.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<i64>,
    /// Plain mean, thousandths of a point; for the organiser.
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<i64>,
}

impl From<EntryLine> for EntryLineBody {
    fn from(l: EntryLine) -> Self {
        Self {
            id: l.id,
            number: l.number,
            title: l.title,
            summary: l.summary,
            party: l.party,
            party_name: l.party_name,
            kind: l.kind,
            region: l.region,
            industry: l.industry,
            stage: l.stage.as_str(),
            place: l.place,
            score: l.score,
            raw: l.raw,
        }
    }
}

/// A page of entries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryLinePage {
    pub(crate) items: Vec<EntryLineBody>,
    /// What `after` of the next page is.
    pub(crate) next: Option<String>,
}

/// An entry for its people and its organiser.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProgramEntryBody {
    #[schema(value_type = uuid::Uuid)]
    id: ProgramEntryId,
    #[schema(value_type = uuid::Uuid)]
    program: ProgramId,
    number: Option<i64>,
    #[schema(value_type = uuid::Uuid)]
    party: PartyId,
    stage: &'static str,
    #[schema(value_type = String)]
    since: Timestamp,
    title: String,
    summary: String,
    kind: String,
    region: String,
    industry: String,
    /// What was filled in, by field.
    #[schema(value_type = Object)]
    fields: Attributes,
    /// How many records it has: what `expected` of a step is.
    steps: i64,
    /// The hash of the last.
    head: String,
    pub(crate) version: i64,
}

impl From<EntryView> for ProgramEntryBody {
    fn from(v: EntryView) -> Self {
        let (entry, content) = (v.entry.state, v.entry.content);
        Self {
            id: v.entry.id,
            program: v.entry.program,
            number: v.entry.number,
            party: v.entry.party,
            stage: entry.stage.as_str(),
            since: entry.since,
            title: content.title,
            summary: content.summary,
            kind: content.kind,
            region: content.region,
            industry: content.industry,
            fields: content.fields,
            steps: entry.steps,
            head: entry.head,
            version: v.entry.version,
        }
    }
}

/// A step with an entry.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct EntryStepBody {
    /// `withdraw`, `pass`, `return`, `refuse`, `assign`, `unassign`, `recuse`, `score`, `select`, `pass-over`,
    /// `reconsider`, `appeal`, `uphold`, `dismiss`, `sign` or `land`.
    #[serde(rename = "do")]
    doing: String,
    /// What is said with it.
    pub(crate) note: String,
    /// How many records there were when this was decided.
    pub(crate) expected: Option<i64>,
    /// The reviewer it is given to or taken from.
    #[schema(value_type = Option<uuid::Uuid>)]
    reviewer: Option<AccountId>,
    /// Points by criterion.
    points: BTreeMap<String, i64>,
    /// With whom it was signed.
    with: String,
    /// On which day.
    on: String,
    /// For how much, in yuan.
    amount_yuan: Option<i64>,
}

impl EntryStepBody {
    /// What it asks for.
    pub(crate) fn doing(&self) -> Result<EntryDoing, AppError> {
        let reviewer = || self.reviewer.ok_or_else(|| AppError::invalid("reviewer", "required"));
        Ok(match self.doing.as_str() {
            "withdraw" => EntryDoing::Withdraw,
            "pass" => EntryDoing::Pass,
            "return" => EntryDoing::Return,
            "refuse" => EntryDoing::Refuse,
            "assign" => EntryDoing::Assign(reviewer()?),
            "unassign" => EntryDoing::Unassign(reviewer()?),
            "recuse" => EntryDoing::Recuse,
            "score" => EntryDoing::Score(self.points.clone()),
            "select" => EntryDoing::Select,
            "pass-over" => EntryDoing::PassOver,
            "reconsider" => EntryDoing::Reconsider,
            "appeal" => EntryDoing::Appeal,
            "uphold" => EntryDoing::Answer { upheld: true },
            "dismiss" => EntryDoing::Answer { upheld: false },
            "sign" => EntryDoing::Sign(Signing {
                with: self.with.trim().to_owned(),
                on: self.on.clone(),
                amount_yuan: self.amount_yuan,
            }),
            "land" => EntryDoing::Land,
            other => {
                let shown: String = other.chars().take(40).collect();
                return Err(AppError::Invalid(vec![Fault::with("do", "unknown-choice", shown)]));
            }
        })
    }
}
