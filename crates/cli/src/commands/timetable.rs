//! `keqiao timetable`: who meets whom in which slot at which table.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::ValueEnum;
use keqiao_app::calendar::{Lines, escaped, stamp};
use keqiao_app::transfer::csv_bytes;
use keqiao_domain::{Clock, SystemClock};
use keqiao_matching::timetable::{Fair, Meeting, Pair, Participant, replan, service, timetable};
use serde::{Deserialize, Serialize};

use super::CommandError;
use crate::output;

/// What a wish adds to a pair's score of 0–100, for each side that has it.
const WISH: u32 = 100;

/// How the timetable is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum OutputFormat {
    /// One JSON object; it can be handed in again as `previous`.
    Json,
    /// A table for spreadsheets.
    Csv,
    /// The calendar of one participant.
    Ics,
    /// A list for each table, to be printed and laid on it.
    Tables,
}

/// `keqiao timetable`
#[derive(Debug, clap::Args)]
pub(crate) struct TimetableArgs {
    /// Participants, slots, tables, scores and wishes as JSON. With `previous`, the meetings of an earlier
    /// timetable, as few of them as possible move.
    file: PathBuf,
    /// How the timetable is written.
    #[arg(long, value_enum, default_value = "json")]
    format: OutputFormat,
    /// Whose calendar is written, by id.
    #[arg(long = "for", value_name = "ID", required_if_eq("format", "ics"))]
    whose: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    participants: Vec<Guest>,
    slots: Vec<Slot>,
    /// Names of the tables.
    tables: Vec<String>,
    #[serde(default)]
    scores: Vec<Score>,
    #[serde(default)]
    wishes: Vec<Wish>,
    #[serde(default)]
    previous: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Guest {
    id: String,
    #[serde(default)]
    name: String,
    /// Slots in which it can meet, by number from 0; absent: all.
    #[serde(default)]
    slots: Option<Vec<usize>>,
}

/// `2026-11-20T09:00`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slot {
    start: String,
    end: String,
}

/// What the match of two is worth, 0–100.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Score {
    a: String,
    b: String,
    score: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    from: String,
    to: String,
}

/// A meeting in names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Row {
    slot: usize,
    table: String,
    a: String,
    b: String,
}

#[derive(Debug, Serialize)]
struct Answer {
    meetings: Vec<Row>,
    /// Meetings of a previous timetable that have another place now, that fell, and that are new.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<[Vec<Row>; 3]>,
    /// The sum of the worths of all meetings held.
    worth: u64,
    /// The fewest meetings of one who could have any.
    least: usize,
}

pub(crate) fn run(args: &TimetableArgs) -> Result<(), CommandError> {
    let text = std::fs::read_to_string(&args.file)
        .map_err(|e| CommandError::Folder { path: args.file.clone(), reason: e.to_string() })?;
    let input: Input =
        serde_json::from_str(&text).map_err(|e| CommandError::Usage(format!("{}: {e}", args.file.display())))?;
    let fair = fair_of(&input)?;
    let refuse = |e: keqiao_matching::timetable::FairFault| CommandError::Usage(e.to_string());
    let (meetings, changed) = if input.previous.is_empty() {
        (timetable(&fair).map_err(refuse)?, None)
    } else {
        // Whoever cancelled may be left out of the participants; their meetings fall.
        let comes = |row: &&Row| [&row.a, &row.b].iter().all(|id| number(&input, id).is_ok());
        let (kept, fallen): (Vec<&Row>, Vec<&Row>) = input.previous.iter().partition(comes);
        let old = kept.into_iter().map(|row| meeting_of(&input, row)).collect::<Result<Vec<_>, _>>()?;
        let new = replan(&fair, &old).map_err(refuse)?;
        let rows = |of: &[Meeting]| -> Vec<Row> { of.iter().map(|m| row_of(&input, m)).collect() };
        let fallen = fallen.into_iter().cloned().chain(rows(&new.dropped)).collect();
        let changed = [rows(&new.moved), fallen, rows(&new.added)];
        (new.meetings, Some(changed))
    };
    match args.format {
        OutputFormat::Json => {
            let served = service(&fair, &meetings);
            let meetings = meetings.iter().map(|m| row_of(&input, m)).collect();
            let answer = Answer { meetings, changed, worth: served.worth, least: served.least };
            let json = serde_json::to_string_pretty(&answer).map_err(|e| CommandError::Usage(e.to_string()))?;
            output::line(format_args!("{json}"))
        }
        OutputFormat::Csv => csv(&input, &meetings),
        OutputFormat::Ics => ics(&input, &meetings, args.whose.as_deref().unwrap_or_default()),
        OutputFormat::Tables => tables(&input, &meetings),
    }
}

