//! What facts add to the ties, counted in and out.

use std::collections::{BTreeMap, BTreeSet};

use keqiao_domain::{ArticleId, EntityId, Fact, FactId, FactKind};

use super::widen;
use crate::conn::Conn;
use crate::sql::{Query, Result, Row, insert_rows};
use crate::values::{Arg, Bind};

/// One end, the other, kind and audience.
type Key = (EntityId, EntityId, FactKind, String);

/// Kind, day and audience of a fact.
type About = (FactKind, String, String);

/// What facts add to the ties: their number and days.
#[derive(Debug, Default)]
pub(crate) struct Share(BTreeMap<Key, (i64, [String; 2])>);

impl Share {
    fn fact(&mut self, entities: &BTreeSet<EntityId>, kind: FactKind, day: &str, audience: &str) {
        for one in entities {
            for other in entities.iter().filter(|e| *e != one) {
                let entry = self.0.entry((*one, *other, kind, audience.to_owned())).or_default();
                entry.0 += 1;
                widen(&mut entry.1, &[day.to_owned(), day.to_owned()]);
            }
        }
    }

    /// Of new facts.
    pub(crate) fn of<'a>(facts: impl Iterator<Item = &'a Fact>) -> Self {
        let mut share = Self::default();
        for fact in facts {
            let entities = fact.args.iter().filter_map(|a| a.entity).collect();
            share.fact(&entities, fact.kind, fact.day.as_deref().unwrap_or_default(), &fact.audience.to_string());
        }
        share
    }

    /// Of the facts that are kept of these articles.
    pub(crate) async fn of_articles(conn: &mut Conn, articles: &[ArticleId]) -> Result<Self> {
        let mut query = Query::new(
            "SELECT a.fact_id, a.entity_id, a.kind, a.day, a.audience FROM fact_arguments a \
             JOIN facts f ON f.id = a.fact_id WHERE a.entity_id IS NOT NULL AND f.article_id IN ",
        );
        query.list(articles.iter().copied());
        let read = |r: &Row| {
            let about: About = (r.word("kind")?, r.get("day")?, r.get("audience")?);
            Ok((r.get::<FactId>("fact_id")?, r.get::<EntityId>("entity_id")?, about))
        };
        let mut facts: BTreeMap<FactId, (BTreeSet<EntityId>, About)> = BTreeMap::new();
        for (fact, entity, about) in query.all(conn, read).await? {
            facts.entry(fact).or_insert_with(|| (BTreeSet::new(), about)).0.insert(entity);
        }
        let mut share = Self::default();
        for (entities, (kind, day, audience)) in facts.into_values() {
            share.fact(&entities, kind, &day, &audience);
        }
        Ok(share)
    }

    fn rows(&self, sign: i64) -> Vec<Vec<Arg>> {
        let row = |((one, other, kind, audience), (n, [first, last])): (&Key, &(i64, [String; 2]))| {
            vec![
                one.arg(),
                other.arg(),
                kind.as_str().arg(),
                audience.as_str().arg(),
                (sign * n).arg(),
                first.as_str().arg(),
                last.as_str().arg(),
            ]
        };
        self.0.iter().map(row).collect()
    }
}

const INTO: &str = "INSERT INTO ties (one_id, other_id, kind, audience, facts, first_day, last_day)";

/// Counts facts in that were added.
pub(crate) async fn count_in(conn: &mut Conn, share: &Share) -> Result<()> {
    let end = " ON CONFLICT (one_id, other_id, kind, audience) DO UPDATE SET facts = ties.facts + excluded.facts, \
               first_day = CASE WHEN ties.first_day = '' OR (excluded.first_day <> '' \
               AND excluded.first_day < ties.first_day) THEN excluded.first_day ELSE ties.first_day END, \
               last_day = CASE WHEN excluded.last_day > ties.last_day THEN excluded.last_day ELSE ties.last_day END";
    insert_rows(conn, INTO, share.rows(1), end).await
}

/// Counts facts out that were removed. Of a tie that others still hold, days that were theirs are looked up again.
pub(crate) async fn count_out(conn: &mut Conn, share: &Share) -> Result<()> {
    let end = " ON CONFLICT (one_id, other_id, kind, audience) DO UPDATE SET facts = ties.facts + excluded.facts";
    insert_rows(conn, INTO, share.rows(-1), end).await?;
    let ends: BTreeSet<EntityId> = share.0.keys().map(|k| k.0).collect();
    for chunk in ends.into_iter().collect::<Vec<_>>().chunks(256) {
        let mut query = Query::new("DELETE FROM ties WHERE facts <= 0 AND one_id IN ");
        query.list(chunk.iter().copied());
        query.run(conn).await?;
    }
    for (key, (_, gone)) in share.0.iter().filter(|(key, _)| key.0 < key.1) {
        let Some(days) = days_of(conn, key).await? else { continue };
        if gone.iter().any(|day| !day.is_empty() && days.contains(day)) {
            look_up(conn, key).await?;
        }
    }
    Ok(())
}

async fn days_of(conn: &mut Conn, (one, other, kind, audience): &Key) -> Result<Option<[String; 2]>> {
    Query::new(
        "SELECT first_day, last_day FROM ties WHERE one_id = $1 AND other_id = $2 AND kind = $3 AND audience = $4",
    )
    .bind(*one)
    .bind(*other)
    .bind(kind.as_str())
    .bind(audience)
    .first(conn, |r| Ok([r.get("first_day")?, r.get("last_day")?]))
    .await
}

async fn look_up(conn: &mut Conn, (one, other, kind, audience): &Key) -> Result<()> {
    let found = Query::new(
        "SELECT COALESCE(MIN(CASE WHEN f.day <> '' THEN f.day END), '') AS first_day, \
         COALESCE(MAX(f.day), '') AS last_day FROM fact_arguments f WHERE f.entity_id = $1 AND f.kind = $2 \
         AND f.audience = $3 AND EXISTS (SELECT 1 FROM fact_arguments b WHERE b.fact_id = f.fact_id \
         AND b.entity_id = $4)",
    )
    .bind(*one)
    .bind(kind.as_str())
    .bind(audience)
    .bind(*other);
    let days: Option<[String; 2]> = found.first(conn, |r| Ok([r.get("first_day")?, r.get("last_day")?])).await?;
    let [first, last] = days.unwrap_or_default();
    let update = Query::new(
        "UPDATE ties SET first_day = $1, last_day = $2 WHERE kind = $3 AND audience = $4 \
         AND ((one_id = $5 AND other_id = $6) OR (one_id = $6 AND other_id = $5))",
    );
    update.bind(&first).bind(&last).bind(kind.as_str()).bind(audience).bind(*one).bind(*other).run(conn).await?;
    Ok(())
}
