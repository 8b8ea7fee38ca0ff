//! Who acts for an organization, who is invited, and who belongs to what.

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::accounts::{self, Colleague};
use keqiao_app::parties::{
    MemberRow, MembershipInput, PartyView, confirm_membership, declare_membership, parties_named, remove_membership,
    view_party,
};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{AccountId, Invitation, MembershipStatus, OrgRole, PartyId, PartyKind};

use super::form::{Faults, again};
use super::{draw, parse_id};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/organizations/{id}/people", show)
        .post("/organizations/{id}/people/{account}/role", set_role)
        .post("/organizations/{id}/people/{account}/remove", remove)
        .post("/organizations/{id}/invitations", invite)
        .post("/organizations/{id}/invitations/{invitation}/withdraw", withdraw)
        .post("/organizations/{id}/memberships", declare)
        .post("/organizations/{id}/memberships/{membership}/confirm", confirm)
        .post("/organizations/{id}/memberships/{membership}/remove", leave)
}

#[derive(Template)]
#[template(path = "people.html")]
struct Page {
    f: Frame,
    view: PartyView,
    /// Whether the reader manages the people; else the page is only to be read.
    manages: bool,
    /// Whether the reader may declare to what the party belongs.
    declares: bool,
    /// Whether the reader confirms and removes memberships.
    decides: bool,
    colleagues: Vec<Colleague>,
    invitations: Vec<Invitation>,
    email: Input,
    role: OrgRole,
    /// The link of an invitation that was just made, and for whom; shown this once.
    link: Option<(String, String)>,
    party: Input,
    title: Input,
    from: Input,
    to: Input,
    /// Whether the form declares a member of this party, rather than to what it belongs.
    inward: bool,
    problem: String,
}

impl Page {
    fn is_me(&self, account: &AccountId) -> bool {
        self.f.viewer.account == Some(*account)
    }
    fn is_declared(&self, row: &&MemberRow) -> bool {
        row.membership.status == MembershipStatus::Declared
    }
}

/// What was typed into one of the page's forms, and what is wrong with it.
#[derive(Default)]
struct Typed {
    fields: Fields,
    faults: Faults,
    link: Option<(String, String)>,
}

const ROLES: [OrgRole; 3] = [OrgRole::Viewer, OrgRole::Editor, OrgRole::Owner];

fn role_in(fields: &Fields) -> Option<OrgRole> {
    match fields.get("role") {
        "viewer" => Some(OrgRole::Viewer),
        "editor" => Some(OrgRole::Editor),
        "owner" => Some(OrgRole::Owner),
        _ => None,
    }
}

async fn page(visit: &Visit, id: PartyId, typed: Typed) -> Result<Page, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    if !viewer.is_member() {
        return Err(AppError::SignInNeeded);
    }
    let view = view_party(app, &viewer, id).await?;
    // Operators look after memberships, without a look at who acts for the organization.
    let inside = view.role.is_some() || viewer.is_admin();
    if !inside && !viewer.is_operator() {
        return Err(AppError::NotAllowed);
    }
    let (colleagues, invitations) = if view.party.kind == PartyKind::Organization && inside {
        accounts::colleagues(app, &viewer, id).await?
    } else {
        (Vec::new(), Vec::new())
    };
    let mut f = visit.frame(&visit.preferences.locale.t1("people-title", "name", &view.party.name));
    f.noindex = true;
    let Typed { fields, faults, link } = typed;
    let optional = |name, ty, label: &str| Input { required: false, ..Input::new(name, ty, label, fields.get(name)) };
    let email = Input::new("email", "email", f.t("field-email"), fields.get("email"));
    let party = Input {
        hint: f.t("member-party-hint").to_owned(),
        ..Input::new("party", "text", f.t("member-party"), fields.get("party"))
    };
    let title = Input { longest: 80, ..optional("title", "text", f.t("member-title")) };
    Ok(Page {
        manages: view.party.kind == PartyKind::Organization && (viewer.owns(id) || viewer.is_admin()),
        declares: viewer.may_edit_for(id) || viewer.is_operator(),
        decides: viewer.owns(id) || viewer.is_operator(),
        email: faults.beside(&f, email),
        role: role_in(&fields).unwrap_or(OrgRole::Editor),
        party: faults.beside(&f, party),
        title: faults.beside(&f, title),
        from: faults.beside(&f, optional("from", "date", f.t("member-from"))),
        to: faults.beside(&f, optional("to", "date", f.t("member-to"))),
        inward: view.party.kind == PartyKind::Organization && fields.get("direction") != "outward",
        problem: faults.beyond(&f, &["email", "party", "title", "from", "to"]),
        colleagues,
        invitations,
        link,
        view,
        f,
    })
}

