//! The words that name what a figure measures.

use keqiao_catalog::Property;
use keqiao_text::{Comparator, QuantityMention, TokenKind};

use super::words::{
    BETTERS, CHANGES, CONDITIONS, DEEDS, EACH, EXTENDS, HEADS, HOLDERS, HOPES, LEADS, LESSENED_TO, NO_LEADS, NOW,
    OTHERS, RAISED_TO, SUPPORTS, TAILS, TELLING, TERMS, WHOLE_NAMES,
};
use super::{Voice, measures, property};
use crate::cues::{FILLERS, NO_NAMES, WHOLE};
use crate::lexicon::CueHit;
use crate::read::Scan;

/// How far before a quantity its property's name may stand, in characters.
const REACH_BEFORE: usize = 24;
/// How far behind a quantity its property's name may begin (`5mΩ以下的导通电阻`).
const REACH_AFTER: usize = 4;
/// How far behind a property's name what it is extended by may end.
const REACH_EXTENDS: usize = 6;
/// The longest name made of the need's own words.
const OWN_WORDS: usize = 8;
/// The longest word for each of them: 每工作日.
const LONGEST_EACH: usize = 4;

/// Words that end a property's name and say nothing of what it is: 耐压等级 is 耐压.
const GRADED: &[&str] = &["等级", "水平", "能力", "指标", "度"];
/// What may stand between a name and its figure: `破损率由目前的8%降到3%`.
const TAILING: [&[&str]; 7] = [EACH, HOPES, NOW, &["由"], LESSENED_TO, RAISED_TO, FILLERS];
/// What may stand between a name and a value that is its own.
const JOINING: [&[&str]; 6] = [EACH, GRADED, HOPES, LESSENED_TO, RAISED_TO, FILLERS];

/// Whether the words between a property's name and a bare value belong to the two.
pub(super) fn joins(scan: &Scan<'_>, from: usize, to: usize) -> bool {
    let between = scan.lexicon.text().fold_str(&scan.slice(from, to));
    let mut rest = between.as_str();
    // What a bracket says of the name (`密度(20℃)`) parts the two no more than a filler.
    if let Some((_, behind)) = rest.trim_start().strip_prefix('(').and_then(|r| r.split_once(')')) {
        rest = behind;
    }
    while let Some(filler) = JOINING.into_iter().flatten().find(|f| rest.starts_with(**f)) {
        rest = &rest[filler.len()..];
    }
    rest.is_empty()
}

/// The property whose name stands closest before the quantity in its clause,
/// else right behind it, and that measures the same dimension. A name before the figure that ends at
/// `since` is that figure's where this one has words of its own.
pub(super) fn named_near<'a>(
    scan: &'a Scan<'_>,
    mention: &QuantityMention,
    dimension: &str,
    since: usize,
) -> Option<(&'a CueHit<'a>, &'a Property)> {
    let (from, to) = scan.clause(mention.start);
    let near_by = (from.max(mention.start.saturating_sub(2 * REACH_BEFORE)), to.min(mention.end + 2 * REACH_BEFORE));
    let fits: Vec<(&CueHit<'_>, &Property)> = scan
        .cues_within(near_by)
        .filter_map(|h| property(scan, h).map(|p| (h, p)))
        .filter(|(h, p)| measures(scan, p, dimension) && !is_extended(scan, h.end, mention.start) && !is_held(scan, h))
        .collect();
    let own = || since > from && words_before(scan, since, mention.start).is_some();
    let bare = matches!(mention.comparator, Comparator::Equal | Comparator::About);
    let near = |h: &CueHit<'_>| {
        if bare {
            joins(scan, h.end, mention.start)
        } else {
            mention.start - h.end <= REACH_BEFORE && !is_topic(scan, h.end, mention.start)
        }
    };
    let before = fits
        .iter()
        .filter(|(h, _)| h.end <= mention.start && near(h))
        .max_by_key(|(h, p)| (h.end, scan.lexicon.uses(&p.id), std::cmp::Reverse(&p.id)))
        .filter(|(h, _)| h.end > since || !own());
    let behind = fits
        .iter()
        .filter(|(h, _)| h.start >= mention.end && h.start - mention.end <= REACH_AFTER)
        .filter(|(h, _)| !scan.chars[mention.end..h.start].contains(&'、'))
        .min_by_key(|(h, p)| (h.start, std::cmp::Reverse(scan.lexicon.uses(&p.id)), &p.id));
    before.or(behind).map(|(h, p)| (*h, *p))
}

