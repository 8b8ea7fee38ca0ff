//! Articles, entities, facts and the graph by the API.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use keqiao_app::articles::{IncomingFile, IngestOptions, Ingested, ingest_files};
use keqiao_domain::{ArticleId, Audience, Scope};
use serde_json::Value;

use crate::client::{Client, WRITE, refused};
use crate::house::{Answer, Site, encode};

pub(crate) const NEWS: &str = "星河材料研究院与澄江电子有限公司签约\n\n2024-03-05 10:00 来源：澄江日报\n\n\
    3月4日，星河材料研究院院长陆远舟与澄江电子有限公司总经理方知行签署碳化硅衬底联合研发协议。\n";

/// Brings articles in that everybody may know of, each of a file of its own.
pub(crate) async fn bring(site: &Site, texts: &[String], readers: Audience) -> Vec<ArticleId> {
    let file = |text: &String| IncomingFile { name: "报纸.txt".into(), bytes: text.clone().into(), declared: None };
    let options = IngestOptions { readers, ..IngestOptions::default() };
    let operator = site.viewer("operator").await;
    let kept = ingest_files(&site.app, &operator, texts.iter().map(file).collect(), options).await.unwrap();
    site.settle().await;
    let new = |kept| match kept {
        Ok(Ingested::New { articles, .. }) => articles,
        other => panic!("{other:?}"),
    };
    kept.into_iter().flat_map(new).collect()
}

async fn send(client: &Client<'_>, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
    let token = client.token.clone().unwrap_or_default();
    let request = Request::post(path).header("authorization", format!("Bearer {token}")).header("content-type", kind);
    client.site.send(request.body(body.into()).unwrap()).await
}

/// All items of a list, page by page.
async fn pages(client: &Client<'_>, path: &str) -> Vec<Value> {
    let (mut items, mut next) = (Vec::new(), String::new());
    loop {
        let mark = if path.contains('?') { '&' } else { '?' };
        let page = client.get(&format!("{path}{mark}after={}", encode(&next))).await.expect(200).json();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(more) => next = more.to_owned(),
            None => return items,
        }
    }
}

#[tokio::test]
async fn a_file_comes_in_once_however_it_is_sent() {
    let site = Site::new().await;
    let operator = Client::of(&site, "operator", WRITE).await;
    let path = "/api/v1/articles";
    let first = send(&operator, &format!("{path}?name=a.txt"), "text/plain; charset=utf-8", NEWS).await.expect(201);
    let body = first.json();
    let id = body["articles"][0].as_str().unwrap();
    assert_eq!(first.headers["location"], format!("{path}/{id}").as_str());
    assert!(body["facts"].as_u64().unwrap() > 0);
    let form = format!(
        "--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n--XX\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"b.txt\"\r\nContent-Type: text/plain\r\n\r\n{NEWS}\r\n--XX--\r\n"
    );
    let again = send(&operator, path, "multipart/form-data; boundary=XX", form).await.expect(200).json();
    assert_eq!((&again["source"], &again["articles"]), (&body["source"], &body["articles"]));
    assert!(again.get("facts").is_none());
    // Bytes of another encoding that are declared.
    let (gbk, name) = (b"\xb2\xe2\xca\xd4\r\n\r\n\xd0\xc7\xba\xd3".to_vec(), encode("../栏目/新闻.html"));
    let kept = send(&operator, &format!("{path}?name={name}&readers=member"), "text/html; charset=gbk", gbk).await;
    kept.expect(201);

    let member = Client::of(&site, "member", WRITE).await;
    refused(&send(&member, path, "text/plain", NEWS).await, 403, "not-allowed", &[]);
    let reader = Client::of(&site, "operator", &[Scope::Read]).await;
    refused(&send(&reader, path, "text/plain", NEWS).await, 403, "scope-needed", &[]);
    let visitor = site.send(Request::post(path).body(Body::from(NEWS)).unwrap()).await;
    refused(&visitor, 401, "sign-in-needed", &[]);
    for (query, field) in [("readers=all", "readers"), ("text_readers=", "text_readers"), ("title=x", "title")] {
        refused(&send(&operator, &format!("{path}?{query}"), "text/plain", "新").await, 422, "invalid", &[field]);
    }
    refused(&send(&operator, path, "text/plain", " \n").await, 422, "invalid", &["file"]);
    let empty_form = "--XX--\r\n";
    refused(&send(&operator, path, "multipart/form-data; boundary=XX", empty_form).await, 422, "invalid", &["file"]);
    let large = vec![b'x'; usize::try_from(site.app.settings.import_limit_bytes).unwrap() + 1];
    refused(&send(&operator, path, "text/plain", large).await, 413, "too-large", &[]);
}

