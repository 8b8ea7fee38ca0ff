//! What is fed, and what must hold of what comes back. A target panics where it does not.

use std::sync::LazyLock;

use keqiao_catalog::Catalog;
use keqiao_extract::{Article, Reader, Span, main_text};
use keqiao_text::{
    AmountReader, Mapped, clean, decode, read_dates, read_numbers, read_quantities, read_times, simplify,
};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| keqiao_catalog::builtin().expect("the catalog is built in"));
static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new(&CATALOG));

/// Makes the reader, which takes longer than an input may.
pub fn prepare() {
    LazyLock::force(&READER);
}

pub fn decoding(input: &[u8]) {
    for label in [None, Some("gb18030"), Some("big5"), Some("utf-8"), Some("utf-16le"), Some("x")] {
        let decoded = decode(input, label);
        let lost = decoded.text.chars().filter(|&c| c == '\u{fffd}').count();
        assert!(lost >= decoded.replaced, "{label:?}: {} replaced, {lost} found", decoded.replaced);
    }
}

pub fn html(input: &[u8]) {
    mapped(&text(input), &main_text(&text(input)));
}

pub fn cleaning(input: &[u8]) {
    mapped(&text(input), &clean(&text(input)));
}

pub fn simplifying(input: &[u8]) {
    mapped(&text(input), &simplify(&text(input)));
}

/// Every part of every story lies in the text.
pub fn articles(input: &[u8]) {
    let text = text(input);
    let length = text.chars().count();
    READER.stories(&text).iter().flatten().for_each(|part| within(part.source_span, length));
}

/// Every mention, every fact and every word of it lies in the text, and every argument names what there is.
pub fn extract(input: &[u8]) {
    let reading = READER.read("input", input, None);
    let length = reading.original.chars().count();
    reading.apart.iter().for_each(|a| within(a.span, length));
    for article in &reading.articles {
        article.mentions.iter().for_each(|m| within(m.source_span, length));
        for fact in &article.facts {
            within(fact.source_span, length);
            fact.evidence.iter().for_each(|e| within(e.source_span, length));
        }
        named(article);
    }
}

fn named(article: &Article) {
    let known = |id: &String| article.entities.iter().any(|e| e.id == *id);
    for mention in &article.mentions {
        assert!(mention.entity.as_ref().is_none_or(known), "{mention:?} names nothing");
    }
}

fn within(span: Span, length: usize) {
    assert!(span.start < span.end && span.end <= length, "{span:?} of {length} characters");
}

pub fn numbers(input: &[u8]) {
    spans(input, |t| read_numbers(t).into_iter().map(|m| (m.start, m.end, m.text)).collect());
}

pub fn amounts(input: &[u8]) {
    let reader = AmountReader::new(&CATALOG.units);
    spans(input, |t| reader.read(t).into_iter().map(|m| (m.start, m.end, m.text)).collect());
}

pub fn quantities(input: &[u8]) {
    spans(input, |t| read_quantities(t, &CATALOG.units).into_iter().map(|m| (m.start, m.end, m.text)).collect());
}

pub fn dates(input: &[u8]) {
    let read = |t: &str| read_dates(t, "2023-12-20".parse().ok());
    let wrong = read(&text(input)).into_iter().find(|m| m.from.is_some() != m.to.is_some() || m.from > m.to);
    assert!(wrong.is_none(), "{wrong:?}");
    spans(input, |t| read(t).into_iter().map(|m| (m.start, m.end, m.text)).collect());
}

pub fn times(input: &[u8]) {
    spans(input, |t| read_times(t).into_iter().map(|m| (m.start, m.end, m.text)).collect());
}

fn text(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

/// The way back is as long as the text, never falls, and ends at the original's end.
fn mapped(original: &str, made: &Mapped) {
    let (chars, length) = (original.chars().count(), made.text.chars().count());
    let last = made.origin.last().map(|&o| o as usize);
    let whole = made.origin.len() == length + 1 && made.origin.is_sorted() && last == Some(chars);
    assert!(whole, "{length} characters, {} origins, the last {last:?} of {chars}", made.origin.len());
}

/// Each mention lies in the text after the one before, and holds its words.
fn spans(input: &[u8], read: impl Fn(&str) -> Vec<(usize, usize, String)>) {
    let text = text(input);
    let chars: Vec<char> = text.chars().collect();
    let mut last = 0;
    for (start, end, words) in read(&text) {
        let own = chars.get(start..end).map(|c| c.iter().collect::<String>());
        assert!(
            start >= last && start < end && own.as_ref() == Some(&words),
            "{words:?} at {start}..{end} after {last}, where {own:?} stands"
        );
        last = end;
    }
}
