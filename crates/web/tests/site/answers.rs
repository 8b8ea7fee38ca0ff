//! The answers whether two entities are one: listed, and taken back.

use keqiao_domain::JoinDecision;
use keqiao_domain::{AccountId, EntityId, Timestamp};
use keqiao_store::joins;

use crate::house::Site;
use crate::news::{bring, entity, missing};

const PATH: &str = "/review/entities/answered";
const LONG: &str = "无锡华晶微电子有限公司开业\n\n2024-03-05 10:00 来源：澄江日报\n\n\
    3月4日，无锡华晶微电子有限公司总经理方知行与澄江大学签署联合研发协议。\n";
const SHORT: &str = "澄江大学来访\n\n2024-04-06 10:00 来源：澄江日报\n\n\
    4月5日，澄江大学校长陆远舟一行到访华晶微电子。华晶微电子与澄江大学签署实习基地协议。\n";

#[tokio::test]
async fn an_answer_is_listed_and_taken_back_and_the_question_comes_again() {
    let site = Site::new().await;
    let operator = site.as_("operator");
    missing(&operator.get(PATH).await.expect(200), &["还没有作出判断", "href=\"/review/entities\""]);
    bring(&site, &[LONG, SHORT]).await;
    let (long, short) = (entity(&site, "无锡华晶微电子有限公司").await, entity(&site, "华晶微电子").await);
    let asked = operator.get("/review/entities").await.expect(200);
    missing(&asked, &["保留“无锡华晶微电子有限公司”", &format!("href=\"{PATH}\"")]);
    let (long, short) = (long.to_string(), short.to_string());
    // Joined and told apart: both are listed with who said so, and both are taken back.
    for (answer, said) in [("first", "是同一个"), ("different", "不是同一个")] {
        let fields = [("first", long.as_str()), ("second", short.as_str()), ("answer", answer)];
        operator.post("/review/entities", &fields).await.expect(303);
        site.settle().await;
        let page = operator.get(PATH).await.expect(200);
        missing(&page, &[&format!(">{said}</span>"), "人员-operator", "datetime=", ">收回<", "华晶微电子"]);
        let stands = page.body.contains(&format!("href=\"/entities/{short}\""));
        assert_eq!(stands, answer == "different", "what was joined has no page of its own: {}", page.body);
        assert!(!operator.get("/review/entities").await.expect(200).body.contains("保留“"), "asked again");
        let pair = [("kept", long.as_str()), ("joined", short.as_str())];
        site.as_("broker").post(PATH, &pair).await.expect(403);
        assert_eq!(operator.post(PATH, &pair).await.expect(303).location(), PATH);
        site.settle().await;
        missing(&operator.get(PATH).await.expect(200), &["还没有作出判断"]);
        missing(&operator.get("/review/entities").await.expect(200), &["保留“无锡华晶微电子有限公司”"]);
        site.get(&format!("/entities/{short}")).await.expect(200);
        // A second time nothing is there to be taken back.
        operator.post(PATH, &pair).await.expect(303);
    }
    missing(&operator.get(&format!("{PATH}?lang=en")).await.expect(200), &["No answers were given yet"]);
}

#[tokio::test]
async fn answers_of_one_moment_are_paged_without_loss() {
    let site = Site::new().await;
    let entity_id = |n: u128| EntityId(uuid::Uuid::from_u128(n));
    let answers = (0..65_u128).map(move |n| JoinDecision {
        kept: entity_id(n),
        joined: entity_id(500 + n),
        same: n % 2 == 0,
        names: [format!("甲{n}号"), format!("乙{n}号")],
        by: AccountId(uuid::Uuid::from_u128(9)),
        at: Timestamp::from_micros(i64::from(n >= 40)),
    });
    let write = site.app.store.write::<_, keqiao_app::AppError, _>(move |tx| {
        Box::pin(async move {
            for answer in answers {
                joins::decide(tx, &answer).await?;
            }
            Ok(())
        })
    });
    write.await.unwrap();
    let operator = site.as_("operator");
    let (mut path, mut seen) = (PATH.to_owned(), Vec::new());
    for full in [30, 30, 5] {
        let page = operator.get(&path).await.expect(200).body;
        assert!(page.contains("<span class=\"num dim\">65</span>"), "{page}");
        let found: Vec<usize> = (0..65).filter(|n| page.contains(&format!("甲{n}号"))).collect();
        assert_eq!(found.len(), full);
        seen.extend(found);
        path = match page.split_once("rel=\"next\" href=\"") {
            Some((_, rest)) => rest.split('"').next().unwrap().to_owned(),
            None => String::new(),
        };
    }
    assert_eq!(path, "");
    // The later ones first, and of one moment by their ids.
    assert!(seen[..30].iter().all(|n| *n >= 35) && seen[30..60].iter().all(|n| (5..35).contains(n)), "{seen:?}");
    seen.sort_unstable();
    assert!(seen.into_iter().eq(0..65));
    for wrong in ["after=1", "after=1.x", "after=x.y_z"] {
        operator.get(&format!("{PATH}?{wrong}")).await.expect(422);
    }
}
