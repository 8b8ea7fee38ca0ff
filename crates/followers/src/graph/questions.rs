//! Whom an entity may be as well: too likely to be silent of, too doubtful to join.

use std::collections::{BTreeMap, BTreeSet};

use keqiao_domain::{EntityId, EntityKind, JoinCandidate};
use keqiao_store::graph::{Name, NameRole};

use super::names::Names;
use super::resolve::{Known, Unresolved, pair};

/// So many entities of the same name one is held against, so that a frequent name makes no crowd of questions.
const QUESTIONS: usize = 3;
const SAME_NAME: f64 = 0.5;
const SAME_NAME_NO_POST: f64 = 0.6;
const SAME_ALIAS: f64 = 0.4;
const SAME_CORE: f64 = 0.7;

impl Known {
    /// Notes whom an entity may be by the names that an article has for it.
    pub(super) fn ask(&mut self, u: &Unresolved<'_>, id: EntityId, own: &[Name], names: &Names) {
        let mut likely: Vec<(f64, &'static str, EntityId)> = Vec::new();
        for name in own {
            let (same, core) = (self.by_key.get(&name.key), self.by_core.get(&name.key));
            match u.kind {
                EntityKind::Person if name.role == NameRole::Name => {
                    likely.extend(self.others(same, u, id, SAME_NAME, "same-name"));
                }
                EntityKind::Organization | EntityKind::Platform => {
                    if name.role == NameRole::Core {
                        likely.extend(self.others(same, u, id, SAME_CORE, "short-name"));
                    } else if names.is_distinctive(u.kind, &name.name) {
                        likely.extend(self.others(same, u, id, SAME_ALIAS, "alias"));
                    }
                    if name.role != NameRole::Alias {
                        likely.extend(self.others(core, u, id, SAME_CORE, "short-name"));
                    }
                }
                _ => {}
            }
        }
        likely.retain(|l| !self.lies_apart(l.2, u.names[0], names));
        likely.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
        let mut asked = BTreeSet::new();
        likely.retain(|l| asked.insert(l.2));
        likely.truncate(QUESTIONS);
        for (score, reason, other) in likely {
            let (first, second) = pair(id, other);
            let reason = reason.to_owned();
            self.questions.entry((first, second)).or_insert(JoinCandidate { first, second, score, reason });
        }
    }

    fn others(
        &self,
        list: Option<&BTreeMap<EntityId, bool>>,
        u: &Unresolved<'_>,
        own: EntityId,
        score: f64,
        reason: &'static str,
    ) -> Vec<(f64, &'static str, EntityId)> {
        let fits = |id: &EntityId| self.is_akin(*id, u.kind) && *id != own && !self.settled.contains(&pair(*id, own));
        let score_of = |id: EntityId| {
            let posts = self.posts.get(&id).is_some_and(|p| !p.is_empty());
            let open = u.kind == EntityKind::Person && (u.posts.is_empty() || !posts);
            if open { SAME_NAME_NO_POST } else { score }
        };
        let ids = list.into_iter().flat_map(BTreeMap::keys).copied();
        ids.filter(fits).map(|id| (score_of(id), reason, id)).collect()
    }
}
