//! `/graph`: an entity with those one or two steps around it, as a picture and as a table.

use askama::Template;
use axum::response::Response;
use keqiao_app::AppError;
use keqiao_app::graph::{EntityRow, TieFilter, around};
use keqiao_domain::{Entity, EntityId, FactKind};

use super::draw;
use super::entities::{Choice, choice};
use super::filter::address;
use super::hall::refused;
use super::when::{self, When};
use crate::page::{Frame, Net};
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) const PATH: &str = "/graph";

pub(crate) fn routes() -> Routes {
    Routes::default().get(PATH, show)
}

/// The picture with its filters.
#[derive(Template)]
#[template(path = "graph.html")]
struct Page {
    f: Frame,
    middle: Entity,
    steps: usize,
    /// The same with the other number of steps: address, label, whether it is open.
    rings: [(String, &'static str, bool); 2],
    when: When,
    /// Without filters.
    clear: String,
    net: Net,
}

impl Page {
    /// What follows the id in the address of a drawing around another entity.
    fn after(&self) -> String {
        let whole = at(&self.middle.id, self.steps, &self.when);
        whole.split_once('&').map_or_else(String::new, |(_, rest)| format!("&{rest}"))
    }
}

/// The question who shall stand in the middle.
#[derive(Template)]
#[template(path = "graph_who.html")]
struct Who {
    f: Frame,
    asked: String,
    /// Address and row of those who are called so.
    choice: Vec<(String, EntityRow)>,
}

fn at(id: &EntityId, steps: usize, when: &When) -> String {
    let mut pairs = vec![("entity", id.to_string()), ("steps", steps.to_string())];
    pairs.extend(when.pairs());
    address(PATH, pairs.iter().map(|(name, value)| (*name, value.as_str())))
}

async fn show(visit: Visit) -> Response {
    match answer(&visit).await {
        Ok(response) => response,
        Err(error) => refused(visit, PATH, error),
    }
}

async fn answer(visit: &Visit) -> Result<Response, AppError> {
    let (fields, when) = when::asked(visit)?;
    let steps = if fields.get("steps") == "2" { 2 } else { 1 };
    if let Some(text) = fields.filled("entity") {
        let id = super::parse_id(text)?;
        return drawn(visit, id, steps, when).await;
    }
    let asked = fields.filled("who").unwrap_or_default().to_owned();
    let choice = match asked.as_str() {
        "" => Vec::new(),
        text => match choice(visit, text, |id| at(id, steps, &when)).await? {
            Choice::Among(choice) => choice,
            Choice::Made(there) => return Ok(there),
        },
    };
    let mut f = visit.frame_of("graph-title");
    f.description = f.t("graph-description").to_owned();
    f.noindex = !asked.is_empty();
    Ok(draw(&Who { f, asked, choice }))
}

async fn drawn(visit: &Visit, id: EntityId, steps: usize, when: When) -> Result<Response, AppError> {
    let filter = TieFilter { kinds: when.kinds.clone(), from: when.from.clone(), to: when.to.clone() };
    let found = around(&visit.web.app, &visit.viewer(), id, steps, &filter).await?;
    let middle = found.nodes.first().map(|(entity, _)| entity.clone()).ok_or(AppError::NotFound)?;
    let mut f = visit.frame(&visit.preferences.locale.t1("graph-of", "name", &middle.name));
    f.noindex = when.is_set() || steps > 1;
    let ring = |n: usize, label| (at(&middle.id, n, &when), label, n == steps);
    Ok(draw(&Page {
        net: Net::new(&f, &found),
        rings: [ring(1, f.t("graph-one-step")), ring(2, f.t("graph-two-steps"))],
        clear: at(&middle.id, steps, &When::default()),
        middle,
        steps,
        when,
        f,
    }))
}
