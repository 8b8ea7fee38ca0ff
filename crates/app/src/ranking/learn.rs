//! Weights learned from what people did.

use std::collections::{BTreeMap, HashMap};

use futures::FutureExt;
use keqiao_catalog::Catalog;
use keqiao_domain::{AccountId, ListingId, Showing, ShowingId, Side, Timestamp, WeightVersion, WeightVersionId};
use keqiao_matching::learning::{FEATURES, Features, NAMES, Seen, Shown, coefficients, fit, loss, with_coefficients};
use keqiao_matching::{WeightFault, WeightSet, Weights};
use keqiao_store::engagements::lists::{PairCourse, courses};
use keqiao_store::{Conn, StoreError, leases, showings, weight_versions};
use serde::{Deserialize, Serialize};

use crate::{App, AppError, Fault};

/// Lists that tell something, of which something is learned at least: of all, and of a kind by itself.
const ENOUGH: usize = 30;
/// The latest lists that tell something are learned from, so many at most.
const MOST: usize = 20_000;
/// Every so many-th list is kept back to see how well the weights do on what they were not learned from.
const KEPT_BACK: usize = 5;
/// Lists and engagements read at once.
const PAGE: i64 = 500;
/// What a match counts that was taken up, and that came the whole way.
const TAKEN_UP: f64 = 2.0;
const WHOLE_WAY: f64 = 6.0;
/// Learned by the clock once in so many days, by one node.
const DAYS: i64 = 1;
const LEASE: &str = "learn-ranking";
const LEASE_SECONDS: i64 = 900;
/// Versions that are kept, beside those that were used or tried.
const VERSIONS: i64 = 50;

/// What was learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// The version it was kept as; `None`: too little was told.
    #[serde(default)]
    pub version: Option<WeightVersionId>,
    /// Lists that were looked at.
    pub lists: usize,
    /// For all kinds, and for each of which enough was told.
    pub kinds: Vec<LearnedKind>,
}

/// What was learned for a kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearnedKind {
    /// The kind; empty: all.
    pub kind: String,
    /// Lists that told something.
    pub lists: usize,
    /// Of those, lists that were kept back.
    pub kept_back: usize,
    /// The loss on lists kept back, of the weights in use and of those learned.
    pub loss: [f64; 2],
    /// What each part counts, by name: before and after.
    pub weights: BTreeMap<String, [f64; 2]>,
}

/// Learns weights and keeps them as a version; they are used when an operator says so.
///
/// # Errors
/// When the store fails.
pub async fn learn(app: &App, by: Option<AccountId>) -> Result<Learned, AppError> {
    let (lists, told) = told(app).await?;
    let used = app.ranking.served().weights.clone();
    let (learned, set) = app.work.run(move || learned_from(told, &used)).await?;
    let mut learned = Learned { lists, ..learned };
    let Some(set) = set else { return Ok(learned) };
    let id = WeightVersionId::fresh(&*app.clock, &*app.entropy);
    learned.version = Some(id);
    let json = |e: serde_json::Error| AppError::Internal(e.to_string());
    let version = WeightVersion {
        id,
        made_at: app.now(),
        made_by: by,
        weights: set.to_json().map_err(json)?,
        report: serde_json::to_string(&learned).map_err(json)?,
    };
    keep(app, version).await?;
    Ok(learned)
}

async fn keep(app: &App, version: WeightVersion) -> Result<(), AppError> {
    let kept = app.store.write::<_, StoreError, _>(move |tx| {
        async move {
            weight_versions::insert(tx, &version).await?;
            weight_versions::prune(tx, VERSIONS).await.map(drop)
        }
        .boxed()
    });
    Ok(kept.await?)
}

/// Keeps weights that somebody brings as a version.
///
/// # Errors
/// `Invalid` when they cannot be used; nothing is kept then.
pub async fn weights_from(app: &App, by: Option<AccountId>, text: &str) -> Result<WeightVersionId, AppError> {
    let set = WeightSet::parse(text)
        .map_err(|fault: WeightFault| AppError::Invalid(vec![Fault::with("weights", "bad-weights", fault)]))?;
    let id = WeightVersionId::fresh(&*app.clock, &*app.entropy);
    let weights = set.to_json().map_err(|e| AppError::Internal(e.to_string()))?;
    keep(app, WeightVersion { id, made_at: app.now(), made_by: by, weights, report: String::new() }).await?;
    Ok(id)
}

/// Learns once a day, on one node, where more was told since than a few lists; gives what was learned then.
///
/// # Errors
/// When the store fails.
pub async fn learn_when_due(app: &App, node: &str) -> Result<Option<Learned>, AppError> {
    let mut db = app.store.reader().await?;
    let last = weight_versions::latest(&mut db, 1).await?.first().map(|v| v.made_at);
    let now = app.now();
    if last.is_some_and(|last| last.plus_days(DAYS) > now) || showings::count(&mut db).await? < ENOUGH as i64 {
        return Ok(None);
    }
    drop(db);
    let holder = node.to_owned();
    let held = app.store.write::<_, StoreError, _>(move |tx| {
        async move { leases::acquire(tx, LEASE, &holder, now, now.plus_seconds(LEASE_SECONDS)).await }.boxed()
    });
    if !held.await? {
        return Ok(None);
    }
    learn(app, None).await.map(Some)
}

