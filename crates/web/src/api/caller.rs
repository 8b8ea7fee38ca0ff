//! Who calls the API: a token's account, a browser's session for reading, or a visitor.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum_extra::extract::cookie::CookieJar;
use keqiao_app::accounts::{session_viewer, token_viewer};
use keqiao_app::{App, AppError};
use keqiao_domain::{Scope, Viewer};

use super::problem::{Refusal, Teller};
use crate::state::Web;
use crate::visit::SESSION_COOKIE;

/// Who calls.
pub(crate) struct Caller {
    pub(crate) web: Web,
    pub(crate) viewer: Viewer,
    pub(crate) teller: Teller,
}

impl Caller {
    pub(crate) fn app(&self) -> &App {
        &self.web.app
    }
    /// A use case's refusal for this caller.
    pub(crate) fn refuse(&self, error: AppError) -> Refusal {
        self.teller.refuse(&error)
    }
}

/// The secret of an `Authorization: Bearer …`; `None`: another scheme or no text.
fn bearer(value: &header::HeaderValue) -> Option<&str> {
    let (scheme, secret) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(secret.trim())
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refusal> {
        let teller = Teller::of(&parts.uri, &parts.headers);
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        let caller = |viewer| Self { web: web.clone(), viewer, teller: teller.clone() };
        if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
            let bad = || teller.plain(StatusCode::UNAUTHORIZED, "bad-token");
            let secret = bearer(value).ok_or_else(bad)?;
            let found = token_viewer(&web.app, secret).await.map_err(|e| teller.refuse(&e))?;
            let (viewer, scopes) = found.ok_or_else(bad)?;
            if !reads && !scopes.contains(&Scope::Write) {
                return Err(teller.plain(StatusCode::FORBIDDEN, "scope-needed"));
            }
            return Ok(caller(viewer));
        }
        // A cookie comes along without its owner's will, so it opens eyes and no hands.
        let jar = CookieJar::from_headers(&parts.headers);
        let viewer = match jar.get(SESSION_COOKIE).filter(|_| reads) {
            Some(cookie) => {
                let found = session_viewer(&web.app, cookie.value()).await;
                found.map_err(|e| teller.refuse(&e))?.map(|s| s.viewer).unwrap_or_default()
            }
            None => Viewer::visitor(),
        };
        Ok(caller(viewer))
    }
}

/// Someone who asks with a body and changes nothing: any token will do, or none.
pub(crate) struct Asker(pub(crate) Caller);

impl FromRequestParts<Web> for Asker {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refusal> {
        let method = std::mem::replace(&mut parts.method, Method::GET);
        let caller = Caller::from_request_parts(parts, web).await;
        parts.method = method;
        caller.map(Self)
    }
}

/// The id in the path; what is no id names no record.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: std::str::FromStr + Send> FromRequestParts<Web> for Id<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refusal> {
        let path = Path::<String>::from_request_parts(parts, web).await.ok();
        let id = path.and_then(|Path(text)| text.parse().ok());
        id.map(Self).ok_or_else(|| Teller::of(&parts.uri, &parts.headers).refuse(&AppError::NotFound))
    }
}
