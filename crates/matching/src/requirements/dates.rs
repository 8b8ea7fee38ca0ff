//! By when something has to be done: `2025年6月30日前完成验收`.

use jiff::ToSpan;
use jiff::civil::Date;
use keqiao_catalog::Catalog;
use keqiao_domain::{Requirement, Value};
use keqiao_text::{DateMention, Granularity, read_dates};

use super::at;
use super::words::DUE;
use crate::cues::WISH;
use crate::read::Scan;

/// The property of the catalog that a deadline is.
pub(crate) const DEADLINE: &str = "deadline";

/// Signs of which a deadline has one.
const TOLD: [char; 4] = ['前', '止', '迟', '晚'];
/// Or one of these; 国内 stands in most texts.
const WITHIN: [&str; 2] = ["年内", "月内"];
/// Before a day: it is the last.
const LATEST: &[&str] = &["截止日期", "截止时间", "最迟", "最晚", "不晚", "不迟", "截止", "截至"];

/// The longest word for what is to be done that is taken as one behind a day.
const LONGEST_DEED: usize = 6;
/// In it: that it is done.
const PAST: &[&str] = &["已", "曾", "成立", "创立", "创建", "注册", "获", "了", "建成", "投产", "的"];

/// The first deadline of a text. A day before which something must be done is the last on which it
/// may be: `6月30日前` is the 30th, as contracts have it, `6月前` the last day of May, `年底前` the last of the year.
pub(super) fn deadline(scan: &Scan<'_>, out: &mut Vec<Requirement>) {
    if !scan.lexicon.catalog().properties.contains_key(DEADLINE) {
        return;
    }
    let text = &scan.cleaned.text;
    let tells = |text: &str| text.contains(TOLD) || WITHIN.iter().any(|word| text.contains(word));
    if !tells(text) {
        return;
    }
    let mut chars = text.chars();
    let mut passed = 0;
    // Word by word through the clauses, so that a long text is not read for dates twice.
    while passed < scan.chars.len() {
        let (_, end) = scan.clause(passed);
        let clause: String = chars.by_ref().take(end - passed).collect();
        if tells(&clause)
            && let Some((day, from, to)) = read_dates(&clause, None).iter().find_map(|m| last_day(&clause, m))
            && (is_due(&clause, scan.lexicon.catalog()) || is_alone(&clause, from, to))
        {
            let required = Value::Text(day.to_string());
            if let Some(found) = at(scan, DEADLINE, required, passed + from, passed + to) {
                out.push(found);
                return;
            }
        }
        passed = end;
    }
}

/// Whether a clause says no more than by when, and in a word or two what: `2025年8月前交大货`, but not `2015年前成立`.
fn is_alone(clause: &str, from: usize, to: usize) -> bool {
    let said = |c: &char| c.is_alphanumeric() && !matches!(c, '于' | '在' | '请');
    let before: String = clause.chars().take(from).filter(said).collect();
    let deed: String = clause.chars().skip(to).filter(said).collect();
    let past = PAST.iter().any(|word| deed.contains(word));
    let hoped = before.is_empty() || WISH.contains(&before.as_str());
    hoped && !past && deed.chars().count() <= LONGEST_DEED
}

/// Whether a clause tells of something to be done.
fn is_due(clause: &str, catalog: &Catalog) -> bool {
    let says = |words: &[&str]| words.iter().any(|w| clause.contains(w));
    says(DUE) || says(LATEST) || catalog.deeds.iter().flat_map(|d| &d.words).any(|deed| clause.contains(deed.as_str()))
}

/// The last day of a mention that `前` or `止` follows, and where the whole stands in the clause.
fn last_day(clause: &str, mention: &DateMention) -> Option<(Date, usize, usize)> {
    if mention.relative {
        return None;
    }
    let before: String = clause.chars().take(mention.start).collect();
    let before = before.trim_end_matches(['：', ':', '为', '是', '于', '在', ' ']);
    if let Some(name) = LATEST.iter().find_map(|word| before.strip_suffix(word)) {
        return Some((mention.to?, name.chars().count(), mention.end));
    }
    let behind: String = clause.chars().skip(mention.end).take(8).collect();
    // 10月31日（含）前
    let aside =
        ["（含）", "(含)", "（含当日）", "(含当日)"].into_iter().find(|a| behind.starts_with(a)).unwrap_or_default();
    let behind = &behind[aside.len()..];
    let inside = mention.text.ends_with('前');
    // 2025年内完成验收; of a day there is no 内.
    let sold = behind.starts_with("内销") || behind.starts_with("内部");
    let within = behind.starts_with('内') && !sold && mention.granularity != Granularity::Day;
    let within = within.then_some(("内", true));
    let (word, until) = [("之前", false), ("以前", false), ("前", false), ("为止", true), ("止", true)]
        .into_iter()
        .find(|(word, _)| behind.starts_with(word))
        .or(within)
        .or(inside.then_some(("", false)))?;
    let named = ["底", "末", "下旬"].iter().any(|end| mention.text.trim_end_matches('前').ends_with(end));
    let whole = until || named || mention.granularity == Granularity::Day;
    let day = if whole { mention.to? } else { mention.from?.checked_sub(1.day()).ok()? };
    Some((day, mention.start, mention.end + aside.chars().count() + word.chars().count()))
}
