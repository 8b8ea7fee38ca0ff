//! The counts of dashboards, kept in the transactions that append steps.

use keqiao_domain::{Measure, Subject, Tally};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, insert_rows, to_word};
use crate::values::{Arg, Bind};

/// What a dashboard asks for. `*` is all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Workflow id.
    pub workflow: String,
    /// Program id or `*`.
    pub program: String,
    /// Region code or `*`.
    pub region: String,
    /// Kind id or `*`.
    pub kind: String,
}

/// One sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// What is counted.
    pub measure: Measure,
    /// Of which stage or reason.
    pub item: String,
    /// How many.
    pub count: i64,
    /// Seconds together.
    pub seconds: i64,
}

fn read(row: &Row) -> Result<Sum> {
    Ok(Sum {
        measure: row.word("measure")?,
        item: row.get("item")?,
        count: row.get("count")?,
        seconds: row.get("total")?,
    })
}

/// Adds to the counts in all places of an engagement.
///
/// # Errors
/// When they cannot be written.
pub async fn add(conn: &mut Conn, subject: &Subject, tallies: &[Tally]) -> Result<()> {
    let mut rows: Vec<Vec<Arg>> = Vec::new();
    for [region, kind, program] in subject.cells() {
        for t in tallies {
            rows.push(vec![
                subject.workflow.as_str().arg(),
                program.as_str().arg(),
                region.as_str().arg(),
                kind.as_str().arg(),
                subject.month.as_str().arg(),
                to_word(&t.measure)?.arg(),
                t.of.as_str().arg(),
                t.count.arg(),
                t.seconds.arg(),
            ]);
        }
    }
    insert_rows(
        conn,
        "INSERT INTO engagement_tallies (workflow, program, region, kind, month, measure, item, n, seconds)",
        rows,
        " ON CONFLICT (workflow, program, region, kind, month, measure, item) DO UPDATE SET \
         n = engagement_tallies.n + excluded.n, seconds = engagement_tallies.seconds + excluded.seconds",
    )
    .await
}

/// The sums of a place over months, both included.
///
/// # Errors
/// When the database cannot be asked.
pub async fn sums(conn: &mut Conn, cell: &Cell, from: &str, to: &str) -> Result<Vec<Sum>> {
    Query::new(
        "SELECT measure, item, CAST(SUM(n) AS BIGINT) AS count, CAST(SUM(seconds) AS BIGINT) AS total \
         FROM engagement_tallies WHERE workflow = $1 AND program = $2 AND region = $3 AND kind = $4 \
         AND month >= $5 AND month <= $6 GROUP BY measure, item ORDER BY measure, item",
    )
    .bind(&cell.workflow)
    .bind(&cell.program)
    .bind(&cell.region)
    .bind(&cell.kind)
    .bind(from)
    .bind(to)
    .all(conn, read)
    .await
}

/// A count as it is kept: its key, joined by tabs, how many, and seconds.
pub type Kept = (String, i64, i64);

/// All counts that are not zero.
///
/// # Errors
/// When the database cannot be asked.
pub async fn all(conn: &mut Conn) -> Result<Vec<Kept>> {
    let query = Query::new(
        "SELECT workflow, program, region, kind, month, measure, item, n, seconds FROM engagement_tallies \
         WHERE n <> 0 OR seconds <> 0",
    );
    let key = |r: &Row| {
        let columns = ["workflow", "program", "region", "kind", "month", "measure", "item"];
        let parts: Result<Vec<String>> = columns.iter().map(|c| r.get(c)).collect();
        Ok((parts?.join("\t"), r.get("n")?, r.get("seconds")?))
    };
    query.all(conn, key).await
}

/// The keys that additions go to, as [`all`] gives them.
///
/// # Errors
/// Never for what this program counts.
pub fn keys(subject: &Subject, tally: &Tally) -> Result<Vec<String>> {
    let measure = to_word(&tally.measure)?;
    let key = |[region, kind, program]: [String; 3]| {
        [&subject.workflow, &program, &region, &kind, &subject.month, &measure, &tally.of]
            .map(String::as_str)
            .join("\t")
    };
    Ok(subject.cells().into_iter().map(key).collect())
}
