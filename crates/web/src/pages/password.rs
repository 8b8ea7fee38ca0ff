//! A forgotten password: asking for a link, and setting a new one by it.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::{AppError, accounts};

use super::draw;
use super::entry::Entry;
use super::form::{Faults, again};
use crate::fields::Sent;
use crate::page::{Input, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/forgot", show_forgot)
        .post("/forgot", send_forgot)
        .get("/reset/{secret}", show_reset)
        .post("/reset/{secret}", send_reset)
}

fn forgot_page(visit: &Visit) -> Entry {
    let f = visit.frame_of("forgot-title");
    let email = Input { autocomplete: "username", ..Input::new("email", "email", f.t("field-email"), "") };
    Entry {
        lede: f.t("forgot-lede").to_owned(),
        inputs: vec![email],
        button: f.t("forgot-send"),
        links: vec![("/sign-in".to_owned(), f.t("back-to-sign-in"))],
        ..Entry::new(f, "/forgot")
    }
}

async fn show_forgot(visit: Visit) -> Response {
    draw(&forgot_page(&visit))
}

/// Says the same whether there is such an account or not.
async fn send_forgot(Sent(visit, fields): Sent) -> Response {
    match accounts::request_reset(&visit.web.app, fields.get("email").trim()).await {
        Ok(()) => with_flash(&visit.web, Redirect::to("/sign-in").into_response(), Tone::Done, "reset-sent"),
        Err(error) => visit.fault(error).into_response(),
    }
}

fn reset_page(visit: &Visit, secret: &str, faults: &Faults) -> Entry {
    let f = visit.frame_of("reset-title");
    let password = Input {
        hint: f.t("password-hint").to_owned(),
        autocomplete: "new-password",
        ..Input::new("password", "password", f.t("field-new-password"), "")
    };
    Entry {
        lede: f.t("reset-lede").to_owned(),
        problem: faults.beyond(&f, &["password"]),
        inputs: vec![faults.beside(&f, password)],
        button: f.t("reset-save"),
        ..Entry::new(f, &format!("/reset/{}", super::form::in_address(secret)))
    }
}

async fn show_reset(visit: Visit, Path(secret): Path<String>) -> Response {
    draw(&reset_page(&visit, &secret, &Faults::default()))
}

async fn send_reset(Path(secret): Path<String>, Sent(visit, fields): Sent) -> Response {
    match accounts::reset_password(&visit.web.app, &secret, fields.get("password").to_owned()).await {
        Ok(()) => with_flash(&visit.web, Redirect::to("/sign-in").into_response(), Tone::Done, "password-reset"),
        Err(AppError::Invalid(faults)) => again(&reset_page(&visit, &secret, &Faults(faults))),
        Err(error) => visit.fault(error).into_response(),
    }
}
