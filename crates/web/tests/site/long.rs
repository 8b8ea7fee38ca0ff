//! Articles that are too long for one page: read a portion at a time, by pages and API.

use std::collections::BTreeSet;

use keqiao_domain::{ArticleId, Audience, Scope};
use serde_json::Value;

use crate::api_articles::bring;
use crate::client::{Client, refused};
use crate::house::Site;
use crate::news::missing;

/// So many agreements are signed, each some hundreds of characters behind the one before.
const SIGNED: usize = 60;
/// So far the head of the page reaches.
const HEAD: usize = 60;
/// Most bytes of a page or answer about one portion.
const BOUND: usize = 400_000;

/// The story, its paragraphs parted by something.
fn story(between: &str) -> String {
    let one = |n: usize| {
        let aside = "样品摆在展厅里，参观的人不少。".repeat(40);
        format!("3月4日，星河材料研究院与澄江电子有限公司签署第{n}号衬底联合研发协议。{aside}{between}")
    };
    let body: String = (100..100 + SIGNED).map(one).collect();
    format!("星河材料研究院与澄江电子有限公司签约\n\n2024-03-05 10:00 来源：澄江日报\n\n{body}\n")
}

/// The address of the portion after, as a page gives it.
fn next_of(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("rel=\"next\" href=\"")?;
    rest.split('"').next().map(str::to_owned)
}

async fn portions(client: &Client<'_>, id: ArticleId, limit: u32) -> Vec<Value> {
    let (mut all, mut from) = (Vec::new(), Some(0));
    while let Some(place) = from {
        let answer = client.get(&format!("/api/v1/articles/{id}?from={place}&limit={limit}")).await.expect(200);
        assert!(answer.body.len() < BOUND, "{}", answer.body.len());
        let body = answer.json();
        from = body["next"].as_u64();
        all.push(body);
    }
    all
}

fn span(value: &Value) -> (usize, usize) {
    let place = |n: usize| usize::try_from(value[n].as_u64().unwrap()).unwrap();
    (place(0), place(1))
}

#[tokio::test]
async fn a_page_shows_one_portion_with_its_facts_and_leads_to_the_others() {
    let site = Site::new().await;
    for between in ["\n\n", ""] {
        let id = bring(&site, &[story(between)], Audience::Public).await[0];
        for member in [true, false] {
            let reader = if member { site.as_("member") } else { site.visitor() };
            let (mut path, mut pages, mut facts) = (format!("/articles/{id}"), 0, 0);
            loop {
                let page = reader.get(&path).await.expect(200);
                pages += 1;
                assert!(page.body.len() < BOUND, "{}", page.body.len());
                missing(&page, &[&format!("第 {pages} 部分")]);
                assert_eq!(page.body.contains("rel=\"prev\""), pages > 1);
                let own = page.body.matches("data-fact=\"").count();
                assert!(own > 0 && own < SIGNED, "{own}");
                assert_eq!(page.body.contains("参观的人不少"), member);
                facts += own;
                let Some(next) = next_of(&page.body) else { break };
                path = next;
            }
            assert!(pages > 3, "{pages}");
            let all = site.get(&format!("/api/v1/facts?article={id}")).await.expect(200).json();
            assert!(facts >= SIGNED && all["items"].as_array().is_some_and(|a| !a.is_empty()), "{facts}");
        }
        let fact = site.get(&format!("/api/v1/facts?article={id}&kind=signed")).await.expect(200).json();
        let start = span(&fact["items"][5]["span"]).0;
        let there = site.as_("member").get(&format!("/articles/{id}?from={start}")).await.expect(200);
        missing(&there, &[&format!("id=\"c{start}\"")]);
        let page = site.get(&format!("/facts/{}", fact["items"][5]["id"].as_str().unwrap())).await.expect(200);
        missing(&page, &[&format!("href=\"/articles/{id}?from={start}#c{start}\"")]);
        site.get(&format!("/articles/{id}?from=x")).await.expect(422);
        missing(&site.get(&format!("/articles/{id}?lang=en")).await.expect(200), &["number 1 of"]);
    }
}

#[tokio::test]
async fn the_api_gives_portions_without_loss_and_the_text_in_ranges() {
    let site = Site::new().await;
    let member = Client::of(&site, "member", &[Scope::Read]).await;
    for between in ["\n\n", ""] {
        let text = story(between);
        let original: Vec<char> = text.chars().collect();
        let id = bring(&site, &[text], Audience::Public).await[0];
        for limit in [1_000, 7_000] {
            let all = portions(&member, id, limit).await;
            assert!(all.len() >= 5, "{}", all.len());
            let (mut facts, mut at) = (BTreeSet::new(), 0);
            for portion in &all {
                assert!(portion["text"].is_null());
                let begin = usize::try_from(portion["from"].as_u64().unwrap()).unwrap();
                let end = portion["next"].as_u64().map_or(usize::MAX, |n| usize::try_from(n).unwrap());
                for part in portion["parts"].as_array().unwrap() {
                    let (from, to) = span(&part["span"]);
                    assert!(at <= from && begin <= from && to <= end);
                    // Labels and days before the text are fields, and no part of it.
                    assert!(at < HEAD || original[at..from].iter().all(|c| c.is_whitespace()), "lost before {from}");
                    assert_eq!(part["text"], original[from..to].iter().collect::<String>());
                    at = to;
                }
                let named: BTreeSet<&str> =
                    portion["entities"].as_array().unwrap().iter().map(|e| e["local"].as_str().unwrap()).collect();
                for mention in portion["mentions"].as_array().unwrap() {
                    assert!((begin..end).contains(&span(&mention["span"]).0));
                    assert!(mention["entity"].as_str().is_none_or(|local| named.contains(local)), "{mention}");
                }
                for fact in portion["facts"].as_array().unwrap() {
                    assert!((begin..end).contains(&span(&fact["span"]).0));
                    assert!(facts.insert(fact["id"].as_str().unwrap().to_owned()), "twice: {fact}");
                }
            }
            assert!(original[at..].iter().all(|c| c.is_whitespace()), "lost behind {at}");
            let visitor = portions(&Client::visitor(&site), id, limit).await;
            let seen = visitor.iter().flat_map(|p| p["facts"].as_array().unwrap()).count();
            assert_eq!((seen, visitor.len()), (facts.len(), all.len()));
            assert!(visitor.iter().all(|p| p["parts"].is_null() && p["mentions"] == Value::Array(Vec::new())));
        }
        let (mut text, mut from) = (String::new(), Some(0));
        let path = format!("/api/v1/articles/{id}/text");
        while let Some(place) = from {
            let body = member.get(&format!("{path}?from={place}&limit=9999")).await.expect(200).json();
            text.push_str(body["text"].as_str().unwrap());
            assert!(text.chars().count() <= usize::try_from(body["chars"].as_u64().unwrap()).unwrap());
            from = body["next"].as_u64();
        }
        assert!(text.contains("第159号衬底联合研发协议") && text.matches("签署第").count() == SIGNED, "{}", text.len());
        refused(&site.get(&path).await, 401, "sign-in-needed", &[]);
        for (query, field) in [("limit=999", "limit"), ("limit=50001", "limit"), ("from=-1", "from"), ("to=1", "to")] {
            for path in [path.clone(), format!("/api/v1/articles/{id}")] {
                refused(&member.get(&format!("{path}?{query}")).await, 422, "invalid", &[field]);
            }
        }
    }
}
