//! How long an engagement may rest.
//!
//! Days are days of the installation's zone: three days after 10:00 is 10:00 on the third day, also where the clocks
//! were set forward in between. A time of day that the zone skips is later by what was skipped.

use std::str::FromStr;

use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::State;
use crate::clock::Timestamp;
use crate::workflow::Workflow;

/// A time zone of the tz database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// A text that names no time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time zone: write one as Asia/Shanghai")]
pub struct UnknownZone(pub String);

impl FromStr for Zone {
    type Err = UnknownZone;
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        TimeZone::get(name).map(Self).map_err(|_| UnknownZone(name.chars().take(64).collect()))
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::fixed(jiff::tz::offset(8))))
    }
}

impl Zone {
    fn zoned(&self, at: Timestamp) -> Option<jiff::Zoned> {
        let at = jiff::Timestamp::from_microsecond(at.micros()).ok()?;
        Some(at.to_zoned(self.0.clone()))
    }

    /// The same time of day so many days later.
    #[must_use]
    pub fn days_after(&self, at: Timestamp, days: i64) -> Timestamp {
        let later = self.zoned(at).and_then(|z| z.checked_add(days.days()).ok());
        later.map_or_else(|| at.plus_days(days), |z| Timestamp::from_micros(z.timestamp().as_microsecond()))
    }

    /// The month of a moment, `2026-11`.
    #[must_use]
    pub fn month(&self, at: Timestamp) -> String {
        self.zoned(at).map_or_else(String::new, |z| z.strftime("%Y-%m").to_string())
    }

    /// The day of a moment, `2026-11-30`.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> String {
        self.zoned(at).map_or_else(String::new, |z| z.date().to_string())
    }

    /// Day and minute of a moment, `2026-11-30 09:05`.
    #[must_use]
    pub fn minute(&self, at: Timestamp) -> String {
        self.zoned(at).map_or_else(String::new, |z| z.strftime("%Y-%m-%d %H:%M").to_string())
    }

    /// A moment in a form of `strftime`; `None` outside the years −9999 to 9999.
    #[must_use]
    pub fn written(&self, at: Timestamp, form: &str) -> Option<String> {
        self.zoned(at).map(|z| z.strftime(form).to_string())
    }

    /// The moment of a day and time as a form has them, `2026-11-30T09:05`.
    #[must_use]
    pub fn moment(&self, local: &str) -> Option<Timestamp> {
        let local: jiff::civil::DateTime = local.parse().ok()?;
        let zoned = local.to_zoned(self.0.clone()).ok()?;
        Some(Timestamp::from_micros(zoned.timestamp().as_microsecond()))
    }
}

/// What comes due while an engagement rests, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Due {
    /// Those who must act are reminded.
    Remind,
    /// The broker is told.
    Escalate,
    /// It becomes dormant.
    Rest,
}

/// What comes due next, and when. `done` is what was done last since the last step, and when it really was done: what
/// follows comes a day after it at the earliest, so that a server that slept does not let rest whom it just reminded.
#[must_use]
pub fn next_due(
    workflow: &Workflow,
    state: &State,
    zone: &Zone,
    done: Option<(Due, Timestamp)>,
) -> Option<(Due, Timestamp)> {
    let stage = workflow.stage(&state.stage)?;
    let plan = [
        (Due::Remind, stage.remind_days),
        (Due::Escalate, stage.escalate_days),
        (Due::Rest, stage.dormant_days.filter(|_| workflow.rests_in.is_some())),
    ];
    let next = plan.into_iter().filter(|(due, _)| done.is_none_or(|(last, _)| *due > last));
    next.filter_map(|(due, days)| {
        let planned = zone.days_after(state.last_at, days?);
        Some((due, done.map_or(planned, |(_, at)| planned.max(zone.days_after(at, 1)))))
    })
    .next()
}
