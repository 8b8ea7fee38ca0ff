//! Workflows: the stages of an engagement, who moves it from one to the next, and what each move must bring.

use crate::value::{Attributes, Value};

/// A name in both languages of the pages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocalName {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl LocalName {
    /// The name for a locale (`zh` or `en`).
    #[must_use]
    pub fn get(&self, locale: &str) -> &str {
        if locale == "en" { &self.en } else { &self.zh }
    }
}

/// What sort of stage it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageSort {
    /// On the way from the match to its use.
    Path,
    /// The end of the way.
    Landed,
    /// Beside the way: declined, withdrawn, dormant, disputed.
    Aside,
}

/// A stage 阶段.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: LocalName,
    /// What sort.
    pub sort: StageSort,
    /// Days of rest after which those who must act are reminded.
    pub remind_days: Option<i64>,
    /// Days of rest after which the broker is told.
    pub escalate_days: Option<i64>,
    /// Days of rest after which it becomes dormant.
    pub dormant_days: Option<i64>,
}

impl Stage {
    /// A stage that a workflow had when engagements came to stand in it, and has no longer: it goes by its id.
    #[must_use]
    pub fn former(id: &str) -> Self {
        let name = LocalName { zh: id.to_owned(), en: id.to_owned() };
        let (remind_days, escalate_days, dormant_days) = (None, None, None);
        Self { id: id.to_owned(), name, sort: StageSort::Aside, remind_days, escalate_days, dormant_days }
    }
}

/// Who may make a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mover {
    /// The need's side.
    Need,
    /// The offer's side.
    Offer,
    /// Whoever opened the engagement.
    Opener,
    /// A side that did not open it.
    Answerer,
    /// Its broker.
    Broker,
    /// Operators.
    Operator,
}

/// Where a move leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a stage.
    Stage(String),
    /// It stays where it is: a record within the stage.
    Stay,
    /// Back to the stage from which it went aside.
    Back,
}

/// What a field of a move holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldSort {
    /// A line.
    Text,
    /// Several lines.
    Lines,
    /// A number, 0 or more.
    Number,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// One of its choices.
    Choice,
    /// Yes or no.
    Flag,
}

/// A field of a move's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepField {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: LocalName,
    /// What it holds.
    pub sort: FieldSort,
    /// The unit of a number, as it is shown.
    pub unit: String,
    /// Whether it must be filled.
    pub required: bool,
    /// What can be chosen, by id.
    pub choices: Vec<(String, LocalName)>,
    /// The field of the same move whose number this one may not exceed.
    pub at_most: Option<String>,
}

/// The files that go with a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What they are.
    pub name: LocalName,
    /// Whether there must be one.
    pub required: bool,
}

/// A move 流转: what brings an engagement on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Its id.
    pub id: String,
    /// Its name, as a button says it.
    pub name: LocalName,
    /// The stages in which it can be made.
    pub from: Vec<String>,
    /// Where it leads.
    pub to: Target,
    /// Who may make it.
    pub by: Vec<Mover>,
    /// Whether it holds only when both sides have confirmed it.
    pub both: bool,
    /// Moves that must have been made before.
    pub after: Vec<String>,
    /// Whether it asks for a reason of the catalog's list.
    pub reason: bool,
    /// What is filled in.
    pub fields: Vec<StepField>,
    /// What is attached.
    pub evidence: Option<Evidence>,
}

/// A workflow 流程.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workflow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: LocalName,
    /// The stage in which an engagement begins.
    pub start: String,
    /// The move that opening an engagement proposes: taking it up.
    pub opens: String,
    /// The stage of those that rested too long.
    pub rests_in: Option<String>,
    /// All stages, those of the path in their order.
    pub stages: Vec<Stage>,
    /// All moves.
    pub moves: Vec<Move>,
}

/// Why an engagement was declined, as a choice of the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclineReason {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: LocalName,
    /// Whether it must be said in words as well (which parameter, what other reason).
    pub in_words: bool,
}

