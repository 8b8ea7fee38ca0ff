//! Entries counted: by region and stage, in the hall, and as far as phases depend on it.

use keqiao_domain::{EntryStage, ProgramId, Standing};

use crate::conn::Conn;
use crate::sql::{Query, Result};

/// How many entries of a program count for each region in each stage; drafts are nobody's business.
///
/// # Errors
/// When the database cannot be asked.
pub async fn counts(conn: &mut Conn, program: ProgramId) -> Result<Vec<(String, EntryStage, i64)>> {
    Query::new(
        "SELECT area, stage, COUNT(*) AS n FROM program_entries WHERE program_id = $1 AND stage <> 'draft' \
         GROUP BY area, stage",
    )
    .bind(program)
    .all(conn, |r| Ok((r.get("area")?, r.word("stage")?, r.get("n")?)))
    .await
}

/// A cell of the hall's facets: region, kind, industry, and how many are on show.
pub type ShownCell = (String, String, String, i64);

/// How many are on show, by region, kind and industry.
///
/// # Errors
/// When the database cannot be asked.
pub async fn shown(conn: &mut Conn, program: ProgramId) -> Result<Vec<ShownCell>> {
    Query::new(
        "SELECT area, kind, industry, COUNT(*) AS n FROM program_entries WHERE program_id = $1 AND on_show = 1 \
         GROUP BY area, kind, industry",
    )
    .bind(program)
    .all(conn, |r| Ok((r.get("area")?, r.get("kind")?, r.get("industry")?, r.get("n")?)))
    .await
}

/// How the entries stand, as far as the phases of the program depend on it.
///
/// # Errors
/// When the database cannot be asked.
pub async fn standing(conn: &mut Conn, program: ProgramId) -> Result<Standing> {
    let mut standing = Standing::default();
    for (_, stage, n) in counts(conn, program).await? {
        match stage {
            EntryStage::Submitted => standing.unchecked += n,
            EntryStage::Checked => standing.undecided += n,
            stage if stage.is_chosen() => standing.selected += n,
            _ => {}
        }
    }
    standing.unanswered = Query::new("SELECT COUNT(*) AS n FROM program_entries WHERE program_id = $1 AND appeal = 1")
        .bind(program)
        .number(conn)
        .await?;
    standing.reviews =
        Query::new("SELECT COUNT(*) AS n FROM program_reviews WHERE program_id = $1 AND state = 'scored'")
            .bind(program)
            .number(conn)
            .await?;
    Ok(standing)
}
