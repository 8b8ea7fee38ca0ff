//! Listings: needs and offers.

use keqiao_domain::{Interval, Listing, ListingId, ListingState, PartyId, Side, Timestamp, Value};

use crate::conn::Conn;
use crate::error::StoreError;
use crate::sql::{Query, Result, Row, by_ids, to_json};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, side, state, party_id, author_id, external_id, version, expires_at, \
             published_at, created_at, updated_at, demo, content FROM listings",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<Listing> {
    Ok(Listing {
        id: row.get("id")?,
        side: row.word("side")?,
        party: row.get("party_id")?,
        author: row.get("author_id")?,
        content: row.json("content")?,
        state: row.word("state")?,
        version: row.get("version")?,
        external_id: row.get("external_id")?,
        demo: row.get("demo")?,
        expires_at: row.get("expires_at")?,
        published_at: row.get("published_at")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

fn bound(query: Query, l: &Listing) -> Result<Query> {
    refuse_infinite(l)?;
    Ok(query
        .bind(l.id)
        .bind(l.side.as_str())
        .bind(&l.content.kind)
        .bind(l.state.as_str())
        .bind(l.party)
        .bind(l.author)
        .bind(l.audience().to_string())
        .bind(&l.external_id)
        .bind(l.version)
        .bind(l.expires_at)
        .bind(l.published_at)
        .bind(l.created_at)
        .bind(l.updated_at)
        .bind(l.demo)
        .bind(to_json(&l.content)?))
}

/// JSON has no word for a number that is not finite, and would keep nothing in its place.
fn refuse_infinite(listing: &Listing) -> Result<()> {
    let finite = |x: Option<f64>| x.is_none_or(f64::is_finite);
    for (property, value) in &listing.content.attributes {
        let kept = match value {
            Value::Number(x) => x.is_finite(),
            Value::Interval(Interval { min, max, .. }) => finite(*min) && finite(*max),
            _ => true,
        };
        if !kept {
            return Err(StoreError::Refused(format!("{property}: a number that is not finite")));
        }
    }
    Ok(())
}

/// Inserts a listing.
///
/// # Errors
/// Conflict of `listings.id` or `listings.party_id+external_id`; of the reference when the party
/// is not there.
pub async fn insert(conn: &mut Conn, listing: &Listing) -> Result<()> {
    let query = Query::new(
        "INSERT INTO listings (id, side, kind, state, party_id, author_id, audience, external_id, \
         version, expires_at, published_at, created_at, updated_at, demo, content) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    );
    bound(query, listing)?.run(conn).await.map(drop)
}

/// Writes a listing anew if its row still has the expected version; whether it had.
/// The row's version becomes the listing's.
///
/// # Errors
/// Conflict of `listings.party_id+external_id`; of the reference when the party is not there.
pub async fn update(conn: &mut Conn, listing: &Listing, expected: i64) -> Result<bool> {
    let query = Query::new(
        "UPDATE listings SET side = $2, kind = $3, state = $4, party_id = $5, author_id = $6, \
         audience = $7, external_id = $8, version = $9, expires_at = $10, published_at = $11, \
         created_at = $12, updated_at = $13, demo = $14, content = $15 \
         WHERE id = $1 AND version = $16",
    );
    bound(query, listing)?.bind(expected).hit(conn).await
}

/// The listing of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: ListingId) -> Result<Option<Listing>> {
    Query::new(select!(" WHERE id = $1")).bind(id).first(conn, read).await
}

/// The listings of these ids in this order; those that are not there are left out.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_many(conn: &mut Conn, ids: &[ListingId]) -> Result<Vec<Listing>> {
    by_ids(conn, select!(""), ids, read, |l| l.id).await
}

/// The listing of a party's id in the system it was imported from.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_by_external_id(conn: &mut Conn, party: PartyId, external_id: &str) -> Result<Option<Listing>> {
    Query::new(select!(" WHERE party_id = $1 AND external_id = $2"))
        .bind(party)
        .bind(external_id)
        .first(conn, read)
        .await
}

/// Where a page of a list sorted by time begins: right after this row.
pub type After = Option<(Timestamp, ListingId)>;

/// Which listings a list shows; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListingFilter {
    /// Whose.
    pub party: Option<PartyId>,
    /// In which state.
    pub state: Option<ListingState>,
    /// Needs or offers.
    pub side: Option<Side>,
    /// Kind id.
    pub kind: Option<String>,
}

