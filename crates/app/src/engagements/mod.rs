//! Engagements: from a match to its use, with a record that nobody can change.

mod act;
mod annex;
mod annex_file;
mod board;
mod check;
mod clock;
mod contract;
mod dashboard;
mod files;
mod handover;
mod open;
mod record;
mod talk;
mod view;

pub use act::{Doing, StepInput, take_step};
pub use annex::{
    AnnexInput, AnnexPage, AnnexReading, AnnexView, Annexes, accept_annex_terms, close_annex, read_annex, share_annex,
    view_annexes,
};
pub use annex_file::{keep_annex_file, read_annex_file};
pub use board::{Board, Column, EngagementRow, MyFilter, Whose, board, list_engagements};
pub use check::{EngagementFault, verify_engagements};
pub use clock::rest_due;
pub use contract::{ContractView, contract_data, contract_zip, say_of_item, view_contract};
pub use dashboard::{FigureFilter, Figures, FunnelStage, Responses, behind_figure, figures, responses};
pub use files::{UploadedFile, add_file, read_file, remove_file};
pub use handover::{HandOver, hand_over, view_hand_over};
pub use open::{OpenInput, engagements_of_listing, open_engagement};
pub use talk::{AppointmentInput, call_off_appointment, make_appointment, post_message, view_appointment};
pub use view::{EngagementView, PublicChain, public_chain, view_engagement, view_engagement_before};

use keqiao_catalog::Catalog;
use keqiao_domain::{Engagement, EngagementId, Viewer, Workflow};
use keqiao_store::{Conn, engagements};

use crate::AppError;

/// The workflow that engagements follow where nothing else is said.
pub const DEFAULT_WORKFLOW: &str = "default";

/// Finds an engagement that the viewer may see.
async fn find_seen(db: &mut Conn, viewer: &Viewer, id: EngagementId) -> Result<Engagement, AppError> {
    let found = engagements::find(db, id).await?;
    found.filter(|e| viewer.sees_engagement(e)).ok_or(AppError::NotFound)
}

/// The workflow of an engagement.
fn workflow_of<'c>(catalog: &'c Catalog, id: &str) -> Result<&'c Workflow, AppError> {
    let gone = || AppError::Internal(format!("the catalog has no workflow {id:?}, and an engagement follows it"));
    catalog.workflows.get(id).ok_or_else(gone)
}
