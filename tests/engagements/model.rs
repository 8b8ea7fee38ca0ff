//! The plain model: an engagement as anybody would describe it, and what may be done with it.

use std::collections::BTreeSet;

use crate::rules::{ASIDE, RULES, SIDES, Who};

/// What waits for confirmation.
#[derive(Debug, Clone, PartialEq)]
struct Waits {
    what: What,
    asks: BTreeSet<Who>,
}

#[derive(Debug, Clone, PartialEq)]
enum What {
    Rule(&'static str),
    Amendment,
}

/// A confidential annex.
#[derive(Debug, Clone)]
pub(crate) struct Annex {
    owner: Who,
    accepted: BTreeSet<Who>,
    closed: bool,
}

/// An engagement, as anybody would describe it.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) stage: &'static str,
    pub(crate) steps: i64,
    opener: Who,
    broker: bool,
    waits: Option<Waits>,
    made: BTreeSet<&'static str>,
    rated: BTreeSet<Who>,
    pub(crate) annexes: Vec<Annex>,
    back: &'static str,
    /// Of each step: the rule it made or proposed, and by whom.
    log: Vec<Option<(&'static str, Who)>>,
    /// The second of the last step.
    last: i64,
    /// How many of the three warnings went out since, and the second of the last.
    warned: (usize, i64),
}

/// Something tried.
#[derive(Debug, Clone)]
pub(crate) enum Try {
    Make {
        rule: usize,
        filled: bool,
        proven: bool,
    },
    Confirm,
    Object,
    Amend {
        step: usize,
        filled: bool,
    },
    Rate,
    TakeOver,
    /// The broker is taken from it.
    Release,
    Share,
    Accept(usize),
    Close(usize),
}

impl Try {
    pub(crate) const NAMES: [&'static str; 10] =
        ["made", "confirmed", "objected", "amended", "rated", "assigned", "released", "shared", "accepted", "closed"];

    pub(crate) fn name(&self) -> &'static str {
        Self::NAMES[match self {
            Self::Make { .. } => 0,
            Self::Confirm => 1,
            Self::Object => 2,
            Self::Amend { .. } => 3,
            Self::Rate => 4,
            Self::TakeOver => 5,
            Self::Release => 6,
            Self::Share => 7,
            Self::Accept(_) => 8,
            Self::Close(_) => 9,
        }]
    }

    /// Whether it is a step that says how many there were before.
    pub(crate) fn counts_on(&self) -> bool {
        !matches!(self, Self::Share | Self::Accept(_) | Self::Close(_))
    }
}

fn others(who: Who) -> BTreeSet<Who> {
    SIDES.iter().copied().filter(|s| *s != who).collect()
}

impl Model {
    pub(crate) fn opened(by: Who, now: i64) -> Self {
        Self {
            stage: "introduced",
            steps: 1,
            opener: by,
            broker: by == "broker",
            waits: Some(Waits { what: What::Rule("accept"), asks: others(by) }),
            made: BTreeSet::new(),
            rated: BTreeSet::new(),
            annexes: Vec::new(),
            back: "",
            log: vec![None],
            last: now,
            warned: (0, now),
        }
    }

    fn is(&self, mover: Who, who: Who) -> bool {
        match mover {
            "opener" => who == self.opener,
            "answerer" => SIDES.contains(&who) && who != self.opener,
            _ => who == mover,
        }
    }

