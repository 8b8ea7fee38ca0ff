//! Which names of different articles name the same. Certain joins are made; likely ones wait for a person, whose
//! answers are kept and hold whenever an article is read again.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use keqiao_domain::{Entity, EntityId, EntityKind, JoinCandidate, JoinDecision, RecordId, fold_key};
use keqiao_store::graph::{Name, NameHit, NameRole};

use super::names::Names;

/// So many entities of the same name a new one is held against, so that a frequent name makes no crowd of questions.
const QUESTIONS: usize = 3;
const SAME_NAME: f64 = 0.5;
const SAME_NAME_NO_POST: f64 = 0.6;
const SAME_CORE: f64 = 0.7;

/// An entity of one article that is to be found among those known.
#[derive(Debug, Clone)]
pub(crate) struct Unresolved<'a> {
    pub(crate) kind: EntityKind,
    /// Its names, the fullest first; never empty.
    pub(crate) names: Vec<&'a str>,
    /// What a name that tells nothing alone is told apart by: the body it belongs to, or the place.
    pub(crate) within: String,
    /// Of a person: the organizations of its posts.
    pub(crate) posts: BTreeSet<EntityId>,
}

/// What is known while a batch is resolved: the store's entities by the keys of the batch, and what the batch added.
pub(crate) struct Known {
    by_key: HashMap<String, Vec<Entity>>,
    by_core: HashMap<String, Vec<Entity>>,
    posts: HashMap<EntityId, BTreeSet<EntityId>>,
    /// Into which entity another was joined.
    joined: HashMap<EntityId, EntityId>,
    /// Pairs that a person told apart, or joined: no question any more.
    settled: HashSet<(EntityId, EntityId)>,
    questions: BTreeMap<(EntityId, EntityId), JoinCandidate>,
}

fn pair(one: EntityId, other: EntityId) -> (EntityId, EntityId) {
    (one.min(other), one.max(other))
}

