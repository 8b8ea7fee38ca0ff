//! Writing by the API: tokens, creation once, lost updates, what is wrong with a body.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request};
use keqiao_domain::{Scope, Side};
use serde_json::{Value, json};

use crate::client::{Client, WRITE, offer, refused};
use crate::house::{Site, chip};

#[tokio::test]
async fn a_token_gives_its_account_s_eyes_and_only_with_its_scope_the_hands() {
    let site = Site::new().await;
    let draft = site.draft(site.a.id, Side::Offer, chip("内部草稿一份", "")).await;
    let path = format!("/api/v1/listings/{}", draft.id);
    refused(&site.get(&path).await, 404, "not-found", &[]);
    let reader = Client::of(&site, "viewer", &[Scope::Read]).await;
    assert_eq!(reader.get(&path).await.expect(200).json()["may_edit"], false);
    let editor = Client::of(&site, "editor", &[Scope::Read]).await;
    refused(&editor.post("/api/v1/listings", offer(&site, "写不进去")).await, 403, "scope-needed", &[]);
    editor.post("/api/v1/match", json!({"text": "需要碳化硅模块"})).await.expect(200);
    let broken = Client { site: &site, token: Some("kq_wrong".into()) };
    let answer = broken.get("/api/v1/listings").await;
    refused(&answer, 401, "bad-token", &[]);
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
    let visitor = Client::visitor(&site);
    let basic = visitor.call(Method::GET, "/api/v1/listings", &[("authorization", "Basic eDp5")], None).await;
    refused(&basic, 401, "bad-token", &[]);
}

/// A cookie comes along on its own, so another site's page could send it: it must not write.
#[tokio::test]
async fn a_session_cookie_reads_and_never_writes() {
    let site = Site::new().await;
    let draft = site.draft(site.a.id, Side::Offer, chip("内部草稿一份", "")).await;
    site.as_("owner").get(&format!("/api/v1/listings/{}", draft.id)).await.expect(200);
    let body = serde_json::to_vec(&offer(&site, "借用会话")).unwrap();
    let answer = site.as_("owner").request(Method::POST, "/api/v1/listings", "application/json", body).await;
    refused(&answer, 401, "sign-in-needed", &[]);
    let path = format!("/api/v1/listings/{}/close", draft.id);
    let answer = site.as_("owner").request(Method::POST, &path, "", Vec::new()).await;
    refused(&answer, 401, "sign-in-needed", &[]);
}

