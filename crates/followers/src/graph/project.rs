//! An article with what persons said of its facts → what it adds to the graph.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use keqiao_domain::{Article, Correction, Entity, EntityId, EntityKind, FactKind, NamedEntity, fold_key};
use keqiao_store::graph::{NameRole, Named, Projection};

use super::names::Names;
use super::resolve::{Known, Resolved, Unresolved};
use super::said::facts_of;

/// Roles whose words name something of their own.
const NAMING: [(FactKind, &str, EntityKind); 4] = [
    (FactKind::Held, "activity", EntityKind::Activity),
    (FactKind::Attended, "activity", EntityKind::Activity),
    (FactKind::Signed, "agreement", EntityKind::Agreement),
    (FactKind::Issued, "thing", EntityKind::Document),
];
/// Words shorter than this name nothing.
const NAME: usize = 4;

/// The entities of an article and those that its facts name in words alone.
pub(crate) fn entities_of(article: &Article) -> Vec<NamedEntity> {
    let mut list = article.reading.entities.clone();
    let known: BTreeSet<String> =
        list.iter().flat_map(|e| std::iter::once(&e.name).chain(&e.aliases)).map(|n| fold_key(n)).collect();
    let mut added = BTreeSet::new();
    for fact in &article.reading.facts {
        for arg in fact.args.iter().filter(|a| a.entity.is_none() && a.text.chars().count() >= NAME) {
            let naming = NAMING.iter().find(|(kind, role, _)| *kind == fact.kind && *role == arg.role);
            let Some((_, _, kind)) = naming else { continue };
            let key = fold_key(&arg.text);
            if !known.contains(&key) && added.insert(key) {
                let id = format!("w{}", added.len());
                list.push(NamedEntity { id, kind: *kind, name: arg.text.clone(), aliases: Vec::new() });
            }
        }
    }
    list
}

/// What names are looked up by in the store before a batch is resolved.
pub(crate) fn keys_of(entities: &[NamedEntity], names: &Names) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for entity in entities {
        // An activity or agreement called like many others is told by its anchor, and its namesakes may be thousands.
        let held_against = matches!(entity.kind, EntityKind::Person | EntityKind::Organization | EntityKind::Platform);
        let asked = |name: &&String| held_against || names.is_distinctive(entity.kind, name);
        keys.extend(std::iter::once(&entity.name).chain(&entity.aliases).filter(asked).map(|n| fold_key(n)));
        keys.extend(names.core(&entity.name));
    }
    keys
}

/// Resolves an article's names and puts its facts into terms of entities.
pub(crate) fn project(
    article: &Article,
    entities: &[NamedEntity],
    corrections: &[Correction],
    before: Option<&BTreeMap<EntityId, EntityId>>,
    known: &mut Known,
    names: &Names,
) -> Projection {
    let found = resolved(article, entities, before, known, names);
    let mut by_name: HashMap<String, EntityId> = HashMap::new();
    for role in [NameRole::Name, NameRole::Alias] {
        for named in found.values() {
            for name in named.names.iter().filter(|n| n.role == role) {
                by_name.entry(name.key.clone()).or_insert(named.entity.id);
            }
        }
    }
    let facts = facts_of(article, corrections, &|local: &str| found.get(local).map(|n| n.entity.id), &by_name);
    known.learn_posts(&facts);
    let named: Vec<Named> = found.into_values().collect();
    let day = article.published.clone().unwrap_or_default();
    Projection { article: article.id, day, audience: article.audience(), named, facts }
}

fn resolved(
    article: &Article,
    entities: &[NamedEntity],
    before: Option<&BTreeMap<EntityId, EntityId>>,
    known: &mut Known,
    names: &Names,
) -> BTreeMap<String, Named> {
    let mut found: BTreeMap<String, Named> = BTreeMap::new();
    let place = article.place.clone().unwrap_or_default();
    let wholes = relation(article, FactKind::PartOf, "part", "whole");
    let posts = relation(article, FactKind::HoldsPosition, "person", "organization");
    // What persons are told apart by has to be known before them.
    let rank = |kind| match kind {
        EntityKind::Organization | EntityKind::Platform => 0,
        EntityKind::Person => 2,
        _ => 1,
    };
    let mut order: Vec<&NamedEntity> = entities.iter().collect();
    order.sort_by_key(|e| rank(e.kind));
    let name_of = |local: &str| entities.iter().find(|e| e.id == local).map(|e| e.name.clone());
    for entity in order {
        let own_posts: Vec<&Named> =
            posts.get(&entity.id).into_iter().flatten().filter_map(|local| found.get(local)).collect();
        let (within, qualifier) = match entity.kind {
            // By what the organization is alone: an answer that joins organizations must not rename people.
            EntityKind::Person => match own_posts.first() {
                Some(post) => (post.anchor.to_string(), post.entity.name.clone()),
                None => (place.clone(), place.clone()),
            },
            EntityKind::Organization | EntityKind::Platform => {
                let whole = wholes.get(&entity.id).and_then(|list| name_of(list.first()?));
                let within = whole.filter(|w| *w != entity.name).unwrap_or_else(|| place.clone());
                (within.clone(), within)
            }
            // What bears no name of its own is another in each article.
            _ => (article.id.to_string(), article.published.clone().unwrap_or_else(|| article.title.clone())),
        };
        let unresolved = Unresolved {
            kind: entity.kind,
            names: std::iter::once(&entity.name).chain(&entity.aliases).map(String::as_str).collect(),
            within,
            qualifier,
            posts: own_posts.iter().map(|n| n.entity.id).collect(),
            before,
        };
        let Resolved { entity: global, anchor, names } = known.resolve(&unresolved, names);
        let mentions = article.reading.mentions.iter().filter(|m| m.entity.as_deref() == Some(&entity.id)).count();
        let mentions = i64::try_from(mentions).unwrap_or(i64::MAX).max(1);
        found.insert(entity.id.clone(), Named { local: entity.id.clone(), entity: global, anchor, names, mentions });
    }
    found
}

/// One role of a kind of fact to another, by local ids.
fn relation(article: &Article, kind: FactKind, from: &str, to: &str) -> HashMap<String, Vec<String>> {
    let mut out: HashMap<String, Vec<String>> = HashMap::new();
    for fact in article.reading.facts.iter().filter(|f| f.kind == kind) {
        let of = |role: &str| fact.args.iter().filter(|a| a.role == role).filter_map(|a| a.entity.clone()).collect();
        let (ones, others): (Vec<String>, Vec<String>) = (of(from), of(to));
        for one in ones {
            out.entry(one).or_default().extend(others.iter().cloned());
        }
    }
    out
}

/// The agreements that an article's facts and names speak of, by the keys of their titles.
pub(crate) fn agreement_keys(projection: &Projection) -> BTreeSet<String> {
    let named =
        projection.named.iter().filter(|n| matches!(n.entity.kind, EntityKind::Agreement | EntityKind::Document));
    let mut keys: BTreeSet<String> = named.flat_map(|n| n.names.iter().map(|name| name.key.clone())).collect();
    let args = projection.facts.iter().flat_map(|f| &f.args).filter(|a| a.role == "agreement");
    keys.extend(args.map(|a| fold_key(&a.text)));
    keys
}

/// The entities that an article names.
pub(crate) fn entity_ids(projection: &Projection) -> BTreeSet<EntityId> {
    projection.named.iter().map(|n| &n.entity).map(|e: &Entity| e.id).collect()
}
