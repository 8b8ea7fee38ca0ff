//! Sessions, who asked to meet whom, and timetables.

use keqiao_domain::{Interest, PartyId, ProgramEntryId, ProgramId, ProgramMeeting, ProgramSession, ProgramSessionId};

use crate::conn::Conn;
use crate::sql::{Query, Result, Row, insert_rows, to_word};
use crate::values::Bind;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, program_id, sort, starts_at, ends_at, minutes, tables, title, place FROM program_sessions",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<ProgramSession> {
    Ok(ProgramSession {
        id: row.get("id")?,
        program: row.get("program_id")?,
        sort: row.word("sort")?,
        title: row.get("title")?,
        place: row.get("place")?,
        starts_at: row.get("starts_at")?,
        ends_at: row.get("ends_at")?,
        minutes: row.get("minutes")?,
        tables: row.get("tables")?,
    })
}

/// Inserts a session.
///
/// # Errors
/// Conflict of `program_sessions.id`.
pub async fn insert(conn: &mut Conn, s: &ProgramSession) -> Result<()> {
    Query::new(
        "INSERT INTO program_sessions (id, program_id, sort, starts_at, ends_at, minutes, tables, title, place) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(s.id)
    .bind(s.program)
    .bind(to_word(&s.sort)?)
    .bind(s.starts_at)
    .bind(s.ends_at)
    .bind(s.minutes)
    .bind(s.tables)
    .bind(&s.title)
    .bind(&s.place)
    .run(conn)
    .await
    .map(drop)
}

/// Finds a session.
///
/// # Errors
/// When the database cannot be asked.
pub async fn find(conn: &mut Conn, id: ProgramSessionId) -> Result<Option<ProgramSession>> {
    Query::new(select!(" WHERE id = $1")).bind(id).first(conn, read).await
}

/// The sessions of a program by their hour, with how many entries each has.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_program(conn: &mut Conn, program: ProgramId) -> Result<Vec<ProgramSession>> {
    Query::new(select!(" WHERE program_id = $1 ORDER BY starts_at, id")).bind(program).all(conn, read).await
}

/// Puts entries into a session, after those that are there; those there already stay where they are.
///
/// # Errors
/// Of the reference when session or entry is not there.
pub async fn add_entries(conn: &mut Conn, session: ProgramSessionId, entries: &[ProgramEntryId]) -> Result<()> {
    let last = Query::new("SELECT COALESCE(MAX(position), 0) AS n FROM program_session_entries WHERE session_id = $1")
        .bind(session)
        .number(conn)
        .await?;
    let rows = (last + 1..).zip(entries).map(|(position, entry)| vec![session.arg(), (*entry).arg(), position.arg()]);
    insert_rows(
        conn,
        "INSERT INTO program_session_entries (session_id, entry_id, position)",
        rows.collect(),
        " ON CONFLICT (session_id, entry_id) DO NOTHING",
    )
    .await
}

/// Takes an entry out of a session.
///
/// # Errors
/// When it cannot be removed.
pub async fn remove_entry(conn: &mut Conn, session: ProgramSessionId, entry: ProgramEntryId) -> Result<bool> {
    Query::new("DELETE FROM program_session_entries WHERE session_id = $1 AND entry_id = $2")
        .bind(session)
        .bind(entry)
        .hit(conn)
        .await
}

/// The entries of a session, in their order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn entries_in(conn: &mut Conn, session: ProgramSessionId) -> Result<Vec<ProgramEntryId>> {
    Query::new("SELECT entry_id FROM program_session_entries WHERE session_id = $1 ORDER BY position, entry_id")
        .bind(session)
        .all(conn, |row| row.get("entry_id"))
        .await
}

/// The sessions in which an entry has a place.
///
/// # Errors
/// When the database cannot be asked.
pub async fn of_entry(conn: &mut Conn, entry: ProgramEntryId) -> Result<Vec<ProgramSession>> {
    Query::new(select!(
        " WHERE id IN (SELECT session_id FROM program_session_entries WHERE entry_id = $1) ORDER BY starts_at, id"
    ))
    .bind(entry)
    .all(conn, read)
    .await
}

fn read_interest(row: &Row) -> Result<Interest> {
    Ok(Interest {
        entry: row.get("entry_id")?,
        party: row.get("party_id")?,
        account: row.get("account_id")?,
        program: row.get("program_id")?,
        note: row.get("note")?,
        at: row.get("at")?,
    })
}

/// Keeps that a party asks to meet the people of an entry; whether it had not asked before.
///
/// # Errors
/// Of the reference when entry or party is not there.
pub async fn ask(conn: &mut Conn, i: &Interest) -> Result<bool> {
    Query::new(
        "INSERT INTO program_interests (entry_id, party_id, account_id, program_id, at, note) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (entry_id, party_id) DO NOTHING",
    )
    .bind(i.entry)
    .bind(i.party)
    .bind(i.account)
    .bind(i.program)
    .bind(i.at)
    .bind(&i.note)
    .hit(conn)
    .await
}

/// Who asked to meet whom in a program, the first first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn interests(conn: &mut Conn, program: ProgramId, limit: i64) -> Result<Vec<Interest>> {
    Query::new(
        "SELECT entry_id, party_id, account_id, program_id, note, at FROM program_interests WHERE program_id = $1 \
         ORDER BY at, entry_id, party_id LIMIT $2",
    )
    .bind(program)
    .bind(limit)
    .all(conn, read_interest)
    .await
}

/// Who asked to meet the people of an entry.
///
/// # Errors
/// When the database cannot be asked.
pub async fn interests_in(conn: &mut Conn, entry: ProgramEntryId) -> Result<Vec<Interest>> {
    Query::new(
        "SELECT entry_id, party_id, account_id, program_id, note, at FROM program_interests WHERE entry_id = $1 \
         ORDER BY at, party_id",
    )
    .bind(entry)
    .all(conn, read_interest)
    .await
}

/// Puts a timetable in the place of the last one.
///
/// # Errors
/// When it cannot be written.
pub async fn replace_meetings(conn: &mut Conn, session: ProgramSessionId, meetings: &[ProgramMeeting]) -> Result<()> {
    Query::new("DELETE FROM program_meetings WHERE session_id = $1").bind(session).run(conn).await?;
    let row = |m: &ProgramMeeting| vec![session.arg(), m.slot.arg(), m.table.arg(), m.entry.arg(), m.party.arg()];
    let rows = meetings.iter().map(row).collect();
    insert_rows(conn, "INSERT INTO program_meetings (session_id, slot, seat, entry_id, party_id)", rows, "").await
}

/// A timetable, by slot and table.
///
/// # Errors
/// When the database cannot be asked.
pub async fn meetings(conn: &mut Conn, session: ProgramSessionId) -> Result<Vec<ProgramMeeting>> {
    let query = Query::new(
        "SELECT session_id, slot, seat, entry_id, party_id FROM program_meetings WHERE session_id = $1 \
         ORDER BY slot, seat",
    );
    let read = |r: &Row| {
        Ok(ProgramMeeting {
            session: r.get("session_id")?,
            slot: r.get("slot")?,
            table: r.get("seat")?,
            entry: r.get("entry_id")?,
            party: r.get::<PartyId>("party_id")?,
        })
    };
    query.bind(session).all(conn, read).await
}