fn number(input: &Input, id: &str) -> Result<usize, CommandError> {
    let at = input.participants.iter().position(|g| g.id == id);
    at.ok_or_else(|| CommandError::Usage(format!("there is no participant {id:?}")))
}

fn fair_of(input: &Input) -> Result<Fair, CommandError> {
    let mut worths: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    let mut add = |a: &str, b: &str, worth: u32| {
        let (a, b) = (number(input, a)?, number(input, b)?);
        *worths.entry((a.min(b), a.max(b))).or_insert(0) += worth;
        Ok::<_, CommandError>(())
    };
    for s in &input.scores {
        // Within 0–100, so the cast keeps the whole number.
        add(&s.a, &s.b, s.score.clamp(0.0, 100.0).round() as u32)?;
    }
    for w in &input.wishes {
        add(&w.from, &w.to, WISH)?;
    }
    let guest = |g: &Guest| Participant { id: g.id.clone(), slots: g.slots.clone() };
    Ok(Fair {
        participants: input.participants.iter().map(guest).collect(),
        slots: input.slots.len(),
        tables: input.tables.len(),
        pairs: worths.into_iter().map(|((a, b), worth)| Pair { a, b, worth }).collect(),
    })
}

fn meeting_of(input: &Input, row: &Row) -> Result<Meeting, CommandError> {
    let (a, b) = (number(input, &row.a)?, number(input, &row.b)?);
    // A table that is gone has a number behind all others.
    let table = input.tables.iter().position(|t| *t == row.table).unwrap_or(input.tables.len());
    Ok(Meeting { slot: row.slot, table, a: a.min(b), b: a.max(b) })
}

fn row_of(input: &Input, m: &Meeting) -> Row {
    let id = |p: usize| input.participants.get(p).map(|g| g.id.clone()).unwrap_or_default();
    Row { slot: m.slot, table: input.tables.get(m.table).cloned().unwrap_or_default(), a: id(m.a), b: id(m.b) }
}

fn name(guest: &Guest) -> &str {
    if guest.name.is_empty() { &guest.id } else { &guest.name }
}

fn csv(input: &Input, meetings: &[Meeting]) -> Result<(), CommandError> {
    let mut rows = vec![["start", "end", "table", "a", "b"].map(str::to_owned).to_vec()];
    for m in meetings {
        let slot = &input.slots[m.slot];
        let (a, b) = (&input.participants[m.a], &input.participants[m.b]);
        rows.push([&slot.start, &slot.end, &input.tables[m.table], name(a), name(b)].map(str::to_owned).to_vec());
    }
    output::bytes(&csv_bytes(&rows))
}

/// A meeting keeps its UID when it moves, so that a calendar moves it too. Times are those of the place.
fn ics(input: &Input, meetings: &[Meeting], whose: &str) -> Result<(), CommandError> {
    let own = number(input, whose)?;
    let now = stamp(SystemClock.now());
    let mut out = Lines::default();
    out.line("BEGIN", "VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//Keqiao//timetable//ZH");
    for m in meetings.iter().filter(|m| m.a == own || m.b == own) {
        let (a, b) = (&input.participants[m.a], &input.participants[m.b]);
        let other = if m.a == own { b } else { a };
        out.line("BEGIN", "VEVENT");
        out.line("UID", &escaped(&format!("{}+{}@timetable.keqiao", a.id, b.id)));
        out.line("DTSTAMP", &now);
        out.line("DTSTART", &local(&input.slots[m.slot].start)?);
        out.line("DTEND", &local(&input.slots[m.slot].end)?);
        out.line("SUMMARY", &escaped(name(other)));
        out.line("LOCATION", &escaped(&input.tables[m.table]));
        out.line("END", "VEVENT");
    }
    out.line("END", "VCALENDAR");
    output::bytes(&out.into_bytes())
}

/// A slot's time as calendars write it.
fn local(time: &str) -> Result<String, CommandError> {
    let read: jiff::civil::DateTime = time
        .parse()
        .map_err(|e| CommandError::Usage(format!("slot {time:?}: {e}; times are written as 2026-11-20T09:00")))?;
    Ok(read.strftime("%Y%m%dT%H%M%S").to_string())
}

fn tables(input: &Input, meetings: &[Meeting]) -> Result<(), CommandError> {
    for (t, table) in input.tables.iter().enumerate() {
        output::line(format_args!("{table}"))?;
        for m in meetings.iter().filter(|m| m.table == t) {
            let slot = &input.slots[m.slot];
            let (a, b) = (&input.participants[m.a], &input.participants[m.b]);
            output::line(format_args!("  {}–{}  {} / {}", slot.start, slot.end, name(a), name(b)))?;
        }
    }
    Ok(())
}
