//! The plain model: the default workflow written down a second time, as simply as it can be said.

use std::collections::BTreeSet;

/// Who acts, as a word: `need`, `offer`, `broker`, `operator`.
pub(crate) type Who = &'static str;

pub(crate) struct Rule {
    pub(crate) id: &'static str,
    from: &'static [&'static str],
    to: &'static str,
    by: &'static [Who],
    both: bool,
    after: &'static str,
    pub(crate) fields: bool,
    pub(crate) evidence: bool,
}

const SIDES: &[Who] = &["need", "offer"];
const THREE: &[Who] = &["need", "offer", "broker"];
const ALL: &[Who] = &["need", "offer", "broker", "operator"];

const fn rule(id: &'static str, from: &'static [&'static str], to: &'static str, by: &'static [Who]) -> Rule {
    Rule { id, from, to, by, both: false, after: "", fields: true, evidence: false }
}

const fn agreed(mut rule: Rule, after: &'static str, evidence: bool) -> Rule {
    (rule.both, rule.after, rule.evidence) = (true, after, evidence);
    rule
}

const fn bare(mut rule: Rule) -> Rule {
    rule.fields = false;
    rule
}

pub(crate) const RULES: [Rule; 13] = [
    rule("minutes", &["talks"], "", THREE),
    agreed(rule("sign", &["talks"], "signed", THREE), "minutes", true),
    agreed(rule("pay", &["signed"], "trading", THREE), "", true),
    agreed(rule("accept-work", &["trading"], "tracking", THREE), "", true),
    rule("use-report", &["tracking"], "", &["need", "broker"]),
    agreed(rule("land", &["tracking"], "landed", THREE), "use-report", true),
    bare(rule("decline", &["introduced", "talks"], "declined", &["answerer"])),
    rule("withdraw", &["introduced", "talks", "dormant"], "withdrawn", &["opener", "operator"]),
    agreed(rule("terminate", &["signed", "trading", "tracking", "disputed"], "withdrawn", ALL), "", false),
    rule("dispute", &["signed", "trading", "tracking"], "disputed", SIDES),
    agreed(rule("settle", &["disputed"], "back", ALL), "", false),
    bare(rule("revive", &["dormant"], "back", THREE)),
    // Taking it up is what opening proposes; nobody makes this move by itself.
    bare(rule("accept", &[], "talks", ALL)),
];

const ASIDE: [&str; 4] = ["declined", "withdrawn", "dormant", "disputed"];

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
    Make { rule: usize, filled: bool, proven: bool },
    Confirm,
    Object,
    Amend { step: usize, filled: bool },
    Rate,
    TakeOver,
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
        };
        self.took(now, logged);
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

impl Rule {
    /// Whether it leads off the path.
    pub(crate) fn leaves(&self) -> bool {
        ASIDE.contains(&self.to)
    }

    /// Whether it is about a stage.
    pub(crate) fn fits(&self, stage: &str) -> bool {
        self.from.contains(&stage)
    }
}

impl Model {
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
