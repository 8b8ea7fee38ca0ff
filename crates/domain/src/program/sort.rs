//! What a sort of program is: `catalog/programs/<id>.toml` in the words of the house.

use serde::{Deserialize, Serialize};

use super::entry::EntryContent;
use crate::party::PartyKind;
use crate::workflow::{FieldFault, LocalName, StepField, check_fields};

/// A milestone of an entry's way; a sort of program names those it has, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Milestone {
    /// 征集
    Collect,
    /// 形式审查
    Check,
    /// 评审
    Review,
    /// 入选
    Selected,
    /// 展示
    Shown,
    /// 签约
    Signed,
    /// 落地
    Landed,
}

/// What the places of a region mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuotaSort {
    /// So many are expected: more is welcome.
    #[default]
    Target,
    /// No more pass the check.
    Limit,
}

/// A field of the entry's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryField {
    /// The field.
    pub field: StepField,
    /// Whether it tells who enters, so that a blind reviewer must not read it.
    pub reveals: bool,
    /// Whether the hall shows it.
    pub shown: bool,
}

/// A criterion of the score sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreCriterion {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: LocalName,
    /// What to look at.
    pub hint: LocalName,
    /// Its weight, relative to the others'.
    pub weight: i64,
}

/// A sort of program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramType {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: LocalName,
    /// What it is for.
    pub lede: LocalName,
    /// Which parties may enter.
    pub entrants: Vec<PartyKind>,
    /// Whether an organization must have been verified.
    pub verified: bool,
    /// The kinds of entries: kinds of the catalog.
    pub kinds: Vec<String>,
    /// Those of them that are needs; the others are offers.
    pub needs: Vec<String>,
    /// The milestones it has, each with its name.
    pub stages: Vec<(Milestone, LocalName)>,
    /// What is filled in beside title, summary, kind, region and industry.
    pub fields: Vec<EntryField>,
    /// By what entries are scored; none: they are not.
    pub criteria: Vec<ScoreCriterion>,
    /// The most points of a criterion.
    pub scale: i64,
    /// What a fresh program of this sort begins with.
    pub blind: bool,
    /// The same: how many must have scored an entry.
    pub quorum: i64,
    /// The same: how many reviewers each entry is given to.
    pub per_entry: i64,
    /// The same: for how many days results may be appealed.
    pub appeal_days: i64,
    /// What the places of regions mean.
    pub quota: QuotaSort,
}

/// Most characters of a title and of a summary.
pub(super) const TITLE: usize = 120;
const SUMMARY: usize = 1_000;

impl ProgramType {
    /// Whether entries of this sort come by a milestone.
    #[must_use]
    pub fn has(&self, milestone: Milestone) -> bool {
        self.stages.iter().any(|(m, _)| *m == milestone)
    }

    /// What is wrong with an entry.
    #[must_use]
    pub fn faults(&self, content: &EntryContent) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, code, detail: String| {
            faults.push(FieldFault { field: field.to_owned(), code, detail });
        };
        for (field, text, most) in [("title", &content.title, TITLE), ("summary", &content.summary, SUMMARY)] {
            if text.trim().is_empty() {
                fault(field, "required", String::new());
            } else if text.chars().count() > most {
                fault(field, "too-long", most.to_string());
            }
        }
        if !self.kinds.contains(&content.kind) {
            fault("kind", if content.kind.is_empty() { "required" } else { "unknown-choice" }, String::new());
        }
        if content.region.is_empty() {
            fault("region", "required", String::new());
        }
        faults.extend(check_fields(self.fields.iter().map(|f| &f.field), &content.fields));
        faults
    }

    /// What is so wrong with an entry that not even a draft may hold it: texts without end, fields that are none.
    #[must_use]
    pub fn faults_of_draft(&self, content: &EntryContent) -> Vec<FieldFault> {
        let mut faults = self.faults(content);
        faults.retain(|f| matches!(f.code, "too-long" | "unknown-field" | "unknown-choice"));
        if content.title.trim().is_empty() {
            faults.push(FieldFault { field: "title".into(), code: "required", detail: String::new() });
        }
        faults
    }
}
