//! `/facts/{id}`: one fact, where it stands, and what operators say of it.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use keqiao_app::articles::ArticleHead;
use keqiao_app::graph::view_fact;
use keqiao_app::{AppError, Fault};
use keqiao_domain::{AgreementId, Argument, EntityId, Side};

use super::fact_forms;
use super::form::{Faults, again};
use super::said::Said;
use super::{draw, parse_id};
use crate::fields::Fields;
use crate::locale::ARGUMENT_ROLES;
use crate::page::{Frame, Input};
use crate::routes::Routes;
use crate::visit::Visit;

/// Empty rows after the arguments that are there.
const SPARE: usize = 3;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/facts/{id}", show).merge(fact_forms::routes())
}

/// The arguments of one role.
struct Role {
    name: String,
    /// Words and the entity they name.
    words: Vec<(String, Option<EntityId>)>,
}

#[derive(Template)]
#[template(path = "fact.html")]
struct Page {
    f: Frame,
    id: String,
    said: Said,
    /// Its arguments, by role.
    args: Vec<Role>,
    article: ArticleHead,
    agreement: Option<AgreementId>,
    may_open: bool,
    /// Roles and words of the form that amends the fact.
    rows: Vec<(String, String)>,
    /// The roles that can be chosen.
    roles: Vec<(String, String)>,
    args_fault: String,
    day: Input,
    /// The parties that a draft can be made for: id and name.
    parties: Vec<(String, String)>,
    /// Drafts that were made: whose, and their address.
    drafted: Vec<(String, String)>,
    party: String,
    /// Whether the draft is one of a need.
    needs: bool,
    /// Of what could be drafted: whoever offers or needs it, where nobody is confirmed to be it.
    unclaimed: Vec<(String, EntityId)>,
    problem: String,
}

fn by_role(f: &Frame, args: &[Argument]) -> Vec<Role> {
    let mut roles: Vec<Role> = Vec::new();
    for Argument { role, entity, text } in args {
        let name = f.role(role);
        let words = (text.clone(), *entity);
        match roles.iter_mut().find(|known| known.name == name) {
            Some(known) => known.words.push(words),
            None => roles.push(Role { name: name.to_owned(), words: vec![words] }),
        }
    }
    roles
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id, None, Vec::new()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

/// The page again, with what was typed and what is wrong with it.
pub(super) async fn refused(visit: &Visit, id: &str, fields: &Fields, error: AppError) -> Response {
    let AppError::Invalid(faults) = error else { return visit.fault(error).into_response() };
    match page(visit, id, Some(fields), faults).await {
        Ok(page) => again(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, id: &str, typed: Option<&Fields>, faults: Vec<Fault>) -> Result<Page, AppError> {
    let (app, viewer) = (&visit.web.app, visit.viewer());
    let view = view_fact(app, &viewer, parse_id(id)?).await?;
    let mut f = visit.frame("");
    f.title = f.t2("fact-title", "kind", f.word(view.fact.kind), "title", &view.article.title);
    f.description.clone_from(&view.fact.sentence);
    let (mut parties, mut drafted) = (Vec::new(), Vec::new());
    for (party, listing) in view.drafts_for {
        match listing {
            Some(listing) => drafted.push((party.name, format!("/listings/{listing}"))),
            None => parties.push((party.id.to_string(), party.name)),
        }
    }
    let open = view.drafts.is_some() && !view.is_claimed && viewer.is_member();
    let who = view.fact.args.iter().filter(|a| open && a.role == "who");
    let unclaimed = who.filter_map(|a| Some((a.text.clone(), a.entity?))).collect();
    let sent = typed.filter(|t| !t.all("words").is_empty());
    let mut rows: Vec<(String, String)> = match sent {
        Some(t) => t.all("role").into_iter().zip(t.all("words")).map(|(r, w)| (r.to_owned(), w.to_owned())).collect(),
        None => view.fact.args.iter().map(|a| (a.role.clone(), a.text.clone())).collect(),
    };
    let named = |role: &str| (role.to_owned(), f.role(role).to_owned());
    let mut roles: Vec<(String, String)> = ARGUMENT_ROLES.into_iter().map(named).collect();
    for (role, _) in &rows {
        if !role.is_empty() && roles.iter().all(|(known, _)| known != role) {
            roles.push(named(role));
        }
    }
    rows.retain(|(_, words)| !words.is_empty());
    rows.extend(std::iter::repeat_n((String::new(), String::new()), SPARE));
    let faults = Faults(faults);
    let day = sent.map_or_else(|| view.fact.day.clone().unwrap_or_default(), |t| t.get("day").to_owned());
    let day = Input { required: false, ..Input::new("day", "date", f.t("fact-day"), &day) };
    let wrong = [faults.of(&f, "args"), faults.of(&f, "role")];
    Ok(Page {
        id: view.fact.id.to_string(),
        args_fault: wrong.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" "),
        day: faults.beside(&f, day),
        problem: faults.beyond(&f, &["args", "role", "day"]),
        needs: view.drafts == Some(Side::Need),
        party: typed.map(|t| t.get("party").to_owned()).unwrap_or_default(),
        args: by_role(&f, &view.fact.args),
        said: Said::new(&f, view.fact),
        article: view.article,
        agreement: view.agreement,
        may_open: view.may_open,
        rows,
        roles,
        parties,
        drafted,
        unclaimed,
        f,
    })
}
