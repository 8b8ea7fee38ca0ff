//! Which names of different articles name the same. Certain joins are made; likely ones wait for a person, whose
//! answers are kept and hold whenever an article is read again.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use keqiao_domain::{Entity, EntityId, EntityKind, Fact, FactKind, JoinCandidate, JoinDecision, RecordId, fold_key};
use keqiao_store::graph::{Name, NameHit, NameRole};

use super::names::Names;

/// An entity of one article that is to be found among those known.
#[derive(Debug, Clone)]
pub(crate) struct Unresolved<'a> {
    pub(crate) kind: EntityKind,
    /// Its names, the fullest first; never empty.
    pub(crate) names: Vec<&'a str>,
    /// What a name that tells nothing alone is told apart by: the body it belongs to, or the place.
    pub(crate) within: String,
    /// The same for a reader.
    pub(crate) qualifier: String,
    /// Of a person: the organizations of its posts.
    pub(crate) posts: BTreeSet<EntityId>,
    /// What the article's names were resolved to before, by anchor; that stays.
    pub(crate) before: Option<&'a BTreeMap<EntityId, EntityId>>,
}

/// An entity of one article that was found.
pub(crate) struct Resolved {
    /// The entity as the article has it.
    pub(crate) entity: Entity,
    /// The id it would have if no other article named it.
    pub(crate) anchor: EntityId,
    /// Its names.
    pub(crate) names: Vec<Name>,
}

/// Entities by a key, each with whether the key is its own name somewhere and not an alias alone.
type ByKey = HashMap<String, BTreeMap<EntityId, bool>>;

/// What is known while a batch is resolved: the store's entities by the keys of the batch, and what the batch added.
/// What it answers does not depend on which of the two an entity is.
pub(crate) struct Known {
    entities: HashMap<EntityId, Entity>,
    pub(super) by_key: ByKey,
    pub(super) by_core: ByKey,
    pub(super) posts: HashMap<EntityId, BTreeSet<EntityId>>,
    /// Into which entity another was joined.
    joined: HashMap<EntityId, EntityId>,
    /// Pairs that a person told apart, or joined: no question any more.
    pub(super) settled: HashSet<(EntityId, EntityId)>,
    pub(super) questions: BTreeMap<(EntityId, EntityId), JoinCandidate>,
}

pub(super) fn pair(one: EntityId, other: EntityId) -> (EntityId, EntityId) {
    (one.min(other), one.max(other))
}

impl Known {
    pub(crate) fn new(hits: Vec<NameHit>, posts: Vec<(EntityId, EntityId)>, decisions: &[JoinDecision]) -> Self {
        let mut known = Self {
            entities: HashMap::new(),
            by_key: HashMap::new(),
            by_core: HashMap::new(),
            posts: HashMap::new(),
            joined: HashMap::new(),
            settled: HashSet::new(),
            questions: BTreeMap::new(),
        };
        for hit in hits {
            known.add(hit.key, &hit.entity, hit.role);
        }
        for (person, organization) in posts {
            known.posts.entry(person).or_default().insert(organization);
        }
        for d in decisions {
            known.settled.insert(pair(d.kept, d.joined));
            if d.same {
                known.joined.insert(d.joined, d.kept);
            }
        }
        known
    }

    fn add(&mut self, key: String, entity: &Entity, role: NameRole) {
        let list = if role == NameRole::Core { &mut self.by_core } else { &mut self.by_key };
        *list.entry(key).or_default().entry(entity.id).or_default() |= role == NameRole::Name;
        self.entities.entry(entity.id).or_insert_with(|| entity.clone()).take_in(entity);
    }

    /// Into what an entity was joined, over as many steps as there are; of a ring the one with the lowest id.
    pub(crate) fn end_of(&self, id: EntityId) -> EntityId {
        let mut way = vec![id];
        while let Some(&next) = way.last().and_then(|at| self.joined.get(at)) {
            if let Some(begin) = way.iter().position(|seen| *seen == next) {
                return way[begin..].iter().copied().min().unwrap_or(next);
            }
            way.push(next);
        }
        way.last().copied().unwrap_or(id)
    }

