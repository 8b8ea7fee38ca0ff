//! A file → its articles.

use std::collections::HashMap;

use keqiao_catalog::{Catalog, Taxonomy};
use keqiao_text::decode;

use crate::article::{self, Setting};
use crate::dates::inferred_year;
use crate::home::count;
use crate::layout::{Apart, Layout};
use crate::lexicon::Lexicon;
use crate::model::{Leftover, Part, Reading};
use crate::page::Page;
use crate::passage::Passage;
use crate::pieces::pieces;
use crate::site::owner;
use crate::stories::{Split, split};

/// Reads files. Built once and shared.
pub struct Reader {
    lexicon: Lexicon,
    layout: Layout,
    regions: Taxonomy,
}

/// Places are counted in so many characters of a page.
const COUNTED: usize = 60_000;

impl Reader {
    /// With the regions of a catalog.
    #[must_use]
    pub fn new(catalog: &Catalog) -> Self {
        let regions = catalog.taxonomy("region").cloned().unwrap_or_default();
        Self { lexicon: Lexicon::new(catalog), layout: Layout::builtin(), regions }
    }

    /// Reads a file of any encoding. `source` is the name under which its articles go,
    /// `declared` the encoding that a header names.
    #[must_use]
    pub fn read(&self, source: &str, bytes: &[u8], declared: Option<&str>) -> Reading {
        let decoded = decode(bytes, declared);
        let page = Page::read(&decoded.text);
        let split = split(&page, pieces(&page, &self.layout), &self.lexicon);
        let mut places = HashMap::new();
        let head = &page.chars[..page.chars.len().min(COUNTED)];
        count(&Passage::new(head, &self.lexicon), &self.lexicon, &[], &mut places);
        let setting = Setting {
            source,
            page: &page,
            lexicon: &self.lexicon,
            regions: &self.regions,
            places: &places,
            year: inferred_year(head),
            declared: page.declared_date.as_deref(),
            owner: owner(&page, &self.lexicon),
        };
        let articles = split.stories.iter().map(|story| article::read(story, &setting)).collect();
        let apart = apart(&page, &split);
        Reading { original: decoded.text, encoding: decoded.encoding, replaced: decoded.replaced, articles, apart }
    }
}

impl Reader {
    /// The stories of a decoded text by their parts, without reading what they say.
    #[must_use]
    pub fn stories(&self, original: &str) -> Vec<Vec<Part>> {
        let page = Page::read(original);
        let split = split(&page, pieces(&page, &self.layout), &self.lexicon);
        split.stories.iter().map(|story| article::parts(story, &page)).collect()
    }
}

/// All that belongs to no story: what was recognised, and the rest (labels, values, spare by-lines), so that every
/// character of the page belongs to something.
fn apart(page: &Page, split: &Split) -> Vec<Leftover> {
    let mut taken: Vec<bool> = page.chars.iter().map(|c| c.is_whitespace()).collect();
    for story in &split.stories {
        let written = story.chars.iter().zip(&story.places).filter(|(c, _)| **c != '\n');
        written.for_each(|(_, place)| taken[*place] = true);
    }
    let known = split.apart.iter().map(|(kind, range)| {
        taken[range.clone()].fill(true);
        Leftover { kind: *kind, span: page.original(range.clone()).into() }
    });
    let mut out: Vec<Leftover> = known.collect();
    let mut at = 0;
    while at < taken.len() {
        let end = taken[at..].iter().position(|t| *t).map_or(taken.len(), |n| at + n);
        if end > at {
            out.push(Leftover { kind: Apart::Field, span: page.original(at..end).into() });
        }
        at = end.max(at) + 1;
    }
    out.sort_by_key(|l| (l.span.start, l.span.end));
    out
}
