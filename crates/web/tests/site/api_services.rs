//! Services by the API: the feedback list, and a volunteer's hours from the request to their proof.

use axum::http::Method;
use keqiao_domain::Scope;
use serde_json::{Value, json};

use crate::client::{Client, WRITE, refused};
use crate::house::Site;

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_program_raises_feedback_once_and_another_settles_it() {
    let site = Site::new().await;
    let (owner, broker) = (Client::of(&site, "owner", WRITE).await, Client::of(&site, "broker", WRITE).await);
    let reader = Client::of(&site, "owner", &[Scope::Read]).await;
    let item = json!({"title": "排期", "body": "请按周公布", "party": site.a.id});
    refused(&reader.post("/api/v1/feedback", item.clone()).await, 403, "scope-needed", &[]);
    let raise = async |key: &str, body: &Value| {
        owner.call(Method::POST, "/api/v1/feedback", &[("idempotency-key", key)], Some(body.clone())).await
    };
    let first = raise("f-1", &item).await.expect(201).json();
    let place = format!("/api/v1/feedback/{}", text(&first["id"]));
    assert_eq!(raise("f-1", &item).await.expect(201).json()["id"], first["id"]);
    refused(&raise("f-1", &json!({"title": "别的", "body": "别的"})).await, 409, "key-reused", &[]);
    refused(&raise("f-2", &json!({"title": "", "body": ""})).await, 422, "invalid", &["title", "body"]);
    refused(&raise("f-3", &json!({"titel": "", "body": ""})).await, 422, "invalid", &["titel"]);
    assert_eq!(owner.get("/api/v1/feedback").await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    // Who raised it does not settle it, and a stranger learns nothing of it.
    let steps = format!("{place}/steps");
    let assign =
        json!({"do": "assign", "owner": site.viewer("broker").await.account, "due": "2026-03-09", "expected": 1});
    refused(&owner.post(&steps, assign.clone()).await, 403, "not-allowed", &[]);
    let stranger = Client::of(&site, "member", WRITE).await;
    refused(&stranger.get(&place).await, 404, "not-found", &[]);
    refused(&stranger.post(&steps, assign.clone()).await, 404, "not-found", &[]);
    let given = broker.post(&steps, assign.clone()).await.expect(200).json();
    assert_eq!((given["state"].as_str(), given["version"].as_i64()), (Some("in-hand"), Some(2)));
    let late = broker.post(&steps, json!({"do": "settle", "note": "已上网", "expected": 1})).await;
    assert_eq!(late.status.as_u16(), 412, "{}", late.body);
    assert_eq!(late.json()["current"]["version"], 2);
    let settled = broker.post(&steps, json!({"do": "settle", "note": "已上网", "expected": 2})).await.expect(200);
    assert_eq!(settled.json()["answer"], "已上网");
    let shown = owner.get(&place).await.expect(200);
    let tag = shown.headers["etag"].to_str().unwrap().to_owned();
    let again = owner.call(Method::GET, &place, &[("if-none-match", &tag)], None).await;
    assert_eq!(again.status.as_u16(), 304);
}

#[tokio::test]
async fn hours_of_a_volunteer_are_proven_by_two_parties_over_the_api_as_well() {
    let site = Site::new().await;
    let (owner, member) = (Client::of(&site, "owner", WRITE).await, Client::of(&site, "member", WRITE).await);
    let rival = Client::of(&site, "rival", WRITE).await;
    let team = json!({"name": "科普队", "party": site.a.id, "skills": ["讲解", "翻译"]});
    refused(&rival.post("/api/v1/volunteer-teams", team.clone()).await, 403, "not-allowed", &[]);
    let team = owner.post("/api/v1/volunteer-teams", team).await.expect(201).json();
    assert_eq!(team["skills"], json!(["讲解", "翻译"]));
    let team = format!("/api/v1/volunteer-teams/{}", text(&team["id"]));
    let join = format!("{team}/volunteers");
    refused(&member.post(&join, json!({})).await, 422, "invalid", &["skills"]);
    // Who asks to be admitted is told nothing of the others, and sees no list of them.
    let joined = member.post(&join, json!({"skills": ["讲解"]})).await.expect(200).json();
    assert_eq!(joined["members"], json!([]));
    let seen = owner.get(&team).await.expect(200).json();
    assert_eq!((&seen["members"][0]["state"], &seen["people"]), (&json!("asks"), &json!(0)));
    let volunteer = text(&seen["members"][0]["volunteer"]);
    let decision = format!("/api/v1/volunteers/{volunteer}/decision");
    refused(&rival.post(&decision, json!({"admitted": true})).await, 403, "not-allowed", &[]);
    owner.post(&decision, json!({"admitted": true})).await.expect(200);
    let asked = json!({
        "party": site.a.id, "title": "社区科普", "body": "讲芯片", "place": "社区中心", "skills": ["讲解"],
        "starts": "2024-03-09T09:00", "ends": "2024-03-09T11:00", "wanted": 1,
    });
    let ask = async || {
        let key = [("idempotency-key", "r-1")];
        owner.call(Method::POST, "/api/v1/volunteer-requests", &key, Some(asked.clone())).await.expect(201).json()
    };
    let request = ask().await;
    assert_eq!(ask().await["id"], request["id"]);
    let place = format!("/api/v1/volunteer-requests/{}", text(&request["id"]));
    let send = json!({ "volunteer": volunteer });
    refused(&member.post(&format!("{place}/duties"), send.clone()).await, 403, "not-allowed", &[]);
    let sent = owner.post(&format!("{place}/duties"), send.clone()).await.expect(200).json();
    refused(&owner.post(&format!("{place}/duties"), send).await, 422, "invalid", &["volunteer"]);
    assert_eq!(rival.get(&place).await.expect(200).json()["duties"], json!([]), "who goes is for those concerned");
    let steps = format!("/api/v1/volunteer-duties/{}/steps", text(&sent["duties"][0]["id"]));
    refused(&owner.post(&steps, json!({"do": "accept", "expected": 1})).await, 403, "not-allowed", &[]);
    refused(&rival.post(&steps, json!({"do": "accept", "expected": 1})).await, 404, "not-found", &[]);
    member.post(&steps, json!({"do": "accept", "expected": 1})).await.expect(200);
    let stale = member.post(&steps, json!({"do": "decline", "expected": 1})).await;
    assert_eq!(stale.status.as_u16(), 412, "{}", stale.body);
    let report = json!({
        "do": "report", "from": "2024-03-09T09:00", "to": "2024-03-09T11:00", "note": "讲了两个小时", "expected": 2,
    });
    member.post(&steps, report).await.expect(200);
    refused(&member.post(&steps, json!({"do": "prove", "expected": 3})).await, 403, "not-allowed", &[]);
    let proven = owner.post(&steps, json!({"do": "prove", "expected": 3})).await.expect(200).json();
    let duty = &proven["duties"][0];
    assert_eq!((&duty["state"], &duty["anomalies"]), (&json!("proven"), &json!([])));
    let ended = owner.post(&format!("{place}/end"), json!({"expected": 1})).await.expect(200).json();
    assert_eq!(ended["state"], "done");
}
