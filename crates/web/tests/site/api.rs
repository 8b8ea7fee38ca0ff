//! Reading by the API: its description, lists, matches, the feed, refusals.

use std::collections::BTreeSet;

use axum::http::Method;
use keqiao_domain::{Scope, Side};
use serde_json::{Value, json};

use crate::client::{Client, WRITE, refused};
use crate::house::{Site, chip};

#[tokio::test]
async fn the_document_describes_every_route_and_no_other() {
    let site = Site::new().await;
    let document = site.get("/api/v1/openapi.json").await.expect(200).json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            described.insert((method.to_uppercase(), path.clone()));
            assert!(!operation["summary"].as_str().unwrap().is_empty(), "{method} {path}");
        }
    }
    let routed: BTreeSet<_> = keqiao_web::route_list()
        .into_iter()
        .filter(|r| r.path.starts_with("/api/"))
        .map(|r| (r.method.to_owned(), r.path.to_owned()))
        .collect();
    assert_eq!(described, routed);
}

#[tokio::test]
async fn every_schema_that_is_named_is_there() {
    fn refs(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                out.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|v| refs(v, out));
            }
            Value::Array(list) => list.iter().for_each(|v| refs(v, out)),
            _ => {}
        }
    }
    let site = Site::new().await;
    let document = site.get("/api/v1/openapi.json").await.json();
    let mut named = Vec::new();
    refs(&document, &mut named);
    assert!(named.len() > 20);
    for name in named {
        let pointer = name.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{name}");
    }
}

/// What the API answers has just the fields that the document gives its schema.
#[tokio::test]
async fn answers_have_the_fields_of_their_schemas() {
    let site = Site::new().await;
    let listing = site.published(site.a.id, Side::Offer, chip("碳化硅功率模块", "耐高温。".repeat(20).as_str())).await;
    site.settle().await;
    let document = site.get("/api/v1/openapi.json").await.json();
    let schema = |name: &str| document["components"]["schemas"][name]["properties"].clone();
    let client = Client::of(&site, "owner", WRITE).await;
    for (path, name) in [
        (format!("/api/v1/listings/{}", listing.id), "ListingBody"),
        (format!("/api/v1/parties/{}", site.a.id), "PartyBody"),
        ("/api/v1/listings?q=碳化硅&facets=1".into(), "CardPage"),
        ("/api/v1/search?q=甲方".into(), "SearchBody"),
        ("/api/v1/changes".into(), "ChangesBody"),
        ("/api/v1/catalog".into(), "CatalogBody"),
    ] {
        let path = path.replace("碳化硅", "%E7%A2%B3%E5%8C%96%E7%A1%85").replace("甲方", "%E7%94%B2%E6%96%B9");
        let body = client.get(&path).await.expect(200).json();
        let known = schema(name);
        for field in body.as_object().unwrap().keys() {
            assert!(known.get(field).is_some(), "{name}.{field}");
        }
    }
}

#[tokio::test]
async fn a_list_pages_filters_and_counts() {
    let site = Site::new().await;
    for title in ["碳化硅功率模块甲型", "碳化硅功率模块乙型", "氮化镓射频芯片"] {
        site.published(
            site.a.id,
            Side::Offer,
            chip(title, &format!("{title}，适用于车载电源，已量产供货，可提供样品。")),
        )
        .await;
    }
    site.draft(site.a.id, Side::Offer, chip("还在写的草稿", "")).await;
    site.settle().await;
    let mut seen = BTreeSet::new();
    let mut path = "/api/v1/listings?limit=2".to_owned();
    let mut pages = 0;
    loop {
        let page = site.get(&path).await.expect(200).json();
        assert_eq!(page["total"], 3);
        for item in page["items"].as_array().unwrap() {
            assert_eq!(item["state"], "published");
            assert!(seen.insert(item["id"].as_str().unwrap().to_owned()), "an item came twice");
        }
        pages += 1;
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/listings?limit=2&after={next}");
    }
    assert_eq!((seen.len(), pages), (3, 2));
    let words = crate::house::encode("碳化硅");
    let page = site.get(&format!("/api/v1/listings?q={words}&side=offer&kind=chip&kind=technology&facets=1")).await;
    let page = page.expect(200).json();
    assert_eq!(page["total"], 2);
    assert_eq!(page["facets"]["kind"]["chip"], 2);
    assert!(page["items"][0]["score"].as_f64().unwrap() > 0.0);
    assert_eq!(site.get(&format!("/api/v1/listings?party={}", site.b.id)).await.json()["total"], 0);
    let own = Client::of(&site, "viewer", &[Scope::Read]).await;
    assert_eq!(own.get("/api/v1/listings?state=draft").await.expect(200).json()["total"], 1);
    assert_eq!(site.get("/api/v1/listings?state=draft").await.expect(200).json()["total"], 0);
}

