//! What was read against what is marked.

use std::collections::{BTreeMap, BTreeSet};

use keqiao_extract::{Argument, Article, Fact, Reader};

use super::cases::{Case, Marks, Place, Set, TYPES};

/// Hits among what was read and among what is marked; for exact places the two are the same.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(super) struct Count {
    pub(super) right: usize,
    pub(super) read: usize,
    pub(super) found: usize,
    pub(super) marked: usize,
}

impl Count {
    pub(super) fn precision(self) -> f64 {
        ratio(self.right, self.read)
    }
    pub(super) fn recall(self) -> f64 {
        ratio(self.found, self.marked)
    }
    pub(super) fn f1(self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
    }
    fn add<T: Ord>(&mut self, read: &BTreeSet<T>, marked: &BTreeSet<T>, same: impl Fn(&T, &T) -> bool) {
        self.read += read.len();
        self.marked += marked.len();
        self.right += read.iter().filter(|r| marked.iter().any(|m| same(r, m))).count();
        self.found += marked.iter().filter(|m| read.iter().any(|r| same(r, m))).count();
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// One thing that came out otherwise, with the text it stands in.
#[derive(Debug, Clone)]
pub(super) struct Miss {
    pub(super) words: String,
    pub(super) text: String,
}

/// What one type came to in one half.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) kind: &'static str,
    /// Whether it is the half held out.
    pub(super) held_out: bool,
    pub(super) cases: usize,
    pub(super) trigger: Count,
    pub(super) trigger_overlapping: Count,
    pub(super) argument: Count,
    pub(super) argument_overlapping: Count,
    /// By role: exact places.
    pub(super) roles: BTreeMap<String, Count>,
    /// By cause.
    pub(super) misses: BTreeMap<String, Vec<Miss>>,
}

/// Reads every text and counts, for each type and half.
pub(super) fn measure(set: &Set, reader: &Reader) -> Vec<Outcome> {
    let mut out = Vec::new();
    for kind in TYPES {
        for held_out in [false, true] {
            let mut outcome = empty(kind, held_out);
            for case in set.cases.iter().filter(|c| c.kind == kind && c.held_out == held_out) {
                let reading = reader.read("case", case.text.as_bytes(), Some("utf-8"));
                let mut read = Marks::default();
                reading.articles.iter().for_each(|a| marks(a, kind, &mut read));
                outcome.count(case, &read);
            }
            out.push(outcome);
        }
    }
    out
}

fn empty(kind: &'static str, held_out: bool) -> Outcome {
    Outcome {
        kind,
        held_out,
        cases: 0,
        trigger: Count::default(),
        trigger_overlapping: Count::default(),
        argument: Count::default(),
        argument_overlapping: Count::default(),
        roles: BTreeMap::new(),
        misses: BTreeMap::new(),
    }
}

/// The facts of an article in the words of the cases: who signs first is `sub-org`, who signs with it `obj-org`.
fn marks(article: &Article, kind: &str, out: &mut Marks) {
    let fact = if kind == "投资" { "invests" } else { "signed" };
    for fact in article.facts.iter().filter(|f| f.kind == fact) {
        let others = names(article, fact, "counterparties");
        for words in &fact.evidence {
            let place = (words.source_span.start, words.source_span.end);
            let role = match words.role {
                "trigger" => {
                    out.triggers.insert(place);
                    continue;
                }
                "investors" => "sub",
                "targets" => "obj",
                "parties" if others.contains(&words.text) => "obj-org",
                "parties" => "sub-org",
                "signatories" => "sub-per",
                "amount" if kind == "投资" => "money",
                "amount" => "amount",
                "date" => "date",
                _ => continue,
            };
            out.arguments.insert((role.to_owned(), place));
        }
    }
}

/// All names of the entities of an argument.
fn names(article: &Article, fact: &Fact, argument: &str) -> BTreeSet<String> {
    let ids = match fact.args.get(argument) {
        Some(Argument::One(id)) => vec![id.clone()],
        Some(Argument::Many(ids)) => ids.clone(),
        _ => Vec::new(),
    };
    let known = article.entities.iter().filter(|e| ids.contains(&e.id));
    known.flat_map(|e| std::iter::once(&e.name).chain(&e.aliases)).cloned().collect()
}

fn overlap(a: &Place, b: &Place) -> bool {
    a.0 < b.1 && b.0 < a.1
}

impl Outcome {
    fn count(&mut self, case: &Case, read: &Marks) {
        let marked = &case.marks;
        self.cases += 1;
        self.trigger.add(&read.triggers, &marked.triggers, |a, b| a == b);
        self.trigger_overlapping.add(&read.triggers, &marked.triggers, overlap);
        self.argument.add(&read.arguments, &marked.arguments, |a, b| a == b);
        self.argument_overlapping.add(&read.arguments, &marked.arguments, |a, b| a.0 == b.0 && overlap(&a.1, &b.1));
        let roles: BTreeSet<&String> = read.arguments.iter().chain(&marked.arguments).map(|(r, _)| r).collect();
        for role in roles {
            let of = |m: &Marks| m.arguments.iter().filter(|(r, _)| r == role).cloned().collect::<BTreeSet<_>>();
            self.roles.entry(role.clone()).or_default().add(&of(read), &of(marked), |a, b| a == b);
        }
        let triggers = |m: &Marks| m.triggers.iter().map(|p| ("trigger".to_owned(), *p)).collect::<BTreeSet<_>>();
        self.miss(case, &triggers(read), &triggers(marked));
        self.miss(case, &read.arguments, &marked.arguments);
    }

