//! Services by the API: the feedback list, a volunteer's hours from the request to their proof, a step that came late.

use axum::http::Method;
use keqiao_domain::Scope;
use serde_json::{Value, json};

use crate::client::{Client, WRITE, refused};
use crate::house::{Answer, Site};

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Writes what was read as this version.
async fn on(client: &Client<'_>, path: &str, tag: &str, body: Value) -> Answer {
    client.call(Method::POST, path, &[("if-match", tag)], Some(body)).await
}

fn tag(answer: &Answer) -> String {
    answer.headers["etag"].to_str().unwrap().to_owned()
}

/// Refused with both versions.
fn lost(answer: &Answer, current: i64, field: &str, yours: &Value) {
    refused(answer, 412, "stale", &[]);
    let problem = answer.json();
    assert_eq!((&problem["current"]["version"], &problem["yours"][field]), (&json!(current), yours));
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
    let assign = json!({"do": "assign", "owner": site.viewer("broker").await.account, "due": "2026-03-09"});
    refused(&on(&owner, &steps, "\"v1\"", assign.clone()).await, 403, "not-allowed", &[]);
    let stranger = Client::of(&site, "member", WRITE).await;
    refused(&stranger.get(&place).await, 404, "not-found", &[]);
    refused(&on(&stranger, &steps, "\"v1\"", assign.clone()).await, 404, "not-found", &[]);
    refused(&broker.post(&steps, assign.clone()).await, 428, "version-needed", &[]);
    let read = tag(&broker.get(&place).await.expect(200));
    let given = on(&broker, &steps, &read, assign).await.expect(200);
    let known = tag(&given);
    assert!(known.starts_with("\"v2."), "{known}");
    assert_eq!(given.json()["state"], "in-hand");
    let settle = |note: &str| json!({"do": "settle", "note": note});
    lost(&on(&broker, &steps, &read, settle("晚到")).await, 2, "note", &json!("晚到"));
    let settled = on(&broker, &steps, &known, settle("已上网")).await.expect(200);
    assert_eq!(settled.json()["answer"], "已上网");
    // Of what is settled the late one is told that it was, and by what.
    lost(&on(&broker, &steps, &known, settle("又一次")).await, 3, "note", &json!("又一次"));
    let known = tag(&owner.get(&place).await.expect(200));
    let again = owner.call(Method::GET, &place, &[("if-none-match", &known)], None).await;
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
    let duty = format!("/api/v1/volunteer-duties/{}", text(&sent["duties"][0]["id"]));
    refused(&rival.get(&duty).await, 404, "not-found", &[]);
    let first = tag(&member.get(&duty).await.expect(200));
    let steps = format!("{duty}/steps");
    let go = |what: &str| json!({ "do": what });
    refused(&member.post(&steps, go("accept")).await, 428, "version-needed", &[]);
    refused(&on(&owner, &steps, &first, go("accept")).await, 403, "not-allowed", &[]);
    refused(&on(&rival, &steps, &first, go("accept")).await, 404, "not-found", &[]);
    let second = tag(&on(&member, &steps, &first, go("accept")).await.expect(200));
    lost(&on(&member, &steps, &first, go("decline")).await, 2, "do", &json!("decline"));
    let report = json!({"do": "report", "from": "2024-03-09T09:00", "to": "2024-03-09T11:00", "note": "讲了两个小时"});
    let third = tag(&on(&member, &steps, &second, report).await.expect(200));
    refused(&on(&member, &steps, &third, go("prove")).await, 403, "not-allowed", &[]);
    lost(&on(&owner, &steps, &second, go("prove")).await, 3, "do", &json!("prove"));
    let proven = on(&owner, &steps, &third, go("prove")).await.expect(200).json();
    assert_eq!((&proven["state"], &proven["anomalies"]), (&json!("proven"), &json!([])));
    assert_eq!(proven["request"], request["id"]);
    let end = format!("{place}/end");
    refused(&owner.post(&end, json!({})).await, 428, "version-needed", &[]);
    let read = tag(&owner.get(&place).await.expect(200));
    assert_eq!(on(&owner, &end, &read, json!({})).await.expect(200).json()["state"], "done");
    lost(&on(&owner, &end, &read, json!({"off": true})).await, 2, "off", &json!(true));
}

#[tokio::test]
async fn a_step_that_came_late_is_told_what_stands_by_now() {
    let site = Site::new().await;
    let (owner, rival) = (Client::of(&site, "owner", WRITE).await, Client::of(&site, "rival", WRITE).await);
    let opened = json!({"need_party": site.a.id, "offer_party": site.b.id, "title": "试用", "note": "请看"});
    let opened = owner.post("/api/v1/engagements", opened).await.expect(201).json();
    let steps = format!("/api/v1/engagements/{}/steps", text(&opened["id"]));
    assert_eq!(rival.post(&steps, json!({"do": "confirm", "expected": 1})).await.expect(200).json()["steps"], 2);
    let late = rival.post(&steps, json!({"do": "confirm", "expected": 1, "note": "晚到"})).await;
    refused(&late, 412, "stale", &[]);
    let problem = late.json();
    assert_eq!((&problem["current"]["steps"], &problem["yours"]["note"]), (&json!(2), &json!("晚到")));
}
