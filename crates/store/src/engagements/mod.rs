//! Engagements: each row is what its steps come to, and the columns beside `state` say the same in a form that
//! lists can ask for.

pub mod files;
pub mod lists;
mod load;
pub mod steps;
pub mod talk;
pub mod tallies;

use keqiao_domain::{Due, Engagement, EngagementId, ListingId, PartyId, Role, Side, State, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_json, to_word};

pub use load::waiting_for_each;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT e.id, e.due_what, e.due_at, e.subject, e.state FROM engagements e", $rest)
    };
}
/// What [`read`] reads.
const COLUMNS: &str = "SELECT e.id, e.due_what, e.due_at, e.subject, e.state";
use select;

fn read(row: &Row) -> Result<Engagement> {
    let due: Option<Due> = row.word_if_any("due_what")?;
    let at: Option<Timestamp> = row.get("due_at")?;
    Ok(Engagement { id: row.get("id")?, subject: row.json("subject")?, state: row.json("state")?, due: due.zip(at) })
}

/// What the columns beside `state` say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    texts: [String; 12],
    optional: [Option<String>; 2],
    numbers: [i64; 6],
    answered: [Option<Timestamp>; 2],
}

impl Columns {
    /// What they should say.
    ///
    /// # Errors
    /// Never for what this program wrote.
    pub fn of(e: &Engagement) -> Result<Self> {
        let (subject, state) = (&e.subject, &e.state);
        let asks = |side| i64::from(state.pending.as_ref().is_some_and(|p| p.asks.contains(&side)));
        Ok(Self {
            texts: [
                subject.workflow.clone(),
                state.stage.clone(),
                subject.month.clone(),
                subject.kind.clone(),
                subject.region.clone().unwrap_or_default(),
                subject.program.clone().unwrap_or_default(),
                subject.need_party.to_string(),
                subject.offer_party.to_string(),
                to_word(&state.opener)?,
                state.broker.map_or_else(String::new, |b| b.to_string()),
                state.reason.clone().unwrap_or_default(),
                to_json(&state.reached)?,
            ],
            optional: [subject.need, subject.offer].map(|l| l.map(|l| l.to_string())),
            numbers: [
                state.since.micros(),
                state.opened_at.micros(),
                asks(Side::Need),
                asks(Side::Offer),
                i64::try_from(state.reached.len()).unwrap_or(i64::MAX),
                state.steps,
            ],
            answered: [state.answered.need, state.answered.offer],
        })
    }

    fn read(row: &Row) -> Result<Self> {
        let text = |name| row.get::<String>(name);
        Ok(Self {
            texts: [
                text("workflow")?,
                text("stage")?,
                text("month")?,
                text("kind")?,
                text("region")?,
                text("program")?,
                text("need_party_id")?,
                text("offer_party_id")?,
                text("opener")?,
                text("broker_id")?,
                text("reason")?,
                text("path")?,
            ],
            optional: [row.get("need_id")?, row.get("offer_id")?],
            numbers: [
                row.get("stage_since")?,
                row.get("opened_at")?,
                row.get("asks_need")?,
                row.get("asks_offer")?,
                row.get("reached")?,
                row.get("steps")?,
            ],
            answered: [row.get("need_answered_at")?, row.get("offer_answered_at")?],
        })
    }

    fn bind(self, mut query: Query) -> Query {
        for text in self.texts {
            query = query.bind(text);
        }
        for text in self.optional {
            query = query.bind(text);
        }
        for number in self.numbers {
            query = query.bind(number);
        }
        for at in self.answered {
            query = query.bind(at);
        }
        query
    }
}

fn bound(query: Query, e: &Engagement) -> Result<Query> {
    let query = Columns::of(e)?.bind(query.bind(e.id));
    Ok(query
        .bind(&e.state.head)
        .bind(e.due.map(|(what, _)| to_word(&what)).transpose()?)
        .bind(e.due.map(|(_, at)| at))
        .bind(to_json(&e.subject)?)
        .bind(to_json(&e.state)?))
}