#[tokio::test]
async fn a_listing_is_created_once_for_each_key() {
    let site = Site::new().await;
    let client = Client::of(&site, "editor", WRITE).await;
    let post = async |key: &str, title: &str| {
        client.call(Method::POST, "/api/v1/listings", &[("idempotency-key", key)], Some(offer(&site, title))).await
    };
    let first = post("k-1", "只建一次的模块").await.expect(201);
    let id = first.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(first.headers["location"], format!("/api/v1/listings/{id}").as_str());
    assert_eq!(post("k-1", "只建一次的模块").await.expect(201).json()["id"], id.as_str());
    refused(&post("k-1", "换了内容").await, 409, "key-reused", &[]);
    assert_ne!(post("k-2", "只建一次的模块").await.expect(201).json()["id"], id.as_str());
    refused(&post("k 3", "坏键").await, 422, "invalid", &["idempotency-key"]);
    let crowd = futures::future::join_all((0..8).map(|_| post("k-4", "同时到达"))).await;
    let ids: BTreeSet<String> =
        crowd.into_iter().map(|a| a.expect(201).json()["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 1);
    let other = Client::of(&site, "owner", WRITE).await;
    let theirs = other
        .call(Method::POST, "/api/v1/listings", &[("idempotency-key", "k-1")], Some(offer(&site, "别人的键")))
        .await
        .expect(201);
    assert_ne!(theirs.json()["id"], id.as_str());
    site.settle().await;
    let all = client.get("/api/v1/listings?state=draft").await.json();
    assert_eq!(all["total"], 4);
}

/// A refusal keeps nothing: the mended request may use the key again.
#[tokio::test]
async fn a_refused_creation_leaves_its_key_free() {
    let site = Site::new().await;
    let client = Client::of(&site, "editor", WRITE).await;
    let headers = [("idempotency-key", "again")];
    let faulty = client.call(Method::POST, "/api/v1/listings", &headers, Some(offer(&site, ""))).await;
    refused(&faulty, 422, "invalid", &["title"]);
    client.call(Method::POST, "/api/v1/listings", &headers, Some(offer(&site, "改好了"))).await.expect(201);
}

#[tokio::test]
async fn a_lost_update_is_refused_with_both_versions() {
    let site = Site::new().await;
    let client = Client::of(&site, "editor", WRITE).await;
    let made = client.post("/api/v1/listings", offer(&site, "第一版标题")).await.expect(201);
    let tag = made.headers["etag"].to_str().unwrap().to_owned();
    assert!(tag.starts_with("\"v1"), "{tag}");
    let path = format!("/api/v1/listings/{}", made.json()["id"].as_str().unwrap());
    let put = |tag: String, title: &'static str| {
        let (client, path, body) = (&client, &path, offer(&site, title));
        async move { client.call(Method::PUT, path, &[("if-match", &tag)], Some(body)).await }
    };
    let second = put(tag.clone(), "第二版标题").await.expect(200);
    assert!(second.headers["etag"].to_str().unwrap().starts_with("\"v2"));
    let lost = put(tag, "晚到的标题").await;
    refused(&lost, 412, "stale", &[]);
    let problem = lost.json();
    assert_eq!(problem["current"]["title"], "第二版标题");
    assert_eq!(problem["current"]["version"], 2);
    assert_eq!(problem["yours"]["title"], "晚到的标题");
    assert_eq!(client.get(&path).await.json()["title"], "第二版标题");
    let without = client.call(Method::PUT, &path, &[], Some(offer(&site, "无版本"))).await;
    refused(&without, 428, "version-needed", &[]);
    refused(&put("*".into(), "任意版本").await, 422, "invalid", &["if-match"]);
    put("\"v2\"".into(), "第三版标题").await.expect(200);
    let mut moved = offer(&site, "换主人");
    (moved["party"], moved["side"]) = (json!(site.b.id), json!("need"));
    let answer = client.call(Method::PUT, &path, &[("if-match", "\"v3\"")], Some(moved)).await;
    refused(&answer, 422, "invalid", &["side", "party"]);
}

#[tokio::test]
async fn a_body_that_is_wrong_is_told_where() {
    let site = Site::new().await;
    let client = Client::of(&site, "editor", WRITE).await;
    let post = |body: Value| client.post("/api/v1/listings", body);
    let with = |field: &str, value: Value| {
        let mut body = offer(&site, "字段检查用");
        body[field] = value;
        body
    };
    refused(&post(with("titel", json!("x"))).await, 422, "invalid", &["titel"]);
    refused(&post(with("title", json!(5))).await, 422, "invalid", &["title"]);
    refused(&post(with("keywords", json!(["a", 5]))).await, 422, "invalid", &["keywords[1]"]);
    refused(&post(with("side", json!("both"))).await, 422, "invalid", &["side"]);
    refused(&post(with("attributes", json!({"no-such": 1}))).await, 422, "invalid", &["attributes.no-such"]);
    refused(&post(with("title", json!("长".repeat(121)))).await, 422, "invalid", &["title"]);
    refused(&post(json!({})).await, 422, "invalid", &["side", "party"]);
    refused(&post(json!([1])).await, 422, "invalid", &["body"]);
    refused(&post(with("party", json!(site.b.id))).await, 403, "not-allowed", &[]);
    let raw = async |kind: &str, body: Vec<u8>| {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/listings")
            .header("authorization", format!("Bearer {}", client.token.as_ref().unwrap()))
            .header("content-type", kind);
        site.send(request.body(Body::from(body)).unwrap()).await
    };
    refused(&raw("application/json", b"{\"title\":".to_vec()).await, 400, "bad-json", &[]);
    refused(&raw("application/json", b"{} {}".to_vec()).await, 400, "bad-json", &[]);
    refused(&raw("application/json", vec![b'{', b'"', 0xff, b'"', b'}']).await, 400, "bad-json", &[]);
    refused(&raw("text/plain", b"{}".to_vec()).await, 415, "json-wanted", &[]);
    refused(&raw("application/json", vec![b' '; (2 << 20) + 1]).await, 413, "too-large", &[]);
    let deep = format!("{{\"attributes\":{}", "[".repeat(100_000));
    let answer = raw("application/json", deep.into_bytes()).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
}

#[tokio::test]
async fn a_listing_moves_along_its_life() {
    let site = Site::new().await;
    let client = Client::of(&site, "editor", WRITE).await;
    let made = client.post("/api/v1/listings", offer(&site, "碳化硅功率模块")).await.expect(201).json();
    let path = |step: &str| format!("/api/v1/listings/{}/{step}", made["id"].as_str().unwrap());
    let go = async |step: &str| client.call(Method::POST, &path(step), &[], None).await;
    refused(&go("renew").await, 409, "wrong-state", &[]);
    assert_eq!(go("submit").await.expect(200).json()["state"], "in-review");
    assert_eq!(go("close").await.expect(200).json()["state"], "closed");
    refused(&go("close").await, 409, "wrong-state", &[]);
    let short = client.post("/api/v1/listings", {
        let mut body = offer(&site, "太短的正文");
        body["body"] = json!("短");
        body
    });
    let id = short.await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let answer = client.call(Method::POST, &format!("/api/v1/listings/{id}/submit"), &[], None).await;
    refused(&answer, 422, "invalid", &["body"]);
    let rival = Client::of(&site, "rival", WRITE).await;
    refused(&rival.call(Method::POST, &path("submit"), &[], None).await, 404, "not-found", &[]);
}

#[tokio::test]
async fn a_party_is_created_and_written_and_its_contact_is_for_members() {
    let site = Site::new().await;
    let client = Client::of(&site, "member", WRITE).await;
    let body = json!({"name": "丙方材料（示例）研究院", "region": "320200", "contact": {"phone": "0510-00000000"}});
    let headers = [("idempotency-key", "org-1")];
    let made = client.call(Method::POST, "/api/v1/parties", &headers, Some(body.clone())).await.expect(201);
    let again = client.call(Method::POST, "/api/v1/parties", &headers, Some(body.clone())).await.expect(201);
    assert_eq!(made.json()["id"], again.json()["id"]);
    let path = format!("/api/v1/parties/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(site.get(&path).await.expect(200).json()["contact"]["phone"], "");
    assert_eq!(client.get(&path).await.json()["role"], "owner");
    let tag = [("if-match", "\"v1\"")];
    let mut renamed = body;
    renamed["name"] = json!("丙方新材料（示例）研究院");
    client.call(Method::PUT, &path, &tag, Some(renamed.clone())).await.expect(200);
    let lost = client.call(Method::PUT, &path, &tag, Some(renamed.clone())).await;
    refused(&lost, 412, "stale", &[]);
    assert_eq!(lost.json()["current"]["version"], 2);
    let rival = Client::of(&site, "rival", WRITE).await;
    refused(
        &rival.call(Method::PUT, &path, &[("if-match", "\"v2\"")], Some(renamed.clone())).await,
        403,
        "not-allowed",
        &[],
    );
    renamed["uscc"] = json!("91320200MA1XXXXXX1");
    let faulty = client.call(Method::PUT, &path, &[("if-match", "\"v2\"")], Some(renamed)).await;
    refused(&faulty, 422, "invalid", &["uscc"]);
    let person = json!({"kind": "person", "name": "王示例"});
    let key = [("idempotency-key", "me")];
    let me = client.call(Method::POST, "/api/v1/parties", &key, Some(person.clone())).await.expect(201).json();
    let twice = client.call(Method::POST, "/api/v1/parties", &key, Some(person.clone())).await.expect(201).json();
    assert_eq!(me["id"], twice["id"]);
    refused(&client.post("/api/v1/parties", person).await, 422, "invalid", &["name"]);
    site.settle().await;
    let found = site.get("/api/v1/parties?q=bingfang&kind=organization").await.expect(200).json();
    assert_eq!(found["total"], 1, "{found}");
}