    fn took(&mut self, now: i64, logged: Option<(&'static str, Who)>) {
        self.steps += 1;
        self.log.push(logged);
        self.last = now;
        self.warned = (0, now);
    }

    fn go(&mut self, to: &'static str, who: Who) {
        let to = if to == "back" { self.back } else { to };
        if to.is_empty() {
            return;
        }
        self.waits = None;
        if ASIDE.contains(&to) {
            // From aside to aside the way back stays.
            if self.back.is_empty() {
                self.back = self.stage;
            }
        } else {
            self.back = "";
        }
        if to == "introduced" {
            self.waits = Some(Waits { what: What::Rule("accept"), asks: others(who) });
        }
        self.stage = to;
    }

    /// Does it if it may be done; whether it was.
    pub(crate) fn attempt(&mut self, who: Who, tried: &Try, now: i64) -> bool {
        let logged = match tried {
            Try::Make { rule, filled, proven } => {
                let rule = &RULES[*rule];
                let may = rule.from.contains(&self.stage) && rule.by.iter().any(|m| self.is(m, who));
                let first = rule.after.is_empty() || self.made.contains(rule.after);
                let enough = (*filled || !rule.fields) && (*proven || !rule.evidence);
                let leaves = ASIDE.contains(&rule.to) || rule.to.is_empty();
                let free = self.waits.is_none() || (leaves && !rule.both);
                if !(may && first && enough && free) {
                    return false;
                }
                if rule.both {
                    self.waits = Some(Waits { what: What::Rule(rule.id), asks: others(who) });
                } else {
                    self.made.insert(rule.id);
                    self.go(rule.to, who);
                }
                Some((rule.id, who))
            }
            Try::Confirm => {
                let Some(waits) = self.waits.as_mut().filter(|w| w.asks.contains(who)) else { return false };
                waits.asks.remove(who);
                if waits.asks.is_empty() {
                    let what = waits.what.clone();
                    self.waits = None;
                    if let What::Rule(id) = what {
                        self.made.insert(id);
                        self.go(RULES.iter().find(|r| r.id == id).unwrap().to, who);
                    }
                }
                None
            }
            Try::Object => {
                let opening = |w: &Waits| w.what == What::Rule("accept");
                if !SIDES.contains(&who) || self.waits.as_ref().is_none_or(opening) {
                    return false;
                }
                self.waits = None;
                None
            }
            Try::Amend { step, filled } => {
                let Some(Some((id, by))) = self.log.get(*step).copied() else { return false };
                let rule = RULES.iter().find(|r| r.id == id).unwrap();
                // A correction is for those whose move it is; of what one side said alone, for that side alone.
                let sides = SIDES.contains(&who) && SIDES.contains(&by);
                let own = rule.by.iter().any(|m| self.is(m, who)) && (who == by || (rule.both && !sides));
                let enough = *filled || !rule.fields;
                if self.waits.is_some() || !own || !enough {
                    return false;
                }
                if rule.both {
                    self.waits = Some(Waits { what: What::Amendment, asks: others(who) });
                }
                None
            }
            Try::Rate => {
                if self.stage != "landed" || !SIDES.contains(&who) || !self.rated.insert(who) {
                    return false;
                }
                None
            }
            Try::TakeOver => {
                if SIDES.contains(&who) || self.broker {
                    return false;
                }
                self.broker = true;
                None
            }
            Try::Release => {
                if who != "operator" || !self.broker {
                    return false;
                }
                self.broker = false;
                None
            }
            Try::Share | Try::Accept(_) | Try::Close(_) => return self.annex(who, tried, now),
        };
        self.took(now, logged);
        true
    }

    fn annex(&mut self, who: Who, tried: &Try, now: i64) -> bool {
        let (Try::Accept(place) | Try::Close(place)) = tried else {
            if SIDES.contains(&who) {
                self.annexes.push(Annex { owner: who, accepted: BTreeSet::new(), closed: false });
                self.took(now, None);
            }
            return SIDES.contains(&who);
        };
        let Some(annex) = self.annexes.get_mut(*place) else { return false };
        if matches!(tried, Try::Close(_)) {
            // The record says that it was shared, and to whom; closing it is no step.
            annex.closed |= who == annex.owner;
            return who == annex.owner;
        }
        if who == annex.owner || annex.closed {
            return false;
        }
        // Who has accepted accepts no more.
        if annex.accepted.insert(who) {
            self.took(now, None);
        }
        true
    }

    /// What time brings until `now`, in seconds. The installation's days are of 24 hours.
    pub(crate) fn rest(&mut self, now: i64) {
        let days: &[i64] = match self.stage {
            "introduced" => &[3, 7, 14],
            "talks" => &[14, 30, 90],
            "signed" => &[30, 60, 180],
            "trading" => &[60, 90, 365],
            "tracking" => &[90, 120, 365],
            "disputed" => &[7, 14],
            _ => &[],
        };
        while let Some(days_until) = days.get(self.warned.0) {
            let mut due = self.last + days_until * 86_400;
            if self.warned.0 > 0 {
                due = due.max(self.warned.1 + 86_400);
            }
            if due > now {
                return;
            }
            if self.warned.0 == 2 {
                self.back = self.stage;
                self.waits = None;
                self.stage = "dormant";
                self.took(now, None);
                return;
            }
            self.warned = (self.warned.0 + 1, now);
        }
    }
}

impl Model {
    /// Whether a rule is for somebody.
    pub(crate) fn may_make(&self, who: Who, rule: usize) -> bool {
        RULES[rule].by.iter().any(|mover| self.is(mover, who))
    }

    /// The place of one who is asked to confirm, among need and offer.
    pub(crate) fn asked(&self) -> Option<usize> {
        let asks = &self.waits.as_ref()?.asks;
        SIDES.iter().position(|side| asks.contains(side))
    }

    /// The rule that a step made or proposed.
    pub(crate) fn rule_of(&self, step: usize) -> Option<&'static str> {
        self.log.get(step).copied().flatten().map(|(id, _)| id)
    }
}
