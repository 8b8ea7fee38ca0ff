//! Whether what is counted where facts and articles are added is what there is.

use crate::conn::Conn;
use crate::sql::{Query, Result};

const TIES: &str = "SELECT a.entity_id, b.entity_id AS other_id, a.kind, a.audience, COUNT(DISTINCT a.fact_id) AS facts \
    FROM fact_arguments a JOIN fact_arguments b ON b.fact_id = a.fact_id AND b.entity_id <> a.entity_id \
    WHERE a.entity_id IS NOT NULL GROUP BY a.entity_id, b.entity_id, a.kind, a.audience";
const NAMED: &str = "SELECT entity_id, audience, COUNT(DISTINCT article_id) AS articles FROM article_entities \
    GROUP BY entity_id, audience";
const NAMES: &str = "SELECT DISTINCT name_key FROM entity_names WHERE role <> 'core'";
const KEPT_TIES: &str = "SELECT one_id, other_id, kind, audience, facts FROM ties";
const KEPT_NAMED: &str = "SELECT entity_id, audience, articles FROM entity_counts";
const KEPT_NAMES: &str = "SELECT DISTINCT name_key FROM name_parts";

/// How many ties, counts of articles and names that can be found are not what facts and names say.
///
/// # Errors
/// When the database cannot be asked.
pub async fn miscounted(conn: &mut Conn) -> Result<i64> {
    let mut wrong = 0;
    for (counted, kept) in [(TIES, KEPT_TIES), (NAMED, KEPT_NAMED), (NAMES, KEPT_NAMES)] {
        for (one, other) in [(counted, kept), (kept, counted)] {
            let mut query = Query::new("SELECT COUNT(*) AS n FROM (SELECT * FROM (");
            query.push(one);
            query.push(") c EXCEPT SELECT * FROM (");
            query.push(other);
            query.push(") k) d");
            wrong += query.number(conn).await?;
        }
    }
    Ok(wrong)
}
