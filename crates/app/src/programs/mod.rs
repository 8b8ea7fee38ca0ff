//! Programs: a call goes out, entries come, are checked, reviewed, selected, shown, signed, and followed until they
//! are in use.

mod check;
mod deal;
mod enter;
mod files;
mod follow;
mod hall;
mod manage;
mod meet;
mod ranking;
mod record;
mod review;
mod sessions;
mod sheets;
mod step;
mod ties;
mod view;
mod workbench;

pub use check::{ProgramFault, verify_programs};
pub use deal::{Dealt, deal_entries};
pub use enter::{EntryInput, content_of_listing, discard_entry, my_entries, save_entry};
pub use files::{UploadedEntryFile, add_entry_file, read_entry_file, remove_entry_file};
pub use follow::{FollowLine, follow_up, open_followed_engagement};
pub use hall::{Hall, HallFilter, ShownEntry, hall, results, shown_entry};
pub use keqiao_store::programs::lists::{EntryFilter, EntryLine};
pub use manage::{create_program, go_on, list_programs, set_program};
pub use meet::{TimetableLine, ask_to_meet, plan_meetings, timetable_of};
pub use ranking::{Cut, keep_ranking, pass_over_rest, ranking, select_best};
pub use record::EntryOutcome;
pub use review::{
    Duty, ReviewSheet, ReviewerLine, Workload, add_reviewer, declare_interest, my_reviews, remove_reviewer,
    review_sheet, reviewers_of, reviews_in,
};
pub use sessions::{
    SessionInput, SessionView, create_session, put_into_session, sessions_of, take_from_session, view_session,
};
pub use sheets::{ProgramSheet, program_sheet};
pub use step::{EntryDoing, take_entry_step};
pub use view::{EntryView, ProgramView, PublicEntryChain, entries_of, public_entry_chain, view_entry, view_program};
pub use workbench::{AreaCount, Workbench, workbench};

use keqiao_catalog::Catalog;
use keqiao_domain::{Program, ProgramEntryId, ProgramId, ProgramType, Viewer};
use keqiao_store::{Conn, programs};

use crate::AppError;

/// Rows of a page of a list.
pub(crate) const PAGE: usize = 50;

/// Finds a program that the viewer may see.
async fn find_program(db: &mut Conn, viewer: &Viewer, id: ProgramId) -> Result<Program, AppError> {
    programs::find(db, id).await?.filter(|p| viewer.sees_program(p)).ok_or(AppError::NotFound)
}

/// A program for whoever runs it.
async fn find_own(db: &mut Conn, viewer: &Viewer, id: ProgramId) -> Result<Program, AppError> {
    let program = find_program(db, viewer, id).await?;
    viewer.account.ok_or(AppError::SignInNeeded)?;
    if viewer.organises(&program) { Ok(program) } else { Err(AppError::NotAllowed) }
}

/// The sort of a program.
fn type_of<'c>(catalog: &'c Catalog, program: &Program) -> Result<&'c ProgramType, AppError> {
    let gone =
        || AppError::Internal(format!("the catalog has no sort of program {:?}, and one follows it", program.ty));
    catalog.programs.get(&program.ty).ok_or_else(gone)
}

/// Whether a viewer may learn that an entry changed.
pub(crate) async fn change_is_seen(db: &mut Conn, viewer: &Viewer, id: ProgramEntryId) -> Result<bool, AppError> {
    let Some(entry) = programs::entries::find(db, id).await? else { return Ok(false) };
    let Some(program) = programs::find(db, entry.program).await? else { return Ok(false) };
    Ok(entry.state.stage.is_on_show() || viewer.reads_entry(&program, &entry))
}
