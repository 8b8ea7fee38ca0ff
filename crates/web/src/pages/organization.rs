//! Making and changing an organization, and one's own page as a person.

use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::AppError;
use keqiao_app::graph::propose_party;
use keqiao_app::parties::{create_organization, create_own_person, update_party, view_party};
use keqiao_domain::{Party, PartyId, PartyKind};

use super::form::{Faults, local_or, with_status};
use super::party_form::{PartyForm, Typed};
use super::sign_in::next_of;
use super::{draw, parse_id};
use crate::fields::{Fields, Sent};
use crate::page::Tone;
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/organizations/new", show_new)
        .post("/organizations/new", create)
        .get("/organizations/{id}/edit", show_edit)
        .post("/organizations/{id}/edit", update)
        .get("/account/person", show_person)
        .post("/account/person", create_person)
}

const NEW: &str = "/organizations/new";
const PERSON: &str = "/account/person";

fn new_form(visit: &Visit, kind: PartyKind, typed: &Typed, faults: &Faults) -> PartyForm {
    let (f, action) = match kind {
        PartyKind::Organization => (visit.frame_of("party-form-new"), NEW),
        PartyKind::Person => (visit.frame_of("party-form-new-person"), PERSON),
    };
    PartyForm::new(f, kind, action.to_owned(), typed, faults, None)
}

fn edit_form(visit: &Visit, stored: &Party, typed: &Typed, faults: &Faults) -> PartyForm {
    let f = visit.frame(&visit.preferences.locale.t1("party-form-edit", "name", &stored.name));
    let action = format!("/organizations/{}/edit", stored.id);
    PartyForm::new(f, stored.kind, action, typed, faults, Some(stored))
}

/// Draws the form again for what can be mended, or tells the fault.
fn refused(visit: &Visit, error: AppError, form: impl FnOnce(&Faults) -> PartyForm) -> Response {
    match error {
        AppError::Invalid(faults) => {
            let f = visit.frame("");
            let faults = faults.into_iter().map(|fault| Typed::why(&f, fault)).collect();
            with_status(StatusCode::UNPROCESSABLE_ENTITY, &form(&Faults(faults)))
        }
        AppError::Stale { .. } => with_status(StatusCode::PRECONDITION_FAILED, &form(&Faults::default())),
        other => visit.fault(other).into_response(),
    }
}

async fn show_new(visit: Visit, uri: Uri) -> Response {
    if visit.signed_in.is_none() {
        return visit.fault(AppError::SignInNeeded).into_response();
    }
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let Some(entity) = query.filled("entity") else {
        let form = new_form(&visit, PartyKind::Organization, &Typed::default(), &Faults::default());
        return draw(&form.with_next(&next_of(&uri)));
    };
    // As the articles describe it; afterwards its new party can claim it.
    let proposal = match parse_id(entity) {
        Ok(id) => propose_party(&visit.web.app, &visit.viewer(), id).await,
        Err(error) => Err(error),
    };
    match proposal {
        Ok(proposal) => {
            let typed = Typed::proposed(&visit.frame(""), proposal);
            let form = new_form(&visit, PartyKind::Organization, &typed, &Faults::default());
            draw(&form.with_next(&format!("/entities/{entity}")))
        }
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn create(Sent(visit, fields): Sent) -> Response {
    let (typed, next) = (Typed::read(&fields), local_or(fields.get("next"), ""));
    let input = typed.input(&visit.frame(""));
    match create_organization(&visit.web.app, &visit.viewer(), input).await {
        Ok(party) => {
            let to = format!("/parties/{}", party.id);
            let response = Redirect::to(local_or(next, &to)).into_response();
            with_flash(&visit.web, response, Tone::Done, "organization-created")
        }
        Err(error) => {
            refused(&visit, error, |faults| new_form(&visit, PartyKind::Organization, &typed, faults).with_next(next))
        }
    }
}

/// A party that the visitor may change.
async fn editable(visit: &Visit, id: PartyId) -> Result<Party, AppError> {
    let viewer = visit.viewer();
    let party = view_party(&visit.web.app, &viewer, id).await?.party;
    if viewer.owns(id) || viewer.is_operator() {
        return Ok(party);
    }
    Err(if viewer.is_member() { AppError::NotAllowed } else { AppError::SignInNeeded })
}

async fn show_edit(visit: Visit, Path(id): Path<String>) -> Response {
    let found = match parse_id(&id) {
        Ok(id) => editable(&visit, id).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(party) => draw(&edit_form(&visit, &party, &Typed::of(&visit.frame(""), &party), &Faults::default())),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn update(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let typed = Typed::read(&fields);
    let id: PartyId = match parse_id(&id) {
        Ok(id) => id,
        Err(error) => return visit.fault(error).into_response(),
    };
    let input = typed.input(&visit.frame(""));
    let error = match update_party(&visit.web.app, &visit.viewer(), id, typed.version, input).await {
        Ok(_) => {
            let response = Redirect::to(&format!("/parties/{id}")).into_response();
            return with_flash(&visit.web, response, Tone::Done, "party-saved");
        }
        Err(error) => error,
    };
    match editable(&visit, id).await {
        Ok(stored) => refused(&visit, error, |faults| edit_form(&visit, &stored, &typed, faults)),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn show_person(visit: Visit) -> Response {
    let Some(signed_in) = &visit.signed_in else { return visit.fault(AppError::SignInNeeded).into_response() };
    if let Some(person) = signed_in.viewer.person {
        return Redirect::to(&format!("/organizations/{person}/edit")).into_response();
    }
    let mut form = new_form(&visit, PartyKind::Person, &Typed::default(), &Faults::default());
    form.suggest_name(&signed_in.account.name);
    draw(&form)
}

async fn create_person(Sent(visit, fields): Sent) -> Response {
    let typed = Typed::read(&fields);
    let input = typed.input(&visit.frame(""));
    match create_own_person(&visit.web.app, &visit.viewer(), input).await {
        Ok(party) => {
            let response = Redirect::to(&format!("/parties/{}", party.id)).into_response();
            with_flash(&visit.web, response, Tone::Done, "person-created")
        }
        Err(error) => refused(&visit, error, |faults| new_form(&visit, PartyKind::Person, &typed, faults)),
    }
}
