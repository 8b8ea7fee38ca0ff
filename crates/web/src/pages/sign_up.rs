//! Signing up.

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::accounts::{self, SignUp};
use keqiao_domain::PlatformRole;

use super::draw;
use super::entry::{Entry, carry};
use super::form::{Faults, again, local_or, with_status};
use super::sign_in::{next_of, with_session};
use crate::fields::Sent;
use crate::page::{Input, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(crate) fn routes() -> Routes {
    Routes::default().get("/sign-up", show).post("/sign-up", send)
}

/// The secret of an invitation that somebody came from.
fn invitation_in(next: &str) -> Option<&str> {
    next.strip_prefix("/invitation/").filter(|secret| !secret.is_empty())
}

fn page(visit: &Visit, next: &str, typed: &SignUp, faults: &Faults) -> Entry {
    let f = visit.frame_of("nav-sign-up");
    let name = Input {
        hint: f.t("sign-up-name-hint").to_owned(),
        longest: 80,
        autocomplete: "name",
        ..Input::new("name", "text", f.t("field-name"), &typed.name)
    };
    let email = Input { autocomplete: "username", ..Input::new("email", "email", f.t("field-email"), &typed.email) };
    let password = Input {
        hint: f.t("password-hint").to_owned(),
        autocomplete: "new-password",
        ..Input::new("password", "password", f.t("field-password"), "")
    };
    let inputs = [name, email, password].into_iter().map(|i| faults.beside(&f, i)).collect();
    let lede = if invitation_in(next).is_some() { "sign-in-for-invitation" } else { "sign-up-lede" };
    Entry {
        next: next.to_owned(),
        inputs,
        lede: f.t(lede).to_owned(),
        problem: faults.beyond(&f, &["name", "email", "password"]),
        button: f.t("nav-sign-up"),
        links: vec![(carry("/sign-in", next), f.t("sign-up-has-account"))],
        ..Entry::new(f, "/sign-up")
    }
}

/// The page where sign-up is closed: it says how else to get an account.
fn closed(visit: &Visit, next: &str) -> Entry {
    let page = page(visit, next, &SignUp::default(), &Faults::default());
    Entry { inputs: Vec::new(), lede: page.f.t("sign-up-closed").to_owned(), ..page }
}

async fn show(visit: Visit, uri: Uri) -> Response {
    let next = next_of(&uri);
    if visit.signed_in.is_some() {
        return Redirect::to(local_or(&next, "/account")).into_response();
    }
    match accounts::may_sign_up(&visit.web.app).await {
        Ok(open) if open || invitation_in(&next).is_some() => {
            draw(&page(&visit, &next, &SignUp::default(), &Faults::default()))
        }
        Ok(_) => draw(&closed(&visit, &next)),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn send(Sent(visit, fields): Sent) -> Response {
    let next = local_or(fields.get("next"), "");
    let input = SignUp {
        email: fields.get("email").trim().to_owned(),
        name: fields.get("name").trim().to_owned(),
        password: fields.get("password").to_owned(),
        locale: visit.preferences.locale.as_str().to_owned(),
    };
    let app = &visit.web.app;
    let account = match accounts::sign_up(app, input.clone(), invitation_in(next)).await {
        Ok(account) => account,
        Err(AppError::Invalid(faults)) => return again(&page(&visit, next, &input, &Faults(faults))),
        Err(AppError::NotAllowed) => return with_status(StatusCode::FORBIDDEN, &closed(&visit, next)),
        Err(error) => return visit.fault(error).into_response(),
    };
    let key = if account.platform_role == Some(PlatformRole::Admin) { "signed-up-admin" } else { "signed-up" };
    match accounts::sign_in(app, &input.email, input.password).await {
        Ok((secret, _)) => {
            let response = Redirect::to(local_or(next, "/account")).into_response();
            with_session(&visit.web, with_flash(&visit.web, response, Tone::Done, key), &secret)
        }
        Err(error) => visit.fault(error).into_response(),
    }
}
