//! What the follower of the graph keeps: entities and facts.

use std::collections::BTreeSet;

use keqiao_domain::{
    Argument, ArticleId, Audience, Entity, EntityId, EntityKind, Fact, FactId, FactKind, FactStatus, JoinCandidate,
    Span, fold_key,
};
use keqiao_store::entities::EntityFilter;
use keqiao_store::facts::{FactFilter, FactOrder, Period};
use keqiao_store::graph::{Name, NameRole, Named, Projection};
use keqiao_store::ties::TieFilter;
use keqiao_store::{Store, StoreError, entities, facts, graph, joins, ties};

use crate::articles::{article, article_id, bring_in};
use crate::database::{Database, conflict};
use crate::samples::uuid;
use crate::transact;

pub(crate) fn entity_id(n: u128) -> EntityId {
    EntityId(uuid(2_000 + n))
}

pub(crate) fn entity(n: u128, name: &str) -> Entity {
    Entity { id: entity_id(n), kind: EntityKind::Organization, name: name.to_owned(), qualifier: String::new() }
}

fn name(text: &str, role: NameRole) -> Name {
    Name { name: text.to_owned(), key: fold_key(text), role }
}

pub(crate) fn named(local: &str, entity: Entity) -> Named {
    let names = vec![name(&entity.name, NameRole::Name)];
    Named { local: local.to_owned(), anchor: entity_id(99), entity, names, mentions: 2 }
}

/// A fact in which these entities stand in a row of roles.
pub(crate) fn fact(
    n: u128,
    article: ArticleId,
    kind: FactKind,
    day: Option<&str>,
    args: &[(&str, Option<EntityId>)],
) -> Fact {
    let argument = |(role, entity): &(&str, Option<EntityId>)| Argument {
        role: (*role).to_owned(),
        entity: *entity,
        text: format!("词{n}"),
    };
    Fact {
        id: FactId(uuid(3_000 + n)),
        article,
        kind,
        args: args.iter().map(argument).collect(),
        day: day.map(str::to_owned),
        confidence: 0.1 + 0.2,
        span: Span { start: 4, end: u32::MAX },
        sentence: format!("第{n}句。"),
        status: FactStatus::Read,
        audience: Audience::Public,
    }
}

pub(crate) fn projection(n: u128, named: Vec<Named>, facts: Vec<Fact>) -> Projection {
    Projection { article: article_id(n), day: "2024-01-01".to_owned(), audience: Audience::Public, named, facts }
}

pub(crate) async fn keep(store: &Store, all: &[Projection]) -> Result<(), StoreError> {
    let all = all.to_vec();
    transact!(store, conn => {
        let ids: Vec<ArticleId> = all.iter().map(|p| p.article).collect();
        let before = graph::clear(conn, &ids).await?;
        graph::add(conn, &all).await?;
        graph::settle(conn, &before, &all).await?;
    })
}

/// An article's part of the graph is gone, or emptied.
pub(crate) async fn take_out(store: &Store, n: u128) {
    transact!(store, conn => {
        let before = graph::clear(conn, &[article_id(n)]).await?;
        graph::settle(conn, &before, &[]).await?;
    })
    .unwrap();
}

/// Whether a fact is one of those that a filter lets through.
type Fits<'f> = &'f dyn Fn(&Fact) -> bool;

