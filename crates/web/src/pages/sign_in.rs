//! Signing in and out.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use keqiao_app::AppError;
use keqiao_app::accounts;

use super::draw;
use super::entry::{Entry, carry};
use super::form::{local_or, with_status};
use crate::fields::{Fields, Sent};
use crate::page::{Input, Tone};
use crate::routes::Routes;
use crate::state::Web;
use crate::visit::{SESSION_COOKIE, Visit, cookie, with_flash};

/// Seconds for which a browser keeps the session's cookie; the store has the last word.
const COOKIE_SECONDS: i64 = 30 * 86_400;
/// Where somebody who signed in goes who came from nowhere in particular.
const DESK: &str = "/desk";

pub(crate) fn routes() -> Routes {
    Routes::default().get("/sign-in", show).post("/sign-in", send).post("/sign-out", sign_out)
}

/// The parameter `next` of an address, when it leads to a page of this site.
pub(super) fn next_of(uri: &Uri) -> String {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    local_or(query.get("next"), "").to_owned()
}

/// Opens the session in this browser.
pub(super) fn with_session(web: &Web, mut response: Response, secret: &str) -> Response {
    response.headers_mut().append(SET_COOKIE, cookie(web, SESSION_COOKIE, secret, COOKIE_SECONDS));
    response
}

fn page(visit: &Visit, next: &str, email: &str) -> Entry {
    let f = visit.frame_of("nav-sign-in");
    let email = Input { autocomplete: "username", ..Input::new("email", "email", f.t("field-email"), email) };
    let password =
        Input { autocomplete: "current-password", ..Input::new("password", "password", f.t("field-password"), "") };
    Entry {
        next: next.to_owned(),
        inputs: vec![email, password],
        button: f.t("nav-sign-in"),
        links: vec![
            (carry("/sign-up", next), f.t("sign-in-no-account")),
            ("/forgot".to_owned(), f.t("sign-in-forgot")),
        ],
        ..Entry::new(f, "/sign-in")
    }
}

async fn show(visit: Visit, uri: Uri) -> Response {
    let next = next_of(&uri);
    if visit.signed_in.is_some() {
        return Redirect::to(local_or(&next, DESK)).into_response();
    }
    let mut page = page(&visit, &next, "");
    if next.starts_with("/invitation/") {
        page.lede = page.f.t("sign-in-for-invitation").to_owned();
    } else if !next.is_empty() {
        page.lede = page.f.t("sign-in-then-back").to_owned();
    }
    draw(&page)
}

async fn send(Sent(visit, fields): Sent) -> Response {
    let (email, next) = (fields.get("email").trim(), local_or(fields.get("next"), ""));
    let web = &visit.web;
    match accounts::sign_in(&web.app, email, fields.get("password").to_owned()).await {
        Ok((secret, _)) => with_session(web, Redirect::to(local_or(next, DESK)).into_response(), &secret),
        Err(error @ (AppError::WrongPassword | AppError::NotAllowed)) => {
            let mut page = page(&visit, next, email);
            let (status, why) = if matches!(error, AppError::WrongPassword) {
                (StatusCode::UNAUTHORIZED, page.f.t("sign-in-wrong"))
            } else {
                (StatusCode::FORBIDDEN, page.f.t("sign-in-disabled"))
            };
            page.problem = why.to_owned();
            with_status(status, &page)
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn sign_out(State(web): State<Web>, jar: CookieJar, Sent(visit, _): Sent) -> Response {
    if let Some(secret) = jar.get(SESSION_COOKIE)
        && let Err(error) = accounts::sign_out(&web.app, secret.value()).await
    {
        return visit.fault(error).into_response();
    }
    let response = with_flash(&web, Redirect::to("/").into_response(), Tone::Done, "signed-out");
    without_session(&web, response)
}

/// Takes the session out of this browser.
pub(super) fn without_session(web: &Web, mut response: Response) -> Response {
    response.headers_mut().append(SET_COOKIE, cookie(web, SESSION_COOKIE, "", 0));
    response
}
