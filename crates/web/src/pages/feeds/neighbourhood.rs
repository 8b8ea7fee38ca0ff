//! `/graph.graphml` and `/graph.jsonld`: an entity and those around it, for other programs.

use axum::response::Response;
use keqiao_app::graph::{Around, Edge, TieFilter, around};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{Entity, EntityKind, FactKind};
use serde_json::{Value, json};

use super::super::{filter::query_of, parse_id};
use super::xml::Xml;
use super::{kind_words, told};
use crate::api::news::{day, kinds};
use crate::locale::{Locale, Word};
use crate::visit::Visit;

/// `/graph.graphml`
pub(super) async fn graphml(visit: Visit) -> Response {
    let made = found(&visit).await.map(|graph| as_graphml(&graph, &visit.web.app.settings.public_url));
    told(&visit, "application/graphml+xml; charset=utf-8", made)
}

/// `/graph.jsonld`
pub(super) async fn json_ld(visit: Visit) -> Response {
    let site = &visit.web.app.settings.public_url;
    let made = found(&visit).await.map(|graph| as_json_ld(&graph, visit.preferences.locale, site));
    told(&visit, "application/ld+json", made.map(|said| said.to_string().into_bytes()))
}

async fn found(visit: &Visit) -> Result<Around, AppError> {
    let fields = query_of(visit)?;
    let mut faults = Vec::new();
    let text = |name: &str| fields.filled(name).map(str::to_owned);
    let filter = TieFilter {
        kinds: kinds(&kind_words(&fields), &mut faults),
        from: day("from", text("from"), &mut faults),
        to: day("to", text("to"), &mut faults),
    };
    let steps = match fields.get("steps") {
        "" | "1" => 1,
        "2" => 2,
        _ => {
            faults.push(Fault::with("steps", "out-of-range", "1–2"));
            1
        }
    };
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    around(&visit.web.app, &visit.viewer(), parse_id(fields.get("entity"))?, steps, &filter).await
}

fn facts_of(edge: &Edge) -> i64 {
    edge.kinds.iter().map(|k| k.1).sum()
}

/// GraphML: nodes with name, kind, qualifier and address, edges with kinds, facts and days.
fn as_graphml(graph: &Around, site: &str) -> Vec<u8> {
    const KEYS: [(&str, &str, &str); 9] = [
        ("name", "node", "string"),
        ("kind", "node", "string"),
        ("qualifier", "node", "string"),
        ("url", "node", "string"),
        ("steps", "node", "int"),
        ("kinds", "edge", "string"),
        ("facts", "edge", "int"),
        ("first", "edge", "string"),
        ("last", "edge", "string"),
    ];
    let mut xml = Xml::new();
    xml.element("graphml", &[("xmlns", "http://graphml.graphdrawing.org/xmlns")], |xml| {
        for (name, owner, sort) in KEYS {
            xml.empty("key", &[("id", name), ("for", owner), ("attr.name", name), ("attr.type", sort)]);
        }
        xml.element("graph", &[("id", "G"), ("edgedefault", "undirected")], |xml| {
            for (entity, steps) in &graph.nodes {
                xml.element("node", &[("id", &entity.id.to_string())], |xml| {
                    xml.text("data", &[("key", "name")], &entity.name);
                    xml.text("data", &[("key", "kind")], entity.kind.as_str());
                    xml.text("data", &[("key", "qualifier")], &entity.qualifier);
                    xml.text("data", &[("key", "url")], &address(site, entity));
                    xml.text("data", &[("key", "steps")], &steps.to_string());
                });
            }
            for edge in &graph.edges {
                let ends = [("source", edge.one.to_string()), ("target", edge.other.to_string())];
                let ends = ends.each_ref().map(|(name, id)| (*name, id.as_str()));
                xml.element("edge", &ends, |xml| {
                    let kinds: Vec<&str> = edge.kinds.iter().map(|k| k.0.as_str()).collect();
                    xml.text("data", &[("key", "kinds")], &kinds.join(" "));
                    xml.text("data", &[("key", "facts")], &facts_of(edge).to_string());
                    xml.text("data", &[("key", "first")], &edge.days[0]);
                    xml.text("data", &[("key", "last")], &edge.days[1]);
                });
            }
        });
    });
    xml.into_bytes()
}

fn address(site: &str, entity: &Entity) -> String {
    format!("{site}/entities/{}", entity.id)
}

/// The type of an entity in the words of schema.org.
const fn schema_type(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "Person",
        EntityKind::Organization | EntityKind::Platform => "Organization",
        EntityKind::Place => "Place",
        EntityKind::Program => "Project",
        EntityKind::Agreement | EntityKind::Standard | EntityKind::Document => "CreativeWork",
        EntityKind::Activity => "Event",
        EntityKind::Product => "Product",
    }
}

/// JSON-LD in the words of schema.org: entities as what they are, ties as actions in which both take part.
fn as_json_ld(graph: &Around, locale: Locale, site: &str) -> Value {
    let node = |(entity, _): &(Entity, usize)| {
        let mut said = json!({
            "@id": address(site, entity),
            "@type": schema_type(entity.kind),
            "name": entity.name,
            "url": address(site, entity),
        });
        if !entity.qualifier.is_empty() {
            said["disambiguatingDescription"] = json!(entity.qualifier);
        }
        said
    };
    let nodes = graph.nodes.iter().map(node);
    let ties = graph.edges.iter().flat_map(|edge| edge.kinds.iter().map(move |kind| (edge, kind)));
    let ties = ties.map(|(edge, (kind, facts))| action(graph, edge, *kind, *facts, locale, site));
    let all: Vec<Value> = nodes.chain(ties).collect();
    json!({ "@context": "https://schema.org", "@graph": all })
}

fn action(graph: &Around, edge: &Edge, kind: FactKind, facts: i64, locale: Locale, site: &str) -> Value {
    let mut said = json!({
        "@type": "Action",
        "name": locale.t(kind.key()),
        "identifier": kind.as_str(),
        "description": locale.tn("feed-facts-count", facts),
    });
    // Who can act takes part; what cannot is what is acted upon.
    for end in graph.nodes.iter().map(|n| &n.0).filter(|e| e.id == edge.one || e.id == edge.other) {
        let acts = matches!(end.kind, EntityKind::Person | EntityKind::Organization | EntityKind::Platform);
        let role = if acts { "participant" } else { "object" };
        let list = said[role].as_array().cloned().unwrap_or_default();
        said[role] = Value::Array(list.into_iter().chain([json!({ "@id": address(site, end) })]).collect());
    }
    // The days are of all kinds of this tie together.
    if let [one] = edge.kinds.as_slice()
        && one.0 == kind
    {
        for (name, day) in ["startTime", "endTime"].into_iter().zip(&edge.days).filter(|(_, day)| !day.is_empty()) {
            said[name] = json!(day);
        }
    }
    said
}
