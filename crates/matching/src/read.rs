//! What a text wants: side, kind, terms, requirements, region.

use std::collections::{BTreeMap, HashSet};

use keqiao_domain::{Requirement, RequirementSource, Side, Value};
use keqiao_text::{Mapped, clean};
use serde::Serialize;

use crate::cues::CLAUSE_ENDS;
use crate::lexicon::{Cue, CueHit, Lexicon};
use crate::requirements::{self, Voice};
use crate::standard::Denied;

mod terms;

/// The longest clause, in characters.
const LONGEST_CLAUSE: usize = 400;

/// A word that a text is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NeedTerm {
    /// The word, folded.
    pub text: String,
    /// Other words for it, folded: its thesaurus group, the spellings of a standard or part number.
    pub variants: Vec<String>,
    /// First character of its first place in the text as given.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// How often it stands there.
    pub count: usize,
}

/// What cannot be right in a text, or cannot be judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Doubt {
    /// Two statements about one property that nothing can meet both; the first is kept.
    Contradiction {
        /// Property id, or the text's words.
        property: String,
        /// What is said first.
        first: Value,
        /// What is said against it.
        second: Value,
    },
    /// A figure with a unit that is not in the table: kept as written, compared with nothing.
    UnknownUnit {
        /// Property id, or the text's words.
        property: String,
        /// The unit as written.
        unit: String,
    },
}

/// What was read from a text, for its writer to see and mend.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Reading {
    /// Need or offer, as its words suggest.
    pub side: Option<Side>,
    /// Kind id, as its words and properties suggest.
    pub kind: Option<String>,
    /// What it is about, in the order of the text.
    pub terms: Vec<NeedTerm>,
    /// Quantities, choices and standards it names.
    pub requirements: Vec<Requirement>,
    /// Region code, the deepest that the text's first region leads to.
    pub region: Option<String>,
    /// Standards it names, with grades, `AEC-Q100 Grade 1`.
    pub standards: Vec<String>,
    /// What cannot be right in it, or cannot be judged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
}

/// A text with its cues and clauses; all places are characters of `cleaned.text`.
pub(crate) struct Scan<'a> {
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) cleaned: Mapped,
    pub(crate) chars: Vec<char>,
    pub(crate) cues: Vec<CueHit<'a>>,
    /// Where each clause begins.
    clauses: Vec<usize>,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(cleaned: Mapped, lexicon: &'a Lexicon) -> Self {
        let chars: Vec<char> = cleaned.text.chars().collect();
        let digit = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_digit);
        let space = |i: usize| chars.get(i).is_none_or(|c| c.is_whitespace());
        let ends = |i: usize| match chars[i] {
            ',' => !(digit(i.checked_sub(1)) && digit(Some(i + 1))),
            '.' => space(i + 1),
            c => CLAUSE_ENDS.contains(&c),
        };
        let mut clauses = vec![0];
        for i in 0..chars.len() {
            // Nobody writes so long a clause; what is looked through again and again must not be.
            let begun = clauses.last().copied().unwrap_or(0);
            if ends(i) || i - begun >= LONGEST_CLAUSE {
                clauses.push(i + 1);
            }
        }
        let cues = lexicon.cues_in(&lexicon.text().fold(&cleaned.text));
        Self { lexicon, cleaned, chars, cues, clauses }
    }

    /// The clause that holds a place, from its first character to one past its last.
    pub(crate) fn clause(&self, at: usize) -> (usize, usize) {
        let i = self.clauses.partition_point(|&start| start <= at);
        (self.clauses[i - 1], self.clauses.get(i).copied().unwrap_or(self.chars.len()))
    }

    /// The cues that stand in a stretch.
    pub(crate) fn cues_within(&self, (from, to): (usize, usize)) -> impl Iterator<Item = &CueHit<'a>> {
        let first = self.cues.partition_point(|h| h.start < from);
        self.cues[first..].iter().take_while(move |h| h.start < to).filter(move |h| h.end <= to)
    }

    /// The characters of a stretch.
    pub(crate) fn slice(&self, from: usize, to: usize) -> String {
        self.chars[from..to].iter().collect()
    }
}

/// Reads a pasted text, dirty as it is. All places count characters of the text as given.
#[must_use]
pub fn read_text(text: &str, lexicon: &Lexicon) -> Reading {
    read_as(text, lexicon, Voice::Asks)
}

/// Reads an offer's text in the same form: what it states instead of what it asks for. What it
/// denies is left out.
#[must_use]
pub fn read_statements(text: &str, lexicon: &Lexicon) -> Reading {
    read_as(text, lexicon, Voice::States)
}

