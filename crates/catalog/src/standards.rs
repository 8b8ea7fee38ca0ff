//! Standards as people write them: `AEC-Q100 Grade 1`, `GB/T 2423.1-2008`.

use crate::model::{Catalog, Standard};

/// A spelling without what people write differently: case, spaces, hyphens, slashes.
pub(crate) fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Standard {
    /// The place of a grade among the grades, by any of its spellings.
    #[must_use]
    pub fn grade(&self, text: &str) -> Option<usize> {
        let key = fold(text);
        self.grades.iter().position(|(id, others)| fold(id) == key || others.iter().any(|o| fold(o) == key))
    }
}

impl Catalog {
    /// The standard a text names, and the place of the grade it names.
    ///
    /// The text is the standard's id or alias, in any case and spacing, then,
    /// if at all, its part or edition (`.1`, `-2008`, `:2015`), then a grade.
    /// `None` when anything of the text stays unread.
    #[must_use]
    pub fn standard(&self, text: &str) -> Option<(&Standard, Option<usize>)> {
        let mut best: Option<(usize, &Standard, Option<usize>)> = None;
        for standard in self.standards.values() {
            for name in std::iter::once(&standard.id).chain(&standard.aliases) {
                let Some(rest) = strip_name(text, name) else {
                    continue;
                };
                let Some(grade) = read_rest(rest, standard) else {
                    continue;
                };
                if best.is_none_or(|(left, ..)| rest.len() < left) {
                    best = Some((rest.len(), standard, grade));
                }
            }
        }
        best.map(|(_, standard, grade)| (standard, grade))
    }
}

/// The first letter or digit, small.
fn initial(text: &str) -> Option<char> {
    text.chars().find(|c| c.is_alphanumeric()).and_then(|c| c.to_lowercase().next())
}

/// What follows a name in a text, if the text begins with it as a whole word.
fn strip_name<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    // Most names begin otherwise, and are not worth folding.
    if initial(name) != initial(text) {
        return None;
    }
    let key = fold(name);
    let mut left = key.as_str();
    for (i, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        for lower in c.to_lowercase() {
            left = left.strip_prefix(lower)?;
        }
        if left.is_empty() {
            let rest = &text[i + c.len_utf8()..];
            let goes_on = |next: char| {
                if c.is_ascii_digit() { next.is_ascii_digit() } else { next.is_ascii_alphabetic() }
            };
            return if rest.starts_with(goes_on) { None } else { Some(rest) };
        }
    }
    None
}

/// The grade in what follows the name: `Some(None)` when only part and
/// edition follow, `None` when something else does.
fn read_rest(rest: &str, standard: &Standard) -> Option<Option<usize>> {
    let mut rest = rest.trim();
    loop {
        let plain = rest.trim_matches([' ', '(', ')', '（', '）', ',', '，', '-', ':', '：']);
        if plain.is_empty() {
            return Some(None);
        }
        if let Some(grade) = standard.grade(plain) {
            return Some(Some(grade));
        }
        // A part or an edition: a mark, then digits.
        let number = rest.strip_prefix(['.', '-', ':', '：'])?;
        let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        if end == 0 {
            return None;
        }
        rest = number[end..].trim_start();
    }
}
