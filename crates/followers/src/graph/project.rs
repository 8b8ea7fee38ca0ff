//! An article with what persons said of its facts → what it adds to the graph.

use std::collections::{BTreeSet, HashMap};

use keqiao_domain::{
    Argument, Article, Correction, Entity, EntityId, EntityKind, Fact, FactId, FactKind, FactStatus, Judgement,
    NamedEntity, ReadFact, Span, fold_key,
};
use keqiao_store::graph::{Named, Projection};

use super::names::Names;
use super::resolve::{Known, Unresolved, made_of};

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
        keys.extend(std::iter::once(&entity.name).chain(&entity.aliases).map(|n| fold_key(n)));
        keys.extend(names.core(&entity.name));
    }
    keys
}

/// Resolves an article's names and puts its facts into terms of entities.
pub(crate) fn project(
    article: &Article,
    entities: &[NamedEntity],
    corrections: &[Correction],
    known: &mut Known,
    names: &Names,
) -> Projection {
    let found = resolved(article, entities, known, names);
    let mut by_name: HashMap<String, EntityId> = HashMap::new();
    for named in found.values() {
        for name in &named.names {
            by_name.entry(name.key.clone()).or_insert(named.entity.id);
        }
    }
    let facts = facts_of(article, corrections, &|local: &str| found.get(local).map(|n| n.entity.id), &by_name);
    let mut named: Vec<Named> = found.into_values().collect();
    named.sort_by(|a, b| a.local.cmp(&b.local));
    let day = article.published.clone().unwrap_or_default();
    Projection { article: article.id, day, audience: article.audience(), named, facts }
}

fn resolved(article: &Article, entities: &[NamedEntity], known: &mut Known, names: &Names) -> HashMap<String, Named> {
    let mut found: HashMap<String, Named> = HashMap::new();
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
        let within = match entity.kind {
            // By the name that the article has for it: an answer that joins organizations must not rename people.
            EntityKind::Person => {
                let first = own_posts.first().and_then(|post| name_of(&post.local));
                first.unwrap_or_else(|| place.clone())
            }
            EntityKind::Organization | EntityKind::Platform => {
                let whole = wholes.get(&entity.id).and_then(|list| name_of(list.first()?));
                whole.filter(|w| *w != entity.name).unwrap_or_else(|| place.clone())
            }
            // What bears no name of its own is another in each article.
            _ => article.id.to_string(),
        };
        let unresolved = Unresolved {
            kind: entity.kind,
            names: std::iter::once(&entity.name).chain(&entity.aliases).map(String::as_str).collect(),
            within,
            posts: own_posts.iter().map(|n| n.entity.id).collect(),
        };
        let (global, names) = known.resolve(&unresolved, names);
        let mentions = article.reading.mentions.iter().filter(|m| m.entity.as_deref() == Some(&entity.id)).count();
        let mentions = i64::try_from(mentions).unwrap_or(i64::MAX).max(1);
        found.insert(entity.id.clone(), Named { local: entity.id.clone(), entity: global, names, mentions });
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

/// The id of a fact, made of where it stands; the n-th of its kind there.
fn fact_id(article: &Article, kind: FactKind, span: Span, nth: usize) -> FactId {
    let place = format!("{}-{}-{nth}", span.start, span.end);
    FactId(made_of(&["fact", &article.id.to_string(), kind.as_str(), &place]))
}

fn facts_of(
    article: &Article,
    corrections: &[Correction],
    entity: &dyn Fn(&str) -> Option<EntityId>,
    by_name: &HashMap<String, EntityId>,
) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let mut used = BTreeSet::new();
    let mut nth: HashMap<(FactKind, Span), usize> = HashMap::new();
    for read in &article.reading.facts {
        let n = nth.entry((read.kind, read.span)).or_default();
        let id = fact_id(article, read.kind, read.span, *n);
        *n += 1;
        let said = corrections.iter().find(|c| !used.contains(&c.id) && speaks_of(c, id, read));
        if let Some(correction) = said {
            used.insert(correction.id);
            facts.extend(corrected(article, correction, by_name));
            continue;
        }
        let argument = |a: &keqiao_domain::ReadArgument| Argument {
            role: a.role.clone(),
            entity: a.entity.as_deref().and_then(entity).or_else(|| by_name.get(&fold_key(&a.text)).copied()),
            text: a.text.clone(),
        };
        facts.push(Fact {
            id,
            article: article.id,
            kind: read.kind,
            args: read.args.iter().map(argument).collect(),
            day: read.day.clone(),
            confidence: read.confidence,
            span: read.span,
            sentence: read.sentence.clone(),
            status: FactStatus::Read,
            audience: article.audience(),
        });
    }
    // What a person said stands, also where this version of the reader finds nothing.
    for correction in corrections.iter().filter(|c| !used.contains(&c.id)) {
        facts.extend(corrected(article, correction, by_name));
    }
    facts
}

/// The ids of the facts that an article says, with what persons said of them.
pub(crate) fn fact_ids(article: &Article, corrections: &[Correction]) -> BTreeSet<FactId> {
    facts_of(article, corrections, &|_| None, &HashMap::new()).into_iter().map(|f| f.id).collect()
}

/// Whether a person spoke of this fact, be it read a little otherwise than then.
fn speaks_of(correction: &Correction, id: FactId, read: &ReadFact) -> bool {
    if correction.fact == id {
        return true;
    }
    let common = correction.span.overlap(read.span);
    let told = |(role, text): &(String, String)| read.args.iter().any(|a| a.role == *role && a.text == *text);
    correction.kind == read.kind
        && common * 2 > correction.span.len().min(read.span.len())
        && (correction.content.args.is_empty() || correction.content.args.iter().any(told))
}

/// The fact as a person has it; `None` where the article says no such thing.
fn corrected(article: &Article, c: &Correction, by_name: &HashMap<String, EntityId>) -> Option<Fact> {
    let status = match c.judgement {
        Judgement::Rejected => return None,
        Judgement::Confirmed => FactStatus::Confirmed,
        Judgement::Amended => FactStatus::Corrected,
    };
    let argument = |(role, text): &(String, String)| Argument {
        role: role.clone(),
        entity: by_name.get(&fold_key(text)).copied(),
        text: text.clone(),
    };
    Some(Fact {
        id: c.fact,
        article: article.id,
        kind: c.kind,
        args: c.content.args.iter().map(argument).collect(),
        day: c.content.day.clone(),
        confidence: 1.0,
        span: c.span,
        sentence: c.content.sentence.clone(),
        status,
        audience: article.audience(),
    })
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