impl Known {
    pub(crate) fn new(hits: Vec<NameHit>, posts: Vec<(EntityId, EntityId)>, decisions: &[JoinDecision]) -> Self {
        let mut known = Self {
            by_key: HashMap::new(),
            by_core: HashMap::new(),
            posts: HashMap::new(),
            joined: HashMap::new(),
            settled: HashSet::new(),
            questions: BTreeMap::new(),
        };
        for hit in hits {
            known.add(hit.key, &hit.entity, hit.core);
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

    fn add(&mut self, key: String, entity: &Entity, core: bool) {
        let list = if core { &mut self.by_core } else { &mut self.by_key };
        let list = list.entry(key).or_default();
        if list.iter().all(|e| e.id != entity.id) {
            list.push(entity.clone());
        }
    }

    /// Into what an entity was joined, over as many steps as there are.
    fn end_of(&self, id: EntityId) -> EntityId {
        let mut at = id;
        for _ in 0..64 {
            match self.joined.get(&at) {
                Some(next) if *next != id => at = *next,
                _ => break,
            }
        }
        at
    }

    /// The questions that came up.
    pub(crate) fn questions(&self) -> Vec<JoinCandidate> {
        self.questions.values().cloned().collect()
    }

    /// The entity, known before or new, and remembered with its names.
    pub(crate) fn resolve(&mut self, u: &Unresolved<'_>, names: &Names) -> (Entity, Vec<Name>) {
        let own = own_names(u, names);
        let anchor = anchor(u, names);
        let mut entity = match u.kind {
            EntityKind::Person => self.person(u, &anchor),
            _ => self.thing(u, &anchor, &own, names),
        }
        .unwrap_or_else(|| anchor.clone());
        let end = self.end_of(entity.id);
        if end != entity.id {
            entity.id = end;
        }
        for name in &own {
            self.add(name.key.clone(), &entity, name.role == NameRole::Core);
        }
        self.posts.entry(entity.id).or_default().extend(&u.posts);
        if entity.id == anchor.id {
            self.ask(u, &entity, &own);
        }
        (entity, own)
    }

    /// Told apart by a person?
    fn differ(&self, one: EntityId, other: EntityId) -> bool {
        self.settled.contains(&pair(one, other)) && self.end_of(one) != self.end_of(other)
    }

    /// A person of the same name who holds a post at one of the same organizations.
    fn person(&self, u: &Unresolved<'_>, anchor: &Entity) -> Option<Entity> {
        let of_name = self.by_key.get(&fold_key(u.names[0]))?;
        let shares = |e: &&Entity| {
            e.kind == EntityKind::Person
                && !self.differ(e.id, anchor.id)
                && (e.id == anchor.id || self.posts.get(&e.id).is_some_and(|p| !p.is_disjoint(&u.posts)))
        };
        of_name.iter().filter(shares).min_by_key(|e| e.id).cloned()
    }

    /// What goes by a name that tells it from all others, if one alone does.
    fn thing(&self, u: &Unresolved<'_>, anchor: &Entity, own: &[Name], names: &Names) -> Option<Entity> {
        for name in own.iter().filter(|n| n.role != NameRole::Core) {
            if !names.is_distinctive(u.kind, &name.name) {
                continue;
            }
            let Some(list) = self.by_key.get(&name.key) else { continue };
            let mut fits = list.iter().filter(|e| akin(e.kind, u.kind) && !self.differ(e.id, anchor.id));
            match (fits.next(), fits.next()) {
                (Some(one), None) => return Some(one.clone()),
                // Several go by it: the one whose own name it is.
                (Some(_), Some(_)) => {
                    let owner = list.iter().find(|e| akin(e.kind, u.kind) && fold_key(&e.name) == name.key);
                    if let Some(owner) = owner.filter(|e| !self.differ(e.id, anchor.id)) {
                        return Some(owner.clone());
                    }
                }
                (None, _) => {}
            }
        }
        None
    }

    /// Notes whom a new entity may be.
    fn ask(&mut self, u: &Unresolved<'_>, entity: &Entity, own: &[Name]) {
        let mut likely: Vec<(f64, &'static str, EntityId)> = Vec::new();
        for name in own {
            let (list, score, reason) = match (u.kind, name.role) {
                (EntityKind::Person, _) => (self.by_key.get(&name.key), SAME_NAME, "same-name"),
                (EntityKind::Organization | EntityKind::Platform, NameRole::Core) => {
                    likely.extend(self.others(self.by_key.get(&name.key), u, entity, SAME_CORE, "short-name"));
                    (self.by_core.get(&name.key), SAME_CORE, "short-name")
                }
                (EntityKind::Organization | EntityKind::Platform, NameRole::Name) => {
                    (self.by_core.get(&name.key), SAME_CORE, "short-name")
                }
                _ => continue,
            };
            likely.extend(self.others(list, u, entity, score, reason));
        }
        likely.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
        likely.truncate(QUESTIONS);
        for (score, reason, other) in likely {
            let (first, second) = pair(entity.id, other);
            let reason = reason.to_owned();
            self.questions.entry((first, second)).or_insert(JoinCandidate { first, second, score, reason });
        }
    }

    fn others(
        &self,
        list: Option<&Vec<Entity>>,
        u: &Unresolved<'_>,
        entity: &Entity,
        score: f64,
        reason: &'static str,
    ) -> Vec<(f64, &'static str, EntityId)> {
        let fits =
            |e: &&Entity| akin(e.kind, u.kind) && e.id != entity.id && !self.settled.contains(&pair(e.id, entity.id));
        let score_of = |e: &Entity| {
            let posts = |id| self.posts.get(&id).is_some_and(|p| !p.is_empty());
            let open = u.kind == EntityKind::Person && (u.posts.is_empty() || !posts(e.id));
            if open { SAME_NAME_NO_POST } else { score }
        };
        list.into_iter().flatten().filter(fits).map(|e| (score_of(e), reason, e.id)).collect()
    }
}

/// A body may be taken for a platform in one article and for an organization in another.
fn akin(one: EntityKind, other: EntityKind) -> bool {
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
    let qualifier = if names.is_distinctive(u.kind, name) { String::new() } else { u.within.clone() };
    let kind = if u.kind == EntityKind::Platform { EntityKind::Organization } else { u.kind };
    let id = made_of(&[kind.as_str(), &fold_key(name), &fold_key(&qualifier)]);
    Entity { id: EntityId(id), kind: u.kind, name: name.to_owned(), qualifier }
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
    use keqiao_domain::{AccountId, Timestamp};

    fn names() -> Names {
        Names::new(keqiao_catalog::builtin().unwrap().taxonomy("region"))
    }

    fn empty() -> Known {
        Known::new(Vec::new(), Vec::new(), &[])
    }

    fn body<'a>(list: &[&'a str], within: &str) -> Unresolved<'a> {
        let kind = EntityKind::Organization;
        Unresolved { kind, names: list.to_vec(), within: within.into(), posts: BTreeSet::new() }
    }

