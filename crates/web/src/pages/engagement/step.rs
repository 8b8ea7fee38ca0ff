//! Taking a step: the pages of moves and corrections, and the forms of the engagement's own page.

use askama::Template;
use axum::extract::{DefaultBodyLimit, Multipart, Path};
use axum::response::{IntoResponse, Redirect, Response};
use keqiao_app::engagements::{Doing, EngagementView, StepInput, take_step, view_engagement};
use keqiao_app::{AppError, Fault};
use keqiao_domain::{Attributes, DeclineReason, EngagementFile, EngagementId, Move, Step};

use super::step_form;
use super::{Typed, done, named};
use crate::fault::refusal_words;
use crate::fields::{Fields, Sent};
use crate::page::{Frame, Input, Tone};
use crate::pages::form::again;
use crate::pages::form_fields::{self, FieldRow};
use crate::pages::upload::drain;
use crate::pages::{draw, parse_id};
use crate::routes::Routes;
use crate::visit::{Visit, with_flash};

pub(super) fn routes() -> Routes {
    Routes::default()
        .post("/engagements/{id}/moves/{move}", make)
        .post("/engagements/{id}/steps/{step}/amend", amend)
        // The blob store stops at the limit that is set for attachments.
        .map_router(|router| router.layer(DefaultBodyLimit::disable()))
        .get("/engagements/{id}/moves/{move}", show_move)
        .get("/engagements/{id}/steps/{step}/amend", show_amend)
        .post("/engagements/{id}/confirm", confirm)
        .post("/engagements/{id}/object", object)
        .post("/engagements/{id}/rate", rate)
        .post("/engagements/{id}/broker", assign)
}

#[derive(Template)]
#[template(path = "engagement_step.html")]
struct Page {
    f: Frame,
    trail: Vec<(String, String)>,
    /// Where the form goes.
    action: String,
    expected: i64,
    both: bool,
    reasons: Vec<DeclineReason>,
    reason: String,
    reason_fault: String,
    rows: Vec<FieldRow>,
    /// What is to be attached; empty: nothing is asked for.
    evidence: String,
    evidence_required: bool,
    files: Vec<(EngagementFile, bool)>,
    files_fault: String,
    note: Input,
    problem: String,
    leaves: bool,
}

impl Page {
    fn is_chosen(&self, reason: &DeclineReason) -> bool {
        self.reason == reason.id
    }
    fn reason_name(&self, reason: &DeclineReason) -> String {
        named(&self.f, &reason.name).to_owned()
    }
}

/// Which form it is.
#[derive(Clone)]
enum Which {
    Move(String),
    Amend(i64),
}

/// What the form holds, and what is wrong with it.
#[derive(Default)]
struct Held {
    fields: Option<Fields>,
    files: Vec<keqiao_domain::AttachmentId>,
    faults: Vec<Fault>,
    problem: String,
}

fn found<'v>(view: &'v EngagementView, which: &Which) -> Result<(&'v Move, Option<&'v Step>), AppError> {
    match which {
        Which::Move(id) => {
            let made = view.workflow.find_move(id).ok_or(AppError::NotFound)?;
            Ok((made, None))
        }
        Which::Amend(ordinal) => {
            let step = view.steps.iter().find(|s| s.ordinal == *ordinal).ok_or(AppError::NotFound)?;
            let made = step.made.as_deref().and_then(|id| view.workflow.find_move(id)).ok_or(AppError::NotFound)?;
            Ok((made, Some(step)))
        }
    }
}

async fn page(visit: &Visit, id: EngagementId, which: &Which, held: Held) -> Result<Page, AppError> {
    let view = view_engagement(&visit.web.app, &visit.viewer(), id).await?;
    if view.roles.is_empty() {
        return Err(AppError::NotAllowed);
    }
    let (made, amended) = found(&view, which)?;
    let mut f = visit.frame(named(&visit.frame(""), &made.name));
    f.noindex = true;
    if amended.is_some() {
        f.title = f.t1("engagement-amend-title", "step", amended.map_or(0, |s| s.ordinal));
    }
    let fields = held
        .fields
        .unwrap_or_else(|| amended.map(|s| form_fields::filled(made.fields.iter(), &s.content)).unwrap_or_default());
    let loose = view.files.iter().filter(|file| file.step.is_none());
    let note_key = if made.reason { "engagement-decline-note" } else { "engagement-note" };
    let needs_note = amended.is_some();
    let note = Input {
        required: needs_note,
        rows: 3,
        longest: 2_000,
        error: form_fields::said(&f, &held.faults, "note"),
        ..Input::new(
            "note",
            "text",
            f.t(if needs_note { "engagement-amend-why" } else { note_key }),
            fields.get("note"),
        )
    };
    let action = match which {
        Which::Move(made) => format!("/engagements/{id}/moves/{made}"),
        Which::Amend(step) => format!("/engagements/{id}/steps/{step}/amend"),
    };
    Ok(Page {
        trail: vec![
            ("/engagements".to_owned(), f.t("engagements-title").to_owned()),
            (format!("/engagements/{id}"), view.engagement.subject.title.clone()),
            (String::new(), f.title.clone()),
        ],
        action,
        expected: view.engagement.state.steps,
        both: made.both,
        reasons: if made.reason && amended.is_none() { f.catalog.decline_reasons.clone() } else { Vec::new() },
        reason: fields.get("reason").to_owned(),
        reason_fault: form_fields::said(&f, &held.faults, "reason"),
        rows: form_fields::rows(&f, made.fields.iter(), &fields, &held.faults),
        evidence: made.evidence.as_ref().map(|e| named(&f, &e.name).to_owned()).unwrap_or_default(),
        evidence_required: made.evidence.as_ref().is_some_and(|e| e.required) && amended.is_none(),
        files: loose.map(|file| (file.clone(), held.files.contains(&file.id))).collect(),
        files_fault: form_fields::said(&f, &held.faults, "files"),
        note,
        problem: held.problem,
        leaves: made.reason,
        f,
    })
}

