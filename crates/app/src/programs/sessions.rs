//! Sessions: pitches, meetings, the signing.

use futures::FutureExt;
use keqiao_domain::{
    Action, Phase, Program, ProgramEntryId, ProgramId, ProgramNews, ProgramRefusal, ProgramSession, ProgramSessionId,
    RecordKind, SessionSort, Timestamp, Viewer,
};
use keqiao_store::programs::lists::{self, EntryFilter, EntryLine};
use keqiao_store::programs::{self, entries, sessions};

use super::hall::{chosen_stages, public};
use super::record::Registrar;
use super::{find_own, find_program};
use crate::{App, AppError, Fault, log_change};

/// Most entries of a session.
const MOST: usize = 1_000;
/// Most days that a session lasts.
const LONGEST_DAYS: i64 = 31;

/// A session as somebody wants to hold it; moments in the installation's zone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionInput {
    /// What sort; `None`: none was chosen.
    pub sort: Option<SessionSort>,
    /// Its title.
    pub title: String,
    /// Where.
    pub place: String,
    /// When it begins, `YYYY-MM-DDTHH:MM`.
    pub starts: String,
    /// When it ends.
    pub ends: String,
    /// Minutes of a pitch or a meeting.
    pub minutes: i64,
    /// Tables of meetings.
    pub tables: i64,
}

fn check(
    app: &App,
    id: ProgramSessionId,
    program: ProgramId,
    input: &SessionInput,
) -> Result<ProgramSession, AppError> {
    let mut faults = Vec::new();
    if input.sort.is_none() {
        faults.push(Fault::new("sort", "required"));
    }
    for (field, text, required) in [("title", &input.title, true), ("place", &input.place, false)] {
        if text.trim().is_empty() && required {
            faults.push(Fault::new(field, "required"));
        } else if text.chars().count() > 200 {
            faults.push(Fault::with(field, "too-long", 200));
        }
    }
    let mut moment = |field: &str, text: &str| {
        let at = app.settings.zone.moment(text.trim());
        if at.is_none() {
            faults.push(Fault::new(field, if text.trim().is_empty() { "required" } else { "not-a-moment" }));
        }
        at.unwrap_or_default()
    };
    let (starts_at, ends_at): (Timestamp, Timestamp) = (moment("starts", &input.starts), moment("ends", &input.ends));
    if faults.is_empty() && (ends_at <= starts_at || starts_at.plus_days(LONGEST_DAYS) < ends_at) {
        faults.push(Fault::new("ends", "before-start"));
    }
    for (field, n, most) in [("minutes", input.minutes, 480), ("tables", input.tables, 500)] {
        if !(1..=most).contains(&n) {
            faults.push(Fault::with(field, "out-of-range", format!("1–{most}")));
        }
    }
    let Some(sort) = input.sort.filter(|_| faults.is_empty()) else { return Err(AppError::Invalid(faults)) };
    let (title, place) = (input.title.trim().to_owned(), input.place.trim().to_owned());
    Ok(ProgramSession {
        id,
        program,
        sort,
        title,
        place,
        starts_at,
        ends_at,
        minutes: input.minutes,
        tables: input.tables,
    })
}

/// Makes a session.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`; `Invalid`; `Barred` while the call is written and when all is over.
pub async fn create_session(
    app: &App,
    viewer: &Viewer,
    id: ProgramId,
    input: &SessionInput,
) -> Result<ProgramSession, AppError> {
    let mut db = app.store.reader().await?;
    let program = find_own(&mut db, viewer, id).await?;
    drop(db);
    if matches!(program.phase, Phase::Draft | Phase::Closed) {
        return Err(ProgramRefusal::NotNow(program.phase).into());
    }
    let registrar = Registrar::of(app);
    let session = check(app, registrar.fresh(ProgramSessionId::fresh), id, input)?;
    let actor = viewer.account;
    app.store
        .write(move |tx| {
            async move {
                sessions::insert(tx, &session).await?;
                log_change(tx, registrar.now, RecordKind::Program, id, Action::Updated, actor).await?;
                Ok(session)
            }
            .boxed()
        })
        .await
}

/// The sessions of a program by their hour.
///
/// # Errors
/// `NotFound`.
pub async fn sessions_of(
    app: &App,
    viewer: &Viewer,
    id: ProgramId,
) -> Result<(Program, Vec<ProgramSession>), AppError> {
    let mut db = app.store.reader().await?;
    let program = find_program(&mut db, viewer, id).await?;
    let found = sessions::of_program(&mut db, id).await?;
    Ok((program, found))
}

