//! What a step adds to the counts that dashboards show. Counts come from steps and from nothing else.

use serde::{Deserialize, Serialize};

use super::{State, Subject};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Engagements that came at least as far as a stage.
    Reached,
    /// Engagements that stand in a stage now.
    Standing,
    /// Times that a stage was left, with the seconds spent in it.
    Left,
    /// Engagements declined for a reason.
    Declined,
}

/// One addition to a count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// What is counted.
    pub measure: Measure,
    /// The stage, or the reason.
    pub of: String,
    /// How many more.
    pub count: i64,
    /// How many seconds more.
    pub seconds: i64,
}

/// What the counts change by when one state follows another.
#[must_use]
pub fn tallies(before: Option<&State>, after: &State) -> Vec<Tally> {
    let mut out = Vec::new();
    let mut add = |measure, of: &str, count, seconds| {
        out.push(Tally { measure, of: of.to_owned(), count, seconds });
    };
    let known = before.map_or(0, |b| b.reached.len());
    for stage in &after.reached[known..] {
        add(Measure::Reached, stage, 1, 0);
    }
    match before {
        None => add(Measure::Standing, &after.stage, 1, 0),
        Some(before) if before.stage != after.stage => {
            add(Measure::Standing, &before.stage, -1, 0);
            add(Measure::Standing, &after.stage, 1, 0);
            let micros = after.since.micros() - before.since.micros();
            add(Measure::Left, &before.stage, 1, micros / 1_000_000);
        }
        Some(_) => {}
    }
    let earlier = before.and_then(|b| b.reason.as_ref());
    if earlier != after.reason.as_ref() {
        // One that was declined once more is behind its last reason.
        earlier.into_iter().for_each(|reason| add(Measure::Declined, reason, -1, 0));
        after.reason.iter().for_each(|reason| add(Measure::Declined, reason, 1, 0));
    }
    out
}

impl Subject {
    /// The places in which it counts, as region, kind and program: its own, and those that hold it. `*` is all.
    #[must_use]
    pub fn cells(&self) -> Vec<[String; 3]> {
        let mut regions = vec!["*".to_owned()];
        if let Some(region) = self.region.as_deref().filter(|r| r.len() == 6 && r.is_ascii()) {
            regions.extend([format!("{}0000", &region[..2]), format!("{}00", &region[..4])]);
            regions.dedup();
        }
        let programs = std::iter::once("*".to_owned()).chain(self.program.clone());
        let mut cells = Vec::new();
        for program in programs {
            for region in &regions {
                for kind in ["*", &self.kind] {
                    cells.push([region.clone(), kind.to_owned(), program.clone()]);
                }
            }
        }
        cells
    }
}
