//! Writing records: everything that follows from one, in the transaction it is written in.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use keqiao_catalog::Catalog;
use keqiao_domain::{
    AccountId, Action, Clock, Entropy, EntryDeed, Ground, Notice, NoticeBody, NoticeId, PartyId, Program, ProgramDeed,
    ProgramEntry, ProgramMove, ProgramNews, ProgramRecord, ProgramType, RecordKind, Timestamp,
};
use keqiao_store::programs::{self, entries, reviews, steps};
use keqiao_store::{Conn, accounts, notices};

use super::type_of;
use crate::{App, AppError, log_change};

/// An entry before a move and the records that follow for it.
pub type EntryOutcome = (ProgramEntry, Vec<ProgramRecord<EntryDeed>>);

/// What writing needs, apart from the connection.
#[derive(Clone)]
pub(super) struct Registrar {
    pub(super) catalog: Arc<Catalog>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    pub(super) now: Timestamp,
    /// The day of that in the installation's zone.
    pub(super) today: String,
}

impl Registrar {
    pub(super) fn of(app: &App) -> Self {
        let now = app.now();
        Self {
            catalog: app.catalog.clone(),
            clock: app.clock.clone(),
            entropy: app.entropy.clone(),
            today: app.settings.zone.day(now),
            now,
        }
    }

    /// A fresh id.
    pub(super) fn fresh<T>(&self, make: fn(&dyn Clock, &dyn Entropy) -> T) -> T {
        make(&*self.clock, &*self.entropy)
    }