/// Whether what stands before a figure is what a line is about and not what the figure measures: the 晶圆 of
/// `晶圆键合设备：对准精度±0.5μm`.
fn is_topic(scan: &Scan<'_>, end: usize, figure: usize) -> bool {
    let colon = scan.chars[end..figure].iter().rposition(|c| matches!(c, ':' | '：'));
    colon.is_some_and(|n| n > 0 && words_before(scan, end + n + 1, figure).is_some())
}

/// Whether a name goes on behind a property's: 厚度偏差 is no 厚度.
fn is_extended(scan: &Scan<'_>, end: usize, figure: usize) -> bool {
    let behind = &scan.chars[end..];
    // 宽度识别误差
    let between = if end < figure { scan.slice(end, figure) } else { String::new() };
    let name = between.trim_end_matches(|c: char| !c.is_alphabetic());
    if name.chars().count() <= REACH_EXTENDS && EXTENDS.iter().any(|word| name.ends_with(word)) {
        return true;
    }
    // 良率提高5%: by so much, not to it.
    let changes = CHANGES.iter().find(|word| begins_with(behind, word)).map(|word| word.chars().count());
    let to = changes.and_then(|length| behind.get(length));
    EXTENDS.iter().any(|word| begins_with(behind, word)) || to.is_some_and(char::is_ascii_digit)
}

/// Whether a name is part of another word: the 效率 of 有效率.
fn is_held(scan: &Scan<'_>, hit: &CueHit<'_>) -> bool {
    let from = hit.start.saturating_sub(1);
    HOLDERS.iter().any(|word| begins_with(&scan.chars[from..], word))
}

/// For a bounded quantity that no property's name stands near: the property
/// whose name ends or begins with the word before it (`温度` for `工作温度`, `日处理` for `日处理量`), the
/// only property of its dimension where nothing names it, or the need's own words. A bare value
/// is one where it stands [`alone`] with its name.
pub(super) fn guessed(
    scan: &Scan<'_>,
    voice: Voice,
    mention: &QuantityMention,
    dimension: Option<&str>,
) -> Option<(String, usize)> {
    use Comparator::{AtLeast, AtMost, LessThan, MoreThan, PlusMinus, Range};
    let limited = matches!(mention.comparator, AtLeast | AtMost | LessThan | MoreThan | PlusMinus | Range);
    let alone = if limited { Alone::No } else { alone(scan, voice, mention, dimension) };
    // Told before any words are cut: most figures are neither.
    if !limited && alone == Alone::No {
        return None;
    }
    let words = own_words(scan, mention);
    if alone == Alone::Counted {
        return words_behind(scan, mention);
    }
    if !limited && !words.as_ref().is_some_and(|(_, start)| alone == Alone::Reached || is_name(scan, mention, *start)) {
        return None;
    }
    let fits: Vec<&Property> = dimension.map(|d| scan.lexicon.measuring(d).collect()).unwrap_or_default();
    // 时间 is that of anything.
    let telling = |word: &str| !WHOLE_NAMES.contains(&word) && (dimension != Some("time") || word.chars().count() > 2);
    if let Some((word, start)) = words.as_ref().filter(|(word, _)| telling(word)) {
        let by_name = |p: &&Property| p.name.zh.ends_with(word.as_str());
        let by_synonym = |p: &&Property| {
            p.synonyms
                .iter()
                .any(|s| s.ends_with(word.as_str()) || (word.chars().count() > 2 && s.starts_with(word.as_str())))
        };
        let clear = clearest(scan, fits.iter().copied().filter(by_name))
            .or_else(|| clearest(scan, fits.iter().copied().filter(by_synonym)));
        if let Some(p) = clear {
            // A bare 压力 may be that of anything, 中心频率 is itself.
            let bare = || words.clone().filter(|(word, _)| word.chars().count() > 2);
            return if limited { Some((p.id.clone(), *start)) } else { bare() };
        }
    }
    match fits.as_slice() {
        [only] if words.is_none() && dimension != Some("temperature") => Some((only.id.clone(), mention.start)),
        _ => words.or_else(|| words_behind(scan, mention).filter(|_| dimension == Some("count"))),
    }
}

