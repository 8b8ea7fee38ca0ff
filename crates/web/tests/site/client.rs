//! A program that calls the API.

use axum::body::Body;
use axum::http::{Method, Request};
use keqiao_app::accounts::create_api_token;
use keqiao_domain::Scope;
use serde_json::{Value, json};

use crate::house::{Answer, Site, chip};

/// A program that calls with a token, or without one.
pub(crate) struct Client<'a> {
    pub(crate) site: &'a Site,
    pub(crate) token: Option<String>,
}

impl<'a> Client<'a> {
    pub(crate) const fn visitor(site: &'a Site) -> Self {
        Self { site, token: None }
    }

    pub(crate) async fn of(site: &'a Site, who: &str, scopes: &[Scope]) -> Self {
        let viewer = site.viewer(who).await;
        let made = create_api_token(&site.app, &viewer, "test", scopes.to_vec()).await.unwrap();
        Self { site, token: Some(made.0) }
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(serde_json::to_vec(&body).unwrap())
            }
            None => Body::empty(),
        };
        self.site.send(request.body(body).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, &[], Some(body)).await
    }
}

pub(crate) const WRITE: &[Scope] = &[Scope::Read, Scope::Write];

/// A chip's offer of organization A as the API takes it.
pub(crate) fn offer(site: &Site, title: &str) -> Value {
    let mut body = serde_json::to_value(chip(title, "工作温度宽，适用于车载电源，已量产供货，可提供样品。")).unwrap();
    body["side"] = json!("offer");
    body["party"] = json!(site.a.id);
    body
}

/// A refusal's code and the fields it names.
fn refusal(answer: &Answer) -> (String, Vec<String>) {
    assert_eq!(answer.headers["content-type"], "application/problem+json", "{}", answer.body);
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status.as_u16());
    assert_eq!(problem["type"], format!("urn:keqiao:problem:{}", problem["code"].as_str().unwrap()));
    for part in ["title", "detail", "request_id"] {
        assert!(!problem[part].as_str().unwrap().is_empty(), "{part} of {problem}");
    }
    let faults = problem["faults"].as_array().cloned().unwrap_or_default();
    let field = |f: &Value| {
        assert_ne!(f["detail"], f["code"], "{f} has no words");
        f["field"].as_str().unwrap().to_owned()
    };
    (problem["code"].as_str().unwrap().to_owned(), faults.iter().map(field).collect())
}

pub(crate) fn refused(answer: &Answer, status: u16, code: &str, fields: &[&str]) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
    let (found, named) = refusal(answer);
    assert_eq!(found, code);
    assert_eq!(named, fields);
}
