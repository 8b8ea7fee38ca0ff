//! What an entry's page tells of its record, its reviews and its way.

use keqiao_app::programs::EntryView;
use keqiao_domain::{EntryDeed, EntryStage, Milestone, Phase, ReviewState, Timestamp};

use super::points;
use crate::page::Frame;

/// A record as the page tells it.
pub(super) struct Told {
    pub(super) ordinal: i64,
    pub(super) what: String,
    pub(super) more: String,
    pub(super) who: String,
    pub(super) role: &'static str,
    pub(super) at: Timestamp,
    pub(super) note: String,
    pub(super) hash: String,
}

/// A reviewer's part, for the organiser.
pub(super) struct Review {
    pub(super) reviewer: String,
    pub(super) name: String,
    pub(super) state: &'static str,
    pub(super) total: String,
    pub(super) points: Vec<(String, i64)>,
    pub(super) comment: String,
    pub(super) waiting: bool,
}

fn deed_key(deed: &EntryDeed) -> &'static str {
    match deed {
        EntryDeed::Submitted { .. } => "entry-deed-submitted",
        EntryDeed::Withdrawn => "entry-deed-withdrawn",
        EntryDeed::Passed => "entry-deed-passed",
        EntryDeed::Returned => "entry-deed-returned",
        EntryDeed::Refused => "entry-deed-refused",
        EntryDeed::Assigned { .. } => "entry-deed-assigned",
        EntryDeed::Unassigned { .. } => "entry-deed-unassigned",
        EntryDeed::Recused { .. } => "entry-deed-recused",
        EntryDeed::Scored { .. } => "entry-deed-scored",
        EntryDeed::Selected => "entry-deed-selected",
        EntryDeed::PassedOver => "entry-deed-passed-over",
        EntryDeed::Reconsidered => "entry-deed-reconsidered",
        EntryDeed::Appealed => "entry-deed-appealed",
        EntryDeed::Answered { upheld: true } => "entry-deed-upheld",
        EntryDeed::Answered { upheld: false } => "entry-deed-dismissed",
        EntryDeed::Shown => "entry-deed-shown",
        EntryDeed::Linked { .. } => "entry-deed-linked",
        EntryDeed::Signed { .. } => "entry-deed-signed",
        EntryDeed::Landed => "entry-deed-landed",
    }
}

/// The record as the page tells it.
pub(super) fn records(f: &Frame, view: &EntryView) -> Vec<Told> {
    let name = |id: &keqiao_domain::AccountId| view.names.get(id).cloned().unwrap_or_default();
    let tell = |r: &keqiao_domain::ProgramRecord<EntryDeed>| {
        let more = match &r.what {
            EntryDeed::Assigned { reviewer } | EntryDeed::Unassigned { reviewer } => name(reviewer),
            EntryDeed::Recused { conflict, .. } => f.word(*conflict).to_owned(),
            EntryDeed::Scored { total, .. } => points(*total),
            EntryDeed::Signed { signing } => format!("{} · {}", signing.with, signing.on),
            _ => String::new(),
        };
        Told {
            ordinal: r.ordinal,
            what: f.t(deed_key(&r.what)).to_owned(),
            more,
            who: r.actor.as_ref().map(name).unwrap_or_default(),
            role: f.word(r.role),
            at: r.at,
            note: r.note.clone(),
            hash: r.seal().hash,
        }
    };
    view.records.iter().map(tell).collect()
}

/// What reviewers did, for the organiser.
pub(super) fn reviews(f: &Frame, view: &EntryView) -> Vec<Review> {
    let locale = f.locale.as_str();
    let line = |(id, review): (&keqiao_domain::AccountId, &keqiao_domain::EntryReview)| {
        let (state, total, given, comment) = match &review.state {
            ReviewState::Assigned => ("review-state-assigned", String::new(), Vec::new(), String::new()),
            ReviewState::Recused { .. } => ("review-state-recused", String::new(), Vec::new(), String::new()),
            ReviewState::Scored { points: given, total, comment } => {
                let of = |c: &keqiao_domain::ScoreCriterion| Some((c.name.get(locale).to_owned(), *given.get(&c.id)?));
                let by = view.ty.criteria.iter().filter_map(of).collect();
                ("review-state-scored", points(*total), by, comment.clone())
            }
        };
        Review {
            reviewer: id.to_string(),
            name: view.names.get(id).cloned().unwrap_or_default(),
            state: f.t(state),
            waiting: review.state == ReviewState::Assigned,
            total,
            points: given,
            comment,
        }
    };
    if view.organiser { view.entry.state.reviews.iter().map(line).collect() } else { Vec::new() }
}

/// The way of an entry: name, whether it came there, whether it stands there.
pub(super) fn stops(f: &Frame, view: &EntryView) -> (Vec<(String, bool, bool)>, bool) {
    let stage = view.entry.state.stage;
    let rank = match stage {
        EntryStage::Draft => -1,
        EntryStage::Submitted | EntryStage::Returned | EntryStage::Refused | EntryStage::Withdrawn => 0,
        EntryStage::Checked | EntryStage::PassedOver if view.program.phase == Phase::Open => 1,
        EntryStage::Checked | EntryStage::PassedOver => 2,
        EntryStage::Selected => 3,
        EntryStage::Shown => 4,
        EntryStage::Signed => 5,
        EntryStage::Landed => 6,
    };
    let of = |m: Milestone| m as i32;
    let last = view.ty.stages.iter().map(|(m, _)| of(*m)).filter(|m| *m <= rank).max();
    let stop = |(m, name): &(Milestone, keqiao_domain::LocalName)| {
        (name.get(f.locale.as_str()).to_owned(), of(*m) <= rank, Some(of(*m)) == last)
    };
    let aside =
        matches!(stage, EntryStage::Returned | EntryStage::Refused | EntryStage::Withdrawn | EntryStage::PassedOver);
    (view.ty.stages.iter().map(stop).collect(), aside)
}
