//! An offer made ready to be scored.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use keqiao_catalog::{Catalog, PropertyType};
use keqiao_domain::Value;
use keqiao_text::Text;

use crate::lexicon::Lexicon;
use crate::read::{Specs, read_specs};
use crate::retrieval::Seen;
use crate::view::MatchView;

/// An offer with its texts folded once. Its text is read for specs only when a
/// requirement asks for a property that its attributes lack.
pub struct Offer {
    /// What it says.
    pub view: MatchView,
    pub(crate) title: String,
    pub(crate) keywords: String,
    /// Text and the words of its attributes.
    pub(crate) text: String,
    /// What the channels say of its text to the need that it is held against, where that is known already.
    pub(crate) seen: Option<Seen>,
    specs: SharedSpecs,
}

/// What an offer's text states, once somebody has asked: whoever holds a clone need not read it again.
#[derive(Debug, Clone, Default)]
pub struct SharedSpecs(Arc<OnceLock<Specs>>);

/// Title, keywords, and the text with the words of the attributes, folded: what terms and channels look at.
#[must_use]
pub fn folded_parts(view: &MatchView, folding: &Text, catalog: &Catalog) -> [String; 3] {
    let mut text = view.text.clone();
    for (id, value) in &view.attributes {
        for word in value.texts() {
            text.push('\n');
            text.push_str(choice_name(catalog, id, word));
        }
    }
    [folding.fold_str(&view.title), folding.fold_str(&view.keywords.join("\n")), folding.fold_str(&text)]
}

impl Offer {
    /// Folds an offer's texts.
    #[must_use]
    pub fn new(view: MatchView, lexicon: &Lexicon) -> Self {
        let [title, keywords, text] = folded_parts(&view, lexicon.text(), lexicon.catalog());
        Self { title, keywords, text, seen: None, specs: SharedSpecs::default(), view }
    }

    /// With what the channels said of its text when it was looked for.
    #[must_use]
    pub fn seen_as(self, seen: Option<Seen>) -> Self {
        Self { seen, ..self }
    }

    /// With what was read, or will be, of an offer that says the same.
    #[must_use]
    pub fn sharing(self, specs: SharedSpecs) -> Self {
        Self { specs, ..self }
    }

    /// What its title and text state, by property.
    pub(crate) fn specs(&self, lexicon: &Lexicon) -> &Specs {
        self.specs.0.get_or_init(|| read_specs(&format!("{}\n{}", self.view.title, self.view.text), lexicon))
    }

    /// The standards its attributes name.
    pub(crate) fn standards_in_attributes(&self, lexicon: &Lexicon) -> Vec<String> {
        let catalog = lexicon.catalog();
        let is_standard = |id: &str| catalog.properties.get(id).is_some_and(|p| p.ty == PropertyType::Standard);
        let mut named = Vec::new();
        for text in self.view.attributes.iter().filter(|(id, _)| is_standard(id)).flat_map(|(_, v)| v.texts()) {
            // Words around a standard (`通过AEC-Q100 Grade 1（自测）`) are read as a text.
            let read = if lexicon.standard(text).is_none() { standards_of(text, lexicon) } else { Vec::new() };
            if read.is_empty() {
                named.push(text.to_owned());
            } else {
                named.extend(read);
            }
        }
        named
    }

    /// The standards its text names.
    pub(crate) fn standards_in_text(&self, lexicon: &Lexicon) -> Vec<String> {
        standards_among(&self.specs(lexicon).values, lexicon)
    }
}

fn standards_of(text: &str, lexicon: &Lexicon) -> Vec<String> {
    standards_among(&read_specs(text, lexicon).values, lexicon)
}

fn standards_among(specs: &BTreeMap<String, Value>, lexicon: &Lexicon) -> Vec<String> {
    let properties = &lexicon.catalog().properties;
    specs
        .iter()
        .filter(|(id, _)| properties.get(*id).is_some_and(|p| p.ty == PropertyType::Standard))
        .flat_map(|(_, value)| value.texts())
        .map(str::to_owned)
        .collect()
}

/// A choice by the name that texts use; any other text as it is.
fn choice_name<'a>(catalog: &'a Catalog, property: &str, text: &'a str) -> &'a str {
    let choices = catalog.properties.get(property).map(|p| p.choices.as_slice());
    choices.and_then(|all| all.iter().find(|c| c.id == text)).map_or(text, |c| c.name.zh.as_str())
}