/// Inserts an engagement.
///
/// # Errors
/// Conflict of `engagements.id`; of the reference when a party is not there.
pub async fn insert(conn: &mut Conn, engagement: &Engagement) -> Result<()> {
    let query = Query::new(
        "INSERT INTO engagements (id, workflow, stage, month, kind, region, program, need_party_id, offer_party_id, \
         opener, broker_id, reason, path, need_id, offer_id, stage_since, opened_at, asks_need, asks_offer, reached, \
         steps, need_answered_at, offer_answered_at, head, due_what, due_at, subject, state) VALUES ($1, $2, $3, $4, \
         $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, \
         $27, $28)",
    );
    bound(query, engagement)?.run(conn).await.map(drop)
}

/// Replaces an engagement; whether it had `expected` steps.
///
/// # Errors
/// When it cannot be written.
pub async fn update(conn: &mut Conn, engagement: &Engagement, expected: i64) -> Result<bool> {
    let query = Query::new(
        "UPDATE engagements SET workflow = $2, stage = $3, month = $4, kind = $5, region = $6, program = $7, \
         need_party_id = $8, offer_party_id = $9, opener = $10, broker_id = $11, reason = $12, path = $13, need_id = \
         $14, offer_id = $15, stage_since = $16, opened_at = $17, asks_need = $18, asks_offer = $19, reached = $20, \
         steps = $21, need_answered_at = $22, offer_answered_at = $23, head = $24, due_what = $25, due_at = $26, \
         subject = $27, state = $28 WHERE id = $1 AND steps = $29",
    );
    bound(query, engagement)?.bind(expected).hit(conn).await
}

/// Sets what comes due next.
///
/// # Errors
/// When it cannot be written.
pub async fn set_due(conn: &mut Conn, id: EngagementId, due: Option<(Due, Timestamp)>) -> Result<()> {
    let what = due.map(|(what, _)| to_word(&what)).transpose()?;
    Query::new("UPDATE engagements SET due_what = $2, due_at = $3 WHERE id = $1")
        .bind(id)
        .bind(what)
        .bind(due.map(|(_, at)| at))
        .run(conn)
        .await
        .map(drop)
}

/// The engagement of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: EngagementId) -> Result<Option<Engagement>> {
    Query::new(select!(" WHERE e.id = $1")).bind(id).first(conn, read).await
}

/// The engagements of a need and an offer, the latest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_pair(conn: &mut Conn, need: ListingId, offer: ListingId) -> Result<Vec<Engagement>> {
    Query::new(select!(" WHERE e.need_id = $1 AND e.offer_id = $2 ORDER BY e.id DESC LIMIT 5"))
        .bind(need)
        .bind(offer)
        .all(conn, read)
        .await
}

/// The engagements in which a listing stands, the latest first, at most `limit`.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_listing(conn: &mut Conn, side: Side, listing: ListingId, limit: i64) -> Result<Vec<Engagement>> {
    let query = match side {
        Side::Need => Query::new(select!(" WHERE e.need_id = $1 ORDER BY e.id DESC LIMIT $2")),
        Side::Offer => Query::new(select!(" WHERE e.offer_id = $1 ORDER BY e.id DESC LIMIT $2")),
    };
    query.bind(listing).bind(limit).all(conn, read).await
}

/// How many requests of this stage wait for a party's answer.
///
/// # Errors
/// When the database cannot be asked.
pub async fn waiting_for(conn: &mut Conn, party: PartyId, stage: &str) -> Result<i64> {
    Query::new(
        "SELECT (SELECT COUNT(*) FROM engagements WHERE need_party_id = $1 AND stage = $2 AND asks_need = 1) \
         + (SELECT COUNT(*) FROM engagements WHERE offer_party_id = $1 AND stage = $2 AND asks_offer = 1) AS n",
    )
    .bind(party)
    .bind(stage)
    .number(conn)
    .await
}

