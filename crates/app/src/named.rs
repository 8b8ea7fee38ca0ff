//! Codes of regions and industries from what people write.

use keqiao_catalog::{Catalog, Named, Node, Taxonomy};

use crate::Fault;

/// Candidates that a message names at the most.
const SHOWN: usize = 6;

/// The code that a text means in a taxonomy; the taxonomy's id is the fault's field.
///
/// # Errors
/// `unknown-code`, or `ambiguous-name` with the candidates.
pub fn code_named(catalog: &Catalog, taxonomy: &str, text: &str) -> Result<String, Fault> {
    let unknown = || Fault::with(taxonomy, "unknown-code", text);
    let known = catalog.taxonomy(taxonomy).ok_or_else(unknown)?;
    match known.named(text) {
        Named::Nothing => Err(unknown()),
        Named::One(node) => Ok(node.code.clone()),
        Named::Several(nodes) => Err(Fault::with(taxonomy, "ambiguous-name", candidates(known, &nodes))),
    }
}

/// `110105 北京市朝阳区、220104 吉林省长春市朝阳区`
fn candidates(taxonomy: &Taxonomy, nodes: &[&Node]) -> String {
    let shown = nodes.iter().take(SHOWN).map(|n| format!("{} {}", n.code, taxonomy.line(&n.code).concat()));
    let more = if nodes.len() > SHOWN { "…" } else { "" };
    shown.collect::<Vec<_>>().join("、") + more
}