/// Whether a bare value asks for something. `增长15%` and `员工200人` ask for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alone {
    /// No.
    No,
    /// Where a name is all that stands before it in its clause: `扬程30米`.
    WithName,
    /// Its words say what shall be reached: `可用性达到99.99%`.
    Reached,
    /// What is counted stands behind a verb and the figure alone: `支持128路视频接入`.
    Counted,
}

fn alone(scan: &Scan<'_>, voice: Voice, mention: &QuantityMention, dimension: Option<&str>) -> Alone {
    let (from, to) = scan.clause(mention.start);
    // 灌装速度达到每分钟300瓶
    let before = scan.slice(from, before_each(scan, from, mention.start));
    if reaches(&before).is_some() {
        return Alone::Reached;
    }
    if dimension == Some("count") && SUPPORTS.iter().any(|word| before.trim() == *word) {
        return Alone::Counted;
    }
    // 内存占用减少40%
    let betters = BETTERS.iter().any(|word| before.ends_with(word));
    // An offer's own: 续航时间168小时. Of its people and its money it tells as a need does.
    // 服务期三年: how long something holds is asked for.
    let term = dimension == Some("time") && TERMS.iter().any(|word| before.trim_end().ends_with(word));
    let tells = |d: &str| {
        !term && TELLING.contains(&d) && (voice == Voice::Asks || matches!(d, "count" | "money-cny" | "area"))
    };
    let plain = matches!(mention.comparator, Comparator::Equal | Comparator::About)
        // A unit that the table has not is one by another, or a counter behind 万: 年供苗500万株.
        && dimension.map_or(!mention.interval.unit.is_empty(), |d| betters || !tells(d));
    let mut behind = scan.chars[mention.end..to.max(mention.end)].iter().take_while(|c| **c != '、');
    // 日处理20吨的设备
    let last = plain && (behind.clone().next() == Some(&'的') || !behind.any(|c| c.is_alphanumeric()));
    if last { Alone::WithName } else { Alone::No }
}

/// Whether what begins at a place and all before it in the clause is a name: 储氢 belongs to the 压力 of 储氢压力70MPa.
fn is_name(scan: &Scan<'_>, mention: &QuantityMention, start: usize) -> bool {
    let (from, _) = scan.clause(mention.start);
    // 采购：带速4m/s
    let colon = scan.chars[from..start].iter().rposition(|c| matches!(c, ':' | '：'));
    let from = colon.map_or(from, |n| from + n + 1);
    start - from <= OWN_WORDS && scan.chars[from..start].iter().all(|c| c.is_alphabetic())
}

/// Whether words before a figure say that it is to be reached, and from which side.
pub(super) fn reaches(before: &str) -> Option<Comparator> {
    let before = before.trim_end();
    let ends = |words: &[&str]| words.iter().any(|w| before.ends_with(w));
    if ends(LESSENED_TO) || ends(&["低至"]) {
        return Some(Comparator::AtMost);
    }
    (ends(RAISED_TO) || ends(&["达", "可到", "reach", "reaches"])).then_some(Comparator::AtLeast)
}