    fn person<'a>(name: &'a str, posts: &[EntityId]) -> Unresolved<'a> {
        let (kind, within) = (EntityKind::Person, format!("{posts:?}"));
        Unresolved { kind, names: vec![name], within, posts: posts.iter().copied().collect() }
    }

    #[test]
    fn a_whole_name_is_the_same_everywhere_and_a_department_is_not() {
        let (mut known, names) = (empty(), names());
        let one = known.resolve(&body(&["无锡华晶微电子有限公司", "华晶公司"], "无锡"), &names).0;
        let same = known.resolve(&body(&["无锡华晶微电子有限公司"], "苏州"), &names).0;
        let short = known.resolve(&body(&["华晶公司"], "苏州"), &names).0;
        assert_eq!((one.id, one.id), (same.id, short.id));
        let here = known.resolve(&body(&["科技局"], "无锡"), &names).0;
        let there = known.resolve(&body(&["科技局"], "苏州"), &names).0;
        assert_ne!(here.id, there.id);
        assert!(known.questions().is_empty());
    }

    #[test]
    fn a_shorter_name_is_a_question() {
        let (mut known, names) = (empty(), names());
        let long = known.resolve(&body(&["无锡华晶微电子有限公司"], ""), &names).0;
        let short = known.resolve(&body(&["华晶微电子"], ""), &names).0;
        assert_ne!(long.id, short.id);
        let asked = known.questions();
        assert_eq!(asked.len(), 1);
        assert_eq!((asked[0].first, asked[0].second), pair(long.id, short.id));
    }

    #[test]
    fn people_of_one_name_are_one_where_they_share_a_post() {
        let (mut known, names) = (empty(), names());
        let [a, b, c] = [1, 2, 3].map(|n| EntityId(RecordId::from_u128(n)));
        let first = known.resolve(&person("李响", &[a]), &names).0;
        let again = known.resolve(&person("李响", &[a, b]), &names).0;
        let other = known.resolve(&person("李响", &[c]), &names).0;
        assert_eq!(first.id, again.id);
        assert_ne!(first.id, other.id);
        assert_eq!(known.questions().len(), 1);
        // Posts that came later count as well.
        assert_eq!(known.resolve(&person("李响", &[b]), &names).0.id, first.id);
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
        assert_eq!(known.resolve(&short, &names).0.id, long_id);
        assert_eq!(known.resolve(&long, &names).0.id, long_id);
        assert!(known.questions().is_empty());
        let mut known = Known::new(Vec::new(), Vec::new(), &[decision(false)]);
        assert_ne!(known.resolve(&short, &names).0.id, known.resolve(&long, &names).0.id);
        assert!(known.questions().is_empty());
    }
}
