//! Looking up to whom reviewers and entries are tied.

use std::collections::BTreeSet;

use keqiao_domain::{AccountId, EntryTies, PartyId, PartyKind, ProgramEntry, ReviewerTies};
use keqiao_store::programs::reviews::Reviewer;
use keqiao_store::{Conn, accounts, memberships, parties};

use crate::AppError;

/// To whom a reviewer is tied: by role, by post, by declaration. Posts that ended are ties as well.
pub(super) async fn of_reviewer(db: &mut Conn, reviewer: &Reviewer) -> Result<ReviewerTies, AppError> {
    let account = accounts::find(db, reviewer.account).await?.ok_or(AppError::NotFound)?;
    let roles = accounts::roles_of(db, reviewer.account).await?;
    let mut organizations: BTreeSet<PartyId> = roles.into_iter().map(|g| g.organization).collect();
    if let Some(person) = account.person {
        organizations.extend(organizations_of(db, person).await?);
    }
    Ok(ReviewerTies {
        account: reviewer.account,
        person: account.person,
        organizations,
        declared: reviewer.declared.clone(),
    })
}

/// Who stands behind an entry. What an organization belongs to (an alliance, an association) ties nobody.
pub(super) async fn of_entry(db: &mut Conn, entry: &ProgramEntry) -> Result<EntryTies, AppError> {
    let party = parties::find(db, entry.party).await?.ok_or(AppError::NotFound)?;
    let organizations = match party.kind {
        PartyKind::Person => organizations_of(db, entry.party).await?,
        PartyKind::Organization => BTreeSet::new(),
    };
    Ok(EntryTies { author: entry.author, party: entry.party, organizations })
}

async fn organizations_of(db: &mut Conn, person: PartyId) -> Result<BTreeSet<PartyId>, AppError> {
    Ok(memberships::of_member(db, person).await?.into_iter().map(|m| m.organization).collect())
}

/// A reviewer of a program, or refusal.
pub(super) async fn reviewer(
    db: &mut Conn,
    program: keqiao_domain::ProgramId,
    account: AccountId,
) -> Result<Reviewer, AppError> {
    let found = keqiao_store::programs::reviews::reviewer(db, program, account).await?;
    found.ok_or(AppError::Barred(keqiao_domain::ProgramRefusal::NotAssigned))
}
