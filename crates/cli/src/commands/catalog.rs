//! `keqiao catalog`: checks the catalog and says what it holds.

use std::path::PathBuf;

use super::CommandError;
use crate::house;
use crate::output;

/// `keqiao catalog`
#[derive(Debug, clap::Args)]
pub(crate) struct CatalogArgs {
    /// Data folder whose `catalog/` is laid over the built-in catalog.
    #[arg(long, env = "KEQIAO_DATA")]
    data: Option<PathBuf>,
}

pub(crate) fn check(args: &CatalogArgs) -> Result<(), CommandError> {
    let catalog = house::catalog(args.data.as_deref())?;
    output::line(format_args!(
        "{} kinds, {} properties, {} units, {} standards, {} thesaurus groups",
        catalog.kinds.len(),
        catalog.properties.len(),
        catalog.units.by_symbol.len(),
        catalog.standards.len(),
        catalog.thesaurus.groups.len()
    ))?;
    for taxonomy in catalog.taxonomies.values() {
        output::line(format_args!("{}: {} nodes", taxonomy.id, taxonomy.nodes.len()))?;
    }
    Ok(())
}
