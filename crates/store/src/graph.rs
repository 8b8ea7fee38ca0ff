//! What the follower of the graph writes, and what it asks while it resolves names.

mod asked;
mod counted;
pub(crate) mod parts;

pub use counted::miscounted;

pub use asked::{NameHit, articles_calling, named_by, organizations_of};

use std::collections::{BTreeMap, BTreeSet, HashSet};

use keqiao_domain::{ArticleId, Audience, Entity, EntityId, Fact};

use crate::conn::Conn;
use crate::sql::{Query, Result, corrupt, insert_rows};
use crate::values::{Arg, Bind};
use crate::{entities, ties};

/// The name of the follower that keeps the graph, also that of its cursor.
pub const FOLLOWER: &str = "graph";

/// What an article adds to the graph.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// The article.
    pub article: ArticleId,
    /// Its day of publication; empty: unknown.
    pub day: String,
    /// Who may see it.
    pub audience: Audience,
    /// What it names.
    pub named: Vec<Named>,
    /// What it says.
    pub facts: Vec<Fact>,
}

/// An entity that an article names.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Its id in the article.
    pub local: String,
    /// The entity as this article has it: with its fullest name here, and what tells it apart where that made its id.
    pub entity: Entity,
    /// The id it would have if no other article named it.
    pub anchor: EntityId,
    /// Its names in the article, each with its key and role.
    pub names: Vec<Name>,
    /// How often the article names it.
    pub mentions: i64,
}

/// A name of an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// As it stands.
    pub name: String,
    /// By which it is looked up.
    pub key: String,
    /// What it is.
    pub role: NameRole,
}

/// What a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameRole {
    /// The fullest name in its article.
    Name,
    /// Another name that stands there.
    Alias,
    /// What is left of a name without region and legal form; stands nowhere.
    Core,
}

impl NameRole {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Alias => "alias",
            Self::Core => "core",
        }
    }

    fn read(word: &str) -> Result<Self> {
        let all = [Self::Name, Self::Alias, Self::Core];
        all.into_iter().find(|r| r.as_str() == word).ok_or_else(|| corrupt("role", format_args!("{word:?} is none")))
    }
}

/// An entity that an article named before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// The article.
    pub article: ArticleId,
    /// The id it would have had if no other article named it.
    pub anchor: EntityId,
    /// The entity as the article had it.
    pub entity: Entity,
}

/// Removes all that articles added; answers the entities they named.
///
/// # Errors
/// When it cannot be removed.
pub async fn clear(conn: &mut Conn, articles: &[ArticleId]) -> Result<Vec<Before>> {
    let mut named = Vec::new();
    for chunk in articles.chunks(256) {
        let mut query = Query::new(
            "SELECT article_id, anchor_id, entity_id AS id, kind, name, qualifier FROM article_entities \
             WHERE article_id IN ",
        );
        query.list(chunk.iter().copied());
        query.push(" ORDER BY article_id, local_id");
        let before = query.all(conn, |r| {
            Ok(Before { article: r.get("article_id")?, anchor: r.get("anchor_id")?, entity: entities::read(r)? })
        });
        named.extend(before.await?);
        let share = ties::Share::of_articles(conn, chunk).await?;
        let names = parts::names_in(conn, chunk).await?;
        for delete in [
            "DELETE FROM facts WHERE article_id IN ",
            "DELETE FROM article_entities WHERE article_id IN ",
            "DELETE FROM entity_names WHERE article_id IN ",
            "DELETE FROM agreement_articles WHERE article_id IN ",
        ] {
            let mut query = Query::new(delete);
            query.list(chunk.iter().copied());
            query.run(conn).await?;
        }
        ties::count_out(conn, &share).await?;
        parts::remove(conn, &names).await?;
    }
    let ids: BTreeSet<EntityId> = named.iter().map(|b| b.entity.id).collect();
    entities::count_again(conn, &ids.into_iter().collect::<Vec<_>>()).await?;
    Ok(named)
}

/// Removes everything that is derived.
///
/// # Errors
/// When it cannot be removed.
pub async fn clear_all(conn: &mut Conn) -> Result<()> {
    for delete in [
        "DELETE FROM fact_arguments",
        "DELETE FROM facts",
        "DELETE FROM article_entities",
        "DELETE FROM entity_names",
        "DELETE FROM name_parts",
        "DELETE FROM join_candidates",
        "DELETE FROM agreement_articles",
        "DELETE FROM entities",
        "DELETE FROM entity_counts",
        "DELETE FROM ties",
    ] {
        Query::new(delete).run(conn).await?;
    }
    Ok(())
}