    /// The questions that came up.
    pub(crate) fn questions(&self) -> Vec<JoinCandidate> {
        self.questions.values().cloned().collect()
    }

    /// The posts that the facts of an article give to persons.
    pub(crate) fn learn_posts(&mut self, facts: &[Fact]) {
        for fact in facts.iter().filter(|f| f.kind == FactKind::HoldsPosition) {
            let of = |role: &str| -> Vec<EntityId> {
                fact.args.iter().filter(|a| a.role == role).filter_map(|a| a.entity).collect()
            };
            for person in of("person") {
                self.posts.entry(person).or_default().extend(of("organization"));
            }
        }
    }

    /// The entity as this article has it, known before or new, and remembered with its names.
    pub(crate) fn resolve(&mut self, u: &Unresolved<'_>, names: &Names) -> Resolved {
        let own = own_names(u, names);
        let entity = anchor(u, names);
        let anchor = entity.id;
        let before = u.before.and_then(|b| b.get(&anchor).copied());
        let found = before.or_else(|| match u.kind {
            EntityKind::Person => self.person(u, anchor),
            _ => self.thing(u, anchor, &own, names),
        });
        let id = self.end_of(found.unwrap_or(anchor));
        let entity = if id == anchor { entity } else { Entity { id, qualifier: String::new(), ..entity } };
        for name in &own {
            self.add(name.key.clone(), &entity, name.role);
        }
        // What stays was asked about when it came.
        if before.is_none() {
            self.ask(u, id, &own, names);
        }
        Resolved { entity, anchor, names: own }
    }

    /// Told apart by a person?
    fn differ(&self, one: EntityId, other: EntityId) -> bool {
        self.settled.contains(&pair(one, other)) && self.end_of(one) != self.end_of(other)
    }

    pub(super) fn is_akin(&self, id: EntityId, kind: EntityKind) -> bool {
        self.entities.get(&id).is_some_and(|e| akin(e.kind, kind))
    }

    /// Whether an entity is at home elsewhere than a body of this name.
    pub(super) fn lies_apart(&self, id: EntityId, name: &str, names: &Names) -> bool {
        self.entities.get(&id).is_some_and(|e| names.lie_apart(&e.name, name))
    }

    /// A person of the same name who holds a post at one of the same organizations.
    fn person(&self, u: &Unresolved<'_>, anchor: EntityId) -> Option<EntityId> {
        let of_name = self.by_key.get(&fold_key(u.names[0]))?;
        let persons = || of_name.keys().copied().filter(|id| self.is_akin(*id, EntityKind::Person));
        let shares =
            |id: &EntityId| !self.differ(*id, anchor) && self.posts.get(id).is_some_and(|p| !p.is_disjoint(&u.posts));
        persons().find(|id| *id == anchor).or_else(|| persons().find(shares))
    }

    /// What goes by a name that tells it from all others, if one alone does.
    fn thing(&self, u: &Unresolved<'_>, anchor: EntityId, own: &[Name], names: &Names) -> Option<EntityId> {
        for name in own.iter().filter(|n| n.role != NameRole::Core && names.is_distinctive(u.kind, &n.name)) {
            let Some(list) = self.by_key.get(&name.key) else { continue };
            let fits = |id: &EntityId| self.is_akin(*id, u.kind) && !self.differ(*id, anchor);
            let all: Vec<(EntityId, bool)> =
                list.iter().map(|(id, owned)| (*id, *owned)).filter(|(id, _)| fits(id)).collect();
            // Several go by it: the one whose own name it is.
            let one = if all.len() > 1 { all.iter().find(|(_, owned)| *owned) } else { all.first() };
            // Two bodies with whole names of their own may share a short one.
            let certain = |id| name.role == NameRole::Name || !self.has_other_name(id, u, &name.key, names);
            if let Some((id, _)) = one.filter(|(id, _)| certain(*id)) {
                return Some(*id);
            }
        }
        None
    }

