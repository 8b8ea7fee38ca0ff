//! A file → its articles.

use std::collections::HashMap;

use keqiao_catalog::{Catalog, Taxonomy};
use keqiao_text::decode;

use crate::article::{self, Setting};
use crate::dates::inferred_year;
use crate::home::count;
use crate::layout::Layout;
use crate::lexicon::Lexicon;
use crate::model::{Leftover, Reading};
use crate::page::Page;
use crate::passage::Passage;
use crate::pieces::pieces;
use crate::stories::split;

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
        count(&Passage::new(head, &self.lexicon), &self.lexicon, &mut places);
        let setting = Setting {
            source,
            page: &page,
            lexicon: &self.lexicon,
            regions: &self.regions,
            places: &places,
            year: inferred_year(head),
            declared: page.declared_date.as_deref(),
        };
        let articles = split.stories.iter().map(|story| article::read(story, &setting)).collect();
        let apart = split.apart.iter().map(|(kind, r)| Leftover { kind: *kind, span: page.original(r.clone()).into() });
        let apart = apart.collect();
        Reading { original: decoded.text, encoding: decoded.encoding, replaced: decoded.replaced, articles, apart }
    }
}
