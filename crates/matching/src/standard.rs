//! Standards as people name them, with their grades.

use keqiao_catalog::Standard;
use keqiao_domain::{Value, Verdict};

/// Finds the standard and grade that a value names.
pub(crate) type Resolve<'a, 'f> = &'f dyn Fn(&str) -> Option<(&'a Standard, Option<usize>)>;

/// A standard named in a text, with its grade where one is named.
pub(crate) struct Named<'a> {
    pub(crate) standard: &'a Standard,
    /// Place in the standard's grades, the strictest first.
    pub(crate) grade: Option<usize>,
}

impl Named<'_> {
    /// `AEC-Q100 Grade 1`.
    pub(crate) fn text(&self) -> String {
        match self.grade {
            Some(g) => format!("{} {}", self.standard.id, self.standard.grades[g].0),
            None => self.standard.id.clone(),
        }
    }
}

/// A standard that an offer says it has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Denied {
    /// The standard.
    pub(crate) id: String,
    /// The laxest grade it has not; `None`: none at all.
    pub(crate) grade: Option<usize>,
    /// In the offer's words.
    pub(crate) words: String,
}

impl Denied {
    /// Whether it denies a standard at a grade. Who lacks a grade lacks the
    /// stricter ones; of the standard without grade that says nothing.
    pub(crate) fn covers(&self, id: &str, grade: Option<usize>) -> bool {
        let same = self.id == id;
        same && self.grade.is_none_or(|lacks| grade.is_some_and(|asked| asked <= lacks))
    }
}

/// What of a spelling counts: letters, digits and Han in lower case.
fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The grade named in a piece of text; where several spellings stand, the
/// longest of those that come first.
pub(crate) fn grade_in(text: &str, standard: &Standard) -> Option<usize> {
    let text = key(text);
    standard
        .grades
        .iter()
        .enumerate()
        .flat_map(|(i, (id, others))| std::iter::once(id).chain(others).map(move |g| (i, key(g))))
        .filter(|(_, g)| !g.is_empty())
        .filter_map(|(i, g)| place_of(&text, &g).map(|at| (at, std::cmp::Reverse(g.len()), i)))
        .min()
        .map(|(_, _, i)| i)
}

/// Where a grade's key stands in a text's key and not inside a longer number or word.
fn place_of(text: &str, grade: &str) -> Option<usize> {
    text.match_indices(grade).map(|(at, _)| at).find(|&at| {
        let continues = |c: Option<char>, edge: Option<char>| match (c, edge) {
            (Some(c), Some(e)) => c.is_ascii_digit() && e.is_ascii_digit(),
            _ => false,
        };
        let letters = |c: Option<char>, edge: Option<char>| match (c, edge) {
            (Some(c), Some(e)) => c.is_ascii_alphabetic() && e.is_ascii_alphabetic(),
            _ => false,
        };
        let (before, after) = (text[..at].chars().next_back(), text[at + grade.len()..].chars().next());
        let (first, last) = (grade.chars().next(), grade.chars().next_back());
        !continues(before, first) && !continues(after, last) && !letters(before, first) && !letters(after, last)
    })
}

/// One required standard against all that an offer names, with the gap where it fails.
///
/// A grade covers all after it. A standard without grade, where one is
/// required, is met partly: the standard is there, the grade is not said. A
/// standard that the offer does not name is unknown, one that it denies fails.
fn judge<'a>(
    required: &str,
    offered: &[&str],
    resolve: Resolve<'a, '_>,
    denied: &[Denied],
) -> (Verdict, Option<String>) {
    let Some((standard, grade)) = resolve(required) else {
        // Not in the catalog: only the same words can be recognised.
        let same = offered.iter().any(|o| key(o) == key(required));
        return (if same { Verdict::Meets } else { Verdict::Unknown }, None);
    };
    let best = offered
        .iter()
        .filter_map(|o| resolve(o))
        .filter(|(o, _)| o.id == standard.id)
        .map(|(_, offered)| match (grade, offered) {
            (None, _) => (Verdict::Meets, None),
            (Some(_), None) => (Verdict::Partly, None),
            (Some(n), Some(o)) if o <= n => (Verdict::Meets, None),
            (Some(n), Some(o)) => {
                let name = |i: usize| &standard.grades[i].0;
                (Verdict::Fails, Some(format!("{} < {}", name(o), name(n))))
            }
        })
        .min_by_key(|(verdict, _)| *verdict);
    let lacking = || {
        let found = denied.iter().find(|d| d.covers(&standard.id, grade));
        found.map(|d| (Verdict::Fails, Some(d.words.clone())))
    };
    best.or_else(lacking).unwrap_or((Verdict::Unknown, None))
}

/// Of what an offer names, the standards that are asked for, or all where it names none of them.
pub(crate) fn relevant(required: &Value, offered: Vec<String>, resolve: Resolve<'_, '_>) -> Value {
    let asked: Vec<&str> = required.texts().into_iter().filter_map(resolve).map(|(s, _)| s.id.as_str()).collect();
    let same = |o: &&String| resolve(o).is_some_and(|(s, _)| asked.contains(&s.id.as_str()));
    let mut named: Vec<String> = offered.iter().filter(same).cloned().collect();
    match named.len() {
        0 => Value::List(offered),
        1 => Value::Text(named.remove(0)),
        _ => Value::List(named),
    }
}

/// All required standards together: any that fails fails it unless another is
/// met, which makes it partly.
pub(crate) fn judge_each(
    required: &[&str],
    offered: &[&str],
    resolve: Resolve<'_, '_>,
    denied: &[Denied],
) -> (Verdict, Option<String>) {
    let each: Vec<_> = required.iter().map(|r| judge(r, offered, resolve, denied)).collect();
    let has = |v: Verdict| each.iter().any(|(e, _)| *e == v);
    let all = |v: Verdict| !each.is_empty() && each.iter().all(|(e, _)| *e == v);
    let verdict = if all(Verdict::Meets) {
        Verdict::Meets
    } else if has(Verdict::Meets) || has(Verdict::Partly) {
        Verdict::Partly
    } else if has(Verdict::Fails) {
        Verdict::Fails
    } else {
        Verdict::Unknown
    };
    let gap = each.into_iter().find_map(|(_, gap)| gap).filter(|_| verdict == Verdict::Fails);
    (verdict, gap)
}
