//! Administration: accounts, and organizations that wait for verification.

use askama::Template;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::accounts::{account_page, set_disabled, set_platform_role};
use keqiao_app::parties::{refuse_verification, set_verified, unverified_organizations};
use keqiao_domain::{Account, AccountId, Party, PartyId, PlatformRole};

use super::form::{Faults, again};
use super::{draw, parse_id};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

/// Accounts on a page.
const PAGE: usize = 50;
/// Most organizations shown; the next ones move up as these are done.
const WAITING: i64 = 50;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/admin/accounts", show_accounts)
        .post("/admin/accounts/{id}/role", set_role)
        .post("/admin/accounts/{id}/disabled", disable)
        .get("/admin/organizations", show_organizations)
        .post("/admin/organizations/{id}/verify", verify)
        .post("/admin/organizations/{id}/refuse", refuse)
}

#[derive(Template)]
#[template(path = "admin_accounts.html")]
struct Accounts {
    f: Frame,
    accounts: Vec<Account>,
    next: String,
    after: String,
}

impl Accounts {
    fn is_me(&self, account: &AccountId) -> bool {
        self.f.viewer.account == Some(*account)
    }
}

fn refused(visit: &Visit, error: AppError) -> Response {
    let error = match error {
        AppError::NotAllowed if visit.signed_in.is_none() => AppError::SignInNeeded,
        other => other,
    };
    visit.fault(error).into_response()
}

/// The parameter `after` of an address.
fn after_of(query: &[u8]) -> String {
    Fields::parse(query).unwrap_or_default().get("after").to_owned()
}

async fn show_accounts(visit: Visit, uri: Uri) -> Response {
    let after = after_of(uri.query().unwrap_or_default().as_bytes());
    let place: Result<Option<AccountId>, AppError> = match after.as_str() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| AppError::invalid("after", "bad-cursor")),
    };
    let found = match place {
        Ok(place) => account_page(&visit.web.app, &visit.viewer(), place, PAGE as i64 + 1).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(mut accounts) => {
            let more = accounts.len() > PAGE;
            accounts.truncate(PAGE);
            let last = accounts.last().filter(|_| more);
            let next = last.map_or_else(String::new, |a| format!("/admin/accounts?after={}", a.id));
            let f = Frame { noindex: true, ..visit.frame_of("admin-accounts") };
            draw(&Accounts { f, accounts, next, after })
        }
        Err(error) => refused(&visit, error),
    }
}

/// Back to the page of the list from which the form was sent.
fn back(visit: &Visit, fields: &Fields, key: &str) -> Response {
    let after = fields.get("after");
    let place = match after.parse::<AccountId>() {
        Ok(id) => format!("/admin/accounts?after={id}"),
        Err(_) => "/admin/accounts".to_owned(),
    };
    with_flash(&visit.web, Redirect::to(&place).into_response(), Tone::Done, key)
}

async fn set_role(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let role = match fields.get("role") {
        "" => Ok(None),
        "broker" => Ok(Some(PlatformRole::Broker)),
        "operator" => Ok(Some(PlatformRole::Operator)),
        "admin" => Ok(Some(PlatformRole::Admin)),
        _ => Err(AppError::invalid("role", "unknown-choice")),
    };
    let result = async { set_platform_role(&visit.web.app, &visit.viewer(), parse_id(&id)?, role?).await };
    match result.await {
        Ok(_) => back(&visit, &fields, "role-changed"),
        Err(error) => refused(&visit, error),
    }
}

async fn disable(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let disabled = fields.ticked("disabled");
    let result = async { set_disabled(&visit.web.app, &visit.viewer(), parse_id(&id)?, disabled).await };
    match result.await {
        Ok(_) => back(&visit, &fields, if disabled { "account-disabled" } else { "account-enabled" }),
        Err(error) => refused(&visit, error),
    }
}

#[derive(Template)]
#[template(path = "admin_organizations.html")]
struct Organizations {
    f: Frame,
    waiting: Vec<Waiting>,
}

/// One organization that waits, with the form to refuse it.
struct Waiting {
    party: Party,
    /// The code's own parts, for who compares them with a licence.
    code: String,
    authority: String,
    place: String,
    /// Whether the organisation code inside carries its own check character.
    inner_code_fits: bool,
    comment: String,
    error: String,
}

/// The registering authority that the first character of a credit code names (GB 32100-2015).
fn authority(f: &Frame, code: &str) -> &'static str {
    match code.as_bytes().first() {
        Some(b'1') => f.t("uscc-staffing"),
        Some(b'5') => f.t("uscc-civil-affairs"),
        Some(b'9') => f.t("uscc-market-regulation"),
        _ => f.t("uscc-other"),
    }
}

async fn organizations(visit: &Visit, mended: Option<(PartyId, &str, &Faults)>) -> Result<Organizations, AppError> {
    let parties = unverified_organizations(&visit.web.app, &visit.viewer(), WAITING).await?;
    let f = Frame { noindex: true, ..visit.frame_of("admin-organizations") };
    let row = |party: Party| {
        let code = party.uscc.as_ref()?;
        let (comment, error) = match mended {
            Some((id, comment, faults)) if id == party.id => (comment.to_owned(), faults.of(&f, "comment")),
            _ => Default::default(),
        };
        let place = code.as_str().get(2..8).unwrap_or_default();
        Some(Waiting {
            authority: authority(&f, code.as_str()).to_owned(),
            place: if f.catalog.taxonomy("region").is_some_and(|t| t.get(place).is_some()) {
                f.region(place)
            } else {
                place.to_owned()
            },
            inner_code_fits: code.organisation_code_checks(),
            code: code.to_string(),
            comment,
            error,
            party,
        })
    };
    let waiting = parties.into_iter().filter_map(row).collect();
    Ok(Organizations { f, waiting })
}

async fn show_organizations(visit: Visit) -> Response {
    match organizations(&visit, None).await {
        Ok(page) => draw(&page),
        Err(error) => refused(&visit, error),
    }
}

fn to_queue(visit: &Visit, key: &str) -> Response {
    with_flash(&visit.web, Redirect::to("/admin/organizations").into_response(), Tone::Done, key)
}

async fn verify(Path(id): Path<String>, Sent(visit, _): Sent) -> Response {
    let result = async { set_verified(&visit.web.app, &visit.viewer(), parse_id(&id)?, true).await };
    match result.await {
        Ok(_) => to_queue(&visit, "organization-verified"),
        Err(error) => refused(&visit, error),
    }
}

async fn refuse(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let id: PartyId = match parse_id(&id) {
        Ok(id) => id,
        Err(error) => return refused(&visit, error),
    };
    let comment = fields.get("comment");
    match refuse_verification(&visit.web.app, &visit.viewer(), id, comment).await {
        Ok(_) => to_queue(&visit, "organization-refused"),
        Err(AppError::Invalid(faults)) if faults.iter().all(|f| f.field == "comment") => {
            let faults = Faults(faults);
            match organizations(&visit, Some((id, comment, &faults))).await {
                Ok(page) => again(&page),
                Err(error) => refused(&visit, error),
            }
        }
        Err(error) => refused(&visit, error),
    }
}
