//! Programs: calls, entries, the organiser's workbench, the reviewer's desk, the hall.

mod certificate;
mod enter;
mod entry;
mod files;
mod follow;
mod hall;
mod list;
mod ranking;
mod recorded;
mod reviewers;
mod reviewing;
mod row;
mod sessions;
mod settings;
mod sheets;
mod work;

use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_domain::{Program, ProgramEntryId, ProgramId, ProgramNews};

use super::filter::query_of;
use super::form::in_address;
use crate::fault::barred_words;
use crate::fields::Fields;
use crate::locale::Locale;
use crate::page::{Frame, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(list::routes())
        .merge(settings::routes())
        .merge(enter::routes())
        .merge(entry::routes())
        .merge(files::routes())
        .merge(certificate::routes())
        .merge(work::routes())
        .merge(reviewers::routes())
        .merge(reviewing::routes())
        .merge(ranking::routes())
        .merge(hall::routes())
        .merge(sessions::routes())
        .merge(follow::routes())
        .merge(sheets::routes())
}

/// The way from the list of programs to a page of one.
fn trail(f: &Frame, program: &Program, here: &str) -> Vec<(String, String)> {
    let mut trail = vec![("/programs".to_owned(), f.t("programs-title").to_owned())];
    if here.is_empty() {
        trail.push((String::new(), program.settings.title.clone()));
    } else {
        trail.push((format!("/programs/{}", program.id), program.settings.title.clone()));
        trail.push((String::new(), here.to_owned()));
    }
    trail
}

/// The number after which a page of a list begins.
fn after(fields: &Fields) -> Result<i64, AppError> {
    match fields.filled("after") {
        None => Ok(0),
        Some(text) => text.parse().map_err(|_| AppError::invalid("after", "bad-cursor")),
    }
}

/// The fields of a visit's address.
fn asked(visit: &Visit) -> Result<Fields, AppError> {
    query_of(visit)
}

/// An address with what is set of its parameters, ready for `after=`.
fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut out = format!("{path}?");
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        out.push_str(&format!("{name}={}&", in_address(value)));
    }
    out
}

/// Where a list goes on; empty: nowhere.
fn next_page(path: &str, pairs: &[(&str, &str)], next: Option<impl std::fmt::Display>) -> String {
    next.map_or_else(String::new, |n| format!("{}after={n}", address(path, pairs)))
}

/// After something was done: back to a page with a word about it. What a rule forbids is told there as well.
fn back(visit: &Visit, to: &str, done: Result<(), AppError>, key: &str) -> Response {
    match done {
        Ok(()) => with_flash(&visit.web, Redirect::to(to).into_response(), Tone::Done, key),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// A refusal that a page tells by itself: its words; other errors are given back.
fn told(f: &Frame, error: AppError) -> Result<String, AppError> {
    match error {
        AppError::Barred(refusal) => Ok(barred_words(f.locale, &refusal)),
        AppError::Stale { .. } => Ok(f.t("program-stale").to_owned()),
        other => Err(other),
    }
}

/// Thousandths of a point as they are read.
fn points(thousandths: i64) -> String {
    format!("{:.2}", thousandths as f64 / 1000.0)
}

/// A notice about a program in words, and where it leads.
pub(super) fn notice(
    f: &Frame,
    program: ProgramId,
    entry: Option<ProgramEntryId>,
    title: &str,
    news: ProgramNews,
) -> (String, String) {
    let key = format!("notice-program-{}", news.as_str());
    let text = f.locale.find(&key).unwrap_or_default();
    let between = if f.locale == Locale::Zh { "：" } else { ": " };
    let there = match (news, entry) {
        (ProgramNews::ToReview, _) => format!("/reviewing/{program}"),
        (_, Some(entry)) => format!("/entries/{entry}"),
        (_, None) => format!("/programs/{program}"),
    };
    (format!("{text}{between}{title}"), there)
}