#[tokio::test]
async fn an_article_shows_its_facts_to_all_and_its_text_to_whom_it_is_for() {
    let site = Site::new().await;
    let id = bring(&site, &[NEWS.to_owned()], Audience::Public).await[0];
    let path = format!("/api/v1/articles/{id}");
    let visitor = Client::visitor(&site).get(&path).await.expect(200).json();
    assert!(visitor["text"].is_null() && visitor["parts"].is_null());
    assert_eq!(visitor["mentions"].as_array().unwrap().len(), 0);
    let signed = visitor["facts"].as_array().unwrap().iter().find(|f| f["kind"] == "signed").unwrap().clone();
    assert_eq!((signed["day"].as_str(), signed["article"].as_str()), (Some("2024-03-04"), Some(&*id.to_string())));
    let member = Client::of(&site, "member", &[Scope::Read]).await;
    let answer = member.get(&path).await.expect(200);
    let body = answer.json();
    let original: Vec<char> = NEWS.chars().collect();
    let at = |span: &Value| -> String {
        let place = |i: usize| usize::try_from(span[i].as_u64().unwrap()).unwrap();
        original[place(0)..place(1)].iter().collect()
    };
    for part in body["parts"].as_array().unwrap() {
        assert_eq!(part["text"], at(&part["span"]));
    }
    let named = |local: &Value| body["entities"].as_array().unwrap().iter().find(|e| e["local"] == *local).cloned();
    let mentions = body["mentions"].as_array().unwrap();
    let person = mentions.iter().find(|m| at(&m["span"]) == "陆远舟").unwrap();
    assert_eq!(named(&person["entity"]).unwrap()["kind"], "person");
    assert!(at(&signed["span"]).contains("签约"), "{signed}");
    // As often as it was asked for, and not sent again to who has it.
    let tag = answer.headers["etag"].to_str().unwrap();
    let headers = [("if-none-match", tag)];
    member.call(axum::http::Method::GET, &path, &headers, None).await.expect(304);
    for bad in ["/api/v1/articles/7", "/api/v1/articles/01890000-0000-7000-8000-000000000000"] {
        refused(&member.get(bad).await, 404, "not-found", &[]);
    }
}

