//! What ties two entities, counted by its facts.

use keqiao_domain::{Audience, EntityId, Fact, FactKind, RecordId};
use keqiao_store::graph::Projection;
use keqiao_store::ties::{COUNTED, TieFilter};
use keqiao_store::{entities, graph, ties};
use sqlx::{AnyConnection, AssertSqlSafe, Executor as _};

use crate::articles::{article, article_id, bring_in};
use crate::database::Database;
use crate::graph::{entity, entity_id, fact, keep, named, projection, take_out};

pub(crate) async fn ties_are_counted_by_facts_and_know_their_days(db: Database) {
    let store = db.open().await;
    bring_in(&store, &[article(1), article(2)]).await;
    let [a, b, c] = [1, 2, 3].map(entity_id);
    let parties = [("parties", Some(a)), ("parties", Some(b))];
    let met_with = [("visitors", Some(a)), ("hosts", Some(c))];
    let here = article_id(1);
    let all = vec![
        fact(1, here, FactKind::Signed, Some("2024-05-01"), &parties),
        fact(2, here, FactKind::Signed, None, &parties),
        // Twice in one fact counts once.
        fact(3, here, FactKind::Signed, Some("2023-05-01"), &[parties[0], parties[1], ("signatories", Some(b))]),
        fact(4, here, FactKind::Met, None, &[("visitors", Some(a)), ("hosts", Some(c)), ("place", None)]),
    ];
    keep(&store, &[projection(1, Vec::new(), all)]).await.unwrap();
    let conn = &mut store.reader().await.unwrap();
    let mut ties = async |of: &[EntityId], filter: TieFilter| {
        let found = ties::strongest(conn, of, &filter, None, 99).await.unwrap();
        let row = |t: ties::Tie| (t.to, t.kind, t.facts, t.days.concat());
        found.into_iter().map(row).collect::<Vec<_>>()
    };
    let signed = (b, FactKind::Signed, 3, "2023-05-012024-05-01".to_owned());
    let met = (c, FactKind::Met, 1, String::new());
    assert_eq!(ties(&[a], TieFilter::default()).await, [signed.clone(), met.clone()]);
    let of_met = TieFilter { kinds: vec![FactKind::Met], ..TieFilter::default() };
    assert_eq!(ties(&[a, b], of_met).await, [met]);
    let late = TieFilter { from: Some("2024-01-01".to_owned()), ..TieFilter::default() };
    assert_eq!(ties(&[a], late).await, [(b, FactKind::Signed, 1, "2024-05-012024-05-01".to_owned())]);
    // However many facts are younger, those of the period are counted.
    let many = (0..450).map(|n| fact(100 + n, article_id(1), FactKind::Met, Some("2024-06-01"), &met_with));
    keep(&store, &[projection(2, Vec::new(), many.map(|f| Fact { article: article_id(2), ..f }).collect())])
        .await
        .unwrap();
    let early = TieFilter { to: Some("2023-12-31".to_owned()), ..TieFilter::default() };
    assert_eq!(ties(&[a], early).await, [(b, FactKind::Signed, 1, "2023-05-012023-05-01".to_owned())]);
    let since = TieFilter { from: Some("2023-01-01".to_owned()), ..TieFilter::default() };
    let both = [(c, FactKind::Met, 450, "2024-06-012024-06-01".to_owned()), (b, FactKind::Signed, 2, signed.3)];
    assert_eq!(ties(&[a], since.clone()).await, both);
    assert_eq!(ties::count_of(&mut store.reader().await.unwrap(), a, &since, None).await.unwrap(), 2);
    assert_eq!(ties(&[], TieFilter::default()).await, []);
    assert_eq!(ties(&[EntityId(RecordId::nil())], TieFilter::default()).await, []);
}

pub(crate) async fn counts_come_to_the_same_whatever_was_there_before(db: Database) {
    let store = db.open().await;
    bring_in(&store, &[article(1), article(2), article(3)]).await;
    let [a, b, c] = [1, 2, 3].map(entity_id);
    let part = |n: u128, days: [Option<&str>; 2], audience: Audience| {
        let both = [("parties", Some(a)), ("parties", Some(b))];
        let [first, second] = days;
        let facts = vec![
            fact(10 * n, article_id(n), FactKind::Signed, first, &both),
            fact(10 * n + 1, article_id(n), FactKind::Signed, second, &[both[0], both[1], ("signatories", Some(c))]),
        ];
        let facts = facts.into_iter().map(|f| Fact { audience, ..f }).collect();
        let entities = vec![named("e1", entity(1, "甲研究院")), named("e2", entity(2, "乙研究院"))];
        Projection { audience, day: format!("2024-0{n}-01"), ..projection(n, entities, facts) }
    };
    let one = part(1, [Some("2023-01-02"), None], Audience::Public);
    let two = part(2, [Some("2025-01-02"), Some("2023-01-02")], Audience::Public);
    let three = part(3, [Some("2021-01-02"), Some("2022-01-02")], Audience::Member);
    keep(&store, &[one.clone(), two.clone(), three.clone()]).await.unwrap();
    let told = async |tokens: Option<&[String]>| {
        let conn = &mut store.reader().await.unwrap();
        assert_eq!(graph::miscounted(conn).await.unwrap(), 0);
        let found = ties::strongest(conn, &[a], &TieFilter::default(), tokens, 9).await.unwrap();
        assert_eq!(ties::count_of(conn, a, &TieFilter::default(), tokens).await.unwrap(), found.len() as i64);
        let among = ties::among(conn, &[a, b, c], &TieFilter::default(), tokens).await.unwrap();
        assert_eq!(among.iter().filter(|t| t.from == a).cloned().collect::<Vec<_>>(), found);
        let rows = found.into_iter().map(|t| (t.to, t.facts, t.days.join(" ")));
        let known = entities::known_of(conn, a, tokens).await.unwrap();
        (rows.collect::<Vec<_>>(), known.articles, known.days.join(" "))
    };
    let public = [Audience::Public.to_string()];
    let of_two = vec![(b, 4, "2023-01-02 2025-01-02".to_owned()), (c, 2, "2023-01-02 2023-01-02".to_owned())];
    assert_eq!(told(Some(&public)).await, (of_two.clone(), 2, "2024-01-01 2024-02-01".to_owned()));
    let of_all = vec![(b, 6, "2021-01-02 2025-01-02".to_owned()), (c, 3, "2022-01-02 2023-01-02".to_owned())];
    assert_eq!(told(None).await, (of_all, 3, "2024-01-01 2024-03-01".to_owned()));
    // What was removed counts no more, nor do its days; read again it counts once.
    take_out(&store, 2).await;
    let of_one = vec![(b, 2, "2023-01-02 2023-01-02".to_owned()), (c, 1, String::from(" "))];
    assert_eq!(told(Some(&public)).await, (of_one, 1, "2024-01-01 2024-01-01".to_owned()));
    keep(&store, std::slice::from_ref(&two)).await.unwrap();
    keep(&store, &[two, one]).await.unwrap();
    assert_eq!(told(Some(&public)).await, (of_two, 2, "2024-01-01 2024-02-01".to_owned()));
    for n in 1..=3 {
        take_out(&store, n).await;
    }
    assert_eq!(told(None).await, (Vec::new(), 0, " ".to_owned()));
}

