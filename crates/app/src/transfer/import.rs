//! Importing a table: what each row would do, and doing it.

use std::collections::HashMap;

use futures::FutureExt;
use keqiao_domain::{
    AccountId, Action, Listing, Membership, MembershipId, MembershipStatus, Party, PartyId, PartyKind, RecordKind,
    Timestamp, Viewer, fold_key,
};
use keqiao_store::{Conn, listings, memberships, parties};
use serde::{Deserialize, Serialize};

use super::fields::Mapping;
use super::listing_rows::{ListingRow, PartyRef, read_listing_row};
use super::party_rows::{MembershipRow, read_party_row};
use super::report::{Diff, Outcome, Report, RowFault, RowOutcome};
use super::table::{RawRow, Table};
use crate::listings::{blank, insert_listing, update_listing};
use crate::parties::{blank_party, insert_party};
use crate::{App, AppError, Fault, log_change};

/// Rows written in one transaction.
const BATCH: usize = 200;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Needs and offers.
    Listings,
    /// Organizations and persons.
    Parties,
}

/// How an import goes.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The party of rows that name none.
    pub party: Option<PartyId>,
    /// Publish listings at once, without review; operators only.
    pub publish: bool,
    /// Only say what would happen.
    pub dry_run: bool,
}

/// One row on its way into the store.
enum Write {
    NewListing { party: Option<Box<Party>>, listing: Box<Listing> },
    ChangedListing(Box<Listing>),
    NewParty { party: Box<Party>, memberships: Vec<Membership> },
    ChangedParty { party: Box<Party>, expected: i64, memberships: Vec<Membership> },
}

/// Imports a table. Idempotent by external id; a faulty row is reported and
/// the good ones go in. `progress` hears rows done and rows in all.
///
/// # Errors
/// `NotAllowed` when the viewer may not import this; a store that fails. What was written stays written.
pub async fn import_table(
    app: &App,
    viewer: &Viewer,
    what: What,
    table: &Table,
    mapping: &Mapping,
    options: &ImportOptions,
    progress: &(dyn Fn(usize, usize) + Send + Sync),
) -> Result<Report, AppError> {
    if !viewer.is_member() && !viewer.sees_all() {
        return Err(AppError::SignInNeeded);
    }
    let own_party = options.party.is_some_and(|p| viewer.may_edit_for(p));
    if !viewer.is_operator() && (what == What::Parties || options.publish || !own_party) {
        return Err(AppError::NotAllowed);
    }
    let mut run = Run { app, viewer, mapping, options, planned: HashMap::new(), report: Report::default() };
    for (number, fault) in &table.broken {
        run.report.add(run.faulty(*number, String::new(), vec![fault.clone()]));
    }
    let total = table.rows.len() + table.broken.len();
    for batch in table.rows.chunks(BATCH) {
        run.batch(what, batch).await?;
        progress(run.report.total, total);
    }
    run.report.rows.sort_by_key(|r| r.row);
    Ok(run.report)
}

struct Run<'a> {
    app: &'a App,
    viewer: &'a Viewer,
    mapping: &'a Mapping,
    options: &'a ImportOptions,
    /// Parties that rows of this run named: found, or to be created with the first row that names them.
    planned: HashMap<PartyRef, PartyId>,
    report: Report,
}

type Planned = (RowOutcome, Option<Write>);

