//! The graph: kept from articles and from what persons said, replayed, and made anew.

use keqiao_domain::{
    Action, Agreement, AgreementId, AgreementParty, Article, ArticleState, Audience, Change, CorrectedFact, Correction,
    CorrectionId, Fact, FactKind, FactStatus, Judgement, NamedEntity, RecordKind, Span,
};
use keqiao_followers::{FollowError, Follower, catch_up};
use keqiao_store::{StoreError, agreements, changes, joins};

use crate::house::{House, NOW};
use crate::news::{article_id, body, news, person, says};

const HUAJING: [&str; 2] = ["无锡华晶微电子有限公司", "华晶公司"];

/// Two sign, two hold posts.
fn signing(n: u128) -> Article {
    let entities =
        vec![body("e1", &HUAJING), body("e2", &["中国电子学会"]), person("e3", "方知行"), person("e4", "陆远舟")];
    let facts = vec![
        says(FactKind::Signed, 100, &[("parties", "@e1"), ("parties", "@e2"), ("agreement", "碳化硅联合研发协议")]),
        says(FactKind::HoldsPosition, 20, &[("person", "@e3"), ("organization", "@e1"), ("title", "总经理")]),
        says(FactKind::HoldsPosition, 22, &[("person", "@e4"), ("organization", "@e1"), ("title", "副总经理")]),
    ];
    news(n, entities, facts)
}

fn correction(fact: &Fact, judgement: Judgement, args: &[(&str, &str)]) -> Correction {
    let words = |a: &keqiao_domain::Argument| (a.role.clone(), a.text.clone());
    Correction {
        id: CorrectionId(fact.id.0),
        article: fact.article,
        fact: fact.id,
        kind: fact.kind,
        span: fact.span,
        judgement,
        content: CorrectedFact {
            args: args.iter().map(|(role, text)| ((*role).to_owned(), (*text).to_owned())).collect(),
            day: Some("2024-03-09".into()),
            sentence: fact.sentence.clone(),
            was: fact.args.iter().map(words).collect(),
        },
        by: keqiao_domain::AccountId(fact.id.0),
        at: NOW,
    }
}

async fn log(house: &House) -> Vec<Change> {
    changes::after(&mut house.store.reader().await.unwrap(), 0, 10_000).await.unwrap()
}

#[tokio::test]
async fn an_article_becomes_entities_and_facts_and_replay_changes_nothing() {
    let house = House::new().await;
    house.bring(signing(1)).await;
    house.bring(news(2, vec![body("e1", &["华晶公司"])], Vec::new())).await;
    house.follow_news().await;
    let kept = house.graph().await;
    assert_eq!(house.entity(2, "e1").await, house.entity(1, "e1").await);
    let facts = house.facts_of(1).await;
    assert_eq!(facts.len(), 3);
    let agreement = facts.iter().flat_map(|f| &f.args).find(|a| a.role == "agreement").unwrap();
    assert!(agreement.entity.is_some(), "the agreement is named by the fact alone");
    let (log, follower) = (log(&house).await, house.graph_follower("n1"));
    let last = log.last().unwrap().seq;
    follower.apply(&log, last).await.unwrap();
    assert_eq!(house.graph().await, kept);
    for change in log.iter().rev() {
        follower.apply(std::slice::from_ref(change), last).await.unwrap();
    }
    assert_eq!(house.graph().await, kept);
}

#[tokio::test]
async fn a_correction_stays_when_the_article_is_read_again() {
    let house = House::new().await;
    house.bring(signing(1)).await;
    house.follow_news().await;
    let facts = house.facts_of(1).await;
    let of = |facts: &[Fact], name: &str| facts.iter().find(|f| f.args[0].text == name).cloned();
    // Of two facts that nearly share a place and an organization the second is judged.
    let (first, second) = (of(&facts, "方知行").unwrap(), of(&facts, "陆远舟").unwrap());
    let amended = [("person", "陆远航"), ("organization", "华晶公司"), ("title", "总工程师")];
    house.say(correction(&second, Judgement::Amended, &amended)).await;
    let signed = facts.iter().find(|f| f.kind == FactKind::Signed).unwrap().clone();
    house.say(correction(&signed, Judgement::Rejected, &[])).await;
    house.follow_news().await;
    for moved in [0, 3, 60] {
        house
            .change_article(1, move |a| {
                for fact in &mut a.reading.facts {
                    let Span { start, end } = fact.span;
                    fact.span = Span { start: start + moved, end: end + moved };
                }
                // Far away they are no longer known by their place: the reader finds the signing alone.
                if moved == 60 {
                    a.reading.facts.truncate(1);
                }
            })
            .await;
        house.follow_news().await;
        let now = house.facts_of(1).await;
        if moved == 60 {
            assert_eq!(of(&now, "陆远航").unwrap().status, FactStatus::Corrected, "it stands without a reading");
            continue;
        }
        assert_eq!(now.len(), 2, "{moved}: {now:?}");
        let corrected = of(&now, "陆远航").unwrap();
        assert_eq!((corrected.id, corrected.status), (second.id, FactStatus::Corrected));
        assert_eq!(corrected.args[1].entity, Some(house.entity(1, "e1").await), "a name of the article stands for it");
        assert_eq!(corrected.day.as_deref(), Some("2024-03-09"));
        assert_eq!(of(&now, "方知行").unwrap().status, FactStatus::Read);
        assert!(moved > 0 || of(&now, "方知行").unwrap().id == first.id);
    }
}

