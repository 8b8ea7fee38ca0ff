//! Who asks to meet the people of an entry, and the timetable that serves them best.

use std::collections::BTreeMap;

use futures::FutureExt;
use keqiao_domain::{
    Action, Interest, PartyId, Phase, ProgramEntryId, ProgramId, ProgramMeeting, ProgramNews, ProgramRefusal,
    ProgramSession, ProgramSessionId, RecordKind, SessionSort, Viewer,
};
use keqiao_matching::timetable::{Fair, MOST_SLOTS, Pair, Participant, timetable};
use keqiao_store::programs::{self, entries, lists, sessions};
use keqiao_store::{accounts, parties};

use super::record::Registrar;
use super::{find_own, find_program};
use crate::{App, AppError, Fault, log_change};

/// Most wishes that one timetable is made of.
const WISHES: i64 = 20_000;

/// Says that a party wants to meet the people of an entry on show; whether it had not said so before.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed` for who may not write for the party; `Invalid`; `Barred` when nothing is
/// on show.
pub async fn ask_to_meet(
    app: &App,
    viewer: &Viewer,
    id: ProgramEntryId,
    party: PartyId,
    note: &str,
) -> Result<bool, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    let mut db = app.store.reader().await?;
    let entry = entries::find(&mut db, id).await?.filter(|e| e.state.stage.is_on_show()).ok_or(AppError::NotFound)?;
    let program = find_program(&mut db, viewer, entry.program).await?;
    drop(db);
    if !viewer.may_edit_for(party) {
        return Err(AppError::NotAllowed);
    }
    if program.phase != Phase::Published {
        return Err(ProgramRefusal::NotNow(program.phase).into());
    }
    if party == entry.party {
        return Err(AppError::invalid("party", "same-party"));
    }
    let note = note.trim().replace("\r\n", "\n");
    if note.chars().count() > 500 {
        return Err(AppError::Invalid(vec![Fault::with("note", "too-long", 500)]));
    }
    let registrar = Registrar::of(app);
    let interest = Interest { entry: id, party, account, program: program.id, note, at: registrar.now };
    app.store
        .write(move |tx| {
            async move {
                let fresh = sessions::ask(tx, &interest).await?;
                if fresh {
                    let key = format!("program-interest-{id}-{party}");
                    registrar.tell_party(tx, &program, &entry, ProgramNews::Interest, &key).await?;
                    let (at, who) = (registrar.now, Some(account));
                    log_change(tx, at, RecordKind::ProgramEntry, id, Action::Updated, who).await?;
                }
                Ok(fresh)
            }
            .boxed()
        })
        .await
}

/// A meeting of a timetable, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimetableLine {
    /// The meeting.
    pub meeting: ProgramMeeting,
    /// The entry's number and title.
    pub number: i64,
    /// The title.
    pub title: String,
    /// Whose entry it is.
    pub entrant: String,
    /// Who asked for the meeting.
    pub guest: String,
    /// Whether it is one of the viewer's own.
    pub own: bool,
}

/// Makes the timetable of a session of meetings out of all wishes, in the place of the last one; how many meetings it
/// has, and how many wishes there were.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`; `Invalid` for a session of another sort or with too many slots.
pub async fn plan_meetings(app: &App, viewer: &Viewer, id: ProgramSessionId) -> Result<(usize, usize), AppError> {
    let mut db = app.store.reader().await?;
    let session = sessions::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let program = find_own(&mut db, viewer, session.program).await?;
    if session.sort != SessionSort::Meetings {
        return Err(AppError::invalid("sort", "not-meetings"));
    }
    let slots = usize::try_from(session.slots()).unwrap_or(0);
    if slots == 0 || slots > MOST_SLOTS {
        return Err(AppError::Invalid(vec![Fault::with("minutes", "out-of-range", format!("1–{MOST_SLOTS}"))]));
    }
    let wishes = sessions::interests(&mut db, program.id, WISHES).await?;
    let ids: Vec<ProgramEntryId> = wishes.iter().map(|i| i.entry).collect();
    let whose: BTreeMap<ProgramEntryId, PartyId> =
        lists::lines(&mut db, &distinct(&ids)).await?.into_iter().map(|l| (l.id, l.party)).collect();
    drop(db);
    let tables = usize::try_from(session.tables).unwrap_or(1);
    let meetings = app.work.run(move || seated(id, slots, tables, &wishes, &whose)).await??;
    let (found, wished) = meetings;
    let (registrar, actor) = (Registrar::of(app), viewer.account);
    app.store
        .write(move |tx| {
            async move {
                sessions::replace_meetings(tx, id, &found).await?;
                for meeting in &found {
                    let Some(entry) = entries::find(tx, meeting.entry).await? else { continue };
                    let key = format!("program-meeting-{id}-{}-{}", meeting.entry, meeting.party);
                    registrar.tell_party(tx, &program, &entry, ProgramNews::Session, &key).await?;
                    let guests = accounts::acting_for(tx, meeting.party).await?;
                    registrar.tell(tx, &program, Some(&entry), &guests, ProgramNews::Session, &key).await?;
                }
                log_change(tx, registrar.now, RecordKind::Program, program.id, Action::Updated, actor).await?;
                Ok((found.len(), wished))
            }
            .boxed()
        })
        .await
}