fn read_as(text: &str, lexicon: &Lexicon, voice: Voice) -> Reading {
    let scan = Scan::new(clean(text), lexicon);
    let found = requirements::of(&scan, voice);
    let side = side_of(&scan);
    let kind = kind_of(&scan, side, &found.requirements);
    let back = |start: usize, end: usize| scan.cleaned.span(start, end);
    let mut terms = terms::terms_of(&scan, &found.requirements);
    for term in &mut terms {
        let span = back(term.start, term.end);
        (term.start, term.end) = (span.start, span.end);
    }
    let mut requirements = found.requirements;
    for requirement in &mut requirements {
        if let RequirementSource::Text { start, end } = &mut requirement.source {
            let span = back(*start, *end);
            (*start, *end) = (span.start, span.end);
        }
    }
    Reading {
        side,
        kind,
        terms,
        requirements,
        region: region_of(&scan),
        standards: found.standards,
        doubts: found.doubts,
    }
}

/// What an offer's text says of itself.
#[derive(Debug, Default)]
pub(crate) struct Specs {
    /// The first value of each property, all standards.
    pub(crate) values: BTreeMap<String, Value>,
    /// The standards that it says it has not.
    pub(crate) denied: Vec<Denied>,
}

/// The specs that an offer's text states, and what it denies.
pub(crate) fn read_specs(text: &str, lexicon: &Lexicon) -> Specs {
    let chars = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let as_is = Mapped { text: text.to_owned(), origin: (0..=chars).collect() };
    let found = requirements::of(&Scan::new(as_is, lexicon), Voice::States);
    let mut specs: BTreeMap<String, Value> = BTreeMap::new();
    for spec in found.requirements {
        match (specs.get_mut(&spec.property), spec.required) {
            (None, value) => {
                specs.insert(spec.property, value);
            }
            // A text that names several standards names each of them once.
            (Some(held @ Value::Text(_)), Value::Text(more)) => {
                let mut all: Vec<String> = held.texts().into_iter().map(str::to_owned).collect();
                all.push(more);
                *held = Value::List(all);
            }
            (Some(Value::List(all)), Value::Text(more)) => all.push(more),
            (Some(_), _) => {}
        }
    }
    Specs { values: specs, denied: found.denied }
}

/// The side with more cue words; of as many, the one that comes first.
fn side_of(scan: &Scan<'_>) -> Option<Side> {
    let sides: Vec<Side> =
        scan.cues.iter().filter_map(|h| if let Cue::Side(side) = h.cue { Some(*side) } else { None }).collect();
    let needs = sides.iter().filter(|s| **s == Side::Need).count();
    match needs.cmp(&(sides.len() - needs)) {
        std::cmp::Ordering::Greater => Some(Side::Need),
        std::cmp::Ordering::Less => Some(Side::Offer),
        std::cmp::Ordering::Equal => sides.first().copied(),
    }
}

/// The kind for which names and properties say most; `None` where none stands out.
fn kind_of(scan: &Scan<'_>, side: Option<Side>, requirements: &[Requirement]) -> Option<String> {
    let kinds = &scan.lexicon.catalog().kinds;
    let mut said: BTreeMap<&str, f64> = BTreeMap::new();
    for hit in &scan.cues {
        if let Cue::Kind { kind, weight } = hit.cue {
            *said.entry(kind).or_insert(0.0) += weight;
        }
    }
    let properties: HashSet<&str> = requirements.iter().map(|r| r.property.as_str()).collect();
    for kind in kinds.values() {
        for field in kind.fields.iter().filter(|f| properties.contains(f.property.as_str())) {
            let uses = scan.lexicon.uses(&field.property).max(1);
            *said.entry(&kind.id).or_insert(0.0) += 1.0 / uses as f64;
        }
    }
    said.retain(|id, _| kinds.get(*id).is_some_and(|k| side.is_none_or(|s| k.sides.contains(&s))));
    let (best, most) = said.iter().max_by(|a, b| a.1.total_cmp(b.1))?;
    let rivals = said.values().filter(|w| **w >= *most).count();
    (*most >= 0.5 && rivals == 1).then(|| (*best).to_owned())
}

/// The first region of the text, or one inside it that the text names too.
fn region_of(scan: &Scan<'_>) -> Option<String> {
    let regions = scan.lexicon.catalog().taxonomy("region")?;
    let named: Vec<&str> = scan
        .cues
        .iter()
        // 南京路, 北京时间
        .filter(|h| !matches!(scan.chars.get(h.end), Some('路' | '街' | '时')))
        .filter_map(|h| if let Cue::Region(code) = h.cue { Some(&**code) } else { None })
        .collect();
    let mut region = *named.first()?;
    while let Some(inner) = named.iter().find(|c| **c != region && regions.ancestry(c).iter().any(|n| n.code == region))
    {
        region = inner;
    }
    Some(region.to_owned())
}

#[cfg(test)]
mod tests;
