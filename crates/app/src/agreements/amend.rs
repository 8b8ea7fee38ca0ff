//! An agreement's title and note, written anew.

use futures::FutureExt;
use keqiao_domain::{Action, Agreement, AgreementId, RecordKind, Viewer};
use keqiao_store::agreements;

use super::editable;
use crate::parties::check_length;
use crate::{App, AppError, Fault, log_change};

/// Longest title and note, characters.
pub const LONGEST_TITLE: usize = 200;
/// The same of a note.
pub const LONGEST_NOTE: usize = 2000;

/// What can be written of an agreement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgreementInput {
    /// Its title.
    pub title: String,
    /// Remarks; empty: none.
    pub note: String,
    /// The version that was read.
    pub version: i64,
}

/// Writes an agreement's title and note.
///
/// # Errors
/// `SignInNeeded`, `NotAllowed`; `NotFound`; `Stale` when it was changed since it was read; `Invalid`.
pub async fn amend_agreement(
    app: &App,
    viewer: &Viewer,
    id: AgreementId,
    input: AgreementInput,
) -> Result<(), AppError> {
    let (account, agreement) = editable(app, viewer, id).await?;
    let mut faults = Vec::new();
    check_length("title", &input.title, LONGEST_TITLE, &mut faults);
    check_length("note", &input.note, LONGEST_NOTE, &mut faults);
    if input.title.trim().is_empty() {
        faults.push(Fault::new("title", "required"));
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let (now, expected) = (app.now(), input.version);
    let stale = AppError::Stale { current: agreement.version };
    let agreement = Agreement {
        title: input.title.trim().to_owned(),
        note: input.note.trim().to_owned(),
        version: expected + 1,
        updated_at: now,
        ..agreement
    };
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                if !agreements::update(tx, &agreement, expected).await? {
                    return Err(stale);
                }
                log_change(tx, now, RecordKind::Agreement, id, Action::Updated, Some(account)).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}
