//! An agreement that no article speaks of: drawn up by hand, for a party that signed it.

use futures::FutureExt;
use keqiao_domain::{Action, Agreement, AgreementId, AgreementParty, Audience, PartyId, RecordKind, Viewer};
use keqiao_store::{agreements, parties};

use super::{LONGEST_NOTE, LONGEST_TITLE};
use crate::parties::parties_named;
use crate::records::words;
use crate::{App, AppError, Fault, log_change};

/// Most who sign one agreement.
const MOST: usize = 200;

/// An agreement as a form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewAgreement {
    /// Its title.
    pub title: String,
    /// The day it was signed; empty: not known.
    pub signed_on: String,
    /// Who signed it besides, a name on each line.
    pub others: String,
    /// Remarks.
    pub note: String,
}

/// Draws up an agreement that a party signed with others. A name that is one on the platform is that party.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed` but for owners of the party and operators; `NotFound`; `Invalid`.
pub async fn draw_up_agreement(
    app: &App,
    viewer: &Viewer,
    party: PartyId,
    input: NewAgreement,
) -> Result<Agreement, AppError> {
    let account = viewer.account.ok_or(AppError::SignInNeeded)?;
    if !(viewer.owns(party) || viewer.is_operator()) {
        return Err(AppError::NotAllowed);
    }
    let own = parties::find(&mut app.store.reader().await?, party).await?.ok_or(AppError::NotFound)?;
    let mut faults = Vec::new();
    let title = words("title", &input.title, LONGEST_TITLE, true, &mut faults);
    let note = words("note", &input.note, LONGEST_NOTE, false, &mut faults);
    let signed_on = crate::day::day("signed_on", &input.signed_on, &mut faults);
    let mut signed = vec![AgreementParty { name: own.name, entity: None, party: Some(party) }];
    for name in input.others.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if name.chars().count() > 120 {
            faults.push(Fault::with("others", "too-long", 120));
            break;
        }
        if signed.len() >= MOST {
            faults.push(Fault::with("others", "too-many", MOST));
            break;
        }
        let known = parties_named(app, viewer, name).await?;
        let (name, party) = match known.as_slice() {
            [one] => (one.name.clone(), Some(one.id)),
            _ => (name.to_owned(), None),
        };
        signed.push(AgreementParty { name, entity: None, party });
    }
    if signed.len() < 2 && faults.is_empty() {
        faults.push(Fault::new("others", "required"));
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let now = app.now();
    let agreement = Agreement {
        id: AgreementId::fresh(&*app.clock, &*app.entropy),
        title,
        signed_on,
        parties: signed,
        fact: None,
        note,
        audience: Audience::Public,
        version: 1,
        created_by: Some(account),
        created_at: now,
        updated_at: now,
    };
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                agreements::insert(tx, &agreement).await?;
                log_change(tx, now, RecordKind::Agreement, agreement.id, Action::Created, Some(account)).await?;
                Ok(agreement)
            }
            .boxed()
        })
        .await
}
