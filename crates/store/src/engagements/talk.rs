//! Messages, appointments, ratings, and what the clock has sent.

use keqiao_domain::{Appointment, AppointmentId, Due, EngagementId, Message, MessageId, PartyId, Side, Timestamp};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, to_word};

fn read_message(row: &Row) -> Result<Message> {
    Ok(Message {
        id: row.get("id")?,
        engagement: row.get("engagement_id")?,
        author: row.get("author_id")?,
        role: row.word("role")?,
        at: row.get("at")?,
        body: row.get("body")?,
    })
}

/// Inserts a message.
///
/// # Errors
/// Conflict of `engagement_messages.id`; of the reference when the engagement is not there.
pub async fn insert_message(conn: &mut Conn, m: &Message) -> Result<()> {
    Query::new(
        "INSERT INTO engagement_messages (id, engagement_id, author_id, role, at, body) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(m.id)
    .bind(m.engagement)
    .bind(m.author)
    .bind(to_word(&m.role)?)
    .bind(m.at)
    .bind(&m.body)
    .run(conn)
    .await
    .map(drop)
}

/// The messages of an engagement, the latest first, those before an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn messages(
    conn: &mut Conn,
    engagement: EngagementId,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<Message>> {
    let mut query = Query::new("SELECT * FROM engagement_messages WHERE engagement_id = $1").bind(engagement);
    if let Some(before) = before {
        query.push(" AND id < ");
        query.place(before);
    }
    query.push(" ORDER BY id DESC LIMIT ");
    query.place(limit);
    query.all(conn, read_message).await
}

/// All messages by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_messages(conn: &mut Conn, after: Option<MessageId>, limit: i64) -> Result<Vec<Message>> {
    Query::new("SELECT * FROM engagement_messages WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read_message)
        .await
}

fn read_appointment(row: &Row) -> Result<Appointment> {
    Ok(Appointment {
        id: row.get("id")?,
        engagement: row.get("engagement_id")?,
        title: row.get("title")?,
        place: row.get("place")?,
        starts_at: row.get("starts_at")?,
        ends_at: row.get("ends_at")?,
        author: row.get("author_id")?,
        role: row.word("role")?,
        created_at: row.get("created_at")?,
        cancelled_at: row.get("cancelled_at")?,
    })
}

/// Inserts an appointment.
///
/// # Errors
/// Conflict of `engagement_appointments.id`; of the reference when the engagement is not there.
pub async fn insert_appointment(conn: &mut Conn, a: &Appointment) -> Result<()> {
    Query::new(
        "INSERT INTO engagement_appointments (id, engagement_id, title, place, starts_at, ends_at, author_id, role, \
         created_at, cancelled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(a.id)
    .bind(a.engagement)
    .bind(&a.title)
    .bind(&a.place)
    .bind(a.starts_at)
    .bind(a.ends_at)
    .bind(a.author)
    .bind(to_word(&a.role)?)
    .bind(a.created_at)
    .bind(a.cancelled_at)
    .run(conn)
    .await
    .map(drop)
}

/// Calls an appointment off, once; whether it stood.
///
/// # Errors
/// When it cannot be written.
pub async fn cancel_appointment(conn: &mut Conn, id: AppointmentId, at: Timestamp) -> Result<bool> {
    Query::new("UPDATE engagement_appointments SET cancelled_at = $2 WHERE id = $1 AND cancelled_at IS NULL")
        .bind(id)
        .bind(at)
        .hit(conn)
        .await
}

/// The appointment of an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find_appointment(conn: &mut Conn, id: AppointmentId) -> Result<Option<Appointment>> {
    Query::new("SELECT * FROM engagement_appointments WHERE id = $1").bind(id).first(conn, read_appointment).await
}

/// The appointments of an engagement, in the order in which they were made.
///
/// # Errors
/// When the database cannot be asked.
pub async fn appointments(conn: &mut Conn, engagement: EngagementId) -> Result<Vec<Appointment>> {
    Query::new("SELECT * FROM engagement_appointments WHERE engagement_id = $1 ORDER BY id")
        .bind(engagement)
        .all(conn, read_appointment)
        .await
}

/// All appointments by id, those after an id.
///
/// # Errors
/// When the database cannot be asked.
pub async fn page_appointments(conn: &mut Conn, after: Option<AppointmentId>, limit: i64) -> Result<Vec<Appointment>> {
    Query::new("SELECT * FROM engagement_appointments WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(after.map_or_else(String::new, |id| id.to_string()))
        .bind(limit)
        .all(conn, read_appointment)
        .await
}

/// Notes that something is sent because an engagement rests after a step; whether it was not before.
///
/// # Errors
/// When it cannot be written.
pub async fn remind_once(
    conn: &mut Conn,
    engagement: EngagementId,
    step: i64,
    what: Due,
    at: Timestamp,
) -> Result<bool> {
    Query::new(
        "INSERT INTO engagement_reminders (engagement_id, step, what, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (engagement_id, step, what) DO NOTHING",
    )
    .bind(engagement)
    .bind(step)
    .bind(to_word(&what)?)
    .bind(at)
    .hit(conn)
    .await
}

/// Keeps the rating that a side gave the other's party.
///
/// # Errors
/// Conflict of `engagement_ratings.engagement_id+side` when it has given one.
pub async fn insert_rating(
    conn: &mut Conn,
    engagement: EngagementId,
    side: Side,
    party: PartyId,
    score: i64,
    step: i64,
) -> Result<()> {
    Query::new(
        "INSERT INTO engagement_ratings (engagement_id, side, party_id, score, step) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(engagement)
    .bind(side.as_str())
    .bind(party)
    .bind(score)
    .bind(step)
    .run(conn)
    .await
    .map(drop)
}

/// How many ratings a party was given, and their sum.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ratings_of(conn: &mut Conn, party: PartyId) -> Result<(i64, i64)> {
    let sums = Query::new(
        "SELECT COUNT(*) AS n, CAST(COALESCE(SUM(score), 0) AS BIGINT) AS total FROM engagement_ratings \
         WHERE party_id = $1",
    );
    let found = sums.bind(party).first(conn, |r| Ok((r.get("n")?, r.get("total")?))).await?;
    Ok(found.unwrap_or_default())
}

/// The ratings of an engagement as they are kept: side, party, score, step.
///
/// # Errors
/// When the database cannot be asked.
pub async fn ratings_in(conn: &mut Conn, engagement: EngagementId) -> Result<Vec<(Side, PartyId, i64, i64)>> {
    Query::new("SELECT side, party_id, score, step FROM engagement_ratings WHERE engagement_id = $1 ORDER BY step")
        .bind(engagement)
        .all(conn, |r| Ok((r.word("side")?, r.get("party_id")?, r.get("score")?, r.get("step")?)))
        .await
}