/// Adds what articles say. What they added before must have been cleared.
///
/// # Errors
/// When it cannot be written.
pub async fn add(conn: &mut Conn, projections: &[Projection]) -> Result<()> {
    let (mut as_named, mut named, mut names) = (Vec::new(), Vec::new(), Vec::new());
    let (mut facts, mut arguments) = (Vec::new(), Vec::new());
    for p in projections {
        let audience = p.audience.to_string();
        for n in &p.named {
            as_named.push(n.entity.clone());
            named.push(vec![
                p.article.arg(),
                n.local.as_str().arg(),
                n.entity.id.arg(),
                n.anchor.arg(),
                n.entity.kind.as_str().arg(),
                n.entity.name.as_str().arg(),
                n.entity.qualifier.as_str().arg(),
                n.mentions.arg(),
                p.day.as_str().arg(),
                audience.as_str().arg(),
            ]);
            names.extend(n.names.iter().map(|name| name_row(p.article, &n.entity, name, &audience)));
        }
        for fact in &p.facts {
            facts.push(fact_row(fact));
            arguments.extend(argument_rows(fact));
        }
    }
    let ids: Vec<EntityId> = as_named.iter().map(|e| e.id).collect();
    let known = entities::find_many(conn, &ids).await?;
    entities::put(conn, &known, merged(known.iter().cloned().chain(as_named))).await?;
    let into = "INSERT INTO article_entities (article_id, local_id, entity_id, anchor_id, kind, name, qualifier, mentions, day, \
                audience)";
    insert_rows(conn, into, named, "").await?;
    let into = "INSERT INTO entity_names (article_id, name_key, entity_id, kind, name, role, audience)";
    insert_rows(conn, into, names, " ON CONFLICT (article_id, entity_id, name_key, role) DO NOTHING").await?;
    let into =
        "INSERT INTO facts (id, article_id, kind, day, confidence, first_char, end_char, status, audience, sentence)";
    insert_rows(conn, into, facts, "").await?;
    let into = "INSERT INTO fact_arguments (fact_id, ordinal, role, entity_id, kind, day, audience, text)";
    insert_rows(conn, into, arguments, "").await?;
    let named = projections.iter().flat_map(|p| &p.named).flat_map(|n| &n.names);
    let called = named.filter(|n| n.role != NameRole::Core).map(|n| n.key.as_str()).collect();
    parts::add(conn, &called).await?;
    entities::count_in(conn, projections).await?;
    ties::count_in(conn, &ties::Share::of(projections.iter().flat_map(|p| &p.facts))).await
}

/// What articles have for entities, taken together: the same in whatever order they came.
fn merged(list: impl IntoIterator<Item = Entity>) -> BTreeMap<EntityId, Entity> {
    let mut out: BTreeMap<EntityId, Entity> = BTreeMap::new();
    for entity in list {
        match out.entry(entity.id) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(entity);
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => entry.get_mut().take_in(&entity),
        }
    }
    out
}

fn name_row(article: ArticleId, entity: &Entity, name: &Name, audience: &str) -> Vec<Arg> {
    vec![
        article.arg(),
        name.key.as_str().arg(),
        entity.id.arg(),
        entity.kind.as_str().arg(),
        name.name.as_str().arg(),
        name.role.as_str().arg(),
        audience.arg(),
    ]
}

fn fact_row(f: &Fact) -> Vec<Arg> {
    vec![
        f.id.arg(),
        f.article.arg(),
        f.kind.as_str().arg(),
        f.day.as_deref().unwrap_or_default().arg(),
        f.confidence.arg(),
        i64::from(f.span.start).arg(),
        i64::from(f.span.end).arg(),
        f.status.as_str().arg(),
        f.audience.to_string().arg(),
        f.sentence.as_str().arg(),
    ]
}

fn argument_rows(f: &Fact) -> impl Iterator<Item = Vec<Arg>> {
    let (day, audience) = (f.day.as_deref().unwrap_or_default(), f.audience.to_string());
    (0i64..).zip(&f.args).map(move |(ordinal, a)| {
        vec![
            f.id.arg(),
            ordinal.arg(),
            a.role.as_str().arg(),
            a.entity.arg(),
            f.kind.as_str().arg(),
            day.arg(),
            audience.as_str().arg(),
            a.text.as_str().arg(),
        ]
    })
}

/// Sets right the entities that articles named before and name so no longer: what is left of them is what other
/// articles have, and nothing where there are none.
///
/// # Errors
/// When they cannot be written.
pub async fn settle(conn: &mut Conn, before: &[Before], added: &[Projection]) -> Result<()> {
    let now: HashSet<&Entity> = added.iter().flat_map(|p| &p.named).map(|n| &n.entity).collect();
    let mut lost: Vec<EntityId> = before.iter().map(|b| &b.entity).filter(|e| !now.contains(e)).map(|e| e.id).collect();
    lost.sort_unstable();
    lost.dedup();
    for chunk in lost.chunks(256) {
        let mut query = Query::new(
            "SELECT DISTINCT entity_id AS id, kind, name, qualifier FROM article_entities WHERE entity_id IN ",
        );
        query.list(chunk.iter().copied());
        let left = merged(query.all(conn, entities::read).await?);
        let gone: Vec<EntityId> = chunk.iter().copied().filter(|id| !left.contains_key(id)).collect();
        let known = entities::find_many(conn, chunk).await?;
        entities::put(conn, &known, left).await?;
        for delete in [
            "DELETE FROM entities WHERE id IN ",
            "DELETE FROM join_candidates WHERE first_id IN ",
            "DELETE FROM join_candidates WHERE second_id IN ",
        ] {
            if !gone.is_empty() {
                let mut query = Query::new(delete);
                query.list(gone.iter().copied());
                query.run(conn).await?;
            }
        }
    }
    Ok(())
}
