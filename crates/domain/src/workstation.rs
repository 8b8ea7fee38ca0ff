//! Expert workstations 院士（专家）工作站: the limits that hold for those who work at them, terms and results.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{AccountId, PartyId, WorkstationId};
use crate::workflow::LocalName;

/// What holds for a sort of expert.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExpertRule {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: LocalName,
    /// At how many stations one may be at a time; `None`: at any number.
    pub most: Option<i64>,
    /// How many months a year one must be at each; `None`: nothing is said.
    pub months: Option<i64>,
}

/// The rules for workstations, from the catalog.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkstationRules {
    /// Their version.
    pub version: String,
    /// The sorts of experts.
    pub experts: Vec<ExpertRule>,
    /// From how many to how many years a term usually is.
    pub term_years: Option<(i64, i64)>,
    /// So many days before the end of a term its people are told, the largest first.
    pub alert_days: Vec<i64>,
}

/// How a station stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StationState {
    /// It was applied for.
    Applied,
    /// It stands.
    Standing,
    /// It was not granted.
    Refused,
    /// It was closed.
    Closed,
}

impl StationState {
    /// The word used in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Standing => "standing",
            Self::Refused => "refused",
            Self::Closed => "closed",
        }
    }
}

/// An expert at a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StationExpert {
    /// The person.
    pub person: PartyId,
    /// The sort, by the id of its rule.
    pub sort: String,
    /// Months a year at this station.
    pub months: i64,
}

/// What a station brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StationResult {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// What.
    pub text: String,
    /// Who wrote it down.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// A workstation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workstation {
    /// Its id.
    pub id: WorkstationId,
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub party: PartyId,
    /// What is worked on.
    pub topic: String,
    /// Who works there.
    pub experts: Vec<StationExpert>,
    /// First day of the term, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// How it stands.
    pub state: StationState,
    /// What was said when it was granted, refused or closed.
    pub answer: String,
    /// What it brought.
    pub results: Vec<StationResult>,
    /// Whether it is demo data.
    pub demo: bool,
    /// Grows with each change.
    pub version: i64,
    /// When it was applied for.
    pub created_at: Timestamp,
}

/// A limit that is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LimitFault {
    /// No such sort of expert.
    UnknownSort(String),
    /// The person would be at more stations at a time than the rule lets: person, limit.
    TooMany(PartyId, i64),
    /// Fewer months a year than the rule asks: person, months asked.
    TooFewMonths(PartyId, i64),
    /// More than twelve months a year at all stations together.
    TooManyMonths(PartyId),
    /// The same person twice.
    Twice(PartyId),
}

impl Workstation {
    /// Whether it is at work on a day.
    #[must_use]
    pub fn is_at_work(&self, day: &str) -> bool {
        self.state == StationState::Standing && self.from.as_str() <= day && day <= self.to.as_str()
    }

    /// Whether its term is over.
    #[must_use]
    pub fn is_over(&self, day: &str) -> bool {
        self.state == StationState::Standing && self.to.as_str() < day
    }

