//! Writing a step: everything that follows from it, in the transaction it is written in.

use std::collections::BTreeSet;
use std::sync::Arc;

use keqiao_catalog::Catalog;
use keqiao_domain::{
    AccountId, Action, Clock, Deed, Engagement, EngagementId, EngagementNews, Entropy, Notice, NoticeBody, NoticeId,
    RecordKind, Side, StageSort, State, Step, Subject, Timestamp, Zone, next_due, tallies,
};
use keqiao_store::engagements::{self, files, steps, talk};
use keqiao_store::{Conn, accounts, notices};

use super::workflow_of;
use crate::{App, AppError, log_change};

/// What writing needs, apart from the connection.
#[derive(Clone)]
pub(super) struct Recorder {
    pub(super) catalog: Arc<Catalog>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    pub(super) zone: Zone,
}

impl Recorder {
    pub(super) fn of(app: &App) -> Self {
        Self {
            catalog: app.catalog.clone(),
            clock: app.clock.clone(),
            entropy: app.entropy.clone(),
            zone: app.settings.zone.clone(),
        }
    }

    /// Writes the step that opens an engagement.
    pub(super) async fn open(&self, tx: &mut Conn, step: &Step, subject: Subject) -> Result<Engagement, AppError> {
        let fault = || AppError::Internal("a step that opens nothing".into());
        let state = State::opened(step).ok_or_else(fault)?;
        let workflow = workflow_of(&self.catalog, &subject.workflow)?;
        let due = next_due(workflow, &state, &self.zone, None);
        let engagement = Engagement { id: step.engagement, subject, state, due };
        engagements::insert(tx, &engagement).await?;
        self.beside(tx, None, &engagement, step, Action::Created).await?;
        Ok(engagement)
    }

    /// Writes a step that follows.
    pub(super) async fn append(&self, tx: &mut Conn, before: Engagement, step: &Step) -> Result<Engagement, AppError> {
        let workflow = workflow_of(&self.catalog, &before.subject.workflow)?;
        let state = before.state.clone().after(step);
        let due = next_due(workflow, &state, &self.zone, None);
        let engagement = Engagement { id: before.id, subject: before.subject, state, due };
        if !engagements::update(tx, &engagement, before.state.steps).await? {
            return Err(AppError::Stale { current: before.state.steps });
        }
        let action = if before.state.stage == engagement.state.stage { Action::Updated } else { Action::Moved };
        self.beside(tx, Some(&before.state), &engagement, step, action).await?;
        Ok(engagement)
    }

    /// The step itself, and what follows from it beside the engagement's row.
    async fn beside(
        &self,
        tx: &mut Conn,
        before: Option<&State>,
        engagement: &Engagement,
        step: &Step,
        action: Action,
    ) -> Result<(), AppError> {
        steps::append(tx, engagement.id, &[(step.ordinal, step.seal())]).await?;
        for file in &step.files {
            if !files::tie(tx, file.id, step.ordinal).await? {
                return Err(AppError::invalid("files", "taken"));
            }
        }
        let counted = tallies(before, &engagement.state);
        engagements::tallies::add(tx, &engagement.subject, &counted).await?;
        if let (Deed::Rated, Some(side), Some(score)) = (step.deed, step.role.side(), step.score) {
            let rated = engagement.subject.party(side.other());
            talk::insert_rating(tx, engagement.id, side, rated, score, step.ordinal).await?;
        }
        self.tell_of_step(tx, before, engagement, step).await?;
        log_change(tx, step.at, RecordKind::Engagement, engagement.id, action, step.actor).await?;
        Ok(())
    }

    async fn tell_of_step(
        &self,
        tx: &mut Conn,
        before: Option<&State>,
        engagement: &Engagement,
        step: &Step,
    ) -> Result<(), AppError> {
        let key = format!("engagement-{}-step-{}", engagement.id, step.ordinal);
        let mut told: BTreeSet<AccountId> = step.actor.into_iter().collect();
        let parties = [Side::Need, Side::Offer].map(|side| engagement.subject.party(side));
        let people = accounts::acting_for_either(tx, parties).await?;
        let mut notices = Vec::new();
        for (side, party) in [Side::Need, Side::Offer].into_iter().zip(parties) {
            let asked = step.asks.contains(&side) && (step.proposes.is_some() || step.deed == Deed::Confirmed);
            let news = self.news(engagement, step, asked);
            let of_side = people.iter().filter(|(of, _)| *of == party).map(|(_, person)| *person);
            let fresh: Vec<AccountId> = of_side.filter(|p| told.insert(*p)).collect();
            notices.extend(self.notices(engagement, &fresh, news, &key, step.at));
        }
        // One who has just been named has to know as well as the one it was taken from.
        let named = engagement.state.broker.into_iter().chain(before.and_then(|b| b.broker));
        let mut brokers: Vec<AccountId> = Vec::new();
        for broker in named.filter(|b| told.insert(*b)) {
            brokers.extend(still_looks_after(tx, broker).await?);
        }
        notices.extend(self.notices(engagement, &brokers, self.news(engagement, step, false), &key, step.at));
        Ok(notices::insert_unless_keys_exist(tx, &notices).await?)
    }

