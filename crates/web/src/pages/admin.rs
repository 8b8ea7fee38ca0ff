//! Administration: accounts, and organizations that wait for verification.

use askama::Template;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::accounts::{account_page, set_disabled, set_platform_role};
use keqiao_app::parties::{refuse_verification, set_verified, unverified_organizations};
use keqiao_domain::{Account, AccountId, Party, PartyId, PlatformRole};

use super::form::{Faults, again, in_address};
use super::{draw, parse_id};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

/// Accounts on a page.
const PAGE: usize = 50;
const ACCOUNTS: &str = "/admin/accounts";
const ORGANIZATIONS: &str = "/admin/organizations";
/// Organizations on a page of those that wait.
const WAITING: usize = 50;
/// Longest text of a search for accounts, characters.
const LONGEST_TEXT: usize = 200;

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
    /// What was looked for.
    words: String,
    first: String,
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

/// The fields of an address.
fn asked(uri: &Uri) -> Fields {
    Fields::parse(uri.query().unwrap_or_default().as_bytes()).unwrap_or_default()
}

/// Where in a list a page begins, from the parameter `after`.
fn place_of<I: std::str::FromStr>(fields: &Fields) -> Result<Option<I>, AppError> {
    let place = fields.filled("after").map(|id| id.parse().map_err(|_| AppError::invalid("after", "bad-cursor")));
    place.transpose()
}

/// The address of a page of a list, empty parameters left out.
fn list_at(path: &str, words: &str, after: &str) -> String {
    let pairs = [("q", words), ("after", after)].into_iter().filter(|(_, value)| !value.is_empty());
    let query = pairs.map(|(name, value)| format!("{name}={}", in_address(value))).collect::<Vec<_>>().join("&");
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A page of what one more than a page was asked for, and the last of it where there is more.
fn cut<T>(mut rows: Vec<T>, most: usize) -> (Vec<T>, bool) {
    let more = rows.len() > most;
    rows.truncate(most);
    (rows, more)
}

async fn show_accounts(visit: Visit, uri: Uri) -> Response {
    match accounts(&visit, &asked(&uri)).await {
        Ok(page) => draw(&page),
        Err(error) => refused(&visit, error),
    }
}

async fn accounts(visit: &Visit, fields: &Fields) -> Result<Accounts, AppError> {
    let words: String = fields.get("q").trim().chars().take(LONGEST_TEXT).collect();
    let place = place_of(fields)?;
    let found = account_page(&visit.web.app, &visit.viewer(), &words, place, PAGE as i64 + 1).await?;
    let (accounts, more) = cut(found, PAGE);
    let last = accounts.last().filter(|_| more);
    let next = last.map_or_else(String::new, |a| list_at(ACCOUNTS, &words, &a.id.to_string()));
    let first = if place.is_some() { list_at(ACCOUNTS, &words, "") } else { String::new() };
    let f = Frame { noindex: true, ..visit.frame_of("admin-accounts") };
    Ok(Accounts { f, accounts, words, first, next, after: fields.get("after").to_owned() })
}

/// Back to the page of the list from which the form was sent.
fn back(visit: &Visit, path: &str, fields: &Fields, key: &str) -> Response {
    let place = list_at(path, fields.get("q"), fields.get("after"));
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
        Ok(_) => back(&visit, ACCOUNTS, &fields, "role-changed"),
        Err(error) => refused(&visit, error),
    }
}

async fn disable(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let disabled = fields.ticked("disabled");
    let result = async { set_disabled(&visit.web.app, &visit.viewer(), parse_id(&id)?, disabled).await };
    match result.await {
        Ok(_) => back(&visit, ACCOUNTS, &fields, if disabled { "account-disabled" } else { "account-enabled" }),
        Err(error) => refused(&visit, error),
    }
}

#[derive(Template)]
#[template(path = "admin_organizations.html")]
struct Organizations {
    f: Frame,
    waiting: Vec<Waiting>,
    first: String,
    next: String,
    after: String,
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

async fn organizations(
    visit: &Visit,
    fields: &Fields,
    mended: Option<(PartyId, &str, &Faults)>,
) -> Result<Organizations, AppError> {
    let place = place_of(fields)?;
    let found = unverified_organizations(&visit.web.app, &visit.viewer(), place, WAITING as i64 + 1).await?;
    let (parties, more) = cut(found, WAITING);
    let last = parties.last().filter(|_| more);
    let next = last.map_or_else(String::new, |p| list_at(ORGANIZATIONS, "", &p.id.to_string()));
    let first = if place.is_some() { ORGANIZATIONS.to_owned() } else { String::new() };
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
    Ok(Organizations { f, waiting, first, next, after: fields.get("after").to_owned() })
}

async fn show_organizations(visit: Visit, uri: Uri) -> Response {
    match organizations(&visit, &asked(&uri), None).await {
        Ok(page) => draw(&page),
        Err(error) => refused(&visit, error),
    }
}

async fn verify(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let result = async { set_verified(&visit.web.app, &visit.viewer(), parse_id(&id)?, true).await };
    match result.await {
        Ok(_) => back(&visit, ORGANIZATIONS, &fields, "organization-verified"),
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
        Ok(_) => back(&visit, ORGANIZATIONS, &fields, "organization-refused"),
        Err(AppError::Invalid(faults)) if faults.iter().all(|f| f.field == "comment") => {
            let faults = Faults(faults);
            match organizations(&visit, &fields, Some((id, comment, &faults))).await {
                Ok(page) => again(&page),
                Err(error) => refused(&visit, error),
            }
        }
        Err(error) => refused(&visit, error),
    }
}