    fn meets(&self, other: &Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// The limits that this station would break beside those that stand.
    #[must_use]
    pub fn faults(&self, rules: &WorkstationRules, standing: &[Self]) -> Vec<LimitFault> {
        let mut faults = Vec::new();
        let others: Vec<&Self> =
            standing.iter().filter(|s| s.id != self.id && s.state == StationState::Standing && s.meets(self)).collect();
        for (i, expert) in self.experts.iter().enumerate() {
            let Some(rule) = rules.experts.iter().find(|r| r.id == expert.sort) else {
                faults.push(LimitFault::UnknownSort(expert.sort.clone()));
                continue;
            };
            if self.experts[..i].iter().any(|e| e.person == expert.person) {
                faults.push(LimitFault::Twice(expert.person));
            }
            if let Some(months) = rule.months.filter(|m| expert.months < *m) {
                faults.push(LimitFault::TooFewMonths(expert.person, months));
            }
            let posts: Vec<(&Self, &StationExpert)> = others
                .iter()
                .flat_map(|s| s.experts.iter().filter(|e| e.person == expert.person).map(|e| (*s, e)))
                .collect();
            // Who is an academician at one station is one at the next, whatever is written there.
            let of_others = posts.iter().filter_map(|(_, e)| rules.experts.iter().find(|r| r.id == e.sort)?.most);
            let most = rule.most.into_iter().chain(of_others).min();
            // The busiest day of the term is a day on which one of them begins.
            let days =
                std::iter::once(&self.from).chain(posts.iter().map(|(s, _)| &s.from).filter(|d| **d > self.from));
            let (mut busiest, mut months) = (0, 0);
            for day in days {
                let that_day = posts.iter().filter(|(s, _)| s.is_at_work(day));
                let (count, sum) = that_day.fold((0_i64, 0), |(n, sum), (_, e)| (n + 1, sum + e.months));
                (busiest, months) = (busiest.max(count), months.max(sum));
            }
            if let Some(most) = most.filter(|m| busiest + 1 > *m) {
                faults.push(LimitFault::TooMany(expert.person, most));
            }
            if months + expert.months > 12 {
                faults.push(LimitFault::TooManyMonths(expert.person));
            }
        }
        faults
    }

    /// Whether the term is shorter or longer than usual.
    #[must_use]
    pub fn has_unusual_term(&self, rules: &WorkstationRules) -> bool {
        let Some((least, most)) = rules.term_years else { return false };
        let (Ok(from), Ok(to)) = (self.from.parse::<jiff::civil::Date>(), self.to.parse::<jiff::civil::Date>()) else {
            return false;
        };
        let end = |years: i64| from.checked_add(jiff::Span::new().years(years)).and_then(|d| d.yesterday());
        end(least).is_ok_and(|least| to < least) || end(most).is_ok_and(|most| to > most)
    }

    /// So many days of its term are left, when they are so few that its people are told; `None`: more, or it is not at
    /// work.
    #[must_use]
    pub fn days_left(&self, rules: &WorkstationRules, today: &str) -> Option<i64> {
        if !self.is_at_work(today) {
            return None;
        }
        let (today, to) = (today.parse::<jiff::civil::Date>().ok()?, self.to.parse::<jiff::civil::Date>().ok()?);
        let left = i64::from(today.until(to).ok()?.get_days());
        rules.alert_days.iter().any(|days| left <= *days).then_some(left)
    }

    /// The alert that is due on a day: the smallest number of days that are left or fewer; `None`: none is.
    #[must_use]
    pub fn alert(&self, rules: &WorkstationRules, today: &str) -> Option<i64> {
        let left = self.days_left(rules, today)?;
        rules.alert_days.iter().copied().filter(|days| left <= *days).min()
    }

    /// The term of one that goes on where this one ends: as long as this, from the day after.
    #[must_use]
    pub fn next_term(&self) -> Option<(String, String)> {
        let (from, to) = (self.from.parse::<jiff::civil::Date>().ok()?, self.to.parse::<jiff::civil::Date>().ok()?);
        let begin = to.tomorrow().ok()?;
        // In months, as terms are agreed: a term of three years is followed by one of three years.
        let length = from.until((jiff::Unit::Month, begin)).ok()?;
        let end = begin.checked_add(length).ok()?.yesterday().ok()?;
        Some((begin.to_string(), end.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn rules() -> WorkstationRules {
        let rule = |id: &str, most, months| ExpertRule { id: id.into(), name: LocalName::default(), most, months };
        WorkstationRules {
            version: "1".into(),
            experts: vec![
                rule("academician", Some(1), Some(3)),
                rule("retired", Some(3), Some(3)),
                rule("expert", None, None),
            ],
            term_years: Some((3, 5)),
            alert_days: vec![90, 30, 7],
        }
    }

    fn station(n: u128, sort: &str, months: i64, from: &str, to: &str) -> Workstation {
        Workstation {
            id: WorkstationId(Uuid::from_u128(n)),
            name: "示例站".into(),
            party: PartyId(Uuid::nil()),
            topic: String::new(),
            experts: vec![StationExpert { person: PartyId(Uuid::from_u128(1)), sort: sort.into(), months }],
            from: from.into(),
            to: to.into(),
            state: StationState::Standing,
            answer: String::new(),
            results: Vec::new(),
            demo: false,
            version: 1,
            created_at: Timestamp::from_micros(0),
        }
    }

    const ME: PartyId = PartyId(Uuid::from_u128(1));

    #[test]
    fn an_academician_is_at_one_station_and_a_retired_one_at_three() {
        let rules = rules();
        let of = |n, sort, from, to| station(n, sort, 3, from, to);
        let first = of(1, "academician", "2026-01-01", "2028-12-31");
        assert_eq!(of(1, "academician", "2026-01-01", "2029-12-31").faults(&rules, std::slice::from_ref(&first)), []);
        let second = of(2, "academician", "2028-12-31", "2031-12-30");
        assert_eq!(second.faults(&rules, std::slice::from_ref(&first)), [LimitFault::TooMany(ME, 1)]);
        assert_eq!(of(2, "academician", "2029-01-01", "2031-12-31").faults(&rules, std::slice::from_ref(&first)), []);
        // Another name for the same person lifts no limit.
        assert_eq!(of(2, "expert", "2027-01-01", "2029-12-31").faults(&rules, &[first]), [LimitFault::TooMany(ME, 1)]);
        let three: Vec<_> = (1..=3).map(|n| of(n, "retired", "2026-01-01", "2028-12-31")).collect();
        assert_eq!(of(4, "retired", "2026-06-01", "2029-05-31").faults(&rules, &three), [LimitFault::TooMany(ME, 3)]);
        // Three that follow each other are one at a time.
        let row = [
            of(1, "retired", "2026-01-01", "2026-12-31"),
            of(2, "retired", "2027-01-01", "2027-12-31"),
            of(3, "retired", "2028-01-01", "2028-12-31"),
        ];
        assert_eq!(of(4, "retired", "2026-01-01", "2028-12-31").faults(&rules, &row), []);
        let refused: Vec<_> = three.into_iter().map(|s| Workstation { state: StationState::Refused, ..s }).collect();
        assert_eq!(of(4, "retired", "2026-06-01", "2029-05-31").faults(&rules, &refused), []);
    }

    #[test]
    fn a_year_has_twelve_months_and_three_of_them_are_asked() {
        let rules = rules();
        let short = station(1, "academician", 2, "2026-01-01", "2028-12-31");
        assert_eq!(short.faults(&rules, &[]), [LimitFault::TooFewMonths(ME, 3)]);
        let others = [station(2, "expert", 8, "2026-01-01", "2028-12-31")];
        assert_eq!(station(1, "expert", 4, "2026-01-01", "2028-12-31").faults(&rules, &others), []);
        let five = station(1, "expert", 5, "2028-12-31", "2031-12-31");
        assert_eq!(five.faults(&rules, &others), [LimitFault::TooManyMonths(ME)]);
    }

    #[test]
    fn terms_and_alerts_follow_the_calendar() {
        let rules = rules();
        let term = |from, to| station(1, "expert", 3, from, to).has_unusual_term(&rules);
        assert!(!term("2024-02-29", "2027-02-27") && term("2024-02-29", "2027-02-26"));
        assert!(!term("2026-01-01", "2030-12-31") && term("2026-01-01", "2031-01-01"));
        let station = station(1, "expert", 3, "2026-01-01", "2028-02-29");
        for (day, due) in [
            ("2027-11-30", None),
            ("2027-12-01", Some(90)),
            ("2028-01-30", Some(30)),
            ("2028-02-22", Some(7)),
            ("2028-02-29", Some(7)),
            ("2028-03-01", None),
        ] {
            assert_eq!(station.alert(&rules, day), due, "{day}");
        }
        let left = |day| station.days_left(&rules, day);
        assert_eq!((left("2027-11-30"), left("2028-02-27"), left("2028-03-01")), (None, Some(2), None));
        let next = |from, to| self::station(1, "expert", 3, from, to).next_term().unwrap();
        assert_eq!(next("2026-01-01", "2028-12-31"), ("2029-01-01".into(), "2031-12-31".into()));
        assert_eq!(next("2025-03-01", "2028-02-29"), ("2028-03-01".into(), "2031-02-28".into()));
        assert!(station.is_over("2028-03-01") && !station.is_over("2028-02-29"));
    }
}
