//! `/api/v1/facts` and `/api/v1/timeline`: what the articles say, as a list and by day, month and year.

use keqiao_app::graph::{FactFilter, FactList, FactOrder, Period, list_facts, timeline};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{ArticleId, EntityId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, json};
use super::caller::Caller;
use super::input::Asked;
use super::news::{ByDay, FactBody, KindCount, checked, counts, kinds, place};
use super::problem::Problem;

/// Which facts, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FactFilters {
    /// `holds-position`, `part-of`, `visited`, `met`, `signed`, `founded`, `launched`, `issued`, `joined`, `held`,
    /// `attended`, `cooperates-on`, `offers`, `seeks`, `located-in`, `invests` or `transferred`; may be repeated.
    kind: Vec<String>,
    /// In which this entity stands.
    #[param(value_type = Option<uuid::Uuid>)]
    entity: Option<EntityId>,
    /// That this article says.
    #[param(value_type = Option<uuid::Uuid>)]
    article: Option<ArticleId>,
    /// On this day or later, `YYYY-MM-DD`.
    from: Option<String>,
    /// On this day or earlier, `YYYY-MM-DD`.
    to: Option<String>,
    /// `latest` (else) or `earliest` first; facts whose day is unknown stand at the end of the past.
    order: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
}

/// One page of facts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FactPage {
    /// The facts.
    items: Vec<FactBody>,
    /// `after` of the next page; none: this is the last.
    next: Option<String>,
}

impl From<FactList> for FactPage {
    fn from(list: FactList) -> Self {
        let next = list.next.map(|(day, id)| place(day, id));
        Self { items: list.rows.into_iter().map(FactBody::from).collect(), next }
    }
}

/// Facts that the caller may see.
#[utoipa::path(get, path = "/api/v1/facts", tag = "graph", params(FactFilters), responses(
    (status = 200, body = FactPage),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(caller: Caller, Asked(filters): Asked<FactFilters>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let mut faults = Vec::new();
    let ByDay { from, to, after } = ByDay::read(filters.from, filters.to, filters.after.as_deref(), &mut faults);
    let filter = FactFilter {
        kinds: kinds(&filters.kind, &mut faults),
        entity: filters.entity,
        article: filters.article,
        from,
        to,
        dated: false,
    };
    let order = match filters.order.as_deref() {
        None | Some("latest") => FactOrder::Latest(after),
        Some("earliest") => FactOrder::Earliest(after),
        Some(other) => {
            faults.push(Fault::with("order", "unknown-choice", other.chars().take(40).collect::<String>()));
            FactOrder::Latest(None)
        }
    };
    checked(faults).map_err(refuse)?;
    let found = list_facts(caller.app(), &caller.viewer, &filter, order).await.map_err(refuse)?;
    json(&caller, &FactPage::from(found))
}

/// Which facts, counted how finely.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TimelineFilters {
    /// `day`, `month` (else) or `year`.
    by: Option<String>,
    /// Kind of fact; may be repeated.
    kind: Vec<String>,
    /// In which this entity stands.
    #[param(value_type = Option<uuid::Uuid>)]
    entity: Option<EntityId>,
    /// On this day or later, `YYYY-MM-DD`.
    from: Option<String>,
    /// On this day or earlier, `YYYY-MM-DD`.
    to: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
}

/// How many facts a period has.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PeriodCount {
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    period: String,
    /// Facts in it.
    facts: i64,
}

/// The dated facts, counted, and a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TimelineBody {
    /// Periods that have facts, the latest first.
    periods: Vec<PeriodCount>,
    /// How many facts of each kind there are, whichever kinds were asked for.
    kinds: Vec<KindCount>,
    /// A page of the facts, the latest first.
    items: Vec<FactBody>,
    /// `after` of the next page; none: this is the last.
    next: Option<String>,
}

/// Facts whose day is known, counted by period.
#[utoipa::path(get, path = "/api/v1/timeline", tag = "graph", params(TimelineFilters), responses(
    (status = 200, body = TimelineBody),
    (status = 422, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn by_period(caller: Caller, Asked(filters): Asked<TimelineFilters>) -> Answer {
    let refuse = |e: AppError| caller.refuse(e);
    let mut faults = Vec::new();
    let ByDay { from, to, after } = ByDay::read(filters.from, filters.to, filters.after.as_deref(), &mut faults);
    let filter = FactFilter {
        kinds: kinds(&filters.kind, &mut faults),
        entity: filters.entity,
        article: None,
        from,
        to,
        dated: true,
    };
    let period = match filters.by.as_deref() {
        Some("day") => Period::Day,
        None | Some("month") => Period::Month,
        Some("year") => Period::Year,
        Some(other) => {
            faults.push(Fault::with("by", "unknown-choice", other.chars().take(40).collect::<String>()));
            Period::Month
        }
    };
    checked(faults).map_err(refuse)?;
    let found = timeline(caller.app(), &caller.viewer, &filter, period, after).await.map_err(refuse)?;
    let FactPage { items, next } = FactPage::from(found.facts);
    let periods = found.periods.into_iter().map(|(period, facts)| PeriodCount { period, facts }).collect();
    json(&caller, &TimelineBody { periods, kinds: counts(&found.kinds), items, next })
}
