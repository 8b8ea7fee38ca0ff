//! What comes due by the calendar: overdue feedback, visits to follow up, terms that end, promises. Each is told once,
//! whatever was killed in between and however long the server slept.

use futures::FutureExt;
use keqiao_domain::{
    AccountId, FeedbackItem, FeedbackState, PartyId, PlatformRole, RecordId, RecordKind, ServiceNews, StationState,
    Visit, Workstation,
};
use keqiao_store::kept::{self, Asked};
use keqiao_store::{Conn, accounts, agreements, meta};

use crate::records::{News, Teller};
use crate::{App, AppError};

/// Records of a sort in one turn.
const BATCH: i64 = 20_000;
/// Days before which a promise is told to be due.
const PROMISE_DAYS: i64 = 7;
/// Days for which a term that is over is told, to whom it was not told yet.
const OVER_DAYS: i64 = 60;

/// Whom to tell.
enum Whom {
    One(AccountId),
    Of(PartyId),
    /// Those of a party, and operators.
    OfAndOperators(PartyId),
    All(Vec<PartyId>),
}

/// One thing to tell.
struct Notice {
    whom: Whom,
    record: RecordKind,
    id: RecordId,
    title: String,
    news: ServiceNews,
    key: String,
}

/// Tells what has come due, once a day; gives how many notices were new.
///
/// # Errors
/// When the store fails; what was told stays told.
pub async fn tell_due(app: &App) -> Result<usize, AppError> {
    let now = app.now();
    let today = app.settings.zone.day(now);
    let soon = app.settings.zone.day(app.settings.zone.days_after(now, PROMISE_DAYS));
    let mut db = app.store.reader().await?;
    // Days are what counts here: once a day is often enough.
    if meta::get(&mut db, meta::DUE_TOLD).await?.as_deref() == Some(&*today) {
        return Ok(0);
    }
    let mut notices = feedback(&mut db, &today).await?;
    notices.extend(visits(&mut db, &today).await?);
    notices.extend(stations(app, &mut db, &today).await?);
    let lately = app.settings.zone.day(app.settings.zone.days_after(now, -OVER_DAYS));
    notices.extend(ended_stations(&mut db, &lately, &today).await?);
    notices.extend(promises(&mut db, &today, &soon).await?);
    drop(db);
    let teller = Teller::of(app);
    app.store
        .write::<_, AppError, _>(move |tx| {
            async move {
                let mut told = 0;
                meta::set(tx, meta::DUE_TOLD, &today).await?;
                for notice in notices {
                    let people = match notice.whom {
                        Whom::One(account) => vec![account],
                        Whom::Of(party) => accounts::acting_for(tx, party).await?,
                        Whom::OfAndOperators(party) => {
                            let staff = accounts::staff(tx).await?.into_iter();
                            let operators = staff.filter(|a| a.platform_role > Some(PlatformRole::Broker));
                            let mut people: Vec<AccountId> = operators.map(|a| a.id).collect();
                            people.extend(accounts::acting_for(tx, party).await?);
                            people
                        }
                        Whom::All(parties) => {
                            let mut people = Vec::new();
                            for party in parties {
                                people.extend(accounts::acting_for(tx, party).await?);
                            }
                            people
                        }
                    };
                    let Notice { record, id, title, news, key, .. } = notice;
                    let news = News { record, id, title: &title, news, key, at: now };
                    told += teller.tell(tx, people, None, news).await?;
                }
                Ok(told)
            }
            .boxed()
        })
        .await
}

async fn feedback(db: &mut Conn, today: &str) -> Result<Vec<Notice>, AppError> {
    let asked = Asked::first(BATCH).by("due").with("state", FeedbackState::InHand.as_str());
    let late: Vec<FeedbackItem> = kept::list(db, asked.from("due", "0").below("due", today)).await?;
    let notice = |item: FeedbackItem| {
        Some(Notice {
            whom: Whom::One(item.owner?),
            record: RecordKind::Feedback,
            id: item.id.0,
            news: ServiceNews::FeedbackOverdue,
            key: format!("feedback-late-{}-{}", item.id, item.due.as_deref().unwrap_or_default()),
            title: item.title,
        })
    };
    Ok(late.into_iter().filter_map(notice).collect())
}

async fn visits(db: &mut Conn, today: &str) -> Result<Vec<Notice>, AppError> {
    // The latest: what lies further back was told long ago.
    let asked = Asked::latest(BATCH).by("follow_up").from("follow_up", "0");
    let due: Vec<Visit> = kept::list(db, asked.below("follow_up", format!("{today}~").as_str())).await?;
    let notice = |visit: Visit| Notice {
        whom: Whom::One(visit.broker),
        record: RecordKind::Visit,
        id: visit.id.0,
        news: ServiceNews::FollowUp,
        key: format!("visit-{}-{}", visit.id, visit.follow_up.as_deref().unwrap_or_default()),
        title: visit.company,
    };
    Ok(due.into_iter().map(notice).collect())
}

async fn stations(app: &App, db: &mut Conn, today: &str) -> Result<Vec<Notice>, AppError> {
    let rules = &app.catalog.workstations;
    let asked = Asked::first(BATCH).by("ends_on").with("state", StationState::Standing.as_str());
    let standing: Vec<Workstation> = kept::list(db, asked.from("ends_on", today)).await?;
    let notice = |station: Workstation| {
        let days = station.alert(rules, today)?;
        Some(Notice {
            whom: Whom::Of(station.party),
            record: RecordKind::Workstation,
            id: station.id.0,
            news: ServiceNews::StationEnds,
            key: format!("station-ends-{}-{}-{days}", station.id, station.to),
            title: station.name,
        })
    };
    Ok(standing.into_iter().filter_map(notice).collect())
}

/// Stations whose term is over and that still stand: somebody has to close them or apply anew.
async fn ended_stations(db: &mut Conn, lately: &str, today: &str) -> Result<Vec<Notice>, AppError> {
    let asked = Asked::first(BATCH).by("ends_on").with("state", StationState::Standing.as_str());
    let ended: Vec<Workstation> = kept::list(db, asked.from("ends_on", lately).below("ends_on", today)).await?;
    let notice = |station: Workstation| Notice {
        whom: Whom::OfAndOperators(station.party),
        record: RecordKind::Workstation,
        id: station.id.0,
        news: ServiceNews::StationOver,
        key: format!("station-over-{}-{}", station.id, station.to),
        title: station.name,
    };
    Ok(ended.into_iter().map(notice).collect())
}

async fn promises(db: &mut Conn, today: &str, soon: &str) -> Result<Vec<Notice>, AppError> {
    let mut out = Vec::new();
    for commitment in agreements::due_before(db, soon, BATCH).await? {
        let (Some(agreement), Some(due)) = (agreements::find(db, commitment.agreement).await?, commitment.due.clone())
        else {
            continue;
        };
        let late = commitment.is_overdue(today);
        let news = if late { ServiceNews::PromiseOverdue } else { ServiceNews::PromiseDue };
        let key = format!("promise-{}-{due}-{}", commitment.id, if late { "late" } else { "soon" });
        out.push(Notice {
            whom: Whom::All(agreement.parties.iter().filter_map(|p| p.party).collect()),
            record: RecordKind::Agreement,
            id: agreement.id.0,
            title: agreement.title,
            news,
            key,
        });
    }
    Ok(out)
}