impl Run<'_> {
    fn faulty(&self, row: usize, title: String, faults: Vec<Fault>) -> RowOutcome {
        let faults = faults
            .into_iter()
            .map(|f| RowFault { column: self.mapping.column_of(&f.field), code: f.code.to_owned(), detail: f.detail })
            .collect();
        RowOutcome { row, outcome: Outcome::Faulty, title, diffs: Vec::new(), faults }
    }

    async fn batch(&mut self, what: What, rows: &[RawRow]) -> Result<(), AppError> {
        let mut db = self.app.store.reader().await?;
        let mut outcomes = Vec::with_capacity(rows.len());
        let mut writes = Vec::new();
        for row in rows {
            let (outcome, write) = match what {
                What::Listings => self.plan_listing(&mut db, row).await?,
                What::Parties => self.plan_party(&mut db, row).await?,
            };
            if let Some(write) = write {
                writes.push((outcomes.len(), write));
            }
            outcomes.push(outcome);
        }
        drop(db);
        if !self.options.dry_run && !writes.is_empty() {
            self.write_all(writes, &mut outcomes).await?;
        }
        outcomes.into_iter().for_each(|o| self.report.add(o));
        Ok(())
    }

    /// Writes a batch in one transaction; when one row is refused, each alone, so that the others go in.
    async fn write_all(&self, writes: Vec<(usize, Write)>, outcomes: &mut [RowOutcome]) -> Result<(), AppError> {
        let (now, actor) = (self.app.now(), self.viewer.account);
        let shared = std::sync::Arc::new(writes);
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

    async fn plan_listing(&mut self, db: &mut Conn, row: &RawRow) -> Result<Planned, AppError> {
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
        let outcome = RowOutcome { row, outcome: Outcome::Created, title, diffs: Vec::new(), faults: Vec::new() };
        (outcome, Some(Write::NewListing { party: new, listing: Box::new(listing) }))
    }

    fn changed_listing(&self, row: usize, read: ListingRow, mut listing: Listing) -> Result<Planned, AppError> {
        let title = read.content.title.clone();
        let mut faults = Vec::new();
        if listing.state == keqiao_domain::ListingState::Closed {
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
            } else if listing.state != keqiao_domain::ListingState::Draft {
                listing.become_state(keqiao_domain::ListingState::Draft)?;
            }
        }
        let outcome = RowOutcome { row, outcome, title, diffs, faults: Vec::new() };
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

    async fn plan_party(&mut self, db: &mut Conn, row: &RawRow) -> Result<Planned, AppError> {
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
            let outcome = RowOutcome { row, outcome: Outcome::Created, title, diffs: Vec::new(), faults: Vec::new() };
            return Ok((outcome, Some(Write::NewParty { party: Box::new(party), memberships })));
        };
        let diffs = json_diffs(&old, &party)?;
        if diffs.is_empty() && memberships.is_empty() {
            let outcome = RowOutcome { row, outcome: Outcome::Unchanged, title, diffs, faults: Vec::new() };
            return Ok((outcome, None));
        }
        party.version = old.version + 1;
        party.updated_at = self.app.now();
        let outcome = RowOutcome { row, outcome: Outcome::Updated, title, diffs, faults: Vec::new() };
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

/// An operator answers for what is imported as published.
fn publish_at_once(listing: &mut Listing) {
    listing.state = keqiao_domain::ListingState::Published;
    let now = listing.updated_at;
    listing.published_at.get_or_insert(now);
    listing.expires_at = Some(now.plus_days(Listing::LIFE_DAYS));
}

fn title_of(mapping: &Mapping, row: &RawRow) -> String {
    ["title", "name"]
        .iter()
        .find_map(|f| mapping.value(row, f))
        .map(|v| super::listing_rows::cell_text(&v).chars().take(120).collect())
        .unwrap_or_default()
}

fn json_diffs<T: Serialize>(old: &T, new: &T) -> Result<Vec<Diff>, AppError> {
    let fault = |e: serde_json::Error| AppError::Internal(e.to_string());
    let (old, new) = (serde_json::to_value(old).map_err(fault)?, serde_json::to_value(new).map_err(fault)?);
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else { return Ok(Vec::new()) };
    Ok(new
        .iter()
        .filter(|(key, value)| old.get(*key) != Some(value))
        .map(|(key, value)| Diff {
            field: key.clone(),
            old: old.get(key).map(ToString::to_string).unwrap_or_default(),
            new: value.to_string(),
        })
        .collect())
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