pub(crate) async fn what_an_article_adds_reads_back_and_goes_without_a_rest(db: Database) {
    let store = db.open().await;
    bring_in(&store, &[article(1), article(2)]).await;
    let (a, b) = (entity(1, "甲研究院"), Entity { qualifier: "无锡".to_owned(), ..entity(2, "科技局") });
    let mut first = named("e1", a.clone());
    first.names.push(name("甲院", NameRole::Alias));
    first.names.push(name("甲", NameRole::Core));
    let args = [("parties", Some(a.id)), ("parties", Some(b.id)), ("place", None)];
    let signed = fact(1, article_id(1), FactKind::Signed, Some("2024-03-04"), &args);
    let undated = Fact { status: FactStatus::Corrected, ..fact(2, article_id(1), FactKind::Held, None, &[]) };
    let one = projection(1, vec![first, named("e2", b.clone())], vec![signed.clone(), undated.clone()]);
    keep(&store, std::slice::from_ref(&one)).await.unwrap();
    keep(&store, &[one]).await.unwrap();
    let candidate = JoinCandidate { first: a.id, second: b.id, score: 0.5, reason: "same-name".to_owned() };
    let c = candidate.clone();
    transact!(store, conn => joins::add_candidates(conn, &[c]).await?).unwrap();
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(entities::find_many(conn, &[b.id, a.id]).await.unwrap(), [b.clone(), a.clone()]);
    let names = entities::names_of(conn, a.id, None).await.unwrap();
    assert_eq!(names.iter().map(|n| n.name.as_str()).collect::<BTreeSet<_>>(), ["甲研究院", "甲院"].into());
    let here = entities::of_article(conn, article_id(1)).await.unwrap();
    assert_eq!(here.iter().map(|e| (e.local.as_str(), e.entity)).collect::<Vec<_>>(), [("e1", a.id), ("e2", b.id)]);
    assert_eq!(entities::articles_naming(conn, &[a.id, b.id]).await.unwrap(), [article_id(1)]);
    assert_eq!(facts::find(conn, signed.id).await.unwrap(), Some(signed.clone()));
    assert_eq!(facts::of_article(conn, article_id(1)).await.unwrap(), [signed.clone(), undated]);
    assert_eq!(joins::candidates(conn, None, 9).await.unwrap(), [candidate]);
    // The same fact of another article is refused, not lost.
    let twice = projection(2, Vec::new(), vec![Fact { article: article_id(2), ..signed }]);
    assert_eq!(conflict(keep(&store, &[twice]).await), "facts.id");
    take_out(&store, 1).await;
    assert_eq!((entities::count(conn).await.unwrap(), facts::count(conn).await.unwrap()), (0, 0));
    assert_eq!(joins::count_candidates(conn).await.unwrap(), 0);
    assert_eq!(graph::named_by(conn, &[&fold_key("甲院")]).await.unwrap(), []);
    let of_entity = FactFilter { entity: Some(a.id), ..FactFilter::default() };
    assert_eq!(facts::page_visible(conn, &of_entity, None, &FactOrder::Latest(None), 9).await.unwrap(), []);
}

/// Whichever article comes first, and whichever goes.
pub(crate) async fn an_entity_is_what_its_articles_have_for_it(db: Database) {
    let store = db.open().await;
    bring_in(&store, &[article(1), article(2), article(3)]).await;
    let short = Entity { kind: EntityKind::Platform, ..entity(1, "甲平台") };
    let long = Entity { qualifier: "无锡".to_owned(), ..entity(1, "江苏省甲平台") };
    let as_long = entity(1, "江苏省乙平台");
    let both = |e: &Entity, n| projection(n, vec![named("e1", e.clone())], Vec::new());
    let together = Entity { kind: EntityKind::Organization, ..long.clone() };
    for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1]] {
        for n in order {
            let e = [&short, &long, &as_long][n - 1];
            keep(&store, &[both(e, n as u128)]).await.unwrap();
        }
        let conn = &mut store.reader().await.unwrap();
        let mut expected = together.clone();
        expected.name = std::cmp::min(&long.name, &as_long.name).clone();
        assert_eq!(entities::find(conn, short.id).await.unwrap(), Some(expected), "{order:?}");
        take_out(&store, 2).await;
        let left = Entity { name: as_long.name.clone(), qualifier: String::new(), ..together.clone() };
        assert_eq!(entities::find(conn, short.id).await.unwrap(), Some(left), "{order:?}");
        take_out(&store, 3).await;
        assert_eq!(entities::find(conn, short.id).await.unwrap(), Some(short.clone()));
        take_out(&store, 1).await;
        assert_eq!(entities::find(conn, short.id).await.unwrap(), None);
    }
}

