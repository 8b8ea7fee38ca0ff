//! What was read from a text as chips that can be mended: must or wish, another value, or not at all.
//! They are plain fields of the box's form, so they work without scripts.

use keqiao_app::matching::Edit;
use keqiao_catalog::PropertyType;
use keqiao_domain::{Requirement, Strength};
use keqiao_matching::Doubt;

use crate::fields::Fields;
use crate::page::Frame;

/// Chips of one page; what is read beyond them counts as it was read.
const MOST: usize = 40;

/// One requirement; drawn by `chips` of `chips.html`.
pub(crate) struct Chip {
    pub(crate) property: String,
    pub(crate) label: String,
    /// The value as it was read, by which the chip is known again.
    pub(crate) was: String,
    /// What stands in the field.
    pub(crate) value: String,
    /// Must or wish; `None`: taken out.
    pub(crate) strength: Option<Strength>,
    /// Whether what stands in the field cannot be understood.
    pub(crate) misread: bool,
}

impl Chip {
    pub(crate) fn is_must(&self) -> bool {
        self.strength == Some(Strength::Must)
    }
    pub(crate) fn is_wish(&self) -> bool {
        self.strength == Some(Strength::Wish)
    }
}

/// What the person mended, from the fields of the form.
pub(crate) fn edits_of(fields: &Fields) -> Vec<Edit> {
    let column = |name: &str| fields.all(name).into_iter().map(str::to_owned);
    let strength = |word: String| [Strength::Must, Strength::Wish].into_iter().find(|s| word_of(*s) == word);
    let (properties, was) = (column("chip.property"), column("chip.was"));
    let (values, strengths) = (column("chip.value"), column("chip.strength"));
    let rows = properties.zip(was).zip(values.zip(strengths)).take(MOST);
    rows.map(|((property, was), (value, word))| Edit { property, was, value, strength: strength(word) }).collect()
}

const fn word_of(strength: Strength) -> &'static str {
    match strength {
        Strength::Must => "must",
        Strength::Wish => "wish",
    }
}

/// The chips of what was read, as they were mended; and how many more there are.
pub(crate) fn chips(f: &Frame, as_read: &[Requirement], edits: &[Edit], misread: &[usize]) -> (Vec<Chip>, usize) {
    let chip = |read: &Requirement| {
        let was = read.required.to_string();
        let edit = edits.iter().position(|e| e.property == read.property && e.was == was);
        Chip {
            label: f.property(&read.property).to_owned(),
            value: edit.map_or_else(|| typed(f, read), |i| edits[i].value.clone()),
            strength: edit.map_or(Some(read.strength), |i| edits[i].strength),
            misread: edit.is_some_and(|i| misread.contains(&i)),
            property: read.property.clone(),
            was,
        }
    };
    (as_read.iter().take(MOST).map(chip).collect(), as_read.len().saturating_sub(MOST))
}

/// A value as a person would type it: choices by their names.
fn typed(f: &Frame, read: &Requirement) -> String {
    let property = f.catalog.properties.get(&read.property);
    match property.filter(|p| p.ty == PropertyType::Choice) {
        Some(_) => f.value(&read.property, &read.required),
        None => read.required.to_string(),
    }
}

/// What cannot be right in a reading, in words.
pub(crate) fn doubt_text(f: &Frame, doubt: &Doubt) -> String {
    match doubt {
        Doubt::Contradiction { property, first, second } => {
            let values = format!("{} / {}", f.value(property, first), f.value(property, second));
            f.t2("doubt-contradiction", "name", f.property(property), "values", values)
        }
        Doubt::UnknownUnit { property, unit } => f.t2("doubt-unknown-unit", "name", f.property(property), "unit", unit),
    }
}
