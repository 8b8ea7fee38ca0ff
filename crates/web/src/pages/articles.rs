//! `/articles`: the news, by the day of publication.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use keqiao_app::articles::{ArticleFilter, ArticleHead, ArticleList, list_articles};
use keqiao_app::{AppError, Fault};
use keqiao_domain::ArticleId;

use super::draw;
use super::form::{Faults, in_address, with_status};
use crate::fields::Fields;
use crate::page::{Frame, Input};
use crate::routes::Routes;
use crate::visit::Visit;

pub(crate) const PATH: &str = "/articles";

pub(crate) fn routes() -> Routes {
    Routes::default().get(PATH, show)
}

/// The articles of one day; `None`: of no day that is known.
struct Day {
    day: Option<String>,
    rows: Vec<ArticleHead>,
}

#[derive(Template)]
#[template(path = "articles.html")]
struct Page {
    f: Frame,
    words: Input,
    from: Input,
    to: Input,
    days: Vec<Day>,
    /// Whether something is asked for, so that an empty page says what to do about it.
    narrowed: bool,
    first: String,
    next: String,
    problem: String,
}

async fn show(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let Some(fields) = Fields::parse(query.unwrap_or_default().as_bytes()) else {
        return visit.fault(AppError::invalid("form", "too-many")).into_response();
    };
    match page(&visit, &fields).await {
        Ok((page, true)) => draw(&page),
        Ok((page, false)) => with_status(StatusCode::UNPROCESSABLE_ENTITY, &page),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The page, and whether what was asked could be read.
async fn page(visit: &Visit, fields: &Fields) -> Result<(Page, bool), AppError> {
    let mut faults = Vec::new();
    let filter = ArticleFilter {
        from: day(fields, "from", &mut faults),
        to: day(fields, "to", &mut faults),
        words: fields.filled("q").map(|words| words.chars().take(100).collect()),
        entity: None,
    };
    let after = fields.filled("after").and_then(|text| {
        let read = after_of(text);
        if read.is_none() {
            faults.push(Fault::new("after", "bad-cursor"));
        }
        read
    });
    let good = faults.is_empty();
    let found = if good {
        list_articles(&visit.web.app, &visit.viewer(), &filter, after).await?
    } else {
        ArticleList { rows: Vec::new(), next: None }
    };
    let mut f = visit.frame_of("nav-news");
    let faults = Faults(faults);
    f.description = f.t("articles-description").to_owned();
    f.noindex = fields.filled("after").is_some() || filter != ArticleFilter::default();
    let input = |name, ty, label: &str| {
        let input = Input { required: false, ..Input::new(name, ty, label, fields.get(name)) };
        faults.beside(&f, input)
    };
    let kept = kept(fields);
    let page = Page {
        words: Input { longest: 100, ..input("q", "search", f.t("articles-words")) },
        from: input("from", "date", f.t("articles-from")),
        to: input("to", "date", f.t("articles-to")),
        narrowed: !kept.is_empty(),
        first: if fields.filled("after").is_some() { address(&kept, None) } else { String::new() },
        next: found.next.map_or_else(String::new, |next| address(&kept, Some(next))),
        days: by_day(found.rows),
        problem: faults.beyond(&f, &["q", "from", "to"]),
        f,
    };
    Ok((page, good))
}

/// A day that somebody asks for.
fn day(fields: &Fields, name: &'static str, faults: &mut Vec<Fault>) -> Option<String> {
    let text = fields.filled(name)?;
    if text.parse::<jiff::civil::Date>().is_err() {
        faults.push(Fault::with(name, "not-a-date", text));
    }
    Some(text.to_owned())
}

/// What the next pages ask for too.
fn kept(fields: &Fields) -> String {
    let filled = ["q", "from", "to"].into_iter().filter_map(|name| Some((name, fields.filled(name)?)));
    filled.map(|(name, value)| format!("{name}={}", in_address(value))).collect::<Vec<_>>().join("&")
}

fn address(kept: &str, after: Option<(String, ArticleId)>) -> String {
    let place = after.map(|(day, id)| format!("after={day}.{id}"));
    let parts: Vec<&str> = [kept].into_iter().chain(place.as_deref()).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { PATH.to_owned() } else { format!("{PATH}?{}", parts.join("&")) }
}

/// The place in the list that an address names: a day, which may be empty, and an id.
fn after_of(text: &str) -> Option<(String, ArticleId)> {
    let (day, id) = text.split_once('.')?;
    Some((day.to_owned(), id.parse().ok()?))
}

fn by_day(rows: Vec<ArticleHead>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for row in rows {
        match days.last_mut().filter(|last| last.day == row.published) {
            Some(last) => last.rows.push(row),
            None => days.push(Day { day: row.published.clone(), rows: vec![row] }),
        }
    }
    days
}