#[tokio::test]
async fn an_unknown_or_wrong_parameter_is_named() {
    let site = Site::new().await;
    for (query, field) in [
        ("colour=red", "colour"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("kind=sandwich", "kind"),
        ("region=999999", "region"),
        ("industry=ZZ", "industry"),
        ("chain=region:320200", "chain"),
        ("maturity_min=0", "maturity_min"),
        ("price_max=-1", "price_max"),
        ("price_max=NaN", "price_max"),
        ("side=both", "side"),
        ("state=gone", "state"),
        ("verified=perhaps", "verified"),
        ("party=nobody", "party"),
        ("facets=yes", "facets"),
        ("after=%00", "after"),
    ] {
        let answer = site.get(&format!("/api/v1/listings?{query}")).await;
        refused(&answer, 422, "invalid", &[field]);
    }
    refused(&site.get("/api/v1/changes?after=-1&limit=0").await, 422, "invalid", &["limit", "after"]);
    refused(&site.get("/api/v1/search?what=parties").await, 422, "invalid", &["what"]);
}

#[tokio::test]
async fn what_is_not_there_is_told_in_json_and_in_the_caller_s_language() {
    let site = Site::new().await;
    let client = Client::visitor(&site);
    for path in ["/api", "/api/v1", "/api/v2/listings", "/api/v1/listings/1", "/api/v1/parties/%FF"] {
        refused(&client.get(path).await, 404, "not-found", &[]);
    }
    refused(&client.call(Method::DELETE, "/api/v1/listings", &[], None).await, 405, "method-not-allowed", &[]);
    let english = client.call(Method::GET, "/api/v1/x", &[("accept-language", "en-GB")], None).await.json();
    assert!(english["title"].as_str().unwrap().is_ascii(), "{english}");
}

#[tokio::test]
async fn a_text_and_a_listing_find_their_match_with_reasons() {
    let site = Site::new().await;
    let text = "车规级碳化硅功率模块，工作温度-40℃~175℃，通过AEC-Q101认证，适用于电驱。";
    let chip = site.published(site.b.id, Side::Offer, chip("车规级碳化硅功率模块", text)).await;
    site.settle().await;
    let client = Client::visitor(&site);
    let answer =
        client.post("/api/v1/match", json!({"text": "求购车规级碳化硅功率模块，工作温度-40℃~125℃", "top": 3})).await;
    let answer = answer.expect(200).json();
    assert_eq!(answer["need"]["side"], "need");
    let requirements = answer["need"]["requirements"].as_array().unwrap();
    assert!(requirements.iter().any(|r| r["property"] == "operating-temperature" && r["unit"] == "℃"), "{answer}");
    let best = &answer["matches"][0];
    assert_eq!((best["rank"].as_u64(), best["id"].as_str()), (Some(1), Some(chip.id.to_string().as_str())));
    let sum: f64 = best["reasons"].as_array().unwrap().iter().map(|r| r["points"].as_f64().unwrap()).sum();
    assert!((sum - best["score"].as_f64().unwrap()).abs() < 0.01, "{best}");
    let need = site.published(site.a.id, Side::Need, {
        let mut need =
            crate::house::chip("求购车规级碳化硅功率模块", "用于车载电驱，工作温度-40℃~125℃，批量采购，预算面议。");
        need.attributes.retain(|p, _| p == "operating-temperature" || p == "device-type");
        need
    });
    let need = need.await;
    site.settle().await;
    let answer = client.post("/api/v1/match", json!({"listing": need.id})).await.expect(200).json();
    assert_eq!(answer["matches"][0]["id"], chip.id.to_string());
    for (body, field) in [
        (json!({}), "text"),
        (json!({"text": " "}), "text"),
        (json!({"text": "x", "listing": need.id}), "listing"),
        (json!({"text": "x", "top": 51}), "top"),
        (json!({"text": "字".repeat(20_001)}), "text"),
    ] {
        refused(&client.post("/api/v1/match", body).await, 422, "invalid", &[field]);
    }
}

#[tokio::test]
async fn the_feed_tells_each_what_they_may_see_and_moves_on() {
    let site = Site::new().await;
    let shown = site
        .published(site.a.id, Side::Offer, chip("公开的一条", "适用于车载电源，已经量产供货，可提供样品与测试报告。"))
        .await;
    let hidden = site.draft(site.a.id, Side::Offer, chip("不公开的一条", "")).await;
    let read = async |client: Client<'_>| {
        let (mut after, mut ids) = (0, BTreeSet::new());
        loop {
            let page = client.get(&format!("/api/v1/changes?after={after}&limit=3")).await.expect(200).json();
            for item in page["items"].as_array().unwrap() {
                assert!(item["seq"].as_i64().unwrap() > after);
                ids.insert(item["id"].as_str().unwrap().to_owned());
            }
            let next = page["next"].as_i64().unwrap();
            if next == after {
                return ids;
            }
            after = next;
        }
    };
    let seen = read(Client::visitor(&site)).await;
    assert!(seen.contains(&shown.id.to_string()) && !seen.contains(&hidden.id.to_string()));
    assert!(!seen.contains(&site.account("owner").id.to_string()));
    let own = read(Client::of(&site, "viewer", &[Scope::Read]).await).await;
    assert!(own.contains(&hidden.id.to_string()));
}

/// The visitor's answer is kept until something is written, and not sent again to who has it.
#[tokio::test]
async fn an_answer_is_kept_until_the_data_moves() {
    let site = Site::new().await;
    let path = format!("/api/v1/parties/{}", site.a.id);
    let first = site.get(&path).await.expect(200);
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    let client = Client::visitor(&site);
    for _ in 0..2 {
        client.call(Method::GET, &path, &[("if-none-match", &tag)], None).await.expect(304);
    }
    let owner = Client::of(&site, "owner", WRITE).await;
    owner.call(Method::GET, &path, &[("if-none-match", &tag)], None).await.expect(200);
    let body = json!({"name": "甲方芯片（示例）股份有限公司"});
    owner.call(Method::PUT, &path, &[("if-match", &tag)], Some(body)).await.expect(200);
    let fresh = client.call(Method::GET, &path, &[("if-none-match", &tag)], None).await.expect(200);
    assert_eq!(fresh.json()["name"], "甲方芯片（示例）股份有限公司");
}
