//! `/timeline`: facts by day, month and year.

use askama::Template;
use axum::response::Response;
use keqiao_app::AppError;
use keqiao_app::graph::{EntityRow, FactFilter, Period, find_entity, timeline};
use keqiao_domain::{Entity, EntityId, FactId, FactKind, FactStatus};

use super::draw;
use super::entities::{Choice, choice};
use super::filter::address;
use super::hall::refused;
use super::told::Told;
use super::when::{self, When, before, days_of};
use crate::fields::Fields;
use crate::page::Frame;
use crate::routes::Routes;
use crate::visit::Visit;

const PATH: &str = "/timeline";
/// Periods that are drawn.
const DRAWN: usize = 48;
/// Characters of a quotation.
const QUOTED: usize = 60;
/// The drawing of the bars: width of a period, height of the highest bar.
const STEP: usize = 20;
const HIGH: i64 = 72;

pub(crate) fn routes() -> Routes {
    Routes::default().get(PATH, show)
}

/// A bar of the strip.
struct Bar {
    x: usize,
    height: i64,
    period: String,
    count: i64,
    href: String,
    /// Whether its name stands below it.
    named: bool,
}

/// The facts of one day.
struct Day {
    day: String,
    facts: Vec<Told>,
}

#[derive(Template)]
#[template(path = "timeline.html")]
struct Page {
    f: Frame,
    entity: Option<Entity>,
    when: When,
    by: &'static str,
    /// Address, label and whether it is open.
    periods: [(String, &'static str, bool); 3],
    /// How many facts of each kind there are.
    kinds: Vec<(FactKind, i64)>,
    bars: Vec<Bar>,
    /// Periods before those that are drawn, and their facts.
    earlier: i64,
    days: Vec<Day>,
    /// Without the entity.
    without: String,
    clear: String,
    first: String,
    next: String,
}

impl Page {
    fn width(&self) -> usize {
        self.bars.len().max(1) * STEP + 40
    }
    /// The address of a file of the same facts.
    fn file(&self, path: &str) -> String {
        let mut pairs: Vec<(&str, String)> = self.entity.iter().map(|e| ("entity", e.id.to_string())).collect();
        pairs.extend(self.when.pairs());
        address(path, pairs.iter().map(|(name, value)| (*name, value.as_str())))
    }
    fn of_kind(&self, kind: &FactKind) -> i64 {
        self.kinds.iter().find(|(k, _)| k == kind).map_or(0, |(_, n)| *n)
    }
}

/// Several entities bear the name that was typed, or none.
#[derive(Template)]
#[template(path = "timeline_who.html")]
struct Who {
    f: Frame,
    asked: String,
    choice: Vec<(String, EntityRow)>,
    back: String,
}

/// What an address asks for.
struct Asked {
    entity: String,
    when: When,
    by: Period,
}

impl Asked {
    fn at(&self, changes: &[(&'static str, &str)]) -> String {
        let mut pairs = vec![("entity", self.entity.clone()), ("by", word(self.by).to_owned())];
        pairs.extend(self.when.pairs());
        pairs.retain(|(name, value)| !value.is_empty() && changes.iter().all(|(n, _)| n != name));
        pairs.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
        address(PATH, pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| (*n, v.as_str())))
    }
}

const fn word(by: Period) -> &'static str {
    match by {
        Period::Year => "year",
        Period::Month => "month",
        Period::Day => "day",
    }
}

async fn show(visit: Visit) -> Response {
    match answer(&visit).await {
        Ok(response) => response,
        Err(error) => refused(visit, PATH, error),
    }
}

async fn answer(visit: &Visit) -> Result<Response, AppError> {
    let (fields, when) = when::asked(visit)?;
    let by = match fields.get("by") {
        "year" => Period::Year,
        "" | "month" => Period::Month,
        "day" => Period::Day,
        _ => return Err(AppError::invalid("by", "unknown-choice")),
    };
    let asked = Asked { entity: fields.get("entity").trim().to_owned(), when, by };
    if let Some(text) = fields.filled("who").filter(|_| asked.entity.is_empty()) {
        return who(visit, &asked, text).await;
    }
    Ok(draw(&page(visit, asked, &fields).await?))
}

/// From a name to the address of whom it means.
async fn who(visit: &Visit, asked: &Asked, text: &str) -> Result<Response, AppError> {
    let at = |id: &EntityId| asked.at(&[("entity", &id.to_string())]);
    let choice = match choice(visit, text, at).await? {
        Choice::Among(choice) => choice,
        Choice::Made(there) => return Ok(there),
    };
    let mut f = visit.frame_of("news-timeline");
    f.noindex = true;
    Ok(draw(&Who { f, asked: text.to_owned(), choice, back: asked.at(&[]) }))
}

async fn page(visit: &Visit, asked: Asked, fields: &Fields) -> Result<Page, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let entity = match asked.entity.as_str() {
        "" => None,
        text => Some(find_entity(app, &viewer, super::parse_id(text)?).await?),
    };
    let after = place_of(fields)?;
    let filter = FactFilter {
        kinds: asked.when.kinds.clone(),
        entity: entity.as_ref().map(|e| e.id),
        from: asked.when.from.clone(),
        to: asked.when.to.clone(),
        ..FactFilter::default()
    };
    let found = timeline(app, &viewer, &filter, asked.by, after.clone()).await?;
    let mut f = match &entity {
        Some(entity) => visit.frame(&visit.preferences.locale.t1("timeline-of", "name", &entity.name)),
        None => visit.frame_of("news-timeline"),
    };
    f.description = f.t("timeline-description").to_owned();
    f.noindex = after.is_some() || asked.when.is_set();
    let mut days: Vec<Day> = Vec::new();
    for fact in &found.facts.rows {
        let told = Told::new(&f, fact, &found.facts.articles, filter.entity, QUOTED);
        match days.last_mut().filter(|d| d.day == told.day) {
            Some(day) => day.facts.push(told),
            None => days.push(Day { day: told.day.clone(), facts: vec![told] }),
        }
    }
    let (bars, earlier) = bars(&asked, &found.periods);
    let tab = |by: Period, label| (asked.at(&[("by", word(by))]), label, by == asked.by);
    let next = found.facts.next.map(|(day, id)| asked.at(&[("after", &format!("{day}.{id}"))]));
    Ok(Page {
        periods: [
            tab(Period::Day, f.t("timeline-by-day")),
            tab(Period::Month, f.t("timeline-by-month")),
            tab(Period::Year, f.t("timeline-by-year")),
        ],
        by: word(asked.by),
        kinds: found.kinds,
        bars,
        earlier,
        days,
        without: asked.at(&[("entity", "")]),
        clear: Asked { when: When::default(), entity: String::new(), by: asked.by }.at(&[]),
        first: if after.is_some() { asked.at(&[]) } else { String::new() },
        next: next.unwrap_or_default(),
        entity,
        when: asked.when,
        f,
    })
}

fn place_of(fields: &Fields) -> Result<Option<(String, FactId)>, AppError> {
    let Some(text) = fields.filled("after") else { return Ok(None) };
    let place = text.split_once('.').and_then(|(day, id)| Some((day.to_owned(), id.parse().ok()?)));
    place.map(Some).ok_or_else(|| AppError::invalid("after", "bad-cursor"))
}

/// The latest periods without a gap, the earliest first, and how many facts are older.
fn bars(asked: &Asked, counts: &[(String, i64)]) -> (Vec<Bar>, i64) {
    let mut shown: Vec<(String, i64)> = Vec::new();
    let mut rest = counts.iter().peekable();
    let mut at = counts.first().map(|(period, _)| period.clone());
    while let Some(period) = at.filter(|_| shown.len() < DRAWN && rest.peek().is_some()) {
        // A period that is none cannot be followed; those behind it are older.
        let count = rest.next_if(|(p, _)| *p == period).map_or(0, |(_, n)| *n);
        at = before(&period, asked.by);
        shown.push((period, count));
    }
    let earlier = rest.map(|(_, n)| n).sum();
    let most = shown.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
    shown.reverse();
    let every = match asked.by {
        Period::Year => 3,
        Period::Month | Period::Day => 6,
    };
    let last = shown.len().saturating_sub(1);
    let bar = |(place, (period, count)): (usize, (String, i64))| {
        let (from, to) = days_of(&period).unwrap_or_default();
        let finer = match asked.by {
            Period::Year => "month",
            Period::Month | Period::Day => "day",
        };
        Bar {
            x: 20 + place * STEP,
            height: if count == 0 { 0 } else { (count * HIGH / most).max(2) },
            href: asked.at(&[("from", &from), ("to", &to), ("by", finer)]),
            named: (last - place).is_multiple_of(every),
            period,
            count,
        }
    };
    (shown.into_iter().enumerate().map(bar).collect(), earlier)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(by: Period) -> Asked {
        Asked { entity: String::new(), when: When::default(), by }
    }

    #[test]
    fn bars_have_no_gap_and_lead_to_their_period() {
        let counts = [("2024-03".to_owned(), 4), ("2024-01".to_owned(), 1), ("2010-01".to_owned(), 7)];
        let (bars, earlier) = bars(&asked(Period::Month), &counts);
        assert_eq!((bars.len(), earlier), (DRAWN, 7));
        let last: Vec<(&str, i64)> = bars[DRAWN - 3..].iter().map(|b| (b.period.as_str(), b.count)).collect();
        assert_eq!(last, [("2024-01", 1), ("2024-02", 0), ("2024-03", 4)]);
        assert_eq!(bars[DRAWN - 1].href, "/timeline?from=2024-03-01&to=2024-03-31&by=day");
        assert_eq!((bars[DRAWN - 1].height, bars[DRAWN - 2].height), (HIGH, 0));
    }

    #[test]
    fn a_period_that_is_none_ends_the_strip() {
        let counts = [("2024-02-30".to_owned(), 4), ("2024-01-01".to_owned(), 1)];
        let (bars, earlier) = bars(&asked(Period::Day), &counts);
        assert_eq!((bars.len(), earlier), (1, 1));
    }
}
