//! Deals: who signs with whom, who puts money into whom, by the place of the names around the verb.
//!
//! Short names of companies (海通, 三聚环保) end like nothing else, so they are known by where they stand.

use std::collections::HashSet;
use std::ops::Range;

use serde::Deserialize;

use crate::lexicon::List;
use crate::passage::Passage;
use crate::patterns::Family;
use crate::tokens::Word;
use line::Line;
pub(crate) use units::Known;
use units::pieces;

mod buying;
mod line;
mod names;
mod signing;
mod units;

/// The words of `lexicon/deals.toml`, which says what each list is for.
#[derive(Debug, Deserialize)]
pub(crate) struct DealWords {
    stops: HashSet<String>,
    heads: HashSet<String>,
    brand_ends: Vec<String>,
    pub(crate) ranks: Vec<String>,
    pub(crate) teams: Vec<String>,
    tells: HashSet<String>,
    not_before: Vec<String>,
    shares: HashSet<String>,
    of_shares: HashSet<String>,
    means: HashSet<String>,
    parts_of_names: HashSet<String>,
    measures: Vec<String>,
    oblique: HashSet<String>,
    pub(crate) planned: Vec<String>,
    pub(crate) ended: Vec<String>,
    pub(crate) sums: Vec<String>,
    pub(crate) not_sums: Vec<String>,
}

impl DealWords {
    pub(crate) fn builtin() -> Self {
        toml::from_str(include_str!("../lexicon/deals.toml")).expect("the file is built in")
    }
}

/// What stands around one verb of dealing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Deal {
    /// The verb.
    pub(crate) trigger: Range<usize>,
    /// Who does it, by their names.
    pub(crate) subjects: Vec<Range<usize>>,
    /// With whom, or to whom.
    pub(crate) objects: Vec<Range<usize>>,
    /// Whether shares are what is dealt in.
    pub(crate) shares: bool,
    /// Whether the verb is one that means a deal only where shares are dealt in.
    pub(crate) of_shares: bool,
    /// Whether the verb is part of the name of something: 收购方.
    pub(crate) noun: bool,
}

/// What the deals of a story are, and who is named by the way.
#[derive(Debug, Default)]
pub(crate) struct Dealings {
    /// In the order of the text.
    pub(crate) deals: Vec<Deal>,
    /// Names that have something to tell: 公司 behind them is they.
    pub(crate) tellers: Vec<Range<usize>>,
}

impl Dealings {
    /// The deal of a verb.
    pub(crate) fn at(&self, trigger: usize) -> Option<&Deal> {
        let i = self.deals.partition_point(|d| d.trigger.start < trigger);
        self.deals.get(i).filter(|d| d.trigger.start == trigger)
    }

    /// All names of parties, each place once.
    pub(crate) fn names(&self) -> Vec<Range<usize>> {
        let deals = self.deals.iter().flat_map(|d| d.subjects.iter().chain(&d.objects));
        let mut out: Vec<Range<usize>> = deals.chain(&self.tellers).cloned().collect();
        out.sort_by_key(|r| (r.start, r.end));
        out.dedup();
        out
    }
}

/// Reads the deals of a story.
pub(crate) fn dealings(passage: &Passage<'_>, known: &Known<'_>) -> Dealings {
    let mut out = Dealings::default();
    for sentence in passage.sentences() {
        let triggers = triggers(passage, &sentence, known.organizations);
        if triggers.is_empty() {
            continue;
        }
        let verbs: Vec<Range<usize>> = triggers.iter().map(|(r, _)| r.clone()).collect();
        let pieces = pieces(passage, &sentence, known, &verbs);
        let line = Line { passage, pieces: &pieces };
        let teller = line.teller();
        let first = out.deals.len();
        for (trigger, family) in triggers {
            let deal = match family {
                Family::Signed => signing::read(&line, &trigger),
                _ => buying::read(&line, &trigger),
            };
            out.deals.push(deal);
        }
        means(passage, &mut out.deals[first..]);
        let teller = teller.or_else(|| out.deals[first..].iter().find_map(|d| line.owner(d)));
        out.tellers.extend(teller);
    }
    out
}

/// 出资3亿元收购某公司 is one deal: how it is paid is none of its own.
fn means(passage: &Passage<'_>, deals: &mut [Deal]) {
    for i in 0..deals.len().saturating_sub(1) {
        let text = passage.text(deals[i].trigger.clone());
        let later = deals[i + 1..].iter().any(|d| !d.objects.is_empty() && !d.noun);
        deals[i].noun |= later && passage.lexicon.deals.means.contains(text.as_str());
    }
}

fn triggers(passage: &Passage<'_>, sentence: &Range<usize>, names: &[Range<usize>]) -> Vec<(Range<usize>, Family)> {
    let mut out = Vec::new();
    let mut i = sentence.start;
    while i < sentence.end {
        let length = passage.marks.begins(List::Trigger, i);
        let whole = passage.is_trigger(i..i + length);
        let part = whole && part_of_name(passage, &(i..i + length));
        let named = names[..names.partition_point(|n| n.start <= i)].last().is_some_and(|n| n.end > i);
        if !whole || named || part {
            i += 1;
            continue;
        }
        let families = passage.lexicon.triggers.get(&passage.text(i..i + length)).into_iter().flatten();
        let deal = families.copied().find(|f| matches!(f, Family::Signed | Family::Invests));
        out.extend(deal.map(|f| (i..i + length, f)));
        i += length;
    }
    out
}

/// `瑞海投资、某某`: a verb that ends a name has nothing behind it that it could be about.
fn part_of_name(passage: &Passage<'_>, verb: &Range<usize>) -> bool {
    if !passage.lexicon.deals.parts_of_names.contains(passage.text(verb.clone()).as_str()) {
        return false;
    }
    let next = passage.tokens.get(verb.end);
    let object = next.is_some_and(|t| matches!(t.word, Word::Inner | Word::Place | Word::Number))
        || matches!(passage.at(verb.end), '了' | '约' | '超' | '于' | '其' | '“' | '《' | '近' | '逾');
    !object
        || [
            "者", "人", "价值", "收益", "机构", "公司", "基金", "集团", "管理", "有限", "合伙", "协议", "额", "规模",
            "金额", "总额", "方",
        ]
        .iter()
        .any(|w| passage.starts(verb.end, w))
}
