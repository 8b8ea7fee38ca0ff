//! The fields of a form, checked for its token.

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use keqiao_app::AppError;
use percent_encoding::percent_decode;

use crate::fault::PageFault;
use crate::state::Web;
use crate::visit::Visit;

/// Largest form, bytes; files go another way.
const LARGEST: usize = 2 << 20;
/// Most fields of a form or an address.
const MOST: usize = 2_000;

/// Names and values in the order in which they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

impl Fields {
    /// From `application/x-www-form-urlencoded` text. Bytes that are no UTF-8 are replaced.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let mut fields = Vec::new();
        for pair in text.split(|&b| b == b'&').filter(|p| !p.is_empty()) {
            if fields.len() >= MOST {
                return None;
            }
            let mut parts = pair.splitn(2, |&b| b == b'=');
            let mut decode = || {
                let raw: Vec<u8> =
                    parts.next().unwrap_or_default().iter().map(|&b| if b == b'+' { b' ' } else { b }).collect();
                percent_decode(&raw).decode_utf8_lossy().into_owned()
            };
            let name = decode();
            fields.push((name, decode()));
        }
        Some(Self(fields))
    }

    /// The value of a field; empty when it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }
    /// The trimmed value of a field, `None` when empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|v| !v.is_empty())
    }
    /// All values of a field.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect()
    }
    /// Whether a box was ticked.
    pub(crate) fn ticked(&self, name: &str) -> bool {
        matches!(self.get(name), "1" | "on" | "true")
    }
}

/// A form that was sent, without a look at its token: for what changes nothing.
pub(crate) struct Asked(pub(crate) Visit, pub(crate) Fields);

/// A form that was sent with the right token.
pub(crate) struct Sent(pub(crate) Visit, pub(crate) Fields);

async fn read(request: Request, web: &Web) -> Result<(Visit, Fields), Response> {
    let (mut parts, body) = request.into_parts();
    let Ok(visit) = <Visit as axum::extract::FromRequestParts<Web>>::from_request_parts(&mut parts, web).await;
    let form = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|t| t.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if !form {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
    }
    let bytes = match Limited::new(body, LARGEST).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(_) => return Err(visit.fault(AppError::TooLarge { limit: LARGEST as u64 }).into_response()),
    };
    match Fields::parse(&bytes) {
        Some(fields) => Ok((visit, fields)),
        None => Err(visit.fault(AppError::invalid("form", "too-many")).into_response()),
    }
}

/// Whether a token is the visit's own.
pub(crate) fn token_fits(visit: &Visit, token: &str) -> bool {
    visit.csrf.fits(token)
}

impl FromRequest<Web> for Asked {
    type Rejection = Response;
    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (visit, fields) = read(request, web).await?;
        Ok(Self(visit, fields))
    }
}

impl FromRequest<Web> for Sent {
    type Rejection = Response;
    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (visit, fields) = read(request, web).await?;
        if token_fits(&visit, fields.get("csrf")) {
            return Ok(Self(visit, fields));
        }
        Err(PageFault::stale_form(visit.frame(""), visit.request_id.clone()).into_response())
    }
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn a_form_reads_as_it_was_sent() {
        let fields = Fields::parse("a=1&a=%E4%B8%AD+x&b&=c&d=%ff".as_bytes()).unwrap();
        assert_eq!(fields.all("a"), ["1", "中 x"]);
        assert_eq!((fields.get("b"), fields.get(""), fields.get("d")), ("", "c", "\u{fffd}"));
        assert_eq!(fields.filled("b"), None);
    }

    #[test]
    fn ten_thousand_fields_are_refused() {
        assert!(Fields::parse("a=1&".repeat(10_000).as_bytes()).is_none());
    }
}
