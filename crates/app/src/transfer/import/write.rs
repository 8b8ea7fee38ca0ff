//! Writing what was planned, a batch in one transaction.

use std::sync::Arc;

use futures::FutureExt;
use keqiao_domain::{AccountId, Action, Listing, Membership, Party, RecordKind, Timestamp};
use keqiao_store::{Conn, memberships, parties};

use super::{RowOutcome, Run};
use crate::listings::{insert_listing, update_listing};
use crate::parties::insert_party;
use crate::{AppError, Fault, log_change};

/// One row on its way into the store.
pub(super) enum Write {
    NewListing { party: Option<Box<Party>>, listing: Box<Listing> },
    ChangedListing(Box<Listing>),
    NewParty { party: Box<Party>, memberships: Vec<Membership> },
    ChangedParty { party: Box<Party>, expected: i64, memberships: Vec<Membership> },
}

impl Run<'_> {
    /// Writes a batch in one transaction; when one row is refused, each alone, so that the others go in.
    pub(super) async fn write_all(
        &self,
        writes: Vec<(usize, Write)>,
        outcomes: &mut [RowOutcome],
    ) -> Result<(), AppError> {
        let (now, actor) = (self.app.now(), self.viewer.account);
        let shared = Arc::new(writes);
        let all = shared.clone();
        let together = self
            .app
            .store
            .write::<_, AppError, _>(move |tx| {
                async move {
                    for (_, write) in all.iter() {
                        apply(tx, write, now, actor).await?;
                    }
                    Ok(())
                }
                .boxed()
            })
            .await;
        if together.is_ok() {
            return Ok(());
        }
        for i in 0..shared.len() {
            let all = shared.clone();
            let alone = self
                .app
                .store
                .write::<_, AppError, _>(move |tx| async move { apply(tx, &all[i].1, now, actor).await }.boxed())
                .await;
            let place = shared[i].0;
            match alone {
                Ok(()) => {}
                Err(AppError::Invalid(faults)) => {
                    outcomes[place] = self.faulty(outcomes[place].row, outcomes[place].title.clone(), faults);
                }
                Err(AppError::Stale { .. }) => {
                    let fault = vec![Fault::new("id", "changed-meanwhile")];
                    outcomes[place] = self.faulty(outcomes[place].row, outcomes[place].title.clone(), fault);
                }
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }
}

async fn apply(tx: &mut Conn, write: &Write, now: Timestamp, actor: Option<AccountId>) -> Result<(), AppError> {
    match write {
        Write::NewListing { party, listing } => {
            if let Some(party) = party {
                insert_party(tx, party, actor).await?;
            }
            insert_listing(tx, listing, actor).await
        }
        Write::ChangedListing(listing) => update_listing(tx, &mut listing.as_ref().clone(), now, actor, true).await,
        Write::NewParty { party, memberships } => {
            insert_party(tx, party, actor).await?;
            insert_memberships(tx, memberships, now, actor).await
        }
        Write::ChangedParty { party, expected, memberships } => {
            if !parties::update(tx, party, *expected).await? {
                return Err(AppError::Stale { current: expected + 1 });
            }
            log_change(tx, now, RecordKind::Party, party.id, Action::Updated, actor).await?;
            insert_memberships(tx, memberships, now, actor).await
        }
    }
}

async fn insert_memberships(
    tx: &mut Conn,
    list: &[Membership],
    now: Timestamp,
    actor: Option<AccountId>,
) -> Result<(), AppError> {
    for membership in list {
        memberships::insert(tx, membership).await?;
        log_change(tx, now, RecordKind::Membership, membership.id, Action::Created, actor).await?;
    }
    Ok(())
}