/// What is wrong with a field of a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// The field's id; `files` for what is attached.
    pub field: String,
    /// What is wrong: `required`, `not-a-number`, `not-a-date`, `unknown-choice`, `too-long`, `above`, `unknown-field`.
    pub code: &'static str,
    /// The limit that was broken; may be empty.
    pub detail: String,
}

/// Most characters of a line, and of a text of several lines.
const LINE: usize = 200;
const LINES: usize = 5_000;

impl Workflow {
    /// A stage.
    #[must_use]
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.stages.iter().find(|s| s.id == id)
    }
    /// A move.
    #[must_use]
    pub fn find_move(&self, id: &str) -> Option<&Move> {
        self.moves.iter().find(|m| m.id == id)
    }
    /// The stages from start to landing, in their order.
    pub fn path(&self) -> impl Iterator<Item = &Stage> {
        self.stages.iter().filter(|s| s.sort != StageSort::Aside)
    }
    /// How far along the path a stage is; `None`: beside it.
    #[must_use]
    pub fn rank(&self, stage: &str) -> Option<usize> {
        self.path().position(|s| s.id == stage)
    }
    /// Whether nothing leads on from a stage.
    #[must_use]
    pub fn is_final(&self, stage: &str) -> bool {
        !self.moves.iter().any(|m| m.from.iter().any(|f| f == stage) && m.to != Target::Stay)
    }
}

impl Move {
    /// What is wrong with what was filled in and attached.
    #[must_use]
    pub fn faults(&self, content: &Attributes, files: usize) -> Vec<FieldFault> {
        let mut faults = check_fields(self.fields.iter(), content);
        if files == 0 && self.evidence.as_ref().is_some_and(|e| e.required) {
            faults.push(FieldFault { field: "files".to_owned(), code: "required", detail: String::new() });
        }
        faults
    }
}

/// What is wrong with what was filled into the fields of a form.
pub(crate) fn check_fields<'f>(
    fields: impl Iterator<Item = &'f StepField> + Clone,
    content: &Attributes,
) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code, detail: String| {
        faults.push(FieldFault { field: field.to_owned(), code, detail });
    };
    for name in content.keys().filter(|name| !fields.clone().any(|f| f.id == **name)) {
        fault(name, "unknown-field", String::new());
    }
    for field in fields {
        match content.get(&field.id) {
            None if field.required => fault(&field.id, "required", String::new()),
            None => {}
            Some(value) => {
                if let Err((code, detail)) = field.check(value, content) {
                    fault(&field.id, code, detail);
                }
            }
        }
    }
    faults
}

impl StepField {
    fn check(&self, value: &Value, all: &Attributes) -> Result<(), (&'static str, String)> {
        let plain = |code| Err((code, String::new()));
        match (self.sort, value) {
            (FieldSort::Text | FieldSort::Lines, Value::Text(text)) => {
                let most = if self.sort == FieldSort::Text { LINE } else { LINES };
                if text.trim().is_empty() && self.required {
                    return plain("required");
                }
                if text.chars().count() > most { Err(("too-long", most.to_string())) } else { Ok(()) }
            }
            (FieldSort::Number, Value::Number(n)) => {
                if !n.is_finite() || *n < 0.0 {
                    return plain("not-a-number");
                }
                let bound = self.at_most.as_ref().and_then(|other| all.get(other));
                match bound {
                    Some(Value::Number(most)) if n > most => Err(("above", most.to_string())),
                    _ => Ok(()),
                }
            }
            (FieldSort::Number, _) => plain("not-a-number"),
            (FieldSort::Date, Value::Text(text)) if text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok() => {
                Ok(())
            }
            (FieldSort::Date, _) => plain("not-a-date"),
            (FieldSort::Choice, Value::Text(text)) if self.choices.iter().any(|(id, _)| id == text) => Ok(()),
            (FieldSort::Choice, _) => plain("unknown-choice"),
            (FieldSort::Flag, Value::Bool(_)) => Ok(()),
            (FieldSort::Flag, _) => plain("not-yes-or-no"),
            (FieldSort::Text | FieldSort::Lines, _) => plain("not-a-text"),
        }
    }
}
