//! What a row of listings would do.

use keqiao_domain::{Listing, ListingState, Party, PartyId, PartyKind, fold_key};
use keqiao_store::{Conn, listings, parties};

use super::write::Write;
use super::{Outcome, Planned, RawRow, RowOutcome, Run, json_diffs, title_of};
use crate::listings::blank;
use crate::parties::blank_party;
use crate::transfer::listing_rows::{ListingRow, PartyRef, read_listing_row};
use crate::{AppError, Fault};

impl Run<'_> {
    pub(super) async fn plan_listing(&mut self, db: &mut Conn, row: &RawRow) -> Result<Planned, AppError> {
        let read = match read_listing_row(&self.app.catalog, self.mapping, row) {
            Ok(read) => read,
            Err(faults) => return Ok((self.faulty(row.number, title_of(self.mapping, row), faults), None)),
        };
        let title = read.content.title.clone();
        let (party, new_party) = match self.party_of(db, &read.party).await? {
            Ok(found) => found,
            Err(fault) => return Ok((self.faulty(row.number, title, vec![fault]), None)),
        };
        let existing = match &read.external_id {
            Some(external) => listings::find_by_external_id(db, party, external).await?,
            None => None,
        };
        match existing {
            None => Ok(self.new_listing(row.number, read, party, new_party)),
            Some(listing) => self.changed_listing(row.number, read, listing),
        }
    }

    fn new_listing(&self, row: usize, read: ListingRow, party: PartyId, new: Option<Box<Party>>) -> Planned {
        let mut listing = blank(self.app, read.side, party, self.viewer.account);
        listing.external_id = read.external_id;
        listing.demo = read.demo;
        listing.content = read.content;
        if self.options.publish {
            publish_at_once(&mut listing);
        }
        let title = listing.content.title.clone();
        let outcome =
            RowOutcome { row, outcome: Outcome::Created, title, file: None, diffs: Vec::new(), faults: Vec::new() };
        (outcome, Some(Write::NewListing { party: new, listing: Box::new(listing) }))
    }

    fn changed_listing(&self, row: usize, read: ListingRow, mut listing: Listing) -> Result<Planned, AppError> {
        let title = read.content.title.clone();
        let mut faults = Vec::new();
        if listing.state == ListingState::Closed {
            faults.push(Fault::new("id", "closed"));
        }
        if listing.side != read.side {
            faults.push(Fault::new("side", "side-is-fixed"));
        }
        if !faults.is_empty() {
            return Ok((self.faulty(row, title, faults), None));
        }
        let diffs = json_diffs(&listing.content, &read.content)?;
        let outcome = if diffs.is_empty() { Outcome::Unchanged } else { Outcome::Updated };
        let changed = outcome == Outcome::Updated;
        if changed {
            listing.content = read.content;
            if self.options.publish {
                publish_at_once(&mut listing);
            } else if listing.state != ListingState::Draft {
                listing.become_state(ListingState::Draft)?;
            }
        }
        let outcome = RowOutcome { row, outcome, title, file: None, diffs, faults: Vec::new() };
        Ok((outcome, changed.then(|| Write::ChangedListing(Box::new(listing)))))
    }

    /// The party a row names: found, planned before, or new (for operators).
    async fn party_of(
        &mut self,
        db: &mut Conn,
        named: &PartyRef,
    ) -> Result<Result<(PartyId, Option<Box<Party>>), Fault>, AppError> {
        if let Some(&id) = self.planned.get(named) {
            return Ok(Ok((id, None)));
        }
        let found = match (&named.external_id, &named.name) {
            (None, None) => match self.options.party {
                Some(id) => parties::find(db, id).await?,
                None => return Ok(Err(Fault::new("party.name", "required"))),
            },
            (Some(external), _) => parties::find_by_external_id(db, external).await?,
            (None, Some(name)) => {
                let key = fold_key(name);
                let mut same = parties::find_by_name_key(db, PartyKind::Organization, &key).await?;
                same.extend(parties::find_by_name_key(db, PartyKind::Person, &key).await?);
                if same.len() > 1 {
                    return Ok(Err(Fault::with("party.name", "several-parties", name)));
                }
                same.pop()
            }
        };
        if let Some(party) = found {
            if !(self.viewer.is_operator() || self.viewer.may_edit_for(party.id)) {
                return Ok(Err(Fault::with("party.name", "not-your-party", party.name)));
            }
            self.planned.insert(named.clone(), party.id);
            return Ok(Ok((party.id, None)));
        }
        let Some(name) = named.name.clone().filter(|_| self.viewer.is_operator()) else {
            let detail = named.external_id.clone().or(named.name.clone()).unwrap_or_default();
            return Ok(Err(Fault::with("party.name", "unknown-party", detail)));
        };
        let kind = named.kind.unwrap_or(PartyKind::Organization);
        let mut party = blank_party(self.app, kind, self.viewer.account);
        party.name = name;
        party.external_id.clone_from(&named.external_id);
        self.planned.insert(named.clone(), party.id);
        Ok(Ok((party.id, Some(Box::new(party)))))
    }
}

/// An operator answers for what is imported as published.
fn publish_at_once(listing: &mut Listing) {
    listing.state = ListingState::Published;
    let now = listing.updated_at;
    listing.published_at.get_or_insert(now);
    listing.expires_at = Some(now.plus_days(Listing::LIFE_DAYS));
}