/// Facts of one day in which a hub stands with sixty others in turn.
const MANY: u32 = 100_000;
const SPOKES: u32 = 60;

async fn fill(raw: &mut AnyConnection, hub: EntityId) {
    let article = article_id(1);
    let numbers = format!("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {MANY}) ");
    let facts = format!(
        "INSERT INTO facts (id, article_id, kind, day, confidence, first_char, end_char, status, audience, sentence) \
         {numbers} SELECT 'fact ' || n, '{article}', 'met', '2024-06-01', 1, 0, 1, 'read', 'public', '' FROM c"
    );
    raw.execute(AssertSqlSafe(facts)).await.unwrap();
    let into = "INSERT INTO fact_arguments (fact_id, ordinal, role, entity_id, kind, day, audience, text) ";
    let about = "'met', '2024-06-01', 'public', '' FROM c";
    let mut arguments = vec![format!("{into} {numbers} SELECT 'fact ' || n, 0, 'hosts', '{hub}', {about}")];
    arguments.extend((0..SPOKES).map(|spoke| {
        let other = entity_id(10 + u128::from(spoke));
        let every = format!("{about} WHERE n % {SPOKES} = {spoke}");
        format!("{into} {numbers} SELECT 'fact ' || n, 1, 'visitors', '{other}', {every}")
    }));
    for sql in arguments {
        raw.execute(AssertSqlSafe(sql)).await.unwrap();
    }
}

pub(crate) async fn a_hub_of_a_hundred_thousand_facts_costs_no_more_than_its_latest(db: Database) {
    let store = db.open().await;
    bring_in(&store, &[article(1), article(2)]).await;
    let (hub, rare) = (entity_id(1), entity_id(2));
    let old = fact(
        1,
        article_id(2),
        FactKind::Signed,
        Some("2020-05-01"),
        &[("parties", Some(hub)), ("parties", Some(rare))],
    );
    keep(&store, &[projection(2, Vec::new(), vec![Fact { article: article_id(2), ..old }])]).await.unwrap();
    fill(&mut db.raw().await, hub).await;
    let conn = &mut store.reader().await.unwrap();
    let since = TieFilter { from: Some("2020-01-01".to_owned()), ..TieFilter::default() };
    let near = ties::strongest(conn, &[hub], &since, None, 999).await.unwrap();
    assert_eq!((near.len(), near.iter().map(|t| t.facts).sum::<i64>()), (SPOKES as usize, COUNTED));
    assert!(ties::is_cut(conn, hub, &since, None).await.unwrap());
    // A rare kind is looked up by itself, and none of the others stand in its way.
    let signed = TieFilter { kinds: vec![FactKind::Signed, FactKind::Held], ..since.clone() };
    let found = ties::strongest(conn, &[hub], &signed, None, 999).await.unwrap();
    assert_eq!(found.iter().map(|t| (t.to, t.facts)).collect::<Vec<_>>(), [(rare, 1)]);
    assert!(!ties::is_cut(conn, hub, &signed, None).await.unwrap());
    // A picture of the hub and all around it: each end counts its latest, and the one that knows more is believed.
    let all: Vec<EntityId> =
        [hub, rare].into_iter().chain((0..SPOKES).map(|n| entity_id(10 + u128::from(n)))).collect();
    let drawn = ties::among(conn, &all, &since, None).await.unwrap();
    assert_eq!(drawn.len(), SPOKES as usize + 1);
    assert!(drawn.iter().all(|t| t.from == hub && t.facts == if t.to == rare { 1 } else { COUNTED }), "{drawn:?}");
    // Who sees none of them is told of none.
    let nobody: [String; 1] = [Audience::Member.to_string()];
    assert_eq!(ties::strongest(conn, &all, &since, Some(&nobody), 999).await.unwrap(), []);
    assert!(!ties::is_cut(conn, hub, &since, Some(&nobody)).await.unwrap());
}