fn distinct<T: Ord + Copy>(ids: &[T]) -> Vec<T> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The timetable of the fair that the wishes make: parties are its participants, and two parties meet once, about the
/// entry that was asked for first.
fn seated(
    session: ProgramSessionId,
    slots: usize,
    tables: usize,
    wishes: &[Interest],
    whose: &BTreeMap<ProgramEntryId, PartyId>,
) -> Result<(Vec<ProgramMeeting>, usize), AppError> {
    let known: Vec<(&Interest, PartyId)> =
        wishes.iter().filter_map(|w| Some((w, *whose.get(&w.entry)?))).filter(|(w, host)| w.party != *host).collect();
    let people = distinct(&known.iter().flat_map(|(w, host)| [w.party, *host]).collect::<Vec<_>>());
    let place = |party: PartyId| people.binary_search(&party).unwrap_or_default();
    let mut about: BTreeMap<(usize, usize), &Interest> = BTreeMap::new();
    for (wish, host) in &known {
        let (a, b) = (place(*host), place(wish.party));
        about.entry((a.min(b), a.max(b))).or_insert(wish);
    }
    let participant = |party: &PartyId| Participant { id: party.to_string(), slots: None };
    let fair = Fair {
        participants: people.iter().map(participant).collect(),
        slots,
        tables,
        pairs: about.keys().map(|(a, b)| Pair { a: *a, b: *b, worth: 100 }).collect(),
    };
    let held = timetable(&fair).map_err(|e| AppError::Internal(e.to_string()))?;
    let meeting = |m: &keqiao_matching::timetable::Meeting| {
        let wish = about.get(&(m.a.min(m.b), m.a.max(m.b)))?;
        Some(ProgramMeeting {
            session,
            slot: i64::try_from(m.slot).ok()?,
            table: i64::try_from(m.table).ok()?,
            entry: wish.entry,
            party: wish.party,
        })
    };
    Ok((held.iter().filter_map(meeting).collect(), about.len()))
}

/// The timetable of a session: all of it for the organiser, for others their own meetings.
///
/// # Errors
/// `NotFound`.
pub async fn timetable_of(
    app: &App,
    viewer: &Viewer,
    id: ProgramSessionId,
) -> Result<(ProgramSession, Vec<TimetableLine>), AppError> {
    let mut db = app.store.reader().await?;
    let session = sessions::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let program = find_program(&mut db, viewer, session.program).await?;
    let all = sessions::meetings(&mut db, id).await?;
    let lines = lists::lines(&mut db, &distinct(&all.iter().map(|m| m.entry).collect::<Vec<_>>())).await?;
    let guests = parties::find_many(&mut db, &distinct(&all.iter().map(|m| m.party).collect::<Vec<_>>())).await?;
    let whole = viewer.organises(&program);
    let line = |meeting: ProgramMeeting| {
        let entry = lines.iter().find(|l| l.id == meeting.entry)?;
        let own = viewer.role_in(entry.party).is_some() || viewer.role_in(meeting.party).is_some();
        Some(TimetableLine {
            number: entry.number.unwrap_or(0),
            title: entry.title.clone(),
            entrant: entry.party_name.clone(),
            guest: guests.iter().find(|p| p.id == meeting.party).map(|p| p.name.clone()).unwrap_or_default(),
            meeting,
            own,
        })
    };
    let found = all.into_iter().filter_map(line).filter(|l| whole || l.own).collect();
    Ok((session, found))
}

/// How many have asked for meetings in a program.
pub(super) async fn wishes(db: &mut keqiao_store::Conn, id: ProgramId) -> Result<usize, AppError> {
    programs::find(db, id).await?.ok_or(AppError::NotFound)?;
    Ok(sessions::interests(db, id, WISHES).await?.len())
}