/// How many requests of this stage that a party opened wait for others' answers.
///
/// # Errors
/// When the database cannot be asked.
pub async fn waiting_from(conn: &mut Conn, party: PartyId, stage: &str) -> Result<i64> {
    Query::new(
        "SELECT (SELECT COUNT(*) FROM engagements WHERE need_party_id = $1 AND stage = $2 AND opener = $3) \
         + (SELECT COUNT(*) FROM engagements WHERE offer_party_id = $1 AND stage = $2 AND opener = $4) AS n",
    )
    .bind(party)
    .bind(stage)
    .bind(to_word(&Role::Need)?)
    .bind(to_word(&Role::Offer)?)
    .number(conn)
    .await
}

/// The latest engagement of two parties that one of them opened.
///
/// # Errors
/// When the database cannot be asked.
pub async fn latest_between(
    conn: &mut Conn,
    need: PartyId,
    offer: PartyId,
    opener: Role,
) -> Result<Option<Engagement>> {
    Query::new(select!(
        " WHERE e.need_party_id = $1 AND e.offer_party_id = $2 AND e.opener = $3 ORDER BY e.id DESC LIMIT 1"
    ))
    .bind(need)
    .bind(offer)
    .bind(to_word(&opener)?)
    .first(conn, read)
    .await
}

/// What is due at a moment, the longest due first; by id, so that one that cannot be read hides no other.
///
/// # Errors
/// When the database cannot be asked.
pub async fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<EngagementId>> {
    Query::new("SELECT id FROM engagements WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2")
        .bind(now)
        .bind(limit)
        .all(conn, |r| r.get("id"))
        .await
}

/// A request to a party, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When the party first acted.
    pub answered_at: Option<Timestamp>,
    /// Whether it ever rested too long.
    pub rested: bool,
}

fn read_asked(row: &Row) -> Result<Asked> {
    let state: State = row.json("state")?;
    Ok(Asked { opened_at: state.opened_at, answered_at: row.get("answered_at")?, rested: state.rested })
}

/// The latest requests to a party on one side, by others.
///
/// # Errors
/// When the database cannot be asked.
pub async fn asked(conn: &mut Conn, party: PartyId, side: Side, limit: i64) -> Result<Vec<Asked>> {
    let query = match side {
        Side::Need => Query::new(
            "SELECT need_answered_at AS answered_at, state FROM engagements \
             WHERE need_party_id = $1 AND opener <> $2 ORDER BY id DESC LIMIT $3",
        ),
        Side::Offer => Query::new(
            "SELECT offer_answered_at AS answered_at, state FROM engagements \
             WHERE offer_party_id = $1 AND opener <> $2 ORDER BY id DESC LIMIT $3",
        ),
    };
    query.bind(party).bind(to_word(&Role::from(side))?).bind(limit).all(conn, read_asked).await
}

/// All engagements by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_all(conn: &mut Conn, after: Option<EngagementId>, limit: i64) -> Result<Vec<Engagement>> {
    Query::new(select!(" WHERE e.id > $1 ORDER BY e.id LIMIT $2"))
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read)
        .await
}

/// A row as it is, for who compares it with its steps: what cannot be read is `None`.
#[derive(Debug, Clone)]
pub struct Raw {
    /// Its id.
    pub id: EngagementId,
    /// The head that is kept beside the state.
    pub head: String,
    /// The engagement, if it can be read.
    pub engagement: Option<Engagement>,
    /// The columns beside it, if they can be read.
    pub columns: Option<Columns>,
}

fn read_raw(row: &Row) -> Result<Raw> {
    let (engagement, columns) = (read(row).ok(), Columns::read(row).ok());
    Ok(Raw { id: row.get("id")?, head: row.get("head")?, engagement, columns })
}

/// Rows as they are, by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_raw(conn: &mut Conn, after: Option<EngagementId>, limit: i64) -> Result<Vec<Raw>> {
    Query::new("SELECT * FROM engagements WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read_raw)
        .await
}

/// Whether what a row says is what its steps come to.
#[must_use]
pub fn agrees(raw: &Raw, state: &State) -> bool {
    let Some(engagement) = &raw.engagement else { return false };
    engagement.state == *state
        && raw.head == state.head
        && Columns::of(engagement).ok().is_some_and(|columns| raw.columns.as_ref() == Some(&columns))
}
