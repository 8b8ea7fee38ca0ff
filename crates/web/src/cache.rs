//! Answers to visitors, kept until the store or the index moves on.
//!
//! Everything a visitor gets from a GET depends only on the address, the
//! preferences and the data. The data's state is two numbers: the last change
//! committed and the change the index has read. While both stand, an answer holds.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_TYPE, COOKIE, ETAG, IF_NONE_MATCH, SET_COOKIE,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::locale::Preferences;
use crate::state::Web;
use crate::token::Personal;
use crate::visit::{FLASH_COOKIE, SESSION_COOKIE};

/// Bytes of all kept answers together.
const CAPACITY_BYTES: u64 = 8 << 20;
/// Largest answer that is kept, bytes.
const LARGEST: usize = 256 << 10;
/// Longest address of an answer that is kept.
const LONGEST_ADDRESS: usize = 512;

#[derive(Clone)]
struct Kept {
    state: (i64, i64),
    content_type: HeaderValue,
    etag: HeaderValue,
    body: Bytes,
}

#[derive(Clone)]
struct BySize;

impl Weighter<String, Kept> for BySize {
    fn weight(&self, key: &String, kept: &Kept) -> u64 {
        (key.len() + kept.body.len() + 200) as u64
    }
}

/// The kept answers.
pub(crate) struct AnswerCache(Cache<String, Kept, BySize>);

impl Default for AnswerCache {
    fn default() -> Self {
        Self(Cache::with_weighter(2_048, CAPACITY_BYTES, BySize))
    }
}

/// The key of a request whose answer may be kept; `None`: it is somebody's own or changes something.
fn key_of(request: &Request) -> Option<String> {
    let headers = request.headers();
    let own = |name: &str| {
        headers
            .get_all(COOKIE)
            .iter()
            .any(|v| v.to_str().map_or(true, |c| c.split(';').any(|p| p.trim_start().starts_with(name))))
    };
    let address = request.uri().path_and_query()?.as_str();
    let kept_path = ["/api/v1/listings", "/api/v1/parties", "/api/v1/search", "/listings/", "/parties", "/hall"]
        .iter()
        .any(|start| address.starts_with(start));
    if *request.method() != Method::GET
        || !kept_path
        || address.len() > LONGEST_ADDRESS
        || headers.contains_key(AUTHORIZATION)
        || own(SESSION_COOKIE)
        || own(FLASH_COOKIE)
    {
        return None;
    }
    if address.starts_with("/api/") {
        return Some(address.to_owned());
    }
    if !headers.contains_key(COOKIE) && !headers.contains_key(ACCEPT_LANGUAGE) {
        return Some(format!("zh||{address}"));
    }
    let preferences = Preferences::read(request.uri().query().unwrap_or_default(), headers);
    let theme = preferences.theme.map_or("", |t| t.as_str());
    Some(format!("{}|{theme}|{address}", preferences.locale.as_str()))
}

fn answer(kept: &Kept, asked: &HeaderMap) -> Response {
    let same = asked.get(IF_NONE_MATCH).is_some_and(|tag| *tag == kept.etag);
    let mut response =
        if same { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(kept.body.clone()).into_response() };
    let headers = response.headers_mut();
    headers.insert(ETAG, kept.etag.clone());
    if !same {
        headers.insert(CONTENT_TYPE, kept.content_type.clone());
    }
    response
}

/// Middleware: answers from what is kept, and keeps what may be kept.
pub(crate) async fn answer_from_cache(State(web): State<Web>, request: Request, next: Next) -> Response {
    let Some(key) = key_of(&request) else { return next.run(request).await };
    // Read before the answer is made: what commits meanwhile makes the answer old at once.
    let state = (web.app.store.latest_seq(), web.app.index.cursor());
    if let Some(kept) = web.cache.0.get(&key)
        && kept.state == state
    {
        return answer(&kept, request.headers());
    }
    let asked = request.headers().clone();
    let response = next.run(request).await;
    // A download has headers of its own, which are not kept.
    let own = response.headers().contains_key(SET_COOKIE)
        || response.headers().contains_key(CONTENT_DISPOSITION)
        || response.extensions().get::<Personal>().is_some();
    if response.status() != StatusCode::OK || own {
        return response;
    }
    let (parts, body) = response.into_parts();
    let bytes = match body.collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(error) => {
            tracing::error!(%error, "an answer broke off");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let content_type = parts.headers.get(CONTENT_TYPE).cloned();
    if bytes.len() > LARGEST {
        return Response::from_parts(parts, Body::from(bytes));
    }
    let etag = parts.headers.get(ETAG).cloned().unwrap_or_else(|| etag_of(&bytes));
    let content_type = content_type.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let kept = Kept { state, content_type, etag, body: bytes };
    web.cache.0.insert(key, kept.clone());
    answer(&kept, &asked)
}

fn etag_of(bytes: &[u8]) -> HeaderValue {
    let digest = hex::encode(&Sha256::digest(bytes)[..8]);
    HeaderValue::from_str(&format!("\"{digest}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}
