//! `/graph/path`: how two entities hang together.

use askama::Template;
use axum::response::Response;
use keqiao_app::AppError;
use keqiao_app::graph::{EntityRow, Link, Way, find_entity, path_between};
use keqiao_domain::{Entity, EntityId, FactStatus};

use super::draw;
use super::entities::{Named, named};
use super::filter::{address, query_of};
use super::hall::refused;
use super::told::Told;
use crate::page::Frame;
use crate::routes::Routes;
use crate::visit::Visit;

const PATH: &str = "/graph/path";
/// Characters of a quotation.
const QUOTED: usize = 100;

pub(crate) fn routes() -> Routes {
    Routes::default().get(PATH, show)
}

/// One end of the way, as it was asked for.
struct End {
    name: &'static str,
    label: &'static str,
    /// What stands in the field.
    text: String,
    entity: Option<Entity>,
    /// Nobody is called so.
    unknown: bool,
    /// Address and row of those who are called so.
    choice: Vec<(String, EntityRow)>,
}

/// An entity on the way, and what ties it to the next.
struct Stop {
    entity: Entity,
    words: String,
    facts: Vec<Told>,
}

#[derive(Template)]
#[template(path = "path.html")]
struct Page {
    f: Frame,
    ends: [End; 2],
    /// `None`: there is none, or it was not asked for yet.
    way: Option<Vec<Stop>>,
    /// The way in one line.
    said: String,
}

impl Page {
    /// Both ends are known, and nothing ties them.
    fn is_apart(&self) -> bool {
        self.way.is_none() && self.ends.iter().all(|end| end.entity.is_some())
    }

    /// Both ends are the same.
    fn is_same(&self) -> bool {
        let [from, to] = &self.ends;
        from.entity.is_some() && from.entity.as_ref().map(|e| e.id) == to.entity.as_ref().map(|e| e.id)
    }

    /// Nobody is asked whether one end is the other as well.
    fn tell_apart(&mut self) {
        for place in [0, 1] {
            let other = self.ends[1 - place].entity.as_ref().map(|e| e.id);
            self.ends[place].choice.retain(|(_, row)| Some(row.entity.id) != other);
        }
    }
}

async fn show(visit: Visit) -> Response {
    match page(&visit).await {
        Ok(page) => draw(&page),
        Err(error) => refused(visit, PATH, error),
    }
}

async fn page(visit: &Visit) -> Result<Page, AppError> {
    let fields = query_of(visit)?;
    let mut f = visit.frame_of("path-title");
    f.description = f.t("path-description").to_owned();
    let asked = [fields.get("from").trim(), fields.get("to").trim()];
    f.noindex = asked.iter().any(|text| !text.is_empty());
    let ends = [end(visit, &asked, 0, f.t("path-from")).await?, end(visit, &asked, 1, f.t("path-to")).await?];
    let mut page = Page { f, ends, way: None, said: String::new() };
    page.tell_apart();
    if page.is_same() {
        return Ok(page);
    }
    if let [End { entity: Some(from), .. }, End { entity: Some(to), .. }] = &page.ends
        && let Some(way) = path_between(&visit.web.app, &visit.viewer(), from.id, to.id).await?
    {
        page.said = said(&page.f, &way);
        page.way = Some(stops(&page.f, way));
    }
    Ok(page)
}

/// The names of the two ends in the address.
const ENDS: [&str; 2] = ["from", "to"];

/// Reads one end: an id, or a name that one entity bears.
async fn end(visit: &Visit, asked: &[&str; 2], place: usize, label: &'static str) -> Result<End, AppError> {
    let text = asked[place];
    let mut out =
        End { name: ENDS[place], label, text: text.to_owned(), entity: None, unknown: false, choice: Vec::new() };
    if text.is_empty() {
        return Ok(out);
    }
    match named(visit, text).await? {
        Named::Nobody => out.unknown = true,
        Named::One(id) => {
            let entity = find_entity(&visit.web.app, &visit.viewer(), id).await?;
            out.text.clone_from(&entity.name);
            out.entity = Some(entity);
        }
        Named::Several(rows) => {
            // The other end stays as it was asked for.
            let at = |id: EntityId| {
                let (id, other) = (id.to_string(), asked[1 - place]);
                address(PATH, [(ENDS[place], id.as_str()), (ENDS[1 - place], other)].into_iter())
            };
            out.choice = rows.into_iter().map(|row| (at(row.entity.id), row)).collect();
        }
    }
    Ok(out)
}

fn kinds(f: &Frame, link: &Link) -> String {
    let mut words: Vec<&str> = link.kinds.iter().map(|k| f.word(k)).collect();
    words.dedup();
    words.join(f.t("list-comma"))
}

/// `甲 —签约— 乙 —任职— 丙`.
fn said(f: &Frame, way: &Way) -> String {
    let mut out = String::new();
    for (place, entity) in way.entities.iter().enumerate() {
        out.push_str(&entity.name);
        if let Some(link) = way.links.get(place) {
            out.push_str(&format!(" —{}— ", kinds(f, link)));
        }
    }
    out
}

fn stops(f: &Frame, way: Way) -> Vec<Stop> {
    let mut links = way.links.into_iter();
    way.entities
        .into_iter()
        .map(|entity| {
            let link = links.next();
            let facts = link.as_ref().map(|l| l.facts.iter().map(|x| Told::new(f, x, &[], None, QUOTED)).collect());
            Stop { words: link.map_or_else(String::new, |l| kinds(f, &l)), facts: facts.unwrap_or_default(), entity }
        })
        .collect()
}