/// What a viewer with these audience tokens may see (`None`: everything), the last written first.
/// No tokens see nothing.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_visible(
    conn: &mut Conn,
    filter: &ListingFilter,
    tokens: Option<&[String]>,
    after: After,
    limit: i64,
) -> Result<Vec<Listing>> {
    let mut query = Query::new(select!(" WHERE 1 = 1"));
    if let Some(tokens) = tokens {
        if tokens.is_empty() {
            return Ok(Vec::new());
        }
        query.push(" AND audience IN ");
        query.list(tokens);
    }
    latest_first(conn, query, filter, after, limit).await
}

/// A page of what a query that ends in its WHERE chooses.
async fn latest_first(
    conn: &mut Conn,
    mut query: Query,
    filter: &ListingFilter,
    after: After,
    limit: i64,
) -> Result<Vec<Listing>> {
    if let Some(party) = filter.party {
        query.push(" AND party_id = ");
        query.place(party);
    }
    if let Some(state) = filter.state {
        query.push(" AND state = ");
        query.place(state.as_str());
    }
    if let Some(side) = filter.side {
        query.push(" AND side = ");
        query.place(side.as_str());
    }
    if let Some(kind) = &filter.kind {
        query.push(" AND kind = ");
        query.place(kind);
    }
    if let Some((at, id)) = after {
        query.push(" AND (updated_at, id) < (");
        query.place(at);
        query.push(", ");
        query.place(id);
        query.push(")");
    }
    query.push(" ORDER BY updated_at DESC, id DESC LIMIT ");
    query.place(limit);
    query.all(conn, read).await
}

/// All listings of a party, the last written first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_of_party(conn: &mut Conn, party: PartyId, after: After, limit: i64) -> Result<Vec<Listing>> {
    let filter = ListingFilter { party: Some(party), ..ListingFilter::default() };
    page_visible(conn, &filter, None, after, limit).await
}

/// Listings of several parties, the last written first; of no party none.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_of_parties(
    conn: &mut Conn,
    parties: &[PartyId],
    side: Option<Side>,
    state: Option<ListingState>,
    after: After,
    limit: i64,
) -> Result<Vec<Listing>> {
    if parties.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::new(select!(" WHERE party_id IN "));
    query.list(parties.iter().copied());
    let filter = ListingFilter { side, state, ..ListingFilter::default() };
    latest_first(conn, query, &filter, after, limit).await
}

/// Listings in a state, those that have waited longest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_by_state(conn: &mut Conn, state: ListingState, after: After, limit: i64) -> Result<Vec<Listing>> {
    let (at, id) = match after {
        Some((at, id)) => (at, id.to_string()),
        None => (Timestamp::from_micros(i64::MIN), String::new()),
    };
    Query::new(select!(" WHERE state = $1 AND (updated_at, id) > ($2, $3) ORDER BY updated_at, id LIMIT $4"))
        .bind(state.as_str())
        .bind(at)
        .bind(id)
        .bind(limit)
        .all(conn, read)
        .await
}

/// All listings by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_all(conn: &mut Conn, after: Option<ListingId>, limit: i64) -> Result<Vec<Listing>> {
    Query::new(select!(" WHERE id > $1 ORDER BY id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

/// How many published listings a party has.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count_published_of(conn: &mut Conn, party: PartyId) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM listings WHERE party_id = $1 AND state = $2")
        .bind(party)
        .bind(ListingState::Published.as_str())
        .number(conn)
        .await
}

/// Published listings whose time has run out, the longest overdue first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn due_to_expire(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<Listing>> {
    Query::new(select!(" WHERE state = $1 AND expires_at <= $2 ORDER BY expires_at, id LIMIT $3"))
        .bind(ListingState::Published.as_str())
        .bind(now)
        .bind(limit)
        .all(conn, read)
        .await
}

/// How many listings there are in each state that any is in, by the state's word.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count_by_state(conn: &mut Conn) -> Result<Vec<(ListingState, i64)>> {
    Query::new("SELECT state, COUNT(*) AS n FROM listings GROUP BY state ORDER BY state")
        .all(conn, |r| Ok((r.word("state")?, r.get("n")?)))
        .await
}
