//! Who puts money into whom: A以3亿元收购B51%股权.

use std::ops::Range;

use super::Deal;
use super::line::Line;
use super::units::Unit;

pub(super) fn read(line: &Line<'_, '_>, trigger: &Range<usize>) -> Deal {
    let at = line.index(trigger.start);
    let (start, end) = (line.clause_start(at), line.clause_end(at));
    let words = &line.passage.lexicon.deals;
    let mut deal = Deal { trigger: trigger.clone(), ..Deal::default() };
    let behind = line.index(trigger.end);
    deal.shares = (start..end).any(|i| line.pieces[i].unit == Unit::Share || line.is(i, &words.shares));
    deal.noun = words.not_before.iter().any(|w| line.passage.starts(trigger.end, w));
    deal.of_shares = words.of_shares.contains(line.passage.text(trigger.clone()).as_str());
    if !deal.noun {
        deal.objects = owned(line, behind, end);
        if deal.objects.is_empty() {
            let first = (behind..end).find(|&i| !matches!(line.text(i).as_str(), "了" | "的" | "其" | "旗下"));
            deal.objects = first.map(|f| line.list_from(f, end).0).unwrap_or_default();
        }
    }
    if words.measures.iter().any(|w| line.passage.starts(trigger.end, w)) {
        let among = (start..at).rev().find(|&i| line.text(i) == "等").unwrap_or(at);
        deal.objects = line.list_to(among, start);
        return deal;
    }
    if deal.objects.is_empty() {
        deal.objects = before(line, start, at);
    }
    deal.subjects = by(line, start, at).unwrap_or_else(|| line.topic(start, at));
    deal.subjects.retain(|s| !deal.objects.contains(s));
    if deal.subjects.is_empty() {
        deal.subjects = line.topic_before(start.saturating_sub(1));
    }
    deal
}

/// 平台由A与B共同投资: who stands behind 由.
fn by(line: &Line<'_, '_>, start: usize, at: usize) -> Option<Vec<Range<usize>>> {
    let by = (start..at).rev().find(|&i| line.text(i) == "由")?;
    let (mut names, next) = line.list_from(by + 1, at);
    if next < at && line.pieces[next].unit == Unit::With {
        names.extend(line.list_from(next + 1, at).0);
    }
    (!names.is_empty()).then_some(names)
}

/// The names right before a share or 股权: A51%股权和B的股份.
fn owned(line: &Line<'_, '_>, from: usize, end: usize) -> Vec<Range<usize>> {
    let words = &line.passage.lexicon.deals;
    let mut out: Vec<Range<usize>> = Vec::new();
    for i in from..end {
        if line.pieces[i].unit != Unit::Share && !line.is(i, &words.shares) {
            continue;
        }
        let mut k = i;
        while k > from && (line.pieces[k - 1].unit == Unit::Word || line.pieces[k - 1].unit == Unit::Share) {
            k -= 1;
        }
        for name in line.list_to(k, from) {
            if !out.contains(&name) {
                out.push(name);
            }
        }
    }
    out
}

/// What is bought stands behind 对: 完成对A的收购.
fn before(line: &Line<'_, '_>, start: usize, at: usize) -> Vec<Range<usize>> {
    let to = (start..at).rev().find(|&i| line.text(i) == "对");
    to.map(|t| line.list_from(t + 1, at).0).unwrap_or_default()
}