#[tokio::test]
async fn a_withdrawn_article_takes_its_facts_along_and_back() {
    let house = House::new().await;
    house.bring(signing(1)).await;
    house.bring(news(2, vec![body("e1", &HUAJING[..1]), body("e2", &["华晶微电子"])], Vec::new())).await;
    house.follow_news().await;
    let kept = house.graph().await;
    house.change_article(1, |a| a.state = ArticleState::Withdrawn).await;
    house.follow_news().await;
    assert!(house.facts_of(1).await.is_empty());
    let left = house.graph().await.join("\n");
    assert!(!left.contains("方知行") && !left.contains("华晶公司") && left.contains(HUAJING[0]), "{left}");
    house.change_article(1, |a| a.state = ArticleState::Live).await;
    house.follow_news().await;
    assert_eq!(house.graph().await, kept);
    // Nothing stays of what nobody names any more.
    for n in [1, 2] {
        house.change_article(n, |a| a.state = ArticleState::Withdrawn).await;
    }
    house.follow_news().await;
    assert_eq!(house.graph().await, ["[]", "[]"]);
}

#[tokio::test]
async fn who_may_read_an_article_may_read_its_facts() {
    let house = House::new().await;
    house.bring(signing(1)).await;
    house.follow_news().await;
    house.change_article(1, |a| a.readers = Audience::Operator).await;
    house.follow_news().await;
    assert!(house.facts_of(1).await.iter().all(|f| f.audience == Audience::Operator));
}

#[tokio::test]
async fn a_join_points_facts_at_the_other_and_the_opposite_undoes_it() {
    let house = House::new().await;
    house.bring(signing(1)).await;
    let short = news(
        2,
        vec![body("e1", &["华晶微电子"]), person("e2", "方知行")],
        vec![says(FactKind::HoldsPosition, 5, &[("person", "@e2"), ("organization", "@e1")])],
    );
    house.bring(short).await;
    house.follow_news().await;
    let before = house.graph().await;
    let (long, short) = (house.entity(1, "e1").await, house.entity(2, "e1").await);
    let (one, other) = (house.entity(1, "e3").await, house.entity(2, "e2").await);
    assert!(long != short && one != other);
    let asked = joins::candidates(&mut house.store.reader().await.unwrap(), None, 9).await.unwrap();
    let is_asked = |a, b| asked.iter().any(|c| (c.first, c.second) == (std::cmp::min(a, b), std::cmp::max(a, b)));
    assert!(is_asked(long, short) && is_asked(one, other), "{asked:?}");
    house.decide(long, short, true).await;
    house.follow_news().await;
    assert_eq!(house.entity(2, "e1").await, long);
    assert_eq!(house.facts_of(2).await[0].args[1].entity, Some(long));
    let joined = house.graph().await;
    house.graph_follower("n1").rebuild(&|_| ()).await.unwrap();
    assert_eq!(house.graph().await, joined);
    house.decide(long, short, false).await;
    house.follow_news().await;
    // The same rows, but that nobody is asked again what was answered.
    let settled = |rows: Vec<String>| -> Vec<String> {
        let question = format!("{:?}, second: {:?}", std::cmp::min(long, short), std::cmp::max(long, short));
        rows.into_iter().filter(|r| !r.contains(&question)).collect()
    };
    assert_eq!(house.graph().await, settled(before.clone()));
    // Without an answer the question stands again; also after a join that is taken back.
    for same in [false, true] {
        house.decide(long, short, same).await;
        house.follow_news().await;
        house.undecide(short, long).await;
        house.follow_news().await;
        assert_eq!(house.graph().await, before);
    }
    // Also the other way round, over two steps.
    house.decide(short, long, true).await;
    house.follow_news().await;
    assert_eq!(house.entity(1, "e1").await, short);
    assert_eq!(house.facts_of(1).await[0].args[1].entity, house.facts_of(2).await[0].args[1].entity);
}