pub(crate) async fn readers_see_the_entities_of_the_articles_they_see(db: Database) {
    let store = db.open().await;
    let audiences = [Audience::Public, Audience::Member, Audience::Operator];
    let mut all = Vec::new();
    for (n, audience) in (1..).zip(audiences) {
        bring_in(&store, &[keqiao_domain::Article { readers: audience, ..article(n) }]).await;
        let own = fact(
            n,
            article_id(n),
            FactKind::Met,
            Some("2024-01-01"),
            &[("visitors", Some(entity_id(n))), ("hosts", Some(entity_id(9)))],
        );
        let both = vec![named("e1", entity(n, &format!("机构{n}"))), named("e2", entity(9, "东道主"))];
        let facts = vec![Fact { audience, ..own }];
        all.push(Projection { audience, ..projection(n, both, facts) });
    }
    keep(&store, &all).await.unwrap();
    let conn = &mut store.reader().await.unwrap();
    for (tokens, seen) in [
        (Some(vec!["public"]), vec![1]),
        (Some(vec!["public", "member"]), vec![1, 2]),
        (Some(Vec::new()), Vec::new()),
        (None, vec![1, 2, 3]),
    ] {
        let tokens: Option<Vec<String>> = tokens.map(|list| list.into_iter().map(str::to_owned).collect());
        let tokens = tokens.as_deref();
        let rows = entities::page_visible(conn, &EntityFilter::default(), tokens, None, 99).await.unwrap();
        let ids: BTreeSet<EntityId> = rows.iter().map(|r| r.entity.id).filter(|id| *id != entity_id(9)).collect();
        assert_eq!(ids, seen.iter().map(|n| entity_id(*n)).collect());
        let host = rows.iter().find(|r| r.entity.id == entity_id(9)).map_or(0, |r| r.articles);
        assert_eq!(host, seen.len() as i64);
        let every: Vec<EntityId> = (1..=3).map(entity_id).collect();
        let among: BTreeSet<_> = entities::visible_among(conn, &every, tokens).await.unwrap().into_iter().collect();
        assert_eq!(among, ids);
        for n in 1..=3 {
            let visible = entities::is_visible(conn, entity_id(n), tokens).await.unwrap();
            assert_eq!(visible, seen.contains(&n));
        }
        let names = entities::names_of(conn, entity_id(9), tokens).await.unwrap();
        assert_eq!(names.first().map_or(0, |n| n.articles), seen.len() as i64);
        let order = FactOrder::Latest(None);
        let found = facts::page_visible(conn, &FactFilter::default(), tokens, &order, 99).await.unwrap();
        assert_eq!(found.len(), seen.len());
        let counted = facts::count_by_kind(conn, &FactFilter::default(), tokens).await.unwrap();
        assert_eq!(counted.first().map_or(0, |c| c.1), seen.len() as i64);
        let days = facts::count_by_period(conn, &FactFilter::default(), tokens, Period::Month, 9).await.unwrap();
        assert_eq!(days.first().map_or(0, |d| d.1), seen.len() as i64);
        let ties = ties::strongest(conn, &[entity_id(9)], &TieFilter::default(), tokens, 99).await.unwrap();
        assert_eq!(ties.iter().map(|t| t.to).collect::<BTreeSet<_>>(), ids);
    }
}

pub(crate) async fn pages_of_entities_lose_and_repeat_nothing(db: Database) {
    let store = db.open().await;
    let mut all = Vec::new();
    for n in 1..=3 {
        bring_in(&store, &[article(n)]).await;
        let rows = (0..20).filter(|e| e % 3 < n).map(|e| named(&format!("e{e}"), entity(e, &format!("机构_{e}%"))));
        all.push(projection(n, rows.collect(), Vec::new()));
    }
    all[0].named.push(named("p", Entity { kind: EntityKind::Person, ..entity(50, "机构中人") }));
    all[0].named[0].names.push(name("甲乙丙", NameRole::Core));
    keep(&store, &all).await.unwrap();
    let conn = &mut store.reader().await.unwrap();
    let whole = entities::page_visible(conn, &EntityFilter::default(), None, None, 99).await.unwrap();
    assert_eq!(whole.len(), 21);
    assert!(whole.is_sorted_by_key(|r| std::cmp::Reverse((r.articles, r.entity.id))));
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = entities::page_visible(conn, &EntityFilter::default(), None, after, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.articles, last.entity.id));
        found.extend(page);
    }
    assert_eq!(found, whole);
    let mut count = async |kind, words: &str| {
        let filter = EntityFilter { kind, words: Some(words.to_owned()) };
        entities::page_visible(conn, &filter, None, None, 99).await.unwrap().len()
    };
    assert_eq!(count(None, "机构").await, 21);
    assert_eq!(count(Some(EntityKind::Person), "机构").await, 1);
    assert_eq!(count(None, "_1%").await, 1);
    assert_eq!(count(None, "%").await, 20);
    assert_eq!(count(None, "!").await, 0);
    assert_eq!(count(None, "甲乙丙").await, 0, "what stands nowhere is no name");
}

