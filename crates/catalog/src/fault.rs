//! What is wrong with a catalog, where, and how to mend it.

use std::fmt;

/// One fault of the catalog.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CatalogFault {
    /// The file as the operator finds it: `catalog/kinds/chip.toml`, or the
    /// path of the overlay's file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub mend: String,
}

impl fmt::Display for CatalogFault {
    /// `catalog/kinds/chip.toml:12:8: unknown property "x"; mend: …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, reason, mend } = self;
        write!(f, "{file}:{line}:{column}: {reason}; mend: {mend}")
    }
}

/// All faults of a catalog, by file and line; never empty as an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogFaults(pub Vec<CatalogFault>);

impl fmt::Display for CatalogFaults {
    /// One fault per line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for CatalogFaults {}
