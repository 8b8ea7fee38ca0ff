//! Making all matches anew, beside those that stand.

use super::{Standing, insert};
use crate::conn::Conn;
use crate::sql::{Query, Result};

/// The place beside the table in which a rebuild puts its matches. It lies in the writer's own
/// connection, so that a rebuild that was cut off leaves nothing.
const FRESH: &str = "DROP TABLE IF EXISTS matches_fresh; CREATE TEMPORARY TABLE matches_fresh (
    need_id $TEXT NOT NULL,
    offer_id $TEXT NOT NULL,
    score $FLOAT NOT NULL,
    blocked $INT NOT NULL,
    reasons $TEXT NOT NULL,
    need_version $INT NOT NULL,
    offer_version $INT NOT NULL,
    public_score $FLOAT NOT NULL,
    public_blocked $INT NOT NULL,
    public_reasons $TEXT,
    PRIMARY KEY (need_id, offer_id)
) $STRICT";

/// Begins to make all matches anew, beside those that stand.
///
/// # Errors
/// When it cannot be written.
pub async fn begin_fresh(conn: &mut Conn) -> Result<()> {
    let sql = conn.dialect().translate(FRESH);
    conn.schema_text(sql).await.map_err(|e| conn.fail(e))
}

/// Adds matches to those made anew; one that is among them stays as it is.
///
/// # Errors
/// When a match lacks one of its listings, or nothing was begun on this connection (internal).
pub async fn add_fresh(conn: &mut Conn, matches: &[Standing]) -> Result<()> {
    let all: Vec<&Standing> = matches.iter().collect();
    insert(
        conn,
        concat!("INSERT INTO matches_fresh (", columns!(), ") VALUES "),
        &all,
        " ON CONFLICT (need_id, offer_id) DO NOTHING",
    )
    .await
}

/// Puts the matches made anew in the place of all there are; answers how many.
///
/// # Errors
/// When nothing was begun on this connection (internal); those that stand stay then.
pub async fn swap_fresh(conn: &mut Conn) -> Result<u64> {
    Query::new("DELETE FROM matches").run(conn).await?;
    let moved =
        Query::new(concat!("INSERT INTO matches (", columns!(), ") SELECT ", columns!(), " FROM matches_fresh"));
    let count = moved.run(conn).await?;
    Query::new("DROP TABLE matches_fresh").run(conn).await?;
    Ok(count)
}