#[tokio::test]
async fn lists_page_without_loss_and_filter() {
    let site = Site::new().await;
    let visit = "\n3月4日，星河材料研究院院长陆远舟一行到澄江电子有限公司参观考察。\n";
    let dated = |n: usize| NEWS.replace("2024-03-05", &format!("2024-03-{:02}", 5 + n % 20));
    let text = |n: usize| dated(n) + visit + &"\n".repeat(n + 1);
    let texts: Vec<String> = (0..65).map(text).collect();
    let ids = bring(&site, &texts, Audience::Public).await;
    bring(&site, &[NEWS.replace("星河", "暗涌")], Audience::Operator).await;
    let client = Client::visitor(&site);
    let distinct =
        |items: &[Value]| items.iter().map(|i| i["id"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>();
    let articles = pages(&client, "/api/v1/articles").await;
    assert_eq!((articles.len(), distinct(&articles).len()), (65, ids.len()));
    assert!(articles.is_sorted_by(|a, b| a["published"].as_str() >= b["published"].as_str()));
    let some = pages(&client, "/api/v1/articles?from=2024-03-06&to=2024-03-07").await;
    assert!(!some.is_empty() && some.iter().all(|a| a["published"] == "2024-03-06" || a["published"] == "2024-03-07"));
    assert!(pages(&client, &format!("/api/v1/articles?q={}", encode("暗涌"))).await.is_empty());

    let entities = pages(&client, "/api/v1/entities").await;
    assert_eq!(distinct(&entities).len(), entities.len());
    let found = pages(&client, &format!("/api/v1/entities?kind=organization&q={}", encode("澄江电子"))).await;
    assert_eq!((found.len(), found[0]["articles"].as_i64()), (1, Some(65)));
    let body = found[0]["id"].as_str().unwrap();
    assert_eq!(pages(&client, &format!("/api/v1/articles?entity={body}")).await.len(), 65);

    let all = pages(&client, "/api/v1/facts").await;
    assert_eq!(distinct(&all).len(), all.len());
    let earliest = pages(&client, "/api/v1/facts?order=earliest").await;
    assert_eq!(distinct(&earliest), distinct(&all));
    let signed = pages(&client, &format!("/api/v1/facts?kind=signed&entity={body}")).await;
    assert_eq!(signed.len(), 65);
    let of_one = pages(&client, &format!("/api/v1/facts?article={}&kind=signed&kind=met", ids[7])).await;
    assert_eq!(of_one.len(), 1);

    let timeline = client.get(&format!("/api/v1/timeline?by=year&kind=signed&entity={body}")).await.expect(200).json();
    assert_eq!(timeline["periods"], serde_json::json!([{"period": "2024", "facts": 65}]));
    assert!(timeline["kinds"].as_array().unwrap().len() > 1, "other kinds are counted too");
    assert_eq!(pages(&client, &format!("/api/v1/timeline?kind=signed&entity={body}")).await.len(), 65);
}

#[tokio::test]
async fn an_entity_has_neighbours_in_the_graph() {
    let site = Site::new().await;
    bring(&site, &[NEWS.to_owned()], Audience::Public).await;
    let client = Client::visitor(&site);
    let found = client.get(&format!("/api/v1/entities?q={}", encode("星河材料"))).await.expect(200).json();
    let id = found["items"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/entities/{id}");
    let answer = client.get(&path).await.expect(200);
    let tag = answer.headers["etag"].to_str().unwrap().to_owned();
    let view = answer.json();
    assert_eq!(view["articles"].as_array().unwrap().len(), 1);
    let neighbours = view["neighbours"].as_array().unwrap();
    assert!(neighbours.iter().any(|n| n["name"] == "陆远舟" && n["ties"][0]["kind"] == "holds-position"), "{view}");
    client.call(axum::http::Method::GET, &path, &[("if-none-match", &tag)], None).await.expect(304);
    let graph = client.get(&format!("/api/v1/graph?entity={id}&steps=2")).await.expect(200).json();
    let nodes: BTreeSet<&str> = graph["nodes"].as_array().unwrap().iter().map(|n| n["id"].as_str().unwrap()).collect();
    assert_eq!((graph["nodes"][0]["id"].as_str(), graph["nodes"][0]["steps"].as_u64()), (Some(id), Some(0)));
    for edge in graph["edges"].as_array().unwrap() {
        assert!(nodes.contains(edge["one"].as_str().unwrap()) && nodes.contains(edge["other"].as_str().unwrap()));
    }
    let only = client.get(&format!("/api/v1/graph?entity={id}&kind=invests")).await.expect(200).json();
    assert_eq!((only["nodes"].as_array().unwrap().len(), only["edges"].as_array().unwrap().len()), (1, 0));
}

#[tokio::test]
async fn what_a_query_cannot_mean_is_named() {
    let site = Site::new().await;
    for (query, field) in [
        ("articles?from=2024-02-30", "from"),
        ("articles?after=x", "after"),
        ("articles?entity=7", "entity"),
        ("articles?kind=signed", "kind"),
        ("entities?kind=planet", "kind"),
        ("entities?after=many~7", "after"),
        ("facts?kind=signed&kind=sung", "kind"),
        ("facts?order=best", "order"),
        ("facts?to=yesterday", "to"),
        ("timeline?by=week", "by"),
        ("timeline?after=~", "after"),
        ("graph", "entity"),
        ("graph?entity=01890000-0000-7000-8000-000000000000&steps=3", "steps"),
    ] {
        refused(&site.get(&format!("/api/v1/{query}")).await, 422, "invalid", &[field]);
    }
    let nobody = "/api/v1/graph?entity=01890000-0000-7000-8000-000000000000";
    refused(&site.get(nobody).await, 404, "not-found", &[]);
}

/// What the API answers has just the fields that the document gives its schema.
#[tokio::test]
async fn answers_have_the_fields_of_their_schemas() {
    let site = Site::new().await;
    let id = bring(&site, &[NEWS.to_owned()], Audience::Public).await[0];
    let document = site.get("/api/v1/openapi.json").await.json();
    let client = Client::of(&site, "operator", WRITE).await;
    let entity = client.get("/api/v1/entities").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    for (path, name) in [
        (format!("/api/v1/articles/{id}"), "ArticleBody"),
        (format!("/api/v1/articles/{id}/text"), "TextBody"),
        ("/api/v1/articles".into(), "ArticlePage"),
        ("/api/v1/entities".into(), "EntityPage"),
        (format!("/api/v1/entities/{entity}"), "EntityViewBody"),
        ("/api/v1/facts".into(), "FactPage"),
        ("/api/v1/timeline".into(), "TimelineBody"),
        (format!("/api/v1/graph?entity={entity}"), "GraphBody"),
    ] {
        let body = client.get(&path).await.expect(200).json();
        let schema = &document["components"]["schemas"][name];
        let parts = schema["allOf"].as_array().cloned().unwrap_or_else(|| vec![schema.clone()]);
        let resolve = |part: &Value| match part["$ref"].as_str() {
            Some(name) => document.pointer(&name[1..]).unwrap().clone(),
            None => part.clone(),
        };
        let known: BTreeSet<String> = parts
            .iter()
            .filter_map(|p| resolve(p)["properties"].as_object().map(|o| o.keys().cloned().collect::<Vec<_>>()))
            .flatten()
            .collect();
        for field in body.as_object().unwrap().keys() {
            assert!(known.contains(field), "{name}.{field}");
        }
    }
}

#[tokio::test]
async fn the_feed_of_changes_tells_of_articles_whom_they_are_for() {
    let site = Site::new().await;
    let open = bring(&site, &[NEWS.to_owned()], Audience::Public).await[0].to_string();
    let hidden = bring(&site, &[NEWS.replace("星河", "暗涌")], Audience::Operator).await[0].to_string();
    let told = async |client: Client<'_>| {
        let page = client.get("/api/v1/changes").await.expect(200).json();
        let items = page["items"].as_array().unwrap().clone();
        let of = |record: &str| items.iter().filter(|i| i["record"] == record).count();
        let has = |id: &str| items.iter().any(|i| i["id"] == id && i["record"] == "article");
        (has(&open), has(&hidden), of("source"))
    };
    assert_eq!(told(Client::visitor(&site)).await, (true, false, 0));
    assert_eq!(told(Client::of(&site, "member", WRITE).await).await, (true, false, 0));
    assert_eq!(told(Client::of(&site, "operator", WRITE).await).await, (true, true, 2));
    let operator = site.viewer("operator").await;
    let all = keqiao_app::graph::list_facts(
        &site.app,
        &operator,
        &keqiao_app::graph::FactFilter { kinds: vec![keqiao_domain::FactKind::Signed], ..Default::default() },
        keqiao_app::graph::FactOrder::Latest(None),
    )
    .await;
    for fact in all.unwrap().rows {
        keqiao_app::agreements::open_agreement(&site.app, &operator, fact.id).await.unwrap();
    }
    let seen = async |client: Client<'_>| {
        let page = client.get("/api/v1/changes").await.expect(200).json();
        page["items"].as_array().unwrap().iter().filter(|i| i["record"] == "agreement").count()
    };
    assert_eq!(seen(Client::visitor(&site)).await, 1);
    assert_eq!(seen(Client::of(&site, "operator", WRITE).await).await, 2);
}