    /// Whether an entity is fully called otherwise than by this key and than the one that is looked for: the fullest
    /// names of both tell each from all others, and neither is a part of the other.
    fn has_other_name(&self, id: EntityId, u: &Unresolved<'_>, key: &str, names: &Names) -> bool {
        let Some(entity) = self.entities.get(&id) else { return false };
        let whole = |name: &str| names.is_distinctive(u.kind, name);
        let (one, other) = (fold_key(&entity.name), fold_key(u.names[0]));
        one != key && whole(&entity.name) && whole(u.names[0]) && !one.contains(&other) && !other.contains(&one)
    }
}

/// A body may be taken for a platform in one article and for an organization in another.
pub(super) fn akin(one: EntityKind, other: EntityKind) -> bool {
    let body = |kind| matches!(kind, EntityKind::Organization | EntityKind::Platform);
    one == other || body(one) && body(other)
}

fn own_names(u: &Unresolved<'_>, names: &Names) -> Vec<Name> {
    let mut own: Vec<Name> = Vec::new();
    for (i, name) in u.names.iter().enumerate() {
        let role = if i == 0 { NameRole::Name } else { NameRole::Alias };
        own.push(Name { name: (*name).to_owned(), key: fold_key(name), role });
    }
    if matches!(u.kind, EntityKind::Organization | EntityKind::Platform)
        && let Some(core) = names.core(u.names[0])
    {
        own.push(Name { name: core.clone(), key: core, role: NameRole::Core });
    }
    own
}

/// The entity as it is when nobody knows it yet: its id is made of what tells it from all others.
fn anchor(u: &Unresolved<'_>, names: &Names) -> Entity {
    let name = u.names[0];
    let alone = names.is_distinctive(u.kind, name);
    let (within, qualifier) = if alone { ("", "") } else { (u.within.as_str(), u.qualifier.as_str()) };
    let kind = if u.kind == EntityKind::Platform { EntityKind::Organization } else { u.kind };
    let id = made_of(&[kind.as_str(), &fold_key(name), &fold_key(within)]);
    Entity { id: EntityId(id), kind: u.kind, name: name.to_owned(), qualifier: qualifier.to_owned() }
}

