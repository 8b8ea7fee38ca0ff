//! Who signs with whom: A与B签署.

use std::ops::Range;

use super::Deal;
use super::line::Line;
use super::units::Unit;

/// So many words may stand between the first side and 与.
const APART: usize = 4;

pub(super) fn read(line: &Line<'_, '_>, trigger: &Range<usize>) -> Deal {
    let at = line.index(trigger.start);
    let start = line.clause_start(at);
    let mut deal = Deal { trigger: trigger.clone(), ..Deal::default() };
    if let Some(with) = divider(line, start, at) {
        deal.objects = line.list_from(with + 1, at).0;
        deal.subjects = before(line, with, start);
    } else {
        listed(line, at, start, &mut deal);
    }
    let mut earlier = start.saturating_sub(1);
    if deal.subjects.is_empty() && deal.objects.is_empty() && start > 0 {
        // 与甲、乙等达成合作,签约金额3亿元.
        let from = line.clause_start(earlier);
        if let Some(with) = divider(line, from, earlier) {
            deal.objects = line.list_from(with + 1, earlier).0;
            deal.subjects = before(line, with, from);
            earlier = from.saturating_sub(1);
        }
    }
    if deal.subjects.is_empty() {
        deal.subjects = line.topic_before(earlier);
    }
    if deal.objects.is_empty() {
        let behind = (line.index(trigger.end)..line.clause_end(at)).find(|&i| line.text(i) != "了");
        deal.objects = behind.map(|b| line.list_from(b, line.clause_end(at)).0).unwrap_or_default();
    }
    let subjects = deal.subjects.clone();
    deal.objects.retain(|o| !subjects.contains(o));
    deal
}

/// 与 before a name; or 和 behind a word that is no name (分别和, 还和).
fn divider(line: &Line<'_, '_>, start: usize, end: usize) -> Option<usize> {
    (start..end).find(|&i| {
        let apart = |i: usize| i > start && line.pieces[i - 1].unit == Unit::Word && line.text(i) == "和";
        (line.pieces[i].unit == Unit::With || apart(i)) && i + 1 < end && line.name(i + 1).is_some()
    })
}

/// The side before 与, words like 近日 and 分别 apart.
fn before(line: &Line<'_, '_>, with: usize, start: usize) -> Vec<Range<usize>> {
    let mut i = with;
    for _ in 0..APART {
        let list = line.list_to(i, start);
        if !list.is_empty() || i <= start {
            return list;
        }
        i -= 1;
    }
    line.list_to(i, start)
}

/// Without 与: A、B和C签署, where the last is the other side.
fn listed(line: &Line<'_, '_>, at: usize, start: usize, deal: &mut Deal) {
    let mut list = before(line, at, start);
    if list.len() > 1 && (start..at).any(|i| matches!(line.text(i).as_str(), "和" | "及" | "还和")) {
        deal.objects = list.pop().into_iter().collect();
    }
    deal.subjects = list;
}