    pub(super) fn ty<'c>(&'c self, program: &Program) -> Result<&'c ProgramType, AppError> {
        type_of(&self.catalog, program)
    }

    pub(super) fn ground<'g>(&'g self, program: &'g Program) -> Result<Ground<'g>, AppError> {
        Ok(Ground { ty: self.ty(program)?, program, today: &self.today })
    }

    /// Writes a record of a program.
    pub(super) async fn append(
        &self,
        tx: &mut Conn,
        before: Program,
        record: &ProgramRecord<ProgramDeed>,
    ) -> Result<Program, AppError> {
        let steps_before = before.steps;
        let program = before.after(record, &self.today);
        if !programs::update(tx, &program, steps_before).await? {
            return Err(AppError::Stale { current: steps_before });
        }
        steps::append(tx, &[(program.id.0, record.ordinal, record.seal())]).await?;
        log_change(tx, record.at, RecordKind::Program, program.id, Action::Updated, record.actor).await?;
        Ok(program)
    }

    /// Decides on a program and writes what follows.
    pub(super) async fn move_program(
        &self,
        tx: &mut Conn,
        program: Program,
        by: &ProgramMove,
    ) -> Result<Program, AppError> {
        let standing = programs::lists::standing(tx, program.id).await?;
        let record = program.next(self.ty(&program)?, &standing, by)?;
        self.append(tx, program, &record).await
    }

    /// Writes what follows for one entry.
    pub(super) async fn append_entry(
        &self,
        tx: &mut Conn,
        program: &Program,
        before: ProgramEntry,
        record: ProgramRecord<EntryDeed>,
    ) -> Result<ProgramEntry, AppError> {
        let (at, actor, news) = (record.at, record.actor, news_of(&record.what));
        if let EntryDeed::Unassigned { reviewer } = &record.what {
            reviews::forget(tx, &before, *reviewer).await?;
        }
        let told = match &record.what {
            EntryDeed::Assigned { reviewer } => Some(*reviewer),
            _ => None,
        };
        let mut written = self.write_entries(tx, program, vec![(before, vec![record])]).await?;
        let entry = written.pop().ok_or_else(|| AppError::Internal("an entry that was not written".into()))?;
        log_change(tx, at, RecordKind::ProgramEntry, entry.id, Action::Updated, actor).await?;
        let key = format!("program-entry-{}-{}", entry.id, entry.state.steps);
        match (news, told) {
            (_, Some(reviewer)) => self.tell_reviewers(tx, program, &[reviewer]).await?,
            (Some(ProgramNews::Appealed), _) => {
                let people = self.organisers(tx, program).await?;
                self.tell(tx, program, Some(&entry), &people, ProgramNews::Appealed, &key).await?;
            }
            (Some(news), _) => self.tell_party(tx, program, &entry, news, &key).await?,
            (None, None) => {}
        }
        Ok(entry)
    }

    /// Writes what follows for many entries: rows, records, and what reviewers have of them. Notices and changes are
    /// the caller's.
    pub(super) async fn write_entries(
        &self,
        tx: &mut Conn,
        program: &Program,
        outcomes: Vec<EntryOutcome>,
    ) -> Result<Vec<ProgramEntry>, AppError> {
        let (mut written, mut records) = (Vec::with_capacity(outcomes.len()), Vec::with_capacity(outcomes.len()));
        for (before, following) in outcomes {
            let expected = (before.state.steps, before.version);
            let mut entry = before;
            for record in following {
                entry.state = entry.state.after(&record);
                records.push((entry.id.0, record.ordinal, record.seal()));
            }
            let area = program.settings.area(&entry.content.region);
            if !entries::update(tx, &entry, &area, expected).await? {
                return Err(AppError::Stale { current: expected.0 });
            }
            written.push(entry);
        }
        steps::append(tx, &records).await?;
        let reviewed: Vec<&ProgramEntry> = written.iter().filter(|e| !e.state.reviews.is_empty()).collect();
        if records.iter().any(|(.., sealed)| sealed.record.contains("\"reviewer\"")) {
            reviews::keep(tx, &reviewed).await?;
        }
        Ok(written)
    }

    /// Puts notices about a program on desks, once for a key.
    pub(super) async fn tell(
        &self,
        tx: &mut Conn,
        program: &Program,
        entry: Option<&ProgramEntry>,
        people: &[AccountId],
        news: ProgramNews,
        key: &str,
    ) -> Result<(), AppError> {
        let title = entry.map_or(&program.settings.title, |e| &e.content.title);
        for account in people {
            let body =
                NoticeBody::Program { program: program.id, entry: entry.map(|e| e.id), title: title.clone(), news };
            let notice = Notice {
                id: self.fresh(NoticeId::fresh),
                account: *account,
                body,
                key: key.to_owned(),
                created_at: self.now,
                read_at: None,
                mailed_at: None,
            };
            notices::insert_unless_key_exists(tx, &notice).await?;
        }
        Ok(())
    }

    pub(super) async fn tell_party(
        &self,
        tx: &mut Conn,
        program: &Program,
        entry: &ProgramEntry,
        news: ProgramNews,
        key: &str,
    ) -> Result<(), AppError> {
        let people = accounts::acting_for(tx, entry.party).await?;
        self.tell(tx, program, Some(entry), &people, news, key).await
    }

    /// Tells the people of many entries the same, asking once for each party.
    pub(super) async fn tell_parties(
        &self,
        tx: &mut Conn,
        program: &Program,
        told: &[ProgramEntry],
        news: ProgramNews,
    ) -> Result<(), AppError> {
        let mut of_party: BTreeMap<PartyId, Vec<AccountId>> = BTreeMap::new();
        for entry in told {
            let people = match of_party.entry(entry.party) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(accounts::acting_for(tx, entry.party).await?),
            };
            let key = format!("program-entry-{}-{}", entry.id, news.as_str());
            self.tell(tx, program, Some(entry), people, news, &key).await?;
        }
        Ok(())
    }

    /// Tells reviewers that entries wait for them: once a day, however many there are.
    pub(super) async fn tell_reviewers(
        &self,
        tx: &mut Conn,
        program: &Program,
        reviewers: &[AccountId],
    ) -> Result<(), AppError> {
        let key = format!("program-{}-to-review-{}", program.id, self.today);
        self.tell(tx, program, None, reviewers, ProgramNews::ToReview, &key).await
    }

    /// Those who run a program: the organizing party's people; where there is none, the operators.
    async fn organisers(&self, tx: &mut Conn, program: &Program) -> Result<Vec<AccountId>, AppError> {
        let mut people: BTreeSet<AccountId> = BTreeSet::new();
        if let Some(party) = program.settings.organizer {
            people.extend(accounts::acting_for(tx, party).await?);
        }
        if people.is_empty() {
            let operators = |role| role >= Some(keqiao_domain::PlatformRole::Operator);
            people.extend(accounts::staff(tx).await?.into_iter().filter(|a| operators(a.platform_role)).map(|a| a.id));
        }
        Ok(people.into_iter().collect())
    }
}

/// What a deed means for the entry's people; decisions are told when the results are announced.
const fn news_of(deed: &EntryDeed) -> Option<ProgramNews> {
    match deed {
        EntryDeed::Passed => Some(ProgramNews::Passed),
        EntryDeed::Returned => Some(ProgramNews::Returned),
        EntryDeed::Refused => Some(ProgramNews::Refused),
        EntryDeed::Appealed => Some(ProgramNews::Appealed),
        EntryDeed::Answered { .. } => Some(ProgramNews::Answered),
        EntryDeed::Signed { .. } => Some(ProgramNews::Signed),
        EntryDeed::Landed => Some(ProgramNews::Landed),
        _ => None,
    }
}
