//! Where faults gather while the catalog is read.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_spanned::Spanned;
use toml::de::DeTable;

use super::sources::Source;
use crate::fault::CatalogFault;

/// A place in a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(super) source: usize,
    pub(super) offset: usize,
}

/// Collects the faults of all sources.
pub(crate) struct Report<'s> {
    sources: &'s [Source],
    faults: RefCell<Vec<CatalogFault>>,
    /// Sources that are not TOML: what was saved of them is read, but only
    /// their first fault is told, since the others may follow from it.
    broken: RefCell<BTreeSet<usize>>,
}

impl<'s> Report<'s> {
    pub(crate) fn new(sources: &'s [Source]) -> Self {
        Self { sources, faults: RefCell::default(), broken: RefCell::default() }
    }

    /// Adds a fault.
    pub(crate) fn fault(&self, at: Place, reason: impl Into<String>, mend: impl Into<String>) {
        if self.broken.borrow().contains(&at.source) {
            return;
        }
        let source = &self.sources[at.source];
        let before = source.text.get(..at.offset).unwrap_or(&source.text);
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        self.faults.borrow_mut().push(CatalogFault {
            file: source.name.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            reason: reason.into(),
            mend: mend.into(),
        });
    }

    /// The first character of a source.
    pub(crate) const fn start(source: usize) -> Place {
        Place { source, offset: 0 }
    }

    /// A place as words: `catalog/properties.toml:12`.
    pub(crate) fn words(&self, at: Place) -> String {
        let source = &self.sources[at.source];
        let before = source.text.get(..at.offset).unwrap_or(&source.text);
        format!("{}:{}", source.name, before.matches('\n').count() + 1)
    }

    /// Parses a source; where it is not TOML, what could be saved of it.
    pub(crate) fn parse(&self, source: usize) -> Spanned<DeTable<'s>> {
        let (table, errors) = DeTable::parse_recoverable(&self.sources[source].text);
        if let Some(error) = errors.first() {
            let offset = error.span().map_or(0, |span| span.start);
            let reason = format!("not TOML: {}", error.message().replace('\n', ", "));
            self.fault(Place { source, offset }, reason, "write the line as TOML");
            self.broken.borrow_mut().insert(source);
        }
        table
    }

    /// All faults by file and line.
    pub(crate) fn into_faults(self) -> Vec<CatalogFault> {
        let mut faults = self.faults.into_inner();
        faults.sort();
        faults.dedup();
        faults
    }
}