/// A session with its entries.
#[derive(Debug, Clone)]
pub struct SessionView {
    /// The program.
    pub program: Program,
    /// The session.
    pub session: ProgramSession,
    /// Its entries in their order; none until the results stand.
    pub entries: Vec<EntryLine>,
    /// Whether the viewer runs the program.
    pub organises: bool,
}

/// A session.
///
/// # Errors
/// `NotFound`.
pub async fn view_session(app: &App, viewer: &Viewer, id: ProgramSessionId) -> Result<SessionView, AppError> {
    let mut db = app.store.reader().await?;
    let session = sessions::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    let program = find_program(&mut db, viewer, session.program).await?;
    let organises = viewer.organises(&program);
    let entries = if organises || program.phase >= Phase::Published {
        lists::of_session(&mut db, id).await?.into_iter().map(public).collect()
    } else {
        Vec::new()
    };
    Ok(SessionView { organises, entries, session, program })
}

/// The numbers that a text names: `3, 12-15、20`; `None` for what is none.
fn numbers(text: &str) -> Option<Vec<i64>> {
    let mut out = Vec::new();
    for part in text.split([',', '，', '、', ' ', ';', '；', '\n', '\r']).filter(|p| !p.is_empty()) {
        let (first, last) = part.split_once(['-', '–', '~', '～']).unwrap_or((part, part));
        let (first, last): (i64, i64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        if first < 1 || last < first || last - first > MOST as i64 {
            return None;
        }
        out.extend(first..=last);
    }
    (out.len() <= MOST).then_some(out)
}

/// Puts chosen entries into a session, named by their numbers; how many it were.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`; `Invalid` for numbers that are none, or none of chosen entries.
pub async fn put_into_session(app: &App, viewer: &Viewer, id: ProgramSessionId, text: &str) -> Result<usize, AppError> {
    let mut db = app.store.reader().await?;
    let session = sessions::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    find_own(&mut db, viewer, session.program).await?;
    drop(db);
    let wanted = numbers(text).ok_or_else(|| AppError::invalid("numbers", "not-a-number"))?;
    if wanted.is_empty() {
        return Err(AppError::invalid("numbers", "required"));
    }
    let (registrar, actor) = (Registrar::of(app), viewer.account);
    app.store
        .write(move |tx| {
            async move {
                let program = programs::find(tx, session.program).await?.ok_or(AppError::NotFound)?;
                let filter = EntryFilter { stages: chosen_stages(), ..EntryFilter::default() };
                let chosen = lists::by_number(tx, program.id, &filter, 0, i64::from(u16::MAX)).await?;
                let mut ids: Vec<ProgramEntryId> = Vec::with_capacity(wanted.len());
                for number in wanted {
                    match chosen.iter().find(|e| e.number == Some(number)) {
                        Some(entry) => ids.push(entry.id),
                        None => return Err(AppError::Invalid(vec![Fault::with("numbers", "unknown-number", number)])),
                    }
                }
                sessions::add_entries(tx, id, &ids).await?;
                for entry in entries::find_many(tx, &ids).await? {
                    let key = format!("program-session-{id}-{}", entry.id);
                    registrar.tell_party(tx, &program, &entry, ProgramNews::Session, &key).await?;
                }
                log_change(tx, registrar.now, RecordKind::Program, program.id, Action::Updated, actor).await?;
                Ok(ids.len())
            }
            .boxed()
        })
        .await
}

/// Takes an entry out of a session.
///
/// # Errors
/// `SignInNeeded`; `NotFound`; `NotAllowed`.
pub async fn take_from_session(
    app: &App,
    viewer: &Viewer,
    id: ProgramSessionId,
    entry: ProgramEntryId,
) -> Result<(), AppError> {
    let mut db = app.store.reader().await?;
    let session = sessions::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    find_own(&mut db, viewer, session.program).await?;
    drop(db);
    let (now, actor) = (app.now(), viewer.account);
    app.store
        .write(move |tx| {
            async move {
                if sessions::remove_entry(tx, id, entry).await? {
                    log_change(tx, now, RecordKind::Program, session.program, Action::Updated, actor).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(numbers("3, 12-15、20"), Some(vec![3, 12, 13, 14, 15, 20]));
        assert_eq!(numbers(" "), Some(Vec::new()));
        for wrong in ["x", "3-", "5-3", "0", "1-999999", "-1", "1e3"] {
            assert_eq!(numbers(wrong), None, "{wrong}");
        }
    }
}
