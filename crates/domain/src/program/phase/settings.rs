//! What an organiser sets: the call, its window, its rules and places.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::PartyId;
use crate::program::sort::{ProgramType, TITLE};
use crate::workflow::FieldFault;

/// What the organiser sets.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProgramSettings {
    /// Its title.
    pub title: String,
    /// The text of the call.
    pub call: String,
    /// Who runs it beside the operators.
    pub organizer: Option<PartyId>,
    /// The first day on which entries are taken, `YYYY-MM-DD`.
    pub opens_on: String,
    /// The last day.
    pub closes_on: String,
    /// Whether reviewers do not learn who enters.
    pub blind: bool,
    /// How many must have scored an entry before it is decided.
    pub quorum: i64,
    /// How many reviewers each entry is given to.
    pub per_entry: i64,
    /// For how many days results may be appealed.
    pub appeal_days: i64,
    /// Places by region code.
    pub quotas: BTreeMap<String, i64>,
}

impl ProgramSettings {
    /// What a fresh program of a sort begins with.
    #[must_use]
    pub fn of_type(ty: &ProgramType) -> Self {
        Self {
            blind: ty.blind,
            quorum: ty.quorum,
            per_entry: ty.per_entry,
            appeal_days: ty.appeal_days,
            ..Self::default()
        }
    }

    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self, ty: &ProgramType) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, code, detail: String| {
            faults.push(FieldFault { field: field.to_owned(), code, detail });
        };
        for (field, text, most) in [("title", &self.title, TITLE), ("call", &self.call, 20_000)] {
            if text.trim().is_empty() {
                fault(field, "required", String::new());
            } else if text.chars().count() > most {
                fault(field, "too-long", most.to_string());
            }
        }
        let is_day = |text: &str| text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
        for (field, day) in [("opens_on", &self.opens_on), ("closes_on", &self.closes_on)] {
            if !is_day(day) {
                fault(field, if day.is_empty() { "required" } else { "not-a-date" }, String::new());
            }
        }
        if is_day(&self.opens_on) && is_day(&self.closes_on) && self.closes_on < self.opens_on {
            fault("closes_on", "before-start", String::new());
        }
        let reviewed = !ty.criteria.is_empty();
        let bounds = [
            ("quorum", self.quorum, i64::from(reviewed), 20),
            ("per_entry", self.per_entry, self.quorum, 20),
            ("appeal_days", self.appeal_days, 0, 60),
        ];
        for (field, n, least, most) in bounds {
            if !(least..=most).contains(&n) {
                fault(field, "out-of-range", format!("{least}–{most}"));
            }
        }
        if self.quotas.values().any(|n| !(0..=100_000).contains(n)) {
            fault("quotas", "out-of-range", "0–100000".to_owned());
        }
        faults
    }

    /// The place that an entry of a region counts for: the narrowest region with places that holds it, else its
    /// province.
    #[must_use]
    pub fn area(&self, region: &str) -> String {
        let plain = |code: &str| code.trim_end_matches("00").to_owned();
        let holding =
            self.quotas.keys().filter(|code| region.starts_with(plain(code).as_str()) && code.len() == region.len());
        let narrowest = holding.max_by_key(|code| plain(code).len());
        narrowest.cloned().unwrap_or_else(|| region.get(..2).map_or_else(String::new, |p| format!("{p}0000")))
    }
}
