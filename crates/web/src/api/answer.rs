//! How an answer is written: JSON, with the record's version as its tag.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keqiao_app::AppError;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::caller::Caller;
use super::problem::Refusal;

/// What a handler answers.
pub(crate) type Answer = Result<Response, Refusal>;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

fn bytes_of(caller: &Caller, body: &impl Serialize) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(body).map_err(|e| caller.refuse(AppError::Internal(e.to_string())))
}

/// A plain answer.
pub(crate) fn json(caller: &Caller, body: &impl Serialize) -> Answer {
    Ok(([(header::CONTENT_TYPE, JSON)], bytes_of(caller, body)?).into_response())
}

/// A record with its tag: the version, by which a write is compared, and a hash of
/// what this caller reads of it, which also changes when a file or a name does.
pub(crate) fn record(
    caller: &Caller,
    asked: &HeaderMap,
    status: StatusCode,
    version: i64,
    body: &impl Serialize,
) -> Answer {
    tagged(caller, asked, status, &format!("v{version}."), body)
}

/// What is derived and has no version of its own, with a hash of what this caller reads of it as its tag.
pub(crate) fn hashed(caller: &Caller, asked: &HeaderMap, body: &impl Serialize) -> Answer {
    tagged(caller, asked, StatusCode::OK, "", body)
}

fn tagged(caller: &Caller, asked: &HeaderMap, status: StatusCode, start: &str, body: &impl Serialize) -> Answer {
    let bytes = bytes_of(caller, body)?;
    let tag = format!("\"{start}{}\"", hex::encode(&Sha256::digest(&bytes)[..6]));
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|t| t.as_bytes() == tag.as_bytes());
    let mut response = if known && status == StatusCode::OK {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (status, [(header::CONTENT_TYPE, JSON)], bytes).into_response()
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::VARY, HeaderValue::from_static("authorization, cookie"));
    Ok(response)
}

/// What a record's answer carries beside its text.
pub(crate) trait Versioned: Serialize {
    /// How often the record was written.
    fn version(&self) -> i64;
}

/// The answer to a write: the record as it is now, or, when somebody else wrote in between, both
/// versions. `read` is the record as the caller reads it, asked after the write.
pub(crate) async fn written<B: Versioned>(
    caller: &Caller,
    done: Result<(), AppError>,
    yours: serde_json::Value,
    read: impl Future<Output = Result<B, Refusal>>,
) -> Answer {
    match done {
        Ok(()) => {
            let body = read.await?;
            record(caller, &HeaderMap::new(), StatusCode::OK, body.version(), &body)
        }
        Err(error @ AppError::Stale { .. }) => {
            let current = serde_json::to_value(read.await?);
            let current = current.map_err(|e| caller.refuse(AppError::Internal(e.to_string())))?;
            Err(caller.refuse(error).between(current, yours))
        }
        Err(error) => Err(caller.refuse(error)),
    }
}

/// What became of something that was sent, with the address of what was made of it.
pub(crate) fn sent(caller: &Caller, status: StatusCode, place: Option<&str>, body: &impl Serialize) -> Answer {
    let mut response = (status, [(header::CONTENT_TYPE, JSON)], bytes_of(caller, body)?).into_response();
    if let Some(place) = place.and_then(|p| HeaderValue::from_str(p).ok()) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// A record that was created, with its address.
pub(crate) fn created(caller: &Caller, place: &str, version: i64, body: &impl Serialize) -> Answer {
    let mut response = record(caller, &HeaderMap::new(), StatusCode::CREATED, version, body)?;
    if let Ok(place) = HeaderValue::from_str(place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}
