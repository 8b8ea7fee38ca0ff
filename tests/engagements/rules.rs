//! The default workflow written down a second time, as simply as it can be said.

/// Who acts, as a word: `need`, `offer`, `broker`, `operator`.
pub(crate) type Who = &'static str;

pub(crate) struct Rule {
    pub(crate) id: &'static str,
    pub(crate) from: &'static [&'static str],
    pub(crate) to: &'static str,
    pub(crate) by: &'static [Who],
    pub(crate) both: bool,
    pub(crate) after: &'static str,
    pub(crate) fields: bool,
    pub(crate) evidence: bool,
}

/// The stages beside the path.
pub(crate) const ASIDE: [&str; 4] = ["declined", "withdrawn", "dormant", "disputed"];

pub(crate) const SIDES: &[Who] = &["need", "offer"];
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
