//! What a request says: query, body and preconditions, read strictly.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use keqiao_app::idempotency::OnceKey;
use keqiao_app::{AppError, Fault};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::caller::Caller;
use super::problem::{Refusal, Teller};
use crate::state::Web;

/// Largest body, bytes.
const LARGEST: usize = 2 << 20;

/// A query whose every parameter is known.
pub(crate) struct Asked<T>(pub(crate) T);

/// A JSON body whose every field is known, with its bytes.
pub(crate) struct Told<T> {
    pub(crate) input: T,
    pub(crate) bytes: Bytes,
}

/// What serde says of a name it does not know: the name between backticks.
fn unknown_name(message: &str) -> Option<&str> {
    let rest = message.strip_prefix("unknown field `")?;
    rest.split_once('`').map(|(name, _)| name)
}

/// A fault from serde's words and the path at which it stopped.
fn fault_of(path: &str, message: &str, unknown: &'static str) -> Fault {
    let message = message.split(" at line ").next().unwrap_or(message);
    match unknown_name(message) {
        Some(name) => Fault::new(name.chars().take(100).collect::<String>(), unknown),
        None => {
            let field = if path == "." { "body" } else { path };
            Fault::with(field, "wrong-type", message.chars().take(300).collect::<String>())
        }
    }
}

impl<T: DeserializeOwned> FromRequestParts<Web> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Refusal> {
        let query = parts.uri.query().unwrap_or_default();
        let read = serde_html_form::Deserializer::from_bytes(query.as_bytes());
        serde_path_to_error::deserialize(read).map(Self).map_err(|error| {
            let path = error.path().to_string();
            // A parameter that may be repeated is named without its place.
            let name = path.split('[').next().unwrap_or_default();
            let fault = fault_of(name, &error.inner().to_string(), "unknown-parameter");
            Teller::of(&parts.uri, &parts.headers).refuse(&AppError::Invalid(vec![fault]))
        })
    }
}

impl<T: DeserializeOwned> FromRequest<Web> for Told<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Web) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let teller = Teller::of(&parts.uri, &parts.headers);
        let media_type = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let essence = media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(teller.plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "json-wanted"));
        }
        let bytes = match Limited::new(body, LARGEST).collect().await {
            Ok(collected) => collected.to_bytes(),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => {
                return Err(teller.refuse(&AppError::TooLarge { limit: LARGEST as u64 }));
            }
            Err(_) => return Err(teller.plain(StatusCode::BAD_REQUEST, "bad-json")),
        };
        if let Err(error) = serde_json::from_slice::<IgnoredAny>(&bytes) {
            return Err(teller.with(StatusCode::BAD_REQUEST, "bad-json", error.to_string(), &[]));
        }
        // The derived readers also take a list for an object, field by field in their order.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            let fault = Fault::with("body", "wrong-type", "expected an object");
            return Err(teller.refuse(&AppError::Invalid(vec![fault])));
        }
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let input = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let fault = fault_of(&error.path().to_string(), &error.inner().to_string(), "unknown-field");
            teller.refuse(&AppError::Invalid(vec![fault]))
        })?;
        Ok(Self { input, bytes })
    }
}

/// The version in an ETag of ours: `"v3.5f2a90c1"` or just `"v3"`.
fn version_of(tag: &str) -> Option<i64> {
    let inner = tag.trim().strip_prefix('"')?.strip_suffix('"')?.strip_prefix('v')?;
    inner.split('.').next()?.parse().ok()
}

/// The version that was edited, from `If-Match`.
pub(crate) fn edited_version(caller: &Caller, headers: &HeaderMap) -> Result<i64, Refusal> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        return Err(caller.teller.plain(StatusCode::PRECONDITION_REQUIRED, "version-needed"));
    };
    let version = value.to_str().ok().and_then(version_of);
    version.ok_or_else(|| caller.refuse(AppError::invalid("if-match", "not-a-version")))
}

/// The key under which a creation happens once, from `Idempotency-Key`.
pub(crate) fn once_key(
    caller: &Caller,
    headers: &HeaderMap,
    asked: &str,
    body: &[u8],
) -> Result<Option<OnceKey>, Refusal> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    // What is no text is refused as a key with a character that is not allowed.
    let key = value.to_str().unwrap_or_default();
    OnceKey::new(key, asked, body).map(Some).map_err(|e| caller.refuse(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_reads_from_our_tags_alone() {
        assert_eq!(version_of("\"v3\""), Some(3));
        assert_eq!(version_of(" \"v12.5f2a90c1\" "), Some(12));
        for bad in ["*", "v3", "W/\"v3\"", "\"3\"", "\"v\"", "\"v3\", \"v4\""] {
            assert_eq!(version_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_fault_names_its_field() {
        let unknown = fault_of(".", "unknown field `titel`, expected `title` at line 1 column 8", "unknown-field");
        assert_eq!((unknown.field.as_str(), unknown.code), ("titel", "unknown-field"));
        let wrong = fault_of("keywords[1]", "invalid type: integer `5`, expected a string at line 1", "x");
        assert_eq!(wrong.field, "keywords[1]");
        assert_eq!(wrong.detail, "invalid type: integer `5`, expected a string");
    }
}