/// The page, or why there is none.
async fn answer(visit: &Visit, id: PartyId, typed: Typed) -> Response {
    let faulty = !typed.faults.0.is_empty();
    match page(visit, id, typed).await {
        Ok(page) if faulty => again(&page),
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match parse_id(&id) {
        Ok(id) => answer(&visit, id, Typed::default()).await,
        Err(error) => visit.fault(error).into_response(),
    }
}

/// Back to the page with a message, or the page with what was typed and what is wrong.
async fn done(visit: &Visit, id: &str, fields: Fields, result: Result<(), AppError>, key: &str) -> Response {
    match (result, parse_id::<PartyId>(id)) {
        (Ok(()), _) => {
            let response = Redirect::to(&format!("/organizations/{id}/people")).into_response();
            with_flash(&visit.web, response, Tone::Done, key)
        }
        (Err(AppError::Invalid(faults)), Ok(id)) => {
            answer(visit, id, Typed { fields, faults: Faults(faults), link: None }).await
        }
        (Err(error), _) => visit.fault(error).into_response(),
    }
}

async fn set_role(Path((id, account)): Path<(String, String)>, Sent(visit, fields): Sent) -> Response {
    let result = async {
        let role = role_in(&fields).ok_or_else(|| AppError::invalid("role", "unknown-choice"))?;
        let (id, account) = (parse_id(&id)?, parse_id(&account)?);
        accounts::set_colleague_role(&visit.web.app, &visit.viewer(), id, account, role).await
    };
    let result = result.await;
    done(&visit, &id, Fields::default(), result, "role-changed").await
}

async fn remove(Path((id, account)): Path<(String, String)>, Sent(visit, _): Sent) -> Response {
    let result = async {
        let (id, account) = (parse_id(&id)?, parse_id(&account)?);
        accounts::remove_colleague(&visit.web.app, &visit.viewer(), id, account).await?;
        Ok(visit.viewer().account == Some(account))
    };
    match result.await {
        // Who left sees the people no more.
        Ok(true) => with_flash(&visit.web, Redirect::to("/account").into_response(), Tone::Done, "left"),
        other => done(&visit, &id, Fields::default(), other.map(drop), "colleague-removed").await,
    }
}

async fn invite(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let result = async {
        let organization = parse_id(&id)?;
        let role = role_in(&fields).ok_or_else(|| AppError::invalid("role", "unknown-choice"))?;
        accounts::invite_colleague(&visit.web.app, &visit.viewer(), organization, fields.get("email"), role)
            .await
            .map(|(link, invitation)| (organization, link, invitation.email))
    };
    match result.await {
        Ok((organization, link, email)) => {
            let typed = Typed { link: Some((link, email)), ..Typed::default() };
            let mut response = answer(&visit, organization, typed).await;
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(error) => done(&visit, &id, fields, Err(error), "").await,
    }
}

async fn withdraw(Path((id, invitation)): Path<(String, String)>, Sent(visit, _): Sent) -> Response {
    let result = async {
        let (id, invitation) = (parse_id(&id)?, parse_id(&invitation)?);
        accounts::withdraw_invitation(&visit.web.app, &visit.viewer(), id, invitation).await
    };
    let result = result.await;
    done(&visit, &id, Fields::default(), result, "invitation-withdrawn").await
}

/// The one party that a text names.
async fn named(visit: &Visit, text: &str) -> Result<PartyId, AppError> {
    if text.trim().is_empty() {
        return Err(AppError::invalid("party", "required"));
    }
    match parties_named(&visit.web.app, &visit.viewer(), text).await?.as_slice() {
        [one] => Ok(one.id),
        [] => Err(AppError::invalid("party", "unknown-party")),
        _ => Err(AppError::invalid("party", "several-parties")),
    }
}

async fn declare(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let result = async {
        let (here, other) = (parse_id(&id)?, named(&visit, fields.get("party")).await?);
        let outward = fields.get("direction") == "outward";
        let (member, organization) = if outward { (here, other) } else { (other, here) };
        let text = |name: &str| fields.get(name).to_owned();
        let input = MembershipInput { member, organization, title: text("title"), from: text("from"), to: text("to") };
        declare_membership(&visit.web.app, &visit.viewer(), input).await.map(drop)
    };
    let result = result.await.map_err(named_for_the_page);
    done(&visit, &id, fields, result, "membership-declared").await
}

/// The other side has one field here, whichever side it is on.
fn named_for_the_page(error: AppError) -> AppError {
    let AppError::Invalid(faults) = error else { return error };
    let rename = |fault: Fault| match fault.field.as_str() {
        "organization" | "member" => Fault { field: "party".to_owned(), ..fault },
        _ => fault,
    };
    AppError::Invalid(faults.into_iter().map(rename).collect())
}

async fn confirm(Path((id, membership)): Path<(String, String)>, Sent(visit, _): Sent) -> Response {
    let result = match parse_id(&membership) {
        Ok(membership) => confirm_membership(&visit.web.app, &visit.viewer(), membership).await,
        Err(error) => Err(error),
    };
    done(&visit, &id, Fields::default(), result, "membership-confirmed").await
}

async fn leave(Path((id, membership)): Path<(String, String)>, Sent(visit, _): Sent) -> Response {
    let result = match parse_id(&membership) {
        Ok(membership) => remove_membership(&visit.web.app, &visit.viewer(), membership).await,
        Err(error) => Err(error),
    };
    done(&visit, &id, Fields::default(), result, "membership-removed").await
}