async fn show_move(visit: Visit, Path((id, made)): Path<(String, String)>) -> Response {
    shown(&visit, &id, Which::Move(made)).await
}

async fn show_amend(visit: Visit, Path((id, step)): Path<(String, String)>) -> Response {
    match step.parse() {
        Ok(step) => shown(&visit, &id, Which::Amend(step)).await,
        Err(_) => visit.fault(AppError::NotFound).into_response(),
    }
}

async fn shown(visit: &Visit, id: &str, which: Which) -> Response {
    let made = match parse_id(id) {
        Ok(id) => page(visit, id, &which, Held::default()).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(page) => draw(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn make(Path((id, made)): Path<(String, String)>, visit: Visit, form: Multipart) -> Response {
    taken(visit, &id, Which::Move(made), form).await
}

async fn amend(Path((id, step)): Path<(String, String)>, visit: Visit, form: Multipart) -> Response {
    match step.parse() {
        Ok(step) => taken(visit, &id, Which::Amend(step), form).await,
        Err(_) => visit.fault(AppError::NotFound).into_response(),
    }
}

async fn taken(visit: Visit, id: &str, which: Which, mut form: Multipart) -> Response {
    let outcome = match parse_id::<EngagementId>(id) {
        Ok(id) => take(&visit, id, &which, &mut form).await,
        Err(error) => Err((error, Held::default())),
    };
    let (error, held) = match outcome {
        Ok(id) => {
            let there = Redirect::to(&format!("/engagements/{id}")).into_response();
            return with_flash(&visit.web, there, Tone::Done, "step-taken");
        }
        Err(refused) => refused,
    };
    drain(form).await;
    let locale = visit.preferences.locale;
    let held = match error {
        AppError::Invalid(faults) => Held { faults, problem: locale.t("engagement-look").to_owned(), ..held },
        AppError::Refused(refusal) => Held { problem: refusal_words(locale, &refusal), ..held },
        AppError::Stale { .. } => Held { problem: locale.t("engagement-stale").to_owned(), ..held },
        other => return visit.fault(other).into_response(),
    };
    let shown = match parse_id(id) {
        Ok(id) => page(&visit, id, &which, held).await,
        Err(error) => Err(error),
    };
    match shown {
        Ok(page) => again(&page),
        Err(error) => visit.fault(error).into_response(),
    }
}

async fn take(
    visit: &Visit,
    id: EngagementId,
    which: &Which,
    form: &mut Multipart,
) -> Result<EngagementId, (AppError, Held)> {
    let app = &visit.web.app;
    let bare = |error| (error, Held::default());
    let view = view_engagement(app, &visit.viewer(), id).await.map_err(bare)?;
    if visit.signed_in.is_none() {
        return Err(bare(AppError::SignInNeeded));
    }
    if view.roles.is_empty() {
        return Err(bare(AppError::NotAllowed));
    }
    let made = found(&view, which).map_err(bare)?.0;
    let sent = step_form::read(visit, id, form).await.map_err(bare)?;
    let content = form_fields::content(made.fields.iter(), &sent.fields);
    let held = Held { files: sent.files.clone(), ..Held::default() };
    let result = if sent.faults.is_empty() {
        let doing = match which {
            Which::Move(made) => {
                Doing::Move { id: made.clone(), reason: sent.fields.filled("reason").map(str::to_owned) }
            }
            Which::Amend(step) => Doing::Amend(*step),
        };
        let input = StepInput {
            doing,
            role: None,
            expected: sent.fields.get("expected").parse().unwrap_or_default(),
            content,
            note: sent.fields.get("note").to_owned(),
            files: sent.files,
        };
        take_step(app, &visit.viewer(), id, input).await
    } else {
        Err(AppError::Invalid(sent.faults))
    };
    match result {
        Ok(engagement) => Ok(engagement.id),
        Err(error) => Err((error, Held { fields: Some(sent.fields), ..held })),
    }
}

async fn plain(visit: Visit, id: &str, form: &'static str, fields: Fields, doing: Doing, key: &str) -> Response {
    let input = StepInput {
        doing,
        role: None,
        expected: fields.get("expected").parse().unwrap_or_default(),
        content: Attributes::new(),
        note: fields.get("note").to_owned(),
        files: Vec::new(),
    };
    let result = match parse_id(id) {
        Ok(id) => take_step(&visit.web.app, &visit.viewer(), id, input).await.map(drop),
        Err(error) => Err(error),
    };
    done(&visit, id, Typed { form, fields, ..Typed::default() }, result, key).await
}

async fn confirm(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    plain(visit, &id, "confirm", fields, Doing::Confirm, "step-confirmed").await
}

async fn object(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    plain(visit, &id, "object", fields, Doing::Object, "step-objected").await
}

async fn rate(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let score = fields.get("score").parse().unwrap_or_default();
    plain(visit, &id, "rate", fields, Doing::Rate(score), "step-rated").await
}

async fn assign(Path(id): Path<String>, Sent(visit, fields): Sent) -> Response {
    let broker = fields.get("broker").parse().ok();
    plain(visit, &id, "broker", fields, Doing::Assign(broker), "broker-named").await
}