/// The property that most kinds have, where no other has as many.
fn clearest<'a>(scan: &Scan<'_>, fits: impl Iterator<Item = &'a Property>) -> Option<&'a Property> {
    let mut fits: Vec<&Property> = fits.collect();
    fits.sort_by_key(|p| std::cmp::Reverse(scan.lexicon.uses(&p.id)));
    let uses = |i: usize| fits.get(i).map(|p| scan.lexicon.uses(&p.id));
    let clear = fits.len() < 2 || uses(1) < uses(0);
    fits.first().copied().filter(|_| clear)
}

/// The words before a quantity that name it, and where they begin.
pub(super) fn own_words(scan: &Scan<'_>, mention: &QuantityMention) -> Option<(String, usize)> {
    let (from, _) = scan.clause(mention.start);
    words_before(scan, from, mention.start)
}

/// What is counted, where a clause ends with it: the 节点 of `不少于100个节点`.
fn words_behind(scan: &Scan<'_>, mention: &QuantityMention) -> Option<(String, usize)> {
    let (_, to) = scan.clause(mention.start);
    let behind = scan.slice(mention.end, to.max(mention.end));
    let name = behind.trim();
    let fits = (2..=OWN_WORDS).contains(&name.chars().count()) && name.chars().all(char::is_alphabetic);
    fits.then(|| (name.to_owned(), mention.start))
}

/// The name that ends at a place of the text or before fillers there.
pub(super) fn words_before(scan: &Scan<'_>, from: usize, to: usize) -> Option<(String, usize)> {
    let mut end = before_aside(scan, from, before_each(scan, from, to));
    let ends_with = |end: usize, word: &str| {
        let mut before = scan.chars[from.min(end)..end].iter().rev();
        word.chars().rev().all(|c| before.next() == Some(&c))
    };
    while let Some(filler) = TAILING.into_iter().flatten().find(|f| ends_with(end, f)) {
        if *filler == "范围" || WHOLE.iter().any(|w| ends_with(end, w)) {
            break;
        }
        end -= filler.chars().count();
    }
    let joins = |i: usize| match scan.chars[i] {
        '的' | '并' | '与' | '且' | '或' | '了' | '其' => false,
        // 及时率, 饱和度
        '及' => scan.chars.get(i + 1) == Some(&'时'),
        '和' => i > from && matches!(scan.chars[i - 1], '亲' | '饱' | '中'),
        c => c.is_alphanumeric(),
    };
    let start = (from..end).rev().take(4 * OWN_WORDS).take_while(|&i| joins(i)).last()?;
    let start = EACH
        .iter()
        .find(|each| begins_with(&scan.chars[start..end], each))
        .map_or(start, |each| start + each.chars().count());
    if let Some(deed) = DEEDS.iter().find(|deed| ends_with(end, deed)) {
        let length = deed.chars().count();
        return Some(((*deed).to_owned(), end - length));
    }
    // 材料成本较现有方案降低: what it is compared with is no name.
    let compared = |i: usize| {
        let behind = &scan.chars[i + 1..end];
        let other = || NOW.iter().chain(OTHERS).any(|word| begins_with(behind, word));
        scan.chars[i] == '较' || (scan.chars[i] == '比' && other())
    };
    let end = (start + 2..end).find(|i| compared(*i)).unwrap_or(end);
    let run = scan.slice(start, end);
    let offset =
        if is_short(&run) { lead(&run) } else { last_words(&scan.lexicon.text().query_terms(&run), end - start)? };
    let (start, length) = (start + offset, end - start - offset);
    let letters = scan.chars[start..end].iter().any(|c| c.is_alphabetic());
    let digit = scan.chars[start].is_ascii_digit();
    if !(2..=OWN_WORDS * 2).contains(&length) || !letters || digit {
        return None;
    }
    let name = scan.slice(start, end);
    let says_nothing = NO_NAMES.iter().any(|w| name.ends_with(w));
    (!says_nothing).then_some((name, start))
}