    /// Notes what was not read, and what was read and is not marked, by role and cause.
    fn miss(&mut self, case: &Case, read: &BTreeSet<(String, Place)>, marked: &BTreeSet<(String, Place)>) {
        let chars: Vec<char> = case.text.chars().collect();
        let mut note = |cause: String, place: &Place| {
            let words = chars.get(place.0..place.1).map(|c| c.iter().collect()).unwrap_or_default();
            self.misses.entry(cause).or_default().push(Miss { words, text: case.text.clone() });
        };
        for (role, place) in marked.difference(read) {
            let near = |(r, p): &(String, Place)| r == role && overlap(p, place);
            let other = |(r, p): &(String, Place)| r != role && p == place;
            let cause = match () {
                () if read.iter().any(near) => "read with other characters",
                () if read.iter().any(other) => "read in another role",
                () => "not read",
            };
            note(format!("{role}: {cause}"), place);
        }
        for (role, place) in read.difference(marked) {
            if !marked.iter().any(|(r, p)| (r == role && overlap(p, place)) || p == place) {
                note(format!("{role}: read and not marked"), place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(list: &[Place]) -> BTreeSet<Place> {
        list.iter().copied().collect()
    }

    #[test]
    fn exact_and_overlapping_places_are_counted_apart() {
        let (read, marked) = (places(&[(0, 2), (5, 8)]), places(&[(0, 2), (6, 8), (9, 10)]));
        let mut exact = Count::default();
        exact.add(&read, &marked, |a, b| a == b);
        assert_eq!((exact.right, exact.read, exact.found, exact.marked), (1, 2, 1, 3));
        assert!((exact.f1() - 0.4).abs() < 1e-9);
        let mut near = Count::default();
        near.add(&read, &marked, overlap);
        assert_eq!((near.right, near.found), (2, 2));
        assert!((Count::default().f1() - 0.0).abs() < 1e-9);
    }

    #[test]
    fn a_miss_knows_its_cause() {
        let mut outcome = empty("投资", false);
        let marks = |list: &[(&str, Place)]| Marks {
            triggers: places(&[(2, 4)]),
            arguments: list.iter().map(|(r, p)| ((*r).to_owned(), *p)).collect(),
        };
        let marked = marks(&[("sub", (0, 2)), ("obj", (4, 6)), ("date", (7, 8))]);
        let case = Case { text: "甲乙入股丙丁于某日".into(), kind: "投资", held_out: false, marks: marked };
        outcome.count(&case, &marks(&[("sub", (0, 1)), ("sub", (4, 6)), ("money", (8, 9))]));
        let causes: Vec<&str> = outcome.misses.keys().map(String::as_str).collect();
        assert_eq!(
            causes,
            [
                "date: not read",
                "money: read and not marked",
                "obj: read in another role",
                "sub: read with other characters"
            ]
        );
        assert!((outcome.trigger.f1() - 1.0).abs() < 1e-9);
    }
}