#[tokio::test]
async fn persons_of_one_name_at_two_bodies_stay_apart_and_become_a_question() {
    let house = House::new().await;
    let at = |n, body_name: &str, place: &str| {
        let facts = vec![says(FactKind::HoldsPosition, 5, &[("person", "@p"), ("organization", "@o")])];
        let place = Some(place.to_owned());
        Article { place, ..news(n, vec![person("p", "李响"), body("o", &[body_name])], facts) }
    };
    house.bring(at(1, "中国电子学会", "北京市")).await;
    house.bring(at(2, "中国电子学会", "无锡市")).await;
    house.bring(at(3, "江苏省科学技术协会", "无锡市")).await;
    // Offices of the same name in two cities are two.
    house.bring(at(4, "科技局", "无锡市")).await;
    house.bring(at(5, "科技局", "苏州市")).await;
    house.follow_news().await;
    let mut who = Vec::new();
    for n in 1..=5 {
        who.push(house.entity(n, "p").await);
    }
    assert_eq!(who[0], who[1]);
    let distinct: std::collections::BTreeSet<_> = who.iter().collect();
    assert_eq!(distinct.len(), 4);
    let asked = joins::candidates(&mut house.store.reader().await.unwrap(), None, 99).await.unwrap();
    assert_eq!(asked.iter().filter(|c| c.reason == "same-name").count(), 6, "{asked:?}");
    let apart = (who[0], who[2]);
    house.decide(apart.0, apart.1, false).await;
    house.follow_news().await;
    assert_eq!((house.entity(1, "p").await, house.entity(3, "p").await), apart);
    let rows = house.graph().await.join("\n");
    assert!(rows.contains("qualifier: \"江苏省科学技术协会\""), "{rows}");
}

#[tokio::test]
async fn later_articles_that_speak_of_an_agreement_are_linked() {
    let house = House::new().await;
    house.bring(signing(1)).await;
    house.follow_news().await;
    let fact = house.facts_of(1).await.into_iter().find(|f| f.kind == FactKind::Signed).unwrap();
    let entities = [house.entity(1, "e1").await, house.entity(1, "e2").await];
    let parties = entities.map(|e| AgreementParty { name: String::new(), entity: Some(e), party: None });
    let agreement = Agreement {
        id: AgreementId(fact.id.0),
        title: "碳化硅联合研发协议".into(),
        signed_on: None,
        parties: parties.to_vec(),
        fact: Some((fact.id, fact.article)),
        note: String::new(),
        audience: Audience::Public,
        version: 1,
        created_by: None,
        created_at: NOW,
        updated_at: NOW,
    };
    // One whose parties nobody knows still has the article it was opened from.
    let unknown = Agreement {
        id: AgreementId(article_id(99).0),
        title: "意向书".into(),
        parties: Vec::new(),
        fact: Some((keqiao_domain::FactId(article_id(98).0), fact.article)),
        ..agreement.clone()
    };
    let rows = [agreement.clone(), unknown.clone()];
    house
        .store
        .write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                for a in &rows {
                    agreements::insert(tx, a).await?;
                    changes::append(tx, NOW, RecordKind::Agreement, a.id.0, Action::Created, None).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    house.bring(signing(2)).await;
    let others = vec![body("e1", &HUAJING), body("e2", &["江苏省科学技术协会"])];
    let alike =
        says(FactKind::Signed, 9, &[("parties", "@e1"), ("parties", "@e2"), ("agreement", "碳化硅联合研发协议")]);
    house.bring(news(3, others, vec![alike])).await;
    house.bring(news(4, vec![body("e1", &["华晶微电子"]), body("e2", &["中国电子学会"])], vec![signed_again()])).await;
    house.follow_news().await;
    let linked = async |id| agreements::articles_of(&mut house.store.reader().await.unwrap(), id).await.unwrap();
    assert_eq!(linked(agreement.id).await, [article_id(1), article_id(2)]);
    assert_eq!(linked(unknown.id).await, [article_id(1)]);
    house.decide(house.entity(4, "e1").await, entities[0], true).await;
    house.follow_news().await;
    let all = [1, 2, 4].map(article_id);
    assert_eq!(linked(agreement.id).await, all, "a party that was joined is still the party");
    house.graph_follower("n1").rebuild(&|_| ()).await.unwrap();
    assert_eq!(linked(agreement.id).await, all);
    house.change_article(1, |a| a.state = ArticleState::Withdrawn).await;
    house.follow_news().await;
    assert_eq!(linked(agreement.id).await, all[1..]);
}

fn signed_again() -> keqiao_domain::ReadFact {
    says(FactKind::Signed, 9, &[("parties", "@e1"), ("parties", "@e2"), ("agreement", "碳化硅联合研发协议")])
}

#[tokio::test]
async fn one_node_keeps_the_graph_and_another_takes_over() {
    let house = House::new().await;
    house.bring(signing(1)).await;
    let (first, second) = (house.graph_follower("first"), house.graph_follower("second"));
    catch_up(&house.store, &first).await.unwrap();
    house.bring(signing(2)).await;
    assert!(matches!(catch_up(&house.store, &second).await, Err(FollowError::TryAgain(_))));
    assert!(matches!(second.rebuild(&|_| ()).await, Err(FollowError::TryAgain(_))));
    assert!(house.facts_of(2).await.is_empty());
    assert_eq!(house.facts_of(1).await.len(), 3, "a node that must wait clears nothing");
    house.clock.advance_seconds(60);
    catch_up(&house.store, &second).await.unwrap();
    assert_eq!(house.facts_of(2).await.len(), 3);
    house.bring(signing(3)).await;
    assert!(matches!(catch_up(&house.store, &first).await, Err(FollowError::TryAgain(_))));
}

/// A number that jumps about but is the same each time.
fn jump(seed: u64, n: u64, below: u64) -> u64 {
    let mut x = (seed << 32 | n).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)) % below
}

