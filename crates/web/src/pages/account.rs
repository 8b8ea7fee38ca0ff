//! One's own account: name and language, parties, password, sessions, API tokens.

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::accounts::{self, ProfileInput};
use keqiao_app::parties::my_parties;
use keqiao_app::{AppError, Fault};
use keqiao_domain::{Account, ApiToken, OrgRole, Party, PartyKind, Scope};

use super::form::{Faults, again};
use super::sign_in::{with_session, without_session};
use super::{draw, parse_id};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/account", show)
        .post("/account", save_profile)
        .post("/account/password", change_password)
        .post("/account/sessions", sign_out_everywhere)
        .post("/account/tokens", create_token)
        .post("/account/tokens/{id}/revoke", revoke_token)
}

#[derive(Template)]
#[template(path = "account.html")]
struct Page {
    f: Frame,
    account: Account,
    parties: Vec<(Party, OrgRole)>,
    tokens: Vec<ApiToken>,
    name: Input,
    locale: String,
    daily_mail: bool,
    passwords: [Input; 2],
    token_name: Input,
    reads: bool,
    writes: bool,
    scopes_error: String,
    /// A token that was just made; shown this once.
    secret: Option<String>,
    /// What is wrong beyond the fields.
    problem: String,
}

/// What was typed into one of the page's forms, and what is wrong with it.
#[derive(Default)]
struct Typed {
    profile: Option<ProfileInput>,
    token_name: String,
    scopes: Option<Vec<Scope>>,
    faults: Faults,
    secret: Option<String>,
}

/// The names of the page's fields.
const FIELDS: [&str; 5] = ["name", "old_password", "password", "token_name", "scopes"];

async fn page(visit: &Visit, typed: Typed) -> Result<Page, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let account = accounts::profile(app, &viewer).await?;
    let parties = my_parties(app, &viewer).await?;
    let mut tokens = accounts::api_tokens(app, &viewer).await?;
    tokens.retain(|token| token.revoked_at.is_none());
    let mut f = visit.frame_of("nav-account");
    f.noindex = true;
    let Typed { profile, token_name, scopes, faults, secret } = typed;
    let profile = profile.unwrap_or_else(|| ProfileInput {
        name: account.name.clone(),
        locale: account.locale.clone(),
        daily_mail: account.daily_mail,
    });
    let name =
        Input { longest: 80, autocomplete: "name", ..Input::new("name", "text", f.t("field-name"), &profile.name) };
    let old = Input {
        autocomplete: "current-password",
        ..Input::new("old_password", "password", f.t("field-old-password"), "")
    };
    let new = Input {
        hint: f.t("password-hint").to_owned(),
        autocomplete: "new-password",
        ..Input::new("password", "password", f.t("field-new-password"), "")
    };
    let token_name = Input {
        hint: f.t("token-name-hint").to_owned(),
        longest: 80,
        ..Input::new("token_name", "text", f.t("token-name"), &token_name)
    };
    Ok(Page {
        name: faults.beside(&f, name),
        locale: profile.locale,
        daily_mail: profile.daily_mail,
        passwords: [faults.beside(&f, old), faults.beside(&f, new)],
        token_name: faults.beside(&f, token_name),
        reads: scopes.as_ref().is_none_or(|s| s.contains(&Scope::Read)),
        writes: scopes.is_some_and(|s| s.contains(&Scope::Write)),
        scopes_error: faults.of(&f, "scopes"),
        problem: faults.beyond(&f, &FIELDS),
        account,
        parties,
        tokens,
        secret,
        f,
    })
}

async fn show(visit: Visit) -> Response {
    match page(&visit, Typed::default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The page again with what was typed and what is wrong with it.
async fn refused(visit: &Visit, error: AppError, typed: Typed) -> Response {
    let AppError::Invalid(faults) = error else { return visit.fault(error).into_response() };
    match page(visit, Typed { faults: Faults(faults), ..typed }).await {
        Ok(page) => again(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

fn back(visit: &Visit, to: &str, key: &str) -> Response {
    with_flash(&visit.web, Redirect::to(to).into_response(), Tone::Done, key)
}

async fn save_profile(Sent(visit, fields): Sent) -> Response {
    let input = ProfileInput {
        name: fields.get("name").to_owned(),
        locale: fields.get("locale").to_owned(),
        daily_mail: fields.ticked("daily_mail"),
    };
    match accounts::update_profile(&visit.web.app, &visit.viewer(), input.clone()).await {
        // The address carries the language so that this browser remembers it too.
        Ok(account) => back(&visit, &format!("/account?lang={}", account.locale), "profile-saved"),
        Err(error) => refused(&visit, error, Typed { profile: Some(input), ..Typed::default() }).await,
    }
}

async fn change_password(Sent(visit, fields): Sent) -> Response {
    let (old, new) = (fields.get("old_password").to_owned(), fields.get("password").to_owned());
    match accounts::change_password(&visit.web.app, &visit.viewer(), old, new).await {
        Ok((secret, _)) => with_session(&visit.web, back(&visit, "/account", "password-changed"), &secret),
        Err(AppError::WrongPassword) => {
            let wrong = AppError::Invalid(vec![Fault::new("old_password", "wrong-password")]);
            refused(&visit, wrong, Typed::default()).await
        }
        Err(error) => refused(&visit, error, Typed::default()).await,
    }
}

async fn sign_out_everywhere(Sent(visit, _): Sent) -> Response {
    match accounts::sign_out_everywhere(&visit.web.app, &visit.viewer()).await {
        Ok(()) => without_session(&visit.web, back(&visit, "/sign-in", "signed-out-everywhere")),
        Err(error) => visit.fault(error).into_response(),
    }
}

fn scopes_of(fields: &Fields) -> Vec<Scope> {
    [("read", Scope::Read), ("write", Scope::Write)]
        .into_iter()
        .filter(|(name, _)| fields.all("scopes").contains(name))
        .map(|(_, scope)| scope)
        .collect()
}

async fn create_token(Sent(visit, fields): Sent) -> Response {
    let (name, scopes) = (fields.get("token_name"), scopes_of(&fields));
    let made = accounts::create_api_token(&visit.web.app, &visit.viewer(), name, scopes.clone()).await;
    let error = match made {
        Ok((secret, _)) => {
            return match page(&visit, Typed { secret: Some(secret), ..Typed::default() }).await {
                Ok(page) => {
                    let mut response = draw(&page);
                    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
                    response
                }
                Err(error) => visit.fault(error).into_response(),
            };
        }
        Err(error) => error,
    };
    let typed = Typed { token_name: name.to_owned(), scopes: Some(scopes), ..Typed::default() };
    refused(&visit, named_for_the_page(error), typed).await
}

/// The token's name has a field of its own name here, since the account's name stands on the same page.
fn named_for_the_page(error: AppError) -> AppError {
    let AppError::Invalid(mut faults) = error else { return error };
    for fault in faults.iter_mut().filter(|fault| fault.field == "name") {
        fault.field = "token_name".to_owned();
    }
    AppError::Invalid(faults)
}

async fn revoke_token(Path(id): Path<String>, Sent(visit, _): Sent) -> Response {
    let done = match parse_id(&id) {
        Ok(id) => accounts::revoke_api_token(&visit.web.app, &visit.viewer(), id).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => back(&visit, "/account", "token-revoked"),
        Err(error) => visit.fault(error).into_response(),
    }
}
