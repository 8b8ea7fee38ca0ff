//! Who is visiting: the session behind the cookie, and the frame of the page.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::cookie::CookieJar;
use keqiao_app::AppError;
use keqiao_app::accounts::{SignedIn, session_viewer};
use keqiao_domain::Viewer;

use crate::fault::PageFault;
use crate::locale::Preferences;
use crate::page::{Flash, Frame, Tone};
use crate::state::Web;
use crate::token::{FormToken, Personal};

/// Holds the session's secret.
pub(crate) const SESSION_COOKIE: &str = "kq_session";
/// Holds a visitor's form token, until there is a session with one of its own.
pub(crate) const TOKEN_COOKIE: &str = "kq_token";
/// Holds the key of a message that the next page shows once.
pub(crate) const FLASH_COOKIE: &str = "kq_flash";

/// A request for a page: who asks, with which preferences.
pub(crate) struct Visit {
    pub(crate) web: Web,
    pub(crate) signed_in: Option<SignedIn>,
    pub(crate) preferences: Preferences,
    /// The page's address, path and query.
    pub(crate) path: String,
    /// The token that this visit's forms carry.
    pub(crate) csrf: FormToken,
    pub(crate) request_id: String,
    flash: Option<Flash>,
}

impl Visit {
    /// Who is looking.
    pub(crate) fn viewer(&self) -> Viewer {
        self.signed_in.as_ref().map(|s| s.viewer.clone()).unwrap_or_default()
    }

    /// The frame of a page with this title.
    pub(crate) fn frame(&self, title: &str) -> Frame {
        let mut frame = Frame::new(self.preferences, &self.path, title, self.web.app.catalog.clone());
        frame.zone.clone_from(&self.web.app.settings.zone);
        frame.viewer = self.viewer();
        frame.csrf.clone_from(&self.csrf);
        frame.flash.clone_from(&self.flash);
        if let Some(signed_in) = &self.signed_in {
            frame.name = Some(signed_in.account.name.clone());
            frame.unread = signed_in.unread.unsigned_abs();
        }
        frame
    }

    /// The frame of a page whose title is a message.
    pub(crate) fn frame_of(&self, key: &'static str) -> Frame {
        self.frame(self.preferences.locale.t(key))
    }

    /// A fault as a page for this visit.
    pub(crate) fn fault(&self, error: AppError) -> PageFault {
        PageFault::new(error, self.frame(""), self.request_id.clone())
    }

    /// Reads the visit from a request's head.
    async fn read(web: &Web, parts: &Parts) -> Self {
        let preferences = Preferences::read(parts.uri.query().unwrap_or_default(), &parts.headers);
        let jar = CookieJar::from_headers(&parts.headers);
        let signed_in = match jar.get(SESSION_COOKIE) {
            None => None,
            Some(cookie) => match session_viewer(&web.app, cookie.value()).await {
                Ok(found) => found,
                Err(error) => {
                    tracing::error!(%error, "a session could not be read");
                    None
                }
            },
        };
        let token = parts.extensions.get::<FormToken>().cloned().unwrap_or_default();
        let csrf = signed_in.as_ref().map_or(token, |s| FormToken::new(s.csrf.clone()));
        let flash = jar.get(FLASH_COOKIE).and_then(|cookie| flash_of(preferences, cookie.value()));
        Self {
            web: web.clone(),
            signed_in,
            preferences,
            path: address_of(parts),
            csrf,
            request_id: request_id(&parts.headers),
            flash,
        }
    }
}

/// The address a page can link back to: of a form's POST the page it came from.
fn address_of(parts: &Parts) -> String {
    if parts.method == Method::GET {
        return parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
    }
    let referer = parts.headers.get("referer").and_then(|v| v.to_str().ok());
    let path = referer.and_then(|r| r.split_once("://")?.1.split_once('/')).map(|(_, path)| format!("/{path}"));
    path.unwrap_or_else(|| "/".to_owned())
}

pub(crate) fn request_id(headers: &HeaderMap) -> String {
    headers.get("x-request-id").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
}

/// A flash cookie names a tone and a message key, nothing that a stranger could write into a page.
fn flash_of(preferences: Preferences, value: &str) -> Option<Flash> {
    let (tone, key) = value.split_once('.')?;
    let tone = match tone {
        "done" => Tone::Done,
        "wait" => Tone::Wait,
        _ => Tone::Failed,
    };
    let text = preferences.locale.find(&format!("flash-{key}"))?.to_owned();
    Some(Flash { tone, text })
}

impl FromRequestParts<Web> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        Ok(Self::read(web, parts).await)
    }
}

/// A cookie's header: for the whole site, out of reach of scripts, only `Secure` behind TLS.
pub(crate) fn cookie(web: &Web, name: &str, value: &str, max_age_seconds: i64) -> HeaderValue {
    let secure = if web.secure() { "; Secure" } else { "" };
    let text = format!("{name}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={max_age_seconds}{secure}");
    // Values are base64url secrets and message keys, which always fit a header.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// Puts a message on the next page.
pub(crate) fn with_flash(web: &Web, mut response: Response, tone: Tone, key: &str) -> Response {
    let tone = match tone {
        Tone::Done => "done",
        Tone::Wait => "wait",
        Tone::Failed => "failed",
    };
    response.headers_mut().append(SET_COOKIE, cookie(web, FLASH_COOKIE, &format!("{tone}.{key}"), 60));
    response
}

/// Middleware: gives a visitor whose page has a form the token in it, and takes away a message that was shown.
pub(crate) async fn give_token(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let jar = CookieJar::from_headers(request.headers());
    let has_session = jar.get(SESSION_COOKIE).is_some();
    let is_api = request.uri().path().starts_with("/api/");
    let kept = jar.get(TOKEN_COOKIE).map(|c| c.value().to_owned()).filter(|t| t.len() == 43);
    let fresh = kept.is_none() && !has_session && !is_api;
    let token = kept.unwrap_or_else(|| {
        let mut bytes = [0u8; 32];
        web.app.entropy.fill(&mut bytes);
        base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes)
    });
    let shows_flash =
        *request.method() == Method::GET && request.headers().contains_key(COOKIE) && jar.get(FLASH_COOKIE).is_some();
    let token = FormToken::new(token);
    request.extensions_mut().insert(token.clone());
    let mut response = next.run(request).await;
    let html = response.headers().get("content-type").is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    if token.was_written() {
        response.extensions_mut().insert(Personal);
        if html && fresh {
            response.headers_mut().append(SET_COOKIE, cookie(&web, TOKEN_COOKIE, token.reveal(), 86_400));
        }
    }
    if html && shows_flash {
        response.headers_mut().append(SET_COOKIE, cookie(&web, FLASH_COOKIE, "", 0));
    }
    response
}