/// An article made of few names in many guises.
fn any_news(seed: u64, n: u64) -> Article {
    const BODIES: [&[&str]; 7] = [
        &HUAJING,
        &["华晶公司"],
        &["华晶微电子"],
        &["中国电子学会", "学会"],
        &["江苏省科学技术协会", "省科协"],
        &["科技局"],
        &["无锡市科技局", "科技局"],
    ];
    const PEOPLE: [&str; 3] = ["李响", "方知行", "陆远舟"];
    let pick = |k: u64, below: usize| jump(seed, n * 16 + k, below as u64) as usize;
    let (one, other) = (BODIES[pick(0, 7)], BODIES[pick(1, 7)]);
    let mut entities: Vec<NamedEntity> = vec![body("e1", one), person("p1", PEOPLE[pick(2, 3)])];
    if one[0] != other[0] {
        entities.push(body("e2", other));
    }
    let mut facts = Vec::new();
    if pick(3, 3) > 0 {
        facts.push(says(FactKind::HoldsPosition, 5, &[("person", "@p1"), ("organization", "@e1")]));
    }
    if entities.len() > 2 {
        if pick(4, 2) > 0 {
            facts.push(says(FactKind::HoldsPosition, 7, &[("person", "@p1"), ("organization", "@e2")]));
        }
        facts.push(says(FactKind::Signed, 30, &[("parties", "@e1"), ("parties", "@e2"), ("agreement", "框架协议")]));
    }
    let place = ["无锡市", "苏州市"][pick(5, 2)].to_owned();
    Article { place: Some(place), ..news(u128::from(n), entities, facts) }
}

/// Articles one by one with what persons say in between, all in one batch, and made anew give the same rows.
#[tokio::test]
async fn what_is_made_anew_is_what_was_followed() {
    for seed in 0..4 {
        let (stepwise, at_once) = (House::new().await, House::new().await);
        for n in 1..=30 {
            stepwise.bring(any_news(seed, n)).await;
            stepwise.follow_news().await;
            let spoken = u128::from(1 + jump(seed, n * 3, n));
            if jump(seed, n * 7, 4) == 0
                && let Some(fact) = stepwise.facts_of(spoken).await.last()
            {
                // A post that is taken back late has told people apart until then; made anew it never has.
                let rejects = fact.kind == FactKind::Signed && jump(seed, n, 2) == 0;
                let judgement = if rejects { Judgement::Rejected } else { Judgement::Confirmed };
                let args: Vec<(&str, &str)> = fact.args.iter().map(|a| (a.role.as_str(), a.text.as_str())).collect();
                stepwise.say(correction(fact, judgement, &args)).await;
                stepwise.follow_news().await;
            }
        }
        let followed = stepwise.graph().await;
        let told = log(&stepwise).await;
        let follower = stepwise.graph_follower("n1");
        for change in told.iter().rev() {
            follower.apply(std::slice::from_ref(change), told.last().unwrap().seq).await.unwrap();
        }
        same(&stepwise.graph().await, &followed, &format!("{seed}: replayed"));
        follower.rebuild(&|_| ()).await.unwrap();
        same(&stepwise.graph().await, &followed, &format!("{seed}: made anew"));
        // In whatever order they lie in a batch.
        for n in (1..=30).rev() {
            at_once.bring(any_news(seed, n)).await;
        }
        let mut db = stepwise.store.reader().await.unwrap();
        for said in keqiao_store::corrections::page_all(&mut db, None, 1_000).await.unwrap() {
            at_once.say(said).await;
        }
        at_once.follow_news().await;
        same(&at_once.graph().await, &followed, &format!("{seed}: in one batch"));
    }
}

fn same(rows: &[String], expected: &[String], what: &str) {
    let only = |a: &[String], b: &[String]| a.iter().filter(|r| !b.contains(r)).cloned().collect::<Vec<_>>().join("\n");
    assert!(rows == expected, "{what}\n+ {}\n- {}", only(rows, expected), only(expected, rows));
}
