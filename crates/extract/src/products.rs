//! Things made: “龙鳞”芯片, XJ-200型压缩机, and what the catalog has a word for.

use std::ops::Range;

use crate::lexicon::List;
use crate::model::EntityKind;
use crate::page::is_han;
use crate::passage::Passage;
use crate::titles::Titled;
use crate::tokens::{Token, Word};

/// The longest name in quotation marks, and the longest words between a model and what it is.
const QUOTED: usize = 12;
const BETWEEN: usize = 8;

/// Finds them where nothing else is named.
pub(crate) fn products(passage: &Passage<'_>, taken: &[bool]) -> Vec<Titled> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < passage.chars.len() {
        let found = match passage.chars[i] {
            '“' => quoted(passage, i),
            c if c.is_ascii_alphanumeric() => model(passage, i).or_else(|| known(passage, i)),
            _ => known(passage, i),
        };
        let found = found.filter(|p| !taken[p.chars.clone()].contains(&true));
        i = found.as_ref().map_or(i + 1, |p| p.chars.end);
        out.extend(found);
    }
    out
}

fn product(chars: Range<usize>, name: String) -> Titled {
    Titled { chars, name, kind: EntityKind::Product }
}

/// A name in quotation marks before what it is the name of.
fn quoted(passage: &Passage<'_>, open: usize) -> Option<Titled> {
    let close = (open + 2..passage.chars.len().min(open + QUOTED)).find(|&k| passage.chars[k] == '”')?;
    let plain = passage.chars[open + 1..close].iter().all(|c| is_han(*c) || c.is_ascii_alphanumeric() || *c == '-');
    let end = noun_end(passage, close + 1)?;
    plain.then(|| product(open..end, passage.text(open + 1..close)))
}

/// The sign of a model before what it is a model of: letters and digits, 型 or 系列, some words.
fn model(passage: &Passage<'_>, at: usize) -> Option<Titled> {
    if at > 0 && passage.chars[at - 1].is_ascii_alphanumeric() {
        return None;
    }
    let sign = passage.chars[at..].iter().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/')).count();
    let signs = &passage.chars[at..at + sign];
    let mixed = signs.iter().any(char::is_ascii_uppercase) && signs.iter().any(char::is_ascii_digit);
    let end = noun_end(passage, at + sign)?;
    (mixed && sign >= 3).then(|| product(at..end, passage.text(at..end)))
}

/// Where the first word for a thing made ends that stands behind a name, with what makes it more exact before it.
fn noun_end(passage: &Passage<'_>, from: usize) -> Option<usize> {
    let limit = passage.chars.len().min(from + BETWEEN);
    let words = (from..limit).take_while(|&i| is_han(passage.chars[i]) && !passage.starts(i, "的"));
    words.map(|i| i + 1).filter(|&end| passage.tokens.begins(end)).find(|&end| {
        let length = passage.marks.ends(List::Product, end);
        length > 0 && end - length >= from && plain(passage, from..end - length)
    })
}

/// Whether no word of the text's own (与, 的, 发布) stands between the sign and the thing.
fn plain(passage: &Passage<'_>, between: Range<usize>) -> bool {
    let own = |t: &Token| {
        t.word == Word::Conjunction || passage.lexicon.breaks.contains(passage.text(t.chars.clone()).as_str())
    };
    between.into_iter().all(|i| passage.tokens.get(i).is_some_and(|t| !own(t)))
}

/// A word of the catalog for a thing made.
fn known(passage: &Passage<'_>, at: usize) -> Option<Titled> {
    let length = passage.marks.begins(List::Catalog, at);
    let chars = at..at + length;
    let outside = |i: usize| passage.chars.get(i).is_some_and(char::is_ascii_alphanumeric);
    let latin = |i: usize| passage.chars[i].is_ascii_alphanumeric();
    let cut = length > 0 && (latin(at) && at > 0 && outside(at - 1) || latin(chars.end - 1) && outside(chars.end));
    if length < 2 || cut {
        return None;
    }
    let name = passage.lexicon.things.get(&passage.text(chars.clone()))?.clone();
    Some(product(chars, name))
}
