//! The graph: entities, facts, timeline, ties, and what persons say of them.

mod answers;
mod around;
mod claims;
mod correct;
mod drafts;
mod entity;
mod facts;
mod joins;
mod path;
mod rejected;

pub use answers::{AnswerPlace, JoinAnswer, JoinAnswers, join_answers, take_answer_back};
pub use around::{Around, Edge, around};
pub use claims::{claim_entity, confirm_claim, drop_claim, waiting_claims};
pub use correct::{CorrectionInput, FactView, correct_fact, view_fact};
pub use drafts::{FactDraft, PartyProposal, draft_from_fact, propose_party};
pub use entity::{
    EntityList, EntityView, LinkedParty, entity_of_party, find_entity, is_current, list_entities, view_entity,
};
pub use facts::{FactList, Timeline, list_facts, timeline};
pub use joins::{JoinQuestion, JoinQuestions, decide_join, join_questions, waiting_questions};
pub use path::{Link, Way, path_between};
pub use rejected::{Rejection, rejections, take_rejection_back};

pub use keqiao_store::entities::{EntityFilter, EntityRow, Known, NameRow};
pub use keqiao_store::facts::{FactFilter, FactOrder, Period};
pub use keqiao_store::ties::{Tie, TieFilter};

use keqiao_domain::{EntityId, Fact, Viewer};
use keqiao_store::{Conn, entities, joins as decisions};

use crate::AppError;

/// Characters of a sentence that are shown as a quotation.
const QUOTED: usize = 120;

/// Facts as they stand in lists: each with a short quotation.
pub(crate) fn quoted(mut facts: Vec<Fact>) -> Vec<Fact> {
    for fact in &mut facts {
        if let Some((end, _)) = fact.sentence.char_indices().nth(QUOTED) {
            fact.sentence.truncate(end);
            fact.sentence.push('…');
        }
    }
    facts
}

/// An entity that the viewer may see; of one that was joined to another, that other.
async fn seen(db: &mut Conn, viewer: &Viewer, id: EntityId) -> Result<EntityId, AppError> {
    let mut at = id;
    for _ in 0..16 {
        if entities::is_visible(db, at, viewer.tokens().as_deref()).await? {
            return Ok(at);
        }
        let joined = decisions::decisions_of(db, at).await?.into_iter().find(|d| d.same && d.joined == at);
        at = joined.ok_or(AppError::NotFound)?.kept;
    }
    Err(AppError::NotFound)
}

/// Whoever may correct what the machine read.
fn operator(viewer: &Viewer) -> Result<keqiao_domain::AccountId, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if viewer.is_operator() { Ok(account) } else { Err(AppError::NotAllowed) }
}
