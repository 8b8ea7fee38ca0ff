//! The trigger words of `lexicon/facts.toml`.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

/// A kind of fact with triggers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Family {
    Visited,
    Met,
    Signed,
    Founded,
    Launched,
    Issued,
    Held,
    Attended,
    Joined,
    Cooperates,
    Offers,
    Seeks,
    Located,
    Invests,
    Transferred,
}

/// The words of one family.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Words {
    verbs: Vec<String>,
    /// Verbs of movement (visited).
    pub(crate) moves: HashSet<String>,
    /// Verbs that need no movement (visited).
    pub(crate) alone: HashSet<String>,
    /// What a movement is for (visited).
    pub(crate) purposes: Vec<String>,
    /// Ends of what the verb is about.
    pub(crate) objects: Vec<String>,
    /// Verbs that say what was signed themselves (signed).
    pub(crate) complete: HashSet<String>,
    /// Verbs of which both sides are the subject (met).
    pub(crate) mutual: HashSet<String>,
    /// Ends of names of activities (held).
    pub(crate) activities: Vec<String>,
    /// Verbs that are an activity themselves (held).
    pub(crate) acts: Vec<String>,
    /// Words that stand for a sort of activity and name none (held).
    pub(crate) general: HashSet<String>,
    /// Beginnings that say how many or which, and no name (held).
    pub(crate) counted: Vec<String>,
    /// Verbs that also stand before what has to be done (seeks).
    pub(crate) weak: HashSet<String>,
    /// Verbs before what calls itself a need (seeks).
    pub(crate) tells: HashSet<String>,
    /// Words between the verb and what is needed (seeks).
    pub(crate) leads: Vec<String>,
    /// How that begins which has to be done (seeks).
    pub(crate) refuses: Vec<String>,
    /// Words before a field of cooperation.
    pub(crate) frames: Vec<String>,
}

/// All families.
#[derive(Debug, Deserialize)]
pub(crate) struct Patterns {
    pub(crate) visited: Words,
    pub(crate) met: Words,
    pub(crate) signed: Words,
    pub(crate) founded: Words,
    pub(crate) launched: Words,
    pub(crate) issued: Words,
    pub(crate) held: Words,
    pub(crate) attended: Words,
    pub(crate) joined: Words,
    pub(crate) cooperates: Words,
    pub(crate) offers: Words,
    pub(crate) seeks: Words,
    pub(crate) located: Words,
    pub(crate) invests: Words,
    pub(crate) transferred: Words,
    pub(crate) planned: Planned,
}

/// Words by which what a verb tells is not done yet.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Planned {
    /// Words of intent, somewhere before the verb.
    pub(crate) intent: Vec<String>,
    /// What follows 将 where it tells of what is to come.
    pub(crate) ways: Vec<String>,
    /// Before 计划 where that is a noun.
    pub(crate) nouns: Vec<String>,
    /// Words that end as wishes do and are none.
    pub(crate) no_wishes: Vec<String>,
    /// Words right before the verb.
    pub(crate) wishes: Vec<String>,
}

impl Patterns {
    pub(crate) fn builtin() -> Self {
        toml::from_str(include_str!("../lexicon/facts.toml")).expect("the file is built in")
    }

    /// Every trigger and the families it may belong to.
    pub(crate) fn triggers(&self) -> HashMap<String, Vec<Family>> {
        let families = [
            (&self.visited, Family::Visited),
            (&self.met, Family::Met),
            (&self.signed, Family::Signed),
            (&self.founded, Family::Founded),
            (&self.launched, Family::Launched),
            (&self.issued, Family::Issued),
            (&self.held, Family::Held),
            (&self.attended, Family::Attended),
            (&self.joined, Family::Joined),
            (&self.cooperates, Family::Cooperates),
            (&self.offers, Family::Offers),
            (&self.seeks, Family::Seeks),
            (&self.located, Family::Located),
            (&self.invests, Family::Invests),
            (&self.transferred, Family::Transferred),
        ];
        let mut out: HashMap<String, Vec<Family>> = HashMap::new();
        for (words, family) in families {
            let sets = [&words.moves, &words.alone, &words.mutual, &words.weak, &words.tells];
            for verb in words.verbs.iter().chain(&words.acts).chain(sets.into_iter().flatten()) {
                let known = out.entry(verb.clone()).or_default();
                if !known.contains(&family) {
                    known.push(family);
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_has_triggers() {
        let triggers = Patterns::builtin().triggers();
        let all: HashSet<Family> = triggers.values().flatten().copied().collect();
        assert_eq!(all.len(), 15);
        assert_eq!(triggers["启动"].len(), 2);
    }
}
