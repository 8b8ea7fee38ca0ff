//! `/agreements/{id}`: one agreement, who signed it, what was promised in it, which articles speak of it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::agreements::{
    AgreementInput, AgreementView, CommitmentInput, LONGEST_NOTE, LONGEST_TITLE, add_commitment, amend_agreement,
    move_commitment, view_agreement,
};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{AgreementId, Commitment, CommitmentId, CommitmentState};

use super::form::{Faults, again, with_status};
use super::{draw, parse_id};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/agreements/{id}", show)
        .post("/agreements/{id}", amend)
        .post("/agreements/{id}/commitments", add)
        .post("/agreements/{id}/commitments/{commitment}", change)
}

/// A promise as the page shows it.
struct Promise {
    commitment: Commitment,
    overdue: bool,
    /// What was typed as its note, and what is wrong with it.
    note: String,
    fault: String,
}

impl Promise {
    fn is_open(&self) -> bool {
        self.commitment.state == CommitmentState::Open
    }
}

#[derive(Template)]
#[template(path = "agreement.html")]
struct Page {
    f: Frame,
    view: AgreementView,
    promises: Vec<Promise>,
    who: Input,
    what: Input,
    due: Input,
    title: Input,
    note: Input,
    /// Whether the form of title and note stands open.
    amending: bool,
    problem: String,
}

/// What was typed into one of the forms, and what is wrong with it.
#[derive(Default)]
struct Typed {
    fields: Fields,
    faults: Vec<Fault>,
    form: Form,
}

/// The forms of the page.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A new promise.
    #[default]
    New,
    /// A promise that is there, where its id is one.
    Promise(Option<CommitmentId>),
    /// Title and note.
    Agreement,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    match page(&visit, &id, Typed::default()).await {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn page(visit: &Visit, id: &str, typed: Typed) -> Result<Page, AppError> {
    let app = &visit.web.app;
    let mut view = view_agreement(app, &visit.viewer(), parse_id(id)?).await?;
    let f = visit.frame(&view.agreement.title);
    let today = f.date(&app.now());
    let Typed { fields, faults, form } = typed;
    let faults = Faults(faults);
    let promise = |commitment: Commitment| {
        let own = form == Form::Promise(Some(commitment.id));
        Promise {
            overdue: commitment.is_overdue(&today),
            note: if own { fields.get("note").to_owned() } else { String::new() },
            fault: if own { faults.of(&f, "note") } else { String::new() },
            commitment,
        }
    };
    let promises = std::mem::take(&mut view.commitments).into_iter().map(promise).collect();
    let none = Faults::default();
    let input = |of: Form, name, ty, label: &str, kept: &str| {
        let (value, faults) = if of == form { (fields.get(name), &faults) } else { (kept, &none) };
        faults.beside(&f, Input::new(name, ty, label, value))
    };
    let amending = form == Form::Agreement;
    let own = |name, label: &str, kept: &str| input(Form::Agreement, name, "text", label, kept);
    let fresh = |name, ty, label: &str| input(Form::New, name, ty, label, "");
    Ok(Page {
        promises,
        who: Input { longest: 200, ..fresh("who", "text", f.t("commitment-who")) },
        what: Input { longest: 1000, rows: 3, ..fresh("what", "text", f.t("commitment-what")) },
        due: Input { required: false, ..fresh("due", "date", f.t("commitment-due")) },
        title: Input { longest: LONGEST_TITLE, ..own("title", f.t("agreement-title"), &view.agreement.title) },
        note: Input {
            longest: LONGEST_NOTE,
            rows: 4,
            required: false,
            ..own("note", f.t("agreement-note"), &view.agreement.note)
        },
        amending,
        problem: faults.beyond(&f, &["who", "what", "due", "note", "title"]),
        view,
        f,
    })
}

/// Back to the page with a message, or the page with what was typed and what is wrong with it.
async fn done(visit: &Visit, id: &str, typed: Typed, result: Result<(), AppError>, key: &str) -> Response {
    match result {
        Ok(()) => {
            let there = Redirect::to(&format!("/agreements/{id}")).into_response();
            with_flash(&visit.web, there, Tone::Done, key)
        }
        Err(AppError::Invalid(faults)) => match page(visit, id, Typed { faults, ..typed }).await {
            Ok(page) => again(&page),
            Err(error) => visit.fault(error).into_response(),
        },
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn amend(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let said = |name| fields.get(name).replace("\r\n", "\n");
    let version = fields.get("version").parse().unwrap_or_default();
    let input = AgreementInput { title: said("title"), note: said("note"), version };
    let result = match parse_id::<AgreementId>(&id) {
        Ok(agreement) => amend_agreement(&visit.web.app, &visit.viewer(), agreement, input).await,
        Err(error) => Err(error),
    };
    let typed = Typed { fields, form: Form::Agreement, ..Typed::default() };
    if let Err(AppError::Stale { .. }) = result {
        return match page(&visit, &id, typed).await {
            Ok(mut page) => {
                page.problem = page.f.t("party-form-stale").to_owned();
                with_status(StatusCode::PRECONDITION_FAILED, &page)
            }
            Err(error) => visit.fault(error).into_response(),
        };
    }
    done(&visit, &id, typed, result, "agreement-amended").await
}

async fn add(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let said = |name| fields.get(name).replace("\r\n", "\n");
    let input = CommitmentInput { who: said("who"), what: said("what"), due: said("due") };
    let result = match parse_id::<AgreementId>(&id) {
        Ok(agreement) => add_commitment(&visit.web.app, &visit.viewer(), agreement, input).await.map(drop),
        Err(error) => Err(error),
    };
    done(&visit, &id, Typed { fields, ..Typed::default() }, result, "commitment-added").await
}

async fn change(Path((id, commitment)): Path<(String, String)>, Sent(visit, fields): Sent) -> Response {
    let (state, key) = match fields.get("state") {
        "kept" => (CommitmentState::Kept, "commitment-kept"),
        "dropped" => (CommitmentState::Dropped, "commitment-dropped"),
        _ => (CommitmentState::Open, "commitment-reopened"),
    };
    let (result, of) = match parse_id::<CommitmentId>(&commitment) {
        Ok(one) => {
            let moved = move_commitment(&visit.web.app, &visit.viewer(), one, state, fields.get("note")).await;
            (moved.map(drop), Some(one))
        }
        Err(error) => (Err(error), None),
    };
    done(&visit, &id, Typed { fields, form: Form::Promise(of), ..Typed::default() }, result, key).await
}
