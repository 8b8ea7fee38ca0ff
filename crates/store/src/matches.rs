//! Standing matches, kept by their follower.

use std::collections::HashSet;

use keqiao_domain::{Change, ListingId, Match, Timestamp};

use crate::conn::Conn;
use crate::error::StoreError;
use crate::sql::{Query, Result, Row, to_json};
use crate::values::{Arg, Bind as _};
use crate::{changes, cursors};

/// A match as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// As members are shown it.
    pub matched: Match,
    /// As visitors are shown it.
    pub public: Public,
    /// The versions of need and offer that were matched.
    pub versions: (i64, i64),
}

impl Standing {
    /// The match as visitors are shown it; `None`: they are not.
    #[must_use]
    pub fn shown_to_visitors(&self) -> Option<&Match> {
        match &self.public {
            Public::Same => Some(&self.matched),
            Public::Other(other) => Some(other),
            Public::Nothing => None,
        }
    }
}

/// What visitors are shown of a match; they read less of some listings than members do.
#[derive(Debug, Clone, PartialEq)]
pub enum Public {
    /// What members are shown.
    Same,
    /// Another score and other reasons.
    Other(Match),
    /// Nothing: by what visitors read, the offer does not answer the need.
    Nothing,
}

/// The name of the follower that keeps them, also that of its cursor and lease.
pub const FOLLOWER: &str = "standing-matches";
/// Its version; a higher one computes all matches anew.
pub const FOLLOWER_VERSION: i64 = 2;
/// How far apart the clocks of two nodes may be.
const CLOCKS_APART_SECONDS: i64 = 60;

/// The reasons of [`Public::Nothing`].
const NOTHING: &str = "[]";

macro_rules! columns {
    () => {
        "need_id, offer_id, score, blocked, reasons, need_version, offer_version, public_score, public_blocked, \
         public_reasons"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT need_id, offer_id, score, blocked, reasons FROM matches", $rest)
    };
}

/// As visitors are shown them.
macro_rules! select_public {
    ($rest:literal) => {
        concat!(
            "SELECT need_id, offer_id, need_version, offer_version, public_score AS score, \
             public_blocked AS blocked, COALESCE(public_reasons, reasons) AS reasons FROM matches \
             WHERE (public_reasons IS NULL OR public_reasons <> '[]') AND ",
            $rest
        )
    };
}

mod fresh;

pub use fresh::{add_fresh, begin_fresh, swap_fresh};

fn read(row: &Row) -> Result<Match> {
    Ok(Match {
        need: Some(row.get("need_id")?),
        offer: Some(row.get("offer_id")?),
        score: row.get("score")?,
        blocked: row.get("blocked")?,
        reasons: row.json("reasons")?,
    })
}

fn read_versions(row: &Row) -> Result<(i64, i64)> {
    Ok((row.get("need_version")?, row.get("offer_version")?))
}

fn read_public(row: &Row) -> Result<(Match, (i64, i64))> {
    Ok((read(row)?, read_versions(row)?))
}

fn read_standing(row: &Row) -> Result<Standing> {
    let matched = read(row)?;
    let public = match row.get::<Option<String>>("public_reasons")? {
        None => Public::Same,
        Some(none) if none == NOTHING => Public::Nothing,
        Some(_) => Public::Other(Match {
            score: row.get("public_score")?,
            blocked: row.get("public_blocked")?,
            reasons: row.json("public_reasons")?,
            ..matched
        }),
    };
    Ok(Standing { matched, public, versions: read_versions(row)? })
}

/// Whether the follower has come to what was changed at a moment: without a match then means that there is none.
///
/// # Errors
/// When the database cannot be asked.
pub async fn have_followed(conn: &mut Conn, changed: Timestamp) -> Result<bool> {
    let Some(cursor) = cursors::get(conn, FOLLOWER, "").await? else { return Ok(false) };
    let ahead = changes::after(conn, cursor.seq, 1).await?;
    let later = |next: &Change| changed.plus_seconds(CLOCKS_APART_SECONDS) < next.at;
    Ok(cursor.version == FOLLOWER_VERSION && ahead.first().is_none_or(later))
}

/// Puts these matches in the place of all that some listings have, on whichever side they stand.
///
/// # Errors
/// When a match lacks one of its listings or concerns none of these (internal); conflict of
/// `matches.need_id+offer_id` when a pair stands twice; of the reference when a listing is not there.
pub async fn replace_for_listings<'m>(
    conn: &mut Conn,
    listings: &[ListingId],
    matches: impl IntoIterator<Item = &'m Standing>,
) -> Result<()> {
    for listing in listings {
        delete_of_listing(conn, *listing).await?;
    }
    let concerned: HashSet<ListingId> = listings.iter().copied().collect();
    let mut rows = Vec::new();
    for m in matches {
        if ![m.matched.need, m.matched.offer].iter().flatten().any(|id| concerned.contains(id)) {
            return Err(StoreError::Internal("a match of other listings".to_owned()));
        }
        rows.push(m);
    }
    insert(conn, concat!("INSERT INTO matches (", columns!(), ") VALUES "), &rows, "").await
}

