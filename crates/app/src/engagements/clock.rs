//! What time brings: reminders, escalation, dormancy. Each is sent once, whatever was killed in between.

use std::collections::BTreeSet;

use futures::FutureExt;
use futures::future::join_all;
use keqiao_domain::{
    AccountId, Act, Attributes, Due, Engagement, EngagementId, EngagementNews, Entry, Role, Side, Timestamp, next_due,
};
use keqiao_store::engagements::{self, talk};
use keqiao_store::{Conn, accounts};

use super::record::{Recorder, current};
use super::workflow_of;
use crate::{App, AppError};

/// Engagements in one turn at the most.
const BATCH: i64 = 200;

/// Does what is due; gives how many engagements it was done for. One that fails stops no other. All are handed to the
/// writer together, so that what came due while a server slept does not cost a commit each.
///
/// # Errors
/// The first failure; what was done stays done.
pub async fn rest_due(app: &App) -> Result<usize, AppError> {
    let mut db = app.store.reader().await?;
    let due = engagements::due(&mut db, app.now(), BATCH).await?;
    drop(db);
    let count = due.len();
    let mut first = None;
    let works = due.into_iter().map(|id| {
        let (recorder, now) = (Recorder::of(app), app.now());
        let work = app.store.write(move |tx| async move { rest(tx, &recorder, id, now).await }.boxed());
        async move { (id, work.await) }
    });
    for (id, done) in join_all(works).await {
        if let Err(error) = done {
            tracing::error!(engagement = %id, %error, "what is due could not be done");
            first.get_or_insert(error);
        }
    }
    first.map_or(Ok(count), Err)
}

async fn rest(tx: &mut Conn, recorder: &Recorder, id: EngagementId, now: Timestamp) -> Result<(), AppError> {
    let engagement = current(tx, id).await?;
    // Somebody acted since it was listed as due.
    let Some((what, at)) = engagement.due.filter(|(_, at)| *at <= now) else { return Ok(()) };
    let workflow = workflow_of(&recorder.catalog, &engagement.subject.workflow)?;
    if what == Due::Rest {
        let (content, note, files) = (Attributes::new(), String::new(), Vec::new());
        let entry = Entry { act: Act::Rest, actor: None, role: Role::Clock, at: now, content, note, files };
        match engagement.state.next(workflow, id, entry) {
            Ok(step) => recorder.append(tx, engagement, &step).await.map(drop)?,
            // The workflow was changed since: it rests no more.
            Err(_) => engagements::set_due(tx, id, None).await?,
        }
        return Ok(());
    }
    if talk::remind_once(tx, id, engagement.state.steps, what, now).await? {
        let people = match what {
            Due::Remind => who_must_act(tx, &engagement).await?,
            _ => who_looks_after(tx, &engagement).await?,
        };
        let news = if what == Due::Remind { EngagementNews::Reminder } else { EngagementNews::Escalated };
        let key = format!("engagement-{id}-rest-{}-{}", engagement.state.steps, news.as_str());
        recorder.tell(tx, &engagement, &people, news, &key, now).await?;
    }
    let next = next_due(workflow, &engagement.state, &recorder.zone, Some((what, now.max(at))));
    engagements::set_due(tx, id, next).await?;
    Ok(())
}

/// Those who are asked to confirm; where nobody is, both sides.
async fn who_must_act(tx: &mut Conn, engagement: &Engagement) -> Result<Vec<AccountId>, AppError> {
    let both = vec![Side::Need, Side::Offer];
    let asked = engagement.state.pending.as_ref().map(|p| p.asks.clone()).filter(|a| !a.is_empty()).unwrap_or(both);
    let mut people = BTreeSet::new();
    for side in asked {
        people.extend(accounts::acting_for(tx, engagement.subject.party(side)).await?);
    }
    Ok(people.into_iter().collect())
}

/// Its broker; where it has none, or one who has left, all brokers and operators.
async fn who_looks_after(tx: &mut Conn, engagement: &Engagement) -> Result<Vec<AccountId>, AppError> {
    let staff: Vec<AccountId> = accounts::staff(tx).await?.into_iter().map(|a| a.id).collect();
    let broker = engagement.state.broker.filter(|b| staff.contains(b));
    Ok(broker.map_or(staff, |b| vec![b]))
}
