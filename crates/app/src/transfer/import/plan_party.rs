//! What a row of parties would do.

use keqiao_domain::{Membership, MembershipId, MembershipStatus, Party, PartyId};
use keqiao_store::{Conn, memberships, parties};

use super::write::Write;
use super::{Outcome, Planned, RawRow, RowOutcome, Run, json_diffs, title_of};
use crate::parties::blank_party;
use crate::transfer::listing_rows::PartyRef;
use crate::transfer::party_rows::{MembershipRow, read_party_row};
use crate::{AppError, Fault};

impl Run<'_> {
    pub(super) async fn plan_party(&mut self, db: &mut Conn, row: &RawRow) -> Result<Planned, AppError> {
        let read = match read_party_row(self.app, self.mapping, row) {
            Ok(read) => read,
            Err(faults) => return Ok((self.faulty(row.number, title_of(self.mapping, row), faults), None)),
        };
        let title = read.input.name.clone();
        let existing = match &read.external_id {
            Some(external) => parties::find_by_external_id(db, external).await?,
            None => match read.input.uscc.parse() {
                Ok(uscc) => parties::find_by_uscc(db, &uscc).await?,
                Err(_) => None,
            },
        };
        let old = existing.clone();
        let mut party = existing.unwrap_or_else(|| blank_party(self.app, read.kind, self.viewer.account));
        if let Err(faults) = read.input.apply(&mut party, &self.app.catalog) {
            return Ok((self.faulty(row.number, title, faults), None));
        }
        party.external_id = read.external_id.or(party.external_id);
        party.demo |= read.demo;
        if read.verified {
            party.verified_at.get_or_insert(self.app.now());
        }
        self.planned.insert(PartyRef { external_id: party.external_id.clone(), ..PartyRef::default() }, party.id);
        let memberships = match self.memberships_of(db, party.id, &read.memberships).await? {
            Ok(list) => list,
            Err(fault) => return Ok((self.faulty(row.number, title, vec![fault]), None)),
        };
        self.party_outcome(row.number, title, old, party, memberships)
    }

    fn party_outcome(
        &self,
        row: usize,
        title: String,
        old: Option<Party>,
        mut party: Party,
        memberships: Vec<Membership>,
    ) -> Result<Planned, AppError> {
        let Some(old) = old else {
            let outcome =
                RowOutcome { row, outcome: Outcome::Created, title, file: None, diffs: Vec::new(), faults: Vec::new() };
            return Ok((outcome, Some(Write::NewParty { party: Box::new(party), memberships })));
        };
        let diffs = json_diffs(&old, &party)?;
        if diffs.is_empty() && memberships.is_empty() {
            let outcome = RowOutcome { row, outcome: Outcome::Unchanged, title, file: None, diffs, faults: Vec::new() };
            return Ok((outcome, None));
        }
        party.version = old.version + 1;
        party.updated_at = self.app.now();
        let outcome = RowOutcome { row, outcome: Outcome::Updated, title, file: None, diffs, faults: Vec::new() };
        Ok((outcome, Some(Write::ChangedParty { party: Box::new(party), expected: old.version, memberships })))
    }

    /// The memberships of a row that are not there yet.
    async fn memberships_of(
        &self,
        db: &mut Conn,
        member: PartyId,
        rows: &[MembershipRow],
    ) -> Result<Result<Vec<Membership>, Fault>, AppError> {
        let present = memberships::of_member(db, member).await?;
        let mut fresh = Vec::new();
        for row in rows {
            let key = PartyRef { external_id: Some(row.organization.clone()), ..PartyRef::default() };
            let organization = match self.planned.get(&key) {
                Some(&id) => id,
                None => match parties::find_by_external_id(db, &row.organization).await? {
                    Some(party) => party.id,
                    None => return Ok(Err(Fault::with("memberships", "unknown-party", &row.organization))),
                },
            };
            if present.iter().any(|m| m.organization == organization && m.title == row.title) {
                continue;
            }
            fresh.push(Membership {
                id: MembershipId::fresh(&*self.app.clock, &*self.app.entropy),
                member,
                organization,
                title: row.title.clone(),
                from: row.from.clone(),
                to: row.to.clone(),
                status: if row.status.as_deref() == Some("confirmed") {
                    MembershipStatus::Confirmed
                } else {
                    MembershipStatus::Declared
                },
                created_at: self.app.now(),
            });
        }
        Ok(Ok(fresh))
    }
}