/// Lists that told something, each with its kind, and how many lists there are.
async fn told(app: &App) -> Result<(usize, Vec<(String, Shown)>), AppError> {
    let mut db = app.store.reader().await?;
    let courses = all_courses(&mut db).await?;
    let (mut lists, mut told, mut after): (usize, Vec<(String, Shown)>, Option<ShowingId>) = (0, Vec::new(), None);
    loop {
        let page = showings::page(&mut db, None, after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(last.id);
        lists += page.len();
        for (showing, opened) in page {
            let shown = shown(&showing, &opened, &courses, &app.catalog);
            if shown.tells() {
                told.push((showing.kind, shown));
            }
        }
        if told.len() > 2 * MOST {
            told.drain(..told.len() - MOST);
        }
    }
    told.drain(..told.len().saturating_sub(MOST));
    Ok((lists, told))
}

type Courses = HashMap<(ListingId, ListingId), PairCourse>;

async fn all_courses(db: &mut Conn) -> Result<Courses, AppError> {
    let (mut all, mut after) = (Courses::new(), None);
    loop {
        let page = courses(db, after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(all) };
        after = Some(*last);
        all.extend(page.into_iter().map(|(_, course)| ((course.need, course.offer), course)));
    }
}

/// A list with what came of each row.
fn shown(showing: &Showing, opened: &[ListingId], courses: &Courses, catalog: &Catalog) -> Shown {
    let row = |row: &keqiao_domain::ShownMatch| {
        let features = Features::try_from(row.features.as_slice()).ok()?;
        let course = showing.asking.and_then(|asking| match showing.side {
            Side::Need => courses.get(&(asking, row.listing)),
            Side::Offer => courses.get(&(row.listing, asking)),
        });
        let gain = match course.filter(|c| followed(c.opened_at, showing.at)) {
            Some(course) if course.declined => 0.0,
            Some(course) => TAKEN_UP + (WHOLE_WAY - TAKEN_UP) * way(course, catalog),
            None => f64::from(u8::from(opened.contains(&row.listing))),
        };
        Some(Seen { features, gain })
    };
    // Of a list made by another version of the program nothing is told.
    Shown(showing.rows.iter().map(row).collect::<Option<Vec<Seen>>>().unwrap_or_default())
}

fn followed(opened_at: Timestamp, shown_at: Timestamp) -> bool {
    opened_at >= shown_at
}

/// The share of a workflow's path behind an engagement.
fn way(course: &PairCourse, catalog: &Catalog) -> f64 {
    let stages = catalog.workflows.get(&course.workflow).map_or(1, |w| w.path().count());
    (course.reached - 1).max(0) as f64 / stages.saturating_sub(1).max(1) as f64
}

fn learned_from(told: Vec<(String, Shown)>, used: &WeightSet) -> (Learned, Option<WeightSet>) {
    let mut learned = Learned { version: None, lists: 0, kinds: Vec::new() };
    if told.len() < ENOUGH {
        return (learned, None);
    }
    let mut by_kind: BTreeMap<String, Vec<Shown>> = BTreeMap::new();
    for (kind, shown) in &told {
        by_kind.entry(kind.clone()).or_default().push(shown.clone());
    }
    let all: Vec<Shown> = told.into_iter().map(|(_, shown)| shown).collect();
    let mut one = |kind: &str, lists: &[Shown], start: &Weights| {
        let (back, own): (Vec<_>, Vec<_>) = lists.iter().cloned().enumerate().partition(|(i, _)| i % KEPT_BACK == 0);
        let lists = |part: Vec<(usize, Shown)>| part.into_iter().map(|(_, shown)| shown).collect::<Vec<_>>();
        let (back, own) = (lists(back), lists(own));
        let fitted = fit(&own, &coefficients(start)).coefficients;
        let now = coefficients(used.of(kind));
        let pairs = (0..FEATURES).map(|i| (NAMES[i].to_owned(), [now[i], fitted[i]]));
        learned.kinds.push(LearnedKind {
            kind: kind.to_owned(),
            lists: back.len() + own.len(),
            kept_back: back.len(),
            loss: [loss(&back, &now), loss(&back, &fitted)],
            weights: pairs.collect(),
        });
        with_coefficients(start, &fitted)
    };
    let general = one("", &all, &Weights::default());
    let mut set = WeightSet { all: general, kinds: BTreeMap::new() };
    for (kind, lists) in by_kind.iter().filter(|(kind, lists)| !kind.is_empty() && lists.len() >= ENOUGH) {
        let weights = one(kind, lists, &general);
        set.kinds.insert(kind.clone(), weights);
    }
    let set = set.check().is_ok().then_some(set);
    (learned, set)
}