async fn insert(conn: &mut Conn, into: &'static str, matches: &[&Standing], end: &'static str) -> Result<()> {
    for chunk in matches.chunks(64) {
        let mut query = Query::new(into);
        for (i, standing) in chunk.iter().enumerate() {
            query.push(if i == 0 { "" } else { ", " });
            query.list(values(standing)?);
        }
        query.push(end);
        query.run(conn).await?;
    }
    Ok(())
}

/// In the order of `columns!`.
fn values(standing: &Standing) -> Result<[Arg; 10]> {
    let Standing { matched, public, versions } = standing;
    let (Some(need), Some(offer)) = (matched.need, matched.offer) else {
        return Err(StoreError::Internal("a standing match of one listing alone".to_owned()));
    };
    let (shown, reasons) = match public {
        Public::Same => (matched, None),
        Public::Other(other) => (other, Some(to_json(&other.reasons)?)),
        Public::Nothing => (matched, Some(NOTHING.to_owned())),
    };
    Ok([
        need.arg(),
        offer.arg(),
        matched.score.arg(),
        matched.blocked.arg(),
        to_json(&matched.reasons)?.arg(),
        versions.0.arg(),
        versions.1.arg(),
        shown.score.arg(),
        shown.blocked.arg(),
        reasons.arg(),
    ])
}

/// The other end of a kept match, and how the match stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counterpart {
    /// The listing at the other end.
    pub id: ListingId,
    /// The match's score.
    pub score: f64,
    /// Whether a must failed.
    pub blocked: bool,
}

/// What a listing is matched with, on whichever side it stands.
///
/// # Errors
/// When the database cannot be asked.
pub async fn counterparts_of(conn: &mut Conn, listing: ListingId) -> Result<Vec<Counterpart>> {
    let ends = Query::new(
        "SELECT offer_id AS other, score, blocked FROM matches WHERE need_id = $1 \
         UNION ALL SELECT need_id AS other, score, blocked FROM matches WHERE offer_id = $1",
    );
    let read = |r: &Row| Ok(Counterpart { id: r.get("other")?, score: r.get("score")?, blocked: r.get("blocked")? });
    ends.bind(listing).all(conn, read).await
}

/// A need's matches, the best first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_need(conn: &mut Conn, need: ListingId, limit: i64) -> Result<Vec<Match>> {
    Query::new(select!(" WHERE need_id = $1 ORDER BY blocked, score DESC, offer_id LIMIT $2"))
        .bind(need)
        .bind(limit)
        .all(conn, read)
        .await
}

/// An offer's matches, the best first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_offer(conn: &mut Conn, offer: ListingId, limit: i64) -> Result<Vec<Match>> {
    Query::new(select!(" WHERE offer_id = $1 ORDER BY blocked, score DESC, need_id LIMIT $2"))
        .bind(offer)
        .bind(limit)
        .all(conn, read)
        .await
}

/// A need's matches as visitors are shown them, the best first, each with the versions of need and
/// offer for which that holds.
///
/// # Errors
/// When the database cannot be asked.
pub async fn public_of_need(conn: &mut Conn, need: ListingId, limit: i64) -> Result<Vec<(Match, (i64, i64))>> {
    Query::new(select_public!("need_id = $1 ORDER BY public_blocked, public_score DESC, offer_id LIMIT $2"))
        .bind(need)
        .bind(limit)
        .all(conn, read_public)
        .await
}

/// The same of an offer.
///
/// # Errors
/// When the database cannot be asked.
pub async fn public_of_offer(conn: &mut Conn, offer: ListingId, limit: i64) -> Result<Vec<(Match, (i64, i64))>> {
    Query::new(select_public!("offer_id = $1 ORDER BY public_blocked, public_score DESC, need_id LIMIT $2"))
        .bind(offer)
        .bind(limit)
        .all(conn, read_public)
        .await
}

/// All that is kept of a need's matches, by offer.
///
/// # Errors
/// When the database cannot be asked.
pub async fn all_of_need(conn: &mut Conn, need: ListingId) -> Result<Vec<Standing>> {
    Query::new(concat!("SELECT ", columns!(), " FROM matches WHERE need_id = $1 ORDER BY offer_id"))
        .bind(need)
        .all(conn, read_standing)
        .await
}

/// Removes all matches of a listing, on whichever side it stands; answers how many.
///
/// # Errors
/// When they cannot be removed.
pub async fn delete_of_listing(conn: &mut Conn, listing: ListingId) -> Result<u64> {
    Query::new("DELETE FROM matches WHERE need_id = $1 OR offer_id = $1").bind(listing).run(conn).await
}

/// All matches by need and offer, those after a pair.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_all(conn: &mut Conn, after: Option<(ListingId, ListingId)>, limit: i64) -> Result<Vec<Standing>> {
    let (need, offer) = after.map(|(n, o)| (n.to_string(), o.to_string())).unwrap_or_default();
    let rest = concat!(
        "SELECT ",
        columns!(),
        " FROM matches WHERE (need_id, offer_id) > ($1, $2) ORDER BY need_id, offer_id LIMIT $3"
    );
    Query::new(rest).bind(need).bind(offer).bind(limit).all(conn, read_standing).await
}

/// How many pairs are kept.
///
/// # Errors
/// When the database cannot be asked.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Query::new("SELECT COUNT(*) AS n FROM matches").number(conn).await
}
