//! `/entities/{id}`: what is known of an entity, since when and from which articles.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::graph::{Around, EntityView, LinkedParty, claim_entity, drop_claim, view_entity};
use keqiao_app::parties::my_parties;
use keqiao_domain::{ClaimStatus, Entity, EntityId, EntityKind, FactKind, FactStatus, OrgRole, PartyId, PartyKind};

use super::told::Told;
use super::{draw, parse_id};
use crate::fields::Sent;
use crate::page::{Frame, Net, Tone, net};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

/// Neighbours in the picture and in the list.
const DRAWN: usize = 10;
const LISTED: usize = 24;
/// Names that are told.
const NAMES: usize = 12;
/// Characters of a quotation.
const QUOTED: usize = 64;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/entities/{id}", show)
        .post("/entities/{id}/claim", claim)
        .post("/entities/{id}/claim/withdraw", withdraw)
}

/// Facts of one kind.
struct Group {
    kind: FactKind,
    /// How many there are.
    count: i64,
    facts: Vec<Told>,
    /// The rest of them; empty: they are all here.
    more: String,
}

/// A neighbour in the list.
struct Neighbour {
    entity: Entity,
    words: String,
    days: String,
}

/// A party that the entity is or may be.
struct Party {
    linked: LinkedParty,
    /// Whether the reader may take its claim back.
    drops: bool,
}

#[derive(Template)]
#[template(path = "entity.html")]
struct Page {
    f: Frame,
    view: EntityView,
    picture: Option<Net>,
    groups: Vec<Group>,
    neighbours: Vec<Neighbour>,
    parties: Vec<Party>,
    /// Parties of the reader that may claim it.
    claimants: Vec<(PartyId, String)>,
    /// Whether it may be proposed as a party.
    proposes: bool,
    json_ld: String,
}

impl Page {
    /// Where the picture is drawn at large.
    fn at_large(&self) -> String {
        format!("/graph?entity={}&steps=2", self.view.entity.id)
    }
    /// Its other names.
    fn others(&self) -> Vec<String> {
        let others = self.view.names.iter().filter(|n| n.name != self.view.entity.name).take(NAMES);
        others.map(|n| self.f.t2("entity-called", "name", &n.name, "n", n.articles)).collect()
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    let id: EntityId = match parse_id(&id) {
        Ok(id) => id,
        Err(error) => return visit.fault(error).into_response(),
    };
    match view_entity(&visit.web.app, &visit.viewer(), id).await {
        // It was joined to another; the answer may be taken back.
        Ok(view) if view.entity.id != id => {
            Redirect::temporary(&format!("/entities/{}", view.entity.id)).into_response()
        }
        Ok(view) => match page(&visit, view).await {
            Ok(page) => draw(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, view: EntityView) -> Result<Page, AppError> {
    let viewer = visit.viewer();
    let mut f = visit.frame(&view.entity.name);
    let body = matches!(view.entity.kind, EntityKind::Organization | EntityKind::Platform);
    f.description = f.t2("entity-description", "name", &view.entity.name, "n", view.known.articles);
    let claimants = if viewer.is_member() { claimants(visit, &view).await? } else { Vec::new() };
    let confirmed = view.parties.iter().any(|p| p.claim == Some(ClaimStatus::Confirmed));
    let parties = view.parties.iter().map(|linked| Party {
        linked: linked.clone(),
        drops: linked.claim.is_some() && (viewer.owns(linked.party.id) || viewer.is_operator()),
    });
    Ok(Page {
        picture: picture(&f, &view),
        groups: FactKind::ALL.iter().filter_map(|kind| group(&f, &view, *kind)).collect(),
        neighbours: neighbours(&f, &view),
        parties: parties.collect(),
        claimants,
        proposes: body && viewer.is_member() && !confirmed,
        json_ld: super::json_ld::describe_entity(&view, &visit.web.app.settings.public_url),
        f,
        view,
    })
}

/// The strongest neighbours as a picture; `None`: there are none.
fn picture(f: &Frame, view: &EntityView) -> Option<Net> {
    if view.neighbours.is_empty() {
        return None;
    }
    let near = view.neighbours.iter().take(DRAWN).map(|(entity, _)| (entity.clone(), 1));
    let mut nodes: Vec<(Entity, usize)> = near.collect();
    nodes.sort_by(|a, b| a.0.kind.cmp(&b.0.kind).then_with(|| a.0.name.cmp(&b.0.name)));
    nodes.insert(0, (view.entity.clone(), 0));
    let edges = view.neighbours.iter().take(DRAWN).map(|(entity, ties)| net::edge_of(view.entity.id, entity.id, ties));
    let left_out = view.neighbours.len().saturating_sub(DRAWN);
    let around = Around { nodes, edges: edges.collect(), left_out, latest_only: None };
    Some(Net::new(f, &around))
}

fn group(f: &Frame, view: &EntityView, kind: FactKind) -> Option<Group> {
    let id = view.entity.id;
    let of_kind = view.facts.iter().filter(|fact| fact.kind == kind);
    let facts: Vec<Told> = of_kind.map(|fact| Told::new(f, fact, &view.articles, Some(id), QUOTED)).collect();
    let count = view.kinds.iter().find(|(k, _)| *k == kind).map(|(_, n)| *n)?;
    let all_here = usize::try_from(count).is_ok_and(|n| n <= facts.len());
    let more = format!("/timeline?entity={id}&kind={}", kind.as_str());
    Some(Group { kind, count, facts, more: if all_here { String::new() } else { more } })
}

fn neighbours(f: &Frame, view: &EntityView) -> Vec<Neighbour> {
    let list = view.neighbours.iter().take(LISTED);
    list.map(|(entity, ties)| {
        let edge = net::edge_of(view.entity.id, entity.id, ties);
        Neighbour { entity: entity.clone(), words: net::words(f, &edge, true), days: net::days(&edge.days) }
    })
    .collect()
}

/// The reader's own parties of a fitting kind that have not claimed it.
async fn claimants(visit: &Visit, view: &EntityView) -> Result<Vec<(PartyId, String)>, AppError> {
    let fits = match view.entity.kind {
        EntityKind::Person => PartyKind::Person,
        EntityKind::Organization | EntityKind::Platform => PartyKind::Organization,
        _ => return Ok(Vec::new()),
    };
    let claimed = |id| view.parties.iter().any(|p| p.party.id == id && p.claim.is_some());
    let own = my_parties(&visit.web.app, &visit.viewer()).await?;
    let own = own.into_iter().filter(|(p, role)| *role == OrgRole::Owner && p.kind == fits && !claimed(p.id));
    Ok(own.map(|(p, _)| (p.id, p.name)).collect())
}

/// Back to the page with a message.
fn done(visit: &Visit, id: &str, result: Result<(), AppError>, key: &str) -> Response {
    match result {
        Ok(()) => with_flash(&visit.web, Redirect::to(&format!("/entities/{id}")).into_response(), Tone::Done, key),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn claim(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let result = async {
        let (entity, party) = (parse_id(&id)?, parse_id(fields.get("party"))?);
        claim_entity(&visit.web.app, &visit.viewer(), entity, party).await
    };
    let result = result.await;
    done(&visit, &id, result, "entity-claimed")
}

async fn withdraw(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let result = async {
        let (entity, party) = (parse_id(&id)?, parse_id(fields.get("party"))?);
        drop_claim(&visit.web.app, &visit.viewer(), entity, party).await
    };
    let result = result.await;
    done(&visit, &id, result, "entity-claim-withdrawn")
}