/// The place before 每样, 每只 that ends at `to`.
pub(super) fn before_each(scan: &Scan<'_>, from: usize, to: usize) -> usize {
    let near = to.saturating_sub(LONGEST_EACH).max(from).min(to);
    let Some(at) = scan.chars[near..to].iter().rposition(|c| *c == '每').map(|n| near + n) else { return to };
    let each = scan.slice(at + 1, to);
    let counts = each.chars().count() == 1 || scan.lexicon.catalog().units.get(&each).is_some();
    if counts { at } else { to }
}

/// The place before a bracket that ends at `to`: 闪点（闭口）.
fn before_aside(scan: &Scan<'_>, from: usize, to: usize) -> usize {
    if to <= from || !matches!(scan.chars[to - 1], ')' | '）') {
        return to;
    }
    let near = to.saturating_sub(REACH_BEFORE).max(from);
    scan.chars[near..to].iter().rposition(|c| matches!(c, '(' | '（')).map_or(to, |n| near + n)
}

/// Whether characters begin with a word.
pub(super) fn begins_with(chars: &[char], word: &str) -> bool {
    let mut chars = chars.iter();
    word.chars().all(|c| chars.next() == Some(&c))
}

/// Whether a run is a name as it stands. One that holds a figure is more than a name.
fn is_short(run: &str) -> bool {
    let mut chars = run.chars();
    let figure =
        chars.next().is_some_and(|c| c.is_ascii_digit()) && !chars.next().is_some_and(|c| c.is_ascii_alphabetic());
    run.chars().count() <= OWN_WORDS && !figure
}

/// How many characters at the beginning of a run say that something is asked for, not what.
fn lead(run: &str) -> usize {
    let mut rest = run;
    let named = |rest: &str| NO_LEADS.iter().any(|word| rest.starts_with(word));
    while let Some(behind) = LEADS.iter().find_map(|word| rest.strip_prefix(word)).filter(|_| !named(rest)) {
        rest = behind;
    }
    // 环境下制热量
    let under = CONDITIONS.iter().find_map(|word| rest.split_once(word)).filter(|(_, of)| of.chars().count() > 1);
    if let Some((_, behind)) = under {
        rest = behind;
    }
    // 铸件目前废品率
    if let Some((_, behind)) = NOW.iter().find_map(|word| rest.split_once(word)).filter(|(_, of)| !of.is_empty()) {
        rest = behind;
    }
    // 磨削后圆度: what was done before is no name.
    if let Some((_, behind)) = rest.split_once('后').filter(|(done, of)| !done.is_empty() && of.chars().count() > 1) {
        rest = behind;
    }
    run.chars().count() - rest.chars().count()
}

/// Where the last two words of a long run begin; a lone 度 or 率 belongs to the word before it, a
/// lone 年 to the one behind.
fn last_words(terms: &[keqiao_text::Term], length: usize) -> Option<usize> {
    let lone = |i: usize, of: &str| terms[i].text.chars().count() == 1 && of.contains(terms[i].text.as_str());
    let whole = |i: usize| (i > 0 && terms[i].start >= terms[i - 1].end).then(|| i - 1);
    let mut first = terms.len().checked_sub(1)?;
    let mut words = 0;
    loop {
        if lone(first, TAILS)
            && let Some(before) = whole(first)
        {
            first = before;
        }
        // 恢复时间目标RTO: what it is called for short is no word of its own.
        let short = words == 0 && terms[first].kind == TokenKind::Latin;
        words += usize::from(!short);
        let Some(before) = whole(first).filter(|_| words < 2) else { break };
        let wide = terms[before].end - terms[before].start > 1 || lone(before, TAILS);
        let number = matches!(terms[before].kind, TokenKind::Number | TokenKind::Unit);
        if !wide || number || length - terms[before].start > OWN_WORDS {
            break;
        }
        first = before;
    }
    if let Some(before) = whole(first).filter(|b| lone(*b, HEADS)) {
        first = before;
    }
    Some(terms[first].start)
}
