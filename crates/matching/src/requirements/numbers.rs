//! Numbers without unit: `通道数不少于8`, `成熟度达到7级以上`, `有3个以上应用案例`.

use keqiao_catalog::PropertyType;
use keqiao_domain::{Requirement, Value};
use keqiao_text::{QuantityMention, parse_interval};

use super::{REACH_VALUE, at, property};
use crate::read::Scan;

/// How far before a property's name the number of such things may end.
const REACH_COUNT: usize = 2;
/// The dimension of units that count.
const COUNT: &str = "count";

/// Numbers behind or before the name of a number property.
pub(super) fn numbers(scan: &Scan<'_>, mentions: &[QuantityMention], out: &mut Vec<Requirement>) {
    for hit in &scan.cues {
        let Some(p) = property(scan, hit).filter(|p| p.ty == PropertyType::Number) else {
            continue;
        };
        let (_, clause_end) = scan.clause(hit.start);
        let to = clause_end.min(hit.end + 2 * REACH_VALUE);
        let run = |from: usize, of: &str| from + (from..to).take_while(|&i| of.contains(scan.chars[i])).count();
        let start = run(hit.end, "：:为是达到第应须需要 ");
        let number = run(start, "0123456789.,±~-–—至≥≤><≧≦不低高少多超过于大小等约万千 ");
        let measure = run(number, "级个路通道次倍");
        let end = run(measure, "及以上下内");
        let text = scan.slice(start, number) + scan.slice(measure, end).trim_start_matches('及');
        if let Some(interval) = parse_interval(text.trim(), &scan.lexicon.catalog().units, "") {
            out.extend(at(scan, &p.id, Value::Interval(interval), hit.start, end));
            continue;
        }
        // So many of them.
        let counted = |m: &&QuantityMention| {
            let unit = scan.lexicon.catalog().units.get(&m.interval.unit);
            let counts = unit.is_some_and(|u| u.dimension == COUNT) || m.interval.unit.is_empty();
            m.end <= hit.start && hit.start - m.end <= REACH_COUNT && counts
        };
        let before = mentions.partition_point(|m| m.end <= hit.start);
        if let Some(m) = mentions[..before].last().filter(counted) {
            let mut interval = m.interval.clone();
            interval.unit.clear();
            out.extend(at(scan, &p.id, Value::Interval(interval), m.start, hit.end));
        }
    }
}
