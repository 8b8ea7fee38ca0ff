//! Memberships: declared by the member, confirmed by the organization.

use futures::FutureExt;
use keqiao_domain::{Action, Membership, MembershipId, MembershipStatus, PartyId, PartyKind, RecordKind, Viewer};
use keqiao_store::{memberships, parties};

use super::input::check_length;
use crate::day::day;
use crate::{App, AppError, Fault, log_change};

/// What is written about a membership.
#[derive(Debug, Clone)]
pub struct MembershipInput {
    /// Who belongs.
    pub member: PartyId,
    /// To what.
    pub organization: PartyId,
    /// Post or title.
    pub title: String,
    /// First day, `YYYY-MM-DD` or empty.
    pub from: String,
    /// Last day, `YYYY-MM-DD` or empty.
    pub to: String,
}

/// Declares a membership. It counts as confirmed at once when the viewer
/// speaks for both sides, or is an operator.
///
/// # Errors
/// `NotAllowed` when the viewer speaks for neither side; `Invalid`; `NotFound`.
pub async fn declare_membership(app: &App, viewer: &Viewer, input: MembershipInput) -> Result<Membership, AppError> {
    let actor = viewer.account.ok_or(AppError::SignInNeeded)?;
    let (member, organization) = (input.member, input.organization);
    let speaks_for_member = viewer.may_edit_for(member) || viewer.is_operator();
    let speaks_for_organization = viewer.owns(organization) || viewer.is_operator();
    if !(speaks_for_member || speaks_for_organization) {
        return Err(AppError::NotAllowed);
    }
    let mut faults = Vec::new();
    check_length("title", &input.title, 80, &mut faults);
    let from = day("from", &input.from, &mut faults);
    let to = day("to", &input.to, &mut faults);
    if from.is_some() && to.is_some() && from > to {
        faults.push(Fault::new("to", "before-from"));
    }
    if member == organization {
        faults.push(Fault::new("organization", "itself"));
    }
    let mut db = app.store.reader().await?;
    parties::find(&mut db, member).await?.ok_or(AppError::NotFound)?;
    let host = parties::find(&mut db, organization).await?.ok_or(AppError::NotFound)?;
    drop(db);
    if host.kind != PartyKind::Organization {
        faults.push(Fault::new("organization", "organizations-only"));
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let now = app.now();
    let membership = Membership {
        id: MembershipId::fresh(&*app.clock, &*app.entropy),
        member,
        organization,
        title: input.title.trim().to_owned(),
        from,
        to,
        status: if speaks_for_member && speaks_for_organization {
            MembershipStatus::Confirmed
        } else {
            MembershipStatus::Declared
        },
        created_at: now,
    };
    app.store
        .write(move |tx| {
            async move {
                memberships::insert(tx, &membership).await?;
                log_change(tx, now, RecordKind::Membership, membership.id, Action::Created, Some(actor)).await?;
                Ok(membership)
            }
            .boxed()
        })
        .await
}

/// Confirms a declared membership, for owners of the organization and operators.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed`; `NotFound`.
pub async fn confirm_membership(app: &App, viewer: &Viewer, id: MembershipId) -> Result<(), AppError> {
    let mut db = app.store.reader().await?;
    let membership = memberships::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    drop(db);
    if !(viewer.owns(membership.organization) || viewer.is_operator()) {
        return Err(if viewer.is_member() { AppError::NotAllowed } else { AppError::SignInNeeded });
    }
    let (now, actor) = (app.now(), viewer.account);
    app.store
        .write(move |tx| {
            async move {
                memberships::set_status(tx, id, MembershipStatus::Confirmed).await?;
                log_change(tx, now, RecordKind::Membership, id, Action::Moved, actor).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}

/// Removes a membership, for either side and operators.
///
/// # Errors
/// `SignInNeeded`; `NotAllowed`; `NotFound`.
pub async fn remove_membership(app: &App, viewer: &Viewer, id: MembershipId) -> Result<(), AppError> {
    let mut db = app.store.reader().await?;
    let membership = memberships::find(&mut db, id).await?.ok_or(AppError::NotFound)?;
    drop(db);
    let allowed =
        viewer.owns(membership.organization) || viewer.may_edit_for(membership.member) || viewer.is_operator();
    if !allowed {
        return Err(if viewer.is_member() { AppError::NotAllowed } else { AppError::SignInNeeded });
    }
    let (now, actor) = (app.now(), viewer.account);
    app.store
        .write(move |tx| {
            async move {
                memberships::remove(tx, id).await?;
                log_change(tx, now, RecordKind::Membership, id, Action::Removed, actor).await?;
                Ok(())
            }
            .boxed()
        })
        .await
}
