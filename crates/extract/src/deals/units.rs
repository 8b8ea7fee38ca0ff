//! A sentence as a reader of deals takes it: names, runs of words that may be one, days, shares, and what parts them.

use std::ops::Range;

use crate::passage::Passage;
use crate::tokens::Word;

/// What a piece of a sentence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// The name of an organisation that is known already.
    Name,
    /// The name of a person.
    Person,
    /// Words that may be a name.
    Run,
    /// A day or a period.
    Moment,
    /// `51%`.
    Share,
    /// 与, 同: stands between two sides.
    With,
    /// 和, 及, 、: stands between two of one side.
    And,
    /// `(…)`.
    Bracket,
    /// Ends a clause.
    Close,
    /// Any other word or sign.
    Word,
}

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) unit: Unit,
    pub(crate) chars: Range<usize>,
}

/// The longest bracket and quotation.
const BRACKET: usize = 60;

/// What of a story is known before its deals are read; each in order and without overlaps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) organizations: &'a [Range<usize>],
    pub(crate) persons: &'a [Range<usize>],
    pub(crate) moments: &'a [Range<usize>],
}

impl Known<'_> {
    /// Where the next name or verb begins behind a place.
    fn next(&self, at: usize, limit: usize, verbs: &[Range<usize>]) -> usize {
        let next = |list: &[Range<usize>]| list.get(list.partition_point(|n| n.start <= at)).map_or(limit, |n| n.start);
        next(self.organizations).min(next(self.persons)).min(next(verbs))
    }
}

/// Cuts a sentence.
pub(crate) fn pieces(
    passage: &Passage<'_>,
    sentence: &Range<usize>,
    known: &Known<'_>,
    verbs: &[Range<usize>],
) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut i = sentence.start;
    while i < sentence.end {
        let (mut unit, end) = piece_at(passage, i, sentence.end, known, verbs);
        let last = out.last().filter(|p| p.chars.end == i);
        let stock = unit == Unit::Word && last.is_some_and(|p| p.unit == Unit::Run && of_name(passage, p, &(i..end)));
        let headed = last.is_some_and(|p| is_head(passage, p)) && unit == Unit::Word && may_begin(passage, &(i..end));
        if stock || headed {
            unit = Unit::Run;
        }
        match out.last_mut() {
            Some(last) if unit == Unit::Run && last.unit == Unit::Run => last.chars.end = end,
            _ => out.push(Piece { unit, chars: i..end }),
        }
        i = end;
    }
    out
}

/// 股份 ends the name of a company, unless its shares are meant: 收购某某股份.
fn of_name(passage: &Passage<'_>, run: &Piece, word: &Range<usize>) -> bool {
    let bought = ["收购", "并购", "增持", "购买", "买入", "持有", "受让"].iter().any(|w| {
        let at = run.chars.start;
        passage.ends(at, w) || passage.ends(at, &format!("{w}了"))
    });
    let next = passage.at(word.end);
    let own = !bought || next.is_ascii_digit() || matches!(next, '、' | '(');
    passage.text(word.clone()) == "股份"
        && own
        && !matches!(next, '的')
        && !["公司", "其"].iter().any(|w| passage.ends(word.start, w))
        && !["比例", "数量", "金额", "计划", "转让", "均", "方案"].iter().any(|w| passage.starts(word.end, w))
}

/// Whether a piece says what the name behind it is: 全资子公司.
fn is_head(passage: &Passage<'_>, piece: &Piece) -> bool {
    ["子公司", "控股股东", "大股东"].iter().any(|h| passage.ends(piece.chars.end, h))
}

/// Whether an everyday word can begin a name: 今世, 永远.
fn may_begin(passage: &Passage<'_>, word: &Range<usize>) -> bool {
    let text = passage.text(word.clone());
    let lexicon = passage.lexicon;
    word.len() > 1
        && passage.tokens.get(word.start).is_some_and(|t| t.word == Word::Break)
        && !lexicon.breaks.contains(text.as_str())
        && !lexicon.deals.stops.contains(text.as_str())
        && lexicon.deals.brand_ends.iter().any(|e| (1..=3).any(|k| passage.starts(word.end + k, e)))
}

fn piece_at(passage: &Passage<'_>, i: usize, limit: usize, known: &Known<'_>, verbs: &[Range<usize>]) -> (Unit, usize) {
    if let Some(end) = starting(verbs, i) {
        return (Unit::Word, end.min(limit));
    }
    let lists = [(known.organizations, Unit::Name), (known.persons, Unit::Person), (known.moments, Unit::Moment)];
    if let Some((end, unit)) = lists.iter().find_map(|(list, unit)| starting(list, i).map(|end| (end, *unit))) {
        return (unit, end.min(limit));
    }
    let closing = match passage.at(i) {
        '(' => Some((')', Unit::Bracket)),
        '“' => Some(('”', Unit::Word)),
        '《' => Some(('》', Unit::Word)),
        _ => None,
    };
    if let Some((close, unit)) = closing {
        let end = (i + 1..limit.min(i + BRACKET)).find(|&k| passage.chars[k] == close);
        return (unit, end.map_or(i + 1, |e| e + 1));
    }
    if passage.at(i).is_ascii_digit() {
        return number(passage, i, limit);
    }
    let next_name = known.next(i, limit, verbs);
    let end = passage.tokens.get(i).map_or(i + 1, |t| t.chars.end).min(next_name).clamp(i + 1, limit);
    (unit_of(passage, i..end), end)
}

fn starting(ranges: &[Range<usize>], at: usize) -> Option<usize> {
    let found = ranges.get(ranges.partition_point(|r| r.start < at)).filter(|r| r.start == at);
    found.map(|r| r.end)
}

/// `51%` and `0.5%-1%` are a share, any other number is a word.
fn number(passage: &Passage<'_>, start: usize, limit: usize) -> (Unit, usize) {
    let end = (start..limit).find(|&k| !matches!(passage.chars[k], '0'..='9' | '.' | ',' | '-' | '%')).unwrap_or(limit);
    let share = passage.before(end) == '%';
    let end =
        if share { end } else { passage.chars[start..end].iter().position(|c| *c == '-').map_or(end, |p| start + p) };
    (if share { Unit::Share } else { Unit::Word }, end.max(start + 1))
}

fn unit_of(passage: &Passage<'_>, chars: Range<usize>) -> Unit {
    let text = passage.text(chars.clone());
    match text.as_str() {
        "与" | "同" | "跟" => return Unit::With,
        "和" | "及" | "以及" | "、" | "还和" | "暨" => return Unit::And,
        "," | ";" | ":" | "。" | "!" | "?" | "\n" => return Unit::Close,
        _ => {}
    }
    let word = passage.tokens.get(chars.start).map_or(Word::Sign, |t| t.word);
    let joins = word == Word::Sign && matches!(passage.at(chars.start), '·' | '-' | '*') && chars.len() == 1;
    let parts = matches!(word, Word::Sign | Word::Break | Word::Measure | Word::Conjunction | Word::Number);
    if !joins && (parts || passage.lexicon.deals.stops.contains(text.as_str())) { Unit::Word } else { Unit::Run }
}