/// An id that is the same whenever it is made of the same (UUID version 8 of SHA-256).
pub(crate) fn made_of(parts: &[&str]) -> RecordId {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use keqiao_domain::{AccountId, Argument, Timestamp};

    fn names() -> Names {
        Names::new(keqiao_catalog::builtin().unwrap().taxonomy("region"))
    }

    fn empty() -> Known {
        Known::new(Vec::new(), Vec::new(), &[])
    }

    fn body<'a>(list: &[&'a str], within: &str) -> Unresolved<'a> {
        let kind = EntityKind::Organization;
        let qualifier = within.to_owned();
        Unresolved {
            kind,
            names: list.to_vec(),
            within: within.into(),
            qualifier,
            posts: BTreeSet::new(),
            before: None,
        }
    }

    fn person<'a>(name: &'a str, posts: &[EntityId]) -> Unresolved<'a> {
        let (kind, within) = (EntityKind::Person, format!("{posts:?}"));
        let qualifier = String::new();
        Unresolved { kind, names: vec![name], within, qualifier, posts: posts.iter().copied().collect(), before: None }
    }

    fn post(person: EntityId, organizations: &[EntityId]) -> Fact {
        let argument = |role: &str, id| Argument { role: role.into(), entity: Some(id), text: String::new() };
        let mut args = vec![argument("person", person)];
        args.extend(organizations.iter().map(|id| argument("organization", *id)));
        Fact {
            id: keqiao_domain::FactId(RecordId::nil()),
            article: keqiao_domain::ArticleId(RecordId::nil()),
            kind: FactKind::HoldsPosition,
            args,
            day: None,
            confidence: 1.0,
            span: keqiao_domain::Span { start: 0, end: 0 },
            sentence: String::new(),
            status: keqiao_domain::FactStatus::Read,
            audience: keqiao_domain::Audience::Public,
        }
    }

    #[test]
    fn bodies_that_share_a_short_name_alone_are_a_question() {
        let (mut known, names) = (empty(), names());
        let one = known.resolve(&body(&["无锡华晶微电子有限公司", "华晶公司"], ""), &names).entity;
        let short = known.resolve(&body(&["华晶公司"], ""), &names).entity;
        let other = known.resolve(&body(&["无锡华晶科技有限公司", "华晶公司"], ""), &names).entity;
        assert_eq!(one.id, short.id);
        assert_ne!(one.id, other.id);
        let asked = known.questions();
        assert_eq!((asked.len(), asked[0].reason.as_str()), (1, "alias"));
    }

    #[test]
    fn a_ring_of_joins_has_one_end() {
        let [a, b, c] = [1, 2, 3].map(|n| EntityId(RecordId::from_u128(n)));
        let mut known = empty();
        known.joined = [(c, b), (b, a), (a, c)].into();
        assert_eq!([a, b, c].map(|id| known.end_of(id)), [a; 3]);
    }

    #[test]
    fn a_whole_name_is_the_same_everywhere_and_a_department_is_not() {
        let (mut known, names) = (empty(), names());
        let one = known.resolve(&body(&["无锡华晶微电子有限公司", "华晶公司"], "无锡"), &names).entity;
        let same = known.resolve(&body(&["无锡华晶微电子有限公司"], "苏州"), &names).entity;
        let short = known.resolve(&body(&["华晶公司"], "苏州"), &names).entity;
        assert_eq!((one.id, one.id), (same.id, short.id));
        let here = known.resolve(&body(&["科技局"], "无锡"), &names).entity;
        let there = known.resolve(&body(&["科技局"], "苏州"), &names).entity;
        assert_ne!(here.id, there.id);
        assert!(known.questions().is_empty());
    }

    #[test]
    fn a_shorter_name_is_a_question() {
        let (mut known, names) = (empty(), names());
        let long = known.resolve(&body(&["无锡华晶微电子有限公司"], ""), &names).entity;
        let short = known.resolve(&body(&["华晶微电子"], ""), &names).entity;
        assert_ne!(long.id, short.id);
        let asked = known.questions();
        assert_eq!(asked.len(), 1);
        assert_eq!((asked[0].first, asked[0].second), pair(long.id, short.id));
    }

    #[test]
    fn people_of_one_name_are_one_where_they_share_a_post() {
        let (mut known, names) = (empty(), names());
        let [a, b, c] = [1, 2, 3].map(|n| EntityId(RecordId::from_u128(n)));
        let first = known.resolve(&person("李响", &[a]), &names).entity;
        known.learn_posts(&[post(first.id, &[a])]);
        let again = known.resolve(&person("李响", &[a, b]), &names).entity;
        known.learn_posts(&[post(again.id, &[a, b])]);
        let other = known.resolve(&person("李响", &[c]), &names).entity;
        assert_eq!(first.id, again.id);
        assert_ne!(first.id, other.id);
        assert_eq!(known.questions().len(), 1);
        // Posts that came later count as well.
        assert_eq!(known.resolve(&person("李响", &[b]), &names).entity.id, first.id);
    }

    #[test]
    fn what_a_person_decided_holds() {
        let names = names();
        let (long, short) = (body(&["无锡华晶微电子有限公司"], ""), body(&["华晶微电子"], ""));
        let (long_id, short_id) = (anchor(&long, &names).id, anchor(&short, &names).id);
        let decision = |same| JoinDecision {
            kept: long_id,
            joined: short_id,
            same,
            names: [String::new(), String::new()],
            by: AccountId(RecordId::from_u128(9)),
            at: Timestamp::from_micros(0),
        };
        let mut known = Known::new(Vec::new(), Vec::new(), &[decision(true)]);
        assert_eq!(known.resolve(&short, &names).entity.id, long_id);
        assert_eq!(known.resolve(&long, &names).entity.id, long_id);
        assert!(known.questions().is_empty());
        let mut known = Known::new(Vec::new(), Vec::new(), &[decision(false)]);
        assert_ne!(known.resolve(&short, &names).entity.id, known.resolve(&long, &names).entity.id);
        assert!(known.questions().is_empty());
    }
}
