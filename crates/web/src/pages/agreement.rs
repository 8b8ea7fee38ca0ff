//! `/agreements/{id}`: one agreement, who signed it, what was promised in it, which articles speak of it.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::agreements::{AgreementView, CommitmentInput, add_commitment, move_commitment, view_agreement};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{AgreementId, Commitment, CommitmentId, CommitmentState};

use super::form::{Faults, again};
use super::{draw, parse_id};
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/agreements/{id}", show)
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
    problem: String,
}

/// What was typed into one of the forms, and what is wrong with it.
#[derive(Default)]
struct Typed {
    fields: Fields,
    faults: Vec<Fault>,
    /// The promise whose form it is; `None`: that of a new one.
    commitment: Option<CommitmentId>,
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
    let Typed { fields, faults, commitment: of } = typed;
    let faults = Faults(faults);
    let promise = |commitment: Commitment| {
        let own = of == Some(commitment.id);
        Promise {
            overdue: commitment.is_overdue(&today),
            note: if own { fields.get("note").to_owned() } else { String::new() },
            fault: if own { faults.of(&f, "note") } else { String::new() },
            commitment,
        }
    };
    let promises = std::mem::take(&mut view.commitments).into_iter().map(promise).collect();
    let none = Faults::default();
    let faults_of_new = if of.is_none() { &faults } else { &none };
    let input = |name, ty, label: &str| {
        let value = if of.is_none() { fields.get(name) } else { "" };
        faults_of_new.beside(&f, Input::new(name, ty, label, value))
    };
    Ok(Page {
        promises,
        who: Input { longest: 200, ..input("who", "text", f.t("commitment-who")) },
        what: Input { longest: 1000, rows: 3, ..input("what", "text", f.t("commitment-what")) },
        due: Input { required: false, ..input("due", "date", f.t("commitment-due")) },
        problem: faults.beyond(&f, &["who", "what", "due", "note"]),
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
    done(&visit, &id, Typed { fields, faults: Vec::new(), commitment: of }, result, key).await
}