    fn news(&self, engagement: &Engagement, step: &Step, asked: bool) -> EngagementNews {
        match step.deed {
            Deed::Opened => EngagementNews::Opened,
            _ if asked => EngagementNews::Proposed,
            Deed::Objected => EngagementNews::Objected,
            Deed::Amended => EngagementNews::Amended,
            Deed::Assigned => EngagementNews::Assigned,
            Deed::Rated => EngagementNews::Rated,
            Deed::Rested => EngagementNews::Rested,
            Deed::AnnexShared => EngagementNews::AnnexShared,
            Deed::AnnexAccepted => EngagementNews::AnnexAccepted,
            Deed::Moved | Deed::Proposed | Deed::Confirmed => {
                let declined = step.reason.is_some()
                    && self
                        .catalog
                        .workflows
                        .get(&engagement.subject.workflow)
                        .is_some_and(|w| w.stage(&step.stage).is_some_and(|s| s.sort == StageSort::Aside));
                if declined { EngagementNews::Declined } else { EngagementNews::Moved }
            }
        }
    }

    /// Puts a notice on desks, once for a key.
    pub(super) async fn tell(
        &self,
        tx: &mut Conn,
        engagement: &Engagement,
        people: &[AccountId],
        news: EngagementNews,
        key: &str,
        at: Timestamp,
    ) -> Result<(), AppError> {
        let notices: Vec<Notice> = self.notices(engagement, people, news, key, at).collect();
        Ok(notices::insert_unless_keys_exist(tx, &notices).await?)
    }

    fn notices<'n>(
        &'n self,
        engagement: &'n Engagement,
        people: &'n [AccountId],
        news: EngagementNews,
        key: &'n str,
        at: Timestamp,
    ) -> impl Iterator<Item = Notice> + 'n {
        let title = &engagement.subject.title;
        people.iter().map(move |account| Notice {
            id: NoticeId::fresh(&*self.clock, &*self.entropy),
            account: *account,
            body: NoticeBody::Engagement { engagement: engagement.id, title: title.clone(), news },
            key: key.to_owned(),
            created_at: at,
            read_at: None,
            mailed_at: None,
        })
    }

    /// Tells all who have to do with an engagement, but one.
    pub(super) async fn tell_others(
        &self,
        tx: &mut Conn,
        engagement: &Engagement,
        but: AccountId,
        news: EngagementNews,
        (key, at): (&str, Timestamp),
    ) -> Result<(), AppError> {
        let people = self.others(tx, engagement, but).await?;
        self.tell(tx, engagement, &people, news, key, at).await
    }

    /// All who have to do with an engagement, but one.
    pub(super) async fn others(
        &self,
        tx: &mut Conn,
        engagement: &Engagement,
        but: AccountId,
    ) -> Result<Vec<AccountId>, AppError> {
        let mut people: BTreeSet<AccountId> = BTreeSet::new();
        if let Some(broker) = engagement.state.broker {
            people.extend(still_looks_after(tx, broker).await?);
        }
        for side in [Side::Need, Side::Offer] {
            people.extend(accounts::acting_for(tx, engagement.subject.party(side)).await?);
        }
        people.remove(&but);
        Ok(people.into_iter().collect())
    }

    /// A fresh id.
    pub(super) fn fresh<T>(&self, make: fn(&dyn Clock, &dyn Entropy) -> T) -> T {
        make(&*self.clock, &*self.entropy)
    }
}

/// The engagement of an id, inside a transaction.
pub(super) async fn current(tx: &mut Conn, id: EngagementId) -> Result<Engagement, AppError> {
    engagements::find(tx, id).await?.ok_or(AppError::NotFound)
}

/// A broker, unless the role was taken away or the account is closed: what one no longer sees one is not told of.
async fn still_looks_after(tx: &mut Conn, broker: AccountId) -> Result<Option<AccountId>, AppError> {
    let account = accounts::find(tx, broker).await?;
    Ok(account.filter(|a| a.platform_role.is_some() && a.disabled_at.is_none()).map(|a| a.id))
}
