//! Hours that look wrong, and sums.

use std::collections::BTreeMap;

use super::{Duty, DutyState};
use crate::clock::Timestamp;
use crate::id::{AccountId, DutyId, VolunteerTeamId};

/// So many confirmations of one volunteer by one person within [`PAIR_DAYS`] are more than chance.
pub const PAIR_MOST: usize = 8;
/// The days over which they are counted.
pub const PAIR_DAYS: i64 = 30;
/// Longer than this nobody serves at a stretch.
const LONGEST_SECONDS: i64 = 24 * 3_600;

/// What looks wrong about reported hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Anomaly {
    /// The volunteer was elsewhere at the same time.
    Overlap,
    /// More than 24 hours at a stretch.
    TooLong,
    /// The same two people confirm each other's hours too often.
    SamePair,
}

impl Anomaly {
    /// The word used in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overlap => "overlap",
            Self::TooLong => "too-long",
            Self::SamePair => "same-pair",
        }
    }
}

/// What looks wrong about duties with hours, by duty; those about which nothing does are not in it.
#[must_use]
pub fn anomalies(duties: &[Duty]) -> BTreeMap<DutyId, Vec<Anomaly>> {
    let mut out: BTreeMap<DutyId, Vec<Anomaly>> = BTreeMap::new();
    let mut add = |id: DutyId, what: Anomaly| {
        let list = out.entry(id).or_default();
        if !list.contains(&what) {
            list.push(what);
        }
    };
    let mut by_volunteer: BTreeMap<AccountId, Vec<&Duty>> = BTreeMap::new();
    let mut by_pair: BTreeMap<(AccountId, AccountId), Vec<&Duty>> = BTreeMap::new();
    for duty in duties.iter().filter(|d| d.has_hours()) {
        by_volunteer.entry(duty.volunteer).or_default().push(duty);
        if let Some((prover, _)) = duty.proven {
            let pair = (duty.volunteer.min(prover), duty.volunteer.max(prover));
            by_pair.entry(pair).or_default().push(duty);
        }
        if duty.seconds() > LONGEST_SECONDS {
            add(duty.id, Anomaly::TooLong);
        }
    }
    for own in by_volunteer.values_mut() {
        own.sort_by_key(|d| (d.from, d.id));
        // The one before that ends last: a long one can hold several that follow.
        let mut last: Option<&Duty> = None;
        for duty in own.iter() {
            if let Some(before) = last.filter(|b| duty.from < b.to) {
                add(before.id, Anomaly::Overlap);
                add(duty.id, Anomaly::Overlap);
            }
            if last.is_none_or(|b| duty.to > b.to) {
                last = Some(duty);
            }
        }
    }
    for together in by_pair.values_mut() {
        together.sort_by_key(|d| (d.from, d.id));
        for (i, first) in together.iter().enumerate() {
            let end: Timestamp = first.from.plus_days(PAIR_DAYS);
            let within: Vec<&&Duty> = together[i..].iter().take_while(|d| d.from < end).collect();
            if within.len() > PAIR_MOST {
                within.iter().for_each(|d| add(d.id, Anomaly::SamePair));
            }
        }
    }
    out
}

/// Seconds of a volunteer in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HoursSum {
    /// Proven, and nothing looks wrong.
    pub proven: i64,
    /// Proven, and something does.
    pub flagged: i64,
    /// Reported and not confirmed.
    pub waiting: i64,
    /// How many duties were proven.
    pub duties: i64,
}

/// The hours of each volunteer in each team.
#[must_use]
pub fn sum_hours(
    duties: &[Duty],
    wrong: &BTreeMap<DutyId, Vec<Anomaly>>,
) -> BTreeMap<(VolunteerTeamId, AccountId), HoursSum> {
    let mut out: BTreeMap<_, HoursSum> = BTreeMap::new();
    for duty in duties.iter().filter(|d| d.has_hours()) {
        let sum = out.entry((duty.team, duty.volunteer)).or_default();
        let place = match (duty.state, wrong.contains_key(&duty.id)) {
            (DutyState::Proven, false) => &mut sum.proven,
            (DutyState::Proven, true) => &mut sum.flagged,
            _ => &mut sum.waiting,
        };
        *place += duty.seconds();
        sum.duties += i64::from(duty.state == DutyState::Proven);
    }
    out
}
