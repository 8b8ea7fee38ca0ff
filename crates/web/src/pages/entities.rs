//! `/entities`: what the articles name.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::graph::{EntityFilter, EntityRow, list_entities};
use keqiao_domain::{EntityId, EntityKind, fold_key};

use super::draw;
use super::filter::{address, query_of};
use super::hall::refused;
use crate::fields::Fields;
use crate::page::Frame;
use crate::routes::Routes;
use crate::visit::Visit;

const PATH: &str = "/entities";
/// Longest part of a name, characters.
const LONGEST: usize = 100;
/// Entities of a name that are told apart in a choice.
const CHOICE: usize = 12;

pub(crate) fn routes() -> Routes {
    Routes::default().get(PATH, show)
}

#[derive(Template)]
#[template(path = "entities.html")]
struct Page {
    f: Frame,
    words: String,
    kind: Option<EntityKind>,
    /// Address, label and whether it is open: all, and each kind.
    kinds: Vec<(String, &'static str, bool)>,
    rows: Vec<EntityRow>,
    first: String,
    next: String,
}

async fn show(visit: Visit) -> Response {
    match page(&visit).await {
        Ok(page) => draw(&page),
        Err(error) => refused(visit, PATH, error),
    }
}

async fn page(visit: &Visit) -> Result<Page, AppError> {
    let fields = query_of(visit)?;
    let kind = match fields.filled("kind") {
        Some(word) => Some(word.parse().map_err(|_| AppError::invalid("kind", "unknown-type"))?),
        None => None,
    };
    let words = fields.filled("q").unwrap_or_default().to_owned();
    if words.chars().count() > LONGEST {
        return Err(AppError::invalid("q", "too-long"));
    }
    let after = place_of(&fields)?;
    let filter = EntityFilter { kind, words: Some(words.clone()).filter(|w| !w.is_empty()) };
    let list = list_entities(&visit.web.app, &visit.viewer(), &filter, after).await?;
    let mut f = visit.frame_of("news-entities");
    f.description = f.t("entities-description").to_owned();
    f.noindex = after.is_some() || !words.is_empty();
    let at = |kind: Option<EntityKind>, place: &str| {
        let pairs = [("q", words.as_str()), ("kind", kind.map_or("", EntityKind::as_str)), ("after", place)];
        address(PATH, pairs.into_iter().filter(|(_, value)| !value.is_empty()))
    };
    let tab = |k: Option<EntityKind>, label| (at(k, ""), label, k == kind);
    let kinds = EntityKind::ALL.iter().map(|k| tab(Some(*k), f.word(k)));
    Ok(Page {
        kinds: std::iter::once(tab(None, f.t("entities-all"))).chain(kinds).collect(),
        first: if after.is_some() { at(kind, "") } else { String::new() },
        next: list.next.map_or_else(String::new, |(n, id)| at(kind, &format!("{n}.{id}"))),
        rows: list.rows,
        words,
        kind,
        f,
    })
}

/// Where the list goes on: a number of articles and an id.
fn place_of(fields: &Fields) -> Result<Option<(i64, EntityId)>, AppError> {
    let Some(text) = fields.filled("after") else { return Ok(None) };
    let place = text.split_once('.').and_then(|(n, id)| Some((n.parse().ok()?, id.parse().ok()?)));
    place.map(Some).ok_or_else(|| AppError::invalid("after", "bad-cursor"))
}

/// Whom a text names.
pub(super) enum Named {
    /// Nobody.
    Nobody,
    /// One entity: by its id, or the only one that is called so.
    One(EntityId),
    /// Several: the reader has to choose.
    Several(Vec<EntityRow>),
}

/// What becomes of a name that was typed.
pub(super) enum Choice {
    /// It means one: the way there.
    Made(Response),
    /// It means any of these, each with its address; nobody where there is none.
    Among(Vec<(String, EntityRow)>),
}

/// Whom a name in a form means, each with the address that `at` gives it; one alone is led to at once.
pub(super) async fn choice(visit: &Visit, text: &str, at: impl Fn(&EntityId) -> String) -> Result<Choice, AppError> {
    Ok(match named(visit, text).await? {
        Named::One(id) => Choice::Made(Redirect::to(&at(&id)).into_response()),
        Named::Nobody => Choice::Among(Vec::new()),
        Named::Several(rows) => Choice::Among(rows.into_iter().map(|row| (at(&row.entity.id), row)).collect()),
    })
}

/// Whom a name or an id in a form means.
pub(super) async fn named(visit: &Visit, text: &str) -> Result<Named, AppError> {
    if let Ok(id) = text.trim().parse() {
        return Ok(Named::One(id));
    }
    let words: String = text.trim().chars().take(LONGEST).collect();
    let filter = EntityFilter { kind: None, words: Some(words) };
    let mut rows = list_entities(&visit.web.app, &visit.viewer(), &filter, None).await?.rows;
    let key = fold_key(text);
    let exact: Vec<EntityId> = rows.iter().filter(|r| fold_key(&r.entity.name) == key).map(|r| r.entity.id).collect();
    Ok(match (rows.as_slice(), exact.as_slice()) {
        ([], _) => Named::Nobody,
        (_, [one]) => Named::One(*one),
        ([one], _) => Named::One(one.entity.id),
        _ => {
            rows.truncate(CHOICE);
            Named::Several(rows)
        }
    })
}