pub(crate) async fn facts_are_filtered_and_paged_with_unknown_days(db: Database) {
    let store = db.open().await;
    bring_in(&store, &[article(1), article(2)]).await;
    let days = [Some("2024-01-02"), None, Some("2023-12-31"), Some("2024-01-02")];
    let kinds = [FactKind::Visited, FactKind::Signed, FactKind::Held];
    let make = |n: u128| {
        let article = article_id(1 + n % 2);
        // The same entity in two roles is one fact.
        let args = [("visitors", Some(entity_id(n % 5))), ("hosts", Some(entity_id(n % 5)))];
        fact(n, article, kinds[n as usize % 3], days[n as usize % 4], &args)
    };
    let all: Vec<Fact> = (0..40).map(make).collect();
    let of = |n| all.iter().filter(|f| f.article == article_id(n)).cloned().collect();
    keep(&store, &[projection(1, Vec::new(), of(1)), projection(2, Vec::new(), of(2))]).await.unwrap();
    let conn = &mut store.reader().await.unwrap();
    let some = |day: &str| Some(day.to_owned());
    let filters: [(FactFilter, Fits<'_>); 7] = [
        (FactFilter::default(), &|_| true),
        (FactFilter { kinds: vec![FactKind::Signed, FactKind::Held], ..FactFilter::default() }, &|f| {
            f.kind != FactKind::Visited
        }),
        (FactFilter { entity: Some(entity_id(3)), ..FactFilter::default() }, &|f| {
            f.args[0].entity == Some(entity_id(3))
        }),
        (FactFilter { article: Some(article_id(2)), ..FactFilter::default() }, &|f| f.article == article_id(2)),
        (FactFilter { from: some("2024-01-01"), ..FactFilter::default() }, &|f| f.day == some("2024-01-02")),
        (FactFilter { to: some("2024-01-01"), ..FactFilter::default() }, &|f| f.day == some("2023-12-31")),
        (FactFilter { dated: true, ..FactFilter::default() }, &|f| f.day.is_some()),
    ];
    for (filter, fits) in &filters {
        let mut expected: Vec<Fact> = all.iter().filter(|f| fits(f)).cloned().collect();
        expected.sort_by_key(|f| (f.day.clone().unwrap_or_default(), f.id));
        for latest in [false, true] {
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let order = if latest { FactOrder::Latest(after) } else { FactOrder::Earliest(after) };
                let page = facts::page_visible(conn, filter, None, &order, 3).await.unwrap();
                let Some(last) = page.last() else { break };
                after = Some((last.day.clone().unwrap_or_default(), last.id));
                found.extend(page);
            }
            if latest {
                found.reverse();
            }
            assert_eq!(found, expected, "{filter:?}");
        }
        let counted: i64 = facts::count_by_kind(conn, filter, None).await.unwrap().iter().map(|c| c.1).sum();
        assert_eq!(counted, expected.len() as i64);
        let dated = expected.iter().filter(|f| f.day.is_some()).count() as i64;
        for (period, latest) in [(Period::Year, 4), (Period::Month, 7), (Period::Day, 10)] {
            let periods = facts::count_by_period(conn, filter, None, period, 9).await.unwrap();
            assert_eq!(periods.iter().map(|p| p.1).sum::<i64>(), dated);
            assert!(periods.iter().all(|p| p.0.len() == latest));
            assert!(periods.is_sorted_by(|a, b| a.0 > b.0));
        }
    }
}

pub(crate) async fn names_lead_to_entities_and_persons_to_their_posts(db: Database) {
    let store = db.open().await;
    bring_in(&store, &[article(1)]).await;
    let person = Entity { kind: EntityKind::Person, ..entity(1, "李响") };
    let mut body = named("e2", entity(2, "无锡华晶微电子有限公司"));
    body.names.push(name("华晶公司", NameRole::Alias));
    body.names.push(name("华晶微电子", NameRole::Core));
    let post = fact(
        1,
        article_id(1),
        FactKind::HoldsPosition,
        None,
        &[("person", Some(person.id)), ("organization", Some(entity_id(2))), ("organization", None)],
    );
    let other = fact(
        2,
        article_id(1),
        FactKind::Visited,
        None,
        &[("person", Some(person.id)), ("organization", Some(entity_id(3)))],
    );
    keep(&store, &[projection(1, vec![named("e1", person.clone()), body], vec![post, other])]).await.unwrap();
    let conn = &mut store.reader().await.unwrap();
    let keys = ["李响", "华晶公司", "华晶微电子", "无此名"].map(fold_key);
    let mut called = async |words: &str| {
        let filter = EntityFilter { words: Some(words.to_owned()), ..EntityFilter::default() };
        entities::page_visible(conn, &filter, None, None, 9).await.unwrap().len()
    };
    // Any part of a name that stands somewhere finds it; what was made of a name does not.
    assert_eq!((called("晶公").await, called("微电子有限").await, called("晶微电子").await), (1, 1, 1));
    assert_eq!((called("响").await, called("公司李").await, called("%").await), (1, 0, 0));
    let hits = graph::named_by(conn, &keys.each_ref().map(String::as_str)).await.unwrap();
    let found: BTreeSet<_> = hits.iter().map(|h| (h.entity.id, h.key.as_str(), h.role == NameRole::Core)).collect();
    let expected = [
        (entity_id(1), keys[0].as_str(), false),
        (entity_id(2), keys[1].as_str(), false),
        (entity_id(2), keys[2].as_str(), true),
    ];
    assert_eq!(found, expected.into());
    assert_eq!(graph::organizations_of(conn, &[person.id]).await.unwrap(), [(person.id, entity_id(2))]);
    transact!(store, conn => graph::clear_all(conn).await?).unwrap();
    assert_eq!((entities::count(conn).await.unwrap(), facts::count(conn).await.unwrap()), (0, 0));
}
